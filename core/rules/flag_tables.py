"""Writes the flags' columns: what an officer must look at in a household, told by the same cells.

Definitions are the field's own (duplicate 重复, multi-source 多头, missed 遗漏, wrongly kept 错保).
They stand in the statement, so that a report and a county's batch cannot differ; a cell is true
where its flag is raised. A flag is never a finding against a family.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass

from yimen.core.declarations import Programme, ProgrammeVersion
from yimen.core.records import FlagKind
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.dialects import Dialect
from yimen.core.rules.layers import Layers
from yimen.core.rules.programme_tables import ProgrammeTables
from yimen.core.rules.sides import Side
from yimen.core.rules.statement import FlagCell, Level


@dataclass(frozen=True)
class _Flag:
    """A flag's cell and its condition; `early` ones are told once a household."""

    cell: FlagCell
    condition: str
    early: bool

    def column(self, dialect: Dialect) -> str:
        return f"({self.condition}) AS {dialect.quote(self.cell.cell)}"


class FlagTables:
    """Adds the flags of households and of persons; `cells` lists them in the order of reports.

    Of households without `casework` nothing is open, answered, stated or decided in this home.
    """

    def __init__(
        self,
        answers: ProgrammeTables,
        early: list[Level],
        late: list[Level],
        known: Set[str],
        *,
        casework: bool = True,
    ) -> None:
        """`early` are the levels of programmes that are answered once a household.

        Of programmes that are not `known` nobody can tell here who receives them.
        """
        self.answers = answers
        self.casework = casework
        self.known = known
        self.catalogue: Catalogue = answers.catalogue
        self.versions = answers.versions
        self.dialect = answers.dialect
        self.quote = answers.dialect.quote
        self._early = {p.programme for level in early for p, __ in level}
        named = self._early | {p.programme for level in late for p, __ in level}
        self._names = sorted(n for n in named & known if answers.is_compiled(n))
        self._flags: list[_Flag] = []
        # Of a household's assets: exceeded and undeclared, for the flag of each owner.
        self._exceeded: list[str] = []

    @property
    def cells(self) -> list[FlagCell]:
        """The columns of all flags, in the order in which they are shown."""
        return [flag.cell for flag in self._flags]

    def early_cells(self) -> list[FlagCell]:
        """Those that are told once a household."""
        return [flag.cell for flag in self._flags if flag.early]

    def add_households(self, layers: Layers, households: Side) -> None:
        """What is told once a household."""
        answered = ["subject"]
        for name in self._names:
            answered.append(f"MAX(programme = '{name}') AS {self.quote(f'met:{name}')}")
        layers.add("answered", answered, "answers GROUP BY subject")
        self._define()
        columns = [flag.column(self.dialect) for flag in self._flags if flag.early]
        households.add(
            "h_flagged",
            [*columns, *self._exceeded],
            self._joined("house", "house_no"),
        )

    def add_persons(self, persons: Side) -> None:
        """The flags of persons, and those of households that wait for them."""
        # Anew, since what is presumed of the late programmes is known only now.
        self._define()
        persons.add(
            "flagged",
            [flag.column(self.dialect) for flag in self._flags if not flag.early],
            self._joined("own", "member_no") + self._joined("house", "household_no"),
        )

    def _joined(self, whose: str, subject: str) -> str:
        """The join to what a subject was granted or asks for."""
        if not self.casework:
            return ""
        return f" LEFT JOIN answered AS {whose} ON {whose}.subject = {subject}"

    def _define(self) -> None:
        self._flags, self._exceeded = [], []
        self._of_persons()
        self._duplicates()
        self._multi_source()
        for programme, version in self._lasting():
            self._undeclared_assets(programme, version)
        for programme, version in self._lasting():
            self._wrongly_kept(programme, version)
        for name in self._names:
            self._missed(name)

    def _flag(
        self,
        condition: str,
        kind: FlagKind,
        programme: str | None = None,
        fact: str | None = None,
        *,
        personal: bool = True,
    ) -> None:
        name = ":".join(filter(None, ["x" if personal else "hx", kind, programme, fact]))
        cell = FlagCell(cell=name, kind=kind, programme=programme, fact=fact, personal=personal)
        early = not personal and (programme is None or programme in self._early)
        self._flags.append(_Flag(cell, condition, early))

    def _lasting(self) -> Iterator[tuple[Programme, ProgrammeVersion]]:
        """Programmes whose receipt is a state: paid by the month, or a recognition."""
        for name in self._names:
            version = self.versions[name]
            if version.amount.per == "month" or version.amount.type == "NONE":
                yield self.catalogue.programmes[name], version

    def _of_persons(self) -> None:
        self._flag("mismatched", "name_mismatch")
        marks = [n for n, f in sorted(self.catalogue.facts.items()) if f.marks == "deceased"]
        dead = " OR ".join(self.quote(f"f:{name}") for name in marks)
        for programme, __ in self._lasting() if marks else ():
            received = self.quote(f"g:{programme.programme}")
            self._flag(f"({dead}) AND {received}", "deceased_beneficiary", programme.programme)
        self._flag("differs", "declared_conflict")
        self._flag("hh_differs", "declared_conflict", personal=False)
        undecided = "shared AND given_counted IS NULL" if self.casework else "shared"
        self._flag(f"{undecided} AND {self.dialect.maybe('counted_by_rule')}", "counted_twice")

    def _duplicates(self) -> None:
        """More than one record at once: in a register of aid, or granted through this home."""
        for name, programme in sorted(self.catalogue.programmes.items()):
            rows = programme.recognised_by
            if rows is None or self.catalogue.sources[rows.source].benefits is None:
                continue
            self._flag(self.quote(f"d:{name}"), "duplicate", name)

    def _multi_source(self) -> None:
        pairs = {
            tuple(sorted((name, other)))
            for name, version in self.versions.items()
            for other in version.excludes
            if {name, other} <= self.known
        }
        for first, second in sorted(pairs):
            both = f"{self.quote(f'g:{first}')} AND {self.quote(f'g:{second}')}"
            self._flag(both, "multi_source", f"{first}+{second}")

    def _undeclared_assets(self, programme: Programme, version: ProgrammeVersion) -> None:
        """Property in the registers, more of it than was declared, that breaks a condition."""
        name = programme.programme
        for criterion in version.criteria:
            if criterion.about != "asset":
                continue
            failed = f"{self.quote(f'c:{name}:{criterion.criterion}')} IS FALSE"
            key = f"criterion:{name}:{version.from_date}:{criterion.criterion}"
            for used in self.catalogue.links.uses[key]:
                fact = self.catalogue.facts.get(used)
                if fact is None or not fact.asset or not fact.household or fact.expression:
                    continue
                owns = f"{self.dialect.number(self.quote(f'f:{used}'))} > 0"
                total = self.dialect.number(self.quote(f"hr:{used}"))
                early = name in self._early
                exceeded = (
                    f"{self._looked_at(name, early)} AND {failed}"
                    f" AND {total} > {self._stated(used)}"
                )
                if early:
                    cell = self.quote(f"hu:{name}:{used}")
                    self._exceeded.append(f"({exceeded}) AS {cell}")
                    exceeded = cell
                self._flag(f"{exceeded} AND {owns}", "undeclared_asset", name, used)

    def _looked_at(self, programme: str, early: bool) -> str:
        """Whether a household receives the programme, or asks for something."""
        received = f"{self.quote(f'hg:{programme}')} IS TRUE"
        if not self.casework:
            return received
        return f"({received} OR {'hh_' if early else ''}case_open)"

    def _stated(self, fact: str) -> str:
        """What a household or its members stated of a property; zero where nobody did."""
        nothing = self.dialect.literal(0)
        if not self.casework:
            return nothing
        house = self.dialect.number(self.quote(f"hst:{fact}"))
        return f"COALESCE({house}, {self.quote(f'st_sum:{fact}')}, {nothing})"

    def _wrongly_kept(self, programme: Programme, version: ProgrammeVersion) -> None:
        """Received and no longer met; also where only a sum that nobody stated could still meet it.

        The second is a reason to ask the family, and its programme's outcome stays unknown.
        """
        name, personal = programme.programme, programme.unit == "person"
        not_met = [f"{self.quote(f'o:{name}')} IS FALSE"]
        not_met += [f"{self.quote(cell)} IS FALSE" for cell in self.answers.presumed.get(name, [])]
        received = self.quote(f"{'g' if personal else 'hg'}:{name}")
        condition = f"{received} AND ({' OR '.join(not_met)})"
        self._flag(condition, "wrongly_kept", name, personal=personal)

    def _missed(self, name: str) -> None:
        """Eligible with known facts, nothing open, and neither it nor what excludes it received.

        Where only classes open it that are themselves not received, they are what was missed.
        """
        programme, version = self.catalogue.programmes[name], self.versions[name]
        personal = programme.unit == "person"
        received = self.quote(f"{'g' if personal else 'hg'}:{name}")
        conditions = [self.quote(f"o:{name}"), f"{received} IS FALSE"]
        if personal:
            conditions.append("counted")
        if self.casework:
            conditions.insert(0, f"NOT {'hh_' if name in self._early else ''}case_open")
            who = ["house", "own"] if personal else ["house"]
            conditions += [f"{w}.{self.quote(f'met:{name}')} IS NOT TRUE" for w in who]
        for other in version.excludes:
            if other in self.known:
                conditions.append(f"{self.quote(f'hg:{other}')} IS NOT TRUE")
        if version.needs:
            met, held = (
                " OR ".join(self.answers.called(programme.unit, call, n) for n in version.needs)
                for call in ("QUALIFIES", "RECOGNISED")
            )
            conditions.append(f"NOT (({met}) IS TRUE AND ({held}) IS NOT TRUE)")
        self._flag(" AND ".join(conditions), "missed", name, personal=personal)
