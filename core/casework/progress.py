"""What a citizen may know of an application: where it is, what comes next, by when, whom to call.

Derived from the states alone. It names departments and steps, and on purpose neither programmes
nor members: a programme's name can tell an illness, and the line may be read aloud at a window.
"""

from __future__ import annotations

import json

from yimen.core.application_records import Progress, ProgressStep
from yimen.core.casework.check import find_application
from yimen.core.casework.clocks import CLOCK_OF, OFFICE, running
from yimen.core.casework.desk import Desk
from yimen.core.casework.operators import find
from yimen.core.divisions import division_name
from yimen.core.i18n import _
from yimen.core.records import Application
from yimen.core.referral_records import Referral
from yimen.core.rules.catalogue import Catalogue
from yimen.core.store import cases
from yimen.core.words.referrals import decision_name


def progress(desk: Desk, catalogue: Catalogue, application_no: str) -> Progress:
    """The public line of an application; the reading is journalled."""
    application = find_application(desk, application_no)
    desk.require("application.read", division=application.division)
    db = desk.home.casework
    referrals = [
        r
        for r in cases.referrals(db, application_no=application.application_no)
        # What was entered in error, never sent, or handed on is no step of the family's matter.
        if r.state not in ("voided", "draft", "transferred")
    ]
    steps = [_step(desk, catalogue, referral) for referral in referrals]
    officer = find(db, application.first_officer)
    desk.record_reading("application.progress", application.application_no, {"steps": len(steps)})
    dates = [step.due_on for step in steps if step.due_on]
    return Progress(
        application_no=application.application_no,
        state=application.state,
        step=_application_step(application),
        submitted_on=application.submitted_on,
        accepted_on=application.accepted_on,
        due_on=max(dates) if dates else None,
        steps=steps,
        contact=f"{officer.name}, {division_name(officer.division)}",
        missing=_missing(desk, application),
    )


def _application_step(application: Application) -> str:
    return {
        "draft": _("being written down"),
        "submitted": _("handed in"),
        "supplement_noticed": _("waiting for what the notification lists"),
        "accepted": _("accepted; being checked"),
        "checked": _("checked; being handed to the departments"),
        "dispatched": _("with the departments"),
        "closed": _("finished"),
        "withdrawn": _("taken back by the family"),
        "terminated": _("ended"),
    }[application.state]


def _step(desk: Desk, catalogue: Catalogue, referral: Referral) -> ProgressStep:
    department = catalogue.departments.get(referral.department)
    due, standing = running(desk, referral)
    if CLOCK_OF.get(referral.state) not in OFFICE:
        # The family waits for the end, not for a signature.
        due = referral.due.finish if due else None
    elif referral.state == "returned":
        # The clock stands still, and nobody knows yet when it goes on.
        due = None
    confirmed = referral.state == "completed" and referral.decision is not None
    return ProgressStep(
        referral_no=referral.referral_no,
        department=department.names.text() if department else referral.department,
        state=referral.state,
        step=_words(referral),
        due_on=due,
        late=standing is not None and standing.light == "red",
        told=decision_name(referral.decision.outcome) if confirmed and referral.decision else "",
    )


def _words(referral: Referral) -> str:
    return {
        "dispatched": _("sent to the department"),
        "received": _("the department has it"),
        "accepted": _("the department has taken it on"),
        "in_progress": _("the department is dealing with it"),
        "fed_back": _("the department has answered; the window confirms it"),
        "completed": _("answered and confirmed"),
        "returned": _("back at the window for something that is missing"),
        "suspended": _("waiting for something outside the department"),
        "rejected": _("not taken on; the window tells why"),
        "failed": _("could not be brought about; the window tells why"),
        "withdrawn": _("taken back"),
    }[referral.state]


def _missing(desk: Desk, application: Application) -> int:
    """How many things the last one-time notification lists, while they are awaited."""
    if application.state != "supplement_noticed":
        return 0
    row = desk.home.casework.conn.execute(
        "SELECT items FROM supplement_notice WHERE application_no = ? ORDER BY id DESC LIMIT 1",
        [application.application_no],
    ).fetchone()
    return len(json.loads(row[0])) if row else 0
