"""Every paper that can be printed, by its kind: what its number names, and how its page is made.

One table serves the command line and the screens. A kind reads its record through casework, which
asks for the permission and journals the reading; this file adds nothing to what a page says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from yimen.core.casework import benefit_changes, handouts, notice_reading
from yimen.core.casework.care import both_lists
from yimen.core.casework.desk import Desk
from yimen.core.casework.household import show_household
from yimen.core.casework.offices import office_for
from yimen.core.casework.progress import progress
from yimen.core.casework.purchase.listing import show_order, show_purchase
from yimen.core.divisions import division_title
from yimen.core.documents import (
    consent_papers,
    decisions,
    dispatch_papers,
    intake_papers,
    lists,
    public_notice,
    purchase_papers,
    refusals,
    report,
)
from yimen.core.documents.letter import foot, names_apart
from yimen.core.errors import BadInput, NotFound
from yimen.core.i18n import _
from yimen.core.print_records import ContractPaper
from yimen.core.purchase_records import Contract
from yimen.core.render.page import Block
from yimen.core.render.typeset import typeset_block
from yimen.core.rules.catalogue import Catalogue
from yimen.core.spelling import plain_number


class Printed(NamedTuple):
    """One paper to print: of which kind, under which number, with whole ID numbers or masked."""

    kind: str
    number: str
    unmask: bool = False


Maker = Callable[[Desk, Catalogue, Printed], Iterable[Block]]


def _receipt(desk: Desk, catalogue: Catalogue, wanted: Printed) -> Iterable[Block]:
    case = handouts.case_file(desk, catalogue, wanted.number, wanted.kind)
    return intake_papers.receipt_page(case, catalogue, desk)


def _notification(desk: Desk, catalogue: Catalogue, wanted: Printed) -> Iterable[Block]:
    case = handouts.case_file(desk, catalogue, wanted.number, wanted.kind)
    notice = handouts.one_time_notice(desk, case.application.application_no)
    return intake_papers.notification_page(case, notice, catalogue, desk)


def _authorisation(desk: Desk, catalogue: Catalogue, wanted: Printed) -> Iterable[Block]:
    case = handouts.case_file(desk, catalogue, wanted.number, wanted.kind, unmask=wanted.unmask)
    return consent_papers.authorisation_page(case, catalogue, desk)


def _pledge(desk: Desk, catalogue: Catalogue, wanted: Printed) -> Iterable[Block]:
    case = handouts.case_file(desk, catalogue, wanted.number, wanted.kind, unmask=wanted.unmask)
    return consent_papers.pledge_page(case, catalogue, desk)


def _report(desk: Desk, catalogue: Catalogue, wanted: Printed) -> Iterable[Block]:
    found, case = handouts.report_file(desk, catalogue, wanted.number)
    reading = report.Reading(paper=True, names=names_apart(case.family))
    yield from report.report_page(found, catalogue, reading=reading)
    yield foot(desk, case.application.application_no)


def _dispatch(desk: Desk, catalogue: Catalogue, wanted: Printed) -> Iterable[Block]:
    files = handouts.dispatch_files(desk, catalogue, wanted.number)
    return dispatch_papers.dispatch_pages(files, catalogue, desk)


def _progress(desk: Desk, catalogue: Catalogue, wanted: Printed) -> Iterable[Block]:
    case = handouts.case_file(desk, catalogue, wanted.number, wanted.kind)
    told = progress(desk, catalogue, case.application.application_no)
    phones = handouts.phones(desk, catalogue, case.application)
    return dispatch_papers.progress_page(case, told, phones, desk)


def _decision(desk: Desk, catalogue: Catalogue, wanted: Printed) -> Iterable[Block]:
    if wanted.number.startswith("A"):
        files = handouts.refusal_files(desk, catalogue, wanted.number)
        return refusals.refusal_pages(files, catalogue, desk)
    return decisions.decision_page(
        handouts.decision_file(desk, catalogue, wanted.number), catalogue, desk
    )


def _change(desk: Desk, catalogue: Catalogue, wanted: Printed) -> Iterable[Block]:
    return decisions.change_page(
        benefit_changes.change_file(desk, catalogue, wanted.number), catalogue, desk
    )


def _notice(desk: Desk, catalogue: Catalogue, wanted: Printed) -> Iterable[Block]:
    notice = notice_reading.show_notice(desk, wanted.number)
    desk.record_reading("print.notice", notice.line.notice_no, {})
    return public_notice.notice_page(notice, catalogue, desk)


def _booklet(desk: Desk, catalogue: Catalogue, wanted: Printed) -> Iterable[Block]:
    family = show_household(desk, catalogue, wanted.number, unmask=False)
    aid, needs = both_lists(desk, catalogue, wanted.number)
    yield from lists.booklet_page(family, aid, needs, catalogue)
    yield foot(desk, family.household.household_no, masked=family.household.masked)


def _contract(desk: Desk, catalogue: Catalogue, wanted: Printed) -> Iterable[Block]:
    __, paper = _contracted(desk, catalogue, wanted.number)
    desk.record_reading("print.contract", wanted.number, {})
    return purchase_papers.contract_page(paper, desk)


def _acceptance(desk: Desk, catalogue: Catalogue, wanted: Printed) -> Iterable[Block]:
    order = show_order(desk, catalogue, wanted.number)
    contract, paper = _contracted(desk, catalogue, order.purchase_no)
    desk.record_reading("print.acceptance", order.order_no, {})
    price = next(line for line in contract.lines if line.line_no == order.line_no)
    sheet = purchase_papers.acceptance_paper(order, paper, price)
    return purchase_papers.acceptance_page(sheet, desk)


def _contracted(desk: Desk, catalogue: Catalogue, number: str) -> tuple[Contract, ContractPaper]:
    """A purchase's contract and its paper; `NotFound` while nothing is signed."""
    purchase = show_purchase(desk, catalogue, number)
    buyer = office_for(desk, purchase.buyer).name or division_title(purchase.buyer)
    paper = purchase_papers.contract_paper(purchase, buyer)
    if purchase.contract is None or paper is None:
        raise NotFound(
            _("Purchase {no} has no contract.").format(no=purchase.purchase_no),
            next_step=_("`yimen purchase show {no}` shows its steps.").format(
                no=purchase.purchase_no
            ),
        )
    return purchase.contract, paper


# kind -> (the letters that its number may begin with, how its page is made)
PRINTS: dict[str, tuple[str, Maker]] = {
    "receipt": ("A", _receipt),
    "notification": ("A", _notification),
    "authorisation": ("A", _authorisation),
    "pledge": ("A", _pledge),
    "report": ("A", _report),
    "dispatch": ("AR", _dispatch),
    "progress": ("A", _progress),
    "decision": ("RA", _decision),
    "change": ("B", _change),
    "notice": ("N", _notice),
    "booklet": ("H", _booklet),
    "contract": ("GK", _contract),
    "acceptance": ("D", _acceptance),
}
_NUMBERS = {"A": "A2026-00001", "R": "R2026-00001", "B": "B2026-00001", "N": "N2026-00001",
            "H": "H0000012", "G": "G2026-00001", "K": "K2026-00001",
            "D": "D2026-00001"}  # fmt: skip


def printed_page(
    desk: Desk, catalogue: Catalogue, kind: str, number: str, *, unmask: bool = False
) -> list[Block]:
    """The page of a paper; the reading is journalled.

    `BadInput` for a number that is not of the kind, and whatever the record's own reading refuses.
    """
    letters, make = PRINTS[kind]
    plain = plain_number(number)
    if plain[:1] not in letters or not plain:
        known = ", ".join(_NUMBERS[letter] for letter in letters)
        raise BadInput(
            _("'{number}' is not the number that this paper is printed by.").format(
                number=plain[:1] + "..." if len(plain) > 12 else plain
            ),
            next_step=_("Give a number such as {numbers}.").format(numbers=known),
        )
    return list(map(typeset_block, make(desk, catalogue, Printed(kind, plain, unmask))))
