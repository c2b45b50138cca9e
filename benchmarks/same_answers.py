"""Compares two result files row by row and cell by cell: .parquet, .csv, or a .db of SQLite.

A result file has one row a subject, keyed by household_no and member_no (empty for the household):
the household, with the programmes of households, then each member who counts or may count, with
those of persons. For a programme P, column P is eligible, ineligible or unknown, P.criteria one
letter a criterion in declared order (p pass, f fail, ? unknown), and P.amount_fen the fen for whom
it finds eligible. Columns stand in any order and beside others; an empty cell and NULL are the
same, and a row without any answer (a member who does not count) is as good as none.
"""

from __future__ import annotations

import csv
import json
import sqlite3
import sys
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

PROGRAMMES = Path(__file__).resolve().parent / "catalogue" / "yimen_bench" / "programmes.json"


@dataclass(frozen=True)
class Comparison:
    """How two result files agree: rows, cells, cells that differ, and the first of these."""

    rows: int
    cells: int
    differences: int
    first: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether every cell of every row is equal, and there are any."""
        return self.cells > 0 and not self.differences


def result_columns() -> list[str]:
    """The columns that every result file has beside its keys, by the frozen catalogue."""
    columns = []
    for programme in json.loads(PROGRAMMES.read_text("utf-8")):
        name, (version,) = programme["programme"], programme["versions"]
        columns += [name, f"{name}.criteria"]
        columns += [f"{name}.amount_fen"] if "expression" in version["amount"] else []
    return sorted(columns)


def compare(one: Path, other: Path) -> Comparison:
    """Compares all cells; a row or a column that one file lacks differs in all of its cells."""
    import duckdb

    with tempfile.TemporaryDirectory() as scratch, duckdb.connect() as db:
        _read(db, one, "a", Path(scratch))
        _read(db, other, "b", Path(scratch))
        columns = {t: _columns(db, t) for t in "ab"}
        named = result_columns()
        both = "a FULL JOIN b USING (household_no, member_no)"
        rows = _number(db, f"SELECT count(*) FROM {both}")
        twice = sum(
            _number(db, f"SELECT count(*) - count(DISTINCT (household_no, member_no)) FROM {t}")
            for t in "ab"
        )
        lone = _number(
            db,
            "SELECT (SELECT count(*) FROM a ANTI JOIN b USING (household_no, member_no))"
            " + (SELECT count(*) FROM b ANTI JOIN a USING (household_no, member_no))",
        )
        differences, first = (twice + lone) * len(named), list[str]()
        if twice or lone:
            first.append(f"{lone} subjects are in one file only, {twice} rows are there twice")
        for name in named:
            if name not in columns["a"] or name not in columns["b"]:
                differences += rows
                first.append(f"column {name} is missing")
                continue
            unequal = f'a JOIN b USING (household_no, member_no) WHERE a."{name}" <> b."{name}"'
            if number := _number(db, f"SELECT count(*) FROM {unequal}"):
                differences += number
                found = db.execute(
                    f'SELECT household_no, member_no, a."{name}", b."{name}" FROM {unequal}'
                    " ORDER BY ALL LIMIT 3"
                ).fetchall()
                first += [f"{name}: {' '.join(map(str, row))} ({number} cells)" for row in found]
    return Comparison(rows, rows * len(named), differences, tuple(first))


def _number(db: duckdb.DuckDBPyConnection, query: str) -> int:
    return int((db.execute(query).fetchone() or (0,))[0])


def _columns(db: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    return {str(row[0]) for row in db.execute(f"DESCRIBE {table}").fetchall()}


def _read(db: duckdb.DuckDBPyConnection, path: Path, table: str, scratch: Path) -> None:
    """The file as a table of texts, what is NULL or missing as the empty text."""
    if path.suffix == ".db":
        path = _from_sqlite(path, scratch / f"{table}.csv")
    given = (
        f"read_parquet('{path}')"
        if path.suffix == ".parquet"
        else f"read_csv('{path}', all_varchar = true, header = true, delim = ',', quote = '\"')"
    )
    db.execute(
        f"CREATE TABLE {table} AS SELECT coalesce(CAST(COLUMNS(*) AS VARCHAR), '') FROM {given}"
    )
    answers = [name for name in result_columns() if name in _columns(db, table)]
    if answers:
        cells = " || ".join(f'"{name}"' for name in answers)
        db.execute(f"DELETE FROM {table} WHERE {cells} = ''")


def _from_sqlite(path: Path, target: Path) -> Path:
    with (
        closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db,
        target.open("w", encoding="utf-8", newline="") as file,
    ):
        rows = db.execute("SELECT * FROM result")
        out = csv.writer(file, lineterminator="\n")
        out.writerow([column[0] for column in rows.description])
        out.writerows(rows)
    return target


def told(one: Path, other: Path, found: Comparison) -> str:
    """The comparison in one line, with the first differences below it."""
    line = (
        f"{one.name} = {other.name}: {found.rows} rows, {found.cells} cells compared,"
        f" {found.differences} differ"
    )
    return "\n".join([line, *(f"  {words}" for words in found.first[:20])])


def main() -> int:
    one, other = Path(sys.argv[1]), Path(sys.argv[2])
    found = compare(one, other)
    print(told(one, other, found))
    return 0 if found.same else 1


if __name__ == "__main__":
    sys.exit(main())
