"""Old extracts and runs go; what is newest, recent or cited stays; what went is told as gone."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from conftest import Runner

LATER = "2027-06-20"


def load(yimen: Runner, files: Path, source: str, day: str) -> None:
    manifest = json.loads((files / "manifest.json").read_text("utf-8"))
    (file,) = (f["file"] for f in manifest["files"] if f["source"] == source)
    yimen("source", "load", source, files / file, "--as-of", day, code=None)


def fates(yimen: Runner, *words: object) -> dict[str, Any]:
    rows = yimen("prune", "--kept", *words, "--format", "jsonl").rows
    return {row["name"]: row["because"] or row["fate"] for row in rows}


def tables(yimen: Runner) -> set[str]:
    with closing(sqlite3.connect(yimen.home / "registers.db")) as db:
        return {name for (name,) in db.execute("SELECT name FROM sqlite_master")}


@pytest.fixture
def aged(yimen: Runner, county_files: Path) -> Runner:
    """The home on a later day, with two newer extracts of two registers; it keeps little."""
    later = Runner(yimen.home, LATER)
    for day in ("2027-05-19", "2027-06-19"):
        load(later, county_files, "civil.hukou", day)
    load(later, county_files, "disability.card", "2027-06-19")
    later("prune", "keep", "--snapshots", 1, "--snapshot-days", 10, "--runs", 1, "--run-days", 10)
    return later


def test_old_extracts_go_with_all_their_copies_and_the_newest_stay(aged: Runner) -> None:
    before = tables(aged)
    told = fates(aged, "--dry-run")
    assert tables(aged) == before
    assert (told["snap__civil__hukou__1"], told["snap__civil__hukou__2"]) == ("pruned", "pruned")
    assert (told["snap__civil__hukou__3"], told["snap__disability__card__2"]) == (
        "newest",
        "newest",
    )
    assert told["snap__civil__death__1"] == "newest"
    lake = aged.home / "lake"
    if lake.exists():
        assert (lake / "roster__1.parquet").exists()
    assert "3 went" in aged("prune").err
    gone = {
        "snap__civil__hukou__1",
        "snap__civil__hukou__2",
        "roster__1",
        "roster__2",
        "snap__disability__card__1",
    }
    assert gone <= before
    assert not gone & tables(aged)
    assert not gone & {file.stem for file in lake.glob("*.parquet")}
    assert aged("source", "show", "civil.hukou").out.count("pruned on") == 2
    assert "remains of a load" not in aged("doctor").out
    aged("check", "--household", "H0000001")
    assert "0 went" in aged("prune").err
    actions = [row["action"] for row in aged("journal", "show", "--format", "jsonl").rows]
    assert (actions.count("prune"), actions.count("prune.set")) == (1, 1)


def test_a_number_of_a_pruned_extract_is_not_given_again(aged: Runner, county_files: Path) -> None:
    aged("prune")
    load(aged, county_files, "disability.card", "2027-06-20")
    assert "snap__disability__card__3" in tables(aged)


def test_an_earlier_day_finds_its_extract_gone_and_no_older_one_in_its_place(
    aged: Runner, desk: Any
) -> None:
    from datetime import date

    from yimen.core.store.snapshots import mark_pruned, snapshots_on

    with desk.home.writing() as db:
        mark_pruned(db, ["snap__civil__hukou__2"], date(2027, 6, 20))
    assert snapshots_on(desk.home, date(2027, 1, 1))["civil.hukou"].table == "snap__civil__hukou__1"
    assert "civil.hukou" not in snapshots_on(desk.home, date(2027, 6, 1))
    assert (
        snapshots_on(desk.home, date(2027, 6, 20))["civil.hukou"].table == "snap__civil__hukou__3"
    )


def test_extracts_that_a_filed_report_cites_stay_until_the_county_says_how_long(
    yimen: Runner, accepted: Any, county_files: Path
) -> None:
    number = accepted("eligible")["application_no"]
    yimen("check", number)
    later = Runner(yimen.home, LATER)
    for source in ("civil.hukou", "disability.card"):
        load(later, county_files, source, "2027-06-19")
    later("prune", "keep", "--snapshots", 1, "--snapshot-days", 0)
    assert fates(later, "--dry-run")["snap__disability__card__1"] == "report"
    later("prune", "keep", "--report-months", 1)
    # Its application is open.
    assert fates(later, "--dry-run")["snap__disability__card__1"] == "report"
    later("application", "withdraw", number, "--note", "moved away")
    assert fates(later, "--dry-run")["snap__disability__card__1"] == "pruned"
    later("prune", "keep", "--report-months", 0)
    assert fates(later, "--dry-run")["snap__disability__card__1"] == "report"


def test_old_runs_go_and_a_kept_run_keeps_its_extracts(yimen: Runner, county_files: Path) -> None:
    screen = ("screen", "--no-overlaps", "--engine", "sqlite")
    yimen(*screen)
    load(yimen, county_files, "disability.card", "2026-11-20")
    yimen(*screen)
    later = Runner(yimen.home, LATER)
    for source in ("civil.hukou", "disability.card"):
        load(later, county_files, source, "2027-06-19")
    later("prune", "keep", "--snapshots", 1, "--snapshot-days", 0, "--runs", 1, "--run-days", 0)
    told = fates(later)
    assert (told["S2026-00001"], told["S2026-00002"]) == ("pruned", "newest")
    assert (told["snap__disability__card__1"], told["snap__disability__card__2"]) == (
        "pruned",
        "run",
    )
    assert told["snap__civil__hukou__1"] == "run"
    assert [p.name for p in (yimen.home / "runs").iterdir()] == ["S2026-00002"]
    assert "not in this home any more" in later("screen", "--run", "S2026-00001", code=4).err
    later("screen", "--run", "S2026-00002")
    # The run's row stays as what was once found.
    assert len(later.json("screen", "--runs")) == 2


def test_a_run_that_an_open_overlap_relies_on_stays(yimen: Runner, county_files: Path) -> None:
    yimen("screen", "--engine", "sqlite")
    with closing(sqlite3.connect(yimen.home / "casework.db")) as db, db:
        db.execute("INSERT INTO run SELECT 'S2026-00002', kind, state, begun_at, ended_at,"
                   " operator, households, digest, plan FROM run")  # fmt: skip
    (yimen.home / "runs" / "S2026-00002").mkdir()
    later = Runner(yimen.home, LATER)
    later("prune", "keep", "--runs", 1, "--run-days", 0)
    assert fates(later, "--dry-run")["S2026-00001"] == "overlap"
    with closing(sqlite3.connect(yimen.home / "casework.db")) as db, db:
        db.execute("UPDATE overlap_hit SET state = 'ended'")
    assert fates(later, "--dry-run")["S2026-00001"] == "pruned"


def test_a_run_that_somebody_looks_at_stays_for_the_next_time(aged: Runner, desk: Any) -> None:
    aged("screen", "--no-overlaps", "--engine", "sqlite")
    with closing(sqlite3.connect(aged.home / "casework.db")) as db, db:
        db.execute("UPDATE run SET state = 'given_up'")
    (folder,) = (aged.home / "runs").iterdir()
    with desk.home.alone(folder.name, folder):
        assert fates(aged)[folder.name] == "in_use"
    assert fates(aged)[folder.name] == "pruned"
    assert not folder.exists()


def test_a_killed_pruning_is_finished_by_the_next_one(aged: Runner) -> None:
    script = """
import os, signal
from yimen.core.store import snapshots
snapshots.sweep_orphans = lambda home: os.kill(os.getpid(), signal.SIGKILL)
from yimen.cli import main
main()
"""
    command = [sys.executable, "-c", script, *aged.words("prune")]
    assert subprocess.run(command, check=False, timeout=60).returncode == -signal.SIGKILL
    assert "remains of a load" in aged("doctor").out
    assert "snap__civil__hukou__1" in tables(aged)
    aged("prune")
    assert "remains of a load" not in aged("doctor").out
    assert "snap__civil__hukou__1" not in tables(aged)


@pytest.mark.parametrize("act", ["load", "upkeep"])
def test_nothing_is_pruned_beside_a_load_or_a_backup(aged: Runner, desk: Any, act: str) -> None:
    with desk.home.alone(act):
        assert "doing this already" in aged("prune", code=7).err
    assert "snap__civil__hukou__1" in tables(aged)


def test_a_backup_leaves_pruned_extracts_out_and_is_whole(aged: Runner, tmp_path: Path) -> None:
    aged("prune")
    made = aged("backup", "--to", tmp_path / "store").out.strip()
    aged("backup", "verify", made)


def test_what_is_kept_is_the_countys_to_say(yimen: Runner) -> None:
    yimen("operator", "add", "t1", "--name", "T", "--role", "town", "--division", "370499101")
    town = yimen.acting_as("t1")
    assert "may not do this" in town("prune", "keep", "--runs", 2, code=4).err
    assert "may not do this" in town("prune", code=4).err
    assert yimen.json("prune", "keep") == {
        "snapshots": 3, "snapshot_days": 92, "runs": 7, "run_days": 31, "report_months": None,
    }  # fmt: skip
    assert yimen.json("prune", "keep", "--runs", 2)["runs"] == 2
    assert "Runs of each kind" in yimen("prune", "keep").out
    yimen("prune", "keep", "--snapshots", 0, code=2)
