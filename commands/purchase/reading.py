"""The lists of purchases, orders, payments and items, and one of each by its number."""

from __future__ import annotations

import click

from yimen.commands.given import CODE, NUMBER
from yimen.commands.options import listing_options, print_listing, print_record, record_format
from yimen.commands.purchase.group import command
from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _

OF = click.option(
    "--purchase", "purchase_no", type=NUMBER, metavar="PURCHASE", help=_("Only of this purchase.")
)


@command.command("list", help=_("Purchases with the step each stands at."))
@click.option("--open", "open_only", is_flag=True, help=_("Only those with a step left."))
@click.option("--buyer", type=CODE, metavar="CODE", help=_("Only of this division."))
@listing_options
@pass_session
def list_(
    session: Session, open_only: bool, buyer: str | None, fmt: str, columns: str | None
) -> None:
    import msgspec

    from yimen.core.casework.purchase.listing import purchase_lines
    from yimen.core.casework.purchase.rules import method_name, step_name
    from yimen.core.render.listing import Column
    from yimen.core.words.purchases import purchase_state_name

    lines = purchase_lines(
        session.desk, session.catalogue, open_only=open_only, buyer=session.division(buyer)
    )
    shape = [
        Column("purchase_no", "purchase"), Column("title", "title"), Column("items", "items"),
        Column("supplier", "supplier"), Column("budget_fen", "budget", "money"),
        Column("contract_fen", "contract", "money"),
        Column("accepted_fen", "acceptance", "money"), Column("paid_fen", "paid", "money"),
        Column("score", "score", "integer"),
        Column("step", "step", words=step_name),
        Column("state", "state", words=purchase_state_name), Column("due_on", "due"),
        Column("overdue", "overdue", "boolean"), Column("stopped", "stopped", "boolean"),
        Column("method", "method", words=method_name), Column("buyer", "buyer"),
    ]  # fmt: skip
    print_listing((msgspec.to_builtins(line) for line in lines), shape, fmt, columns)


@command.command("orders", help=_("Orders in your division, oldest first."))
@OF
@click.option("--household", type=NUMBER, metavar="HOUSEHOLD", help=_("Only for this household."))
@click.option("--need", type=CODE, metavar="NEED", help=_("Only those that answer this need."))
@click.option("--state", type=click.Choice(["open", "delivered", "accepted", "ended"]),
              metavar="STATE", help=_("Only in this state."))  # fmt: skip
@listing_options
@pass_session
def orders(
    session: Session,
    purchase_no: str | None,
    household: str | None,
    need: str | None,
    state: str | None,
    fmt: str,
    columns: str | None,
) -> None:
    import msgspec

    from yimen.core.casework.purchase.listing import order_lines
    from yimen.core.render.listing import Column
    from yimen.core.words.people import need_name
    from yimen.core.words.purchases import purchase_state_name

    lines = order_lines(
        session.desk, purchase_no=purchase_no, household_no=household, need=need, state=state
    )
    units = {u.unit: u for i in session.catalogue.service_items.values() for u in i.units}

    def counted(unit: str) -> str:
        return units[unit].names.text() if unit in units else unit

    shape = [
        Column("order_no", "order"), Column("purchase_no", "purchase"),
        Column("household_no", "household"), Column("member_no", "member"),
        Column("need", "need", words=need_name), Column("item", "item"),
        Column("unit", "counted in", words=counted),
        Column("quantity", "quantity", "integer"), Column("delivered", "delivered", "integer"),
        Column("accepted", "acceptance", "integer"), Column("ordered_on", "ordered on"),
        Column("due_on", "due"), Column("state", "state", words=purchase_state_name),
        Column("overdue", "overdue", "boolean"),
        Column("contract_no", "contract"), Column("line_no", "contract line", "integer"),
        Column("division", "division"),
    ]  # fmt: skip
    print_listing((msgspec.to_builtins(line) for line in lines), shape, fmt, columns)


@command.command("payments", help=_("Payments, oldest first."))
@OF
@listing_options
@pass_session
def payments(session: Session, purchase_no: str | None, fmt: str, columns: str | None) -> None:
    import msgspec

    from yimen.core.casework.purchase.listing import payment_lines
    from yimen.core.render.listing import Column
    from yimen.core.words.purchases import purchase_state_name

    lines = payment_lines(session.desk, purchase_no=purchase_no)
    shape = [
        Column("payment_no", "payment"), Column("purchase_no", "purchase"),
        Column("contract_no", "contract"), Column("drawn_on", "drawn on"),
        Column("drawn_by", "drawn by"), Column("amount_fen", "amount", "money"),
        Column("state", "state", words=purchase_state_name), Column("ended_by", "ended by"),
        Column("ended_on", "ended on"),
        Column("voucher", "voucher"), Column("reason", "reason"),
    ]  # fmt: skip
    print_listing((msgspec.to_builtins(line) for line in lines), shape, fmt, columns)


@command.command("items", help=_("The services that may be purchased, or may not."))
@click.option("--not-purchasable", "refused", is_flag=True,
              help=_("What may not be purchased, with the words that show it."))  # fmt: skip
@listing_options
@pass_session
def items(session: Session, refused: bool, fmt: str, columns: str | None) -> None:
    from yimen.core.render.listing import Column
    from yimen.core.words.amounts import unit_name
    from yimen.core.words.people import need_name

    if refused:
        from yimen.core.casework.purchase.listing import not_purchasable

        rows = [
            {"rule": r.rule, "name": r.names.text(), "shown_by": r.shown_by, "basis": r.law()}
            for r in not_purchasable()
        ]
        shape = [Column("rule", "rule"), Column("name", "name"), Column("shown_by", "words"),
                 Column("basis", "basis")]  # fmt: skip
        print_listing(rows, shape, fmt, columns)
        return
    rows = [
        {
            "item": item.item,
            "name": item.names.text(),
            "units": [f"{u.unit} {u.names.text()}" for u in item.units],
            "receiver": item.receiver,
            "serves": item.serves,
            "evidence": item.evidence.text(),
            "basis": [basis.words() for basis in item.basis],
        }
        for item in sorted(session.catalogue.service_items.values(), key=lambda i: i.item)
    ]
    shape = [
        Column("item", "item"), Column("name", "name"), Column("units", "units"),
        Column("receiver", "for", words=unit_name),
        Column("serves", "needs", words=need_name), Column("evidence", "evidence"),
        Column("basis", "basis"),
    ]  # fmt: skip
    print_listing(rows, shape, fmt, columns)


@command.command("show", help=_("A purchase, an order or a payment, by its number."))
@click.argument("number", type=NUMBER, metavar="NUMBER")
@record_format
@pass_session
def show(session: Session, number: str, fmt: str) -> None:
    from yimen.core.casework.purchase import listing
    from yimen.core.documents import purchase_text as texts

    kind = number[:1]
    if kind == "D":
        order = listing.show_order(session.desk, session.catalogue, number)
        print_record(order, fmt, lambda: texts.order_text(order, session.catalogue))
    elif kind == "F":
        payment = listing.show_payment(session.desk, number)
        print_record(payment, fmt, lambda: texts.payment_text(payment))
    else:
        purchase = listing.show_purchase(session.desk, session.catalogue, number)
        print_record(purchase, fmt, lambda: texts.purchase_text(purchase))
