"""Every step of every checklist: its law, its limit, and each state it can be in."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest

from yimen.core.casework.checklists.cases import Case
from yimen.core.casework.checklists.conditions import COMMANDS
from yimen.core.casework.checklists.engine import step_views
from yimen.core.casework.checklists.standing import Ground
from yimen.core.checklist_declarations import ChecklistStep, Condition
from yimen.core.checklist_records import StepAct, StepView
from yimen.core.declarations import Limit
from yimen.core.records import Value
from yimen.core.rules.catalogue import Catalogue, Needed
from yimen.core.rules.checklists import EVENTS, WholeChecklist, whole_checklist
from yimen.core.workdays import WorkingCalendar

# A Monday in a published year without a holiday near; later days are counted from it.
START = date(2026, 3, 2)
CALENDAR = WorkingCalendar()
CONDITIONS: tuple[str, ...] = get_args(get_args(Condition)[0])
LONG_AFTER = timedelta(days=2500)


@cache
def _memory() -> sqlite3.Connection:
    return sqlite3.connect(":memory:")


def evaluated(needed: Needed, values: Mapping[str, Value]) -> bool | None:
    """A condition as a home evaluates it."""
    given = {f"n{i}": values[name] for i, name in enumerate(needed.names)}
    given["as_of"] = START.isoformat()
    answer = _memory().execute(f"SELECT {needed.sql}", given).fetchone()[0]
    return None if answer is None else bool(answer)


def true(needed: Needed, values: Mapping[str, Value]) -> bool | None:
    return True


@dataclass
class Situation:
    """A list on a day, with what was done of it; conditions hold unless a test says otherwise."""

    whole: WholeChecklist
    conditions: Mapping[str, Needed]
    today: date = START
    holds: Any = true
    packs: Mapping[date, str] = field(default_factory=dict)
    standards: Mapping[str, Value] = field(default_factory=dict)
    done: dict[str, date] = field(default_factory=dict)
    answers: dict[str, bool] = field(default_factory=dict)
    acts: list[StepAct] = field(default_factory=list)
    values: dict[str, Value] = field(default_factory=dict)
    events: dict[str, date] = field(default_factory=dict)
    ended: str = ""

    def steps(self) -> dict[str, ChecklistStep]:
        return {placed.step.step: placed.step for placed in self.whole.steps}

    def views(self) -> dict[str, StepView]:
        steps, met, acts = self.steps(), {}, list(self.acts)
        if self.whole.starts_when:
            met[self.whole.starts_when] = START.isoformat()
        for name, day in self.done.items():
            step = steps[name]
            if step.done_when:
                met[step.done_when] = day.isoformat()
            else:
                acts.append(act(self.whole.checklist, name, day, answer=self.answers.get(name)))
        case = Case(
            subject="R2026-00001",
            kind="referral",
            application_no="A2026-00001",
            household_no="H0000001",
            division="370499101000",
            department="civil",
            lists=[self.whole.checklist],
            moments={name: day.isoformat() for name, day in self.events.items()},
            met=met,
            values={"rule_pack": None, "decision": None, "accepted": True, "noticed": None}
            | self.values,
            fact=lambda name: None,
            acts=acts,
            ended=self.ended,
        )
        ground = Ground(
            today=self.today,
            now=f"{self.today.isoformat()}T12:00:00+08:00",
            calendar=CALENDAR,
            pack_on=lambda day: max((p for d, p in self.packs.items() if d <= day), default=None),
            standard=lambda name, day: self.standards.get(name),
            holds=self.holds,
            pack_until=self.today,
        )
        return {v.step: v for v in step_views(self.whole, self.conditions, case, ground)}

    def view(self, step: str) -> StepView:
        return self.views()[step]


def act(checklist: str, step: str, day: date, kind: Any = "done", **more: Any) -> StepAct:
    return StepAct(
        subject="R2026-00001", checklist=checklist, step=step, act=kind, operator="admin",
        at=f"{day.isoformat()}T09:00:00+08:00", **more,
    )  # fmt: skip


def step_names() -> list[tuple[str, str]]:
    """Every list and step of the core and the bundled departments, straight from their files."""
    import json

    root = Path(__file__).resolve().parent.parent
    files = [root / "core/checklists.json", *sorted(root.glob("plugins/*/checklists.json")),
             *sorted(root.glob("plugins/*/checklists/*.json"))]  # fmt: skip
    return [
        (listed["checklist"], step["step"])
        for file in files
        for listed in json.loads(file.read_text("utf-8"))
        for step in listed["steps"]
    ]


@pytest.fixture
def situation(shared_catalogue: Catalogue) -> Any:
    """Makes a situation of a list."""

    def of(checklist: str, **more: Any) -> Situation:
        whole = whole_checklist(shared_catalogue, checklist)
        assert whole is not None
        return Situation(whole, shared_catalogue.links.needed, **more)

    return of


def ancestors(steps: Mapping[str, ChecklistStep], name: str) -> set[str]:
    found = set(steps[name].after)
    return found | {a for before in found for a in ancestors(steps, before)}


@pytest.mark.parametrize(("checklist", "name"), step_names())
def test_a_step_has_its_law_and_its_limit_and_is_open_blocked_done_and_overdue(
    situation: Any, checklist: str, name: str
) -> None:
    plain = situation(checklist)
    steps = plain.steps()
    step = steps[name]
    assert step.basis.text
    assert step.basis.tag
    before = ancestors(steps, name)
    ready = replace(plain, done=dict.fromkeys(before, START))

    # Open, once all that comes first is done and its time has run.
    ready.today = date.fromisoformat(ready.view(name).not_before or START.isoformat())
    opened = ready.view(name)
    assert opened.state == ("not_needed" if step.occasion else "open")
    assert opened.blocked_by == []

    # Blocked, while something comes first; what follows an occasion is not needed before it.
    if before and all(steps[other].occasion for other in before):
        assert replace(plain, holds=evaluated).view(name).state == "not_needed"
    elif step.after:
        waiting = plain.view(name)
        assert waiting.state == ("not_needed" if step.occasion else "blocked")
        assert set(waiting.blocked_by) <= before
        assert waiting.blocked_by
    if step.wait:
        early = replace(ready, today=START).view(name)
        assert early.state == "blocked"
        assert early.not_before == ready.today.isoformat()

    # Done, by an officer or by the records.
    ended = replace(ready, done={**ready.done, name: ready.today})
    assert ended.view(name).state == "done"
    assert ended.view(name).done_on == ready.today.isoformat()
    assert ended.view(name).out_of_order == []

    # Overdue, where it has a limit; else it has none on purpose.
    late = replace(ready, today=START + LONG_AFTER, events=dict.fromkeys(EVENTS, START))
    if isinstance(step.due, Limit):
        assert step.due.basis.text
        if step.due_from in steps and not step.repeats:
            late.done[step.due_from] = START
        shown = late.view(name)
        assert shown.due_on is not None
        assert shown.state == ("not_needed" if step.occasion else "overdue")
        late.done[name] = late.today
        assert late.view(name).late or step.repeats
    else:
        assert late.view(name).state == opened.state
        assert late.view(name).no_limit


def test_every_condition_has_the_command_that_meets_it() -> None:
    ours = {name for name in CONDITIONS if not name.startswith("purchase_")}
    assert set(COMMANDS) == ours


def test_a_list_that_has_not_begun_waits_for_its_beginning(situation: Any) -> None:
    check = situation("check")
    views = check.views()
    assert views["read"].blocked_by == ["run"]
    check.whole = replace(check.whole, starts_when="referral_confirmed")
    check.done = {}
    met_nothing = Situation(check.whole, check.conditions)
    met_nothing.whole = replace(check.whole, starts_when=None)
    assert met_nothing.view("authority").blocked_by == []


def test_a_public_notice_runs_seven_days_by_the_countys_count(situation: Any) -> None:
    posted = date(2026, 9, 23)  # its seventh day, the 30th, stands before the national holidays
    done = {"relatives", "survey", "request_check", "check", "opinion", "post_notice"}
    dibao = situation("handle/CIV-DB", done=dict.fromkeys(done, posted))
    dibao.holds = evaluated
    dibao.values["rule_pack"] = "R2026"
    dibao.today = posted
    assert dibao.view("send_up").not_before == "2026-10-01"
    dibao.standards = {"civil.notice_day_type": "WD"}
    assert dibao.view("send_up").not_before == "2026-10-11"
    posted = date(2026, 9, 26)
    dibao.done = dict.fromkeys(done, posted)
    dibao.standards = {"civil.notice_day_type": "CD"}
    rolled = dibao.view("send_up").not_before
    dibao.standards = {"civil.notice_day_type": "CD_FIXED"}
    fixed = dibao.view("send_up").not_before
    assert (fixed, rolled) == ("2026-10-04", "2026-10-09")
    dibao.today = date(2026, 10, 4)
    assert dibao.view("send_up").state == "open"


def granted(situation: Any, checklist: str, **more: Any) -> Situation:
    found: Situation = situation(checklist, holds=evaluated, **more)
    found.values = {"rule_pack": "R2026", "decision": "granted"}
    return found


def test_relatives_of_staff_and_doubts_make_the_countys_visit_a_duty(situation: Any) -> None:
    dibao = granted(situation, "handle/CIV-DB")
    steps = set(dibao.steps()) - {"doubt", "confirm"}
    dibao.done = dict.fromkeys(ancestors(dibao.steps(), "county_visit") & steps, START)
    dibao.today = START + timedelta(days=30)
    assert dibao.view("county_visit").state == "blocked"
    assert dibao.view("county_visit").blocked_by == ["doubt"]
    dibao.done |= {"doubt": dibao.today, "relatives": START}
    for relatives, doubt, state in (
        (True, False, "open"), (False, True, "open"), (False, False, "not_needed"),
        (None, False, "open"), (True, None, "open"),
    ):  # fmt: skip
        dibao.answers = {k: v for k, v in (("relatives", relatives), ("doubt", doubt))
                         if v is not None}  # fmt: skip
        assert dibao.view("county_visit").state == state, (relatives, doubt)
        blocked = [] if state == "not_needed" else ["county_visit"]
        assert dibao.view("confirm").blocked_by == blocked
    assert dibao.view("county_visit").persons == 2


@pytest.mark.parametrize("programme", ["CIV-DB", "CIV-DB1", "CIV-EDGE", "CIV-DFC"])
def test_before_aid_is_reduced_the_person_is_heard_from_july_2026_on(
    situation: Any, programme: str
) -> None:
    packs = {date(2012, 12, 12): "R2012", date(2021, 7, 1): "R2021", date(2026, 7, 1): "R2026"}
    dibao = granted(situation, f"handle/{programme}", packs=packs, today=date(2026, 8, 3))
    dibao.values["rule_pack"] = "R2021"
    assert dibao.view("hear").state == dibao.view("tell").state == "not_needed"
    dibao.done["reduce"] = date(2026, 6, 30)
    assert dibao.view("hear").state == "not_needed"
    assert dibao.view("tell").state == "open"
    dibao.done["reduce"] = date(2026, 7, 1)
    assert dibao.view("hear").state == "open"
    assert dibao.view("tell").blocked_by == ["hear"]
    assert dibao.view("reduce_effect").blocked_by == ["tell"]
    dibao.done["hear"] = dibao.done["tell"] = date(2026, 7, 2)
    assert dibao.view("reduce_effect").state == "open"


def test_the_rules_of_2012_have_their_own_steps(situation: Any) -> None:
    old = granted(situation, "handle/CIV-DB")
    old.values["rule_pack"] = "R2012"
    new = granted(situation, "handle/CIV-DB")
    assert old.view("survey").state == new.view("survey_2012").state == "not_needed"
    assert old.view("survey_2012").state == new.view("survey").state == "open"
    new.values["rule_pack"] = None
    assert new.view("survey").state == new.view("survey_2012").state == "open"


def test_an_extension_moves_the_limit_from_thirty_working_days_to_forty_five(
    situation: Any,
) -> None:
    rigid = granted(situation, "handle/CIV-RIG", events={"accepted": date(2026, 3, 2)})
    assert rigid.view("finish").due_on == "2026-04-14"
    assert rigid.view("finish_extended").state == "not_needed"
    rigid.done["extend"] = date(2026, 4, 10)
    assert rigid.view("finish").state == "not_needed"
    assert rigid.view("finish_extended").due_on == "2026-05-08"
    assert not rigid.view("extend").late
    rigid.done["extend"] = date(2026, 4, 15)
    assert rigid.view("extend").late


def test_a_review_comes_again_a_year_after_it_was_done(situation: Any) -> None:
    tekun = granted(situation, "handle/CIV-TK", done={"confirm": START, "start": START})
    tekun.today = date(2027, 2, 1)
    assert tekun.view("review").not_before == "2027-02-02"
    tekun.today = date(2027, 2, 10)
    assert (tekun.view("review").state, tekun.view("review").due_on) == ("open", "2027-03-02")
    tekun.done["review"] = date(2027, 2, 10)
    assert tekun.view("review").state == "done"
    tekun.today = date(2028, 1, 10)
    assert (tekun.view("review").state, tekun.view("review").due_on) == ("open", "2028-02-10")
    tekun.today = date(2028, 2, 11)
    assert tekun.view("review").state == "overdue"


def test_what_runs_past_the_published_calendar_is_provisional(situation: Any) -> None:
    rigid = granted(situation, "handle/CIV-RIG", events={"accepted": date(2029, 1, 4)})
    assert rigid.view("finish").provisional


def test_a_limit_in_hours_runs_from_the_moment(situation: Any) -> None:
    criminal = situation("handle/LEG-CRM", today=date(2026, 3, 3))
    criminal.events = {"accepted": date(2026, 3, 2)}
    assert criminal.view("forward").due_on == "2026-03-03T00:00:00+08:00"
    assert criminal.view("forward").state == "overdue"


def test_a_tick_that_was_taken_back_leaves_the_step_open_again(situation: Any) -> None:
    fast = situation("handle/CIV-FAST", done={})
    fast.acts = [act("handle/CIV-FAST", "register", START)]
    assert fast.view("register").state == "done"
    fast.acts.append(act("handle/CIV-FAST", "register", START, "undone", note="wrong family"))
    assert fast.view("register").state == "open"
    assert fast.view("same_cause").blocked_by == ["register"]


def test_a_step_that_was_left_out_says_why_and_holds_nothing_up(situation: Any) -> None:
    intake = situation("intake", done={"register": START})
    intake.acts = [act("intake", "needs", START, "skipped", note="the family is away")]
    assert intake.view("needs").state == "not_needed"
    assert "the family is away" in intake.view("needs").why


def test_what_was_done_before_its_gate_says_so(situation: Any) -> None:
    legal = granted(situation, "handle/LEG-CIV")
    legal.done = {"decide": START}
    assert legal.view("decide").state == "done"
    assert legal.view("decide").out_of_order == ["means"]


def test_a_refusal_leaves_only_what_a_refusal_asks(situation: Any) -> None:
    dibao = granted(situation, "handle/CIV-DB", ended="the decision: refused")
    dibao.values["decision"] = "refused"
    dibao.done = {"confirm": START}
    assert dibao.view("pay").state == dibao.view("opinion").state == "not_needed"
    assert dibao.view("opinion").why == "the decision: refused"
    assert dibao.view("refuse").state == "open"


@pytest.mark.parametrize("checklist", ["handle/CIV-FAST", "handle/CIV-DFC"])
def test_fast_small_aid_and_a_childs_case_have_no_public_notice(
    situation: Any, checklist: str
) -> None:
    whole = situation(checklist).whole
    assert whole.no_notice is not None
    assert not [p for p in whole.steps if p.step.notice]


@pytest.mark.parametrize(
    ("checklist", "step"),
    [("handle/CIV-DB", "survey"), ("handle/CIV-DB1", "survey"), ("handle/CIV-EDGE", "survey"),
     ("handle/CIV-TK", "survey"), ("handle/CIV-RIG", "survey"), ("handle/CIV-TEMP", "visit"),
     ("handle/CIV-DB", "county_visit"), ("handle/CIV-DB", "resurvey")],
)  # fmt: skip
def test_a_visit_takes_two_persons(situation: Any, checklist: str, step: str) -> None:
    assert situation(checklist).steps()[step].persons == 2
