"""What each verb of a message does here: one table for either side of a hand-over.

A department's move is made as a person of the department would make it, but for the steps of its
handling: they were recorded over there, so that they are told here and hold nothing back. What the
window decided was guarded in its own home, and is followed here; it brings no benefit and no
deadline of this home's making.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from yimen.core.casework import referral as moves
from yimen.core.casework.desk import Desk
from yimen.core.casework.reasons import FAILURE_CODES, REFUSAL_CODES, require_code
from yimen.core.casework.referral.moving import move, open_again, ready
from yimen.core.casework.transitions import MOVES
from yimen.core.errors import BadInput, Refused
from yimen.core.handover_records import MoveMessage
from yimen.core.i18n import _
from yimen.core.records import Operator
from yimen.core.referral_records import DueDates, Referral
from yimen.core.rules.catalogue import Catalogue

Call = Callable[[Desk, Catalogue, str, MoveMessage], Referral]


def _decide(desk: Desk, catalogue: Catalogue, no: str, told: MoveMessage) -> Referral:
    given = told.decision
    if given is None:
        raise BadInput(
            _("The message decides, and holds no decision."),
            next_step=_("The other side's system must send one with `decide`."),
        )
    return moves.decide_elsewhere(
        desk,
        catalogue,
        no,
        outcome=given.outcome,
        reason_code=given.reason_code,
        amount_fen=given.amount_fen,
        from_month=given.from_month,
        to_month=given.to_month,
        basis=given.basis,
        note=told.note,
    )


def _suspend(desk: Desk, __: Catalogue, no: str, told: MoveMessage) -> Referral:
    return moves.suspend(
        desk, no, reason_code=told.reason_code or "", until=told.until or "", note=told.note
    )


def _end(codes: dict[str, str]) -> Call:
    """An end that needs two persons: both are of the other side, and the message names them."""

    def call(desk: Desk, __: Catalogue, no: str, told: MoveMessage) -> Referral:
        if not told.second_officer or told.second_officer == told.officer:
            raise Refused(
                _("This end needs a second person, and the message names none."),
                next_step=_("The other side lets a colleague sign, and sends it again."),
            )
        if told.verb == "reject" and not told.basis.strip():
            raise BadInput(
                _("Not taking a matter on needs its legal basis."), next_step=_("Give --basis.")
            )
        return move(
            desk,
            told.verb,
            ready(desk, told.verb, no),
            reason_code=require_code(told.reason_code, codes),
            note=told.note,
            basis=told.basis,
            body={"second": told.second_officer},
        )

    return call


# A department's verb -> the call that makes the move in the home that dispatched.
OF_DEPARTMENT: Mapping[str, Call] = {
    "receive": lambda desk, __, no, ___: moves.receive(desk, no),
    "accept": lambda desk, __, no, ___: moves.accept(desk, no),
    "start": lambda desk, __, no, ___: moves.start(desk, no),
    "return": lambda desk, __, no, told: moves.return_(
        desk, no, reason_code=told.reason_code or "", note=told.note
    ),
    "suspend": _suspend,
    "resume": lambda desk, __, no, told: moves.resume(desk, no, note=told.note),
    "extend": lambda desk, __, no, told: moves.extend(
        desk, no, reason_code=told.reason_code or "", note=told.note, by=told.extended_by
    ),
    "reject": _end(REFUSAL_CODES),
    "fail": _end(FAILURE_CODES),
    "decide": _decide,
}
OF_WINDOW = frozenset(m.verb for m in MOVES if m.permission == "referral.confirm")
# After these an earlier answer no longer stands.
_ANSWER_GONE = frozenset({"clarify", "reopen"})


def answer(desk: Desk, catalogue: Catalogue, referral: Referral, told: MoveMessage) -> Referral:
    """Makes a department's move in the home that dispatched, on the department's behalf."""
    call = OF_DEPARTMENT.get(told.verb)
    if call is None:
        raise Refused(
            _("'{verb}' is a move of the window, not of a department.").format(verb=told.verb)
        )
    who = Operator(
        operator_no=desk.operator.operator_no,
        person_no=desk.operator.person_no,
        name=desk.operator.name,
        roles=["department"],
        division=desk.home.county,
        department=referral.department,
    )
    return call(Desk(desk.home, who, desk.account), catalogue, referral.referral_no, told)


def follow(desk: Desk, catalogue: Catalogue, referral: Referral, told: MoveMessage) -> Referral:
    """Follows, in a department's home, what the home that dispatched did with a referral.

    Mostly its window's moves; a department's too, where somebody made one over there.
    """
    if told.verb not in OF_WINDOW:
        return answer(desk, catalogue, referral, told)

    def opened(before: Referral, __: Referral) -> None:
        open_again(desk, before.application_no)

    changes: dict[str, object] = {"due_office": None}
    if told.verb in _ANSWER_GONE:
        changes["decision"] = None
    moved = move(
        desk,
        told.verb,
        referral,
        reason_code=told.reason_code,
        note=told.note,
        changes=changes,
        follow=opened if told.verb == "reopen" else None,
    )
    return _on_their_days(desk, moved, told.due) if told.due else moved


def _on_their_days(desk: Desk, referral: Referral, due: DueDates) -> Referral:
    """The days as the home that dispatched reckons them, inside the caller's transaction."""
    desk.home.casework.conn.execute(
        "UPDATE referral SET due_sign = ?, due_accept = ?, due_finish = ?, due_statutory = ?"
        " WHERE referral_no = ?",
        [due.sign, due.accept, due.finish, due.statutory, referral.referral_no],
    )
    return moves.find_referral(desk, referral.referral_no)
