"""The one table of a referral's moves: from which state, to which, by whom; no other moves it."""

from __future__ import annotations

from typing import NamedTuple

from yimen.core.errors import IllegalMove
from yimen.core.i18n import _
from yimen.core.records import ReferralState
from yimen.core.words import state_name


class Move(NamedTuple):
    """One legal move; `permission` is the action of desk.PERMISSIONS that allows it."""

    verb: str
    from_states: tuple[ReferralState, ...]
    to_state: ReferralState
    permission: str


MOVES: tuple[Move, ...] = (
    Move("receive", ("dispatched",), "received", "referral.work"),
    Move("accept", ("received",), "accepted", "referral.work"),
    Move("return", ("dispatched", "received", "accepted"), "returned", "referral.work"),
    Move("redispatch", ("returned",), "dispatched", "referral.confirm"),
    Move("start", ("accepted",), "in_progress", "referral.work"),
    Move("decide", ("accepted", "in_progress"), "fed_back", "referral.work"),
    Move("reopen", ("fed_back",), "in_progress", "referral.confirm"),
    Move("complete", ("fed_back",), "completed", "referral.confirm"),
    Move("withdraw", ("dispatched", "received", "accepted", "in_progress", "returned"),
         "withdrawn", "referral.confirm"),
)  # fmt: skip
_BY_VERB = {move.verb: move for move in MOVES}


def permission_for(verb: str) -> str:
    """The permission that a verb needs, whatever the state."""
    return _BY_VERB[verb].permission


def move_for(verb: str, state: ReferralState, referral_no: str) -> Move:
    """The move of a verb from a state; `IllegalMove` names the verbs that are legal there."""
    move = _BY_VERB[verb]
    if state in move.from_states:
        return move
    legal = [m.verb for m in MOVES if state in m.from_states]
    raise IllegalMove(
        _("Referral {no} is {state}; '{verb}' is not possible there.").format(
            no=referral_no, state=state_name(state), verb=verb
        ),
        next_step=_("Possible now: {verbs}.").format(verbs=", ".join(legal) or "-"),
    )
