"""Steps 9 and 10: the score by the indicators of the budget, then the money, by two persons.

A payment pays for quantities that were accepted before the last score, at the contract's price and
nothing beside; what is drawn is reserved until it is paid or withdrawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from yimen.core.casework.desk import Desk
from yimen.core.casework.household import shown_number
from yimen.core.casework.purchase.reading import (
    add_act,
    contract_of,
    county_number,
    find_purchase,
    past_day,
    said,
    whole,
    working,
)
from yimen.core.casework.purchase.rules import PASS_SCORE, refuse
from yimen.core.errors import BadInput, NotFound, Refused
from yimen.core.i18n import _
from yimen.core.rules.catalogue import Catalogue
from yimen.core.spelling import plain_number
from yimen.core.store import cases, purchases
from yimen.core.store.purchases import Planned, PricedLine


def score(desk: Desk, purchase_no: str, points: Mapping[str, int], *, note: str = "") -> int:
    """Step 9: points of 100 for each indicator of the budget; returns the weighted score.

    It counts for all that was accepted until now; what is accepted later waits for the next one.
    """
    with working(desk, purchase_no, "purchase.contract") as found:
        contract = contract_of(found)
        if not any(line.accepted for line in contract.lines):
            refuse(
                "score_first",
                _("Nothing was accepted under purchase {no} yet.").format(no=found.purchase_no),
                _("Accept what was delivered first: `yimen purchase accept ORDER`."),
            )
        weights = _indicators(found)
        if set(points) != set(weights) or not all(0 <= p <= 100 for p in points.values()):
            raise BadInput(
                _("Every indicator needs its points of 100."),
                next_step=_("Give --points NAME=POINTS for each of: {names}.").format(
                    names=", ".join(weights)
                ),
            )
        reached = sum(weights[name] * given for name, given in points.items()) // 100
        body = {
            "points": dict(points),
            "score": reached,
            "note": said(note, "--note") if note.strip() else "",
            "up_to": purchases.last_acceptance(desk.home.casework),
        }
        add_act(desk, found, "score", past_day(desk, None), body)
    return reached


def _indicators(found: Planned) -> dict[str, int]:
    budget = found.last("budget")
    return dict(budget.body["indicators"]) if budget else {}


def draw(
    desk: Desk,
    catalogue: Catalogue,
    purchase_no: str,
    quantities: Mapping[int, int] | None = None,
    *,
    reason: str = "",
) -> str:
    """Draws a payment and returns its number; a second person confirms it.

    `quantities` maps the contract's line numbers to what is to be paid of them; None pays all that
    may be paid. A score below the county's pass mark needs a `reason`.
    """
    with working(desk, purchase_no, "purchase.pay") as found:
        contract = contract_of(found)
        lines = {line.line_no: line for line in contract.lines}
        for number, quantity in (quantities or {}).items():
            _require_accepted(lines.get(number), number, quantity)
        _require_score(desk, catalogue, found, reason)
        wanted = dict(quantities) if quantities is not None else {
            n: line.scored - line.drawn for n, line in lines.items() if line.scored > line.drawn
        }  # fmt: skip
        if not wanted:
            refuse(
                "accepted_only",
                _("Nothing accepted and scored is left to be paid."),
                _("Accept and score what was delivered since the last payment."),
            )
        for number, quantity in wanted.items():
            _require_scored(lines[number], quantity)
        return _write_payment(desk, found, contract.contract_no, lines, wanted, reason)


def _require_accepted(line: PricedLine | None, number: int, quantity: int) -> None:
    if line is None:
        raise BadInput(
            _("The contract has no line {n}.").format(n=number),
            next_step=_("`yimen purchase show` shows its lines."),
        )
    whole(quantity, "--line")
    if quantity > (accepted := line.accepted - line.drawn):
        refuse(
            "accepted_only",
            _("Of line {n}, {accepted} are accepted and not paid yet, and not {quantity}.").format(
                n=number, accepted=accepted, quantity=quantity
            ),
            _("Pay what was accepted."),
        )


def _require_score(desk: Desk, catalogue: Catalogue, found: Planned, reason: str) -> None:
    last = found.last("score")
    if last is None:
        refuse(
            "score_first",
            _("Purchase {no} has no score yet.").format(no=found.purchase_no),
            _("Record it: `yimen purchase score {no}`.").format(no=found.purchase_no),
        )
    least = county_number(desk, catalogue, PASS_SCORE)
    if last.body["score"] < least and not reason.strip():
        refuse(
            "score_first",
            _("The score is {score}, below the pass mark of {least}.").format(
                score=last.body["score"], least=least
            ),
            _("Have it put right and score again, or say with --reason why it is paid."),
        )


def _require_scored(line: PricedLine, quantity: int) -> None:
    if quantity > (scored := line.scored - line.drawn):
        refuse(
            "score_first",
            _("Of line {n}, {scored} were accepted before the last score, not {quantity}.").format(
                n=line.line_no, scored=scored, quantity=quantity
            ),
            _("Score what was accepted since: `yimen purchase score`."),
        )


def _write_payment(
    desk: Desk,
    found: Planned,
    contract_no: str,
    lines: Mapping[int, PricedLine],
    wanted: Mapping[int, int],
    reason: str,
) -> str:
    db, clock = desk.home.casework, desk.home.clock
    number = cases.next_number(db, "purchase_payment", "payment_no", "F", clock.today().year)
    parts = [(n, quantity, lines[n].unit_price_fen) for n, quantity in sorted(wanted.items())]
    total = sum(quantity * fen for __, quantity, fen in parts)
    purchases.insert(
        db,
        "purchase_payment",
        {"payment_no": number, "purchase_no": found.purchase_no, "contract_no": contract_no,
         "drawn_on": clock.today().isoformat(), "amount_fen": total,
         "reason": said(reason, "--reason") if reason.strip() else "",
         "operator": desk.operator.operator_no, "person_no": desk.operator.person_no,
         "at": clock.now()},
    )  # fmt: skip
    for n, quantity, fen in parts:
        purchases.insert(
            db,
            "payment_line",
            {"payment_no": number, "line_no": n, "quantity": quantity, "unit_price_fen": fen,
             "amount_fen": quantity * fen},
        )  # fmt: skip
    body = {"payment": number, "amount_fen": total, "lines": [list(part) for part in parts]}
    desk.record(db, "purchase.pay", found.purchase_no, body)
    return number


def find_payment(desk: Desk, payment_no: str) -> dict[str, object]:
    """The payment's row; `NotFound` names the listing."""
    rows = purchases.payments(desk.home.casework, payment_no=plain_number(payment_no))
    if not rows:
        raise NotFound(
            _("There is no payment {no}.").format(no=shown_number(payment_no)),
            next_step=_("`yimen purchase payments` shows them."),
        )
    return rows[0]


def confirm(desk: Desk, payment_no: str, *, voucher: str, day: date | None = None) -> None:
    """The second person records that the money went out, with the voucher's number."""
    voucher = said(voucher, "--voucher")
    before = find_payment(desk, payment_no)
    desk.require("purchase.pay", division=_buyer(desk, before))
    on = past_day(desk, day, not_before=str(before["drawn_on"]))
    if before["person_no"] == desk.operator.person_no:
        refuse(
            "two_persons",
            _("You drew payment {no} yourself.").format(no=before["payment_no"]),
            _("Ask another officer to confirm it."),
        )
    _end(desk, before, "paid", on, {"voucher": voucher, "reason": ""})


def withdraw(desk: Desk, payment_no: str, reason: str) -> None:
    """Takes a drawn payment back; its quantities may be drawn again."""
    reason = said(reason, "--reason")
    before = find_payment(desk, payment_no)
    desk.require("purchase.pay", division=_buyer(desk, before))
    _end(desk, before, "withdrawn", past_day(desk, None), {"voucher": "", "reason": reason})


def _buyer(desk: Desk, payment: Mapping[str, object]) -> str:
    return find_purchase(desk.home.casework, str(payment["purchase_no"])).buyer


def _end(
    desk: Desk, payment: Mapping[str, object], end: str, on: str, said_of_it: Mapping[str, str]
) -> None:
    number = str(payment["payment_no"])
    with desk.home.writing() as db:
        now = purchases.payments(db, payment_no=number)[0]
        if now["ended"] is not None:
            raise Refused(
                _("Payment {no} has ended already.").format(no=number),
                next_step=_("`yimen purchase payments` shows how."),
            )
        purchases.insert(
            db,
            "payment_end",
            {"payment_no": number, "end": end, "on_day": on, **said_of_it,
             "operator": desk.operator.operator_no, "person_no": desk.operator.person_no,
             "at": desk.home.clock.now()},
        )  # fmt: skip
        body = {"payment": number, "on": on, "amount_fen": now["amount_fen"], **said_of_it}
        desk.record(db, f"purchase.{end}", str(now["purchase_no"]), body)
