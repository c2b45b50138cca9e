"""`yimen standard`: the dated numbers that law leaves to the county."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import click

from yimen.commands.given import CODE, WORDS
from yimen.commands.options import DAY, listing_options, print_listing
from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _

if TYPE_CHECKING:
    from yimen.core.declarations import Standard
    from yimen.core.rules.inputs import StandardInForce


@click.group("standard", help=_("List and set the county's numbers."))
def command() -> None:
    pass


@command.command("list", help=_("All standards with the value in force and where it comes from."))
@click.option("--on", type=DAY, help=_("On this day (today)."))
@listing_options
@pass_session
def list_(session: Session, on: date | None, fmt: str, columns: str | None) -> None:
    _print_standards(session, on, fmt, columns, lambda value: True)


@command.command("missing", help=_("What the county must still set; its criteria are unknown."))
@click.option("--on", type=DAY, help=_("On this day (today)."))
@listing_options
@pass_session
def missing(session: Session, on: date | None, fmt: str, columns: str | None) -> None:
    _print_standards(session, on, fmt, columns, lambda value: value.origin == "missing")


def _print_standards(
    session: Session,
    on: date | None,
    fmt: str,
    columns: str | None,
    wanted: Callable[[StandardInForce], bool],
) -> None:
    from yimen.core.casework.purchase.rules import STANDARDS
    from yimen.core.casework.setup import standard_listing
    from yimen.core.casework.terms import DEFAULT_DAYS, STANDARD
    from yimen.core.declarations import CONFIRMED
    from yimen.core.render.listing import Column
    from yimen.core.rules.narrowing import programmes_by_standard
    from yimen.core.words.amounts import origin_name, standard_basis_name, used_by_name, zone_name

    catalogue = session.catalogue
    found = standard_listing(session.desk, catalogue, on or session.home.clock.today())
    waiting = {name: ["purchase"] for name in STANDARDS}
    waiting |= {STANDARD.format(name=name): ["referral"] for name in DEFAULT_DAYS}
    waiting |= programmes_by_standard(catalogue)
    rows = [
        {
            "standard": standard.standard,
            "zone": zone or None,
            "name": standard.names.text(),
            "value": _shown(standard, value) if fmt == "table" else value.value,
            "origin": value.origin,
            "confirmed": None if value.value is None else value.tag in CONFIRMED,
            "from_date": value.from_date,
            "basis": value.basis,
            "tag": value.tag,
            "programmes": waiting.get(standard.standard, []),
        }
        for standard, zone, value in found
        if wanted(value)
    ]
    shape = [
        Column("standard", "standard"), Column("zone", "zone", words=zone_name),
        Column("name", "name"), Column("value", "value"),
        Column("origin", "set by", words=origin_name),
        Column("confirmed", "confirmed", "boolean"), Column("from_date", "from"),
        Column("basis", "basis", words=standard_basis_name), Column("tag", "certainty"),
        Column("programmes", "used by", words=used_by_name),
    ]  # fmt: skip
    print_listing(rows, shape, fmt, columns)


def _shown(standard: Standard, value: StandardInForce) -> str | None:
    """The value for people: money in yuan, a ratio as a number."""
    from yimen.core.documents.values import ratio_text
    from yimen.core.money import format_yuan

    if isinstance(value.value, int) and standard.type == "money":
        return format_yuan(value.value)
    if isinstance(value.value, int) and standard.ppm:
        return ratio_text(value.value)
    return None if value.value is None else str(value.value)


@command.command("set", help=_("Set a standard from a day on; money in yuan."))
@click.argument("standard_id", type=CODE, metavar="STANDARD")
@click.argument("value", type=CODE)
@click.option("--from", "from_date", type=DAY, required=True, help=_("First day in force."))
@click.option("--to", "to_date", type=DAY, help=_("Last day in force (open)."))
@click.option("--zone", type=click.Choice(["URBAN", "RURAL"]), help=_("Only in this zone (both)."))
@click.option("--basis", type=WORDS, required=True, help=_("The document that sets it."))
@pass_session
def set_(
    session: Session,
    standard_id: str,
    value: str,
    from_date: date,
    to_date: date | None,
    zone: str | None,
    basis: str,
) -> None:
    from yimen.core.casework.setup import set_standard

    done = set_standard(
        session.desk,
        session.catalogue,
        standard_id,
        value,
        from_date=from_date,
        to_date=to_date,
        zone=zone or "",
        basis=basis,
    )
    click.echo(
        _("{standard} is set from {day}.").format(standard=done.standard, day=done.from_date)
    )
