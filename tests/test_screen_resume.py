"""A screening that was broken off goes on where it was, and ends as if nothing had happened."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Event, Thread, current_thread
from typing import Any

import pytest
from screening import HOUSEHOLDS, resumed_answers, states
from screening import begin as begin

from yimen.core.casework.batch import CountyRun
from yimen.core.store import duckdb_start, runs
from yimen.core.store.runs import folder_of

ENGINES = ("sqlite", "duckdb")


# -- broken off between two parts ----------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
def test_a_run_that_stopped_between_two_parts_goes_on_after_the_last_whole_one(
    civil: Any, begin: Callable[..., CountyRun], answers_of: Callable[..., bytes], engine: str
) -> None:
    first = begin(engine, 50)
    steps = first.go()
    assert [next(steps), next(steps)] == [0, 50]
    first.close()
    assert states(civil) == [("S2026-00001", "running")]

    # The size of its parts may change.
    second = begin(engine, 40)
    assert second.record.run_no == first.record.run_no
    assert list(second.go()) == [50, 90, HOUSEHOLDS]
    assert second.record.state == "done"
    second.close()
    assert states(civil) == [("S2026-00001", "done")]
    assert resumed_answers(begin, engine, first.record.run_no) == answers_of(
        civil, "--engine", engine
    )


def test_a_run_whose_results_an_earlier_version_kept_in_wal_goes_on(
    begin: Callable[..., CountyRun],
) -> None:
    first = begin("sqlite", 50)
    steps = first.go()
    assert [next(steps), next(steps)] == [0, 50]
    first.close()
    folder = folder_of(first.desk.home, first.record.run_no)
    with closing(sqlite3.connect(folder / "results.db")) as conn:
        conn.execute("PRAGMA journal_mode = WAL")
    second = begin("sqlite", 50)
    assert list(second.go()) == [50, 100, HOUSEHOLDS]
    second.close()
    assert not list(folder.glob("results.db-*"))


def test_others_see_a_run_only_with_its_casework(
    begin: Callable[..., CountyRun], civil: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = list[int]()
    freeze = runs.freeze

    def watched(*given: Any) -> None:
        freeze(*given)
        with closing(sqlite3.connect(civil.home / "casework.db")) as other:
            seen.extend(*other.execute("SELECT COUNT(*) FROM run"))

    monkeypatch.setattr(runs, "freeze", watched)
    begin("sqlite", 50).close()
    assert seen == [0]
    assert states(civil) == [("S2026-00001", "running")]


@pytest.mark.parametrize("engine", ENGINES)
def test_what_may_wait_is_done_once_and_beside_the_first_part(
    begin: Callable[..., CountyRun], engine: str
) -> None:
    done, threads = Event(), list[Thread]()

    def waiting() -> None:
        threads.append(current_thread())
        done.set()

    run = begin(engine, 50)
    steps = run.go(waiting)
    next(steps)
    assert threads == []
    assert list(steps) == [50, 100, HOUSEHOLDS]
    run.close()
    assert done.wait(10)
    assert len(threads) == 1
    assert threads != [current_thread()]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_run_whose_parts_are_all_there_is_only_ended(
    civil: Any, begin: Callable[..., CountyRun], engine: str
) -> None:
    first = begin(engine, HOUSEHOLDS)
    steps = first.go()
    assert [next(steps), next(steps)] == [0, HOUSEHOLDS]
    first.close()
    second = begin(engine, HOUSEHOLDS)
    waiting = list[None]()
    assert list(second.go(lambda: waiting.append(None))) == [HOUSEHOLDS]
    assert waiting == []
    assert second.taken is not None
    assert second.taken.new > 0
    second.close()
    assert states(civil) == [("S2026-00001", "done")]


def test_a_run_of_another_plan_begins_beside_one_that_was_broken_off(
    civil: Any, begin: Callable[..., CountyRun]
) -> None:
    first = begin("sqlite", 50)
    next(first.go())
    first.close()
    civil("screen", "--engine", "sqlite", "--division", "370499101")
    civil("check", "--all", "--engine", "sqlite")
    assert states(civil) == [
        ("S2026-00001", "running"), ("S2026-00002", "done"), ("S2026-00003", "done"),
    ]  # fmt: skip
    civil("screen", "--engine", "sqlite")
    assert states(civil)[0] == ("S2026-00001", "done")


def test_what_was_broken_off_yesterday_is_given_up_with_its_files(
    civil: Any, begin: Callable[..., CountyRun]
) -> None:
    first = begin("sqlite", 50)
    steps = first.go()
    next(steps), next(steps)
    first.close()
    folder = civil.home / "runs" / first.record.run_no
    assert (folder / "results.db").exists()
    civil.day = "2026-11-21"
    civil("screen", "--engine", "sqlite")
    assert states(civil) == [("S2026-00001", "given_up"), ("S2026-00002", "done")]
    assert not folder.exists()
    rows = civil("journal", "show", "--subject", "S2026-00001", "--format", "jsonl").rows
    assert [row["action"] for row in rows] == ["screen.begin", "screen.given_up"]
    civil("journal", "verify")


def test_a_run_that_was_killed_before_its_casework_was_kept_is_given_up(
    civil: Any, begin: Callable[..., CountyRun]
) -> None:
    begin("sqlite", 50).close()
    (civil.home / "runs" / "S2026-00001" / "casework.json").unlink()
    civil("screen", "--engine", "sqlite")
    assert states(civil) == [("S2026-00001", "given_up"), ("S2026-00002", "done")]


def test_a_run_keeps_to_the_casework_with_which_it_began(
    civil: Any, civil_stories: Any, begin: Callable[..., CountyRun]
) -> None:
    family = civil_stories["unknown"]["household_no"]
    undisturbed = civil.json("screen", "--engine", "sqlite", "--list")
    first = begin("sqlite", 5)
    next(first.go())
    first.close()
    civil("intake", civil_stories["unknown"]["id_number"], "--no-ask")
    after = civil.json("screen", "--engine", "sqlite", "--list")
    assert [r["state"] for r in civil.json("screen", "--runs")] == ["done", "done"]
    assert [r for r in after if r["household_no"] == family] == [
        r for r in undisturbed if r["household_no"] == family
    ]


# -- the lake ------------------------------------------------------------------------------------


def without_files(home: Path) -> None:
    shutil.rmtree(home / "lake")


def without_one_file(home: Path) -> None:
    next((home / "lake").glob("snap__civil__assistance__*")).unlink()


def in_another_form(home: Path) -> None:
    for file in (home / "lake").glob("*.parquet"):
        file.write_bytes(b"as an earlier version wrote it")
    (home / "lake" / "format").write_text("1", "ascii")


@pytest.mark.parametrize("lose", [without_files, without_one_file, in_another_form])
def test_a_lake_that_lost_its_files_is_filled_again_from_the_registers(
    civil: Any, answers_of: Callable[..., bytes], lose: Callable[[Path], None]
) -> None:
    wanted = answers_of(civil, "--engine", "sqlite")
    before = {file.name for file in (civil.home / "lake").glob("*.parquet")}
    lose(civil.home)
    assert answers_of(civil, "--engine", "duckdb") == wanted
    after = {file.name for file in (civil.home / "lake").glob("*.parquet")}
    # A register that a screening does not read is filled in when somebody reads it.
    assert before - after <= {"snap__civil__bank__1.parquet"} | unread(before)
    assert after <= before
    assert not list((civil.home / "lake").glob("scratch.*"))


def unread(files: set[str]) -> set[str]:
    return {name for name in files if "enrolment" in name or "supporter" in name}


def test_a_home_that_was_loaded_without_duckdb_is_screened_by_it_later(
    civil: Any, civil_files: Path, answers_of: Callable[..., bytes],
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> None:  # fmt: skip
    plain = type(civil)(tmp_path / "plain")
    with monkeypatch.context() as patch:
        patch.setattr(duckdb_start, "is_installed", lambda: False)
        plain("init", "--synthetic")
        plain("source", "load", "--all", civil_files)
        assert not (plain.home / "lake").exists()
        wanted = answers_of(plain)
    assert answers_of(plain, "--engine", "duckdb") == wanted
    assert list((plain.home / "lake").glob("roster__*.parquet"))
