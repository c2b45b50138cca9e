"""What departments do with referrals: verbs, decisions, what is due, the rows of a batch."""

from __future__ import annotations

from yimen.core.i18n import _


def verb_name(verb: str) -> str:
    """What was done with a referral."""
    return {
        "dispatch": _("dispatched"), "send": _("sent"), "receive": _("signed for"),
        "accept": _("taken on"), "reject": _("not taken on"), "return": _("returned"),
        "redispatch": _("sent out again"), "transfer": _("handed on"), "start": _("work begun"),
        "suspend": _("suspended"), "resume": _("resumed"), "extend": _("extended"),
        "decide": _("decided"), "fail": _("not brought about"), "clarify": _("asked again"),
        "complete": _("confirmed"), "withdraw": _("taken back"), "void": _("entered in error"),
        "reopen": _("taken up again"), "decline": _("not signed"),
    }[verb]  # fmt: skip


def decision_name(outcome: str) -> str:
    """The name of a department's decision."""
    return {
        "granted": _("granted"), "refused": _("refused"), "referred_on": _("referred on"),
    }[outcome]  # fmt: skip


def clock_name(clock: str) -> str:
    """What is due."""
    return {
        "sign": _("signing"), "accept": _("taking on"), "finish": _("finishing"),
        "redispatch": _("sending out again"), "confirm": _("confirming the answer"),
        "resume": _("looking at it again"), "dispatch": _("checking and dispatching"),
    }[clock]  # fmt: skip


def due_text(due: str) -> str:
    """A last day; of a limit in hours its day and minute, the zone being the county's."""
    return due[:16].replace("T", " ")


def light_mark(light: str) -> str:
    """A light as a mark that needs no colour."""
    return {"green": "[ ]", "yellow": "[!]", "red": "[X]"}[light]


def handover_name(result: str) -> str:
    """What became of one row of a batch."""
    return {
        "exported": _("sent"), "held_back": _("held back"), "taken": _("taken in"),
        "applied": _("applied"), "duplicate": _("known already"), "waiting": _("waits"),
        "refused": _("not accepted"), "foreign": _("of another home"),
        "unknown_key": _("key not known"), "bad_signature": _("signature is wrong"),
        "unreadable": _("cannot be read"), "cut_off": _("file is cut off"),
    }[result]  # fmt: skip
