"""The department's work: legal moves, grants that become benefits, what closes an application."""

from __future__ import annotations

import sqlite3
from typing import Any, get_args

import pytest
from chain_steps import GRANT, PROGRAMMES, one, through

from yimen.core.casework.transitions import MOVES, move_for
from yimen.core.errors import IllegalMove
from yimen.core.records import ReferralState


@pytest.mark.parametrize("state", get_args(ReferralState))
def test_an_illegal_move_names_every_legal_one(state: ReferralState) -> None:
    legal = {m.verb for m in MOVES if state in m.from_states}
    for verb in {m.verb for m in MOVES}:
        if verb in legal:
            assert move_for(verb, state, "R2026-00001").verb == verb
            continue
        with pytest.raises(IllegalMove) as caught:
            move_for(verb, state, "R2026-00001")
        named = caught.value.next_step.removeprefix("Possible now: ").rstrip(".")
        assert set(named.split(", ")) - {"-"} == legal


def test_only_reopening_leaves_a_closed_state() -> None:
    closed = {"completed", "withdrawn", "voided", "rejected", "failed", "transferred"}
    leaving = {m.verb: set(m.from_states) & closed for m in MOVES if set(m.from_states) & closed}
    assert leaving == {"reopen": {"completed", "failed", "rejected"}}


def test_every_verb_of_the_table_is_a_command() -> None:
    from yimen.commands.referral import command

    assert {m.verb for m in MOVES} <= set(getattr(command, "commands"))  # noqa: B009


ILLEGAL = [
    ([], ["accept"], "receive, return, withdraw, void"),
    ([], ["decide", "granted", "--amount", "1", "--basis", "x"], "receive, return, withdraw, void"),
    ([], ["complete"], "receive, return, withdraw, void"),
    ([["receive"]], ["receive"], "accept, reject, return, transfer, withdraw, void"),
    ([["receive"], ["accept"]], ["receive"],
     "return, transfer, start, suspend, extend, decide, fail, withdraw, void"),
    ([["receive"], ["return", "--reason", "B02", "--note", "x"]], ["accept"],
     "redispatch, transfer, withdraw, void"),
    (GRANT[:3], ["decide", "refused", "--reason", "R01", "--basis", "x"],
     "clarify, complete, withdraw, void"),
    (GRANT, ["complete"], "reopen"),
]  # fmt: skip


@pytest.mark.parametrize("before, step, legal", ILLEGAL)
def test_an_illegal_move_at_the_command_line_is_exit_code_four_and_changes_nothing(
    yimen: Any, dispatched: Any, before: list[list[str]], step: list[str], legal: str
) -> None:
    no = dispatched["referrals"][0]["referral_no"]
    through(yimen, no, *before)
    kept = yimen.json("referral", "show", no)
    desk = yimen if step[0] == "complete" else yimen.acting_as("civil")
    said = desk("referral", step[0], no, *step[1:], code=4)
    assert said.err.endswith(f"Possible now: {legal}.\n")
    assert f"'{step[0]}' is not possible there." in said.err
    assert yimen.json("referral", "show", no) == kept


def test_a_returned_referral_goes_out_again_with_new_clocks(yimen: Any, dispatched: Any) -> None:
    no = next(r["referral_no"] for r in dispatched["referrals"] if r["department"] == "medical")
    medical = yimen.acting_as("medical")
    medical("referral", "receive", no)
    said = medical("referral", "return", no, "--reason", "B9", "--note", "x", code=5)
    assert "B02 papers incomplete" in said.err
    assert "note" in medical("referral", "return", no, "--reason", "B02", "--note", " ", code=5).err
    medical("referral", "return", no, "--reason", "B02", "--note", "bill of March is missing")
    (line,) = (r for r in yimen.json("referral", "list") if r["referral_no"] == no)
    # The window owes the next step within a working day; the department's clock stands still.
    assert (line["state"], line["clock"], line["due_on"]) == (
        "returned",
        "redispatch",
        "2026-11-23",
    )
    assert line["overdue"] is False
    yimen.day = "2026-12-07"
    (line,) = (r for r in yimen.json("referral", "list") if r["referral_no"] == no)
    assert line["overdue"] is True
    yimen("referral", "redispatch", no, "--note", "bill added")
    again = yimen.json("referral", "show", no)
    assert (again["state"], again["returns"], again["rev"]) == ("dispatched", 1, 4)
    assert again["due"]["sign"] == "2026-12-08"
    moves = one(yimen.home, "SELECT from_state, to_state, operator, reason_code, note FROM"
                " referral_move WHERE referral_no = ? ORDER BY id", no)  # fmt: skip
    assert moves == [
        (None, "dispatched", "admin", None, None),
        ("dispatched", "received", "medical", None, ""),
        ("received", "returned", "medical", "B02", "bill of March is missing"),
        ("returned", "dispatched", "admin", None, "bill added"),
    ]
    through(yimen, no, *GRANT)
    assert yimen.json("referral", "show", no)["state"] == "completed"


def test_a_late_referral_says_so_and_climbs(yimen: Any, dispatched: Any) -> None:
    no = dispatched["referrals"][0]["referral_no"]
    seen = []
    for day in ("2026-11-23", "2026-11-24", "2026-11-25", "2026-11-30", "2026-12-07"):
        yimen.day = day
        (line,) = (r for r in yimen.json("referral", "list") if r["referral_no"] == no)
        assert line["due_on"] == "2026-11-23"
        seen.append((line["overdue"], line["escalated"]))
    assert seen == [(False, 0), (True, 1), (True, 2), (True, 3), (True, 4)]


def test_an_amount_and_months_of_a_grant_become_the_benefit(yimen: Any, dispatched: Any) -> None:
    no = dispatched["referrals"][0]["referral_no"]
    through(yimen, no, ["receive"], ["accept"])
    civil = yimen.acting_as("civil")
    for bad in (["--amount", "-1"], ["--amount", "much"], ["--amount", "1", "--from", "2026-13"],
                ["--amount", "1", "--from", "2026-12-01"], [],
                ["--amount", "1", "--from", "2027-02", "--to", "2027-01"]):  # fmt: skip
        civil("referral", "decide", no, "granted", "--basis", "x", *bad, code=5)
    through(yimen, no, ["decide", "granted", "--amount", "1,250.50", "--from", "2026-11", "--to",
                        "2027-10", "--basis", "SAL §18"])  # fmt: skip
    assert one(yimen.home, "SELECT COUNT(*) FROM benefit") == 0
    through(yimen, no, ["complete"])
    assert one(
        yimen.home,
        "SELECT benefit_no, programme, department, amount_fen, per, from_month, to_month,"
        " referral_no FROM benefit",
    ) == [("B2026-00001", "CIV-DB", "civil", 125050, "month", "2026-11", "2027-10", no)]


def test_completing_and_the_benefit_are_one_transaction(yimen: Any, dispatched: Any) -> None:
    no = dispatched["referrals"][0]["referral_no"]
    through(yimen, no, *GRANT[:3])
    kept = yimen.json("referral", "show", no)
    conn = sqlite3.connect(yimen.home / "casework.db")
    conn.execute("CREATE TRIGGER no_benefit BEFORE INSERT ON benefit"
                 " BEGIN SELECT RAISE(ABORT, 'the register of benefits fails'); END")  # fmt: skip
    conn.commit()
    yimen("referral", "complete", no, code=1)
    assert yimen.json("referral", "show", no) == kept
    assert one(yimen.home, "SELECT COUNT(*) FROM journal WHERE action = 'referral.complete'") == 0
    conn.execute("DROP TRIGGER no_benefit")
    conn.commit()
    conn.close()
    yimen("referral", "complete", no)
    assert one(yimen.home, "SELECT COUNT(*) FROM benefit") == 1
    yimen("journal", "verify")


def test_an_application_closes_with_its_last_referral_and_not_before(
    yimen: Any, dispatched: Any
) -> None:
    numbers = [r["referral_no"] for r in dispatched["referrals"]]
    for no in numbers[:-1]:
        through(yimen, no, *GRANT)
        assert one(yimen.home, "SELECT state FROM application") == "dispatched"
    through(yimen, numbers[-1], ["return", "--reason", "B01", "--note", "not ours"])
    assert one(yimen.home, "SELECT state FROM application") == "dispatched"
    yimen("referral", "redispatch", numbers[-1], "--note", "it is")
    refusal = ["decide", "refused", "--reason", "R12", "--basis", "SAL §24"]
    through(yimen, numbers[-1], ["receive"], ["accept"], refusal, ["complete"])
    assert one(yimen.home, "SELECT state FROM application") == "closed"
    closing = one(yimen.home, "SELECT subject FROM journal WHERE action = 'application.close'")
    assert closing == dispatched["application_no"]
    said = yimen("intake", dispatched["application_no"], "--no-ask", code=4)
    assert "takes no more papers" in said.err


def test_an_application_whose_referrals_were_all_taken_back_waits_for_its_officer(
    yimen: Any, dispatched: Any
) -> None:
    for line in dispatched["referrals"][1:]:
        yimen("referral", "withdraw", line["referral_no"], "--note", "sent to the wrong place")
    yimen("referral", "void", dispatched["referrals"][0]["referral_no"], "--note", "typed wrong")
    # Nothing was answered, so that nothing is finished: it is dispatched anew, or closed.
    assert one(yimen.home, "SELECT state, closed_on FROM application") == [("checked", None)]
    again = yimen.json("dispatch", dispatched["application_no"])
    assert len(again["referrals"]) == len(dispatched["referrals"])
    assert one(yimen.home, "SELECT state FROM application") == "dispatched"
    assert one(yimen.home, "SELECT COUNT(*) FROM benefit") == 0


def test_an_answer_that_the_window_does_not_take_goes_back_to_the_department(
    yimen: Any, dispatched: Any
) -> None:
    no = dispatched["referrals"][0]["referral_no"]
    through(yimen, no, ["receive"], ["accept"], ["start"],
            ["decide", "refused", "--reason", "R01", "--basis", "x"])  # fmt: skip
    yimen("referral", "clarify", no, "--note", "the income is not theirs")
    assert yimen.json("referral", "show", no)["decision"] is None
    through(yimen, no, ["decide", "granted", "--amount", "100", "--basis", "SAL §18"], ["complete"])
    assert one(yimen.home, "SELECT amount_fen FROM benefit") == 10000


def test_the_feedback_shows_each_answer_and_what_is_still_open(yimen: Any, dispatched: Any) -> None:
    first = dispatched["referrals"][0]["referral_no"]
    second = dispatched["referrals"][1]["referral_no"]
    through(yimen, first, ["receive"], ["accept"],
            ["decide", "granted", "--amount", "250", "--basis", "letter 7 of 2026"],
            ["complete"])  # fmt: skip
    through(yimen, second, ["receive"])
    answers = yimen.json("feedback", dispatched["application_no"])["answers"]
    assert [a["state"] for a in answers[:3]] == ["completed", "received", "dispatched"]
    assert [a["decision"] is None for a in answers[:3]] == [False, True, True]
    assert answers[0]["due_on"] is None
    assert answers[1]["due_on"] == "2026-11-24"
    text = yimen("feedback", dispatched["application_no"]).out
    assert "250.00" in text
    assert "[letter 7 of 2026]" in text


def test_a_department_that_was_taken_out_stops_nobody_else(
    yimen: Any, dispatched: Any, accepted: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = accepted("refused")["application_no"]
    yimen("check", number)
    no = next(r["referral_no"] for r in dispatched["referrals"] if r["department"] == "medical")
    through(yimen, no, ["return", "--reason", "B02", "--note", "a bill is missing"])
    monkeypatch.setenv("YIMEN_DEPARTMENTS", "civil")
    assert "returned" in yimen("referral", "show", no).out
    assert no in yimen("feedback", dispatched["application_no"]).out
    # Its terms were frozen at dispatch, so that it goes on without the department's rules.
    assert "dispatched" in yimen("referral", "redispatch", no, "--note", "here it is").out
    (sent,) = yimen.json("dispatch", number, "--programme", "CIV-DB")["referrals"]
    assert sent["department"] == "civil"


def test_an_eligible_programme_whose_rules_are_gone_is_held_back_with_that_reason(
    yimen: Any, accepted: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = accepted("eligible")["application_no"]
    yimen("check", number)
    monkeypatch.setenv("YIMEN_DEPARTMENTS", "civil")
    sent = yimen.json("dispatch", number)
    assert [r["programme"] for r in sent["referrals"]] == ["CIV-DB", "CIV-WARM"]
    reasons = {h["reason"] for h in sent["held_back"] if h["programme"] == "MED-PREM"}
    assert reasons == {"the rules of its department cannot be read now"}
    monkeypatch.delenv("YIMEN_DEPARTMENTS")
    assert len(yimen.json("dispatch", number)["referrals"]) == len(PROGRAMMES) - 2
