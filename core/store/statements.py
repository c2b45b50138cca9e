"""Runs a compiled statement in temporary tables beside the registers."""

from __future__ import annotations

import hashlib
import math
import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from yimen.core.store.connection import explain, undo

if TYPE_CHECKING:
    from yimen.core.store.database import Database

Cell = int | str | None


class CannotRun(Exception):
    """SQLite cannot run a statement: too many tables, too wide, too deep."""


Layer = tuple[str, list[str], str]
BATCH_CACHE_KIB = 65536
_PART_PAGE_BYTES = 32768


def run_layers(
    db: Database,
    layers: Sequence[Layer],
    last: str,
    parameters: Mapping[str, Cell],
    tables: Mapping[str, tuple[str, Sequence[tuple[Cell, ...]]]],
    views: Mapping[str, str],
) -> list[Mapping[str, Cell]]:
    """Fills the given temporary tables, then each layer, and returns the rows of the last query.

    `tables` maps a name to its columns and rows, `views` to a query over these; a layer is its
    name, its columns with the key first, and its query. All of it reads the registers as they are
    at one moment. Raises `CannotRun` for what is the statement's own fault; a locked or damaged
    file is not.
    """
    conn = db.conn
    try:
        conn.execute("BEGIN")
        _fill_given(conn, tables)
        for name, query in views.items():
            conn.execute(f"CREATE TEMP VIEW IF NOT EXISTS {name} AS {query}")
        named = dict(parameters)
        _fill(conn, layers, named)
        cursor = conn.execute(last, named)
        # A sqlite3.Row would look each of a thousand names up among a thousand.
        cells = [column[0] for column in cursor.description]
        found: list[Mapping[str, Cell]] = [dict(zip(cells, row, strict=True)) for row in cursor]
    except BaseException as error:
        undo(conn)
        if isinstance(error, sqlite3.Error) and explain(error) is None:
            raise CannotRun(str(error)) from error
        raise
    conn.execute("COMMIT")
    return found


Given = Mapping[str, tuple[str, Sequence[tuple[Cell, ...]]]]


def _drop(conn: sqlite3.Connection, names: Iterable[str]) -> None:
    """Drops the temporary tables or views of these names that there are."""
    kinds = dict(conn.execute("SELECT name, type FROM sqlite_temp_master"))
    for name in names:
        if name in kinds:
            conn.execute(f"DROP {kinds[name]} temp.{name}")


def _fill_given(conn: sqlite3.Connection, tables: Given) -> None:
    for name, (columns, rows) in tables.items():
        conn.execute(f"CREATE TEMP TABLE IF NOT EXISTS {name} {columns}")
        conn.execute(f"DELETE FROM temp.{name}")
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            conn.executemany(f"INSERT INTO temp.{name} VALUES ({marks})", rows)


def _fill(conn: sqlite3.Connection, layers: Sequence[Layer], named: dict[str, Cell]) -> None:
    _make_room(conn, layers)
    for name, __, query in layers:
        conn.execute(f"DELETE FROM temp.{name}")
        execute_exactly(conn, f"INSERT INTO temp.{name} {query}", named)


def execute_exactly(
    conn: sqlite3.Connection, sql: str, named: Mapping[str, Cell] | Sequence[Cell]
) -> sqlite3.Cursor:
    """Runs a statement whose sums are infinite where they leave 64 bits.

    SQLite's own SUM is fast, and ends the statement there; only then Python adds, number by number.
    """
    try:
        return conn.execute(sql, named)
    except sqlite3.OperationalError as error:
        if "integer overflow" not in str(error):
            raise
    conn.create_aggregate("careful_sum", 1, _CarefulSum)  # type: ignore[arg-type]
    careful = _SUM.sub(lambda found: found[1] or "careful_sum(", sql)
    return conn.execute(careful, named)


# A text, which stays as it is, or a sum.
_SUM = re.compile(r"('(?:[^']|'')*')|\bSUM\(")


class _CarefulSum:
    """SUM of whole numbers, infinite outside 64 bits; one real among them makes it a real."""

    def __init__(self) -> None:
        self._total: int | float | None = None

    def step(self, value: int | float | None) -> None:
        """Adds one row's value; a real stays one, whatever is added to it."""
        if value is not None:
            self._total = value + (self._total or 0)

    def finalize(self) -> int | float | None:
        """The sum, NULL of nothing, infinite outside 64 bits."""
        total = self._total
        fits = total is None or isinstance(total, float) or -(2**63) <= total < 2**63
        return total if fits else math.inf


class Filling(NamedTuple):
    """One statement over some persons: the queries that are its `views`, the layers, and the query
    of the results.
    """

    views: Mapping[str, str]
    layers: Sequence[Layer]
    results: str


class PartFiller:
    """Runs a statement over parts of a county, each into a results file in one transaction."""

    def __init__(self, registers: Database, results: str) -> None:
        self._conn = registers.conn
        self._results = results
        self._attached = False

    def take(self, tables: Given) -> None:
        """Temporary tables that all parts read; the results file is there."""
        if not self._attached:
            self._conn.execute("ATTACH ? AS results", [self._results])
            self._attached = True
            # Large pages take a part's rows in less time, where there is no temporary table yet.
            self._conn.execute(f"PRAGMA temp.page_size = {_PART_PAGE_BYTES}")
            # What neighbours in an extract share is read once.
            self._conn.execute(f"PRAGMA main.cache_size = -{BATCH_CACHE_KIB}")
        _fill_given(self._conn, tables)
        self._conn.commit()

    def part(
        self,
        fillings: Sequence[Filling],
        ends: tuple[str, str],
        *,
        parameters: Mapping[str, Cell],
    ) -> None:
        """Adds the rows of each filling, and how far the run is; they find the part's `ends`.

        `CannotRun` is a statement's own fault; nothing of the part is kept then.
        """
        conn, named = self._conn, dict(parameters)
        try:
            conn.execute("BEGIN")
            _fill_given(conn, {"ends": ("(first TEXT, last TEXT)", [ends])})
            for filling in fillings:
                _drop(conn, filling.views)
                for name, query in filling.views.items():
                    conn.execute(f"CREATE TEMP VIEW {name} AS {query}")
                _fill(conn, filling.layers, named)
                conn.execute(f"INSERT INTO results.rows {filling.results}", named)
                # A household that is checked by itself has tables of these names.
                _drop(conn, filling.views)
            conn.execute("INSERT INTO results.progress VALUES (?)", ends[1:])
        except BaseException as error:
            undo(conn)
            if isinstance(error, sqlite3.Error) and explain(error) is None:
                raise CannotRun(str(error)) from error
            raise
        conn.execute("COMMIT")

    def close(self) -> None:
        """Lets the results file go, and with it what an interrupt left unfinished."""
        undo(self._conn)
        if self._attached:
            self._conn.execute("DETACH results")
            self._attached = False


def _make_room(conn: sqlite3.Connection, layers: Sequence[Layer]) -> None:
    """The layers' tables, made anew when this connection last ran another statement.

    They stay from run to run, so that what was prepared for them stays, too.
    """
    shape = hashlib.sha256(repr([layer[:2] for layer in layers]).encode()).hexdigest()
    conn.execute("CREATE TEMP TABLE IF NOT EXISTS layers_of (shape TEXT, name TEXT)")
    made = conn.execute("SELECT shape, name FROM temp.layers_of").fetchall()
    if made and made[0][0] == shape:
        return
    for __, name in made:
        conn.execute(f"DROP TABLE temp.{name}")
    conn.execute("DELETE FROM temp.layers_of")
    for name, columns, __ in layers:
        key, *rest = columns
        kind = "INTEGER PRIMARY KEY" if key in ("k", "hh", "seat") else "PRIMARY KEY"
        columns_text = ", ".join([f"{key} {kind}", *(f"[{column}]" for column in rest)])
        conn.execute(f"CREATE TEMP TABLE {name} ({columns_text})")
        if key == "k" and "hh" in rest:
            # Members are grouped by household, and would else be sorted with all their columns.
            conn.execute(f"CREATE INDEX temp.{name}_hh ON {name} (hh)")
        conn.execute("INSERT INTO temp.layers_of VALUES (?, ?)", [shape, name])


def plan_of(db: Database, query: str, parameters: Mapping[str, Cell]) -> list[str]:
    """The lines of EXPLAIN QUERY PLAN of one query, whose tables must be there."""
    rows = db.conn.execute(f"EXPLAIN QUERY PLAN {query}", dict(parameters))
    return [str(row[3]) for row in rows]
