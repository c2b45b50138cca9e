"""A screening that is killed, and screenings at once: each household is there once."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from screening import HOUSEHOLDS, states
from screening import begin as begin

from yimen.core.casework.batch import CountyRun


def parts_of(home: Path, least: int) -> Callable[[], bool]:
    """Whether so many parts of the first run lie complete on disk."""

    def there() -> bool:
        file = home / "runs" / "S2026-00001" / "results.db"
        if not file.exists():
            return False
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as conn:
            try:
                (done,) = conn.execute("SELECT COUNT(*) FROM progress").fetchone()
            except sqlite3.OperationalError:
                return False
        conn.close()
        return bool(done >= least)

    return there


def begun(home: Path) -> Callable[[], bool]:
    """Whether others can see the first run."""

    def there() -> bool:
        with closing(sqlite3.connect(f"file:{home}/casework.db?mode=ro", uri=True)) as conn:
            return bool(conn.execute("SELECT COUNT(*) FROM run").fetchone()[0])

    return there


def beginning(home: Path) -> Callable[[], bool]:
    """Whether the first run has a folder, but maybe no row yet."""
    return (home / "runs" / "S2026-00001").exists


MOMENTS: dict[str, Callable[[Path], Callable[[], bool]]] = {
    "while it begins": beginning,
    "when it has begun": begun,
    "after the first part": lambda home: parts_of(home, 1),
    "in the middle": lambda home: parts_of(home, 12),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_screening_goes_on_and_ends_as_an_undisturbed_one_does(
    civil: Any, answers_of: Callable[..., bytes], tmp_path: Path, moment: str
) -> None:
    out = tmp_path / "killed.csv"
    there = MOMENTS[moment](civil.home)
    words = ["screen", "--engine", "sqlite", "--chunk", 4, "--out", out]
    child: subprocess.Popen[str] = civil.start(*words)
    while not there():
        assert child.poll() is None, child.communicate()
        time.sleep(0.002)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert child.returncode == -signal.SIGKILL
    assert not out.exists()
    running = [("S2026-00001", "running")]
    assert states(civil) == running or (moment == "while it begins" and not states(civil))
    # The departments that this county has not are a fault of their own.
    said = civil("doctor", "--format", "json", code=5).json
    findings = {f["check"]: f["level"] for f in said}
    faults = [check for check, level in findings.items() if level == "fault"]
    assert [check.split()[0] for check in faults] == ["department"]
    civil("journal", "verify")

    civil(*words)
    civil("journal", "verify")
    assert ("S2026-00001", "running") not in states(civil)
    if moment not in ("while it begins", "when it has begun"):
        assert states(civil) == [("S2026-00001", "done")]
    assert [p.name for p in tmp_path.iterdir() if ".part" in p.name] == []
    cases = civil.json("overlaps", "list")
    assert out.read_bytes() == answers_of(civil, "--engine", "sqlite")
    assert civil.json("overlaps", "list") == cases
    assert cases


def test_two_screenings_of_one_plan_at_once_give_each_household_once(
    civil: Any, answers_of: Callable[..., bytes], tmp_path: Path
) -> None:
    outs = [tmp_path / "one.csv", tmp_path / "other.csv"]
    words = ["screen", "--engine", "sqlite", "--chunk", 4, "--out"]
    children = [civil.start(*words, out) for out in outs]
    said = [child.communicate(timeout=60) for child in children]
    wanted = answers_of(civil, "--engine", "sqlite")
    for child, out, (__, err) in zip(children, outs, said, strict=True):
        assert child.returncode in (0, 7), err
        assert child.returncode == 7 or out.read_bytes() == wanted
    assert 0 in {child.returncode for child in children}


def test_a_run_that_another_process_computes_is_neither_joined_nor_given_up(
    civil: Any, begin: Callable[..., CountyRun]
) -> None:
    first = begin("sqlite", 50)
    steps = first.go()
    next(steps), next(steps)
    said = civil("screen", "--engine", "sqlite", code=7)
    assert "Another process is doing this already: S2026-00001." in said.err
    civil.day = "2026-11-21"
    civil("screen", "--engine", "sqlite")
    assert states(civil) == [("S2026-00001", "running"), ("S2026-00002", "done")]
    assert list(steps) == [100, HOUSEHOLDS]
    first.close()
    assert states(civil)[0] == ("S2026-00001", "done")
