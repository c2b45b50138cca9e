"""Steps 1 to 4: demand, budget, catalogue and method. Each act is one transaction with its row.

An act is judged inside the transaction that writes it, on the purchase as it stands there, so that
two officers at once cannot both be right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from yimen.core.casework.desk import Desk
from yimen.core.casework.purchase.forbidden import refuse_not_purchasable
from yimen.core.casework.purchase.grounds import UNGROUNDED, Why, grounded
from yimen.core.casework.purchase.reading import (
    Asked,
    add_act,
    find_item,
    find_unit,
    not_repeated,
    past_day,
    price,
    said,
    whole,
    working,
)
from yimen.core.casework.purchase.rules import method as method_named
from yimen.core.casework.purchase.rules import refuse
from yimen.core.casework.purchase.splitting import limits_of, refuse_splitting
from yimen.core.errors import BadInput, Refused
from yimen.core.i18n import _
from yimen.core.money import format_yuan
from yimen.core.rules.catalogue import Catalogue
from yimen.core.store import cases, purchases
from yimen.core.store.purchases import Planned


def plan(
    desk: Desk,
    catalogue: Catalogue,
    title: str,
    lines: Sequence[Asked],
    *,
    spec: str = "",
    buyer: str | None = None,
) -> str:
    """Opens a purchase with its specification and lines; returns its number.

    `buyer` is a division of 12 digits, the county's own where none is given. Refused where a word
    or an item is on the list of what may not be purchased, or an item is not in the catalogue.
    """
    place = buyer or desk.home.county
    desk.require("purchase.plan", division=place)
    title, spec = said(title, "TITLE"), said(spec, "--spec") if spec.strip() else ""
    refuse_not_purchasable([title, spec])
    if not lines:
        raise BadInput(
            _("A purchase needs at least one line."), next_step=_("Give --line ITEM=QUANTITY.")
        )
    rows = [
        (item.item, find_unit(item, asked.unit).unit, whole(asked.quantity, asked.item))
        for asked in lines
        for item in [find_item(catalogue, asked.item)]
    ]
    not_repeated([row[:2] for row in rows])
    clock = desk.home.clock
    with desk.home.writing() as db:
        number = cases.next_number(db, "purchase", "purchase_no", "G", clock.today().year)
        purchases.insert(
            db,
            "purchase",
            {"purchase_no": number, "title": title, "spec": spec, "buyer": place,
             "planned_on": clock.today().isoformat(), "operator": desk.operator.operator_no,
             "at": clock.now()},
        )  # fmt: skip
        for item, unit, quantity in rows:
            purchases.insert(
                db,
                "purchase_line",
                {"purchase_no": number, "item": item, "unit": unit, "quantity": quantity},
            )
        body = {"title": title, "buyer": place, "lines": [list(row) for row in rows]}
        desk.record(db, "purchase.plan", number, body)
    return number


def record_demand(
    desk: Desk, purchase_no: str, *, asked: str, answers: int, day: date | None = None
) -> None:
    """Step 1: who was asked about the service, how, and how many answered (GPR §15)."""
    asked = said(asked, "--asked")
    if answers < 1:
        refuse(
            "demand_asked",
            _("Nobody has answered."),
            _("Ask the people whom the service is for, then record it."),
        )
    with working(desk, purchase_no, "purchase.plan") as found:
        _before_contract(found)
        add_act(desk, found, "demand", past_day(desk, day), {"asked": asked, "answers": answers})


def demand_needed(catalogue: Catalogue, found: Planned) -> bool:
    """Whether the service is for the public: an item for households, or one not known now."""
    items = catalogue.service_items
    return any(n.item not in items or items[n.item].receiver == "household" for n in found.lines)


def set_budget(
    desk: Desk,
    catalogue: Catalogue,
    purchase_no: str,
    *,
    amount_fen: int,
    fund: str,
    document: str,
    indicators: Mapping[str, int],
    day: date | None = None,
) -> None:
    """Step 2: the money, where it comes from, the document that grants it, what will be judged.

    `indicators` maps what is judged to its weight; the weights add up to 100. Given again before
    the tender, it changes the budget, and the method must be chosen again.
    """
    price(amount_fen, "AMOUNT")
    fund, document = said(fund, "--fund"), said(document, "--document")
    if sum(indicators.values()) != 100 or any(w < 1 for w in indicators.values()):
        raise BadInput(
            _("The weights of the indicators do not add up to 100."),
            next_step=_("Give --indicator NAME=WEIGHT for each."),
        )
    with working(desk, purchase_no, "purchase.plan") as found:
        if demand_needed(catalogue, found) and found.last("demand") is None:
            refuse(
                "demand_asked",
                _("Purchase {no} is for the public, and nobody was asked yet.").format(
                    no=found.purchase_no
                ),
                _("Record it: `yimen purchase demand {no}`.").format(no=found.purchase_no),
            )
        _before_tender(found)
        on = past_day(desk, day)
        judged = {said(name, "--indicator"): weight for name, weight in indicators.items()}
        body = {"amount_fen": amount_fen, "fund": fund, "document": document, "indicators": judged}
        add_act(desk, found, "budget", on, body)


def _before_contract(found: Planned) -> None:
    """Refuses to change what a signed contract rests on."""
    if found.contract is not None:
        refuse(
            "contract_as_awarded",
            _("Purchase {no} has its contract already.").format(no=found.purchase_no),
            _("Plan another purchase for what is needed beyond it."),
        )


def _before_tender(found: Planned) -> None:
    """Refuses to change budget or method once bidders or suppliers rely on them."""
    _before_contract(found)
    if any(found.last(name) for name in ("tender", "evaluated", "chosen")):
        refuse(
            "award_order",
            _("Purchase {no} is out to tender already.").format(no=found.purchase_no),
            _("Stop it with `yimen purchase stop {no}`, and plan it anew.").format(
                no=found.purchase_no
            ),
        )


def require_budget(found: Planned) -> int:
    """The budget in fen; `Refused` before there is one (先有预算后购买)."""
    if found.budget_fen is None:
        refuse(
            "budget_first",
            _("Purchase {no} has no budget yet.").format(no=found.purchase_no),
            _("Record it: `yimen purchase budget {no}`.").format(no=found.purchase_no),
        )
    return found.budget_fen


def choose_method(
    desk: Desk,
    catalogue: Catalogue,
    purchase_no: str,
    name: str,
    *,
    approval: str = "",
    why: Why = UNGROUNDED,
    day: date | None = None,
) -> None:
    """Steps 3 and 4: the lines are in the catalogue, and the method fits the county's limits.

    A single source needs its ground of the law (`why`).

    `approval` names the document by which another method than an open tender was approved above
    the open-tender threshold. Splitting is refused with the purchases that it adds up with.
    """
    chosen = method_named(name)
    with working(desk, purchase_no, "purchase.plan") as found:
        _before_tender(found)
        budget = require_budget(found)
        for line in found.lines:
            find_unit(find_item(catalogue, line.item), line.unit)
        limits = limits_of(desk, catalogue)
        if chosen.free and budget >= limits.service_fen:
            refuse(
                "method_by_limit",
                _("The budget of {budget} yuan is not below the limit of {limit} yuan.").format(
                    budget=format_yuan(budget), limit=format_yuan(limits.service_fen)
                ),
                _("Choose a method of the law."),
            )
        approved = bool(approval.strip())
        if (
            chosen.method != "open_tender"
            and budget >= limits.open_tender_fen
            and not (approved and not chosen.free)
        ):
            refuse(
                "method_by_limit",
                _("From {limit} yuan on it is an open tender, unless another was approved.").format(
                    limit=format_yuan(limits.open_tender_fen)
                ),
                _("Choose open_tender, or name the approval with --approval."),
            )
        if chosen.free:
            refuse_splitting(desk.home.casework, catalogue, found, limits, free=True)
        elif chosen.method != "open_tender" and not approved:
            refuse_splitting(desk.home.casework, catalogue, found, limits, free=False)
        on = past_day(desk, day, not_before=found.day_of("budget"))
        body: dict[str, object] = {
            "method": chosen.method,
            **grounded(desk.home.casework, chosen, budget, why),
        }
        if approved:
            body["approval"] = said(approval, "--approval")
        add_act(desk, found, "method", on, body)


def stop(desk: Desk, purchase_no: str, reason: str) -> None:
    """Gives a purchase up before its contract; it stays on record and counts in no sum."""
    reason = said(reason, "--reason")
    with working(desk, purchase_no, "purchase.plan") as found:
        if found.contract is not None:
            raise Refused(
                _("Purchase {no} has its contract already.").format(no=found.purchase_no),
                next_step=_("End its orders: `yimen purchase cancel ORDER`."),
            )
        add_act(desk, found, "stop", past_day(desk, None), {"reason": reason})
