"""Steps 9 to 11: score, pay by two persons, publish."""

from __future__ import annotations

from datetime import date

import click

from yimen.commands.given import CODE, NUMBER, WORDS
from yimen.commands.purchase.group import command
from yimen.commands.purchase.planning import ON, PURCHASE, told
from yimen.commands.session import Session, pass_session
from yimen.core.casework.purchase import typed
from yimen.core.i18n import _


@command.command("score", help=_("Step 9: score the service by its indicators."))
@PURCHASE
@click.option("--points", type=WORDS, multiple=True, required=True, metavar="NAME=POINTS",
              help=_("Points of 100 for an indicator."))  # fmt: skip
@click.option("--note", type=WORDS, default="", help=_("What the score rests on."))
@pass_session
def score(session: Session, purchase_no: str, points: tuple[str, ...], note: str) -> None:
    from yimen.core.casework.purchase import payment

    given = typed.numbers(points, "NAME=POINTS")
    reached = payment.score(session.desk, purchase_no, given, note=note)
    told(purchase_no, _("the score is {score} of 100.").format(score=reached))


@command.command("pay", help=_("Step 10: draw a payment, or confirm one with --voucher."))
@click.argument("number", type=NUMBER, metavar="PURCHASE|PAYMENT")
@click.option("--line", "lines", type=CODE, multiple=True, metavar="LINE=N",
              help=_("Only so much of the contract's line (all that may be paid)."))  # fmt: skip
@click.option("--reason", type=WORDS, default="", help=_("Why it is paid below the pass mark."))
@click.option("--voucher", type=WORDS, metavar="TEXT", help=_("Confirm the payment: its voucher."))
@click.option("--withdraw", type=WORDS, metavar="REASON", help=_("Take the payment back."))
@ON
@pass_session
def pay(
    session: Session,
    number: str,
    lines: tuple[str, ...],
    reason: str,
    voucher: str | None,
    withdraw: str | None,
    day: date | None,
) -> None:
    from yimen.core.casework.purchase import listing, payment
    from yimen.core.money import format_yuan

    if voucher is not None and withdraw is not None:
        raise click.UsageError(_("Give --voucher or --withdraw, not both."))
    if (voucher is not None or withdraw is not None) and (lines or reason):
        raise click.UsageError(_("--line and --reason belong to drawing a payment."))
    if day is not None and voucher is None:
        raise click.UsageError(_("--on is the day of a payment that is confirmed."))
    if voucher is not None:
        payment.confirm(session.desk, number, voucher=voucher, day=day)
        told(number, _("the payment is confirmed."))
    elif withdraw is not None:
        payment.withdraw(session.desk, number, withdraw)
        told(number, _("the payment is withdrawn."))
    else:
        wanted = typed.line_numbers(lines) if lines else None
        drawn = payment.draw(session.desk, session.catalogue, number, wanted, reason=reason)
        shown = listing.show_payment(session.desk, drawn)
        told(
            number,
            _("payment {no} of {amount} yuan is drawn; another person confirms it.").format(
                no=drawn, amount=format_yuan(shown.amount_fen)
            ),
        )


@command.command("publish", help=_("Record a publication: award, contract, acceptance, result."))
@PURCHASE
@click.argument("what", type=click.Choice(["award", "contract", "acceptance", "result"]))
@click.option("--where", type=WORDS, required=True, help=_("The address or board where it stands."))
@ON
@pass_session
def publish(session: Session, purchase_no: str, what: str, where: str, day: date | None) -> None:
    from yimen.core.casework.purchase import publishing

    publishing.publish(session.desk, purchase_no, what, where=where, day=day)
    told(purchase_no, _("the publication is recorded."))
