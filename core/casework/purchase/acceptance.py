"""Steps 7 and 8: what was delivered, with its evidence, and what those who were served accept.

The evidence's file is hashed, not kept. Nothing is accepted that was not delivered, and nothing
without a signature of somebody served, or the reason why nobody could sign (GPR §45).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date

from yimen.core.casework.composition import check_members
from yimen.core.casework.desk import Desk
from yimen.core.casework.papers import is_minor
from yimen.core.casework.purchase.orders import find_order
from yimen.core.casework.purchase.reading import (
    Paper,
    contract_of,
    find_purchase,
    past_day,
    said,
    whole,
)
from yimen.core.casework.purchase.rules import refuse
from yimen.core.casework.selecting import current_roster
from yimen.core.errors import BadInput
from yimen.core.i18n import _
from yimen.core.rules.catalogue import Catalogue
from yimen.core.spelling import plain_number
from yimen.core.store import cases, purchases, roster

MEMBER = re.compile(r"[Mm]\d{7,}\Z")


def deliver(
    desk: Desk,
    catalogue: Catalogue,
    order_no: str,
    *,
    quantity: int,
    received_by: str,
    paper: Paper,
    day: date | None = None,
    note: str = "",
) -> str:
    """Records a delivery and returns its number; never more than was ordered.

    `received_by` is a member's number or a name. One paper proves one delivery of an order.
    """
    row = find_order(desk, order_no, "purchase.order")
    whole(quantity, "--quantity")
    received_by = said(received_by, "--received-by")
    if MEMBER.match(plain_number(received_by)):
        received_by = plain_number(received_by)
        check_members(list(_members(desk, catalogue, row)), [received_by])
    on = past_day(desk, day, not_before=str(row["ordered_on"]))
    number = str(row["order_no"])
    clock = desk.home.clock
    with desk.home.writing() as db:
        now = purchases.orders(db, order_no=number)[0]
        left = 0 if now["ended_on"] else now["quantity"] - now["delivered"]
        if quantity > left:
            refuse(
                "within_contract",
                _("Order {no} has {left} left to deliver and not {quantity}.").format(
                    no=number, left=left, quantity=quantity
                ),
                _("Record what was ordered; order more first: `yimen purchase order`."),
            )
        last = contract_of(find_purchase(db, now["purchase_no"])).to_day
        if on > last:
            refuse(
                "within_contract",
                _("The contract ended on {last}, and this was delivered on {day}.").format(
                    last=last, day=on
                ),
                _("What comes after its term belongs to another contract."),
            )
        for earlier in purchases.deliveries(db, number):
            if earlier["paper_sha256"] == paper.sha256:
                raise BadInput(
                    _("This paper is the evidence of delivery {no} already.").format(
                        no=earlier["delivery_no"]
                    ),
                    where=paper.name,
                    next_step=_("Give the paper of this delivery."),
                )
        made = cases.next_number(db, "service_delivery", "delivery_no", "L", clock.today().year)
        purchases.insert(
            db,
            "service_delivery",
            {"delivery_no": made, "order_no": number, "quantity": quantity, "delivered_on": on,
             "received_by": received_by, "note": said(note, "--note") if note.strip() else "",
             "paper_name": paper.name, "paper_sha256": paper.sha256,
             "operator": desk.operator.operator_no, "at": clock.now()},
        )  # fmt: skip
        body = {"delivery": made, "quantity": quantity, "on": on, "paper": paper.sha256}
        desk.record(db, "purchase.deliver", number, body)
    return made


def _members(desk: Desk, catalogue: Catalogue, row: dict[str, object]) -> dict[str, str]:
    """Who may receive or sign: the household's members today, and the one it was ordered for.

    member_no -> name, empty where the register no longer holds it.
    """
    if row["household_no"] is None:
        return {}
    table = current_roster(desk, catalogue, desk.home.clock.today())
    rows = roster.find_rows(desk.home, table, "household_no", [str(row["household_no"])])
    own = {str(row["member_no"]): ""} if row["member_no"] else {}
    return own | {found[1]: found[3] for found in rows}


def _signer(members: Mapping[str, str], said_as: str) -> str:
    """The member who signed, by number or by the name on the sheet; one of a family has it."""
    called = [number for number, name in members.items() if name and name == said_as.strip()]
    if len(called) > 1:
        raise BadInput(
            _("{n} people of this household have this name.").format(n=len(called)),
            next_step=_("Give the number of the one who signed: {numbers}.").format(
                numbers=_(", ").join(called)
            ),
            field="signed",
        )
    return called[0] if called else plain_number(said_as)


def _for_minors(
    desk: Desk, catalogue: Catalogue, signers: Sequence[str], guardian: str
) -> list[str]:
    """Who signed for the minors among the signers (Civil Code §19, §23); refused where nobody did.

    A member whose birth is not known counts as an adult, as for every other signature.
    """
    table = current_roster(desk, catalogue, desk.home.clock.today())
    born = {row[1]: row[5] for row in roster.find_rows(desk.home, table, "member_no", signers)}
    minors = [no for no in signers if is_minor(desk, born.get(no))]
    if not minors:
        if guardian.strip():
            raise BadInput(
                _("Nobody who signed is a minor."),
                where="--guardian",
                next_step=_("Leave --guardian out."),
            )
        return []
    if len(minors) < len(signers) and not guardian.strip():
        # An adult of the household signed beside the child.
        return []
    if not guardian.strip():
        refuse(
            "users_sign",
            _("{members} may not sign alone, being a minor.").format(members=", ".join(minors)),
            _("Give --signed-by with an adult member, or --guardian with who signed in its place."),
        )
    return [said(guardian, "--guardian")]


def accept(
    desk: Desk,
    catalogue: Catalogue,
    order_no: str,
    *,
    quantity: int,
    signed_by: Sequence[str],
    guardian: str = "",
    unsigned_reason: str = "",
    paper: Paper,
    day: date | None = None,
) -> str:
    """Records an acceptance and returns its number; never more than was delivered.

    `signed_by` holds numbers or names of the household's adult members; for a minor among them,
    `guardian` names who signed in its place. Without one, `unsigned_reason` says why nobody served
    could sign.
    For the office's own work it holds the names of who received it.
    """
    row = find_order(desk, order_no, "purchase.accept")
    whole(quantity, "--quantity")
    served = row["household_no"] is not None
    members = _members(desk, catalogue, row)
    signers = [_signer(members, s) if served else said(s, "--signed-by") for s in signed_by]
    if served and signers:
        check_members(list(members), signers)
        signers += _for_minors(desk, catalogue, signers, guardian)
    reason = said(unsigned_reason, "--unsigned") if unsigned_reason.strip() else ""
    if not signers and not (served and reason):
        refuse(
            "users_sign",
            _("Nobody who was served has signed for order {no}.").format(no=row["order_no"]),
            _("Give --signed-by MEMBER, or --unsigned with the reason why nobody could sign.")
            if served
            else _("Name with --signed-by who received it."),
        )
    number = str(row["order_no"])
    clock = desk.home.clock
    with desk.home.writing() as db:
        now = purchases.orders(db, order_no=number)[0]
        left = 0 if now["ended_on"] else now["delivered"] - now["accepted"]
        if quantity > left:
            refuse(
                "delivered_first",
                _("Of order {no}, {left} are delivered and not accepted yet, not {n}.").format(
                    no=number, left=left, n=quantity
                ),
                _("Record the delivery first: `yimen purchase deliver {no}`.").format(no=number),
            )
        first = min(d["delivered_on"] for d in purchases.deliveries(db, number))
        on = past_day(desk, day, not_before=first)
        made = cases.next_number(db, "service_acceptance", "acceptance_no", "Y", clock.today().year)
        purchases.insert(
            db,
            "service_acceptance",
            {"acceptance_no": made, "order_no": number, "quantity": quantity, "accepted_on": on,
             "signed_by": json.dumps(signers, ensure_ascii=False), "unsigned_reason": reason,
             "paper_name": paper.name, "paper_sha256": paper.sha256,
             "operator": desk.operator.operator_no, "at": clock.now()},
        )  # fmt: skip
        body = {"acceptance": made, "quantity": quantity, "on": on, "unsigned": reason,
                "signers": len(signers), "paper": paper.sha256}  # fmt: skip
        desk.record(db, "purchase.accept", number, body)
    return made
