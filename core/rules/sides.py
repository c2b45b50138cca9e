"""The two sides of a statement, persons and households, in the shape that suits an engine.

*Keyed*: each layer is a table of its own, a key and new columns, and later ones join what they
read; an engine that takes rows one by one would else copy every column of a wide table from layer
to layer. *Stacked*: each layer is the one before and new columns; an engine that takes columns
passes them on for nothing, and would pay for the joins.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from yimen.core.rules.dialects import Dialect
from yimen.core.rules.layers import Layers, Table


class Side(ABC):
    """The tables that say something of persons (key `k`), or of households (key `hh`)."""

    def __init__(self, layers: Layers, key: str) -> None:
        self.layers = layers
        self.key = key

    @abstractmethod
    def begin(self, columns: Sequence[str], passing: Sequence[str], rest: str) -> None:
        """The first table: columns that stay, and columns that only `add_seen` will read."""

    @abstractmethod
    def add_seen(self, name: str, columns: Sequence[str], joins: str) -> None:
        """A table of what the passing columns tell."""

    @abstractmethod
    def add(self, name: str, columns: Sequence[str], joins: str = "") -> None:
        """A table of these columns over all before, with `joins` to tables of other keys."""

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


class KeyedSide(Side):
    """Each table holds the key and its own columns."""

    def __init__(self, layers: Layers, key: str) -> None:
        super().__init__(layers, key)
        self._own: list[Table] = []
        self._met: KeyedSide | None = None

    def begin(self, columns: Sequence[str], passing: Sequence[str], rest: str) -> None:
        self.layers.add("p_seen", [*columns, *passing], rest)
        names = [column.rpartition(" AS ")[2].removeprefix("m.") for column in columns]
        self.layers.add_keyed("p_rows", names, "", [Table("p_seen", self.key)])
        self._own.append(Table("p_rows", self.key))

    def add_seen(self, name: str, columns: Sequence[str], joins: str) -> None:
        self.layers.add_keyed(name, [self.key, *columns], joins, [Table("p_seen", self.key)])
        self._own.append(Table(name, self.key))

    def add(self, name: str, columns: Sequence[str], joins: str = "") -> None:
        if columns:
            self.layers.add_keyed(name, [self.key, *columns], joins, self.tables())
            self._own.append(Table(name, self.key))

    def rolled(self, persons: Side, name: str, columns: Sequence[str]) -> None:
        self.layers.add_keyed(name, [self.key, *columns], " GROUP BY hh", persons.tables())
        self._own.append(Table(name, self.key))

    def meet(self, households: Side) -> None:
        assert isinstance(households, KeyedSide)
        self._met = households

    def add_of_household(self, name: str, columns: Sequence[str]) -> None:
        assert self._met is not None, "persons have met their households before"
        self._met.rolled(self, name, columns)

    def tables(self) -> list[Table]:
        return self._own + (self._met._own if self._met else [])


class StackedSide(Side):
    """Each table holds those columns of the one before it that anybody still reads."""

    def __init__(self, layers: Layers, key: str) -> None:
        super().__init__(layers, key)
        self._last = ""

    def begin(self, columns: Sequence[str], passing: Sequence[str], rest: str) -> None:
        self.layers.add("p_seen", [*columns, *passing], rest)
        self._last = "p_seen"

    def add_seen(self, name: str, columns: Sequence[str], joins: str) -> None:
        self.add(name, columns, joins)

    def add(self, name: str, columns: Sequence[str], joins: str = "") -> None:
        if columns:
            self.layers.add_stacked(name, columns, self._last + joins, [self._last])
            self._last = name

    def rolled(self, persons: Side, name: str, columns: Sequence[str]) -> None:
        (table,) = persons.tables()
        self.layers.add(name, [self.key, *columns], f"{table.name} GROUP BY {self.key}")
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

    def tables(self) -> list[Table]:
        return [Table(self._last, self.key)]


def sides(layers: Layers, dialect: Dialect) -> tuple[Side, Side]:
    """The persons' and the households' side in the shape that suits the dialect's engine."""
    if dialect.name == "sqlite":
        return KeyedSide(layers, "k"), KeyedSide(layers, "hh")
    return StackedSide(layers, "k"), StackedSide(layers, "hh")
