"""Casework.db: which guards of its handling a grant did not wait for, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from yimen.core.store.migrations.sets import casework

if TYPE_CHECKING:
    from sqlite_utils import Database
    from sqlite_utils.db import Table


@casework()
def m018_guards(db: Database) -> None:
    """Moves made before the guards were kept passed over none that anybody told."""
    moves = cast("Table", db["referral_move"])
    moves.add_column("passed_over", str, not_null_default="[]")
    moves.add_column("override", str, not_null_default="")
