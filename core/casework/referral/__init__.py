"""A referral's life: each verb of the one table of moves, as a function that takes a desk first."""

from __future__ import annotations

from yimen.core.casework.referral.deciding import complete, decide, decide_elsewhere
from yimen.core.casework.referral.ending import countersign, decline, fail, reject, void
from yimen.core.casework.referral.finding import (
    feedback,
    find_referral,
    moves_of,
    names_around,
    people_of,
    referral_lines,
    show_referral,
    waited,
)
from yimen.core.casework.referral.handing import (
    accept,
    clarify,
    receive,
    receive_all,
    send,
    start,
    withdraw,
)
from yimen.core.casework.referral.stopping import (
    extend,
    redispatch,
    reopen,
    resume,
    return_,
    suspend,
)
from yimen.core.casework.referral.transferring import transfer

__all__ = [
    "accept", "clarify", "complete", "countersign", "decide", "decide_elsewhere", "decline",
    "extend", "fail", "feedback", "find_referral", "moves_of", "names_around", "people_of",
    "receive", "receive_all", "redispatch", "referral_lines", "reject", "reopen", "resume",
    "return_", "send", "show_referral", "start", "suspend", "transfer", "void", "waited",
    "withdraw",
]  # fmt: skip
