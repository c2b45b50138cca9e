"""The clerk's screen at a real pseudo-terminal: what bad lines, bad bytes and bad terminals do."""

from __future__ import annotations

import os
import re
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import MAIN, TODAY, Runner
from pty_screen import Terminal, terminal_env
from screens import ambiguous_in

from yimen.core.casework.drafts import draft_of
from yimen.core.casework.operators import sit_down
from yimen.core.store.home import open_home

F2, F3, F9, F12, ESC, DOWN = "\x1bOQ", "\x1bOR", "\x1b[20~", "\x1b[24~", "\x1b", "\x1b[B"
Opened = Callable[..., Terminal]


@pytest.fixture(scope="module")
def window_home(tmp_path_factory: pytest.TempPathFactory, _pristine_loaded_home: Path) -> Path:
    """One home for all terminals of this file: each test takes in a family of its own."""
    return Path(shutil.copytree(_pristine_loaded_home, tmp_path_factory.mktemp("pty") / "home"))


@pytest.fixture
def clerk(window_home: Path) -> Opened:
    """Opens the screen of the window's operator in a terminal."""

    def opened(*options: str, **env: Any) -> Terminal:
        words = Runner(window_home, TODAY.isoformat(), "window").words("tui", *options)
        size = env.pop("size", (80, 24))
        return Terminal([*MAIN, *words], terminal_env(window_home, **env), size=size)

    return opened


def kept(home: Path, form: str, subject: str) -> dict[str, str]:
    """What a draft holds, as the next opening would offer it."""
    opened = open_home(home, today=TODAY)
    try:
        draft = draft_of(sit_down(opened, acting_as="window"), form, subject)
        return draft.values if draft else {}
    finally:
        opened.close()


def in_the_form(terminal: Terminal, number: str) -> None:
    """From the worklist to the intake form of a family."""
    terminal.until("F10")
    terminal.type(F3)
    terminal.until("ID number or case number")
    terminal.type(f"{number}\r")
    terminal.until("Members")
    terminal.type("n")
    terminal.until("Pledge")


@pytest.mark.parametrize("term", ["xterm", "screen-256color"])
def test_the_same_screen_stands_on_each_terminal_and_is_quiet(clerk: Opened, term: str) -> None:
    with clerk(TERM=term) as terminal:
        terminal.until("F10Leave")
        terminal.read(0.3)
        assert terminal.text.splitlines()[-1].startswith("F1Help F2Work F3Family")
        assert terminal.read(1.0) == b""
        # The terminal's cursor is shown, where a screen reader looks for it.
        assert terminal.received.rfind(b"\x1b[?25h") > terminal.received.rfind(b"\x1b[?25l")
        terminal.type("\x1b[21~")
        assert terminal.wait() == 0


def test_no_color_draws_no_colour_and_loses_nothing(clerk: Opened) -> None:
    with clerk(NO_COLOR="1", TERM="xterm-256color") as terminal:
        terminal.until("F10Leave")
        terminal.type(F9)
        terminal.until("Type the number of a place")
        styles = set(re.findall(rb"\x1b\[([0-9;]+)m", terminal.received))
        numbers = {int(n) for style in styles for n in style.split(b";")}
        assert numbers <= {0, 1, 4, 7}, styles
        assert 7 in numbers


@pytest.mark.parametrize(
    ("env", "size", "words"),
    [
        ({"TERM": "linux"}, (80, 24), "cannot show Chinese"),
        ({"TERM": "dumb"}, (80, 24), "cannot place a cursor"),
        ({"LANG": "zh_CN.GBK", "LC_ALL": "zh_CN.GBK"}, (80, 24), "charset is GBK"),
        ({}, (60, 20), "60 columns and 20 lines"),
    ],
    ids=["linux", "dumb", "gbk", "small"],
)
def test_an_unfit_terminal_is_told_so_in_ascii(
    clerk: Opened, env: dict[str, str], size: tuple[int, int], words: str
) -> None:
    with clerk(YIMEN_LANG="zh_CN", size=size, **env) as terminal:
        assert terminal.wait() == 4
        assert words in " ".join(terminal.text.split())
        assert not re.search(rb"[a-z][.,][A-Za-z]", terminal.received)
        assert terminal.received.isascii()
        assert b"\x1b[?1049h" not in terminal.received


def test_keys_typed_at_once_after_esc_are_not_lost(clerk: Opened) -> None:
    with clerk() as terminal:
        terminal.until("F10Leave")
        terminal.type(F3)
        terminal.until("ID number or case number")
        terminal.type("\x1bo")
        terminal.until("Whose: my place's")
        terminal.type(F3)
        terminal.until("ID number or case number")
        terminal.type("\x1bO")
        terminal.until("Whose: mine")


def test_gbk_bytes_and_a_split_sequence_leave_the_form_alive(
    clerk: Opened, window_home: Path
) -> None:
    with clerk() as terminal:
        in_the_form(terminal, "H12")
        terminal.type("\r\r\r")
        terminal.until("Scan on this server")
        terminal.type("\u4e2d\u6587".encode("gbk") + b"ok")
        terminal.until("ok")
        # An arrow that arrives in two pieces is an arrow to the next field, and nothing is typed.
        terminal.type(b"\x1b")
        time.sleep(0.3)
        terminal.type(b"[B")
        terminal.type("EDU-X")
        screen = terminal.until("EDU-X")
        assert "[B" not in screen
        terminal.type("\x1b[21~")
        assert terminal.wait() == 0
    assert kept(window_home, "intake", "H0000012")["requested"] == "EDU-X"


def test_a_dropped_line_keeps_the_draft_and_offers_it_again(
    clerk: Opened, window_home: Path
) -> None:
    with clerk() as terminal:
        in_the_form(terminal, "H27")
        terminal.type(" \r \r\r/srv/scans/27.pdf")
        terminal.until("27.pdf")
        terminal.hang_up()
        assert terminal.wait() == 128 + signal.SIGHUP
    draft = kept(window_home, "intake", "H0000027")
    assert draft["scan"] == "/srv/scans/27.pdf"
    assert draft["authorisation"] == draft["pledge"] == "1"
    with clerk() as terminal:
        in_the_form(terminal, "H27")
        screen = terminal.until("Your draft of")
        assert "/srv/scans/27.pdf" in screen


def test_a_killed_process_loses_only_the_field_being_typed(
    clerk: Opened, window_home: Path
) -> None:
    with clerk() as terminal:
        in_the_form(terminal, "H43")
        terminal.type(" \r")
        terminal.read(0.5)
        terminal.type("\r\rhalf")
        terminal.until("half")
        os.kill(terminal.pid, signal.SIGKILL)
        terminal.wait()
    draft = kept(window_home, "intake", "H0000043")
    assert draft["authorisation"] == "1"
    assert draft["scan"] == ""


def test_full_width_digits_of_an_input_method_name_a_family(clerk: Opened) -> None:
    with clerk() as terminal:
        terminal.until("F10")
        terminal.type(F3)
        terminal.until("ID number or case number")
        terminal.type("Ｈ１２\r")
        assert "H0000012" in terminal.until("Members")


def test_hundreds_of_screens_and_a_check_leave_no_memory_behind(clerk: Opened) -> None:
    with clerk() as terminal:
        terminal.until("F10")
        terminal.type(F3)
        terminal.until("ID number or case number")
        terminal.type("H12\r")
        terminal.until("Members")
        terminal.type("2")
        terminal.read(1.0)
        early = after_switches(terminal, 20)
        late = after_switches(terminal, 200)
        # A leak of a tenth of what Textual's own Footer leaks would show.
        assert late < early + 200 * 15, (early, late)
        # What was let go at rest is read again.
        terminal.type(f"{F3}H12\r")
        terminal.until("Members")
        terminal.type("2")
        terminal.until("Business income")


def after_switches(terminal: Terminal, count: int) -> int:
    """KiB once so many screens were opened and the program has come to rest."""
    for number in range(count):
        terminal.type((F2, F3)[number % 2])
        terminal.read_once(0.05)
    terminal.type(F2)
    terminal.until("F10Leave")
    terminal.read_for(2.0)
    return terminal.memory()


def test_a_terminal_that_draws_ambiguous_characters_wide_moves_nothing(clerk: Opened) -> None:
    with clerk(YIMEN_LANG="zh_CN") as terminal:
        terminal.until("F10")
        for key, words in ((F9, "F9"), (F3, "F3"), ("\x1b[19~", "F8"), ("\x1bOP", "F1")):
            terminal.type(key)
            terminal.until(words)
            terminal.read(0.2)
            # Names of people are data; all else on these screens is the program's own.
            assert list(ambiguous_in(terminal.text)) == []
