"""The "no" that the one door says: not taken on, nothing met, part of it not met, or ended.

Who says it names a coded reason, the law and the report that it rests on; it stands when a second
person signs. What a report does not know is no ground: only conditions that it found not met are.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from yimen.core.casework.applications import (
    changed,
    end,
    programmes_of,
    ready,
    write_move,
)
from yimen.core.casework.check import filed_report, find_application
from yimen.core.casework.desk import Desk
from yimen.core.casework.reasons import (
    ABOUT_OF,
    CLOSING_CODES,
    REFUSAL_CODES,
    TERMINATION_CODES,
    require_code,
)
from yimen.core.casework.referral.moving import ANSWERED, noted
from yimen.core.casework.second_person import declined, declined_body, require_second
from yimen.core.errors import BadInput, NotFound, Refused, StaleRevision
from yimen.core.i18n import _
from yimen.core.identity import mask_ids_in
from yimen.core.records import Application, ApplicationEnd, CheckReport, EndVerb
from yimen.core.rules.catalogue import Catalogue
from yimen.core.spelling import plain_number
from yimen.core.store import cases
from yimen.core.store.journal import canonical


def close_application(
    desk: Desk,
    catalogue: Catalogue,
    application_no: str,
    *,
    reason_code: str,
    note: str,
    basis: str = "",
) -> Application:
    """Closes a checked application of which nothing was granted.

    A refusal is proposed and rests on the newest report: of what was asked for something is not
    met, and nothing is met. Where nobody is refused, the application closes at once.
    """
    application = ready(desk, "close", application_no)
    code = require_code(reason_code, REFUSAL_CODES | CLOSING_CODES)
    if code in CLOSING_CODES:
        return end(desk, "close", application, noted(note), code)
    report = _relied_on(desk, application)
    refused = _refusable(desk, catalogue, application, report, code, None, whole=True)
    return _propose(desk, "close", application, code, basis, note, report, refused)


def refuse_programmes(
    desk: Desk,
    catalogue: Catalogue,
    application_no: str,
    *,
    reason_code: str,
    basis: str,
    note: str,
    programmes: Sequence[str] = (),
) -> Application:
    """Proposes the refusal of programmes that the newest report found not met; the rest goes on.

    Without a name it is all that the family asked for, or every intake looks at, and that is not
    met.
    """
    application = ready(desk, "refuse", application_no)
    code = require_code(reason_code, REFUSAL_CODES)
    report = _relied_on(desk, application)
    refused = _refusable(desk, catalogue, application, report, code, programmes or None)
    return _propose(desk, "refuse", application, code, basis, note, report, refused)


def reject_application(
    desk: Desk, application_no: str, *, reason_code: str, basis: str, note: str
) -> Application:
    """Proposes 不予受理: the application is not taken on, before it was accepted."""
    application = ready(desk, "reject", application_no)
    code = require_code(reason_code, REFUSAL_CODES)
    return _propose(desk, "reject", application, code, basis, note, None, [])


def terminate_application(
    desk: Desk, application_no: str, *, reason_code: str, basis: str, note: str
) -> Application:
    """Proposes to end an application whose family refuses the check without good reason.

    The law is DB2021 §29; nothing of it goes on.
    """
    application = ready(desk, "terminate", application_no)
    code = require_code(reason_code, TERMINATION_CODES)
    return _propose(desk, "terminate", application, code, basis, note, None, [])


def _to_sign(desk: Desk, application_no: str, next_step: str) -> tuple[Application, ApplicationEnd]:
    """The application that this operator may sign, and what is proposed for it."""
    application = find_application(desk, application_no)
    desk.require("application.countersign", division=application.division)
    if application.proposal_to_end is None:
        raise Refused(
            _("Nothing is proposed for application {no} that needs a second person.").format(
                no=application.application_no
            ),
            next_step=next_step,
        )
    return application, application.proposal_to_end


def countersign_application(desk: Desk, catalogue: Catalogue, application_no: str) -> Application:
    """A second person signs what was proposed, and it stands; persons count, not numbers."""
    application, proposed = _to_sign(
        desk,
        application_no,
        _("`yimen application close` and `yimen application refuse` propose it."),
    )
    require_second(desk, proposed, ask=_("Ask a colleague of the office, or the county."))
    ready(desk, proposed.verb, application.application_no, permission="application.countersign")
    if proposed.report_no is not None:
        report = _relied_on(desk, application)
        if report.report_no != proposed.report_no:
            raise StaleRevision(
                _("Application {no} was checked again since; the refusal rests on {old}.").format(
                    no=application.application_no, old=proposed.report_no
                ),
                next_step=_("Look at the new report and propose it again."),
            )
        _refusable(
            desk, catalogue, application, report, proposed.reason_code, proposed.programmes,
            whole=proposed.verb == "close",
        )  # fmt: skip
    if proposed.verb != "refuse":
        return end(
            desk, proposed.verb, application, proposed.note, proposed.reason_code, proposed=proposed
        )
    with desk.home.writing() as db:
        write_move(
            desk, "refuse", application, application.state, proposed.note, proposed.reason_code,
            proposed=proposed,
        )  # fmt: skip
        _put(desk, application, None)
        body = {
            "programmes": proposed.programmes, "report": proposed.report_no,
            "reason": proposed.reason_code, "proposed_by": proposed.operator,
        }  # fmt: skip
        desk.record(db, "application.refuse", application.application_no, body)
    return find_application(desk, application.application_no)


def decline_application(desk: Desk, application_no: str, *, note: str) -> Application:
    """Does not sign what was proposed, for a reason; the application goes on as it stood.

    A second person declines, or the proposer takes it back.
    """
    application, proposed = _to_sign(
        desk, application_no, _("`yimen application list` shows what is to be signed.")
    )
    after = declined(desk, proposed, noted(note))
    with desk.home.writing() as db:
        _put(desk, application, after)
        desk.record(db, "application.decline", application.application_no, declined_body(after))
    return find_application(desk, application.application_no)


def _relied_on(desk: Desk, application: Application) -> CheckReport:
    report = filed_report(desk, application.application_no)
    if report is None:
        raise NotFound(
            _("Application {no} has no check report.").format(no=application.application_no),
            next_step=_("Check it first: `yimen check {no}`.").format(
                no=application.application_no
            ),
        )
    return report


def _refusable(
    desk: Desk,
    catalogue: Catalogue,
    application: Application,
    report: CheckReport,
    code: str,
    named: Sequence[str] | None,
    *,
    whole: bool = False,
) -> list[str]:
    """The programmes that a refusal for this reason may be about; `Refused` says what forbids it.

    A `whole` refusal closes the application, so that nothing that is met may be left of it.
    """
    answered, refused = _dealt_with(desk, application)
    outcomes: dict[str, set[str]] = {}
    for result in report.programmes:
        if not result.receiving:
            outcomes.setdefault(result.programme, set()).add(result.outcome)
    asked = [p for p in programmes_of(catalogue, application) if p in outcomes]
    met = [p for p in asked if "eligible" in outcomes[p] and p not in answered]
    if whole and met:
        raise Refused(
            _("{programme} is met by report {no}; its department decides on it.").format(
                programme=met[0], no=report.report_no
            ),
            next_step=_("Send it: `yimen dispatch {no}`.").format(no=application.application_no),
        )
    for programme in named or ():
        found = outcomes.get(plain_number(programme), set())
        if found == {"unknown"} or "eligible" in found or not found:
            raise Refused(
                _("Report {no} has no condition of {programme} that is not met.").format(
                    no=report.report_no, programme=programme
                ),
                next_step=_("What is unknown is no ground: find it out, and check again."),
            )
    wanted = [plain_number(p) for p in named] if named else asked
    open_ = [
        p
        for p in dict.fromkeys(wanted)
        if "ineligible" in outcomes[p] and "eligible" not in outcomes[p]
        if p not in answered and p not in refused
    ]
    if not open_:
        raise Refused(
            _("Report {no} has nothing left to refuse.").format(no=report.report_no),
            next_step=_("What is unknown is no ground: find it out, and check again."),
        )
    _require_ground(report, code, open_)
    return open_


def _dealt_with(desk: Desk, application: Application) -> tuple[set[str], set[str]]:
    """The programmes that are with a department or were answered by it, and those refused here."""
    db, number = desk.home.casework, application.application_no
    answered = {
        r.programme
        for r in cases.referrals(db, application_no=number)
        if r.state in ANSWERED or r.state not in cases.CLOSED_REFERRAL
    }
    return answered, {p for no in cases.refusals(db, number) for p in no.end.programmes}


def _require_ground(report: CheckReport, code: str, programmes: Sequence[str]) -> None:
    """Refuses a reason of which the report shows nothing: what is not met must be about it."""
    about = ABOUT_OF.get(code)
    failing = {
        c.about
        for r in report.programmes
        if r.programme in programmes and r.outcome == "ineligible"
        for c in r.criteria
        if c.result == "fail"
    }
    if about is None or about in failing:
        return
    fitting = [f"{c} {_(t)}" for c, t in REFUSAL_CODES.items() if ABOUT_OF.get(c) in failing]
    raise Refused(
        _("Report {no} does not bear {code} out: no such condition is unmet.").format(
            no=report.report_no, code=code
        ),
        next_step=_("By the report it would be: {codes}.").format(
            codes=", ".join(fitting) or f"R12 {_(REFUSAL_CODES['R12'])}"
        ),
    )


def _propose(
    desk: Desk,
    verb: EndVerb,
    application: Application,
    code: str,
    basis: str,
    note: str,
    report: CheckReport | None,
    programmes: Sequence[str],
) -> Application:
    if not basis.strip():
        raise BadInput(_("A refusal needs its legal basis."), next_step=_("Give --basis."))
    proposal = ApplicationEnd(
        verb=verb,
        reason_code=code,
        basis=mask_ids_in(basis.strip()),
        note=mask_ids_in(noted(note)),
        report_no=report.report_no if report else None,
        programmes=list(programmes),
        operator=desk.operator.operator_no,
        at=desk.home.clock.now(),
    )
    with desk.home.writing() as db:
        _put(desk, application, proposal)
        body = {
            "reason": code, "basis": proposal.basis, "note": proposal.note,
            "report": proposal.report_no, "programmes": proposal.programmes,
        }  # fmt: skip
        desk.record(db, f"application.propose_{verb}", application.application_no, body)
    return find_application(desk, application.application_no)


def _put(desk: Desk, application: Application, proposal: ApplicationEnd | None) -> None:
    """Lays a proposal on the application, or takes it off, inside the caller's transaction."""
    told = canonical(msgspec.to_builtins(proposal)) if proposal else None
    done = desk.home.casework.conn.execute(
        "UPDATE application SET proposal_to_end = ?, rev = rev + 1"
        " WHERE application_no = ? AND rev = ?",
        [told, application.application_no, application.rev],
    )
    if done.rowcount != 1:
        raise changed(application.application_no)
