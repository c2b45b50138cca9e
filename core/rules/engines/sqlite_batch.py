"""Batches on SQLite, which need nothing installed: parts small enough to stay in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yimen.core.rules.engines import StatementFailed, covered_divisions
from yimen.core.rules.engines.batch import RunInputs
from yimen.core.rules.engines.sqlite import SqliteEngine
from yimen.core.rules.statement import NAMED_COLUMNS, SELECTION_COLUMNS, Statement
from yimen.core.store.roster import divisions_of
from yimen.core.store.run_files import SqliteRun
from yimen.core.store.statements import CannotRun, Filling, PartFiller

if TYPE_CHECKING:
    from yimen.core.rules.catalogue import Catalogue
    from yimen.core.store.database import Database

_TOUCHED_FROM = 10**12
_FROM_ROSTER = (
    "rowid AS k", "household_no", "member_no", "id_number", "name", "relation", "birth_date", "sex",
    "division", "zone", "NULL AS given_counted", "shared", "0 AS case_open",
    # Its rows stand in the order of households; a window over them costs three times as much.
    "household_no IS NOT (SELECT b.household_no FROM {roster} AS b WHERE b.rowid = r.rowid - 1)"
    " AS first_row",
)  # fmt: skip
# Persons are seated in the order of ID numbers. To walk through the index of all of them is quicker
# than to sort a part's, up to so many parts.
_WALKS = 20
_FIRST, _LAST = "(SELECT first FROM temp.ends)", "(SELECT last FROM temp.ends)"


class SqliteBatch:
    """Computes a run over the indexed registers."""

    name = "sqlite"

    def __init__(self, files: SqliteRun, registers: Database, catalogue: Catalogue) -> None:
        self.files = files
        self._registers = registers
        self._engine = SqliteEngine(registers, catalogue)
        self._filler = PartFiller(registers, str(files.path))
        self._inputs: RunInputs | None = None

    def take(self, inputs: RunInputs) -> None:
        """Casework as temporary tables, and the table of results."""
        casework = inputs.casework
        self._inputs = inputs
        divisions = divisions_of(self._registers, inputs.roster)
        self.files.make(inputs.statement.results)
        persons = [(_TOUCHED_FROM + i, *p) for i, p in enumerate(casework.persons)]
        columns = ", ".join(SELECTION_COLUMNS[1:])
        one = "(household_no TEXT PRIMARY KEY)"
        self._filler.take(
            {
                "touched_persons": (f"(k INTEGER PRIMARY KEY, {columns})", persons),
                "touched": (one, [(no,) for no in casework.touched]),
                "wanted": (one, [(no,) for no in casework.only or ()]),
                **self._engine.casework_tables(
                    casework.granted, casework.recorded, casework.benefits, casework.answers
                ),
                "covered": (
                    "(source TEXT, division TEXT)",
                    covered_divisions(inputs.readings, divisions),
                ),
            }
        )

    def close(self) -> None:
        """Lets the results file go."""
        self._filler.close()

    def part(self, first: str, last: str) -> None:
        """The part's rows and the progress in one transaction."""
        inputs = self._inputs
        assert inputs is not None, "take() comes before part()"
        only = ""
        if inputs.casework.only is not None:
            only = " AND household_no IN (SELECT household_no FROM temp.wanted)"
        between = f"household_no BETWEEN {_FIRST} AND {_LAST}{only}"
        touches = inputs.touches(first, last)
        roster = f'"{inputs.roster}"'
        columns = ", ".join(_FROM_ROSTER).format(roster=roster)
        untouched = f"SELECT {columns} FROM {roster} AS r"
        rows = None if only or inputs.parts > _WALKS else self._rows(first, last)
        if rows is None:
            untouched += f" WHERE {between}"
        else:
            # Only the sign keeps SQLite from reading them in their order, and sorting them then.
            untouched += f' INDEXED BY "{inputs.roster}__id_number"'
            untouched += f" WHERE +r.rowid BETWEEN {rows.start} AND {rows.stop - 1}"
        if touches:
            untouched += " AND household_no NOT IN (SELECT household_no FROM temp.touched)"
        plain = inputs.plain or inputs.statement
        given = [self._filling(inputs, plain, untouched, roster, "rowid AS k")]
        if touches:
            persons = "temp.touched_persons"
            touched = f"SELECT * FROM {persons} WHERE {between}"
            given.append(self._filling(inputs, inputs.statement, touched, persons, "k"))
        try:
            self._filler.part(given, (first, last), parameters=inputs.parameters)
        except CannotRun as error:
            raise StatementFailed(str(error)) from error

    def _rows(self, first: str, last: str) -> range | None:
        """The roster's rows of the households from one number to another, if they lie together."""
        assert self._inputs is not None, "take() comes before part()"
        low, high, count = self._registers.conn.execute(
            f'SELECT MIN(rowid), MAX(rowid), COUNT(*) FROM "{self._inputs.roster}"'
            " WHERE household_no BETWEEN ? AND ?",
            [first, last],
        ).fetchone()
        return range(low, high + 1) if count and high - low + 1 == count else None

    def _filling(
        self, inputs: RunInputs, statement: Statement, selected: str, persons: str, key: str
    ) -> Filling:
        """How the rows of the `selected` are computed, whom `persons` names by this key."""
        cells = ", ".join(statement.results.values())
        named = f"SELECT {', '.join([key, *NAMED_COLUMNS[1:]])} FROM {persons}"
        return Filling(
            views={"sel": selected, "named": named},
            layers=self._engine.layers(statement, inputs.readings),
            results=f"SELECT {cells} FROM {statement.everything}",
        )
