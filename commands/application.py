"""`yimen application`: lists applications, tells their progress, and ends them early."""

from __future__ import annotations

from collections.abc import Callable
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
    from yimen.core.words.cases import end_name, state_name

    lines = application_lines(session.desk, state=state, mine=mine)
    shape = [
        Column("application_no", "application"), Column("household_no", "household"),
        Column("state", "state", words=state_name), Column("first_officer", "first officer"),
        Column("division", "division"), Column("submitted_on", "handed in"),
        Column("accepted_on", "accepted"), Column("closed_on", "closed"),
        Column("open_referrals", "open referrals", "integer"),
        Column("proposed", "to be signed", words=end_name),
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


def _grounds(function: Callable[..., None]) -> Callable[..., None]:
    """The options of a refusal: its coded reason, its law, and what the family is told."""
    for option in reversed(
        [
            click.option("--reason", "reason_code", type=NUMBER, required=True, metavar="CODE",
                         help=_("A coded reason: the refusal lists them where it is wrong.")),
            click.option("--basis", type=WORDS, default="", metavar="LAW",
                         help=_("The legal basis.")),
            click.option("--note", type=WORDS, required=True,
                         help=_("What the family is told, and why.")),
        ]
    ):  # fmt: skip
        function = option(function)
    return click.argument("application_no", type=NUMBER, metavar="APPLICATION")(function)


@command.command("terminate", help=_("End it: the family refuses the check without good reason."))
@_grounds
@pass_session
def terminate(
    session: Session, application_no: str, reason_code: str, basis: str, note: str
) -> None:
    from yimen.core.casework.closing import terminate_application

    _say(
        terminate_application(
            session.desk, application_no, reason_code=reason_code, basis=basis, note=note
        )
    )


@command.command("reject", help=_("Do not take it on, before it was accepted."))
@_grounds
@pass_session
def reject(session: Session, application_no: str, reason_code: str, basis: str, note: str) -> None:
    from yimen.core.casework.closing import reject_application

    _say(
        reject_application(
            session.desk, application_no, reason_code=reason_code, basis=basis, note=note
        )
    )


@command.command("refuse", help=_("Refuse programmes that the check found not met; the rest goes"
                                  " on."))  # fmt: skip
@_grounds
@click.option("--programme", "programmes", type=NUMBER, multiple=True, metavar="PROGRAMME",
              help=_("Only this one; may be given several times."))  # fmt: skip
@pass_session
def refuse(
    session: Session,
    application_no: str,
    reason_code: str,
    basis: str,
    note: str,
    programmes: tuple[str, ...],
) -> None:
    from yimen.core.casework.closing import refuse_programmes

    _say(
        refuse_programmes(
            session.desk, session.catalogue, application_no, reason_code=reason_code,
            basis=basis, note=note, programmes=programmes,
        )
    )  # fmt: skip


@command.command("close", help=_("Close a checked one of which nothing is to be dispatched."))
@_grounds
@pass_session
def close(session: Session, application_no: str, reason_code: str, basis: str, note: str) -> None:
    from yimen.core.casework.closing import close_application

    _say(
        close_application(
            session.desk, session.catalogue, application_no, reason_code=reason_code,
            basis=basis, note=note,
        )
    )  # fmt: skip


@command.command("countersign", help=_("Sign as the second person what was proposed."))
@click.argument("application_no", type=NUMBER, metavar="APPLICATION")
@pass_session
def countersign(session: Session, application_no: str) -> None:
    from yimen.core.casework.closing import countersign_application

    after = countersign_application(session.desk, session.catalogue, application_no)
    _say(after)
    click.echo(
        _("Give the family its notice: `yimen print decision {no}`.").format(
            no=after.application_no
        ),
        err=True,
    )


@command.command("proposed", help=_("What a second person is to sign, with its notice."))
@click.argument("application_no", type=NUMBER, metavar="APPLICATION")
@pass_session
def proposed(session: Session, application_no: str) -> None:
    from yimen.core.casework.check import find_application
    from yimen.core.documents.signing_text import signing_text
    from yimen.core.render.safe import terminal_safe

    number = find_application(session.desk, application_no).application_no
    for line in signing_text(session.desk, session.catalogue, number):
        click.echo(terminal_safe(line))


@command.command("decline", help=_("Do not sign what was proposed; its proposer has it again."))
@click.argument("application_no", type=NUMBER, metavar="APPLICATION")
@click.option("--note", type=WORDS, required=True, help=_("Why it is not signed."))
@pass_session
def decline(session: Session, application_no: str, note: str) -> None:
    from yimen.core.casework.closing import decline_application

    _say(decline_application(session.desk, application_no, note=note))


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
    from yimen.core.words.cases import state_name

    said = f"{application.application_no} {state_name(application.state)}"
    proposed = application.proposal_to_end
    if proposed is not None and proposed.declined is None:
        said += f" ({_('waits for a second person: `yimen application countersign`')})"
    click.echo(said)
