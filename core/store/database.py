"""An open SQLite file, as everything but a step of the schema reads and writes it.

It is no more than its connection and rows by name: a library that makes and alters tables is
needed when a home is made or brought up to date, and would be loaded by every command.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import Any


class Database:
    """A connection, and what is asked of it by name."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self.conn = conn

    def query(
        self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()
    ) -> Iterator[dict[str, Any]]:
        """Runs a query at once; its rows by column, read as they are taken."""
        cursor = self.conn.execute(sql, values)
        names = [column[0] for column in cursor.description]
        return (dict(zip(names, row, strict=True)) for row in cursor)

    def table_names(self) -> list[str]:
        """The names of its tables."""
        found = self.conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return [name for (name,) in found]
