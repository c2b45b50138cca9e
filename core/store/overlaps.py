"""Overlaps as they are kept: one row a hit, and its moves, which are only ever added to.

Nothing is deleted: a hit that is no longer found has ended. What a hit becomes is decided in the
casework; this file reads and writes rows inside the caller's transaction.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct, structs

from yimen.core.records import OverlapKind, OverlapState, Resolution
from yimen.core.store.journal import canonical

if TYPE_CHECKING:
    from yimen.core.store.database import Database

HitKey = tuple[str, str, str | None, tuple[str, ...]]


class Hit(Struct, frozen=True, kw_only=True):
    """A hit as it is stored; `evidence` is the digest of the rows that it rests on.

    `division` has 12 digits, months are texts such as 2026-11, money is in fen.
    """

    hit_no: str
    kind: OverlapKind
    household_no: str
    member_no: str | None
    programmes: tuple[str, ...]
    division: str
    first_run: str
    last_run: str
    found_on: str
    last_seen_on: str
    from_month: str | None
    to_month: str | None
    amount_fen: int | None
    evidence: str
    owner: str
    state: OverlapState
    resolution: Resolution | None = None
    resolved_to: str | None = None
    resolved_evidence: str | None = None
    rev: int = 1

    @property
    def key(self) -> HitKey:
        """What makes it the same hit in another run."""
        return self.kind, self.household_no, self.member_no, self.programmes


class Move(Struct, frozen=True, kw_only=True):
    """One step of a hit; `run` for what a run did, `code` and months for a resolution."""

    hit_no: str
    act: str
    run: str | None = None
    code: str | None = None
    from_month: str | None = None
    to_month: str | None = None
    amount_fen: int | None = None
    reason: str = ""


_FIELDS = structs.fields(Hit)
_COLUMNS = [f.name for f in _FIELDS]
_MOVE_COLUMNS = [f.name for f in structs.fields(Move)]


def _hit(row: dict[str, Any]) -> Hit:
    values = {name: row[name] for name in _COLUMNS}
    return Hit(**{**values, "programmes": tuple(json.loads(row["programmes"]))})


def find(db: Database, hit_no: str) -> Hit | None:
    """The hit with this number."""
    rows = list(db.query("SELECT * FROM overlap_hit WHERE hit_no = ?", [hit_no]))
    return _hit(rows[0]) if rows else None


def hits(
    db: Database,
    *,
    prefix: str = "",
    kind: str | None = None,
    state: str | None = None,
    owner: str | None = None,
    household_no: str | None = None,
    programmes: Sequence[str] | None = None,
) -> list[Hit]:
    """Hits below a division prefix, oldest first; `programmes` asks for one of them in the hit."""
    clauses, values = ["substr(division, 1, ?) = ?"], list[object]([len(prefix), prefix])
    for column, value in (
        ("kind", kind), ("state", state), ("owner", owner), ("household_no", household_no)
    ):  # fmt: skip
        if value is not None:
            clauses.append(f"{column} = ?")
            values.append(value)
    if programmes is not None:
        clauses.append(
            "EXISTS (SELECT 1 FROM json_each(programmes) AS own JOIN json_each(?) AS wanted"
            " ON wanted.value = own.value)"
        )
        values.append(json.dumps(list(programmes)))
    sql = f"SELECT * FROM overlap_hit WHERE {' AND '.join(clauses)} ORDER BY rowid"
    return [_hit(row) for row in db.query(sql, values)]


def waiting_households(db: Database, prefix: str) -> list[str]:
    """The households below a division prefix with a hit that may end: open, or missed."""
    rows = db.conn.execute(
        "SELECT DISTINCT household_no FROM overlap_hit"
        " WHERE (state = 'open' OR (state = 'resolved' AND kind = 'missed'))"
        " AND substr(division, 1, ?) = ?",
        [len(prefix), prefix],
    )
    return [household for (household,) in rows]


def by_key(db: Database, households: Iterable[str]) -> dict[HitKey, Hit]:
    """All hits of some households by what makes them the same hit."""
    rows = db.query(
        "SELECT * FROM overlap_hit WHERE household_no IN (SELECT value FROM json_each(?))"
        " ORDER BY rowid",
        [json.dumps(sorted(households))],
    )
    return {hit.key: hit for hit in map(_hit, rows)}


def write(db: Database, written: Iterable[Hit]) -> None:
    """Inserts hits, or replaces those of the same number, inside the caller's transaction."""
    names = [*_COLUMNS, "identity"]
    marks = ", ".join("?" * len(names))
    sets = ", ".join(f"{name} = excluded.{name}" for name in names if name != "hit_no")
    db.conn.executemany(
        f"INSERT INTO overlap_hit ({', '.join(names)}) VALUES ({marks})"
        f" ON CONFLICT (hit_no) DO UPDATE SET {sets}",
        (_values(hit) for hit in written),
    )


def _values(hit: Hit) -> list[object]:
    row = {**structs.asdict(hit), "programmes": json.dumps(hit.programmes)}
    return [*(row[name] for name in _COLUMNS), canonical(hit.key)]


def replace(db: Database, before: Hit, after: Hit) -> bool:
    """Writes a changed hit unless somebody else has changed it since it was read."""
    rev = db.conn.execute(
        "SELECT rev FROM overlap_hit WHERE hit_no = ?", [before.hit_no]
    ).fetchone()[0]
    if rev != before.rev:
        return False
    write(db, [structs.replace(after, rev=before.rev + 1)])
    return True


def add_moves(db: Database, at: str, operator: str, moves: Iterable[Move]) -> None:
    """Appends moves to the hits' histories inside the caller's transaction."""
    names = ", ".join(["at", "operator", *_MOVE_COLUMNS])
    marks = ", ".join("?" * (len(_MOVE_COLUMNS) + 2))
    db.conn.executemany(
        f"INSERT INTO overlap_move ({names}) VALUES ({marks})",
        ([at, operator, *(getattr(move, name) for name in _MOVE_COLUMNS)] for move in moves),
    )


def moves_of(db: Database, hit_no: str) -> list[dict[str, Any]]:
    """A hit's history, oldest first, one row a move."""
    names = ", ".join(name for name in ["at", "operator", *_MOVE_COLUMNS] if name != "hit_no")
    return list(
        db.query(f"SELECT {names} FROM overlap_move WHERE hit_no = ? ORDER BY id", [hit_no])
    )
