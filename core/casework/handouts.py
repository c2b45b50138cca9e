"""What a printed paper is filled from: the case, its family, its office, read in one go.

A paper is printed from records that exist. Reading one is the reading of a personal file: the
operator is asked for the permission and the journal keeps the row before anything is returned.
"""

from __future__ import annotations

import json
from datetime import date

from yimen.core.casework.applications import programmes_of
from yimen.core.casework.check import filed_report, find_application
from yimen.core.casework.desk import NAMED_ROLES, Desk
from yimen.core.casework.offices import office_for
from yimen.core.casework.operators import find as find_operator
from yimen.core.casework.papers import is_minor
from yimen.core.casework.referral.finding import find_referral
from yimen.core.errors import IllegalMove, NotFound
from yimen.core.i18n import _
from yimen.core.identity import mask_id, mask_name
from yimen.core.print_records import (
    CaseFile,
    DecisionFile,
    DispatchFile,
    EndedFor,
    OneTimeNotice,
    RefusalFile,
    Signer,
)
from yimen.core.records import Application, ApplicationEnd, Benefit, CheckReport, MissingItem
from yimen.core.referral_records import Decision, Referral
from yimen.core.rules.catalogue import Catalogue
from yimen.core.spelling import plain_number
from yimen.core.store import cases
from yimen.core.words.cases import state_name

_DECIDED = frozenset({"fed_back", "completed", "rejected", "failed"})


def case_file(
    desk: Desk, catalogue: Catalogue, application_no: str, kind: str, *, unmask: bool = False
) -> CaseFile:
    """The case behind a paper of an application; the reading is journalled as `print.KIND`."""
    application = find_application(desk, plain_number(application_no))
    desk.require("application.read", division=application.division)
    if unmask:
        desk.require("unmask", division=application.division)
    desk.record_reading(f"print.{kind}", application.application_no, {"unmasked": unmask})
    return _case(desk, catalogue, application, unmask=unmask)


def _case(
    desk: Desk, catalogue: Catalogue, application: Application, *, unmask: bool = False
) -> CaseFile:
    today = desk.home.clock.today()
    day = date.fromisoformat(application.accepted_on) if application.accepted_on else today
    in_force = catalogue.versions_on(day)
    named = not NAMED_ROLES.isdisjoint(desk.operator.roles)
    family = []
    for row in cases.composition(desk.home.casework, application.application_no):
        if row["counted"] == 0 and row["member_no"] != application.applicant:
            continue
        number = row["id_number"]
        family.append(
            Signer(
                member_no=row["member_no"],
                name=row["name"] if named else mask_name(row["name"]),
                relation=row["relation"],
                id_number=number if unmask or not number else mask_id(number),
                minor=is_minor(desk, row["birth_date"]),
            )
        )
    return CaseFile(
        application=application,
        applicant=next(s.name for s in family if s.member_no == application.applicant),
        officer=find_operator(desk.home.casework, application.first_officer).name,
        family=family,
        programmes=[p for p in programmes_of(catalogue, application) if p in in_force],
        office=office_for(desk, application.division),
        masked=not unmask,
    )


def one_time_notice(desk: Desk, application_no: str) -> OneTimeNotice:
    """The newest one-time notification that was given; `NotFound` says how one is given."""
    row = desk.home.casework.conn.execute(
        "SELECT given_on, given_by, items FROM supplement_notice WHERE application_no = ?"
        " ORDER BY id DESC LIMIT 1",
        [application_no],
    ).fetchone()
    if row is None:
        raise NotFound(
            _("Application {no} has no one-time notification.").format(no=application_no),
            next_step=_("Nothing was missing, or `yimen intake {no}` has still to give it.").format(
                no=application_no
            ),
        )
    items = [MissingItem(fact=f, document=d, why=w) for f, d, w in json.loads(row[2])]
    return OneTimeNotice(given_on=row[0], given_by=row[1], items=items)


def report_file(
    desk: Desk, catalogue: Catalogue, application_no: str
) -> tuple[CheckReport, CaseFile]:
    """An application's newest filed report; `NotFound` when it was never checked."""
    case = case_file(desk, catalogue, application_no, "report")
    report = filed_report(desk, case.application.application_no)
    if report is None:
        raise NotFound(
            _("Application {no} has no check report.").format(no=case.application.application_no),
            next_step=_("Check it first: `yimen check {no}`.").format(
                no=case.application.application_no
            ),
        )
    return report, case


def dispatch_files(desk: Desk, catalogue: Catalogue, number: str) -> list[DispatchFile]:
    """The dispatch sheet of a referral, or of every referral of an application."""
    if plain_number(number).startswith("R"):
        return [_dispatch(desk, catalogue, find_referral(desk, number))]
    application = find_application(desk, plain_number(number))
    desk.require("application.read", division=application.division)
    found = cases.referrals(desk.home.casework, application_no=application.application_no)
    sent = [r for r in found if r.state not in ("draft", "voided")]
    if not sent:
        raise NotFound(
            _("Application {no} has no referral.").format(no=application.application_no),
            next_step=_("`yimen dispatch {no}` makes them.").format(no=application.application_no),
        )
    return [_dispatch(desk, catalogue, referral) for referral in sent]


def _dispatch(desk: Desk, catalogue: Catalogue, referral: Referral) -> DispatchFile:
    case = _read_referral(desk, catalogue, referral, "dispatch")
    return DispatchFile(
        referral=referral,
        case=case,
        department=office_for(desk, case.application.division, referral.department),
    )


def decision_file(desk: Desk, catalogue: Catalogue, referral_no: str) -> DecisionFile:
    """A decided, rejected or failed referral; `IllegalMove` while nothing is decided."""
    referral = find_referral(desk, referral_no)
    case = _read_referral(desk, catalogue, referral, "decision")
    last = next(
        (m for m in reversed(cases.moves(desk.home.casework, referral.referral_no))
         if m.to_state in ("fed_back", "rejected", "failed")),
        None,
    )  # fmt: skip
    ended: Decision | EndedFor | None = referral.decision
    if last is not None and referral.state in ("rejected", "failed"):
        ended = EndedFor(reason_code=last.reason_code or "", basis=last.basis or "")
    if last is None or ended is None or referral.state not in _DECIDED:
        raise IllegalMove(
            _("Referral {no} is {state}; nothing is decided.").format(
                no=referral.referral_no, state=state_name(referral.state)
            ),
            next_step=_("`yimen print progress {no}` prints where it stands.").format(
                no=referral.application_no
            ),
        )
    return DecisionFile(
        referral=referral,
        ended=ended,
        case=case,
        about=_about(case, referral.member_no),
        decided_on=last.at[:10],
        department=office_for(desk, case.application.division, referral.department),
        told=last.note or "",
    )


def refusal_files(desk: Desk, catalogue: Catalogue, application_no: str) -> list[RefusalFile]:
    """What the one door said no to in an application; `IllegalMove` while it has said nothing."""
    case = case_file(desk, catalogue, application_no, "decision")
    application = case.application
    db = desk.home.casework
    said = cases.refusals(db, application.application_no)
    if not said:
        raise IllegalMove(
            _("Application {no} is {state}; nothing of it was refused or closed at the window.")
            .format(no=application.application_no, state=state_name(application.state)),
            next_step=_("A department's decision is printed by the referral's number."),
        )  # fmt: skip

    def named(number: str | None) -> str:
        return find_operator(db, number).name if number else ""

    return [
        RefusalFile(
            end=signed.end,
            case=case,
            officer=named(signed.end.operator),
            second=named(signed.second),
            report=cases.report(db, application.application_no, signed.end.report_no)
            if signed.end.report_no
            else None,
        )
        for signed in said
    ]


def proposed_refusal(
    desk: Desk, catalogue: Catalogue, application_no: str, proposed: ApplicationEnd
) -> RefusalFile:
    """What the one door would say no to, for the eyes of the second person who is to sign it."""
    db = desk.home.casework
    return RefusalFile(
        end=proposed,
        case=case_file(desk, catalogue, application_no, "proposal"),
        officer=find_operator(db, proposed.operator).name,
        second="",
        report=cases.report(db, application_no, proposed.report_no) if proposed.report_no else None,
    )


def _read_referral(
    desk: Desk, catalogue: Catalogue, referral: Referral, kind: str, subject: str | None = None
) -> CaseFile:
    """The case of a referral, for whoever may read the referral; the reading is journalled."""
    division = cases.division_of_referral(desk.home.casework, referral.referral_no)
    desk.require("referral.read", division=division, department=referral.department)
    desk.record_reading(f"print.{kind}", subject or referral.referral_no, {})
    return _case(desk, catalogue, find_application(desk, referral.application_no))


def case_of_benefit(desk: Desk, catalogue: Catalogue, benefit: Benefit, kind: str) -> CaseFile:
    """The case that a benefit came of, for a paper about the benefit."""
    referral = find_referral(desk, benefit.referral_no)
    return _read_referral(desk, catalogue, referral, kind, benefit.benefit_no)


def phones(desk: Desk, catalogue: Catalogue, application: Application) -> dict[str, str]:
    """Whom to call about each referral of an application; a department without one is left out."""
    found = {}
    for referral in cases.referrals(desk.home.casework, application_no=application.application_no):
        body = catalogue.departments.get(referral.department)
        phone = office_for(desk, application.division, referral.department).phone
        if phone := phone or (body.phone if body else ""):
            found[referral.referral_no] = phone
    return found


def _about(case: CaseFile, member_no: str | None) -> str:
    return next((s.name for s in case.family if s.member_no == member_no), "")
