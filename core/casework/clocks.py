"""The clocks of a referral: what is due when, whether it is late, and how far it has escalated.

Overdue and escalated are computed each time they are shown; they are never states.
"""

from __future__ import annotations

from datetime import date, datetime

from yimen.core.casework.desk import Desk
from yimen.core.clock import SHANGHAI
from yimen.core.declarations import Basis, Limit, ProgrammeVersion
from yimen.core.records import DueDates, Referral
from yimen.core.results import ReferralLine

_COUNTY = Basis(text="county default", tag="D")
# What a county's referrals follow where the programme's own text sets no limit (design default).
DEFAULT_SIGN = Limit(n=1, unit="WD", basis=_COUNTY)
DEFAULT_ACCEPT = Limit(n=2, unit="WD", basis=_COUNTY)
DEFAULT_FINISH = Limit(n=15, unit="WD", basis=_COUNTY)

# Which clock runs in which state; other states have none.
_RUNNING = {
    "dispatched": "sign",
    "received": "accept",
    "accepted": "finish",
    "in_progress": "finish",
    "fed_back": "finish",
}
# Working days past due at which the next level hears of it (design default).
_ESCALATION = (1, 2, 5, 10)


def due_dates(desk: Desk, version: ProgrammeVersion) -> tuple[DueDates, bool]:
    """The three due dates of a referral dispatched now, and whether one is PROVISIONAL."""
    limits = version.limits
    found: list[str] = []
    provisional = False
    for limit in (
        limits.sign or DEFAULT_SIGN,
        limits.accept or DEFAULT_ACCEPT,
        limits.promised or limits.finish or DEFAULT_FINISH,
    ):
        text, unsure = due_of(desk, limit)
        found.append(text)
        provisional = provisional or unsure
    return DueDates(sign=found[0], accept=found[1], finish=found[2]), provisional


def due_of(desk: Desk, limit: Limit) -> tuple[str, bool]:
    """When a limit that starts now ends (a day, or a time for hours), and if PROVISIONAL."""
    if limit.unit == "H":
        end = desk.calendar.add_hours(datetime.fromisoformat(desk.home.clock.now()), limit.n)
    else:
        end = desk.calendar.add(desk.home.clock.today(), limit.n, limit.unit)
    return end.at or end.due.isoformat(), end.provisional


def referral_line(desk: Desk, referral: Referral) -> ReferralLine:
    """The referral as listings show it, with its running clock."""
    clock = _RUNNING.get(referral.state)
    due = getattr(referral.due, clock) if clock else None
    late = _days_late(desk, due) if due else None
    return ReferralLine(
        referral_no=referral.referral_no,
        application_no=referral.application_no,
        household_no=referral.household_no,
        member_no=referral.member_no,
        programme=referral.programme,
        department=referral.department,
        state=referral.state,
        due_on=due,
        overdue=late is not None,
        escalated=0 if late is None else sum(late >= days for days in _ESCALATION),
        provisional=referral.provisional,
    )


def _days_late(desk: Desk, due: str) -> int | None:
    """Working days past the due date, None while it is not past."""
    today = desk.home.clock.today()
    if "T" in due:
        now = datetime.fromisoformat(desk.home.clock.now()).astimezone(SHANGHAI)
        if now <= datetime.fromisoformat(due):
            return None
        return max(1, desk.calendar.working_days_between(date.fromisoformat(due[:10]), today))
    last = date.fromisoformat(due)
    if today <= last:
        return None
    return max(1, desk.calendar.working_days_between(last, today))
