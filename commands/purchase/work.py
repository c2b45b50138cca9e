"""Steps 7 and 8: order, deliver, accept, cancel, and notes of what went wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from yimen.commands.given import CODE, NUMBER, WORDS
from yimen.commands.options import DAY
from yimen.commands.purchase.group import command
from yimen.commands.purchase.planning import ON, PURCHASE, told
from yimen.commands.session import Session, pass_session
from yimen.core.casework.purchase import typed
from yimen.core.i18n import _

ORDER = click.argument("order_no", type=NUMBER, metavar="ORDER")
QUANTITY = click.option(
    "--quantity", type=int, required=True, metavar="N", help=_("How much, in the order's unit.")
)
PAPER = click.option(
    "--paper", type=click.Path(path_type=Path), required=True, metavar="FILE",
    help=_("The signed sheet or other evidence."),
)  # fmt: skip


@command.command("order", help=_("Step 7: order a service for a household."))
@PURCHASE
@click.argument("line", type=CODE, metavar="ITEM=N")
@click.option("--household", type=NUMBER, metavar="HOUSEHOLD", help=_("For this household."))
@click.option("--member", type=NUMBER, metavar="MEMBER", help=_("For this member of it."))
@click.option("--need", type=CODE, metavar="NEED", help=_("The assessed need that it answers."))
@click.option("--due", "due_on", type=DAY, help=_("To be delivered by (the contract's end)."))
@click.option("--note", type=WORDS, default="", help=_("What the supplier should know."))
@pass_session
def order(
    session: Session,
    purchase_no: str,
    line: str,
    household: str | None,
    member: str | None,
    need: str | None,
    due_on: date | None,
    note: str,
) -> None:
    from yimen.core.casework.purchase import orders

    if household is None and (member or need):
        raise click.UsageError(_("--member and --need go with --household."))
    number = orders.order(
        session.desk,
        session.catalogue,
        purchase_no,
        typed.asked(line),
        orders.ForWhom(household, member, need) if household else None,
        due_on=due_on,
        note=note,
    )
    told(purchase_no, _("order {no} is recorded.").format(no=number))


@command.command("deliver", help=_("Step 7: record what the supplier delivered."))
@ORDER
@QUANTITY
@click.option("--received-by", type=WORDS, required=True, metavar="WHO",
              help=_("Who received it: a member's number or a name."))  # fmt: skip
@PAPER
@click.option("--note", type=WORDS, default="", help=_("What should be known about it."))
@ON
@pass_session
def deliver(
    session: Session,
    order_no: str,
    quantity: int,
    received_by: str,
    paper: Path,
    note: str,
    day: date | None,
) -> None:
    from yimen.core.casework.purchase import acceptance

    number = acceptance.deliver(
        session.desk,
        session.catalogue,
        order_no,
        quantity=quantity,
        received_by=received_by,
        paper=typed.paper(paper),
        day=day,
        note=note,
    )
    told(order_no, _("delivery {no} is recorded.").format(no=number))


@command.command("accept", help=_("Step 8: accept what was delivered; users sign."))
@ORDER
@QUANTITY
@click.option("--signed-by", type=WORDS, multiple=True, metavar="MEMBER",
              help=_("Who of those served signed; may be given again."))  # fmt: skip
@click.option("--guardian", type=WORDS, default="", help=_("Who signed in a minor's place."))
@click.option(
    "--unsigned", type=WORDS, default="", metavar="REASON", help=_("Why nobody could sign.")
)
@PAPER
@ON
@pass_session
def accept(
    session: Session,
    order_no: str,
    quantity: int,
    signed_by: tuple[str, ...],
    guardian: str,
    unsigned: str,
    paper: Path,
    day: date | None,
) -> None:
    from yimen.core.casework.purchase import acceptance

    number = acceptance.accept(
        session.desk,
        session.catalogue,
        order_no,
        quantity=quantity,
        signed_by=signed_by,
        guardian=guardian,
        unsigned_reason=unsigned,
        paper=typed.paper(paper),
        day=day,
    )
    told(order_no, _("acceptance {no} is recorded.").format(no=number))


@command.command("cancel", help=_("End an order; what was not accepted is free again."))
@ORDER
@click.option("--reason", type=WORDS, required=True, help=_("Why it is ended."))
@pass_session
def cancel(session: Session, order_no: str, reason: str) -> None:
    from yimen.core.casework.purchase import orders

    orders.cancel(session.desk, order_no, reason)
    told(order_no, _("ended."))


@command.command("incident", help=_("Note what went wrong, or what was reached."))
@PURCHASE
@click.argument("what", type=CODE, metavar="WHAT")
@ON
@pass_session
def incident(session: Session, purchase_no: str, what: str, day: date | None) -> None:
    from yimen.core.casework.purchase import orders

    orders.record_incident(session.desk, purchase_no, what, day)
    told(purchase_no, _("noted."))
