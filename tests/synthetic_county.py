"""Made-up counties that several chapters read, and the rows and numbers in their files."""

from __future__ import annotations

import csv
import json
import re
from datetime import date
from pathlib import Path
from typing import Any, Literal

import msgspec
import pytest

import yimen.core.declarations
from yimen.core.declarations import Source
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


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("county")
    make(directory)
    return directory


@pytest.fixture(scope="session")
def small_county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """3,000 households, made once: enough for what a few families in a thousand have."""
    directory = tmp_path_factory.mktemp("small-county")
    make(directory, 3_000, 5)
    return directory


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
