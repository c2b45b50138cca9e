"""Months as people write them, 2026-11, and as numbers that can be counted.

Aid is paid by the month, so overlaps are counted in months and never in days.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])\Z")


def is_month(text: str) -> bool:
    """Whether a text is a month such as 2026-11."""
    return _MONTH.match(text) is not None


def month_number(text: str) -> int:
    """The number of the month in which a date or month text lies; numbers of months follow on."""
    return int(text[:4]) * 12 + int(text[5:7]) - 1


def month_text(number: int) -> str:
    """The month of a number, as 2026-11."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def month_after(text: str, n: int = 1) -> str:
    """The month so many months after that of a date or month text; negative for before it."""
    return month_text(month_number(text) + n)


def months_paid(from_date: str | None, to_date: str | None) -> tuple[int, int] | None:
    """The first and last month that a row pays for; None where its beginning is unknown.

    The day `to_date` is the first without aid, so that a row to 2026-06-01 ends with May; one paid
    once, on the day on which it ends, pays for the month of that day. Of an unknown end only the
    first month is certain.
    """
    if from_date is None:
        return None
    first = month_number(from_date)
    if to_date is None:
        return first, first
    last = (date.fromisoformat(to_date) - timedelta(days=1)).isoformat()
    return first, max(first, month_number(last))
