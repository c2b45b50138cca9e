"""What every act on a purchase needs first: the purchase itself, a day that may be, plain texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from yimen.core.casework.desk import Desk
from yimen.core.casework.household import shown_number
from yimen.core.casework.purchase.forbidden import refuse_not_purchasable
from yimen.core.casework.purchase.rules import refuse
from yimen.core.errors import BadInput, NotFound, Refused
from yimen.core.i18n import _
from yimen.core.identity import mask_ids_in
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.inputs import standards_on
from yimen.core.service_declarations import ServiceItem, ServiceUnit
from yimen.core.spelling import plain_number
from yimen.core.store import purchases
from yimen.core.store.purchases import Planned, SignedContract

if TYPE_CHECKING:
    from yimen.core.store.database import Database

# More than any county orders, and far below what a 64-bit sum of fen can hold.
MOST = 100_000_000


@dataclass(frozen=True)
class Asked:
    """A line as it was typed: an item, one of its units or none, a whole number of them."""

    item: str
    quantity: int
    unit: str | None = None


@dataclass(frozen=True)
class Paper:
    """The file of a signed paper: its name and SHA-256, as `papers.hashed` gives them."""

    name: str
    sha256: str


def find_purchase(db: Database, purchase_no: str) -> Planned:
    """The purchase with this number, or with the contract of this number; else `NotFound`."""
    number = plain_number(purchase_no)
    found = purchases.find(db, purchases.of_contract(db, number) or number)
    if found is None:
        raise NotFound(
            _("There is no purchase {no}.").format(no=shown_number(purchase_no)),
            next_step=_("`yimen purchase list` shows them."),
        )
    return found


def running(db: Database, purchase_no: str) -> Planned:
    """The purchase, unless it was stopped (`Refused`)."""
    found = find_purchase(db, purchase_no)
    if found.stopped:
        raise Refused(
            _("Purchase {no} was stopped.").format(no=found.purchase_no),
            next_step=_("Plan a new one: `yimen purchase plan`."),
        )
    return found


@contextmanager
def working(desk: Desk, purchase_no: str, action: str) -> Iterator[Planned]:
    """The purchase inside an immediate transaction, once the desk may do the action on it.

    What is judged is judged on the purchase as it stands there: of two officers at once, the second
    one sees what the first has done.
    """
    before = find_purchase(desk.home.casework, purchase_no)
    desk.require(action, division=before.buyer)
    with desk.home.writing() as db:
        yield running(db, before.purchase_no)


def add_act(desk: Desk, found: Planned, act: str, on: str, body: Mapping[str, object]) -> None:
    """Appends an act and its journal row inside the caller's transaction."""
    db, who = desk.home.casework, desk.operator.operator_no
    purchases.add_act(db, found.purchase_no, act, on, desk.home.clock.now(), who, body)
    desk.record(db, f"purchase.{act}", found.purchase_no, {"on": on, **body})


def contract_of(found: Planned) -> SignedContract:
    """The purchase's contract; `Refused` before it is signed."""
    if found.contract is None:
        refuse(
            "within_contract",
            _("Purchase {no} has no contract yet.").format(no=found.purchase_no),
            _("Record it: `yimen purchase contract {no}`.").format(no=found.purchase_no),
        )
    return found.contract


def past_day(desk: Desk, day: date | None, *, not_before: str | None = None) -> str:
    """The day of an act, today where none is given; never in the future nor before another act."""
    today = desk.home.clock.today()
    on = day or today
    if on > today:
        raise BadInput(
            _("{day} lies in the future.").format(day=on), next_step=_("Give the day it was done.")
        )
    if not_before is not None and on.isoformat() < not_before:
        raise BadInput(
            _("{day} lies before the step that comes first ({first}).").format(
                day=on, first=not_before
            ),
            next_step=_("Check the days: `yimen purchase show NO`."),
        )
    return on.isoformat()


def said(text: str, option: str) -> str:
    """A text that must be given: one line, without control characters or whole ID numbers."""
    plain = "".join(c for c in " ".join(text.split()) if c.isprintable())
    if not plain:
        raise BadInput(_("A text is missing."), where=option, next_step=_("Say it in a few words."))
    return mask_ids_in(plain)


def whole(quantity: int, where: str) -> int:
    """A quantity of one and more."""
    if not 1 <= quantity <= MOST:
        raise BadInput(
            _("{n} is not a quantity.").format(n=quantity),
            where=where,
            next_step=_("Give a whole number of 1 and more; choose a smaller unit for parts."),
        )
    return quantity


def price(fen: int, where: str) -> int:
    """An amount of money above zero, in fen."""
    if not 1 <= fen <= MOST * 100:
        raise BadInput(
            _("An amount must be more than zero, and at most {most} yuan.").format(most=MOST),
            where=where,
            next_step=_("Give it in yuan."),
        )
    return fen


def find_item(catalogue: Catalogue, code: str) -> ServiceItem:
    """The item of the catalogue; `Refused` with the rule where it may not be purchased at all."""
    found = catalogue.service_items.get(plain_number(code))
    if found is None:
        refuse_not_purchasable([code])
        refuse(
            "in_catalogue",
            _("'{code}' is not in the catalogue of services.").format(code=shown_number(code)[:40]),
            _("`yimen purchase items` shows it."),
        )
    refuse_not_purchasable([found.names.zh, found.names.en])
    return found


def find_unit(item: ServiceItem, unit: str | None) -> ServiceUnit:
    """The unit with this name, or the item's first one."""
    if unit is None:
        return item.units[0]
    for known in item.units:
        if known.unit == unit:
            return known
    raise BadInput(
        _("{item} is not counted in '{unit}'.").format(item=item.item, unit=unit[:30]),
        next_step=_("Choose from: {names}.").format(names=", ".join(u.unit for u in item.units)),
    )


def item_name(catalogue: Catalogue, code: str) -> str:
    """The item's name; its code where its department is not here now."""
    known = catalogue.service_items.get(code)
    return known.names.text() if known else code


def unit_name(catalogue: Catalogue, code: str, unit: str) -> str:
    """The unit's name; its code where its department is not here now."""
    known = catalogue.service_items.get(code)
    names = [u.names.text() for u in known.units if u.unit == unit] if known else []
    return names[0] if names else unit


def county_number(desk: Desk, catalogue: Catalogue, standard: str) -> int:
    """A standard's value today; `Refused` where the county has not set it: unknown is not free."""
    known = catalogue.standards.get(standard)
    value = None
    if known is not None:
        found = standards_on(desk.home, catalogue, [standard], desk.home.clock.today())
        value = found[standard, ""].value
    if value is None:
        raise Refused(
            _("The county has not set the standard '{name}' for this date.").format(
                name=known.names.text() if known else standard
            ),
            next_step=_("Set it: `yimen standard set {standard}`.").format(standard=standard),
        )
    return int(value)


def not_repeated(lines: Sequence[tuple[str, str]]) -> None:
    """Refuses two lines of the same item and unit."""
    for line in lines:
        if lines.count(line) > 1:
            raise BadInput(
                _("{item} in '{unit}' is given twice.").format(item=line[0], unit=line[1]),
                next_step=_("Give one line with the whole quantity."),
            )
