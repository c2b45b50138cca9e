"""What an overlap rests on, by month: who paid, what of it is too much, in which months.

Pure arithmetic over payments that were read before; it opens no database and decides nothing. What
is not known stays unknown: one payment without an amount makes the sum unknown, never smaller.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import NamedTuple

from msgspec import structs

from yimen.core.casework.months import month_number, month_text
from yimen.core.overlap_records import OverlapPayment, OverlapSpan
from yimen.core.records import OverlapKind
from yimen.core.store.journal import canonical


class Payment(NamedTuple):
    """One record of aid, from its first to its last month (both included, as numbers).

    `amount` is in fen: of each month where `monthly`, else of the whole record.
    """

    programme: str
    payer: str
    source: str
    amount: int | None
    monthly: bool
    first: int
    last: int


class Event(NamedTuple):
    """One event that several payers settled: its day, its cost and their sums, in fen.

    `paid` holds a payer's column, its name, its programme if it is aid, and what it paid.
    """

    source: str
    day: str
    cost: int
    paid: tuple[tuple[str, str, str | None, int], ...]

    @property
    def excess(self) -> int:
        """What was paid above the eligible cost."""
        return sum(payment[3] for payment in self.paid) - self.cost


@dataclass(frozen=True)
class Evidence:
    """Months, payers and money of one overlap, and the digest of the rows behind them.

    `from_month` and `to_month` are None where no row can be attributed to the person. `settled`
    says that an officer had resolved all of its months before.
    """

    spans: list[OverlapSpan] = field(default_factory=list)
    from_month: str | None = None
    to_month: str | None = None
    amount_fen: int | None = None
    digest: str = ""
    attributable: bool = True
    settled: bool = False

    def from_on(self, begin: int) -> Evidence:
        """The same rows in the months from `begin` on; those before it were resolved already.

        Where nothing comes after them the months stay and the sum is unknown: what of it is new
        cannot be told from what was counted then. The digest is that of all rows either way.
        """
        if self.from_month is None or self.to_month is None:
            return self
        if month_number(self.from_month) >= begin:
            return self
        last = month_number(self.to_month)
        if last < begin:
            return replace(self, amount_fen=None, settled=True)
        spans = [_cut(span, begin, last) for span in self.spans if _months_of(span, begin, last)]
        return replace(
            self,
            spans=spans,
            from_month=spans[0].from_month if spans else month_text(begin),
            amount_fen=_sum(span.amount_fen for span in spans) if spans else None,
        )

    def within(self, from_month: str, to_month: str) -> int | None:
        """The money in some of the months, None where it is unknown; spans are cut by the month."""
        if not self.spans:
            whole = from_month == self.from_month and to_month == self.to_month
            return self.amount_fen if whole else None
        asked = month_number(from_month), month_number(to_month)
        return _sum(_part(span, *asked) for span in self.spans if _months_of(span, *asked))

    def payers(self) -> list[OverlapPayment]:
        """Each payer's sum over all spans, in the order of their first payment."""
        sums: dict[tuple[str | None, str, str], list[int | None]] = {}
        for span in self.spans:
            for p in span.payments:
                sums.setdefault((p.programme, p.payer, p.source), []).append(p.amount_fen)
        return [
            OverlapPayment(programme=programme, payer=payer, source=source, amount_fen=_sum(parts))
            for (programme, payer, source), parts in sums.items()
        ]


def _months_of(span: OverlapSpan, first: int, last: int) -> int:
    """How many of the months from `first` to `last` the span has."""
    begin, end = month_number(span.from_month), month_number(span.to_month)
    return max(0, min(end, last) - max(begin, first) + 1)


def _part(span: OverlapSpan, first: int, last: int) -> int | None:
    """A span's money in some months: a span pays the same in each of its months."""
    return _share(span.amount_fen, span, first, last)


def _share(fen: int | None, span: OverlapSpan, first: int, last: int) -> int | None:
    if fen is None:
        return None
    length = month_number(span.to_month) - month_number(span.from_month) + 1
    return fen * _months_of(span, first, last) // length


def _cut(span: OverlapSpan, first: int, last: int) -> OverlapSpan:
    """What a span has of some months, of which it has at least one."""
    return structs.replace(
        span,
        from_month=month_text(max(first, month_number(span.from_month))),
        to_month=month_text(min(last, month_number(span.to_month))),
        payments=[
            structs.replace(p, amount_fen=_share(p.amount_fen, span, first, last))
            for p in span.payments
        ],
        amount_fen=_part(span, first, last),
    )


def _sum(parts: Iterable[int | None]) -> int | None:
    total = 0
    for part in parts:
        if part is None:
            return None
        total += part
    return total


def unattributable() -> Evidence:
    """The evidence of a person without an ID number, or with one that two names share: none."""
    return Evidence(digest=_digest(["unattributable"]), attributable=False)


def evidence_of(
    kind: OverlapKind,
    programmes: Sequence[str],
    payments: Sequence[Payment],
    events: Sequence[Event],
    *,
    since: int,
    now: int,
    begin: int | None = None,
    monthly_fen: int | None = None,
) -> Evidence:
    """The evidence of an overlap of a kind.

    `since` and `now` are months' numbers: from when a check has found what it finds now. They are
    the months where no payment says others. What lies before the month `begin` was resolved
    before. `monthly_fen` is what is missed each month.
    """
    if kind == "missed" and begin is not None:
        since = min(now, max(since, begin))
    first, last = month_text(since), month_text(now)
    if kind == "missed":
        missed = None if monthly_fen is None else monthly_fen * (now - since + 1)
        return Evidence(from_month=first, to_month=last, amount_fen=missed, digest=_digest([]))
    used = [p for p in payments if p.programme in programmes and p.first <= now]
    if kind == "wrongly_kept":
        used = [p for p in used if p.last >= since]
        spans = _spans(used, range(since, now + 1), bool, _all)
    else:
        months = range(min((p.first for p in used), default=now), now + 1)
        spans = (
            _spans(used, months, lambda active: len(active) > 1, _beyond_the_first)
            if kind == "duplicate"
            else _spans(used, months, partial(_both_sides, set(programmes)), _smaller_side)
        )
        used = [p for p in used if any(_months_of(span, p.first, p.last) for span in spans)]
    spans = sorted([*spans, *map(_event_span, events)], key=lambda s: (s.from_month, s.to_month))
    rows: list[object] = [[*p[:5], p.first] for p in used]
    rows += [[e.source, e.day, e.cost, [[p[0], p[3]] for p in e.paid]] for e in events]
    if spans and kind != "wrongly_kept":
        first, last = spans[0].from_month, max(span.to_month for span in spans)
    whole = Evidence(
        spans=spans,
        from_month=first,
        to_month=last,
        amount_fen=_sum(span.amount_fen for span in spans) if spans else None,
        digest=_digest(rows),
    )
    return whole if begin is None else whole.from_on(begin)


Money = list[tuple[Payment, int | None]]
"""The payments of one month, the earliest first, with what each paid in it."""


def _both_sides(programmes: set[str], active: Sequence[Payment]) -> bool:
    return len(programmes) > 1 and {p.programme for p in active} >= programmes


def _all(paid: Money) -> int | None:
    return _sum(fen for __, fen in paid)


def _beyond_the_first(paid: Money) -> int | None:
    return _sum(fen for __, fen in paid[1:])


def _smaller_side(paid: Money) -> int | None:
    """The lesser of what programmes that exclude each other paid in one month."""
    sides = [
        _sum(fen for p, fen in paid if p.programme == programme)
        for programme in {p.programme for p, __ in paid}
    ]
    known = [side for side in sides if side is not None]
    return min(known) if len(known) == len(sides) else None


def _spans(
    payments: Sequence[Payment],
    months: range,
    wanted: Callable[[list[Payment]], bool],
    too_much: Callable[[Money], int | None],
) -> list[OverlapSpan]:
    """The months that are wanted, put together where the same records pay the same.

    What a record pays once counts in the first of those months that it meets.
    """
    ordered = sorted(payments, key=lambda p: (p.first, p.source, p.payer, p.amount or 0, p.last))
    counted: set[int] = set()
    runs: list[tuple[int, int, list[int], list[int | None], int | None]] = []
    for month in months:
        active = [i for i, p in enumerate(ordered) if p.first <= month <= p.last]
        if not wanted([ordered[i] for i in active]):
            continue
        fen = [ordered[i].amount if ordered[i].monthly or i not in counted else 0 for i in active]
        counted |= set(active)
        excess = too_much([(ordered[i], f) for i, f in zip(active, fen, strict=True)])
        last = runs[-1] if runs else None
        if last and last[1] == month - 1 and last[2:] == (active, fen, excess):
            runs[-1] = (last[0], month, active, fen, excess)
        else:
            runs.append((month, month, active, fen, excess))
    return [_span(ordered, *run) for run in runs]


def _span(
    ordered: Sequence[Payment],
    first: int,
    last: int,
    active: list[int],
    fen: list[int | None],
    excess: int | None,
) -> OverlapSpan:
    times = last - first + 1
    return OverlapSpan(
        from_month=month_text(first),
        to_month=month_text(last),
        payments=[
            OverlapPayment(
                programme=ordered[i].programme,
                payer=ordered[i].payer,
                source=ordered[i].source,
                amount_fen=None if f is None else f * times,
            )
            for i, f in zip(active, fen, strict=True)
        ],
        amount_fen=None if excess is None else excess * times,
    )


def _event_span(event: Event) -> OverlapSpan:
    month = event.day[:7]
    return OverlapSpan(
        from_month=month,
        to_month=month,
        payments=[
            OverlapPayment(
                programme=programme, payer=payer, source=event.source, amount_fen=fen
            )
            for __, payer, programme, fen in event.paid
        ],
        amount_fen=event.excess,
    )  # fmt: skip


def _digest(rows: list[object]) -> str:
    """A digest of the rows that is blind to their order and to when a record ends."""
    return hashlib.sha256(canonical(sorted(rows, key=canonical)).encode()).hexdigest()
