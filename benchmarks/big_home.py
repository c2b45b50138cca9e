"""The benchmark's home for a county of any size, made past the loader: no row is read as a file.

DuckDB writes the lake's Parquet files, SQLite the register tables, and both as `source load` leaves
them; numbers, roster, pointers and journal are the core's own. `same_home.py` proves it at a size
that can be loaded. It must never differ from a loaded home in anything that a screening reads.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench_county import (
    AS_OF,
    CATALOGUE,
    COUNTY,
    OTHER_DAYS,
    OTHER_PLACES,
    SEED,
    declared_sources,
    environment,
    file_rows,
)
from county import TODAY, YIMEN
from county_registers import PERSONS
from parquet_files import typed

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from yimen.core.casework.desk import Desk
    from yimen.core.declarations import Source
    from yimen.core.rules.catalogue import Catalogue

AT_ONCE = 20_000


def make_home(home: Path, households: int) -> int:
    """Makes the home and fills it; returns how many rows its registers have."""
    os.environ.update(environment(home))
    sys.path.insert(0, str(CATALOGUE))
    subprocess.run([YIMEN, "init", "--synthetic"], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)  # fmt: skip
    import duckdb

    from yimen.core.casework.operators import sit_down
    from yimen.core.rules.catalogue import load_catalogue
    from yimen.core.store.home import open_home

    opened = open_home(home, today=date.fromisoformat(TODAY))
    desk, catalogue = sit_down(opened), load_catalogue(home / "cache")
    scratch = home / "persons.duckdb"
    with duckdb.connect(str(scratch)) as db:
        db.execute(f"SET memory_limit = '2GB'; SET temp_directory = '{home}/spill'")
        db.execute(PERSONS.format(seed=SEED, households=households))
        with hasty(desk):
            rows = sum(fill_all(db, desk, catalogue, households))
    opened.close()
    scratch.unlink()
    return rows


@contextmanager
def hasty(desk: Desk) -> Iterator[None]:
    """Both files without WAL and without waiting for the disk; as they were when it ends."""
    files = [(desk.home.registers.conn, "NORMAL"), (desk.home.casework.conn, "FULL")]
    for conn, __ in files:
        conn.execute("PRAGMA journal_mode = OFF")
        conn.execute("PRAGMA synchronous = OFF")
    yield
    for conn, waits in files:
        conn.execute("PRAGMA journal_mode = WAL")
        conn.execute(f"PRAGMA synchronous = {waits}")


def fill_all(
    db: DuckDBPyConnection, desk: Desk, catalogue: Catalogue, households: int
) -> Iterator[int]:
    """Fills one register after the other in the loader's order; yields the rows of each."""
    declared = {source["source"]: source for source in declared_sources()}
    residence = catalogue.residence.source if catalogue.residence else None
    for name in sorted(declared, key=lambda s: (s != residence, s)):
        yield fill(db, desk, catalogue.sources[name], file_rows(declared[name], households),
                   declared[name])  # fmt: skip


def fill(
    db: DuckDBPyConnection, desk: Desk, source: Source, rows: str, declared: dict[str, Any]
) -> int:
    """One register: its Parquet file, its table, for residence the roster, and its pointer."""
    from yimen.core.records import Snapshot
    from yimen.core.store import lake, roster, snapshots

    home = desk.home
    table, number = snapshots.next_table(home, source)
    with lake.Lake(home) as beside:
        file = lake.file_of(home, table)
        write_parquet(db, file, rows, declared)
        count = copy_into(db, desk, source, table, file)
        people = None
        if source.residence:
            people = roster.build_roster(home, table, source.residence, number)
            lake.keep_roster(beside, people)
    short = source.source.removeprefix("bench.")
    snapshot = Snapshot(
        source=source.source, snapshot_no=number, table=table, as_of=OTHER_DAYS.get(short, AS_OF),
        loaded_at=home.clock.now(), rows=count, rejected=0, digest="",
        covers=[code.rstrip("0") for code in OTHER_PLACES.get(short, COUNTY)],
        file_name=f"{source.source}.csv",
    )  # fmt: skip
    with home.writing() as casework:
        snapshots.point_at(home, snapshot, people)
        desk.record(casework, "source.load", source.source, {"snapshot": number, "rows": count})
    return count


def write_parquet(db: DuckDBPyConnection, file: Path, rows: str, declared: dict[str, Any]) -> None:
    """The rows as a load would have read them from a file, in the order of a snapshot table."""
    from yimen.core.store.lake import one_name_each

    columns = ", ".join(typed(column) for column in declared["columns"])
    # A table in the scratch file: to find a number's names, rows are read twice. The first line of
    # a file is its header.
    db.execute(
        "CREATE OR REPLACE TABLE arriving AS SELECT row_number() OVER () + 1 AS row_no,"
        f' "身份证号" AS id_number, "姓名" AS name, {columns} FROM ({rows})'
    )
    db.execute(
        f"COPY ({one_name_each('arriving')} ORDER BY id_number NULLS FIRST, row_no)"
        f" TO '{file}' (FORMAT parquet)"
    )
    db.execute("DROP TABLE arriving")


def copy_into(db: DuckDBPyConnection, desk: Desk, source: Source, table: str, file: Path) -> int:
    """The register table with its index, from the Parquet file."""
    from yimen.core.store.snapshots import column_names, create_snapshot_table

    registers = desk.home.registers
    create_snapshot_table(registers, source, table)
    names = ["row_no", *column_names(source)]
    marks = ", ".join("?" * len(names))
    found = db.execute(f"SELECT {', '.join(names)} FROM read_parquet('{file}')")
    count = 0
    while some := found.fetchmany(AT_ONCE):
        registers.conn.executemany(f'INSERT INTO "{table}" VALUES ({marks})', some)
        count += len(some)
    registers.conn.execute(f'CREATE INDEX "{table}__id" ON "{table}" (id_number)')
    registers.conn.commit()
    return count


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--households", type=int, default=1_000_000)
    given = parser.parse_args()
    print(f"{given.households} households, {make_home(given.home, given.households)} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
