"""Writes the flags' columns: what an officer must look at in a household, told by the same cells.

Definitions are the field's own (duplicate 重复, multi-source 多头, missed 遗漏, wrongly kept 错保).
They stand in the statement, so that a report and a county's batch cannot differ; a cell is true
where its flag is raised. A flag is never a finding against a family.
"""

from __future__ import annotations

from collections.abc import Iterator

from yimen.core.declarations import Programme, ProgrammeVersion
from yimen.core.records import FlagKind
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.layers import Layers
from yimen.core.rules.programme_tables import ProgrammeTables
from yimen.core.rules.sides import Side
from yimen.core.rules.statement import FlagCell


class FlagTables:
    """Adds the last layer; `cells` lists its columns in the order in which flags are shown."""

    def __init__(self, answers: ProgrammeTables) -> None:
        self.answers = answers
        self.catalogue: Catalogue = answers.catalogue
        self.versions = answers.versions
        self.dialect = answers.dialect
        self.quote = answers.dialect.quote
        self.cells: list[FlagCell] = []
        self._columns: list[str] = []

    def add(self, layers: Layers, persons: Side) -> None:
        """The flags of persons and households, over all columns there are."""
        answered = ["subject"]
        for name in sorted(self.answers.compiled):
            answered.append(f"MAX(programme = '{name}') AS {self.quote(f'met:{name}')}")
        layers.add("answered", answered, "answers GROUP BY subject")
        self._of_persons()
        self._duplicates()
        self._multi_source()
        for programme, version in self._lasting():
            self._undeclared_assets(programme, version)
        for programme, version in self._lasting():
            self._wrongly_kept(programme, version)
        for name in sorted(self.answers.compiled):
            self._missed(name)
        persons.add(
            "flagged",
            self._columns,
            " LEFT JOIN answered AS own ON own.subject = member_no"
            " LEFT JOIN answered AS house ON house.subject = household_no",
        )

    def _flag(
        self,
        condition: str,
        kind: FlagKind,
        programme: str | None = None,
        fact: str | None = None,
        *,
        personal: bool = True,
    ) -> None:
        cell = ":".join(filter(None, ["x" if personal else "hx", kind, programme, fact]))
        self.cells.append(
            FlagCell(cell=cell, kind=kind, programme=programme, fact=fact, personal=personal)
        )
        self._columns.append(f"({condition}) AS {self.quote(cell)}")

    def _lasting(self) -> Iterator[tuple[Programme, ProgrammeVersion]]:
        """Programmes whose receipt is a state: paid by the month, or a recognition."""
        for name in sorted(self.answers.compiled):
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
        self._flag(
            f"shared AND given_counted IS NULL AND {self.dialect.maybe('counted_by_rule')}",
            "counted_twice",
        )

    def _duplicates(self) -> None:
        """More than one record at once: in a register of aid, or granted through this home."""
        for name, programme in sorted(self.catalogue.programmes.items()):
            rows = programme.recognised_by
            if rows is None or self.catalogue.sources[rows.source].benefits is None:
                continue
            self._flag(f"{self.quote(f'n:{name}')} > 1", "duplicate", name)

    def _multi_source(self) -> None:
        pairs = {
            tuple(sorted((name, other)))
            for name, version in self.versions.items()
            for other in version.excludes
            if other in self.catalogue.programmes
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
                stated = (
                    f"COALESCE({self.dialect.number(self.quote(f'hst:{used}'))},"
                    f" {self.quote(f'st_sum:{used}')}, {self.dialect.literal(0)})"
                )
                self._flag(
                    f"({self.quote(f'hg:{name}')} IS TRUE OR case_open) AND {failed}"
                    f" AND {owns} AND {total} > {stated}",
                    "undeclared_asset",
                    name,
                    used,
                )

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
        conditions = [
            "NOT case_open",
            self.quote(f"o:{name}"),
            f"{received} IS FALSE",
            f"house.{self.quote(f'met:{name}')} IS NOT TRUE",
        ]
        if personal:
            conditions += ["counted", f"own.{self.quote(f'met:{name}')} IS NOT TRUE"]
        for other in version.excludes:
            if other in self.catalogue.programmes:
                conditions.append(f"{self.quote(f'hg:{other}')} IS NOT TRUE")
        if version.needs:
            met, held = (
                " OR ".join(self.answers.called(programme.unit, call, n) for n in version.needs)
                for call in ("QUALIFIES", "RECOGNISED")
            )
            conditions.append(f"NOT (({met}) IS TRUE AND ({held}) IS NOT TRUE)")
        self._flag(" AND ".join(conditions), "missed", name, personal=personal)
