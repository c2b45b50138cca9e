"""Which illness stands behind the hospital bills of the made-up county.

A bill comes first and the illness is what explains it: a large stay in hospital a serious one, a
bill of a chronic illness that one. Nobody without such a bill is listed, and nobody twice. The edge
families' bills are too small for a serious illness, which would open further aid there. Drawn from
a stream of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from yimen.core.synthetic.people import FEMALE, Family, Person
from yimen.core.synthetic.registers import Registers, Row, of_source, own_share

LARGE_SHARE = 4_000_00
"""The part of a stay in hospital that insurance left, in fen, from which an illness is serious."""

_OF_CHILDREN = ("LEUKAEMIA", "HEART_DEFECT", "HEART_DEFECT", "MAJOR")
_OF_WOMEN = ("BREAST_CANCER", "CERVICAL_CANCER", "OTHER_CANCER", "MAJOR", "MAJOR")
_OF_MEN = ("OTHER_CANCER", "OTHER_CANCER", "MAJOR")


class Illness:
    """Draws the register of illnesses for a family whose bills are there."""

    def __init__(self, rng: Random, as_of: date) -> None:
        self.rng = rng
        self.registers = Registers(rng, as_of)

    def of_family(self, family: Family, rows: Sequence[Row]) -> list[Row]:
        """The illnesses of those whose bills are large, or of a chronic illness."""
        found: list[Row] = []
        for person in family.members:
            bills = of_source(rows, "medical.settlement", person) if person.id_number else []
            serious = [b for b in bills if b.cells["kind"] == "IN" and own_share(b) >= LARGE_SHARE]
            chronic = [b for b in bills if b.cells["kind"] == "CHRONIC"]
            if serious:
                found.append(self._listed(person, self._serious(person), serious))
            elif chronic:
                found.append(self._listed(person, "CHRONIC", chronic))
        return found

    def _serious(self, person: Person) -> str:
        """A serious illness of somebody of this age and sex."""
        if person.age < 18:
            return self.rng.choice(_OF_CHILDREN)
        return self.rng.choice(_OF_WOMEN if person.sex == FEMALE else _OF_MEN)

    def _listed(self, person: Person, kind: str, bills: Sequence[Row]) -> Row:
        """A listing from shortly before the first bill on, without end or up to a review."""
        first = min(day for bill in bills if isinstance(day := bill.cells["settled_on"], date))
        since = max(first - timedelta(days=self.rng.randint(3, 60)), person.birth)
        ahead = self.rng.choice((None, 300, 900))
        until = None if ahead is None else self.registers.as_of + timedelta(days=ahead)
        return self.registers.illness(person, kind, since, until)
