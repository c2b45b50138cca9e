"""Looks whether the database files are whole, and for tables that a killed load left behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yimen.core.store.database import Database
    from yimen.core.store.home import Home


def damage(db: Database) -> str:
    """SQLite's own quick check and foreign keys; empty when the file is whole."""
    found = [str(row[0]) for row in db.conn.execute("PRAGMA quick_check(5)")]
    if found != ["ok"]:
        return "; ".join(found)
    broken = db.conn.execute("PRAGMA foreign_key_check").fetchall()
    return "; ".join(f"{row[0]}:{row[1]}" for row in broken[:5])


def known_tables(home: Home) -> set[str]:
    """Snapshot and roster tables that a pointer names and that were not pruned."""
    rows = home.casework.conn.execute(
        'SELECT "table", roster FROM snapshot WHERE pruned_on IS NULL'
    )
    return {name for row in rows for name in row if name}


def orphan_tables(home: Home) -> list[str]:
    """Snapshot and roster tables without a pointer."""
    known = known_tables(home)
    return [
        name
        for name in home.registers.table_names()
        if name.startswith(("snap__", "roster__")) and name not in known
    ]
