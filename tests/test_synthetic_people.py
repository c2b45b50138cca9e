"""The people of the made-up county: how many have what, and what goes together."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest
from synthetic_county import AS_OF, STANDARD_YEAR, age, fen, make, planted_in, rows_of, truth_of
from synthetic_oracle import Oracle


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """1,500 households, made once: enough for what a few families in a hundred have."""
    directory = tmp_path_factory.mktemp("town")
    make(directory, 1_500, 5)
    return directory


def test_dibao_and_edge_families_keep_a_clear_distance_from_the_limits(town: Path) -> None:
    oracle = Oracle(town, AS_OF)
    spoilt = {(number, kind) for kind, number, _id, _programme in planted_in(town)}
    families = defaultdict(int)
    for key, members in oracle.families.items():
        programmes = set().union(*(oracle.received(member) for member in members))
        counted = [member for member in members if oracle.counts(member)]
        if (oracle.numbers[key], "wrongly_kept") in spoilt:
            continue
        if not programmes & {"CIV-DB", "CIV-EDGE"}:
            continue
        families["DB" if "CIV-DB" in programmes else "EDGE"] += 1
        for basic_counts in (False, True):
            share = 100 * oracle.income(counted, basic_counts=basic_counts)
            share //= STANDARD_YEAR * len(counted)
            if "CIV-DB" in programmes:
                assert share < 90
            elif (oracle.numbers[key], "name_mismatch") not in spoilt:
                assert 105 < share < 148
        assert len(oracle.properties(counted, "住宅", "农村宅基地")) <= 1
        assert oracle.savings(counted) < STANDARD_YEAR * len(counted)
    assert families["DB"] > 40
    assert families["EDGE"] > 20


def test_about_four_in_a_hundred_families_have_dibao_and_two_are_on_the_edge(
    town: Path,
) -> None:
    oracle = Oracle(town, AS_OF)
    have = {"CIV-DB": 0, "CIV-EDGE": 0}
    for members in oracle.families.values():
        programmes = set().union(*(oracle.received(member) for member in members))
        for programme in programmes & set(have):
            have[programme] += 1
    assert len(oracle.families) == 1_500
    assert 55 <= have["CIV-DB"] <= 65
    assert 28 <= have["CIV-EDGE"] <= 36
    ended = [
        row
        for row in oracle.tables["civil.assistance"]
        if row["享受截止"] and row["享受截止"] <= AS_OF.isoformat()
    ]
    assert ended


def test_about_one_person_in_twenty_has_a_disability_card_and_a_few_are_not_valid(
    town: Path,
) -> None:
    oracle = Oracle(town, AS_OF)
    cards = oracle.tables["disability.card"]
    people = {row["身份证号"]: row for row in oracle.tables["civil.hukou"] if row["身份证号"]}
    assert 0.04 < len(cards) / len(people) < 0.06
    assert len(cards) == len({row["身份证号"] for row in cards})
    valid = [row for row in cards if oracle.card(people[row["身份证号"]])]
    assert 0.85 < len(valid) / len(cards) < 0.97
    assert {row["证件状态"] for row in cards} == {"有效", "注销"}
    assert any(row["有效期至"] < AS_OF.isoformat() for row in cards)
    for row in cards:
        assert re.fullmatch(re.escape(row["身份证号"]) + "[1-7][1-4]", row["残疾人证号"])
        assert not oracle.dead(people[row["身份证号"]])
    received = {row["救助项目"] for row in oracle.tables["civil.assistance"]}
    assert {"残疾人两项补贴", "单人保"} <= received


def test_whoever_has_wages_is_insured_through_work_and_nobody_else_is(county: Path) -> None:
    oracle = Oracle(county, AS_OF)
    this_month = AS_OF.replace(day=1)
    insured, told = 0, 0
    for members in oracle.families.values():
        if members[0]["户号"] in ("SYN0000012", "SYN0000027", "SYN0000043"):
            continue
        for member in members:
            paid = oracle.wages(member, this_month)
            assert oracle.employed(member) == (paid > 0)
            insured += paid > 0
            for row in oracle.rows("employment.contribution", member):
                own = fen(row["个人月缴费额（元）"])
                assert own < fen(row["月缴费基数（元）"])
                if row["缴费方式"] == "单位缴费":
                    assert fen(row["月缴费基数（元）"]) >= paid or row["缴费截止月份"]
            for row in oracle.rows("employment.registration", member):
                told += 1
                runs = oracle.runs(row, "失业登记日期", "失业登记注销日期")
                assert not (runs and (paid or oracle.dead(member)))
    assert insured > 100
    assert told > 5


def test_a_few_of_the_unemployed_are_recognised_as_in_difficulty(town: Path) -> None:
    rows = rows_of(town / "employment.registration.csv")
    recognised = [row for row in rows if row["就业困难类别"] != "未认定"]
    assert {row["就业困难类别"] for row in recognised} == {"低保家庭成员", "大龄人员", "残疾人"}
    assert 10 < len(recognised) < len(rows) // 2
    assert all(row["就业困难认定日期"] >= row["失业登记日期"] for row in recognised)


def test_a_listed_child_has_no_parent_at_home_who_could_bring_it_up(small_county: Path) -> None:
    oracle = Oracle(small_county, AS_OF)
    kinds = defaultdict(int)
    for members in oracle.families.values():
        for child in members:
            listed = oracle.listed_as(child)
            if not listed:
                continue
            (kind,) = listed
            kinds[kind] += 1
            (parent,) = (m for m in members if age(m["身份证号"], AS_OF) >= 18)
            if kind == "孤儿":
                assert oracle.dead(parent)
                continue
            card = oracle.card(parent)
            assert card is not None
            assert card["残疾等级"] in ("一级", "二级")
            assert not oracle.rows("civil.tax_income", parent)
            assert not oracle.received(child) & {"CIV-DB", "CIV-EDGE"}
    assert kinds["事实无人抚养儿童"] > 5
    assert kinds["孤儿"] > 0


def test_whole_rural_families_are_watched_and_some_no_longer(town: Path) -> None:
    oracle = Oracle(town, AS_OF)
    twice = {
        one["id_number"] for one in truth_of(town)["planted"] if one["kind"] == "counted_twice"
    }
    states = defaultdict(int)
    for members in oracle.families.values():
        living = [m for m in members if not oracle.dead(m) and m["身份证号"] not in twice]
        rows = [oracle.rows("agriculture.monitor", member) for member in living]
        if not any(rows):
            continue
        assert {len(of_one) for of_one in rows} == {1}
        assert len({of_one[0]["监测对象类别"] for of_one in rows}) == 1
        assert members[0]["城乡分类"] == "农村"
        states[oracle.watched(rows[0][0])] += 1
    assert states[True] > 10
    assert states[False] > 1


def test_an_illness_stands_behind_every_large_bill_and_behind_no_small_one(town: Path) -> None:
    oracle = Oracle(town, AS_OF)
    told = {one["id_number"] for one in truth_of(town)["stories"]}
    kinds = defaultdict(int)
    for member in oracle.tables["civil.hukou"]:
        family = oracle.families[member["户号"]]
        if not member["身份证号"] or family[0]["身份证号"] in told:
            continue
        bills = oracle.rows("medical.settlement", member)
        large = [
            bill
            for bill in bills
            if bill["就医类型"] == "住院"
            and fen(bill["政策范围内费用（元）"]) - fen(bill["基本医保和大病保险支付（元）"])
            >= 4_000_00
        ]
        behind = large or [bill for bill in bills if bill["就医类型"] == "门诊慢特病"]
        listed = oracle.rows("medical.disease", member)
        assert len(listed) == bool(behind)
        for row in listed:
            kinds[row["病种"]] += 1
            assert (row["病种"] == "慢性病") == (not large)
            assert row["认定日期"] <= min(bill["结算日期"] for bill in behind)
            if row["病种"] in ("宫颈癌", "乳腺癌"):
                assert int(member["身份证号"][16]) % 2 == 0
            # In an edge family it would open a guarantee of the person's own.
            if large:
                assert oracle.received(member) & {"CIV-DB", "CIV-EDGE"} != {"CIV-EDGE"}
    assert len(kinds) > 4
    assert kinds["慢性病"] > 20


def test_the_older_pupils_board_and_a_few_of_the_younger(town: Path) -> None:
    boarding = defaultdict(set)
    for row in rows_of(town / "civil.enrolment.csv"):
        boarding[row["学段"]].add(row["寄宿"])
    for stage in ("普通高中", "中职", "大学"):
        assert boarding[stage] == {"是"}
    assert boarding["初中"] == {"是", "否"}
    assert boarding["小学"] == {"否"}


def test_why_somebody_was_taken_away_is_told(small_county: Path) -> None:
    rows = rows_of(small_county / "civil.custody.csv")
    assert {row["类别"] for row in rows} == {"服刑", "强制隔离戒毒", "宣告失踪"}
    for row in rows:
        assert not (row["类别"] == "宣告失踪" and row["结束日期"])
        assert not (row["类别"] == "强制隔离戒毒" and not row["结束日期"])
