"""Finding a record by the number on its paper, however short it was typed.

It tells what a number is and whether there is such a record; showing it, and asking whether the
operator may see it, is the work of the function that shows.
"""

from __future__ import annotations

import re
from typing import Literal

from yimen.core.casework.benefit_changes import find_benefit
from yimen.core.casework.check import find_application
from yimen.core.casework.desk import Desk
from yimen.core.casework.household import shown_number
from yimen.core.casework.notice_reading import line_of
from yimen.core.casework.overlap_cases import find_hit
from yimen.core.casework.referral import find_referral
from yimen.core.errors import BadInput
from yimen.core.i18n import _
from yimen.core.identity import normalise_id
from yimen.core.records import Record
from yimen.core.spelling import plain_number

Kind = Literal[
    "person", "household", "application", "referral", "overlap", "purchase", "order", "payment",
    "notice", "benefit",
]  # fmt: skip

_YEARLY = re.compile(r"([ARVGKDFNB])(?:(\d{4})-)?(\d{1,9})\Z")
_HOUSEHOLD = re.compile(r"H(\d{1,12})\Z")
_ID_NUMBER = re.compile(r"\d{15}(?:\d{2}[\dX])?\Z")


class Found(Record, frozen=True, kw_only=True):
    """What a typed number names; a person's is the whole ID number."""

    kind: Kind
    number: str


def find_number(desk: Desk, text: str) -> Found:
    """The record that a number names: A42 is this year's A2026-00042, H35 is H0000035.
    G42 is a purchase, K42 its contract, D42 an order of services, F42 a payment, N42 a public
    notice and B42 aid that was granted.

    Digits alone are an ID number, or an application of this year. Full-width digits, as an input
    method leaves them, are read as digits. `NotFound` or `BadInput` say what to type instead.
    """
    typed = plain_number(text)
    if _ID_NUMBER.match(typed):
        return Found(kind="person", number=normalise_id(typed, synthetic=desk.home.synthetic))
    if yearly := _YEARLY.match(f"A{typed}" if typed.isdigit() and len(typed) < 7 else typed):
        letter, year, count = yearly.groups()
        number = f"{letter}{year or desk.home.clock.today().year}-{int(count):05d}"
        match letter:
            case "A":
                return Found(
                    kind="application", number=find_application(desk, number).application_no
                )
            case "R":
                return Found(kind="referral", number=find_referral(desk, number).referral_no)
            case "V":
                return Found(kind="overlap", number=find_hit(desk, number).hit_no)
            case "N":
                return Found(kind="notice", number=line_of(desk, number).notice_no)
            case "B":
                return Found(kind="benefit", number=find_benefit(desk, number).benefit_no)
            case _of_a_purchase:
                return _of_purchase(desk, letter, number)
    if household := _HOUSEHOLD.match(typed):
        return Found(kind="household", number=f"H{int(household[1]):07d}")
    raise BadInput(
        _("'{text}' is no number of a case.").format(text=shown_number(typed)[:24]),
        next_step=_("Type an ID number, or a number that begins with A, R, H, V, G, D, F, N or B."),
    )


def _of_purchase(desk: Desk, letter: str, number: str) -> Found:
    """A purchase by its number or its contract's, an order of services, or a payment."""
    from yimen.core.casework.purchase.orders import find_order
    from yimen.core.casework.purchase.payment import find_payment
    from yimen.core.casework.purchase.reading import find_purchase

    desk.require("purchase.read")
    match letter:
        case "D":
            found = find_order(desk, number, "purchase.read")
            return Found(kind="order", number=str(found["order_no"]))
        case "F":
            return Found(kind="payment", number=str(find_payment(desk, number)["payment_no"]))
        case _purchase_or_contract:
            bought = find_purchase(desk.home.casework, number)
            return Found(kind="purchase", number=bought.purchase_no)
