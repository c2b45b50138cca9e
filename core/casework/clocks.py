"""What is due now, whether it is late, how its light stands and how far it has escalated.

All of it is computed each time it is shown; overdue and escalated are never states.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from yimen.core.casework.desk import Desk
from yimen.core.casework.terms import county_days, moment_of
from yimen.core.referral_records import Referral, Term
from yimen.core.results import ReferralLine

Clock = Literal["sign", "accept", "finish", "redispatch", "confirm", "resume"]
Light = Literal["green", "yellow", "red"]

# Which clock runs in which state; what is closed or a draft has none. The last three are not
# the department's: the office owes the next step, or has promised when to look again.
CLOCK_OF: dict[str, Clock] = {
    "dispatched": "sign",
    "received": "accept",
    "accepted": "finish",
    "in_progress": "finish",
    "returned": "redispatch",
    "fed_back": "confirm",
    "suspended": "resume",
}
OFFICE: frozenset[Clock] = frozenset({"redispatch", "confirm", "resume"})
# Working days late at which the next level hears of it: the handler's head, the department's
# lead and the centre, the leading group's office, the supervision list (design default).
ESCALATION = (1, 2, 5, 10)
# A light turns yellow at two working days left, or with three tenths of the time left (default).
_DAYS_LEFT, _SHARE_LEFT = 2, 0.3


@dataclass(frozen=True, slots=True)
class Standing:
    """How one clock stands: `days_late` in working days, None while it is not late."""

    light: Light
    days_late: int | None

    @property
    def level(self) -> int:
        """The escalation level, 0 while nothing is late."""
        return 0 if self.days_late is None else sum(self.days_late >= d for d in ESCALATION)


def standing(desk: Desk, due: str, term: Term | None = None) -> Standing:
    """A due day, or moment, as it stands now; the term tells how long the whole time is."""
    late = _days_late(desk, due)
    if late is not None:
        return Standing("red", late)
    today = desk.home.clock.today()
    if "T" in due:
        left = moment_of(due) - moment_of(desk.home.clock.now())
        hours = term.n if term else 24
        return Standing("yellow" if left <= timedelta(hours=hours) * _SHARE_LEFT else "green", None)
    last = date.fromisoformat(due)
    days = desk.calendar.working_days_between(today, last)
    if days <= _DAYS_LEFT or (term is not None and _share_left(desk, term, today, last)):
        return Standing("yellow", None)
    return Standing("green", None)


def _share_left(desk: Desk, term: Term, today: date, last: date) -> bool:
    """Whether no more than the yellow share of the term is left."""
    if term.unit == "WD":
        return desk.calendar.working_days_between(today, last) <= term.n * _SHARE_LEFT
    whole = term.n * 30 if term.unit == "MO" else term.n
    return (last - today).days <= whole * _SHARE_LEFT


def referral_line(desk: Desk, referral: Referral) -> ReferralLine:
    """The referral as listings show it, with its running clock and the law's limit beside it."""
    clock = CLOCK_OF.get(referral.state)
    due, now = running(desk, referral)
    statutory = referral.due.statutory if clock not in (None, "resume") else None
    return ReferralLine(
        referral_no=referral.referral_no,
        application_no=referral.application_no,
        household_no=referral.household_no,
        member_no=referral.member_no,
        programme=referral.programme,
        department=referral.department,
        state=referral.state,
        due_on=due,
        overdue=now is not None and now.days_late is not None,
        escalated=now.level if now else 0,
        provisional=referral.provisional,
        clock=clock,
        light=now.light if now else None,
        statutory_on=statutory,
        statutory_overdue=bool(statutory) and _days_late(desk, statutory or "") is not None,
    )


def running(desk: Desk, referral: Referral) -> tuple[str | None, Standing | None]:
    """What is due now of a referral, and how that clock stands; nothing of one that is closed."""
    clock = CLOCK_OF.get(referral.state)
    if clock is None:
        return None, None
    if clock in OFFICE:
        due = referral.due.office
        return due, standing(desk, due) if due else None
    due = getattr(referral.due, clock)
    term = getattr(referral.terms, clock) if referral.terms else None
    return due, standing(desk, due, term)


def office_due(desk: Desk, clock: Clock) -> str:
    """The day by which the office owes its step, from now."""
    days = county_days(desk, clock)
    return desk.calendar.add(desk.home.clock.today(), days, "WD").due.isoformat()


def _days_late(desk: Desk, due: str) -> int | None:
    """Working days past the due date, None while it is not past."""
    today = desk.home.clock.today()
    if "T" in due:
        if moment_of(desk.home.clock.now()) <= moment_of(due):
            return None
        return max(1, desk.calendar.working_days_between(moment_of(due).date(), today))
    last = date.fromisoformat(due)
    if today <= last:
        return None
    return max(1, desk.calendar.working_days_between(last, today))
