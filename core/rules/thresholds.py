"""Turns a comparison of a span of time into a comparison of dates.

MONTHS_BETWEEN(paid_on, AS_OF) < 12 asks the same of a row as whether paid_on lies after one certain
day; that day is computed once a run, and not from the digits of each row's date. Spans grow as
their start lies further back, so for each number there is a last start that still reaches it.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal

import msgspec

SpanName = Literal["AGE_YEARS", "MONTHS_BETWEEN", "DAYS_BETWEEN"]
SPANS: frozenset[str] = frozenset({"AGE_YEARS", "MONTHS_BETWEEN", "DAYS_BETWEEN"})


class Threshold(msgspec.Struct, frozen=True, kw_only=True):
    """The parameter `name`: the last start from which the span to the day `until` reaches `n`.

    `until` is the name of another parameter, an ISO date.
    """

    name: str
    span: SpanName
    until: str
    n: int


def threshold(span: SpanName, until: str, n: int) -> Threshold:
    """The threshold with the name that its meaning gives it."""
    number = str(n) if n >= 0 else f"m{-n}"
    return Threshold(name=f"last__{span.lower()}__{until}__{number}", span=span, until=until, n=n)


def as_date_comparison(sign: str, n: int) -> tuple[str, int] | None:
    """How `span sign n` is asked of the start: the sign against the last start, and for which n."""
    return {"<": (">", n), ">=": ("<=", n), "<=": (">", n + 1), ">": ("<=", n + 1)}.get(sign)


def last_start(given: Threshold, parameters: Mapping[str, int | str | None]) -> str | None:
    """The last start as ISO text, None where the day is not known.

    Texts before the year 1 are before every date, and those after 9999 after every one.
    """
    day = parameters[given.until]
    if day is None:
        return None
    until = date.fromisoformat(str(day))
    if given.span == "AGE_YEARS":
        return _text(until.year - given.n, str(day)[4:])
    if given.span == "DAYS_BETWEEN":
        ordinal = until.toordinal() - given.n
        if not 1 <= ordinal <= date.max.toordinal():
            return "0000-00-00" if ordinal < 1 else "9999-99-99"
        return date.fromordinal(ordinal).isoformat()
    return _last_month_start(until, given.n)


def _text(year: int, rest: str) -> str:
    if not 1 <= year <= 9999:
        return "0000-00-00" if year < 1 else "9999-99-99"
    return f"{year:04d}{rest}"


def _last_month_start(until: date, n: int) -> str:
    """The last day that, n months later and at most a month's last day, is not after `until`."""
    months = 12 * until.year + until.month - 1 - n
    year, month = months // 12, months % 12 + 1
    if not 1 <= year <= 9999:
        return "0000-00-00" if year < 1 else "9999-99-99"
    last_of_start = monthrange(year, month)[1]
    ends_month = (until + timedelta(days=1)).day == 1 if until < date.max else True
    day = last_of_start if ends_month else min(until.day, last_of_start)
    return f"{year:04d}-{month:02d}-{day:02d}"
