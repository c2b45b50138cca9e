"""Casework.db: the day on which a checklist's step was done, where it was recorded later."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from yimen.core.store.migrations.sets import casework

if TYPE_CHECKING:
    from sqlite_utils import Database
    from sqlite_utils.db import Table


@casework()
def m020_done_days(db: Database) -> None:
    """What was recorded so far counts from its recording."""
    cast("Table", db["checklist_act"]).add_column("done_on", str)
