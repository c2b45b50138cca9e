"""Several loads at once, and loads that are killed: nothing is half there."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from register_files import DAY, snapshots


def pointers(home: Path) -> int:
    """How many snapshots are committed, seen from outside."""
    conn = sqlite3.connect(f"file:{home / 'casework.db'}?mode=ro", uri=True)
    try:
        return int(conn.execute("SELECT COUNT(*) FROM snapshot").fetchone()[0])
    finally:
        conn.close()


def tables_without_pointer(home: Path) -> list[str]:
    conn = sqlite3.connect(f"file:{home / 'registers.db'}?mode=ro", uri=True)
    conn.execute("ATTACH ? AS cases", [f"file:{home / 'casework.db'}?mode=ro"])
    try:
        return [
            name
            for (name,) in conn.execute(
                "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name LIKE 'snap~_~_%'"
                " ESCAPE '~' AND name NOT IN (SELECT \"table\" FROM cases.snapshot)"
            )
        ]
    finally:
        conn.close()


def started(home: Path) -> bool:
    return (home / "load.lock").exists()


MOMENTS: dict[str, Callable[[Path], object]] = {
    "while the first file is read": started,
    "while numbers are minted": tables_without_pointer,
    "after the first file": lambda home: pointers(home) >= 1,
    "while a long file is read": lambda home: pointers(home) >= 3,
    "near the end": lambda home: pointers(home) >= 4,
}


def kill_when(child: subprocess.Popen[str], moment: Callable[[Path], object], home: Path) -> None:
    """SIGKILL at the moment; fails when the process was done before."""
    while not moment(home):
        assert child.poll() is None, child.communicate()
        time.sleep(0.003)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert child.returncode == -signal.SIGKILL


@pytest.fixture(scope="session")
def undisturbed(
    tmp_path_factory: pytest.TempPathFactory,
    _pristine_empty_home: Path,
    big_county_files: Path,
) -> dict[str, Any]:
    """What a load of the big county leaves when nobody kills it."""
    from yimen.core.casework.loading import load_all
    from yimen.core.casework.operators import sit_down
    from yimen.core.rules.catalogue import load_catalogue
    from yimen.core.store.home import open_home

    folder = tmp_path_factory.mktemp("undisturbed") / "home"
    shutil.copytree(_pristine_empty_home, folder)
    home = open_home(folder, today=date(2026, 11, 20))
    list(load_all(sit_down(home), load_catalogue(folder / "cache"), big_county_files))
    home.close()
    return newest(folder)


def newest(home: Path) -> dict[str, Any]:
    """Digest, rows and roster of the newest snapshot of each source."""
    found: dict[str, Any] = {s["source"]: s for s in snapshots(home)}
    roster = found["civil.hukou"]["roster"]
    conn = sqlite3.connect(home / "registers.db")
    people = conn.execute(f'SELECT * FROM "{roster}" ORDER BY household_no, ordinal').fetchall()
    conn.close()
    return {"roster": people} | {
        name: (s["digest"], s["rows"], s["rejected"]) for name, s in found.items()
    }


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_load_killed_at_any_moment_leaves_a_home_that_can_load_again(
    yimen_empty: Any, big_county_files: Path, undisturbed: dict[str, Any], moment: str
) -> None:
    home = yimen_empty.home
    words = ["source", "load", "--all", big_county_files]
    kill_when(yimen_empty.start(*words), MOMENTS[moment], home)
    left_over = tables_without_pointer(home)
    if moment == "while numbers are minted":
        assert left_over == ["snap__civil__hukou__1"]
    committed = pointers(home)
    yimen_empty("journal", "verify")
    findings = {f["check"]: f for f in yimen_empty.json("doctor")}
    for check in ("casework.db", "registers.db", "journal"):
        assert findings[check]["level"] == "ok", findings
    assert ("orphans" in findings) == bool(left_over)
    loads = yimen_empty("journal", "show", "--subject", "civil.hukou", "--format", "jsonl").rows
    assert len(loads) == (1 if committed else 0)
    yimen_empty(*words)
    assert newest(home) == undisturbed
    assert tables_without_pointer(home) == []
    assert pointers(home) == committed + 5
    yimen_empty("journal", "verify")
    assert {f["level"] for f in yimen_empty.json("doctor")} <= {"ok", "warning"}


def test_a_second_load_at_the_same_time_is_told_to_wait_and_harms_nothing(
    yimen_empty: Any, big_county_files: Path, county_files: Path, undisturbed: dict[str, Any]
) -> None:
    home = yimen_empty.home
    first = yimen_empty.start("source", "load", "--all", big_county_files)
    while not tables_without_pointer(home):
        assert first.poll() is None, first.communicate()
        time.sleep(0.003)
    said = yimen_empty("source", "load", "death", county_files / "civil.death.csv", *DAY, code=7)
    assert said.err.startswith(f"{home}: Another process is doing this already: load.")
    assert said.err.count("\n") == 1
    out, err = first.communicate(timeout=60)
    assert (first.returncode, err) == (0, ""), out
    assert newest(home) == undisturbed
    yimen_empty("source", "load", "death", county_files / "civil.death.csv", *DAY)
    yimen_empty("journal", "verify")


def test_clerks_are_served_while_a_register_is_loaded(
    yimen: Any, truth: Any, big_county_files: Path
) -> None:
    loading = yimen.start("source", "load", "--all", big_county_files)
    while not tables_without_pointer(yimen.home):
        assert loading.poll() is None, loading.communicate()
        time.sleep(0.003)
    story = truth["stories"]["eligible"]
    found = yimen.json("query", story["id_number"])
    assert found["household"]["household_no"] == story["household_no"]
    loading.kill()
    loading.communicate()
