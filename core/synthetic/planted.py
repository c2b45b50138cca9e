"""What goes wrong in the made-up county, on purpose and on record.

Every household gets one role before it exists, so that a kind of trouble never meets another one by
chance; what is planted goes into truth.json as it is planted. Nothing may be planted in a family
without aid.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from random import Random
from typing import Literal, NamedTuple, TypedDict

from yimen.core.synthetic.livelihood import MONTHLY_STANDARD
from yimen.core.synthetic.names import another_name
from yimen.core.synthetic.people import SPOUSE, Family, Person
from yimen.core.synthetic.registers import OTHER_PAYER, Registers, Row, of_source, runs

BLOCK = 300
"""Roles are drawn for so many households at a time; the first whole block has every kind."""

Living = Literal["plain", "former", "bereaved", "imprisoned", "unnumbered", "dibao", "edge"]
_PER_BLOCK: tuple[tuple[Living, int], ...] = (
    ("dibao", 12),
    ("edge", 6),
    ("former", 4),
    ("bereaved", 3),
    ("imprisoned", 3),
    ("unnumbered", 2),
)
_LATER_BLOCKS = 0.25
"""The chance that a block after the first has a kind: about 1.5 % of the families with aid."""

COUNTED_TWICE = "counted_twice"
_WITH_EARNER = ("couple_child", "three_generations", "single_parent")
_ANY_DIBAO = ("single_elder", "elder_couple", "single_adult", "couple_grown_child", *_WITH_EARNER)


class Role(NamedTuple):
    """How a household lives, what is planted in it, and its partner if that takes two."""

    living: Living = "plain"
    planted: str = ""
    partner: int = 0


class Planted(TypedDict):
    """One entry of truth.json: what a check has to find in which household and whose rows."""

    kind: str
    household_no: str
    id_number: str
    programme: str | None
    note: str


class Found(NamedTuple):
    """What is planted, before the household's number is known."""

    kind: str
    person: Person
    programme: str | None
    note: str


class _Trouble(NamedTuple):
    """A way to spoil a dibao family: the shapes it needs, before and after its rows are made."""

    shapes: Sequence[str]
    after: Callable[[Random, Registers, Family, list[Row]], list[Found]]
    before: Callable[[Registers, Family], None] | None = None


def roles(rng: Random, households: int, taken: Collection[int]) -> Iterator[Role]:
    """The role of household 1, 2, 3 and so on; the `taken` ones stay plain."""
    for first in range(1, households + 1, BLOCK):
        size = min(BLOCK, households - first + 1)
        numbers = range(first, first + size)
        block = _block(rng, [n for n in numbers if n not in taken], size, chance=_chance(first))
        for number in numbers:
            yield block.get(number, Role())


def _chance(first: int) -> float:
    """The chance of each kind in the block that starts at a household."""
    return 1.0 if first == 1 else _LATER_BLOCKS


def _block(rng: Random, free: list[int], size: int, *, chance: float) -> dict[int, Role]:
    """The roles of one block, in the shares of the whole county."""
    counts = [(living, round(count * size / BLOCK)) for living, count in _PER_BLOCK]
    drawn = rng.sample(free, sum(count for _living, count in counts))
    block: dict[int, Role] = {}
    for living, count in counts:
        numbers, drawn = drawn[:count], drawn[count:]
        block.update((number, Role(living)) for number in numbers)
        if living == "dibao":
            kinds = [kind for kind in TROUBLES if rng.random() < chance]
            for number, kind in zip(numbers[: len(numbers) * 2 // 3], kinds, strict=False):
                block[number] = Role(living, kind)
        elif living == "edge" and count > 1 and rng.random() < chance:
            one, other = sorted(numbers[:2])
            block[one] = Role(living, COUNTED_TWICE, other)
            block[other] = Role(living, COUNTED_TWICE, one)
    return block


def dibao_shapes(planted: str) -> Sequence[str]:
    """The shapes a dibao family may have with or without something planted."""
    return TROUBLES[planted].shapes if planted else _ANY_DIBAO


def edge_shapes(planted: str) -> Sequence[str]:
    """The shapes an edge family may have: somebody earns."""
    return ("couple_child",) if planted else _WITH_EARNER


def spoil(
    rng: Random, registers: Registers, family: Family, rows: list[Row], planted: str
) -> list[Found]:
    """Plants a kind into the rows of a dibao family and says what is to be found there."""
    return TROUBLES[planted].after(rng, registers, family, rows)


def prepare(registers: Registers, family: Family, planted: str) -> None:
    """Changes the lives of a dibao family before its rows are made, where a kind needs it."""
    before = TROUBLES[planted].before if planted else None
    if before:
        before(registers, family)


def _someone(rng: Random, family: Family) -> Person:
    """Any counted member."""
    return rng.choice(family.counted())


def _name_mismatch(
    rng: Random, registers: Registers, family: Family, rows: list[Row]
) -> list[Found]:
    """One register has a member's number under another name.

    Only registers that are read by duty: a bank's is read under consent, and a screening that
    reads none would rightly find nothing there.
    """
    person = _someone(rng, family)
    wrong = another_name(rng, person.name)
    if person.age >= 18 and rng.random() < 0.5:
        source = "civil.tax_income"
        mine = of_source(rows, source, person) or registers.income(person, "PROPERTY", [18_000])
    else:
        source = "medical.insurance"
        mine = of_source(rows, source, person)
    for row in mine:
        if row in rows:
            rows.remove(row)
        rows.append(row._replace(name=wrong))
    return [Found("name_mismatch", person, None, f"{source} has this number under another name")]


def _die(registers: Registers, family: Family) -> None:
    """The last old member has died; the head and somebody else's book live on."""
    gone = next(p for p in reversed(family.members) if p.relation == SPOUSE or p.age >= 60)
    gone.died_on = registers.some_day(40, 330)


def _deceased(rng: Random, registers: Registers, family: Family, rows: list[Row]) -> list[Found]:
    """Dibao is still paid for a member who has died."""
    gone = next(p for p in family.members if p.died_on)
    paid = next(
        row for row in rows if row.source == "civil.assistance" and runs(row, registers.as_of)
    )
    cells = {**paid.cells, "from_date": registers.months_ago(rng.randint(13, 40))}
    rows.append(paid._replace(name=gone.name, id_number=gone.id_number, cells=cells))
    note = f"died on {gone.died_on}, dibao still paid"
    return [Found("deceased_beneficiary", gone, "CIV-DB", note)]


def _hidden_car(rng: Random, registers: Registers, family: Family, rows: list[Row]) -> list[Found]:
    """A member of a dibao family has a car in use."""
    owner = rng.choice([p for p in family.counted() if p.age >= 18])
    rows.append(registers.vehicle(owner, "CAR"))
    note = "has a car in use"
    return [
        Found("undeclared_asset", owner, "CIV-DB", note),
        Found("wrongly_kept", owner, "CIV-DB", note),
    ]


def _hidden_wages(
    rng: Random, registers: Registers, family: Family, rows: list[Row]
) -> list[Found]:
    """A member of a dibao family earns more than the standard allows the whole family."""
    earner = rng.choice(family.earners())
    excess = rng.randint(140, 200) * MONTHLY_STANDARD * len(family.counted()) // 100
    rows += registers.wages(earner, excess // 100 * 100)
    note = "wages of the last 12 months lift the family above the standard"
    return [Found("wrongly_kept", earner, "CIV-DB", note)]


def _duplicate(rng: Random, registers: Registers, family: Family, rows: list[Row]) -> list[Found]:
    """The same member receives dibao from two counties."""
    person = _someone(rng, family)
    since = registers.months_ago(rng.randint(1, 20))
    amount = rng.randint(150, 600) * 100
    rows.append(registers.benefit(person, "CIV-DB", amount, since, payer=OTHER_PAYER))
    return [Found("duplicate", person, "CIV-DB", f"also paid by {OTHER_PAYER}")]


def _multi_source(
    rng: Random, registers: Registers, family: Family, rows: list[Row]
) -> list[Found]:
    """The same member is recognised under two programmes that exclude each other."""
    person = _someone(rng, family)
    since = registers.months_ago(rng.randint(1, 20))
    rows.append(registers.benefit(person, "CIV-EDGE", 0, since))
    return [
        Found("multi_source", person, "CIV-DB+CIV-EDGE", "both are active, each excludes the other")
    ]


def _missed_premium(
    rng: Random, registers: Registers, family: Family, rows: list[Row]
) -> list[Found]:
    """A dibao member pays the insurance premium out of pocket."""
    person = _someone(rng, family)
    for row in of_source(rows, "medical.insurance", person):
        rows.remove(row)
    rows.append(registers.insurance(person, "RESIDENT"))
    return [Found("missed", person, "MED-PREM", "dibao member, premium not paid by aid")]


def _missed_inpatient(
    rng: Random, registers: Registers, family: Family, rows: list[Row]
) -> list[Found]:
    """A dibao member paid the own share of a stay in hospital, and no aid came."""
    person = _someone(rng, family)
    for row in of_source(rows, "medical.settlement", person):
        rows.remove(row)
    own = rng.randint(900, 14_000) * 100
    rows.append(registers.settlement(person, "IN", own, settled_on=registers.some_day(10, 300)))
    return [Found("missed", person, "MED-IN", "dibao member, in-patient own share without aid")]


TROUBLES: dict[str, _Trouble] = {
    "name_mismatch": _Trouble(_ANY_DIBAO, _name_mismatch),
    "deceased": _Trouble(("elder_couple", "three_generations"), _deceased, before=_die),
    "hidden_car": _Trouble(_ANY_DIBAO, _hidden_car),
    "hidden_wages": _Trouble(_WITH_EARNER, _hidden_wages),
    "duplicate": _Trouble(_ANY_DIBAO, _duplicate),
    "multi_source": _Trouble(_ANY_DIBAO, _multi_source),
    "missed_premium": _Trouble(_ANY_DIBAO, _missed_premium),
    "missed_inpatient": _Trouble(_ANY_DIBAO, _missed_inpatient),
}
"""What is planted in dibao families, in the order in which a small county gets it."""
