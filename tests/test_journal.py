"""The journal: one chain, and one row with each act, whoever is killed or writes at once."""

from __future__ import annotations

import json
import re
import signal
import sqlite3
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from journal_rows import rows_of

from yimen.core.errors import BadJournal
from yimen.core.store import journal
from yimen.core.store.connection import connect, transaction


@cache
def empty_casework() -> bytes:
    """A casework database with all its tables and no row, made once a worker."""
    from yimen.core.store import schema

    with TemporaryDirectory() as folder:
        path = Path(folder) / "casework.db"
        db = connect(path, synchronous="NORMAL")
        schema.apply(db, "casework")
        db.conn.close()
        return path.read_bytes()


def chain(path: Path, rows: int) -> Any:
    """A database with a journal of so many rows."""
    (path / "casework.db").write_bytes(empty_casework())
    db = connect(path / "casework.db", synchronous="NORMAL")
    for number in range(rows):
        with transaction(db):
            journal.append(
                db,
                at="2026-11-20T09:00:00+08:00",
                operator="admin",
                account="clerk",
                action="query",
                subject=f"H{number:07d}",
                body={"unmasked": False, "n": number},
            )
    return db


def test_an_untouched_chain_holds_and_has_a_head(tmp_path: Path) -> None:
    db = chain(tmp_path, 5)
    count, head = journal.verify(db)
    rows = list(journal.rows(db))
    assert (count, head) == (5, rows[-1].hash)
    assert rows[0].prev_hash == journal.GENESIS
    assert [r.prev_hash for r in rows[1:]] == [r.hash for r in rows[:-1]]
    db.conn.close()


@pytest.mark.parametrize(
    "typed, kept",
    [
        ("card 37049919870108001X seen", "card 370499********001X seen"),
        ("ID37049919870108001x号", "ID370499********001X号"),
        ("３７０４９９１９８７０１０８００１Ｘ", "370499********001X"),
        ("old 370499870108001.", "old 370499******001."),
        ("370499********001X", "370499********001X"),
        ("6222021607001234567", "6222021607001234567"),
        ("0" * 47 + "37049919870108001", "0" * 47 + "37049919870108001"),
    ],
)
def test_an_id_number_in_a_text_is_masked_and_nothing_else(
    tmp_path: Path, typed: str, kept: str
) -> None:
    db = chain(tmp_path, 1)
    with transaction(db):
        journal.append(db, at="t", operator="o", account="a", action="x", subject=typed,
                       body={"note": typed, "more": [typed, {"deep": typed}]})  # fmt: skip
    last = list(journal.rows(db))[-1]
    assert last.subject == kept
    assert json.loads(last.body) == {"note": kept, "more": [kept, {"deep": kept}]}
    assert journal.verify(db)[0] == 2
    db.conn.close()


def test_a_journal_without_its_first_row_is_broken(tmp_path: Path) -> None:
    # Making a home is an act, so that no home has an empty journal.
    db = chain(tmp_path, 0)
    with pytest.raises(BadJournal, match="broken at row 1: row 1 is missing"):
        journal.verify(db)
    db.conn.close()


@pytest.mark.parametrize("value", ["x'00ff'", "17", "CAST(x'ff28' AS TEXT)"])
@pytest.mark.parametrize("column", ["body", "at", "operator", "hash"])
def test_verify_names_a_row_that_is_no_text_any_more(
    tmp_path: Path, column: str, value: str
) -> None:
    db = chain(tmp_path, 3)
    with transaction(db):
        db.conn.execute(f"UPDATE journal SET {column} = {value} WHERE seq = 2")
    with pytest.raises(BadJournal, match="broken at row 2: "):
        journal.verify(db)
    db.conn.close()


EDITED = {
    "body": """UPDATE journal SET body = '{"n":3,"unmasked":true}' WHERE seq = 4""",
    "time": "UPDATE journal SET at = '2026-11-20T09:00:01+08:00' WHERE seq = 4",
    "operator": "UPDATE journal SET operator = 'somebody' WHERE seq = 4",
    "account": "UPDATE journal SET account = 'root' WHERE seq = 4",
    "action": "UPDATE journal SET action = 'check' WHERE seq = 4",
    "subject": "UPDATE journal SET subject = 'H0000099' WHERE seq = 4",
    "hash": "UPDATE journal SET hash = replace(hash, substr(hash, 1, 1), 'z') WHERE seq = 4",
}


@pytest.mark.parametrize("what", EDITED)
def test_verify_names_the_row_whose_contents_were_edited(tmp_path: Path, what: str) -> None:
    db = chain(tmp_path, 6)
    with transaction(db):
        db.conn.execute(EDITED[what])
    with pytest.raises(BadJournal, match="broken at row 4: its contents were changed"):
        journal.verify(db)
    db.conn.close()


def test_verify_names_a_row_that_was_edited_and_hashed_anew(tmp_path: Path) -> None:
    db = chain(tmp_path, 6)
    forged = next(r for r in journal.rows(db) if r.seq == 4)
    fields = (4, forged.at, "somebody", forged.account, forged.action, forged.subject, forged.body)
    with transaction(db):
        db.conn.execute(
            "UPDATE journal SET operator = 'somebody', hash = ? WHERE seq = 4",
            [journal.link(forged.prev_hash, fields)],
        )
    with pytest.raises(BadJournal, match="row 5: it does not follow the row before it"):
        journal.verify(db)
    db.conn.close()


@pytest.mark.parametrize("gone", [1, 3, 5])
def test_verify_names_a_row_that_was_deleted(tmp_path: Path, gone: int) -> None:
    db = chain(tmp_path, 6)
    with transaction(db):
        db.conn.execute("DELETE FROM journal WHERE seq = ?", [gone])
    with pytest.raises(BadJournal, match=f"broken at row {gone}: row {gone} is missing"):
        journal.verify(db)
    db.conn.close()


def test_verify_names_the_first_of_a_deletion_closed_by_renumbering(tmp_path: Path) -> None:
    db = chain(tmp_path, 6)
    with transaction(db):
        db.conn.execute("DELETE FROM journal WHERE seq = 3")
        db.conn.execute("UPDATE journal SET seq = seq - 1 WHERE seq > 3")
    with pytest.raises(BadJournal, match="broken at row 3: it does not follow"):
        journal.verify(db)
    db.conn.close()


def test_verify_names_the_first_of_two_swapped_rows(tmp_path: Path) -> None:
    db = chain(tmp_path, 6)
    with transaction(db):
        for before, after in ((2, 99), (5, 2), (99, 5)):
            db.conn.execute("UPDATE journal SET seq = ? WHERE seq = ?", [after, before])
    with pytest.raises(BadJournal, match="broken at row 2: it does not follow"):
        journal.verify(db)
    db.conn.close()


def test_verify_names_a_row_put_in_between(tmp_path: Path) -> None:
    db = chain(tmp_path, 4)
    with transaction(db):
        db.conn.execute("UPDATE journal SET seq = seq + 1 WHERE seq = 4")
        db.conn.execute(
            "INSERT INTO journal SELECT 4, at, operator, account, action, subject, body,"
            " prev_hash, hash FROM journal WHERE seq = 3"
        )
    with pytest.raises(BadJournal, match="broken at row 4: it does not follow"):
        journal.verify(db)
    db.conn.close()


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


@settings(max_examples=60, deadline=None)
@given(left=st.tuples(TEXT, TEXT), right=st.tuples(TEXT, TEXT))
def test_two_rows_with_other_contents_never_have_one_hash(
    left: tuple[str, str], right: tuple[str, str]
) -> None:
    # Fields are told apart even where their joined texts are the same.
    hashes = {journal.link(journal.GENESIS, fields) for fields in (left, right)}
    assert len(hashes) == (1 if left == right else 2)


def test_the_command_names_the_broken_row_and_leaves_with_five(yimen: Any) -> None:
    assert yimen("journal", "verify").out.startswith("The journal holds: ")
    with sqlite3.connect(yimen.home / "casework.db") as conn:
        conn.execute("UPDATE journal SET body = '{}' WHERE seq = 3")
    conn.close()
    said = yimen("journal", "verify", code=5)
    assert said.out == ""
    assert said.err == (
        "The journal is broken at row 3: its contents were changed after it was written. "
        "Keep this home as it is, and compare with the last backup.\n"
    )
    findings = yimen("doctor", "--format", "json", code=5).json
    assert [f["level"] for f in findings if f["check"] == "journal"] == ["fault"]


KILLED = """
import os, signal, sys
from datetime import date
from pathlib import Path
from yimen.core.casework.operators import sit_down
from yimen.core.store.home import open_home
home = open_home(Path(sys.argv[1]), today=date(2026, 11, 20))
desk = sit_down(home)
with home.writing() as db:
    db.conn.execute("INSERT INTO calendar_day VALUES ('2027-01-04', 0, 'admin', 'now')")
    {place}
    desk.record(db, "calendar.load", "calendar", {{}})
    {after}
{done}
print("confirmed", flush=True)
"""
KILL = "os.kill(os.getpid(), signal.SIGKILL)"


@pytest.mark.parametrize(
    "place, after, done, kept",
    [(KILL, "", "", False), ("", KILL, "", False), ("", "", KILL, True)],
    ids=["before the journal row", "before the end of the act", "after it"],
)
def test_an_act_and_its_row_are_kept_together_or_not_at_all(
    yimen_empty: Any, place: str, after: str, done: str, kept: bool
) -> None:
    code = KILLED.format(place=place or "pass", after=after or "pass", done=done)
    ended = subprocess.run(
        [sys.executable, "-c", code, str(yimen_empty.home)], capture_output=True, check=False
    )
    assert ended.returncode == -signal.SIGKILL
    yimen_empty("journal", "verify")
    actions = [r["action"] for r in rows_of(yimen_empty.home)]
    with sqlite3.connect(yimen_empty.home / "casework.db") as conn:
        days = conn.execute("SELECT COUNT(*) FROM calendar_day").fetchone()[0]
    conn.close()
    assert (days, actions.count("calendar.load")) == ((1, 1) if kept else (0, 0))


APPENDER = """
import sys
from datetime import date
from pathlib import Path
from yimen.core.casework.operators import sit_down
from yimen.core.store.home import open_home
home = open_home(Path(sys.argv[1]), today=date(2026, 11, 20))
desk = sit_down(home)
print("ready", flush=True)
sys.stdin.readline()
for n in range(15):
    desk.record_reading("query", f"H{n:07d}", {"by": sys.argv[2]})
home.close()
"""


def test_eight_processes_that_append_at_once_keep_the_chain(yimen_empty: Any) -> None:
    before = len(rows_of(yimen_empty.home))
    children = [
        subprocess.Popen(
            [sys.executable, "-c", APPENDER, str(yimen_empty.home), str(number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(8)
    ]
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    for child in children:
        assert child.stdin is not None
        child.stdin.write("\n")
        child.stdin.flush()
    for child in children:
        __, err = child.communicate(timeout=60)
        assert (child.returncode, err) == (0, "")
    rows = rows_of(yimen_empty.home)[before:]
    assert len([r for r in rows if r["action"] == "query"]) == 8 * 15
    assert {json.loads(r["body"])["by"] for r in rows if r["action"] == "query"} == set("01234567")
    held = re.match(r"The journal holds: (\d+) rows", yimen_empty("journal", "verify").out)
    # verify moved the clock first, which is a row too.
    assert held is not None
    assert int(held[1]) == before + len(rows) + 1
