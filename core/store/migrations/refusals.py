"""Casework.db: what was refused at the one door, proposed by one person and signed by another."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from yimen.core.store.migrations.sets import casework

if TYPE_CHECKING:
    from sqlite_utils import Database
    from sqlite_utils.db import Table


@casework()
def m017_refusals(db: Database) -> None:
    """An end names its law, its second person, the report it rests on, and what it refuses."""
    cast("Table", db["application"]).add_column("proposal_to_end", str)
    moves = cast("Table", db["application_move"])
    for column in ("basis", "second", "report_no", "programmes"):
        moves.add_column(column, str)
