"""What county IT looks after: sources, runs, extracts, the findings of `yimen doctor`."""

from __future__ import annotations

from yimen.core.i18n import _


def source_state_name(status: str) -> str:
    """Whether a source can be read today."""
    return {
        "ok": _("usable"),
        "not_loaded": _("not loaded"),
        "stale": _("too old"),
        "no_consent": _("no authorisation"),
    }[status]


def run_kind_name(kind: str) -> str:
    """What a run over the county was for."""
    return {"screen": _("screening"), "check": _("check of cases")}[kind]


def run_state_name(state: str) -> str:
    """How a run stands."""
    return {"running": _("running"), "done": _("done"), "given_up": _("given up")}[state]


def kept_because(reason: str) -> str:
    """Why an extract or a run is kept."""
    return {
        "newest": _("one of the newest"), "recent": _("recent"),
        "report": _("a filed report cites it"), "run": _("a kept run cites it"),
        "overlap": _("an open overlap cites it"), "at_work": _("not finished"),
        "in_use": _("somebody is looking at it"),
    }[reason]  # fmt: skip


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
