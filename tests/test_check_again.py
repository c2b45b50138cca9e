"""The same check again: the same bytes, by the same indexes, whatever the cache has suffered."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from check_desk import ELSEWHERE, Desk
from check_desk import desk_ as desk_

# -- the same again -------------------------------------------------------------------------------


def test_checking_everybody_twice_gives_the_same_bytes(yimen: Any, tmp_path: Path) -> None:
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    for out in (first, second):
        yimen("check", "--all", "--format", "jsonl", "--out", out)
    assert first.read_bytes() == second.read_bytes()
    assert yimen("check", "--all", "--format", "jsonl").out == first.read_text("utf-8")
    assert len(first.read_text("utf-8").splitlines()) >= 15


def test_a_fresh_process_and_a_home_loaded_anew_give_the_same_bytes_too(
    yimen: Any, yimen_empty_beside: Any, county_files: Path
) -> None:
    here = yimen("check", "--all", "--format", "jsonl").out
    yimen_empty_beside("source", "load", "--all", county_files)
    assert yimen_empty_beside("check", "--all", "--format", "jsonl").out == here
    env = {"PYTHONHASHSEED": "7"}
    yimen.env = env
    assert yimen.process("check", "--all", "--format", "jsonl").out == here


@pytest.fixture
def yimen_empty_beside(yimen: Any, tmp_path: Path) -> Any:
    """Another home, without registers, beside the loaded one."""
    beside = type(yimen)(tmp_path / "beside")
    beside("init", "--synthetic")
    return beside


def test_a_household_alone_gets_the_report_that_it_gets_among_all(yimen: Any) -> None:
    for report in yimen("check", "--all", "--format", "jsonl").rows[:5]:
        assert yimen.json("check", "--household", report["household_no"]) == report


def test_everybody_is_who_has_applied_or_receives(desk_: Desk) -> None:
    applicant, receiver, _neither = (desk_.family("户主")[0] for _family in range(3))
    (other_town,) = desk_.family("户主", division=ELSEWHERE)
    for person in (receiver, other_town):
        desk_.dibao(person)
    desk_.load()
    desk_.apply(applicant)
    numbers = {p.name: desk_.file(p)["household_no"] for p in (applicant, receiver, other_town)}
    rows = desk_.yimen("check", "--all", "--format", "jsonl").rows
    assert [r["household_no"] for r in rows] == sorted(numbers.values())
    rows = desk_.yimen("check", "--all", "--division", "370499102", "--format", "jsonl").rows
    assert [r["household_no"] for r in rows] == [numbers[other_town.name]]


def test_a_report_number_stands_for_its_inputs_and_rules(desk_: Desk) -> None:
    (person,) = desk_.family("户主")
    desk_.load()
    seen: list[dict[str, Any]] = [desk_.look(person)]

    def changed(act: Callable[[], object]) -> bool:
        act()
        report = desk_.look(person)
        same = report["report_no"] in {r["report_no"] for r in seen}
        assert same == (report in seen)
        seen.append(report)
        return not same

    vehicle = "civil.vehicle"
    assert not changed(lambda: None)
    assert not changed(lambda: desk_.load_one(vehicle))
    assert changed(lambda: desk_.load_one(vehicle, "--covers", "370499102"))
    assert not changed(lambda: desk_.load_one(vehicle, as_of="2026-11-19"))
    assert not changed(lambda: desk_.load_one(vehicle))
    desk_.car(person)
    assert changed(lambda: desk_.load_one(vehicle))
    assert changed(lambda: desk_.verify(person, "civil.vehicles=0"))
    assert changed(lambda: desk_.yimen(
        "standard", "set", "civil.dibao_monthly", "910", "--from", "2026-07-01", "--basis", "x"
    ))  # fmt: skip
    assert changed(lambda: desk_.yimen("intake", person.id_number, "--no-ask"))
    number, paper = desk_.look(person)["application_no"], str(desk_.paper)
    assert changed(lambda: desk_.yimen("intake", number, "--no-ask", "--authorisation", paper))
    assert desk_.look(person, "--facts-as-of", "2026-11-20") == seen[-1]


def test_an_extract_of_another_day_makes_another_report(desk_: Desk) -> None:
    (person,) = desk_.family("户主")
    days = {name.replace(".", "_"): {"as_of": "2026-11-01"} for name in desk_.sources}
    desk_.load(**days)
    before = desk_.look(person)
    desk_.load_one("civil.vehicle", as_of="2026-11-10")
    after = desk_.look(person)
    assert after["facts"]["civil.vehicles"]["as_of"] == "2026-11-10"
    assert before["report_no"] != after["report_no"]
    assert before["inputs_hash"] != after["inputs_hash"]
    assert before["rules_hash"] == after["rules_hash"]


def test_the_same_report_is_filed_once_and_changes_nothing(desk_: Desk) -> None:
    (person,) = desk_.family("户主")
    desk_.load()
    number = desk_.apply(person)["application_no"]
    first = desk_.yimen("check", number, "--format", "json").out
    assert desk_.yimen("check", number, "--format", "json").out == first


# -- indexes --------------------------------------------------------------------------------------


def test_a_check_looks_every_register_up_by_its_index_and_scans_none(
    loaded_home: Path, shared_catalogue: Any
) -> None:
    from yimen.core.rules.engines.sqlite import SqliteEngine
    from yimen.core.rules.inputs import parameters, readings_on, standards_on
    from yimen.core.rules.statement import statement_for
    from yimen.core.store.home import open_home
    from yimen.core.synthetic.registers import WRITTEN

    today = date(2026, 11, 20)
    home = open_home(loaded_home, today=today)
    statement = statement_for(shared_catalogue, today)
    readings = readings_on(home, shared_catalogue, statement.sources, today)
    standards = standards_on(home, shared_catalogue, statement.standards, today)
    plan = SqliteEngine(home.registers, shared_catalogue).plan(
        statement, readings, parameters(statement, readings, standards, today)
    )
    tables = [r.snapshot.table for r in readings if r.snapshot]
    home.close()
    assert len(tables) == len(WRITTEN)
    assert len(statement.sources) == len(shared_catalogue.sources)
    for table in tables:
        lines = [line for line in plan if line.startswith(("SEARCH s", "SCAN s"))]
        assert [line for line in lines if f"{table}__id (id_number=?)" in line], (table, lines)
    # What is not loaded is an empty row set, and nothing else may be scanned.
    scanned = [line for line in plan if line.startswith("SCAN s ") or line == "SCAN s"]
    assert len(scanned) == len(statement.sources) - len(tables)
    assert not [line for line in plan if "SCAN" in line and "snap__" in line]


def test_finding_the_households_that_receive_looks_the_roster_up_by_its_index(
    loaded_home: Path, shared_catalogue: Any
) -> None:
    from yimen.core.store.home import open_home

    home = open_home(loaded_home, today=date(2026, 11, 20))
    roster = home.casework.conn.execute(
        "SELECT roster FROM snapshot WHERE roster IS NOT NULL"
    ).fetchone()[0]
    plan = home.registers.conn.execute(
        f'EXPLAIN QUERY PLAN SELECT * FROM "{roster}" WHERE household_no IN (?)', ["H0000001"]
    ).fetchall()
    home.close()
    assert [row for row in plan if f"{roster}__household_no" in row[3]]


# -- the statement's cache ------------------------------------------------------------------------


def test_a_damaged_statement_in_the_cache_is_compiled_again(yimen: Any) -> None:
    before = yimen("check", "--household", "H0000012", "--format", "json").out
    cached = list((yimen.home / "cache").glob("statement-*"))
    assert cached
    for file in cached:
        file.write_bytes(file.read_bytes().replace(b"SELECT", b"SELECTED", 1))
    assert yimen("check", "--household", "H0000012", "--format", "json").out == before
    shutil.rmtree(yimen.home / "cache")
    assert yimen("check", "--household", "H0000012", "--format", "json").out == before
