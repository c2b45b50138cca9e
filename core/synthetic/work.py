"""What the employment department knows of the made-up county: who is insured through work, and who
is registered as without it.

All of it follows from rows that are there: wages make contributions, and nobody who earns is
registered as unemployed. Drawn from a stream of its own, after everything else of a family, so that
nothing else changes. A recognised difficulty is one that the registers bear out; that a person is
able to work no register says, so that nobody is found to have missed it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from yimen.core.synthetic.people import MALE, Family, Person
from yimen.core.synthetic.registers import Registers, Row, is_valid_card, of_source, runs

_EMPLOYEE_SHARES = (("PENSION", 80), ("MEDICAL", 20), ("UNEMPLOYMENT", 5), ("INJURY", 0))
"""What an employee pays of each insurance, in thousandths of the base."""
_WITHOUT_OWN_INSURANCE = (("INJURY", 0),)
_OWN_PENSION_SHARE = 200
_RECOGNISED_DAYS = 3 * 365


class _Job(NamedTuple):
    """Months of wages without a gap, and the most that was paid in one of them."""

    first: date
    last: date
    base: int


class Work:
    """Draws contributions and registrations for a family whose other rows are there."""

    def __init__(self, rng: Random, as_of: date) -> None:
        self.rng = rng
        self.registers = Registers(rng, as_of)

    def of_family(self, family: Family, rows: Sequence[Row]) -> list[Row]:
        """What the wages and the standing of a family's members mean to the department."""
        on_dibao = any(
            row.source == "civil.assistance"
            and row.cells["programme"] == "CIV-DB"
            and runs(row, self.registers.as_of)
            for row in rows
        )
        numbered = all(person.id_number for person in family.members)
        found: list[Row] = []
        for person in family.members:
            if not person.id_number or person.died_on:
                continue
            mine = [row for row in rows if row.id_number == person.id_number]
            jobs = list(self._jobs(mine))
            found += self._contributions(person, mine, jobs)
            if self._may_register(person, mine, jobs) and self.rng.random() < 0.3:
                reasons = self._reasons(family, person, mine, on_dibao) if numbered else []
                found.append(self._registration(person, jobs, reasons))
            elif jobs and self._began(jobs[-1]) and self.rng.random() < 0.3:
                since = jobs[-1].first - timedelta(days=self.rng.randint(20, 200))
                found.append(self.registers.unemployed(person, since, until=jobs[-1].first))
        return found

    def _jobs(self, rows: Iterable[Row]) -> Iterator[_Job]:
        """A person's jobs, the oldest first, as wages month after month tell them."""
        paid: dict[date, int] = defaultdict(int)
        for row in rows:
            day, amount = row.cells.get("paid_on"), row.cells.get("amount_fen")
            if row.cells.get("item") == "WAGE" and isinstance(day, date):
                paid[day] += amount if isinstance(amount, int) else 0
        months: list[date] = []
        for day in sorted(paid):
            if months and _month_after(months[-1]) != day:
                yield _Job(months[0], months[-1], max(paid[m] for m in months))
                months = []
            months.append(day)
        if months:
            yield _Job(months[0], months[-1], max(paid[m] for m in months))

    def _runs(self, job: _Job) -> bool:
        """Whether wages were paid this month."""
        return job.last == self.registers.months_ago(0)

    def _began(self, job: _Job) -> bool:
        """Whether a job that runs began within the year that the tax rows cover."""
        return self._runs(job) and job.first > self.registers.months_ago(11)

    def _contributions(
        self, person: Person, rows: Sequence[Row], jobs: Sequence[_Job]
    ) -> Iterator[Row]:
        """An employer's contributions for each job, a few traders' own ones."""
        insured = of_source(rows, "medical.insurance", person)
        as_employee = any(row.cells["kind"] == "EMPLOYEE" for row in insured)
        for job in jobs:
            since = job.first
            if self._runs(job) and not self._began(job):
                longer = self.registers.months_ago(self.rng.randint(11, 140))
                since = min(since, max(longer, date(person.birth.year + 18, 1, 1)))
            until = None if self._runs(job) else _month_after(job.last)
            for kind, share in _EMPLOYEE_SHARES if as_employee else _WITHOUT_OWN_INSURANCE:
                yield self.registers.contribution(
                    person, kind, "EMPLOYER", job.base, share, since, until
                )
        trades = any(row.cells.get("item") == "BUSINESS" for row in rows)
        if trades and not jobs and 18 <= person.age < 60 and self.rng.random() < 0.25:
            base = self.rng.randint(35, 60) * 100_00
            since = self.registers.months_ago(self.rng.randint(3, 60))
            yield self.registers.contribution(
                person, "PENSION", "OWN", base, _OWN_PENSION_SHARE, since, None
            )

    def _may_register(self, person: Person, rows: Sequence[Row], jobs: Sequence[_Job]) -> bool:
        """Whether somebody of working age neither earns nor learns, nor was taken away."""
        of_age = 18 <= person.age < (60 if person.sex == MALE else 55)
        studies = bool(person.stage) and person.left_school_on is None
        earns = any(self._runs(job) for job in jobs) or any(
            row.cells.get("item") in ("BUSINESS", "PROPERTY") for row in rows
        )
        return of_age and not (studies or earns or person.custody)

    def _reasons(
        self, family: Family, person: Person, rows: Sequence[Row], on_dibao: bool
    ) -> list[str]:
        """The categories of difficulty that the registers bear out."""
        cards = of_source(rows, "disability.card", person)
        held = any(is_valid_card(card, self.registers.as_of) for card in cards)
        older = person.age >= (50 if person.sex == MALE else 40)
        counted = any(member is person for member in family.counted())
        borne_out = (("DIBAO", on_dibao and counted), ("DISABLED", held), ("OLDER", older))
        return [category for category, is_so in borne_out if is_so]

    def _registration(self, person: Person, jobs: Sequence[_Job], reasons: Sequence[str]) -> Row:
        """A registration that runs, half of those with a reason recognised as in difficulty."""
        day = self.registers.as_of
        since = self.registers.some_day(40, 600)
        if jobs:
            since = max(since, _month_after(jobs[-1].last))
        if not reasons or self.rng.random() < 0.5:
            return self.registers.unemployed(person, since)
        recognised = min(since + timedelta(days=self.rng.randint(10, 40)), day)
        until = recognised + timedelta(days=_RECOGNISED_DAYS)
        return self.registers.unemployed(
            person, since, category=self.rng.choice(reasons), recognised=(recognised, until)
        )


def _month_after(day: date) -> date:
    """The first day of the next month."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
