"""The clerk's day line by line, at a real terminal that can neither place a cursor nor draw."""

from __future__ import annotations

import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import MAIN, TODAY, Runner
from pty_screen import Terminal, terminal_env

from yimen.core.casework.drafts import draft_of
from yimen.core.casework.operators import sit_down
from yimen.core.store.home import open_home

# What every line that asks for something ends with, in either language.
_PROMPTS = (":", "：")


class Line:
    """A terminal at which one reads what was printed since the last answer, and types the next."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal, self._read = terminal, 0
        self.told = self._until_asked()

    def __call__(self, typed: str) -> str:
        """Types a line and reads until something is asked again, or the program has ended."""
        self._read = len(self._terminal.received)
        self._terminal.type(f"{typed}\r")
        self.told = self._until_asked()
        return self.told

    def _until_asked(self) -> str:
        end = time.monotonic() + 20
        while time.monotonic() < end:
            self._terminal.read(0.05)
            told = self._terminal.received[self._read :].decode("utf-8", "ignore")
            # What was typed is echoed with its line end; a question stands alone on the last line.
            if told.rstrip(" ").endswith(_PROMPTS) or self._terminal.ended():
                return told
        raise AssertionError(self._terminal.received[self._read :])

    @property
    def asks(self) -> str:
        """The line that waits for an answer."""
        return self.told.splitlines()[-1].strip()


Opened = Callable[..., Terminal]


@pytest.fixture(scope="module")
def plain_home(tmp_path_factory: pytest.TempPathFactory, _pristine_loaded_home: Path) -> Path:
    """One home for all terminals of this file: each test takes in a family of its own."""
    return Path(shutil.copytree(_pristine_loaded_home, tmp_path_factory.mktemp("plain") / "home"))


@pytest.fixture
def clerk(plain_home: Path) -> Opened:
    """Opens the window's day line by line in a terminal."""

    def opened(**env: Any) -> Terminal:
        words = Runner(plain_home, TODAY.isoformat(), "window").words("tui", "--profile", "plain")
        return Terminal([*MAIN, *words], terminal_env(plain_home, **env))

    return opened


def answered(line: Line) -> None:
    """Answers every question with nothing: no amount, no, none of it."""
    while True:
        if "[yuan]" in line.asks or "(yuan)" in line.asks or "元" in line.asks:
            line("0")
        elif "is accepted" in line.told or "已受理" in line.told or "Notification" in line.told:
            return
        else:
            line("2")


@pytest.mark.parametrize(("term", "family"), [("dumb", "H35"), ("vt100", "H27")])
def test_a_family_is_found_taken_in_checked_and_dispatched_by_digits(
    clerk: Opened, term: str, family: str
) -> None:
    with clerk(TERM=term) as terminal:
        line = Line(terminal)
        assert "1 Worklist" in line.told
        line("2")
        assert family[1:] in line(family.lower())
        assert "1 Begin an application" in line.told
        line("１")
        assert line.asks.startswith("Number")
        line("1")
        line("1")
        assert "Signed on [2026-11-20]" in line.asks
        assert "! Signed on: '2026-13-1' is not a date." in line("2026-13-1")
        line("2026-11-19")
        assert "! Scan on this server: /none.pdf: The paper cannot be read" in line("/none.pdf")
        line("")
        line("civ-none")
        while "Number" in line.asks:
            line("")
        # The casework refused the programme: the same field is asked again, and nothing else.
        assert "! Asks for: There is no programme CIV-NONE." in line.told
        assert "Asks for [civ-none]:" in line.asks
        assert "is opened." in line("-")
        line("")
        answered(line)
        assert "2 Check" in line.told
        assert "qualifies: " in line("2")
        dispatch = next(row for row in line.told.splitlines() if row.strip().endswith("Dispatch"))
        line(dispatch.split()[0])
        line("CIV-DB")
        assert "R2026-0000" in line("")
        line("0")
        line("0")
        assert "Minimum living guarantee" in line("1")
        line("0")
        line("0")
        assert terminal.wait() == 0
        assert b"\x1b[" not in terminal.received


def test_a_dropped_line_keeps_what_was_answered_and_offers_it_in_brackets(
    clerk: Opened, plain_home: Path
) -> None:
    with clerk(TERM="dumb") as terminal:
        line = Line(terminal)
        line("2")
        line("H12")
        line("1")
        line("1")
        line("1")
        line("2026-11-18")
        terminal.hang_up()
        assert terminal.wait() == -signal.SIGHUP
    home = open_home(plain_home, today=TODAY)
    draft = draft_of(sit_down(home, acting_as="window"), "intake", "H0000012")
    home.close()
    assert draft is not None
    assert (draft.values["pledge"], draft.values["signed_on"]) == ("1", "2026-11-18")
    with clerk(TERM="dumb", YIMEN_LANG="zh_CN") as terminal:
        line = Line(terminal)
        line("2")
        line("H12")
        assert "方括号" in line("1")
        line("")
        line("")
        assert "［2026-11-18］" in line.asks
        assert "已填内容" in line("q")
