"""What the screens say of limits: the hour where a limit is in hours, and one meaning of late."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from clerk_screen import desk_home as desk_home
from clerk_screen import drive, opened, press, shown
from working_home import REFUSED

from yimen.core.casework.checklists.worklist import DeskList, worklist
from yimen.core.casework.monitor import monitor
from yimen.core.casework.operators import sit_down
from yimen.core.casework.worklist import worklist as cases_of
from yimen.core.rules.catalogue import load_catalogue
from yimen.core.store.home import open_home
from yimen.core.words.referrals import due_text
from yimen.tui.plain import PlainDesk

LATER = date(2026, 12, 20)
MOMENT = "2026-11-20T16:00:00+08:00"


def write(home: Path, statement: str, *values: str) -> None:
    """Writes into the records what an officer or a programme of hours would have brought about."""
    with closing(sqlite3.connect(home / "casework.db")) as db:
        db.execute(statement, values)
        db.commit()


@pytest.fixture
def in_hours(desk_home: Path) -> Path:
    """A referral that is to be signed for by four o'clock."""
    write(desk_home, "UPDATE referral SET due_sign = ? WHERE referral_no = 'R2026-00004'", MOMENT)
    return desk_home


def test_a_day_stays_a_day_and_a_moment_has_its_minute() -> None:
    assert due_text("2026-11-20") == "2026-11-20"
    assert due_text(MOMENT) == "2026-11-20 16:00"


def test_a_limit_in_hours_shows_its_hour_in_lists_and_on_the_referral(in_hours: Path) -> None:
    async def play(app: Any) -> None:
        while app.screen.referral_at != "R2026-00004":
            await press(app, "down")
        lines = shown(app).splitlines()
        row = next(n for n, line in enumerate(lines) if "R2026-00004" in line)
        assert "11-20" in lines[row]
        assert "16:00" in lines[row + 1]
        await press(app, "enter")
        assert "2026-11-20 16:00 signing" in shown(app)
        assert "+08:00" not in shown(app)

    drive(in_hours, "window", play)


def test_line_by_line_a_limit_in_hours_shows_its_hour_too(in_hours: Path) -> None:
    home, desk = opened(in_hours, "window")
    told: list[str] = []
    said = iter(["1", "0", "0"])
    PlainDesk(desk, load_catalogue(in_hours / "cache"), told.append, lambda __: next(said)).run()
    home.close()
    row = next(line for line in told if "R2026-00004" in line)
    assert row.endswith("2026-11-20 16:00")


def at_desk(path: Path) -> tuple[DeskList, int, int]:
    """The list of steps, the late cases of the worklist, and those of the monitor, a month on."""
    home = open_home(path, today=LATER)
    try:
        desk = sit_down(home, acting_as="window")
        steps = worklist(desk, load_catalogue(path / "cache"))
        towns = sum(group.late for group in monitor(desk).towns)
        return steps, cases_of(desk, whose="place").lights["late"], towns
    finally:
        home.close()


def test_what_is_left_to_do_of_a_closed_case_makes_it_late_nowhere(desk_home: Path) -> None:
    before, of_work, of_town = at_desk(desk_home)
    late = {step.subject for step in before.steps if step.state == "overdue"}
    assert REFUSED in late
    assert before.late == len(late)
    write(desk_home, "UPDATE application SET state = 'closed', closed_on = '2026-11-30'"
          " WHERE application_no = ?", REFUSED)  # fmt: skip
    after, work_then, town_then = at_desk(desk_home)
    still = {step.subject for step in after.steps if step.state == "overdue"}
    assert REFUSED in still
    assert after.late == len(still) - 1
    assert (work_then, town_then) == (of_work - 1, of_town - 1)


def test_the_list_of_steps_counts_cases_and_says_so(desk_home: Path) -> None:
    async def play(app: Any) -> None:
        await press(app, "f4", "f4")
        assert "steps, 0 cases late" in shown(app)

    drive(desk_home, "window", play)
