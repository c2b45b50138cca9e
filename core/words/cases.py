"""An application from its draft to its end: states, acts, what the door would say no to."""

from __future__ import annotations

from yimen.core.i18n import _
from yimen.core.words.referrals import verb_name


def state_name(state: str) -> str:
    """The name of an application's or a referral's state."""
    return {
        "draft": _("draft"), "submitted": _("submitted"),
        "supplement_noticed": _("told what is missing"), "accepted": _("accepted"),
        "checked": _("checked"), "dispatched": _("dispatched"), "closed": _("closed"),
        "withdrawn": _("withdrawn"), "terminated": _("terminated"), "received": _("signed for"),
        "in_progress": _("being handled"), "fed_back": _("answered"), "completed": _("completed"),
        "returned": _("returned"), "suspended": _("suspended"), "transferred": _("transferred"),
        "rejected": _("not taken on"), "failed": _("failed"), "voided": _("entered in error"),
    }[state]  # fmt: skip


def end_name(verb: str) -> str:
    """What the one door would say no to."""
    return {
        "close": _("close the application"), "reject": _("not take it on"),
        "refuse": _("refuse programmes"), "terminate": _("end the application"),
    }[verb]  # fmt: skip


def proposal_name(verb: str) -> str:
    """What waits for a second person, as a matter on a list."""
    return {
        "close": _("closing proposed"), "reject": _("refusal proposed"),
        "refuse": _("refusal proposed"), "terminate": _("ending proposed"),
        "pay": _("payment drawn"),
    }[verb]  # fmt: skip


def act_name(action: str) -> str | None:
    """What was done to a case, in the journal's word for it; None for what is no act on a case."""
    subject, __, verb = action.partition(".")
    known = {
        "intake.register": _("application opened"), "intake.add": _("papers or answers added"),
        "intake.notice": _("told what is missing"), "intake.accept": _("application accepted"),
        "fact.verify": _("fact verified"), "check": _("checked"), "dispatch": _("dispatched"),
        "benefit.grant": _("aid granted"), "benefit.withdraw": _("aid withdrawn"),
        "application.withdraw": _("taken back by the family"),
        "application.terminate": _("ended"), "application.reopen": _("taken up again"),
        "application.assign": _("given to another officer"),
        "referral.propose_reject": _("proposed: not taken on"),
        "referral.propose_fail": _("proposed: not brought about"),
        "application.close": _("application closed"),
        "application.refuse": _("programmes refused"),
        "application.reject": _("not taken on"),
        "application.propose_close": _("proposed: to be closed"),
        "application.propose_refuse": _("proposed: programmes refused"),
        "application.propose_reject": _("proposed: not taken on"),
        "application.propose_terminate": _("proposed: to be ended"),
        "application.decline": _("not signed by the second person"),
    }  # fmt: skip
    if subject == "referral" and action not in known and verb not in ("list", "show"):
        return verb_name(verb)
    return known.get(action)
