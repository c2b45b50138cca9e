"""Reads the registers of aid as a whole: who was paid what by whom, in one query a register.

A row belongs to a person only when ID number and name are both equal; a number under two names, or
none, is nobody's. Nothing here loops over households, and nothing is written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from yimen.core.declarations import Benefits, Settlement

if TYPE_CHECKING:
    from yimen.core.store.database import Database

Person = tuple[str, str]
"""ID number and name."""


class AidTable(NamedTuple):
    """A snapshot of a register that shows aid by programme: its table, its day, its columns."""

    source: str
    table: str
    as_of: str
    columns: Benefits


class AidRow(NamedTuple):
    """One row of a register of aid; `amount` in fen per the programme's period."""

    id_number: str
    name: str
    programme: str
    payer: str | None
    amount: int | None
    from_date: str | None
    to_date: str | None


class EventTable(NamedTuple):
    """A snapshot of a register whose rows settle events, and how its columns say so."""

    source: str
    table: str
    settlement: Settlement


class OverpaidEvent(NamedTuple):
    """An event of which all payers together paid more than its eligible cost, in fen.

    `paid` goes by column, without the parts that another column holds already; `programmes` are
    those under which aid was a part of it.
    """

    household_no: str
    member_no: str
    division: str
    source: str
    day: str
    cost: int
    paid: Mapping[str, int]
    programmes: tuple[str, ...]

    @property
    def excess(self) -> int:
        """What was paid above the eligible cost."""
        return sum(self.paid.values()) - self.cost


def _columns(b: Benefits) -> str:
    named = (b.programme, b.payer, b.amount, b.from_date, b.to_date)
    return ", ".join(f's."{column}"' for column in named)


def _everyone(tables: Sequence[AidTable]) -> str:
    """A query over all rows of aid of all registers."""
    parts = [
        f"SELECT s.id_number AS id_number, s.name AS name, {i} AS register, s.row_no AS row_no,"
        f' s."{t.columns.programme}" AS programme, s."{t.columns.from_date}" AS from_date,'
        f' s."{t.columns.to_date}" AS to_date FROM "{t.table}" AS s'
        for i, t in enumerate(tables)
    ]
    return " UNION ALL ".join(parts)


def rows_of_persons(db: Database, table: AidTable, persons: Iterable[Person]) -> Iterator[AidRow]:
    """All rows of the persons in one register, whatever their dates, in the register's order."""
    sql = (
        f"SELECT s.id_number, s.name, {_columns(table.columns)} FROM json_each(?) AS p"
        f" CROSS JOIN \"{table.table}\" AS s ON s.id_number = json_extract(p.value, '$[0]')"
        " AND s.name = json_extract(p.value, '$[1]') ORDER BY s.id_number, s.row_no"
    )
    for row in db.conn.execute(sql, [json.dumps(sorted(set(persons)))]):
        yield AidRow(*row)


def rows_of_nobody(
    db: Database, table: AidTable, shared: Iterable[str]
) -> Iterator[tuple[int, AidRow]]:
    """Rows without an ID number or with a shared one, each with its number in the extract."""
    sql = (
        f'SELECT s.row_no, s.id_number, s.name, {_columns(table.columns)} FROM "{table.table}" AS s'
        " WHERE s.id_number IS NULL OR s.id_number IN (SELECT value FROM json_each(?))"
        " ORDER BY s.row_no"
    )
    for line, *row in db.conn.execute(sql, [json.dumps(sorted(shared))]):
        yield line, AidRow(*row)


def shared_numbers(db: Database, tables: Sequence[str], roster: str) -> set[str]:
    """ID numbers that stand under several names in some snapshot tables and the roster."""
    if not tables:
        return set()
    rows = " UNION ALL ".join(f'SELECT id_number, name FROM "{table}"' for table in tables)
    sql = (
        f"WITH paid AS (SELECT DISTINCT id_number, name FROM ({rows}) WHERE id_number IS NOT NULL)"
        " SELECT id_number FROM (SELECT id_number, name FROM paid UNION SELECT r.id_number, r.name"
        f' FROM "{roster}" AS r WHERE r.id_number IN (SELECT id_number FROM paid))'
        " GROUP BY id_number HAVING COUNT(*) > 1"
    )
    return {number for (number,) in db.conn.execute(sql)}


def without_a_person(db: Database, table: AidTable, shared: Iterable[str]) -> tuple[int, int]:
    """How many rows have no ID number, and how many one of the shared numbers."""
    none, several = db.conn.execute(
        "SELECT COALESCE(SUM(id_number IS NULL), 0), COALESCE(SUM(id_number IN"
        f' (SELECT value FROM json_each(?))), 0) FROM "{table.table}"',
        [json.dumps(sorted(shared))],
    ).fetchone()
    return none, several


# A person whom two households claim is looked for once, in the first of them.
_ONCE = (
    '(r.shared = 0 OR r.household_no = (SELECT MIN(m.household_no) FROM "{roster}" AS m'
    " WHERE m.member_no = r.member_no))"
)
_MONTHS = (
    "substr({0}.from_date, 1, 7) AS first, MAX(substr({0}.from_date, 1, 7),"
    " COALESCE(strftime('%Y-%m', {0}.to_date, '-1 day'), substr({0}.from_date, 1, 7))) AS last"
)


def paid_twice(
    db: Database,
    tables: Sequence[AidTable],
    roster: str,
    *,
    prefix: str,
    until: str,
    shared: Iterable[str],
) -> list[tuple[str, str, str, str]]:
    """(household_no, member_no, division, programme) paid twice in some month up to a day.

    Whether both still run does not matter. Persons who are not on the roster below the division
    prefix are left out, and so are the shared numbers.
    """
    if not tables:
        return []
    sql = (
        f"WITH paid AS ({_everyone(tables)}),"
        " twice AS (SELECT id_number, name, programme FROM paid WHERE id_number IS NOT NULL"
        "  AND programme IS NOT NULL AND from_date <= :until"
        "  AND id_number NOT IN (SELECT value FROM json_each(:shared))"
        "  GROUP BY id_number, name, programme HAVING COUNT(*) > 1),"
        " spans AS MATERIALIZED (SELECT p.id_number, p.name, p.programme, p.register, p.row_no,"
        f"  {_MONTHS.format('p')} FROM paid AS p JOIN twice USING (id_number, name, programme)"
        "  WHERE p.from_date <= :until),"
        " met AS (SELECT DISTINCT a.id_number, a.name, a.programme FROM spans AS a JOIN spans AS b"
        "  USING (id_number, name, programme)"
        "  WHERE (a.register, a.row_no) < (b.register, b.row_no)"
        "  AND a.first <= b.last AND b.first <= a.last)"
        " SELECT r.household_no, r.member_no, r.division, met.programme FROM met"
        f' JOIN "{roster}" AS r ON r.id_number = met.id_number AND r.name = met.name'
        f" WHERE substr(r.division, 1, :width) = :prefix AND {_ONCE.format(roster=roster)}"
        " ORDER BY 1, 2, 4"
    )
    values = {
        "until": until, "shared": json.dumps(sorted(shared)), "prefix": prefix,
        "width": len(prefix),
    }  # fmt: skip
    return list(db.conn.execute(sql, values))


def overpaid_events(
    db: Database,
    table: EventTable,
    roster: str,
    *,
    prefix: str,
    until: str,
    shared: Iterable[str],
    member_no: str | None = None,
) -> list[OverpaidEvent]:
    """Events for which two or more payers gave more than the eligible cost, up to a day.

    Of all members below a division prefix, or of one of them. An event whose cost is unknown is
    none; an unknown payment counts as nothing, so that what is found was paid at least. The shared
    numbers are left out.
    """
    settlement = table.settlement
    wholes = [p.column for p in settlement.paid if p.part_of is None]
    aided = [p for p in settlement.paid if p.programme is not None]
    whose = "" if member_no is None else " AND r.member_no = :member"
    event = f's."{settlement.event}"' if settlement.event else "NULL"
    sums = {p.column: f'SUM(COALESCE(s."{p.column}", 0))' for p in settlement.paid}
    shown = [*(sums[c] for c in wholes), *(_own_sum(settlement, p.column, sums) for p in aided)]
    payers = " + ".join(f"({sums[c]} > 0)" for c in wholes)
    total = " + ".join(sums[c] for c in wholes)
    sql = (
        f'SELECT r.household_no, r.member_no, r.division, MAX(s."{settlement.day}"),'
        f' SUM(s."{settlement.cost}"), {", ".join(shown)} FROM "{table.table}" AS s'
        f' JOIN "{roster}" AS r ON r.id_number = s.id_number AND r.name = s.name'
        f' WHERE s."{settlement.day}" <= :until AND substr(r.division, 1, :width) = :prefix'
        f" AND s.id_number NOT IN (SELECT value FROM json_each(:shared)){whose}"
        f" AND {_ONCE.format(roster=roster)}"
        f" GROUP BY r.member_no, CASE WHEN {event} IS NULL THEN 'r' || s.row_no"
        f" ELSE 'e' || {event} END"
        f' HAVING COUNT(s."{settlement.cost}") = COUNT(*) AND {payers} > 1'
        f' AND {total} > SUM(s."{settlement.cost}") ORDER BY 1, 2, 4'
    )
    found = []
    values = {
        "until": until, "shared": json.dumps(sorted(shared)), "prefix": prefix,
        "width": len(prefix),
    }  # fmt: skip
    if member_no is not None:
        values["member"] = member_no
    for household, member, division, day, cost, *money in db.conn.execute(sql, values):
        own = zip(aided, money[len(wholes) :], strict=True)
        programmes = tuple(sorted({p.programme for p, fen in own if p.programme and fen > 0}))
        if programmes:
            found.append(
                OverpaidEvent(
                    household_no=household,
                    member_no=member,
                    division=division,
                    source=table.source,
                    day=day,
                    cost=cost,
                    paid=dict(zip(wholes, money, strict=False)),
                    programmes=programmes,
                )
            )
    return found


def _own_sum(settlement: Settlement, column: str, sums: Mapping[str, str]) -> str:
    """A column's sum without the parts that other columns take from it."""
    parts = [sums[p.column] for p in settlement.paid if p.part_of == column]
    return " - ".join([sums[column], *parts])
