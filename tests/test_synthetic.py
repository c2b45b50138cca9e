"""The made-up county: what is in its files is exactly what truth.json says was planted there."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from synthetic_county import AS_OF, STANDARD_YEAR, Rows, age, fen, make, planted_in, truth_of
from synthetic_oracle import Oracle


def test_an_independent_reading_of_the_files_finds_exactly_what_was_planted(county: Path) -> None:
    assert Oracle(county, AS_OF).findings() == planted_in(county)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    seed=st.integers(0, 2**40),
    households=st.sampled_from([1, 20, 60, 150, 300, 700]),
    as_of=st.sampled_from([AS_OF, date(2026, 7, 1), date(2024, 2, 29), date(2027, 3, 31)]),
)
def test_in_any_county_on_any_day_the_planted_truths_are_the_only_ones(
    seed: int, households: int, as_of: date, tmp_path_factory: pytest.TempPathFactory
) -> None:
    directory = tmp_path_factory.mktemp("any")
    make(directory, households, seed, as_of=as_of)
    assert Oracle(directory, as_of).findings() == planted_in(directory)
    assert truth_of(directory)["households"] == households


@pytest.mark.parametrize("seed", [0, 1, 2026])
def test_three_hundred_households_are_enough_for_every_kind(tmp_path: Path, seed: int) -> None:
    make(tmp_path, 300, seed)
    planted = truth_of(tmp_path)["planted"]
    kinds = defaultdict(set)
    for one in planted:
        kinds[one["kind"]].add(one["programme"] or "")
    assert kinds == {
        "name_mismatch": {""},
        "deceased_beneficiary": {"CIV-DB"},
        "undeclared_asset": {"CIV-DB"},
        "wrongly_kept": {"CIV-DB"},
        "duplicate": {"CIV-DB"},
        "multi_source": {"CIV-DB+CIV-EDGE"},
        "missed": {"MED-PREM", "MED-IN"},
        "counted_twice": {"CIV-EDGE"},
    }
    wrongly_kept = {p["household_no"] for p in planted if p["kind"] == "wrongly_kept"}
    with_a_car = {p["household_no"] for p in planted if p["kind"] == "undeclared_asset"}
    assert len(wrongly_kept) == 2
    assert with_a_car < wrongly_kept


def test_no_household_has_two_kinds_unless_one_implies_the_other(county: Path) -> None:
    kinds = defaultdict(set)
    for one in truth_of(county)["planted"]:
        kinds[one["household_no"]].add((one["kind"], one["programme"]))
    several = [found for found in kinds.values() if len(found) > 1]
    assert several == [{("undeclared_asset", "CIV-DB"), ("wrongly_kept", "CIV-DB")}]


def test_kinds_recur_in_a_larger_county(small_county: Path) -> None:
    times = defaultdict(int)
    for one in truth_of(small_county)["planted"]:
        times[one["kind"], one["programme"]] += 1
    assert len(times) == 9
    assert min(times.values()) > 1
    assert Oracle(small_county, AS_OF).findings() == planted_in(small_county)


def test_the_eligible_story_is_case_a_of_the_rules(county: Path) -> None:
    members, oracle = _story(county, "eligible")
    assert len(members) == 3
    assert oracle.income(members) == 29_400_00
    assert len(oracle.properties(members, "住宅", "农村宅基地")) == 1
    assert not oracle.cars(members)
    assert oracle.savings(members) < 10_000_00
    assert [row["参保类型"] for m in members for row in oracle.insured(m)] == ["城乡居民"] * 3
    bills = [row for member in members for row in oracle.recent_bills(member)]
    assert [
        fen(row["政策范围内费用（元）"]) - fen(row["基本医保和大病保险支付（元）"]) for row in bills
    ] == [8_000_00]
    assert [row["就医类型"] for row in bills] == ["住院"]


def test_the_refused_story_has_a_car_and_savings_over_two_years_standard(county: Path) -> None:
    members, oracle = _story(county, "refused")
    assert 0 < oracle.income(members) < STANDARD_YEAR * 3
    assert len(oracle.cars(members)) == 1
    assert oracle.savings(members) > 3 * STANDARD_YEAR * 3


def test_the_unknown_story_has_a_strange_name_and_an_open_question(county: Path) -> None:
    members, oracle = _story(county, "unknown")
    assert [member["人户分离"] for member in members] == ["否", "否", ""]
    assert age(members[2]["身份证号"], AS_OF) == 23
    assert not oracle.rows("civil.enrolment", members[2])
    taxed = oracle.by_id["civil.tax_income"][members[1]["身份证号"]]
    assert taxed
    assert members[1]["姓名"] not in {row["姓名"] for row in taxed}


def _story(directory: Path, story: str) -> tuple[Rows, Oracle]:
    """A story's members, once it is clear that no aid is paid to them."""
    told = {one["story"]: one for one in truth_of(directory)["stories"]}
    assert sorted(told) == ["eligible", "refused", "unknown"]
    assert all(one["household_no"] <= "H0000060" for one in told.values())
    oracle = Oracle(directory, AS_OF)
    members = oracle.families["SYN" + told[story]["household_no"][1:]]
    assert members[0]["身份证号"] == told[story]["id_number"]
    assert not set().union(*(oracle.received(member) for member in members))
    return members, oracle
