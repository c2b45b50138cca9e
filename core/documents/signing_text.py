"""What a second person signs: who proposes what and why, and below it what rests on it.

Of an application that is the notice as the family would get it, of a referral how it stands, of a
payment its quantities.
"""

from __future__ import annotations

from collections.abc import Iterator

from yimen.core.casework.check import find_application
from yimen.core.casework.desk import Desk
from yimen.core.casework.handouts import proposed_refusal
from yimen.core.casework.operators import operator_names
from yimen.core.casework.purchase.listing import show_payment
from yimen.core.casework.referral import moves_of, names_around, show_referral, waited
from yimen.core.documents.handover_text import proposal_lines, referral_text
from yimen.core.documents.purchase_text import payment_text
from yimen.core.documents.refusals import refusal_pages
from yimen.core.i18n import _
from yimen.core.render.page import page_text
from yimen.core.rules.catalogue import Catalogue


def signing_text(desk: Desk, catalogue: Catalogue, number: str) -> Iterator[str]:
    """The lines for an application (A...), a referral (R...) or a payment (F...).

    The reading is journalled. Without a proposal the lines say so.
    """
    match number[0]:
        case "A":
            yield from _application(desk, catalogue, number)
        case "R":
            referral, line = show_referral(desk, number)
            moves, total = moves_of(desk, referral), waited(desk, referral)
            names = names_around(desk, referral)
            yield from referral_text(referral, line, moves, total, catalogue, names)
        case _payment:
            yield from payment_text(show_payment(desk, number))


def _application(desk: Desk, catalogue: Catalogue, number: str) -> Iterator[str]:
    proposed = find_application(desk, number).proposal_to_end
    if proposed is None:
        yield _("Nothing is proposed for application {no} that needs a second person.").format(
            no=number
        )
        return
    file = proposed_refusal(desk, catalogue, number, proposed)
    yield from proposal_lines(proposed, operator_names(desk.home.casework))
    yield from ["", _("The notice that the family gets when it is signed:"), ""]
    yield from page_text(list(refusal_pages([file], catalogue, desk)))
