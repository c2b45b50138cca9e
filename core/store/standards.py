"""Standard values that a county set: append-only, dated, each with its basis and who set it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from yimen.core.store.database import Database


class CountyValue(Struct, frozen=True, kw_only=True):
    """One value in force between two dates, for one zone or both; examples say so."""

    standard: str
    zone: str
    from_date: str
    to_date: str | None
    value: int | str
    basis: str
    tag: str
    example: bool
    set_by: str


def insert(db: Database, value: CountyValue, set_at: str) -> None:
    """Writes one value inside the caller's transaction."""
    db.conn.execute(
        "INSERT INTO standard_value (standard, zone, from_date, to_date, value, basis, tag,"
        " example, set_by, set_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [value.standard, value.zone, value.from_date, value.to_date, _text(value.value),
         value.basis, value.tag, int(value.example), value.set_by, set_at],
    )  # fmt: skip


def _text(value: int | str) -> str:
    return f"i:{value}" if isinstance(value, int) else f"t:{value}"


def county_values(db: Database) -> list[CountyValue]:
    """All values, in the order in which they were set: of two for one day the later one counts."""
    rows = db.conn.execute(
        "SELECT standard, zone, from_date, to_date, value, basis, tag, example, set_by"
        " FROM standard_value ORDER BY id"
    )
    return [
        CountyValue(
            standard=r[0], zone=r[1], from_date=r[2], to_date=r[3],
            value=int(r[4][2:]) if r[4].startswith("i:") else r[4][2:],
            basis=r[5], tag=r[6], example=bool(r[7]), set_by=r[8],
        )
        for r in rows
    ]  # fmt: skip
