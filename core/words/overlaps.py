"""Aid that meets other aid: kinds of overlaps, how they stand, what was done with them."""

from __future__ import annotations

from yimen.core.i18n import _


def overlap_name(kind: str) -> str:
    """The name of an overlap's kind."""
    return {
        "duplicate": _("duplicate aid"), "multi_source": _("multi-source aid"),
        "missed": _("missed aid"), "wrongly_kept": _("wrongly kept aid"),
    }[kind]  # fmt: skip


def overlap_state_name(state: str) -> str:
    """The name of an overlap's state or resolution."""
    return {
        "open": _("to be resolved"), "resolved": _("resolved"), "ended": _("no longer found"),
        "false_hit": _("a false hit"), "disputed": _("disputed"), "confirmed": _("confirmed"),
    }[state]  # fmt: skip


def overlap_act_name(act: str) -> str:
    """What was done with an overlap."""
    return {
        "found": _("found by a run"), "assign": _("assigned"), "resolve": _("resolved"),
        "reopen": _("reopened"), "end": _("no longer found"),
        "override": _("dispatched in spite of it"),
    }[act]  # fmt: skip


def nobody_reason_name(reason: str) -> str:
    """Why a row of aid is nobody's."""
    return {
        "no_number": _("no ID number"), "shared_number": _("several names"),
    }[reason]  # fmt: skip
