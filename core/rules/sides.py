"""The two sides of a statement, persons and households, in the shape that suits an engine.

*Keyed*: few tables, a key and new columns each, and later ones join what they read; an engine that
takes rows one by one would else write and read every column again and again. What is between two
tables is a chain of queries that hands one row after the other on.

*Stacked*: each layer is the one before and new columns; an engine that takes columns
passes them on for nothing, and would pay for the joins.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from yimen.core.rules.chains import Step, step
from yimen.core.rules.dialects import Dialect
from yimen.core.rules.layers import Layers, Table
from yimen.core.rules.statement import NAMED_COLUMNS


class Side(ABC):
    """The tables that say something of persons (key `k`), or of households (key `hh`)."""

    tells_apart: ClassVar[bool] = False
    """Whether what is told once a household is a result of its own, and not a part of rows."""

    def __init__(self, layers: Layers, key: str) -> None:
        self.layers = layers
        self.key = key

    @abstractmethod
    def begin(self, columns: Sequence[str], passing: Sequence[str], rest: str) -> None:
        """The first table: columns that stay, and columns that only the next table will read."""

    @abstractmethod
    def add(
        self, name: str, columns: Sequence[str], joins: str = "", *, merged: bool = False
    ) -> None:
        """A table of these columns over all before, with `joins` to tables of other keys.

        It may be `merged` with the one before it, whose columns are cheap to compute again.
        """

    @abstractmethod
    def add_aside(self, name: str, columns: Sequence[str]) -> None:
        """A households' table that only results read, in their first members' rows alone."""

    @abstractmethod
    def rolled(self, persons: Side, name: str, columns: Sequence[str]) -> None:
        """The households' first table, grouped from the persons'."""

    @abstractmethod
    def meet(self, households: Side) -> None:
        """From here on persons' tables see their household's columns."""

    @abstractmethod
    def add_of_household(self, name: str, columns: Sequence[str]) -> None:
        """Columns grouped from the persons of each household, once they have met."""

    @abstractmethod
    def tables(self) -> list[Table]:
        """The tables that together show all columns there are."""

    def results(self) -> list[Table]:
        """The tables that together show what a batch writes."""
        return self.tables()

    @abstractmethod
    def write(self) -> None:
        """What there is so far is read by many of those to come."""


class KeyedSide(Side):
    """Each table holds the key and the columns of a chain of steps.

    A chain ends where its columns are read by more than the step that follows.
    """

    def __init__(self, layers: Layers, key: str) -> None:
        super().__init__(layers, key)
        self._own: list[Table] = []
        self._met: KeyedSide | None = None
        self._chain: list[Step] = []
        self._name = ""
        self._offered: Sequence[Table] = ()
        self._given: list[Table] = []
        self._in_order = False
        self._aside = ""

    def begin(self, columns: Sequence[str], passing: Sequence[str], rest: str) -> None:
        __, *given = NAMED_COLUMNS
        told = [c for c in columns[1:] if c.removeprefix("m.") not in given]
        hidden = [f"m.{c}" for c in given]
        self._chain = [step([columns[0], *told], rest, [*hidden, *passing])]
        self.layers.add_given("named", NAMED_COLUMNS)
        self._given = [Table("named", self.key)]
        # Persons come as they are seated.
        self._in_order = True

    def add(
        self, name: str, columns: Sequence[str], joins: str = "", *, merged: bool = False
    ) -> None:
        if columns:
            if not self._chain:
                self._offered = self.tables()
            self._chain.append(step(columns, joins, merged=merged))
            self._name = name

    def add_aside(self, name: str, columns: Sequence[str]) -> None:
        self.add(name, columns)
        self._aside = name

    def rolled(self, persons: Side, name: str, columns: Sequence[str]) -> None:
        self._offered, self._name = persons.tables(), name
        self._chain = [step([self.key, *columns], f" GROUP BY {self.key}")]

    def meet(self, households: Side) -> None:
        assert isinstance(households, KeyedSide)
        self._met = households

    def add_of_household(self, name: str, columns: Sequence[str]) -> None:
        assert self._met is not None, "persons have met their households before"
        self._met.rolled(self, name, columns)

    def tables(self) -> list[Table]:
        self.write()
        return self._own + (self._met.tables() if self._met else [])

    def results(self) -> list[Table]:
        first, *others = self.tables()
        aside = self._met._aside if self._met else ""
        on = f"{aside}.hh = {first.name}.hh AND first_row"
        return [first, *(replace(t, on=on) if t.name == aside else t for t in others)]

    def write(self) -> None:
        if self._chain:
            self.layers.add_chain(
                self._name, self.key, self._chain, self._offered, in_order=self._in_order
            )
            self._own += [Table(self._name, self.key), *self._given]
            self._chain, self._offered, self._given = [], (), []
            self._in_order = False


class StackedSide(Side):
    """Each table holds those columns of the one before it that anybody still reads."""

    tells_apart: ClassVar[bool] = True

    def __init__(self, layers: Layers, key: str) -> None:
        super().__init__(layers, key)
        self._last = ""

    def begin(self, columns: Sequence[str], passing: Sequence[str], rest: str) -> None:
        self.layers.add("p_seen", [*columns, *passing], rest)
        self._last = "p_seen"

    def add(
        self, name: str, columns: Sequence[str], joins: str = "", *, merged: bool = False
    ) -> None:
        if columns:
            self.layers.add_stacked(name, columns, self._last + joins, [self._last])
            self._last = name

    def add_aside(self, name: str, columns: Sequence[str]) -> None:
        self.layers.add(name, ["first_k AS k", *columns], self._last)

    def rolled(self, persons: Side, name: str, columns: Sequence[str]) -> None:
        (table,) = persons.tables()
        keys = [self.key, "MAX(CASE WHEN first_row THEN k END) AS first_k"]
        self.layers.add(name, [*keys, *columns], f"{table.name} GROUP BY {self.key}")
        self._last = name

    def meet(self, households: Side) -> None:
        (table,) = households.tables()
        self._join("met", table)

    def add_of_household(self, name: str, columns: Sequence[str]) -> None:
        self.layers.add(name, ["hh", *columns], f"{self._last} GROUP BY hh")
        self._join(f"{name}_met", Table(name, "hh"))

    def _join(self, name: str, other: Table) -> None:
        rest = f"{self._last} JOIN {other.name} USING ({other.key})"
        self.layers.add_stacked(name, [], rest, [self._last, other.name])
        self._last = name

    def write(self) -> None:
        """Nothing, since each of them has it from the one before."""

    def tables(self) -> list[Table]:
        return [Table(self._last, self.key)]


def sides(layers: Layers, dialect: Dialect) -> tuple[Side, Side]:
    """The persons' and the households' side in the shape that suits the dialect's engine."""
    if dialect.name == "sqlite":
        return KeyedSide(layers, "k"), KeyedSide(layers, "hh")
    return StackedSide(layers, "k"), StackedSide(layers, "hh")
