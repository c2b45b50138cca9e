"""A grant waits for the steps of its handling that the law puts before it, and says which."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from checklist_home import _dispatched as _dispatched
from checklist_home import home as home
from checklist_home import paper as paper
from conftest import Runner
from handled import handled

GRANT = ("granted", "--amount", "300", "--basis", "SAL §18")
NO = "R2026-00001"


def later(home: Runner, day: str, operator: str) -> Runner:
    return Runner(home.home, day, operator)


def told(home: Runner, action: str) -> list[dict[str, Any]]:
    """The bodies of the journal's rows of an action."""
    conn = sqlite3.connect(home.home / "casework.db")
    rows = conn.execute("SELECT body FROM journal WHERE action = ?", [action]).fetchall()
    conn.close()
    return [json.loads(body) for (body,) in rows]


@pytest.fixture
def bureau(home: Runner) -> Runner:
    """An officer of the bureau who has taken the dibao matter on."""
    office = home.acting_as("bureau")
    for verb in ("receive", "accept"):
        office("referral", verb, NO)
    return office


def test_a_grant_is_refused_with_the_step_its_law_and_the_command(bureau: Runner) -> None:
    said = bureau("referral", "decide", NO, *GRANT, code=4).err
    assert f"{NO} cannot be granted before the step 'relatives': Ask whether the applicant" in said
    assert "[Dibao Measures of 2021 art. 11]; and survey, post_notice, send_up, doubt" in said
    assert f"yimen checklist done {NO} handle relatives --answer YES|NO --evidence FILE" in said
    assert "--override" not in said
    urgent = bureau("referral", "decide", NO, *GRANT, "--override", "a hard winter", code=4).err
    assert "cannot be granted before" in urgent
    assert bureau.json("referral", "show", NO)["state"] == "accepted"


def test_a_refusal_waits_for_no_step(bureau: Runner) -> None:
    bureau("referral", "decide", NO, "refused", "--reason", "R01", "--basis", "SAL §18")
    assert bureau.json("referral", "show", NO)["state"] == "fed_back"


def test_the_whole_procedure_leads_to_a_grant_and_its_notice_hangs_seven_days(
    home: Runner, bureau: Runner, paper: Path
) -> None:
    town, done = home.acting_as("wang"), ["checklist", "done", NO, "handle"]
    evidence = ["--evidence", paper]
    town(*done, "relatives", "--answer", "yes", *evidence)
    town(*done, "survey", *evidence, "--with", "zhao")
    town(*done, "opinion", *evidence)
    town(*done, "post_notice", *evidence)
    early = later(home, "2026-11-26", "bureau")("referral", "decide", NO, *GRANT, code=4).err
    assert "send_up may be done from 2026-11-28 on." in early
    later(home, "2026-11-30", "wang")(*done, "send_up", *evidence)
    monday = later(home, "2026-11-30", "bureau")
    assert "handle doubt --answer" in monday("referral", "decide", NO, *GRANT, code=4).err
    monday(*done, "doubt", "--answer", "no")
    # The applicant is on the relatives' register: the county must go there.
    visit = monday("referral", "decide", NO, *GRANT, code=4).err
    assert "the step 'county_visit'" in visit
    assert "doubt, " not in visit
    home("operator", "add", "bureau2", "--name", "Second", "--role", "department",
         "--department", "civil")  # fmt: skip
    monday(*done, "county_visit", *evidence, "--with", "bureau2")
    monday("referral", "decide", NO, *GRANT)
    later(home, "2026-11-30", "zhao")("referral", "complete", NO)
    assert home.json("referral", "show", NO)["state"] == "completed"
    assert "passed_over" not in told(home, "referral.decide")[0]


def test_a_tick_that_is_taken_back_holds_the_confirmation(home: Runner, bureau: Runner) -> None:
    handled(home.home, NO)
    bureau("referral", "decide", NO, *GRANT)
    town = home.acting_as("wang")
    town("checklist", "undo", NO, "handle", "survey", "--reason", "the form was another family's")
    said = town("referral", "complete", NO, code=4).err
    assert "the step 'survey'" in said
    assert home.json("referral", "show", NO)["state"] == "fed_back"


def test_urgent_aid_goes_first_with_a_reason_that_is_journalled(
    yimen: Any, dispatched: Any
) -> None:
    number = dispatched["application_no"]
    (sent,) = yimen.json("dispatch", number, "--programme", "CIV-TEMP")["referrals"]
    no, civil = sent["referral_no"], yimen.acting_as("civil")
    for verb in ("receive", "accept"):
        civil("referral", verb, no)
    assert "Urgent aid may go first: --override" in civil("referral", "decide", no, *GRANT,
                                                          code=4).err  # fmt: skip
    civil("referral", "decide", no, *GRANT, "--override", "the house burnt down at night")
    body = told(yimen, "referral.decide")[-1]
    assert body["override"] == "the house burnt down at night"
    assert {"expense", "visit", "notice"} <= set(body["passed_over"])
    conn = sqlite3.connect(yimen.home / "casework.db")
    ((kept,),) = conn.execute("SELECT override FROM referral_move WHERE verb = 'decide'")
    conn.close()
    assert kept == "the house burnt down at night"
    yimen("referral", "complete", no)
    yimen("journal", "verify")


def test_a_department_s_own_system_is_heard_and_the_guards_are_told(pair: Any) -> None:
    first = pair.numbers[0]
    grant = {"outcome": "granted", "reason_code": None, "amount_fen": 30000,
             "from_month": "2026-12", "to_month": None, "basis": "SAL §18"}  # fmt: skip
    heard = pair.heard(pair.move(first, 1, "receive"), pair.move(first, 2, "accept"),
                       pair.move(first, 3, "decide", decision=grant))  # fmt: skip
    assert heard[-1][0] == "applied"
    assert "its handling list has nobody's word of: relatives, survey, post_notice" in heard[-1][1]
    window = pair.county.acting_as("window")
    window("referral", "complete", first)
    assert pair.state(first) == "completed"


def test_expense_type_aid_waits_for_its_notice_as_long_as_the_county_says(
    yimen: Any, dispatched: Any
) -> None:
    number = dispatched["application_no"]
    (sent,) = yimen.json("dispatch", number, "--programme", "CIV-TEMP")["referrals"]
    no, civil = sent["referral_no"], yimen.acting_as("civil")
    for verb in ("receive", "accept"):
        civil("referral", verb, no)
    handled(yimen.home, no, but="notice")
    yimen("standard", "set", "civil.expense_notice_days", "3", "--from", "2026-01-01",
          "--basis", "no. 7")  # fmt: skip
    posted = yimen.acting_as("window")(
        "notice", "post", "emergency_expense", no, "--place", "board", "--cause", "illness",
        "--amount", "3000",
    )  # fmt: skip
    assert "hangs until 2026-11-25" in posted.out
    assert "has not set" not in posted.err
    said = civil("referral", "decide", no, *GRANT, code=4).err
    assert "decide may be done from 2026-11-26 on" in said
    later(yimen, "2026-11-25", "civil")("referral", "decide", no, *GRANT, code=4)
    later(yimen, "2026-11-26", "civil")("referral", "decide", no, *GRANT)


def test_a_period_that_the_county_has_not_set_is_told_and_is_not_none(
    yimen: Any, dispatched: Any
) -> None:
    number = dispatched["application_no"]
    (sent,) = yimen.json("dispatch", number, "--programme", "CIV-TEMP")["referrals"]
    no, civil = sent["referral_no"], yimen.acting_as("civil")
    for verb in ("receive", "accept"):
        civil("referral", verb, no)
    handled(yimen.home, no, but="notice")
    conn = sqlite3.connect(yimen.home / "casework.db")
    conn.execute("DELETE FROM standard_value WHERE standard = 'civil.expense_notice_days'")
    conn.commit()
    conn.close()
    posted = yimen.acting_as("window")(
        "notice", "post", "emergency_expense", no, "--place", "board", "--cause", "illness",
        "--amount", "3000",
    )  # fmt: skip
    unset = "The county has not set civil.expense_notice_days; the default counts until it does."
    assert "hangs until 2026-11-27" in posted.out
    assert unset in posted.err
    said = civil("referral", "decide", no, *GRANT, code=4).err
    assert "decide may be done from 2026-11-28 on" in said
    assert unset in said
    shown = " ".join(civil("checklist", "show", no, "handle").out.split())
    assert unset in shown
    missing = yimen.json("standard", "missing")
    assert "civil.expense_notice_days" in {row["standard"] for row in missing}
