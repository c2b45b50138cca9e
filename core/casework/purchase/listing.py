"""Purchases, orders and payments as lists and one by one; every reading of a name is journalled.

Purchases and payments are public in the end and hold no person; orders show their households'
numbers within the operator's division, and a name only as the role may see it.
"""

from __future__ import annotations

import json
from typing import Any

from msgspec import structs

from yimen.core.casework.desk import NAMED_ROLES, Desk
from yimen.core.casework.purchase.orders import find_order
from yimen.core.casework.purchase.payment import find_payment
from yimen.core.casework.purchase.reading import find_purchase, item_name, unit_name
from yimen.core.casework.purchase.rules import NotPurchasable, law
from yimen.core.casework.purchase.rules import method as method_named
from yimen.core.casework.purchase.splitting import alike_before, limits_of
from yimen.core.casework.purchase.steps import step_facts
from yimen.core.casework.selecting import current_roster
from yimen.core.divisions import scope_prefix
from yimen.core.errors import Refused
from yimen.core.i18n import _
from yimen.core.identity import mask_name
from yimen.core.money import format_yuan
from yimen.core.purchase_records import (
    Acceptance,
    Contract,
    ContractLine,
    Delivery,
    Indicator,
    Payment,
    PaymentLine,
    PaymentPart,
    PlannedLine,
    Purchase,
    PurchaseAct,
    PurchaseLine,
    Score,
    ServiceOrder,
    ServiceOrderLine,
    StepFact,
)
from yimen.core.rules.catalogue import Catalogue
from yimen.core.spelling import plain_number
from yimen.core.store import purchases, roster
from yimen.core.store.purchases import Planned, SignedContract


def not_purchasable() -> list[NotPurchasable]:
    """What may not be purchased as a service, with the words that show it."""
    return law().not_purchasable


def purchase_lines(
    desk: Desk, catalogue: Catalogue, *, open_only: bool = False, buyer: str | None = None
) -> list[PurchaseLine]:
    """All purchases with the step that each stands at, oldest first."""
    desk.require("purchase.read")
    lines = [
        _line(found, step_facts(desk, catalogue, found))
        for found in purchases.every(desk.home.casework, buyer)
    ]
    return [line for line in lines if not open_only or line.step is not None]


def _line(found: Planned, steps: list[StepFact]) -> PurchaseLine:
    signed = found.contract
    lines = signed.lines if signed else []
    left = [s for s in steps if s.state in ("open", "overdue", "blocked")]
    now = None if found.stopped or not left else left[0]
    return PurchaseLine(
        purchase_no=found.purchase_no,
        title=found.title,
        buyer=found.buyer,
        items=list(dict.fromkeys(n.item for n in found.lines)),
        method=found.method,
        supplier=found.supplier,
        budget_fen=found.budget_fen,
        contract_fen=signed.total_fen if signed else None,
        accepted_fen=sum(n.accepted * n.unit_price_fen for n in lines),
        paid_fen=sum(n.paid * n.unit_price_fen for n in lines),
        score=score.body["score"] if (score := found.last("score")) else None,
        step=now.step if now else None,
        state=now.state if now else None,
        due_on=min((s.due_on for s in left if s.due_on), default=None) if now else None,
        overdue=not found.stopped and any(s.state == "overdue" for s in steps),
        stopped=found.stopped,
    )


def show_purchase(desk: Desk, catalogue: Catalogue, purchase_no: str) -> Purchase:
    """A purchase as a whole; it holds no person."""
    desk.require("purchase.read")
    db = desk.home.casework
    found = find_purchase(db, purchase_no)
    steps = step_facts(desk, catalogue, found)
    budget = found.last("budget")
    return Purchase(
        **structs.asdict(_line(found, steps)),
        spec=found.spec,
        lines=[
            PlannedLine(
                item=n.item,
                name=item_name(catalogue, n.item),
                unit=n.unit,
                unit_name=unit_name(catalogue, n.item, n.unit),
                quantity=n.quantity,
            )
            for n in found.lines
        ],
        fund=str(budget.body["fund"]) if budget else None,
        indicators=[
            Indicator(indicator=k, weight=v)
            for k, v in (budget.body["indicators"] if budget else {}).items()
        ],
        contract=_contract(catalogue, found.contract) if found.contract else None,
        scores=[
            Score(on_day=a.on_day, operator=a.operator, points=a.body["points"],
                  score=a.body["score"], note=a.body["note"])
            for a in found.acts
            if a.act == "score"
        ],
        payments=[_payment_line(p) for p in purchases.payments(db, purchase_no=found.purchase_no)],
        steps=steps,
        history=[PurchaseAct(act=a.act, on_day=a.on_day, at=a.at, operator=a.operator, body=a.body)
                 for a in found.acts],
        remarks=_remarks(desk, catalogue, found, steps),
    )  # fmt: skip


def _contract(catalogue: Catalogue, signed: SignedContract) -> Contract:
    values = structs.asdict(signed)
    lines = [
        ContractLine(
            **{k: v for k, v in structs.asdict(n).items() if k not in ("undelivered", "waiting")},
            name=item_name(catalogue, n.item),
            unit_name=unit_name(catalogue, n.item, n.unit),
        )
        for n in signed.lines
    ]
    return Contract(**{**values, "lines": lines}, total_fen=signed.total_fen)


def _remarks(desk: Desk, catalogue: Catalogue, found: Planned, steps: list[StepFact]) -> list[str]:
    """Late acts, alike purchases of these months, and limits that nobody has confirmed."""
    remarks = [
        _("{clock}: due on {due}, done on {done}").format(
            clock=c.name, due=c.due_on, done=c.done_on
        )
        if c.done_on
        else _("{clock}: due on {due}, not done yet").format(clock=c.name, due=c.due_on)
        for step in steps
        for c in step.clocks
        if c.overdue
    ]
    if found.budget_fen is None or (found.method and not method_named(found.method).free):
        return remarks
    try:
        limits = limits_of(desk, catalogue)
    except Refused as missing:
        return [*remarks, str(missing)]
    others = alike_before(desk.home.casework, catalogue, found, limits.months, free=True)
    if others:
        total = found.budget_fen + sum(other.budget_fen or 0 for other in others)
        remarks.append(
            _("Alike purchases below the limit in {months} months: {others}; {total} yuan.").format(
                months=limits.months,
                others=", ".join(other.purchase_no for other in others),
                total=format_yuan(total),
            )
        )
    return remarks


# -- orders --------------------------------------------------------------------------------------


def order_lines(
    desk: Desk,
    *,
    purchase_no: str | None = None,
    household_no: str | None = None,
    need: str | None = None,
    state: str | None = None,
) -> list[ServiceOrderLine]:
    """Orders within the operator's division, oldest first; the reading is journalled."""
    desk.require("purchase.read")
    prefix = scope_prefix(desk.operator.division)
    today = desk.home.clock.today().isoformat()
    lines = [
        ServiceOrderLine(**_order_values(row, today))
        for row in purchases.orders(
            desk.home.casework,
            purchase_no=plain_number(purchase_no) if purchase_no else None,
            household_no=plain_number(household_no) if household_no else None,
            need=need,
            prefix=prefix,
        )
    ]
    found = [line for line in lines if state in (None, line.state)]
    desk.record_reading("purchase.orders", purchase_no or "all", {"rows": len(found)})
    return found


_ORDER_FIELDS = (
    "order_no", "purchase_no", "contract_no", "line_no", "item", "unit", "quantity",
    "household_no", "member_no", "need", "division", "ordered_on", "due_on", "delivered",
    "accepted",
)  # fmt: skip


def _order_values(row: dict[str, Any], today: str) -> dict[str, Any]:
    if row["ended_on"] is not None:
        state = "ended"
    elif row["accepted"] == row["quantity"]:
        state = "accepted"
    else:
        state = "delivered" if row["delivered"] == row["quantity"] else "open"
    overdue = state == "open" and row["due_on"] < today
    return {**{name: row[name] for name in _ORDER_FIELDS}, "state": state, "overdue": overdue}


def show_order(desk: Desk, catalogue: Catalogue, order_no: str) -> ServiceOrder:
    """An order with its deliveries and acceptances; the reading is journalled."""
    row: dict[str, Any] = find_order(desk, order_no, "purchase.read")
    db, number = desk.home.casework, row["order_no"]
    named = not NAMED_ROLES.isdisjoint(desk.operator.roles)
    shown = ServiceOrder(
        **_order_values(row, desk.home.clock.today().isoformat()),
        name=_name(desk, catalogue, row["member_no"], named=named),
        supplier=row["supplier"],
        note=row["note"],
        end_reason=row["end_reason"],
        deliveries=[
            Delivery(
                **{k: d[k] for k in ("delivery_no", "quantity", "delivered_on", "note",
                                     "paper_name", "paper_sha256", "operator")},
                received_by=_as_seen(d["received_by"], named=named),
            )
            for d in purchases.deliveries(db, number)
        ],
        acceptances=[
            Acceptance(
                **{k: a[k] for k in ("acceptance_no", "quantity", "accepted_on", "unsigned_reason",
                                     "paper_name", "paper_sha256", "operator")},
                signed_by=[_as_seen(s, named=named) for s in json.loads(a["signed_by"])],
            )
            for a in purchases.acceptances(db, number)
        ],
    )  # fmt: skip
    desk.record_reading("purchase.order.show", number, {})
    return shown


def _as_seen(who: str, *, named: bool) -> str:
    """A member's number as it is, a name as the role may see it."""
    return who if named or (who[:1] == "M" and who[1:].isdigit()) else mask_name(who)


def _name(desk: Desk, catalogue: Catalogue, member_no: str | None, *, named: bool) -> str | None:
    if member_no is None:
        return None
    table = current_roster(desk, catalogue, desk.home.clock.today())
    rows = roster.find_rows(desk.home, table, "member_no", [member_no])
    if not rows:
        return None
    return rows[0][3] if named else mask_name(rows[0][3])


# -- payments ------------------------------------------------------------------------------------


def payment_lines(desk: Desk, *, purchase_no: str | None = None) -> list[PaymentLine]:
    """Payments, oldest first."""
    desk.require("purchase.read")
    number = plain_number(purchase_no) if purchase_no else None
    return [_payment_line(p) for p in purchases.payments(desk.home.casework, purchase_no=number)]


def show_payment(desk: Desk, payment_no: str) -> Payment:
    """A payment with the quantities that it pays for."""
    desk.require("purchase.read")
    row: dict[str, Any] = find_payment(desk, payment_no)
    parts = purchases.payment_parts(desk.home.casework, row["payment_no"])
    return Payment(
        **structs.asdict(_payment_line(row)), parts=[PaymentPart(**part) for part in parts]
    )


def _payment_line(row: dict[str, Any]) -> PaymentLine:
    return PaymentLine(
        payment_no=row["payment_no"],
        purchase_no=row["purchase_no"],
        contract_no=row["contract_no"],
        drawn_on=row["drawn_on"],
        amount_fen=row["amount_fen"],
        state=row["ended"] or "drawn",
        drawn_by=row["operator"],
        ended_by=row["ended_by"],
        ended_on=row["ended_on"],
        voucher=row["voucher"],
        reason=row["end_reason"] or row["reason"],
    )
