"""A department's decision, and its confirmation at the one door, which makes a grant a benefit."""

from __future__ import annotations

import msgspec

from yimen.core.casework.clocks import office_due
from yimen.core.casework.desk import Desk
from yimen.core.casework.months import is_month, month_after
from yimen.core.casework.reasons import REFUSAL_CODES, require_code
from yimen.core.casework.referral.granting import take_effect
from yimen.core.casework.referral.moving import move, ready
from yimen.core.errors import BadInput
from yimen.core.i18n import _
from yimen.core.identity import mask_ids_in
from yimen.core.referral_records import Decision, Referral
from yimen.core.store.journal import canonical

# Twelve such sums, and a county's, still fit into 64 bits.
MOST_FEN = 10**15
_EARLIEST, _LATEST = "1990-01", "2199-12"


def decide(
    desk: Desk,
    referral_no: str,
    *,
    outcome: str,
    reason_code: str | None = None,
    amount_fen: int | None = None,
    from_month: str | None = None,
    to_month: str | None = None,
    basis: str = "",
    note: str = "",
) -> Referral:
    """The department's decision: granted, refused or referred on, with its basis.

    A refusal needs a coded reason; a grant needs its first month, which defaults to next month
    as dibao's rule has it (DB2021 §21).
    """
    if outcome not in ("granted", "refused", "referred_on"):
        raise BadInput(
            _("'{outcome}' is not a decision.").format(outcome=outcome),
            next_step=_("It is granted, refused or referred_on."),
            field="outcome",
        )
    if not basis.strip():
        raise BadInput(
            _("A decision needs its legal basis."), next_step=_("Give --basis."), field="basis"
        )
    code = require_code(reason_code, REFUSAL_CODES) if outcome == "refused" else None
    if outcome == "granted":
        from_month = from_month or month_after(desk.home.clock.today().isoformat())
    for field, month in (("from", from_month), ("to", to_month)):
        if month is not None and not (is_month(month) and _EARLIEST <= month <= _LATEST):
            raise BadInput(
                _("'{month}' is not a month.").format(month=month[:20]),
                next_step=_("Write it as 2026-12."),
                field=field,
            )
    if from_month and to_month and to_month < from_month:
        raise BadInput(
            _("The last month lies before the first."),
            next_step=_("Check --from and --to."),
            field="to",
        )
    if amount_fen is not None and not 0 < amount_fen <= MOST_FEN:
        raise BadInput(
            _("An amount granted is above 0 and has at most 13 digits of yuan."),
            next_step=_("Give it in yuan."),
            field="amount",
        )
    granted = outcome == "granted"
    referral = ready(desk, "decide", referral_no)
    if granted and amount_fen is None and referral.proposal.get("per") is not None:
        raise BadInput(
            _("This aid is an amount, and none is given."),
            next_step=_("Give --amount in yuan."),
            field="amount",
        )
    decision = Decision(
        outcome=outcome,  # type: ignore[arg-type]
        reason_code=code,
        amount_fen=amount_fen if granted else None,
        from_month=from_month if granted else None,
        to_month=to_month if granted else None,
        basis=mask_ids_in(basis.strip()),
    )
    told = msgspec.to_builtins(decision)
    return move(
        desk,
        "decide",
        referral,
        reason_code=code,
        basis=basis.strip(),
        note=note.strip(),
        changes={"decision": canonical(told), "due_office": office_due(desk, "confirm")},
        body={"decision": told},
    )


def complete(desk: Desk, referral_no: str) -> Referral:
    """The window confirms the answer 办结: a grant becomes a benefit; the case may close."""
    referral = ready(desk, "complete", referral_no)
    return move(
        desk,
        "complete",
        referral,
        changes={"due_office": None},
        follow=lambda before, __: take_effect(desk, before, before.decision),
    )
