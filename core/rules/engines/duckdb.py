"""DuckDB over the lake: the batches' engine, where the extra is installed."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from yimen.core.rules.engines import Cell, Cells, Selection, StatementFailed, covered_divisions
from yimen.core.rules.inputs import Reading
from yimen.core.rules.statement import SELECTION_COLUMNS, Statement, standard_parameter
from yimen.core.store.lake import (
    KEYS,
    TYPES,
    Lake,
    file_of,
    keep_snapshot,
    quoted,
    snapshot_columns,
    with_keys,
)
from yimen.core.store.statements import CannotRun

if TYPE_CHECKING:
    from yimen.core.rules.catalogue import Catalogue

# The one table of a run that is of places and not of persons.
REACHED = "reached"
_PLACE = re.compile(r"\{[a-z0-9._]+\}")
_VARIABLE = re.compile(r"getvariable\('(\w+)'\)")
_BOOLEANS = frozenset({"given_counted", "shared", "case_open", "first_row"})
SELECTION_TYPES = {
    name: "BIGINT" if name == "k" else "BOOLEAN" if name in _BOOLEANS else "VARCHAR"
    for name in SELECTION_COLUMNS
}
CASEWORK_TABLES = {
    "granted": {"member_no": "VARCHAR", "source": "VARCHAR"},
    "recorded": {"subject": "VARCHAR", "fact": "VARCHAR", "verified": "VARCHAR",
                 "declared": "VARCHAR"},
    "benefits": {"subject": "VARCHAR", "programme": "VARCHAR"},
    "answers": {"subject": "VARCHAR", "programme": "VARCHAR"},
}  # fmt: skip
COVERED = {"source": "VARCHAR", "division": "VARCHAR"}


class DuckdbEngine:
    """Runs a statement over Parquet files, which it makes where a snapshot has none yet."""

    name = "duckdb"

    def __init__(self, lake: Lake, catalogue: Catalogue) -> None:
        self.lake = lake
        self._catalogue = catalogue
        # Parameter -> its value as SQL text.
        self._given: dict[str, str] = {}

    def run(
        self,
        statement: Statement,
        readings: Sequence[Reading],
        parameters: Mapping[str, Cell],
        selection: Selection,
    ) -> list[Cells]:
        """The rows of the selection with all cells, in order of `k`."""
        self.lake.fill("selected", SELECTION_TYPES, selection.persons)
        self.lake.execute(f"CREATE OR REPLACE TEMP VIEW sel AS {with_keys('selected')}")
        self.take_casework(selection)
        place = SELECTION_COLUMNS.index("division")
        self.take_inputs(
            statement, readings, parameters, {str(p[place]) for p in selection.persons}
        )
        sql = f"{self.text(statement, readings, '*')} ORDER BY k"
        conn = self.lake.conn
        try:
            found = list(self.lake.rows(sql))
        except CannotRun as error:
            raise StatementFailed(str(error)) from error
        names = [column[0] for column in conn.description or []]
        return [
            {n: int(v) if isinstance(v, bool) else v for n, v in zip(names, row, strict=True)}
            for row in found
        ]

    def take_casework(self, selection: Selection) -> None:
        """What the casework knows, as tables."""
        rows: dict[str, Sequence[tuple[Cell, ...]]] = {
            "granted": selection.granted, "recorded": selection.recorded,
            "benefits": selection.benefits, "answers": selection.answers,
        }  # fmt: skip
        for name, columns in CASEWORK_TABLES.items():
            self.lake.fill(name, columns, rows[name])

    def take_inputs(
        self,
        statement: Statement,
        readings: Sequence[Reading],
        parameters: Mapping[str, Cell],
        divisions: set[str],
    ) -> None:
        """The parameters as typed constants, and the divisions that each source covers.

        Each variable would be a statement of its own to set, and one more call to plan.
        """
        kinds = {
            standard_parameter(name, zone): TYPES.get(self._catalogue.standards[name].type)
            for name in statement.standards
            for zone in ("", "URBAN", "RURAL")
        }
        self._given = {
            name: f"CAST({_literal(value)} AS {kinds.get(name) or 'VARCHAR'})"
            for name, value in parameters.items()
        }
        self.lake.fill("covered", COVERED, covered_divisions(readings, divisions))

    def text(
        self,
        statement: Statement,
        readings: Sequence[Reading],
        cells: str,
        *,
        made: Collection[str] = (),
        also: Sequence[str] = (),
    ) -> str:
        """The query of these cells over the layers as common tables, with files and values in it.

        Layers that are `made` stand as tables already; `also` are common tables after them.
        """
        queries = self._queries(statement, readings)
        parts = [
            f"{layer.name} AS{' MATERIALIZED' if layer.kept else ''} ({queries[layer.name]})"
            for layer in statement.layers
            if layer.name not in made
        ]
        tables = f"WITH {', '.join([*parts, *map(self._filled, also)])}"
        return f"{tables} SELECT {self._filled(cells)} FROM {statement.everything}"

    def make_tables_of_run(self, statement: Statement, readings: Sequence[Reading]) -> None:
        """Makes the layers that are the same for every part of a run.

        They stand under other names: a part joins what `take_from_run` takes of them, since a join
        holds all of a table in memory, and a county's sixteen do not fit there.
        """
        queries = self._queries(statement, readings)
        for name in (layer.name for layer in statement.layers if layer.of_run):
            self.lake.execute(f"CREATE OR REPLACE TEMP TABLE run_{name} AS {queries[name]}")

    def take_from_run(self, names: Sequence[str]) -> None:
        """The rows of a run's tables that are of the persons in `sel`, as tables of the part."""
        if names:
            self.lake.execute("CREATE OR REPLACE TEMP TABLE taken AS SELECT person FROM sel")
        for name in names:
            own = " SEMI JOIN taken USING (person)" if name != REACHED else ""
            self.lake.execute(
                f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM run_{name}{own}"
            )

    def _queries(self, statement: Statement, readings: Sequence[Reading]) -> dict[str, str]:
        tables = {f"{{{r.source}}}": self._rows_of(r) for r in readings}
        return {
            layer.name: self._filled(_PLACE.sub(lambda m: tables[m[0]], layer.query))
            for layer in statement.layers
        }

    def _filled(self, query: str) -> str:
        """A text with the values in the places of its parameters."""
        return _VARIABLE.sub(lambda m: self._given[m[1]], query)

    def _rows_of(self, reading: Reading) -> str:
        source = self._catalogue.sources[reading.source]
        snapshot = reading.snapshot if reading.status == "ok" else None
        if snapshot is None:
            columns = {**snapshot_columns(source), **dict.fromkeys(KEYS, "BIGINT")}.items()
            cells = ", ".join(f'CAST(NULL AS {kind}) AS "{name}"' for name, kind in columns)
            return f"(SELECT {cells} WHERE FALSE)"
        file = file_of(self.lake.home, snapshot.table)
        if not file.exists():
            keep_snapshot(self.lake, source, snapshot.table)
        return f"read_parquet({quoted(file)})"


def _literal(value: Cell) -> str:
    """A parameter as SQL text; the dialect's own would bring the rules' parser into every run."""
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"
