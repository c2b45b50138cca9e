"""`yimen dispatch`: makes referrals of a checked application."""

from __future__ import annotations

import click

from yimen.commands.options import print_record, record_format, texts
from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _


@click.command("dispatch", help=_("Make a referral of every programme that the check calls for."))
@click.argument("application_no", metavar="APPLICATION")
@click.option(
    "--programme",
    "programmes",
    multiple=True,
    metavar="ID",
    help=_("These programmes instead, whatever their outcome."),
)
@click.option(
    "--override",
    metavar="REASON",
    help=_("With --programme: in spite of an open overlap, for this reason."),
)
@record_format
@pass_session
def command(
    session: Session,
    application_no: str,
    programmes: tuple[str, ...],
    override: str | None,
    fmt: str,
) -> None:
    from yimen.core.casework.dispatch import dispatch

    result = dispatch(
        session.desk,
        session.catalogue,
        application_no.upper(),
        only=list(programmes),
        override=override,
    )
    print_record(result, fmt, lambda: texts().dispatch_text(result, session.catalogue))
