"""The worklist: what an operator, a town or a department has to do next, late first.

It shows what the records say and moves nothing. Each item carries a light as a code, so that any
face can show it without colour.
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from yimen.core.casework.clocks import _RUNNING
from yimen.core.casework.desk import Desk
from yimen.core.casework.household import NAMED_ROLES
from yimen.core.divisions import scope_prefix
from yimen.core.identity import mask_name
from yimen.core.records import Division, HouseholdNo, MemberNo, OperatorNo, Record
from yimen.core.store import work
from yimen.core.store.work import OpenWork

Whose = Literal["mine", "place"]
Light = Literal["late", "soon", "returned", "answered", "open", "waiting"]
LIGHTS: tuple[Light, ...] = ("late", "soon", "returned", "answered", "open", "waiting")
Step = Literal[
    "complete", "bring", "check", "dispatch", "sign", "accept", "handle", "wait", "resend",
    "confirm", "resume",
]  # fmt: skip
# Working days before a due date from which an item counts as nearly due (design default).
SOON_DAYS = 2
PAGE = 200

_WINDOW_STEPS: dict[str, Step] = {
    "draft": "complete", "submitted": "complete", "supplement_noticed": "bring",
    "accepted": "check", "checked": "dispatch", "returned": "resend", "fed_back": "confirm",
}  # fmt: skip
_DEPARTMENT_STEPS: dict[str, Step] = {
    "dispatched": "sign", "received": "accept", "accepted": "handle", "in_progress": "handle",
    "suspended": "resume",
}  # fmt: skip


class WorkItem(Record, frozen=True, kw_only=True):
    """One application or referral on somebody's list; `programme` null is an application."""

    number: str
    application_no: str
    household_no: HouseholdNo
    member_no: MemberNo | None
    applicant: str
    programme: str | None
    department: str | None
    division: Division
    state: str
    step: Step
    light: Light
    due_on: str | None
    days_left: Annotated[int | None, Meta(description="Working days; negative: days late")]
    first_officer: OperatorNo


class Worklist(Record, frozen=True, kw_only=True):
    """A page of the list, and how many items of each light the whole list has."""

    items: list[WorkItem]
    first: int
    total: int
    lights: dict[Light, int]


def worklist(
    desk: Desk,
    *,
    whose: Whose = "mine",
    step: Step | None = None,
    first: int = 0,
    most: int = PAGE,
) -> Worklist:
    """The open work in the operator's scope: late, nearly due, returned, answered, then by date.

    A window's list holds its applications and their referrals, `mine` those whose first officer
    the operator is; a department's holds its own referrals. The reading is journalled as one row.
    """
    desk.require("referral.read")
    found = _open_work(desk, whose)
    serves = not desk.may("application.read")
    today = desk.home.clock.today()
    soon = desk.calendar.add(today, SOON_DAYS, "WD").due.isoformat()
    now = desk.home.clock.now()
    placed = []
    for row in found:
        due = _running_due(row)
        next_step = _step(row, serves=serves)
        light = _light(row.state, due, next_step, today=today.isoformat(), now=now, soon=soon)
        if step is None or step == next_step:
            placed.append((LIGHTS.index(light), due or "9999", row.number, row, next_step, due))
    placed.sort(key=lambda item: item[:3])
    counts = Counter(LIGHTS[item[0]] for item in placed)
    shown = placed[first : first + most]
    names = work.applicants(desk.home.casework, [item[3].application_no for item in shown])
    named = not NAMED_ROLES.isdisjoint(desk.operator.roles)
    desk.record_reading("work.list", whose, {"rows": len(shown)})
    return Worklist(
        items=[
            WorkItem(
                number=row.number,
                application_no=row.application_no,
                household_no=row.household_no,
                member_no=row.member_no,
                applicant=_shown_name(names.get(row.application_no, ""), named),
                programme=row.programme,
                department=row.department,
                division=row.division,
                state=row.state,
                step=next_step,
                light=LIGHTS[rank],
                due_on=due,
                days_left=_days_left(desk, due, today) if due else None,
                first_officer=row.first_officer,
            )
            for rank, __, __, row, next_step, due in shown
        ],
        first=first,
        total=len(placed),
        lights={light: counts.get(light, 0) for light in LIGHTS},
    )


def _running_due(row: OpenWork) -> str | None:
    """The date of the clock that runs in the state; None where none runs."""
    clocks = {"sign": row.due_sign, "accept": row.due_accept, "finish": row.due_finish}
    return clocks.get(_RUNNING.get(row.state, ""))


def _shown_name(name: str, named: bool) -> str:
    return name if named or not name else mask_name(name)


def _open_work(desk: Desk, whose: Whose) -> list[OpenWork]:
    db, prefix = desk.home.casework, scope_prefix(desk.operator.division)
    if not desk.may("application.read"):
        return work.open_referrals(db, prefix=prefix, department=desk.operator.department)
    officer = desk.operator.operator_no if whose == "mine" else None
    return [
        *work.open_applications(db, prefix=prefix, officer=officer),
        *work.open_referrals(db, prefix=prefix, officer=officer),
    ]


def _step(row: OpenWork, *, serves: bool) -> Step:
    """What has to be done next, seen from the window or from the department."""
    if row.programme is None:
        return _WINDOW_STEPS[row.state]
    own, other = (
        (_DEPARTMENT_STEPS, _WINDOW_STEPS) if serves else (_WINDOW_STEPS, _DEPARTMENT_STEPS)
    )
    return own.get(row.state, "wait") if row.state in own or row.state in other else "wait"


def _light(state: str, due: str | None, step: Step, *, today: str, now: str, soon: str) -> Light:
    if due is not None:
        if due < (now if "T" in due else today):
            return "late"
        if due[:10] <= soon:
            return "soon"
    if state == "returned":
        return "returned"
    if state == "fed_back":
        return "answered"
    return "waiting" if step in ("wait", "bring") else "open"


def _days_left(desk: Desk, due: str, today: date) -> int:
    last = date.fromisoformat(due[:10])
    if last >= today:
        return desk.calendar.working_days_between(today, last)
    return -max(1, desk.calendar.working_days_between(last, today))


class BoardLine(Record, frozen=True, kw_only=True):
    """How many referrals a department has in each state, and how many of them are late."""

    department: str
    states: dict[str, int]
    open: int
    late: int


def dispatch_board(desk: Desk) -> list[BoardLine]:
    """One line a department within the operator's scope; a department sees its own line."""
    desk.require("referral.read")
    own = None if desk.may("application.read") else desk.operator.department
    db, prefix = desk.home.casework, scope_prefix(desk.operator.division)
    states: dict[str, dict[str, int]] = {}
    for department, state, count in work.states_by_department(db, prefix=prefix, department=own):
        states.setdefault(department, {})[state] = count
    today, now = desk.home.clock.today().isoformat(), desk.home.clock.now()
    late: Counter[str] = Counter()
    for row in work.open_referrals(db, prefix=prefix, department=own):
        due = _running_due(row)
        if due is not None and due < (now if "T" in due else today):
            late[row.department or ""] += 1
    desk.record_reading("work.board", own or "all", {"departments": len(states)})
    return [
        BoardLine(
            department=department,
            states=counts,
            open=sum(n for state, n in counts.items() if state not in work.CLOSED_REFERRAL),
            late=late[department],
        )
        for department, counts in states.items()
    ]
