"""The ends of a referral: signed by two, reopened, transferred, and nothing granted twice."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from handled import handled
from referral_case import Case, one
from referral_case import dibao as dibao
from referral_case import medical as medical

REFUSE = ("--reason", "R12", "--basis", "SAL §24")


def test_what_is_not_taken_on_needs_a_reason_a_basis_and_a_second_person(
    yimen: Any, dibao: Case
) -> None:
    dibao.department("receive")
    assert dibao.department("reject", "--reason", "R12", "--basis", " ", code=5)
    said = dibao.department("reject", *REFUSE)
    assert "waits for a second person" in said.out
    assert dibao.shown()["state"] == "received"
    alone = dibao.department("countersign", code=4)
    assert "a second person signs" in alone.err
    yimen("operator", "add", "civil-2", "--name", "Civil", "--role", "department", "--department",
          "civil", "--person", one(yimen.home, "SELECT person_no FROM operator WHERE"
                                   " operator_no = 'civil'"))  # fmt: skip
    # Another number of the same person is the same person.
    assert yimen.acting_as("civil-2")("referral", "countersign", dibao.no, code=4)
    assert "second person" not in yimen.acting_as("civil-2")("due").err
    assert f"sign as the second person: {dibao.no}" in yimen("due").err
    dibao.window("countersign")
    shown = dibao.shown()
    assert (shown["state"], shown["proposal_to_end"]) == ("rejected", None)
    assert one(yimen.home, "SELECT operator, second, reason_code, basis FROM referral_move"
               " WHERE verb = 'reject'") == [("civil", "window", "R12", "SAL §24")]  # fmt: skip


def test_a_second_person_declines_an_end_and_it_goes_back_with_the_reason(
    yimen: Any, dibao: Case
) -> None:
    dibao.department("receive")
    assert "Nothing is proposed" in dibao.window("decline", "--note", "x", code=4).err
    dibao.department("reject", *REFUSE)
    said = dibao.window("decline", "--note", "the family lives here")
    assert "waits for a second person" not in said.out
    shown = dibao.shown()
    assert shown["state"] == "received"
    assert shown["proposal_to_end"]["declined"]["note"] == "the family lives here"
    assert dibao.no not in yimen("due").err
    again = dibao.window("countersign", code=4).err
    assert "declined to sign it: the family lives here" in again
    text = " ".join(yimen("referral", "show", dibao.no).out.split())
    assert "declined to sign it: the family lives here" in text
    # Proposed again, it waits again; its proposer may take it back.
    dibao.department("reject", *REFUSE)
    assert dibao.no in yimen("due").err
    dibao.department("decline", "--note", "a mistake of mine")
    assert dibao.no not in yimen("due").err
    dibao.department("accept")
    assert dibao.shown()["proposal_to_end"] is None
    yimen("journal", "verify")


def test_another_move_takes_a_proposed_end_off_the_table(dibao: Case) -> None:
    dibao.department("receive")
    dibao.department("reject", *REFUSE)
    dibao.department("accept")
    assert dibao.shown()["proposal_to_end"] is None
    said = dibao.window("countersign", code=4)
    assert "Nothing is proposed" in said.err


def test_what_cannot_be_brought_about_needs_a_second_person_too(dibao: Case) -> None:
    dibao.taken_on()
    dibao.department("fail", "--reason", "F01", "--note", "called five times")
    dibao.window("countersign")
    assert dibao.shown()["state"] == "failed"


def answered(yimen: Any, dibao: Case, *decision: str) -> None:
    """The only referral of its application that is open is decided and confirmed."""
    for (no,) in one(yimen.home, "SELECT referral_no FROM referral WHERE referral_no <> ? AND state"
                     " = 'dispatched'", dibao.no):  # fmt: skip
        yimen("referral", "withdraw", no, "--note", "x")
    if dibao.shown()["state"] == "dispatched":
        dibao.taken_on()
    dibao.department("decide", *decision, "--basis", "SAL §18")
    dibao.window("complete")


GRANTED = ("granted", "--amount", "250")


def test_a_reopened_grant_stays_in_force_until_another_decision(yimen: Any, dibao: Case) -> None:
    answered(yimen, dibao, *GRANTED)
    assert one(yimen.home, "SELECT state FROM application") == "closed"
    assert dibao.window("reopen", "--note", " ", code=5)
    dibao.window("reopen", "--note", "an objection was upheld")
    assert one(yimen.home, "SELECT state, closed_on FROM application") == [("dispatched", None)]
    assert one(yimen.home, "SELECT withdrawn_on FROM benefit") is None
    # Nothing of the first grant has begun; the second one takes its place.
    answered(yimen, dibao, "granted", "--amount", "300")
    assert one(yimen.home, "SELECT amount_fen, withdrawn_on FROM benefit ORDER BY benefit_no") == [
        (25000, "2026-11-20"), (30000, None),
    ]  # fmt: skip
    assert one(yimen.home, "SELECT state FROM application") == "closed"
    answers = yimen.json("feedback", one(yimen.home, "SELECT application_no FROM application"))
    assert [b["amount_fen"] for b in answers["benefits"]] == [30000]
    yimen("journal", "verify")


def test_aid_that_is_being_paid_ends_with_the_month_before_the_new_grant(
    yimen: Any, dibao: Case
) -> None:
    answered(yimen, dibao, *GRANTED)
    dibao.on("2027-03-10").window("reopen", "--note", "more people in the household")
    answered(yimen, dibao, "granted", "--amount", "400")
    assert one(
        yimen.home, "SELECT amount_fen, from_month, to_month, withdrawn_on FROM benefit ORDER BY 1"
    ) == [(25000, "2026-12", "2027-03", None), (40000, "2027-04", None, None)]


def test_aid_that_is_being_paid_is_not_refused_away_unheard(yimen: Any, dibao: Case) -> None:
    answered(yimen, dibao, *GRANTED)
    dibao.on("2027-03-10").window("reopen", "--note", "the income was found")
    dibao.department("decide", "refused", "--reason", "R01", "--basis", "SAL §17")
    said = dibao.window("complete", code=4)
    assert "has been paid since 2026-12" in said.err
    assert "yimen benefit hear" in said.err
    assert one(yimen.home, "SELECT to_month, withdrawn_on FROM benefit") == [(None, None)]
    assert dibao.shown()["state"] == "fed_back"


def test_nothing_is_granted_twice_on_one_matter(yimen: Any, dibao: Case, medical: Case) -> None:
    dibao.taken_on()
    dibao.department("decide", *GRANTED, "--basis", "SAL §18")
    dibao.window("complete")
    medical.department("receive")
    said = medical.window("transfer", "--programme", "CIV-DB", "--note", "x", code=4)
    assert "CIV-DB is granted already from 2026-12" in said.err
    # Two grants on their way at once: the second is refused when it is confirmed.
    conn = sqlite3.connect(yimen.home / "casework.db")
    conn.execute("UPDATE referral SET programme = 'CIV-DB', member_no = NULL, department = 'civil'"
                 " WHERE referral_no = ?", [medical.no])  # fmt: skip
    conn.commit()
    conn.close()
    twin = Case(yimen, {"referral_no": medical.no, "department": "civil"})
    twin.department("accept")
    handled(yimen.home, medical.no)
    twin.department("decide", *GRANTED, "--basis", "SAL §18")
    assert "is granted already" in twin.window("complete", code=4).err
    assert one(yimen.home, "SELECT COUNT(*) FROM benefit") == 1
    assert dibao.window("reopen", "--note", "x", code=4)


def test_a_sum_that_no_register_could_hold_is_not_granted(dibao: Case) -> None:
    dibao.taken_on()
    for amount in ("0", "99999999999999"):
        said = dibao.department("decide", "granted", "--amount", amount, "--basis", "x", code=5)
        assert "above 0" in said.err
    for month in ("0001-01", "2999-01"):
        assert dibao.department("decide", *GRANTED, "--from", month, "--basis", "x", code=5)


def test_a_closed_case_is_not_reopened_beside_a_new_one(
    yimen: Any, dibao: Case, accepted: Any
) -> None:
    for (no,) in one(yimen.home, "SELECT referral_no FROM referral"):
        yimen("referral", "withdraw", no, "--note", "x")
    yimen("application", "close", dibao.shown()["application_no"],
          "--reason", "C01", "--note", "told")  # fmt: skip
    new = accepted("eligible")["application_no"]
    conn = sqlite3.connect(yimen.home / "casework.db")
    conn.execute("UPDATE referral SET state = 'failed' WHERE referral_no = ?", [dibao.no])
    conn.commit()
    conn.close()
    said = dibao.window("reopen", "--note", "x", code=4)
    assert f"another open application, {new}" in said.err


def changed(home: Path, sql: str, *values: object) -> None:
    """Makes the casework as it would be after what cannot be done in one test."""
    conn = sqlite3.connect(home / "casework.db")
    conn.execute(sql, values)
    conn.commit()
    conn.close()


def test_what_is_open_for_the_member_in_another_family_is_neither_reopened_nor_transferred_to(
    yimen: Any, medical: Case
) -> None:
    sql = "SELECT member_no FROM referral WHERE referral_no = ?"
    member = one(yimen.home, sql, medical.no)
    other = one(yimen.home, "SELECT referral_no FROM referral WHERE programme = 'MED-PREM' AND"
                            " member_no = ?", member)  # fmt: skip
    medical.department("receive")
    for programme in ("MED-PREM", "MED-IN"):
        # As when the member was checked with another family first.
        changed(yimen.home, "UPDATE referral SET household_no = 'H0000001', programme = ?"
                            " WHERE referral_no = ?", programme, other)  # fmt: skip
        if programme == "MED-IN":
            changed(yimen.home, "UPDATE referral SET state = 'failed' WHERE referral_no = ?",
                    medical.no)  # fmt: skip
            said = medical.window("reopen", "--note", "x", code=4)
        else:
            said = medical.window("transfer", "--programme", programme, "--note", "x", code=4)
        assert f"{other} is already open" in said.err


def test_a_voided_referral_takes_its_grant_back(yimen: Any, dibao: Case) -> None:
    answered(yimen, dibao, *GRANTED)
    dibao.window("reopen", "--note", "the wrong family")
    dibao.window("void", "--note", "the wrong family")
    assert one(yimen.home, "SELECT withdrawn_on FROM benefit") == "2026-11-20"
    assert dibao.shown()["state"] == "voided"


def test_a_transfer_keeps_the_familys_time_and_carries_other_facts(
    yimen: Any, medical: Case
) -> None:
    medical.department("receive")
    medical.on("2026-11-25")
    said = medical.window("transfer", "--programme", "MED-IN", "--note", "x", code=4)
    assert "is for MED-IN already" in said.err
    medical.window("transfer", "--programme", "CIV-TEMP", "--note", "not the hospital's matter")
    before = medical.shown()
    after = yimen.json("referral", "show", before["successor"])
    assert (before["state"], after["predecessor"]) == ("transferred", medical.no)
    assert (after["programme"], after["department"]) == ("CIV-TEMP", "civil")
    assert after["terms"]["started_at"] == before["terms"]["started_at"]
    # Fifteen working days from the first dispatch, not from the transfer.
    assert after["due"]["finish"] == "2026-12-11"
    assert after["due"]["sign"] == "2026-11-26"
    assert set(after["facts"]) != set(before["facts"])


def test_a_draft_waits_without_a_clock_until_it_is_sent(yimen: Any, accepted: Any) -> None:
    number = accepted("eligible")["application_no"]
    yimen("check", number)
    drafts = yimen.json("dispatch", number, "--programme", "CIV-DB", "--draft")["referrals"]
    case = Case(yimen, drafts[0])
    assert (case.line["state"], case.line["due_on"]) == ("draft", None)
    # It has not left the house: the department knows nothing of it, and the window owes it.
    assert yimen.acting_as("civil").json("referral", "list") == []
    assert one(yimen.home, "SELECT state FROM application") == "checked"
    assert (
        yimen("dispatch", number, "--programme", "CIV-DB", "--format", "json", code=4).json[
            "held_back"
        ][0]["referral_no"]
        == case.no
    )
    case.on("2026-11-24").window("send")
    shown = case.shown()
    assert (shown["state"], shown["dispatched_on"], shown["due"]["sign"]) == (
        "dispatched", "2026-11-24", "2026-11-25",
    )  # fmt: skip
