"""Runs a compiled statement over temporary tables beside the registers."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from yimen.core.store.connection import explain

if TYPE_CHECKING:
    from sqlite_utils import Database

Cell = int | str | None


class CannotRun(Exception):
    """SQLite cannot run a statement: too many tables, too wide, too deep."""


def run_statement(
    db: Database,
    sql: str,
    parameters: Mapping[str, Cell],
    tables: Mapping[str, tuple[str, Sequence[tuple[Cell, ...]]]],
) -> list[Mapping[str, Cell]]:
    """Fills the temporary tables (name -> columns, rows), runs the statement, returns its rows.

    Raises `CannotRun` for what is the statement's own fault; a locked or damaged file is not.
    """
    conn = db.conn
    for name, (columns, rows) in tables.items():
        conn.execute(f"CREATE TEMP TABLE IF NOT EXISTS {name} {columns}")
        conn.execute(f"DELETE FROM temp.{name}")
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            conn.executemany(f"INSERT INTO temp.{name} VALUES ({marks})", rows)
    conn.commit()
    cursor = conn.cursor()
    cursor.row_factory = sqlite3.Row
    try:
        return [dict(row) for row in cursor.execute(sql, dict(parameters))]
    except sqlite3.Error as error:
        if explain(error) is None:
            raise CannotRun(str(error)) from error
        raise
