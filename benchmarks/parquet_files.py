"""The county's registers and roster as Parquet files, so that every side reads the same rows.

The files hold what the load accepts: row_no, id_number, name and the declared columns; money in
fen, dates and codes as text. Rows are sorted by ID number as in the home. The roster comes from
the home, which mints its numbers.
"""

from __future__ import annotations

import csv
import sqlite3
from pathlib import Path
from typing import Any

from bench_county import declared_sources

ROSTER = (
    "household_no", "ordinal", "member_no", "id_number", "name", "relation", "birth_date", "sex",
    "division", "zone", "shared",
)  # fmt: skip


def write_parquet(folder: Path, county: Path, home: Path) -> None:
    """Writes `<source>.parquet` for each register of the county and roster.parquet of the home."""
    import duckdb

    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as db:
        for source in declared_sources():
            name = source["source"]
            columns = ", ".join(typed(column) for column in source["columns"])
            db.execute(
                "COPY (SELECT CAST(row_number() OVER () + 1 AS BIGINT) AS row_no,"
                f' "身份证号" AS id_number, "姓名" AS name, {columns}'
                f" FROM read_csv('{county}/{name}.csv', all_varchar = true, header = true,"
                " quote = '\"', delim = ',') ORDER BY id_number NULLS FIRST, row_no)"
                f" TO '{folder}/{name}.parquet' (FORMAT parquet)"
            )
        rows = folder / "roster.csv"
        _export_roster(home, rows)
        db.execute(
            "COPY (SELECT * REPLACE (CAST(ordinal AS BIGINT) AS ordinal,"
            " CAST(shared AS BIGINT) AS shared)"
            f" FROM read_csv('{rows}', all_varchar = true, header = true))"
            f" TO '{folder}/roster.parquet' (FORMAT parquet)"
        )
        rows.unlink()


def typed(column: dict[str, Any]) -> str:
    """A column of the file as the load rules read it."""
    cell = f'"{column["names"]["zh"]}"'
    kind = column["type"]
    if kind == "money":
        value = f"CAST(CAST({cell} AS DECIMAL(17, 2)) * 100 AS BIGINT)"
    elif kind == "integer":
        value = f"CAST({cell} AS BIGINT)"
    elif kind == "boolean":
        value = f"CASE {cell} WHEN '是' THEN TRUE WHEN '否' THEN FALSE END"
    elif kind == "division":
        value = f"rpad({cell}, 12, '0')"
    else:
        value = cell
    if "empty" in column:
        literal = column["empty"]
        value = f"coalesce({value}, {literal if isinstance(literal, int) else repr(literal)})"
    return f"{value} AS {column['column']}"


def newest(db: sqlite3.Connection, prefix: str) -> str:
    """The table of the highest number that begins with `prefix`, such as roster__."""
    names = [
        str(name)
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        if str(name).startswith(prefix) and str(name)[len(prefix) :].isdigit()
    ]
    return max(names, key=lambda name: int(name[len(prefix) :]))


def _export_roster(home: Path, path: Path) -> None:
    db = sqlite3.connect(f"file:{home}/registers.db?mode=ro", uri=True)
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow(ROSTER)
            table = newest(db, "roster__")
            out.writerows(db.execute(f"SELECT {', '.join(ROSTER)} FROM {table} ORDER BY rowid"))
    finally:
        db.close()
