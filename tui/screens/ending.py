"""An application that is ended or said no to: taken back, not met, not taken on, no cooperation."""

from __future__ import annotations

from collections.abc import Sequence

from yimen.core.casework import closing
from yimen.core.casework.applications import withdraw_application
from yimen.core.casework.reasons import ALL_CODES, CLOSING_CODES, REFUSAL_CODES
from yimen.core.i18n import _
from yimen.tui.form import FormPage
from yimen.tui.widgets.fields import Field


class EndPage(FormPage):
    """Which end, why, under which law, and a Y; what one person proposes another one signs."""

    CSS_PATH = "ending.tcss"
    FORM = "end"

    def place(self) -> str:
        return _("End")

    def fields(self) -> Sequence[Field]:
        ends = {
            "withdraw": _("the family takes it back"),
            "close": _("nothing was to be dispatched"),
            "refuse": _("refuse programmes that are not met"),
            "terminate": _("refused to cooperate"),
            "reject": _("not taken on"),
        }
        codes = {c: f"{c} {_(ALL_CODES[c])}" for c in REFUSAL_CODES | CLOSING_CODES}
        return [
            Field("end", _("End"), "choice", choices=ends, required=True),
            Field("reason", _("Reason"), "choice", choices={"": _("none"), **codes}),
            Field("basis", _("Legal basis")),
            Field("note", _("Note")),
        ]

    def save(self, answers: dict[str, str]) -> None:
        self.clerk.confirm(
            _("End application {no}?").format(no=self.subject), lambda: self._end(answers)
        )

    def _end(self, answers: dict[str, str]) -> None:
        desk, number, note = self.desk, self.subject, answers["note"]
        code, basis = answers["reason"], answers["basis"]
        match answers["end"]:
            case "withdraw":
                withdraw_application(desk, number, note=note)
            case "terminate":
                closing.terminate_application(
                    desk, number, reason_code=code, basis=basis, note=note
                )
            case "reject":
                closing.reject_application(desk, number, reason_code=code, basis=basis, note=note)
            case "refuse":
                closing.refuse_programmes(
                    desk, self.clerk.catalogue, number, reason_code=code, basis=basis, note=note
                )
            case _close:
                closing.close_application(
                    desk, self.clerk.catalogue, number, reason_code=code, basis=basis, note=note
                )
        self.done()
        self.clerk.back()
