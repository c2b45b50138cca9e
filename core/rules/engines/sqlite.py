"""Runs the statement on the indexed register tables: one household in milliseconds, any number."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from yimen.core.rules.engines import SELECTION_COLUMNS, Cell, Cells, Selection, StatementFailed
from yimen.core.rules.inputs import Reading
from yimen.core.rules.statement import Statement
from yimen.core.store.snapshots import column_names
from yimen.core.store.statements import CannotRun, plan_of, run_layers

if TYPE_CHECKING:
    from sqlite_utils import Database

    from yimen.core.rules.catalogue import Catalogue

_PLACE = re.compile(r"\{[a-z0-9._]+\}")
_TABLES = {
    "sel": f"(k INTEGER PRIMARY KEY, {', '.join(SELECTION_COLUMNS[1:])})",
    "granted": "(member_no TEXT, source TEXT)",
    "covered": "(source TEXT, division TEXT)",
    "recorded": "(subject TEXT, fact TEXT, verified, declared)",
    "benefits": "(subject TEXT, programme TEXT)",
}


class SqliteEngine:
    """The counter's engine, and the batch engine where nothing else is installed."""

    name = "sqlite"

    def __init__(self, registers: Database, catalogue: Catalogue) -> None:
        self._db = registers
        self._catalogue = catalogue

    def run(
        self,
        statement: Statement,
        readings: Sequence[Reading],
        parameters: Mapping[str, Cell],
        selection: Selection,
    ) -> list[Cells]:
        """The rows of the selection, in order of `k`."""
        tables: dict[str, Sequence[tuple[Cell, ...]]] = {
            "sel": selection.persons,
            "granted": selection.granted,
            "covered": self._covered(readings, selection),
            "recorded": selection.recorded,
            "benefits": selection.benefits,
        }
        filled = {name: (_TABLES[name], rows) for name, rows in tables.items()}
        layers = self._layers(statement, readings)
        try:
            return run_layers(self._db, layers, statement.last, parameters, filled)
        except CannotRun as error:
            raise StatementFailed(str(error)) from error

    def plan(
        self, statement: Statement, readings: Sequence[Reading], parameters: Mapping[str, Cell]
    ) -> list[str]:
        """The lines of EXPLAIN QUERY PLAN, for the test that no register is ever scanned."""
        filled: dict[str, tuple[str, Sequence[tuple[Cell, ...]]]] = {
            name: (columns, []) for name, columns in _TABLES.items()
        }
        layers = self._layers(statement, readings)
        run_layers(self._db, layers, statement.last, parameters, filled)
        queries = [layer[2] for layer in layers] + [statement.last]
        return [line for query in queries for line in plan_of(self._db, query, parameters)]

    def _layers(
        self, statement: Statement, readings: Sequence[Reading]
    ) -> list[tuple[str, list[str], str]]:
        """Each layer's table, columns and query, with each source's place taken by its table."""
        tables = {}
        for reading in readings:
            usable = reading.snapshot if reading.status == "ok" else None
            tables[f"{{{reading.source}}}"] = (
                f'"{usable.table}"' if usable else self._empty(reading.source)
            )
        return [
            (layer.name, layer.columns, _PLACE.sub(lambda m: tables[m[0]], layer.query))
            for layer in statement.layers
        ]

    def _empty(self, source: str) -> str:
        columns = ", ".join(f'NULL AS "{c}"' for c in column_names(self._catalogue.sources[source]))
        return f"(SELECT {columns} WHERE 0)"

    def _covered(self, readings: Sequence[Reading], selection: Selection) -> list[tuple[str, str]]:
        place = SELECTION_COLUMNS.index("division")
        divisions = {str(person[place]) for person in selection.persons}
        return [
            (reading.source, division)
            for reading in readings
            if reading.snapshot
            for division in divisions
            if any(division.startswith(prefix) for prefix in reading.snapshot.covers)
        ]
