"""The fixed lines of a screen: the day is always there, and nothing is cut without a mark."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from clerk_screen import desk_home as desk_home
from clerk_screen import drive, press, shown
from conftest import Runner

from yimen.tui.widgets.bars import MessageLine
from yimen.tui.widgets.cells import cell, choice_line, fitted, width_of


def test_a_text_that_is_cut_ends_in_two_dots_and_is_as_wide_as_its_column() -> None:
    assert fitted("Minimum living guarantee", 17) == "Minimum living .."
    assert fitted("as wide", 7) == "as wide"
    assert fitted("short", 8) == "short   "
    assert width_of(fitted("义务教育家庭经济困难", 11)) == 11
    assert cell("Chengguan Town", 9).plain == "Chengg.. "


def test_a_message_of_more_lines_than_there_is_room_for_says_that_it_goes_on() -> None:
    line = MessageLine()
    line.say("word " * 60)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MessageLine, "size", property(lambda self: (80, 2)))
        lines = line.render().plain.splitlines()
    assert len(lines) == 2
    assert lines[1].endswith("..")


def test_where_a_title_is_tight_who_works_is_told_more_shortly_and_the_day_stays(
    desk_home: Path,
) -> None:
    Runner(desk_home)(
        "operator", "add", "long-number-1", "--name", "Nurmuhemmet Abdurehim", "--role", "county",
        "--division", "370499",
    )  # fmt: skip

    async def play(app: Any) -> None:
        titles = []
        for keys in (["f2"], ["f4", "f4"], ["f7", "3"], ["g"], ["g", "(A2)", "enter", "l"]):
            await press(app, "f2", *keys)
            titles.append(shown(app).splitlines()[0])
        for title in titles:
            assert "2026-11-20" in title
            assert width_of(title) <= 80
        assert any("Example County Nurmuhemmet" in title for title in titles)
        assert any("Example County" not in title for title in titles)

    drive(desk_home, "long-number-1", play)


def test_a_long_referral_says_which_of_its_lines_stand_there(desk_home: Path) -> None:
    async def play(app: Any) -> None:
        await press(app, "g", "(R1)", "enter")
        first = re.search(r" 1-(\d+)/(\d+)$", shown(app).splitlines()[0])
        assert first is not None
        assert int(first[1]) < int(first[2])
        assert "PgDn Next page" in shown(app)
        await press(app, "pagedown", "pagedown")
        assert shown(app).splitlines()[0].endswith(f"-{first[2]}/{first[2]}")

    drive(desk_home, "window", play)


def test_words_in_brackets_have_the_brackets_of_the_language_and_marks_their_own(
    desk_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert choice_line(["Towns", "Steps"], 2) == " 1 Towns [2 Steps]"
    monkeypatch.setenv("YIMEN_LANG", "zh_CN")
    assert choice_line(["乡镇", "环节"], 1) == "［1 乡镇］ 2 环节 "

    async def play(app: Any) -> None:
        for keys in ([], ["f8"], ["f3", "(H12)", "enter"], ["g", "(R1)", "enter"],
                     ["g", "(V1)", "enter", "z", "3"]):  # fmt: skip
            await press(app, "f2", *keys)
            # Half-width ones stand round a mark or a bar, which hold no word.
            for found in re.findall(r"\[([^\]]*)\]", shown(app)):
                assert re.fullmatch(r"[ X!<?~v.-]|[#.]+", found), (keys, found)

    drive(desk_home, "window", play)
