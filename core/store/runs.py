"""Batch runs: what one computes is fixed when it begins, and its results grow part by part.

A run is a row of casework.db, with its plan, and a folder runs/NO of the home: casework.json is
what the casework knew when it began, and results lie beside it. A killed run goes on where its last
complete part ends; whatever is half written there is written again.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from yimen.core.errors import NotFound
from yimen.core.i18n import _
from yimen.core.run_records import RunPlan, RunRecord
from yimen.core.spelling import plain_number
from yimen.core.store import cases
from yimen.core.store.lake import settle

if TYPE_CHECKING:
    from yimen.core.store.database import Database
    from yimen.core.store.home import Home

EngineName = Literal["sqlite", "duckdb"]


class FrozenCasework(msgspec.Struct, kw_only=True):
    """What the casework knew: households that it touches, their persons, and what was said of them.

    `persons` are rows of the table `sel` after its key. `only` are the households of a run that
    does not look at all. `refused` have a referral that was answered with no.
    """

    touched: list[str]
    persons: list[list[Any]]
    granted: list[tuple[str, str]]
    recorded: list[tuple[str, str, Any, Any]]
    benefits: list[tuple[str, str]]
    answers: list[tuple[str, str]]
    refused: list[str]
    only: list[str] | None


def folder_of(home: Home, run_no: str) -> Path:
    """The run's folder."""
    return home.path / "runs" / run_no


def runs_of(home: Home, *, state: str | None = None, kind: str | None = None) -> list[RunRecord]:
    """All runs, oldest first."""
    clauses, values = ["1"], list[object]()
    for column, value in (("state", state), ("kind", kind)):
        if value is not None:
            clauses.append(f"{column} = ?")
            values.append(value)
    rows = home.casework.query(
        f"SELECT * FROM run WHERE {' AND '.join(clauses)} ORDER BY rowid", values
    )
    return [_record(row) for row in rows]


def _record(row: dict[str, Any]) -> RunRecord:
    plan = msgspec.json.decode(row["plan"], type=RunPlan)
    return RunRecord(
        run_no=row["run_no"], state=row["state"], begun_at=row["begun_at"],
        ended_at=row["ended_at"], operator=row["operator"], households=row["households"],
        digest=row["digest"], plan=plan,
    )  # fmt: skip


def run_of(home: Home, run_no: str) -> RunRecord:
    """The run with this number, or the `last` one that is done; `NotFound` names the listing."""
    if run_no == "last":
        where, values = "state = 'done' ORDER BY rowid DESC LIMIT 1", list[str]()
    else:
        where, values = "run_no = ?", [plain_number(run_no)]
    rows = list(home.casework.query(f"SELECT * FROM run WHERE {where}", values))
    if not rows:
        raise NotFound(
            _("There is no run {no}.").format(no=run_no),
            next_step=_("`yimen screen --runs` shows them."),
        )
    return _record(rows[0])


def begin(db: Database, home: Home, operator: str, plan: RunPlan, households: int) -> str:
    """Writes the run's row inside the caller's transaction; returns its number."""
    number = cases.next_number(db, "run", "run_no", "S", home.clock.today().year)
    db.conn.execute(
        "INSERT INTO run (run_no, kind, state, begun_at, operator, households, plan)"
        " VALUES (?, ?, 'running', ?, ?, ?, ?)",
        [number, plan.kind, home.clock.now(), operator, households, msgspec.json.encode(plan)],
    )
    return number


def end(db: Database, home: Home, run_no: str, digest: str) -> None:
    """Marks a run as done inside the caller's transaction."""
    db.conn.execute(
        "UPDATE run SET state = 'done', ended_at = ?, digest = ? WHERE run_no = ?",
        [home.clock.now(), digest, run_no],
    )


def give_up(db: Database, run_no: str) -> None:
    """Marks a run that nobody can go on with, inside the caller's transaction."""
    db.conn.execute("UPDATE run SET state = 'given_up' WHERE run_no = ?", [run_no])


def freeze(home: Home, run_no: str, casework: FrozenCasework) -> None:
    """Writes what the casework knew; the file appears when it is complete."""
    folder = folder_of(home, run_no)
    folder.parent.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    beside = folder / "casework.json.new"
    beside.write_bytes(msgspec.json.encode(casework))
    settle(beside, folder / "casework.json")


def frozen(home: Home, run_no: str) -> FrozenCasework | None:
    """What the casework knew when the run began, or None when that was never written whole."""
    try:
        content = (folder_of(home, run_no) / "casework.json").read_bytes()
    except FileNotFoundError:
        return None
    return msgspec.json.decode(content, type=FrozenCasework)


def remove(home: Home, run_no: str) -> None:
    """Removes the files of a run that was given up."""
    shutil.rmtree(folder_of(home, run_no), ignore_errors=True)
