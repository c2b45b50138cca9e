"""F6: what has been sent to whom, and where it stands; below it, what waits to be sent."""

from __future__ import annotations

from textual.app import ComposeResult

from yimen.core.casework.worklist import BoardLine, dispatch_board
from yimen.core.i18n import _
from yimen.tui.keys import BACK, DISPATCH, OPEN, RELOAD
from yimen.tui.page import Page
from yimen.tui.screens.worklist import DepartmentPage, ToDispatchPage
from yimen.tui.widgets.listing import Column, Listing

_IN_HAND = ("accepted", "in_progress", "suspended")


class BoardPage(Page):
    """One line a department; Enter opens what it has, D what waits to be dispatched."""

    CSS_PATH = "board.tcss"
    KEYS = (OPEN, DISPATCH, RELOAD, BACK)

    def place(self) -> str:
        return _("Dispatch")

    def body(self) -> ComposeResult:
        yield Listing(
            [
                Column(15, "department", grows=True, wraps=True),
                Column(7, "sent", right=True),
                Column(8, "signed", right=True),
                Column(8, "in hand", right=True),
                Column(10, "sent back", right=True),
                Column(9, "replied", right=True),
                Column(6, "done", right=True),
                Column(7, "soon", right=True),
                Column(8, "overdue", right=True),
            ]
        )

    def load(self) -> None:
        lines = dispatch_board(self.desk)
        self.head(
            _("{total} open, {soon} soon, {late} late").format(
                total=sum(line.open for line in lines),
                soon=sum(line.soon for line in lines),
                late=sum(line.late for line in lines),
            )
        )
        listing = self.query_one(Listing)
        listing.fill([(line.department, self._cells(line)) for line in lines], at=listing.chosen)
        self.say("" if lines else _("Nothing was dispatched yet. D shows what waits."))

    def _cells(self, line: BoardLine) -> list[str]:
        states = line.states
        counts = [
            states.get("dispatched", 0),
            states.get("received", 0),
            sum(states.get(state, 0) for state in _IN_HAND),
            states.get("returned", 0),
            states.get("fed_back", 0),
            states.get("completed", 0),
            line.soon,
            line.late,
        ]
        return [self.clerk.department_name(line.department), *map(str, counts)]

    def on_data_table_row_selected(self) -> None:
        if chosen := self.query_one(Listing).chosen:
            self.clerk.open(DepartmentPage(chosen))

    def action_dispatch(self) -> None:
        self.clerk.open(ToDispatchPage())
