"""Registers through time: numbers that outlast a reload, and the extract that is used."""

from __future__ import annotations

import csv
import json
import sqlite3
from pathlib import Path
from typing import Any

from register_files import (
    DAY,
    HUKOU,
    load,
    members,
    number,
    person,
    refused_whole,
    snapshots,
    write,
)

# -- households and persons through time ---------------------------------------------------------


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
