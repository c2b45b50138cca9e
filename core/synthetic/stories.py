"""Three families without aid for a demonstration at the window, always in the same places.

Their registers carry the case and nothing else unusual: one will be eligible, one refused, and of
one too little is known to say either.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict

from yimen.core.synthetic.names import another_name
from yimen.core.synthetic.people import FEMALE, HEAD, MALE, SPOUSE, Family, Person, Population
from yimen.core.synthetic.registers import Registers, Row


class Story(TypedDict):
    """One entry of truth.json: a family to demonstrate, by its head, and what to expect."""

    story: str
    household_no: str
    id_number: str
    note: str


class Teller:
    """Makes the families of the stories with the county's people and registers."""

    def __init__(self, population: Population, registers: Registers) -> None:
        self.population = population
        self.registers = registers
        self._tales: dict[str, Callable[[], tuple[Family, list[Row], str]]] = {
            "eligible": self._eligible,
            "refused": self._refused,
            "unknown": self._unknown,
        }

    def tell(self, story: str) -> tuple[Family, list[Row], str]:
        """A story's family, its rows but the residence ones, and the note for truth.json."""
        return self._tales[story]()

    def _couple(self, age: int, child_age: int) -> tuple[Person, Person, Person]:
        """A couple and their only child."""
        people = self.population
        husband = people.person(age, MALE, HEAD, "户主")
        wife = people.person(age - 1, FEMALE, SPOUSE, "妻")
        return husband, wife, people.child(child_age, husband.name, order="独生")

    def _family(self, *members: Person) -> Family:
        """A family of one village."""
        return Family(list(members), "370499101203", "RURAL", self.registers.as_of)

    def _at_home(self, family: Family) -> list[Row]:
        """One homestead, resident insurance for all, and what school knows."""
        rows = [self.registers.property(family.head, "HOMESTEAD")]
        for person in family.members:
            rows += self.registers.life(person)
            rows.append(self.registers.insurance(person, "RESIDENT"))
        return rows

    def _eligible(self) -> tuple[Family, list[Row], str]:
        """29,400 yuan a year for three persons: 816.67 a head and month (rules.md 2.4 a)."""
        husband, wife, child = self._couple(39, 11)
        family, registers = self._family(husband, wife, child), self.registers
        rows = self._at_home(family)
        rows += registers.income(husband, "WAGE", [2_000_00] * 12)
        rows += registers.income(wife, "BUSINESS", [1_800_00] * 2, every=6)
        rows += registers.income(wife, "PROPERTY", [1_800_00], since=3)
        rows.append(registers.deposit(husband, 2_615_40))
        rows.append(registers.deposit(wife, 830_00))
        settled_on = registers.some_day(20, 60)
        rows.append(registers.settlement(wife, "IN", 8_000_00, settled_on=settled_on))
        note = (
            "Registers show 29,400 yuan a year for three, small deposits, one homestead, "
            "8,000 yuan own share in hospital: dibao, premium aid and in-patient aid."
        )
        return family, rows, note

    def _refused(self) -> tuple[Family, list[Row], str]:
        """Little income, but a car and far more savings than two years' standard a head."""
        husband, wife, child = self._couple(44, 15)
        family, registers = self._family(husband, wife, child), self.registers
        rows = self._at_home(family)
        rows += registers.income(husband, "WAGE", [1_200_00] * 12)
        rows.append(registers.vehicle(husband, "CAR"))
        rows.append(registers.deposit(husband, 126_000_00))
        rows.append(registers.deposit(wife, 60_500_00))
        note = (
            "Registers show 14,400 yuan a year for three, but a car and deposits of 186,500 yuan: "
            "refused."
        )
        return family, rows, note

    def _unknown(self) -> tuple[Family, list[Row], str]:
        """The wife's income is under another name, and nobody knows where the child lives."""
        husband, wife, child = self._couple(50, 23)
        child.separated = None
        family, registers = self._family(husband, wife, child), self.registers
        rows = self._at_home(family)
        rows += registers.income(husband, "WAGE", [1_000_00] * 12)
        wrong = another_name(self.population.rng, wife.name)
        rows += [row._replace(name=wrong) for row in registers.income(wife, "WAGE", [800_00] * 12)]
        rows.append(registers.deposit(husband, 1_950_00))
        note = (
            "The wife's tax rows are under another name, and nothing says whether the grown child "
            "lives with the family: unknown, not refused."
        )
        return family, rows, note
