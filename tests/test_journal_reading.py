"""The journal: no whole ID number in it, and no quiet reading."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from handled import handled
from journal_rows import rows_of


def walk_the_chain(yimen: Any, truth: Any, accepted: Any) -> None:
    """All that people do with personal data, by number and by name, errors included."""
    for story in truth["stories"].values():
        yimen("query", story["id_number"], "--unmask")
        yimen("household", "show", story["household_no"], "--unmask")
    for story in ("eligible", "refused", "unknown"):
        number = accepted(story)["application_no"]
        yimen("check", number, code=None)
        yimen("dispatch", number, code=None)
        yimen("feedback", number, code=None)
    yimen("check", "--all", "--format", "jsonl")
    for line in yimen.json("referral", "list"):
        office = yimen.acting_as(line["department"])
        no = line["referral_no"]
        office("referral", "show", no)
        office("referral", "receive", no)
        office("referral", "accept", no)
        handled(yimen.home, no)
        office("referral", "decide", no, "granted", "--amount", "1", "--basis", "SAL §18")
        yimen("referral", "complete", no)


def test_no_whole_id_number_is_ever_in_the_journal(
    yimen: Any, truth: Any, accepted: Any, whole_numbers: Any
) -> None:
    walk_the_chain(yimen, truth, accepted)
    id_number = truth["stories"]["eligible"]["id_number"]
    assert whole_numbers(f'"{id_number}"') == [id_number]
    rows = rows_of(yimen.home)
    assert len(rows) > 60
    for row in rows:
        assert whole_numbers(" ".join(map(str, row.values()))) == [], row


def test_a_number_typed_into_a_free_text_is_masked_in_the_journal(
    yimen: Any, truth: Any, county_files: Path, tmp_path: Path, whole_numbers: Any
) -> None:
    story = truth["stories"]["eligible"]
    id_number = story["id_number"]
    yimen("household", "verify", story["household_no"], "civil.emergency_event=NONE",
          "--source", f"card {id_number} seen")  # fmt: skip
    yimen("standard", "set", "civil.dibao_monthly", "950", "--from", "2026-01-01",
          "--basis", f"letter about {id_number}", code=None)  # fmt: skip
    named = tmp_path / f"deaths of {id_number}.csv"
    named.write_bytes((county_files / "civil.death.csv").read_bytes())
    yimen("source", "load", "civil.death", named, "--as-of", "2026-11-20")
    yimen.acting_as("window")("journal", "show", "--subject", id_number)
    rows = rows_of(yimen.home)
    assert {"fact.verify", "source.load"} <= {r["action"] for r in rows}
    for row in rows:
        assert whole_numbers(" ".join(map(str, row.values()))) == [], row
    assert any("370499********" in row["body"] for row in rows)
    yimen("journal", "verify")


READING = {
    "query": lambda s: ["query", s["id_number"]],
    "household.show": lambda s: ["household", "show", s["household_no"]],
    "check.household": lambda s: ["check", "--household", s["household_no"]],
}


@pytest.mark.parametrize("action", READING)
def test_reading_a_personal_file_leaves_a_row(yimen: Any, truth: Any, action: str) -> None:
    story = truth["stories"]["eligible"]
    before = len(rows_of(yimen.home))
    yimen.acting_as("window")(*READING[action](story))
    new = rows_of(yimen.home)[before:]
    reading = [r for r in new if r["action"] == action]
    assert len(reading) == 1
    assert reading[0]["operator"] == "window"
    assert reading[0]["subject"] == story["household_no"]


def test_the_row_of_a_reading_says_whether_numbers_were_shown(yimen: Any, truth: Any) -> None:
    id_number = truth["stories"]["eligible"]["id_number"]
    yimen("query", id_number)
    yimen("query", id_number, "--unmask")
    bodies = [json.loads(r["body"]) for r in rows_of(yimen.home) if r["action"] == "query"]
    assert bodies == [{"unmasked": False}, {"unmasked": True}]


def test_reading_referrals_and_answers_leaves_rows(yimen: Any, dispatched: Any) -> None:
    before = len(rows_of(yimen.home))
    first = dispatched["referrals"][0]["referral_no"]
    yimen("referral", "list")
    yimen("referral", "show", first)
    yimen("feedback", dispatched["application_no"])
    new = rows_of(yimen.home)[before:]
    assert [(r["action"], r["subject"]) for r in new if r["action"] != "clock.moved"] == [
        ("referral.list", "all"),
        ("referral.show", first),
        ("feedback", dispatched["application_no"]),
    ]


def test_a_batch_leaves_its_begin_and_its_end_with_count_and_digest(yimen: Any) -> None:
    reports = yimen("check", "--all", "--format", "jsonl").rows
    rows = [r for r in rows_of(yimen.home) if r["action"].startswith("check")]
    assert [r["action"] for r in rows] == ["check.all.begin", "check.all"]
    assert json.loads(rows[0]["body"])["households"] == len(reports)
    body = json.loads(rows[1]["body"])
    assert body["households"] == len(reports)
    assert re.fullmatch("[0-9a-f]{64}", body["digest"])


def test_a_refusal_leaves_a_row_with_its_reason(yimen: Any, truth: Any) -> None:
    story = truth["stories"]["eligible"]
    said = yimen.acting_as("civil")("query", story["id_number"], code=4)
    last = rows_of(yimen.home)[-1]
    assert (last["action"], last["subject"], last["operator"]) == ("refused", "query", "civil")
    assert json.loads(last["body"])["reason"] in said.err


def test_acting_as_another_is_journalled_with_both_and_the_account(yimen: Any, truth: Any) -> None:
    from yimen.core.casework.doors import os_account

    yimen.acting_as("window")("query", truth["stories"]["eligible"]["id_number"])
    moved, taken, read = rows_of(yimen.home)[-3:]
    assert (moved["action"], moved["operator"]) == ("clock.moved", "admin")
    assert (taken["action"], taken["subject"]) == ("operator.as", "window")
    assert json.loads(taken["body"]) == {"by": "admin"}
    assert (read["action"], read["operator"]) == ("query", "window")
    assert {r["account"] for r in (moved, taken, read)} == {os_account()}


def test_a_moved_clock_is_journalled(yimen_empty: Any) -> None:
    yimen_empty.day = "2027-02-03"
    yimen_empty("operator", "list")
    last = rows_of(yimen_empty.home)[-1]
    assert (last["action"], json.loads(last["body"])) == ("clock.moved", {"today": "2027-02-03"})
    assert last["at"].startswith("2027-02-03T")
    assert last["at"].endswith("+08:00")


def test_show_gives_the_rows_about_one_subject_and_the_last_ones(yimen: Any, truth: Any) -> None:
    story = truth["stories"]["eligible"]
    for __ in range(3):
        yimen("household", "show", story["household_no"])
    about = yimen("journal", "show", "--subject", story["household_no"], "--format", "jsonl").rows
    assert [r["action"] for r in about] == ["household.show"] * 3
    last = yimen(
        "journal", "show", "--subject", story["household_no"], "--last", "2", "--format", "jsonl"
    ).rows
    assert last == about[1:]
    assert set(last[0]) == {"seq", "at", "operator", "account", "action", "subject", "body", "hash"}
