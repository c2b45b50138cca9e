"""The store: what is confirmed stays, many processes share a home, and trouble is one sentence."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from store_processes import TODAY, ended, start_together

from yimen.core.clock import Clock
from yimen.core.errors import HomeMissing
from yimen.core.store.connection import connect, transaction
from yimen.core.store.home import create_home, open_home

HOLDER = """
import sqlite3, sys
conn = sqlite3.connect(sys.argv[1])
conn.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.readline()
"""


@contextmanager
def held_by_another_process(path: Path) -> Iterator[None]:
    child = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    try:
        yield
    finally:
        child.communicate("done\n", timeout=30)


@pytest.mark.parametrize("begun", [False, True])
def test_of_three_processes_that_make_a_home_at_once_one_succeeds(
    tmp_path: Path, begun: bool
) -> None:
    home = tmp_path / "home"
    words = ["--home", str(home), "init", "--synthetic"]
    if begun:
        # A home whose making was killed needs no migration, so all three reach the same step.
        create_home(home, {"county": "370499000000"}, Clock(TODAY)).close()
        with held_by_another_process(home / "casework.db"):
            children = start_together(3, "init", words)
            time.sleep(0.5)
        left = ended(children)
    else:
        left = ended(start_together(3, "init", words))
    assert sorted(code for code, __, __ in left) == [0, 4, 4], left
    assert all("There is a home here already." in err for code, __, err in left if code)
    opened = open_home(home, today=TODAY)
    conn = opened.casework.conn
    assert conn.execute("SELECT COUNT(*) FROM operator").fetchone()[0] == 1
    assert conn.execute("SELECT action FROM journal").fetchall() == [("init",)]
    opened.close()


def test_a_home_whose_making_was_killed_can_be_made_again(yimen_nowhere: Any) -> None:
    made = create_home(yimen_nowhere.home, {"county": "370499000000"}, Clock(TODAY))
    made.close()
    said = yimen_nowhere("operator", "list", code=3)
    assert "never finished" in said.err
    yimen_nowhere("init", "--synthetic")
    yimen_nowhere("operator", "list")


def test_a_home_belongs_to_its_owner_alone(empty_home: Path) -> None:
    assert stat.S_IMODE(empty_home.stat().st_mode) == 0o700


def test_a_second_init_is_refused_and_changes_nothing(yimen: Any) -> None:
    before = yimen("operator", "list").out
    assert "already" in yimen("init", "--synthetic", code=4).err
    assert yimen("operator", "list").out == before


def test_what_a_failed_transaction_wrote_is_gone(tmp_path: Path) -> None:
    db = connect(tmp_path / "x.db", synchronous="FULL")
    db.conn.execute("CREATE TABLE t (a UNIQUE)")
    with pytest.raises(sqlite3.IntegrityError), transaction(db):
        db.conn.executemany("INSERT INTO t VALUES (?)", [(1,), (1,)])
    with transaction(db):
        db.conn.execute("INSERT INTO t VALUES (2)")
    assert db.conn.execute("SELECT a FROM t").fetchall() == [(2,)]
    assert not db.conn.in_transaction
    db.conn.close()


def test_a_transaction_takes_the_lock_before_its_first_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YIMEN_BUSY_SECONDS", "0")
    path = tmp_path / "x.db"
    first, second = connect(path, synchronous="FULL"), connect(path, synchronous="FULL")
    with (
        transaction(first),
        pytest.raises(sqlite3.OperationalError, match="locked"),
        transaction(second),
    ):
        pass
    with transaction(second):
        pass
    first.conn.close()
    second.conn.close()


@pytest.mark.parametrize("database", ["casework.db", "registers.db"])
def test_a_locked_database_is_one_sentence_and_exit_code_seven(
    yimen: Any, county_files: Path, monkeypatch: pytest.MonkeyPatch, database: str
) -> None:
    monkeypatch.setenv("YIMEN_BUSY_SECONDS", "0.2")
    words = ["source", "load", "civil.death", county_files / "civil.death.csv",
             "--as-of", "2026-11-20"]  # fmt: skip
    before = yimen("journal", "show", "--format", "jsonl").rows
    with held_by_another_process(yimen.home / database):
        said = yimen.process(*words, code=7)
    assert said.out == ""
    assert said.err == (
        "Another process is writing to this home. "
        "Nothing was changed; try again in a moment.\n"
    )  # fmt: skip
    kept = yimen("journal", "show", "--format", "jsonl").rows
    assert [r for r in kept[len(before) :] if r["action"] != "clock.moved"] == []
    yimen.process(*words)


def test_readers_are_not_kept_waiting_by_a_writer(
    yimen: Any, truth: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YIMEN_BUSY_SECONDS", "0.2")
    with held_by_another_process(yimen.home / "casework.db"):
        home = open_home(yimen.home, today=TODAY)
        assert home.casework.conn.execute("SELECT COUNT(*) FROM household").fetchone()[0] >= 300
        home.close()


@pytest.mark.parametrize("said", ["soon", "-1", "nan"])
def test_a_waiting_time_that_is_no_number_is_a_sentence(
    yimen: Any, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    monkeypatch.setenv("YIMEN_BUSY_SECONDS", said)
    assert "YIMEN_BUSY_SECONDS" in yimen("operator", "list", code=5).err


def test_a_missing_home_is_exit_code_three_and_is_not_made(yimen_nowhere: Any) -> None:
    for words in (["query", "37049919900101001X"], ["doctor"], ["journal", "verify"]):
        said = yimen_nowhere(*words, code=3)
        assert said.err.startswith(f"{yimen_nowhere.home}: There is no Yimen home here. ")
    assert not yimen_nowhere.home.exists()
    with pytest.raises(HomeMissing):
        open_home(yimen_nowhere.home)


def test_a_refused_init_leaves_no_folder(yimen_nowhere: Any) -> None:
    for words in (["init"], ["init", "--county", "999999"], ["init", "--county", "370481001"]):
        yimen_nowhere.day = None
        yimen_nowhere(*words, code=5)
        assert not yimen_nowhere.home.exists()


def test_a_home_in_a_place_that_is_a_file_is_refused(yimen_nowhere: Any) -> None:
    yimen_nowhere.home.write_text("not a folder", "utf-8")
    assert "cannot be made" in yimen_nowhere("init", "--synthetic", code=4).err
    yimen_nowhere("operator", "list", code=3)
