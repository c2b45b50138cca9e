"""Referrals as they stand: one, a desk's, and what the departments have answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yimen.core.casework.check import find_application
from yimen.core.casework.clocks import referral_line
from yimen.core.casework.desk import NAMED_ROLES, Desk
from yimen.core.casework.operators import operator_names
from yimen.core.casework.terms import kept_terms, moment_of, time_so_far
from yimen.core.divisions import scope_prefix
from yimen.core.errors import NotFound
from yimen.core.i18n import _
from yimen.core.identity import mask_name
from yimen.core.referral_records import Referral, ReferralMove
from yimen.core.results import FeedbackLine, FeedbackResult, ReferralLine
from yimen.core.rules.catalogue import Catalogue
from yimen.core.spelling import plain_number
from yimen.core.store import cases

if TYPE_CHECKING:
    from yimen.core.store.database import Database


def find_referral(desk: Desk, referral_no: str) -> Referral:
    """The referral with this number; `NotFound` names the listing."""
    found = cases.referrals(desk.home.casework, referral_no=plain_number(referral_no))
    if not found:
        raise NotFound(
            _("There is no referral {no}.").format(no=referral_no),
            next_step=_("`yimen referral list` shows them."),
        )
    return found[0]


def open_twin(
    db: Database, household_no: str, programme: str, member_no: str | None
) -> Referral | None:
    """The first referral that is open on one matter: a programme, and whose it is.

    What is a member's is one matter in whichever household the member was checked.
    """
    found = cases.referrals(db, households=[household_no])
    if member_no is not None:
        found += cases.referrals(db, member_no=member_no)
    return next(
        (
            r
            for r in found
            if (r.programme, r.member_no) == (programme, member_no)
            and r.state not in cases.CLOSED_REFERRAL
        ),
        None,
    )


def referral_lines(
    desk: Desk,
    *,
    department: str | None = None,
    state: str | None = None,
    application_no: str | None = None,
) -> list[ReferralLine]:
    """The referrals within the operator's scope; a department sees its own."""
    desk.require("referral.read")
    of_department = "department" in desk.operator.roles and not desk.may("application.read")
    if of_department:
        department = desk.operator.department
    found = [
        referral_line(desk, referral)
        for referral in cases.referrals(
            desk.home.casework,
            department=department,
            application_no=application_no,
            division=scope_prefix(desk.operator.division),
        )
        if (state is None or referral.state == state)
        # A draft has not left the house, and the department does not know of it.
        and not (referral.state == "draft" and of_department)
    ]
    desk.record_reading("referral.list", department or "all", {"rows": len(found)})
    return found


def show_referral(desk: Desk, referral_no: str) -> tuple[Referral, ReferralLine]:
    """One referral with its frozen facts; the reading is journalled."""
    referral = find_referral(desk, referral_no)
    division = cases.division_of_referral(desk.home.casework, referral.referral_no)
    desk.require("referral.read", division=division, department=referral.department)
    desk.record_reading("referral.show", referral.referral_no, {})
    return referral, referral_line(desk, referral)


def moves_of(desk: Desk, referral: Referral) -> list[ReferralMove]:
    """The moves of a referral that the desk has been shown."""
    return cases.moves(desk.home.casework, referral.referral_no)


def names_around(desk: Desk, referral: Referral) -> dict[str, str]:
    """What its household, its members and all operators are called, as the reader may see it."""
    return operator_names(desk.home.casework) | people_of(desk, referral.application_no)


def people_of(desk: Desk, application_no: str) -> dict[str, str]:
    """Number -> name of an application's household and its members, as the reader may see it.

    The household is called after the applicant.
    """
    application = find_application(desk, application_no)
    composed = cases.composition(desk.home.casework, application.application_no)
    people = {str(m["member_no"]): str(m["name"]) for m in composed}
    if application.applicant in people:
        people[application.household_no] = people[application.applicant]
    if NAMED_ROLES.isdisjoint(desk.operator.roles):
        return {number: mask_name(name) for number, name in people.items()}
    return people


def waited(desk: Desk, referral: Referral) -> tuple[int, int]:
    """(running, stood still) seconds that the family has waited for this matter."""
    now = moment_of(desk.home.clock.now())
    return time_so_far(kept_terms(desk, referral), moves_of(desk, referral), now)


def feedback(desk: Desk, catalogue: Catalogue, application_no: str) -> FeedbackResult:
    """The departments' answers to one application, and the benefits that came of them."""
    application = find_application(desk, application_no)
    desk.require("application.read", division=application.division)
    db = desk.home.casework
    answers = []
    for referral in cases.referrals(db, application_no=application_no):
        known = catalogue.programmes.get(referral.programme)
        answers.append(
            FeedbackLine(
                referral_no=referral.referral_no,
                programme=referral.programme,
                name=known.names.text() if known else referral.programme,
                member_no=referral.member_no,
                department=referral.department,
                state=referral.state,
                due_on=referral_line(desk, referral).due_on,
                decision=referral.decision,
                note=cases.last_note(db, referral.referral_no),
            )
        )
    own = {a.referral_no for a in answers}
    desk.record_reading("feedback", application_no, {"answers": len(answers)})
    return FeedbackResult(
        application_no=application_no,
        state=application.state,
        answers=answers,
        benefits=[
            b for b in cases.benefits(db, [application.household_no]) if b.referral_no in own
        ],
    )
