"""Casework.db: what a snapshot's pointer says beside its first columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from yimen.core.store.migrations.sets import casework

if TYPE_CHECKING:
    from sqlite_utils import Database
    from sqlite_utils.db import Table


@casework()
def m015_pruned_snapshots(db: Database) -> None:
    """The rows were let go on that day; the pointer stays."""
    cast("Table", db["snapshot"]).add_column("pruned_on", str)


@casework()
def m016_files_of_snapshots(db: Database) -> None:
    """An extract of several files: their names, and how many lines stand before each."""
    cast("Table", db["snapshot"]).add_column("files", str, not_null_default="[]")
