"""Answers come in: each message once, in turn, by the procedure, or not at all."""

from __future__ import annotations

import json
from typing import Any

import pytest
from handover_homes import Pair, kept, rows

from yimen.core.casework.handover.verbs import OF_DEPARTMENT, OF_WINDOW
from yimen.core.casework.transitions import MOVES
from yimen.core.contracts import published_schema

GRANT = {
    "outcome": "granted", "reason_code": None, "amount_fen": 10000, "from_month": None,
    "to_month": None, "basis": "SAL §18",
}  # fmt: skip


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


def test_a_batch_in_any_order_is_applied_in_the_order_of_its_sequences(pair: Pair) -> None:
    first, second = pair.numbers
    told = pair.heard(
        pair.move(first, 3, "decide", decision=GRANT), pair.move(second, 2, "accept"),
        pair.move(first, 1, "receive"), pair.move(second, 1, "receive"),
        pair.move(first, 2, "accept"),
    )  # fmt: skip
    assert [detail.partition(";")[0] for __, detail in told] == [
        "answered", "accepted", "signed for", "signed for", "accepted",
    ]  # fmt: skip
    assert (pair.state(first), pair.state(second)) == ("fed_back", "accepted")


def test_a_transfer_ends_the_referral_over_there_and_its_successor_comes_with_it(
    pair: Pair,
) -> None:
    pair.taken()
    first = pair.numbers[0]
    pair.clerk("referral", "receive", "R2026-00001")
    pair.county("feedback", "import", pair.answered())
    pair.county.acting_as("window")("referral", "transfer", first, "--programme", "CIV-EDGE",
                                    "--note", "a matter of the edge")  # fmt: skip
    told = pair.office("referral", "take", pair.sent(), "--format", "jsonl").rows
    assert sorted(r["result"] for r in told) == ["applied", "taken"]
    assert pair.state("R2026-00001", pair.office) == "transferred"
    successor = pair.office.json("referral", "show", "R2026-00003")
    assert (successor["programme"], successor["state"]) == ("CIV-EDGE", "dispatched")
    # The family's time goes on from the first dispatch.
    origin = pair.county.json("referral", "show", first)
    assert successor["terms"]["started_at"] == origin["terms"]["started_at"]
