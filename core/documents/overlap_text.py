"""The sheet of one overlap, 80 columns wide: what was found, by month and payer, and its history.

It shows what the record holds and decides nothing; what is not known is said to be unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from yimen.core.i18n import _
from yimen.core.money import format_yuan
from yimen.core.overlap_records import Overlap, OverlapMove, OverlapPayment
from yimen.core.render.document import heading, key_values, wrap
from yimen.core.rules.catalogue import Catalogue
from yimen.core.words import overlap_act_name, overlap_name, overlap_state_name


def _money(fen: int | None) -> str:
    return _("unknown") if fen is None else _("{amount} yuan").format(amount=format_yuan(fen))


def _months(first: str | None, last: str | None) -> str:
    if first is None or last is None:
        return _("unknown")
    return first if first == last else f"{first} ~ {last}"


def _item(text: str) -> list[str]:
    return wrap(f"  - {text}", indent="    ")


def overlap_text(hit: Overlap, catalogue: Catalogue) -> Iterator[str]:
    """One overlap: the case, its months, the sums of its payers, its history, law and next step."""
    known = catalogue.programmes
    names = [f"{p} {known[p].names.text()}" if p in known else p for p in hit.programmes]
    state = overlap_state_name(hit.resolution or hit.state)
    who = " ".join(filter(None, [hit.member, hit.name, hit.id_number]))
    yield from heading(f"{hit.hit_no} {overlap_name(hit.kind)}")
    yield from key_values(
        [
            (_("Household"), hit.household_no),
            (_("Member"), who or _("the household")),
            (_("Programmes"), "; ".join(names)),
            (_("Months"), _months(hit.from_month, hit.to_month)),
            (_("Amount"), _money(hit.amount_fen)),
            (_("In charge"), hit.owner),
            (_("State"), state),
            (_("Found on"), hit.found_on),
            (_("Last found on"), hit.last_seen_on),
        ]
    )
    if not hit.attributable:
        yield ""
        yield from wrap(
            _("No row is counted: the member has no ID number, or one that two names share.")
        )
    if hit.spans:
        yield from ["", _("By month")]
        for span in hit.spans:
            yield from _item(
                f"{_months(span.from_month, span.to_month)}: {_money(span.amount_fen)}"
            )
            yield from _payments(span.payments, "    ")
        yield from ["", _("By payer")]
        yield from _payments(hit.payers, "  ")
    yield from ["", _("History")]
    for move in hit.history:
        yield from _item(_move_text(move))
    yield from ["", _("Legal basis")]
    for law in hit.basis:
        yield from _item(law)
    yield ""
    yield from wrap(hit.next_step)


def _payments(payments: Iterable[OverlapPayment], indent: str) -> Iterator[str]:
    for p in payments:
        told = " ".join(filter(None, [p.programme, p.payer, f"({p.source})"]))
        yield from wrap(f"{indent}{told}: {_money(p.amount_fen)}", indent=f"{indent}  ")


def _move_text(move: OverlapMove) -> str:
    """One line of the history: when, who, what, and what was said."""
    parts = [move.at[:10], move.operator, overlap_act_name(move.act)]
    if move.code:
        parts.append(overlap_state_name(move.code))
    if move.from_month:
        parts.append(_months(move.from_month, move.to_month))
    if move.amount_fen is not None:
        parts.append(_money(move.amount_fen))
    told = " ".join(parts)
    return f"{told}: {move.reason}" if move.reason else told
