"""Engines run the one statement over a selection; each is a file, and all give the same cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from yimen.core.rules.inputs import Reading
from yimen.core.rules.statement import Statement

Cell = int | str | None
Cells = Mapping[str, Cell]

# The columns of the table `sel`: one row a person of a selected household.
SELECTION_COLUMNS = (
    "k", "household_no", "member_no", "id_number", "name", "relation", "birth_date", "sex",
    "division", "zone", "given_counted", "shared",
)  # fmt: skip


@dataclass
class Selection:
    """The persons to check and what the casework knows of them.

    `granted` holds (member_no, source) under a valid consent; `recorded` holds (subject, fact,
    verified, declared); `benefits` holds (subject, programme) of aid granted here.
    """

    persons: list[tuple[Cell, ...]] = field(default_factory=list)
    granted: list[tuple[str, str]] = field(default_factory=list)
    recorded: list[tuple[str, str, Cell, Cell]] = field(default_factory=list)
    benefits: list[tuple[str, str]] = field(default_factory=list)


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
