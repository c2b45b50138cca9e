"""Writes the tables of programmes: criteria become results, results outcomes, level after level.

A level waits only for outcomes of the levels before it; what a failing or refused department owns
is unknown to the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from yimen.core.declarations import Programme, ProgrammeVersion
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.column_names import ColumnNames
from yimen.core.rules.expressions import parse
from yimen.core.rules.letters import Letters
from yimen.core.rules.sides import Side
from yimen.core.rules.statement import Level


class ProgrammeTables:
    """Adds a table of results and one of outcomes a level; `compiled` lists what has columns."""

    def __init__(
        self,
        catalogue: Catalogue,
        versions: dict[str, ProgrammeVersion],
        without: frozenset[str],
        names: ColumnNames,
        letters: Letters,
    ) -> None:
        self.catalogue = catalogue
        self.versions = versions
        self.without = without
        self.names = names
        self.dialect = names.dialect
        self.quote = names.dialect.quote
        self.compiled: list[str] = []
        self._letters = letters
        # The results that would be if what nobody stated were zero.
        self.presumed: dict[str, list[str]] = {}

    def add_households(self, households: Side, levels: list[Level]) -> None:
        """Household programmes that wait for no person's outcome, once a household."""
        for index, level in enumerate(levels):
            self._add(households, f"household_{index}", level)

    def add_persons(self, persons: Side, households: Side, levels: list[Level]) -> None:
        """Persons' programmes, and those of households that wait for them, once a person."""
        persons.meet(households)
        for index, level in enumerate(levels):
            table = f"person_{index}"
            self._add(persons, table, level)
            self._add_any_member(persons, table, [p.programme for p, __ in level])

    def is_compiled(self, name: str) -> bool:
        """Whether a programme in force is computed: its department has not failed."""
        return self.catalogue.owners.get(name) not in self.without

    def _add(self, side: Side, table: str, level: Level) -> None:
        results, outcomes = list[str](), list[str]()
        for programme, version in level:
            name = programme.programme
            if not self.is_compiled(name):
                continue
            self.compiled.append(name)
            results += self._results(programme, version)
            cells = [self.quote(f"c:{name}:{c.criterion}") for c in version.criteria]
            outcomes.append(f"({' AND '.join(cells)}) AS {self.quote(f'o:{name}')}")
            outcomes += self._letters.columns(name, version)
        if not outcomes:
            return
        side.add(f"{table}_results", results)
        self._add_amounts(side, table, level)
        side.add(table, outcomes)

    def _add_amounts(self, side: Side, table: str, level: Level) -> None:
        """Amounts' steps, the first ones first, so that each is computed once; then the amounts."""
        most = max(len(version.amount.steps) for __, version in level)
        for place in range(most + 1):
            columns = []
            for programme, version in level:
                steps = version.amount.steps
                if programme.programme not in self.compiled:
                    continue
                if place < most and place < len(steps):
                    columns.append(self._amount(programme, version, place))
                elif place == most and version.amount.expression:
                    columns.append(self._amount(programme, version, None))
            if columns:
                side.add(f"{table}_amounts_{place}", columns)

    def _amount(self, programme: Programme, version: ProgrammeVersion, place: int | None) -> str:
        """The column of one step, or of the amount itself, which may name the steps before it."""
        name, steps = programme.programme, version.amount.steps
        before = {s.step: self.quote(f"t:{name}:{s.step}") for s in steps[:place]}
        step = None if place is None else steps[place]
        find = self._names_for(programme)
        node = parse((step.expression if step else version.amount.expression) or "", name)
        sql = self.dialect.lower(
            node, lambda n: before.get(n) or find(n), partial(self.called, programme.unit)
        )
        cell = self.quote(f"t:{name}:{step.step}" if step else f"a:{name}")
        return f"{self.dialect.amount(node, sql)} AS {cell}"

    def _names_for(self, programme: Programme) -> Callable[[str], str]:
        return self.names.person if programme.unit == "person" else self.names.household

    def _results(self, programme: Programme, version: ProgrammeVersion) -> list[str]:
        """The columns of a programme's criteria."""
        name, columns = programme.programme, list[str]()
        find = self._names_for(programme)
        called = partial(self.called, programme.unit)
        for criterion in version.criteria:
            cell = self.quote(f"c:{name}:{criterion.criterion}")
            node = parse(criterion.expression, name)
            columns.append(f"{self.dialect.lower(node, find, called)} AS {cell}")
            uses = f"criterion:{name}:{version.from_date}:{criterion.criterion}"
            if stated := self._stated(self.catalogue.links.uses[uses]):
                presumed = f"p:{name}:{criterion.criterion}"
                sql = self.dialect.lower(node, self._presuming(find, stated), called)
                columns.append(f"{sql} AS {self.quote(presumed)}")
                self.presumed.setdefault(name, []).append(presumed)
        return columns

    def called(self, unit: str, call: str, programme: str) -> str:
        """The column that answers RECOGNISED or QUALIFIES for a person's or a household's rule."""
        personal = self._of_persons(programme)
        if call == "RECOGNISED":
            return self.quote(f"{'g' if unit == 'person' and personal else 'hg'}:{programme}")
        broken = programme in self.catalogue.links.broken_programmes
        if broken or self.catalogue.owners.get(programme) in self.without:
            return "NULL"
        if programme not in self.versions:
            # What is not in force on the day cannot be qualified for.
            return self.dialect.literal(False)
        return self.quote(f"{'ho' if unit == 'household' and personal else 'o'}:{programme}")

    def _add_any_member(self, persons: Side, table: str, level: list[str]) -> None:
        """Whether any counted member qualifies, where a household's rule waits for that."""
        asked = {
            q
            for p, version in self.versions.items()
            if self.catalogue.programmes[p].unit == "household"
            for q in [
                *self.catalogue.links.qualifies.get(f"{p}:{version.from_date}", []),
                *version.needs,
            ]
        }
        columns = []
        for name in level:
            if name in asked & set(self.compiled) and self._of_persons(name):
                met = f"(counted AND {self.quote(f'o:{name}')})"
                found = self.dialect.any_true(met)
                columns.append(f"{found} AS {self.quote(f'ho:{name}')}")
        if columns:
            persons.add_of_household(f"{table}_any", columns)

    def _of_persons(self, programme: str) -> bool:
        return self.catalogue.programmes[programme].unit == "person"

    def _stated(self, names: list[str]) -> set[str]:
        """Those of the names that are amounts which only people state, no register."""
        facts = [self.catalogue.facts[n] for n in names if n in self.catalogue.facts]
        return {
            f.fact
            for f in facts
            if not f.source and not f.expression and f.type in ("integer", "money")
        }

    def _presuming(self, find: Callable[[str], str], stated: set[str]) -> Callable[[str], str]:
        """Names as `find` has them, with a stated amount zero where nobody stated it."""
        return lambda name: self.dialect.or_zero(find(name)) if name in stated else find(name)
