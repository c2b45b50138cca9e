"""`yimen referral`: lists, shows and moves referrals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

import click

from yimen.commands.handover import deliver, export_referrals, take
from yimen.commands.options import (
    listing_options,
    print_listing,
    print_record,
    record_format,
    texts,
)
from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _
from yimen.core.records import ReferralState

STATES: tuple[str, ...] = get_args(ReferralState)


@click.group("referral", help=_("List, show and move referrals."))
def command() -> None:
    pass


@command.command("list", help=_("Referrals in your scope, with what is due and late."))
@click.option("--department", metavar="NAME", help=_("Only this department's."))
@click.option("--state", type=click.Choice(STATES), metavar="STATE", help=_("Only in this state."))
@click.option("--application", "application_no", metavar="NO", help=_("Only this application's."))
@listing_options
@pass_session
def list_(
    session: Session,
    department: str | None,
    state: str | None,
    application_no: str | None,
    fmt: str,
    columns: str | None,
) -> None:
    import msgspec

    from yimen.core.casework.referral import referral_lines
    from yimen.core.render.listing import Column

    lines = referral_lines(
        session.desk,
        department=department,
        state=state,
        application_no=application_no.upper() if application_no else None,
    )
    shape = [
        Column("referral_no", "referral"), Column("application_no", "application"),
        Column("household_no", "household"), Column("member_no", "member"),
        Column("programme", "programme"), Column("department", "department"),
        Column("state", "state"), Column("due_on", "due on"),
        Column("overdue", "overdue", "boolean"), Column("escalated", "escalated", "integer"),
        Column("provisional", "provisional", "boolean"),
    ]  # fmt: skip
    print_listing((msgspec.to_builtins(line) for line in lines), shape, fmt, columns)


@command.command("show", help=_("One referral with its frozen facts."))
@click.argument("referral_no", metavar="REFERRAL")
@record_format
@pass_session
def show(session: Session, referral_no: str, fmt: str) -> None:
    from yimen.core.casework.referral import show_referral

    referral, line = show_referral(session.desk, referral_no)

    def text() -> Iterator[str]:
        from yimen.core.render.document import heading, key_values
        from yimen.core.words import state_name

        yield from heading(f"{referral.referral_no} {referral.programme}")
        yield from key_values(
            [
                (_("Application"), referral.application_no),
                (_("Household"), referral.household_no),
                (_("Member"), referral.member_no or "-"),
                (_("Department"), referral.department),
                (_("State"), state_name(referral.state)),
                (_("Due on"), line.due_on or "-"),
                (_("Report"), referral.report_no),
            ]
        )
        yield from ["", _("Facts at dispatch")]
        yield from texts().facts_lines(referral.facts, session.catalogue)
        if referral.decision:
            yield from ["", texts().decision_text(referral.decision)]

    print_record(referral, fmt, text)


def _said(session: Session, referral_no: str) -> None:
    from yimen.core.casework.referral import find_referral
    from yimen.core.words import state_name

    referral = find_referral(session.desk, referral_no)
    click.echo(f"{referral.referral_no} {state_name(referral.state)}")


@command.command("receive", help=_("The department signs for it."))
@click.argument("referral_no", metavar="REFERRAL")
@pass_session
def receive(session: Session, referral_no: str) -> None:
    from yimen.core.casework import referral

    referral.receive(session.desk, referral_no)
    _said(session, referral_no)


@command.command("accept", help=_("The department takes the matter on."))
@click.argument("referral_no", metavar="REFERRAL")
@pass_session
def accept(session: Session, referral_no: str) -> None:
    from yimen.core.casework import referral

    referral.accept(session.desk, referral_no)
    _said(session, referral_no)


@command.command("start", help=_("The department begins to handle it."))
@click.argument("referral_no", metavar="REFERRAL")
@pass_session
def start(session: Session, referral_no: str) -> None:
    from yimen.core.casework import referral

    referral.start(session.desk, referral_no)
    _said(session, referral_no)


@command.command("return", help=_("The department sends it back; the clock stops."))
@click.argument("referral_no", metavar="REFERRAL")
@click.option("--reason", required=True, metavar="CODE", help=_("A coded reason, B01 to B03."))
@click.option("--note", required=True, help=_("What is missing, or whose matter it is."))
@pass_session
def return_(session: Session, referral_no: str, reason: str, note: str) -> None:
    from yimen.core.casework import referral

    referral.return_(session.desk, referral_no, reason_code=reason, note=note)
    _said(session, referral_no)


@command.command("redispatch", help=_("The window sends a returned referral out again."))
@click.argument("referral_no", metavar="REFERRAL")
@click.option("--note", required=True, help=_("What was added or changed."))
@pass_session
def redispatch(session: Session, referral_no: str, note: str) -> None:
    from yimen.core.casework import referral

    referral.redispatch(session.desk, session.catalogue, referral_no, note=note)
    _said(session, referral_no)


@command.command("reopen", help=_("The window sends the answer back to the department."))
@click.argument("referral_no", metavar="REFERRAL")
@click.option("--note", required=True, help=_("What is wrong with the answer."))
@pass_session
def reopen(session: Session, referral_no: str, note: str) -> None:
    from yimen.core.casework import referral

    referral.reopen(session.desk, referral_no, note=note)
    _said(session, referral_no)


@command.command("withdraw", help=_("The window takes the referral back."))
@click.argument("referral_no", metavar="REFERRAL")
@click.option("--note", required=True, help=_("Why it is taken back."))
@pass_session
def withdraw(session: Session, referral_no: str, note: str) -> None:
    from yimen.core.casework import referral

    referral.withdraw(session.desk, referral_no, note=note)
    _said(session, referral_no)


@command.command("decide", help=_("The department answers: granted, refused or referred_on."))
@click.argument("referral_no", metavar="REFERRAL")
@click.argument("outcome", type=click.Choice(["granted", "refused", "referred_on"]))
@click.option("--amount", metavar="YUAN", help=_("Amount granted, in yuan."))
@click.option("--from", "from_month", metavar="MONTH", help=_("First month (next month)."))
@click.option("--to", "to_month", metavar="MONTH", help=_("Last month (open)."))
@click.option("--reason", metavar="CODE", help=_("A refusal's coded reason, R01 to R12."))
@click.option("--basis", required=True, help=_("The legal basis of the decision."))
@pass_session
def decide(
    session: Session,
    referral_no: str,
    outcome: str,
    amount: str | None,
    from_month: str | None,
    to_month: str | None,
    reason: str | None,
    basis: str,
) -> None:
    from yimen.core.casework import referral
    from yimen.core.money import parse_yuan

    referral.decide(
        session.desk,
        referral_no,
        outcome=outcome,
        reason_code=reason,
        amount_fen=parse_yuan(amount) if amount is not None else None,
        from_month=from_month,
        to_month=to_month,
        basis=basis,
    )
    _said(session, referral_no)


@command.command("complete", help=_("The window confirms the answer; a grant becomes a benefit."))
@click.argument("referral_no", metavar="REFERRAL")
@pass_session
def complete(session: Session, referral_no: str) -> None:
    from yimen.core.casework import referral

    referral.complete(session.desk, referral_no)
    _said(session, referral_no)


for _part in (export_referrals, take, deliver):
    command.add_command(_part)
