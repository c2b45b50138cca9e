"""Writes the tables of sources: what each register's rows say of a person, and how it knows him.

An engine that looks rows up takes those of the selected persons; one that reads whole registers
groups them all by number first, and then needs no selection: such a table is made once a run. A
source that needs a consent is read for those alone who gave it.
"""

from __future__ import annotations

from collections.abc import Iterable

from yimen.core.declarations import Fact, Programme, Source
from yimen.core.rules.column_names import ColumnNames
from yimen.core.rules.expressions import Scope, parse, parse_aggregate
from yimen.core.rules.layers import Layers
from yimen.core.rules.linking import source_columns
from yimen.core.rules.statement import SELECTION_COLUMNS, usable_parameter

# What a source that can tell tells of a person: no rows, rows under his name, or under another.
NO_HIT, HIT, MISMATCH = 0, 1, 2


class SourceRows:
    """One table a source: its columns are v:FACT, and v:P and w:P of the programmes it shows."""

    def __init__(self, names: ColumnNames) -> None:
        self.names = names
        self.dialect = names.dialect
        self.quote = names.dialect.quote

    def add(
        self,
        layers: Layers,
        table: str,
        source: Source,
        facts: list[Fact],
        programmes: list[Programme],
    ) -> None:
        """The table of one source."""
        columns = []
        for fact in facts:
            columns.append(f"{self.aggregate(source, fact)} AS {self.quote(f'v:{fact.fact}')}")
        for programme in programmes:
            rows, name = programme.recognised_by, programme.programme
            where = self.row_condition(source, rows.where if rows else "FALSE")
            received = self.dialect.any_true(where)
            columns.append(f"{received} AS {self.quote(f'v:{name}')}")
            columns.append(f"{self.dialect.count_true(where)} AS {self.quote(f'w:{name}')}")
        if self._of_all(source):
            keys = ["s.person AS person", "MIN(s.named) AS named"]
            rest = f"{{{source.source}}} AS s GROUP BY s.person"
            layers.add(table, [*keys, *columns], rest, of_run=True)
            return
        other_name = "COUNT(*) FILTER (WHERE s.name <> m.name)"
        seen = f"CASE WHEN {other_name} > 0 THEN {MISMATCH} ELSE {HIT} END AS seen"
        table_of_selected, key = ("sel", "k") if self.dialect.whole_registers else ("seats", "seat")
        consent = f" WHERE {self._granted(source, 'm')}" if source.authority == "consent" else ""
        # Each selected person looks the rows up by the index; registers lie in the same order.
        rest = (
            f"{table_of_selected} AS m {self.dialect.ordered_join} {{{source.source}}} AS s"
            f" ON s.id_number = m.id_number{consent} GROUP BY m.{key}"
        )
        layers.add(table, [f"m.{key} AS {key}", seen, *columns], rest)

    def add_seats(self, layers: Layers) -> str:
        """Seats the selected persons in the order of ID numbers; returns FROM with them as `m`."""
        if self.dialect.whole_registers:
            return "sel AS m"
        # A key that is NULL is the next number.
        layers.add("seats", ["NULL AS seat", *SELECTION_COLUMNS], "sel ORDER BY id_number")
        return "seats AS m"

    def add_reached(self, layers: Layers, sources: Iterable[Source]) -> str:
        """Which sources tell of a division, one row each; returns how a person `m` finds his."""
        columns = [
            f"CASE WHEN MAX(source = '{source.source}') AND {self._usable(source)} = 'ok'"
            f" THEN TRUE END AS {self._reached(source)}"
            for source in sources
        ]
        layers.add("reached", ["division", *columns], "covered GROUP BY division", of_run=True)
        return " LEFT JOIN reached ON reached.division = m.division AND m.id_number IS NOT NULL"

    def join(self, source: Source, table: str) -> str:
        """How a selected person `m` finds the table's row."""
        if self._of_all(source):
            return f" LEFT JOIN {table} ON {table}.person = m.person"
        if self.dialect.whole_registers:
            return f" LEFT JOIN {table} ON {table}.k = m.k"
        reached = "" if self._asks(source) else f" AND {self._reached(source)}"
        return f" LEFT JOIN {table} ON {table}.seat = m.seat{reached}"

    def seen(self, source: Source, table: str) -> list[str]:
        """The column of how a register's rows that were looked up show the selected person `m`."""
        if self._asks(source):
            return []
        return [f"{table}.seen AS {self._seen(source)}"]

    def told(self, source: Source, answer: str, value: str, absent: object) -> str:
        """A value of the rows, or what is so where there are none; NULL where nobody can tell."""
        none = self.dialect.literal(absent)
        if self._asks(source):
            return f"CASE {answer} WHEN {HIT} THEN {value} WHEN {NO_HIT} THEN {none} END"
        tells = self._reached(source)
        # Of most persons most registers have no row, and mostly that means none or no.
        other = f"NOT {tells}" if none == "0" else f"CASE WHEN {tells} THEN {none} END"
        seen = self._seen(source)
        return f"CASE {seen} WHEN {HIT} THEN {value} WHEN {MISMATCH} THEN NULL ELSE {other} END"

    def answer(self, source: Source, table: str) -> str:
        """What the source tells of the selected person `m`, as a number; NULL where it cannot."""
        tells = self._reached(source)
        if source.authority == "consent":
            tells += f" AND {self._granted(source, 'm')}"
        if not self._of_all(source):
            return f"CASE WHEN {tells} THEN COALESCE({table}.seen, {NO_HIT}) END"
        # Every row of a register has a name.
        return (
            f"CASE WHEN {tells} THEN CASE WHEN {table}.named IS NULL THEN {NO_HIT}"
            f" WHEN {table}.named <> m.named THEN {MISMATCH} ELSE {HIT} END END"
        )

    def status(self, source: Source, answer: str) -> str:
        """How the source knows a person, as a word."""
        usable = self._usable(source)
        consent = (
            f" WHEN NOT {self._granted(source)} THEN 'no_consent'"
            if source.authority == "consent"
            else ""
        )
        return (
            f"CASE WHEN {usable} <> 'ok' THEN {usable}{consent} ELSE CASE {answer}"
            f" WHEN {HIT} THEN 'hit' WHEN {NO_HIT} THEN 'no_hit' WHEN {MISMATCH} THEN 'mismatch'"
            " ELSE 'not_covered' END END"
        )

    def row_condition(self, source: Source, text: str) -> str:
        """A condition over a row `s` of the source."""
        node = parse(text, source.source)
        return self.dialect.lower(node, self.names.of_row(source.source), no_programmes)

    def aggregate(self, source: Source, fact: Fact) -> str:
        """A fact's value over a person's rows."""
        scope = Scope(fact.fact, source_columns(source))
        aggregate, __ = parse_aggregate(fact.aggregate or "", scope)
        where = self.row_condition(source, fact.where) if fact.where else None
        value = (
            self.dialect.lower(aggregate.value, self.names.of_row(source.source), no_programmes)
            if aggregate.value is not None
            else ""
        )
        return self.dialect.aggregate(aggregate, value, where, fact.absent)

    def _reached(self, source: Source) -> str:
        return self.quote(f"at:{source.source}")

    def _seen(self, source: Source) -> str:
        return self.quote(f"seen:{source.source}")

    def _asks(self, source: Source) -> bool:
        """Whether it takes more than a row to know that a source tells of a person."""
        return self.dialect.whole_registers or source.authority == "consent"

    def _of_all(self, source: Source) -> bool:
        return self.dialect.whole_registers and source.authority != "consent"

    def _usable(self, source: Source) -> str:
        return self.dialect.parameter(usable_parameter(source.source))

    def _granted(self, source: Source, person: str = "") -> str:
        member = f"{person}.member_no" if person else "member_no"
        given = f"SELECT g.member_no FROM granted AS g WHERE g.source = '{source.source}'"
        return f"{member} IN ({given})"


def no_programmes(name: str, programme: str) -> str:
    """Linking lets no programme's answer into a row or a person's own rule."""
    raise AssertionError(f"{name}({programme}) outside a criterion")
