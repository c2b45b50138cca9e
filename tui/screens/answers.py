"""What the departments answered to one application; C confirms an answer, and a grant counts."""

from __future__ import annotations

from textual.app import ComposeResult

from yimen.core.casework.referral import feedback, people_of
from yimen.core.documents.handover_text import note_text
from yimen.core.documents.texts import decision_text
from yimen.core.i18n import _
from yimen.core.results import FeedbackLine
from yimen.core.words.cases import state_name
from yimen.tui.keys import ASK_AGAIN, BACK, CHECK, CONFIRM, DISPATCH, END, OPEN, PRINT
from yimen.tui.screens.ending import open_end
from yimen.tui.verb_keys import VerbKeys
from yimen.tui.widgets.bars import Line
from yimen.tui.widgets.listing import Column, Listing


class FeedbackPage(VerbKeys):
    """One line a referral: its department, its state, and what was decided."""

    CSS_PATH = "answers.tcss"
    KEYS = (OPEN, CONFIRM, ASK_AGAIN, DISPATCH, CHECK, PRINT, END, BACK)

    def __init__(self, application_no: str) -> None:
        super().__init__()
        self.application_no = application_no

    def place(self) -> str:
        return _("Answers")

    @property
    def case_no(self) -> str:
        return self.application_no

    def body(self) -> ComposeResult:
        yield Line(id="which")
        yield Listing(
            [
                Column(12, "number"),
                Column(17, "programme", grows=True, wraps=True),
                Column(10, "whom"),
                Column(13, "department", wraps=True),
                Column(27, "answer", grows=True, wraps=True),
            ]
        )

    def load(self) -> None:
        self.head()
        found = feedback(self.desk, self.catalogue, self.application_no)
        self._names = people_of(self.desk, found.application_no)
        self.query_one("#which", Line).show(
            f"{found.application_no}  {state_name(found.state)}",
            _("benefits granted: {n}").format(n=len(found.benefits)),
        )
        self._sent = [answer.referral_no for answer in found.answers]
        listing = self.query_one(Listing)
        rows = [(a.referral_no, self._cells(a)) for a in found.answers]
        listing.fill(rows, at=listing.chosen)
        if found.state == "closed":
            self.say(_("All is answered; the application is closed."))

    def _cells(self, answer: FeedbackLine) -> list[str]:
        department = self.catalogue.departments.get(answer.department)
        told = decision_text(answer.decision) if answer.decision else note_text(answer.note)
        return [
            answer.referral_no,
            answer.name,
            self._names.get(answer.member_no or "", _("household")),
            department.names.text() if department else answer.department,
            f"{state_name(answer.state)} {told}".rstrip(),
        ]

    @property
    def referral_at(self) -> str | None:
        return self.query_one(Listing).chosen

    def on_data_table_row_selected(self) -> None:
        from yimen.tui.screens.referral import ReferralPage

        if chosen := self.query_one(Listing).chosen:
            self.clerk.open(ReferralPage(chosen))

    def action_check(self) -> None:
        from yimen.tui.screens.report import ReportPage

        self.clerk.open(ReportPage(self.application_no))

    def action_papers(self) -> None:
        from yimen.tui.screens.papers import PapersPage

        self.clerk.open(PapersPage([self.application_no, *self._sent]))

    def action_end(self) -> None:
        open_end(self, self.application_no)
