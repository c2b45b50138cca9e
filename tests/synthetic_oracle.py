"""An oracle that finds every kind of trouble in a made-up county by its definition.

It reads the CSV files alone, by their Chinese headers, and knows nothing of the generator.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from synthetic_county import (
    CHILDREN,
    HEADS,
    RECOGNISED,
    SCHOOLS,
    STANDARD_YEAR,
    Finding,
    Rows,
    age,
    fen,
    rows_of,
    whole_months,
)


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
        if any(fen(row["医疗救助支付（元）"]) > 0 for row in self.recent_bills(member)):
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
            fen(row["净收入（元）"])
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
                    total += fen(row["净收入（元）"])
            for row in self.rows("civil.pension", member):
                if self.runs(row, "起发日期", "停发日期"):
                    total += 12 * fen(row["月发放额（元）"])
                    if row["待遇类型"] == "城乡居民" and not basic_counts:
                        total -= 12 * fen(row["其中中央基础养老金（元）"])
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
            fen(row["余额（元）"]) for member in counted for row in self.rows("civil.bank", member)
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
            fen(row["政策范围内费用（元）"]) - fen(row["基本医保和大病保险支付（元）"])
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
