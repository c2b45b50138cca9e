"""Batches on DuckDB: a part is one query over the lake, written as one Parquet file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yimen.core.rules.engines import Selection, StatementFailed
from yimen.core.rules.engines.batch import RunInputs
from yimen.core.rules.engines.duckdb import SELECTION_TYPES, DuckdbEngine
from yimen.core.rules.statement import SELECTION_COLUMNS
from yimen.core.store.lake import PERSON_KEY, file_of, keep_roster, quoted, settle
from yimen.core.store.run_files import ParquetRun
from yimen.core.store.statements import CannotRun

if TYPE_CHECKING:
    from yimen.core.rules.catalogue import Catalogue

# Keys of persons that come from the casework; the roster's are below.
_TOUCHED_FROM = 10**12
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
        self._query = ""
        self._selected = ""

    def take(self, inputs: RunInputs) -> None:
        """Casework and parameters as tables and variables; the statement's text with its files."""
        lake, casework = self.files.lake, inputs.casework
        self._engine.take_casework(
            Selection(
                granted=casework.granted,
                recorded=casework.recorded,
                benefits=casework.benefits,
                answers=casework.answers,
            )
        )
        self._engine.take_inputs(
            inputs.statement, inputs.readings, inputs.parameters, inputs.divisions
        )
        persons = ((_TOUCHED_FROM + i, *p) for i, p in enumerate(casework.persons))
        lake.fill("touched_persons", SELECTION_TYPES, persons)
        lake.fill("touched", {"household_no": "VARCHAR"}, ([no] for no in casework.touched))
        roster = file_of(lake.home, inputs.roster)
        if not roster.exists():
            keep_roster(lake, inputs.roster)
        between = "household_no BETWEEN '{first}' AND '{last}'"
        only = ""
        if casework.only is not None:
            lake.fill("wanted", {"household_no": "VARCHAR"}, ([no] for no in casework.only))
            only = " AND household_no IN (SELECT household_no FROM wanted)"
        self._selected = (
            f"SELECT {', '.join(_FROM_ROSTER)}, person FROM read_parquet({quoted(roster)})"
            f" WHERE {between}{only} AND household_no NOT IN (SELECT household_no FROM touched)"
            f" UNION ALL SELECT *, {PERSON_KEY} FROM touched_persons WHERE {between}{only}"
        )
        cells = ", ".join(f'{sql} AS "{name}"' for name, sql in inputs.statement.results.items())
        made: list[str] = []
        if inputs.parts > 1:
            made = self._engine.make_tables_of_run(inputs.statement, inputs.readings)
        text = self._engine.text(inputs.statement, inputs.readings, made=made)
        self._query = f"{text} SELECT {cells} FROM {inputs.statement.everything}"

    def close(self) -> None:
        """Nothing beside the lake, which the files close."""

    def part(self, first: str, last: str) -> None:
        """One query and one file, renamed into place when it is whole."""
        file = self.files.part(first, last)
        beside = file.with_suffix(".new")
        columns = ", ".join([*SELECTION_COLUMNS, "person"])
        selected = self._selected.format(first=first, last=last)
        try:
            self.files.lake.execute(
                f"CREATE OR REPLACE TEMP VIEW sel ({columns}) AS {selected}",
                f"COPY ({self._query}) TO {quoted(beside)} (FORMAT parquet)",
            )
        except CannotRun as error:
            beside.unlink(missing_ok=True)
            raise StatementFailed(str(error)) from error
        settle(beside, file)
