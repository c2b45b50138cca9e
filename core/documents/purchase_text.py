"""A purchase, an order or a payment as a sheet 80 columns wide; it decides and masks nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from yimen.core.divisions import division_name
from yimen.core.i18n import _
from yimen.core.money import format_yuan
from yimen.core.purchase_records import Contract, Payment, Purchase, ServiceOrder, StepFact
from yimen.core.render.document import heading, key_values, wrap
from yimen.core.rules.catalogue import Catalogue
from yimen.core.words.people import need_name
from yimen.core.words.purchases import purchase_act_name, purchase_state_name, quantity_text


def _yuan(fen: int | None) -> str:
    return "-" if fen is None else _("{amount} yuan").format(amount=format_yuan(fen))


def _item(text: str) -> list[str]:
    return wrap(f"  - {text}", indent="    ")


def purchase_text(found: Purchase) -> Iterator[str]:
    """A purchase: what, how much, by whom, at which step, and its history."""
    yield from heading(f"{found.purchase_no} {found.title}")
    yield from key_values(
        [
            (_("Buyer"), f"{division_name(found.buyer)} {found.buyer}"),
            (_("Budget"), _yuan(found.budget_fen)),
            (_("Fund"), found.fund or "-"),
            (_("Accepted"), _yuan(found.accepted_fen)),
            (_("Paid"), _yuan(found.paid_fen)),
            (_("Specification"), found.spec or "-"),
        ]
    )
    yield from ["", _("Lines")]
    for line in found.lines:
        yield from _item(
            f"{line.item} {line.name}{_(': ')}{quantity_text(line.quantity, line.unit_name)}"
        )
    if found.indicators:
        yield from ["", _("Indicators")]
        for wanted in found.indicators:
            yield from _item(f"{wanted.indicator}{_(': ')}{wanted.weight}")
    if found.contract:
        yield from _contract_lines(found.contract)
    yield from ["", _("Steps")]
    for number, step in enumerate(found.steps, 1):
        yield from _step_lines(number, step, {s.step: s.name for s in found.steps})
    if found.scores or found.payments:
        yield from ["", _("Scores and payments")]
        for score in found.scores:
            yield from _item(
                _("{day}: score {score} of 100").format(day=score.on_day, score=score.score)
            )
        for paid in found.payments:
            state = purchase_state_name(paid.state)
            yield from _item(f"{paid.payment_no} {_yuan(paid.amount_fen)}{_(': ')}{state}")
    yield from ["", _("History")]
    for act in found.history:
        told = _told(act.body)
        done = f"{act.on_day} {act.operator} {purchase_act_name(act.act)}"
        yield from _item(f"{done}{_(': ')}{told}" if told else done)
    if found.remarks:
        yield from ["", _("To be looked at")]
        for remark in found.remarks:
            yield from _item(remark)


def _told(body: Mapping[str, object]) -> str:
    """What an act says in words of its own; numbers stand elsewhere on the sheet."""
    said = ("asked", "document", "approval", "supplier", "contract", "what", "where", "reason")
    return _("; ").join(str(body[name]) for name in said if body.get(name))


def _contract_lines(contract: Contract) -> Iterator[str]:
    yield from ["", _("Contract {no}").format(no=contract.contract_no)]
    yield from key_values(
        [
            (_("Supplier"), f"{contract.supplier} {contract.supplier_code}"),
            (_("Signed on"), contract.signed_on),
            (_("Term"), f"{contract.from_day} ~ {contract.to_day}"),
            (_("Amount"), _yuan(contract.total_fen)),
            (_("Paper"), f"{contract.paper_name} {contract.paper_sha256[:16]}"),
        ]
    )
    for line in contract.lines:
        yield from _item(
            _(
                "{no}. {item} {name}: {quantity} {unit} at {price}; ordered {ordered}, "
                "delivered {delivered}, accepted {accepted}, paid {paid}"
            ).format(
                no=line.line_no, item=line.item, name=line.name, quantity=line.quantity,
                unit=line.unit_name, price=format_yuan(line.unit_price_fen), ordered=line.ordered,
                delivered=line.delivered, accepted=line.accepted, paid=line.paid,
            )
        )  # fmt: skip


def _step_lines(number: int, step: StepFact, names: Mapping[str, str]) -> Iterator[str]:
    parts = [f"{number:2}. {step.name}{_(': ')}{purchase_state_name(step.state)}"]
    if step.state == "done" and step.since:
        parts.append(step.since)
    if step.due_on and step.state in ("open", "overdue"):
        due = _("due {day}").format(day=step.due_on)
        parts.append(f"{due} {_('PROVISIONAL')}" if step.provisional else due)
    if step.waits_for:
        waits = _(", ").join(names[name] for name in step.waits_for)
        parts.append(_("waits for {steps}").format(steps=waits))
    if step.detail:
        parts.append(step.detail)
    yield from wrap("  " + _("; ").join(parts), indent="      ")


def step_text(step: StepFact, names: Mapping[str, str]) -> Iterator[str]:
    """One step alone: how it stands, its evidence, its law, and each limit that runs in it."""
    parts = [f"{step.name}{_(': ')}{purchase_state_name(step.state)}"]
    if step.waits_for:
        waits = _(", ").join(names[name] for name in step.waits_for)
        parts.append(_("waits for {steps}").format(steps=waits))
    if step.evidence:
        parts.append(_("Paper: {paper}").format(paper=step.evidence))
    law = _("Law: {law}").format(law=step.basis)
    parts.append(law if step.confirmed else f"{law} {_('(to be confirmed)')}")
    yield from wrap(_("; ").join(parts))
    for clock in step.clocks:
        told = clock.done_on or _("due {day}").format(day=clock.due_on)
        late = f" {_('(late)')}" if clock.overdue else ""
        yield from wrap(f"  {clock.name}{_(': ')}{told}{late} ({clock.basis})")


def order_text(order: ServiceOrder, catalogue: Catalogue) -> Iterator[str]:
    """An order: for whom, how much, what was delivered and accepted, with the evidence."""
    known = catalogue.service_items.get(order.item)
    name = known.names.text() if known else order.item
    unit = next(
        (u.names.text() for u in known.units if u.unit == order.unit) if known else iter(()),
        order.unit,
    )
    yield from heading(f"{order.order_no} {order.item} {name}")
    yield from key_values(
        [
            (_("Contract"), f"{order.contract_no} {order.supplier}"),
            (_("Household"), order.household_no or _("the office's own work")),
            (_("Member"), " ".join(filter(None, [order.member_no, order.name])) or "-"),
            (_("Need"), need_name(order.need) if order.need else "-"),
            (_("Quantity"), quantity_text(order.quantity, unit)),
            (_("Ordered on"), order.ordered_on),
            (_("Due"), order.due_on),
            (_("State"), purchase_state_name("overdue" if order.overdue else order.state)),
        ]
    )
    if order.note:
        yield from ["", *wrap(order.note)]
    if order.end_reason:
        yield from ["", *wrap(_("Ended: {reason}").format(reason=order.end_reason))]
    yield from ["", _("Deliveries")]
    for d in order.deliveries:
        yield from _item(
            f"{d.delivery_no} {d.delivered_on}{_(': ')}"
            + _evidence(
                quantity_text(d.quantity, unit), d.received_by, d.paper_name, d.paper_sha256
            )
        )
    yield from [] if order.deliveries else [f"  - {_('none')}"]
    yield from ["", _("Acceptances")]
    for a in order.acceptances:
        who = _(", ").join(a.signed_by) or a.unsigned_reason
        yield from _item(
            f"{a.acceptance_no} {a.accepted_on}{_(': ')}"
            + _evidence(quantity_text(a.quantity, unit), who, a.paper_name, a.paper_sha256)
        )
    yield from [] if order.acceptances else [f"  - {_('none')}"]


def _evidence(quantity: str, who: str, paper: str, sha256: str) -> str:
    """How much, by whom, and the paper that shows it."""
    return _(", ").join([quantity, who, f"{paper} {sha256[:16]}"])


def payment_text(payment: Payment) -> Iterator[str]:
    """A payment: the quantities it pays, by whom it was drawn and confirmed."""
    yield from heading(f"{payment.payment_no} {_yuan(payment.amount_fen)}")
    yield from key_values(
        [
            (_("Contract"), payment.contract_no),
            (_("State"), purchase_state_name(payment.state)),
            (_("Drawn"), f"{payment.drawn_on} {payment.drawn_by}"),
            (_("Confirmed or withdrawn"), f"{payment.ended_on} {payment.ended_by}"
             if payment.ended_on else "-"),
            (_("Voucher"), payment.voucher or "-"),
            (_("Reason"), payment.reason or "-"),
        ]
    )  # fmt: skip
    yield ""
    for part in payment.parts:
        yield from _item(
            _("line {no}: {quantity} at {price} = {amount} yuan").format(
                no=part.line_no, quantity=part.quantity, price=format_yuan(part.unit_price_fen),
                amount=format_yuan(part.amount_fen),
            )
        )  # fmt: skip
