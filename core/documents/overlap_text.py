"""The sheet of one overlap, 80 columns wide: what was found, by month and payer, and its history.

It shows what the record holds and decides nothing; what is not known is said to be unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from yimen.core.i18n import _
from yimen.core.money import format_yuan
from yimen.core.overlap_records import Overlap, OverlapMove, OverlapPayment
from yimen.core.render.document import heading, key_values, wrap
from yimen.core.rules.catalogue import Catalogue
from yimen.core.words.overlaps import overlap_act_name, overlap_name, overlap_state_name


def _money(fen: int | None) -> str:
    return _("unknown") if fen is None else _("{amount} yuan").format(amount=format_yuan(fen))


def _months(first: str | None, last: str | None) -> str:
    if first is None or last is None:
        return _("unknown")
    return first if first == last else f"{first} ~ {last}"


def _item(text: str) -> list[str]:
    return wrap(f"  - {text}", indent="    ")


def overlap_text(hit: Overlap, catalogue: Catalogue, operators: Mapping[str, str]) -> Iterator[str]:
    """One overlap: the case, its months, the sums of its payers, its history, law and next step.

    `operators` calls operators by name.
    """
    known = catalogue.programmes
    names = [known[p].names.text() if p in known else p for p in hit.programmes]
    state = overlap_state_name(hit.resolution or hit.state)
    who = " ".join(filter(None, [hit.member, hit.name, hit.id_number]))
    yield from heading(f"{hit.hit_no} {overlap_name(hit.kind)}")
    yield from key_values(
        [
            (_("Household"), hit.household_no),
            (_("Member"), who or _("the household")),
            (_("Programmes"), _("; ").join(names)),
            (_("Months"), _months(hit.from_month, hit.to_month)),
            (_("Amount"), _money(hit.amount_fen)),
            (_("In charge"), _body(hit.owner, catalogue, operators)),
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
                f"{_months(span.from_month, span.to_month)}{_(': ')}{_money(span.amount_fen)}"
            )
            yield from _payments(span.payments, "    ", catalogue)
        yield from ["", _("By payer")]
        yield from _payments(hit.payers, "  ", catalogue)
    yield from ["", _("History")]
    for move in hit.history:
        yield from _item(_move_text(move, catalogue, operators))
    yield from ["", _("Legal basis")]
    for law in hit.basis:
        yield from _item(law)
    yield ""
    yield from wrap(hit.next_step)


def _body(code: str, catalogue: Catalogue, operators: Mapping[str, str]) -> str:
    """What a department or an operator is called."""
    known = catalogue.departments.get(code)
    return known.names.text() if known else operators.get(code, code)


def _payments(
    payments: Iterable[OverlapPayment], indent: str, catalogue: Catalogue
) -> Iterator[str]:
    for p in payments:
        programme, source = (
            catalogue.programmes.get(p.programme or ""),
            catalogue.sources.get(p.source or ""),
        )
        name = programme.names.text() if programme else p.programme or ""
        register = source.names.text() if source else p.source or "-"
        told = " ".join(filter(None, [name, p.payer, f"({register})"]))
        yield from wrap(f"{indent}{told}{_(': ')}{_money(p.amount_fen)}", indent=f"{indent}  ")


def _move_text(move: OverlapMove, catalogue: Catalogue, operators: Mapping[str, str]) -> str:
    """One line of the history: when, who, what, and what was said."""
    who = operators.get(move.operator, move.operator)
    parts = [move.at[:10], who, overlap_act_name(move.act)]
    if move.code:
        parts.append(overlap_state_name(move.code))
    if move.from_month:
        parts.append(_months(move.from_month, move.to_month))
    if move.amount_fen is not None:
        parts.append(_money(move.amount_fen))
    told = " ".join(parts)
    if not move.reason:
        return told
    # Of a hit that was given on, the reason is to whom.
    said = _body(move.reason, catalogue, operators) if move.act == "assign" else move.reason
    return f"{told}{_(': ')}{said}"
