"""Registers.db: what is loaded makes its own tables, so that one step marks the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yimen.core.store.migrations.sets import create, registers

if TYPE_CHECKING:
    from sqlite_utils import Database


@registers()
def m001_snapshot_tables_are_made_by_loading(db: Database) -> None:
    """registers.db holds only snapshot and roster tables; this step marks the file as ours."""
    create(db, "registers", {"key": str, "value": str}, "key", "value")
