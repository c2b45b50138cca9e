"""The store: what is confirmed stays, many processes share a home, and trouble is one sentence."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database as Tables

from yimen.core.clock import Clock
from yimen.core.errors import (
    BadFile,
    Busy,
    HomeMissing,
    HomeReadOnly,
    Refused,
)
from yimen.core.store import migrations, schema
from yimen.core.store.connection import connect, explain, spilling, transaction
from yimen.core.store.home import create_home, kind_of_mount, open_home

TODAY = date(2026, 11, 20)
STEPS = [m.name for m in migrations.casework._migrations]
ROWS = {
    "home": "INSERT INTO home VALUES ('county', '370499000000'), ('synthetic', '1')",
    "operator": "INSERT INTO operator VALUES ('admin', 'P0001', 'Li', '[\"it\"]',"
    " '370499000000', NULL)",
    "operator_account": "INSERT INTO operator_account VALUES ('root', 'admin')",
    "household": "INSERT INTO household VALUES (1, 'key', '2026-01-01')",
    "member": "INSERT INTO member VALUES (1, 'identity', 'Li', '2026-01-01')",
    "application": "INSERT INTO application (application_no, household_no, applicant, state,"
    " first_officer, division, submitted_on, rev) VALUES ('A2026-00001', 'H0000001', 'M0000001',"
    " 'submitted', 'admin', '370499000000', '2026-01-01', 1)",
    "draft": "INSERT INTO draft (operator_no, form, subject, rev, fields, saved_at) VALUES"
    " ('admin', 'intake', 'H0000001', NULL, '{\"scan\": \"a\"}', '2026-01-01T09:00:00+08:00')",
    "referral": "INSERT INTO referral (referral_no, application_no, household_no, programme,"
    " department, division, state, dispatched_on, due_sign, due_accept, due_finish, provisional,"
    " report_no, rules_hash, facts, proposal, returns, rev) VALUES ('R2026-00001', 'A2026-00001',"
    " 'H0000001', 'CIV-DB', 'civil', '370499101000', 'fed_back', '2026-01-02', '2026-01-03',"
    " '2026-01-04', '2026-02-01', 0, 'C0', 'hash', '{}', '{}', 0, 1)",
    "benefit": "INSERT INTO benefit (benefit_no, household_no, programme, department, from_month,"
    " referral_no) VALUES ('B2026-00001', 'H0000001', 'CIV-DB', 'civil', '2026-02', 'R2026-00001')",
    "office": "INSERT INTO office VALUES (1, '370499000000', '', 'Office', '', '1', '', '', '',"
    " 'admin', '2026-01-01')",
    "notice": "INSERT INTO notice VALUES ('N2026-00001', 'tekun', 'A2026-00001', 'R2026-00001',"
    " 'CIV-TK', '370499101000', '2026-01-05', '2026-01-12', 0, 'board', '{}', 'admin', '2026')",
    "notice_act": "INSERT INTO notice_act (id, notice_no, act, day, note, recorded_by, recorded_at)"
    " VALUES (1, 'N2026-00001', 'taken_down', '2026-01-13', '', 'admin', '2026')",
    "benefit_act": "INSERT INTO benefit_act VALUES (1, 'B2026-00001', 'heard', '2026-01-13', NULL,"
    " NULL, NULL, NULL, 'said', 'admin', '2026')",
    "purchase": "INSERT INTO purchase VALUES ('G2026-00001', 'Visits', '', '370499000000',"
    " '2026-01-01', 'admin', '2026-01-01T08:00:00+08:00')",
    "purchase_line": "INSERT INTO purchase_line VALUES (1, 'G2026-00001', 'A1', 'visit', 10)",
    "purchase_act": "INSERT INTO purchase_act VALUES (1, 'G2026-00001', 'demand', '2026-01-02',"
    " '2026-01-02T08:00:00+08:00', 'admin', '{}')",
    "purchase_contract": "INSERT INTO purchase_contract VALUES ('K2026-00001', 'G2026-00001',"
    " 'Sunshine', 'C1', '2026-01-03', '2026-01-03', '2026-12-31', 0, 'a.pdf', '00', 'admin',"
    " '2026-01-03T08:00:00+08:00')",
    "service_order": "INSERT INTO service_order VALUES ('D2026-00001', 'G2026-00001',"
    " 'K2026-00001', 1, 'A1', 'visit', 2, 'H0000001', 'M0000001', 'care', '370499101001',"
    " '2026-01-04', '2026-01-31', '', 'admin', '2026-01-04T08:00:00+08:00')",
    "handover_key": "INSERT INTO handover_key VALUES (1, '00', 'civil', 'x', 'PEM', '2026-01-01',"
    " NULL, 'admin', '2026-01-01')",
    "message": "INSERT INTO message (id, direction, home_id, origin_no, sequence, message_id, kind,"
    " payload, digest, state, kept_at, kept_by) VALUES (1, 'in', 'x', 'R2026-00001', 1, 'x/1',"
    " 'move', '{}', '00', 'waiting', '2026-01-01', 'admin')",
    "supplement_notice": "INSERT INTO supplement_notice (application_no, given_on, items,"
    " given_by) VALUES ('A2026-00001', '2026-01-01', '[]', 'admin')",
    "checklist_act": "INSERT INTO checklist_act (subject, checklist, step, act, evidence, note,"
    " operator, at) VALUES ('A2026-00001', 'intake', 'receipt', 'done', '[]', '', 'admin',"
    " '2026-01-01T09:00:00+08:00')",
    "checklist_draft": "INSERT INTO checklist_draft VALUES ('A2026-00001', 'intake', 'admin',"
    " '{}', '2026-01-01T09:00:00+08:00')",
}


def schema_of(path: Path) -> list[tuple[str, str]]:
    with sqlite3.connect(path) as conn:
        return conn.execute(
            "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"
        ).fetchall()


def rows_of(path: Path) -> dict[str, list[dict[str, Any]]]:
    """The rows of the tables that hold any of ROWS."""
    conn = sqlite3.connect(path)
    conn.row_factory = sqlite3.Row
    tables = [t for t in ROWS if conn.execute(
        "SELECT 1 FROM sqlite_master WHERE name = ?", [t]).fetchone()]  # fmt: skip
    found = {t: [dict(r) for r in conn.execute(f'SELECT * FROM "{t}"')] for t in tables}
    conn.close()
    return found


def home_at_step(folder: Path, applied: int) -> Path:
    """A casework.db as the first so many steps left it, with a row in each table."""
    folder.mkdir()
    path = folder / "casework.db"
    db = connect(path, synchronous="FULL")
    with transaction(db):
        if applied < len(STEPS):
            migrations.casework.apply(Tables(db.conn), stop_before=STEPS[applied])
        else:
            migrations.casework.apply(Tables(db.conn))
        db.conn.execute(f"PRAGMA user_version = {applied}")
    with transaction(db):
        for table, sql in ROWS.items():
            if table in db.table_names():
                db.conn.execute(sql)
    db.conn.close()
    return path


def test_a_file_is_up_to_date_when_every_step_ran() -> None:
    for name, steps in (("casework", migrations.casework), ("registers", migrations.registers)):
        assert schema.STEPS[name] == len(steps._migrations)


def test_an_open_home_needs_nothing_that_alters_tables(empty_home: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from yimen.core.store.home import open_home;"
        "open_home(Path(sys.argv[1])).registers; sys.exit('sqlite_utils' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(empty_home)], check=False)
    assert done.returncode == 0


def test_migrations_run_from_an_empty_file(tmp_path: Path) -> None:
    db = connect(tmp_path / "casework.db", synchronous="FULL")
    schema.apply(db, "casework")
    assert [m.name for m in migrations.casework.applied(Tables(db.conn))] == STEPS
    assert db.conn.execute("PRAGMA user_version").fetchone()[0] == len(STEPS)
    for settled in ("journal_mode", "foreign_keys", "synchronous"):
        expected: dict[str, Any] = {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2}
        assert db.conn.execute(f"PRAGMA {settled}").fetchone()[0] == expected[settled]
    db.conn.close()


@pytest.mark.parametrize("applied", range(1, len(STEPS)))
def test_migrations_run_from_each_earlier_step_and_keep_its_rows(
    tmp_path: Path, applied: int
) -> None:
    old = home_at_step(tmp_path / "old", applied)
    home_at_step(tmp_path / "new", len(STEPS))
    before = rows_of(old)
    assert before["home"]
    columns = {table: list(rows[0]) for table, rows in before.items()}
    open_home(tmp_path / "old", today=TODAY).close()
    assert schema_of(old) == schema_of(tmp_path / "new" / "casework.db")
    # A later step may add a column, and must keep all that was there.
    after = rows_of(old)
    assert {
        table: [{name: row[name] for name in columns[table]} for row in after[table]]
        for table in before
    } == before
    with sqlite3.connect(old) as conn:
        assert conn.execute("PRAGMA foreign_key_check").fetchall() == []


def test_no_table_of_cases_cascades(tmp_path: Path) -> None:
    path = home_at_step(tmp_path / "home", len(STEPS))
    sentences = [sql.upper() for __, sql in schema_of(path)]
    assert any("REFERENCES" in sql for sql in sentences)
    assert not [sql for sql in sentences if "CASCADE" in sql]


def test_a_migration_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = home_at_step(tmp_path / "home", 2)
    before = schema_of(path)
    with sqlite3.connect(path) as conn:
        conn.execute("CREATE TABLE referral (in_the_way TEXT)")
    with pytest.raises(sqlite3.OperationalError, match="referral"):
        open_home(tmp_path / "home")
    with sqlite3.connect(path) as conn:
        conn.execute("DROP TABLE referral")
    assert schema_of(path) == before
    open_home(tmp_path / "home", today=TODAY).close()


def test_a_home_of_a_newer_yimen_is_refused_and_not_touched(empty_home: Path) -> None:
    with sqlite3.connect(empty_home / "casework.db") as conn:
        conn.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    with pytest.raises(Refused, match="newer"):
        open_home(empty_home, today=TODAY)


TOGETHER = """
import sys
from yimen.cli import run
import yimen.commands.{module}, yimen.core.casework.operators, yimen.core.casework.setup
import yimen.core.store.migrations, yimen.core.rules.catalogue
print("ready", flush=True)
sys.stdin.readline()
sys.exit(run({words!r}))
"""


def start_together(count: int, module: str, words: list[str]) -> list[subprocess.Popen[str]]:
    """Starts the same command in so many processes, which all wait until all are ready."""
    children = [
        subprocess.Popen(
            [sys.executable, "-c", TOGETHER.format(module=module, words=words)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for __ in range(count)
    ]
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    return children


def ended(children: list[subprocess.Popen[str]]) -> list[tuple[int, str, str]]:
    """Exit code, stdout and stderr of each."""
    left = [child.communicate(timeout=60) for child in children]
    return [(c.returncode, out, err) for c, (out, err) in zip(children, left, strict=True)]


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


@pytest.mark.parametrize("applied", [1, 2, 3])
def test_three_processes_that_open_an_old_home_at_once_all_succeed(
    tmp_path: Path, applied: int
) -> None:
    path = home_at_step(tmp_path / "home", applied)
    with sqlite3.connect(path) as conn:
        from yimen.core.casework.doors import os_account

        conn.execute("UPDATE operator_account SET account = ?", [os_account()])
    left = ended(start_together(3, "operator", ["--home", str(path.parent), "operator", "list"]))
    assert [code for code, __, __ in left] == [0, 0, 0], left
    db = connect(path, synchronous="FULL")
    assert [m.name for m in migrations.casework.applied(Tables(db.conn))] == STEPS
    db.conn.close()


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


# The account changes after a first run, since it may not be able to read this machine's Python.
AS_SOMEBODY_ELSE = """
import os, sys
from yimen.cli import run
from yimen.core.rules.catalogue import load_catalogue
warm, home, *words = sys.argv[1:]
run(["--home", warm, *words])
run(["--home", warm + "/again", *words])
sys.stdout.flush()
sys.stderr.write("-- now --\\n")
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
sys.exit(run(["--home", home, *words]))
"""


def as_somebody_else(warm: Path, home: Path, *words: str) -> tuple[int, str]:
    """Runs a command under an account that is not root; its exit code and stderr."""
    done = subprocess.run(
        [sys.executable, "-c", AS_SOMEBODY_ELSE, str(warm), str(home), *words],
        capture_output=True, text=True, timeout=60, check=False, cwd="/",
    )  # fmt: skip
    return done.returncode, done.stderr.partition("-- now --\n")[2]


@pytest.fixture
def public_copy(empty_home: Path) -> Iterator[Path]:
    """A copy of a home that any account can reach, and read but not write."""
    top = Path(tempfile.mkdtemp(prefix="yimen-test-"))
    top.chmod(0o755)
    home = Path(shutil.copytree(empty_home, top / "home"))
    for path in home.rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    home.chmod(0o555)
    yield home
    home.chmod(0o755)
    for path in home.rglob("*"):
        path.chmod(0o755)
    shutil.rmtree(top)


def test_a_home_that_the_account_cannot_write_is_exit_code_four(
    empty_home: Path, public_copy: Path
) -> None:
    before = {p: p.read_bytes() for p in public_copy.rglob("*") if p.is_file()}
    for words in (["operator", "list"], ["source", "list"], ["doctor"]):
        code, said = as_somebody_else(empty_home, public_copy, *words)
        assert code == 4, said
        assert said.startswith(f"{public_copy}: The home cannot be written. Check who owns ")
        assert said.count("\n") == 1
    assert {p: p.read_bytes() for p in public_copy.rglob("*") if p.is_file()} == before


def test_a_home_that_the_account_cannot_even_enter_is_exit_code_four(
    empty_home: Path, public_copy: Path
) -> None:
    public_copy.chmod(0)
    code, said = as_somebody_else(empty_home, public_copy, "operator", "list")
    assert code == 4, said
    assert said.startswith(f"{public_copy}: The home cannot be written. ")
    assert said.count("\n") == 1


def test_a_home_cannot_be_made_where_the_account_may_not_write(
    empty_home: Path, public_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YIMEN_DEPARTMENTS", "none")
    deeper = public_copy / "deeper"
    code, said = as_somebody_else(empty_home, deeper, "init", "--synthetic")
    assert code == 4, said
    assert said.startswith(f"{deeper}: The folder cannot be made: ")
    assert not deeper.exists()


READ_ONLY_DISK = """
mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" || exit 99
shift
exec "$@"
"""


def test_a_home_on_a_read_only_disk_is_exit_code_four(yimen: Any) -> None:
    command = [sys.executable, "-c", "from yimen.cli import main; main()"]
    try:
        done = subprocess.run(
            ["unshare", "--mount", "sh", "-c", READ_ONLY_DISK, "sh", str(yimen.home),
             *command, *yimen.words("operator", "list")],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    except FileNotFoundError:
        pytest.skip("no unshare on this machine")
    if done.returncode == 99 or "unshare failed" in done.stderr:
        pytest.skip("this account may not mount")
    assert done.returncode == 4, done
    assert "The home cannot be written." in done.stderr


def test_a_damaged_database_is_a_sentence_that_names_the_backup(yimen: Any) -> None:
    path = yimen.home / "registers.db"
    words = ["check", "--all", "--engine", "sqlite", "--columns", "household_no"]
    household = yimen.json(*words)[0]["household_no"]
    content = bytearray(path.read_bytes())
    content[:4096] = b"\x00" * 4096
    path.write_bytes(content)
    said = yimen.process("household", "show", household, code=5)
    assert "damaged" in said.err
    (yimen.home / "casework.db").write_bytes(b"this is a text and no database at all" * 200)
    for name in ("casework.db-wal", "casework.db-shm"):
        (yimen.home / name).unlink(missing_ok=True)
    assert "damaged" in yimen.process("operator", "list", code=5).err


@pytest.mark.parametrize(
    "message, kind",
    [
        ("database is locked", Busy),
        ("attempt to write a readonly database", HomeReadOnly),
        ("unable to open database file", HomeReadOnly),
        ("database or disk is full", Refused),
        ("disk I/O error", Refused),
        ("database disk image is malformed", BadFile),
        ("file is not a database", BadFile),
    ],
)
def test_each_trouble_of_sqlite_has_its_error(message: str, kind: type[Exception]) -> None:
    known = explain(sqlite3.OperationalError(message), Path("/home"))
    assert type(known) is kind
    assert str(known).startswith("/home: ")


def test_what_is_a_bug_stays_a_bug() -> None:
    assert explain(sqlite3.OperationalError("no such column: x")) is None
    assert explain(sqlite3.IntegrityError("UNIQUE constraint failed: a.b")) is None


MOUNTS = """\
/dev/vda / ext4 rw,relatime 0 0
proc /proc proc rw 0 0
server:/export /mnt/share nfs4 rw 0 0
//server/a /mnt/with\\040space cifs rw 0 0
/dev/vdb /mnt/share/local ext4 rw 0 0
me@host:/ /home/me/far fuse.sshfs rw 0 0
"""


@pytest.mark.parametrize(
    "path, kind",
    [
        ("/srv/home", "ext4"),
        ("/mnt/share", "nfs4"),
        ("/mnt/share/yimen/home", "nfs4"),
        ("/mnt/shared", "ext4"),
        ("/mnt/share/local/home", "ext4"),
        ("/mnt/with space/home", "cifs"),
        ("/home/me/far/home", "fuse.sshfs"),
    ],
)
def test_the_disk_of_a_folder_is_the_deepest_mount_above_it(path: str, kind: str) -> None:
    assert kind_of_mount(Path(path), MOUNTS) == kind


def test_the_environment_never_decides_which_account_works(
    yimen: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from yimen.core.casework.doors import os_account

    real = os_account()
    for name in ("USER", "LOGNAME", "SUDO_USER"):
        monkeypatch.setenv(name, "somebody")
    assert os_account() == real
    assert os.getuid() >= 0
    yimen("operator", "list")


def unnamed_files() -> list[str]:
    """Files of this process that have no name any more."""
    found = []
    for number in os.listdir("/proc/self/fd"):
        with suppress(FileNotFoundError):
            found.append(os.readlink(f"/proc/self/fd/{number}"))
    return [name for name in found if name.endswith(" (deleted)")]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux tells open files")
def test_what_a_load_sorts_goes_to_files_in_the_home_and_not_to_memory(empty_home: Path) -> None:
    home = open_home(empty_home)
    registers, folder = home.registers, str(empty_home)
    fill = "INSERT INTO temp.many VALUES (zeroblob(1000000))"
    with spilling(registers, empty_home):
        registers.conn.execute("CREATE TEMP TABLE many (content BLOB)")
        for __ in range(100):
            registers.conn.execute(fill)
        registers.conn.commit()
        assert any(name.startswith(folder) for name in unnamed_files())
    assert not any(name.startswith(folder) for name in unnamed_files())
    # A check's own selections are in memory, as before.
    registers.conn.execute("CREATE TEMP TABLE many (content BLOB)")
    for __ in range(100):
        registers.conn.execute(fill)
    assert not any(name.startswith(folder) for name in unnamed_files())
    home.close()
