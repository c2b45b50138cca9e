"""An application as a whole: listed, taken back, handed to another officer; how one is ended.

It closes when its last referral closes and not before, or by a "no" of the one door (closing.py).
The first officer stays its owner until then 首问负责.
"""

from __future__ import annotations

from yimen.core.application_records import ApplicationLine
from yimen.core.casework.check import find_application
from yimen.core.casework.desk import Desk
from yimen.core.casework.operators import find
from yimen.core.casework.referral import withdraw
from yimen.core.casework.referral.moving import noted
from yimen.core.divisions import covers, scope_prefix
from yimen.core.errors import BadInput, IllegalMove, StaleRevision, about
from yimen.core.i18n import _
from yimen.core.identity import mask_ids_in
from yimen.core.records import Application, ApplicationEnd, ApplicationState, EndVerb
from yimen.core.rules.catalogue import Catalogue
from yimen.core.store import cases
from yimen.core.store.journal import canonical
from yimen.core.words.cases import act_name, state_name

# What an officer may do with an application, beside the chain's own steps, and in which states.
ENDS: dict[str, tuple[tuple[ApplicationState, ...], ApplicationState]] = {
    "withdraw": (
        ("draft", "submitted", "supplement_noticed", "accepted", "checked", "dispatched"),
        "withdrawn",
    ),
    "terminate": (
        ("submitted", "supplement_noticed", "accepted", "checked"),
        "terminated",
    ),
    "reject": (("submitted", "supplement_noticed"), "closed"),
    "close": (("checked",), "closed"),
}
# What may be said while departments still work on referrals of the application.
BESIDE_REFERRALS = frozenset({"withdraw", "refuse"})
# A refusal of some programmes ends nothing, and is owed to a family whose other matters are done.
REFUSED_IN: tuple[ApplicationState, ...] = ("checked", "dispatched", "closed")


def programmes_of(catalogue: Catalogue, application: Application) -> list[str]:
    """The programmes that every intake looks at, and those that the family asked for."""
    always = [p.programme for p in catalogue.programmes.values() if p.asked == "always"]
    return list(dict.fromkeys([*always, *application.requested]))


def application_lines(
    desk: Desk, *, state: str | None = None, mine: bool = False
) -> list[ApplicationLine]:
    """The applications within the operator's scope, oldest first."""
    desk.require("application.read")
    db, prefix = desk.home.casework, scope_prefix(desk.operator.division)
    open_by: dict[str, int] = {}
    for no, count in db.conn.execute(
        "SELECT application_no, COUNT(*) FROM referral WHERE state NOT IN"
        f" ({', '.join('?' * len(cases.CLOSED_REFERRAL))}) GROUP BY 1",
        list(cases.CLOSED_REFERRAL),
    ):
        open_by[no] = count
    found = [
        ApplicationLine(
            application_no=a.application_no,
            household_no=a.household_no,
            state=a.state,
            first_officer=a.first_officer,
            division=a.division,
            submitted_on=a.submitted_on,
            accepted_on=a.accepted_on,
            closed_on=a.closed_on,
            open_referrals=open_by.get(a.application_no, 0),
            proposed=_unsigned(a),
        )
        for a in cases.applications(db, states=None if state is None else [state], division=prefix)
        if not mine or a.first_officer == desk.operator.operator_no
    ]
    desk.record_reading("application.list", "all", {"rows": len(found)})
    return found


def _unsigned(application: Application) -> EndVerb | None:
    """The verb that waits for a second person."""
    proposed = application.proposal_to_end
    return proposed.verb if proposed and proposed.declined is None else None


def withdraw_application(desk: Desk, application_no: str, *, note: str) -> Application:
    """The family takes its application back; its open referrals are withdrawn with it."""
    application = ready(desk, "withdraw", application_no)
    told = noted(note)
    with desk.home.writing():
        for referral in cases.referrals(
            desk.home.casework, application_no=application.application_no
        ):
            if referral.state not in cases.CLOSED_REFERRAL:
                withdraw(desk, referral.referral_no, note=told)
        # The last withdrawn referral has closed it; the family's word is what it ends with.
        latest = find_application(desk, application.application_no)
        return end(desk, "withdraw", latest, told, None)


def assign_application(
    desk: Desk, application_no: str, operator_no: str, *, note: str
) -> Application:
    """Gives an application to another first officer, as when one falls ill or leaves."""
    application = find_application(desk, application_no)
    desk.require("application.assign", division=application.division)
    with about("operator"):
        officer = find(desk.home.casework, operator_no)
    if not {"county", "town", "village"} & set(officer.roles) or not covers(
        officer.division, application.division
    ):
        raise BadInput(
            _("Operator {no} does not work at a window of that place.").format(no=operator_no),
            next_step=_("`yimen operator list` shows who does."),
            field="operator",
        )
    if application.state not in cases.OPEN_APPLICATION:
        raise _not_now("assign", application)
    told = noted(note)
    with desk.home.writing() as db:
        done = db.conn.execute(
            "UPDATE application SET first_officer = ?, rev = rev + 1"
            " WHERE application_no = ? AND rev = ?",
            [operator_no, application.application_no, application.rev],
        )
        if done.rowcount != 1:
            raise changed(application_no)
        write_move(desk, "assign", application, application.state, told, None)
        body = {"from": application.first_officer, "to": operator_no, "note": told}
        desk.record(db, "application.assign", application.application_no, body)
    return find_application(desk, application.application_no)


def ready(
    desk: Desk, verb: str, application_no: str, *, permission: str = "application.end"
) -> Application:
    """The application when the operator may end it so and its state allows it.

    `IllegalMove` names what is possible, or the referral that must be closed first.
    """
    application = find_application(desk, application_no)
    desk.require(permission, division=application.division)
    if verb not in _verbs_in(application.state):
        raise _not_now(verb, application)
    waiting = _unclosed(desk, application)
    if waiting and verb not in BESIDE_REFERRALS:
        raise IllegalMove(
            _("Referral {no} is not closed yet.").format(no=waiting[0]),
            next_step=_("Send or withdraw it first: `yimen referral show {no}`.").format(
                no=waiting[0]
            ),
        )
    return application


def verbs_now(desk: Desk, application: Application) -> list[str]:
    """How an application may be ended now, by its state and by its open referrals."""
    waiting = _unclosed(desk, application)
    return [v for v in _verbs_in(application.state) if not waiting or v in BESIDE_REFERRALS]


def _verbs_in(state: ApplicationState) -> list[str]:
    ends = [verb for verb, (states, __) in ENDS.items() if state in states]
    return [*ends, "refuse"] if state in REFUSED_IN else ends


def _unclosed(desk: Desk, application: Application) -> list[str]:
    sent = cases.referrals(desk.home.casework, application_no=application.application_no)
    return [r.referral_no for r in sent if r.state not in cases.CLOSED_REFERRAL]


def _not_now(verb: str, application: Application) -> IllegalMove:
    possible = _verbs_in(application.state)
    error = IllegalMove(
        _("Application {no} is {state}; '{verb}' is not possible there.").format(
            no=application.application_no, state=state_name(application.state), verb=verb
        ),
        next_step=_("Possible now: {verbs}.").format(verbs=", ".join(possible) or "-"),
    )
    error.named = {v: act_name(f"application.{v}") or v for v in {verb, *possible}}
    return error


def end(
    desk: Desk,
    verb: str,
    application: Application,
    note: str,
    code: str | None,
    *,
    proposed: ApplicationEnd | None = None,
) -> Application:
    """Ends an application; `proposed` is what the desk's operator signs as the second person."""
    to_state = ENDS[verb][1]
    with desk.home.writing() as db:
        done = db.conn.execute(
            "UPDATE application SET state = ?, closed_on = ?, proposal_to_end = NULL,"
            " rev = rev + 1 WHERE application_no = ? AND rev = ?",
            [to_state, desk.home.clock.today().isoformat(), application.application_no,
             application.rev],
        )  # fmt: skip
        if done.rowcount != 1:
            raise changed(application.application_no)
        write_move(desk, verb, application, to_state, note, code, proposed=proposed)
        body = {"from": application.state, "to": to_state, "reason": code, "note": note}
        if proposed is not None:
            body |= {"report": proposed.report_no, "proposed_by": proposed.operator}
        desk.record(db, f"application.{verb}", application.application_no, body)
    return find_application(desk, application.application_no)


def write_move(
    desk: Desk,
    verb: str,
    before: Application,
    to_state: str,
    note: str,
    code: str | None,
    *,
    proposed: ApplicationEnd | None = None,
) -> None:
    """Appends one move inside the caller's transaction; the proposer's act, if one is signed."""
    own = desk.operator.operator_no
    by, second = (proposed.operator, own) if proposed else (own, None)
    desk.home.casework.conn.execute(
        "INSERT INTO application_move (application_no, verb, from_state, to_state, at, operator,"
        " second, reason_code, basis, note, report_no, programmes)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [before.application_no, verb, before.state, to_state, desk.home.clock.now(), by, second,
         code, proposed.basis if proposed else None, mask_ids_in(note),
         proposed.report_no if proposed else None,
         canonical(proposed.programmes) if proposed else None],
    )  # fmt: skip


def changed(application_no: str) -> StaleRevision:
    """The refusal of a save whose application somebody else has changed since it was read."""
    return StaleRevision(
        _("Application {no} was changed by somebody else just now.").format(no=application_no),
        next_step=_("Look at it again: `yimen application progress {no}`.").format(
            no=application_no
        ),
    )
