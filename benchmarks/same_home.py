"""Compares two homes table by table: one that was loaded, and one that was made past the loader.

Every row of the registers, the roster and the lake, its place in its table, every pointer and every
minted number are compared; of a load alone, its time, its digest and the name of its file are not.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

# What tells when and from which bytes a row was loaded, and no screening reads.
OF_THE_LOAD = {"snapshot": ("loaded_at", "digest"), "_sqlite_migrations": ("applied_at",)}
CASEWORK = ("snapshot", "household", "member")


def differences(loaded: Path, made: Path) -> Iterator[str]:
    """What differs, a line each; nothing where the homes are equal."""
    yield from _in_databases(loaded / "registers.db", made / "registers.db", None)
    yield from _in_databases(loaded / "casework.db", made / "casework.db", CASEWORK)
    yield from _in_lakes(loaded / "lake", made / "lake")


def _in_databases(loaded: Path, made: Path, only: tuple[str, ...] | None) -> Iterator[str]:
    with closing(sqlite3.connect(f"file:{loaded}?mode=ro", uri=True)) as db:
        db.execute("ATTACH ? AS made", [f"file:{made}?mode=ro"])
        shapes = [
            f"SELECT type, name, tbl_name, sql FROM {schema}.sqlite_master"
            " WHERE name NOT LIKE 'sqlite_%'"
            for schema in ("main", "made")
        ]
        for one, other in (shapes, shapes[::-1]):
            for row in db.execute(f"{one} EXCEPT {other}"):
                yield f"{loaded.name}: {row[0]} {row[1]} is in one home alone"
        tables = [name for (name,) in db.execute(
            "SELECT name FROM main.sqlite_master WHERE type = 'table'"
            " AND name IN (SELECT name FROM made.sqlite_master) ORDER BY name")]  # fmt: skip
        for table in tables:
            if only is None or table in only:
                columns = [
                    row[1]
                    for row in db.execute(f'PRAGMA main.table_info("{table}")')
                    if row[1] not in OF_THE_LOAD.get(table, ())
                ]
                cells = ", ".join(["rowid", *(f'"{column}"' for column in columns)])
                for one, other in (("main", "made"), ("made", "main")):
                    (count,) = db.execute(
                        f'SELECT COUNT(*) FROM (SELECT {cells} FROM {one}."{table}"'
                        f' EXCEPT SELECT {cells} FROM {other}."{table}")'
                    ).fetchone()
                    if count:
                        yield f"{loaded.name}: {table}: {count} rows of {one} alone"


def _in_lakes(loaded: Path, made: Path) -> Iterator[str]:
    import duckdb

    files = [{file.name for file in folder.glob("*.parquet")} for folder in (loaded, made)]
    for name in sorted(files[0] ^ files[1]):
        yield f"lake: {name} is in one home alone"
    with duckdb.connect() as db:
        for name in sorted(files[0] & files[1]):
            one, other = (f"read_parquet('{folder / name}')" for folder in (loaded, made))
            shapes = [db.execute(f"DESCRIBE SELECT * FROM {rows}").fetchall()
                      for rows in (one, other)]  # fmt: skip
            if shapes[0] != shapes[1]:
                yield f"lake: {name}: other columns"
                continue
            for here, there in ((one, other), (other, one)):
                (count,) = db.execute(
                    f"SELECT COUNT(*) FROM (FROM {here} EXCEPT ALL FROM {there})"
                ).fetchone() or (0,)
                if count:
                    yield f"lake: {name}: {count} rows of one home alone"


def main() -> int:
    found = list(differences(Path(sys.argv[1]), Path(sys.argv[2])))
    print("\n".join(found) or "every table is equal")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
