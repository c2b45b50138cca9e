"""The aid that is known of a family: what registers show of its members, and what this home grants.

What is received is what the programme's department declares: aid that is given once a year counts
for its year, though the register's row names one day. A check says the same by the same condition.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from yimen.core.casework.desk import Desk
from yimen.core.casework.ruling import rule
from yimen.core.declarations import Benefits
from yimen.core.results import KnownBenefit
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.inputs import parameters, readings_on
from yimen.core.store import cases, snapshots
from yimen.core.store.roster import RosterRow

Cell = int | str | None


def known_aid(
    desk: Desk,
    catalogue: Catalogue,
    rows: list[RosterRow],
    today: date,
    consented: Mapping[str, Collection[str]],
) -> list[KnownBenefit]:
    """The aid of one household's members, register by register, then what was granted here.

    `consented` holds, for each source that needs an authorisation, the members who gave one.
    """
    ruling = rule(desk, catalogue, today, today)
    statement = ruling.statement
    given = parameters(statement, ruling.readings.values(), dict(ruling.standards), today)
    declared = {s.source for s in catalogue.sources.values() if s.benefits}
    sources = sorted(declared | {source for source, __ in statement.recognitions.values()})
    # What no rule reads is not among the readings of the check.
    unread = [source for source in sources if source not in ruling.readings]
    others = {r.source: r for r in readings_on(desk.home, catalogue, unread, today)}
    found: list[KnownBenefit] = []
    for reading in (ruling.readings.get(source) or others[source] for source in sources):
        columns = catalogue.sources[reading.source].benefits
        conditions = {
            programme: condition
            for programme, (source, condition) in statement.recognitions.items()
            if source == reading.source and reading.status == "ok"
        }
        if reading.snapshot is None:
            continue
        for row in rows:
            if row[2] is None or row[1] not in consented.get(reading.source, (row[1],)):
                continue
            person = (row[2], row[3])
            met = snapshots.conditions_met(
                desk.home, reading.snapshot.table, person, conditions, given
            )
            if columns is None:
                found += _recognised(catalogue, reading.source, row[1], met)
                continue
            for r in snapshots.rows_of_person(desk.home, reading.snapshot.table, *person):
                found.append(_of_row(r, columns, reading.source, row[1], conditions, met, today))
    return [*found, *_granted_here(desk, rows[0][0], today)]


def _recognised(
    catalogue: Catalogue, source: str, member_no: str, met: Mapping[int, Collection[str]]
) -> Iterator[KnownBenefit]:
    """Aid that a register shows by its rows and keeps no account of."""
    for programme in sorted({name for names in met.values() for name in names}):
        yield KnownBenefit(
            programme=programme,
            member_no=member_no,
            payer=catalogue.programmes[programme].department,
            amount_fen=None,
            from_date=None,
            to_date=None,
            active=True,
            source=source,
        )


def _of_row(
    r: Mapping[str, Any],
    columns: Benefits,
    source: str,
    member_no: str,
    conditions: Collection[str],
    met: Mapping[int, Collection[str]],
    today: date,
) -> KnownBenefit:
    programme = str(r[columns.programme])
    first, last = str(r[columns.from_date]), str(r[columns.to_date])
    active = first <= today.isoformat() < last
    if programme in conditions:
        active = programme in met[r["row_no"]]
    return KnownBenefit(
        programme=programme,
        member_no=member_no,
        payer=str(r[columns.payer]),
        amount_fen=r[columns.amount],
        from_date=first,
        to_date=None if last == "9999-12-31" else last,
        active=active,
        upcoming=first > today.isoformat(),
        source=source,
    )


def _granted_here(desk: Desk, household_no: str, today: date) -> Iterator[KnownBenefit]:
    month = today.isoformat()[:7]
    for benefit in cases.benefits(desk.home.casework, [household_no]):
        yield KnownBenefit(
            programme=benefit.programme,
            member_no=benefit.member_no,
            payer=benefit.department,
            amount_fen=benefit.amount_fen,
            from_date=benefit.from_month,
            to_date=benefit.to_month,
            active=benefit.from_month <= month <= (benefit.to_month or "9999-12"),
            upcoming=benefit.from_month > month,
            source="casework",
            benefit_no=benefit.benefit_no,
        )
