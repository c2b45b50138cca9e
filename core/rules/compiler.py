"""Writes the statement's layers, one method a layer.

Column names tell what they hold (SQL knows no capitals): at:SOURCE whether it tells of a division,
seen:SOURCE how its rows show a person, q:SOURCE and s:SOURCE what it tells of him as a number and a
word, v:FACT an aggregate, r:FACT and f:FACT a person's register value and value, hr:FACT and
hf:FACT the household's, st:FACT and hst:FACT what was stated of property, n:P active rows of a
programme, d:P whether they are several, g:P and hg:P being received by a person and by the
household, c:P:CRITERION a result, l:P:N several of them, p:P:CRITERION the result if what nobody
stated were zero, o:P an outcome, ho:P whether any counted member qualifies, t:P:STEP a step of an
amount, a:P the amount, x:KIND… and hx:KIND… flags of a person and of the household, hu:P:FACT
whether it has more of a property than it stated.
"""

from __future__ import annotations

from collections.abc import Callable

from yimen.core.declarations import Fact, Programme, ProgrammeVersion, RulePack
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.column_names import ColumnNames
from yimen.core.rules.dialects.duckdb import DuckdbDialect
from yimen.core.rules.dialects.sqlite import SqliteDialect
from yimen.core.rules.expressions import parse
from yimen.core.rules.flag_tables import FlagTables
from yimen.core.rules.layers import Layers
from yimen.core.rules.letters import Letters
from yimen.core.rules.programme_tables import ProgrammeTables
from yimen.core.rules.result_columns import Told, result_columns, split
from yimen.core.rules.sides import Side, sides
from yimen.core.rules.source_rows import MISMATCH, SourceRows, no_programmes
from yimen.core.rules.statement import (
    SELECTION_COLUMNS,
    TOLD,
    DialectName,
    Statement,
    facts_by_source,
    programme_levels,
)


class Compiler:
    """Builds one statement; its state is the list of tables written so far.

    `whole` statements hold every cell; others, where layers are stacked, what a batch writes. Of
    households without `casework` nothing was recorded or granted in this home.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        pack: RulePack,
        versions: dict[str, ProgrammeVersion],
        without: frozenset[str],
        digest: str,
        dialect: DialectName = "sqlite",
        *,
        whole: bool = True,
        casework: bool = True,
    ) -> None:
        self.casework = casework
        self.catalogue = catalogue
        self.pack = pack
        self.versions = versions
        self.without = without
        self.digest = digest
        self.dialect = SqliteDialect() if dialect == "sqlite" else DuckdbDialect()
        self.quote = self.dialect.quote
        self.read = facts_by_source(catalogue, without)
        self.whole = whole
        self.layers = Layers(self.dialect.ordered_join)
        self.persons, self.households = sides(self.layers, self.dialect)
        self.names = ColumnNames(catalogue, self.dialect)
        self.rows = SourceRows(self.names)
        # Programmes of which it can be known that somebody receives them.
        self.known = {
            n for n, p in catalogue.programmes.items() if casework or self._is_recognised(p)
        }
        self.person_facts = sorted(n for n, f in catalogue.facts.items() if f.unit == "person")
        self.household_facts = sorted(
            n for n, f in catalogue.facts.items() if f.unit == "household" or f.household
        )

        self.assets = [
            n
            for n in self.person_facts
            if (f := catalogue.facts[n]).asset and f.household and not f.expression
        ]

    def compile(self) -> Statement:
        """The whole statement; rows come one a selected person, ordered by `k`."""
        selected = self.rows.add_seats(self.layers)
        for index, (source, facts, programmes) in enumerate(self.read.values()):
            self.rows.add(self.layers, f"rows_{index}", source, facts, programmes)
        self._said_and_held()
        self._persons(selected)
        self._person_facts()
        self._counted()
        self._households()
        self._household_facts()
        early, late = programme_levels(self.catalogue, self.versions)
        letters = Letters(self.dialect, packs=not self.whole)
        answers = ProgrammeTables(self.catalogue, self.versions, self.without, self.names, letters)
        answers.add_households(self.households, early)
        flags = FlagTables(answers, early, late, self.known, casework=self.casework)
        flags.add_households(self.layers, self.households)
        told = Told()
        if not self.whole:
            first = (p.programme for level in early for p, __ in level)
            told = Told(tuple(first), tuple(flags.early_cells()))
            columns = told.columns(self.versions, answers.compiled, letters)
            self.households.add_aside(TOLD, columns)
        answers.add_persons(self.persons, self.households, late)
        flags.add_persons(self.persons)
        results = result_columns(
            self.catalogue, self.versions, answers.compiled, flags.cells, letters, told
        )
        columns, apart = list(results), dict[str, str]()
        if not self.whole and self.persons.tells_apart:
            results, apart = split(results, flags.cells, letters, told)
        layers, everything = self.layers.finished(
            self.persons.tables() if self.whole else self.persons.results(),
            None if self.whole else results.values(),
            {TOLD: apart.values()} if apart else {},
        )
        return Statement(
            dialect=self.dialect.name,
            layers=layers,
            everything=everything,
            sources=sorted(self.read),
            standards=sorted(self.names.standards),
            pack=self.pack.pack,
            programmes=answers.compiled,
            flags=flags.cells,
            results=results,
            told=apart,
            columns=columns,
            thresholds=list(self.dialect.thresholds.values()),
            rules_digest=self.digest,
            recognitions={
                p.programme: (s.source, self.rows.row_condition(s, p.recognised_by.where))
                for s, __, programmes in self.read.values()
                for p in programmes
                if p.recognised_by
            },
        )

    # -- persons ----------------------------------------------------------------------------

    def _said_and_held(self) -> None:
        said = ["subject"]
        for name in self._recordable():
            for state in ("verified", "declared"):
                typed = self.dialect.recorded(state, self.catalogue.facts[name].type)
                value = f"MAX(CASE WHEN fact = '{name}' THEN {typed} END)"
                said.append(f"{value} AS {self.quote(f'{state}:{name}')}")
        self.layers.add("said", said, "recorded GROUP BY subject")
        held = ["subject"]
        for name in sorted(self.catalogue.programmes):
            held.append(f"MAX(programme = '{name}') AS {self.quote(f'held:{name}')}")
        self.layers.add("held", held, "benefits GROUP BY subject")

    def _recordable(self) -> list[str]:
        return [n for n in sorted(self.catalogue.facts) if not self.catalogue.facts[n].expression]

    def _persons(self, selected: str) -> None:
        """Who is checked, how each source knows them, and what its rows say."""
        columns = [
            *(f"m.{c}" for c in SELECTION_COLUMNS),
            f"{self.dialect.household_key('m')} AS hh",
            f"{self.dialect.age_of('m', self.dialect.parameter('as_of'))} AS age",
        ]
        values = list[str]()
        joins = self.rows.add_reached(self.layers, (s for s, *__ in self.read.values()))
        for index, (source, facts, programmes) in enumerate(self.read.values()):
            table = f"rows_{index}"
            joins += self.rows.join(source, table)
            answer = self.quote(f"q:{source.source}")
            values.append(f"{self.rows.answer(source, table)} AS {answer}")
            values += self.rows.seen(source, table)
            values += [self.quote(f"v:{fact.fact}") for fact in facts]
            values += [self.quote(f"{x}:{p.programme}") for p in programmes for x in "vw"]
        self.persons.begin(columns, values, f"{selected}{joins}")

    def _person_facts(self) -> None:
        columns = []
        own = [n for n in self.person_facts if not self.catalogue.facts[n].expression]
        for name in own:
            value = self._register_value(self.catalogue.facts[name])
            columns.append(f"{value} AS {self.quote(f'r:{name}')}")
        for name, programme in sorted(self.catalogue.programmes.items()):
            columns.append(f"{self._received(programme)} AS {self.quote(f'g:{name}')}")
            columns.append(f"{self._active_rows(programme)} AS {self.quote(f'n:{name}')}")
            columns.append(f"{self._several_rows(programme)} AS {self.quote(f'd:{name}')}")
        for source, *__ in self.read.values():
            status = self.rows.status(source, self.quote(f"q:{source.source}"))
            columns.append(f"{status} AS {self.quote(f's:{source.source}')}")
        differing = (f"{self.quote(f'q:{source}')} = {MISMATCH}" for source in self.read)
        columns.append(f"({' OR '.join(differing) or 'FALSE'}) AS mismatched")
        self.persons.add("p_known", columns, self._joined("held", "member_no"), merged=True)
        columns = [self._with_records(name, self.quote(f"r:{name}"), "f") for name in own]
        columns += [f"{self._stated(name)} AS {self.quote(f'st:{name}')}" for name in self.assets]
        sourced = [n for n in own if self.catalogue.facts[n].source]
        columns.append(f"{self._differs(sourced, 'r')} AS differs")
        self.persons.add("p_0", columns, self._joined("said", "member_no"), merged=True)
        for level, names in enumerate(self.catalogue.links.person_levels):
            self._derived(self.persons, f"p_{level + 1}", names, "f", self.names.own_person)

    def _register_value(self, fact: Fact) -> str:
        if fact.source is None or fact.source not in self.read:
            return "NULL"
        if self.catalogue.owners.get(fact.fact) in self.without:
            return "NULL"
        value = self.quote(f"v:{fact.fact}")
        if fact.type in ("integer", "money"):
            value = self.dialect.aggregated(value)
        return self._told(fact.source, value, fact.absent)

    def _told(self, source: str, value: str, absent: object) -> str:
        return self.rows.told(self.read[source][0], self.quote(f"q:{source}"), value, absent)

    def _received(self, programme: Programme) -> str:
        shown = self._of_rows(programme, self.quote(f"v:{programme.programme}"), absent=False)
        return self._or_held(programme.programme, shown)

    def _or_held(self, programme: str, shown: str) -> str:
        """Whether it is received: by a grant of this home, or as the registers have `shown`."""
        if not self.casework:
            return shown
        held = f"held.{self.quote(f'held:{programme}')}"
        return f"CASE WHEN {held} THEN {self.dialect.literal(True)} ELSE {shown} END"

    def _joined(self, table: str, subject: str) -> str:
        """The join to what this home has recorded of a subject, or was granted to him."""
        return f" LEFT JOIN {table} ON {table}.subject = {subject}" if self.casework else ""

    def _is_recognised(self, programme: Programme) -> bool:
        """Whether a register that is read shows who receives it."""
        source = programme.recognised_by.source if programme.recognised_by else ""
        return source in self.read and programme in self.read[source][2]

    def _active_rows(self, programme: Programme) -> str:
        return self._of_rows(programme, self.quote(f"w:{programme.programme}"), absent=0)

    def _several_rows(self, programme: Programme) -> str:
        more = f"{self.quote(f'w:{programme.programme}')} > 1"
        return self._of_rows(programme, more, absent=False)

    def _of_rows(self, programme: Programme, value: str, *, absent: object) -> str:
        if programme.recognised_by is None or not self._is_recognised(programme):
            return "NULL"
        return self._told(programme.recognised_by.source, value, absent)

    def _with_records(self, name: str, known: str, prefix: str) -> str:
        """Verified before register before declared; a declared value that differs is unknown."""
        if not self.casework:
            return f"{known} AS {self.quote(f'{prefix}:{name}')}"
        verified = f"said.{self.quote(f'verified:{name}')}"
        declared = f"said.{self.quote(f'declared:{name}')}"
        # Of most, nothing is recorded.
        return (
            f"CASE WHEN said.subject IS NULL THEN {known}"
            f" WHEN {verified} IS NOT NULL THEN {verified} WHEN {known} IS NULL THEN {declared}"
            f" WHEN {declared} <> {known} THEN NULL ELSE {known} END"
            f" AS {self.quote(f'{prefix}:{name}')}"
        )

    def _stated(self, name: str) -> str:
        """What was verified or else declared of a property."""
        if not self.casework:
            return "NULL"
        states = (f"said.{self.quote(f'{s}:{name}')}" for s in ("verified", "declared"))
        return self.dialect.number(f"COALESCE({', '.join(states)})")

    def _differs(self, names: list[str], prefix: str) -> str:
        """Whether something was declared that a register says otherwise, and nobody verified."""
        differing = [
            f"(said.{self.quote(f'declared:{n}')} <> {self.quote(f'{prefix}:{n}')}"
            f" AND said.{self.quote(f'verified:{n}')} IS NULL)"
            for n in names
        ]
        if not self.casework:
            return "NULL"
        if not differing:
            return self.dialect.literal(False)
        return f"CASE WHEN said.subject IS NOT NULL THEN ({' OR '.join(differing)}) END"

    def _derived(
        self, side: Side, table: str, names: list[str], prefix: str, find: Callable[[str], str]
    ) -> None:
        columns = []
        for name in names:
            fact = self.catalogue.facts[name]
            node = parse(fact.expression or "", name)
            sql = self.dialect.lower(node, find, self._received_by_household)
            if fact.type in ("integer", "money"):
                sql = self.dialect.amount(node, sql)
            columns.append(f"{sql} AS {self.quote(f'{prefix}:{name}')}")
        side.add(table, columns)

    def _received_by_household(self, call: str, programme: str) -> str:
        """RECOGNISED in a household's fact; linking lets nothing else through."""
        return self.quote(f"hg:{programme}")

    def _counted(self) -> None:
        rule = self.dialect.lower(
            parse(self.pack.counted, self.pack.pack), self.names.own_person, no_programmes
        )
        self.persons.add("p_rule", [f"({rule}) AS counted_by_rule"])
        # A person who may count in two households counts in neither until an officer resolves it.
        given = "WHEN given_counted IS NOT NULL THEN given_counted" if self.casework else ""
        counted = (
            f"CASE {given} WHEN shared AND {self.dialect.maybe('counted_by_rule')} THEN NULL"
            " ELSE counted_by_rule END AS counted"
        )
        self.persons.add("p_counted", [counted], merged=True)

    # -- households -------------------------------------------------------------------------

    def _households(self) -> None:
        columns = [
            "MIN(household_no) AS house_no",
            "MIN(zone) AS hh_zone",
            "MAX(case_open) AS hh_case_open",
            f"{self.dialect.known_count('counted')} AS member_count",
        ]
        for name in self.household_facts:
            fact = self.catalogue.facts[name]
            if fact.household:
                columns.append(f"{self._rolled(fact)} AS {self.quote(f'hr:{name}')}")
        for name in self.assets if self.casework else ():
            stated = self.dialect.sum(self.quote(f"st:{name}"))
            columns.append(f"{stated} AS {self.quote(f'st_sum:{name}')}")
        for name, programme in sorted(self.catalogue.programmes.items()):
            cell = self.quote(f"g:{name}")
            if self._is_recognised(programme):
                received = self.dialect.any_true(cell)
            elif name in self.known:
                # No register tells that it is not received.
                received = f"CASE WHEN MAX({cell}) THEN {self.dialect.literal(True)} END"
            else:
                received = "NULL"
            columns.append(f"{received} AS {self.quote(f'any:{name}')}")
        self.households.rolled(self.persons, "h_rolled", columns)

    def _rolled(self, fact: Fact) -> str:
        value = self.quote(f"f:{fact.fact}")
        taken = f"CASE WHEN counted THEN {value} END"
        if fact.household == "any":
            return self.dialect.any_true(f"(counted AND {value})")
        if fact.household == "all":
            return self.dialect.all_true(f"(NOT counted OR {value})")
        if fact.household in ("sum", "count"):
            one, none = self.dialect.number(value), self.dialect.literal(0)
            each = f"CASE WHEN counted THEN {one} WHEN NOT counted THEN {none} END"
            return self.dialect.known_sum(each)
        members = self.dialect.count_true("counted")
        complete = f"COUNT(counted) = COUNT(*) AND COUNT({taken}) = {members}"
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
            received = self._or_held(name, self.quote(f"any:{name}"))
            columns.append(f"{received} AS {self.quote(f'hg:{name}')}")
        columns += [f"{self._stated(name)} AS {self.quote(f'hst:{name}')}" for name in self.assets]
        rolled = [
            n for n in self.household_facts
            if self.catalogue.facts[n].household and not self.catalogue.facts[n].expression
        ]  # fmt: skip
        columns.append(f"{self._differs(rolled, 'hr')} AS hh_differs")
        joins = self._joined("said", "house_no") + self._joined("held", "house_no")
        self.households.add("h_0", columns, joins, merged=not self.casework)
        self.households.write()
        for level, names in enumerate(self.catalogue.links.household_levels):
            self._derived(self.households, f"h_{level + 1}", names, "hf", self.names.household)
