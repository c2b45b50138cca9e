"""`yimen journal`: the hash-chained record of every act and every reading of a personal file."""

from __future__ import annotations

import click

from yimen.commands.given import CODE
from yimen.commands.options import listing_options, print_listing
from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _


@click.group("journal", help=_("Show and verify the journal."))
def command() -> None:
    pass


@command.command("show", help=_("The journal's rows, oldest first."))
@click.option("--subject", type=CODE, metavar="NO", help=_("Only rows about this number."))
@click.option("--last", type=click.IntRange(1), metavar="N", help=_("Only the last N rows."))
@listing_options
@pass_session
def show(
    session: Session, subject: str | None, last: int | None, fmt: str, columns: str | None
) -> None:
    import msgspec

    from yimen.core.render.listing import Column
    from yimen.core.store import journal

    session.desk.require("journal.read")
    shape = [
        Column("seq", "row", "integer"), Column("at", "at"), Column("operator", "operator"),
        Column("account", "account"), Column("action", "action"), Column("subject", "subject"),
        Column("body", "body"), Column("hash", "hash"),
    ]  # fmt: skip
    only = columns or ("seq,at,operator,action,subject,body" if fmt == "table" else None)
    rows = journal.rows(session.home.casework, subject=subject, last=last)
    print_listing((msgspec.to_builtins(row) for row in rows), shape, fmt, only)


@command.command("verify", help=_("Walk the whole chain; names the first broken row."))
@pass_session
def verify(session: Session) -> None:
    from yimen.core.store import journal

    session.desk.require("journal.read")
    count, head = journal.verify(session.home.casework)
    click.echo(_("The journal holds: {n} rows, head {hash}").format(n=count, hash=head))
