"""Moves that stop, restart or stretch a referral's clocks: returns, suspensions, extensions."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from yimen.core.casework.clocks import office_due
from yimen.core.casework.desk import Desk
from yimen.core.casework.reasons import (
    EXTENSION_CODES,
    RETURN_CODES,
    SUSPENSION_CODES,
    require_code,
)
from yimen.core.casework.referral.finding import open_twin
from yimen.core.casework.referral.moving import move, noted, open_again, ready
from yimen.core.casework.terms import kept_terms, most_extra
from yimen.core.clock import parse_date
from yimen.core.errors import BadInput, Refused, about
from yimen.core.i18n import _
from yimen.core.referral_records import Referral
from yimen.core.store import cases

# Nothing is put off further without somebody looking at it (design default).
MOST_DAYS = 366


def return_(desk: Desk, referral_no: str, *, reason_code: str, note: str) -> Referral:
    """The department sends it back 退回 with a coded reason; the clocks stop.

    From the second return on, only the county's coordinator sends it anywhere (rules of 5.2).
    """
    referral = ready(desk, "return", referral_no)
    code = require_code(reason_code, RETURN_CODES)
    if not note.strip():
        raise BadInput(
            _("A return needs a note."),
            next_step=_("Say what is missing or whose matter it is."),
            field="note",
        )
    return move(
        desk,
        "return",
        referral,
        reason_code=code,
        note=note.strip(),
        changes={"returns": referral.returns + 1, "due_office": office_due(desk, "redispatch")},
        body={"returns": referral.returns + 1},
    )


def redispatch(desk: Desk, referral_no: str, *, note: str) -> Referral:
    """The window sends a returned referral out again.

    Signing and taking on begin anew; the time to finish goes on from where it stood.
    """
    referral = ready(desk, "redispatch", referral_no)
    return move(desk, "redispatch", referral, note=noted(note), changes={"due_office": None})


def suspend(desk: Desk, referral_no: str, *, reason_code: str, until: str, note: str) -> Referral:
    """The department waits for something outside it 中止; the clocks stop until it resumes.

    `until` is the day on which it looks again, so that nothing waits for ever.
    """
    referral = ready(desk, "suspend", referral_no)
    code = require_code(reason_code, SUSPENSION_CODES)
    with about("until"):
        day = parse_date(until)
    today = desk.home.clock.today()
    if not today < day <= today + timedelta(days=MOST_DAYS):
        raise BadInput(
            _("{day} does not lie within the year ahead.").format(day=day.isoformat()),
            next_step=_("Give the day on which it is to be looked at again."),
            field="until",
        )
    return move(
        desk,
        "suspend",
        referral,
        reason_code=code,
        note=noted(note),
        changes={"due_office": day.isoformat()},
        body={"until": day.isoformat()},
    )


def resume(desk: Desk, referral_no: str, *, note: str = "") -> Referral:
    """The department goes on with what it suspended; the clocks run on."""
    referral = ready(desk, "resume", referral_no)
    return move(desk, "resume", referral, note=note.strip(), changes={"due_office": None})


def extend(
    desk: Desk, referral_no: str, *, reason_code: str, note: str, by: int | None = None
) -> Referral:
    """Stretches the time to finish 延长, once, before it has run out, for a listed reason.

    `by` is in the limit's own unit and at most half of it, which is also what it is when left out
    (DB2021 §22 has 45 working days for 30; the half is a design default for other limits).
    """
    referral = ready(desk, "extend", referral_no)
    code = require_code(reason_code, EXTENSION_CODES)
    terms = kept_terms(desk, referral)
    most = most_extra(terms.finish)
    if terms.extended:
        raise Refused(
            _("Referral {no} was extended already; it is done once.").format(
                no=referral.referral_no
            ),
            next_step=_("Finish it, or suspend it where something outside is awaited."),
        )
    moment = desk.home.clock.now()
    if (moment if "T" in referral.due.finish else moment[:10]) > referral.due.finish:
        raise Refused(
            _("The time of referral {no} ran out on {day}; it is extended before.").format(
                no=referral.referral_no, day=referral.due.finish
            ),
            next_step=_("Finish it; it stays on the list of what is late."),
        )
    more = most if by is None else by
    if not 0 < more <= most:
        raise BadInput(
            _("A limit of {n} {unit} is extended by 1 to {most}, not {more}.").format(
                n=terms.finish.n, unit=terms.finish.unit, most=most, more=more
            )
            if most
            else _("A limit of {n} {unit} is too short to be extended.").format(
                n=terms.finish.n, unit=terms.finish.unit
            ),
            next_step=_("Change --by, or leave it out for the most that is possible."),
            field="by",
        )
    return move(
        desk,
        "extend",
        referral,
        reason_code=code,
        note=noted(note),
        terms=msgspec.structs.replace(terms, extended=more),
        body={"by": more, "unit": terms.finish.unit},
    )


def reopen(desk: Desk, referral_no: str, *, note: str) -> Referral:
    """Takes up a closed referral again, as after an objection; its application opens with it.

    What was granted stays in force until another decision takes its place.
    """
    referral = ready(desk, "reopen", referral_no)

    def open_application(before: Referral, __: Referral) -> None:
        open_again(desk, before.application_no)
        body = {"for": before.referral_no}
        desk.record(desk.home.casework, "application.reopen", before.application_no, body)

    twin = open_twin(
        desk.home.casework, referral.household_no, referral.programme, referral.member_no
    )
    if twin is not None:
        raise Refused(
            _("Referral {no} is already open for it.").format(no=twin.referral_no),
            next_step=_("Deal with the matter there."),
        )
    others = [
        a.application_no
        for a in cases.applications(desk.home.casework, households=[referral.household_no])
        if a.state in cases.OPEN_APPLICATION and a.application_no != referral.application_no
    ]
    if others:
        raise Refused(
            _("The family has another open application, {no}.").format(no=others[0]),
            next_step=_("Deal with the matter there, or close it first."),
        )
    return move(
        desk,
        "reopen",
        referral,
        note=noted(note),
        changes={"decision": None, "due_office": None},
        follow=open_application,
    )
