"""F2 and its kin: what has to be done, mine or my town's, late first."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult

from yimen.core.casework.worklist import (
    LIGHTS,
    PAGE,
    Step,
    Whose,
    WorkItem,
    Worklist,
    worklist,
)
from yimen.core.divisions import division_name
from yimen.core.i18n import _
from yimen.core.words.cases import proposal_name, state_name
from yimen.core.words.referrals import due_text
from yimen.core.words.work import step_name, work_mark, work_name
from yimen.tui.keys import (
    ASK_AGAIN,
    BACK,
    CONFIRM,
    DISPATCH,
    END,
    HAND_ON,
    NUMBER,
    OPEN,
    RANGE,
    RELOAD,
    Key,
)
from yimen.tui.screens.opening import open_number
from yimen.tui.verb_keys import VerbKeys
from yimen.tui.widgets.bars import Line
from yimen.tui.widgets.listing import Column, Listing


class WorklistPage(VerbKeys):
    """Applications and referrals with their light, next step and days left."""

    CSS_PATH = "worklist.tcss"
    KEYS: ClassVar[tuple[Key, ...]] = (
        OPEN, CONFIRM, DISPATCH, RANGE, NUMBER, RELOAD,
    )  # fmt: skip
    STEP: ClassVar[Step | None] = None
    WHOSE: ClassVar[Whose] = "mine"

    def __init__(self, department: str | None = None) -> None:
        super().__init__()
        self._department = department
        self._whose: Whose = self.WHOSE
        self._first = 0
        self._items: dict[str, WorkItem] = {}

    def place(self) -> str:
        return _("Work")

    def body(self) -> ComposeResult:
        yield Line(id="range")
        yield Listing(
            [
                Column(4, ""),
                Column(12, "number"),
                Column(10, "applicant", grows=True),
                Column(18, "matter", grows=True),
                Column(9, "place"),
                Column(13, "next step", grows=True),
                Column(6, "due", wraps=True),
                Column(7, "days", right=True),
            ]
        )
        yield Line("  ".join(f"{work_mark(light)}{work_name(light)}" for light in LIGHTS))

    def load(self) -> None:
        found = worklist(
            self.desk,
            whose=self._whose,
            department=self._department,
            step=self.STEP,
            first=self._first,
        )
        self._items = {item.number: item for item in found.items}
        lights = found.lights
        self.head(
            _("{total} open, {soon} soon, {late} late").format(
                total=found.total, soon=lights["soon"], late=lights["late"]
            )
        )
        self.query_one("#range", Line).show(self._whose_line(found.to_sign), self._range(found))
        listing = self.query_one(Listing)
        listing.fill([(item.number, self._cells(item)) for item in found.items], at=listing.chosen)
        self.say("" if found.items else _("Nothing is open here."))

    def _whose_line(self, to_sign: int) -> str:
        if self._whose == "sign":
            return _("Proposed by others; Y signs as the second person")
        words = _("Whose: {whose}").format(whose=self._whose_name())
        if to_sign:
            words += "  " + _("{n} wait for my signature: Y").format(n=to_sign)
        return words

    def _whose_name(self) -> str:
        department = self._department or (
            None if self.desk.may("application.read") else self.desk.operator.department
        )
        if department is not None:
            return self.clerk.department_name(department)
        return _("mine") if self._whose == "mine" else _("my place's")

    @staticmethod
    def _range(found: Worklist) -> str:
        if not found.total:
            return ""
        last = found.first + len(found.items)
        return _("{first} to {last} of {total}").format(
            first=min(found.first + 1, last), last=last, total=found.total
        )

    def _cells(self, item: WorkItem) -> list[str]:
        return [
            work_mark(item.light),
            item.number,
            item.applicant,
            self._matter(item),
            # The town: a village has no name of its own in the list of divisions.
            division_name(f"{item.division[:9]}000"),
            step_name(item.step),
            due_text(item.due_on or "")[5:],
            days_text(item.days_left),
        ]

    def _matter(self, item: WorkItem) -> str:
        """The programme, what is proposed of an application, or how that stands."""
        if item.programme:
            return self.clerk.programme_name(item.programme)
        return proposal_name(item.proposed) if item.proposed else state_name(item.state)

    @property
    def case_no(self) -> str | None:
        return self.query_one(Listing).chosen

    @property
    def chosen(self) -> WorkItem | None:
        """The item under the cursor."""
        return self._items.get(self.query_one(Listing).chosen or "")

    @property
    def referral_at(self) -> str | None:
        item = self.chosen
        return item.number if item else None

    def of_application(self, key: str, number: str) -> None:
        """D sends a checked application out, E ends one, J gives one to another officer."""
        if not number.startswith("A"):
            self.say(_("! {no} is a payment: Enter opens it.").format(no=number))
        elif key == END.key:
            from yimen.tui.screens.ending import open_end

            open_end(self, number)
        elif key == HAND_ON.key and self.desk.may("application.assign"):
            from yimen.tui.screens.deed import DeedPage

            self.clerk.open(DeedPage("assign", number))
        elif key == DISPATCH.key and self._items[number].state == "checked":
            from yimen.tui.screens.report import DispatchPage

            self.clerk.open(DispatchPage(number))
        else:
            super().of_application(key, number)

    def action_range(self) -> None:
        self._whose = "place" if self._whose == "mine" else "mine"
        self._first = 0
        self.action_reload()

    def on_listing_page_wanted(self, message: Listing.PageWanted) -> None:
        first = max(0, self._first + message.step * PAGE)
        if first != self._first and not (message.step > 0 and len(self._items) < PAGE):
            self._first = first
            self.action_reload()

    def on_data_table_row_selected(self) -> None:
        if item := self.chosen:
            with self.refusals():
                open_number(self.clerk, item.number)


def days_text(days: int | None) -> str:
    """How many working days are left, or how many a thing is late."""
    if days is None:
        return ""
    return _("{n} late").format(n=-days) if days < 0 else _("{n} left").format(n=days)


class ToCheckPage(WorklistPage):
    """F5: accepted applications that wait for their check."""

    KEYS = (OPEN, RANGE, NUMBER, RELOAD, BACK)
    STEP = "check"

    def place(self) -> str:
        return _("Check")


class ToDispatchPage(WorklistPage):
    """Checked applications that wait to be dispatched."""

    KEYS = (OPEN, DISPATCH, RANGE, NUMBER, RELOAD, BACK)
    STEP = "dispatch"

    def place(self) -> str:
        return _("Dispatch")


class DepartmentPage(WorklistPage):
    """What one department has, as a window sees it."""

    KEYS = (OPEN, CONFIRM, ASK_AGAIN, DISPATCH, RELOAD, BACK)

    def place(self) -> str:
        return _("Department")
