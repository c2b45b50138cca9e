"""The referral as a contract: its frozen terms, its stops and stretches, its ends signed by two."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from handled import handled

from yimen.core.casework.transitions import MOVES


def one(home: Path, sql: str, *values: object) -> Any:
    """The rows of a query, or the value of one that gives a single cell."""
    conn = sqlite3.connect(home / "casework.db")
    rows = conn.execute(sql, values).fetchall()
    conn.close()
    return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else rows


class Case:
    """One referral and those who work on it, on a day that moves."""

    def __init__(self, yimen: Any, referral: Any) -> None:
        self.yimen = yimen
        self.no = referral["referral_no"]
        self.office = referral["department"]

    def window(self, verb: str, *words: str, code: int = 0) -> Any:
        return self.yimen.acting_as("window")("referral", verb, self.no, *words, code=code)

    def department(self, verb: str, *words: str, code: int = 0) -> Any:
        return self.yimen.acting_as(self.office)("referral", verb, self.no, *words, code=code)

    def shown(self) -> Any:
        return self.yimen.json("referral", "show", self.no)

    @property
    def line(self) -> Any:
        (found,) = (r for r in self.yimen.json("referral", "list") if r["referral_no"] == self.no)
        return found

    def on(self, day: str) -> Case:
        self.yimen.day = day
        return self

    def taken_on(self) -> Case:
        self.department("receive")
        self.department("accept")
        return self


@pytest.fixture
def dibao(yimen: Any, dispatched: Any) -> Case:
    """A referral for dibao, dispatched on 2026-11-20: 30 working days by law."""
    (referral,) = (r for r in dispatched["referrals"] if r["programme"] == "CIV-DB")
    return Case(yimen, referral)


@pytest.fixture
def medical(yimen: Any, dispatched: Any) -> Case:
    """A referral for in-patient aid, dispatched on 2026-11-20: 20 working days, to 2026-12-18."""
    (referral,) = (r for r in dispatched["referrals"] if r["programme"] == "MED-IN")
    return Case(yimen, referral)


REFUSE = ("--reason", "R12", "--basis", "SAL §24")


# -- terms -----------------------------------------------------------------------------------------


def test_the_terms_of_a_referral_are_frozen_with_the_text_that_sets_them(dibao: Case) -> None:
    terms = dibao.shown()["terms"]
    assert terms["finish"] == {
        "n": 30, "unit": "WD", "starts": "accepted", "basis": "DB2021 §22", "tag": "V",
        "basis_zh": None,
    }  # fmt: skip
    assert terms["statutory"] == terms["finish"]
    assert (terms["accepted_on"], terms["extended"], terms["carried"]) == ("2026-11-20", 0, [])


def test_a_limit_of_the_county_is_a_promise_and_no_law(medical: Case) -> None:
    shown = medical.shown()
    assert shown["terms"]["finish"]["tag"] == "D"
    assert shown["terms"]["statutory"] is shown["due"]["statutory"] is None


def test_the_countys_own_days_take_the_place_of_the_default(yimen: Any, accepted: Any) -> None:
    yimen("standard", "set", "civil.clock_sign", "3", "--from", "2026-01-01", "--basis", "letter 1")
    number = accepted("eligible")["application_no"]
    yimen("check", number)
    sent = {r["programme"]: r for r in yimen.json("dispatch", number)["referrals"]}
    assert sent["MED-IN"]["due"]["sign"] == "2026-11-25"
    # Dibao's own version says one working day, and a version's word goes before the county's.
    assert sent["CIV-DB"]["due"]["sign"] == "2026-11-23"


def test_the_examples_of_the_standards_are_the_defaults_of_the_code(shared_catalogue: Any) -> None:
    from yimen.core.casework.terms import DEFAULT_DAYS, STANDARD

    declared = {
        name: shared_catalogue.standards[STANDARD.format(name=name)].example[0].value
        for name in DEFAULT_DAYS
    }
    assert declared == DEFAULT_DAYS


# -- stops and stretches ---------------------------------------------------------------------------


def test_a_return_moves_the_end_by_the_working_days_it_stood_still(medical: Case) -> None:
    medical.department("return", "--reason", "B02", "--note", "a bill is missing")
    medical.on("2026-11-25").window("redispatch", "--note", "here it is")
    due = medical.shown()["due"]
    # Three working days at the window: Monday to Wednesday.
    assert (due["sign"], due["finish"]) == ("2026-11-26", "2026-12-23")


def test_a_suspension_stops_the_clock_until_it_is_resumed(medical: Case) -> None:
    medical.taken_on()
    why = ("--reason", "U02", "--note", "the hospital's finding")
    said = medical.department("suspend", *why, "--until", "2026-11-20", code=5)
    assert "does not lie within the year ahead" in said.err
    medical.department("suspend", *why, "--until", "2026-12-04")
    assert (medical.line["clock"], medical.line["due_on"]) == ("resume", "2026-12-04")
    medical.on("2027-02-01")
    assert medical.line["light"] == "red"
    assert medical.line["statutory_on"] is None
    medical.on("2026-12-04").department("resume")
    # Ten working days more, into a year whose calendar is not published.
    assert medical.shown()["due"]["finish"] == "2027-01-04"
    assert medical.line["provisional"] is True
    assert medical.line["clock"] == "finish"


def test_a_stop_after_the_end_heals_nothing(medical: Case) -> None:
    medical.taken_on().on("2026-12-28")
    assert medical.line["overdue"] is True
    medical.department("suspend", "--reason", "U01", "--note", "x", "--until", "2027-01-08")
    medical.on("2027-01-08").department("resume")
    assert medical.shown()["due"]["finish"] == "2026-12-18"
    assert medical.line["overdue"] is True


def test_an_extension_is_made_once_before_the_end_for_a_listed_reason(dibao: Case) -> None:
    dibao.taken_on()
    assert "E01" in dibao.department("extend", "--reason", "R01", "--note", "x", code=5).err
    said = dibao.department("extend", "--reason", "E02", "--note", "told", "--by", "16", code=5)
    assert "by 1 to 15, not 16" in said.err
    dibao.department("extend", "--reason", "E02", "--note", "told them by phone")
    shown = dibao.shown()
    # 45 working days from 2026-11-20 (DB2021 §22), counted past the published calendar.
    assert shown["state"] == "accepted"
    assert shown["due"]["finish"] == shown["due"]["statutory"] == "2027-01-25"
    assert shown["provisional"] is True
    again = dibao.department("extend", "--reason", "E04", "--note", "x", code=4)
    assert "it is done once" in again.err


def test_nothing_is_extended_after_its_end(medical: Case) -> None:
    medical.taken_on().on("2026-12-21")
    said = medical.department("extend", "--reason", "E04", "--note", "x", code=4)
    assert "ran out on 2026-12-18" in said.err


def test_from_the_second_return_on_only_the_coordinator_moves_it(yimen: Any, dibao: Case) -> None:
    yimen("operator", "add", "town", "--name", "Liu", "--role", "town", "--division",
          one(yimen.home, "SELECT division FROM application"))  # fmt: skip
    town = yimen.acting_as("town")
    back = ("--reason", "B03", "--note", "the facts do not agree")
    dibao.department("return", *back)
    town("referral", "redispatch", dibao.no, "--note", "they do")
    dibao.department("return", *back)
    for verb in ("redispatch", "withdraw"):
        said = town("referral", verb, dibao.no, "--note", "x", code=4)
        assert "returned 2 times; only the county's coordinator" in said.err
    dibao.window("redispatch", "--note", "the county has looked at it")
    dibao.department("return", *back)
    assert (dibao.shown()["returns"], dibao.shown()["state"]) == (3, "returned")
    assert town("referral", "redispatch", dibao.no, "--note", "x", code=4)


# -- ends ------------------------------------------------------------------------------------------


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
        yimen.json("dispatch", number, "--programme", "CIV-DB")["held_back"][0]["referral_no"]
        == case.no
    )
    case.on("2026-11-24").window("send")
    shown = case.shown()
    assert (shown["state"], shown["dispatched_on"], shown["due"]["sign"]) == (
        "dispatched", "2026-11-24", "2026-11-25",
    )  # fmt: skip


# -- what people read ------------------------------------------------------------------------------


def test_showing_a_referral_tells_its_terms_its_moves_and_its_time(dibao: Case) -> None:
    dibao.department("return", "--reason", "B02", "--note", "a paper is missing")
    dibao.on("2026-11-25").window("redispatch", "--note", "here it is")
    text = dibao.yimen("referral", "show", dibao.no).out
    assert "30 working days [" in text
    assert "B02 papers incomplete; a paper is missing" in text
    assert "5 days stood still" in text
    assert "PROVISIONAL" in text
    assert all(len(line) <= 80 for line in text.splitlines())


def test_every_move_leaves_its_verb_in_the_journal(yimen: Any, dibao: Case) -> None:
    dibao.taken_on()
    dibao.department("extend", "--reason", "E03", "--note", "two regions")
    dibao.department("start")
    dibao.department("decide", "refused", "--reason", "R01", "--basis", "SAL §17")
    dibao.window("clarify", "--note", "which income?")
    dibao.department("decide", "refused", "--reason", "R02", "--basis", "SAL §23")
    dibao.window("complete")
    verbs = [v for (v,) in one(yimen.home, "SELECT verb FROM referral_move WHERE referral_no = ?"
                               " ORDER BY id", dibao.no)]  # fmt: skip
    assert verbs == ["dispatch", "receive", "accept", "extend", "start", "decide", "clarify",
                     "decide", "complete"]  # fmt: skip
    acts = {a for (a,) in one(yimen.home, "SELECT action FROM journal WHERE subject = ?", dibao.no)}
    assert {f"referral.{v}" for v in verbs if v != "dispatch"} <= acts
    told = one(yimen.home, "SELECT body FROM journal WHERE subject = ? AND action ="
               " 'referral.extend'", dibao.no)  # fmt: skip
    assert '"note":"two regions","reason":"E03"' in told
    assert {m.verb for m in MOVES} > {"extend", "clarify"}
