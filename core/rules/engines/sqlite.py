"""Runs the statement on the indexed register tables: one household in milliseconds, any number."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from yimen.core.rules.engines import Cell, Cells, Selection, StatementFailed, covered_divisions
from yimen.core.rules.inputs import Reading
from yimen.core.rules.statement import NAMED_COLUMNS, SELECTION_COLUMNS, Statement
from yimen.core.store.snapshots import column_names
from yimen.core.store.statements import CannotRun, plan_of, run_layers

if TYPE_CHECKING:
    from yimen.core.rules.catalogue import Catalogue
    from yimen.core.store.database import Database

_PLACE = re.compile(r"\{[a-z0-9._]+\}")
TABLES = {
    "sel": f"(k INTEGER PRIMARY KEY, {', '.join(SELECTION_COLUMNS[1:])})",
    "granted": "(member_no TEXT, source TEXT)",
    "covered": "(source TEXT, division TEXT)",
    "recorded": "(subject TEXT, fact TEXT, verified, declared)",
    "benefits": "(subject TEXT, programme TEXT)",
    "answers": "(subject TEXT, programme TEXT)",
}
_VIEWS = {"named": f"SELECT {', '.join(NAMED_COLUMNS)} FROM temp.sel"}


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
        place = SELECTION_COLUMNS.index("division")
        filled: dict[str, tuple[str, Sequence[tuple[Cell, ...]]]] = {
            "sel": (TABLES["sel"], selection.persons),
            "covered": (
                TABLES["covered"],
                covered_divisions(readings, {str(p[place]) for p in selection.persons}),
            ),
            **self.casework_tables(
                selection.granted, selection.recorded, selection.benefits, selection.answers
            ),
        }
        layers = self.layers(statement, readings)
        try:
            return run_layers(self._db, layers, _last(statement), parameters, filled, _VIEWS)
        except CannotRun as error:
            raise StatementFailed(str(error)) from error

    def casework_tables(
        self, *rows: Sequence[tuple[Cell, ...]]
    ) -> dict[str, tuple[str, Sequence[tuple[Cell, ...]]]]:
        """What the casework knows, as tables: granted, recorded, benefits, answers."""
        names = ("granted", "recorded", "benefits", "answers")
        return {name: (TABLES[name], r) for name, r in zip(names, rows, strict=True)}

    def plan(
        self, statement: Statement, readings: Sequence[Reading], parameters: Mapping[str, Cell]
    ) -> list[str]:
        """The lines of EXPLAIN QUERY PLAN, for the test that no register is ever scanned."""
        filled: dict[str, tuple[str, Sequence[tuple[Cell, ...]]]] = {
            name: (columns, []) for name, columns in TABLES.items()
        }
        layers = self.layers(statement, readings)
        run_layers(self._db, layers, _last(statement), parameters, filled, _VIEWS)
        queries = [layer[2] for layer in layers] + [_last(statement)]
        return [line for query in queries for line in plan_of(self._db, query, parameters)]

    def layers(
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


def _last(statement: Statement) -> str:
    return f"SELECT * FROM {statement.everything} ORDER BY k"
