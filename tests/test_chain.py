"""The chain at the counter: query, intake, check, dispatch, the departments' work, feedback."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from chain_steps import GRANT, PROGRAMMES, one, through


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
