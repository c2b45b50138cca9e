"""What each deed about a purchase asks: its fields, with what the records say of them filled in."""

from __future__ import annotations

from collections.abc import Sequence

from yimen.core.casework.care import NEEDS
from yimen.core.casework.desk import Desk
from yimen.core.casework.purchase import listing
from yimen.core.casework.purchase.rules import law
from yimen.core.i18n import _
from yimen.core.rules.catalogue import Catalogue
from yimen.core.words.people import need_name
from yimen.core.words.purchases import purchase_act_name
from yimen.tui.widgets.fields import Field

POINTS = "points "


def _on() -> Field:
    return Field("on", _("On"), "day", hint=_("empty: today"))


def plan_fields(desk: Desk, catalogue: Catalogue, number: str) -> Sequence[Field]:
    """A new purchase: its title, its lines, its specification."""
    return [
        Field("title", _("Title"), required=True),
        Field("lines", _("Services and quantities"), required=True, hint="A1=480, A2/hour=120"),
        Field("spec", _("What the service must be like")),
    ]


def demand_fields(desk: Desk, catalogue: Catalogue, number: str) -> Sequence[Field]:
    """Step 1."""
    return [
        Field("asked", _("Who was asked, and how"), required=True),
        Field("answers", _("How many answered"), "number", required=True),
        _on(),
    ]


def budget_fields(desk: Desk, catalogue: Catalogue, number: str) -> Sequence[Field]:
    """Step 2."""
    return [
        Field("amount", _("Amount, yuan"), "money", required=True),
        Field("fund", _("Where the money comes from"), required=True),
        Field("document", _("The document that grants it"), required=True),
        Field("indicators", _("What is judged, weights of 100"), required=True,
              hint=_("on time=40, satisfaction=60")),
        _on(),
    ]  # fmt: skip


def method_fields(desk: Desk, catalogue: Catalogue, number: str) -> Sequence[Field]:
    """Steps 3 and 4."""
    methods = {method.method: method.names.text() for method in law().methods}
    alone = "method", frozenset(method.method for method in law().methods if method.grounds)
    grounds = {g.ground: g.names.text() for method in law().methods for g in method.grounds}
    return [
        Field("method", _("How it is purchased"), "choice", choices=methods, required=True),
        Field("approval", _("Approval of another method"), hint=_("a document, or empty")),
        Field("ground", _("Ground of a single source"), "choice", choices=grounds, required=True,
              only_with=alone),
        Field("reason", _("What makes out this ground"), required=True, only_with=alone),
        Field("former", _("The purchase it follows"), only_with=alone,
              hint=_("for more from the same supplier")),
        _on(),
    ]  # fmt: skip


def tender_fields(desk: Desk, catalogue: Catalogue, number: str) -> Sequence[Field]:
    """Step 5: the call for bids."""
    return [Field("closes", _("Last day for bids"), "day", required=True), _on()]


def award_fields(desk: Desk, catalogue: Catalogue, number: str) -> Sequence[Field]:
    """Step 5: evaluation, report and choice, together or one by one."""
    return [
        Field("evaluated", _("Bids evaluated on"), "day"),
        Field("reported", _("Report reached the buyer on"), "day"),
        Field("chosen", _("Supplier chosen on"), "day"),
        Field("supplier", _("The chosen supplier")),
    ]


def what_fields(desk: Desk, catalogue: Catalogue, number: str) -> Sequence[Field]:
    """A challenge, its reply, or what went wrong."""
    return [Field("what", _("What was said or happened"), required=True), _on()]


def contract_fields(desk: Desk, catalogue: Catalogue, number: str) -> Sequence[Field]:
    """Step 6, with the lines as they were planned."""
    found = listing.show_purchase(desk, catalogue, number)
    lines = ", ".join(f"{n.item}/{n.unit}={n.quantity}@" for n in found.lines)
    return [
        Field("supplier", _("The supplier"), value=found.supplier or "", required=True),
        Field("code", _("Its unified social credit code"), required=True),
        Field("lines", _("Lines with the price of one"), value=lines, required=True,
              hint="A1=480@80"),
        Field("from", _("First day of the term"), "day", required=True),
        Field("to", _("Last day of the term"), "day", required=True),
        Field("stable", _("A stable service"), "tick", hint=_("up to three years")),
        Field("paper", _("The signed contract"), "file", required=True,
              hint=_("its file on this server")),
        _on(),
    ]  # fmt: skip


def file_fields(desk: Desk, catalogue: Catalogue, number: str) -> Sequence[Field]:
    """Step 6: the copy for the supervising office."""
    return [_on()]


def order_fields(desk: Desk, catalogue: Catalogue, number: str) -> Sequence[Field]:
    """Step 7: a service for a household."""
    found = listing.show_purchase(desk, catalogue, number)
    known = found.contract.lines if found.contract else []
    lines = ", ".join(f"{line.item}={line.quantity - line.ordered}" for line in known)
    return [
        Field("line", _("Service and quantity"), required=True,
              hint=_("left: {lines}").format(lines=lines) if lines else ""),
        Field("household", _("For the household"), hint=_("H12; empty: office work")),
        Field("member", _("For one member of it"), hint=_("a member's number, or empty")),
        Field("need", _("The need that it answers"), "choice",
              choices={"": _("none"), **{need: need_name(need) for need in NEEDS}}),
        Field("due", _("To be delivered by"), "day", hint=_("empty: the contract's end")),
        Field("note", _("What the supplier should know")),
    ]  # fmt: skip


def publish_fields(desk: Desk, catalogue: Catalogue, number: str) -> Sequence[Field]:
    """Steps 5, 6, 8 and 11: what stands where."""
    words = {what: purchase_act_name(f"publish.{what}")
             for what in ("award", "contract", "acceptance", "result")}  # fmt: skip
    return [
        Field("what", _("What was published"), "choice", choices=words, required=True),
        Field("where", _("Where it stands"), hint=_("an address or a board"), required=True),
        _on(),
    ]


def score_fields(desk: Desk, catalogue: Catalogue, number: str) -> Sequence[Field]:
    """Step 9: points for each indicator of the budget."""
    found = listing.show_purchase(desk, catalogue, number)
    points = [
        Field(f"{POINTS}{n.indicator}", n.indicator, "number", required=True,
              hint=_("points of 100; weight {n}").format(n=n.weight))
        for n in found.indicators
    ]  # fmt: skip
    return [*points, Field("note", _("What the score rests on"))]


def pay_fields(desk: Desk, catalogue: Catalogue, number: str) -> Sequence[Field]:
    """Step 10: a payment is drawn."""
    return [
        Field("lines", _("Only so much of a line"), hint=_("1=5; empty: all that may be paid")),
        Field("reason", _("Why below the pass mark"), hint=_("empty where it is reached")),
    ]


def reason_fields(desk: Desk, catalogue: Catalogue, number: str) -> Sequence[Field]:
    """What ends something needs why."""
    return [Field("reason", _("Reason"), required=True)]


def deliver_fields(desk: Desk, catalogue: Catalogue, number: str) -> Sequence[Field]:
    """Step 7: what is left to be delivered is filled in."""
    order = listing.show_order(desk, catalogue, number)
    return [
        Field("quantity", _("Quantity delivered"), "number",
              value=str(order.quantity - order.delivered), required=True),
        Field("by", _("Received by"), value=order.member_no or "", required=True,
              hint=_("a member's number or a name")),
        Field("paper", _("The signed sheet"), "file", required=True,
              hint=_("its file on this server")),
        _on(),
        Field("note", _("Note")),
    ]  # fmt: skip


def accept_fields(desk: Desk, catalogue: Catalogue, number: str) -> Sequence[Field]:
    """Step 8: what was delivered and not accepted is filled in."""
    order = listing.show_order(desk, catalogue, number)
    # A name that this desk sees masked is not one to sign with.
    signer = order.name if order.name and "*" not in order.name else order.member_no or ""
    return [
        Field("quantity", _("Quantity accepted"), "number",
              value=str(order.delivered - order.accepted), required=True),
        Field("signed", _("Signed by"), value=signer, hint=_("the family's names or numbers")),
        Field("guardian", _("For a minor signed"), hint=_("the guardian's name")),
        Field("unsigned", _("Why nobody could sign")),
        Field("paper", _("The signed sheet"), "file", required=True,
              hint=_("its file on this server")),
        _on(),
    ]  # fmt: skip


def confirm_fields(desk: Desk, catalogue: Catalogue, number: str) -> Sequence[Field]:
    """Step 10: the second person's voucher."""
    return [Field("voucher", _("Number of the voucher"), required=True), _on()]
