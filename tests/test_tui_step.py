"""A step's form on the clerk's screen: the day it was done on, and what is wrong at its field."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from clerk_screen import desk_home as desk_home
from clerk_screen import drive, press, shown
from conftest import Runner


@pytest.fixture
def paper(tmp_path: Path) -> str:
    """The scan of a signed sheet, as it is typed into a field."""
    found = tmp_path / "sheet.txt"
    found.write_text("signed\n", "utf-8")
    return f"({found})"


def test_a_step_that_was_done_earlier_is_ticked_with_its_own_day(
    desk_home: Path, paper: str
) -> None:
    async def play(app: Any) -> None:
        await press(app, "g", "(A2)", "enter", "f4", "1", paper, "enter", "(2026-11-21)", "f12")
        seen = shown(app)
        assert "!Done on" in seen
        assert "2026-11-21 lies in the future." in seen
        await press(app, "ctrl+u", "(2026-11-19)", "f12")
        seen = " ".join(shown(app).split())
        assert "It cannot have been done on 2026-11-19; the first day is 2026-11-20." in seen
        assert "!Done on" in seen
        assert "receipt:" not in seen
        await press(app, "ctrl+u", "(11-20)", "f12")
        assert "'11-20' is not a date." in shown(app)
        await press(app, "ctrl+u", "(2026-11-20)", "f12")
        assert "4/5" in shown(app)

    drive(desk_home, "window", play)
    steps = Runner(desk_home, operator="window").json("checklist", "show", "A2026-00002", "intake")[
        "steps"
    ]
    assert {s["step"]: s["done_on"] for s in steps}["receipt"] == "2026-11-20"


def test_what_a_step_lacks_is_told_at_its_field(desk_home: Path, paper: str) -> None:
    async def play(app: Any) -> None:
        await press(app, "g", "(R1)", "enter", "f4", "down", "1", paper, "enter")
        await press(app, "(nobody)", "f12")
        assert "!The other person" in shown(app)

    drive(desk_home, "window", play)
