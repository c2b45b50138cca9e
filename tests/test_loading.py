"""Loading registers: what a file may look like, and an extract of several files."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from register_files import DAY, HUKOU, members, number, person, refused_whole, snapshots, write

from yimen.core.store.home import open_home
from yimen.core.store.roster import count_households

# -- what a file may look like -------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_in_any_of_the_three_encodings_is_the_same_register(
    yimen_empty: Any, county_files: Path, tmp_path: Path, encoding: str
) -> None:
    original = county_files / "civil.hukou.csv"
    text = original.read_text("utf-8")
    assert any(ord(c) > 0x9FFF or 0x4DB5 < ord(c) < 0x4E00 or ord(c) < 0x4DC0 for c in text)
    file = tmp_path / "extract.csv"
    file.write_bytes(text.encode(encoding))
    first = yimen_empty.json("source", "load", "civil.hukou", original, *DAY)[0]
    second = yimen_empty.json("source", "load", "civil.hukou", file, *DAY)[0]
    assert first["rows"] == second["rows"] == len(text.splitlines()) - 1
    assert (first["rejected"], second["rejected"], second["snapshot_no"]) == (0, 0, 2)
    digests = {s["digest"] for s in snapshots(yimen_empty.home)}
    assert len(digests) == 1


def test_crlf_quotes_and_blank_lines_change_nothing(
    yimen_empty: Any, county_files: Path, tmp_path: Path
) -> None:
    with (county_files / "civil.death.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    other = tmp_path / "other.csv"
    with other.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerows(rows)
        file.write("\r\n\r\n")
    for path in (county_files / "civil.death.csv", other):
        yimen_empty("source", "load", "civil.death", path, *DAY)
    first, second = snapshots(yimen_empty.home)
    assert first["digest"] == second["digest"]
    assert first["rows"] == len(rows) - 1


def test_brackets_of_a_header_may_be_of_either_width(
    yimen_empty: Any, county_files: Path, tmp_path: Path
) -> None:
    wide = (county_files / "civil.assistance.csv").read_text("utf-8")
    head, __, rows = wide.partition("\n")
    assert "月救助金额（元）" in head
    narrow = tmp_path / "narrow.csv"
    narrow.write_text(f"{head.replace('（', '(').replace('）', ')')}\n{rows}", "utf-8")
    for path in (county_files / "civil.assistance.csv", narrow):
        yimen_empty("source", "load", "civil.assistance", path, *DAY)
    assert len({s["digest"] for s in snapshots(yimen_empty.home)}) == 1
    both = tmp_path / "both.csv"
    both.write_text(f"{head.rstrip()},月救助金额(元)\n", "utf-8")
    said = refused_whole(yimen_empty, "civil.assistance", both, *DAY)
    assert "more than one column 月救助金额(元)" in said


@pytest.mark.parametrize(
    "header",
    [
        ["name", "id_number", "household_key", "relation", "division", "zone", "separated"],
        ["姓名", "公民身份号码", "户号", "关系", "区划代码", "城乡分类", "人户分离"],
        ["姓名", "证件号码", "Household key", "Relation to head", "Division", "Urban or rural",
         "Lives elsewhere than registered"],
        [" 姓名 ", "身份证号", " 户号", "关系", "区划代码 ", "城乡分类", "人户分离"],
    ],
)  # fmt: skip
def test_a_column_may_be_spelled_in_any_declared_way_and_stand_anywhere(
    yimen_empty: Any, tmp_path: Path, header: list[str]
) -> None:
    rows = [person("甲", number(1), "K1"), person("乙", number(2), "K1", "妻")]
    usual = write(tmp_path / "a.csv", HUKOU, rows)
    turned = write(
        tmp_path / "b.csv",
        ["备注", *reversed(header)],
        [["a note", *reversed(row)] for row in rows],
    )
    for path in (usual, turned):
        yimen_empty("source", "load", "hukou", path, *DAY)
    first, second = snapshots(yimen_empty.home)
    assert first["digest"] == second["digest"]


def test_full_width_digits_a_small_x_and_odd_spaces_are_read_as_what_they_are(
    yimen_empty: Any, tmp_path: Path
) -> None:
    plain = next(n for n in map(number, range(1, 99)) if n.endswith("X"))
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in plain).lower()
    for n, (name, id_number) in enumerate([("艾力·买买提", plain), ("艾力 • 买买提", f" {wide} ")]):
        path = write(tmp_path / f"{n}.csv", HUKOU, [person(name, id_number, "K1")])
        yimen_empty("source", "load", "hukou", path, *DAY)
    first, second = snapshots(yimen_empty.home)
    assert first["digest"] == second["digest"]


def test_an_old_number_of_fifteen_digits_is_the_same_person(
    yimen_empty: Any, tmp_path: Path
) -> None:
    new = number(123)
    old = new[:6] + new[8:17]
    path = write(tmp_path / "a.csv", HUKOU, [person("甲", old, "K1")])
    yimen_empty("source", "load", "hukou", path, *DAY)
    found = yimen_empty.json("query", new, "--unmask")
    assert [m["id_number"] for m in found["household"]["members"]] == [new]


# -- an extract of several files -----------------------------------------------------------------


def towns(folder: Path) -> tuple[Path, Path]:
    """A residence register in two files, the second one in the other encoding."""
    one = write(folder / "one.csv", HUKOU, [person("甲", number(1), "K1"), person("乙", "", "K1")])
    two = [person("丙", number(2), "K2"), person("丁", "123", "K2"), person("戊", number(3), "K1")]
    return one, write(folder / "two.csv", HUKOU, two, "gb18030")


def test_files_of_one_extract_are_one_snapshot_and_one_roster(
    yimen_empty: Any, tmp_path: Path
) -> None:
    loaded = yimen_empty("source", "load", "hukou", *towns(tmp_path), *DAY, "--format", "jsonl",
                         code=6).rows  # fmt: skip
    assert [(x["snapshot_no"], x["rows"], x["rejected"]) for x in loaded] == [(1, 4, 1)]
    (snapshot,) = snapshots(yimen_empty.home)
    assert snapshot["file_name"] == "one.csv, two.csv"
    (path,) = (yimen_empty.home / "rejected").iterdir()
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, (name, line, __) = csv.reader(file)
    assert (header, name, line) == (["file", "line", "reason"], "two.csv", "3")
    # The household stands in both files.
    assert sorted(members(yimen_empty, "H0000001")) == sorted(["甲", "乙", "戊"])


@pytest.mark.parametrize(
    "spoil, words",
    [
        (lambda path: path.write_text("a,b\n1,2\n"), "no column"),
        (lambda path: write(path, HUKOU, [person("丁", "123", "K2")]), "All 1 rows are refused"),
        (lambda path: path.unlink(), "cannot be read"),
        (lambda path: path.write_bytes(b"PK\x03\x04"), "workbook"),
    ],
)
def test_one_bad_file_keeps_all_of_the_extract_out(
    yimen_empty: Any, tmp_path: Path, spoil: Callable[[Path], object], words: str
) -> None:
    one, two = towns(tmp_path)
    spoil(two)
    said = refused_whole(yimen_empty, "hukou", one, two, *DAY)
    assert words in said
    assert "two.csv" in said


def test_a_file_named_twice_is_refused(yimen_empty: Any, tmp_path: Path) -> None:
    one, __ = towns(tmp_path)
    assert "named twice" in refused_whole(
        yimen_empty, "hukou", one, tmp_path / "." / "one.csv", *DAY
    )


def test_a_manifest_names_several_files_of_one_extract(yimen_empty: Any, tmp_path: Path) -> None:
    files = [
        {"file": path.name, "source": "civil.hukou", "as_of": "2026-11-20", "covers": ["370499"],
         "rows": 2, "encoding": "utf-8"}
        for path in towns(tmp_path)
    ]  # fmt: skip
    told = {"as_of": "2026-11-20", "synthetic": True, "files": files}
    (tmp_path / "manifest.json").write_text(json.dumps(told))
    yimen_empty("source", "load", "--all", tmp_path, code=6)
    assert [(s["snapshot_no"], s["rows"]) for s in snapshots(yimen_empty.home)] == [(1, 4)]


def test_a_row_s_number_tells_its_file_and_its_line(yimen_empty: Any, tmp_path: Path) -> None:
    from yimen.core.store.home import open_home
    from yimen.core.store.snapshots import place_of, snapshots_of

    yimen_empty("source", "load", "hukou", *towns(tmp_path), *DAY, code=6)
    home = open_home(yimen_empty.home)
    (snapshot,) = snapshots_of(home)
    rows = home.registers.conn.execute(f'SELECT name, row_no FROM "{snapshot.table}"').fetchall()
    home.close()
    assert {name: place_of(snapshot, number) for name, number in rows} == {
        "甲": ("one.csv", 2), "乙": ("one.csv", 3), "丙": ("two.csv", 2), "戊": ("two.csv", 4),
    }  # fmt: skip


def test_a_roster_s_size_is_kept_and_counted_where_an_earlier_version_kept_none(
    yimen_empty: Any, county_files: Path
) -> None:
    for _load in "ab":
        yimen_empty("source", "load", "civil.hukou", county_files / "civil.hukou.csv", *DAY)
    with sqlite3.connect(yimen_empty.home / "registers.db") as conn:
        (counted,) = conn.execute("SELECT COUNT(DISTINCT household_no) FROM roster__1").fetchone()
        kept = dict(conn.execute("SELECT roster, households FROM roster_size"))
    assert kept == {"roster__1": counted, "roster__2": counted}
    home = open_home(yimen_empty.home)
    assert count_households(home, "roster__2") == counted > 0
    home.registers.conn.execute("DROP TABLE roster_size")
    assert count_households(home, "roster__2") == counted
