"""A backup is whole or absent, agrees with its journal, and becomes a home only where none is."""

from __future__ import annotations

import json
import resource
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from conftest import Runner

# Records facts without end, each in one transaction with its row of the journal.
WRITER = """
import sys
from datetime import date
from pathlib import Path
from yimen.core.casework.operators import sit_down
from yimen.core.store.home import open_home
desk = sit_down(open_home(Path(sys.argv[1]), today=date(2026, 11, 20)))
while True:
    with desk.home.writing() as db:
        db.conn.execute(
            "INSERT INTO recorded_fact (subject, fact, value, status, source, as_of, recorded_by,"
            " recorded_at) VALUES ('M0000001', 'f', '1', 'declared', 's', '2026-11-20', 'a', 't')"
        )
        desk.record(db, "written", "M0000001", {})
    print("written", flush=True)
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Where backups lie."""
    return tmp_path / "store"


def backed_up(yimen: Runner, store: Path, *words: object) -> Path:
    return Path(yimen("backup", "--to", store, *words).out.strip())


def restored(backup: Path, home: Path) -> Runner:
    runner = Runner(home)
    runner("restore", backup)
    return runner


def rows(database: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(database)) as db:
        return db.execute(sql).fetchall()


def test_a_home_of_a_backup_answers_as_the_one_that_was_copied(
    yimen: Runner, truth: Any, dispatched: Any, store: Path, tmp_path: Path
) -> None:
    yimen("screen", "--no-overlaps", "--engine", "sqlite")
    number = truth["stories"]["eligible"]["id_number"]
    before = yimen.json("query", number), yimen.json("screen", "--run", "last")
    backup = backed_up(yimen, store)
    assert "is whole" in yimen("backup", "verify", backup).out
    again = restored(backup, tmp_path / "again")
    assert (again.json("query", number), again.json("screen", "--run", "last")) == before
    again("journal", "verify")
    assert "fault" not in again("doctor").out
    last = again("journal", "show", "--format", "jsonl").rows
    assert [row["action"] for row in last].count("restore") == 1
    own = yimen("journal", "show", "--format", "jsonl").rows
    assert [row["subject"] for row in own if row["action"] == "backup.make"] == ["home"]


def test_a_backup_taken_while_another_process_writes_agrees_with_its_journal(
    yimen: Runner, store: Path
) -> None:
    command = [sys.executable, "-c", WRITER, str(yimen.home)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        found = []
        for number in range(3):
            writer.stdout.readline()
            backup = backed_up(yimen, store / str(number))
            yimen("backup", "verify", backup)
            facts = rows(backup / "casework.db", "SELECT COUNT(*) FROM recorded_fact")[0][0]
            told = rows(
                backup / "casework.db", "SELECT COUNT(*) FROM journal WHERE action = 'written'"
            )
            assert told == [(facts,)]
            found.append(facts)
        writer.kill()
    assert found == sorted(found)
    assert found[0] > 0


def test_a_load_at_work_is_left_out_as_if_it_had_not_begun(
    yimen: Runner, store: Path, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(yimen.home / "registers.db")) as db:
        db.execute("CREATE TABLE snap__hukou__9 (row_no INTEGER)")
    assert "remains of a load" in yimen("doctor").out
    again = restored(backed_up(yimen, store), tmp_path / "again")
    assert "remains of a load" not in again("doctor").out


def test_a_home_is_never_written_over(yimen: Runner, store: Path, tmp_path: Path) -> None:
    backup = backed_up(yimen, store)
    before = rows(yimen.home / "casework.db", "SELECT COUNT(*) FROM journal")
    assert "not empty" in yimen("restore", backup, code=4).err
    assert rows(yimen.home / "casework.db", "SELECT COUNT(*) FROM journal") == before
    other = tmp_path / "other"
    other.mkdir()
    (other / "notes.txt").write_text("mine")
    assert "not empty: notes.txt" in Runner(other)("restore", backup, code=4).err
    assert [p.name for p in other.iterdir()] == ["notes.txt"]
    assert "lost with it" in yimen("backup", "--to", yimen.home / "copies", code=4).err


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


DAMAGE: dict[str, Any] = {
    "not as it was written": lambda folder: flip(folder / "registers.db"),
    "it is missing": lambda folder: (folder / "casework.db").unlink(),
    "does not name it": lambda folder: (folder / "more.db").write_bytes(b""),
    "no whole backup": lambda folder: (folder / "manifest.json").unlink(),
    "is damaged": lambda folder: (folder / "manifest.json").write_text("{}"),
}


@pytest.mark.parametrize("words", DAMAGE)
def test_a_damaged_backup_is_told_and_makes_no_home(
    yimen: Runner, store: Path, tmp_path: Path, words: str
) -> None:
    backup = backed_up(yimen, store)
    DAMAGE[words](backup)
    assert words in yimen("backup", "verify", backup, code=5).err
    refused = Runner(tmp_path / "again")("restore", backup, code=5).err
    assert words in refused
    assert refused.count("\n") == 1
    assert not (tmp_path / "again").exists()


def changed(backup: Path, name: str, sql: str) -> None:
    """Changes a database of a backup, and its line of the manifest with it."""
    from yimen.core.store.copies import digest_of

    with closing(sqlite3.connect(backup / name, isolation_level=None)) as db:
        db.execute(sql)
    said = json.loads((backup / "manifest.json").read_text("utf-8"))
    for entry in said["files"]:
        if entry["path"] == name:
            entry |= {"bytes": (backup / name).stat().st_size, "sha256": digest_of(backup / name)}
    (backup / "manifest.json").write_text(json.dumps(said))


def test_what_was_changed_together_with_the_manifest_is_found_by_the_journal_s_chain(
    yimen: Runner, store: Path
) -> None:
    backup = backed_up(yimen, store)
    changed(backup, "casework.db", "UPDATE journal SET account = 'nobody' WHERE seq = 2")
    assert "broken at row 2" in yimen("backup", "verify", backup, code=5).err
    other = backed_up(yimen, store / "other")
    changed(other, "casework.db", "DELETE FROM journal WHERE seq = (SELECT MAX(seq) FROM journal)")
    assert "another head" in yimen("backup", "verify", other, code=5).err


def test_a_newer_home_is_not_restored_by_an_older_yimen(
    yimen: Runner, store: Path, tmp_path: Path
) -> None:
    backup = backed_up(yimen, store)
    changed(backup, "registers.db", "PRAGMA user_version = 999")
    assert "newer Yimen" in Runner(tmp_path / "again")("restore", backup, code=4).err
    assert not (tmp_path / "again").exists()


def killed(yimen: Runner, *words: object, at: int) -> None:
    """Runs a command in a process that is killed when it has put so many things on the disk."""
    script = """
import itertools, os, signal, sys
from yimen.core.store import copies
at, done, put = int(sys.argv.pop(1)), itertools.count(1), copies.synced
def synced(path):
    put(path)
    if next(done) == at:
        os.kill(os.getpid(), signal.SIGKILL)
copies.synced = synced
from yimen.cli import main
main()
"""
    command = [sys.executable, "-c", script, str(at), *yimen.words(*words)]
    assert subprocess.run(command, check=False, timeout=60).returncode == -signal.SIGKILL


def test_a_killed_backup_leaves_nothing_that_looks_whole_and_the_next_one_clears_it(
    yimen: Runner, store: Path
) -> None:
    killed(yimen, "backup", "--to", store, at=3)
    (left,) = store.iterdir()
    assert left.name.startswith(".yimen-")
    assert (left / "manifest.json").exists()
    backup = backed_up(yimen, store)
    assert list(store.iterdir()) == [backup]


@pytest.mark.parametrize("at", [1, 3])
def test_a_broken_off_restore_is_no_home_and_can_be_repeated(
    yimen: Runner, store: Path, tmp_path: Path, at: int
) -> None:
    backup, half = backed_up(yimen, store), Runner(tmp_path / "half")
    killed(half, "restore", backup, at=at)
    assert (half.home / ".restoring").exists()
    assert "no Yimen home" in half("doctor", code=3).err
    half("restore", backup)
    half("journal", "verify")
    assert not (half.home / ".restoring").exists()


def small_files() -> None:
    """As a full disk: no file grows beyond some hundred kilobytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))


def test_a_disk_that_is_full_is_one_sentence_and_leaves_nothing(
    yimen: Runner, store: Path, tmp_path: Path
) -> None:
    child = yimen.start("backup", "--to", store, preexec_fn=small_files)
    out, err = child.communicate(timeout=60)
    assert (child.returncode, out, err.count("\n")) == (4, "", 1), err
    assert "The backup cannot be written" in err
    assert list(store.iterdir()) == []
    again = Runner(tmp_path / "again")
    backup = backed_up(yimen, store)
    child = again.start("restore", backup, preexec_fn=small_files)
    out, err = child.communicate(timeout=60)
    assert (child.returncode, out, err.count("\n")) == (4, "", 1), err
    assert "cannot be restored" in err
    assert "no Yimen home" in again("doctor", code=3).err
    again("restore", backup)


def test_private_keys_are_copied_only_when_asked_for(
    yimen: Runner, store: Path, tmp_path: Path
) -> None:
    yimen("department", "key", "make")
    without = yimen("backup", "--to", store / "a")
    assert "Private keys are not in it" in without.err
    again = restored(Path(without.out.strip()), tmp_path / "a")
    assert "private key cannot be read" in again("doctor", code=5).out
    with_keys = restored(backed_up(yimen, store / "b", "--keys"), tmp_path / "b")
    with_keys("doctor")
    (key,) = (tmp_path / "b" / "keys").iterdir()
    assert key.stat().st_mode & 0o777 == 0o600


def test_results_of_runs_can_be_left_out(yimen: Runner, store: Path, tmp_path: Path) -> None:
    yimen("screen", "--no-overlaps", "--engine", "sqlite")
    again = restored(backed_up(yimen, store, "--no-runs"), tmp_path / "again")
    assert "not in this home any more" in again("screen", "--run", "last", code=4).err


def test_two_backups_of_one_home_do_not_run_at_once(desk: Any, store: Path) -> None:
    from yimen.core.casework.backup import back_up
    from yimen.core.errors import Busy

    with desk.home.alone("upkeep"), pytest.raises(Busy):
        back_up(desk, store)
