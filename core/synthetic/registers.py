"""Rows of the departments' registers: what a person is or has, in a register's own columns.

A row is kept apart from its spelling: codes, money in fen and dates stand here as the declarations
name them, and writer.py spells them as the department's files do. Nothing here draws by chance
whether somebody has a car; livelihood.py does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from yimen.core.synthetic.people import Family, Person

# The sources that the county has rows for. An extract of any other would be empty, and an empty
# extract says that nobody is in it; without one, what it would show stays unknown.
WRITTEN = frozenset({
    "civil.hukou", "civil.death", "civil.custody", "civil.enrolment", "civil.tax_income",
    "civil.pension", "civil.vehicle", "civil.realestate", "civil.bank", "civil.assistance",
    "medical.insurance", "medical.settlement", "disability.card",
    "employment.registration", "employment.contribution", "civil.child_welfare",
    "agriculture.monitor", "medical.disease",
})  # fmt: skip
COUNTY_PAYER = "示例县"
OTHER_PAYER = "示例邻县"
_BANKS = ("示例农村商业银行", "示例村镇银行", "示例城市银行", "示例邮政储蓄所")


class Spelled(NamedTuple):
    """A code and the spelling that a clerk would choose, if the source declares it."""

    code: str
    wish: str


Cell = str | int | bool | date | Spelled | None


class Row(NamedTuple):
    """One row of a source: whose it is, under which name, and its cells by column."""

    source: str
    name: str
    id_number: str
    cells: Mapping[str, Cell]


class Registers:
    """Makes rows as they stand on one day, with plates and certificates counted up."""

    def __init__(self, rng: Random, as_of: date) -> None:
        self.rng = rng
        self.as_of = as_of
        self._months = [self.months_ago(n) for n in range(36)]
        self._plates = 0
        self._certificates = 0

    def months_ago(self, months: int) -> date:
        """The first day of the month so many months before the day of the registers."""
        month = self.as_of.year * 12 + self.as_of.month - 1 - months
        return date(month // 12, month % 12 + 1, 1)

    def residence(self, key: str, family: Family) -> list[Row]:
        """The residence-register rows of a family, its head first."""
        return [
            _row(
                "civil.hukou",
                person,
                household_key=key,
                relation=Spelled(person.relation, person.called),
                division=family.division,
                zone=family.zone,
                separated=person.separated,
            )
            for person in family.members
        ]

    def life(self, person: Person) -> list[Row]:
        """The rows of school, death and custody that a person's own life makes."""
        rows = []
        if person.stage:
            rows.append(
                _row(
                    "civil.enrolment",
                    person,
                    stage=person.stage,
                    full_time=True,
                    boarding=_boards(person),
                    left_on=person.left_school_on,
                )
            )
        if person.died_on:
            rows.append(_row("civil.death", person, died_on=person.died_on))
        if person.custody:
            start, end = person.custody
            kind = person.custody_kind
            rows.append(_row("civil.custody", person, kind=kind, from_date=start, to_date=end))
        return rows

    def income(
        self, person: Person, item: str, amounts: Sequence[int], *, every: int = 1, since: int = 0
    ) -> list[Row]:
        """Tax rows of amounts in fen, the newest first, one each `every` months from `since` on."""
        return [
            _row(
                "civil.tax_income",
                person,
                item=item,
                paid_on=self._months[since + every * place],
                amount_fen=amount,
            )
            for place, amount in enumerate(amounts)
        ]

    def wages(self, person: Person, monthly: int, *, months: int = 12, since: int = 0) -> list[Row]:
        """Monthly wages of at most `monthly` fen, a little less in some months."""
        amounts = [monthly - self.rng.choice((0, 0, 0, monthly // 100)) for _ in range(months)]
        return self.income(person, "WAGE", amounts, since=since)

    def pension(
        self, person: Person, kind: str, monthly: int, basic: int = 0, *, until: date | None = None
    ) -> Row:
        """A pension paid since the person was sixty, of which `basic` is the central part."""
        years = max(person.age - 60, 0)
        return _row(
            "civil.pension",
            person,
            kind=kind,
            monthly_fen=monthly,
            basic_fen=basic,
            from_date=self.months_ago(12 * years + 1),
            to_date=until,
        )

    def vehicle(self, person: Person, kind: str, status: str = "NORMAL") -> Row:
        """A vehicle with a plate that no real series has."""
        self._plates += 1
        return _row(
            "civil.vehicle",
            person,
            plate=f"鲁示{self._plates:06d}",
            kind=kind,
            status=status,
            registered_on=self.some_day(200, 4000),
        )

    def property(self, person: Person, usage: str, status: str = "CURRENT") -> Row:
        """A dwelling, homestead, shop or other real property."""
        self._certificates += 1
        year = self.as_of.year - self.rng.randint(1, 15)
        return _row(
            "civil.realestate",
            person,
            certificate=f"鲁({year})示例县不动产权第{self._certificates:07d}号",
            usage=usage,
            area_cm2=self.rng.randint(4200, 16000) * 100,
            status=status,
        )

    def deposit(self, person: Person, balance: int) -> Row:
        """A deposit of so many fen."""
        return _row("civil.bank", person, bank=self.rng.choice(_BANKS), balance_fen=balance)

    def benefit(
        self,
        person: Person,
        programme: str,
        amount: int,
        since: date,
        until: date | None = None,
        *,
        payer: str = COUNTY_PAYER,
    ) -> Row:
        """Aid that a person receives or has received, in fen a month, from birth on at most."""
        return _row(
            "civil.assistance",
            person,
            programme=programme,
            payer=payer,
            amount_fen=amount,
            from_date=max(since, person.birth),
            to_date=until,
        )

    def insurance(self, person: Person, kind: str, *, subsidised: bool = False) -> Row:
        """The medical insurance of this year."""
        return _row(
            "medical.insurance", person, kind=kind, year=self.as_of.year, subsidised=subsidised
        )

    def settlement(
        self, person: Person, kind: str, own_share: int, *, aid: int = 0, settled_on: date
    ) -> Row:
        """A bill of which `own_share` fen are compliant and not paid by insurance."""
        pooled = own_share * self.rng.randint(80, 240) // 100
        beyond = own_share * self.rng.randint(0, 40) // 100
        return _row(
            "medical.settlement",
            person,
            settled_on=max(settled_on, person.birth),
            kind=kind,
            total_fen=own_share + pooled + beyond,
            compliant_fen=own_share + pooled,
            pooled_fen=pooled,
            aid_fen=aid,
        )

    def disability_card(
        self,
        person: Person,
        *,
        type: str,
        grade: str,
        issued_on: date,
        expires_on: date,
        cancelled: bool,
    ) -> Row:
        """A disability card; its number is the person's own, then type and grade."""
        return _row(
            "disability.card",
            person,
            card_number=f"{person.id_number}{type}{grade}",
            type=type,
            grade=grade,
            issued_on=issued_on,
            expires_on=expires_on,
            status="CANCELLED" if cancelled else "VALID",
        )

    def contribution(
        self,
        person: Person,
        kind: str,
        payer: str,
        base: int,
        share: int,
        since: date,
        until: date | None,
    ) -> Row:
        """A social insurance of which the person pays so many thousandths of the base."""
        end = until or self.as_of
        return _row(
            "employment.contribution",
            person,
            kind=kind,
            payer=payer,
            base_fen=base,
            own_fen=base * share // 1000,
            months=max(12 * (end.year - since.year) + end.month - since.month, 1),
            from_date=since,
            to_date=until,
        )

    def unemployed(
        self,
        person: Person,
        since: date,
        *,
        until: date | None = None,
        category: str = "NONE",
        recognised: tuple[date | None, date | None] = (None, None),
    ) -> Row:
        """A registration as unemployed, recognised as in difficulty or not."""
        return _row(
            "employment.registration",
            person,
            from_date=since,
            to_date=until,
            category=category,
            recognised_from=recognised[0],
            recognised_to=recognised[1],
        )

    def listed_child(self, child: Person, kind: str, since: date) -> Row:
        """A child whom nobody, or nobody who is able, brings up."""
        return _row("civil.child_welfare", child, kind=kind, from_date=since, to_date=None)

    def monitored(self, person: Person, kind: str, since: date, cleared: date | None) -> Row:
        """A member of a family that is watched lest it fall back into poverty."""
        return _row("agriculture.monitor", person, kind=kind, listed_on=since, cleared_on=cleared)

    def illness(self, person: Person, kind: str, since: date, until: date | None) -> Row:
        """A serious or chronic illness that a hospital has found."""
        return _row("medical.disease", person, kind=kind, from_date=since, to_date=until)

    def some_day(self, nearest: int, farthest: int) -> date:
        """A day between so many days before the day of the registers."""
        return self.as_of - timedelta(days=self.rng.randint(nearest, farthest))


def _row(source: str, person: Person, **cells: Cell) -> Row:
    """A row in a person's own name."""
    return Row(source, person.name, person.id_number, cells)


def _boards(person: Person) -> bool:
    """Older pupils do, and every third of a junior school, told by the birthday, not drawn."""
    early = person.stage == "JUNIOR" and person.birth.day % 3 == 0
    return early or person.stage in ("SENIOR", "VOC", "UNI")


def of_source(rows: Iterable[Row], source: str, person: Person) -> list[Row]:
    """A person's rows in one source."""
    return [row for row in rows if row.source == source and row.id_number == person.id_number]


def runs(row: Row, as_of: date) -> bool:
    """Whether a row with an end, such as a benefit, is active on a day."""
    until = row.cells["to_date"]
    return until is None or str(until) > as_of.isoformat()


def is_valid_card(row: Row, as_of: date) -> bool:
    """Whether a row of the cards' register is a valid card on a day."""
    return row.cells["status"] == "VALID" and str(row.cells["expires_on"]) >= as_of.isoformat()


def own_share(bill: Row) -> int:
    """What insurance left of a bill's compliant cost, in fen."""
    compliant, pooled = bill.cells["compliant_fen"], bill.cells["pooled_fen"]
    return compliant - pooled if isinstance(compliant, int) and isinstance(pooled, int) else 0
