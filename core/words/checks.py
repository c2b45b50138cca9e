"""What a check found: facts, criteria, outcomes, flags."""

from __future__ import annotations

from yimen.core.i18n import _


def status_name(status: str) -> str:
    """How a fact is known, or why it is not."""
    return {
        "hit": _("found"), "no_hit": _("no record"), "mismatch": _("other name"),
        "stale": _("too old"), "not_covered": _("not covered"), "not_loaded": _("not loaded"),
        "no_consent": _("no authorisation"), "denied": _("denied"), "timeout": _("timed out"),
        "declared": _("declared"), "verified": _("verified"),
    }[status]  # fmt: skip


def outcome_name(outcome: str) -> str:
    """The name of a check's outcome."""
    return {
        "eligible": _("qualifies"), "ineligible": _("does not qualify"), "unknown": _("unknown"),
    }[outcome]  # fmt: skip


def result_name(result: str) -> str:
    """A criterion's result in words."""
    return {"pass": _("met"), "fail": _("not met"), "unknown": _("unknown")}[result]


def result_mark(result: str) -> str:
    """A criterion's result as a mark that needs no colour."""
    return {"pass": "[v]", "fail": "[x]", "unknown": "[?]"}[result]


def standing_name(standing: str) -> str:
    """How a household stands to a programme."""
    return {
        "receiving": _("being received"), "entitled": _("qualifies"), "likely": _("likely"),
        "needs_fact": _("a fact is needed"), "not_now": _("not now"),
    }[standing]  # fmt: skip


def flag_name(kind: str) -> str:
    """The name of a flag."""
    return {
        "name_mismatch": _("name differs"), "deceased_beneficiary": _("deceased beneficiary"),
        "undeclared_asset": _("property to be cleared"),
        "declared_conflict": _("declared otherwise"),
        "counted_twice": _("counted twice"), "stale_source": _("extract too old"),
        "duplicate": _("paid twice"), "multi_source": _("two kinds of aid that exclude each other"),
        "missed": _("missed"), "wrongly_kept": _("no longer met"),
        "open_referral": _("open referral"),
    }[kind]  # fmt: skip
