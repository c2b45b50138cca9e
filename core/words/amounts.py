"""What aid is worth: how an amount is set, its period, for whom, by whose standard."""

from __future__ import annotations

from yimen.core.i18n import _


def amount_type_name(kind: str) -> str:
    """How an amount is set: what the law calls its kind."""
    return {
        "DIFF": _("made up to the standard"), "BAND": _("by bands"), "FIXED": _("a fixed sum"),
        "PCT_STD": _("a share of the standard"), "REIMB": _("reimbursed in part"),
        "WAIVER": _("fees reduced or waived"), "PREMIUM": _("a premium paid"),
        "LOAN": _("a loan"), "INKIND": _("service or goods"), "RENT": _("a rent allowance"),
        "CASE": _("set case by case"), "NONE": _("a recognition"),
    }[kind]  # fmt: skip


def per_name(per: str | None) -> str:
    """The period of an amount."""
    return {"once": _("once"), "month": _("a month"), "year": _("a year")}.get(per or "", "")


def unit_name(unit: str) -> str:
    """Whether a programme or a service is for a person or for a household."""
    return {
        "person": _("person"), "household": _("household"), "buyer": _("the buyer"),
    }[unit]  # fmt: skip


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
