"""What each verb of a message does here: one table from the verb to the casework's own function.

A message makes a move exactly as a person at the counter would, through the same guards. It never
moves a referral past them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from yimen.core.casework import referral as moves
from yimen.core.casework.desk import Desk
from yimen.core.casework.transitions import MOVES
from yimen.core.errors import BadInput, Refused
from yimen.core.handover_records import MoveMessage
from yimen.core.i18n import _
from yimen.core.records import Operator, Referral, Role
from yimen.core.rules.catalogue import Catalogue
from yimen.core.store import messages

if TYPE_CHECKING:
    from sqlite_utils import Database

Call = Callable[[Desk, Catalogue, str, MoveMessage], Referral]


def _decide(desk: Desk, _catalogue: Catalogue, no: str, message: MoveMessage) -> Referral:
    given = message.decision
    if given is None:
        raise BadInput(
            _("The message decides, and holds no decision."),
            next_step=_("The other side's system must send one with `decide`."),
        )
    return moves.decide(
        desk,
        no,
        outcome=given.outcome,
        reason_code=given.reason_code,
        amount_fen=given.amount_fen,
        from_month=given.from_month,
        to_month=given.to_month,
        basis=given.basis,
    )


# verb -> the call that makes the move here
CALLS: Mapping[str, Call] = {
    "receive": lambda desk, _c, no, _m: moves.receive(desk, no),
    "accept": lambda desk, _c, no, _m: moves.accept(desk, no),
    "start": lambda desk, _c, no, _m: moves.start(desk, no),
    "return": lambda desk, _c, no, m: moves.return_(
        desk, no, reason_code=m.reason_code or "", note=m.note
    ),
    "redispatch": lambda desk, c, no, m: moves.redispatch(desk, c, no, note=m.note),
    "decide": _decide,
    "reopen": lambda desk, _c, no, m: moves.reopen(desk, no, note=m.note),
    "complete": lambda desk, _c, no, _m: moves.complete(desk, no),
    "withdraw": lambda desk, _c, no, m: moves.withdraw(desk, no, note=m.note),
}
_PERMISSION = {move.verb: move.permission for move in MOVES}
DEPARTMENT_VERBS = frozenset(v for v, p in _PERMISSION.items() if p == "referral.work")


def apply(
    desk: MessengerDesk, catalogue: Catalogue, referral_no: str, message: MoveMessage
) -> Referral:
    """Makes the move that a message tells; `Refused` or `BadInput` where it cannot be made."""
    call = CALLS.get(message.verb)
    if call is None:
        raise Refused(
            _("'{verb}' cannot be told by a message.").format(verb=message.verb),
            next_step=_("Make the move by hand: `yimen referral {verb} --help`.").format(
                verb=message.verb
            ),
        )
    return call(desk, catalogue, referral_no, message)


@dataclass
class MessengerDesk(Desk):
    """The desk at which a message acts for the other side, on the word of who brought it in.

    The message is kept in the same transaction as the move that it tells, and the move's journal
    row names it, so that neither exists alone.
    """

    message: messages.Message
    told_by: str
    due: Mapping[str, str] = field(default_factory=dict)
    # Whether the other side made the move, and need not be told of it.
    heard: bool = True
    kept: bool = False

    def record(self, db: Database, action: str, subject: str, body: Mapping[str, Any]) -> None:
        """Appends to the journal, with the message beside the first row of its move."""
        if self.kept or not action.startswith("referral."):
            super().record(db, action, subject, body)
            return
        # One that was rolled back with its transaction is never asked again.
        self.kept = True
        told = {"message": self.message.message_id, "by": self.told_by}
        super().record(db, action, subject, {**body, **told})
        if self.due:
            sets = ", ".join(f"{column} = ?" for column in self.due)
            db.conn.execute(
                f"UPDATE referral SET {sets} WHERE referral_no = ?", [*self.due.values(), subject]
            )
        move = messages.last_move(db, subject) if self.heard else None
        applied = self.message._replace(state="applied", move_id=move, reason=None)
        messages.keep(db, applied, by=self.operator.operator_no, at=self.home.clock.now())


def messenger(
    desk: Desk, referral: Referral, message: messages.Message, told: MoveMessage, *, role: Role
) -> MessengerDesk:
    """A desk that acts as the department of a referral, or as the window that dispatched it."""
    who = Operator(
        operator_no=desk.operator.operator_no,
        person_no=desk.operator.person_no,
        name=desk.operator.name,
        roles=[role],
        division=desk.home.county,
        department=referral.department if role == "department" else None,
    )
    due = (
        {"due_sign": told.due.sign, "due_accept": told.due.accept, "due_finish": told.due.finish}
        if told.due
        else {}
    )
    return MessengerDesk(desk.home, who, desk.account, message, told.officer, due)
