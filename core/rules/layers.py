"""The statement's layers: tables of a key and the columns that each adds to those before it.

They are written one after the other, as one statement of common tables would be; but an engine
copies such a table's text wherever it is named, and looks every column of a wide one up again in
each layer, which for a county's whole catalogue takes longer than the work. Joins are written as
CROSS JOIN: their order is fixed, so that planning them costs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec


class Layer(msgspec.Struct, frozen=True, kw_only=True):
    """One table: its name, its columns with the key first, and the query that fills it."""

    name: str
    columns: list[str]
    query: str


class Layers:
    """All layers in the order in which they are filled."""

    def __init__(self) -> None:
        self.written: list[Layer] = []

    def add(self, name: str, columns: Sequence[str], rest: str) -> None:
        """A table of these columns, `expression AS name` or a plain name, the key first.

        `rest` is what follows FROM.
        """
        names = [column.rpartition(" AS ")[2].removeprefix("m.") for column in columns]
        query = f"SELECT {', '.join(columns)} FROM {rest}"
        self.written.append(Layer(name=name, columns=names, query=query))


class Side:
    """The tables that say something of persons (key `k`), or of households (key `hh`).

    Those of criteria and amounts are only for the report: no later layer reads them.
    """

    def __init__(self, layers: Layers, key: str) -> None:
        self._layers = layers
        self.key = key
        self._read: list[str] = []
        self._told: list[str] = []

    def add(self, name: str, columns: Sequence[str], rest: str, *, told_only: bool = False) -> None:
        """A table of the key and these columns; the first one's hold the key themselves."""
        if not columns:
            return
        self._layers.add(name, [self.key, *columns] if self._read else columns, rest)
        (self._told if told_only else self._read).append(name)

    def joined(self, after: str = "", *, all_told: bool = False) -> str:
        """What follows FROM to see all columns; `after` are tables joined before."""
        tables = self._read + (self._told if all_told else [])
        joins = [f"{name} USING ({self.key})" for name in tables]
        if not after:
            joins[0] = tables[0]
        return " CROSS JOIN ".join([after, *joins] if after else joins)
