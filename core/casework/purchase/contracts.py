"""Step 6: the contract: after its budget and its award, within both, for one year or up to three.

Its notice and the filing of its copy have their own clocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from yimen.core.casework.desk import Desk
from yimen.core.casework.purchase.grounds import refuse_another_supplier
from yimen.core.casework.purchase.reading import (
    Asked,
    Paper,
    add_act,
    contract_of,
    find_item,
    find_unit,
    not_repeated,
    past_day,
    price,
    said,
    whole,
    working,
)
from yimen.core.casework.purchase.rules import law, refuse
from yimen.core.casework.purchase.tendering import chosen_method
from yimen.core.credit_code import normalise_credit_code
from yimen.core.errors import BadInput
from yimen.core.i18n import _
from yimen.core.money import format_yuan
from yimen.core.rules.catalogue import Catalogue
from yimen.core.store import cases, purchases
from yimen.core.store.purchases import Planned


@dataclass(frozen=True)
class Priced:
    """A contract's line as it was typed, with the price of one unit in fen."""

    asked: Asked
    unit_price_fen: int


@dataclass(frozen=True)
class Term:
    """From which day to which the contract runs; `stable` allows up to three years."""

    from_day: date
    to_day: date
    stable: bool = False


def sign(
    desk: Desk,
    catalogue: Catalogue,
    purchase_no: str,
    *,
    supplier: str,
    supplier_code: str,
    lines: Sequence[Priced],
    term: Term,
    paper: Paper,
    day: date | None = None,
) -> str:
    """Records the signed contract and returns its number.

    Refused before the budget, above it, with another supplier than the chosen one, for what was
    not planned, or for too long a term.
    """
    supplier = said(supplier, "--supplier")
    code = normalise_credit_code(said(supplier_code, "--supplier-code"), "--supplier-code")
    rows = [
        (item.item, find_unit(item, line.asked.unit).unit, whole(line.asked.quantity, item.item),
         price(line.unit_price_fen, item.item))
        for line in lines
        for item in [find_item(catalogue, line.asked.item)]
    ]  # fmt: skip
    not_repeated([row[:2] for row in rows])
    total = sum(quantity * fen for __, __, quantity, fen in rows)
    with working(desk, purchase_no, "purchase.contract") as found:
        chosen = chosen_method(found)
        if found.contract is not None:
            refuse(
                "contract_as_awarded",
                _("Purchase {no} has its contract already.").format(no=found.purchase_no),
                _("Plan another purchase for what is needed beyond it."),
            )
        on = past_day(desk, day)
        _after_the_budget(found, on, total)
        if not chosen.free:
            _as_awarded(found, supplier, on)
        refuse_another_supplier(found, supplier)
        _as_planned(found, rows)
        _fitting_term(desk, term, on)
        number = _write(desk, found, on, (supplier, code), rows, term, paper)
        body = {"contract": number, "supplier": supplier, "total_fen": total,
                "from": term.from_day.isoformat(), "to": term.to_day.isoformat(),
                "paper": paper.sha256, "lines": [list(row) for row in rows]}  # fmt: skip
        desk.record(desk.home.casework, "purchase.contract", found.purchase_no, {"on": on, **body})
    return number


def _after_the_budget(found: Planned, on: str, total: int) -> None:
    granted = found.day_of("budget") or ""
    if on < granted:
        refuse(
            "budget_first",
            _("The contract is of {day}, its budget of {granted}.").format(day=on, granted=granted),
            _("A contract is signed after its budget; check the days."),
        )
    budget = found.budget_fen or 0
    if total > budget:
        refuse(
            "budget_first",
            _("The contract comes to {total} yuan, the budget is {budget} yuan.").format(
                total=format_yuan(total), budget=format_yuan(budget)
            ),
            _("Contract less, or stop the purchase and plan it with another budget."),
        )


def _as_awarded(found: Planned, supplier: str, on: str) -> None:
    chosen = found.last("chosen")
    if chosen is None:
        refuse(
            "contract_as_awarded",
            _("No supplier was chosen for purchase {no} yet.").format(no=found.purchase_no),
            _("Record the award: `yimen purchase award {no}`.").format(no=found.purchase_no),
        )
    if supplier != chosen.body["supplier"]:
        refuse(
            "contract_as_awarded",
            _("'{supplier}' is not the chosen supplier '{chosen}'.").format(
                supplier=supplier, chosen=chosen.body["supplier"]
            ),
            _("Write the name as in the award."),
        )
    if on < chosen.on_day:
        refuse(
            "contract_as_awarded",
            _("The contract is of {day}, the choice of {chosen}.").format(
                day=on, chosen=chosen.on_day
            ),
            _("Check the days."),
        )


def _as_planned(found: Planned, rows: Sequence[tuple[str, str, int, int]]) -> None:
    """Refuses a line that was not asked for, or more of it than was asked for."""
    if not rows:
        raise BadInput(
            _("A contract needs at least one line."),
            next_step=_("Give --line ITEM=QUANTITY@PRICE."),
        )
    planned = {(line.item, line.unit): line.quantity for line in found.lines}
    for item, unit, quantity, __ in rows:
        if quantity > planned.get((item, unit), 0):
            refuse(
                "contract_as_awarded",
                _("Of {item} in '{unit}', {planned} were asked for and not {quantity}.").format(
                    item=item, unit=unit, planned=planned.get((item, unit), 0), quantity=quantity
                ),
                _("Contract what was asked for, or plan another purchase."),
            )


def _fitting_term(desk: Desk, term: Term, on: str) -> None:
    """Refuses a term that ends before it begins, began before the signature, or is too long."""
    if term.to_day < term.from_day:
        raise BadInput(
            _("The last day lies before the first."), next_step=_("Check --from and --to.")
        )
    if term.from_day.isoformat() < on:
        refuse(
            "within_contract",
            _("The term would begin on {day}, before the contract of {on}.").format(
                day=term.from_day, on=on
            ),
            _("Give a first day with --from that is not before the signature."),
        )
    limit = law().stable_term if term.stable else law().term
    last = desk.calendar.add(term.from_day, limit.n, "MO", roll_over=False).due - timedelta(days=1)
    if term.to_day > last:
        refuse(
            "contract_term",
            _("The contract would run to {day}; its last day may be {last}.").format(
                day=term.to_day, last=last
            ),
            _("Shorten it, or give --stable for a stable service of up to three years."),
        )


def _write(
    desk: Desk,
    found: Planned,
    on: str,
    supplier: tuple[str, str],
    rows: Sequence[tuple[str, str, int, int]],
    term: Term,
    paper: Paper,
) -> str:
    db, clock = desk.home.casework, desk.home.clock
    number = cases.next_number(db, "purchase_contract", "contract_no", "K", clock.today().year)
    purchases.insert(
        db,
        "purchase_contract",
        {"contract_no": number, "purchase_no": found.purchase_no, "supplier": supplier[0],
         "supplier_code": supplier[1], "signed_on": on, "from_day": term.from_day.isoformat(),
         "to_day": term.to_day.isoformat(), "stable": int(term.stable), "paper_name": paper.name,
         "paper_sha256": paper.sha256, "operator": desk.operator.operator_no, "at": clock.now()},
    )  # fmt: skip
    for line_no, (item, unit, quantity, fen) in enumerate(rows, 1):
        purchases.insert(
            db,
            "contract_line",
            {"contract_no": number, "line_no": line_no, "item": item, "unit": unit,
             "quantity": quantity, "unit_price_fen": fen},
        )  # fmt: skip
    purchases.add_act(db, found.purchase_no, "contract", on, clock.now(),
                      desk.operator.operator_no, {"contract": number})  # fmt: skip
    return number


def file_copy(desk: Desk, purchase_no: str, day: date | None = None) -> None:
    """Records that the contract's copy was filed with the supervising office (GPL §47)."""
    with working(desk, purchase_no, "purchase.contract") as found:
        signed = contract_of(found)
        on = past_day(desk, day, not_before=signed.signed_on)
        add_act(desk, found, "filed", on, {"contract": signed.contract_no})
