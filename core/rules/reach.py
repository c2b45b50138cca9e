"""Looks whether every criterion can pass and can fail, by running the rules on drawn households.

A criterion that no household can pass shuts everybody out, and one that none can fail is no
criterion; both are mistakes that no scenario shows. The draw is fixed, so that a test is too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random

from yimen.core.declarations import Fact
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.engines import Cell, Selection
from yimen.core.rules.engines.sqlite import SqliteEngine
from yimen.core.rules.inputs import parameters
from yimen.core.rules.narrowing import narrowed
from yimen.core.rules.statement import statement_for
from yimen.core.rules.trial import empty_reading, example_standards
from yimen.core.store.connection import in_memory
from yimen.core.store.journal import canonical

ROUNDS, ROUND, EXAMPLES_ALONE = 34, 60, 4
# Round numbers on purpose: a limit of exactly none, one or two is met as often as passed.
_COUNTS = (0, 0, 0, 1, 1, 2, 3, 12, 70)


def unreached(
    catalogue: Catalogue,
    programmes: list[str],
    on: date,
    variants: Sequence[Mapping[str, int | str | None]] = (),
) -> list[str]:
    """Criteria `PROGRAMME.criterion: never passes` or `never fails`, over the drawn households.

    `variants` are standards tried beside the example values, for criteria that hang on one. Rounds
    of households are drawn until nothing is left to be seen.
    """
    catalogue = narrowed(catalogue, programmes)
    statement = statement_for(catalogue, on)
    database = in_memory()
    engine = SqliteEngine(database, catalogue)
    readings = [empty_reading(database, catalogue, name, on)[0] for name in statement.sources]
    parameter_sets = [
        parameters(
            statement, readings, example_standards(catalogue, statement.standards, on, given), on
        )
        for given in _distinct([{}, *variants])
    ]
    unseen = {
        (f"c:{name}:{criterion.criterion}", value): f"{name}.{criterion.criterion}: {words}"
        for name, version in sorted(catalogue.versions_on(on).items())
        if name in programmes and name in statement.programmes
        for criterion in version.criteria
        for value, words in ((1, "never passes"), (0, "never fails"))
    }
    rng = Random(20260701)
    for turn in range(ROUNDS):
        drawn = _drawn(rng, catalogue, on)
        # The examples reach nearly all; the variants come in for what is left.
        for values in parameter_sets[:1] if turn < EXAMPLES_ALONE else parameter_sets:
            if not unseen:
                return []
            for row in engine.run(statement, readings, values, drawn):
                for cell, value in [key for key in unseen if row[key[0]] == key[1]]:
                    del unseen[cell, value]
    return list(unseen.values())


def _distinct(
    variants: Sequence[Mapping[str, int | str | None]],
) -> list[Mapping[str, int | str | None]]:
    """Each variant once, in the order given."""
    return list({canonical(dict(v)): v for v in variants}.values())


def _drawn(rng: Random, catalogue: Catalogue, on: date) -> Selection:
    """A round of households of one to four members, every stated fact drawn at random."""
    selection = Selection()
    leaves = [f for f in catalogue.facts.values() if not f.expression]
    for number in range(1, ROUND + 1):
        household = f"H{number:07d}"
        wealth = rng.choice((0, 1, 10, 100, 1000, 10000))
        share = rng.choice((0.0, 0.1, 0.4))
        for fact in leaves:
            if fact.unit == "household":
                value = _draw(rng, fact, on, wealth)
                selection.recorded.append((household, fact.fact, value, None))
        for _member in range(rng.randint(1, 4)):
            key = len(selection.persons) + 1
            member, born = f"M{key:07d}", on - timedelta(days=rng.randint(1, 36000))
            selection.add_person(
                household, member, member, member, rng.choice(("02", "10", "20", "50")),
                born.isoformat(), rng.choice("12"), "370499000000", rng.choice(("URBAN", "RURAL")),
                1, 0,
            )  # fmt: skip
            for fact in leaves:
                if fact.unit == "person":
                    value = _draw(rng, fact, on, wealth)
                    selection.recorded.append((member, fact.fact, value, None))
            selection.benefits += _benefits(rng, catalogue, "person", member, share)
        selection.benefits += _benefits(rng, catalogue, "household", household, share)
    return selection


def _benefits(
    rng: Random, catalogue: Catalogue, unit: str, subject: str, share: float
) -> list[tuple[str, str]]:
    """Each programme of the unit, received with the chance `share`."""
    own = [n for n, p in catalogue.programmes.items() if p.unit == unit]
    return [(subject, name) for name in own if rng.random() < share]


def _draw(rng: Random, fact: Fact, on: date, wealth: int) -> Cell:
    if fact.type == "boolean":
        return rng.randint(0, 1)
    if fact.type == "integer":
        return rng.choice(_COUNTS)
    if fact.type == "money":
        return rng.choice((0, 0, 1)) * rng.randint(0, 1000 * max(wealth, 1))
    if fact.type == "date":
        return (on + timedelta(days=rng.randint(-8000, 400))).isoformat()
    return rng.choice(sorted(fact.codes)) if fact.codes else str(rng.randint(1, 9))
