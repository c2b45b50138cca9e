"""The one table of a referral's moves: from which state, to which, by whom; no other moves it."""

from __future__ import annotations

from typing import NamedTuple

from yimen.core.errors import IllegalMove
from yimen.core.i18n import _
from yimen.core.records import ReferralState
from yimen.core.words.cases import state_name
from yimen.core.words.referrals import verb_name

OPEN: tuple[ReferralState, ...] = (
    "draft", "dispatched", "received", "accepted", "in_progress", "fed_back", "returned",
    "suspended",
)  # fmt: skip


class Move(NamedTuple):
    """One legal move; without `to_state` it stays where it is.

    `permission` is the action of desk.PERMISSIONS that allows it; `second` marks an end that
    stands only when a second person signs.
    """

    verb: str
    from_states: tuple[ReferralState, ...]
    to_state: ReferralState | None
    permission: str
    second: bool = False


MOVES: tuple[Move, ...] = (
    Move("send", ("draft",), "dispatched", "dispatch"),
    Move("receive", ("dispatched",), "received", "referral.work"),
    Move("accept", ("received",), "accepted", "referral.work"),
    Move("reject", ("received",), "rejected", "referral.work", second=True),
    Move("return", ("dispatched", "received", "accepted"), "returned", "referral.work"),
    Move("redispatch", ("returned",), "dispatched", "referral.confirm"),
    Move("transfer", ("received", "accepted", "returned"), "transferred", "referral.confirm"),
    Move("start", ("accepted",), "in_progress", "referral.work"),
    Move("suspend", ("accepted", "in_progress"), "suspended", "referral.work"),
    Move("resume", ("suspended",), "in_progress", "referral.work"),
    Move("extend", ("accepted", "in_progress"), None, "referral.work"),
    Move("decide", ("accepted", "in_progress"), "fed_back", "referral.work"),
    Move("fail", ("accepted", "in_progress"), "failed", "referral.work", second=True),
    Move("clarify", ("fed_back",), "in_progress", "referral.confirm"),
    Move("complete", ("fed_back",), "completed", "referral.confirm"),
    Move("withdraw", OPEN, "withdrawn", "referral.confirm"),
    Move("void", OPEN, "voided", "referral.confirm"),
    Move("reopen", ("completed", "failed", "rejected"), "in_progress", "referral.confirm"),
)
_BY_VERB = {move.verb: move for move in MOVES}


def permission_for(verb: str) -> str:
    """The permission that a verb needs, whatever the state."""
    return _BY_VERB[verb].permission


def legal_verbs(state: ReferralState) -> list[str]:
    """The verbs that are possible in a state, in the order of the table."""
    return [m.verb for m in MOVES if state in m.from_states]


def move_for(verb: str, state: ReferralState, referral_no: str) -> Move:
    """The move of a verb from a state; `IllegalMove` names the verbs that are legal there."""
    move = _BY_VERB[verb]
    if state in move.from_states:
        return move
    error = IllegalMove(
        _("Referral {no} is {state}; '{verb}' is not possible there.").format(
            no=referral_no, state=state_name(state), verb=verb
        ),
        next_step=_("Possible now: {verbs}.").format(verbs=", ".join(legal_verbs(state)) or "-"),
    )
    error.named = {v: verb_name(v) for v in {verb, *legal_verbs(state)}}
    raise error
