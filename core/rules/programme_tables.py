"""Writes the tables of programmes: criteria become results, results outcomes, level after level.

A level waits only for outcomes of the levels before it; what a failing or refused department owns
is unknown to the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from yimen.core.declarations import Programme, ProgrammeVersion
from yimen.core.rules.amounts import amount_trees
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.column_names import ColumnNames
from yimen.core.rules.dialects import SqliteDialect
from yimen.core.rules.expressions import parse
from yimen.core.rules.statement import Level


class ProgrammeTables:
    """Appends to the statement's `tables`; `compiled` lists the programmes that have columns."""

    def __init__(
        self,
        catalogue: Catalogue,
        versions: dict[str, ProgrammeVersion],
        without: frozenset[str],
        names: ColumnNames,
        dialect: SqliteDialect,
        tables: list[str],
    ) -> None:
        self.catalogue = catalogue
        self.versions = versions
        self.without = without
        self.names = names
        self.dialect = dialect
        self.quote = dialect.quote
        self.tables = tables
        self.compiled: list[str] = []

    def add(self, phase: str, levels: list[Level], before: str) -> str:
        """Adds results and outcomes level after level; returns the last table's name."""
        for index, level in enumerate(levels):
            level = [
                p for p in level if self.catalogue.owners.get(p[0].programme) not in self.without
            ]
            results, outcomes = ["*"], ["*"]
            for programme, version in level:
                self.compiled.append(programme.programme)
                results += self._results(programme, version)
                cells = [
                    self.quote(f"c:{programme.programme}:{criterion.criterion}")
                    for criterion in version.criteria
                ]
                outcome = self.quote(f"o:{programme.programme}")
                outcomes.append(f"({' AND '.join(cells)}) AS {outcome}")
            table = f"{phase}_{index}"
            self.tables.append(
                f"{table}_results AS MATERIALIZED (SELECT {', '.join(results)} FROM {before})"
            )
            self.tables.append(
                f"{table} AS MATERIALIZED (SELECT {', '.join(outcomes)} FROM {table}_results)"
            )
            before = self._any_member(table, [p.programme for p, __ in level])
        return before

    def _results(self, programme: Programme, version: ProgrammeVersion) -> list[str]:
        """The columns of a programme's criteria, of its amount's steps and of its amount."""
        name, columns = programme.programme, list[str]()
        find = self.names.person if programme.unit == "person" else self.names.household
        called = partial(self._called, programme.unit)
        for criterion in version.criteria:
            cell = self.quote(f"c:{name}:{criterion.criterion}")
            node = parse(criterion.expression, name)
            columns.append(f"{self.dialect.lower(node, find, called)} AS {cell}")
            uses = f"criterion:{name}:{version.from_date}:{criterion.criterion}"
            if stated := self._stated(self.catalogue.links.uses[uses]):
                presumed = self.quote(f"p:{name}:{criterion.criterion}")
                sql = self.dialect.lower(node, self._presuming(find, stated), called)
                columns.append(f"{sql} AS {presumed}")
        for step, tree in amount_trees(version.amount, lambda text: name).items():
            cell = self.quote(f"t:{name}:{step}" if step else f"a:{name}")
            sql = self.dialect.integer(self.dialect.lower(tree, find, called))
            columns.append(f"{sql} AS {cell}")
        return columns

    def _called(self, unit: str, call: str, programme: str) -> str:
        """The column that answers RECOGNISED or QUALIFIES for a person's or a household's rule."""
        personal = self.catalogue.programmes[programme].unit == "person"
        if call == "RECOGNISED":
            return self.quote(f"{'g' if unit == 'person' and personal else 'hg'}:{programme}")
        broken = programme in self.catalogue.links.broken_programmes
        if broken or self.catalogue.owners.get(programme) in self.without:
            return "NULL"
        if programme not in self.versions:
            # What is not in force on the day cannot be qualified for.
            return "0"
        return self.quote(f"{'ho' if unit == 'household' and personal else 'o'}:{programme}")

    def _any_member(self, before: str, level: list[str]) -> str:
        """Adds whether any counted member qualifies, where a household's rule waits for that."""
        asked = {
            q
            for p, version in self.versions.items()
            if self.catalogue.programmes[p].unit == "household"
            for q in self.catalogue.links.qualifies.get(f"{p}:{version.from_date}", [])
        }
        columns = ["*"]
        for name in level:
            if name in asked and self.catalogue.programmes[name].unit == "person":
                met = f"(counted AND {self.quote(f'o:{name}')})"
                found = self.dialect.any_true(met, "COUNT(*)", " OVER (PARTITION BY household_no)")
                columns.append(f"{found} AS {self.quote(f'ho:{name}')}")
        if len(columns) == 1:
            return before
        table = f"{before}_any"
        self.tables.append(f"{table} AS MATERIALIZED (SELECT {', '.join(columns)} FROM {before})")
        return table

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
