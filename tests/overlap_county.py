"""A small county with rows of aid that meet each other, and the runs that find them."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from yimen.core.casework import overlap_cases
from yimen.core.casework.months import month_number
from yimen.core.casework.operators import sit_down
from yimen.core.casework.overlap_evidence import Payment
from yimen.core.casework.overlaps import FoundHit, RunScope, take
from yimen.core.identity import check_digit
from yimen.core.records import OverlapKind
from yimen.core.store import overlaps
from yimen.core.store.home import open_home

TODAY = date(2026, 11, 20)
KINDS: frozenset[OverlapKind] = frozenset({"duplicate", "multi_source", "missed", "wrongly_kept"})
VILLAGE, OTHER_VILLAGE = "370499101203", "370499201201"


def run_on(day: str = "2026-11-20", **given: Any) -> RunScope:
    """A run of the whole county over all programmes that these tests name."""
    scope: dict[str, Any] = {
        "run_no": f"S{day}", "rules_on": date.fromisoformat(day), "division": "370499",
        "facts_as_of": date.fromisoformat(day), "whole": True, "kinds": KINDS,
        "programmes": frozenset({"CIV-DB", "CIV-EDGE", "MED-IN", "MED-TILT", "MED-APP"}),
    }  # fmt: skip
    return RunScope(**scope | given)


def paid(
    payer: str, first: str, last: str, amount: int | None, programme: str = "CIV-DB",
    monthly: bool = True,
) -> Payment:  # fmt: skip
    return Payment(
        programme, payer, "civil.assistance", amount, monthly, month_number(first),
        month_number(last),
    )  # fmt: skip


HUKOU = ["姓名", "身份证号", "户号", "与户主关系", "行政区划", "城乡分类", "人户分离"]
AID = ["姓名", "身份证号", "救助项目", "发放地区", "月救助金额(元)", "享受起始", "享受截止"]
BILLS = ["姓名", "身份证号", "结算日期", "就医类型", "总费用(元)", "政策范围内费用(元)",
         "基本医保和大病保险支付(元)", "医疗救助支付(元)", "其中倾斜救助(元)"]  # fmt: skip


def number(serial: int) -> str:
    first17 = f"37049919800101{serial:03d}"
    return first17 + check_digit(first17)


WANG, WIFE, LI, SUN = number(1), number(2), number(3), number(4)
FAMILIES = [
    ["王一", WANG, "1", "户主", VILLAGE], ["王妻", WIFE, "1", "配偶", VILLAGE],
    ["李一", LI, "2", "户主", VILLAGE], ["赵无", "", "3", "户主", VILLAGE],
    ["孙一", SUN, "4", "户主", OTHER_VILLAGE],
]  # fmt: skip
PAID = [
    # Paid by two counties from April to June; long over.
    ["王一", WANG, "低保", "甲县", "300", "2026-01-01", ""],
    ["王一", WANG, "低保", "乙县", "200", "2026-04-01", "2026-07-01"],
    # One record after the other.
    ["李一", LI, "低保", "甲县", "300", "2025-01-01", "2025-06-01"],
    ["李一", LI, "低保", "乙县", "300", "2025-06-01", ""],
    # Without a number, and one number under two names: nobody's.
    ["赵无", "", "低保", "甲县", "300", "2026-01-01", ""],
    ["赵无", "", "低保", "乙县", "300", "2026-01-01", ""],
    ["孙一", SUN, "低保", "甲县", "300", "2026-01-01", ""],
    ["孙一", SUN, "低保", "乙县", "300", "2026-01-01", ""],
    ["孙二", SUN, "低保", "乙县", "300", "2026-01-01", ""],
]
SETTLED = [
    ["王妻", WIFE, "2026-05-03", "住院", "1200", "1000", "700", "500", "0"],
    ["王妻", WIFE, "2026-06-03", "住院", "1200", "1000", "700", "300", "0"],
    ["王妻", WIFE, "2026-07-03", "住院", "1200", "1000", "900", "250", "250"],
    ["李一", LI, "2026-07-03", "住院", "1200", "", "900", "500", "0"],
]


class Small:
    """A home of four families, its desk, and the runs that are taken into it."""

    def __init__(self, runner: Any, catalogue: Any, folder: Path, *, loaded: bool = False) -> None:
        self.yimen, self.catalogue, self._folder = runner, catalogue, folder
        if not loaded:
            self.load("civil.hukou", HUKOU, [[*row, "农村", "否"] for row in FAMILIES])
            self.load("civil.assistance", AID, PAID)
            self.load("medical.settlement", BILLS, SETTLED)
        self.desk: Any = sit_down(open_home(runner.home, today=TODAY))
        file = runner.json("query", WANG)["household"]
        self.family = file["household_no"]
        self.wang, self.wife = (m["member_no"] for m in file["members"])

    def load(
        self, source: str, header: list[str], rows: list[list[str]], day: str = "2026-11-20"
    ) -> None:
        path = self._folder / f"{source}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])
        on_that_day = replace(self.yimen, day=day)
        on_that_day("source", "load", source, path, "--as-of", day)

    def take(self, *found: FoundHit, day: str = "2026-11-20", **scope: Any) -> dict[str, int]:
        taken = take(self.desk, self.catalogue, found, run_on(day, **scope))
        return {k: getattr(taken, k) for k in ("new", "continued", "reopened", "ended")}

    def hits(self, kind: str | None = None) -> list[overlaps.Hit]:
        return overlaps.hits(self.desk.home.casework, kind=kind)

    def acts(self, hit_no: str) -> list[str]:
        return [m["act"] for m in overlaps.moves_of(self.desk.home.casework, hit_no)]

    def resolve(self, hit_no: str, code: str, **given: Any) -> Any:
        return overlap_cases.resolve(
            self.desk, self.catalogue, hit_no, code=code, reason="asked", **given
        )


@pytest.fixture(scope="session")
def _pristine_small_home(
    tmp_path_factory: pytest.TempPathFactory, _pristine_empty_home: Path, shared_catalogue: Any
) -> Path:
    from conftest import Runner, plain_environment

    folder = tmp_path_factory.mktemp("small")
    home = Path(shutil.copytree(_pristine_empty_home, folder / "home"))
    with plain_environment():
        Small(Runner(home), shared_catalogue, folder).desk.home.close()
    return home


@pytest.fixture
def small(_pristine_small_home: Path, shared_catalogue: Any, tmp_path: Path) -> Iterator[Small]:
    from conftest import Runner

    home = Path(shutil.copytree(_pristine_small_home, tmp_path / "home"))
    county = Small(Runner(home), shared_catalogue, tmp_path, loaded=True)
    yield county
    county.desk.home.close()


KEPT = ("CIV-DB",)


def kept(small: Small) -> FoundHit:
    return FoundHit("wrongly_kept", small.family, None, KEPT)


def missed(small: Small, monthly_fen: int | None = None) -> FoundHit:
    return FoundHit("missed", small.family, small.wife, ("CIV-DB",), monthly_fen)


JUST_KEPT: dict[str, Any] = {"kinds": frozenset({"wrongly_kept"})}
JUST_MISSED: dict[str, Any] = {"kinds": frozenset({"missed"})}
JUST_DUPLICATES: dict[str, Any] = {"kinds": frozenset({"duplicate"})}
