"""The steps of a purchase of services, and what was done about it."""

from __future__ import annotations

from yimen.core.i18n import _


def purchase_state_name(state: str) -> str:
    """The name of a purchase's step, of an order's or of a payment's state."""
    return {
        "done": _("done"), "open": _("to be done"), "blocked": _("blocked"),
        "overdue": _("overdue"), "not_needed": _("not needed"), "delivered": _("delivered"),
        "accepted": _("delivered and accepted"),
        "ended": _("ended"), "drawn": _("drawn, to be confirmed"), "paid": _("paid"),
        "withdrawn": _("withdrawn"),
    }[state]  # fmt: skip


def quantity_text(quantity: int, unit: str) -> str:
    """So many of a unit, in its words."""
    return _("{n} {unit}").format(n=quantity, unit=unit)


def purchase_act_name(act: str) -> str:
    """The name of what was done about a purchase."""
    return {
        "demand": _("demand collected"), "budget": _("budget set"), "method": _("method chosen"),
        "tender": _("bids called for"), "evaluated": _("bids evaluated"),
        "reported": _("evaluation reported"), "chosen": _("supplier chosen"),
        "challenged": _("challenged by a supplier"), "replied": _("challenge replied to"),
        "contract": _("contract signed"), "filed": _("contract's copy filed"),
        "accept": _("acceptance of a delivery"), "pay": _("payment confirmed"),
        "incident": _("noted"), "score": _("scored"), "stop": _("stopped"),
        "publish.award": _("award published"), "publish.contract": _("contract published"),
        "publish.acceptance": _("acceptance published"), "publish.result": _("result published"),
    }[act]  # fmt: skip
