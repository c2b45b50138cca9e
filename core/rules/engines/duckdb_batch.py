"""Batches on DuckDB: a part is one query over the lake, and writes two Parquet files.

What is told once a household stands apart: in its first member's row, most cells of all the others
would be empty, and an empty cell costs more to write than a value.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from yimen.core.rules.engines import Selection, StatementFailed
from yimen.core.rules.engines.batch import RunInputs
from yimen.core.rules.engines.duckdb import SELECTION_TYPES, DuckdbEngine
from yimen.core.rules.statement import SELECTION_COLUMNS, TOLD, Statement
from yimen.core.store.lake import PERSON_KEYS, file_of, keep_roster, quoted, settle, with_keys
from yimen.core.store.run_files import ParquetRun
from yimen.core.store.statements import CannotRun

if TYPE_CHECKING:
    from yimen.core.rules.catalogue import Catalogue

# Stands in a query for the file of what is told of households, which each part has its own of.
_HOUSEHOLDS = "{households}"
# Keys of persons that come from the casework; the roster's are below.
_TOUCHED_FROM = 10**12
# Where registers are of more persons, a part of few households would join them all as well.
PERSONS_AT_ONCE = 400_000
_FROM_ROSTER = (
    "k", "household_no", "member_no", "id_number", "name", "relation", "birth_date", "sex",
    "division", "zone", "CAST(NULL AS BOOLEAN)", "shared", "FALSE", "first_row",
)  # fmt: skip


class DuckdbBatch:
    """Computes a run over Parquet files."""

    name = "duckdb"

    def __init__(self, files: ParquetRun, catalogue: Catalogue) -> None:
        self.files = files
        self._engine = DuckdbEngine(files.lake, catalogue)
        # With casework, and without.
        self._query = self._plain = ""
        self._selected = self._untouched = ""
        self._inputs: RunInputs | None = None
        # Tables that are made once a run, in its first part.
        self._of_run: list[str] = []
        self._made = False

    def take(self, inputs: RunInputs) -> None:
        """The casework as tables; the statement's text with its files and parameters."""
        lake, casework = self.files.lake, inputs.casework
        self.files.drop_unfinished()
        self._engine.take_casework(
            Selection(
                granted=casework.granted,
                recorded=casework.recorded,
                benefits=casework.benefits,
                answers=casework.answers,
            )
        )
        persons = ((_TOUCHED_FROM + i, *p) for i, p in enumerate(casework.persons))
        lake.fill("touched_persons", SELECTION_TYPES, persons)
        lake.fill("touched", {"household_no": "VARCHAR"}, ([no] for no in casework.touched))
        roster = file_of(lake.home, inputs.roster)
        if not roster.exists():
            keep_roster(lake, inputs.roster)
        persons_of = dict(
            lake.rows(f"SELECT division, COUNT(*) FROM read_parquet({quoted(roster)}) GROUP BY ALL")
        )
        self._engine.take_inputs(
            inputs.statement, inputs.readings, inputs.parameters, set(persons_of)
        )
        between = "household_no BETWEEN '{first}' AND '{last}'"
        only = ""
        if casework.only is not None:
            lake.fill("wanted", {"household_no": "VARCHAR"}, ([no] for no in casework.only))
            only = " AND household_no IN (SELECT household_no FROM wanted)"
        self._untouched = (
            f"SELECT {', '.join([*_FROM_ROSTER, *PERSON_KEYS])} FROM read_parquet({quoted(roster)})"
            f" WHERE {between}{only}"
        )
        self._selected = (
            f"{self._untouched} AND household_no NOT IN (SELECT household_no FROM touched)"
            f" UNION ALL {with_keys('touched_persons')} WHERE {between}{only}"
        )
        self._inputs, self._made = inputs, False
        of_run = [layer.name for layer in inputs.statement.layers if layer.of_run]
        many = inputs.parts > 1 or sum(persons_of.values()) > PERSONS_AT_ONCE
        self._of_run = of_run if many else []
        self._query = self._text(inputs, inputs.statement)
        self._plain = self._text(inputs, inputs.plain or inputs.statement)

    def _text(self, inputs: RunInputs, statement: Statement) -> str:
        told = f"COPY (SELECT k, {_cells(statement.told)} FROM {TOLD}) TO {_HOUSEHOLDS}"
        return self._engine.text(
            statement,
            inputs.readings,
            _cells(statement.results),
            made=self._of_run,
            also=[f"written AS ({told} (FORMAT parquet))"],
        )

    def close(self) -> None:
        """Nothing beside the lake, which the files close."""

    def part(self, first: str, last: str) -> None:
        """One query and two files, renamed into place when they are whole."""
        inputs = self._inputs
        assert inputs is not None, "take() comes before part()"
        persons, households = self.files.part(first, last), self.files.households(first, last)
        told, rows = (file.with_suffix(".new") for file in (households, persons))
        columns = ", ".join([*SELECTION_COLUMNS, *PERSON_KEYS])
        lake = self.files.lake
        # One for both kinds, where there are both: a second one would read all registers again.
        touched = inputs.touches(first, last)
        query = self._query if touched else self._plain
        query = query.replace(_HOUSEHOLDS, quoted(told))
        selected = (self._selected if touched else self._untouched).format(first=first, last=last)
        try:
            lake.execute(f"CREATE OR REPLACE TEMP VIEW sel ({columns}) AS {selected}")
            self._take_from_run(inputs)
            lake.execute(f"COPY ({query}) TO {quoted(rows)} (FORMAT parquet)")
        except CannotRun as error:
            raise StatementFailed(str(error)) from error
        else:
            # The persons' file last: it tells that the part is complete.
            settle(told, households)
            settle(rows, persons)
        finally:
            for file in (told, rows):
                file.unlink(missing_ok=True)

    def _take_from_run(self, inputs: RunInputs) -> None:
        """What the part's persons have in the tables of the run; nothing where there are none."""
        if self._of_run and not self._made:
            self._engine.make_tables_of_run(inputs.statement, inputs.readings)
            self._made = True
        self._engine.take_from_run(self._of_run)


def _cells(columns: Mapping[str, str]) -> str:
    return ", ".join(f'{sql} AS "{name}"' for name, sql in columns.items())
