"""The "no" that the one door says: not taken on, nothing met, part of it not met, or ended.

Who says it names a coded reason, the law and the report that it rests on; it stands when a second
person signs. What a report does not know is no ground: only conditions that it found not met are.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from yimen.core.casework.applications import changed, end, ready, write_move
from yimen.core.casework.check import find_application
from yimen.core.casework.desk import Desk
from yimen.core.casework.reasons import (
    CLOSING_CODES,
    REFUSAL_CODES,
    TERMINATION_CODES,
    require_code,
)
from yimen.core.casework.referral.moving import noted
from yimen.core.casework.refusable import refusable, relied_on
from yimen.core.casework.second_person import declined, declined_body, require_second
from yimen.core.errors import BadInput, Refused, StaleRevision
from yimen.core.i18n import _
from yimen.core.identity import mask_ids_in
from yimen.core.records import Application, ApplicationEnd, CheckReport, EndVerb
from yimen.core.rules.catalogue import Catalogue
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
    report = relied_on(desk, application)
    refused = refusable(desk, catalogue, application, report, code, None, whole=True)
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
    report = relied_on(desk, application)
    refused = refusable(desk, catalogue, application, report, code, programmes or None)
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
        report = relied_on(desk, application)
        if report.report_no != proposed.report_no:
            raise StaleRevision(
                _("Application {no} was checked again since; the refusal rests on {old}.").format(
                    no=application.application_no, old=proposed.report_no
                ),
                next_step=_("Look at the new report and propose it again."),
            )
        refusable(
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
