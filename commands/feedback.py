"""`yimen feedback`: the departments' answers to one application."""

from __future__ import annotations

import click

from yimen.commands.options import print_record, record_format, texts
from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _


@click.command("feedback", help=_("Show the departments' answers to an application."))
@click.argument("application_no", metavar="APPLICATION")
@record_format
@pass_session
def command(session: Session, application_no: str, fmt: str) -> None:
    from yimen.core.casework.referral import feedback

    result = feedback(session.desk, session.catalogue, application_no.upper())
    print_record(result, fmt, lambda: texts().feedback_text(result, session.catalogue))
