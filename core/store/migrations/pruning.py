"""Casework.db: extracts whose rows were let go; the pointer stays and says when."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from yimen.core.store.migrations.sets import casework

if TYPE_CHECKING:
    from sqlite_utils import Database
    from sqlite_utils.db import Table


@casework()
def m016_pruned_snapshots(db: Database) -> None:
    cast("Table", db["snapshot"]).add_column("pruned_on", str)
