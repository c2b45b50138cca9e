"""Intake: everything that is missing at once, one open application, one sentence a refusal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from chain_steps import one

from yimen.core.casework.intake import parse_answer
from yimen.core.rules.catalogue import load_catalogue


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


@pytest.mark.parametrize(
    "typed", ["M0000032:civil.basic_pension_year", "M0000032：其中中央基础养老金（年）",
              "M0000032:其中中央基础养老金(年)"]
)  # fmt: skip
def test_a_fact_goes_by_its_code_or_its_name_with_marks_of_either_width(
    tmp_path: Path, typed: str
) -> None:
    answer = parse_answer(load_catalogue(tmp_path), f"{typed}=0")
    assert (answer.subject, answer.value) == ("M0000032", 0)
