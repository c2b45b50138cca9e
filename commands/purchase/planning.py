"""Steps 1 to 6: plan, demand, budget, method, tender, award, contract, file; and stop."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from yimen.commands.given import CODE, NUMBER, WORDS, YUAN
from yimen.commands.options import DAY
from yimen.commands.purchase.group import command
from yimen.commands.session import Session, pass_session
from yimen.core.casework.purchase import typed
from yimen.core.i18n import _

PURCHASE = click.argument("purchase_no", type=NUMBER, metavar="PURCHASE")
ON = click.option("--on", "day", type=DAY, help=_("The day it was done (today)."))


def told(purchase_no: str, what: str) -> None:
    """Prints what was recorded about a purchase."""
    click.echo(f"{purchase_no}: {what}")


@command.command("plan", help=_("Open a purchase: what service, how much of it."))
@click.argument("title", type=WORDS)
@click.option("--line", "lines", type=CODE, multiple=True, required=True, metavar="ITEM=N",
              help=_("An item and its quantity; A2/hour=120 names the unit."))  # fmt: skip
@click.option("--spec", type=WORDS, default="", help=_("What the service must be like."))
@click.option("--buyer", type=CODE, metavar="CODE", help=_("The division that buys (the county)."))
@pass_session
def plan(
    session: Session, title: str, lines: tuple[str, ...], spec: str, buyer: str | None
) -> None:
    from yimen.core.casework.purchase import planning

    number = planning.plan(
        session.desk,
        session.catalogue,
        title,
        [typed.asked(line) for line in lines],
        spec=spec,
        buyer=session.division(buyer),
    )
    click.echo(_("Purchase {no} is planned.").format(no=number))


@command.command("demand", help=_("Step 1: record who was asked about the service."))
@PURCHASE
@click.option("--asked", type=WORDS, required=True, help=_("Who was asked, and how."))
@click.option("--answers", type=int, required=True, metavar="N", help=_("How many answered."))
@ON
@pass_session
def demand(session: Session, purchase_no: str, asked: str, answers: int, day: date | None) -> None:
    from yimen.core.casework.purchase import planning

    planning.record_demand(session.desk, purchase_no, asked=asked, answers=answers, day=day)
    told(purchase_no, _("the demand is recorded."))


@command.command("budget", help=_("Step 2: record the money and what will be judged."))
@PURCHASE
@click.argument("amount", type=YUAN, metavar="YUAN")
@click.option("--fund", type=WORDS, required=True, help=_("Where the money comes from."))
@click.option("--document", type=WORDS, required=True, help=_("The document that grants it."))
@click.option("--indicator", "indicators", type=WORDS, multiple=True, required=True,
              metavar="NAME=WEIGHT",
              help=_("What is judged; the weights add up to 100."))  # fmt: skip
@ON
@pass_session
def budget(
    session: Session,
    purchase_no: str,
    amount: str,
    fund: str,
    document: str,
    indicators: tuple[str, ...],
    day: date | None,
) -> None:
    from yimen.core.casework.purchase import planning
    from yimen.core.money import parse_yuan

    planning.set_budget(
        session.desk,
        session.catalogue,
        purchase_no,
        amount_fen=parse_yuan(amount),
        fund=fund,
        document=document,
        indicators=typed.numbers(indicators, "NAME=WEIGHT"),
        day=day,
    )
    told(purchase_no, _("the budget is recorded."))


@command.command("method", help=_("Steps 3 and 4: choose how it is purchased."))
@PURCHASE
@click.argument("method", type=CODE, metavar="METHOD")
@click.option(
    "--approval", type=WORDS, default="", help=_("The document that approves another method.")
)
@click.option(
    "--ground", type=CODE, default="", help=_("For a single source: the law's ground, by its code.")
)
@click.option("--reason", type=WORDS, default="", help=_("What makes out this ground."))
@click.option("--former", type=NUMBER, default="", metavar="PURCHASE",
              help=_("The purchase whose contract a further purchase follows."))  # fmt: skip
@ON
@pass_session
def method(
    session: Session,
    purchase_no: str,
    method: str,
    approval: str,
    ground: str,
    reason: str,
    former: str,
    day: date | None,
) -> None:
    from yimen.core.casework.purchase import grounds, planning

    planning.choose_method(
        session.desk,
        session.catalogue,
        purchase_no,
        method,
        approval=approval,
        why=grounds.Why(ground, reason, former),
        day=day,
    )
    told(purchase_no, _("the method is recorded."))


@command.command("tender", help=_("Step 5: record the call for bids."))
@PURCHASE
@click.option("--closes", "closes_on", type=DAY, required=True, help=_("Last day for bids."))
@ON
@pass_session
def tender(session: Session, purchase_no: str, closes_on: date, day: date | None) -> None:
    from yimen.core.casework.purchase import tendering

    tendering.call_for_bids(session.desk, purchase_no, closes_on=closes_on, day=day)
    told(purchase_no, _("the call for bids is recorded."))


@command.command("award", help=_("Step 5: record evaluation, report and choice."))
@PURCHASE
@click.option("--evaluated", type=DAY, help=_("The day of the evaluation."))
@click.option("--reported", type=DAY, help=_("The day its report reached the buyer."))
@click.option("--chosen", type=DAY, help=_("The day the supplier was chosen."))
@click.option("--supplier", type=WORDS, default="", help=_("The chosen supplier."))
@pass_session
def award(
    session: Session,
    purchase_no: str,
    evaluated: date | None,
    reported: date | None,
    chosen: date | None,
    supplier: str,
) -> None:
    from yimen.core.casework.purchase import tendering

    tendering.award(
        session.desk,
        purchase_no,
        supplier=supplier,
        evaluated_on=evaluated,
        reported_on=reported,
        chosen_on=chosen,
    )
    told(purchase_no, _("the award is recorded."))


@command.command("challenge", help=_("Step 5: record a supplier's challenge, or the reply to it."))
@PURCHASE
@click.argument("what", type=CODE, metavar="WHAT")
@click.option("--reply", is_flag=True, help=_("WHAT is the reply to the challenge."))
@ON
@pass_session
def challenge(session: Session, purchase_no: str, what: str, reply: bool, day: date | None) -> None:
    from yimen.core.casework.purchase import tendering

    if reply:
        tendering.reply(session.desk, purchase_no, what, day=day)
        told(purchase_no, _("the reply is recorded."))
    else:
        tendering.challenge(session.desk, purchase_no, what, day=day)
        told(purchase_no, _("the challenge is recorded."))


@command.command("contract", help=_("Step 6: record the signed contract."))
@PURCHASE
@click.option("--supplier", type=WORDS, required=True, help=_("The supplier, as in the award."))
@click.option(
    "--supplier-code",
    type=NUMBER,
    required=True,
    help=_("The supplier's unified social credit code."),
)
@click.option("--line", "lines", type=CODE, multiple=True, required=True, metavar="ITEM=N@YUAN",
              help=_("An item, its quantity and the price of one."))  # fmt: skip
@click.option("--from", "from_day", type=DAY, required=True, help=_("First day of its term."))
@click.option("--to", "to_day", type=DAY, required=True, help=_("Last day of its term."))
@click.option("--stable", is_flag=True, help=_("A stable service: up to three years."))
@click.option("--paper", type=click.Path(path_type=Path), required=True, metavar="FILE",
              help=_("The signed contract."))  # fmt: skip
@ON
@pass_session
def contract(
    session: Session,
    purchase_no: str,
    supplier: str,
    supplier_code: str,
    lines: tuple[str, ...],
    from_day: date,
    to_day: date,
    stable: bool,
    paper: Path,
    day: date | None,
) -> None:
    from yimen.core.casework.purchase import contracts

    number = contracts.sign(
        session.desk,
        session.catalogue,
        purchase_no,
        supplier=supplier,
        supplier_code=supplier_code,
        lines=[typed.priced(line) for line in lines],
        term=contracts.Term(from_day, to_day, stable),
        paper=typed.paper(paper),
        day=day,
    )
    told(purchase_no, _("contract {no} is recorded.").format(no=number))


@command.command("file", help=_("Step 6: record that the contract's copy was filed."))
@PURCHASE
@ON
@pass_session
def file(session: Session, purchase_no: str, day: date | None) -> None:
    from yimen.core.casework.purchase import contracts

    contracts.file_copy(session.desk, purchase_no, day)
    told(purchase_no, _("the filing is recorded."))


@command.command("stop", help=_("Give a purchase up before its contract."))
@PURCHASE
@click.option("--reason", type=WORDS, required=True, help=_("Why it is given up."))
@pass_session
def stop(session: Session, purchase_no: str, reason: str) -> None:
    from yimen.core.casework.purchase import planning

    planning.stop(session.desk, purchase_no, reason)
    told(purchase_no, _("stopped."))
