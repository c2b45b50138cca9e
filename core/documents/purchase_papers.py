"""Papers of a purchase of services: the annex of a contract 合同附件, the acceptance sheet 验收单.

The annex fixes quantities and unit prices, against which alone is paid; the sheet is signed by
people who received the service (GPR §45).
"""

from __future__ import annotations

from collections.abc import Iterator

from yimen.core.casework.desk import Desk
from yimen.core.documents.letter import day_words, foot, letter_head
from yimen.core.i18n import _
from yimen.core.laws import law_text
from yimen.core.money import format_yuan
from yimen.core.print_records import AcceptancePaper, ContractPaper
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
         format_yuan(line.unit_price_fen), format_yuan(line.amount_fen)]
        for line in contract.lines
    ]  # fmt: skip
    payable = format_yuan(sum(line.amount_fen for line in contract.lines))
    rows.append([_("Total"), "", "", "", "", "", payable])
    heads = [Head(_("Service")), Head(_("Unit")), Head(_("Contracted"), "right"),
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
