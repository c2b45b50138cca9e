"""What is due: each morning's list of a desk, and the levels to which lateness has climbed.

Reading it twice a day changes nothing: a level that was reached is recorded once for each clock and
due day, so that cron may run it as often as it likes.
"""

from __future__ import annotations

from datetime import date

from yimen.core.application_records import DueLine, DueResult
from yimen.core.casework.clocks import CLOCK_OF, OFFICE, running, standing
from yimen.core.casework.desk import Desk
from yimen.core.casework.second_person import waiting
from yimen.core.casework.terms import county_days
from yimen.core.divisions import scope_prefix
from yimen.core.records import Application
from yimen.core.referral_records import Referral
from yimen.core.store import cases
from yimen.core.workdays import WorkingCalendar


def due(
    desk: Desk, *, department: str | None = None, within: int | None = None, every: bool = False
) -> DueResult:
    """The late and the soon due of the desk's scope, the latest first; new levels are recorded.

    `within` is how many working days ahead to look instead of what the lights call soon;
    `every` lists the green ones too. A department sees its own referrals.
    """
    desk.require("due")
    own = "department" in desk.operator.roles and not desk.may("application.read")
    if own:
        department = desk.operator.department
    prefix = scope_prefix(desk.operator.division)
    db = desk.home.casework
    # A closed application owes nothing, and an open referral keeps its own open.
    working = cases.applications(db, states=cases.OPEN_APPLICATION, division=prefix)
    applications = {a.application_no: a for a in working}
    found = [
        line
        for referral in cases.open_referrals(db, department=department, division=prefix)
        if (line := _referral_due(desk, referral, _of(applications, desk, referral)))
        # What the window owes is not the department's to do.
        and not (own and line.clock in OFFICE - {"resume"})
    ]
    if department is None:
        found += [line for application in working if (line := _application_due(desk, application))]
    escalated = _record_levels(desk, found)
    last = _ahead(desk, within) if within is not None else None
    shown = [
        line
        for line in found
        if every or line.light == "red" or (line.due_on[:10] <= last if last else
                                            line.light == "yellow")
    ]  # fmt: skip
    shown.sort(key=lambda line: (-(line.days_late or 0), line.due_on, line.subject))
    today = desk.home.clock.today().isoformat()
    desk.record_reading("due", department or "all", {"rows": len(shown)})
    return DueResult(
        today=today,
        lines=shown,
        escalated=escalated,
        to_sign=[row.number for row in waiting(desk, department=department)],
    )


def _ahead(desk: Desk, days: int) -> str:
    return desk.calendar.add(desk.home.clock.today(), days, "WD").due.isoformat()


def _of(applications: dict[str, Application], desk: Desk, referral: Referral) -> Application:
    """The referral's application, which lies elsewhere where it was sent to another place."""
    known = applications.get(referral.application_no)
    if known is not None:
        return known
    (found,) = cases.applications(desk.home.casework, application_no=referral.application_no)
    return found


def _referral_due(desk: Desk, referral: Referral, application: Application) -> DueLine | None:
    clock = CLOCK_OF.get(referral.state)
    due_on, now = running(desk, referral)
    if clock is None or due_on is None or now is None:
        return None
    statutory = referral.due.statutory
    return DueLine(
        subject=referral.referral_no,
        application_no=referral.application_no,
        department=referral.department,
        programme=referral.programme,
        division=application.division,
        owner=application.first_officer,
        clock=clock,
        due_on=due_on,
        light=now.light,
        days_late=now.days_late,
        level=now.level,
        statutory_overdue=bool(
            clock != "resume" and statutory and standing(desk, statutory).days_late is not None
        ),
        provisional=referral.provisional,
    )


def _application_due(desk: Desk, application: Application) -> DueLine | None:
    """An accepted application is to be checked and handed on; one that waits for papers is not."""
    if application.state not in ("accepted", "checked") or application.accepted_on is None:
        return None
    calendar: WorkingCalendar = desk.calendar
    days = county_days(desk, "dispatch")
    end = calendar.add(date.fromisoformat(application.accepted_on), days, "WD")
    due_on = end.due.isoformat()
    now = standing(desk, due_on)
    return DueLine(
        subject=application.application_no,
        application_no=application.application_no,
        department=None,
        programme=None,
        division=application.division,
        owner=application.first_officer,
        clock="dispatch",
        due_on=due_on,
        light=now.light,
        days_late=now.days_late,
        level=now.level,
        statutory_overdue=False,
        provisional=end.provisional,
    )


def _record_levels(desk: Desk, lines: list[DueLine]) -> int:
    """Records the levels that were reached since the last look; returns how many are new."""
    db = desk.home.casework
    known = {
        (subject, clock, due_on): level
        for subject, clock, due_on, level in db.conn.execute(
            "SELECT subject, clock, due_on, MAX(level) FROM escalation GROUP BY 1, 2, 3"
        )
    }
    new = [
        line for line in lines if line.level > known.get((line.subject, line.clock, line.due_on), 0)
    ]
    if not new:
        return 0
    count = 0
    with desk.home.writing():
        for line in new:
            done = db.conn.execute(
                "INSERT OR IGNORE INTO escalation (subject, clock, due_on, level, at, operator)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                [line.subject, line.clock, line.due_on, line.level, desk.home.clock.now(),
                 desk.operator.operator_no],
            )  # fmt: skip
            if done.rowcount:
                count += 1
                body = {"clock": line.clock, "due": line.due_on, "level": line.level}
                desk.record(db, "escalate", line.subject, body)
    return count
