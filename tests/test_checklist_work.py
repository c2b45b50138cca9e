"""Working a checklist: ticks with their paper and persons, gates that hold, a desk's worklist."""

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

from yimen.core.casework.checklists.acts import do_step
from yimen.core.casework.checklists.worklist import worklist
from yimen.core.casework.operators import sit_down
from yimen.core.errors import StaleRevision
from yimen.core.rules.catalogue import load_catalogue
from yimen.core.store.home import open_home

DIBAO = "handle/CIV-DB"


def shown(yimen: Runner, subject: str, checklist: str = "handle") -> dict[str, Any]:
    return {s["step"]: s for s in yimen.json("checklist", "show", subject, checklist)["steps"]}


def acts(yimen: Runner) -> list[tuple[Any, ...]]:
    conn = sqlite3.connect(yimen.home / "casework.db")
    rows = conn.execute(
        "SELECT step, act, answer, evidence, operator, second FROM checklist_act ORDER BY id"
    ).fetchall()
    conn.close()
    return rows


def test_the_records_of_a_dispatched_family_tick_its_computed_steps(home: Runner) -> None:
    intake, check = shown(home, "A2026-00001", "intake"), shown(home, "A2026-00001", "check")
    dispatch, dibao = shown(home, "A2026-00001", "dispatch"), shown(home, "R2026-00001")
    for steps, names in (
        (intake, "register papers accept"), (check, "authority run"), (dispatch, "send"),
        (dibao, "request_check check"),
    ):  # fmt: skip
        assert {steps[name]["state"] for name in names.split()} == {"done"}
    assert intake["tell_once"]["state"] == "not_needed"
    assert dispatch["signed"]["state"] == "open"
    assert dispatch["answered"]["blocked_by"] == ["taken_on"]
    assert dibao["survey"]["due_on"] == "2026-11-25"
    assert dibao["confirm"]["blocked_by"] == ["send_up", "county_visit"]
    assert dibao["survey_2012"]["state"] == "not_needed"


def test_a_visit_by_one_person_is_refused_and_one_by_two_is_kept_with_its_paper(
    home: Runner, paper: Path
) -> None:
    town = home.acting_as("wang")
    words = ["checklist", "done", "R2026-00001", "handle", "survey", "--evidence", paper]
    assert "two different persons" in town(*words, code=5).err
    assert "same person" in town(*words, "--with", "wang", code=4).err
    assert "is not known" not in town(*words, "--with", "nobody", code=3).err
    assert acts(home) == []
    assert town(*words, "--with", "zhao", "--note", "at home").out.startswith("[v] survey")
    ((step, kind, answer, evidence, operator, second),) = acts(home)
    assert (step, kind, answer, operator, second) == ("survey", "done", None, "wang", "zhao")
    (kept,) = json.loads(evidence)
    assert kept["name"] == "form.txt"
    assert len(kept["sha256"]) == 64
    view = shown(home, "R2026-00001")["survey"]
    assert (view["state"], view["operator"], view["second"]) == ("done", "wang", "zhao")
    (row,) = [r for r in home.json("journal", "show", "--subject", "R2026-00001")
              if r["action"] == "checklist.done"]  # fmt: skip
    assert kept["sha256"] in json.dumps(row)


def test_an_account_that_is_the_same_person_under_two_numbers_is_one_person(
    home: Runner, paper: Path
) -> None:
    conn = sqlite3.connect(home.home / "casework.db")
    with conn:
        conn.execute("UPDATE operator SET person_no = (SELECT person_no FROM operator"
                     " WHERE operator_no = 'wang') WHERE operator_no = 'zhao'")  # fmt: skip
    conn.close()
    town = home.acting_as("wang")
    words = ["checklist", "done", "R2026-00001", "handle", "survey", "--evidence", paper]
    assert "same person" in town(*words, "--with", "zhao", code=4).err


def test_a_step_is_not_ticked_without_its_paper_or_answer_or_before_its_gate(
    home: Runner, paper: Path
) -> None:
    town = home.acting_as("wang")
    done = ["checklist", "done", "R2026-00001", "handle"]
    assert "yes or no" in town(*done, "relatives", "--answer", "perhaps", code=5).err
    assert "The step asks" in town(*done, "relatives", code=5).err
    assert "its paper" in town(*done, "relatives", "--answer", "yes", code=5).err
    assert "--evidence FILE" in town(*done, "survey", "--with", "zhao", code=5).err
    refused = town(*done, "opinion", "--evidence", paper, code=4).err
    assert "First must come: survey" in refused
    assert "Dibao Measures of 2021 art. 19" in refused
    assert "asks nothing" in town(*done, "survey", "--answer", "no", "--evidence", paper,
                                  "--with", "zhao", code=5).err  # fmt: skip
    assert acts(home) == []
    # A step may be named by its number in the list.
    town(*done, "1", "--answer", "no")
    assert acts(home)[0][:3] == ("relatives", "done", 0)


def test_what_the_records_show_is_never_ticked_and_names_its_command(home: Runner) -> None:
    refused = home("checklist", "done", "R2026-00001", "handle", "check", code=4).err
    assert "yimen check A2026-00001" in refused
    assert (
        "yimen referral decide R2026-00001"
        in home("checklist", "done", "R2026-00001", "handle", "confirm", code=4).err
    )


def test_a_step_is_ticked_at_its_own_desk_only(home: Runner, paper: Path) -> None:
    visit = ["checklist", "done", "R2026-00001", "handle", "survey", "--evidence", paper,
             "--with", "zhao"]  # fmt: skip
    for other in ("helper", "bureau"):
        assert home.acting_as(other)(*visit, code=4).err
    assert acts(home) == []
    mine = {
        who: {row["step"] for row in home.acting_as(who).json("checklist", "list")}
        for who in ("wang", "helper", "bureau")
    }
    assert "survey" in mine["wang"] - mine["helper"] - mine["bureau"]
    assert mine["bureau"] == {"finish"}
    assert {"receipt", "slip", "needs"} <= mine["helper"]
    assert home.acting_as("bureau")("checklist", "show", "A2026-00001", code=4)


def test_the_notice_runs_its_days_before_the_file_goes_up(home: Runner, paper: Path) -> None:
    town, at = home.acting_as("wang"), "R2026-00001"
    done = ["checklist", "done", at, "handle"]
    town(*done, "survey", "--evidence", paper, "--with", "zhao")
    town(*done, "opinion", "--evidence", paper)
    town(*done, "post_notice", "--evidence", paper)
    refused = town(*done, "send_up", "--evidence", paper, code=4).err
    assert "2026-11-28" in refused
    later = Runner(home.home, "2026-11-28", "wang")
    later(*done, "send_up", "--evidence", paper)
    assert shown(later, at)["send_up"]["state"] == "done"
    home("standard", "set", "civil.notice_day_type", "WD", "--from", "2026-01-01",
         "--basis", "the county's rule")  # fmt: skip
    assert shown(later, at)["send_up"]["out_of_order"] == ["post_notice"]


def test_a_tick_is_taken_back_with_a_reason_and_stays_readable(home: Runner) -> None:
    town = home.acting_as("wang")
    town("checklist", "done", "R2026-00001", "handle", "relatives", "--answer", "no")
    town("checklist", "done", "R2026-00001", "handle", "relatives", "--answer", "no", code=4)
    undo = ["checklist", "undo", "R2026-00001", "handle", "relatives"]
    assert town(*undo, "--reason", " ", code=5).err
    town(*undo, "--reason", "it was 370499198707020018's file")
    assert [row[:2] for row in acts(home)] == [("relatives", "done"), ("relatives", "undone")]
    assert shown(home, "R2026-00001")["relatives"]["state"] == "open"
    town(*undo, "--reason", "again", code=4)
    conn = sqlite3.connect(home.home / "casework.db")
    notes = [row[0] for row in conn.execute("SELECT note FROM checklist_act")]
    conn.close()
    assert "370499198707020018" not in "".join(notes)


def test_only_what_its_list_allows_is_left_out_and_a_reason_is_kept(home: Runner) -> None:
    town = home.acting_as("wang")
    skip = ["checklist", "skip", "R2026-00001", "handle", "survey", "--reason", "no time"]
    assert "may not be left out" in town(*skip, code=4).err
    helper = home.acting_as("helper")
    helper("checklist", "skip", "A2026-00001", "intake", "needs", "--reason", "assessed in May")
    view = shown(home, "A2026-00001", "intake")["needs"]
    assert view["state"] == "not_needed"
    assert "assessed in May" in view["why"]


def test_two_clerks_at_one_step_do_not_both_tick_it(home: Runner) -> None:
    place = open_home(home.home)
    desk = sit_down(place, acting_as="wang")
    catalogue = load_catalogue(home.home / "cache")
    read: list[Any] = []

    from yimen.core.casework.checklists import acts as acting

    original = acting.refuse_unfit

    def meanwhile(*args: Any, **more: Any) -> None:
        original(*args, **more)
        if not read:
            read.append(True)
            zhao = home.acting_as("zhao")
            zhao("checklist", "done", "R2026-00001", "handle", "relatives", "--answer", "no")

    acting.refuse_unfit = meanwhile
    try:
        with pytest.raises(StaleRevision):
            do_step(desk, catalogue, "R2026-00001", DIBAO, "relatives", answer=False)
    finally:
        acting.refuse_unfit = original
        place.close()
    assert [row[4] for row in acts(home)] == ["zhao"]


def test_the_worklist_has_the_nearest_limit_first_and_only_what_can_be_done(home: Runner) -> None:
    rows = home.acting_as("wang").json("checklist", "list")
    assert {row["state"] for row in rows} <= {"open", "overdue"}
    limits = [row["due_on"] or "9999" for row in rows]
    assert limits == sorted(limits)
    assert {("A2026-00001", "slip"), ("R2026-00001", "survey")} <= {
        (row["subject"], row["step"]) for row in rows
    }
    assert ("R2026-00001", "opinion") not in {(row["subject"], row["step"]) for row in rows}
    soon = home.acting_as("wang").json("checklist", "list", "--before", "2026-11-21")
    assert soon == [row for row in rows if row["due_on"] and row["due_on"] < "2026-11-21"]
    late = Runner(home.home, "2026-12-15", "wang").json("checklist", "list")
    states = {row["step"]: row["state"] for row in late}
    assert states["survey"] == "overdue"


def test_a_subjects_lists_say_how_far_they_are(home: Runner) -> None:
    rows = home.json("checklist", "list", "A2026-00001")
    assert [(row["subject"], row["checklist"]) for row in rows] == [
        ("A2026-00001", "intake"), ("A2026-00001", "check"), ("A2026-00001", "dispatch"),
        ("R2026-00001", DIBAO),
    ]  # fmt: skip
    assert all(row["done"] <= row["needed"] for row in rows)
    assert home("checklist", "list", "A2026-00001").out.count("\n") > 4


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["show", "A2026-09999"], "There is no application, referral or purchase"),
        (["show", "A2026-00001", "sales"], "It has: intake, check, dispatch"),
        (["done", "A2026-00001", "intake", "dance"], "has no step 'dance'"),
    ],
)
def test_what_is_not_there_is_named_with_what_is(
    home: Runner, words: list[str], sentence: str
) -> None:
    assert sentence in home("checklist", *words, code=3).err


@pytest.mark.parametrize("tongue", ["en", "zh"])
def test_a_list_prints_in_eighty_columns_in_both_languages(
    home: Runner, monkeypatch: pytest.MonkeyPatch, tongue: str
) -> None:
    from wcwidth import wcswidth

    monkeypatch.setenv("YIMEN_LANG", "zh_CN" if tongue == "zh" else "en")
    for subject, checklist in (("R2026-00001", "handle"), ("A2026-00001", "dispatch")):
        text = home("checklist", "show", subject, checklist).out
        assert all(wcswidth(line) <= 80 for line in text.splitlines())
    assert ("入户" in text or "派单" in text) == (tongue == "zh")


def test_an_occasion_is_recorded_when_it_happens_and_opens_what_follows(
    home: Runner, paper: Path
) -> None:
    done = ["checklist", "done", "R2026-00001", "handle"]
    assert shown(home, "R2026-00001")["death_adjust"]["state"] == "not_needed"
    home.acting_as("helper")(*done, "death_known", "--evidence", paper)
    adjust = shown(home, "R2026-00001")["death_adjust"]
    assert (adjust["state"], adjust["due_on"]) == ("open", "2027-02-22")
    assert adjust["provisional"]


def test_the_desk_of_a_closed_case_still_sees_the_call_that_is_owed(home: Runner) -> None:
    bureau, town = home.acting_as("bureau"), home.acting_as("wang")
    for verb in ("receive", "accept"):
        bureau("referral", verb, "R2026-00001")
    handled(home.home, "R2026-00001")
    bureau("referral", "decide", "R2026-00001", "granted", "--amount", "300", "--basis", "SAL")
    home("referral", "complete", "R2026-00001")
    rows = town.json("checklist", "list")
    steps = {(row["subject"], row["step"]) for row in rows}
    assert {("A2026-00001", "call_back"), ("R2026-00001", "publish")} <= steps
    view = shown(home, "R2026-00001")["confirm"]
    assert view["state"] == "done"
    assert view["out_of_order"] == []
    later = Runner(home.home, "2027-06-20", "wang")
    steps = {(row["subject"], row["step"]) for row in later.json("checklist", "list")}
    assert ("A2026-00001", "call_back") not in steps
    assert ("R2026-00001", "publish") in steps


def test_a_worklist_reads_nothing_beyond_its_place(home: Runner) -> None:
    conn = sqlite3.connect(home.home / "casework.db")
    with conn:
        conn.execute("UPDATE operator SET division = '370499999000' WHERE operator_no = 'zhao'")
    conn.close()
    assert home.acting_as("zhao").json("checklist", "list") == []
    assert home.acting_as("zhao")("checklist", "show", "R2026-00001", code=4)


def test_a_desks_steps_are_a_function_for_screens(home: Runner) -> None:
    place = open_home(home.home)
    try:
        desk = sit_down(place, acting_as="wang")
        catalogue = load_catalogue(home.home / "cache")
        found = worklist(desk, catalogue)
        assert found.steps[0].text
        assert found.total == len(found.steps) > 3
        assert found.late == len({s.subject for s in found.steps if s.state == "overdue"})
        page = worklist(desk, catalogue, first=1, most=2)
        assert page == found._replace(steps=found.steps[1:3])
    finally:
        place.close()


def test_a_step_s_limit_stands_still_with_its_referral(home: Runner) -> None:
    bureau = home.acting_as("bureau")
    for verb in ("receive", "accept"):
        bureau("referral", verb, "R2026-00001")
    assert shown(home, "R2026-00001")["survey"]["due_on"] == "2026-11-25"
    finish = home.json("referral", "show", "R2026-00001")["due"]["finish"]
    listed = shown(home, "R2026-00001")["finish"]["due_on"]
    bureau("referral", "suspend", "R2026-00001", "--reason", "U01", "--until", "2026-12-04",
           "--note", "waits for a paper")  # fmt: skip
    # While it stands still nothing of it becomes late.
    later = Runner(home.home, "2026-12-04")
    assert shown(later, "R2026-00001")["survey"]["state"] == "open"
    later.acting_as("bureau")("referral", "resume", "R2026-00001")
    survey = shown(later, "R2026-00001")["survey"]
    assert survey["due_on"] == "2026-12-09"
    after = later.json("referral", "show", "R2026-00001")["due"]["finish"]
    assert (finish, after) == (listed, shown(later, "R2026-00001")["finish"]["due_on"])
    assert after > finish


def test_a_department_sees_its_own_steps_and_how_many_stand_with_the_county(
    yimen: Any, dispatched: Any
) -> None:
    medical = yimen.acting_as("medical")
    listed = medical("checklist", "list", "--format", "json")
    assert {row["who"] for row in listed.json} == {"department"}
    rows = yimen.json("checklist", "list")
    assert {row["who"] for row in rows if row["checklist"].startswith("handle/MED")} <= {
        "county", "town", "village", "helper",
    }  # fmt: skip
    education = yimen.acting_as("education")("checklist", "list", "--format", "json")
    assert "1 more open steps stand with the county." in education.err
    # Dibao is handled between the town and the county's own bureau: its steps are the bureau's.
    civil = yimen.acting_as("civil").json("checklist", "list")
    assert all(row["who"] in ("county", "department") for row in civil)


def test_needs_are_not_assessed_by_a_tick(home: Runner) -> None:
    helper = home.acting_as("helper")
    tick = ["checklist", "done", "A2026-00001", "intake", "needs"]
    said = helper(*tick, code=4).err
    assert "The records show this step by themselves" in said
    household = home.json("checklist", "show", "A2026-00001", "intake")["household_no"]
    assert f"yimen need assess {household} NEED=yes --source HOW" in said
    assert shown(home, "A2026-00001", "intake")["needs"]["state"] == "open"
    helper("need", "assess", household, "living=yes", "--source", "a visit")
    assert shown(home, "A2026-00001", "intake")["needs"]["state"] == "done"


def test_needs_may_be_left_out_with_a_reason(home: Runner) -> None:
    home.acting_as("helper")("checklist", "skip", "A2026-00001", "intake", "needs",
                             "--reason", "assessed last month")  # fmt: skip
    assert shown(home, "A2026-00001", "intake")["needs"]["state"] == "not_needed"
