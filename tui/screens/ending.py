"""The early end of an application: taken back, refused to cooperate, or nothing to dispatch."""

from __future__ import annotations

from collections.abc import Sequence

from yimen.core.casework.applications import (
    close_application,
    terminate_application,
    withdraw_application,
)
from yimen.core.casework.reasons import TERMINATION_CODES
from yimen.core.i18n import _
from yimen.tui.form import FormPage
from yimen.tui.widgets.fields import Field


class EndPage(FormPage):
    """Which end, why, and a Y: an application that ended is not opened again."""

    CSS_PATH = "ending.tcss"
    FORM = "end"

    def place(self) -> str:
        return _("End")

    def fields(self) -> Sequence[Field]:
        ends = {
            "withdraw": _("the family takes it back"),
            "terminate": _("refused to cooperate"),
            "close": _("nothing was to be dispatched"),
        }
        codes = {"": _("none"), **{c: f"{c} {_(t)}" for c, t in TERMINATION_CODES.items()}}
        return [
            Field("end", _("End"), "choice", choices=ends, required=True),
            Field("reason", _("Reason"), "choice", choices=codes),
            Field("note", _("Note"), required=True),
        ]

    def save(self, answers: dict[str, str]) -> None:
        self.clerk.confirm(
            _("End application {no}?").format(no=self.subject), lambda: self._end(answers)
        )

    def _end(self, answers: dict[str, str]) -> None:
        number, note = self.subject, answers["note"]
        match answers["end"]:
            case "withdraw":
                withdraw_application(self.desk, number, note=note)
            case "terminate":
                terminate_application(self.desk, number, reason_code=answers["reason"], note=note)
            case _close:
                close_application(self.desk, number, note=note)
        self.done()
        self.clerk.back()
