"""The ledger: every payment of the persons whom overlaps are about, from registers and casework.

Registers that are read by statutory duty only: what needs a consent is not looked into for a batch.
Reading only; a row without an ID number, or with one that two names share, is nobody's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from yimen.core.casework.desk import Desk
from yimen.core.casework.months import month_number, months_paid
from yimen.core.casework.overlap_evidence import Event, Payment
from yimen.core.casework.selecting import current_roster
from yimen.core.overlap_records import UnattributableRows
from yimen.core.records import Benefit
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.inputs import readings_on
from yimen.core.store import aid_rows, cases, roster
from yimen.core.store.aid_rows import AidTable, EventTable, OverpaidEvent
from yimen.core.store.roster import RosterRow

_CHUNK = 2000
PersonalKey = tuple[str, str]
"""Household and member."""


class Ledger:
    """What was paid as it stands on a day, under the rules of a day; `read` fetches households."""

    def __init__(
        self, desk: Desk, catalogue: Catalogue, *, rules_on: date, facts_as_of: date
    ) -> None:
        self.desk = desk
        self.catalogue = catalogue
        self.facts_as_of = facts_as_of
        self.now = month_number(facts_as_of.isoformat())
        self.roster = current_roster(desk, catalogue, facts_as_of)
        duty = [s for s in catalogue.sources.values() if s.authority == "duty"]
        self._readings = {
            r.source: r
            for r in readings_on(desk.home, catalogue, [s.source for s in duty], facts_as_of)
        }
        self.aid = [
            AidTable(s.source, r.snapshot.table, r.snapshot.as_of, s.benefits)
            for s in duty
            if s.benefits and (r := self._readings[s.source]).snapshot
        ]
        self._settled = [
            EventTable(s.source, r.snapshot.table, s.settlement)
            for s in duty
            if s.settlement and (r := self._readings[s.source]).snapshot
        ]
        self._monthly = {
            name: version.amount.per == "month" or version.amount.type == "NONE"
            for name, version in catalogue.versions_on(rules_on).items()
        }
        self.shared = self._shared([table.table for table in self.aid])
        self._rows: dict[str, list[RosterRow]] = {}
        self._paid: dict[aid_rows.Person, list[Payment]] = {}
        self._granted: dict[str, list[Benefit]] = {}
        self._events: dict[PersonalKey, list[OverpaidEvent]] = {}

    def _shared(self, tables: list[str]) -> set[str]:
        return aid_rows.shared_numbers(self.desk.home.registers, tables, self.roster)

    # -- what all registers show at once --------------------------------------------------------

    def paid_twice(self, prefix: str) -> list[tuple[str, str, str]]:
        """(household, member, programme) paid twice in a month, whether or not it still is."""
        return [
            (household, member, programme)
            for household, member, __, programme in aid_rows.paid_twice(
                self.desk.home.registers,
                self.aid,
                self.roster,
                prefix=prefix,
                until=self.facts_as_of.isoformat(),
                shared=self.shared,
            )
            if programme in self.catalogue.programmes
        ]

    def overpaid(self, prefix: str, member_no: str | None = None) -> list[OverpaidEvent]:
        """Events for which several payers gave more than the eligible cost: all, or a member's."""
        return [
            event
            for table in self._settled
            for event in aid_rows.overpaid_events(
                self.desk.home.registers,
                table,
                self.roster,
                prefix=prefix,
                until=self.facts_as_of.isoformat(),
                shared=self._shared([table.table]),
                member_no=member_no,
            )
            if set(event.programmes) <= set(self.catalogue.programmes)
        ]

    def unattributable(self) -> list[UnattributableRows]:
        """Registers with rows that belong to nobody for certain, and how many."""
        found = []
        for table in self.aid:
            none, several = aid_rows.without_a_person(self.desk.home.registers, table, self.shared)
            if none or several:
                found.append(
                    UnattributableRows(
                        source=table.source, without_number=none, shared_number=several
                    )
                )
        return found

    def readable(self, programme: str) -> bool:
        """Whether the register that shows a programme as received can be relied on today."""
        known = self.catalogue.programmes.get(programme)
        if known is None:
            return False
        reading = self._readings.get(known.recognised_by.source) if known.recognised_by else None
        return known.recognised_by is None or (reading is not None and reading.status == "ok")

    # -- the persons of some households ---------------------------------------------------------

    def read(self, households: Iterable[str], events: Iterable[OverpaidEvent] = ()) -> None:
        """Fetches the members, payments and grants of households, some thousand at a time."""
        wanted = sorted({no for no in households if no not in self._rows})
        db = self.desk.home.casework
        for start in range(0, len(wanted), _CHUNK):
            some = wanted[start : start + _CHUNK]
            for household in some:
                self._rows.setdefault(household, [])
            for row in roster.find_rows(self.desk.home, self.roster, "household_no", some):
                self._rows[row[0]].append(row)
            for benefit in cases.benefits(db, some):
                self._granted.setdefault(benefit.household_no, []).append(benefit)
            self._fetch([row for household in some for row in self._rows[household]])
        for event in events:
            self._events.setdefault((event.household_no, event.member_no), []).append(event)

    def forget(self) -> None:
        """Lets all persons go, so that a county's are never held at once."""
        for read in (self._rows, self._paid, self._granted, self._events):
            read.clear()

    def _fetch(self, rows: Sequence[RosterRow]) -> None:
        persons = [(row[2], row[3]) for row in rows if row[2] and row[2] not in self.shared]
        for table in self.aid:
            fresh = self._readings[table.source].status == "ok"
            until = self.now if fresh else min(self.now, month_number(table.as_of))
            for row in aid_rows.rows_of_persons(self.desk.home.registers, table, persons):
                months = months_paid(row.from_date, row.to_date)
                if months is None or months[0] > until:
                    continue
                self._paid.setdefault((row.id_number, row.name), []).append(
                    Payment(
                        programme=row.programme,
                        payer=row.payer or "",
                        source=table.source,
                        amount=row.amount,
                        monthly=self._monthly.get(row.programme, False),
                        first=months[0],
                        last=min(months[1], until),
                    )
                )

    def members(self, household_no: str) -> list[RosterRow]:
        """The household's rows in the roster; `read` it first."""
        return self._rows[household_no]

    def division(self, household_no: str) -> str:
        """The household's division, the county where the roster does not know it."""
        rows = self._rows[household_no]
        return rows[0][7] if rows else self.desk.home.county

    def attributable(self, household_no: str, member_no: str | None) -> bool:
        """Whether rows can belong to the member: on the roster, with a number of this name alone.

        Of a household it is enough that they can belong to one member.
        """
        rows = [r for r in self._rows[household_no] if member_no in (None, r[1])]
        return any(row[2] is not None and row[2] not in self.shared for row in rows)

    def payments(self, household_no: str, member_no: str | None, programme: str) -> list[Payment]:
        """A programme's payments to a member, or to all members of a household.

        A grant of this home comes back as a row of its department's register, so that grants
        count only where the register shows at most one record.
        """
        rows = [r for r in self._rows[household_no] if member_no in (None, r[1])]
        shown = [
            p
            for row in rows
            if row[2]
            for p in self._paid.get((row[2], row[3]), [])
            if p.programme == programme
        ]
        granted = [
            _of_grant(b, self.now)
            for b in self._granted.get(household_no, [])
            if b.programme == programme and member_no in (None, b.member_no)
            and month_number(b.from_month) <= self.now
        ]  # fmt: skip
        return max(shown, granted, key=len)

    def events(
        self, household_no: str, member_no: str | None, programmes: tuple[str, ...]
    ) -> list[Event]:
        """The member's overpaid events under exactly these programmes."""
        return [
            _shown(event, self.catalogue)
            for event in self._events.get((household_no, member_no or ""), [])
            if event.programmes == programmes
        ]


def _of_grant(benefit: Benefit, now: int) -> Payment:
    return Payment(
        programme=benefit.programme,
        payer=benefit.department,
        source="casework",
        amount=benefit.amount_fen,
        monthly=benefit.per == "month",
        first=month_number(benefit.from_month),
        last=min(now, month_number(benefit.to_month or "9999-12")),
    )


def _shown(event: OverpaidEvent, catalogue: Catalogue) -> Event:
    source = catalogue.sources[event.source]
    names = {column.column: column.names.text() for column in source.columns}
    payers = source.settlement.paid if source.settlement else []
    under = {p.column: p.programme for p in payers}
    return Event(
        source=event.source,
        day=event.day,
        cost=event.cost,
        paid=tuple((c, names[c], under[c], fen) for c, fen in event.paid.items() if fen),
    )
