"""The one way in which a referral moves: one transaction, its journal row, what follows of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from yimen.core.casework.desk import Desk
from yimen.core.casework.referral.finding import find_referral
from yimen.core.casework.terms import due_of, kept_terms, moment_of
from yimen.core.casework.transitions import Move, move_for, permission_for
from yimen.core.errors import BadInput, Refused, StaleRevision
from yimen.core.i18n import _
from yimen.core.identity import mask_ids_in
from yimen.core.referral_records import Referral, ReferralMove, Terms
from yimen.core.store import cases, messages
from yimen.core.store.journal import canonical

# After so many returns only the coordinator sends a referral anywhere.
RETURNS_OF_WINDOW = 2

Follow = Callable[[Referral, Referral], None]


def ready(desk: Desk, verb: str, referral_no: str, *, permission: str | None = None) -> Referral:
    """The referral when the operator may do this with it and its state allows it.

    The permission is asked first: who may not move a referral learns nothing of its state.
    """
    referral = find_referral(desk, referral_no)
    require(desk, permission or permission_for(verb), referral)
    move = move_for(verb, referral.state, referral.referral_no)
    _refuse_another_window(desk, referral, move)
    if (
        referral.state == "returned"
        and referral.returns >= RETURNS_OF_WINDOW
        and move.permission == "referral.confirm"
        and not desk.may("referral.coordinate")
    ):
        raise Refused(
            _("Referral {no} was returned {count} times; only the county's coordinator moves it.")
            .format(no=referral.referral_no, count=referral.returns),
            next_step=_("Ask an operator with the role county."),
        )  # fmt: skip
    return referral


def _refuse_another_window(desk: Desk, referral: Referral, move: Move) -> None:
    """In a department's own home the window's moves are told by the home that dispatched."""
    origin = messages.origin_of(desk.home.casework, referral.referral_no)
    if origin is not None and move.permission == "referral.confirm":
        raise Refused(
            _("Referral {no} was dispatched by another home, {home}; its window does this.").format(
                no=referral.referral_no, home=origin.home_id
            ),
            next_step=_("Its moves come in with `yimen referral take`."),
        )


def require(desk: Desk, action: str, referral: Referral) -> None:
    """Refuses an action outside the operator's roles, division or department."""
    division = cases.division_of_referral(desk.home.casework, referral.referral_no)
    desk.require(action, division=division, department=referral.department)


def move(
    desk: Desk,
    verb: str,
    before: Referral,
    *,
    reason_code: str | None = None,
    note: str = "",
    basis: str = "",
    changes: Mapping[str, Any] | None = None,
    terms: Terms | None = None,
    by: str | None = None,
    passed_over: Sequence[str] = (),
    override: str = "",
    body: Mapping[str, Any] | None = None,
    follow: Follow | None = None,
) -> Referral:
    """Moves a referral that `ready` gave, and returns it as it stands then.

    `terms` are new terms; the due days are worked out from them and the moves. `by` is the
    officer whose act it is where a second person, the desk's operator, signs it. `passed_over` are
    guards that a decision did not wait for, and `override` why. `follow` writes what the move
    brings with it, inside the same transaction.
    """
    step = move_for(verb, before.state, before.referral_no)
    to_state = step.to_state or before.state
    db = desk.home.casework
    made = _move_now(desk, before, step, reason_code, note, basis, by)
    own = terms or (kept_terms(desk, before) if verb in _RESTARTS else None)
    values = {
        **(changes or {}),
        **_due_columns(desk, before, own, made),
        "state": to_state,
        "proposal_to_end": None,
    }
    sets = ", ".join(f"{column} = ?" for column in values)
    with desk.home.writing():
        done = db.conn.execute(
            f"UPDATE referral SET {sets}, rev = rev + 1 WHERE referral_no = ? AND rev = ?",
            [*values.values(), before.referral_no, before.rev],
        )
        if done.rowcount != 1:
            raise changed_meanwhile(before.referral_no)
        db.conn.execute(
            "INSERT INTO referral_move (referral_no, verb, from_state, to_state, at, operator,"
            " second, reason_code, note, basis, passed_over, override)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [before.referral_no, verb, made.from_state, made.to_state, made.at, made.operator,
             made.second, made.reason_code, made.note, made.basis, canonical(list(passed_over)),
             mask_ids_in(override.strip())],
        )  # fmt: skip
        told = {"from": before.state, "to": to_state, "reason": reason_code, **(body or {})}
        if made.note:
            told["note"] = made.note
        if made.second:
            told["proposed_by"] = made.operator
        desk.record(db, f"referral.{verb}", before.referral_no, told)
        after = find_referral(desk, before.referral_no)
        if follow is not None:
            follow(before, after)
        if to_state in cases.CLOSED_REFERRAL:
            close_application(desk, before.application_no)
    return after


# Ends that are an answer to the family; the others leave its matter where it was.
ANSWERED = frozenset({"completed", "rejected", "failed"})
# Moves after which a stopped or a restarted clock ends on another day.
_RESTARTS = frozenset({"send", "redispatch", "resume", "reopen", "extend"})


def _move_now(
    desk: Desk,
    before: Referral,
    step: Move,
    reason_code: str | None,
    note: str,
    basis: str,
    by: str | None,
) -> ReferralMove:
    """The move as it will be kept; its time never lies before that of the move before it."""
    db, now = desk.home.casework, desk.home.clock.now()
    last = db.conn.execute(
        "SELECT at FROM referral_move WHERE referral_no = ? ORDER BY id DESC LIMIT 1",
        [before.referral_no],
    ).fetchone()
    at = max(now, last[0], key=moment_of) if last else now
    own = desk.operator.operator_no
    return ReferralMove(
        verb=step.verb,
        from_state=before.state,
        to_state=step.to_state or before.state,
        at=at,
        operator=by or own,
        second=own if by else None,
        reason_code=reason_code,
        note=mask_ids_in(note),
        basis=mask_ids_in(basis) or None,
    )


def _due_columns(
    desk: Desk, before: Referral, terms: Terms | None, made: ReferralMove
) -> dict[str, Any]:
    """The columns that new terms, or a clock that runs again, change."""
    if terms is None:
        return {}
    moves = [*cases.moves(desk.home.casework, before.referral_no), made]
    due, provisional = due_of(desk, terms, moves)
    return {
        "terms": canonical(msgspec.to_builtins(terms)),
        "due_sign": due.sign,
        "due_accept": due.accept,
        "due_finish": due.finish,
        "due_statutory": due.statutory,
        "provisional": int(provisional),
    }


def changed_meanwhile(referral_no: str) -> StaleRevision:
    """The refusal of a save whose record somebody else has changed since it was read."""
    return StaleRevision(
        _("Referral {no} was changed by somebody else just now.").format(no=referral_no),
        next_step=_("Look at it again: `yimen referral show {no}`.").format(no=referral_no),
    )


def noted(note: str) -> str:
    """The note, which this act cannot do without; `BadInput` where it is blank."""
    if not note.strip():
        raise BadInput(_("This needs a note."), next_step=_("Say why, with --note."), field="note")
    return note.strip()


def close_application(desk: Desk, application_no: str) -> None:
    """Closes the application inside the caller's transaction when its last referral has closed.

    Where none of them was answered, all having been taken back or entered in error, nothing has
    been done for the family: the application is checked again, to be dispatched or closed.
    """
    db = desk.home.casework
    states = {r.state for r in cases.referrals(db, application_no=application_no)}
    if not states <= set(cases.CLOSED_REFERRAL):
        return
    answered = bool(states & ANSWERED)
    state, day = ("closed", desk.home.clock.today().isoformat()) if answered else ("checked", None)
    done = db.conn.execute(
        "UPDATE application SET state = ?, closed_on = ?, rev = rev + 1"
        " WHERE application_no = ? AND state = 'dispatched'",
        [state, day, application_no],
    )
    if done.rowcount:
        act = "application.close" if answered else "application.take_back"
        desk.record(db, act, application_no, {"referrals": sorted(states)})


def open_again(desk: Desk, application_no: str) -> None:
    """Opens a closed application again, inside the caller's transaction, with a referral of it."""
    desk.home.casework.conn.execute(
        "UPDATE application SET state = 'dispatched', closed_on = NULL, rev = rev + 1"
        " WHERE application_no = ? AND state = 'closed'",
        [application_no],
    )
