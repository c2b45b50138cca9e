"""The statement's layers: tables of a key and the columns that each adds to those before it.

They come in two shapes, since engines differ in what a wide table costs. *Keyed*: each layer is a
table of its own, a key and new columns, and later ones join what they read; an engine that takes
rows one by one would else copy every column of a wide table from layer to layer. *Stacked*: each
layer is all of the one before and new columns; an engine that takes columns passes them on for
nothing, and would pay for the joins.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from yimen.core.rules.dialects import Dialect


class Layer(msgspec.Struct, frozen=True, kw_only=True):
    """One table: its name, its columns with the key first, and the query that fills it.

    `kept` tells that several later layers read it.
    """

    name: str
    columns: list[str]
    query: str
    kept: bool = False


@dataclass
class _Written:
    """A layer before it is known which columns of earlier ones it passes on."""

    name: str
    columns: dict[str, str]
    rest: str
    passed: Sequence[str] = ()
    reads: Sequence[str] = ()


class Layers:
    """All layers in the order in which they are filled."""

    def __init__(self) -> None:
        self._written: dict[str, _Written] = {}

    def add(self, name: str, columns: Sequence[str], rest: str) -> None:
        """A table of these columns, `expression AS name` or a plain name, the key first.

        `rest` is what follows FROM.
        """
        self._written[name] = _Written(name, _by_name(columns), rest)

    def stack(
        self,
        name: str,
        columns: Sequence[str],
        rest: str,
        passed: Sequence[str],
        reads: Sequence[str],
    ) -> None:
        """A table that also holds what later ones need of the tables `passed` on.

        `reads` names tables of which its columns and `rest` read, and pass nothing on.
        """
        self._written[name] = _Written(name, _by_name(columns), rest, passed, reads)

    def finished(self, wanted: Iterable[str] | None) -> list[Layer]:
        """The layers; stacked ones hold only what is needed for the `wanted` texts of the end.

        Without these, everything is.
        """
        held = self._held()
        last = next(reversed(self._written)) if self._written else ""
        needed: dict[str, set[str]] = {name: set() for name in self._written}
        if wanted is None:
            needed[last] = set(held[last])
        else:
            needed[last] = {n for text in wanted for n in names_in(text)} & held[last]
        found = []
        for layer in reversed(self._written.values()):
            found.append(self._layer(layer, held, needed, wanted is None))
        return found[::-1]

    def _held(self) -> dict[str, set[str]]:
        """All columns that each table could hold."""
        held: dict[str, set[str]] = {}
        for layer in self._written.values():
            held[layer.name] = set(layer.columns).union(*(held[p] for p in layer.passed))
        return held

    def _layer(
        self,
        layer: _Written,
        held: Mapping[str, set[str]],
        needed: dict[str, set[str]],
        everything: bool,
    ) -> Layer:
        stacked = bool(layer.passed or layer.reads or layer.name == "p_seen")
        own = layer.columns
        if stacked and not everything:
            own = {n: text for n, text in own.items() if n in needed[layer.name]}
        own = own or dict(list(layer.columns.items())[:1])
        read = {n for text in (*own.values(), layer.rest) for n in names_in(text)}
        passed = list[str]()
        for table in layer.passed:
            passing = sorted((needed[layer.name] - set(layer.columns)) & held[table] - set(passed))
            passed += passing
            needed[table] |= set(passing) | (read & held[table])
        for table in layer.reads:
            needed[table] |= read & held[table]
        names = [*(f'"{name}"' for name in passed), *own.values()]
        return Layer(
            name=layer.name,
            columns=[*passed, *own],
            query=f"SELECT {', '.join(names)} FROM {layer.rest}",
            kept=sum(layer.name in (*w.passed, *w.reads) for w in self._written.values()) > 1,
        )


def _by_name(columns: Sequence[str]) -> dict[str, str]:
    """Name -> the text of its column."""
    return {c.rpartition(" AS ")[2].removeprefix("m.").strip('"[]'): c for c in columns}


_NAMES = re.compile(r"""'(?:[^']|'')*'|"([^"]+)"|\[([^\]]+)\]|([A-Za-z_][A-Za-z0-9_]*)""")


def names_in(text: str) -> set[str]:
    """The words of a SQL text that may be columns: quoted or plain, and no constants."""
    return {a or b or c for a, b, c in _NAMES.findall(text)} - {""}


class Side(ABC):
    """The tables that say something of persons (key `k`), or of households (key `hh`)."""

    def __init__(self, layers: Layers, dialect: Dialect, key: str) -> None:
        self.layers = layers
        self.dialect = dialect
        self.key = key

    @abstractmethod
    def begin(self, columns: Sequence[str], passing: Sequence[str], rest: str) -> None:
        """The first table: columns that stay, and columns that only `add_seen` will read."""

    @abstractmethod
    def add_seen(self, name: str, columns: Sequence[str], joins: str) -> None:
        """A table of what the passing columns tell."""

    @abstractmethod
    def add(
        self,
        name: str,
        columns: Sequence[str],
        joins: str = "",
        *,
        only: Sequence[str] = (),
        also: Sequence[str] = (),
        told_only: bool = False,
    ) -> None:
        """A table of these columns over all before, with `joins` to tables of other keys.

        What is `told_only` is for the report: no later layer reads it unless it names it in `also`.
        `only` names all that it reads, where that is little.
        """

    @abstractmethod
    def add_last(self, name: str, columns: Sequence[str], joins: str) -> None:
        """A table over everything, what is told only included."""

    @abstractmethod
    def rolled(self, persons: Side, name: str, columns: Sequence[str], group: str) -> None:
        """The households' first table, grouped from the persons'."""

    @abstractmethod
    def meet(self, households: Side) -> None:
        """From here on persons' tables see their household's columns."""

    @abstractmethod
    def everything(self) -> str:
        """What follows FROM to see all columns of persons and households."""


class KeyedSide(Side):
    """Each table holds the key and its own columns."""

    def __init__(self, layers: Layers, dialect: Dialect, key: str) -> None:
        super().__init__(layers, dialect, key)
        self._read: list[str] = []
        self._told: list[str] = []
        self._met: KeyedSide | None = None

    def begin(self, columns: Sequence[str], passing: Sequence[str], rest: str) -> None:
        self.layers.add("p_seen", [*columns, *passing], rest)
        own = [column.rpartition(" AS ")[2].removeprefix("m.") for column in columns]
        self.layers.add("p_rows", own, "p_seen")
        self._read.append("p_rows")

    def add_seen(self, name: str, columns: Sequence[str], joins: str) -> None:
        self.layers.add(name, [self.key, *columns], f"p_seen{joins}")
        self._read.append(name)

    def add(
        self,
        name: str,
        columns: Sequence[str],
        joins: str = "",
        *,
        only: Sequence[str] = (),
        also: Sequence[str] = (),
        told_only: bool = False,
    ) -> None:
        if not columns:
            return
        tables = self._joined(list(only)) if only else self._all(extra=also)
        self.layers.add(name, [self.key, *columns], tables + joins)
        (self._told if told_only else self._read).append(name)

    def add_last(self, name: str, columns: Sequence[str], joins: str) -> None:
        self.layers.add(name, [self.key, *columns], self.everything() + joins)
        self._read.append(name)

    def rolled(self, persons: Side, name: str, columns: Sequence[str], group: str) -> None:
        assert isinstance(persons, KeyedSide)
        self.layers.add(name, columns, f"{persons._all()} GROUP BY {group}")
        self._read.append(name)

    def meet(self, households: Side) -> None:
        assert isinstance(households, KeyedSide)
        self._met = households

    def everything(self) -> str:
        return self._all(extra=self._told, told=True)

    def _all(self, *, extra: Sequence[str] = (), told: bool = False) -> str:
        tables = self._joined([*self._read, *extra])
        if self._met is None:
            return tables
        other = self._met._read + (self._met._told if told else [])
        return self._ordered(tables, [f"{name} USING ({self._met.key})" for name in other])

    def _joined(self, names: list[str]) -> str:
        return self._ordered(names[0], [f"{name} USING ({self.key})" for name in names[1:]])

    def _ordered(self, first: str, joins: Sequence[str]) -> str:
        return f" {self.dialect.ordered_join} ".join([first, *joins])


class StackedSide(Side):
    """Each table holds those columns of the one before it that anybody still reads."""

    def __init__(self, layers: Layers, dialect: Dialect, key: str) -> None:
        super().__init__(layers, dialect, key)
        self.last = ""

    def begin(self, columns: Sequence[str], passing: Sequence[str], rest: str) -> None:
        self._stack("p_seen", [*columns, *passing], rest, [])

    def add_seen(self, name: str, columns: Sequence[str], joins: str) -> None:
        self.add(name, columns, joins)

    def add(
        self,
        name: str,
        columns: Sequence[str],
        joins: str = "",
        *,
        only: Sequence[str] = (),
        also: Sequence[str] = (),
        told_only: bool = False,
    ) -> None:
        if columns:
            self._stack(name, columns, self.last + joins, [self.last])

    def add_last(self, name: str, columns: Sequence[str], joins: str) -> None:
        self.add(name, columns, joins)

    def rolled(self, persons: Side, name: str, columns: Sequence[str], group: str) -> None:
        assert isinstance(persons, StackedSide)
        self._stack(name, columns, f"{persons.last} GROUP BY {group}", [], reads=[persons.last])

    def meet(self, households: Side) -> None:
        assert isinstance(households, StackedSide)
        both = f"{self.last} JOIN {households.last} USING ({households.key})"
        self._stack("met", [], both, [self.last, households.last])

    def everything(self) -> str:
        return self.last

    def _stack(
        self,
        name: str,
        columns: Sequence[str],
        rest: str,
        passed: Sequence[str],
        reads: Sequence[str] = (),
    ) -> None:
        self.layers.stack(name, columns, rest, passed, reads)
        self.last = name


def sides(layers: Layers, dialect: Dialect) -> tuple[Side, Side]:
    """The persons' and the households' side in the shape that suits the dialect's engine."""
    kind = KeyedSide if dialect.name == "sqlite" else StackedSide
    return kind(layers, dialect, "k"), kind(layers, dialect, "hh")
