"""What is to be done next, and how it stands: the worklist, checklists, the monitor."""

from __future__ import annotations

from yimen.core.i18n import _


def work_mark(light: str) -> str:
    """How an item of the worklist stands, as a mark that needs no colour."""
    return {
        "late": "[X]", "soon": "[!]", "returned": "[<]", "answered": "[?]", "open": "[ ]",
        "waiting": "[~]",
    }[light]  # fmt: skip


def work_name(light: str) -> str:
    """What the mark of a worklist's item says."""
    return {
        "late": _("late"), "soon": _("nearly due"), "returned": _("returned"),
        "answered": _("answered"), "open": _("to be done"), "waiting": _("with others"),
    }[light]  # fmt: skip


def step_name(step: str) -> str:
    """What has to be done next with an application or a referral."""
    return {
        "complete": _("complete the papers"), "bring": _("family brings papers"),
        "check": _("check"), "dispatch": _("dispatch"), "sign": _("sign for it"),
        "accept": _("take it on"), "handle": _("handle and answer"),
        "wait": _("with the department"), "resend": _("mend and send again"),
        "confirm": _("confirm the answer"), "resume": _("take it up again"),
        "window": _("with the window"), "countersign": _("to be signed"),
        "signature": _("2nd to sign"),
    }[step]  # fmt: skip


def condition_name(condition: str) -> str:
    """What must hold before a list begins; a step's own name stays as it is."""
    return {
        "application_accepted": _("the acceptance"), "report_filed": _("the report of the check"),
    }.get(condition, condition)  # fmt: skip


def step_state_name(state: str) -> str:
    """How a checklist's step stands."""
    return {
        "done": _("done"), "open": _("to be done"), "blocked": _("waits"), "overdue": _("overdue"),
        "not_needed": _("not needed"),
    }[state]  # fmt: skip


def step_state_mark(state: str) -> str:
    """A step's state as a mark that needs no colour."""
    return {"done": "[v]", "open": "[ ]", "blocked": "[.]", "overdue": "[X]",
            "not_needed": "[-]"}[state]  # fmt: skip


def indicator_name(indicator: str) -> str:
    """What an indicator of the monitor measures."""
    return {
        "on_time": _("limits kept, all departments"), "on_time_sign": _("signed for in time"),
        "on_time_accept": _("taken on in time"), "on_time_finish": _("answered in time"),
        "sent_back": _("referrals sent back"), "told_twice": _("families told of papers twice"),
        "overlaps_settled": _("overlaps settled, of those found"),
        "notice_breach": _("told late of what was due first"),
        "missed_found": _("missed aid found, to new cases"),
        "notices_hung": _("notices up to their last day, and down"),
        "accuracy": _("right in spot checks"), "paid_by_day": _("aid paid by its day"),
        "reviewed_in_time": _("reviews done in time"),
        "satisfaction": _("satisfaction in call-backs"),
        "complaints_upheld": _("complaints upheld"),
        "audit_open": _("audit findings still open"),
        "privacy_incidents": _("incidents of privacy"),
    }[indicator]  # fmt: skip
