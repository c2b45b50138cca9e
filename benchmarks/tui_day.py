"""What the clerk's screen holds in memory as a day goes on, beside bare Textual that shows screens.

The day is typed at a real pseudo-terminal: a query, an intake with its questions, a check opened to
its values, a dispatch, papers, the boards and the monitor. After each part the resident memory is
read. The bare program shows as many screens of the same kinds, made of Textual's own widgets, with
nothing behind them; it has no Footer, which would leak more than it holds.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from pty_screen import Terminal  # type: ignore[import-not-found]

F2, F3, F4, F6, F7 = "\x1bOQ", "\x1bOR", "\x1bOS", "\x1b[17~", "\x1b[18~"
F8, F9, F12, ESC, DOWN = "\x1b[19~", "\x1b[20~", "\x1b[24~", "\x1b", "\x1b[B"

BARE_DAY = """
from textual.app import App
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import DataTable, Header, Input, Static

class Table(Screen):
    def compose(self):
        yield Header(); yield DataTable(cursor_type="row")
    def on_mount(self):
        table = self.query_one(DataTable)
        table.add_columns(*(f"column {n}" for n in range(8)))
        table.add_rows([[f"cell {row}"] * 8 for row in range(200)])

class Form(Screen):
    def compose(self):
        yield Header()
        for n in range(8):
            yield Static(f"field {n}"); yield Input()

class Text(Screen):
    def compose(self):
        yield Header(); yield VerticalScroll(Static("\\n".join(f"line {n}" for n in range(200))))

class Bare(App):
    BINDINGS = [("f2", "table"), ("f3", "form"), ("f4", "text")]
    def on_mount(self):
        self.push_screen(Table())
    def action_table(self):
        self.switch_screen(Table())
    def action_form(self):
        self.switch_screen(Form())
    def action_text(self):
        self.switch_screen(Text())

Bare().run(mouse=False)
"""


# As many screens as the parts below open.
SCREENS = 24
# Seconds until the program gives back what it does not need, and a little more.
REST = 3.0


class Cases(NamedTuple):
    """The records of a home that a day's work is done on."""

    asked: str
    checked: str
    referral: str
    fresh: str


def cases_of(home: Path) -> Cases:
    """An application with open questions, one to dispatch, a referral, and a family without any."""
    db = sqlite3.connect(f"file:{home / 'casework.db'}?mode=ro", uri=True)

    def first(query: str) -> str:
        row = db.execute(query).fetchone()
        if row is None:
            raise SystemExit(f"{home}: this home has no such case: {query}")
        return str(row[0])

    try:
        return Cases(
            first("SELECT application_no FROM application WHERE state = 'supplement_noticed'"),
            first("SELECT application_no FROM application WHERE state = 'checked'"),
            first("SELECT referral_no FROM referral ORDER BY referral_no"),
            "H0000299",
        )
    finally:
        db.close()


def parts(cases: Cases) -> Iterator[tuple[str, list[str]]]:
    """(part of the day, what is typed); each ends where its last screen stands still."""
    go = [F2, "g"]
    yield "a family queried", [F3, f"{cases.fresh}\r", "2", "3", "4", "5", "1"]
    yield "an intake and its questions", ["n", ESC, *go, f"{cases.asked}\r", DOWN, DOWN]
    yield (
        "a check, opened to its values",
        [*go, f"{cases.checked}\r", "k", "\r", DOWN, DOWN, "l", ESC, ESC, "l", ESC],
    )
    yield "a dispatch", ["d", F12]
    yield "a referral", [*go, f"{cases.referral}\r", "l", ESC]
    yield "its papers", ["p", "\r", ESC, DOWN, "\r", ESC]
    yield "the lists of steps", [*go, f"{cases.checked}\r", F4, DOWN, DOWN]
    yield (
        "boards, overlaps, programmes",
        [F6, "\r", F7, F9, "9", "\r", F9, "11", "school\r", F9, "10", ESC],
    )
    yield "the monitor", [F8, "2", "3", "4"]


def still(terminal: Terminal) -> None:
    """Waits until nothing has been drawn for a while; a screen may open slowly."""
    terminal.read_once(1.5)
    while terminal.read_once(0.6):
        pass


def day(terminal: Terminal, cases: Cases) -> dict[str, tuple[int, int]]:
    """Part of the day -> KiB at the end of its last key, and KiB after a rest."""
    found = {}
    for name, keys in parts(cases):
        for key in keys:
            terminal.type(key)
            still(terminal)
            if key == ESC:
                # Esc answers once nothing follows it.
                terminal.read_for(0.7)
        working = terminal.memory()
        # A clerk who stops to listen lets the program rest.
        terminal.read_for(REST)
        found[name] = working, terminal.memory()
    return found


def bare_day(start: Callable[[], Terminal], screens: int) -> int:
    """KiB of the bare program after it has shown so many screens, in turn of three kinds."""
    with start() as terminal:
        terminal.until("cell 1")
        for number in range(screens):
            terminal.type((F2, F3, F4)[number % 3])
            # A fixed while: the cursor of a bare Input blinks for ever.
            terminal.read_for(0.6)
        return int(terminal.memory())
