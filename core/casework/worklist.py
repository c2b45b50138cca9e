"""The worklist: what an operator, a town or a department has to do next, late first.

It shows what the records say and moves nothing. Each item carries a light as a code, so that any
face can show it without colour.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from functools import cache
from typing import Annotated, Literal, NamedTuple, cast

from msgspec import Meta

from yimen.core.casework.clocks import CLOCK_OF, OFFICE, Standing, standing
from yimen.core.casework.desk import NAMED_ROLES, Desk
from yimen.core.casework.second_person import waiting
from yimen.core.casework.terms import county_days
from yimen.core.divisions import scope_prefix
from yimen.core.identity import mask_name
from yimen.core.records import Division, HouseholdNo, MemberNo, OperatorNo, Record
from yimen.core.referral_records import Term
from yimen.core.store import work
from yimen.core.store.work import OpenWork

Whose = Literal["mine", "place", "sign"]
WorkLight = Literal["late", "soon", "returned", "answered", "open", "waiting"]
LIGHTS: tuple[WorkLight, ...] = ("late", "soon", "returned", "answered", "open", "waiting")
Step = Literal[
    "complete", "bring", "check", "dispatch", "sign", "accept", "handle", "wait", "resend",
    "confirm", "resume", "window", "countersign", "signature",
]  # fmt: skip
PAGE = 200

# state -> what has to be done, and by whom; the other side waits.
_WINDOW_STEPS: dict[str, Step] = {
    "draft": "complete", "submitted": "complete", "supplement_noticed": "bring",
    "accepted": "check", "checked": "dispatch", "returned": "resend", "fed_back": "confirm",
}  # fmt: skip
_DEPARTMENT_STEPS: dict[str, Step] = {
    "dispatched": "sign", "received": "accept", "accepted": "handle", "in_progress": "handle",
    "suspended": "resume",
}  # fmt: skip
_CLOCKS = {
    state: ("due_office", None) if clock in OFFICE else (f"due_{clock}", clock)
    for state, clock in CLOCK_OF.items()
}


class WorkItem(Record, frozen=True, kw_only=True):
    """One application, referral or payment on somebody's list; `programme` is a referral's.

    A payment has neither a family nor a clock of its own.
    """

    number: str
    application_no: str | None
    household_no: HouseholdNo | None
    member_no: MemberNo | None
    applicant: Annotated[str, Meta(description="The name as the reader may see it")]
    programme: str | None
    department: str | None
    division: Division
    state: str
    step: Step
    light: WorkLight
    due_on: str | None
    days_left: Annotated[int | None, Meta(description="Working days; negative: days late")]
    first_officer: OperatorNo
    proposed: Annotated[
        str | None, Meta(description="What one officer proposed and a second person signs")
    ]


class Worklist(Record, frozen=True, kw_only=True):
    """A page of the list, and how many items of each light the whole list has."""

    items: list[WorkItem]
    first: int
    total: int
    lights: dict[WorkLight, int]
    to_sign: Annotated[int, Meta(description="How many wait for the reader's own signature")]


def worklist(
    desk: Desk,
    *,
    whose: Whose = "mine",
    department: str | None = None,
    step: Step | None = None,
    first: int = 0,
    most: int = PAGE,
) -> Worklist:
    """The open work in the operator's scope: late, nearly due, returned, answered, then by date.

    A window's list holds its applications and their referrals, `mine` those whose first officer
    the operator is; a department's holds its own referrals. What somebody else proposed and waits
    for the operator's signature is on every list of one's own; `sign` holds nothing else.
    `department` shows a window what one department has, `step` only what waits for one step. The
    reading is journalled as one row.
    """
    desk.require("referral.read")
    timed = _Timed(desk)
    to_sign = {row.number for row in waiting(desk, department=department)}
    rows = [] if whose == "sign" else _open_work(desk, whose, department)
    rows += _among(desk, to_sign - {row.number for row in rows})
    placed = [
        (LIGHTS.index(lit.light), lit.due_on or "9999", lit.row.number, lit.row, lit.step,
         lit.due_on)
        for lit in _lit(desk, timed, rows, to_sign)
        if step in (None, lit.step)
    ]  # fmt: skip
    placed.sort(key=lambda item: item[:3])
    counts = Counter(LIGHTS[item[0]] for item in placed)
    shown = placed[first : first + most]
    families = [no for item in shown if (no := item[3].application_no)]
    names = work.applicants(desk.home.casework, families)
    named = not NAMED_ROLES.isdisjoint(desk.operator.roles)
    desk.record_reading("work.list", department or whose, {"rows": len(shown)})
    return Worklist(
        items=[
            WorkItem(
                number=row.number,
                application_no=row.application_no,
                household_no=row.household_no,
                member_no=row.member_no,
                applicant=_shown_name(names.get(row.application_no or "", ""), named),
                programme=row.programme,
                department=row.department,
                division=row.division,
                state=row.state,
                step=own,
                light=LIGHTS[rank],
                due_on=due,
                days_left=timed.days_left(due),
                first_officer=row.first_officer,
                proposed=None if row.declined else row.proposed,
            )
            for rank, __, __, row, own, due in shown
        ],
        first=first,
        total=len(placed),
        lights={light: counts.get(light, 0) for light in LIGHTS},
        to_sign=len(to_sign),
    )


def _among(desk: Desk, numbers: Collection[str]) -> list[OpenWork]:
    return work.work_of(desk.home.casework, _CLOCKS, sorted(numbers)) if numbers else []


class Lit(NamedTuple):
    """An open application or referral with its next step, its light and what is due of it."""

    row: OpenWork
    step: Step
    light: WorkLight
    due_on: str | None
    days_late: int | None


def lit_work(desk: Desk) -> list[Lit]:
    """All open work of the operator's place or department, in no order; for those who count it."""
    return list(_lit(desk, _Timed(desk), _open_work(desk, "place", None)))


def _lit(
    desk: Desk, timed: _Timed, rows: Iterable[OpenWork], to_sign: Collection[str] = ()
) -> Iterator[Lit]:
    serves = not desk.may("application.read")
    for row in rows:
        step = "countersign" if row.number in to_sign else _step(row, serves=serves)
        due, now = timed.of(row)
        yield Lit(row, step, _light(row, step, now), due, now.days_late if now else None)


def _shown_name(name: str, named: bool) -> str:
    return name if named or not name else mask_name(name)


def _open_work(desk: Desk, whose: Whose, department: str | None) -> list[OpenWork]:
    db, prefix = desk.home.casework, scope_prefix(desk.operator.division)
    if not desk.may("application.read"):
        department = desk.operator.department
    if department is not None:
        return work.open_referrals(db, _CLOCKS, prefix=prefix, department=department)
    officer = desk.operator.operator_no if whose == "mine" else None
    return [
        *work.open_applications(db, prefix=prefix, officer=officer),
        *work.open_referrals(db, _CLOCKS, prefix=prefix, officer=officer),
    ]


def _step(row: OpenWork, *, serves: bool) -> Step:
    """What has to be done next, seen from the window or from the department.

    A refusal of a part waits beside the rest of its application, which goes on.
    """
    if row.proposed is not None and not row.declined and row.proposed != "refuse":
        return "signature"
    if row.programme is None:
        return _WINDOW_STEPS[row.state]
    if serves:
        return _DEPARTMENT_STEPS.get(row.state, "window")
    # A referral and an application share the name of a state, and not what it asks for.
    return "wait" if row.state == "accepted" else _WINDOW_STEPS.get(row.state, "wait")


def _light(row: OpenWork, step: Step, now: Standing | None) -> WorkLight:
    if now is not None and now.light != "green":
        return "late" if now.light == "red" else "soon"
    if row.state == "returned" or row.declined:
        return "returned"
    # What somebody else has finished and waits for this hand.
    if row.state == "fed_back" or step == "countersign":
        return "answered"
    return "waiting" if step in ("wait", "bring", "window", "signature") else "open"


class _Timed:
    """How the clocks of many rows stand; few of them differ, and each is worked out once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._today = desk.home.clock.today()
        self._dispatch_days = county_days(desk, "dispatch")
        self._standing = cache(self._stands)
        self._dispatch_by = cache(self._dispatched_by)
        self.days_left = cache(self._left)

    def of(self, row: OpenWork) -> tuple[str | None, Standing | None]:
        """What is due of a row, and how that stands."""
        if row.programme is None:
            waits = row.state in ("accepted", "checked") and row.due is not None
            due = self._dispatch_by(row.due) if waits else None
        else:
            due = row.due
        return due, self._standing(due, row.term_n, row.term_unit) if due else None

    def _stands(self, due: str, n: int | None, unit: str | None) -> Standing:
        known = n is not None and unit is not None
        term = Term(n=cast(int, n), unit=unit, starts="dispatched", basis="",  # type: ignore[arg-type]
                    tag="") if known else None  # fmt: skip
        return standing(self._desk, due, term)

    def _dispatched_by(self, accepted_on: str) -> str:
        day = date.fromisoformat(accepted_on)
        return self._desk.calendar.add(day, self._dispatch_days, "WD").due.isoformat()

    def _left(self, due: str | None) -> int | None:
        if due is None:
            return None
        last = date.fromisoformat(due[:10])
        if last >= self._today:
            return self._desk.calendar.working_days_between(self._today, last)
        return -max(1, self._desk.calendar.working_days_between(last, self._today))


class BoardLine(Record, frozen=True, kw_only=True):
    """How many referrals a department has in each state, and how many of them are late."""

    department: str
    states: dict[str, int]
    open: int
    late: int
    soon: int


def dispatch_board(desk: Desk) -> list[BoardLine]:
    """One line a department within the operator's scope; a department sees its own line."""
    desk.require("referral.read")
    own = None if desk.may("application.read") else desk.operator.department
    db, prefix = desk.home.casework, scope_prefix(desk.operator.division)
    states: dict[str, dict[str, int]] = {}
    for department, state, count in work.states_by_department(db, prefix=prefix, department=own):
        states.setdefault(department, {})[state] = count
    timed = _Timed(desk)
    lights: Counter[tuple[str | None, str]] = Counter()
    opened: Counter[str | None] = Counter()
    for row in work.open_referrals(db, _CLOCKS, prefix=prefix, department=own):
        now = timed.of(row)[1]
        lights[row.department, now.light if now else "green"] += 1
        opened[row.department] += 1
    desk.record_reading("work.board", own or "all", {"departments": len(states)})
    return [
        BoardLine(
            department=department,
            states=counts,
            open=opened[department],
            late=lights[department, "red"],
            soon=lights[department, "yellow"],
        )
        for department, counts in states.items()
    ]
