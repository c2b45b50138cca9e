"""`yimen application`: lists applications, tells their progress, and ends them early."""

from __future__ import annotations

from typing import get_args

import click

from yimen.commands.given import CODE, NUMBER, WORDS
from yimen.commands.options import listing_options, print_listing, print_record, record_format
from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _
from yimen.core.records import Application, ApplicationState

STATES: tuple[str, ...] = get_args(ApplicationState)


@click.group("application", help=_("List applications, tell their progress, end them."))
def command() -> None:
    pass


@command.command("list", help=_("Applications in your scope, with their officer and state."))
@click.option("--state", type=click.Choice(STATES), metavar="STATE", help=_("Only in this state."))
@click.option("--mine", is_flag=True, help=_("Only those whose first officer you are."))
@listing_options
@pass_session
def list_(session: Session, state: str | None, mine: bool, fmt: str, columns: str | None) -> None:
    import msgspec

    from yimen.core.casework.applications import application_lines
    from yimen.core.render.listing import Column
    from yimen.core.words import state_name

    lines = application_lines(session.desk, state=state, mine=mine)
    shape = [
        Column("application_no", "application"), Column("household_no", "household"),
        Column("state", "state", words=state_name), Column("first_officer", "first officer"),
        Column("division", "division"), Column("submitted_on", "handed in"),
        Column("accepted_on", "accepted"), Column("closed_on", "closed"),
        Column("open_referrals", "open referrals", "integer"),
    ]  # fmt: skip
    print_listing((msgspec.to_builtins(line) for line in lines), shape, fmt, columns)


@command.command("progress", help=_("What the family may know: step, department, date, contact."))
@click.argument("application_no", type=NUMBER, metavar="APPLICATION")
@record_format
@pass_session
def progress(session: Session, application_no: str, fmt: str) -> None:
    from yimen.core.casework.progress import progress as progress_of
    from yimen.core.documents.handover_text import progress_text

    told = progress_of(session.desk, session.catalogue, application_no)
    print_record(told, fmt, lambda: progress_text(told))


@command.command("withdraw", help=_("The family takes it back; open referrals go with it."))
@click.argument("application_no", type=NUMBER, metavar="APPLICATION")
@click.option("--note", type=WORDS, required=True, help=_("What the family said."))
@pass_session
def withdraw(session: Session, application_no: str, note: str) -> None:
    from yimen.core.casework.applications import withdraw_application

    _say(withdraw_application(session.desk, application_no, note=note))


@command.command("terminate", help=_("End it: the family refuses the check without good reason."))
@click.argument("application_no", type=NUMBER, metavar="APPLICATION")
@click.option("--reason", "reason_code", type=NUMBER, required=True, metavar="CODE",
              help=_("A coded reason, R09 or R10."))  # fmt: skip
@click.option("--note", type=WORDS, required=True, help=_("What was asked, and what was refused."))
@pass_session
def terminate(session: Session, application_no: str, reason_code: str, note: str) -> None:
    from yimen.core.casework.applications import terminate_application

    _say(terminate_application(session.desk, application_no, reason_code=reason_code, note=note))


@command.command("close", help=_("Close a checked one of which nothing is to be dispatched."))
@click.argument("application_no", type=NUMBER, metavar="APPLICATION")
@click.option("--note", type=WORDS, required=True, help=_("What the family was told."))
@pass_session
def close(session: Session, application_no: str, note: str) -> None:
    from yimen.core.casework.applications import close_application

    _say(close_application(session.desk, application_no, note=note))


@command.command("assign", help=_("Give it to another first officer."))
@click.argument("application_no", type=NUMBER, metavar="APPLICATION")
@click.argument("operator_no", type=CODE, metavar="OPERATOR")
@click.option("--note", type=WORDS, required=True, help=_("Why it changes hands."))
@pass_session
def assign(session: Session, application_no: str, operator_no: str, note: str) -> None:
    from yimen.core.casework.applications import assign_application

    after = assign_application(session.desk, application_no, operator_no, note=note)
    click.echo(f"{after.application_no} {after.first_officer}")


def _say(application: Application) -> None:
    from yimen.core.words import state_name

    click.echo(f"{application.application_no} {state_name(application.state)}")
