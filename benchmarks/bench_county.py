"""The benchmark's county: register files of any size within minutes, and a home that holds them.

The same seed, size and version of DuckDB give the same bytes. The catalogue beside this file is
frozen: changing it, or a query of county_registers.py, makes earlier measurements worthless.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from county import TODAY, YIMEN
from county_registers import PERSONS, REGISTERS

HERE = Path(__file__).resolve().parent
CATALOGUE = HERE / "catalogue"
SEED = 370499
COUNTY = ["370499"]
AS_OF = "2026-11-15"
# The extracts that are of another day: taxes and contributions close a month, children's are stale.
OTHER_DAYS = {
    "hukou": "2026-11-01", "enrolment": "2026-09-30", "income": "2026-10-31",
    "contribution": "2026-10-31", "disability": "2026-11-01", "child": "2026-03-31",
}  # fmt: skip
# Two of the five towns have handed in their registered unemployed.
OTHER_PLACES = {"unemployment": ["370499101", "370499102"]}


def declared_sources() -> list[dict[str, Any]]:
    """The sources of the frozen catalogue, as its file has them."""
    found: list[dict[str, Any]] = json.loads(
        (CATALOGUE / "yimen_bench" / "sources.json").read_text("utf-8")
    )
    return found


def environment(home: Path) -> dict[str, str]:
    """The environment of a command on the benchmark's home: its catalogue alone, on its day."""
    path = os.pathsep.join(filter(None, [str(CATALOGUE), os.environ.get("PYTHONPATH")]))
    return os.environ | {
        "PYTHONPATH": path, "YIMEN_DEPARTMENTS": "bench", "YIMEN_HOME": str(home),
        "YIMEN_TODAY": TODAY, "YIMEN_LANG": "en",
    }  # fmt: skip


def write_county(folder: Path, households: int, *, seed: int = SEED, memory: str = "2GB") -> int:
    """Writes one CSV file a register and manifest.json; returns the number of rows.

    DuckDB writes each file as a stream and spills beyond `memory`; persons stand in a file of its
    own beside the registers until all are written.
    """
    import duckdb

    folder.mkdir(parents=True, exist_ok=True)
    scratch = folder / "persons.duckdb"
    scratch.unlink(missing_ok=True)
    files = []
    with duckdb.connect(str(scratch)) as db:
        db.execute(f"SET memory_limit = '{memory}'; SET temp_directory = '{folder}/spill'")
        db.execute(PERSONS.format(seed=seed, households=households))
        for source in declared_sources():
            name = source["source"].removeprefix("bench.")
            path = folder / f"{source['source']}.csv"
            (rows,) = db.execute(_copy(source, households, path)).fetchone() or (0,)
            files.append({
                "file": path.name, "source": source["source"], "rows": rows, "encoding": "utf-8",
                "as_of": OTHER_DAYS.get(name, AS_OF), "covers": OTHER_PLACES.get(name, COUNTY),
            })  # fmt: skip
    scratch.unlink()
    manifest = {"seed": seed, "as_of": AS_OF, "synthetic": True, "files": files}
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")
    return sum(int(str(file["rows"])) for file in files)


def _copy(source: dict[str, Any], households: int, path: Path) -> str:
    return f"COPY ({file_rows(source, households)}) TO '{path}' (FORMAT csv, HEADER)"


def file_rows(source: dict[str, Any], households: int) -> str:
    """The query over `persons` that is a register's file; a few rows stand under another name."""
    name = source["source"].removeprefix("bench.")
    columns = ", ".join(f'x.{c["column"]} AS "{c["names"]["zh"]}"' for c in source["columns"])
    rows = REGISTERS[name].replace("{households}", str(households))
    other = "FALSE" if name == "hukou" else f"r(p, 'name of {name}') < 5"
    return (
        f"SELECT CASE WHEN {other} THEN '某' || q.name ELSE q.name END AS \"姓名\","
        f' q.id AS "身份证号", {columns} FROM ({rows}) AS x JOIN persons AS q USING (p)'
        f" ORDER BY {'household_key, ' if name == 'hukou' else ''}p, n"
    )


def load_home(home: Path, folder: Path) -> None:
    """Makes a synthetic home with the benchmark's catalogue and loads the county's files."""
    for words in (["init", "--synthetic"], ["source", "load", "--all", str(folder)]):
        subprocess.run([YIMEN, *words], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, env=environment(home))  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="gets county/ and, with --load, home/")
    parser.add_argument("--households", type=int, default=100_000)
    parser.add_argument("--load", action="store_true", help="make a home and load the county")
    given = parser.parse_args()
    rows = write_county(given.folder / "county", given.households)
    print(f"{given.households} households, {rows} rows")
    if given.load:
        load_home(given.folder / "home", given.folder / "county")
    return 0


if __name__ == "__main__":
    sys.exit(main())
