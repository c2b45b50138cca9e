"""Ends that one officer cannot make alone, and the voiding of what was entered in error.

Who does not take a matter on, or cannot bring it about, proposes that with its coded reason; it
stands when a second person signs. Persons are compared, not operator numbers.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from yimen.core.casework.desk import Desk
from yimen.core.casework.reasons import FAILURE_CODES, REFUSAL_CODES, require_code
from yimen.core.casework.referral.finding import find_referral
from yimen.core.casework.referral.moving import changed_meanwhile, move, noted, ready, require
from yimen.core.casework.second_person import declined, declined_body, require_second
from yimen.core.errors import BadInput, Refused
from yimen.core.i18n import _
from yimen.core.identity import mask_ids_in
from yimen.core.referral_records import EndProposal, Referral
from yimen.core.store.journal import canonical


def reject(
    desk: Desk, referral_no: str, *, reason_code: str, basis: str, note: str = ""
) -> Referral:
    """Proposes 不予受理: the matter is not taken on, with its coded reason and legal basis."""
    code = require_code(reason_code, REFUSAL_CODES)
    return _propose(desk, "reject", referral_no, code, _based(basis), note)


def fail(desk: Desk, referral_no: str, *, reason_code: str, note: str) -> Referral:
    """Proposes 未办成: the matter was taken on and cannot be brought about."""
    code = require_code(reason_code, FAILURE_CODES)
    return _propose(desk, "fail", referral_no, code, "", noted(note))


def _to_sign(desk: Desk, referral_no: str, next_step: str) -> tuple[Referral, EndProposal]:
    """The referral that this operator may sign, and the end that is proposed for it."""
    referral = find_referral(desk, referral_no)
    require(desk, "referral.countersign", referral)
    if referral.proposal_to_end is None:
        raise Refused(
            _("Nothing is proposed for referral {no} that needs a second person.").format(
                no=referral.referral_no
            ),
            next_step=next_step,
        )
    return referral, referral.proposal_to_end


def countersign(desk: Desk, referral_no: str) -> Referral:
    """A second person signs a proposed end, and it stands."""
    referral, proposed = _to_sign(
        desk, referral_no, _("`yimen referral reject` and `yimen referral fail` propose an end.")
    )
    require_second(desk, proposed, ask=_("Ask a colleague of the department, or the county."))
    ready(desk, proposed.verb, referral_no, permission="referral.countersign")
    return move(
        desk,
        proposed.verb,
        referral,
        reason_code=proposed.reason_code,
        note=proposed.note,
        basis=proposed.basis,
        by=proposed.operator,
    )


def decline(desk: Desk, referral_no: str, *, note: str) -> Referral:
    """Does not sign a proposed end, for a reason; the referral stays where it is.

    A second person declines, or the proposer takes it back.
    """
    referral, proposed = _to_sign(desk, referral_no, _("`yimen due` names what waits for you."))
    after = declined(desk, proposed, noted(note))
    with desk.home.writing() as db:
        _put(desk, referral, after)
        desk.record(db, "referral.decline", referral.referral_no, declined_body(after))
    return find_referral(desk, referral_no)


def void(desk: Desk, referral_no: str, *, note: str) -> Referral:
    """Marks a referral that should never have been made 录入错误; what it granted is withdrawn."""
    from yimen.core.casework.referral.granting import withdraw_benefits

    def take_back(before: Referral, __: Referral) -> None:
        withdraw_benefits(desk, before.referral_no)

    return move(desk, "void", ready(desk, "void", referral_no), note=noted(note), follow=take_back)


def _propose(
    desk: Desk, verb: Literal["reject", "fail"], referral_no: str, code: str, basis: str, note: str
) -> Referral:
    referral = ready(desk, verb, referral_no)
    proposal = EndProposal(
        verb=verb,
        reason_code=code,
        basis=mask_ids_in(basis),
        note=mask_ids_in(note.strip()),
        operator=desk.operator.operator_no,
        at=desk.home.clock.now(),
    )
    with desk.home.writing() as db:
        _put(desk, referral, proposal)
        body = {"reason": code, "basis": basis, "note": proposal.note}
        desk.record(db, f"referral.propose_{verb}", referral.referral_no, body)
    return find_referral(desk, referral_no)


def _put(desk: Desk, referral: Referral, proposal: EndProposal) -> None:
    """Lays a proposal on the referral inside the caller's transaction."""
    done = desk.home.casework.conn.execute(
        "UPDATE referral SET proposal_to_end = ?, rev = rev + 1 WHERE referral_no = ? AND rev = ?",
        [canonical(msgspec.to_builtins(proposal)), referral.referral_no, referral.rev],
    )
    if done.rowcount != 1:
        raise changed_meanwhile(referral.referral_no)


def _based(basis: str) -> str:
    if not basis.strip():
        raise BadInput(
            _("Not taking a matter on needs its legal basis."),
            next_step=_("Give --basis."),
            field="basis",
        )
    return basis.strip()
