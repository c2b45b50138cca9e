"""Referrals leave as signed batches and answers come back: each message once, in turn, or not."""

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
from handover_homes import Pair, _pristine_pair, kept, pair, payloads, rows

import yimen
from yimen.core.casework.handover import outbound
from yimen.core.casework.handover.verbs import OF_DEPARTMENT, OF_WINDOW
from yimen.core.casework.transitions import MOVES
from yimen.core.contracts import published_schema
from yimen.core.signatures import Signer, key_id_of, make_private_key

__all__ = ["_pristine_pair", "pair"]
ROOT = Path(yimen.__file__).resolve().parent
GRANT = {
    "outcome": "granted", "reason_code": None, "amount_fen": 10000, "from_month": None,
    "to_month": None, "basis": "SAL §18",
}  # fmt: skip


# -- what leaves ----------------------------------------------------------------------------


def test_a_referral_leaves_as_a_valid_document_that_holds_what_its_department_needs(
    pair: Pair, truth: Any
) -> None:
    first, second, end = payloads(pair.sent())
    for document in (first, second):
        assert jsonschema_rs.is_valid(published_schema("referral"), document)
    assert jsonschema_rs.is_valid(published_schema("batch-end"), end)
    assert end["rows"] == 2
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
    first = payloads(pair.sent())
    with pair_open(pair) as conn:
        conn.execute("UPDATE referral SET facts = '{}'")
        conn.execute("UPDATE composition SET name = 'X'")
    again = payloads(pair.sent("--again"))
    assert again[:-1] == first[:-1]
    assert again[-1]["batch"] != first[-1]["batch"]


def pair_open(pair: Pair) -> Any:
    """The county's casework, to spoil."""
    import sqlite3

    return sqlite3.connect(pair.county.home / "casework.db")


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
    with pair_open(pair) as conn:
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


# -- what comes in --------------------------------------------------------------------------


def test_a_department_works_in_its_own_home_and_the_county_hears_every_move(pair: Pair) -> None:
    pair.taken()
    first, second = pair.numbers
    shown = pair.office.json("referral", "show", "R2026-00001")
    own = pair.county.json("referral", "show", first)
    assert shown["facts"] == own["facts"]
    assert shown["due"] == own["due"]
    clerk = pair.clerk
    clerk("referral", "receive", "R2026-00001")
    clerk("referral", "accept", "R2026-00001")
    clerk("referral", "suspend", "R2026-00001", "--reason", "U01", "--until", "2026-12-01",
          "--note", "waits for a paper")  # fmt: skip
    clerk("referral", "resume", "R2026-00001")
    clerk("referral", "extend", "R2026-00001", "--reason", "E04", "--note", "hard to survey",
          "--by", "3")  # fmt: skip
    clerk("referral", "decide", "R2026-00001", "granted", "--amount", "123.45", "--basis", "SAL",
          "--note", "paid monthly")  # fmt: skip
    clerk("referral", "receive", "R2026-00002")
    clerk("referral", "reject", "R2026-00002", "--reason", "R12", "--basis", "SAL §33")
    pair.office("referral", "countersign", "R2026-00002")
    told = pair.county("feedback", "import", pair.answered(), "--format", "jsonl")
    assert {r["result"] for r in told.rows} == {"applied"}
    moved = "SELECT verb, reason_code, note, basis FROM referral_move m {} ORDER BY m.id"
    assert [r[0] for r in rows(pair.county, moved.format("WHERE referral_no = ?"), first)] == [
        "dispatch", "receive", "accept", "suspend", "resume", "extend", "decide",
    ]  # fmt: skip
    after = pair.county.json("referral", "show", first)
    there = pair.office.json("referral", "show", "R2026-00001")
    assert after["decision"] == there["decision"]
    assert after["decision"]["amount_fen"] == 12345
    assert after["terms"]["extended"] == 3
    assert pair.state(second) == "rejected"
    for home in (pair.county, pair.office):
        home("journal", "verify")


def test_the_window_s_later_moves_reach_the_department_and_bring_it_no_benefit(
    pair: Pair,
) -> None:
    pair.taken()
    first, second = pair.numbers
    clerk, window = pair.clerk, pair.county.acting_as("window")
    clerk("referral", "receive", "R2026-00001")
    clerk("referral", "accept", "R2026-00001")
    clerk("referral", "decide", "R2026-00001", "granted", "--amount", "10", "--basis", "SAL")
    clerk("referral", "return", "R2026-00002", "--reason", "B02", "--note", "a paper lacks")
    pair.county("feedback", "import", pair.answered())
    window("referral", "clarify", first, "--note", "which month?")
    window("referral", "redispatch", second, "--note", "added")
    pair.office("referral", "take", pair.sent())
    assert pair.state("R2026-00001", pair.office) == "in_progress"
    assert pair.office.json("referral", "show", "R2026-00001")["decision"] is None
    assert pair.state("R2026-00002", pair.office) == "dispatched"
    assert (
        pair.office.json("referral", "show", "R2026-00002")["due"]
        == pair.county.json("referral", "show", second)["due"]
    )
    clerk("referral", "decide", "R2026-00001", "granted", "--amount", "11", "--basis", "SAL")
    pair.county("feedback", "import", pair.answered())
    window("referral", "complete", first)
    window("referral", "withdraw", second, "--note", "not asked for any more")
    pair.office("referral", "take", pair.sent())
    assert pair.state("R2026-00001", pair.office) == "completed"
    assert pair.state("R2026-00002", pair.office) == "withdrawn"
    assert rows(pair.office, "SELECT COUNT(*) FROM benefit") == [(0,)]
    assert rows(pair.county, "SELECT amount_fen FROM benefit") == [(1100,)]
    assert rows(pair.office, "SELECT state FROM application") == [("closed",)]
    window("referral", "reopen", first, "--note", "an objection")
    pair.office("referral", "take", pair.sent())
    assert pair.state("R2026-00001", pair.office) == "in_progress"
    assert rows(pair.office, "SELECT state FROM application") == [("dispatched",)]


def test_in_a_department_s_home_nobody_makes_the_window_s_moves(pair: Pair) -> None:
    pair.taken()
    for verb in ("withdraw", "void"):
        said = pair.office("referral", verb, "R2026-00001", "--note", "x", code=4).err
        assert "dispatched by another home" in said
    assert pair.state("R2026-00001", pair.office) == "dispatched"


def test_every_move_of_the_table_can_be_told_by_one_side_or_is_sent_by_the_document() -> None:
    verbs = {m.verb for m in MOVES}
    assert verbs == {*OF_DEPARTMENT, *OF_WINDOW, "send"}
    schema = published_schema("referral-move")
    assert set(schema["properties"]["verb"]["enum"]) == verbs - {"send"}


def test_a_message_that_comes_too_early_waits_and_is_applied_when_its_turn_comes(
    pair: Pair,
) -> None:
    no = pair.numbers[0]
    first, second, third = (
        pair.move(no, 1, "receive"), pair.move(no, 2, "accept"),
        pair.move(no, 3, "decide", decision=GRANT),
    )  # fmt: skip
    assert [r for r, __ in pair.heard(third, code=6)] == ["waiting"]
    assert [r for r, __ in pair.heard(third, first, code=6)] == ["waiting", "applied"]
    assert pair.state(no) == "received"
    told = pair.heard(second)
    assert [r for r, __ in told] == ["applied", "applied"]
    assert pair.state(no) == "fed_back"
    after = kept(pair.county)
    assert {r for r, __ in pair.heard(third, second, first)} == {"duplicate"}
    assert kept(pair.county) == after


def test_a_number_is_used_once(pair: Pair) -> None:
    no = pair.numbers[0]
    pair.heard(pair.move(no, 1, "receive"))
    before = kept(pair.county)
    other = pair.move(no, 1, "receive", message_id="another/1", note="other words")
    same_id = pair.move(no, 1, "receive", note="other words")
    for message in (other, same_id):
        assert pair.heard(message, code=6) == [
            ("refused", "Another message has come under the number 1 of this referral before.")
        ]
    assert kept(pair.county) == before


@pytest.mark.parametrize(
    "verb, more, expected",
    [
        ("accept", {}, "not possible there"),
        ("return", {"reason_code": "B09", "note": "x"}, "not a reason code"),
        ("return", {"reason_code": "B01"}, "needs a note"),
        ("withdraw", {"note": "x"}, "move of the window"),
        ("complete", {}, "move of the window"),
    ],
)
def test_a_move_that_the_procedure_forbids_is_refused_and_the_next_one_is_heard(
    pair: Pair, verb: str, more: dict[str, Any], expected: str
) -> None:
    no = pair.numbers[0]
    bad = pair.move(no, 1, verb, **more)
    ((result, detail),) = pair.heard(bad, code=6)
    assert (result, expected in detail) == ("refused", True), detail
    assert pair.state(no) == "dispatched"
    before = kept(pair.county)
    assert [r for r, __ in pair.heard(bad, code=6)] == ["refused"]
    assert kept(pair.county) == before
    assert pair.heard(pair.move(no, 2, "receive")) == [("applied", "signed for")]


@pytest.mark.parametrize(
    "more, expected",
    [
        ({}, "second person"),
        ({"second_officer": "Zhao"}, "second person"),
        ({"second_officer": "Qian", "basis": " "}, "legal basis"),
        ({"second_officer": "Qian", "reason_code": "B01"}, "not a reason code"),
    ],
)
def test_an_end_needs_two_persons_of_the_department_its_code_and_its_basis(
    pair: Pair, more: dict[str, Any], expected: str
) -> None:
    no = pair.numbers[0]
    end = {"reason_code": "R12", "basis": "SAL §33", **more}
    told = pair.heard(pair.move(no, 1, "receive"), pair.move(no, 2, "reject", **end), code=6)
    assert told[1][0] == "refused"
    assert expected in told[1][1]
    right = pair.move(no, 3, "reject", reason_code="R12", basis="SAL", second_officer="Qian")
    assert pair.heard(right) == [("applied", "not taken on")]
    ((body,),) = rows(pair.county, "SELECT body FROM journal WHERE action = 'referral.reject'")
    assert json.loads(body)["second"] == "Qian"


def test_a_message_that_breaks_its_schema_is_unreadable(pair: Pair) -> None:
    no = pair.numbers[0]
    good = pair.move(no, 1, "receive")
    spoilt: list[Any] = [
        {**good, "verb": "please"}, {**good, "sequence": 0}, {**good, "extra": 1},
        {k: v for k, v in good.items() if k != "officer"}, {**good, "kind": "letter"}, [good], "x",
        {**good, "decision": {**GRANT, "amount_fen": 1.5}},
    ]  # fmt: skip
    before = kept(pair.county)
    assert {r for r, __ in pair.heard(*spoilt, code=6)} == {"unreadable"}
    assert kept(pair.county) == before


def test_a_file_that_was_cut_off_changes_nothing_unless_its_whole_rows_are_asked_for(
    pair: Pair,
) -> None:
    no = pair.numbers[0]
    whole = pair.batch(pair.move(no, 1, "receive"), pair.move(no, 2, "accept")).read_text()
    lines = whole.splitlines(keepends=True)
    path = pair.folder / "cut.jsonl"
    before = kept(pair.county)
    for text in (lines[0], lines[0] + lines[1][:40], lines[0] + lines[2], whole[:-20], ""):
        path.write_text(text)
        told = pair.county("feedback", "import", path, "--format", "jsonl", code=6)
        assert {r["result"] for r in told.rows} == {"cut_off"}, text
        assert kept(pair.county) == before
    # Only the last line end is gone: nothing is missing of what it says.
    path.write_text(whole[:-1])
    trial = pair.county("feedback", "import", path, "--dry-run", "--format", "jsonl")
    assert [r["result"] for r in trial.rows] == ["applied", "applied"]
    path.write_text(lines[0] + lines[1][:40])
    told = pair.county("feedback", "import", path, "--partial", "--format", "jsonl", code=6)
    assert [r["result"] for r in told.rows] == ["applied", "cut_off", "cut_off"]
    assert pair.state(no) == "received"


def test_a_trial_tells_what_the_act_would_do_and_changes_nothing(pair: Pair) -> None:
    no = pair.numbers[0]
    batch = pair.batch(
        pair.move(no, 1, "receive"), pair.move(no, 2, "accept"), pair.move(no, 2, "start"),
        pair.move(no, 5, "decide", decision=GRANT), pair.move(no, 3, "start"),
    )  # fmt: skip
    before = kept(pair.county)
    words = ["feedback", "import", batch, "--format", "jsonl"]
    trial = pair.county(*words, "--dry-run", code=6)
    assert kept(pair.county) == before
    assert trial.out == pair.county(*words, code=6).out
    assert [r["result"] for r in trial.rows] == [
        "applied", "applied", "refused", "waiting", "applied",
    ]  # fmt: skip
    assert pair.state(no) == "in_progress"


def test_of_processes_that_read_the_same_file_at_once_one_applies_each_message(
    pair: Pair,
) -> None:
    batch = pair.batch(*(pair.move(no, n, verb) for no in pair.numbers
                         for n, verb in ((1, "receive"), (2, "accept"))))  # fmt: skip
    started = [pair.county.start("feedback", "import", batch, "--format", "jsonl")
               for __ in range(3)]  # fmt: skip
    results = []
    for child in started:
        out, err = child.communicate(timeout=60)
        assert child.returncode == 0, err
        results += [json.loads(line)["result"] for line in out.splitlines()]
    assert sorted(results) == ["applied"] * 4 + ["duplicate"] * 8
    assert {pair.state(no) for no in pair.numbers} == {"accepted"}
    pair.county("journal", "verify")


# -- whose key, whose referral --------------------------------------------------------------


def test_an_unknown_key_a_changed_line_and_another_department_s_key_are_not_believed(
    pair: Pair, tmp_path: Path
) -> None:
    no = pair.numbers[0]
    move = pair.move(no, 1, "receive")
    public = make_private_key(tmp_path / "keys")
    stranger = Signer(tmp_path / "keys", key_id_of(public))
    before = kept(pair.county)
    batch = pair.batch(move, signer=stranger)
    told = pair.county("feedback", "import", batch, "--format", "jsonl", code=6).rows
    assert {r["result"] for r in told} == {"unknown_key", "cut_off"}

    (tmp_path / "medical.pem").write_text(public)
    pair.county("department", "key", "add", tmp_path / "medical.pem", "--department", "medical")
    told = pair.county("feedback", "import", batch, "--format", "jsonl", code=6).rows
    assert [r["result"] for r in told] == ["foreign"]
    assert "for civil, and the key is of medical" in told[0]["detail"]

    good = pair.batch(move).read_text().splitlines(keepends=True)
    row = json.loads(good[0])
    row["signature"] = row["signature"][:-6] + ("AAAAA" + row["signature"][-1])
    changed = tmp_path / "changed.jsonl"
    changed.write_text(json.dumps(row) + "\n" + good[1])
    told = pair.county("feedback", "import", changed, "--format", "jsonl", code=6).rows
    assert [r["result"] for r in told] == ["bad_signature"]
    after = kept(pair.county)
    assert after["referral"] == before["referral"]
    assert after["message"] == before["message"]


def test_a_referral_of_another_home_is_foreign_on_either_side(pair: Pair) -> None:
    no = pair.numbers[0]
    other = {**pair.move(no, 1, "receive"), "home_id": "370499-ffffffffffff"}
    unknown = pair.move("R2026-99999", 1, "receive")
    spoofed = {**pair.move(no, 1, "receive"), "sender": "somebody-else"}
    before = kept(pair.county)
    assert {r for r, __ in pair.heard(other, unknown, spoofed, code=6)} == {"foreign"}
    assert kept(pair.county) == before
    # A batch that came back to its own sender, and an answer brought to the wrong desk.
    sent = pair.sent()
    told = pair.county("referral", "take", sent, "--format", "jsonl", code=6).rows
    assert {r["result"] for r in told} == {"foreign"}
    told = pair.county("feedback", "import", sent, "--format", "jsonl", code=6).rows
    assert {r["result"] for r in told} == {"foreign"}


def test_a_home_takes_its_own_department_s_referrals_only(pair: Pair) -> None:
    out = pair.folder / "medical"
    pair.county("referral", "export", "--department", "medical", "--to", out)
    (batch,) = out.glob("*.jsonl")
    told = pair.office("referral", "take", batch, "--format", "jsonl", code=6).rows
    assert {r["result"] for r in told} == {"foreign"}
    assert "works for civil" in told[0]["detail"]
    pair.office("department", "key", "add", pair.folder / "county.pem", "--department", "medical")
    told = pair.office("referral", "take", batch, "--format", "jsonl").rows
    assert {r["result"] for r in told} == {"taken"}


def test_another_county_s_household_is_another_family_here(pair: Pair) -> None:
    """Numbers of the office's home are minted; a person known there keeps the number."""
    pair.taken()
    (household,) = {r[0] for r in rows(pair.office, "SELECT household_no FROM referral")}
    keys = rows(pair.office, "SELECT source_key FROM household")
    assert household == "H0000001"
    assert keys[0][0].startswith(pair.home_id(pair.county))
    assert rows(pair.office, "SELECT COUNT(*) FROM application") == [(1,)]


def test_keys_follow_each_other_without_a_gap(pair: Pair) -> None:
    no = pair.numbers[0]
    old = pair.signer(pair.office)
    pair.office("department", "key", "make", "--from", "2026-11-20")
    new_key = pair.folder / "new.pem"
    shown = pair.office("department", "key", "show").out
    new_key.write_text(shown)
    new = pair.signer(pair.office)
    assert f"Yimen-Key: {new.key_id}" in shown
    pair.county("department", "key", "add", new_key, "--department", "civil")
    for sequence, (signer, verb) in enumerate(((old, "receive"), (new, "accept")), 1):
        batch = pair.batch(pair.move(no, sequence, verb), signer=signer)
        pair.county("feedback", "import", batch)
    pair.county("department", "key", "end", old.key_id, "--to", "2026-11-19", code=5)
    with pair_open(pair) as conn:
        conn.execute("UPDATE handover_key SET from_date = '2026-11-01'")
    pair.county("department", "key", "end", old.key_id, "--to", "2026-11-19")
    batch = pair.batch(pair.move(no, 3, "start"), signer=old)
    told = pair.county("feedback", "import", batch, "--format", "jsonl", code=6).rows
    assert told[0]["result"] == "unknown_key"
    assert "to 2026-11-19 only" in told[0]["detail"]
    actions = [a for (a,) in rows(pair.county, "SELECT action FROM journal")]
    assert actions.count("key.add") == 2
    assert actions.count("key.end") == 1


def test_a_key_is_added_once_for_a_department_that_exists(pair: Pair, tmp_path: Path) -> None:
    file = pair.folder / "office.pem"
    add = ["department", "key", "add", file, "--department"]
    assert "is known already, as one of civil" in pair.county(*add, "civil", code=5).err
    assert "no department moon" in pair.county(*add, "moon", code=3).err
    said = pair.county(*add, "medical", "--home-id", "somebody", code=5).err
    assert "names the home" in said
    own = pair.folder / "county.pem"
    assert "this home" in pair.county("department", "key", "add", own, "--department", "civil",
                                      code=5).err  # fmt: skip
    assert "no key ffff" in pair.county("department", "key", "end", "ffff", "--to", "2027-01-01",
                                        code=3).err  # fmt: skip


def test_doctor_looks_after_the_keys(pair: Pair) -> None:
    looked = {r["check"]: r for r in pair.county("doctor", "--format", "jsonl", code=None).rows}
    key = pair.signer(pair.county).key_id
    assert looked[f"key {key}"]["level"] == "ok"
    (pair.county.home / "keys" / f"{key}.pem").chmod(0o644)
    pair.county("department", "key", "end", pair.signer(pair.office).key_id, "--to", "2026-12-01")
    told = pair.county("doctor", "--format", "jsonl", code=5).rows
    found = {r["check"]: r for r in told}
    assert found[f"key {key}"]["level"] == "fault"
    assert found[f"key {pair.signer(pair.office).key_id}"]["level"] == "warning"


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
