"""The two engines on which lowered expressions are tried, and one row's answer."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

import duckdb
import pytest
from dialect_trees import AS_OF, Value

from yimen.core.rules.dialects import Dialect
from yimen.core.rules.dialects.duckdb import DuckdbDialect
from yimen.core.rules.dialects.sqlite import SqliteDialect
from yimen.core.store.duckdb_start import result_types
from yimen.core.store.lake import TYPES as DUCKDB_TYPES
from yimen.core.store.statements import execute_exactly


@dataclass(frozen=True)
class Engine:
    """A database in memory, and how expressions are written for it."""

    dialect: Dialect
    conn: Any

    def column(self, kind: str) -> str:
        """The type of a column that holds such values."""
        if self.dialect.name == "duckdb":
            return DUCKDB_TYPES.get(kind, "VARCHAR")
        return "TEXT" if kind in ("date", "code") else "INTEGER"

    def one(self, sql: str, values: list[Value] | None = None) -> Any:
        if self.dialect.name == "sqlite":
            return execute_exactly(self.conn, sql, values or []).fetchone()[0]
        return self.conn.execute(sql, values or []).fetchone()[0]


def sqlite_engine() -> Engine:
    return Engine(SqliteDialect(), sqlite3.connect(":memory:"))


def duckdb_engine() -> Engine:
    conn = duckdb.connect()
    conn.execute(f"SET threads = 1; SET VARIABLE as_of = '{AS_OF}'; {'; '.join(result_types())}")
    return Engine(DuckdbDialect(), conn)


@pytest.fixture(scope="module", params=[sqlite_engine, duckdb_engine], ids=["sqlite", "duckdb"])
def engine(request: pytest.FixtureRequest) -> Engine:
    made: Engine = request.param()
    return made


def stored(value: Value) -> int | str | None:
    return int(value) if isinstance(value, bool) else value


def answer(kind: str, found: Any) -> Value:
    return bool(found) if kind == "boolean" and found is not None else found
