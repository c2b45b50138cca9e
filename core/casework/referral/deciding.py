"""A department's decision, and its confirmation at the one door, which makes a grant a benefit.

A grant that is made here waits for the guards of its handling list; one that a department's own
system made is taken as it is, and what was passed over is kept with it.
"""

from __future__ import annotations

import msgspec

from yimen.core.casework.checklists.guards import open_guards, require_guards
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
from yimen.core.rules.catalogue import Catalogue
from yimen.core.store import cases, messages
from yimen.core.store.journal import canonical

# Twelve such sums, and a county's, still fit into 64 bits.
MOST_FEN = 10**15
_EARLIEST, _LATEST = "1990-01", "2199-12"


def decide(
    desk: Desk,
    catalogue: Catalogue,
    referral_no: str,
    *,
    outcome: str,
    override: str = "",
    reason_code: str | None = None,
    amount_fen: int | None = None,
    from_month: str | None = None,
    to_month: str | None = None,
    basis: str = "",
    note: str = "",
) -> Referral:
    """The department's decision: granted, refused or referred on, with its basis.

    A refusal needs a coded reason; a grant needs its first month, which defaults to next month
    as dibao's rule has it (DB2021 §21), and is refused while a guard of its handling is open.
    `override` is why it goes before the guards that let it; it is journalled.
    """
    referral, decision = _decided(
        desk, referral_no, outcome=outcome, reason_code=reason_code, amount_fen=amount_fen,
        from_month=from_month, to_month=to_month, basis=basis,
    )  # fmt: skip
    # Where another home dispatched it, the town's and the county's steps are recorded over there.
    here = messages.origin_of(desk.home.casework, referral.referral_no) is None
    with desk.home.writing():
        passed: list[str] = []
        if decision.outcome == "granted":
            if here:
                passed = require_guards(desk, catalogue, referral, override=override)
            else:
                passed = [view.step for view in open_guards(desk, catalogue, referral)]
        return _move(desk, referral, decision, note, passed, override if passed and here else "")


def decide_elsewhere(
    desk: Desk,
    catalogue: Catalogue,
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
    """A decision that a department's own system sent: its handling was recorded over there.

    Nothing holds it back; the guards that nobody has met here are kept with the move.
    """
    referral, decision = _decided(
        desk, referral_no, outcome=outcome, reason_code=reason_code, amount_fen=amount_fen,
        from_month=from_month, to_month=to_month, basis=basis,
    )  # fmt: skip
    granted = decision.outcome == "granted"
    passed = [v.step for v in open_guards(desk, catalogue, referral)] if granted else []
    return _move(desk, referral, decision, note, passed, "")


def _decided(
    desk: Desk,
    referral_no: str,
    *,
    outcome: str,
    reason_code: str | None,
    amount_fen: int | None,
    from_month: str | None,
    to_month: str | None,
    basis: str,
) -> tuple[Referral, Decision]:
    """The referral and its decision, when both are whole; `BadInput` says what is not."""
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
    return referral, Decision(
        outcome=outcome,  # type: ignore[arg-type]
        reason_code=code,
        amount_fen=amount_fen if granted else None,
        from_month=from_month if granted else None,
        to_month=to_month if granted else None,
        basis=mask_ids_in(basis.strip()),
    )


def _move(
    desk: Desk,
    referral: Referral,
    decision: Decision,
    note: str,
    passed: list[str],
    override: str,
) -> Referral:
    told = msgspec.to_builtins(decision)
    body: dict[str, object] = {"decision": told}
    if passed:
        body |= {"passed_over": passed, "override": mask_ids_in(override.strip())}
    return move(
        desk,
        "decide",
        referral,
        reason_code=decision.reason_code,
        basis=decision.basis,
        note=note.strip(),
        changes={"decision": canonical(told), "due_office": office_due(desk, "confirm")},
        passed_over=passed,
        override=override,
        body=body,
    )


def complete(desk: Desk, catalogue: Catalogue, referral_no: str) -> Referral:
    """The window confirms the answer 办结: a grant becomes a benefit; the case may close.

    A guard that opened since the decision, such as a new notice after an objection, holds it.
    """
    referral = ready(desk, "complete", referral_no)
    with desk.home.writing() as db:
        if referral.decision is not None and referral.decision.outcome == "granted":
            moves = cases.moves(db, referral.referral_no)
            decided = next(m for m in reversed(moves) if m.verb == "decide")
            require_guards(desk, catalogue, referral, known=decided.passed_over)
        return move(
            desk,
            "complete",
            referral,
            changes={"due_office": None},
            follow=lambda before, __: take_effect(desk, before, before.decision),
        )
