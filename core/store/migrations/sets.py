"""The two named sets of steps, and how a step makes a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from sqlite_utils import Database, Migrations

if TYPE_CHECKING:
    from sqlite_utils.db import Table

casework = Migrations("yimen.casework")
registers = Migrations("yimen.registers")


def create(
    db: Database, name: str, columns: dict[str, type], pk: str | tuple[str, ...], required: str
) -> Table:
    """A new table; `required` names the columns that are never NULL, parted by spaces."""
    table = cast("Table", db[name])
    table.create(columns, pk=pk, not_null=set(required.split()))
    return table
