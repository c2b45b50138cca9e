"""F4: every step that can be done now on this desk, of whatever case, the nearest limit first."""

from __future__ import annotations

from textual.app import ComposeResult

from yimen.core.casework.checklists.worklist import worklist
from yimen.core.checklist_records import DeskStep
from yimen.core.i18n import _
from yimen.core.rules.checklists import whole_checklist
from yimen.core.words.referrals import due_text
from yimen.core.words.roles import who_name
from yimen.core.words.work import step_state_mark
from yimen.tui.keys import BACK, NUMBER, OPEN, RELOAD
from yimen.tui.page import Page
from yimen.tui.screens.checklist import ChecklistPage
from yimen.tui.widgets.listing import MOST_ROWS, Column, Listing


class ChecklistsPage(Page):
    """Enter opens the list of a case at its step."""

    CSS_PATH = "checklists.tcss"
    KEYS = (OPEN, NUMBER, RELOAD, BACK)

    def __init__(self) -> None:
        super().__init__()
        self._first = 0
        self._total = 0

    def place(self) -> str:
        return _("Checklists")

    def body(self) -> ComposeResult:
        yield Listing(
            [
                Column(4, ""),
                Column(12, "number"),
                Column(15, "list", grows=True),
                Column(30, "step", grows=True),
                Column(8, "whose"),
                Column(11, "due", wraps=True),
            ]
        )

    def load(self) -> None:
        found = worklist(self.desk, self.catalogue, first=self._first, most=MOST_ROWS)
        if found.total and not found.steps:
            # Others have done what stood on this page: the last one that is left.
            self._first = (found.total - 1) // MOST_ROWS * MOST_ROWS
            found = worklist(self.desk, self.catalogue, first=self._first, most=MOST_ROWS)
        self._total = found.total
        self.head(_("{total} steps, {late} cases late").format(total=found.total, late=found.late))
        listing = self.query_one(Listing)
        listing.fill(
            [(f"{s.subject} {s.checklist} {s.step}", self._cells(s)) for s in found.steps],
            at=listing.chosen,
        )
        if found.with_county:
            self.say(_("{n} more open steps stand with the county.").format(n=found.with_county))
        else:
            self.say("" if found.total else _("Nothing is open here."))

    def _cells(self, step: DeskStep) -> list[str]:
        whole = whole_checklist(self.catalogue, step.checklist)
        return [
            step_state_mark(step.state),
            step.subject,
            whole.names.text() if whole else step.checklist,
            step.text,
            who_name(step.who),
            due_text(step.due_on or ""),
        ]

    def on_listing_page_wanted(self, message: Listing.PageWanted) -> None:
        first = self._first + message.step * MOST_ROWS
        if 0 <= first < self._total:
            self._first = first
            self.action_reload()

    def on_data_table_row_selected(self) -> None:
        if chosen := self.query_one(Listing).chosen:
            subject, checklist, step = chosen.split(" ")
            self.clerk.open(ChecklistPage(subject, checklist, step))
