"""`yimen benefit`: the hearing before aid is changed, and its reduction or stop."""

from __future__ import annotations

from datetime import date

import click

from yimen.commands.given import NUMBER, WORDS, YUAN
from yimen.commands.options import DAY
from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _


@click.group("benefit", help=_("Hear a person, then reduce or stop aid granted here."))
def command() -> None:
    pass


@command.command("hear", help=_("Record that the person was heard before a change."))
@click.argument("benefit_no", type=NUMBER, metavar="BENEFIT")
@click.option("--on", type=DAY, help=_("The day of the hearing (today)."))
@click.option("--note", type=WORDS, required=True, help=_("What the person said."))
@pass_session
def hear(session: Session, benefit_no: str, on: date | None, note: str) -> None:
    from yimen.core.casework import benefit_changes

    day = on or session.home.clock.today()
    benefit = benefit_changes.hear(session.desk, benefit_no, on=day, note=note)
    click.echo(_("The hearing on {no} is recorded.").format(no=benefit.benefit_no))


@command.command("change", help=_("Reduce aid to an amount, or stop it where none is given."))
@click.argument("benefit_no", type=NUMBER, metavar="BENEFIT")
@click.option(
    "--from",
    "from_month",
    type=NUMBER,
    metavar="MONTH",
    required=True,
    help=_("First month of it."),
)
@click.option("--amount", type=YUAN, metavar="YUAN", help=_("What is paid from then on (nothing)."))
@click.option(
    "--reason", type=NUMBER, required=True, metavar="CODE", help=_("A coded reason, S01 to S13.")
)
@click.option("--basis", type=WORDS, required=True, help=_("The legal basis of the decision."))
@pass_session
def change(
    session: Session,
    benefit_no: str,
    from_month: str,
    amount: str | None,
    reason: str,
    basis: str,
) -> None:
    from yimen.core.casework import benefit_changes
    from yimen.core.money import parse_yuan

    benefit = benefit_changes.change(
        session.desk,
        benefit_no,
        reason_code=reason,
        basis=basis,
        from_month=from_month,
        amount_fen=parse_yuan(amount) if amount is not None else None,
    )
    click.echo(
        _("{no} ends with {month}. Print it: `yimen print change {no}`.").format(
            no=benefit.benefit_no, month=benefit.to_month
        )
    )
