"""Finds purchases that stay under a limit each and pass it together: 化整为零 (GPL §28).

Items that the catalogue calls alike are one kind. A purchase counts with its budget, on the day of
that budget, unless it was stopped or was made by a method that the limit asks for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from yimen.core.casework.desk import Desk
from yimen.core.casework.purchase.reading import county_number
from yimen.core.casework.purchase.rules import LIMIT, OPEN_TENDER, SPLIT_MONTHS, law, refuse
from yimen.core.i18n import _
from yimen.core.money import format_yuan
from yimen.core.rules.catalogue import Catalogue
from yimen.core.store import purchases
from yimen.core.store.purchases import Planned

if TYPE_CHECKING:
    from yimen.core.store.database import Database


@dataclass(frozen=True)
class Limits:
    """The county's two limits in fen, and over how many months alike purchases add up."""

    service_fen: int
    open_tender_fen: int
    months: int


def limits_of(desk: Desk, catalogue: Catalogue) -> Limits:
    """The limits in force today; `Refused` where the county has not set one of them."""
    names = (LIMIT, OPEN_TENDER, SPLIT_MONTHS)
    return Limits(*(county_number(desk, catalogue, name) for name in names))


def kinds_of(catalogue: Catalogue, found: Planned) -> set[str]:
    """The kinds of service in a purchase; an item that is not known now is a kind of its own."""
    items = catalogue.service_items
    return {items[n.item].alike if n.item in items else n.item for n in found.lines}


def alike_before(
    db: Database, catalogue: Catalogue, found: Planned, months: int, *, free: bool
) -> list[Planned]:
    """The same buyer's purchases of alike items whose budgets lie within so many months.

    `free` asks for those below the limit alone, else for all without an open tender.
    """
    day = found.day_of("budget") or found.planned_on
    kinds = kinds_of(catalogue, found)
    methods = {m.method for m in law().methods if m.free or not free} - {"open_tender"}
    return [
        other
        for other in purchases.every(db, found.buyer)
        if other.purchase_no != found.purchase_no
        and not other.stopped
        and other.method in methods
        and other.budget_fen is not None
        and not other.approval
        and _months_apart(other.day_of("budget") or day, day) < months
        and kinds & kinds_of(catalogue, other)
    ]


def _months_apart(one: str, other: str) -> int:
    """Whole months between two days, whichever comes first."""
    first, last = sorted((date.fromisoformat(one), date.fromisoformat(other)))
    return (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)


def refuse_splitting(
    db: Database, catalogue: Catalogue, found: Planned, limits: Limits, *, free: bool
) -> None:
    """Refuses a method that fits this purchase alone but not all alike ones together."""
    others = alike_before(db, catalogue, found, limits.months, free=free)
    total = (found.budget_fen or 0) + sum(other.budget_fen or 0 for other in others)
    limit = limits.service_fen if free else limits.open_tender_fen
    if others and total >= limit:
        refuse(
            "no_splitting",
            _(
                "With {others}, alike purchases of {months} months come to {total} yuan; "
                "the limit is {limit} yuan."
            ).format(
                others=", ".join(other.purchase_no for other in others),
                months=limits.months,
                total=format_yuan(total),
                limit=format_yuan(limit),
            ),
            _("Purchase them together, by a method of the law."),
        )
