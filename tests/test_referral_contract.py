"""The referral as a contract: its frozen terms, its stops and stretches, what people read of it."""

from __future__ import annotations

from typing import Any

from referral_case import Case, one
from referral_case import dibao as dibao
from referral_case import medical as medical

from yimen.core.casework.transitions import MOVES

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
