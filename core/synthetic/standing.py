"""What other departments know of the persons of the made-up county: disability cards, their aid.

Drawn after a family has its livelihood and from a stream of its own, so that the families, what
they earn and what is planted stay what they were. Aid follows the rules of the bundled departments
(CIV-DIS2, CIV-DB1) and their example standards: whoever the registers show to qualify receives it,
so that nobody is missed here and nobody is kept wrongly. A guest whom two households count gets
nothing here: what is hers would stand with only one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from yimen.core.synthetic.people import Family, Person
from yimen.core.synthetic.registers import Registers, Row, runs

LIVING, NURSING, NURSING_GRADE_1 = 120_00, 120_00, 150_00
"""The example disability subsidies, in fen a month."""
SINGLE_GUARANTEE = 540_00

_TYPES = ("1",) * 12 + ("2",) * 9 + ("3",) * 2 + ("4",) * 55 + ("5",) * 8 + ("6",) * 8 + ("7",) * 6
_GRADES = ("1",) * 12 + ("2",) * 26 + ("3",) * 28 + ("4",) * 34
_SEVERE_GRADES, _LIGHT_GRADES = ("1", "2"), ("3", "4")
_STATES = ("VALID",) * 27 + ("EXPIRED", "EXPIRED", "CANCELLED")
_CARD_YEARS = 10


class Card(NamedTuple):
    """A disability card as its register has it, and whether it is valid on the day."""

    type: str
    grade: str
    issued_on: date
    expires_on: date
    cancelled: bool
    valid: bool

    @property
    def severe(self) -> bool:
        """Whether the grade alone opens the nursing subsidy."""
        return self.grade in ("1", "2")

    @property
    def opens_single_guarantee(self) -> bool:
        """Whether an edge family's member with it has a guarantee of his own (DB2021 §8)."""
        return self.severe or (self.grade == "3" and self.type in ("5", "6"))


class Standing:
    """Draws cards for a family and adds the aid that they open."""

    def __init__(self, rng: Random, as_of: date) -> None:
        self.rng = rng
        self.registers = Registers(rng, as_of)

    def of_family(self, family: Family, rows: Sequence[Row], guest: Person | None) -> list[Row]:
        """The cards of a family whose other rows are there, and what the holders receive.

        About one person in twenty has a card, and whoever earns has one of a light grade.
        """
        found: list[Row] = []
        earning = {row.id_number for row in rows if row.source == "civil.tax_income"}
        classes = _classes(rows, self.registers.as_of)
        # Where a member cannot be told by a number, nothing can be known to qualify the family.
        counted = (
            {person.id_number for person in family.counted()}
            if all(person.id_number for person in family.members)
            else set[str]()
        )
        lone = sum(person.age >= 18 for person in family.members) == 1 < len(family.members)
        for person in family.members:
            if not person.id_number or person.died_on or person is guest:
                continue
            earns = person.id_number in earning
            chance = 0.08 if person.age >= 60 else 0.045 if person.age >= 18 else 0.015
            if person.id_number in classes:
                chance *= 2
            # Who brings up children alone and earns nothing is not able to.
            unable = lone and person is family.head and not earns
            grades = _LIGHT_GRADES if earns else _SEVERE_GRADES if unable else _GRADES
            card = self._card(person, 0.6 if unable else chance, grades)
            if card is None:
                continue
            found.append(self._card_row(person, card))
            if card.valid and person.id_number in counted:
                found += self._subsidies(person, card, classes.get(person.id_number, {}))
        return found

    def custody_kind(self, *, open_ended: bool) -> str:
        """Why somebody is away: only prison and being missing have no day on which they end."""
        return self.rng.choice(("PRISON", "PRISON", "MISSING" if open_ended else "REHAB"))

    def _card(self, person: Person, chance: float, grades: Sequence[str]) -> Card | None:
        """A card of one of the grades, with some chance."""
        if self.rng.random() >= chance:
            return None
        state, as_of = self.rng.choice(_STATES), self.registers.as_of
        if state == "EXPIRED":
            expires_on = self.registers.some_day(20, 500)
            issued_on = expires_on - timedelta(days=365 * _CARD_YEARS)
        else:
            issued_on = self.registers.some_day(60, 365 * (_CARD_YEARS - 1))
            expires_on = issued_on + timedelta(days=365 * _CARD_YEARS)
        issued_on = max(issued_on, min(person.birth + timedelta(days=60), as_of))
        return Card(
            type=self.rng.choice(_TYPES),
            grade=self.rng.choice(grades),
            issued_on=issued_on,
            expires_on=expires_on,
            cancelled=state == "CANCELLED",
            valid=state == "VALID",
        )

    def _card_row(self, person: Person, card: Card) -> Row:
        """A card's row; the number is the person's, then type and grade."""
        return self.registers.disability_card(
            person,
            type=card.type,
            grade=card.grade,
            issued_on=card.issued_on,
            expires_on=card.expires_on,
            cancelled=card.cancelled,
        )

    def _subsidies(self, person: Person, card: Card, since: Mapping[str, date]) -> Iterable[Row]:
        """What a valid card opens beside the classes that the person has since some days."""
        living = [since[name] for name in ("CIV-DB", "CIV-EDGE") if name in since]
        # Two benefits that exclude each other would be more than what was planted.
        if "CIV-EDGE" in since and "CIV-DB" not in since and card.opens_single_guarantee:
            start = max(since["CIV-EDGE"], card.issued_on)
            yield self.registers.benefit(person, "CIV-DB1", SINGLE_GUARANTEE, start)
        nursing = NURSING_GRADE_1 if card.grade == "1" else NURSING if card.severe else 0
        if living:
            start = max(min(living), card.issued_on)
            yield self.registers.benefit(person, "CIV-DIS2", LIVING + nursing, start)
        # Nursing alone also needs care that no register shows: not all ask for it.
        elif nursing and self.rng.random() < 0.7:
            yield self.registers.benefit(person, "CIV-DIS2", nursing, card.issued_on)


def _classes(rows: Iterable[Row], as_of: date) -> dict[str, dict[str, date]]:
    """Since when each person has each class that runs on a day, by ID number."""
    found: dict[str, dict[str, date]] = {}
    for row in rows:
        since = row.cells.get("from_date")
        if row.source == "civil.assistance" and isinstance(since, date) and runs(row, as_of):
            mine = found.setdefault(row.id_number, {})
            name = str(row.cells["programme"])
            mine[name] = min(since, mine.get(name, since))
    return found
