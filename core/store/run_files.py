"""A run's results on disk: Parquet parts where DuckDB is, else one SQLite file; both read the same.

Queries are written for both: `{rows}` stands for the run's rows, `{before}` for an earlier run's.
In them what is told of a household stands in its first member's row. To count what is told of
persons or of households alone, `{persons}` and `{households}` suffice; `{flagged}` has all texts of
flags. A part is whole or absent.
"""

from __future__ import annotations

import hashlib
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from yimen.core.store.lake import Lake, quoted

Cell = int | str | None
# The household's flags that waited for its members, in the persons' file.
LATE_FLAGS = "late_flags"
_PERSONS = ".persons.parquet"
_PAGE_BYTES = 16384


class RunFiles(ABC):
    """The results of one run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @abstractmethod
    def done_to(self) -> str | None:
        """The last household whose part is complete."""

    @abstractmethod
    def drop_from(self, first: str) -> None:
        """Drops the parts from this household on, so that they can be computed in another way."""

    @abstractmethod
    def digest(self) -> str:
        """SHA-256 over the files as they lie there."""

    @abstractmethod
    def columns(self, folder: Path) -> set[str]:
        """The names of the columns of a run of the same engine, this one or an earlier one."""

    @abstractmethod
    def query(self, sql: str, before: Path | None = None) -> Iterator[tuple[Cell, ...]]:
        """The rows of a query."""

    @abstractmethod
    def close(self) -> None:
        """Lets the files go."""


class ParquetRun(RunFiles):
    """Parts named after their first and last household, in two files each: persons, households.

    A part is there when its persons' file is. Earlier versions had one file a part, with all in it.
    """

    def __init__(self, lake: Lake, folder: Path) -> None:
        super().__init__(folder)
        self.lake = lake

    def part(self, first: str, last: str) -> Path:
        """The file of a part's persons."""
        return self.folder / f"part-{first}-{last}{_PERSONS}"

    def households(self, first: str, last: str) -> Path:
        """The file of what is told of a part's households."""
        return _households_of(self.part(first, last))

    def done_to(self) -> str | None:
        lasts = [_last_of(part) for part in _parts(self.folder)]
        return max(lasts, default=None)

    def drop_from(self, first: str) -> None:
        for part in _parts(self.folder):
            if _last_of(part) >= first:
                part.unlink()
                _households_of(part).unlink(missing_ok=True)

    def drop_unfinished(self) -> None:
        """Removes what a killed process left of parts that are not there."""
        whole = {_households_of(part) for part in _parts(self.folder)}
        for left in {*self.folder.glob("households-*.parquet")} - whole:
            left.unlink()

    def digest(self) -> str:
        files = [f for part in _parts(self.folder) for f in (part, _households_of(part))]
        digests = [hashlib.sha256(f.read_bytes()).hexdigest() for f in files if f.exists()]
        return hashlib.sha256("".join(digests).encode()).hexdigest()

    def columns(self, folder: Path) -> set[str]:
        found = self.lake.rows(f"DESCRIBE SELECT * FROM {_places(folder)['rows']}")
        return {str(name) for name, *__ in found}

    def query(self, sql: str, before: Path | None = None) -> Iterator[tuple[Cell, ...]]:
        places = _places(self.folder)
        if before is not None:
            places["before"] = _places(before)["rows"]
        yield from self.lake.rows(sql.format_map(places))

    def write(self, sql: str, file: Path) -> None:
        """A query's rows as a Parquet file, in its order; it appears when it is complete."""
        query = sql.format_map(_places(self.folder))
        self.lake.execute(
            "SET preserve_insertion_order = true",
            f"COPY ({query}) TO {quoted(file)} (FORMAT parquet)",
        )

    def close(self) -> None:
        self.lake.close()


def _parts(folder: Path) -> list[Path]:
    """The files of all parts' persons, in order, or those of an earlier version's parts."""
    return sorted(folder.glob("part-*.parquet"))


def _numbers_of(part: Path) -> str:
    """The part's first and last household, as they stand in its files' names."""
    return part.name.partition(".")[0].removeprefix("part-")


def _last_of(part: Path) -> str:
    return _numbers_of(part).rpartition("-")[2]


def _households_of(part: Path) -> Path:
    return part.with_name(f"households-{_numbers_of(part)}.parquet")


def _places(folder: Path) -> dict[str, str]:
    """What a run's rows, its persons and its households are read from."""
    persons = f"read_parquet({quoted(folder / 'part-*.parquet')})"
    parts = _parts(folder)
    if not parts or not all(part.name.endswith(_PERSONS) for part in parts):
        return _all_in_one(persons)
    files = [_households_of(part) for part in parts]
    households = f"read_parquet([{', '.join(map(quoted, files))}])"
    flags = f"NULLIF(concat_ws(' ', h.household_flags, p.{LATE_FLAGS}), '')"
    rows = (
        f"(SELECT p.* EXCLUDE ({LATE_FLAGS}), CAST(h.k IS NOT NULL AS INTEGER) AS first_row,"
        f" {flags} AS household_flags, h.* EXCLUDE (k, household_flags)"
        f" FROM {persons} AS p LEFT JOIN {households} AS h ON h.k = p.k)"
    )
    flagged = (
        f"(SELECT flags FROM {persons} UNION ALL SELECT {LATE_FLAGS} FROM {persons}"
        f" UNION ALL SELECT household_flags FROM {households})"
    )
    return {"rows": rows, "persons": persons, "households": households, "flagged": flagged}


def _all_in_one(rows: str) -> dict[str, str]:
    """What a run is read from whose rows hold all that it tells."""
    flagged = f"(SELECT flags FROM {rows} UNION ALL SELECT household_flags FROM {rows})"
    return {"rows": rows, "persons": rows, "households": rows, "flagged": flagged}


class SqliteRun(RunFiles):
    """One table, and the last household that is complete in it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.path = folder / "results.db"
        self.conn = sqlite3.connect(self.path, isolation_level=None)

    def make(self, columns: Mapping[str, str]) -> None:
        """The empty table, where it is not there yet."""
        names = ", ".join(f"[{name}]" for name in columns)
        # Rows are added behind those that are there: of new pages a rollback journal keeps nothing,
        # where WAL would write each of them twice.
        self.conn.execute(f"PRAGMA page_size = {_PAGE_BYTES}")
        self.conn.execute("PRAGMA journal_mode = TRUNCATE")
        self.conn.execute(f"CREATE TABLE IF NOT EXISTS rows ({names})")
        self.conn.execute("CREATE TABLE IF NOT EXISTS progress (done_to TEXT)")

    def done_to(self) -> str | None:
        try:
            found: tuple[str | None] = self.conn.execute(
                "SELECT MAX(done_to) FROM progress"
            ).fetchone()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):
                return None
            raise
        return found[0]

    def drop_from(self, first: str) -> None:
        self.conn.execute("BEGIN IMMEDIATE")
        self.conn.execute("DELETE FROM rows WHERE household_no >= ?", [first])
        self.conn.execute("DELETE FROM progress WHERE done_to >= ?", [first])
        self.conn.execute("COMMIT")

    def digest(self) -> str:
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def columns(self, folder: Path) -> set[str]:
        with closing(sqlite3.connect(folder / "results.db")) as conn:
            return {name for (name,) in conn.execute("SELECT name FROM pragma_table_info('rows')")}

    def query(self, sql: str, before: Path | None = None) -> Iterator[tuple[Cell, ...]]:
        if before is not None:
            self.conn.execute("ATTACH ? AS earlier", [str(before / "results.db")])
        try:
            places = {"before": "earlier.rows", **_all_in_one("main.rows")}
            # An interrupt may leave it before its last row, and what is read cannot be detached.
            with closing(self.conn.execute(sql.format_map(places))) as found:
                yield from found
        finally:
            if before is not None:
                self.conn.execute("DETACH earlier")

    def close(self) -> None:
        self.conn.close()
