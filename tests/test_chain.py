"""The chain at the counter: query, intake, check, dispatch, the departments' work, feedback."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import pytest
from handled import handled

from yimen.core.casework import referral as referrals
from yimen.core.casework.desk import Desk
from yimen.core.casework.operators import sit_down
from yimen.core.casework.transitions import MOVES, move_for
from yimen.core.errors import IllegalMove, StaleRevision
from yimen.core.records import ReferralState
from yimen.core.store.home import open_home

PROGRAMMES = ["CIV-DB", "CIV-WARM", "EDU-CMP", "MED-IN", *["MED-PREM"] * 3]


def one(home: Path, sql: str, *values: object) -> Any:
    """The rows of a query, or the value of one that gives a single cell."""
    conn = sqlite3.connect(home / "casework.db")
    rows = conn.execute(sql, values).fetchall()
    conn.close()
    return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else rows


def through(yimen: Any, referral_no: str, *steps: list[str]) -> None:
    """Walks a referral by its department's operator, then back at the window."""
    department = yimen.json("referral", "show", referral_no)["department"]
    office = yimen.acting_as(department)
    for step in steps:
        if step[:2] == ["decide", "granted"]:
            handled(yimen.home, referral_no)
        at_window = step[0] in ("complete", "redispatch", "clarify", "reopen")
        desk = yimen.acting_as("window") if at_window else office
        desk("referral", step[0], referral_no, *step[1:])


GRANT = [
    ["receive"],
    ["accept"],
    ["decide", "granted", "--amount", "100", "--basis", "SAL §18"],
    ["complete"],
]


def test_a_family_in_need_is_led_from_its_number_to_the_departments_answers(
    yimen: Any, truth: Any, signed_paper: Path
) -> None:
    story = truth["stories"]["eligible"]
    window = yimen.acting_as("window")
    known = window.json("query", story["id_number"])
    assert known["household"]["household_no"] == story["household_no"]
    assert known["applications"] == known["referrals"] == []

    told = window.json("intake", story["id_number"], "--no-ask")
    number = told["application_no"]
    assert (number, told["state"], told["first_officer"]) == (
        "A2026-00001", "supplement_noticed", "window",
    )  # fmt: skip
    assert told["accepted_on"] is None
    assert {m["fact"] for m in told["missing"]} >= {None, "civil.other_income_year"}
    # The registers' facts are never asked for.
    assert not {m["fact"] for m in told["missing"]} & {"civil.income_registered", "civil.deposits"}

    papers = ["--authorisation", str(signed_paper), "--pledge", str(signed_paper)]
    more = window.json("intake", number, *papers, "--no-ask")
    assert [m["fact"] for m in more["missing"] if m["fact"] is None] == []
    assert more["missing"]
    words = [w for a in ("other_income_year=0", "deductible_year=0", "emergency_event=NONE")
             for w in ("--answer", a)]  # fmt: skip
    done = window.json("intake", number, *words, "--no-ask")
    assert (done["state"], done["accepted_on"], done["missing"]) == ("accepted", "2026-11-20", [])

    report = window("check", number, "--format", "json").json
    assert report["application_no"] == number
    eligible = [p["programme"] for p in report["programmes"] if p["outcome"] == "eligible"]
    assert sorted(eligible) == PROGRAMMES

    sent = window.json("dispatch", number)
    assert sorted(r["programme"] for r in sent["referrals"]) == PROGRAMMES
    assert {h["programme"] for h in sent["held_back"]} >= {"CIV-EDGE", "CIV-FAST", "MED-IN"}
    assert all(h["reason"] for h in sent["held_back"])
    by = {r["programme"]: r for r in sent["referrals"]}
    assert by["CIV-DB"]["due"] == {
        "sign": "2026-11-23", "accept": "2026-11-25", "finish": "2027-01-04",
        "statutory": "2027-01-04", "office": None,
    }  # fmt: skip
    assert by["CIV-DB"]["provisional"] is True
    assert by["MED-IN"]["due"]["finish"] == "2026-12-18"
    assert by["MED-IN"]["provisional"] is False

    listed = yimen.acting_as("civil").json("referral", "list")
    assert [r["programme"] for r in listed] == ["CIV-DB", "CIV-WARM"]
    for line in sent["referrals"]:
        assert one(yimen.home, "SELECT state FROM application") == "dispatched"
        through(yimen, line["referral_no"], *GRANT)
    assert one(yimen.home, "SELECT state, closed_on FROM application") == [("closed", "2026-11-20")]

    answers = window.json("feedback", number)
    assert answers["state"] == "closed"
    assert {a["decision"]["outcome"] for a in answers["answers"]} == {"granted"}
    assert sorted(b["programme"] for b in answers["benefits"]) == PROGRAMMES
    # What is paid by the year ends with it; what is paid by the month goes on.
    assert {(b["per"], b["to_month"]) for b in answers["benefits"]} >= {
        ("month", None), ("year", "2027-11"),
    }  # fmt: skip
    assert {b["from_month"] for b in answers["benefits"]} == {"2026-12"}
    after = window.json("query", story["id_number"])
    assert [a["state"] for a in after["applications"]] == ["closed"]
    assert {b["active"] for b in after["benefits"] if b["source"] == "casework"} == {False}
    yimen.day = "2026-12-01"
    after = yimen.json("query", story["id_number"])
    assert {b["active"] for b in after["benefits"] if b["source"] == "casework"} == {True}
    yimen("journal", "verify")


def test_a_family_above_the_limits_is_refused_by_the_department_with_a_coded_reason(
    yimen: Any, truth: Any, accepted: Any
) -> None:
    number = accepted("refused")["application_no"]
    report = yimen("check", number, "--format", "json").json
    assert "eligible" not in {p["outcome"] for p in report["programmes"]}
    means = {p["outcome"] for p in report["programmes"] if p["programme"] in ("CIV-DB", "CIV-EDGE")}
    assert means == {"ineligible"}
    nothing = yimen.json("dispatch", number)
    assert nothing["referrals"] == []
    assert {h["programme"] for h in nothing["held_back"]} >= {"CIV-DB", "CIV-EDGE", "MED-PREM"}
    assert one(yimen.home, "SELECT state FROM application") == "checked"
    # The officer's word: the department shall decide, not the machine.
    (sent,) = yimen.json("dispatch", number, "--programme", "civ-db")["referrals"]
    no = sent["referral_no"]
    frozen = yimen.json("referral", "show", no)
    assert frozen["proposal"]["outcome"] == "ineligible"
    through(yimen, no, ["receive"], ["accept"])
    civil = yimen.acting_as("civil")
    assert "R01" in civil("referral", "decide", no, "refused", "--basis", "x", code=5).err
    said = civil("referral", "decide", no, "refused", "--reason", "R99", "--basis", "x", code=5)
    assert "'R99' is not a reason code." in said.err
    assert "basis" in civil("referral", "decide", no, "refused", "--reason", "R02", "--basis", " ",
                            code=5).err  # fmt: skip
    through(yimen, no, ["decide", "refused", "--reason", "r02", "--basis", "SAL §23"], ["complete"])
    answers = yimen.json("feedback", number)
    (answer,) = answers["answers"]
    assert answer["decision"] == {
        "outcome": "refused", "reason_code": "R02", "amount_fen": None, "from_month": None,
        "to_month": None, "basis": "SAL §23",
    }  # fmt: skip
    assert answers["benefits"] == []
    assert one(yimen.home, "SELECT COUNT(*) FROM benefit") == 0
    assert answers["state"] == "closed"
    assert "above the limit" in yimen("feedback", number).out
    assert truth["stories"]["refused"]["household_no"] == frozen["household_no"]


def test_a_family_nobody_can_judge_is_unknown_and_never_a_no(yimen: Any, accepted: Any) -> None:
    told = accepted("unknown")
    number = told["application_no"]
    assert [m["fact"] for m in told["missing"]] == ["civil.lives_together"]
    assert "only an accepted one can be checked" in yimen("check", number, code=4).err
    file = yimen.json("household", "show", told["household_no"])
    (child,) = (m["member_no"] for m in file["household"]["members"]
                if m["relation"] not in ("02", "10"))  # fmt: skip
    done = yimen.json("intake", number, "--answer", f"{child}:lives_together=yes", "--no-ask")
    assert done["state"] == "accepted"
    report = yimen("check", number, "--format", "json").json
    dibao = next(p for p in report["programmes"] if p["programme"] == "CIV-DB")
    assert dibao["outcome"] == "unknown"
    assert dibao["missing"]
    assert "name_mismatch" in {f["kind"] for f in report["flags"]}
    sent = yimen.json("dispatch", number)
    assert "CIV-DB" not in {r["programme"] for r in sent["referrals"]}
    (held,) = (h for h in sent["held_back"] if h["programme"] == "CIV-DB")
    assert held["reason"].startswith("unknown: ")


# -- intake --------------------------------------------------------------------------------------


def test_the_one_time_notification_lists_everything_at_once_and_nothing_registers_hold(
    yimen: Any, truth: Any
) -> None:
    out = yimen("intake", truth["stories"]["eligible"]["id_number"], "--no-ask").out
    assert "One-time notification of what is still missing" in out
    assert out.count("has not") == 4
    assert out.count("pledge of truth") == 2
    numbered = [
        line.split(".")[0].strip() for line in out.splitlines() if line[:3].strip().isdigit()
    ]
    assert numbered == [str(n) for n in range(1, len(numbered) + 1)]
    assert "not yet: the clock is not running" in out
    assert truth["stories"]["eligible"]["id_number"] not in out


def test_the_same_notification_is_given_once(yimen: Any, truth: Any) -> None:
    id_number = truth["stories"]["eligible"]["id_number"]
    number = yimen.json("intake", id_number, "--no-ask")["application_no"]
    for __ in range(3):
        yimen("intake", number, "--no-ask")
    notices = one(yimen.home, "SELECT COUNT(*) FROM supplement_notice")
    assert notices == 1
    yimen("intake", number, "--answer", "other_income_year=0", "--no-ask")
    assert one(yimen.home, "SELECT COUNT(*) FROM supplement_notice") == 2
    notices = one(yimen.home, "SELECT body FROM journal WHERE action = 'intake.notice'")
    assert [json.loads(body)["second"] for (body,) in notices] == [False, True]


def test_the_clock_starts_on_the_day_on_which_nothing_is_missing(
    yimen: Any, truth: Any, signed_paper: Path
) -> None:
    number = yimen.json("intake", truth["stories"]["eligible"]["id_number"], "--no-ask")[
        "application_no"
    ]
    yimen.day = "2026-11-24"
    words = [w for a in ("other_income_year=0", "deductible_year=0", "emergency_event=NONE")
             for w in ("--answer", a)]  # fmt: skip
    half = yimen.json("intake", number, *words, "--authorisation", signed_paper, "--no-ask")
    assert half["accepted_on"] is None
    assert {m["document"] for m in half["missing"]} == {"pledge of truth"}
    yimen.day = "2026-11-26"
    done = yimen.json("intake", number, "--pledge", signed_paper, "--no-ask")
    assert done["accepted_on"] == "2026-11-26"
    assert one(yimen.home, "SELECT submitted_on, rule_pack FROM application") == [
        ("2026-11-20", "R2026")
    ]


def test_a_family_has_one_open_application(yimen: Any, truth: Any) -> None:
    id_number = truth["stories"]["eligible"]["id_number"]
    yimen("intake", id_number, "--no-ask")
    said = yimen("intake", id_number, "--no-ask", code=4)
    assert said.err == (
        "The family has an open application, A2026-00001. "
        "Add to it: `yimen intake A2026-00001`.\n"
    )  # fmt: skip
    assert one(yimen.home, "SELECT COUNT(*) FROM application") == 1


def test_papers_are_kept_as_the_hash_of_the_file_with_their_term(
    yimen: Any, truth: Any, signed_paper: Path
) -> None:
    import hashlib

    id_number = truth["stories"]["eligible"]["id_number"]
    done = yimen.json("intake", id_number, "--authorisation", signed_paper, "--signed-on",
                      "2026-11-01", "--expires", "2026-12-31", "--scope", "civil",
                      "--no-ask")  # fmt: skip
    digest = hashlib.sha256(signed_paper.read_bytes()).hexdigest()
    assert len(done["consents"]) == 3
    for consent in done["consents"]:
        assert consent["paper_sha256"] == digest
        assert (consent["signed_on"], consent["expires_on"]) == ("2026-11-01", "2026-12-31")
        assert (consent["kind"], consent["scope"]) == ("authorisation", ["civil"])


BAD_INTAKES = {
    "a fact nobody declares": (["--answer", "moon=1"], 3, "There is no fact moon."),
    "no answer at all": (["--answer", "other_income_year"], 5, "is not an answer"),
    "a word where money is": (["--answer", "other_income_year=much"], 5, "amount"),
    "a computed fact": (["--answer", "register_income_year=1"], 5, "is computed"),
    "an unknown code": (["--answer", "emergency_event=WAR"], 5, "has no code 'WAR'"),
    "a stranger": (["--answer", "M9999999:lives_together=yes"], 5, "is not a member"),
    "a member's fact of the family": (["--answer", "M0000001:other_income_year=1"], 5, ""),
    "a paper that is not there": (["--pledge", "/none/paper.pdf"], 5, "cannot be read"),
    "a paper of tomorrow": (["--pledge", "PAPER", "--signed-on", "2026-11-21"], 5, "future"),
    "a paper that ended": (["--pledge", "PAPER", "--expires", "2026-11-19"], 5, "ends before"),
    "a day that is none": (["--pledge", "PAPER", "--expires", "2026-02-30"], 5, "is not a date"),
    "a signer from elsewhere": (
        ["--pledge", "PAPER", "--signed-by", "M9999999"],
        5,
        "not a member",
    ),
    "somebody else who counts": (["--counts", "M9999999"], 5, "is not a member"),
}


@pytest.mark.parametrize("what", BAD_INTAKES)
def test_a_bad_intake_is_one_sentence_and_registers_nothing(
    yimen: Any, truth: Any, signed_paper: Path, what: str
) -> None:
    words, code, sentence = BAD_INTAKES[what]
    words = [str(signed_paper) if w == "PAPER" else w for w in words]
    id_number = truth["stories"]["eligible"]["id_number"]
    said = yimen("intake", id_number, *words, "--no-ask", code=code)
    assert sentence in said.err
    assert said.out == ""
    assert said.err.count("\n") == 1
    for table in ("application", "composition", "consent", "recorded_fact", "supplement_notice"):
        assert one(yimen.home, f"SELECT COUNT(*) FROM {table}") == 0, table


@pytest.mark.parametrize("said", ["9" * 16, "-100", "1e5", "一百", "0x10", "12,34"])
def test_an_amount_that_would_break_a_sum_is_not_taken(yimen: Any, truth: Any, said: str) -> None:
    id_number = truth["stories"]["eligible"]["id_number"]
    yimen("intake", id_number, "--answer", f"other_income_year={said}", "--no-ask", code=5)


def test_an_unknown_number_is_not_found_and_a_wrong_one_is_named(yimen: Any) -> None:
    from yimen.core.identity import check_digit

    stranger = "37049919000101999"
    said = yimen("query", stranger + check_digit(stranger), code=3)
    assert "holds nobody with the number 370499********" in said.err
    wrong = stranger + ("0" if check_digit(stranger) != "0" else "1")
    for command in ("query", "intake"):
        said = yimen(command, wrong, code=5)
        assert "check digit" in said.err
        assert wrong not in said.err


# -- check and dispatch --------------------------------------------------------------------------


def test_nothing_is_checked_before_acceptance_nor_dispatched_before_the_check(
    yimen: Any, truth: Any, accepted: Any
) -> None:
    id_number = truth["stories"]["refused"]["id_number"]
    early = yimen.json("intake", id_number, "--no-ask")["application_no"]
    assert "Complete it first" in yimen("check", early, code=4).err
    assert "`yimen check" in yimen("dispatch", early, code=4).err
    number = accepted("eligible")["application_no"]
    assert "`yimen check" in yimen("dispatch", number, code=4).err
    yimen("check", number)
    yimen("dispatch", number)
    for command in ("check", "dispatch", "feedback"):
        assert "A2026-99999" in yimen(command, "A2026-99999", code=3).err


def test_a_second_dispatch_sends_nothing_twice(yimen: Any, dispatched: Any) -> None:
    again = yimen.json("dispatch", dispatched["application_no"])
    assert again["referrals"] == []
    reasons = {h["programme"]: h["reason"] for h in again["held_back"]}
    assert (
        reasons["CIV-DB"] == f"referral {dispatched['referrals'][0]['referral_no']} is already open"
    )


def test_an_authorisation_that_does_not_cover_the_department_holds_its_programmes_back(
    yimen: Any, truth: Any, signed_paper: Path
) -> None:
    words = [w for a in ("other_income_year=0", "deductible_year=0", "emergency_event=NONE")
             for w in ("--answer", a)]  # fmt: skip
    number = yimen.json("intake", truth["stories"]["eligible"]["id_number"], "--authorisation",
                        signed_paper, "--pledge", signed_paper, "--scope", "civil",
                        "--scope", "civil.bank", *words, "--no-ask")["application_no"]  # fmt: skip
    yimen("check", number)
    sent = yimen.json("dispatch", number)
    assert {r["department"] for r in sent["referrals"]} == {"civil"}
    (reason,) = {h["reason"] for h in sent["held_back"] if h["programme"] == "MED-PREM"}
    assert reason == "no valid authorisation covers the department medical"


def test_an_authorisation_that_has_ended_lets_nothing_out(yimen: Any, accepted: Any) -> None:
    number = accepted("eligible", "--expires", "2026-11-20")["application_no"]
    yimen("check", number)
    yimen.day = "2026-11-21"
    sent = yimen.json("dispatch", number)
    assert sent["referrals"] == []
    assert {h["reason"].split(" the department")[0] for h in sent["held_back"]} == {
        "no valid authorisation covers"
    }


def test_a_referral_carries_only_the_facts_that_its_programme_needs(
    yimen: Any, dispatched: Any, shared_catalogue: Any
) -> None:
    uses = shared_catalogue.links.uses
    for line in dispatched["referrals"]:
        frozen = yimen.json("referral", "show", line["referral_no"])
        wanted = {name for key, names in uses.items() if line["programme"] in key for name in names}
        assert set(frozen["facts"]) <= wanted
        # Heating aid follows the class alone.
        assert frozen["facts"] or line["programme"] == "CIV-WARM"
        assert frozen["proposal"]["outcome"] == "eligible"
    medical = yimen.json("referral", "show", dispatched["referrals"][1]["referral_no"])
    assert "civil.deposits" not in medical["facts"]


def test_a_referral_keeps_its_facts_when_the_registers_change(
    yimen: Any, dispatched: Any, county_files: Path, tmp_path: Path
) -> None:
    no = dispatched["referrals"][0]["referral_no"]
    before = yimen.json("referral", "show", no)["facts"]
    bank = tmp_path / "bank.csv"
    header = (county_files / "civil.bank.csv").read_text("utf-8").splitlines()[0]
    bank.write_text(header + "\n", "utf-8")
    yimen("source", "load", "civil.bank", bank, "--as-of", "2026-11-20")
    assert yimen.json("referral", "show", no)["facts"] == before


# -- the department's work -----------------------------------------------------------------------


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


# -- many hands ----------------------------------------------------------------------------------


def test_a_move_on_a_record_that_somebody_else_changed_is_refused(
    yimen: Any, dispatched: Any
) -> None:
    no = dispatched["referrals"][0]["referral_no"]
    home = open_home(yimen.home, today=None if yimen.day is None else _day(yimen.day))
    civil = sit_down(home, acting_as="civil")

    class SlowDesk(Desk):
        """Somebody who is looked over by the permission table while another acts."""

        def require(self, action: str, **scope: str | None) -> None:
            super().require(action, **scope)
            yimen.acting_as("civil")("referral", "return", no, "--reason", "B01", "--note", "x")

    with pytest.raises(StaleRevision, match=f"Referral {no} was changed by somebody else"):
        referrals.receive(SlowDesk(home, civil.operator, civil.account), no)
    home.close()
    shown = yimen.json("referral", "show", no)
    assert (shown["state"], shown["rev"], shown["returns"]) == ("returned", 2, 1)
    assert one(yimen.home, "SELECT COUNT(*) FROM referral_move WHERE referral_no = ?", no) == 2
    yimen("journal", "verify")


def _day(text: str) -> Any:
    from datetime import date

    return date.fromisoformat(text)


# Twenty processes are forked from one that has imported everything, and leave a gate together.
TWENTY = """
import os, sys
from yimen.cli import run
words = sys.argv[2:]
run([*words[:-3], "referral", "show", words[-1]])
gate, opener = os.pipe()
children = []
for number in range(int(sys.argv[1])):
    child = os.fork()
    if child == 0:
        os.close(opener)
        os.read(gate, 1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os._exit(run(words))
    children.append(child)
os.close(opener)
codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
sys.stdout.flush()
print("codes", *codes)
"""


def test_of_twenty_processes_that_move_one_referral_exactly_one_succeeds(
    yimen: Any, dispatched: Any
) -> None:
    no = dispatched["referrals"][0]["referral_no"]
    words = yimen.acting_as("civil").words("referral", "receive", no)
    done = subprocess.run(
        [sys.executable, "-c", TWENTY, "20", *words],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    codes = done.stdout.splitlines()[-1].split()[1:]
    assert sorted(codes) == ["0"] + ["4"] * 19, done.stderr
    said = set(done.stderr.splitlines())
    assert all("by somebody else" in line or "is not possible there" in line for line in said)
    shown = yimen.json("referral", "show", no)
    assert (shown["state"], shown["rev"]) == ("received", 2)
    moved = "SELECT COUNT(*) FROM journal WHERE action = 'referral.receive'"
    assert one(yimen.home, moved) == 1
    yimen("journal", "verify")


def test_of_many_processes_that_dispatch_one_application_one_sends_its_referrals(
    yimen: Any, accepted: Any
) -> None:
    number = accepted("eligible")["application_no"]
    yimen("check", number)
    script = TWENTY.replace('[*words[:-3], "referral", "show", words[-1]]',
                            '[*words[:-2], "programme", "list"]')  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", script, "8", *yimen.words("dispatch", number)],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    codes = done.stdout.splitlines()[-1].split()[1:]
    # A late one finds them sent already, which is no error.
    assert set(codes) <= {"0", "4"}
    assert set(done.stderr.splitlines()) <= {
        f"Application {number} was changed by somebody else just now. "
        f"Look at it again: `yimen feedback {number}`."
    }
    assert one(yimen.home, "SELECT COUNT(*) FROM referral") == len(PROGRAMMES)
    assert one(yimen.home, "SELECT COUNT(*) FROM journal WHERE action = 'dispatch'") == 1


def test_of_many_processes_that_complete_an_intake_one_accepts_it(
    yimen: Any, truth: Any, signed_paper: Path
) -> None:
    id_number = truth["stories"]["eligible"]["id_number"]
    number = yimen.json("intake", id_number, "--no-ask")["application_no"]
    words = ["intake", number, "--authorisation", signed_paper, "--pledge", signed_paper]
    for answer in ("other_income_year=0", "deductible_year=0", "emergency_event=NONE"):
        words += ["--answer", answer]
    script = TWENTY.replace('run([*words[:-3], "referral", "show", words[-1]])', "")
    done = subprocess.run(
        [sys.executable, "-c", script, "6", *yimen.words(*words, "--no-ask")],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert set(done.stdout.splitlines()[-1].split()[1:]) == {"0"}, done.stderr
    assert one(yimen.home, "SELECT state FROM application") == "accepted"
    assert one(yimen.home, "SELECT COUNT(*) FROM journal WHERE action = 'intake.accept'") == 1
    yimen("check", number)


def test_of_many_processes_that_open_an_application_for_one_family_one_succeeds(
    yimen: Any, truth: Any
) -> None:
    script = TWENTY.replace('run([*words[:-3], "referral", "show", words[-1]])', "")
    words = yimen.words("intake", truth["stories"]["eligible"]["id_number"], "--no-ask")
    done = subprocess.run(
        [sys.executable, "-c", script, "6", *words],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    codes = done.stdout.splitlines()[-1].split()[1:]
    assert sorted(codes) == ["0"] + ["4"] * 5, done.stderr
    assert one(yimen.home, "SELECT COUNT(*) FROM application") == 1
