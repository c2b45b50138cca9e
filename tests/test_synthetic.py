"""The made-up county: what is in its files is exactly what truth.json says was planted there.

The oracle below reads the CSV files alone, by their Chinese headers, and knows nothing of the
generator: it finds every kind of trouble by its definition.
"""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Literal

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import yimen.core.declarations
from yimen.core.casework.register_file import RegisterFile, RejectedRow
from yimen.core.declarations import Source
from yimen.core.errors import BadFile, BadValue
from yimen.core.identity import normalise_id
from yimen.core.results import Manifest, Truth
from yimen.core.synthetic.registers import WRITTEN
from yimen.core.synthetic.writer import write_county

PLUGINS = Path(yimen.core.declarations.__file__).parents[1] / "plugins"
SOURCES = [
    source
    for path in sorted([*PLUGINS.glob("*/sources.json"), *PLUGINS.glob("*/sources/*.json")])
    for source in msgspec.json.decode(path.read_bytes(), type=list[Source])
    if source.source in WRITTEN
]
AS_OF = date(2026, 11, 20)
STANDARD_YEAR = 12 * 900_00
Rows = list[dict[str, str]]
Finding = tuple[str, str, str, str]

HEADS = {"户主", "配偶", "夫", "妻"}
CHILDREN = {"子", "儿子", "独生子", "长子", "次子", "女", "女儿", "独生女", "长女", "次女"}
RECOGNISED = {
    "最低生活保障": "CIV-DB",
    "低保边缘家庭": "CIV-EDGE",
    "残疾人两项补贴": "CIV-DIS2",
    "单人保": "CIV-DB1",
    "事实无人抚养儿童": "CIV-DFC",
}
SCHOOLS = {"小学", "初中", "普通高中", "中职", "大学"}


def make(
    directory: Path,
    households: int = 300,
    seed: int = 7,
    *,
    as_of: date = AS_OF,
    encoding: Literal["utf-8", "gb18030"] = "utf-8",
) -> Any:
    return write_county(
        directory,
        households=households,
        seed=seed,
        as_of=as_of,
        encoding=encoding,
        sources=SOURCES,
    )


def rows_of(path: Path, encoding: str = "utf-8") -> Rows:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


def truth_of(directory: Path) -> Any:
    return json.loads((directory / "truth.json").read_text("utf-8"))


def fen(yuan: str) -> int:
    assert re.fullmatch(r"\d+\.\d\d", yuan)
    return int(yuan.replace(".", ""))


def whole_months(start: str, end: date) -> int:
    day = date.fromisoformat(start)
    return 12 * (end.year - day.year) + end.month - day.month - (end.day < day.day)


def age(id_number: str, on: date) -> int:
    born = date.fromisoformat(f"{id_number[6:10]}-{id_number[10:12]}-{id_number[12:14]}")
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("county")
    make(directory)
    return directory


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """1,500 households, made once: enough for what a few families in a hundred have."""
    directory = tmp_path_factory.mktemp("town")
    make(directory, 1_500, 5)
    return directory


@pytest.fixture(scope="module")
def small_county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """3,000 households, made once: enough for what a few families in a thousand have."""
    directory = tmp_path_factory.mktemp("small-county")
    make(directory, 3_000, 5)
    return directory


class Oracle:
    """Reads a county's CSV files and finds what the definitions of trouble say."""

    def __init__(self, directory: Path, as_of: date) -> None:
        self.as_of = as_of
        self.tables = {path.stem: rows_of(path) for path in sorted(directory.glob("*.csv"))}
        self.by_id: dict[str, dict[str, Rows]] = {}
        for name, rows in self.tables.items():
            index = self.by_id[name] = defaultdict(list)
            for row in rows:
                index[row["身份证号"]].append(row)
        self.families: dict[str, Rows] = {}
        for row in self.tables["civil.hukou"]:
            self.families.setdefault(row["户号"], []).append(row)
        self.numbers = {key: f"H{n:07d}" for n, key in enumerate(self.families, start=1)}

    def rows(self, source: str, member: dict[str, str]) -> Rows:
        found = self.by_id[source].get(member["身份证号"], []) if member["身份证号"] else []
        return [row for row in found if row["姓名"] == member["姓名"]]

    def runs(self, row: dict[str, str], start: str, end: str) -> bool:
        day = self.as_of.isoformat()
        return row[start] <= day and (not row[end] or row[end] > day)

    def dead(self, member: dict[str, str]) -> bool:
        return any(
            row["死亡日期"] <= self.as_of.isoformat() for row in self.rows("civil.death", member)
        )

    def counts(self, member: dict[str, str]) -> bool:
        in_custody = any(
            self.runs(row, "开始日期", "结束日期") for row in self.rows("civil.custody", member)
        )
        if self.dead(member) or in_custody:
            return False
        relation = member["与户主关系"]
        if relation in HEADS:
            return True
        if relation in CHILDREN:
            if not member["身份证号"] or age(member["身份证号"], self.as_of) < 18:
                return True
            for row in self.rows("civil.enrolment", member):
                left = row["离校日期"]
                if (
                    row["学段"] in SCHOOLS
                    and row["全日制"] == "是"
                    and (not left or left > self.as_of.isoformat())
                ):
                    return True
        return relation != "非亲属" and member["人户分离"] == "否"

    def card(self, member: dict[str, str]) -> dict[str, str] | None:
        """The disability card that is valid on the day."""
        day = self.as_of.isoformat()
        valid = [
            row
            for row in self.rows("disability.card", member)
            if row["证件状态"] == "有效" and row["发证日期"] <= day <= row["有效期至"]
        ]
        assert len(valid) <= 1
        return valid[0] if valid else None

    def recent_bills(self, member: dict[str, str]) -> Rows:
        return [
            row
            for row in self.rows("medical.settlement", member)
            if row["结算日期"] <= self.as_of.isoformat()
            and whole_months(row["结算日期"], self.as_of) < 12
        ]

    def insured(self, member: dict[str, str]) -> Rows:
        rows = self.rows("medical.insurance", member)
        return [row for row in rows if row["参保年度"] == str(self.as_of.year)]

    def received(self, member: dict[str, str]) -> set[str]:
        """The programmes that still pay this person."""
        programmes = {
            RECOGNISED.get(row["救助项目"], row["救助项目"])
            for row in self.rows("civil.assistance", member)
            if self.runs(row, "享受起始", "享受截止")
        }
        if any(row["财政资助参保"] == "是" for row in self.insured(member)):
            programmes.add("MED-PREM")
        if any(fen(row["医疗救助支付(元)"]) > 0 for row in self.recent_bills(member)):
            programmes.add("MED-IN")
        if any(
            self.runs(row, "就业困难认定日期", "就业困难认定有效期止")
            for row in self.jobless(member)
        ):
            programmes.add("EMP-REC")
        if any(self.watched(row) for row in self.rows("agriculture.monitor", member)):
            programmes.add("AGR-FP")
        return programmes

    def watched(self, row: dict[str, str]) -> bool:
        return self.runs(row, "纳入监测日期", "风险消除日期")

    def listed_as(self, member: dict[str, str]) -> set[str]:
        """How child welfare lists a child on the day."""
        return {
            row["儿童类别"]
            for row in self.rows("civil.child_welfare", member)
            if self.runs(row, "认定日期", "终止日期")
        }

    def jobless(self, member: dict[str, str]) -> Rows:
        """Registrations with a recognised difficulty."""
        rows = self.rows("employment.registration", member)
        return [row for row in rows if row["就业困难类别"] != "未认定"]

    def wages(self, member: dict[str, str], month: date) -> int:
        """What tax knows of one month's wages, under whatever name."""
        return sum(
            fen(row["净收入(元)"])
            for row in self.by_id["civil.tax_income"].get(member["身份证号"], [])
            if row["所得项目"] == "工资薪金" and row["所得月份"] == month.isoformat()
        )

    def employed(self, member: dict[str, str]) -> bool:
        return any(
            row["缴费方式"] == "单位缴费" and self.runs(row, "缴费起始月份", "缴费截止月份")
            for row in self.rows("employment.contribution", member)
        )

    def income(self, counted: Rows, *, basic_counts: bool = False) -> int:
        total = 0
        for member in counted:
            for row in self.rows("civil.tax_income", member):
                paid_on = row["所得月份"]
                if paid_on <= self.as_of.isoformat() and whole_months(paid_on, self.as_of) < 12:
                    total += fen(row["净收入(元)"])
            for row in self.rows("civil.pension", member):
                if self.runs(row, "起发日期", "停发日期"):
                    total += 12 * fen(row["月发放额(元)"])
                    if row["待遇类型"] == "城乡居民" and not basic_counts:
                        total -= 12 * fen(row["其中中央基础养老金(元)"])
        return total

    def cars(self, counted: Rows) -> Rows:
        return [
            row
            for member in counted
            for row in self.rows("civil.vehicle", member)
            if row["状态"] == "正常" and row["车辆类型"] in ("小型汽车", "货车")
        ]

    def properties(self, counted: Rows, *usages: str) -> Rows:
        return [
            row
            for member in counted
            for row in self.rows("civil.realestate", member)
            if row["权属状态"] == "现势" and row["用途"] in usages
        ]

    def savings(self, counted: Rows) -> int:
        return sum(
            fen(row["余额(元)"]) for member in counted for row in self.rows("civil.bank", member)
        )

    def findings(self) -> set[Finding]:
        found: set[Finding] = set()
        receiving = {
            key: {m["身份证号"]: self.received(m) for m in members}
            for key, members in self.families.items()
        }
        counted_in = defaultdict(list)
        for key, members in self.families.items():
            for member in members:
                if member["身份证号"] and self.counts(member):
                    counted_in[member["身份证号"], member["姓名"]].append(key)
        for key, members in self.families.items():
            programmes = set().union(*receiving[key].values())
            if not programmes:
                continue
            number = self.numbers[key]
            for member in members:
                id_number = member["身份证号"]
                for kind, programme in self.of_member(member, programmes, receiving[key]):
                    found.add((kind, number, id_number, programme))
                if len(counted_in[id_number, member["姓名"]]) > 1:
                    found.add(("counted_twice", number, id_number, "CIV-EDGE"))
            for kind, id_number, programme in self.of_household(members, programmes):
                found.add((kind, number, id_number, programme))
        return found

    def of_member(
        self, member: dict[str, str], programmes: set[str], receiving: dict[str, set[str]]
    ) -> Iterator[tuple[str, str]]:
        id_number = member["身份证号"]
        own = receiving[id_number]
        if any(
            row["姓名"] != member["姓名"]
            for index in self.by_id.values()
            for row in index.get(id_number, [])
        ):
            yield "name_mismatch", ""
        if self.dead(member):
            for programme in own:
                yield "deceased_beneficiary", programme
        aid = self.rows("civil.assistance", member)
        for place, one in enumerate(aid):
            for other in aid[place + 1 :]:
                if self.overlap(one, other):
                    if one["救助项目"] == other["救助项目"]:
                        yield "duplicate", "CIV-DB"
                    elif {one["救助项目"], other["救助项目"]} == {"最低生活保障", "低保边缘家庭"}:
                        yield "multi_source", "CIV-DB+CIV-EDGE"
        as_resident = any(row["参保类型"] == "城乡居民" for row in self.insured(member))
        if "CIV-DB" in programmes and as_resident and "MED-PREM" not in own:
            yield "missed", "MED-PREM"
        share = sum(
            fen(row["政策范围内费用(元)"]) - fen(row["基本医保和大病保险支付(元)"])
            for row in self.recent_bills(member)
            if row["就医类型"] in ("住院", "门诊慢特病")
        )
        deductible = 0 if "CIV-DB" in programmes else 3_000_00
        by_family = programmes & {"CIV-DB", "CIV-EDGE"}
        if by_family and share > deductible and "MED-IN" not in own:
            yield "missed", "MED-IN"
        if "MED-IN" in own and share <= deductible:
            yield "wrongly_kept", "MED-IN"
        if "MED-PREM" in own and not (as_resident and "CIV-DB" in programmes):
            yield "wrongly_kept", "MED-PREM"
        yield from self.of_disabled(member, programmes, own)
        if "EMP-REC" in own and not self.in_difficulty(member, programmes):
            yield "wrongly_kept", "EMP-REC"
        unattended = self.listed_as(member) == {"事实无人抚养儿童"}
        minor = bool(id_number) and age(id_number, self.as_of) < 18
        if unattended and "CIV-DFC" not in own:
            yield "missed", "CIV-DFC"
        if "CIV-DFC" in own and not (unattended and minor):
            yield "wrongly_kept", "CIV-DFC"

    def in_difficulty(self, member: dict[str, str], programmes: set[str]) -> bool:
        """Registered, of working age, without work, and for a reason that a register bears out."""
        male = int(member["身份证号"][16]) % 2 == 1
        years = age(member["身份证号"], self.as_of)
        reasons = {
            "低保家庭成员": "CIV-DB" in programmes and self.counts(member),
            "残疾人": self.card(member) is not None,
            "大龄人员": years >= (50 if male else 40),
        }
        return (
            16 <= years < (60 if male else 55)
            and not self.employed(member)
            and all(
                self.runs(row, "失业登记日期", "失业登记注销日期") for row in self.jobless(member)
            )
            and all(reasons[row["就业困难类别"]] for row in self.jobless(member))
        )

    def of_disabled(
        self, member: dict[str, str], programmes: set[str], own: set[str]
    ) -> Iterator[tuple[str, str]]:
        """The living subsidy is of dibao and edge families, nursing of grades one and two."""
        card = self.card(member)
        living = bool(card) and bool(programmes & {"CIV-DB", "CIV-EDGE"})
        nursing = card is not None and card["残疾等级"] in ("一级", "二级")
        counts = self.counts(member)
        if living and counts and "CIV-DIS2" not in own:
            yield "missed", "CIV-DIS2"
        if "CIV-DIS2" in own and not (living or nursing):
            yield "wrongly_kept", "CIV-DIS2"
        mental = card is not None and (card["残疾等级"], card["残疾类别"]) in (
            ("三级", "智力"),
            ("三级", "精神"),
        )
        alone = "CIV-EDGE" in programmes and "CIV-DB" not in programmes and (nursing or mental)
        if alone and counts and "CIV-DB1" not in own:
            yield "missed", "CIV-DB1"
        if "CIV-DB1" in own and not alone:
            yield "wrongly_kept", "CIV-DB1"

    def overlap(self, one: dict[str, str], other: dict[str, str]) -> bool:
        ends = [row["享受截止"] or "9999-12-31" for row in (one, other)]
        return one["享受起始"] < ends[1] and other["享受起始"] < ends[0]

    def of_household(self, members: Rows, programmes: set[str]) -> Iterator[tuple[str, str, str]]:
        counted = [member for member in members if self.counts(member)]
        standard = STANDARD_YEAR * len(counted)
        homes = len(self.properties(counted, "住宅", "农村宅基地"))
        others = len(self.properties(counted, "商铺", "其他"))
        cars = self.cars(counted)
        for programme, multiple, savings, cars_allowed in (
            ("CIV-DB", 10, 2, 0),
            ("CIV-EDGE", 15, 3, 1),
        ):
            if programme not in programmes:
                continue
            assets = (
                homes > 1
                or others > 0
                or len(cars) > cars_allowed
                or self.savings(counted) > savings * standard
            )
            if assets:
                yield "undeclared_asset", cars[0]["身份证号"] if cars else "", programme
            if assets or 10 * self.income(counted) >= multiple * standard:
                yield "wrongly_kept", "", programme


def planted_in(directory: Path) -> set[Finding]:
    """The planted truths; a family's wrong keeping is the family's, whoever's rows show it."""
    return {
        (
            one["kind"],
            one["household_no"],
            "" if one["kind"] == "wrongly_kept" else one["id_number"],
            one["programme"] or "",
        )
        for one in truth_of(directory)["planted"]
    }


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
                own = fen(row["个人月缴费额(元)"])
                assert own < fen(row["月缴费基数(元)"])
                if row["缴费方式"] == "单位缴费":
                    assert fen(row["月缴费基数(元)"]) >= paid or row["缴费截止月份"]
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
            and fen(bill["政策范围内费用(元)"]) - fen(bill["基本医保和大病保险支付(元)"])
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


def test_the_same_arguments_give_the_same_bytes(county: Path, tmp_path: Path) -> None:
    make(tmp_path)
    names = sorted(path.name for path in county.iterdir())
    assert names == sorted(path.name for path in tmp_path.iterdir())
    assert [(tmp_path / n).read_bytes() for n in names] == [
        (county / n).read_bytes() for n in names
    ]


def test_another_seed_gives_another_county(county: Path, tmp_path: Path) -> None:
    make(tmp_path, seed=8)
    one, other = ((d / "civil.hukou.csv").read_bytes() for d in (county, tmp_path))
    assert one != other


def test_a_gb18030_county_has_the_same_rows_and_keeps_rare_characters(
    county: Path, tmp_path: Path
) -> None:
    manifest = make(tmp_path, encoding="gb18030")
    assert {file["encoding"] for file in manifest["files"]} == {"gb18030"}
    for source in SOURCES:
        name = f"{source.source}.csv"
        assert rows_of(tmp_path / name, "gb18030") == rows_of(county / name)
    assert (tmp_path / "civil.hukou.csv").read_bytes() != (county / "civil.hukou.csv").read_bytes()
    names = "".join(row["姓名"] for row in rows_of(tmp_path / "civil.hukou.csv", "gb18030"))
    assert {"·", "㛃", "䶮", "欧"} <= set(names)
    with pytest.raises(UnicodeEncodeError):
        names.encode("gbk")


def test_every_number_is_of_the_unassigned_county_and_belongs_to_one_person(county: Path) -> None:
    twice = {
        one["id_number"] for one in truth_of(county)["planted"] if one["kind"] == "counted_twice"
    }
    residents = [row["身份证号"] for row in rows_of(county / "civil.hukou.csv")]
    numbers = [number for number in residents if number]
    assert {n for n in numbers if numbers.count(n) > 1} == twice
    assert len(twice) == 1
    for source in SOURCES:
        for row in rows_of(county / f"{source.source}.csv"):
            if source.source != "civil.hukou" or row["身份证号"]:
                assert row["身份证号"].startswith("370499")
                assert normalise_id(row["身份证号"], synthetic=True) == row["身份证号"]
                assert row["身份证号"] in numbers


def test_a_few_residents_without_aid_have_no_number(county: Path) -> None:
    oracle = Oracle(county, AS_OF)
    unnumbered = [m for m in oracle.tables["civil.hukou"] if not m["身份证号"]]
    assert len(unnumbered) == 2
    for row in unnumbered:
        assert not set().union(*(oracle.received(m) for m in oracle.families[row["户号"]]))


def test_every_cell_is_what_its_source_declares(county: Path) -> None:
    for source in SOURCES:
        for row in rows_of(county / f"{source.source}.csv"):
            for column in source.columns:
                cell = row[column.names.zh]
                if not cell and column.empty is not msgspec.UNSET:
                    continue
                if column.column == "recognised_from" and row["就业困难类别"] == "未认定":
                    assert not cell
                    continue
                if column.type == "money":
                    assert fen(cell) >= (column.minimum or 0)
                elif column.type == "integer":
                    assert (column.minimum or 0) <= int(cell) <= (column.maximum or 10**9)
                elif column.type == "code":
                    assert any(cell in spellings for spellings in column.codes.values())
                elif column.type == "date" and (cell or column.empty is msgspec.UNSET):
                    assert date.fromisoformat(cell)
                elif column.type == "division":
                    assert re.fullmatch(r"370499(001|101|102|201|202)\d{3}", cell)
                elif column.type == "boolean":
                    in_doubt = column.column == "separated" and row["户号"] == "SYN0000043"
                    assert cell in (("是", "否", "") if in_doubt else ("是", "否"))
                elif column.type == "text":
                    assert cell


def test_the_manifest_tells_every_file_and_its_rows(county: Path, tmp_path: Path) -> None:
    manifest = make(tmp_path)
    assert json.loads((tmp_path / "manifest.json").read_text("utf-8")) == manifest
    assert (manifest["seed"], manifest["as_of"], manifest["synthetic"]) == (7, "2026-11-20", True)
    assert manifest["files"] == [
        {
            "file": f"{source.source}.csv",
            "source": source.source,
            "as_of": "2026-11-20",
            "covers": ["370499"],
            "rows": len(rows_of(county / f"{source.source}.csv")),
            "encoding": "utf-8",
        }
        for source in SOURCES
    ]
    assert all(file["rows"] for file in manifest["files"])


def test_the_manifest_and_the_truth_keep_their_contracts(county: Path) -> None:
    manifest = msgspec.json.decode((county / "manifest.json").read_bytes(), type=Manifest)
    truth = msgspec.json.decode((county / "truth.json").read_bytes(), type=Truth)
    assert (manifest.seed, truth.seed, truth.households) == (7, 7, 300)
    assert {one.programme for one in truth.planted if one.kind == "name_mismatch"} == {None}


def test_the_loader_rejects_no_row(county: Path) -> None:
    for source in SOURCES:
        file = RegisterFile(county / f"{source.source}.csv", source, synthetic=True)
        rows = list(file.rows())
        assert [row for row in rows if isinstance(row, RejectedRow)] == []
        assert len(rows) == len(rows_of(county / f"{source.source}.csv"))


def test_headers_and_spellings_come_from_the_declarations(tmp_path: Path) -> None:
    vehicle = next(source for source in SOURCES if source.source == "civil.vehicle")
    columns = [
        msgspec.structs.replace(
            column,
            names=msgspec.structs.replace(column.names, zh=f"改{column.names.zh}"),
            codes={code: [f"新{code}"] for code in column.codes},
        )
        for column in reversed(vehicle.columns)
    ]
    changed = msgspec.structs.replace(vehicle, columns=columns)
    write_county(tmp_path, households=60, seed=1, as_of=AS_OF, sources=[changed])
    rows = rows_of(tmp_path / "civil.vehicle.csv")
    header = ["姓名", "身份证号", "改初次登记日期", "改状态", "改车辆类型", "改号牌号码"]
    assert list(rows[0]) == header
    assert {row["改状态"] for row in rows} <= {"新NORMAL", "新SCRAPPED"}
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "civil.vehicle.csv",
        "manifest.json",
        "truth.json",
    ]


def test_an_unknown_source_gets_no_file_that_would_say_nobody_is_in_it(tmp_path: Path) -> None:
    ships = msgspec.structs.replace(SOURCES[1], source="transport.ship")
    manifest = write_county(tmp_path, households=5, seed=1, as_of=AS_OF, sources=[ships])
    assert manifest["files"] == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["manifest.json", "truth.json"]


def test_every_source_that_the_county_writes_has_rows_in_it(county: Path) -> None:
    manifest = json.loads((county / "manifest.json").read_text("utf-8"))
    rows = {file["source"]: file["rows"] for file in manifest["files"]}
    assert set(rows) == WRITTEN == {source.source for source in SOURCES}
    assert all(rows.values())


def test_households_stand_in_the_order_of_their_numbers(county: Path) -> None:
    keys = list(dict.fromkeys(row["户号"] for row in rows_of(county / "civil.hukou.csv")))
    assert keys == [f"SYN{n:07d}" for n in range(1, 301)]


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
        fen(row["政策范围内费用(元)"]) - fen(row["基本医保和大病保险支付(元)"]) for row in bills
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


def test_progress_is_told_and_ends_at_the_total(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    write_county(
        tmp_path,
        households=450,
        seed=1,
        as_of=AS_OF,
        sources=SOURCES,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told == [(200, 450), (400, 450), (450, 450)]


@pytest.mark.parametrize(
    "households, as_of", [(0, AS_OF), (10, date(1999, 12, 31)), (10, date(2100, 1, 1))]
)
def test_an_impossible_county_is_refused_and_nothing_is_written(
    tmp_path: Path, households: int, as_of: date
) -> None:
    with pytest.raises(BadValue):
        make(tmp_path / "county", households, as_of=as_of)
    assert not (tmp_path / "county").exists()


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path: Path) -> None:
    in_the_way = tmp_path / "county"
    in_the_way.write_text("precious", "utf-8")
    with pytest.raises(BadFile) as caught:
        make(in_the_way)
    assert caught.value.where == str(in_the_way)
    assert in_the_way.read_text("utf-8") == "precious"


def test_a_county_that_was_not_finished_has_no_manifest(county: Path, tmp_path: Path) -> None:
    make(tmp_path, 300)

    def killed(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_county(
            tmp_path, households=300, seed=7, as_of=AS_OF, sources=SOURCES, progress=killed
        )
    assert not (tmp_path / "manifest.json").exists()
