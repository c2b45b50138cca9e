"""Snapshots: an immutable table per loaded extract of a source, and the pointer that makes it real.

The pointer row in casework.db is the single commit point. A table without one is the orphan of a
killed load; nothing reads it, and the next load sweeps it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from msgspec import convert, to_builtins

from yimen.core.records import ExtractFile, Snapshot
from yimen.core.store.connection import transaction
from yimen.core.store.integrity import orphan_tables

if TYPE_CHECKING:
    from yimen.core.declarations import Source
    from yimen.core.store.database import Database
    from yimen.core.store.home import Home

INTEGER_TYPES = frozenset({"integer", "money", "boolean"})
_CHUNK = 5000


def column_names(source: Source) -> list[str]:
    """The columns of a snapshot table after row_no: the two keys, then the declared ones."""
    return ["id_number", "name", *(c.column for c in source.columns)]


def create_snapshot_table(db: Database, source: Source, table: str) -> None:
    """An empty table for a source's rows."""
    db.conn.execute(f'CREATE TABLE "{table}" (row_no INTEGER, {_declared_columns(source)})')


def _declared_columns(source: Source) -> str:
    types = {c.column: c.type for c in source.columns}
    return ", ".join(
        f'"{c}" {"INTEGER" if types.get(c) in INTEGER_TYPES else "TEXT"}'
        for c in column_names(source)
    )


def next_table(home: Home, source: Source) -> tuple[str, int]:
    """The name and number of the source's next snapshot table."""
    number = home.casework.conn.execute(
        "SELECT COALESCE(MAX(snapshot_no), 0) + 1 FROM snapshot WHERE source = ?", [source.source]
    ).fetchone()[0]
    return f"snap__{source.source.replace('.', '__')}__{number}", number


def sweep_orphans(home: Home) -> list[str]:
    """Drops tables of loads that were killed before their pointer was written; returns them."""
    orphans = orphan_tables(home)
    for name in orphans:
        with transaction(home.registers) as db:
            db.conn.execute(f'DROP TABLE IF EXISTS "{name}"')
    return orphans


class SnapshotWriter:
    """Writes one snapshot table in a single transaction, rows in order of their ID numbers.

    Rows arrive in file order into a temporary table and are copied sorted, so that the rows of one
    person, and of neighbours in a batch, lie together.
    """

    def __init__(self, home: Home, source: Source, table: str) -> None:
        self._db = home.registers
        self._source = source
        self._table = table
        self._columns = column_names(source)
        self._digest = hashlib.sha256()
        self.rows = 0
        self._db.conn.execute("DROP TABLE IF EXISTS temp.arriving")
        columns = _declared_columns(source)
        self._db.conn.execute(f"CREATE TEMP TABLE arriving (row_no INTEGER PRIMARY KEY, {columns})")

    def add(self, rows: Iterable[Sequence[object]]) -> None:
        """Takes rows of (row_no, id_number, name, columns…) in file order."""
        marks = ", ".join("?" * (len(self._columns) + 1))
        chunk: list[Sequence[object]] = []
        for row in rows:
            self._digest.update(repr(tuple(row)).encode())
            chunk.append(row)
            if len(chunk) >= _CHUNK:
                self._db.conn.executemany(f"INSERT INTO temp.arriving VALUES ({marks})", chunk)
                self.rows += len(chunk)
                chunk = []
        self._db.conn.executemany(f"INSERT INTO temp.arriving VALUES ({marks})", chunk)
        self._db.conn.commit()
        self.rows += len(chunk)

    def finish(self) -> str:
        """Copies the rows into the snapshot table with its index; returns the rows' digest."""
        names = ", ".join(f'"{c}"' for c in ["row_no", *self._columns])
        with transaction(self._db) as db:
            create_snapshot_table(db, self._source, self._table)
            db.conn.execute(
                f'INSERT INTO "{self._table}" ({names}) SELECT {names} FROM temp.arriving'
                " ORDER BY id_number, row_no"
            )
            db.conn.execute(f'CREATE INDEX "{self._table}__id" ON "{self._table}" (id_number)')
        self._db.conn.execute("DROP TABLE temp.arriving")
        return self._digest.hexdigest()


def point_at(home: Home, snapshot: Snapshot, roster: str | None) -> None:
    """Writes the pointer row inside the caller's transaction on casework.db."""
    home.casework.conn.execute(
        'INSERT INTO snapshot ("table", source, snapshot_no, as_of, loaded_at, rows, rejected,'
        " digest, covers, file_name, roster, files) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [snapshot.table, snapshot.source, snapshot.snapshot_no, snapshot.as_of, snapshot.loaded_at,
         snapshot.rows, snapshot.rejected, snapshot.digest, json.dumps(snapshot.covers),
         snapshot.file_name, roster, json.dumps(to_builtins(snapshot.files))],
    )  # fmt: skip


_SELECT = (
    'SELECT "table", source, snapshot_no, as_of, loaded_at, rows, rejected, digest, covers,'
    " file_name, pruned_on, files FROM snapshot"
)


def _record(row: Sequence[object]) -> Snapshot:
    return Snapshot(
        table=str(row[0]), source=str(row[1]), snapshot_no=cast(int, row[2]), as_of=str(row[3]),
        loaded_at=str(row[4]), rows=cast(int, row[5]), rejected=cast(int, row[6]),
        digest=str(row[7]), covers=json.loads(str(row[8])), file_name=str(row[9]),
        pruned_on=cast("str | None", row[10]),
        files=convert(json.loads(cast(str, row[11])), list[ExtractFile]),
    )  # fmt: skip


def place_of(snapshot: Snapshot, row_no: int) -> tuple[str, int]:
    """The file and the line in it, where a row of the snapshot stands."""
    for file in reversed(snapshot.files):
        if row_no > file.lines_before:
            return file.name, row_no - file.lines_before
    return snapshot.file_name, row_no


def snapshots_of(home: Home, source: str | None = None) -> list[Snapshot]:
    """All snapshots, or one source's, oldest first."""
    where, values = (" WHERE source = ?", [source]) if source else ("", [])
    rows = home.casework.conn.execute(f"{_SELECT}{where} ORDER BY source, snapshot_no", values)
    return [_record(row) for row in rows]


def snapshots_on(home: Home, day: date) -> dict[str, Snapshot]:
    """For each source the newest snapshot whose as-of date is not after the day.

    Where that one was pruned there is none: an older one would tell of another day.
    """
    rows = home.casework.conn.execute(
        f"{_SELECT} WHERE as_of <= ? ORDER BY as_of, snapshot_no", [day.isoformat()]
    )
    newest = {snapshot.source: snapshot for snapshot in map(_record, rows)}
    return {source: s for source, s in newest.items() if s.pruned_on is None}


def tables_of_rosters(home: Home, rosters: Collection[str]) -> set[str]:
    """The residence snapshots of which these rosters were built."""
    rows = home.casework.conn.execute(
        'SELECT "table" FROM snapshot WHERE roster IN (SELECT value FROM json_each(?))',
        [json.dumps(sorted(rosters))],
    )
    return {table for (table,) in rows}


def mark_pruned(db: Database, tables: Iterable[str], day: date) -> None:
    """Lets the rows of these snapshots go, inside the caller's transaction."""
    db.conn.executemany(
        'UPDATE snapshot SET pruned_on = ? WHERE "table" = ?',
        [(day.isoformat(), table) for table in tables],
    )


def rows_of_person(home: Home, table: str, id_number: str, name: str) -> list[dict[str, Any]]:
    """A person's rows in a snapshot: number and name both equal."""
    return list(
        home.registers.query(
            f'SELECT * FROM "{table}" WHERE id_number = ? AND name = ? ORDER BY row_no',
            [id_number, name],
        )
    )


def conditions_met(
    home: Home,
    table: str,
    person: tuple[str, str],
    conditions: Mapping[str, str],
    given: Mapping[str, int | str | None],
) -> dict[int, set[str]]:
    """Which of the named conditions each of a person's rows meets: row_no -> names.

    A condition is a compiled expression over the row `s`, and `given` are its parameters.
    """
    if not conditions:
        return {}
    cells = ", ".join(conditions.values())
    rows = home.registers.conn.execute(
        f'SELECT s.row_no, {cells} FROM "{table}" AS s'
        " WHERE s.id_number = :its_id_number AND s.name = :its_name",
        {**given, "its_id_number": person[0], "its_name": person[1]},
    )
    return {
        row_no: {name for name, one in zip(conditions, met, strict=True) if one}
        for row_no, *met in rows
    }


def count_persons(home: Home, table: str, persons: Iterable[tuple[str, str]]) -> tuple[int, int]:
    """How many rows the (id_number, name) pairs have, under this name and under another."""
    same = other = 0
    for id_number, name in persons:
        row = home.registers.conn.execute(
            f'SELECT COALESCE(SUM(name = ?), 0), COUNT(*) FROM "{table}" WHERE id_number = ?',
            [name, id_number],
        ).fetchone()
        same += row[0]
        other += row[1] - row[0]
    return same, other
