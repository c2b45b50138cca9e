"""`yimen department key`: the keys with which homes and departments sign what they send."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from yimen.commands.given import CODE
from yimen.commands.options import DAY, listing_options, print_listing
from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _


@click.group("key", help=_("Keys that sign referrals and answers between homes."))
def key() -> None:
    pass


@key.command("list", help=_("This home's keys and the departments', with the days they count."))
@listing_options
@pass_session
def list_(session: Session, fmt: str, columns: str | None) -> None:
    import msgspec

    from yimen.core.casework.handover.keys import listed_keys
    from yimen.core.render.listing import Column

    rows = (msgspec.to_builtins(k) for k in listed_keys(session.desk))
    shape = [
        Column("key_id", "key"), Column("department", "department"), Column("home_id", "home"),
        Column("from_date", "from"), Column("to_date", "to"),
    ]  # fmt: skip
    print_listing(rows, shape, fmt, columns)


@key.command("make", help=_("Make a key pair of this home; earlier keys go on counting."))
@click.option("--from", "from_date", type=DAY, metavar="DAY", help=_("First day (today)."))
@click.option("--to", "to_date", type=DAY, metavar="DAY", help=_("Last day (open)."))
@pass_session
def make(session: Session, from_date: date | None, to_date: date | None) -> None:
    from yimen.core.casework.handover.keys import make_key

    made = make_key(session.desk, from_date=from_date, to_date=to_date)
    click.echo(_("Key {id} of home {home}.").format(id=made.key_id, home=made.home_id))
    click.echo(
        _("Give the other side what `yimen department key show` prints; it is no secret."), err=True
    )


@key.command("show", help=_("Print this home's public key, for the other side to add."))
@pass_session
def show(session: Session) -> None:
    from yimen.core.casework.handover.keys import own_key, public_text

    session.desk.require("key.read")
    click.echo(public_text(own_key(session.desk)), nl=False)


@key.command("add", help=_("Take the public key of a department's system, or of a home."))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--department", type=CODE, required=True, metavar="NAME",
              help=_("Whose answers it signs, or for whom its referrals are."))  # fmt: skip
@click.option(
    "--home-id",
    type=CODE,
    metavar="ID",
    help=_("The home or system that signs (as its file says)."),
)
@click.option("--from", "from_date", type=DAY, metavar="DAY", help=_("First day (today)."))
@click.option("--to", "to_date", type=DAY, metavar="DAY", help=_("Last day (open)."))
@pass_session
def add(
    session: Session,
    file: Path,
    department: str,
    home_id: str | None,
    from_date: date | None,
    to_date: date | None,
) -> None:
    from yimen.core.casework.handover.keys import add_key

    added = add_key(
        session.desk,
        session.catalogue,
        file,
        department=department,
        home_id=home_id,
        from_date=from_date,
        to_date=to_date,
    )
    words = _("Key {id} counts for {department}; compare the id with the other side by telephone.")
    click.echo(words.format(id=added.key_id, department=added.department))


@key.command("end", help=_("Let a key count until a day; what it signs later is refused."))
@click.argument("key_id", type=CODE, metavar="KEY")
@click.option("--to", "to_date", type=DAY, required=True, metavar="DAY", help=_("Its last day."))
@pass_session
def end(session: Session, key_id: str, to_date: date) -> None:
    from yimen.core.casework.handover.keys import end_key

    ended = end_key(session.desk, key_id, to_date=to_date)
    click.echo(_("Key {id} counts until {day}.").format(id=ended.key_id, day=ended.to_date))
