"""Before a referral is dispatched: an open overlap holds its programme back and nothing else."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

import pytest
from overlap_county import run_on

from yimen.core.casework.overlaps import FoundHit, take
from yimen.core.records import OverlapKind
from yimen.core.store import overlaps


@pytest.fixture
def checked_case(yimen: Any, accepted: Any, desk: Any, shared_catalogue: Any) -> Any:
    """A checked application that dibao is eligible in, and a way to put overlaps on it."""
    told = accepted("eligible")
    yimen("check", told["application_no"])

    def put(kind: OverlapKind, programme: str = "CIV-DB", member: str | None = None) -> str:
        found = FoundHit(kind, told["household_no"], member, (programme,))
        scope = run_on(whole=False, programmes=frozenset(shared_catalogue.programmes))
        take(desk, shared_catalogue, [found], scope)
        hits = overlaps.hits(desk.home.casework, household_no=told["household_no"])
        return max(hit.hit_no for hit in hits)

    return told["application_no"], put


def test_an_open_duplicate_holds_its_programme_back_and_nothing_else(
    yimen: Any, checked_case: Any
) -> None:
    number, put = checked_case
    no = put("duplicate")
    sent = yimen.json("dispatch", number)
    (held,) = (h for h in sent["held_back"] if h["programme"] == "CIV-DB")
    assert held["reason"] == f"overlap {no} is open: duplicate aid"
    assert "CIV-DB" not in {r["programme"] for r in sent["referrals"]}
    assert "EDU-CMP" in {r["programme"] for r in sent["referrals"]}
    named = yimen("dispatch", number, "--programme", "CIV-DB", "--format", "json", code=4).json
    assert named["referrals"] == []
    assert no in named["held_back"][0]["reason"]


def test_an_override_needs_a_reason_and_a_name_and_is_journalled_with_the_hit(
    yimen: Any, checked_case: Any
) -> None:
    number, put = checked_case
    no = put("duplicate")
    assert "--override" in yimen("dispatch", number, "--programme", "CIV-DB", "--override", " ",
                                 code=5).err  # fmt: skip
    assert "named programme" in yimen("dispatch", number, "--override", "why", code=5).err
    words = ["--programme", "CIV-DB", "--override", "the other county has stopped"]
    sent = yimen.json("dispatch", number, *words)
    assert [r["programme"] for r in sent["referrals"]] == ["CIV-DB"]
    with sqlite3.connect(yimen.home / "casework.db") as conn:
        (body,) = conn.execute(
            "SELECT body FROM journal WHERE action = 'dispatch' AND subject = ?", [number]
        ).fetchone()
    conn.close()
    assert json.loads(body)["override"] == {
        "reason": "the other county has stopped", "hits": [no], "flags": [],
    }  # fmt: skip
    history = yimen.json("overlaps", "show", no)["history"]
    assert [(m["act"], m["reason"]) for m in history] == [
        ("found", ""), ("override", "the other county has stopped"),
    ]  # fmt: skip
    (answer,) = yimen.json("feedback", number)["answers"]
    assert answer["note"] == "the other county has stopped"


def test_a_resolved_overlap_holds_nothing_back(yimen: Any, checked_case: Any) -> None:
    number, put = checked_case
    yimen("overlaps", "resolve", put("duplicate"), "false_hit", "--reason", "two people")
    sent = yimen.json("dispatch", number)
    assert "CIV-DB" in {r["programme"] for r in sent["referrals"]}


def test_a_missed_or_wrongly_kept_hit_warns_and_holds_nothing_back(
    yimen: Any, checked_case: Any
) -> None:
    number, put = checked_case
    missed, wrong = put("missed"), put("wrongly_kept", "EDU-CMP")
    sent = yimen.json("dispatch", number)
    assert {"CIV-DB", "EDU-CMP"} <= {r["programme"] for r in sent["referrals"]}
    assert [(w["programme"], w["hit_no"], w["kind"]) for w in sent["warnings"]] == [
        ("CIV-DB", missed, "missed"), ("EDU-CMP", wrong, "wrongly_kept"),
    ]  # fmt: skip


def test_a_warning_is_printed_with_the_number_of_its_overlap(yimen: Any, checked_case: Any) -> None:
    number, put = checked_case
    no = put("missed")
    said = yimen("dispatch", number).out
    assert "To be minded" in said
    assert f"overlap {no} is open: missed aid" in " ".join(said.split())


def test_another_member_s_overlap_does_not_hold_a_member_s_aid_back(
    yimen: Any, checked_case: Any
) -> None:
    number, put = checked_case
    programmes = yimen.json("check", number)["programmes"]
    one, *others = sorted(p["member"] for p in programmes if p["programme"] == "MED-PREM")
    assert others
    put("duplicate", "MED-PREM", one)
    sent = yimen.json("dispatch", number)
    premium = {r["member_no"] for r in sent["referrals"] if r["programme"] == "MED-PREM"}
    assert premium == set(others)


@pytest.fixture
def paid_twice(yimen: Any, truth: Any, accepted: Any, desk: Any, shared_catalogue: Any) -> Any:
    """A checked application of a member with two active records, and the overlap that they are."""
    (planted,) = (p for p in truth["planted"] if p["kind"] == "duplicate")
    truth["stories"]["duplicate"] = planted
    try:
        told = accepted("duplicate")
    finally:
        del truth["stories"]["duplicate"]
    flags = yimen.json("check", told["application_no"])["flags"]
    (flag,) = (f for f in flags if (f["kind"], f["programme"]) == ("duplicate", "CIV-DB"))

    def put() -> str:
        found = FoundHit("duplicate", told["household_no"], flag["member"], ("CIV-DB",))
        scope = run_on(whole=False, programmes=frozenset(shared_catalogue.programmes))
        take(desk, shared_catalogue, [found], scope)
        (hit,) = overlaps.hits(desk.home.casework, household_no=told["household_no"])
        return hit.hit_no

    return told["application_no"], put


@pytest.mark.parametrize("code", ["disputed", "confirmed"])
def test_a_disputed_or_confirmed_overlap_holds_back_by_its_number_while_the_report_shows_it(
    yimen: Any, paid_twice: Any, code: str
) -> None:
    number, put = paid_twice
    no = put()
    yimen("overlaps", "resolve", no, code, "--reason", "asked")
    named = ["dispatch", number, "--programme", "CIV-DB"]
    sent = yimen(*named, "--format", "json", code=4).json
    assert sent["referrals"] == []
    assert [h["reason"] for h in sent["held_back"]] == [
        f"overlap {no} is {code}, and the check still finds it: duplicate aid"
    ]
    words = "to be paid here from now on"
    assert len(yimen.json(*named, "--override", words)["referrals"]) == 1
    (body,) = (
        json.loads(row["body"]) if isinstance(row["body"], str) else row["body"]
        for row in yimen.json("journal", "show", "--subject", number)
        if row["action"] == "dispatch" and "override" in str(row["body"])
    )
    assert body["override"] == {"reason": words, "hits": [no], "flags": []}
    last = yimen.json("overlaps", "show", no)["history"][-1]
    assert (last["act"], last["reason"]) == ("override", words)
    (answer,) = yimen.json("feedback", number)["answers"]
    assert answer["note"] == words


def test_a_duplicate_that_was_found_false_holds_nothing_back_though_the_report_shows_it(
    yimen: Any, paid_twice: Any
) -> None:
    number, put = paid_twice
    yimen("overlaps", "resolve", put(), "false_hit", "--reason", "two people")
    assert len(yimen.json("dispatch", number, "--programme", "CIV-DB")["referrals"]) == 1


def test_a_flag_of_the_check_holds_a_named_programme_back_before_any_run(
    yimen: Any, paid_twice: Any
) -> None:
    number, __ = paid_twice
    held = yimen("dispatch", number, "--programme", "CIV-DB", "--format", "json", code=4).json
    assert held["referrals"] == []
    assert held["held_back"][0]["reason"].startswith("2 active records of")
    words = ["--programme", "CIV-DB", "--override", "to be paid here from now on"]
    assert len(yimen.json("dispatch", number, *words)["referrals"]) == 1
