"""Referrals leave as signed batches that their departments, and their programs, understand."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from handover_homes import Pair, kept, payloads, rows, spoilt

import yimen
from yimen.core.casework.handover import outbound
from yimen.core.contracts import published_schema

ROOT = Path(yimen.__file__).resolve().parent


# -- what leaves ----------------------------------------------------------------------------


def test_a_referral_leaves_as_a_valid_document_that_holds_what_its_department_needs(
    pair: Pair, truth: Any
) -> None:
    first, second, end = payloads(pair.sent())
    for document in (first, second):
        assert jsonschema_rs.is_valid(published_schema("referral"), document)
    assert jsonschema_rs.is_valid(published_schema("batch-end"), end)
    assert end["rows"] == 2
    assert pair.county("referral", "document", pair.numbers[0]).json == first
    pair.county.acting_as("civil")("referral", "document", pair.numbers[0], code=4)
    shown = pair.county.json("referral", "show", pair.numbers[0])
    assert first["home_id"] == first["sender"] == pair.home_id(pair.county)
    assert first["referral_no"] == shown["referral_no"]
    assert first["programme"]["programme"] == "CIV-DB"
    assert first["programme"]["names"]["zh"] == "最低生活保障"
    assert first["programme"]["basis"][0]["zh"]
    assert (first["due"]["finish"], first["due"]["statutory"]) == (
        shown["due"]["finish"], shown["due"]["statutory"],
    )  # fmt: skip
    assert first["terms"]["finish"]["basis"]
    # The frozen facts and no others; each with its names, how it is known, whence and when.
    assert {n: f["value"] for n, f in first["facts"].items()} == {
        n: f["value"] for n, f in shown["facts"].items()
    }
    assert all(f["names"]["zh"] and f["status"] for f in first["facts"].values())
    people = pair.county.json("household", "show", first["household_no"], "--unmask")
    people = people["household"]["members"]
    assert {p["id_number"] for p in first["persons"]} <= {m["id_number"] for m in people}
    assert truth["stories"]["eligible"]["id_number"] in {p["id_number"] for p in first["persons"]}
    assert not any(p["masked"] for p in first["persons"])
    assert first["authorisations"]


def test_an_export_is_one_whole_file_and_one_journal_row_and_finds_nothing_the_second_time(
    pair: Pair,
) -> None:
    path = pair.sent()
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]
    ((body,),) = rows(pair.county, "SELECT body FROM journal WHERE action = 'referral.export'")
    told = json.loads(body)
    assert (told["messages"], told["new"]) == (2, 2)
    assert told["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    before = kept(pair.county)
    again = pair.county("referral", "export", "--department", "civil", "--to", path.parent)
    assert "nothing to do" in again.err
    assert list(path.parent.iterdir()) == [path]
    assert kept(pair.county) == before


def test_all_is_told_again_in_the_same_words_whatever_has_changed_since(pair: Pair) -> None:
    shown = pair.county("referral", "document", pair.numbers[0]).json
    first = payloads(pair.sent())
    assert first[0] == shown
    with spoilt(pair.county) as conn:
        conn.execute("UPDATE referral SET facts = '{}'")
        conn.execute("UPDATE composition SET name = 'X'")
    again = payloads(pair.sent("--again"))
    assert again[:-1] == first[:-1]
    assert again[-1]["batch"] != first[-1]["batch"]


@pytest.mark.parametrize(
    "spoil",
    [
        "UPDATE consent SET expires_on = '2026-11-19'",
        "UPDATE consent SET scope = '[\"medical\"]'",
        "UPDATE consent SET signed_on = '2026-11-21', expires_on = '2027-01-01'",
    ],
    ids=["over", "of another department", "not yet"],
)
def test_what_no_authorisation_covers_stays_in_the_house(pair: Pair, spoil: str) -> None:
    with spoilt(pair.county) as conn:
        conn.execute(spoil)
    to = pair.folder / "out"
    told = pair.county("referral", "export", "--department", "civil", "--to", to,
                       "--format", "jsonl", code=6)  # fmt: skip
    assert [r["result"] for r in told.rows] == ["held_back", "held_back"]
    assert "authorisation" in told.rows[0]["detail"]
    assert not to.exists()
    assert rows(pair.county, "SELECT COUNT(*) FROM message") == [(0,)]


def test_a_draft_and_what_was_closed_before_it_left_stay(pair: Pair) -> None:
    pair.county("referral", "withdraw", pair.numbers[0], "--note", "not asked for")
    assert [m["referral_no"] for m in payloads(pair.sent())[:-1]] == [pair.numbers[1]]


def test_an_export_needs_a_key_a_department_and_a_folder_that_can_be_written(
    yimen_empty: Any, pair: Pair, tmp_path: Path
) -> None:
    words = ["referral", "export", "--to", tmp_path / "out", "--department"]
    assert "department key make" in yimen_empty(*words, "civil", code=4).err
    assert "no department moon" in pair.county(*words, "moon", code=3).err
    (tmp_path / "file").write_text("")
    said = pair.county("referral", "export", "--department", "civil", "--to", tmp_path / "file",
                       code=4).err  # fmt: skip
    assert "nothing was marked as sent" in said
    assert rows(pair.county, "SELECT COUNT(*) FROM message") == [(0,)]


def test_killed_between_the_file_and_its_mark_the_same_messages_are_sent_again(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(outbound, "mark_told", killed)
        pair.county("referral", "export", "--department", "civil", "--to", pair.folder / "out",
                    code=130)  # fmt: skip
    (first,) = (pair.folder / "out").glob("*.jsonl")
    assert rows(pair.county, "SELECT COUNT(*) FROM message") == [(0,)]
    second = pair.sent()
    assert payloads(second)[:-1] == payloads(first)[:-1]
    told = pair.office("referral", "take", first, second, "--format", "jsonl")
    assert sorted(r["result"] for r in told.rows) == ["duplicate"] * 2 + ["taken"] * 2


# -- real second programs -------------------------------------------------------------------


@pytest.mark.skipif(not Path("/usr/bin/openssl").exists(), reason="openssl is not installed")
def test_a_department_s_own_program_as_the_howto_has_it_is_understood(pair: Pair) -> None:
    page = (ROOT / "docs" / "howto" / "handover.md").read_text("utf-8")
    found = re.search(r"```python department_system.py\n(.*?)```", page, re.DOTALL)
    assert found is not None
    (pair.folder / "department_system.py").write_text(found[1], "utf-8")
    batch, answers = pair.sent(), pair.folder / "answers.jsonl"
    script = (
        "openssl genpkey -algorithm ed25519 -out civil-private.pem &&"
        " openssl pkey -in civil-private.pem -pubout -out civil.pem &&"
        f" {sys.executable} -W error department_system.py civil-private.pem county.pem {batch}"
        f" {answers}"
    )
    subprocess.run(["bash", "-c", script], cwd=pair.folder, check=True, timeout=60)
    pair.county("department", "key", "add", pair.folder / "civil.pem", "--department", "civil",
                "--home-id", "civil-system")  # fmt: skip
    told = pair.county("feedback", "import", answers, "--format", "jsonl")
    assert [r["result"] for r in told.rows] == ["applied"] * 6
    shown = pair.county.json("referral", "show", pair.numbers[0])
    assert shown["state"] == "fed_back"
    assert shown["decision"]["amount_fen"] == shown["proposal"]["amount_fen"]


def test_a_round_trip_of_twelve_with_every_fault_leaves_both_homes_alike(
    loaded_home: Path, county_files: Path
) -> None:
    words = ["--referrals", "12", "--ready", str(loaded_home), str(county_files)]
    done = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "handover.py"), *words],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, (done.stdout[-3000:], done.stderr[-3000:])
    assert "both homes hold the same moves and whole journals" in done.stdout
