"""What waits for a second person 第二人签字: who may sign it, and how it is declined.

What one officer proposes stands when another one signs; persons are compared, never operator
numbers. Declined, it goes back to its proposer with the reason and is signed by nobody any more.
"""

from __future__ import annotations

from typing import TypeVar

from msgspec import structs

from yimen.core.casework.desk import Desk
from yimen.core.casework.operators import find
from yimen.core.divisions import scope_prefix
from yimen.core.errors import Refused
from yimen.core.i18n import _
from yimen.core.identity import mask_ids_in
from yimen.core.records import ApplicationEnd, Declined
from yimen.core.referral_records import EndProposal
from yimen.core.store import work
from yimen.core.store.work import Unsigned

Proposal = TypeVar("Proposal", ApplicationEnd, EndProposal)
# The first letter of a number -> what the operator must be allowed to do to sign it.
_PERMISSIONS = {"A": "application.countersign", "R": "referral.countersign", "F": "purchase.pay"}


def waiting(desk: Desk, *, department: str | None = None) -> list[Unsigned]:
    """What somebody else proposed, or drew, and this operator may sign; oldest first.

    `department` narrows it to one department's referrals. What was declined waits no longer.
    """
    found = work.unsigned(desk.home.casework, prefix=scope_prefix(desk.operator.division))
    return [row for row in found if department in (None, row.department) and _may_sign(desk, row)]


def may_sign(desk: Desk, number: str) -> bool:
    """Whether a number is among what waits for this operator's signature."""
    return any(row.number == number for row in waiting(desk))


def _may_sign(desk: Desk, row: Unsigned) -> bool:
    if _is_own(desk, row.operator):
        return False
    permission = _PERMISSIONS[row.number[0]]
    return desk.objection(permission, division=row.division, department=row.department) is None


def _is_own(desk: Desk, operator_no: str) -> bool:
    """Whether an operator's number is of the person who sits at the desk."""
    return find(desk.home.casework, operator_no).person_no == desk.operator.person_no


def require_second(desk: Desk, proposed: ApplicationEnd | EndProposal, *, ask: str) -> None:
    """Refuses a signature on what was declined, or by the person who proposed it."""
    _require_undeclined(desk, proposed)
    if _is_own(desk, proposed.operator):
        raise Refused(_("The same person proposed it; a second person signs."), next_step=ask)


def declined(desk: Desk, proposed: Proposal, note: str) -> Proposal:
    """The proposal as declined now by the desk's operator, for the reason in `note`, not blank.

    Its proposer takes it back in the same way.
    """
    _require_undeclined(desk, proposed)
    told = Declined(
        operator=desk.operator.operator_no, at=desk.home.clock.now(), note=mask_ids_in(note)
    )
    return structs.replace(proposed, declined=told)


def declined_body(proposed: ApplicationEnd | EndProposal) -> dict[str, str]:
    """What the journal says of a proposal that was declined: what it was, whose, and why not."""
    note = proposed.declined.note if proposed.declined else ""
    return {"verb": proposed.verb, "proposed_by": proposed.operator, "note": note}


def _require_undeclined(desk: Desk, proposed: ApplicationEnd | EndProposal) -> None:
    if proposed.declined is not None:
        by = find(desk.home.casework, proposed.declined.operator)
        raise Refused(
            _("{name} declined to sign it: {note}").format(
                name=by.name, note=proposed.declined.note
            ),
            next_step=_("Its proposer mends it and proposes it again, or goes on without."),
        )
