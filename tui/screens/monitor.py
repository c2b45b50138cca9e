"""F8: how the work stands and how punctual it was, in figures and bars of plain signs."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult

from yimen.core.casework.monitor import Group, Monitor, monitor
from yimen.core.divisions import division_name
from yimen.core.i18n import _
from yimen.core.words.referrals import clock_name
from yimen.core.words.work import indicator_name
from yimen.tui.keys import BACK, DIGIT_BINDINGS, DIGITS, OPEN, RELOAD, Key
from yimen.tui.page import Page
from yimen.tui.screens.worklist import DepartmentPage
from yimen.tui.widgets.bars import KeyBar, Line
from yimen.tui.widgets.cells import choice_line, percent, progress_bar
from yimen.tui.widgets.listing import Column, Listing

Row = tuple[str, Sequence[str]]
_TABS = 4


class MonitorPage(Page):
    """Four tabs by digit: towns, departments, late steps, indicators. It reads again by R only."""

    CSS_PATH = "monitor.tcss"
    KEYS = (DIGITS, OPEN, RELOAD, BACK)
    BINDINGS = DIGIT_BINDINGS

    def __init__(self) -> None:
        super().__init__()
        self._tab = 1

    def place(self) -> str:
        return _("Monitor")

    def body(self) -> ComposeResult:
        yield Line(id="whole")
        yield Line(id="tabs")
        yield Listing(_columns(1))

    def load(self) -> None:
        self._figures = monitor(self.desk)
        self.head(_("since {day}").format(day=self._figures.since))
        groups = self._figures.towns
        rate = next(i for i in self._figures.indicators if i.indicator == "on_time")
        self.query_one("#whole", Line).show(
            _("{total} open, {soon} soon, {late} late").format(
                total=sum(g.open for g in groups),
                soon=sum(g.soon for g in groups),
                late=sum(g.late for g in groups),
            ),
            _("in time: {bar} {rate}").format(
                bar=progress_bar(rate.part, rate.whole), rate=percent(rate.part, rate.whole)
            ),
        )
        self._show()

    @property
    def own_keys(self) -> tuple[Key, ...]:
        return tuple(key for key in self.KEYS if key is not OPEN or self._opens)

    @property
    def _opens(self) -> bool:
        """Whether a line of this tab is a department, whose work this operator may see."""
        return self._tab == 2 and self.desk.may("referral.read")

    def action_digit(self, number: int) -> None:
        if number <= _TABS:
            self._tab = number
            self._show()

    def _show(self) -> None:
        names = (_("Towns"), _("Departments"), _("Late steps"), _("Indicators"))
        self.query_one("#tabs", Line).show(
            choice_line(names, self._tab),
            _("digits change the tab"),
        )
        self.query_one(KeyBar).show(self.own_keys)
        listing = self.query_one(Listing)
        listing.reshape(_columns(self._tab))
        rows = self._rows(self._figures)
        listing.fill(rows)
        self.say("" if rows else _("Nothing is known here."))

    def _rows(self, figures: Monitor) -> list[Row]:
        match self._tab:
            case 1:
                most = max((g.open for g in figures.towns), default=0)
                return [_group(g, division_name(g.key), most) for g in figures.towns]
            case 2:
                most = max((g.open for g in figures.departments), default=0)
                name = self.clerk.department_name
                return [_group(g, name(g.key), most) for g in figures.departments]
            case 3:
                most = max((s.cases for s in figures.late_steps), default=0)
                return [
                    (s.clock, [clock_name(s.clock), bar(s.cases, most, 24), str(s.cases),
                               str(s.days_late)])
                    for s in figures.late_steps
                ]  # fmt: skip
            case _indicators:
                known = [
                    (i.indicator, [indicator_name(i.indicator), progress_bar(i.part, i.whole),
                                   percent(i.part, i.whole), f"{i.part}/{i.whole}"])
                    for i in figures.indicators
                ]  # fmt: skip
                unknown = [
                    (n, [indicator_name(n), _("not kept"), "-", ""]) for n in figures.not_kept
                ]
                return [*known, *unknown]

    def on_data_table_row_selected(self) -> None:
        """A department's line opens what the department has."""
        chosen = self.query_one(Listing).chosen
        if chosen and self._opens:
            self.clerk.open(DepartmentPage(chosen))


def bar(count: int, most: int, width: int) -> str:
    """A count beside the largest one as a row of signs; what is not nought has at least one."""
    return "#" * max(1, count * width // most) if count and most else ""


def _group(group: Group, name: str, most: int) -> Row:
    return (
        group.key,
        [
            "[X]" if group.late else "[!]" if group.soon else "[ ]",
            name,
            bar(group.open, most, 8),
            str(group.open),
            str(group.soon),
            str(group.late),
            str(group.days_late),
            percent(group.in_time, group.ended),
            percent(group.sent_back, group.sent),
        ],
    )


def _columns(tab: int) -> list[Column]:
    town = Column(13, "town", grows=True, wraps=True)
    department = Column(13, "department", grows=True, wraps=True)
    whose = town if tab == 1 else department
    groups = [
        Column(4, ""), whose, Column(10, "open work"), Column(8, "in hand", right=True),
        Column(7, "soon", right=True), Column(8, "overdue", right=True),
        Column(11, "days late", right=True), Column(8, "in time", right=True),
        Column(10, "sent back", right=True),
    ]  # fmt: skip
    return {
        3: [Column(29, "step", grows=True), Column(26, "late cases"),
            Column(9, "cases", right=True), Column(11, "days late", right=True)],
        4: [Column(38, "indicator", grows=True), Column(14, ""), Column(8, "rate", right=True),
            Column(16, "of all", right=True)],
    }.get(tab, groups)  # fmt: skip
