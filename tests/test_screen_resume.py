"""A screening that was broken off goes on where it was, and ends as if nothing had happened."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from plugin_files import heating, named

from yimen.core.casework import batch
from yimen.core.casework.batch import CountyRun
from yimen.core.casework.county_runs import county_run
from yimen.core.casework.operators import sit_down
from yimen.core.errors import Refused
from yimen.core.rules.catalogue import load_catalogue
from yimen.core.rules.engines.duckdb_batch import DuckdbBatch
from yimen.core.store import lake
from yimen.core.store.home import open_home

TODAY = date(2026, 11, 20)
ENGINES = ("sqlite", "duckdb")
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


# -- broken off between two parts ----------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
def test_a_run_that_stopped_between_two_parts_goes_on_after_the_last_whole_one(
    civil: Any, begin: Callable[..., CountyRun], answers_of: Callable[..., bytes], engine: str
) -> None:
    first = begin(engine, 50)
    steps = first.go()
    assert [next(steps), next(steps)] == [0, 50]
    first.close()
    assert states(civil) == [("S2026-00001", "running")]

    # The size of its parts may change.
    second = begin(engine, 40)
    assert second.record.run_no == first.record.run_no
    assert list(second.go()) == [50, 90, HOUSEHOLDS]
    assert second.record.state == "done"
    second.close()
    assert states(civil) == [("S2026-00001", "done")]
    assert resumed_answers(begin, engine, first.record.run_no) == answers_of(
        civil, "--engine", engine
    )


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


@pytest.mark.parametrize("engine", ENGINES)
def test_a_run_whose_parts_are_all_there_is_only_ended(
    civil: Any, begin: Callable[..., CountyRun], engine: str
) -> None:
    first = begin(engine, HOUSEHOLDS)
    steps = first.go()
    assert [next(steps), next(steps)] == [0, HOUSEHOLDS]
    first.close()
    second = begin(engine, HOUSEHOLDS)
    assert list(second.go()) == [HOUSEHOLDS]
    assert second.taken is not None
    assert second.taken.new > 0
    second.close()
    assert states(civil) == [("S2026-00001", "done")]


def test_a_run_of_another_plan_begins_beside_one_that_was_broken_off(
    civil: Any, begin: Callable[..., CountyRun]
) -> None:
    first = begin("sqlite", 50)
    next(first.go())
    first.close()
    civil("screen", "--engine", "sqlite", "--division", "370499101")
    civil("check", "--all", "--engine", "sqlite")
    assert states(civil) == [
        ("S2026-00001", "running"), ("S2026-00002", "done"), ("S2026-00003", "done"),
    ]  # fmt: skip
    civil("screen", "--engine", "sqlite")
    assert states(civil)[0] == ("S2026-00001", "done")


def test_what_was_broken_off_yesterday_is_given_up_with_its_files(
    civil: Any, begin: Callable[..., CountyRun]
) -> None:
    first = begin("sqlite", 50)
    steps = first.go()
    next(steps), next(steps)
    first.close()
    folder = civil.home / "runs" / first.record.run_no
    assert (folder / "results.db").exists()
    civil.day = "2026-11-21"
    civil("screen", "--engine", "sqlite")
    assert states(civil) == [("S2026-00001", "given_up"), ("S2026-00002", "done")]
    assert not folder.exists()
    rows = civil("journal", "show", "--subject", "S2026-00001", "--format", "jsonl").rows
    assert [row["action"] for row in rows] == ["screen.begin", "screen.given_up"]
    civil("journal", "verify")


def test_a_run_that_was_killed_before_its_casework_was_kept_is_given_up(
    civil: Any, begin: Callable[..., CountyRun]
) -> None:
    begin("sqlite", 50).close()
    (civil.home / "runs" / "S2026-00001" / "casework.json").unlink()
    civil("screen", "--engine", "sqlite")
    assert states(civil) == [("S2026-00001", "given_up"), ("S2026-00002", "done")]


def test_a_run_keeps_to_the_casework_with_which_it_began(
    civil: Any, civil_stories: Any, begin: Callable[..., CountyRun]
) -> None:
    family = civil_stories["unknown"]["household_no"]
    undisturbed = civil.json("screen", "--engine", "sqlite", "--list")
    first = begin("sqlite", 5)
    next(first.go())
    first.close()
    civil("intake", civil_stories["unknown"]["id_number"], "--no-ask")
    after = civil.json("screen", "--engine", "sqlite", "--list")
    assert [r["state"] for r in civil.json("screen", "--runs")] == ["done", "done"]
    assert [r for r in after if r["household_no"] == family] == [
        r for r in undisturbed if r["household_no"] == family
    ]


# -- the lake ------------------------------------------------------------------------------------


def without_files(home: Path) -> None:
    shutil.rmtree(home / "lake")


def without_one_file(home: Path) -> None:
    next((home / "lake").glob("snap__civil__assistance__*")).unlink()


def in_another_form(home: Path) -> None:
    for file in (home / "lake").glob("*.parquet"):
        file.write_bytes(b"as an earlier version wrote it")
    (home / "lake" / "format").write_text("1", "ascii")


@pytest.mark.parametrize("lose", [without_files, without_one_file, in_another_form])
def test_a_lake_that_lost_its_files_is_filled_again_from_the_registers(
    civil: Any, answers_of: Callable[..., bytes], lose: Callable[[Path], None]
) -> None:
    wanted = answers_of(civil, "--engine", "sqlite")
    before = {file.name for file in (civil.home / "lake").glob("*.parquet")}
    lose(civil.home)
    assert answers_of(civil, "--engine", "duckdb") == wanted
    after = {file.name for file in (civil.home / "lake").glob("*.parquet")}
    # A register that a screening does not read is filled in when somebody reads it.
    assert before - after <= {"snap__civil__bank__1.parquet"} | unread(before)
    assert after <= before
    assert not list((civil.home / "lake").glob("scratch.*"))


def unread(files: set[str]) -> set[str]:
    return {name for name in files if "enrolment" in name or "supporter" in name}


def test_a_home_that_was_loaded_without_duckdb_is_screened_by_it_later(
    civil: Any, civil_files: Path, answers_of: Callable[..., bytes],
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> None:  # fmt: skip
    plain = type(civil)(tmp_path / "plain")
    with monkeypatch.context() as patch:
        patch.setattr(lake, "is_installed", lambda: False)
        plain("init", "--synthetic")
        plain("source", "load", "--all", civil_files)
        assert not (plain.home / "lake").exists()
        wanted = answers_of(plain)
    assert answers_of(plain, "--engine", "duckdb") == wanted
    assert list((plain.home / "lake").glob("roster__*.parquet"))


# -- killed --------------------------------------------------------------------------------------


def parts_of(home: Path, least: int) -> Callable[[], bool]:
    """Whether so many parts of the first run lie complete on disk."""

    def there() -> bool:
        file = home / "runs" / "S2026-00001" / "results.db"
        if not file.exists():
            return False
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as conn:
            try:
                (done,) = conn.execute("SELECT COUNT(*) FROM progress").fetchone()
            except sqlite3.OperationalError:
                return False
        conn.close()
        return bool(done >= least)

    return there


def begun(home: Path) -> Callable[[], bool]:
    return lambda: (home / "runs" / "S2026-00001").exists()


MOMENTS: dict[str, Callable[[Path], Callable[[], bool]]] = {
    "when it has begun": begun,
    "after the first part": lambda home: parts_of(home, 1),
    "in the middle": lambda home: parts_of(home, 12),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_screening_goes_on_and_ends_as_an_undisturbed_one_does(
    civil: Any, answers_of: Callable[..., bytes], tmp_path: Path, moment: str
) -> None:
    out = tmp_path / "killed.csv"
    there = MOMENTS[moment](civil.home)
    words = ["screen", "--engine", "sqlite", "--chunk", 4, "--out", out]
    child: subprocess.Popen[str] = civil.start(*words)
    while not there():
        assert child.poll() is None, child.communicate()
        time.sleep(0.002)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert child.returncode == -signal.SIGKILL
    assert not out.exists()
    assert states(civil) == [("S2026-00001", "running")]
    # The departments that this county has not are a fault of their own.
    said = civil("doctor", "--format", "json", code=5).json
    findings = {f["check"]: f["level"] for f in said}
    faults = [check for check, level in findings.items() if level == "fault"]
    assert [check.split()[0] for check in faults] == ["department"]
    civil("journal", "verify")

    civil(*words)
    civil("journal", "verify")
    assert ("S2026-00001", "running") not in states(civil)
    if moment != "when it has begun":
        assert states(civil) == [("S2026-00001", "done")]
    assert [p.name for p in tmp_path.iterdir() if ".part" in p.name] == []
    cases = civil.json("overlaps", "list")
    assert out.read_bytes() == answers_of(civil, "--engine", "sqlite")
    assert civil.json("overlaps", "list") == cases
    assert cases


def test_two_screenings_of_one_plan_at_once_give_each_household_once(
    civil: Any, answers_of: Callable[..., bytes], tmp_path: Path
) -> None:
    outs = [tmp_path / "one.csv", tmp_path / "other.csv"]
    words = ["screen", "--engine", "sqlite", "--chunk", 4, "--out"]
    children = [civil.start(*words, out) for out in outs]
    said = [child.communicate(timeout=60) for child in children]
    wanted = answers_of(civil, "--engine", "sqlite")
    for child, out, (__, err) in zip(children, outs, said, strict=True):
        assert child.returncode in (0, 7), err
        assert child.returncode == 7 or out.read_bytes() == wanted
    assert 0 in {child.returncode for child in children}


def test_a_run_that_another_process_computes_is_neither_joined_nor_given_up(
    civil: Any, begin: Callable[..., CountyRun]
) -> None:
    first = begin("sqlite", 50)
    steps = first.go()
    next(steps), next(steps)
    said = civil("screen", "--engine", "sqlite", code=7)
    assert "Another process is doing this already: S2026-00001." in said.err
    civil.day = "2026-11-21"
    civil("screen", "--engine", "sqlite")
    assert states(civil) == [("S2026-00001", "running"), ("S2026-00002", "done")]
    assert list(steps) == [100, HOUSEHOLDS]
    first.close()
    assert states(civil)[0] == ("S2026-00001", "done")


# -- too little memory, or disk ------------------------------------------------------------------


def test_a_part_that_needs_too_much_memory_is_halved_and_no_department_is_blamed(
    civil: Any,
    begin: Callable[..., CountyRun],
    answers_of: Callable[..., bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = begin("duckdb", HOUSEHOLDS)
    whole, tried = DuckdbBatch.part, list[int]()

    def narrow(self: DuckdbBatch, first: str, last: str) -> None:
        tried.append(run.households.index(last) - run.households.index(first) + 1)
        if tried[-1] > 40:
            raise lake.OutOfMemory("")
        whole(self, first, last)

    with monkeypatch.context() as patched:
        patched.setattr(batch, "LEAST_PART", 50)
        patched.setattr(DuckdbBatch, "part", narrow)
        assert list(run.go()) == [0, 30, 60, 90, HOUSEHOLDS]
    assert tried == [120, 60, 30, 30, 30, 30]
    assert run.ruling.failed == frozenset()
    run.close()
    number = run.record.run_no
    assert resumed_answers(begin, "duckdb", number) == answers_of(civil, "--engine", "duckdb")


def test_a_part_that_is_small_already_is_refused_with_its_sentence(
    begin: Callable[..., CountyRun], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = begin("duckdb", HOUSEHOLDS)
    with pytest.raises(lake.OutOfMemory, match="more memory than it may hold"):
        run.files.lake.execute(
            "SET memory_limit = '1MB'", "SELECT list(n) FROM range(9999999) AS t(n)"
        )
    run.files.lake.execute("SET memory_limit = '700MB'")

    def never(*_given: object) -> None:
        raise lake.OutOfMemory("")

    monkeypatch.setattr(DuckdbBatch, "part", never)
    with pytest.raises(lake.OutOfMemory):
        list(run.go())
    assert run.record.state == "running"
    run.close()


def test_a_file_that_duckdb_cannot_write_is_no_department_s_fault(
    begin: Callable[..., CountyRun], tmp_path: Path
) -> None:
    run = begin("duckdb", HOUSEHOLDS)
    with pytest.raises(Refused, match="cannot read or write its files"):
        run.files.lake.execute(f"COPY (SELECT 1) TO '{tmp_path}/no/such/place.parquet'")
    run.close()


# -- a department that fails ---------------------------------------------------------------------


def many_registers() -> dict[str, Any]:
    """A department that asks for more registers than SQLite can join."""
    files = heating()
    for number in range(70):
        source = f"heating.more_{number}"
        files["sources.json"].append(files["sources.json"][0] | {"source": source})
        files["facts.json"].append(
            {"fact": f"heating.seen_{number}", "names": named("Seen"), "unit": "person",
             "type": "integer", "source": source, "aggregate": "COUNT(*)", "absent": 0}
        )  # fmt: skip
    return files


@pytest.mark.parametrize("chunk", [50, HOUSEHOLDS])
def test_a_department_that_sqlite_cannot_run_is_unknown_and_the_rest_answers(
    civil: Any, install: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    before = civil.json("screen", "--engine", "sqlite", "--list")
    install(many_registers())
    monkeypatch.setenv("YIMEN_DEPARTMENTS", "civil,heating")
    assert rest(civil, "--engine", "sqlite", "--chunk", chunk) == before


@pytest.mark.parametrize("chunk", [50, HOUSEHOLDS])
def test_a_register_that_duckdb_cannot_read_takes_its_department_alone_with_it(
    civil: Any,
    install: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    chunk: int,
) -> None:
    before = civil.json("screen", "--engine", "duckdb", "--list")
    install()
    monkeypatch.setenv("YIMEN_DEPARTMENTS", "civil,heating")
    bills = tmp_path / "bills.csv"
    bills.write_text("id_number,name,billed_on,amount_fen\n", "utf-8")
    civil("source", "load", "heating.bills", bills, "--as-of", "2026-11-01")
    (file,) = (civil.home / "lake").glob("snap__heating__bills__*.parquet")
    file.write_bytes(b"no parquet file")
    assert rest(civil, "--engine", "duckdb", "--chunk", chunk) == before
    said = civil("screen", "--engine", "duckdb").err
    assert "The rules of heating could not be run: their programmes are unknown." in said
    rows = civil("journal", "show", "--subject", "S2026-00003", "--format", "jsonl").rows
    ended = next(row for row in rows if row["action"] == "screen")
    assert json.loads(ended["body"])["failed"] == ["heating"]


def rest(civil: Any, *words: object) -> list[Any]:
    """The list of a screening without the failing department's programme, unknown to all."""
    listed: list[Any] = civil.json("screen", *words, "--list")
    for line in listed:
        assert "HEA-WARM" in line["unknown"]
        line["unknown"].remove("HEA-WARM")
    return listed
