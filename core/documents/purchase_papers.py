"""Papers of a purchase of services: the annex of a contract 合同附件, the acceptance sheet 验收单.

The annex fixes quantities and unit prices, against which alone is paid; the sheet is signed by
people who received the service (GPR §45).
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from yimen.core.casework.desk import Desk
from yimen.core.documents.letter import day_words, foot, letter_head
from yimen.core.i18n import _
from yimen.core.laws import law_text
from yimen.core.money import format_yuan
from yimen.core.print_records import AcceptancePaper, ContractPaper, PaperLine
from yimen.core.purchase_records import ContractLine, Purchase, ServiceOrder
from yimen.core.render.page import (
    BLANK,
    Block,
    Entries,
    Entry,
    Pairs,
    Paragraph,
    Prose,
    Section,
    Signatures,
    Table,
)
from yimen.core.render.table import Head


def contract_paper(purchase: Purchase, buyer: str) -> ContractPaper | None:
    """The annex of a purchase's contract; None while it has none."""
    contract = purchase.contract
    if contract is None:
        return None
    return ContractPaper(
        contract_no=contract.contract_no,
        project=f"{purchase.purchase_no} {purchase.title}",
        buyer=buyer,
        supplier=contract.supplier,
        signed_on=contract.signed_on,
        from_date=contract.from_day,
        to_date=contract.to_day,
        budget_line=purchase.fund or "",
        lines=[
            PaperLine(
                item=f"{line.item} {line.name}",
                unit=line.unit_name,
                quantity=str(line.quantity),
                unit_price_fen=line.unit_price_fen,
                amount_fen=line.quantity * line.unit_price_fen,
            )
            for line in contract.lines
        ],
    )


def acceptance_paper(
    order: ServiceOrder, contract: ContractPaper, price: ContractLine
) -> AcceptancePaper:
    """The sheet of an order: its newest acceptance, or blanks to be filled while it has none."""
    last = order.acceptances[-1] if order.acceptances else None
    served = order.name or _("Service user")
    signed = [served if who == order.member_no else who for who in last.signed_by] if last else []
    line = PaperLine(
        item=f"{price.item} {price.name}",
        unit=price.unit_name,
        quantity=str(order.quantity),
        unit_price_fen=price.unit_price_fen,
        amount_fen=order.accepted * price.unit_price_fen,
        delivered=str(order.delivered),
        accepted=str(order.accepted) if last else BLANK[:6],
    )
    return AcceptancePaper(
        contract=replace(contract, lines=[line]),
        acceptance_no=order.order_no,
        accepted_on=last.accepted_on if last else None,
        period=_("from {first} to {last}").format(
            first=day_words(order.ordered_on), last=day_words(order.due_on)
        ),
        users=signed if last else [served],
        users_without=last.unsigned_reason if last else "",
    )


def contract_page(contract: ContractPaper, desk: Desk) -> Iterator[Block]:
    """合同附件: items, units, quantities, unit prices, amounts and terms of payment."""
    yield from letter_head(
        _("Annex to the contract: services, quantities and prices"), contract.contract_no
    )
    yield Pairs(_parties(contract))
    yield _lines_table(contract)
    yield Section(_("Terms"))
    terms = [
        _("The term runs from {first} to {last}.").format(
            first=day_words(contract.from_date), last=day_words(contract.to_date)
        ),
        _("Payment is made only for quantities that were accepted, at the unit prices above."),
        _("Services are accepted in writing, with people who received them taking part and signing"
          " [{law}].").format(law=law_text("GPR §45")),
        _("The contract may not be handed on as a whole. Decisions on aid, staff, goods and works"
          " are no part of it."),
        _("What the supplier learns of a family is kept secret, serves this contract alone, and is"
          " returned or deleted at its end."),
    ]  # fmt: skip
    yield Entries([Entry(text, mark=f"{n}.") for n, text in enumerate(terms, 1)])
    yield Signatures(
        [
            _("Buyer {name} (seal), by").format(name=contract.buyer),
            _("Supplier {name} (seal), by").format(name=contract.supplier),
        ]
    )
    yield foot(desk, contract.contract_no)


def _parties(contract: ContractPaper) -> list[tuple[str, str]]:
    return [
        (_("Project"), contract.project),
        (_("Buyer"), contract.buyer),
        (_("Supplier"), contract.supplier),
        (_("Budget"), contract.budget_line or BLANK),
        (_("Signed on"), day_words(contract.signed_on)),
    ]


def _lines_table(contract: ContractPaper) -> Table:
    rows = [
        [str(n), line.item, line.unit, line.quantity, format_yuan(line.unit_price_fen),
         format_yuan(line.amount_fen)]
        for n, line in enumerate(contract.lines, 1)
    ]  # fmt: skip
    total = format_yuan(sum(line.amount_fen for line in contract.lines))
    rows.append(["", _("Total"), "", "", "", total])
    heads = [Head(_("No.")), Head(_("Service")), Head(_("Unit")), Head(_("Quantity"), "right"),
             Head(_("Unit price, yuan"), "right"), Head(_("Amount, yuan"), "right")]  # fmt: skip
    return Table(heads, rows)


def acceptance_page(sheet: AcceptancePaper, desk: Desk) -> Iterator[Block]:
    """验收单: delivered and accepted quantities, what is payable, signatures of service users."""
    contract = sheet.contract
    yield from letter_head(_("Acceptance of services purchased"), sheet.acceptance_no)
    yield Pairs(
        [
            (_("Contract"), contract.contract_no),
            *_parties(contract)[:3],
            (_("Period"), sheet.period),
            (_("Day of acceptance"), day_words(sheet.accepted_on)),
        ]
    )
    rows = [
        [line.item, line.unit, line.quantity, line.delivered, line.accepted,
         format_yuan(line.unit_price_fen),
         format_yuan(line.amount_fen) if sheet.accepted_on else ""]
        for line in contract.lines
    ]  # fmt: skip
    # What nobody has accepted yet is written in by hand, and what is payable with it.
    total = sum(line.amount_fen for line in contract.lines)
    payable = format_yuan(total) if sheet.accepted_on else ""
    rows.append([_("Total"), "", "", "", "", "", payable])
    heads = [Head(_("Service")), Head(_("Unit")), Head(_("Ordered"), "right"),
             Head(_("Delivered"), "right"), Head(_("Accepted"), "right"),
             Head(_("Unit price, yuan"), "right"), Head(_("Payable, yuan"), "right")]  # fmt: skip
    yield Table(heads, rows)
    yield Pairs([(_("Score"), sheet.score or BLANK), (_("Findings"), sheet.findings or BLANK)])
    yield Section(_("People who received the service [{law}]").format(law=law_text("GPR §45")))
    if sheet.users_without:
        yield Paragraph(_("None signed: {reason}").format(reason=sheet.users_without))
    yield Signatures(sheet.users)
    yield Prose(_("The result of this acceptance is published."))
    yield Signatures([_("Accepted by"), _("Second officer"), _("For the supplier")])
    yield foot(desk, sheet.acceptance_no)
