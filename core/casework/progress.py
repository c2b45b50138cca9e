"""What a citizen may know of an application: the public line of each matter, and nothing else.

It names no member and no fact; it is derived from states and clocks each time it is asked for.
"""

from __future__ import annotations

from yimen.core.casework.check import find_application
from yimen.core.casework.clocks import referral_line
from yimen.core.casework.desk import Desk
from yimen.core.casework.offices import office_for
from yimen.core.print_records import ProgressLine
from yimen.core.rules.catalogue import Catalogue
from yimen.core.store import cases
from yimen.core.words import state_name


def progress_lines(desk: Desk, catalogue: Catalogue, application_no: str) -> list[ProgressLine]:
    """Which department has each matter, at which step it is, when it is due, whom to call."""
    application = find_application(desk, application_no)
    desk.require("application.read", division=application.division)
    found = []
    for referral in cases.referrals(desk.home.casework, application_no=application_no):
        if referral.state in ("draft", "voided"):
            continue
        programme = catalogue.programmes.get(referral.programme)
        body = catalogue.departments.get(referral.department)
        line = referral_line(desk, referral)
        phone = office_for(desk, application.division, referral.department).phone
        found.append(
            ProgressLine(
                referral_no=referral.referral_no,
                programme=programme.names.text() if programme else referral.programme,
                department=body.names.text() if body else referral.department,
                state=state_name(referral.state),
                due_on=line.due_on,
                provisional=referral.provisional,
                phone=phone or (body.phone if body else ""),
            )
        )
    return found
