"""What codes that stand in tables alone are called in both languages.

Machine formats keep the codes. A name that a person types again (a source, a department, a step)
stays as it is in a table too.
"""

from __future__ import annotations

from yimen.core.i18n import _


def unit_name(unit: str) -> str:
    """Whether a programme or a service is for a person or for a household."""
    return {
        "person": _("person"), "household": _("household"), "buyer": _("the buyer"),
    }[unit]  # fmt: skip


def finding_level_name(level: str) -> str:
    """How a finding of `yimen doctor` stands."""
    return {"ok": _("fine"), "warning": _("warning"), "fault": _("to be mended")}[level]


def finding_name(check: str) -> str:
    """What `yimen doctor` looked at; a file's, a source's or a key's name stays as it is."""
    kind, space, name = check.partition(" ")
    known = {
        "disk": _("disk"), "home": _("whose home"), "space": _("disk space"),
        "journal": _("journal"),
        "orphans": _("remains of a load"), "calendar": _("calendar"), "department": _("department"),
        "source": _("source"), "standard": _("standard"), "key": _("key"),
    }.get(kind, kind)  # fmt: skip
    return f"{known}{space}{name}"


def authority_name(authority: str) -> str:
    """By what right a source is read."""
    return {"duty": _("statutory duty"), "consent": _("authorisation")}[authority]


def source_state_name(status: str) -> str:
    """Whether a source can be read today."""
    return {
        "ok": _("usable"),
        "not_loaded": _("not loaded"),
        "stale": _("too old"),
        "no_consent": _("no authorisation"),
    }[status]


def origin_name(origin: str) -> str:
    """Who set a standard's value."""
    return {
        "county": _("county"), "national": _("the state"), "example": _("example"),
        "missing": _("not set"),
    }[origin]  # fmt: skip


def zone_name(zone: str) -> str:
    """A standard's zone."""
    return {"URBAN": _("urban"), "RURAL": _("rural")}.get(zone, zone)


def standard_basis_name(basis: str) -> str:
    """A document's title as it is; what stands for an example has none."""
    return _("example") if basis == "example" else basis


def used_by_name(user: str) -> str:
    """A programme's number as it is, and the two other users of standards in words."""
    return {"purchase": _("purchases"), "referral": _("referrals")}.get(user, user)


def run_kind_name(kind: str) -> str:
    """What a run over the county was for."""
    return {"screen": _("screening"), "check": _("check of cases")}[kind]


def run_state_name(state: str) -> str:
    """How a run stands."""
    return {"running": _("running"), "done": _("done"), "given_up": _("given up")}[state]


def notice_state_name(state: str) -> str:
    """Whether a notice hangs as long as it should."""
    return {
        "posted": _("posted"), "overdue": _("to be taken down"), "taken_down": _("taken down"),
    }[state]  # fmt: skip
