"""The made-up county, household after household: its rows, and the truth about them.

One pass, nothing kept but counters, so that a county of any size needs the memory of a small one.
Everything follows from the seed: no clock, no hash, no order of a set.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from yimen.core.synthetic.illness import Illness
from yimen.core.synthetic.livelihood import Livelihood
from yimen.core.synthetic.people import (
    FEMALE,
    MALE,
    NON_RELATIVE,
    SPOUSE,
    Family,
    Person,
    Population,
)
from yimen.core.synthetic.planted import (
    COUNTED_TWICE,
    Found,
    Planted,
    Role,
    dibao_shapes,
    edge_shapes,
    prepare,
    roles,
    spoil,
)
from yimen.core.synthetic.registers import Registers, Row
from yimen.core.synthetic.standing import Standing
from yimen.core.synthetic.stories import Story, Teller
from yimen.core.synthetic.welfare import Welfare
from yimen.core.synthetic.work import Work

STORIES = {12: "eligible", 27: "refused", 43: "unknown"}
"""The household numbers of the stories: the same in every county that is large enough."""

_PLAIN_SHAPES = (
    *("single_elder",) * 12,
    *("elder_couple",) * 15,
    *("single_adult",) * 6,
    *("couple",) * 10,
    *("couple_child",) * 27,
    *("couple_grown_child",) * 9,
    *("three_generations",) * 11,
    *("elder_headed",) * 5,
    *("single_parent",) * 5,
)


class Household(NamedTuple):
    """All rows of one household, and what was planted or is told there."""

    rows: list[Row]
    planted: list[Planted]
    story: Story | None


class County:
    """Draws the households of a county in the order of their numbers."""

    def __init__(self, *, households: int, seed: int, as_of: date) -> None:
        self.size = households
        self.rng = Random(seed)
        self.registers = Registers(self.rng, as_of)
        self.population = Population(self.rng, as_of)
        self.livelihood = Livelihood(self.rng, self.registers)
        self.standing = Standing(Random(f"standing of {seed}"), as_of)
        self.welfare = Welfare(Random(f"welfare of {seed}"), as_of)
        self.illness = Illness(Random(f"illness of {seed}"), as_of)
        self.work = Work(Random(f"work of {seed}"), as_of)
        self._guest: Person | None = None

    def households(self) -> Iterator[Household]:
        """Household 1, 2, 3 and so on, each made when it is asked for."""
        teller = Teller(self.population, self.registers)
        for number, role in enumerate(roles(self.rng, self.size, STORIES), start=1):
            household_no, key = f"H{number:07d}", f"SYN{number:07d}"
            if number in STORIES:
                family, rows, note = teller.tell(STORIES[number])
                story = Story(
                    story=STORIES[number],
                    household_no=household_no,
                    id_number=family.head.id_number,
                    note=note,
                )
                yield Household(self.registers.residence(key, family) + rows, [], story)
                continue
            family, rows, found = self._household(role)
            rows += self._elsewhere(family, rows, role)
            planted = [
                Planted(
                    kind=one.kind,
                    household_no=household_no,
                    id_number=one.person.id_number,
                    programme=one.programme,
                    note=one.note,
                )
                for one in found
            ]
            yield Household(self.registers.residence(key, family) + rows, planted, None)

    def _household(self, role: Role) -> tuple[Family, list[Row], list[Found]]:
        """The family of a role, its rows, and what was planted in them."""
        if role.living == "dibao":
            return self._on_dibao(role.planted)
        if role.living == "edge":
            return self._on_the_edge(role)
        family = self.population.family(
            ("couple_child",) if role.living == "unnumbered" else _PLAIN_SHAPES
        )
        if role.living == "former":
            return family, self.livelihood.formerly_aided(family), []
        if role.living == "bereaved":
            max(family.members, key=lambda p: p.age).died_on = self.registers.some_day(30, 500)
        elif role.living == "imprisoned":
            self._imprison(self.rng.choice([p for p in family.members if p.age >= 18]))
        elif role.living == "unnumbered":
            family.members[-1].id_number = ""
        elif self.rng.random() < 0.01:
            lodger = self.population.person(self.rng.randint(22, 50), MALE, NON_RELATIVE, "非亲属")
            family.members.append(lodger)
        return family, self.livelihood.without_aid(family), []

    def _on_dibao(self, planted: str) -> tuple[Family, list[Row], list[Found]]:
        """A family on dibao, spoilt or not."""
        family = self.population.family(dibao_shapes(planted))
        spouse = next((p for p in family.members if p.relation == SPOUSE), None)
        if not planted and spouse and len(family.members) > 2 and self.rng.random() < 0.15:
            self._imprison(spouse)
        prepare(self.registers, family, planted)
        rows = self.livelihood.on_dibao(family)
        found = spoil(self.rng, self.registers, family, rows, planted) if planted else []
        return family, rows, found

    def _on_the_edge(self, role: Role) -> tuple[Family, list[Row], list[Found]]:
        """An edge family; two of a pair share the first one's mother."""
        family = self.population.family(edge_shapes(role.planted))
        if role.planted != COUNTED_TWICE:
            return family, self.livelihood.on_the_edge(family), []
        guest, self._guest = self._guest, None
        shared = guest or self.population.person(self.rng.randint(74, 84), FEMALE, "50", "母亲")
        family.members.append(shared)
        if guest is None:
            self._guest = shared
        note = f"also counted in H{role.partner:07d}"
        found = [Found(COUNTED_TWICE, shared, "CIV-EDGE", note)]
        return family, self.livelihood.on_the_edge(family, guest), found

    def _elsewhere(self, family: Family, rows: list[Row], role: Role) -> list[Row]:
        """What further departments know of a family whose own rows are there."""
        guest = family.members[-1] if role.planted == COUNTED_TWICE else None
        more = self.standing.of_family(family, rows, guest)
        more += self.illness.of_family(family, rows)
        more += self.welfare.of_family(family, rows + more, role.living, guest)
        return more + self.work.of_family(family, rows + more)

    def _imprison(self, person: Person) -> None:
        """A term that is open, ends ahead, or has ended."""
        start, end = self.registers.some_day(400, 1500), self.rng.choice((None, -150, 200))
        day = self.registers.as_of
        person.custody = (start, None if end is None else day + timedelta(days=end))
        person.custody_kind = self.standing.custody_kind(open_ended=end is None)
