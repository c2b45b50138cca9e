"""F2: what has to be done, mine or my town's, late first."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult

from yimen.core.casework.worklist import LIGHTS, PAGE, Whose, WorkItem, Worklist, worklist
from yimen.core.divisions import division_name
from yimen.core.i18n import _
from yimen.core.words import state_name, step_name, work_mark, work_name
from yimen.tui.keys import NUMBER, Key
from yimen.tui.page import Page
from yimen.tui.screens.opening import open_number
from yimen.tui.widgets.bars import Line
from yimen.tui.widgets.listing import Column, Listing


class WorklistPage(Page):
    """Applications and referrals with their light, next step and days left."""

    CSS_PATH = "worklist.tcss"
    KEYS: ClassVar[tuple[Key, ...]] = (
        Key("enter", "Open", "open"),
        Key("w", "Mine or my place's", "whose"),
        NUMBER,
        Key("r", "Read again", "reload"),
    )

    def __init__(self) -> None:
        super().__init__()
        self._whose: Whose = "mine"
        self._first = 0
        self._items: dict[str, WorkItem] = {}

    def place(self) -> str:
        return _("Work")

    def body(self) -> ComposeResult:
        yield Line(id="range")
        yield Listing(
            [
                Column(4, ""), Column(12, "number"), Column(9, "applicant"),
                Column(19, "matter", grows=True), Column(9, "place"), Column(13, "next step"),
                Column(6, "due on"), Column(7, "left", right=True),
            ],
            id="work",
        )  # fmt: skip
        yield Line("  ".join(f"{work_mark(light)}{work_name(light)}" for light in LIGHTS))

    def load(self) -> None:
        found = worklist(self.desk, whose=self._whose, first=self._first)
        self._items = {item.number: item for item in found.items}
        lights = found.lights
        self.head(
            _("open {total}  nearly due {soon}  late {late}").format(
                total=found.total, soon=lights["soon"], late=lights["late"]
            )
        )
        self.query_one("#range", Line).show(_("Whose: {whose}").format(whose=self._whose_name()),
                                            self._range(found))  # fmt: skip
        listing = self.query_one(Listing)
        listing.fill([(item.number, self._cells(item)) for item in found.items], at=listing.chosen)
        if not found.items:
            self.say(_("Nothing is open here. F3 takes in a family by its ID number."))

    def _whose_name(self) -> str:
        return _("mine") if self._whose == "mine" else _("my place's")

    @staticmethod
    def _range(found: Worklist) -> str:
        last = found.first + len(found.items)
        return _("{first} to {last} of {total}").format(
            first=min(found.first + 1, last), last=last, total=found.total
        )

    def _cells(self, item: WorkItem) -> list[str]:
        known = self.catalogue.programmes.get(item.programme or "")
        matter = known.names.text() if known else item.programme or state_name(item.state)
        left = ""
        if item.days_left is not None:
            words = _("{n} left") if item.days_left >= 0 else _("{n} late")
            left = words.format(n=abs(item.days_left))
        return [
            work_mark(item.light), item.number, item.applicant, matter,
            division_name(item.division), step_name(item.step), (item.due_on or "")[5:10], left,
        ]  # fmt: skip

    def action_whose(self) -> None:
        self._whose = "place" if self._whose == "mine" else "mine"
        self._first = 0
        self.action_reload()

    def on_listing_page_wanted(self, message: Listing.PageWanted) -> None:
        first = max(0, self._first + message.step * PAGE)
        if first != self._first and not (message.step > 0 and len(self._items) < PAGE):
            self._first = first
            self.action_reload()

    def on_data_table_row_selected(self) -> None:
        number = self.query_one(Listing).chosen
        if number is not None:
            with self.refusals():
                open_number(self.clerk, number)
