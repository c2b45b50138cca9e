"""What the families of the made-up county earn and own, and the aid that some of them receive.

Families with aid truly satisfy the example limits of the bundled departments (standards.json), with
room to spare on both sides, so that whatever breaks a limit was planted. A family without aid gets
no row here that means aid.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from yimen.core.synthetic.people import Family, Person
from yimen.core.synthetic.registers import Registers, Row

MONTHLY_STANDARD = 900_00
HEATING = 600_00
"""The example dibao standard, in fen a person and month."""

_CENTRAL_BASIC = (143_00, 163_00)


class Livelihood:
    """Draws by chance, for a whole family, the rows of every register but the residence one."""

    def __init__(self, rng: Random, registers: Registers) -> None:
        self.rng = rng
        self.registers = registers

    def without_aid(self, family: Family) -> list[Row]:
        """The rows of a family that lives on what it earns."""
        rows: list[Row] = []
        for person in family.members:
            if person.id_number:
                rows += self.registers.life(person)
            if person.died_on:
                rows += self._pension_until_death(person)
            elif person.id_number:
                rows += self._earned(person)
                rows += self._ailments(person)
        living = [p for p in family.members if p.died_on is None and p.age >= 18]
        rows += self._owned(family, living) if living else []
        return rows

    def on_dibao(self, family: Family) -> list[Row]:
        """The rows of a family that receives dibao and is within every limit of it."""
        counted, share = family.counted(), self.rng.uniform(0.2, 0.72)
        rows = self._modest_income(family, share)
        rows += self._modest_property(family)
        since = self.registers.months_ago(self.rng.randint(2, 40))
        until = self._some_end()
        monthly = _whole_yuan(int(MONTHLY_STANDARD * (1 - share)))
        # What the class opens once a winter.
        winter = self.registers.months_ago(3)
        rows.append(self.registers.benefit(family.head, "CIV-WARM", HEATING, winter, winter))
        for person in counted:
            rows.append(self.registers.benefit(person, "CIV-DB", monthly, since, until))
            rows.append(self.registers.insurance(person, "RESIDENT", subsidised=True))
            rows += self._aided_ailments(person)
        if self.rng.random() < 0.25:
            rows += self._earlier_aid(counted)
        return rows + self._not_counted(family)

    def on_the_edge(self, family: Family, guest: Person | None = None) -> list[Row]:
        """The rows of a low-income edge family: above the dibao standard, below 1.5 times it.

        The rows of a `guest`, whom another household lists too, stand with that household.
        """
        rows = self._modest_income(family, self.rng.uniform(1.2, 1.35), guest)
        rows += self._modest_property(family)
        if self.rng.random() < 0.12:
            rows.append(self.registers.vehicle(family.head, "CAR"))
        since = self.registers.months_ago(self.rng.randint(2, 24))
        for person in family.counted():
            if person is guest:
                continue
            rows.append(self.registers.benefit(person, "CIV-EDGE", 0, since))
            rows.append(self.registers.insurance(person, "RESIDENT"))
            if self.rng.random() < 0.15:
                rows.append(
                    self.registers.settlement(
                        person,
                        self.rng.choice(("IN", "CHRONIC", "OUT")),
                        self._yuan(200, 2_500),
                        settled_on=self.registers.some_day(5, 320),
                    )
                )
        return rows + self._not_counted(family)

    def formerly_aided(self, family: Family) -> list[Row]:
        """The rows of a family whose aid ended."""
        end = self.registers.months_ago(self.rng.randint(3, 14))
        since = self.registers.months_ago(self.rng.randint(18, 60))
        programme = self.rng.choice(("CIV-DB", "CIV-DB", "CIV-EDGE"))
        rows = self.without_aid(family)
        for person in (p for p in family.counted() if p.birth < since):
            amount = 0 if programme == "CIV-EDGE" else self._yuan(120, 700)
            rows.append(self.registers.benefit(person, programme, amount, since, end))
        once, over = self.registers.months_ago(2), self.registers.months_ago(1)
        rows.append(self.registers.benefit(family.head, "CIV-FAST", MONTHLY_STANDARD, once, over))
        return rows

    def _yuan(self, least: int, most: int) -> int:
        """Whole yuan between two amounts of yuan, in fen."""
        return 100 * self.rng.randint(least, most)

    def _some_end(self) -> date | None:
        """Open for most; some aid is granted up to a review some months ahead."""
        if self.rng.random() < 0.8:
            return None
        return self.registers.as_of + timedelta(days=self.rng.randint(60, 300))

    def _earned(self, person: Person) -> list[Row]:
        """Income and medical insurance of a member of a family without aid."""
        chance = self.rng.random()
        if person.age < 18 or (person.stage and person.left_school_on is None):
            return [self.registers.insurance(person, "RESIDENT")]
        if person.age >= 60:
            return self._retired(person, chance)
        if chance < 0.62:
            months = self.rng.choice((12, 12, 12, 12, 5, 8))
            rows = self.registers.wages(person, self._yuan(2_100, 7_800), months=months)
            kind = "EMPLOYEE" if self.rng.random() < 0.6 else "RESIDENT"
            return [*rows, self.registers.insurance(person, kind)]
        rows = [self.registers.insurance(person, "RESIDENT")]
        if chance < 0.75:
            quarters = [self._yuan(3_000, 24_000) for _ in range(4)]
            rows += self.registers.income(person, "BUSINESS", quarters, every=3)
        elif chance < 0.8:
            rents = [self._yuan(1_500, 9_000)]
            rows += self.registers.income(person, "PROPERTY", rents, since=self.rng.randint(0, 11))
        return rows

    def _retired(self, person: Person, chance: float) -> list[Row]:
        """Pension and medical insurance of an old member of a family without aid."""
        if chance < 0.3:
            return [
                self.registers.pension(person, "EMPLOYEE", self._yuan(1_800, 4_600)),
                self.registers.insurance(person, "EMPLOYEE"),
            ]
        insured = self.registers.insurance(person, "RESIDENT")
        if chance > 0.93:
            return [insured]
        monthly, basic = self._resident_pension()
        return [self.registers.pension(person, "RESIDENT", monthly, basic), insured]

    def _resident_pension(self) -> tuple[int, int]:
        """A residents' pension a month, and the central basic part of it."""
        basic = self.rng.choice(_CENTRAL_BASIC)
        return basic + self._yuan(20, 90), basic

    def _pension_until_death(self, person: Person) -> list[Row]:
        """The pension of somebody who had been old for some years, stopped as it should be."""
        if person.age < 62:
            return []
        monthly, basic = self._resident_pension()
        until = person.died_on
        return [self.registers.pension(person, "RESIDENT", monthly, basic, until=until)]

    def _ailments(self, person: Person) -> list[Row]:
        """Bills of a member of a family without aid; none of them paid by medical aid."""
        if self.rng.random() > 0.09:
            return []
        kind = self.rng.choice(("OUT", "OUT", "CHRONIC", "IN"))
        return [
            self.registers.settlement(
                person,
                kind,
                self._yuan(60, 400) if kind == "OUT" else self._yuan(500, 9_000),
                settled_on=self.registers.some_day(5, 700),
            )
            for _ in range(self.rng.choice((1, 1, 2)))
        ]

    def _owned(self, family: Family, owners: list[Person]) -> list[Row]:
        """Dwellings, vehicles and deposits of a family without aid."""
        rows: list[Row] = []
        home = "DWELLING" if family.zone == "URBAN" else "HOMESTEAD"
        chance = self.rng.random()
        if chance < 0.91:
            rows.append(self.registers.property(owners[0], home))
        if chance < 0.08:
            rows.append(self.registers.property(self.rng.choice(owners), "DWELLING"))
        if 0.4 < chance < 0.43:
            rows.append(self.registers.property(self.rng.choice(owners), "SHOP"))
        if 0.5 < chance < 0.56:
            rows.append(self.registers.property(self.rng.choice(owners), home, "ENDED"))
        chance = self.rng.random()
        for kind, status, below in (
            ("CAR", "NORMAL", 0.34),
            ("CAR", "SCRAPPED", 0.38),
            ("MOTORCYCLE", "NORMAL", 0.5),
            ("TRICYCLE", "NORMAL", 0.56),
            ("TRUCK", "NORMAL", 0.58),
            ("MOBILITY", "NORMAL", 0.595),
        ):
            if chance < below:
                rows.append(self.registers.vehicle(self.rng.choice(owners), kind, status))
                break
        rows += [
            self.registers.deposit(person, self._yuan(300, 90_000) + self.rng.randrange(100))
            for person in owners
            if self.rng.random() < 0.6
        ]
        return rows

    def _modest_income(
        self, family: Family, share: float, guest: Person | None = None
    ) -> list[Row]:
        """Income of about a share of the dibao standard of all counted members, pensions whole.

        Counting the central basic pension or not leaves it on the same side of the limits.
        """
        rows: list[Row] = []
        goal = int(12 * MONTHLY_STANDARD * len(family.counted()) * share)
        for person in family.counted():
            if person.age >= 60 and person is not guest:
                monthly, basic = self._resident_pension()
                rows.append(self.registers.pension(person, "RESIDENT", monthly, basic))
                goal -= 12 * monthly
        earners = family.earners()
        if not earners:
            return rows
        earner = self.rng.choice(earners)
        if share > 1 or (goal > 0 and self.rng.random() < 0.7):
            rows += self.registers.wages(earner, _whole_yuan(goal // 12))
        elif goal > 0:
            half = _whole_yuan(goal // 2)
            rows += self.registers.income(earner, "BUSINESS", [half, half], every=6, since=2)
        if share < 1 and self.rng.random() < 0.3:
            rows += self.registers.wages(earner, self._yuan(2_500, 4_000), months=6, since=14)
        return rows

    def _modest_property(self, family: Family) -> list[Row]:
        """At most one dwelling, no car and small deposits."""
        owners = [p for p in family.counted() if p.age >= 18]
        home = "DWELLING" if family.zone == "URBAN" else "HOMESTEAD"
        rows: list[Row] = []
        if self.rng.random() < 0.85:
            rows.append(self.registers.property(owners[0], home))
        if self.rng.random() < 0.1:
            usage = self.rng.choice((home, "SHOP"))
            rows.append(self.registers.property(self.rng.choice(owners), usage, "ENDED"))
        kind, status = self.rng.choice(
            (
                ("MOTORCYCLE", "NORMAL"),
                ("TRICYCLE", "NORMAL"),
                ("MOBILITY", "NORMAL"),
                ("CAR", "SCRAPPED"),
            )
        )
        if self.rng.random() < 0.3:
            rows.append(self.registers.vehicle(self.rng.choice(owners), kind, status))
        for person in owners[:2]:
            if self.rng.random() < 0.6:
                balance = self._yuan(20, 3_000) + self.rng.randrange(100)
                rows.append(self.registers.deposit(person, balance))
        return rows

    def _aided_ailments(self, person: Person) -> list[Row]:
        """Bills of a dibao member: medical aid paid its part of each of the last twelve months."""
        if self.rng.random() > 0.2:
            return []
        own = self._yuan(300, 9_000)
        kind = self.rng.choice(("IN", "CHRONIC"))
        settled_on = self.registers.some_day(5, 320)
        rows = [
            self.registers.settlement(
                person, kind, own, aid=_whole_yuan(own * 7 // 10), settled_on=settled_on
            )
        ]
        if self.rng.random() < 0.3:
            long_ago = self.registers.some_day(420, 800)
            rows.append(self.registers.settlement(person, kind, own, settled_on=long_ago))
        return rows

    def _earlier_aid(self, people: list[Person]) -> list[Row]:
        """Aid that ended at least a month before today's began."""
        programme = self.rng.choice(("CIV-EDGE", "CIV-DB"))
        since, until = self.registers.months_ago(60), self.registers.months_ago(43)
        amount = 0 if programme == "CIV-EDGE" else self._yuan(120, 600)
        born = [p for p in people if p.birth < since]
        return [self.registers.benefit(p, programme, amount, since, until) for p in born]

    def _not_counted(self, family: Family) -> list[Row]:
        """The lives of all members, and what those who do not count earn and own by themselves."""
        counted = {p.id_number for p in family.counted()}
        rows: list[Row] = []
        for person in family.members:
            rows += self.registers.life(person)
            if person.id_number in counted:
                continue
            rows.append(self.registers.insurance(person, "EMPLOYEE"))
            if person.died_on:
                rows += self._pension_until_death(person)
            if person.died_on or person.custody:
                continue
            rows += self.registers.wages(person, self._yuan(3_000, 6_500))
            if self.rng.random() < 0.5:
                rows.append(self.registers.vehicle(person, "CAR"))
        return rows


def _whole_yuan(fen: int) -> int:
    """Fen without the odd ones."""
    return fen // 100 * 100
