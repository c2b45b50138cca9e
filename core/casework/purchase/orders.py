"""Step 7: orders to the supplier, one a household, each against what its contract has left.

An order that cannot be fulfilled, or whose delivery was rejected, is ended with a reason; what was
not accepted under it is free again for others. The supplier has no account: what it reports is
recorded by an officer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from yimen.core.casework.check import rows_of_household
from yimen.core.casework.composition import check_members
from yimen.core.casework.desk import Desk
from yimen.core.casework.household import shown_number
from yimen.core.casework.purchase.reading import (
    Asked,
    add_act,
    contract_of,
    find_item,
    find_purchase,
    past_day,
    running,
    said,
    whole,
    working,
)
from yimen.core.casework.purchase.rules import refuse
from yimen.core.errors import BadInput, NotFound, Refused
from yimen.core.i18n import _
from yimen.core.rules.catalogue import Catalogue
from yimen.core.spelling import plain_number
from yimen.core.store import cases, purchases
from yimen.core.store.purchases import PricedLine, SignedContract
from yimen.core.store.roster import RosterRow
from yimen.core.words.people import need_name


@dataclass(frozen=True)
class ForWhom:
    """The household of an order, one member of it or all, and the assessed need it answers."""

    household_no: str
    member_no: str | None = None
    need: str | None = None


def order(
    desk: Desk,
    catalogue: Catalogue,
    purchase_no: str,
    asked: Asked,
    whom: ForWhom | None,
    *,
    due_on: date | None = None,
    note: str = "",
) -> str:
    """Orders a quantity of one of the contract's lines and returns the order's number.

    `whom` is None for what the office itself receives, such as a training. Refused where the
    contract has less left, is not in its term, or the need was not assessed.
    """
    before = find_purchase(desk.home.casework, purchase_no)
    desk.require("purchase.order")
    rows = _household_rows(desk, catalogue, whom) if whom else []
    division = rows[0][7] if rows else before.buyer
    desk.require("purchase.order", division=division)
    item = find_item(catalogue, asked.item)
    quantity = whole(asked.quantity, item.item)
    if (item.receiver == "household") != (whom is not None):
        raise BadInput(
            _("{item} is ordered for a household.").format(item=item.item)
            if whom is None
            else _("{item} is for the office's own work, not for a household.").format(
                item=item.item
            ),
            next_step=_("Give the household with --household, or leave it out."),
        )
    if whom and whom.need:
        _require_assessed(desk, catalogue, whom.need, _subjects(whom, rows))
    clock = desk.home.clock
    today = clock.today().isoformat()
    with desk.home.writing() as db:
        found = running(db, before.purchase_no)
        contract = contract_of(found)
        line = _line_of(contract, item.item, asked.unit)
        _in_term(contract, today, due_on)
        if (left := line.quantity - line.ordered) < quantity:
            refuse(
                "within_contract",
                _("Of {item}, the contract has {left} left to order and not {quantity}.").format(
                    item=line.item, left=left, quantity=quantity
                ),
                _("Order less, or end an order that is not needed: `yimen purchase cancel ORDER`."),
            )
        number = cases.next_number(db, "service_order", "order_no", "D", clock.today().year)
        row = {
            "order_no": number, "purchase_no": found.purchase_no,
            "contract_no": contract.contract_no, "line_no": line.line_no, "item": line.item,
            "unit": line.unit, "quantity": quantity,
            "household_no": plain_number(whom.household_no) if whom else None,
            "member_no": plain_number(whom.member_no) if whom and whom.member_no else None,
            "need": whom.need if whom else None, "division": division, "ordered_on": today,
            "due_on": due_on.isoformat() if due_on else contract.to_day,
            "note": said(note, "--note") if note.strip() else "",
            "operator": desk.operator.operator_no, "at": clock.now(),
        }  # fmt: skip
        purchases.insert(db, "service_order", row)
        shown = ("household_no", "member_no", "need", "item", "unit", "quantity", "due_on")
        body = {"order": number, **{name: row[name] for name in shown}}
        desk.record(db, "purchase.order", found.purchase_no, body)
    return number


def _household_rows(desk: Desk, catalogue: Catalogue, whom: ForWhom) -> list[RosterRow]:
    """The household's rows in today's register; the member must be in one of them."""
    today = desk.home.clock.today()
    rows = rows_of_household(desk, catalogue, plain_number(whom.household_no), today)
    if whom.member_no:
        check_members([row[1] for row in rows], [plain_number(whom.member_no)])
    return rows


def _subjects(whom: ForWhom, rows: list[RosterRow]) -> list[str]:
    """Whose needs an order may answer: the household's, and its member's or all its members'."""
    members = [plain_number(whom.member_no)] if whom.member_no else [row[1] for row in rows]
    return [plain_number(whom.household_no), *members]


def _require_assessed(desk: Desk, catalogue: Catalogue, need: str, subjects: list[str]) -> None:
    """Refuses to link a need that nobody has assessed as there; an order without one is free."""
    names = {f.fact for f in catalogue.facts.values() if f.need == need}
    if not names:
        needs = {f.need for f in catalogue.facts.values() if f.need}
        raise BadInput(
            _("'{need}' is not a need.").format(need=need[:20]),
            next_step=_("Choose from: {names}.").format(names=", ".join(sorted(needs))),
        )
    facts = cases.recorded_facts(
        desk.home.casework, subjects, until=desk.home.clock.today(), applications=[]
    )
    for (__, fact), values in cases.latest(facts).items():
        if fact in names and values.get("verified", values.get("declared")):
            return
    raise Refused(
        _("The need {need} was not assessed for whom this is ordered.").format(
            need=need_name(need)
        ),
        next_step=_("Record it: `yimen household verify`; or order without --need."),
    )


def _line_of(contract: SignedContract, item: str, unit: str | None) -> PricedLine:
    """The contract's line of an item; the unit where the contract has several."""
    lines = [n for n in contract.lines if n.item == item and unit in (None, n.unit)]
    if not lines:
        refuse(
            "within_contract",
            _("The contract {no} has no {item}.").format(no=contract.contract_no, item=item),
            _("`yimen purchase show` shows its lines."),
        )
    if len(lines) > 1:
        raise BadInput(
            _("The contract has {item} in several units.").format(item=item),
            next_step=_("Name one of: {names}.").format(
                names=", ".join(f"{n.item}/{n.unit}" for n in lines)
            ),
        )
    return lines[0]


def _in_term(contract: SignedContract, today: str, due_on: date | None) -> None:
    due = due_on.isoformat() if due_on else contract.to_day
    if not contract.from_day <= today <= contract.to_day or not today <= due <= contract.to_day:
        refuse(
            "within_contract",
            _("The contract runs from {first} to {last}.").format(
                first=contract.from_day, last=contract.to_day
            ),
            _("Order within its term, and give a last day with --due that lies in it."),
        )


def find_order(desk: Desk, order_no: str, action: str) -> dict[str, object]:
    """The order's row with its sums, once the desk may do the action in its division."""
    desk.require(action)
    rows = purchases.orders(desk.home.casework, order_no=plain_number(order_no))
    if not rows:
        raise NotFound(
            _("There is no order {no}.").format(no=shown_number(order_no)),
            next_step=_("`yimen purchase orders` shows them."),
        )
    desk.require(action, division=str(rows[0]["division"]))
    return rows[0]


def cancel(desk: Desk, order_no: str, reason: str) -> None:
    """Ends an order; what was not accepted under it can be ordered by others again."""
    row = find_order(desk, order_no, "purchase.order")
    reason = said(reason, "--reason")
    number = str(row["order_no"])
    with desk.home.writing() as db:
        now = purchases.orders(db, order_no=number)[0]
        if now["ended_on"] is not None or now["accepted"] >= now["quantity"]:
            raise Refused(
                _("Order {no} has nothing left to be ended.").format(no=number),
                next_step=_("`yimen purchase show {no}` shows it.").format(no=number),
            )
        clock = desk.home.clock
        purchases.insert(
            db,
            "order_end",
            {"order_no": number, "on_day": clock.today().isoformat(), "reason": reason,
             "operator": desk.operator.operator_no, "at": clock.now()},
        )  # fmt: skip
        desk.record(db, "purchase.cancel", str(now["purchase_no"]),
                    {"order": number, "accepted": now["accepted"], "reason": reason})  # fmt: skip


def record_incident(desk: Desk, purchase_no: str, what: str, day: date | None = None) -> None:
    """Notes in the purchase's history what went wrong, or a milestone that was reached."""
    what = said(what, "WHAT")
    with working(desk, purchase_no, "purchase.contract") as found:
        contract = contract_of(found)
        on = past_day(desk, day, not_before=contract.signed_on)
        add_act(desk, found, "incident", on, {"what": what})
