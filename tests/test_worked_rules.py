"""Worked cases of who counts, of numbers that the county must set, and of rules by date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from worked_county import County, Person, case_a, criteria, outcome, programme
from worked_county import county as county
from worked_county import county_of as county_of

# -- who counts -----------------------------------------------------------------------------------


def test_a_grown_child_who_lives_elsewhere_does_not_count_and_neither_does_its_income(
    county: County,
) -> None:
    father, _mother = county.family("1966-01-05", "1967-02-06")
    son = county.person("1995-05-05", "子")
    county.rows["civil.hukou"][-1]["separated"] = "是"
    county.income(son, "90000")
    county.load()
    report = county.check(father)
    assert report["facts"]["civil.wage_year"]["value"] == 0
    assert programme(report, "CIV-DB")["amount_fen"] == 180_000


def test_a_prisoner_and_a_dead_member_do_not_count(county: County) -> None:
    wife, _prisoner, _child = county.family("1986-01-05", "1985-02-06", "2015-03-04")
    dead = county.person("1950-01-01", "父")
    county.row("civil.custody", _prisoner, from_date="2025-01-01", to_date="2027-01-01")
    county.row("civil.death", dead, died_on="2026-09-09")
    county.load()
    assert programme(county.check(wife), "CIV-DB")["amount_fen"] == 180_000


def test_a_lodger_does_not_count(county: County) -> None:
    (head,) = county.family("1986-01-05")
    lodger = county.person("1988-01-01", "非亲属")
    county.income(lodger, "80000")
    county.load()
    assert programme(county.check(head), "CIV-DB")["amount_fen"] == 90_000


def test_a_student_away_at_university_counts_until_the_degree(county: County) -> None:
    mother, _father, student, graduate = county.family(
        "1975-01-05", "1974-02-06", "2006-03-04", "2003-03-04"
    )
    for row in county.rows["civil.hukou"][-2:]:
        row["separated"] = "是"
    county.row("civil.enrolment", student, stage="本科", full_time="是", left_on="")
    county.row("civil.enrolment", graduate, stage="本科", full_time="是", left_on="2025-07-01")
    county.load()
    assert programme(county.check(mother), "CIV-DB")["amount_fen"] == 270_000


# -- numbers that the county must set -------------------------------------------------------------


@pytest.fixture
def bare_county(
    tmp_path: Path, yimen_nowhere: Any, county_of: Callable[..., County], clock: Any
) -> County:
    """A county that has set nothing but what a test sets: no example values."""
    from yimen.core.casework.setup import init_home
    from yimen.core.rules.catalogue import Catalogue

    init_home(
        yimen_nowhere.home, county=None, synthetic=True, clock=clock, catalogue=Catalogue()
    ).close()
    county = county_of(yimen_nowhere)
    for name, value in (
        ("civil.dibao_monthly", "900"), ("civil.work_cost_ppm", "0"),
        ("civil.dibao_savings_ppm", "2"), ("civil.dibao_vehicle_limit", "0"),
        ("civil.dibao_dwelling_limit", "1"), ("civil.basic_pension_excluded", "yes"),
    ):  # fmt: skip
        county.standard(name, value, "--to", "2025-12-31")
    return county


def elder(county: County) -> Person:
    """One old person with a residents' pension of 1,100 yuan a month, 300 of them basic."""
    (person,) = county.family("1950-01-01")
    county.pension(person, "1100", "300", kind="城乡居民")
    return person


def test_the_central_basic_pension_is_no_income_until_the_end_of_2025(county: County) -> None:
    person = elder(county)
    county.load()
    report = county.look(person, "--rules-on", "2025-12-31")
    assert report["facts"]["civil.pension_year"]["value"] == 1_320_000
    assert report["facts"]["civil.register_income_year"]["value"] == 960_000


def test_after_2025_the_county_says_whether_the_central_basic_pension_counts(
    bare_county: County,
) -> None:
    person = elder(bare_county)
    bare_county.load()
    for name, value in (("civil.dibao_monthly", "900"), ("civil.work_cost_ppm", "0")):
        bare_county.standard(name, value, since="2026-01-01")
    unknown = bare_county.look(person, "--rules-on", "2026-01-01")
    assert unknown["facts"]["civil.register_income_year"]["value"] is None
    assert criteria(unknown, "CIV-DB")["register_income"] == "unknown"
    assert outcome(unknown, "CIV-DB") == "unknown"
    whys = [m["why"] for m in programme(unknown, "CIV-DB")["missing"]]
    assert [why for why in whys if "'Central basic pension is not counted as income'" in why]
    for said, income in (("no", 1_320_000), ("yes", 960_000)):
        bare_county.standard("civil.basic_pension_excluded", said, since="2026-01-01")
        known = bare_county.look(person, "--rules-on", "2026-01-01")
        assert known["facts"]["civil.register_income_year"]["value"] == income


def test_an_unset_standard_makes_unknown_and_never_a_refusal(bare_county: County) -> None:
    (rich,) = bare_county.family("1970-07-07")
    bare_county.income(rich, "900000")
    bare_county.load()
    report = bare_county.look(rich)
    assert criteria(report, "CIV-DB")["income"] == "unknown"
    assert criteria(report, "CIV-DB")["vehicles"] == "unknown"
    assert outcome(report, "CIV-DB") == "unknown"
    assert programme(report, "CIV-DB")["amount_fen"] is None
    missing = {m["why"] for m in programme(report, "CIV-DB")["missing"] if "standard" in m["why"]}
    assert any("Dibao standard, a month and person" in why for why in missing)


def test_an_unset_number_is_no_hindrance_where_another_criterion_already_fails(
    bare_county: County,
) -> None:
    (person,) = bare_county.family("1970-07-07")
    bare_county.row("civil.assistance", person, programme="特困", payer="示例县", amount_fen="1200",
                    from_date="2024-01-01", to_date="")  # fmt: skip
    bare_county.load()
    report = bare_county.look(person)
    assert criteria(report, "CIV-DB")["not_destitute"] == "fail"
    assert outcome(report, "CIV-DB") == "ineligible"


# -- rules by date --------------------------------------------------------------------------------


def test_an_application_keeps_the_rules_of_the_day_of_its_acceptance(
    county: County, county_of: Callable[..., County]
) -> None:
    family = case_a(county)
    later = county.family("1986-01-05")
    county.rows["civil.tax_income"] = [
        row | {"paid_on": day}
        for row in county.rows["civil.tax_income"]
        for day in ("2023-06-30", "2026-06-30")
    ]
    today = county.yimen.day
    county.yimen.day = "2024-01-10"
    county.load(as_of="2024-01-08")
    old = county.apply(family[0], "--expires", "2027-12-31", deductible_year=600)
    before = county.yimen.json("check", old)
    county.yimen.day = today
    county.load()
    after, new = county.yimen.json("check", old), county.check(later[0])
    assert (before["rules_on"], before["rule_pack"]) == ("2024-01-10", "R2021")
    assert (before["facts_as_of"], after["facts_as_of"]) == ("2024-01-10", "2026-11-20")
    assert (after["rules_on"], after["rule_pack"]) == ("2024-01-10", "R2021")
    assert (new["rules_on"], new["rule_pack"]) == ("2026-11-20", "R2026")
    income = {r["rules_on"]: programme(r, "CIV-DB")["criteria"][3]["basis"] for r in (after, new)}
    assert "SAL" not in income["2024-01-10"]
    assert "Social Assistance Law" in income["2026-11-20"] or "SAL" in income["2026-11-20"]
    assert programme(before, "CIV-DB")["amount_fen"] == 25_000


def test_before_20_october_2022_there_was_no_edge_and_no_aid_waits_for_it(county: County) -> None:
    family = county.family("1980-01-05", "1981-02-06")
    county.car(family[0])  # no dibao, whatever income is declared
    for person in family:
        county.row("medical.settlement", person, settled_on="2026-05-03", kind="住院",
                   total_fen="9000", compliant_fen="9000", pooled_fen="1000",
                   aid_fen="0")  # fmt: skip
    county.load()
    before = county.look(family[0], "--rules-on", "2022-10-19")
    after = county.look(family[0], "--rules-on", "2022-10-20")
    assert "CIV-EDGE" not in {p["programme"] for p in before["programmes"]}
    assert "CIV-EDGE" in {p["programme"] for p in after["programmes"]}
    assert criteria(before, "MED-IN")["class"] == "fail"
    assert criteria(after, "MED-IN")["class"] == "unknown"


def test_before_2012_no_rules_are_known_and_the_packs_are_named(county: County) -> None:
    (person,) = county.family("1980-01-05")
    county.load()
    number = county.yimen.json("query", person.id_number)["household"]["household_no"]
    answer = county.yimen("check", "--household", number, "--rules-on", "2012-12-11", code=3)
    assert "No rule pack is in force on 2012-12-11." in answer.err
    assert "R2021 (2021-07-01" in answer.err


def test_the_day_that_decides_is_a_day_of_the_calendar_and_not_of_the_clock(
    county: County, shared_catalogue: Any
) -> None:
    packs = {shared_catalogue.pack_on(date(2026, 6, d)).pack for d in (29, 30)}
    assert packs == {"R2021"}
    assert shared_catalogue.pack_on(date(2026, 7, 1)).pack == "R2026"
