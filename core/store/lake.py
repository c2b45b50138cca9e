"""The lake: snapshots as immutable Parquet files beside the registers, and the way into DuckDB.

Batches read it, and a cluster could. Every file can be made again from registers.db, so a lost one
costs time and nothing else. No other module asks DuckDB.
"""

from __future__ import annotations

import csv
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yimen.core.errors import Refused
from yimen.core.i18n import _
from yimen.core.store import duckdb_start
from yimen.core.store.duckdb_start import Opening, engine
from yimen.core.store.integrity import known_tables
from yimen.core.store.snapshots import column_names
from yimen.core.store.statements import CannotRun

if TYPE_CHECKING:
    from yimen.core.declarations import Source
    from yimen.core.store.home import Home

Cell = int | str | None

# What a column's or a fact's type is stored as; all else is text.
TYPES = {"boolean": "BOOLEAN", "integer": "BIGINT", "money": "BIGINT"}
# No text of a register holds a control character, so this stands for an empty cell and no other.
NULL_TEXT = "\x1a"
ROSTER_COLUMNS = {
    "household_no": "VARCHAR", "ordinal": "BIGINT", "member_no": "VARCHAR", "id_number": "VARCHAR",
    "name": "VARCHAR", "relation": "VARCHAR", "birth_date": "VARCHAR", "sex": "VARCHAR",
    "division": "VARCHAR", "zone": "VARCHAR", "shared": "BOOLEAN", "k": "BIGINT",
    "first_row": "BOOLEAN",
}  # fmt: skip
# A number of 18 characters as one of 64 bits: registers are grouped and joined by it in half the
# time. Seventeen digits, and the last one in base 11.
PERSON_KEY = (
    "CAST(left(id_number, 17) AS BIGINT) * 11"
    " + CASE right(id_number, 1) WHEN 'X' THEN 10 ELSE CAST(right(id_number, 1) AS BIGINT) END"
)
# A name as one of 64 bits, by a sum that no version of DuckDB changes: two names are compared for
# every person and register.
NAME_KEY = "CAST(md5_number_lower(name) >> 1 AS BIGINT)"
KEYS = {"person": PERSON_KEY, "named": NAME_KEY}
"""What a row's number and name are found and compared by: column -> its SQL over the row."""
PERSON_KEYS = {
    **KEYS,
    "hh": "CAST(substr(household_no, 2) AS BIGINT)",
    "born": "CAST(replace(birth_date, '-', '') AS BIGINT)",
}
"""What a person of the roster has besides: the household's number, the birth date as YYYYMMDD."""
# In place of a name's number where a register has a person under more than one; no name has it.
SEVERAL = -1
# Raised when the files' columns change; files of another form are made anew when they are read.
LAKE_FORMAT = "5"
_FETCHED = 2000
# A file's rows are shared among processors by whole groups: the roster, of which all else follows,
# has small ones, or one processor would work alone on the last of three.
GROUP_ROWS, ROSTER_GROUP_ROWS = 122_880, 10_240


class OutOfMemory(Refused):
    """DuckDB may not hold as much memory as a statement needs over so many rows."""


def folder(home: Home) -> Path:
    """The lake's folder in a home."""
    return home.path / "lake"


def file_of(home: Home, table: str) -> Path:
    """The Parquet file of a snapshot or roster table."""
    return folder(home) / f"{table}.parquet"


def opening(home: Home) -> Opening:
    """DuckDB's start for a `Lake` of this home that is opened soon."""
    return Opening(_scratch(home))


def _scratch(home: Home) -> Path:
    return folder(home) / f"scratch.{os.getpid()}"


class Lake:
    """A DuckDB connection over a home's lake, with a scratch folder of its own."""

    def __init__(self, home: Home, started: Opening | None = None) -> None:
        started = started or opening(home)
        self.home = home
        self._scratch = _scratch(home)
        _sweep(folder(home))
        folder(home).mkdir(mode=0o700, exist_ok=True)
        self._scratch.mkdir(mode=0o700, exist_ok=True)
        _drop_other_forms(folder(home))
        self.conn = started.result()

    def __enter__(self) -> Lake:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connection and removes its scratch folder."""
        self.conn.close()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def execute(self, *statements: str) -> None:
        """Runs statements of ours; `CannotRun` for what is a statement's own fault.

        Too little memory or disk is not: `OutOfMemory`, `Refused`. An interrupt is one here, too.
        """
        duckdb = engine()
        try:
            with _interrupted():
                for sql in statements:
                    self.conn.execute(sql)
        except duckdb.OutOfMemoryException as error:
            raise OutOfMemory(
                _("DuckDB needs more memory than it may hold."),
                next_step=_("Repeat the command with a smaller --chunk, or with --engine sqlite."),
            ) from error
        except duckdb.IOException as error:
            reason = str(error).splitlines()[0]
            raise Refused(
                _("DuckDB cannot read or write its files: {reason}.").format(reason=reason),
                where=str(folder(self.home)),
                next_step=_("Free space on the disk, run `yimen doctor`, then repeat the command."),
            ) from error
        except duckdb.Error as error:
            raise CannotRun(str(error)) from error

    def rows(self, sql: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a query of ours; it fails as `execute` does."""
        self.execute(sql)
        while found := self._fetched():
            yield from found

    def _fetched(self) -> list[tuple[Any, ...]]:
        with _interrupted():
            return list(self.conn.fetchmany(_FETCHED))

    def fill(self, table: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
        """A temporary table of these columns, name to type, with these rows."""
        given = iter(rows)
        if (first := next(given, None)) is None:
            typed = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
            self.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({typed})")
            return
        path = self._written(
            [NULL_TEXT if cell is None else cell for cell in row] for row in chain([first], given)
        )
        self.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {_read_csv(path, columns)}")
        path.unlink()

    def keep(
        self,
        table: str,
        columns: Mapping[str, str],
        lines: Iterable[tuple[str]],
        keyed: Callable[[str], str],
        group_rows: int,
    ) -> None:
        """The Parquet file of a table from lines of CSV; it appears when it is complete.

        `keyed` makes the query of the rows with their keys.
        """
        path, file = self._scratch / "rows.csv", file_of(self.home, table)
        with path.open("w", encoding="utf-8", newline="") as written:
            written.writelines(line for (line,) in lines)
        beside = self._scratch / file.name
        rows = keyed(f"({_read_csv(path, columns)})")
        form = f"FORMAT parquet, ROW_GROUP_SIZE {group_rows}"
        self.execute(f"COPY ({rows}) TO {quoted(beside)} ({form})")
        settle(beside, file)
        path.unlink()

    def _written(self, rows: Iterable[Sequence[Any]]) -> Path:
        path = self._scratch / "rows.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
        return path


@contextmanager
def _interrupted() -> Iterator[None]:
    """Ctrl-C as what it is: DuckDB takes the signal and raises an error of its own."""
    try:
        yield
    except engine().InterruptException as error:
        raise KeyboardInterrupt from error
    except RuntimeError as error:
        if "interrupted" not in str(error).lower():
            raise
        raise KeyboardInterrupt from error


def _read_csv(path: Path, columns: Mapping[str, str]) -> str:
    types = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
    return (
        f"SELECT * FROM read_csv({quoted(path)}, header = false, auto_detect = false, delim = ',',"
        f" quote = '\"', escape = '\"', nullstr = '{NULL_TEXT}', columns = {{{types}}})"
    )


def settle(beside: Path, file: Path) -> None:
    """Puts a finished file in its place so that it is there whole after a power cut, too."""
    with beside.open("rb+") as finished:
        os.fsync(finished.fileno())
    beside.replace(file)


def quoted(path: Path) -> str:
    """A file's name as SQL text."""
    return "'" + str(path).replace("'", "''") + "'"


def _sweep(lake: Path) -> None:
    """Removes the scratch folders of processes that were killed."""
    for left in lake.glob("scratch.*"):
        owner = left.name.rpartition(".")[2]
        if owner.isdigit() and not is_running(int(owner)):
            shutil.rmtree(left, ignore_errors=True)


def _drop_other_forms(lake: Path) -> None:
    """Removes the files that an earlier version wrote in another form."""
    stated = lake / "format"
    if stated.exists() and stated.read_text("ascii") == LAKE_FORMAT:
        return
    for file in lake.glob("*.parquet"):
        file.unlink(missing_ok=True)
    stated.write_text(LAKE_FORMAT, "ascii")


def is_running(process: int) -> bool:
    """Whether a process of this machine is alive."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def snapshot_columns(source: Source) -> dict[str, str]:
    """The columns of a snapshot's Parquet file and their types."""
    kinds = {c.column: TYPES.get(c.type, "VARCHAR") for c in source.columns}
    return {"row_no": "BIGINT", **{n: kinds.get(n, "VARCHAR") for n in column_names(source)}}


def keep_snapshot(lake: Lake, source: Source, table: str) -> None:
    """Copies a snapshot table of registers.db into the lake."""
    _copy(lake, table, snapshot_columns(source), {}, one_name_each, GROUP_ROWS)


def keep_roster(lake: Lake, table: str) -> None:
    """Copies a roster table of registers.db into the lake, with what parts are cut by."""
    first = "ordinal = MIN(ordinal) OVER (PARTITION BY household_no)"
    computed = {"k": "rowid", "first_row": first}
    _copy(lake, table, ROSTER_COLUMNS, computed, with_keys, ROSTER_GROUP_ROWS)


def with_keys(rows: str, keys: Mapping[str, str] = PERSON_KEYS) -> str:
    """The query of rows with their keys beside them; persons' unless others are given."""
    columns = ", ".join(["*", *(f"{sql} AS {name}" for name, sql in keys.items())])
    return f"SELECT {columns} FROM {rows}"


def one_name_each(rows: str) -> str:
    """A register's rows with their keys, of which all rows of a person have the same.

    Names are compared here, once a snapshot, and not in every batch.
    """
    several = "SELECT person FROM kept GROUP BY person HAVING MIN(named) <> MAX(named)"
    named = f"CASE WHEN person IN ({several}) THEN {SEVERAL} ELSE named END AS named"
    return (
        f"WITH kept AS NOT MATERIALIZED ({with_keys(rows, KEYS)})"
        f" SELECT * REPLACE ({named}) FROM kept"
    )


def _copy(
    lake: Lake,
    table: str,
    columns: Mapping[str, str],
    computed: Mapping[str, str],
    keyed: Callable[[str], str],
    group_rows: int,
) -> None:
    # SQLite writes the lines itself: Python takes twice the time, cell by cell.
    form = ",".join('"%w"' if kind == "VARCHAR" else "%s" for kind in columns.values())
    cells = ", ".join(
        f"COALESCE({computed.get(name, f'[{name}]')}, char({ord(NULL_TEXT)}))" for name in columns
    )
    rows = lake.home.registers.conn.execute(
        f"SELECT printf('{form}', {cells}) || char(10) FROM \"{table}\" ORDER BY rowid"
    )
    lake.keep(table, columns, rows, keyed, group_rows)


@contextmanager
def opened(home: Home) -> Iterator[Lake | None]:
    """The lake where the batch extra is installed, else nothing; what killed loads left goes."""
    if not duckdb_start.is_installed():
        yield None
        return
    sweep_orphans(home)
    with Lake(home) as lake:
        yield lake


def sweep_orphans(home: Home) -> None:
    """Removes the files of snapshots that no pointer names or that were pruned."""
    known = known_tables(home)
    for file in folder(home).glob("*.parquet"):
        if file.stem not in known:
            file.unlink(missing_ok=True)
