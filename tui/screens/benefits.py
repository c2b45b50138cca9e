"""Aid that was granted here: how it stands, and the hearing before it is reduced or stopped."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult

from yimen.core.casework.benefit_changes import show_benefit
from yimen.core.documents.lists import amount_text
from yimen.core.i18n import _
from yimen.core.render.document import key_values
from yimen.tui.acting import ActsPage
from yimen.tui.keys import DIGITS, FAMILY, PRINT, Key
from yimen.tui.screens.deed import deed_acts
from yimen.tui.screens.posting import POSTING_OF
from yimen.tui.screens.text import TextPage


class BenefitPage(TextPage, ActsPage):
    """One benefit; first the person is heard, then it is reduced or stopped."""

    KEYS: ClassVar[tuple[Key, ...]] = (DIGITS, FAMILY, PRINT, *TextPage.KEYS)

    def __init__(self, benefit_no: str) -> None:
        super().__init__(_("Aid"), self._text)
        self.benefit_no = benefit_no

    def body(self) -> ComposeResult:
        yield from super().body()
        yield from self.act_lines()

    def _text(self) -> list[str]:
        aid = self._benefit
        amount = "-" if aid.amount_fen is None else amount_text(aid.amount_fen, aid.per)
        return list(
            key_values(
                [
                    (_("Number"), aid.benefit_no),
                    (_("Programme"), self.clerk.programme_name(aid.programme)),
                    (_("Household"), aid.household_no),
                    (_("Amount"), amount),
                    (_("From"), aid.from_month),
                    (_("Until"), aid.to_month or _("open")),
                    (_("Referral"), aid.referral_no),
                ]
            )
        )

    def load(self) -> None:
        self._benefit = show_benefit(self.desk, self.benefit_no)
        super().load()
        self.show_acts(deed_acts(self, self.benefit_no, POSTING_OF["benefit"]))

    def action_family(self) -> None:
        from yimen.tui.screens.household import HouseholdPage

        self.clerk.open(HouseholdPage(self._benefit.household_no))

    def action_papers(self) -> None:
        from yimen.tui.screens.papers import PapersPage

        self.clerk.open(PapersPage([self.benefit_no]))
