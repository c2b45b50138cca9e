"""Line by line, 0 and q go back wherever one is, and the line of lists shows what can be done."""

from __future__ import annotations

from pathlib import Path

import pytest
from clerk_screen import desk_home as desk_home
from clerk_screen import opened

from yimen.core.rules.catalogue import load_catalogue
from yimen.tui.asking import leaves
from yimen.tui.plain import PlainDesk


def session(path: Path, *said: str) -> tuple[list[str], list[str]]:
    """What is told and what is asked while these lines are typed; each of them must be wanted."""
    home, desk = opened(path, "window")
    told: list[str] = []
    asked: list[str] = []
    lines = iter(said)

    def hear(words: str) -> str:
        asked.append(words)
        return next(lines)

    PlainDesk(desk, load_catalogue(path / "cache"), told.append, hear).run()
    home.close()
    assert next(lines, None) is None
    return told, asked


@pytest.mark.parametrize(("said", "back"), [("0", True), ("０", True), ("q", True), ("Q", True),
                                            ("", False), ("10", False), ("A1", False)])  # fmt: skip
def test_0_and_q_leave(said: str, back: bool) -> None:
    assert leaves(said) is back


@pytest.mark.parametrize("back", ["0", "q"])
def test_each_list_and_each_asked_number_is_left_by_0_and_by_q(desk_home: Path, back: str) -> None:
    # The worklist; a number; the lists; another case's number.
    __, asked = session(desk_home, "1", back, "2", back, "3", back, "3", "22", back, back, back)
    assert "Case number:" in asked


def test_the_line_of_lists_shows_the_steps_that_can_be_done_now(desk_home: Path) -> None:
    told, __ = session(desk_home, "3", "1", "0", "0", "0")
    assert "22 steps, 0 cases late" in told
    row = next(line for line in told if line.startswith("1 to be done"))
    assert row.startswith("1 to be done, A2026-00001, Hand the applicant the receipt")
    assert row.endswith("2026-11-23")
    assert "21 The next 20" in told
    assert "A2026-00001 Intake" in told


def test_a_case_beyond_the_list_is_named_by_its_number(desk_home: Path) -> None:
    told, asked = session(desk_home, "3", "22", "G2", "q", "q")
    assert "Case number:" in asked
    assert any(line.startswith("G2026-00002 ") for line in told)


@pytest.mark.parametrize("back", ["0", "q"])
def test_the_questions_of_a_list_are_left_in_the_same_way(desk_home: Path, back: str) -> None:
    told, asked = session(desk_home, "3", "22", "A2", back, back, back)
    assert any("l later" in words for words in asked)
    assert not any("is no answer here" in line for line in told)
