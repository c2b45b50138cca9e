"""`yimen office`: the name, address and phone that stand on paper."""

from __future__ import annotations

import click

from yimen.commands.given import CODE, WORDS
from yimen.commands.options import listing_options, print_listing
from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _


@click.group("office", help=_("Set and show the offices whose address stands on paper."))
def command() -> None:
    pass


@command.command("set", help=_("Set an office; what is not given stays as it is."))
@click.argument("division", type=CODE, metavar="DIVISION")
@click.option(
    "--department", type=CODE, metavar="NAME", help=_("A department's office (the one door).")
)
@click.option("--name", type=WORDS, help=_("Its name, as it signs."))
@click.option("--address", type=WORDS, help=_("Where people come."))
@click.option("--phone", type=WORDS, help=_("Whom people call."))
@click.option("--hours", type=WORDS, help=_("When it is open."))
@click.option("--review-body", type=WORDS, help=_("Who hears an administrative review."))
@click.option("--court", type=WORDS, help=_("Which court hears a suit."))
@pass_session
def set_(
    session: Session,
    division: str,
    department: str | None,
    name: str | None,
    address: str | None,
    phone: str | None,
    hours: str | None,
    review_body: str | None,
    court: str | None,
) -> None:
    from yimen.core.casework.offices import set_office
    from yimen.core.divisions import division_title, normalise_division

    desk = session.desk
    code = normalise_division(division, synthetic=session.home.synthetic)
    set_office(
        desk,
        session.catalogue,
        code,
        department=department or "",
        name=name,
        address=address,
        phone=phone,
        hours=hours,
        review_body=review_body,
        court=court,
    )
    click.echo(_("The office of {division} is set.").format(division=division_title(code)))


@command.command("show", help=_("Every office that is set."))
@listing_options
@pass_session
def show(session: Session, fmt: str, columns: str | None) -> None:
    import msgspec

    from yimen.core.casework.offices import offices
    from yimen.core.render.listing import Column

    shape = [
        Column("division", "division"), Column("department", "department"),
        Column("name", "name"), Column("address", "address"), Column("phone", "phone"),
        Column("hours", "opening hours"), Column("review_body", "review"),
        Column("court", "court"),
    ]  # fmt: skip
    print_listing(map(msgspec.to_builtins, offices(session.desk)), shape, fmt, columns)
