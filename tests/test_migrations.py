"""Migrations of the casework: from each earlier step, with its rows, in one process or many."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database as Tables
from store_processes import TODAY, ended, start_together

from yimen.core.errors import Refused
from yimen.core.store import migrations, schema
from yimen.core.store.connection import connect, transaction
from yimen.core.store.home import open_home

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
