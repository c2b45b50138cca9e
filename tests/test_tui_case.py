"""A whole case from the query to its end by keyboard alone, counted, and told in docs/full-case.md.

The page is this walk: `make screens` writes it, and the test holds the two to each other. The same
page is then typed key by key at two terminals, the window's and the department's.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from clerk_screen import drive, press, shown
from conftest import MAIN, TODAY, Runner
from pty_screen import Terminal, terminal_env
from screens import compare_page, lasting

# More than this, beyond the data typed, is too many for a clerk's day.
MOST_KEYS = 60
ARRIVES = "A2026-00004"
_HEAD = """# A whole case by keyboard

A family comes to the window of a town, its aid is checked, sent to the department, decided there
and confirmed. These are the screens of that walk at 80 x 24, with every key that was pressed:
{keys} keys beyond the data typed. Everybody in them is made up, and the amounts are examples.

`make screens` writes this page from a test, and the same walk runs with every change of the
program. In Chinese the screens have the same lines in the same places.
[The clerk's screen](tui.md) tells what each key does.
"""


class Walk:
    """Presses keys, counts them, and keeps each screen under what it shows."""

    def __init__(self) -> None:
        self.keys = 0
        self._told: list[str] = []
        self._page: list[str] = []

    async def press(self, app: Any, *typed: str) -> None:
        """A text in brackets is data and does not count."""
        self.keys += sum(not key.startswith("(") for key in typed)
        names = {" ": "Space", "enter": "Enter", "escape": "Esc", "down": "Down"}
        self._told += [
            key[1:-1] if key.startswith("(") else f"`{names.get(key, key.upper())}`"
            for key in typed
        ]
        await press(app, *typed)

    def show(self, app: Any, title: str) -> str:
        """Puts the screen on the page, after the keys that led to it."""
        screen = shown(app)
        self._page += [f"## {title}", "", " ".join(self._told), "", "```text", screen.rstrip(),
                       "```", ""]  # fmt: skip
        self._told = []
        return screen

    @property
    def page(self) -> str:
        return "\n".join([_HEAD.format(keys=self.keys), *self._page])


def test_a_whole_case_takes_few_keys_and_its_screens_are_in_the_docs(
    working_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YIMEN_LANG", "en")
    home = Path(shutil.copytree(working_home, tmp_path / "home"))
    walk = Walk()

    async def window(app: Any) -> None:
        await walk.press(app, "f3", "(H35)", "enter")
        assert "[1 Members]" in walk.show(app, "Query: what the registers know of the family")
        await walk.press(app, "n", " ", "enter", " ")
        assert "[Intake]" in walk.show(app, "Intake: every adult has signed")
        await walk.press(app, "f12")
        assert "[Questions]" in walk.show(app, "Only what no register holds is asked")
        await answered(app)
        seen = walk.show(app, "The application is accepted")
        assert "is accepted; its clock runs from today" in seen
        await walk.press(app, "k")
        assert "Checked." in walk.show(app, "Check: what qualifies, and why")
        await walk.press(app, "d", "(CIV-WARM)", "f12")
        assert "R2026-00008" in walk.show(app, "Dispatch: the referral is sent")

    async def answered(app: Any) -> None:
        await widgets_filled(app)
        await walk.press(app, "f12")
        if "[Notification]" in shown(app):
            # An answer opened one more question.
            await walk.press(app, "escape", "g", "(A4)", "enter", "2", "f12")

    async def widgets_filled(app: Any) -> None:
        for widget in app.screen.field_widgets()[1:]:
            money = widget.spec.kind == "money"
            await walk.press(app, *(["(0)"] if money else ["2"]), "enter")

    async def department(app: Any) -> None:
        while app.screen.chosen.application_no != ARRIVES:
            await walk.press(app, "down")
        walk.show(app, "The department's inbox, at its own desk")
        await walk.press(app, "s", "a", "f", "1")
        assert "[Answer]" in walk.show(app, "Signed for, taken on, and decided")
        await walk.press(app, "f12")
        assert "answered" in walk.show(app, "The answer goes back to the window")

    async def confirmed(app: Any) -> None:
        await walk.press(app, "g", "(A4)", "enter")
        assert "granted" in walk.show(app, "At the window: what the department decided")
        await walk.press(app, "c")
        seen = walk.show(app, "Confirmed: the grant counts, and the case is closed")
        assert f"{ARRIVES}  closed" in seen
        assert "benefits granted: 1" in seen

    drive(home, "window", window)
    drive(home, "civil", department)
    drive(home, "window", confirmed)
    assert walk.keys <= MOST_KEYS
    (own,) = [r for r in Runner(home, operator="civil").json("referral", "list")
              if r["application_no"] == ARRIVES]  # fmt: skip
    assert (own["programme"], own["state"]) == ("CIV-WARM", "completed")
    compare_page("full-case.md", walk.page)


# -- the page, typed at two real terminals ---------------------------------------------------------

PAGE = Path(__file__).parent.parent / "docs" / "full-case.md"
_SECTION = re.compile(r"^## ([^\n]+)\n\n([^\n]+)\n\n```text\n(.+?)\n```$", re.MULTILINE | re.DOTALL)
_SENT = {"Space": " ", "Enter": "\r", "Esc": "\x1b", "Down": "\x1b[B", "F3": "\x1bOR",
         "F12": "\x1b[24~"}  # fmt: skip


def keystrokes(line: str) -> Iterator[str]:
    """What a keyboard sends for a line of keys; a text that is no key is typed as it stands."""
    for word in line.split(" "):
        key = word.strip("`")
        yield word if key == word else _SENT.get(key, key.lower())


def at(home: Path, operator: str) -> Terminal:
    """The clerk's screen of an operator, a process of its own in a terminal of 80 x 24."""
    words = Runner(home, TODAY.isoformat(), operator).words("tui")
    return Terminal([*MAIN, *words], terminal_env(home))


def test_the_keys_of_the_docs_show_the_screens_of_the_docs_on_two_real_terminals(
    working_home: Path, tmp_path: Path
) -> None:
    home = Path(shutil.copytree(working_home, tmp_path / "home"))
    sections = _SECTION.findall(PAGE.read_text("utf-8"))
    assert len(sections) == 11
    with at(home, "window") as window, at(home, "civil") as department:
        window.until("F10Leave")
        department.until("F10Leave")
        terminal = window
        for title, keys, screen in sections:
            if title.startswith("The department's inbox"):
                # It was open all the time, and is told by R of what came in meanwhile.
                terminal = department
                terminal.type("r")
            elif title.startswith("At the window"):
                terminal = window
            for sent in keystrokes(keys):
                terminal.type(sent)
                if sent == _SENT["Esc"]:
                    terminal.read_for(0.7)
            terminal.until_it_is(screen, lasting)
        for one in (window, department):
            one.type("\x1b[21~")
            assert one.wait() == 0
    yimen = Runner(home)
    family = yimen.json("household", "show", "H0000035")
    states = {a["application_no"]: a["state"] for a in family["applications"]}
    assert states[ARRIVES] == "closed"
    (referral,) = [r for r in family["referrals"] if r["application_no"] == ARRIVES]
    assert (referral["programme"], referral["state"]) == ("CIV-WARM", "completed")
    answers = yimen.json("feedback", "show", ARRIVES)
    assert [(b["programme"], b["amount_fen"]) for b in answers["benefits"]] == [("CIV-WARM", 60000)]
    assert yimen("journal", "verify")
