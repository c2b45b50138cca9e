"""The files of the made-up county: the same bytes, every cell as declared, nothing half made."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import msgspec
import pytest
from synthetic_county import AS_OF, SOURCES, fen, make, rows_of, truth_of
from synthetic_oracle import Oracle

from yimen.core.casework.register_file import RegisterFile, RejectedRow
from yimen.core.errors import BadFile, BadValue
from yimen.core.identity import normalise_id
from yimen.core.results import Manifest, Truth
from yimen.core.synthetic.registers import WRITTEN
from yimen.core.synthetic.writer import write_county


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
