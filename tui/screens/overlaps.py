"""Overlapping and missed aid: the open hits of one's place or department, oldest first."""

from __future__ import annotations

from textual.app import ComposeResult

from yimen.core.casework.overlap_cases import overlap_lines
from yimen.core.i18n import _
from yimen.core.money import format_yuan
from yimen.core.overlap_records import OverlapLine
from yimen.core.words.overlaps import overlap_name, overlap_state_name
from yimen.tui.keys import BACK, NUMBER, OPEN, RANGE, RELOAD
from yimen.tui.page import Page
from yimen.tui.widgets.bars import Line
from yimen.tui.widgets.listing import MOST_ROWS, Column, Listing


class OverlapsPage(Page):
    """Enter shows a hit by month and payer; O changes between open ones and all."""

    CSS_PATH = "overlaps.tcss"
    KEYS = (OPEN, RANGE, NUMBER, RELOAD, BACK)

    def __init__(self) -> None:
        super().__init__()
        self._all = False
        self._first = 0
        self._lines: list[OverlapLine] = []

    def place(self) -> str:
        return _("Overlaps")

    def body(self) -> ComposeResult:
        yield Line(id="range")
        yield Listing(
            [
                Column(12, "number"),
                Column(13, "kind", wraps=True),
                Column(10, "household"),
                Column(14, "programme", grows=True, wraps=True),
                Column(9, "month"),
                Column(10, "yuan", right=True),
                Column(11, "with", grows=True, wraps=True),
            ]
        )

    def load(self) -> None:
        self.head()
        self._lines = overlap_lines(self.desk, self.catalogue, state=None if self._all else "open")
        shown = self._lines[self._first : self._first + MOST_ROWS]
        self.query_one("#range", Line).show(
            _("all") if self._all else _("to be resolved"),
            _("{first} to {last} of {total}").format(
                first=min(self._first + 1, len(self._lines)),
                last=self._first + len(shown),
                total=len(self._lines),
            ),
        )
        listing = self.query_one(Listing)
        listing.fill([(line.hit_no, self._cells(line)) for line in shown], at=listing.chosen)
        self.say(
            "" if shown else _("No overlap is open. A screening finds them: county IT runs it.")
        )

    def _cells(self, line: OverlapLine) -> list[str]:
        known = self.catalogue.programmes
        names = [known[p].names.text() if p in known else p for p in line.programmes]
        # The sheet of the overlap has all its months and payers.
        since = line.from_month or _("unknown")
        state = "" if line.state == "open" else overlap_state_name(line.resolution or line.state)
        return [
            line.hit_no,
            overlap_name(line.kind),
            line.household_no,
            ", ".join(names),
            since,
            "?" if line.amount_fen is None else format_yuan(line.amount_fen),
            state or self.clerk.who_is(line.owner),
        ]

    def action_range(self) -> None:
        self._all, self._first = not self._all, 0
        self.action_reload()

    def on_listing_page_wanted(self, message: Listing.PageWanted) -> None:
        first = max(0, self._first + message.step * MOST_ROWS)
        if first != self._first and first < len(self._lines):
            self._first = first
            self.action_reload()

    def on_data_table_row_selected(self) -> None:
        from yimen.tui.screens.overlap import OverlapPage

        if chosen := self.query_one(Listing).chosen:
            self.clerk.open(OverlapPage(chosen))
