"""A screening of a small county that is begun, and how its runs stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from yimen.core.casework.batch import CountyRun
from yimen.core.casework.county_runs import county_run
from yimen.core.casework.operators import sit_down
from yimen.core.rules.catalogue import load_catalogue
from yimen.core.store import lake
from yimen.core.store.home import open_home

TODAY = date(2026, 11, 20)
HOUSEHOLDS = 120


@pytest.fixture
def begin(civil: Any) -> Iterator[Callable[..., CountyRun]]:
    """Begins a screening of the county in this process, or finds the one that was broken off."""
    home = open_home(civil.home, today=TODAY)
    desk, catalogue = sit_down(home), load_catalogue(civil.home / "cache")

    def screening(engine: Any, part_size: int) -> CountyRun:
        return county_run(desk, catalogue, "screen", engine=engine, part_size=part_size)

    yield screening
    home.close()


def states(yimen: Any) -> list[tuple[str, str]]:
    return [(run["run_no"], run["state"]) for run in yimen.json("screen", "--runs")]


def resumed_answers(begin: Callable[..., CountyRun], engine: str, run_no: str) -> bytes:
    """The answers that a finished run of this home holds, as the bytes of a CSV file."""
    from yimen.core.casework.run_export import export
    from yimen.core.store import runs
    from yimen.core.store.run_files import ParquetRun, RunFiles, SqliteRun

    again = begin(engine, HOUSEHOLDS)
    home = again.desk.home
    folder = runs.folder_of(home, run_no)
    files: RunFiles = (
        ParquetRun(lake.Lake(home), folder) if engine == "duckdb" else SqliteRun(folder)
    )
    out = home.path / "resumed.csv"
    export(again.ruling, files, "csv", out)
    files.close()
    again.close()
    return out.read_bytes()
