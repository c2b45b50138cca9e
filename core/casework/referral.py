"""A referral's life with its department, and the answer that comes back to the one door.

Each move is one transaction with its journal row. Completing a grant writes the benefit in the same
transaction; when the last referral closes, the application closes with it.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import msgspec

from yimen.core.casework.check import find_application
from yimen.core.casework.clocks import due_dates, referral_line
from yimen.core.casework.desk import Desk
from yimen.core.casework.reasons import REFUSAL_CODES, RETURN_CODES, require_code
from yimen.core.casework.transitions import Move, move_for, permission_for
from yimen.core.divisions import scope_prefix
from yimen.core.errors import BadInput, NotFound, Refused, StaleRevision
from yimen.core.i18n import _
from yimen.core.records import Decision, Referral
from yimen.core.results import FeedbackLine, FeedbackResult, ReferralLine
from yimen.core.rules.catalogue import Catalogue
from yimen.core.store import cases
from yimen.core.store.journal import canonical

MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])\Z")


def find_referral(desk: Desk, referral_no: str) -> Referral:
    """The referral with this number; `NotFound` names the listing."""
    found = cases.referrals(desk.home.casework, referral_no=referral_no.upper())
    if not found:
        raise NotFound(
            _("There is no referral {no}.").format(no=referral_no),
            next_step=_("`yimen referral list` shows them."),
        )
    return found[0]


def referral_lines(
    desk: Desk,
    *,
    department: str | None = None,
    state: str | None = None,
    application_no: str | None = None,
) -> list[ReferralLine]:
    """The referrals within the operator's scope; a department sees its own."""
    desk.require("referral.read")
    if "department" in desk.operator.roles and not desk.may("application.read"):
        department = desk.operator.department
    found = [
        referral_line(desk, referral)
        for referral in cases.referrals(
            desk.home.casework,
            department=department,
            application_no=application_no,
            division=scope_prefix(desk.operator.division),
        )
        if state is None or referral.state == state
    ]
    desk.record_reading("referral.list", department or "all", {"rows": len(found)})
    return found


def show_referral(desk: Desk, referral_no: str) -> tuple[Referral, ReferralLine]:
    """One referral with its frozen facts; the reading is journalled."""
    referral = find_referral(desk, referral_no)
    _require(desk, "referral.read", referral)
    desk.record_reading("referral.show", referral.referral_no, {})
    return referral, referral_line(desk, referral)


def _require(desk: Desk, action: str, referral: Referral) -> None:
    division = cases.division_of_referral(desk.home.casework, referral.referral_no)
    desk.require(action, division=division, department=referral.department)


def receive(desk: Desk, referral_no: str) -> Referral:
    """The department signs for the referral 签收."""
    return _move(desk, "receive", referral_no)


def accept(desk: Desk, referral_no: str) -> Referral:
    """The department takes the matter on 受理."""
    return _move(desk, "accept", referral_no)


def start(desk: Desk, referral_no: str) -> Referral:
    """The department begins to handle what it took on 办理中."""
    return _move(desk, "start", referral_no)


def reopen(desk: Desk, referral_no: str, *, note: str) -> Referral:
    """The window sends an answer back to the department before it is confirmed."""
    return _move(desk, "reopen", referral_no, note=_required(note))


def withdraw(desk: Desk, referral_no: str, *, note: str) -> Referral:
    """The window takes the referral back 撤回, as when the family no longer asks."""
    return _move(desk, "withdraw", referral_no, note=_required(note))


def _required(note: str) -> str:
    if not note.strip():
        raise BadInput(_("This needs a note."), next_step=_("Say why, with --note."))
    return note


def return_(desk: Desk, referral_no: str, *, reason_code: str, note: str) -> Referral:
    """The department sends it back 退回 with a coded reason; the clock stops."""
    code = require_code(reason_code, RETURN_CODES)
    if not note.strip():
        raise BadInput(
            _("A return needs a note."), next_step=_("Say what is missing or whose matter it is.")
        )
    return _move(desk, "return", referral_no, reason_code=code, note=note, returned=True)


def redispatch(desk: Desk, catalogue: Catalogue, referral_no: str, *, note: str) -> Referral:
    """The window sends a returned referral out again, with new clocks."""
    referral = find_referral(desk, referral_no)
    versions = catalogue.versions_on(date.fromisoformat(referral.dispatched_on))
    version = versions.get(referral.programme)
    if version is None:
        raise Refused(
            _("The rules of {programme} cannot be read now.").format(programme=referral.programme),
            next_step=_("`yimen department list` shows why."),
        )
    due, provisional = due_dates(desk, version)
    return _move(
        desk,
        "redispatch",
        referral_no,
        note=note,
        changes={"due_sign": due.sign, "due_accept": due.accept, "due_finish": due.finish,
                 "provisional": int(provisional)},
    )  # fmt: skip


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
) -> Referral:
    """The department's decision: granted, refused or referred on, with its basis.

    A refusal needs a coded reason; a grant needs its first month, which defaults to next month
    as dibao's rule has it (DB2021 §21).
    """
    if outcome not in ("granted", "refused", "referred_on"):
        raise BadInput(
            _("'{outcome}' is not a decision.").format(outcome=outcome),
            next_step=_("It is granted, refused or referred_on."),
        )
    if not basis.strip():
        raise BadInput(_("A decision needs its legal basis."), next_step=_("Give --basis."))
    code = require_code(reason_code, REFUSAL_CODES) if outcome == "refused" else None
    if outcome == "granted":
        from_month = from_month or _next_month(desk)
    for month in (from_month, to_month):
        if month is not None and not MONTH.match(month):
            raise BadInput(
                _("'{month}' is not a month.").format(month=month[:20]),
                next_step=_("Write it as 2026-12."),
            )
    if from_month and to_month and to_month < from_month:
        raise BadInput(
            _("The last month lies before the first."), next_step=_("Check --from and --to.")
        )
    if amount_fen is not None and amount_fen < 0:
        raise BadInput(_("An amount cannot be negative."), next_step=_("Give it in yuan."))
    granted = outcome == "granted"
    proposal = find_referral(desk, referral_no).proposal
    if granted and amount_fen is None and proposal.get("per") is not None:
        raise BadInput(
            _("This aid is an amount, and none is given."), next_step=_("Give --amount in yuan.")
        )
    decision = Decision(
        outcome=outcome,  # type: ignore[arg-type]
        reason_code=code,
        amount_fen=amount_fen if granted else None,
        from_month=from_month if granted else None,
        to_month=to_month if granted else None,
        basis=basis,
    )
    return _move(
        desk,
        "decide",
        referral_no,
        reason_code=code,
        changes={"decision": canonical(msgspec.to_builtins(decision))},
    )


def _next_month(desk: Desk) -> str:
    today = desk.home.clock.today()
    year, month = divmod(today.year * 12 + today.month, 12)
    return f"{year:04d}-{month + 1:02d}"


def complete(desk: Desk, referral_no: str) -> Referral:
    """The window confirms the answer 办结: a grant becomes a benefit; the case may close."""
    return _move(desk, "complete", referral_no)


def _move(
    desk: Desk,
    verb: str,
    referral_no: str,
    *,
    reason_code: str | None = None,
    note: str = "",
    changes: dict[str, Any] | None = None,
    returned: bool = False,
) -> Referral:
    before = find_referral(desk, referral_no)
    _require(desk, permission_for(verb), before)
    move = move_for(verb, before.state, before.referral_no)
    values = {**(changes or {}), "state": move.to_state, "returns": before.returns + returned}
    db = desk.home.casework
    sets = ", ".join(f"{column} = ?" for column in values)
    with desk.home.writing():
        done = db.conn.execute(
            f"UPDATE referral SET {sets}, rev = rev + 1 WHERE referral_no = ? AND rev = ?",
            [*values.values(), before.referral_no, before.rev],
        )
        if done.rowcount != 1:
            raise StaleRevision(
                _("Referral {no} was changed by somebody else just now.").format(no=referral_no),
                next_step=_("Look at it again: `yimen referral show {no}`.").format(no=referral_no),
            )
        db.conn.execute(
            "INSERT INTO referral_move (referral_no, from_state, to_state, at, operator,"
            " reason_code, note) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [before.referral_no, before.state, move.to_state, desk.home.clock.now(),
             desk.operator.operator_no, reason_code, note],
        )  # fmt: skip
        body = {"from": before.state, "to": move.to_state, "reason": reason_code}
        desk.record(db, f"referral.{verb}", before.referral_no, body)
        _follow(desk, move, before)
    return find_referral(desk, referral_no)


def _follow(desk: Desk, move: Move, referral: Referral) -> None:
    """What a closing move brings with it, inside the same transaction."""
    db = desk.home.casework
    if move.to_state == "completed" and referral.decision is not None:
        decision = referral.decision
        if decision.outcome == "granted":
            number = cases.next_number(
                db, "benefit", "benefit_no", "B", desk.home.clock.today().year
            )
            db.conn.execute(
                "INSERT INTO benefit (benefit_no, household_no, member_no, programme, department,"
                " amount_fen, per, from_month, to_month, referral_no)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [number, referral.household_no, referral.member_no, referral.programme,
                 referral.department, decision.amount_fen, referral.proposal.get("per"),
                 decision.from_month, _last_month(referral, decision), referral.referral_no],
            )  # fmt: skip
            desk.record(
                db,
                "benefit.grant",
                number,
                {"referral": referral.referral_no, "amount_fen": decision.amount_fen,
                 "from": decision.from_month},
            )  # fmt: skip
    if move.to_state in cases.CLOSED_REFERRAL:
        _close_application(desk, referral.application_no)


def _last_month(referral: Referral, decision: Decision) -> str | None:
    """The last month of a grant: as decided, else that of one payment or one year."""
    if decision.to_month or not decision.from_month:
        return decision.to_month
    year, month = int(decision.from_month[:4]), int(decision.from_month[5:])
    months = {"once": 0, "year": 11}.get(str(referral.proposal.get("per")))
    if months is None:
        return None
    carried, index = divmod(month - 1 + months, 12)
    return f"{year + carried:04d}-{index + 1:02d}"


def _close_application(desk: Desk, application_no: str) -> None:
    db = desk.home.casework
    states = [r.state for r in cases.referrals(db, application_no=application_no)]
    if all(state in cases.CLOSED_REFERRAL for state in states):
        db.conn.execute(
            "UPDATE application SET state = 'closed', closed_on = ?, rev = rev + 1"
            " WHERE application_no = ?",
            [desk.home.clock.today().isoformat(), application_no],
        )
        desk.record(db, "application.close", application_no, {"referrals": len(states)})


def feedback(desk: Desk, catalogue: Catalogue, application_no: str) -> FeedbackResult:
    """The departments' answers to one application, and the benefits that came of them."""
    application = find_application(desk, application_no)
    desk.require("application.read", division=application.division)
    db = desk.home.casework
    answers = []
    for referral in cases.referrals(db, application_no=application_no):
        known = catalogue.programmes.get(referral.programme)
        answers.append(
            FeedbackLine(
                referral_no=referral.referral_no,
                programme=referral.programme,
                name=known.names.text() if known else referral.programme,
                member_no=referral.member_no,
                department=referral.department,
                state=referral.state,
                due_on=referral_line(desk, referral).due_on,
                decision=referral.decision,
                note=cases.last_note(db, referral.referral_no),
            )
        )
    own = {a.referral_no for a in answers}
    desk.record_reading("feedback", application_no, {"answers": len(answers)})
    return FeedbackResult(
        application_no=application_no,
        state=application.state,
        answers=answers,
        benefits=[
            b for b in cases.benefits(db, [application.household_no]) if b.referral_no in own
        ],
    )
