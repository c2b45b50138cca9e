"""What a batch engine is: it takes a run's inputs once, and computes it part by part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from yimen.core.rules.engines import Cell
from yimen.core.rules.inputs import Reading
from yimen.core.rules.statement import Statement
from yimen.core.store.runs import FrozenCasework


@dataclass(frozen=True)
class RunInputs:
    """All that a run reads: rules, registers, standards, households and casework.

    Where `casework.only` names households, no others are looked at. Households that the casework
    touches come from there, all others from the roster; these may have a `plain` statement of
    their own.
    """

    statement: Statement
    readings: Sequence[Reading]
    parameters: Mapping[str, Cell]
    roster: str
    parts: int
    casework: FrozenCasework
    plain: Statement | None = None

    def touches(self, first: str, last: str) -> bool:
        """Whether the casework touches a household from one number to another."""
        return any(first <= number <= last for number in self.casework.touched)


class BatchEngine(Protocol):
    """One more file of this shape makes another engine over the same lake."""

    name: str

    def take(self, inputs: RunInputs) -> None:
        """Takes the inputs; `StatementFailed` when the statement cannot run here."""
        ...

    def close(self) -> None:
        """Lets go what it holds."""
        ...

    def part(self, first: str, last: str) -> None:
        """Computes the households from one number to another and keeps their rows, or nothing.

        `StatementFailed` is the statement's own fault, `OutOfMemory` that they are too many.
        """
        ...
