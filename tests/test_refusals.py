"""The "no" at the one door: its ground, its second person, and the paper that the family gets."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

BASIS = ("--basis", "SAL §23; DB2021 §21")
TOLD = ("--note", "told why at the window")


def one(home: Any, sql: str, *values: object) -> Any:
    conn = sqlite3.connect(home / "casework.db")
    rows = conn.execute(sql, values).fetchall()
    conn.close()
    return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else rows


@pytest.fixture
def window(yimen: Any) -> Any:
    yimen("operator", "add", "second", "--name", "Li", "--role", "town", "--division", "370499101")
    return yimen.acting_as("window")


@pytest.fixture
def second(window: Any) -> Any:
    """Another person of the same town."""
    return window.acting_as("second")


@pytest.fixture
def not_met(window: Any, accepted: Any) -> str:
    """A checked application of a family with a car and far too much in the bank."""
    number = str(accepted("refused")["application_no"])
    window("check", number)
    return number


def test_a_family_that_meets_nothing_gets_its_notice(
    window: Any, second: Any, not_met: str
) -> None:
    said = window("application", "close", not_met, "--reason", "R02", *BASIS, *TOLD).out
    assert "waits for a second person" in said
    assert one(window.home, "SELECT state FROM application") == "checked"
    assert window.json("application", "list")[0]["proposed"] == "close"
    assert (
        "The same person proposed it" in window("application", "countersign", not_met, code=4).err
    )
    assert "print decision" in second("application", "countersign", not_met).err
    assert one(window.home, "SELECT state, closed_on FROM application") == [
        ("closed", "2026-11-20")
    ]
    text = " ".join(window("print", "decision", not_met).out.split())
    for words in (
        "Notice that the conditions are not met",
        "R02: property above the limit.",
        "signed by Li",
        "Check report C",
        "read, as of 2026-11-20: Residence register", "Bank deposits",
        "Vehicles within the dibao limit [Social Assistance Law art. 18",
        "Bank deposits = 186500.00 yuan (found 2026-11-20)",
        "What is unknown",
        "They are no ground of this decision;",
        "60 days", "6 months", "15 days",
        "told why at the window",
    ):  # fmt: skip
        assert words in text, words
    assert "Income within the dibao standard" not in text
    window("journal", "verify")


def test_the_notice_speaks_the_readers_language_whatever_the_report_was_filed_in(
    window: Any, second: Any, not_met: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    window("application", "close", not_met, "--reason", "R02", *BASIS, *TOLD)
    second("application", "countersign", not_met)
    monkeypatch.setenv("YIMEN_LANG", "zh_CN")
    text = window("print", "decision", not_met).out
    assert "《社会救助法》" in text
    assert "dibao limit" not in text


def test_a_refusal_needs_its_law_its_words_and_a_ground_in_the_report(
    window: Any, not_met: str
) -> None:
    close = ("application", "close", not_met, "--reason")
    assert "legal basis" in window(*close, "R02", *TOLD, code=5).err
    assert "--note: A text is missing" in window(*close, "R02", *BASIS, "--note", " ", code=5).err
    assert "not a reason code" in window(*close, "X9", *BASIS, *TOLD, code=5).err
    said = window(*close, "R01", *BASIS, *TOLD, code=4).err
    assert "does not bear R01 out" in said
    assert "R02 property above the limit" in said
    assert one(window.home, "SELECT proposal_to_end FROM application") is None


def test_what_is_met_is_not_refused_at_the_window(window: Any, accepted: Any) -> None:
    number = accepted("eligible")["application_no"]
    window("check", number)
    said = window("application", "close", number, "--reason", "R12", *BASIS, *TOLD, code=4)
    assert "CIV-DB is met by report C" in said.err
    said = window("application", "refuse", number, "--reason", "R12", *BASIS, *TOLD,
                  "--programme", "CIV-DB", code=4)  # fmt: skip
    assert "has no condition of CIV-DB that is not met" in said.err


def test_what_is_unknown_is_no_ground(window: Any, accepted: Any) -> None:
    number = accepted("unknown")["application_no"]
    conn = sqlite3.connect(window.home / "casework.db")
    conn.execute("UPDATE application SET state = 'accepted', accepted_on = '2026-11-20',"
                 " rule_pack = 'R2026'")  # fmt: skip
    conn.commit()
    conn.close()
    report = window.json("check", number)
    unknown = {p["programme"] for p in report["programmes"] if p["outcome"] == "unknown"}
    assert "CIV-DB" in unknown
    said = window("application", "refuse", number, "--reason", "R01", *BASIS, *TOLD,
                  "--programme", "CIV-DB", code=4)  # fmt: skip
    assert "What is unknown is no ground" in said.err


def test_part_of_an_application_is_refused_and_the_rest_goes_on(
    window: Any, second: Any, dispatched: Any
) -> None:
    number = dispatched["application_no"]
    refuse = ("application", "refuse", number, "--reason", "R12", "--basis", "SAL §21", *TOLD)
    window(*refuse)
    second("application", "countersign", number)
    assert one(window.home, "SELECT state FROM application") == "dispatched"
    programmes = one(window.home, "SELECT programmes FROM application_move WHERE verb = 'refuse'")
    assert "CIV-DB" not in programmes
    assert "CIV-EDGE" in programmes
    text = " ".join(window("print", "decision", number).out.split())
    assert "What else you asked for goes on." in text
    assert "A family outside dibao" in text
    assert "nothing left to refuse" in window(*refuse, code=4).err


def test_a_check_that_came_between_takes_the_proposal_down(
    window: Any, second: Any, not_met: str
) -> None:
    window("application", "close", not_met, "--reason", "R02", *BASIS, *TOLD)
    household = one(window.home, "SELECT household_no FROM application")
    window("household", "verify", household, "civil.emergency_event=FIRE", "--source", "visit")
    window("check", not_met)
    said = second("application", "countersign", not_met, code=None)
    assert said.code
    assert "was checked again since" in said.err
    assert one(window.home, "SELECT state FROM application") == "checked"


def test_who_refuses_nobody_closes_alone(window: Any, not_met: str) -> None:
    said = window("application", "close", not_met, "--reason", "C01", *TOLD).out
    assert "closed" in said
    text = " ".join(window("print", "decision", not_met).out.split())
    assert "Notice of an application closed" in text
    assert "nothing of it was refused" in text


def test_an_application_is_not_taken_on_before_it_is_accepted(
    window: Any, second: Any, truth: Any
) -> None:
    number = window.json("intake", truth["stories"]["refused"]["id_number"], "--no-ask")[
        "application_no"
    ]
    window("application", "reject", number, "--reason", "R03", "--basis", "SAL §37", *TOLD)
    second("application", "countersign", number)
    assert one(window.home, "SELECT state FROM application") == "closed"
    text = " ".join(window("print", "decision", number).out.split())
    assert "Notice of an application not taken on" in text
    assert "Conditions that are not met" not in text


def test_while_nothing_was_said_there_is_no_paper(window: Any, not_met: str) -> None:
    said = window("print", "decision", not_met, code=4).err
    assert "nothing of it was refused or closed at the window" in said
    assert "Nothing is proposed" in window("application", "countersign", not_met, code=4).err


def test_what_waits_for_a_second_person_stands_on_that_persons_morning_list(
    window: Any, second: Any, not_met: str
) -> None:
    window("application", "close", not_met, "--reason", "R02", *BASIS, *TOLD)
    assert f"sign as the second person: {not_met}" in second("due").err
    assert "second person" not in window("due").err
    second("application", "countersign", not_met)
    assert "second person" not in second("due").err


def test_what_is_to_be_signed_is_shown_as_its_notice_and_may_be_declined(
    window: Any, second: Any, not_met: str
) -> None:
    assert "Nothing is proposed" in window("application", "proposed", not_met).out
    assert "Nothing is proposed" in second("application", "decline", not_met, "--note", "x",
                                           code=4).err  # fmt: skip
    close = ("application", "close", not_met, "--reason", "R02", *BASIS, *TOLD)
    window(*close)
    shown = " ".join(second("application", "proposed", not_met).out.split())
    assert "Proposed by Wang: close the application, R02 property above the limit." in shown
    assert "Notice that the conditions are not met" in shown
    assert "--note: A text is missing" in second("application", "decline", not_met, "--note", " ",
                                                 code=5).err  # fmt: skip
    second("application", "decline", not_met, "--note", "the car is sold")
    assert window.json("application", "list")[0]["proposed"] is None
    said = second("application", "countersign", not_met, code=4).err
    assert "Li declined to sign it: the car is sold" in said
    window(*close)
    assert not_met in second("due").err
    second("application", "countersign", not_met)
    window("journal", "verify")


def test_a_refusal_on_a_closed_application_is_named_to_who_may_sign_it(
    window: Any, second: Any, not_met: str
) -> None:
    close = ("--reason", "R02", *BASIS, *TOLD)
    window("application", "close", not_met, *close)
    second("application", "countersign", not_met)
    conn = sqlite3.connect(window.home / "casework.db")
    conn.execute("UPDATE application_move SET programmes = '[]'")
    conn.commit()
    conn.close()
    window("application", "refuse", not_met, *close)
    assert not_met in second("due").err
    assert not_met not in window("due").err
