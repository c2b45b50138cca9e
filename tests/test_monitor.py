"""The monitor on the command line: the screen's figures, and the indicators that nobody records."""

from __future__ import annotations

import csv
import io
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import TODAY, Runner

from yimen.core.casework.monitor import NOT_KEPT, monitor
from yimen.core.casework.operators import sit_down
from yimen.core.store.home import open_home


@pytest.fixture
def window(working_home: Path, tmp_path: Path) -> Runner:
    """The window's desk in a county in the middle of its day."""
    home = Path(shutil.copytree(working_home, tmp_path / "home"))
    return Runner(home, operator="window")


def indicators(yimen: Runner) -> dict[str, tuple[Any, Any]]:
    """Indicator -> (these, of all), as a program reads them."""
    rows = yimen.json("monitor", "--by", "indicator")
    return {row["indicator"]: (row["part"], row["whole"]) for row in rows}


def test_the_command_prints_the_figures_of_the_screen(window: Runner) -> None:
    home = open_home(window.home, today=TODAY)
    figures = monitor(sit_down(home, acting_as="window"))
    home.close()
    towns = {row["key"]: row for row in window.json("monitor")}
    assert {g.key: (g.open, g.late, g.sent) for g in figures.towns} == {
        key: (row["open"], row["late"], row["sent"]) for key, row in towns.items()
    }
    departments = window.json("monitor", "--by", "department")
    assert [row["key"] for row in departments] == [g.key for g in figures.departments]
    told = indicators(window)
    assert {i.indicator: (i.part, i.whole) for i in figures.indicators}.items() <= told.items()
    # A machine reads codes, a person names.
    assert all(len(key) == 12 for key in towns)
    assert "Chengguan Town" in window("monitor").out


def test_late_steps_and_another_first_day_are_counted(window: Runner) -> None:
    assert window.json("monitor", "--by", "step") == []
    window.day = "2026-12-20"
    late = window.json("monitor", "--by", "step")
    assert sum(row["cases"] for row in late) > 0
    assert all(row["days_late"] >= row["cases"] for row in late)
    assert indicators(window)["sent_back"] == (1, 7)
    rows = window.json("monitor", "--by", "indicator", "--since", "2026-12-01")
    assert next(r for r in rows if r["indicator"] == "sent_back")["whole"] == 0


def test_what_nobody_records_is_named_and_has_no_number(window: Runner) -> None:
    told = window("monitor", "--by", "indicator", "--format", "csv").out
    rows = {row["indicator"]: row for row in csv.DictReader(io.StringIO(told))}
    assert {name for name, row in rows.items() if row["kept"] == "false"} == set(NOT_KEPT)
    assert all(rows[name]["part"] == rows[name]["whole"] == "" for name in NOT_KEPT)
    assert "right in spot checks" in window("monitor", "--by", "indicator").out
    own = {
        row["indicator"] for row in window.acting_as("civil").json("monitor", "--by", "indicator")
    }
    assert not own & set(NOT_KEPT)


def test_a_confirmed_missed_family_counts_beside_new_cases(window: Runner) -> None:
    part, cases = indicators(window)["missed_found"]
    assert (part, cases) == (0, 3)
    missed = next(row for row in window.json("overlaps", "list") if row["kind"] == "missed")
    window("overlaps", "resolve", missed["hit_no"], "confirmed", "--reason", "a visit at home")
    assert indicators(window)["missed_found"] == (1, cases)


def test_a_notice_counts_once_it_hung_to_its_last_day_and_is_down(window: Runner) -> None:
    decided = next(r for r in window.json("referral", "list") if r["state"] == "fed_back")
    for day, taken_down in (("2026-11-20", "2026-11-24"), ("2026-11-25", "2026-12-03")):
        window.day = day
        window("notice", "post", "dibao_confirmation", decided["referral_no"], "--place", "board")
        number = window.json("notice", "list")[-1]["notice_no"]
        # It still hangs and is not due: nothing is said of it.
        assert indicators(window)["notices_hung"] == (0, 0)
        window.day = taken_down
        window("notice", "take-down", number, "--note", "objection withdrawn")
        assert indicators(window)["notices_hung"][1] == 1
    # The first was put up again: both are one notice, which hung.
    assert indicators(window)["notices_hung"] == (1, 1)
    assert date.fromisoformat(window.json("notice", "list")[-1]["last_day"]) < date(2026, 12, 3)
