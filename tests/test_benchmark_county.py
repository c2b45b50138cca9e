"""The county benchmark is worth something only if all sides answer the same, and it can tell."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import yimen

BENCHMARKS = Path(yimen.__file__).resolve().parent / "benchmarks"
RIVALS_PYTHON = BENCHMARKS.parent / ".venv-rivals" / "bin" / "python"
if not RIVALS_PYTHON.exists():
    pytest.skip("`make bench-county` has not made .venv-rivals", allow_module_level=True)
HOUSEHOLDS = 300
RIVALS = ("duckdb by hand", "sqlite by hand", "openfisca", "python loop")


def run(script: str, *words: object, code: int | None = 0) -> str:
    """A script of benchmarks/ in a process of its own; what it printed.

    Without a `code` it may also have told that a bar was missed.
    """
    command = [sys.executable, str(BENCHMARKS / script), *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    ended = done.returncode == code or (code is None and done.returncode in (0, 1))
    assert ended, (script, done.stdout[-3000:], done.stderr[-3000:])
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bench")


@pytest.fixture(scope="module")
def screened(folder: Path) -> str:
    """What the benchmark printed of a small county; its files stay in the folder."""
    words = ["--households", HOUSEHOLDS, "--folder", folder, "--rounds", 1, "--sides", *RIVALS]
    return run("screen.py", *words)


@pytest.fixture(scope="module")
def truth(screened: str, folder: Path) -> list[dict[str, str]]:
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_rival_answers_as_the_explained_check_does_in_every_cell(screened: str) -> None:
    lines = re.findall(r"^(.{16}) .*: (\d+) rows, (\d+) cells compared, 0 differ$", screened, re.M)
    assert [line[0].strip() for line in lines] == list(RIVALS)
    rows = {int(line[1]) for line in lines}
    assert len(rows) == 1
    assert rows.pop() > 3 * HOUSEHOLDS


def test_the_small_county_has_every_answer_and_is_mostly_clear(truth: list[dict[str, str]]) -> None:
    outcomes = [row["BEN-DB"] for row in truth if not row["member_no"]]
    assert set(outcomes) == {"eligible", "ineligible", "unknown"}
    assert len(outcomes) == HOUSEHOLDS
    assert outcomes.count("ineligible") > 0.85 * HOUSEHOLDS
    assert any(row["BEN-DB.amount_fen"] for row in truth)
    # Nobody's deposits are read in a screening, and the children's register is stale.
    assert {row["BEN-TEMP.criteria"][3:] for row in truth} <= {"", "?", "p"}
    assert {row["BEN-CHILD.criteria"][1:2] for row in truth} == {"", "?"}


def test_one_cell_that_differs_is_found_and_named(
    truth: list[dict[str, str]], folder: Path
) -> None:
    spoilt = [dict(row) for row in truth]
    spoilt[0]["BEN-DB.criteria"] = spoilt[0]["BEN-DB.criteria"][:-1] + "x"
    out = run("same_answers.py", folder / "truth.csv", written(folder, spoilt), code=1)
    assert " 1 differ" in out
    assert f"BEN-DB.criteria: {truth[0]['household_no']}" in out


def test_a_row_that_is_missing_differs_in_all_of_its_cells(
    truth: list[dict[str, str]], folder: Path
) -> None:
    out = run("same_answers.py", folder / "truth.csv", written(folder, truth[1:]), code=1)
    columns = len(truth[0]) - 2
    assert f" {columns} differ" in out


def test_a_column_that_is_missing_differs_in_every_row(
    truth: list[dict[str, str]], folder: Path
) -> None:
    less = [{k: v for k, v in row.items() if k != "BEN-OLD"} for row in truth]
    out = run("same_answers.py", folder / "truth.csv", written(folder, less), code=1)
    assert f" {len(truth)} differ" in out


def written(folder: Path, rows: list[dict[str, str]]) -> Path:
    path = folder / "other.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        out.writeheader()
        out.writerows(rows)
    return path


def test_the_county_is_the_same_bytes_whenever_it_is_written(screened: str, folder: Path) -> None:
    again = folder / "again"
    run("bench_county.py", again, "--households", HOUSEHOLDS)
    files = sorted(path.name for path in (folder / "county").iterdir())
    assert len(files) == 18
    for name in files:
        first, second = ((where / "county" / name).read_bytes() for where in (folder, again))
        assert hashlib.sha256(first).digest() == hashlib.sha256(second).digest(), name


def test_the_frozen_catalogue_has_the_size_that_the_measurements_name() -> None:
    def declared(name: str) -> list[dict[str, object]]:
        text = (BENCHMARKS / "catalogue" / "yimen_bench" / f"{name}.json").read_text("utf-8")
        found: list[dict[str, object]] = json.loads(text)
        return found

    sources, programmes = declared("sources"), declared("programmes")
    assert sum(source["authority"] == "duty" for source in sources) == 16
    assert len(declared("facts")) == 50
    assert [p["unit"] for p in programmes].count("household") == 9
    assert [p["unit"] for p in programmes].count("person") == 5
    assert sum(len(v["criteria"]) for p in programmes for v in p["versions"]) == 46  # type: ignore[attr-defined]


@pytest.mark.parametrize("engine", ["duckdb", "sqlite"])
def test_both_sides_of_the_statement_are_timed_on_one_county(
    screened: str, folder: Path, engine: str
) -> None:
    # On so few households the ratio says nothing; whether the bar is kept is not asked.
    told = run("statement.py", "--folder", folder, "--engines", engine, "--rounds", 1, code=None)
    sides = [line.split()[1] for line in told.splitlines()]
    assert sides == ["compiled", "by", "ratio"]
