"""One overlap: its months and payers, its history, its law; and what was found out about it."""

from __future__ import annotations

from collections.abc import Sequence

from yimen.core.casework.operators import operator_names
from yimen.core.casework.overlap_cases import RESOLUTIONS, assign, resolve, show_overlap
from yimen.core.documents.overlap_text import overlap_text
from yimen.core.i18n import _
from yimen.core.money import format_yuan, parse_yuan
from yimen.core.words.overlaps import overlap_state_name
from yimen.tui.form import FormPage
from yimen.tui.keys import BACK, FAMILY, HAND_ON, PAGE_DOWN, RESOLVE
from yimen.tui.screens.text import TextPage
from yimen.tui.widgets.fields import Field


class OverlapPage(TextPage):
    """Z says what was found out, J gives it to somebody, H opens the family's file."""

    KEYS = (RESOLVE, HAND_ON, FAMILY, PAGE_DOWN, BACK)

    def __init__(self, hit_no: str) -> None:
        super().__init__(_("Overlap"), self._text)
        self.hit_no = hit_no

    def load(self) -> None:
        self._hit = show_overlap(self.desk, self.catalogue, self.hit_no)
        super().load()

    def _text(self) -> list[str]:
        names = operator_names(self.desk.home.casework)
        return list(overlap_text(self._hit, self.catalogue, names))

    def action_resolve(self) -> None:
        self.clerk.open(ResolvePage(self.hit_no))

    def action_hand_on(self) -> None:
        self.clerk.open(AssignPage(self.hit_no))

    def action_family(self) -> None:
        from yimen.tui.screens.household import HouseholdPage

        self.clerk.open(HouseholdPage(self._hit.household_no))


class ResolvePage(FormPage):
    """A false hit, disputed, or confirmed with its months and the money to be returned."""

    CSS_PATH = "overlap.tcss"
    FORM = "overlap"

    def place(self) -> str:
        return _("Resolution")

    def fields(self) -> Sequence[Field]:
        hit = show_overlap(self.desk, self.catalogue, self.subject)
        amount = "" if hit.amount_fen is None else format_yuan(hit.amount_fen)
        return [
            Field("code", _("Found out"), "choice", required=True,
                  choices={code: overlap_state_name(code) for code in RESOLUTIONS}),
            Field("reason", _("How, and what"), required=True),
            Field("from", _("From month"), "month", value=hit.from_month or ""),
            Field("to", _("To month"), "month", value=hit.to_month or ""),
            Field("amount", _("To be returned, yuan"), "money", value=amount),
        ]  # fmt: skip

    def save(self, answers: dict[str, str]) -> None:
        false_hit = answers["code"] == "false_hit"
        resolve(
            self.desk,
            self.catalogue,
            self.subject,
            code=answers["code"],
            reason=answers["reason"],
            from_month=answers["from"] or None,
            to_month=answers["to"] or None,
            amount_fen=parse_yuan(answers["amount"])
            if answers["amount"] and not false_hit
            else None,
        )
        self.done()
        self.clerk.back()


class AssignPage(FormPage):
    """Gives an overlap to an operator who may resolve it."""

    CSS_PATH = "overlap.tcss"
    FORM = "assign"

    def place(self) -> str:
        return _("Hand on")

    def fields(self) -> Sequence[Field]:
        return [Field("operator", _("Operator's number"), required=True)]

    def save(self, answers: dict[str, str]) -> None:
        assign(self.desk, self.catalogue, self.subject, answers["operator"])
        self.done()
        self.clerk.back()
