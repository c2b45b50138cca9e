"""What changed between two screenings: the households, the conditions that turned, and why."""

from __future__ import annotations

import csv
import shutil
import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import pytest

TODAY, PLATE = date(2026, 11, 20), "鲁D99999"


@pytest.fixture
def screened(civil: Any) -> Any:
    """The county after a first screening, S2026-00001."""
    civil("screen", "--engine", "sqlite")
    return civil


@pytest.fixture
def family(screened: Any, civil_files: Path) -> Any:
    """A family without a car that receives dibao."""
    lines = screened.json("screen", "--engine", "sqlite", "--list")
    receiving = [line["household_no"] for line in lines if "CIV-DB" in line["receiving"]]
    owners = {row["身份证号"] for row in rows_of(civil_files / "civil.vehicle.csv")}
    for household in receiving:
        shown = screened.json("household", "show", household, "--unmask")["household"]
        if not owners & numbers_of(shown):
            return shown
    raise AssertionError("nobody without a car receives dibao")


def numbers_of(family: Any) -> set[str]:
    return {member["id_number"] for member in family["members"]}


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def write(file: Path, rows: list[dict[str, str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def load_vehicles(yimen: Any, old: Path, new: Path, family: Any) -> None:
    """Loads the vehicle register of the 18th: that of the 10th and one more car."""
    rows = rows_of(old)
    car = next(row for row in rows if row["车辆类型"] == "小型汽车")
    owner = family["members"][0]
    rows.append(car | {"身份证号": owner["id_number"], "姓名": owner["name"], "号牌号码": PLATE})
    write(new, rows)
    yimen("source", "load", "civil.vehicle", new, "--as-of", "2026-11-18")


@pytest.mark.parametrize("engine", ["sqlite", "duckdb"])
def test_one_new_car_changes_one_household_and_the_change_says_why(
    civil: Any, civil_files: Path, tmp_path: Path, family: Any, engine: str
) -> None:
    if engine == "duckdb":
        civil("screen", "--engine", engine)
    before = civil.json("screen", "--runs")[-1]["run_no"]
    vehicles = civil_files / "civil.vehicle.csv"
    load_vehicles(civil, vehicles, tmp_path / "vehicles.csv", family)
    changes = civil.json("screen", "--engine", engine, "--since", before)
    assert {change["household_no"] for change in changes} == {family["household_no"]}
    (dibao,) = (change for change in changes if change["programme"] == "CIV-DB")
    assert dibao["now"] == "ineligible"
    assert dibao["before"] != "ineligible"
    assert dibao["receiving_before"] == dibao["receiving_now"] == "yes"
    (why,) = dibao["why"]
    assert "Vehicles within the dibao limit: met -> not met" in why
    assert "2026-11-10 -> 2026-11-18" in why
    assert all(change["why"] for change in changes)


def test_where_nothing_is_new_nothing_changed(screened: Any) -> None:
    assert screened.json("screen", "--engine", "sqlite", "--since", "S2026-00001") == []


def test_an_extract_that_grew_too_old_is_told_as_such(screened: Any) -> None:
    screened.day = "2027-06-20"
    changes = screened.json("screen", "--engine", "sqlite", "--since", "S2026-00001")
    assert changes
    whys = " ".join(why for change in changes for why in change["why"])
    assert "-> unknown" in whys
    assert "2026-11-10 -> 2026-11-10 (" in whys


def test_a_standard_that_was_set_is_told_as_a_change_of_rules(screened: Any) -> None:
    screened("standard", "set", "civil.dibao_monthly", "10", "--from", "2026-01-01", "--basis",
             "a letter")  # fmt: skip
    changes = screened.json("screen", "--engine", "sqlite", "--since", "S2026-00001")
    assert changes
    assert {"the rules or a standard changed" in why for c in changes for why in c["why"]} == {True}


def test_aid_that_a_new_extract_no_longer_shows_is_told_with_the_extract(
    screened: Any, civil_files: Path, tmp_path: Path, family: Any
) -> None:
    household = family["household_no"]
    rows = rows_of(civil_files / "civil.assistance.csv")
    left = [row for row in rows if row["身份证号"] not in numbers_of(family)]
    assert len(left) < len(rows)
    file = tmp_path / "assistance.csv"
    write(file, left)
    screened("source", "load", "civil.assistance", file, "--as-of", "2026-11-18")
    changes = screened.json("screen", "--engine", "sqlite", "--since", "S2026-00001")
    (dibao,) = (c for c in changes if (c["household_no"], c["programme"]) == (household, "CIV-DB"))
    assert (dibao["receiving_before"], dibao["receiving_now"]) == ("yes", "no")
    assert any(w.startswith("received: ") and "-> 2026-11-18" in w for w in dibao["why"])
    assert {c["household_no"] for c in changes} == {household}


def test_a_condition_that_turned_under_the_same_answer_is_no_change(screened: Any) -> None:
    screened.day = "2027-06-20"
    lines = screened.json("screen", "--engine", "sqlite", "--since", "S2026-00001")
    both = (("before", "now"), ("receiving_before", "receiving_now"),
            ("amount_fen_before", "amount_fen_now"))  # fmt: skip
    assert all(any(line[old] != line[new] for old, new in both) for line in lines)
    # There were such conditions, and they are what the comparison leaves out.
    run = "S2027-00001" if (screened.home / "runs" / "S2027-00001").exists() else "S2026-00002"
    conn = sqlite3.connect(screened.home / "runs" / run / "results.db")
    conn.execute("ATTACH ? AS b", [str(screened.home / "runs" / "S2026-00001" / "results.db")])
    columns = {name for (name,) in conn.execute("SELECT name FROM pragma_table_info('rows')")}
    programmes = sorted(name for name in columns if f"{name}.criteria" in columns)
    turned = sum(
        conn.execute(
            "SELECT COUNT(*) FROM main.rows AS a JOIN b.rows AS b USING (household_no, member_no)"
            f' WHERE a."{name}" IS b."{name}" AND a."{name}.receiving" IS b."{name}.receiving"'
            f' AND a."{name}.criteria" IS NOT b."{name}.criteria"'
        ).fetchone()[0]
        for name in programmes
    )
    conn.close()
    assert turned > 0


@pytest.mark.parametrize("engine", ["sqlite", "duckdb"])
def test_another_amount_of_the_same_aid_is_a_change(civil: Any, engine: str) -> None:
    civil("screen", "--engine", engine)
    civil("standard", "set", "civil.warm_year", "777", "--from", "2026-01-01", "--basis", "x")
    changes = civil.json("screen", "--engine", engine, "--since", "S2026-00001")
    warm = [c for c in changes if c["programme"] == "CIV-WARM"]
    assert warm == changes
    for change in warm:
        assert (change["before"], change["now"]) == ("eligible", "eligible")
        assert change["amount_fen_now"] == 77700 != change["amount_fen_before"]
        assert change["why"] == ["amount: the rules or a standard changed"]
    assert warm


def test_in_a_table_a_reason_is_cut_and_in_a_file_it_is_whole(screened: Any) -> None:
    screened.day = "2027-06-20"
    again = ["screen", "--engine", "sqlite", "--since", "S2026-00001"]
    whole = screened.json(*again)
    assert max(len(", ".join(line["why"])) for line in whole) > 150
    table = screened(*again).out.splitlines()
    assert len(table) > len(whole)
    assert max(map(len, table)) < 260
    assert any("..." in line for line in table)
    assert any(line.rstrip().endswith(" more") for line in table)


# -- what cannot be compared ---------------------------------------------------------------------


def test_runs_that_are_not_alike_are_not_compared(screened: Any) -> None:
    screened("check", "--all", "--engine", "sqlite")
    for words, run, code, sentence in (
        (["screen", "--engine", "duckdb"], "S2026-00001", 4, "was made by another engine."),
        (["screen", "--engine", "sqlite"], "S2026-00002", 4, "looked at other households."),
        (["screen", "--engine", "sqlite"], "S2026-00099", 3, "There is no run S2026-00099."),
        (["check", "--all", "--engine", "sqlite"], "S2026-00001", 4, "other households."),
    ):
        said = screened(*words, "--since", run, code=code)
        assert sentence in said.err
        assert said.out == ""


def test_a_run_that_was_never_finished_is_not_compared(screened: Any) -> None:
    from yimen.core.casework.county_runs import county_run
    from yimen.core.casework.operators import sit_down
    from yimen.core.rules.catalogue import load_catalogue
    from yimen.core.store.home import open_home

    home = open_home(screened.home, today=TODAY)
    catalogue = load_catalogue(screened.home / "cache")
    run = county_run(sit_down(home), catalogue, "screen", engine="sqlite", division="370499101000")
    run.close()
    home.close()
    said = screened("screen", "--engine", "sqlite", "--since", run.record.run_no, code=4)
    assert f"Run {run.record.run_no} was never finished." in said.err


def test_a_run_whose_files_were_removed_is_a_sentence(screened: Any) -> None:
    shutil.rmtree(screened.home / "runs" / "S2026-00001")
    said = screened("screen", "--engine", "sqlite", "--since", "S2026-00001", code=None)
    assert said.code in (3, 4, 5)
    assert said.out == ""
