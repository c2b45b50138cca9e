"""Loading registers: a file's good rows or nothing, whatever comes and whenever it is killed."""

from __future__ import annotations

import csv
import json
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from yimen.core.identity import check_digit

HUKOU = ["姓名", "身份证号", "户号", "与户主关系", "行政区划", "城乡分类", "人户分离"]
PENSION = ["姓名", "身份证号", "待遇类型", "月发放额(元)", "其中中央基础养老金(元)", "起发日期",
           "停发日期"]  # fmt: skip
DAY = ["--as-of", "2026-11-20"]


def number(serial: int, born: str = "19800101") -> str:
    """An ID number of the unassigned county."""
    first17 = f"370499{born}{serial:03d}"
    return first17 + check_digit(first17)


def person(name: str, id_number: str, household: str, relation: str = "户主") -> list[str]:
    return [name, id_number, household, relation, "370499101203", "农村", "否"]


def write(
    path: Path, header: Sequence[str], rows: Iterable[Sequence[str]], encoding: str = "utf-8"
) -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def tables(path: Path, leave_out: Iterable[str] = ()) -> dict[str, list[Any]]:
    """All rows of all tables of a database file."""
    conn = sqlite3.connect(path)
    names = [n for (n,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {
        name: conn.execute(f'SELECT * FROM "{name}"').fetchall()
        for name in sorted(names)
        if name not in leave_out
    }
    conn.close()
    return found


def contents(home: Path) -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
    """Everything in a home but its journal."""
    return tables(home / "casework.db", {"journal"}), tables(home / "registers.db")


def snapshots(home: Path) -> list[dict[str, Any]]:
    conn = sqlite3.connect(home / "casework.db")
    conn.row_factory = sqlite3.Row
    found = [dict(r) for r in conn.execute("SELECT * FROM snapshot ORDER BY rowid")]
    conn.close()
    return found


def rejects(home: Path) -> list[tuple[int, str]]:
    """Line and reason of the only reject file."""
    (path,) = (home / "rejected").iterdir()
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["line", "reason"]
    return [(int(line), reason) for line, reason in rows]


def members(yimen: Any, household: str) -> dict[str, tuple[str, str | None]]:
    """name -> (member_no, ID number)."""
    file = yimen.json("household", "show", household, "--unmask")
    return {m["name"]: (m["member_no"], m["id_number"]) for m in file["household"]["members"]}


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


# -- files that are refused as a whole -----------------------------------------------------------


def refused_whole(yimen: Any, *words: object, code: int = 5) -> str:
    """Runs a load that must change nothing at all; its sentence."""
    before = contents(yimen.home)
    said = yimen("source", "load", *words, code=code)
    assert contents(yimen.home) == before
    assert said.out == ""
    assert said.err.count("\n") == 1, said.err
    assert not (yimen.home / "rejected").exists()
    return str(said.err)


@pytest.mark.parametrize("gone", range(len(HUKOU)))
def test_a_missing_column_is_named_and_nothing_changes(
    yimen_empty: Any, tmp_path: Path, gone: int
) -> None:
    header = [c for n, c in enumerate(HUKOU) if n != gone]
    row = [c for n, c in enumerate(person("甲", number(1), "K1")) if n != gone]
    path = write(tmp_path / "a.csv", header, [row])
    said = refused_whole(yimen_empty, "civil.hukou", path, *DAY)
    assert said == (
        f"{path}:1: The file has no column {HUKOU[gone]}. "
        "`yimen source show civil.hukou` lists the columns.\n"
    )


def test_a_column_that_stands_twice_is_not_chosen_by_the_machine(
    yimen_empty: Any, tmp_path: Path
) -> None:
    row = [*person("甲", number(1), "K1"), "K2"]
    path = write(tmp_path / "a.csv", [*HUKOU, "户号"], [row])
    assert "more than one column 户号" in refused_whole(yimen_empty, "hukou", path, *DAY)


UNREADABLE = {
    "bytes": bytes(range(128, 256)) * 50,
    "a picture": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes([255, 128] * 100),
    "an endless cell": b"a" * 200_000,
    "an open quote": '姓名,"身份证号\n'.encode() + b"x" * 200_000,
    "nothing": b"",
    "a web page": b"<html><body>please log in</body></html>\n",
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_a_file_that_is_no_register_is_refused(yimen_empty: Any, tmp_path: Path, what: str) -> None:
    path = tmp_path / "extract.csv"
    path.write_bytes(UNREADABLE[what])
    assert refused_whole(yimen_empty, "hukou", path, *DAY).startswith(str(path))


def test_a_cell_that_never_ends_further_down_is_refused_with_its_line(
    yimen_empty: Any, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.csv", HUKOU, [person("甲", number(1), "K1")])
    with path.open("ab") as file:
        file.write(b'"' + b"x" * 200_000)
    assert f"{path}:" in refused_whole(yimen_empty, "hukou", path, *DAY)


def test_a_missing_file_and_a_folder_are_refused(yimen_empty: Any, tmp_path: Path) -> None:
    for path, why in ((tmp_path / "none.csv", "cannot be read"), (tmp_path, "is not a file")):
        assert why in refused_whole(yimen_empty, "hukou", path, *DAY)


def test_a_file_whose_rows_are_all_bad_is_refused_with_the_first_reason(
    yimen_empty: Any, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.csv", HUKOU, [person("甲", "123", "K1"), person("乙", "", "", "?")])
    said = refused_whole(yimen_empty, "hukou", path, *DAY)
    assert said.startswith(f"{path}:2: All 2 rows are refused; the first one because: ")


def test_an_extract_of_tomorrow_is_refused(yimen_empty: Any, county_files: Path) -> None:
    said = refused_whole(
        yimen_empty, "hukou", county_files / "civil.hukou.csv", "--as-of", "2026-11-21"
    )
    assert said.startswith("The as-of date 2026-11-21 is in the future.")


def test_an_extract_for_an_unknown_place_is_refused(yimen_empty: Any, county_files: Path) -> None:
    file = county_files / "civil.hukou.csv"
    refused_whole(yimen_empty, "hukou", file, *DAY, "--covers", "370499999")
    refused_whole(yimen_empty, "hukou", file, *DAY, "--covers", "37")


def test_a_residence_register_covers_the_whole_county(yimen_empty: Any, county_files: Path) -> None:
    file = county_files / "civil.hukou.csv"
    said = refused_whole(yimen_empty, "hukou", file, *DAY, "--covers", "370499101")
    assert said.startswith("A residence register must cover the whole county.")
    yimen_empty("source", "load", "hukou", file, *DAY, "--covers", "370499")


def test_a_manifest_names_only_files_of_its_own_folder(
    yimen_empty: Any, county_files: Path, tmp_path: Path
) -> None:
    manifest = json.loads((county_files / "manifest.json").read_text("utf-8"))
    entry = next(f for f in manifest["files"] if f["source"] == "civil.death")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link.csv").symlink_to(county_files / "civil.death.csv")
    for name in ("../outside.csv", str(county_files / "civil.death.csv"), "link.csv"):
        text = json.dumps({**manifest, "files": [{**entry, "file": name}]})
        (folder / "manifest.json").write_text(text, "utf-8")
        said = refused_whole(yimen_empty, "--all", folder)
        assert "names a file outside its folder" in said


def test_an_unknown_source_is_not_found(yimen_empty: Any, county_files: Path) -> None:
    said = refused_whole(yimen_empty, "civil.moon", county_files / "civil.hukou.csv", *DAY, code=3)
    assert said == "There is no source civil.moon. `yimen source list` shows them.\n"


def test_real_people_are_kept_out_of_a_synthetic_home(yimen_empty: Any, tmp_path: Path) -> None:
    outside = "370498" + number(1)[6:17]
    path = write(
        tmp_path / "a.csv",
        HUKOU,
        [person("甲", outside + check_digit(outside), "K1"), person("乙", number(2), "K2")],
    )
    yimen_empty("source", "load", "hukou", path, *DAY, code=6)
    ((line, reason),) = rejects(yimen_empty.home)
    assert line == 2
    assert "test county" in reason


# -- rows that are refused -----------------------------------------------------------------------

WRONG_DIGIT = number(7)[:17] + ("0" if number(7)[17] != "0" else "1")
BAD_ROWS = {
    "a wrong checksum": (HUKOU, person("诸葛某某", WRONG_DIGIT, "K7"), "check digit"),
    "a number too short": (HUKOU, person("诸葛某某", number(7)[:16], "K7"), "16 characters"),
    "a birth in the future": (
        HUKOU, person("诸葛某某", number(7, "20261121"), "K7"), "lies in the future",
    ),
    "no birth date": (HUKOU, person("诸葛某某", "370499199913010017", "K7"), "birth date"),
    "no name": (HUKOU, person("", number(7), "K7"), "name is empty"),
    "an unknown division": (
        HUKOU, [*person("诸葛某某", number(7), "K7")[:4], "370499999", "农村", "否"], "370499999",
    ),
    "a division that is a number of a person": (
        HUKOU, [*person("诸葛某某", number(7), "K7")[:4], number(7), "农村", "否"], "division",
    ),
    "no division": (
        HUKOU, [*person("诸葛某某", number(7), "K7")[:4], "", "农村", "否"], "'Division' is empty",
    ),
    "no household": (HUKOU, person("诸葛某某", number(7), ""), "'Household key' is empty"),
    "no relation": (HUKOU, person("诸葛某某", number(7), "K7", ""), "'Relation to head' is empty"),
    "a bad code": (HUKOU, person("诸葛某某", number(7), "K7", "诸葛亮"), "'Relation to head'"),
    "neither yes nor no": (
        HUKOU, [*person("诸葛某某", number(7), "K7")[:6], "诸葛亮"],
        "'Lives elsewhere than registered'",
    ),
    "too few cells": (HUKOU, person("诸葛某某", number(7), "K7")[:4], "4 cells"),
    "a comma too many": (
        HUKOU, ["诸葛某某", *person("诸葛某某", number(7), "K7")], "8 cells",
    ),
    "a text of a page": (HUKOU, person("诸葛某某", number(7), "K" * 201), "household_key"),
    "a bad amount": (
        PENSION, ["诸葛某某", number(7), "RESIDENT", "一百元", "0", "2020-01-01", ""],
        "is not an amount",
    ),
    "an amount with three decimals": (
        PENSION, ["诸葛某某", number(7), "RESIDENT", "100.123", "0", "2020-01-01", ""],
        "is not an amount",
    ),
    "a negative amount": (
        PENSION, ["诸葛某某", number(7), "RESIDENT", "-100", "0", "2020-01-01", ""], "monthly_fen",
    ),
    "an amount beyond counting": (
        PENSION, ["诸葛某某", number(7), "RESIDENT", "9" * 30, "0", "2020-01-01", ""], "amount",
    ),
    "a bad date": (
        PENSION, ["诸葛某某", number(7), "RESIDENT", "100", "0", "2020-02-30", ""],
        "is not a date",
    ),
    "a name in the place of a date": (
        PENSION, ["诸葛某某", number(7), "RESIDENT", "100", "0", "诸葛某某", ""], "is not a date",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD_ROWS)
def test_a_bad_row_is_left_out_with_its_line_and_reason_and_without_its_data(
    yimen_empty: Any, tmp_path: Path, shared_catalogue: Any, whole_numbers: Any, what: str
) -> None:
    header, bad, reason = BAD_ROWS[what]
    if header is HUKOU:
        source, good = "civil.hukou", [person("甲", number(1), "K1"), person("乙", number(2), "K2")]
    else:
        (column,) = (c for c in shared_catalogue.source("pension").columns if c.column == "kind")
        kind = next(iter(column.codes))
        source = "civil.pension"
        bad = [kind if c == "RESIDENT" else c for c in bad]
        good = [["甲", number(n), kind, "100.00", "", "2020-01-01", ""] for n in (1, 2)]
    path = write(tmp_path / "extract.csv", header, [good[0], bad, good[1]])
    said = yimen_empty("source", "load", source, path, *DAY, "--format", "json", code=6)
    assert said.err == ""
    (row,) = said.json
    assert (row["rows"], row["rejected"]) == (2, 1)
    assert row["reject_file"].startswith(str(yimen_empty.home))
    ((line, why),) = rejects(yimen_empty.home)
    assert line == 3
    assert reason in why
    everything = said.out + said.err + why
    assert "诸葛" not in everything
    assert whole_numbers(everything) == []
    assert WRONG_DIGIT not in everything
    assert snapshots(yimen_empty.home)[0]["rejected"] == 1
    yimen_empty("source", "load", source, write(path, header, good), *DAY)
    first, second = snapshots(yimen_empty.home)
    # Lines differ, the persons do not.
    assert (first["rows"], second["rows"]) == (2, 2)


def test_a_row_may_be_wrong_in_several_places_and_each_is_named(
    yimen_empty: Any, tmp_path: Path
) -> None:
    bad = ["甲", "1", "K1", "?", "37", "城里", "也许"]
    path = write(tmp_path / "a.csv", HUKOU, [bad, person("乙", number(2), "K2")])
    yimen_empty("source", "load", "hukou", path, *DAY, code=6)
    ((__, why),) = rejects(yimen_empty.home)
    for part in ("ID number", "'Relation to head'", "A division code", "'Urban or rural'",
                 "'Lives elsewhere than registered'"):  # fmt: skip
        assert part in why


def test_the_reject_file_is_for_its_owner_alone(yimen_empty: Any, tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.csv", HUKOU, [person("甲", "1", "K1"), person("乙", number(2), "K2")]
    )
    yimen_empty("source", "load", "hukou", path, *DAY, code=6)
    assert (yimen_empty.home / "rejected").stat().st_mode & 0o077 == 0


# -- households and persons through time ---------------------------------------------------------


def load(yimen: Any, tmp_path: Path, rows: Sequence[Sequence[str]]) -> None:
    yimen("source", "load", "hukou", write(tmp_path / "hukou.csv", HUKOU, rows), *DAY)


def test_numbers_of_households_and_members_outlast_a_reload_in_another_order(
    yimen: Any, county_files: Path, tmp_path: Path
) -> None:
    columns = "household_no, member_no, id_number, name"
    conn = sqlite3.connect(yimen.home / "registers.db")
    before = conn.execute(f"SELECT {columns} FROM roster__1").fetchall()
    with (county_files / "civil.hukou.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    turned = write(tmp_path / "turned.csv", header, reversed(rows))
    yimen("source", "load", "civil.hukou", turned, *DAY)
    after = conn.execute(f"SELECT {columns} FROM roster__2").fetchall()
    conn.close()
    assert len(before) > 800
    assert sorted(after, key=repr) == sorted(before, key=repr)


def test_a_person_who_moves_keeps_the_number_and_no_number_is_given_again(
    yimen_empty: Any, tmp_path: Path
) -> None:
    father, son, wife = number(1), number(2, "20000101"), number(3)
    load(yimen_empty, tmp_path,
         [person("甲", father, "K1"), person("乙", son, "K1", "子")])  # fmt: skip
    before = members(yimen_empty, "H0000001")
    load(yimen_empty, tmp_path,
         [person("乙", son, "K2"), person("丙", wife, "K2", "妻"),
          person("甲", father, "K1")])  # fmt: skip
    assert members(yimen_empty, "H0000001") == {"甲": before["甲"]}
    moved = members(yimen_empty, "H0000002")
    assert moved["乙"] == before["乙"]
    assert moved["丙"][0] == "M0000003"
    load(yimen_empty, tmp_path, [person("甲", father, "K1"), person("丁", number(4), "K3")])
    yimen_empty("household", "show", "H0000002", code=3)
    assert members(yimen_empty, "H0000003") == {"丁": ("M0000004", number(4))}
    load(yimen_empty, tmp_path, [person("丙", wife, "K2")])
    assert members(yimen_empty, "H0000002") == {"丙": ("M0000003", wife)}


def test_two_people_who_share_a_number_are_two_persons_through_every_reload(
    yimen_empty: Any, tmp_path: Path
) -> None:
    shared = number(1)
    first, second = person("甲", shared, "K1"), person("乙", shared, "K2")
    load(yimen_empty, tmp_path, [first, second])
    before = members(yimen_empty, "H0000001"), members(yimen_empty, "H0000002")
    assert before[0]["甲"][0] != before[1]["乙"][0]
    for rows in ([second, first], [first, second], [second, person("丙", number(3), "K3"), first]):
        load(yimen_empty, tmp_path, rows)
        now = members(yimen_empty, "H0000001"), members(yimen_empty, "H0000002")
        assert now == before, rows


def test_somebody_who_turns_up_with_a_known_number_gets_another_member_number(
    yimen_empty: Any, tmp_path: Path
) -> None:
    shared = number(1)
    load(yimen_empty, tmp_path, [person("乙", shared, "K1")])
    before = members(yimen_empty, "H0000001")
    load(yimen_empty, tmp_path, [person("甲", shared, "K0"), person("乙", shared, "K1")])
    assert members(yimen_empty, "H0000001") == before
    assert members(yimen_empty, "H0000002")["甲"][0] != before["乙"][0]


def test_a_corrected_name_keeps_the_member_number(yimen_empty: Any, tmp_path: Path) -> None:
    load(yimen_empty, tmp_path, [person("张三", number(1), "K1")])
    before = members(yimen_empty, "H0000001")["张三"]
    load(yimen_empty, tmp_path, [person("章三", number(1), "K1")])
    assert members(yimen_empty, "H0000001") == {"章三": before}


def test_persons_without_an_id_number_are_kept_and_reachable(
    yimen_empty: Any, tmp_path: Path
) -> None:
    rows = [person("甲", number(1), "K1"), person("小宝", "", "K1", "子"),
            person("小宝", "", "K2", "户主")]  # fmt: skip
    load(yimen_empty, tmp_path, rows)
    found = members(yimen_empty, "H0000001")
    assert found["小宝"] == ("M0000002", None)
    alone = members(yimen_empty, "H0000002")
    assert alone["小宝"] == ("M0000003", None)
    load(yimen_empty, tmp_path, list(reversed(rows)))
    assert members(yimen_empty, "H0000001") == found
    assert members(yimen_empty, "H0000002") == alone
    assert len(yimen_empty.json("query", number(1))["household"]["members"]) == 2


# -- snapshots through time ----------------------------------------------------------------------


def deaths(path: Path, *ids: tuple[str, str]) -> Path:
    rows = [[name, n, "2026-01-01"] for name, n in ids]
    return write(path, ["姓名", "身份证号", "死亡日期"], rows)


def status(yimen: Any, id_number: str) -> str:
    found = yimen.json("query", id_number)["sources"]
    return str(next(s["status"] for s in found if s["source"] == "civil.death"))


def test_the_last_snapshot_of_the_newest_day_is_used(yimen_empty: Any, tmp_path: Path) -> None:
    hukou = write(tmp_path / "hukou.csv", HUKOU, [person("甲", number(1), "K1")])
    yimen_empty("source", "load", "hukou", hukou, "--as-of", "2026-11-01")
    nobody, somebody = deaths(tmp_path / "0.csv"), deaths(tmp_path / "1.csv", ("甲", number(1)))
    assert status(yimen_empty, number(1)) == "not_loaded"
    for file, day, expected in [
        (somebody, "2026-11-18", "hit"),
        (nobody, "2026-11-19", "no_hit"),
        (somebody, "2026-11-19", "hit"),
        (nobody, "2026-11-01", "hit"),
        (nobody, "2026-11-20", "no_hit"),
    ]:
        yimen_empty("source", "load", "civil.death", file, "--as-of", day)
        assert status(yimen_empty, number(1)) == expected, (file, day)
    for day, expected in (("2026-11-19", "hit"), ("2026-11-18", "hit"), ("2026-11-17", "no_hit")):
        yimen_empty.day = day
        assert status(yimen_empty, number(1)) == expected, day


def test_the_listing_tells_the_newest_extract_and_when_it_is_too_old(
    yimen_empty: Any, tmp_path: Path
) -> None:
    yimen_empty("source", "load", "civil.death", deaths(tmp_path / "a.csv"), "--as-of",
                "2026-11-20")  # fmt: skip
    row = next(r for r in yimen_empty.json("source", "list") if r["source"] == "civil.death")
    assert (row["as_of"], row["status"], row["rows"]) == ("2026-11-20", "ok", 0)
    for day, expected in (("2027-01-21", "ok"), ("2027-01-22", "stale")):
        yimen_empty.day = day
        row = next(r for r in yimen_empty.json("source", "list") if r["source"] == "civil.death")
        assert row["status"] == expected, day


def test_a_folder_without_a_manifest_or_with_a_broken_one_is_refused(
    yimen_empty: Any, county_files: Path, tmp_path: Path
) -> None:
    assert "There is no manifest" in refused_whole(yimen_empty, "--all", tmp_path)
    manifest = json.loads((county_files / "manifest.json").read_text("utf-8"))
    broken = [
        "[]",
        "{",
        json.dumps({**manifest, "files": [{**manifest["files"][0], "as_of": 20261120}]}),
        json.dumps({**manifest, "files": [{**manifest["files"][0], "source": "civil.moon"}]}),
        json.dumps({**manifest, "files": [{**manifest["files"][0], "as_of": "yesterday"}]}),
        json.dumps({**manifest, "files": [{**manifest["files"][0], "file": "none.csv"}]}),
    ]
    for text in broken:
        (tmp_path / "manifest.json").write_text(text, "utf-8")
        refused_whole(yimen_empty, "--all", tmp_path)


def test_loading_a_folder_again_is_safe_and_changes_no_answer(
    yimen: Any, county_files: Path
) -> None:
    before = yimen("check", "--all", "--format", "jsonl").out
    yimen("source", "load", "--all", county_files)
    assert {s["snapshot_no"] for s in snapshots(yimen.home)} == {1, 2}
    assert yimen("check", "--all", "--format", "jsonl").out == before


# -- several loads, and loads that are killed ----------------------------------------------------


def pointers(home: Path) -> int:
    """How many snapshots are committed, seen from outside."""
    conn = sqlite3.connect(f"file:{home / 'casework.db'}?mode=ro", uri=True)
    try:
        return int(conn.execute("SELECT COUNT(*) FROM snapshot").fetchone()[0])
    finally:
        conn.close()


def tables_without_pointer(home: Path) -> list[str]:
    conn = sqlite3.connect(f"file:{home / 'registers.db'}?mode=ro", uri=True)
    conn.execute("ATTACH ? AS cases", [f"file:{home / 'casework.db'}?mode=ro"])
    try:
        return [
            name
            for (name,) in conn.execute(
                "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name LIKE 'snap~_~_%'"
                " ESCAPE '~' AND name NOT IN (SELECT \"table\" FROM cases.snapshot)"
            )
        ]
    finally:
        conn.close()


def started(home: Path) -> bool:
    return (home / "load.lock").exists()


MOMENTS: dict[str, Callable[[Path], object]] = {
    "while the first file is read": started,
    "while numbers are minted": tables_without_pointer,
    "after the first file": lambda home: pointers(home) >= 1,
    "while a long file is read": lambda home: pointers(home) >= 3,
    "near the end": lambda home: pointers(home) >= 4,
}


def kill_when(child: subprocess.Popen[str], moment: Callable[[Path], object], home: Path) -> None:
    """SIGKILL at the moment; fails when the process was done before."""
    while not moment(home):
        assert child.poll() is None, child.communicate()
        time.sleep(0.003)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert child.returncode == -signal.SIGKILL


@pytest.fixture(scope="session")
def undisturbed(
    tmp_path_factory: pytest.TempPathFactory,
    _pristine_empty_home: Path,
    big_county_files: Path,
) -> dict[str, Any]:
    """What a load of the big county leaves when nobody kills it."""
    from yimen.core.casework.loading import load_all
    from yimen.core.casework.operators import sit_down
    from yimen.core.rules.catalogue import load_catalogue
    from yimen.core.store.home import open_home

    folder = tmp_path_factory.mktemp("undisturbed") / "home"
    shutil.copytree(_pristine_empty_home, folder)
    home = open_home(folder, today=date(2026, 11, 20))
    list(load_all(sit_down(home), load_catalogue(folder / "cache"), big_county_files))
    home.close()
    return newest(folder)


def newest(home: Path) -> dict[str, Any]:
    """Digest, rows and roster of the newest snapshot of each source."""
    found: dict[str, Any] = {s["source"]: s for s in snapshots(home)}
    roster = found["civil.hukou"]["roster"]
    conn = sqlite3.connect(home / "registers.db")
    people = conn.execute(f'SELECT * FROM "{roster}" ORDER BY household_no, ordinal').fetchall()
    conn.close()
    return {"roster": people} | {
        name: (s["digest"], s["rows"], s["rejected"]) for name, s in found.items()
    }


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_load_killed_at_any_moment_leaves_a_home_that_can_load_again(
    yimen_empty: Any, big_county_files: Path, undisturbed: dict[str, Any], moment: str
) -> None:
    home = yimen_empty.home
    words = ["source", "load", "--all", big_county_files]
    kill_when(yimen_empty.start(*words), MOMENTS[moment], home)
    left_over = tables_without_pointer(home)
    if moment == "while numbers are minted":
        assert left_over == ["snap__civil__hukou__1"]
    committed = pointers(home)
    yimen_empty("journal", "verify")
    findings = {f["check"]: f for f in yimen_empty.json("doctor")}
    for check in ("casework.db", "registers.db", "journal"):
        assert findings[check]["level"] == "ok", findings
    assert ("orphans" in findings) == bool(left_over)
    loads = yimen_empty("journal", "show", "--subject", "civil.hukou", "--format", "jsonl").rows
    assert len(loads) == (1 if committed else 0)
    yimen_empty(*words)
    assert newest(home) == undisturbed
    assert tables_without_pointer(home) == []
    assert pointers(home) == committed + 5
    yimen_empty("journal", "verify")
    assert {f["level"] for f in yimen_empty.json("doctor")} <= {"ok", "warning"}


def test_a_second_load_at_the_same_time_is_told_to_wait_and_harms_nothing(
    yimen_empty: Any, big_county_files: Path, county_files: Path, undisturbed: dict[str, Any]
) -> None:
    home = yimen_empty.home
    first = yimen_empty.start("source", "load", "--all", big_county_files)
    while not tables_without_pointer(home):
        assert first.poll() is None, first.communicate()
        time.sleep(0.003)
    said = yimen_empty("source", "load", "death", county_files / "civil.death.csv", *DAY, code=7)
    assert said.err.startswith(f"{home}: Another process is doing this already: load.")
    assert said.err.count("\n") == 1
    out, err = first.communicate(timeout=60)
    assert (first.returncode, err) == (0, ""), out
    assert newest(home) == undisturbed
    yimen_empty("source", "load", "death", county_files / "civil.death.csv", *DAY)
    yimen_empty("journal", "verify")


def test_clerks_are_served_while_a_register_is_loaded(
    yimen: Any, truth: Any, big_county_files: Path
) -> None:
    loading = yimen.start("source", "load", "--all", big_county_files)
    while not tables_without_pointer(yimen.home):
        assert loading.poll() is None, loading.communicate()
        time.sleep(0.003)
    story = truth["stories"]["eligible"]
    found = yimen.json("query", story["id_number"])
    assert found["household"]["household_no"] == story["household_no"]
    loading.kill()
    loading.communicate()


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
