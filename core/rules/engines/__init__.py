"""Engines run the one statement over a selection; each is a file, and all give the same cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from yimen.core.rules.inputs import Reading
from yimen.core.rules.statement import Statement

Cell = int | str | None
Cells = Mapping[str, Cell]


@dataclass
class Selection:
    """The persons to check and what the casework knows of them.

    `granted` holds (member_no, source) under a valid consent; `recorded` holds (subject, fact,
    verified, declared); `benefits` holds (subject, programme) of aid granted here, `answers`
    (subject, programme) of what was granted, or is open with a department, so that nothing is
    missed; a subject is a member or a household.
    """

    persons: list[tuple[Cell, ...]] = field(default_factory=list)
    granted: list[tuple[str, str]] = field(default_factory=list)
    recorded: list[tuple[str, str, Cell, Cell]] = field(default_factory=list)
    benefits: list[tuple[str, str]] = field(default_factory=list)
    answers: list[tuple[str, str]] = field(default_factory=list)

    def add_person(self, *columns: Cell, case_open: bool = False) -> None:
        """One more person, household after household: household_no, member_no, … shared."""
        first = not self.persons or self.persons[-1][1] != columns[0]
        self.persons.append((len(self.persons) + 1, *columns, int(case_open), int(first)))


class Engine(Protocol):
    """Runs a statement and returns one row of cells per selected person, in order of `k`."""

    name: str

    def run(
        self,
        statement: Statement,
        readings: Sequence[Reading],
        parameters: Mapping[str, Cell],
        selection: Selection,
    ) -> list[Cells]:
        """The rows; a statement that fails raises `StatementFailed`."""
        ...


class StatementFailed(Exception):
    """The engine could not run the statement, for instance because it reads too many registers."""


def covered_divisions(
    readings: Sequence[Reading], divisions: Iterable[str]
) -> list[tuple[str, str]]:
    """(source, division) of those divisions that the source's snapshot covers."""
    return [
        (reading.source, division)
        for reading in readings
        if reading.snapshot
        for division in sorted(divisions)
        if any(division.startswith(prefix) for prefix in reading.snapshot.covers)
    ]
