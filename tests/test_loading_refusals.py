"""Loading registers: a file's good rows or nothing, and each refusal with its reason."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from register_files import DAY, HUKOU, number, person, refused_whole, snapshots, write

from yimen.core.identity import check_digit

PENSION = ["姓名", "身份证号", "待遇类型", "月发放额（元）", "其中中央基础养老金（元）", "起发日期",
           "停发日期"]  # fmt: skip


def rejects(home: Path) -> list[tuple[int, str]]:
    """Line and reason of the only reject file."""
    (path,) = (home / "rejected").iterdir()
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["line", "reason"]
    return [(int(line), reason) for line, reason in rows]


# -- files that are refused as a whole -----------------------------------------------------------


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
