"""What may be done about a purchase, an order or a payment: its words, its fields, what it calls.

Whether it may be done now is judged by the casework; here is only what has to be asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from yimen.core.casework.desk import Desk
from yimen.core.casework.finding import find_number
from yimen.core.casework.purchase import (
    acceptance,
    contracts,
    grounds,
    listing,
    orders,
    payment,
    planning,
    publishing,
    tendering,
    typed,
)
from yimen.core.clock import parse_date
from yimen.core.errors import BadInput
from yimen.core.i18n import _
from yimen.core.money import format_yuan, parse_yuan
from yimen.core.rules.catalogue import Catalogue
from yimen.core.spelling import plain_number
from yimen.tui.screens import asked
from yimen.tui.widgets.fields import Field

Answers = Mapping[str, str]
# What separates several lines in one field, as either keyboard types it.
_BETWEEN = re.compile(r"[,;，；、]")


@dataclass(frozen=True)
class Deed:
    """One deed: its permission, its fields, and the call, which tells what was recorded."""

    permission: str
    act: Callable[[Desk, Catalogue, str, Answers], str]
    fields: Callable[[Desk, Catalogue, str], Sequence[Field]]
    sure: bool = False


def _parts(text: str) -> list[str]:
    return [part.strip() for part in _BETWEEN.split(text) if part.strip()]


def _day(text: str) -> date | None:
    return parse_date(text) if text else None


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise BadInput(
            _("'{text}' is no whole number.").format(text=text[:20]), next_step=_("Type digits.")
        )
    return int(text)


def _plan(desk: Desk, catalogue: Catalogue, number: str, given: Answers) -> str:
    lines = [typed.asked(line) for line in _parts(given["lines"])]
    return planning.plan(desk, catalogue, given["title"], lines, spec=given["spec"])


def _demand(desk: Desk, catalogue: Catalogue, number: str, given: Answers) -> str:
    planning.record_demand(
        desk, number, asked=given["asked"], answers=_whole(given["answers"]), day=_day(given["on"])
    )
    return _("the demand is recorded.")


def _budget(desk: Desk, catalogue: Catalogue, number: str, given: Answers) -> str:
    planning.set_budget(
        desk, catalogue, number, amount_fen=parse_yuan(given["amount"]), fund=given["fund"],
        document=given["document"], day=_day(given["on"]),
        indicators=typed.numbers(_parts(given["indicators"]), "NAME=WEIGHT"),
    )  # fmt: skip
    return _("the budget is recorded.")


def _method(desk: Desk, catalogue: Catalogue, number: str, given: Answers) -> str:
    planning.choose_method(
        desk, catalogue, number, given["method"], approval=given["approval"],
        why=grounds.Why(given["ground"], given["reason"], given["former"]), day=_day(given["on"]),
    )  # fmt: skip
    return _("the method is recorded.")


def _tender(desk: Desk, catalogue: Catalogue, number: str, given: Answers) -> str:
    tendering.call_for_bids(
        desk, number, closes_on=parse_date(given["closes"]), day=_day(given["on"])
    )
    return _("the call for bids is recorded.")


def _award(desk: Desk, catalogue: Catalogue, number: str, given: Answers) -> str:
    tendering.award(
        desk, number, supplier=given["supplier"], evaluated_on=_day(given["evaluated"]),
        reported_on=_day(given["reported"]), chosen_on=_day(given["chosen"]),
    )  # fmt: skip
    return _("the award is recorded.")


def _challenge(desk: Desk, catalogue: Catalogue, number: str, given: Answers) -> str:
    tendering.challenge(desk, number, given["what"], day=_day(given["on"]))
    return _("the challenge is recorded.")


def _reply(desk: Desk, catalogue: Catalogue, number: str, given: Answers) -> str:
    tendering.reply(desk, number, given["what"], day=_day(given["on"]))
    return _("the reply is recorded.")


def _contract(desk: Desk, catalogue: Catalogue, number: str, given: Answers) -> str:
    made = contracts.sign(
        desk, catalogue, number, supplier=given["supplier"], supplier_code=given["code"],
        lines=[typed.priced(line) for line in _parts(given["lines"])],
        term=contracts.Term(
            parse_date(given["from"]), parse_date(given["to"]), bool(given["stable"])
        ),
        paper=typed.paper(Path(given["paper"]).expanduser()), day=_day(given["on"]),
    )  # fmt: skip
    return _("contract {no} is recorded.").format(no=made)


def _file(desk: Desk, catalogue: Catalogue, number: str, given: Answers) -> str:
    contracts.file_copy(desk, number, _day(given["on"]))
    return _("the filing is recorded.")


def _household(desk: Desk, text: str) -> str:
    found = find_number(desk, text)
    if found.kind != "household":
        raise BadInput(
            _("'{text}' is no household.").format(text=found.number),
            next_step=_("Type its number, such as H12."),
        )
    return found.number


def _order(desk: Desk, catalogue: Catalogue, number: str, given: Answers) -> str:
    household = _household(desk, given["household"]) if given["household"] else ""
    whom = (
        orders.ForWhom(household, plain_number(given["member"]) or None, given["need"] or None)
        if household
        else None
    )
    made = orders.order(
        desk, catalogue, number, typed.asked(given["line"]), whom, due_on=_day(given["due"]),
        note=given["note"],
    )  # fmt: skip
    return _("order {no} is recorded.").format(no=made)


def _incident(desk: Desk, catalogue: Catalogue, number: str, given: Answers) -> str:
    orders.record_incident(desk, number, given["what"], _day(given["on"]))
    return _("noted.")


def _publish(desk: Desk, catalogue: Catalogue, number: str, given: Answers) -> str:
    publishing.publish(desk, number, given["what"], where=given["where"], day=_day(given["on"]))
    return _("the publication is recorded.")


def _score(desk: Desk, catalogue: Catalogue, number: str, given: Answers) -> str:
    points = {name.removeprefix(asked.POINTS): _whole(said)
              for name, said in given.items() if name.startswith(asked.POINTS)}  # fmt: skip
    reached = payment.score(desk, number, points, note=given["note"])
    return _("the score is {score} of 100.").format(score=reached)


def _pay(desk: Desk, catalogue: Catalogue, number: str, given: Answers) -> str:
    lines = typed.line_numbers(_parts(given["lines"])) or None
    drawn = payment.draw(desk, catalogue, number, lines, reason=given["reason"])
    return _("payment {no} of {amount} yuan is drawn; another person confirms it.").format(
        no=drawn, amount=format_yuan(listing.show_payment(desk, drawn).amount_fen)
    )


def _stop(desk: Desk, catalogue: Catalogue, number: str, given: Answers) -> str:
    planning.stop(desk, number, given["reason"])
    return _("stopped.")


def _deliver(desk: Desk, catalogue: Catalogue, number: str, given: Answers) -> str:
    made = acceptance.deliver(
        desk, catalogue, number, quantity=_whole(given["quantity"]), received_by=given["by"],
        paper=typed.paper(Path(given["paper"]).expanduser()), day=_day(given["on"]),
        note=given["note"],
    )  # fmt: skip
    return _("delivery {no} is recorded.").format(no=made)


def _accept(desk: Desk, catalogue: Catalogue, number: str, given: Answers) -> str:
    made = acceptance.accept(
        desk, catalogue, number, quantity=_whole(given["quantity"]),
        signed_by=_parts(given["signed"]), guardian=given["guardian"],
        unsigned_reason=given["unsigned"],
        paper=typed.paper(Path(given["paper"]).expanduser()), day=_day(given["on"]),
    )  # fmt: skip
    return _("acceptance {no} is recorded.").format(no=made)


def _cancel(desk: Desk, catalogue: Catalogue, number: str, given: Answers) -> str:
    orders.cancel(desk, number, given["reason"])
    return _("ended.")


def _confirm(desk: Desk, catalogue: Catalogue, number: str, given: Answers) -> str:
    payment.confirm(desk, number, voucher=given["voucher"], day=_day(given["on"]))
    return _("the payment is confirmed.")


def _withdraw(desk: Desk, catalogue: Catalogue, number: str, given: Answers) -> str:
    payment.withdraw(desk, number, given["reason"])
    return _("the payment is withdrawn.")


DEEDS: dict[str, Deed] = {
    "plan": Deed("purchase.plan", _plan, asked.plan_fields),
    "demand": Deed("purchase.plan", _demand, asked.demand_fields),
    "budget": Deed("purchase.plan", _budget, asked.budget_fields),
    "method": Deed("purchase.plan", _method, asked.method_fields),
    "tender": Deed("purchase.plan", _tender, asked.tender_fields),
    "award": Deed("purchase.plan", _award, asked.award_fields),
    "challenge": Deed("purchase.plan", _challenge, asked.what_fields),
    "reply": Deed("purchase.plan", _reply, asked.what_fields),
    "contract": Deed("purchase.contract", _contract, asked.contract_fields),
    "file": Deed("purchase.contract", _file, asked.file_fields),
    "order": Deed("purchase.order", _order, asked.order_fields),
    "incident": Deed("purchase.contract", _incident, asked.what_fields),
    "publish": Deed("purchase.contract", _publish, asked.publish_fields),
    "score": Deed("purchase.contract", _score, asked.score_fields),
    "pay": Deed("purchase.pay", _pay, asked.pay_fields),
    "stop": Deed("purchase.plan", _stop, asked.reason_fields, sure=True),
    "deliver": Deed("purchase.accept", _deliver, asked.deliver_fields),
    "accept": Deed("purchase.accept", _accept, asked.accept_fields),
    "cancel": Deed("purchase.order", _cancel, asked.reason_fields, sure=True),
    "confirm": Deed("purchase.pay", _confirm, asked.confirm_fields),
    "withdraw": Deed("purchase.pay", _withdraw, asked.reason_fields, sure=True),
}

# kind of number -> its deeds, in the order of the steps
DEEDS_OF: dict[str, tuple[str, ...]] = {
    "purchase": tuple(name for name in DEEDS if name not in ("plan", "deliver", "accept", "cancel",
                                                             "confirm", "withdraw")),
    "order": ("deliver", "accept", "cancel"),
    "payment": ("confirm", "withdraw"),
}  # fmt: skip


def deed_label(name: str) -> str:
    """What the operator is about to do."""
    return {
        "plan": _("New purchase"), "demand": _("Record the demand"), "budget": _("Set the budget"),
        "method": _("Choose the method"), "tender": _("Call for bids"),
        "award": _("Record the award"), "challenge": _("Supplier's challenge"),
        "reply": _("Reply to a challenge"), "contract": _("Record the contract"),
        "file": _("Contract's copy filed"), "order": _("Order a service"),
        "incident": _("Note what happened"), "publish": _("Record a publication"),
        "score": _("Score the service"), "pay": _("Draw a payment"),
        "stop": _("Give the purchase up"), "deliver": _("Record a delivery"),
        "accept": _("Record an acceptance"), "cancel": _("End the order"),
        "confirm": _("Confirm the payment"), "withdraw": _("Take the payment back"),
    }[name]  # fmt: skip
