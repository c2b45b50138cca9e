"""A run's files: what is told of persons and of households, each where it belongs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from overlap_county import SUN, Small
from overlap_county import _pristine_small_home as _pristine_small_home
from overlap_county import small as small
from screening import HOUSEHOLDS, resumed_answers
from screening import begin as begin

from yimen.core.casework.batch import CountyRun
from yimen.core.store import lake
from yimen.core.store.home import Home, open_home
from yimen.core.store.run_files import ParquetRun

RUN = "S2026-00001"


def rows_of(home: Home, files: str) -> dict[str, Any]:
    with lake.Lake(home) as opened:
        found = list(opened.rows(f"SELECT COUNT(*), COUNT(k) FROM read_parquet('{files}')"))
        names = [row[0] for row in opened.rows(f"DESCRIBE SELECT * FROM read_parquet('{files}')")]
    return {"rows": found[0][0], "columns": set(names)}


def in_one_file_a_part(home: Home) -> None:
    """Writes the run as an earlier version did: all of a part in one file."""
    folder = home.path / "runs" / RUN
    with lake.Lake(home) as opened:
        run = ParquetRun(opened, folder)
        for part in sorted(folder.glob("part-*.parquet")):
            name = part.name.partition(".")[0]
            __, first, last = name.split("-")
            between = f"household_no BETWEEN '{first}' AND '{last}'"
            run.write(f"SELECT * FROM {{rows}} WHERE {between} ORDER BY k", folder / name)
    for file in folder.glob("*.parquet"):
        file.unlink()
    for file in folder.glob("part-*"):
        file.rename(file.with_suffix(".parquet"))


def test_what_is_told_once_a_household_stands_in_a_file_of_its_own(
    civil: Any, begin: Callable[..., CountyRun]
) -> None:
    run = begin("duckdb", 50)
    for _done in run.go():
        pass
    ((members,),) = run.files.query("SELECT COUNT(*) FROM {rows}")
    folder, statement, home = run.files.folder, run.ruling.statement, run.desk.home
    persons = rows_of(home, f"{folder}/part-*.parquet")
    households = rows_of(home, f"{folder}/households-*.parquet")
    run.close()
    assert persons["rows"] == members
    assert households["rows"] == HOUSEHOLDS < persons["rows"]
    assert persons["columns"] & households["columns"] == {"k"}
    assert "CIV-DB" in households["columns"]
    assert (persons["columns"] | households["columns"]) >= set(statement.columns) - {"first_row"}


def test_a_run_of_an_earlier_version_is_read_and_compared_as_before(
    civil: Any, begin: Callable[..., CountyRun]
) -> None:
    shown = [("--list",), ("--flags",), ("--format", "json")]
    run = begin("duckdb", 50)
    for _done in run.go():
        pass
    home = run.desk.home
    run.close()
    wanted = [civil("screen", "--run", RUN, *how).out for how in shown]
    in_one_file_a_part(home)
    assert not list((home.path / "runs" / RUN).glob("households-*"))
    assert [civil("screen", "--run", RUN, *how).out for how in shown] == wanted
    assert civil.json("screen", "--engine", "duckdb", "--since", RUN) == []


def test_what_a_killed_process_left_of_a_part_is_not_read_and_goes(
    civil: Any, begin: Callable[..., CountyRun], answers_of: Callable[..., bytes]
) -> None:
    first = begin("duckdb", 50)
    steps = first.go()
    assert [next(steps), next(steps)] == [0, 50]
    first.close()
    # The next part's households were in place, its persons were not yet.
    folder = civil.home / "runs" / RUN
    whole = next(folder.glob("households-*.parquet"))
    left = folder / "households-H0000051-H0000099.parquet"
    left.write_bytes(whole.read_bytes())
    second = begin("duckdb", 40)
    assert list(second.go()) == [50, 90, HOUSEHOLDS]
    second.close()
    assert not left.exists()
    assert resumed_answers(begin, "duckdb", RUN) == answers_of(civil, "--engine", "duckdb")


@pytest.mark.parametrize("chunk", [50, HOUSEHOLDS])
def test_a_run_that_lost_a_file_is_refused_and_not_told_in_part(civil: Any, chunk: int) -> None:
    civil("screen", "--engine", "duckdb", "--chunk", chunk, "--no-overlaps")
    lost = next((civil.home / "runs" / RUN).glob("households-*.parquet"))
    lost.unlink()
    said = civil("screen", "--run", RUN, code=4).err
    assert "DuckDB cannot read or write its files:" in said
    assert lost.name in said


@pytest.mark.parametrize("chunk", [7, 50])
def test_all_flags_are_counted_wherever_they_were_written(civil: Any, chunk: int) -> None:
    told = civil.json("screen", "--engine", "duckdb", "--chunk", chunk, "--no-overlaps")
    flags = civil.json("screen", "--run", told["run"]["run_no"], "--flags")
    assert sum(told["flagged"].values()) == len(flags) > 0
    for kind, count in told["flagged"].items():
        assert sum(flag["kind"] == kind for flag in flags) == count


def test_parts_are_found_by_their_names(tmp_path: Path, civil: Any) -> None:
    with lake.Lake(open_home(civil.home)) as opened:
        run = ParquetRun(opened, tmp_path)
        assert run.done_to() is None
        for first, last in (("H0000001", "H0000050"), ("H0000051", "H0000090")):
            run.part(first, last).touch()
            run.households(first, last).touch()
        assert run.done_to() == "H0000090"
        run.drop_from("H0000060")
        assert run.done_to() == "H0000050"
        assert sorted(file.name for file in tmp_path.glob("*.parquet")) == [
            "households-H0000001-H0000050.parquet", "part-H0000001-H0000050.persons.parquet",
        ]  # fmt: skip


def test_a_number_under_two_names_in_one_register_is_nobody_on_both_engines(small: Small) -> None:
    household = small.yimen.json("query", SUN)["household"]["household_no"]
    for engine in ("sqlite", "duckdb"):
        flags = small.yimen.json("screen", "--engine", engine, "--flags", "--no-overlaps")
        kinds = [flag["kind"] for flag in flags if flag["household_no"] == household]
        assert kinds == ["name_mismatch"]
    # In the lake all rows of the number tell so, and those of others keep their names.
    with lake.Lake(small.desk.home) as opened:
        file = next((small.desk.home.path / "lake").glob("snap__civil__assistance__*"))
        rows = set(opened.rows(f"SELECT id_number, named FROM read_parquet('{file}')"))
    assert {named for number, named in rows if number == SUN} == {lake.SEVERAL}
    assert all(named > lake.SEVERAL for number, named in rows if number != SUN)
