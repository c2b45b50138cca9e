"""Check and dispatch: nothing out of turn, nothing twice, and only the facts that are needed."""

from __future__ import annotations

from pathlib import Path
from typing import Any


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
