"""A step that was done before it was recorded, and one that a public notice does by itself."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from checklist_home import _dispatched as _dispatched
from checklist_home import home as home
from checklist_home import paper as paper
from conftest import Runner

from yimen.core.casework.notice_kinds import notice_table
from yimen.core.rules.catalogue import Catalogue

LIST = ("R2026-00001", "handle")


def steps(yimen: Runner) -> dict[str, Any]:
    return {s["step"]: s for s in yimen.json("checklist", "show", *LIST)["steps"]}


def done(yimen: Runner, step: str, *words: Any, code: int | None = 0) -> str:
    said = yimen.acting_as("wang")("checklist", "done", *LIST, step, *words, code=code)
    return said.out + said.err


@pytest.fixture
def taken_on(home: Runner) -> Runner:
    """The department has taken the matter on, so that a notice may hang."""
    for verb in ("receive", "accept"):
        home.acting_as("bureau")("referral", verb, "R2026-00001")
    return home


@pytest.fixture
def ready(taken_on: Runner, paper: Path) -> Runner:
    """Everything is recorded that comes before the public notice of dibao."""
    done(taken_on, "survey", "--with", "zhao", "--evidence", paper)
    done(taken_on, "opinion", "--evidence", paper)
    return taken_on


def post(yimen: Runner) -> str:
    said = yimen.acting_as("wang")(
        "notice", "post", "dibao_preliminary", "R2026-00001", "--place", "board"
    )
    return said.err


def test_a_notice_that_hung_on_paper_counts_from_its_own_day_and_the_journal_has_both(
    ready: Runner, paper: Path
) -> None:
    later = replace(ready, day="2026-12-10")
    yimen = later.acting_as("wang")
    words = ["checklist", "done", *LIST, "post_notice", "--evidence", paper, "--on"]
    assert "lies in the future" in yimen(*words, "2026-12-11", code=5).err
    early = yimen(*words, "2026-11-19", code=4).err
    assert "cannot have been done on 2026-11-19; the first day is 2026-11-20" in early
    yimen(*words, "2026-11-23")
    shown = steps(ready)["post_notice"]
    assert (shown["done_on"], shown["recorded_on"]) == ("2026-11-23", "2026-12-10")
    assert "2026-11-23 (recorded 2026-12-10)" in yimen("checklist", "show", *LIST).out
    (row,) = [r for r in ready.json("journal", "show", "--subject", "R2026-00001")
              if r["action"] == "checklist.done" and "post_notice" in json.dumps(r)]  # fmt: skip
    assert row["at"].startswith("2026-12-10")
    assert json.loads(row["body"])["on"] == "2026-11-23"
    send = ["checklist", "done", *LIST, "send_up", "--evidence", paper, "--on"]
    assert "the first day is 2026-12-01" in yimen(*send, "2026-11-30", code=4).err
    yimen(*send, "2026-12-01")


def test_one_act_puts_the_notice_up_and_does_the_step_of_the_handling(ready: Runner) -> None:
    assert "R2026-00001 post_notice is done by it" in post(ready)
    stands = steps(ready)
    assert (stands["post_notice"]["state"], stands["post_notice"]["note"]) == (
        "done", "notice N2026-00001",
    )  # fmt: skip
    assert stands["send_up"]["not_before"] == "2026-11-28"


def test_a_notice_before_the_opinion_is_no_step_and_says_so(taken_on: Runner, paper: Path) -> None:
    assert "post_notice is not done by it; first must come: opinion" in post(taken_on)
    later = replace(taken_on, day="2026-11-23")
    done(later, "survey", "--with", "zhao", "--evidence", paper)
    done(later, "opinion", "--evidence", paper)
    assert steps(later)["post_notice"]["state"] == "open"


def test_a_notice_taken_down_before_its_last_day_has_not_hung(ready: Runner) -> None:
    post(ready)
    ready.acting_as("wang")("notice", "take-down", "N2026-00001", "--note", "a wrong name")
    assert steps(ready)["post_notice"]["state"] == "open"


def test_an_objection_to_a_notice_holds_the_grant_until_it_was_looked_into(ready: Runner) -> None:
    post(ready)
    ready.acting_as("wang")("notice", "object", "N2026-00001", "--note", "owns a shop")
    stands = steps(ready)
    assert (stands["objection"]["state"], stands["resurvey"]["state"]) == ("done", "open")
    assert stands["renotice"]["blocked_by"] == ["resurvey"]
    assert stands["send_up"]["blocked_by"] == ["renotice"]


@pytest.mark.parametrize(("upheld", "hangs_again"), [("yes", True), ("no", False)])
def test_a_notice_hangs_again_where_the_objection_was_upheld(
    ready: Runner, paper: Path, upheld: str, hangs_again: bool
) -> None:
    post(ready)
    wang = ready.acting_as("wang")
    wang("notice", "object", "N2026-00001", "--note", "owns a shop")
    done(ready, "resurvey", "--answer", upheld, "--with", "zhao", "--evidence", paper)
    stands = steps(ready)
    assert stands["renotice"]["state"] == ("open" if hangs_again else "not_needed")
    if hangs_again:
        assert "DB2021" in stands["renotice"]["basis"] or "art. 19" in stands["renotice"]["basis"]
        wang("notice", "take-down", "N2026-00001", "--note", "the opinion was changed")
        stands = steps(ready)
        assert (stands["post_notice"]["state"], stands["renotice"]["state"]) == ("open", "open")
        later = replace(ready, day="2026-11-24")
        post(later)
        stands = steps(later)
        assert stands["renotice"]["state"] == "done"
        assert stands["send_up"]["not_before"] == "2026-12-02"


def test_every_step_that_a_notice_does_names_a_kind_for_its_programme(
    shared_catalogue: Catalogue,
) -> None:
    kinds = {kind.kind: kind for kind in notice_table().kinds if kind.posted}
    named = [
        (owned.checklist.checklist.partition("/")[2], step.by_notice)
        for owned in shared_catalogue.checklists
        for step in owned.checklist.steps
        if step.by_notice
    ]
    assert named
    assert [pair for pair in named if pair[0] not in kinds[pair[1]].programmes] == []
    # A preliminary notice that no list waits for would be put up beside it.
    waited = {kind for __, kind in named}
    proposed = {k.kind for k in kinds.values() if k.stage == "proposed"}
    assert proposed <= waited


def test_an_opinion_recorded_late_with_its_own_day_lets_the_notice_count(
    taken_on: Runner, paper: Path
) -> None:
    post(taken_on)
    done(taken_on, "survey", "--with", "zhao", "--evidence", paper, "--on", "2026-11-20")
    done(taken_on, "opinion", "--evidence", paper, "--on", "2026-11-20")
    assert steps(taken_on)["post_notice"]["done_on"] == "2026-11-20"
