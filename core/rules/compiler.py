"""Writes the statement's layers, one method a layer.

Column names tell what they hold (SQL knows no capitals): s:SOURCE a status, v:FACT an aggregate,
r:FACT and f:FACT a person's register value and value, hr:FACT and hf:FACT the household's,
n:P active rows of a programme, g:P and hg:P being received by a person and by the household,
c:P:CRITERION a result, p:P:CRITERION the result if what nobody stated were zero, o:P an outcome,
ho:P whether any counted member qualifies, t:P:STEP a step of an amount, a:P the amount.
"""

from __future__ import annotations

from collections.abc import Callable

from yimen.core.declarations import Fact, Programme, ProgrammeVersion, RulePack, Source
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.column_names import ColumnNames
from yimen.core.rules.dialects import SqliteDialect, literal
from yimen.core.rules.expressions import Scope, parse, parse_aggregate
from yimen.core.rules.layers import Layers, Side
from yimen.core.rules.linking import source_columns
from yimen.core.rules.programme_tables import ProgrammeTables
from yimen.core.rules.statement import (
    Statement,
    facts_by_source,
    programme_levels,
    usable_parameter,
)

PERSON_COLUMNS = (
    "k", "household_no", "member_no", "id_number", "name", "relation", "birth_date", "sex",
    "division", "zone", "given_counted", "shared",
)  # fmt: skip


class Compiler:
    """Builds one statement; its state is the list of tables written so far."""

    def __init__(
        self,
        catalogue: Catalogue,
        pack: RulePack,
        versions: dict[str, ProgrammeVersion],
        without: frozenset[str],
        digest: str,
    ) -> None:
        self.catalogue = catalogue
        self.pack = pack
        self.versions = versions
        self.without = without
        self.digest = digest
        self.dialect = SqliteDialect()
        self.quote = self.dialect.quote
        self.read = facts_by_source(catalogue, without)
        self.layers = Layers()
        self.persons = Side(self.layers, "k")
        self.households = Side(self.layers, "hh")
        self.names = ColumnNames(catalogue, self.dialect)
        self.person_facts = sorted(n for n, f in catalogue.facts.items() if f.unit == "person")
        self.household_facts = sorted(
            n for n, f in catalogue.facts.items() if f.unit == "household" or f.household
        )

    def compile(self) -> Statement:
        """The whole statement; rows come one a selected person, ordered by `k`."""
        for index, (source, facts, programmes) in enumerate(self.read.values()):
            self._source_rows(f"rows_{index}", source, facts, programmes)
        self._said_and_held()
        self._persons()
        self._person_facts()
        self._counted()
        self._households()
        self._household_facts()
        early, late = programme_levels(self.catalogue, self.versions)
        answers = ProgrammeTables(self.catalogue, self.versions, self.without, self.names)
        answers.add_households(self.households, early)
        answers.add_persons(self.persons, self.households, late)
        everything = self.households.joined(self.persons.joined(all_told=True), all_told=True)
        return Statement(
            layers=self.layers.written,
            last=f"SELECT * FROM {everything} ORDER BY k",
            sources=sorted(self.read),
            standards=sorted(self.names.standards),
            pack=self.pack.pack,
            programmes=answers.compiled,
            rules_digest=self.digest,
            recognitions={
                p.programme: (s.source, self._row_condition(s, p.recognised_by.where))
                for s, __, programmes in self.read.values()
                for p in programmes
                if p.recognised_by
            },
        )

    # -- sources ----------------------------------------------------------------------------

    def _source_rows(
        self, table: str, source: Source, facts: list[Fact], programmes: list[Programme]
    ) -> None:
        columns = ["m.k AS k", "COUNT(*) AS n", "SUM(s.name <> m.name) AS other_names"]
        for fact in facts:
            columns.append(f"{self._aggregate(source, fact)} AS {self.quote(f'v:{fact.fact}')}")
        for programme in programmes:
            rows = programme.recognised_by
            where = self._row_condition(source, rows.where if rows else "FALSE")
            name = programme.programme
            columns.append(
                f"{self.dialect.any_true(where, 'COUNT(*)')} AS {self.quote(f'v:{name}')}"
            )
            columns.append(f"SUM({where}) AS {self.quote(f'w:{name}')}")
        consent = f" WHERE {self._granted(source)}" if source.authority == "consent" else ""
        # CROSS JOIN fixes SQLite's order: each selected person looks its rows up by the index.
        self.layers.add(
            table,
            columns,
            f"sel AS m CROSS JOIN {{{source.source}}} AS s ON s.id_number = m.id_number{consent}"
            " GROUP BY m.k",
        )

    def _granted(self, source: Source) -> str:
        return f"m.member_no IN (SELECT member_no FROM granted WHERE source = '{source.source}')"

    def _row_condition(self, source: Source, text: str) -> str:
        node = parse(text, source.source)
        return self.dialect.lower(node, self.names.of_row(source.source), _no_programmes)

    def _aggregate(self, source: Source, fact: Fact) -> str:
        scope = Scope(fact.fact, source_columns(source))
        aggregate, __ = parse_aggregate(fact.aggregate or "", scope)
        where = self._row_condition(source, fact.where) if fact.where else None
        value = (
            self.dialect.lower(aggregate.value, self.names.of_row(source.source), _no_programmes)
            if aggregate.value is not None
            else ""
        )
        found = self.dialect.aggregate(aggregate, value, where)
        if where and aggregate.kind in ("SUM", "MIN", "MAX", "ONLY"):
            empty = self.dialect.none_matched(where)
            found = f"CASE WHEN {empty} THEN {literal(fact.absent)} ELSE {found} END"
        return found

    # -- persons ----------------------------------------------------------------------------

    def _said_and_held(self) -> None:
        said = ["subject"]
        for name in self._recordable():
            for state in ("verified", "declared"):
                value = f"MAX(CASE WHEN fact = '{name}' THEN {state} END)"
                said.append(f"{value} AS {self.quote(f'{state}:{name}')}")
        self.layers.add("said", said, "recorded GROUP BY subject")
        held = ["subject"]
        for name in sorted(self.catalogue.programmes):
            held.append(f"MAX(programme = '{name}') AS {self.quote(f'held:{name}')}")
        self.layers.add("held", held, "benefits GROUP BY subject")

    def _recordable(self) -> list[str]:
        return [n for n in sorted(self.catalogue.facts) if not self.catalogue.facts[n].expression]

    def _persons(self) -> None:
        """Who is checked, how each source knows them, and what its rows say."""
        columns = [f"m.{c}" for c in PERSON_COLUMNS]
        columns.append(f"{self.dialect.age_years('m.birth_date', ':as_of')} AS age")
        statuses, values, joins = list[str](), list[str](), ""
        for index, (source, facts, programmes) in enumerate(self.read.values()):
            table = f"rows_{index}"
            joins += f" LEFT JOIN {table} ON {table}.k = m.k"
            statuses.append(self.quote(f"s:{source.source}"))
            columns.append(f"{self._status(source, table)} AS {statuses[-1]}")
            values += [self.quote(f"v:{fact.fact}") for fact in facts]
            values += [self.quote(f"{x}:{p.programme}") for p in programmes for x in "vw"]
        self.layers.add("p_seen", columns + values, f"sel AS m{joins}")
        own = [*PERSON_COLUMNS, "household_no AS hh", "age", *statuses]
        self.persons.add("p_rows", own, "p_seen")

    def _status(self, source: Source, table: str) -> str:
        usable = f":{usable_parameter(source.source)}"
        consent = (
            f" WHEN NOT {self._granted(source)} THEN 'no_consent'"
            if source.authority == "consent"
            else ""
        )
        covered = f"SELECT division FROM covered WHERE source = '{source.source}'"
        return (
            f"CASE WHEN {usable} <> 'ok' THEN {usable}{consent}"
            f" WHEN m.id_number IS NULL OR m.division NOT IN ({covered}) THEN 'not_covered'"
            f" WHEN {table}.n IS NULL THEN 'no_hit'"
            f" WHEN {table}.other_names > 0 THEN 'mismatch' ELSE 'hit' END"
        )

    def _person_facts(self) -> None:
        columns = []
        own = [n for n in self.person_facts if not self.catalogue.facts[n].expression]
        for name in own:
            value = self._register_value(self.catalogue.facts[name])
            columns.append(f"{value} AS {self.quote(f'r:{name}')}")
        for name, programme in sorted(self.catalogue.programmes.items()):
            columns.append(f"{self._received(programme)} AS {self.quote(f'g:{name}')}")
            columns.append(f"{self._active_rows(programme)} AS {self.quote(f'n:{name}')}")
        self.persons.add(
            "p_known", columns, "p_seen LEFT JOIN held ON held.subject = p_seen.member_no"
        )
        columns = [self._with_records(name, self.quote(f"r:{name}"), "f") for name in own]
        known = f"{self.persons.joined()} LEFT JOIN said ON said.subject = member_no"
        self.persons.add("p_0", columns, known)
        for level, names in enumerate(self.catalogue.links.person_levels):
            self._derived(self.persons, f"p_{level + 1}", names, "f", self.names.own_person)

    def _register_value(self, fact: Fact) -> str:
        if fact.source is None or fact.source not in self.read:
            return "NULL"
        if self.catalogue.owners.get(fact.fact) in self.without:
            return "NULL"
        value = self.quote(f"v:{fact.fact}")
        if fact.type in ("integer", "money"):
            value = self.dialect.integer(value)
        status = self.quote(f"s:{fact.source}")
        absent = literal(fact.absent)
        return f"CASE {status} WHEN 'hit' THEN {value} WHEN 'no_hit' THEN {absent} END"

    def _received(self, programme: Programme) -> str:
        held = self.quote(f"held:{programme.programme}")
        return f"CASE WHEN {held} = 1 THEN 1 ELSE {self._of_rows(programme, 'v', '0')} END"

    def _active_rows(self, programme: Programme) -> str:
        return self._of_rows(programme, "w", "0")

    def _of_rows(self, programme: Programme, prefix: str, none: str) -> str:
        source = programme.recognised_by.source if programme.recognised_by else ""
        read = self.read.get(source)
        if read is None or programme not in read[2]:
            return "NULL"
        status, value = self.quote(f"s:{source}"), self.quote(f"{prefix}:{programme.programme}")
        return f"CASE {status} WHEN 'hit' THEN {value} WHEN 'no_hit' THEN {none} END"

    def _with_records(self, name: str, known: str, prefix: str) -> str:
        """Verified before register before declared; a declared value that differs is unknown."""
        verified = f"said.{self.quote(f'verified:{name}')}"
        declared = f"said.{self.quote(f'declared:{name}')}"
        return (
            f"CASE WHEN {verified} IS NOT NULL THEN {verified} WHEN {known} IS NULL THEN {declared}"
            f" WHEN {declared} <> {known} THEN NULL ELSE {known} END"
            f" AS {self.quote(f'{prefix}:{name}')}"
        )

    def _derived(
        self, side: Side, table: str, names: list[str], prefix: str, find: Callable[[str], str]
    ) -> None:
        columns = []
        for name in names:
            fact = self.catalogue.facts[name]
            node = parse(fact.expression or "", name)
            sql = self.dialect.lower(node, find, self._received_by_household)
            if fact.type in ("integer", "money"):
                sql = self.dialect.integer(sql)
            columns.append(f"{sql} AS {self.quote(f'{prefix}:{name}')}")
        side.add(table, columns, side.joined())

    def _received_by_household(self, call: str, programme: str) -> str:
        """RECOGNISED in a household's fact; linking lets nothing else through."""
        return self.quote(f"hg:{programme}")

    def _counted(self) -> None:
        rule = self.dialect.lower(
            parse(self.pack.counted, self.pack.pack), self.names.own_person, _no_programmes
        )
        self.persons.add("p_rule", [f"({rule}) AS counted_by_rule"], self.persons.joined())
        # A person who may count in two households counts in neither until an officer resolves it.
        counted = (
            "CASE WHEN given_counted IS NOT NULL THEN given_counted WHEN shared = 1"
            " AND counted_by_rule IS NOT 0 THEN NULL ELSE counted_by_rule END AS counted"
        )
        self.persons.add("p_counted", [counted], "p_rows CROSS JOIN p_rule USING (k)")

    # -- households -------------------------------------------------------------------------

    def _households(self) -> None:
        columns = [
            "household_no AS hh",
            "MIN(zone) AS hh_zone",
            "CASE WHEN COUNT(counted) = COUNT(*) THEN SUM(counted) END AS member_count",
        ]
        for name in self.household_facts:
            fact = self.catalogue.facts[name]
            if fact.household:
                columns.append(f"{self._rolled(fact)} AS {self.quote(f'hr:{name}')}")
        for name in sorted(self.catalogue.programmes):
            received = self.dialect.any_true(self.quote(f"g:{name}"), "COUNT(*)")
            columns.append(f"{received} AS {self.quote(f'any:{name}')}")
        persons = f"{self.persons.joined()} GROUP BY household_no"
        self.households.add("h_rolled", columns, persons)

    def _rolled(self, fact: Fact) -> str:
        value = self.quote(f"f:{fact.fact}")
        taken = f"CASE WHEN counted THEN {value} END"
        if fact.household == "any":
            return self.dialect.any_true(f"(counted AND {value})", "COUNT(*)")
        if fact.household == "all":
            return self.dialect.all_true(f"(NOT counted OR {value})", "COUNT(*)")
        if fact.household in ("sum", "count"):
            each = f"CASE WHEN counted THEN {value} WHEN NOT counted THEN 0 END"
            return f"CASE WHEN COUNT({each}) = COUNT(*) THEN {self.dialect.sum(each)} END"
        complete = f"COUNT(counted) = COUNT(*) AND COUNT({taken}) = SUM(counted)"
        return f"CASE WHEN {complete} THEN {(fact.household or 'min').upper()}({taken}) END"

    def _household_facts(self) -> None:
        columns = []
        for name in self.household_facts:
            fact = self.catalogue.facts[name]
            if fact.household:
                known = self.quote(f"hr:{name}")
                if fact.expression:
                    columns.append(f"{known} AS {self.quote(f'hf:{name}')}")
                else:
                    columns.append(self._with_records(name, known, "hf"))
            elif not fact.expression:
                columns.append(self._with_records(name, "NULL", "hf"))
        for name in sorted(self.catalogue.programmes):
            held = f"held.{self.quote(f'held:{name}')}"
            columns.append(
                f"CASE WHEN {held} = 1 THEN 1 ELSE {self.quote(f'any:{name}')} END"
                f" AS {self.quote(f'hg:{name}')}"
            )
        rolled = "h_rolled LEFT JOIN said ON said.subject = hh LEFT JOIN held ON held.subject = hh"
        self.households.add("h_0", columns, rolled)
        for level, names in enumerate(self.catalogue.links.household_levels):
            self._derived(self.households, f"h_{level + 1}", names, "hf", self.names.household)


def _no_programmes(name: str, programme: str) -> str:
    raise AssertionError(f"{name}({programme}) outside a criterion")
