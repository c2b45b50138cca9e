"""Children without parents who care for them, and rural families watched lest poverty return.

A child is listed only where the registers bear it out: the only grown-up of the family has died, or
holds a card of a severe disability and earns nothing. The allowance that goes with it is paid in
full and to families without dibao, so that it meets no other payment. A family stands in the
monitoring list with all its living members. Drawn from a stream of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from yimen.core.synthetic.people import Family, Person
from yimen.core.synthetic.registers import Registers, Row, is_valid_card, of_source, own_share, runs

CHILD_ALLOWANCE = 1_500_00
"""The example allowance for de-facto unattended children, in fen a month."""

_MONITORED = {"dibao": 0.2, "edge": 0.25, "former": 0.4}
_MONITORED_ELSE = 0.02
_SUDDEN_EXPENSE = 5_000_00


class Welfare:
    """Draws the child-welfare and the monitoring rows of a family whose other rows are there."""

    def __init__(self, rng: Random, as_of: date) -> None:
        self.rng = rng
        self.registers = Registers(rng, as_of)

    def of_family(
        self, family: Family, rows: Sequence[Row], living: str, guest: Person | None
    ) -> list[Row]:
        """What child welfare and the farmers' bureau know of a family that lives in some way."""
        found = list(self._children(family, rows))
        if family.zone == "RURAL" and living != "unnumbered":
            found += self._monitored(family, rows, living, guest)
        return found

    def _children(self, family: Family, rows: Sequence[Row]) -> Iterator[Row]:
        """Children whose only parent at home has died, or is severely disabled."""
        grown = [person for person in family.members if person.age >= 18]
        if len(grown) != 1 or not all(person.id_number for person in family.members):
            return
        parent = grown[0]
        if any(row.source == "civil.assistance" and runs(row, self.registers.as_of)
               and row.cells["programme"] != "CIV-DIS2" for row in rows):  # fmt: skip
            return
        cards = of_source(rows, "disability.card", parent)
        disabled = any(
            is_valid_card(card, self.registers.as_of) and card.cells["grade"] in ("1", "2")
            for card in cards
        )
        earns = bool(of_source(rows, "civil.tax_income", parent))
        for child in family.members[1:]:
            if parent.died_on:
                listed = min(parent.died_on + timedelta(days=20), self.registers.as_of)
                yield self.registers.listed_child(child, "ORPHAN", max(listed, child.birth))
            elif disabled and not earns:
                since = max(self.registers.months_ago(self.rng.randint(2, 40)), child.birth)
                yield self.registers.listed_child(child, "DEFACTO", since)
                yield self.registers.benefit(child, "CIV-DFC", CHILD_ALLOWANCE, since)

    def _monitored(
        self, family: Family, rows: Sequence[Row], living: str, guest: Person | None
    ) -> Iterator[Row]:
        """A family that is watched; of one whose aid ended the risk is removed as well."""
        if self.rng.random() >= _MONITORED.get(living, _MONITORED_ELSE):
            return
        if living == "plain" and any(row.cells.get("kind") == "CAR" for row in rows):
            return
        listed = self.registers.months_ago(self.rng.randint(3, 30))
        cleared = self.registers.months_ago(self.rng.randint(0, 2)) if living == "former" else None
        kind = "SUDDEN" if self._struck(rows) else self.rng.choice(("UNSTABLE", "MARGINAL"))
        for person in family.members:
            if person.id_number and not person.died_on and person is not guest:
                since = max(listed, person.birth)
                yield self.registers.monitored(person, kind, since, cleared)

    def _struck(self, rows: Sequence[Row]) -> bool:
        """Whether a large part of a bill was left to the family."""
        bills = [row for row in rows if row.source == "medical.settlement"]
        return any(own_share(bill) >= _SUDDEN_EXPENSE for bill in bills)
