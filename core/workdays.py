"""Time limits in working days, calendar days, months and hours, over China's published calendar.

The State Council fixes each year's holidays and make-up days late in the year before. This file
must never pass off a year it has not seen as known: there it counts Monday to Friday without the
holidays whose day the law itself fixes, and says so, with `provisional`. What a county enters
itself outranks the library.
"""

from __future__ import annotations

import hashlib
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from typing import Literal, assert_never

from yimen.core.clock import SHANGHAI, parse_date
from yimen.core.errors import BadDate, BadFile
from yimen.core.i18n import _

Unit = Literal["WD", "CD", "MO"]

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
# A year counts as published by the county when its file names at least so many days off.
_STATUTORY_DAYS = 11
# New Year, Labour Day and National Day: State Council order 795 of 2024, article 2.
_FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
# The library computes the sun's terms up to this year.
_LAST_SOLAR_YEAR = 2100
_HEADERS = (("date", "日期"), ("type", "类型"))
_DAY_TYPES: Mapping[str, bool] = {
    "work": True,
    "上班": True,
    "班": True,
    "off": False,
    "放假": False,
    "休": False,
}


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a limit, its moment when it runs in hours, and whether it is an estimate."""

    due: date
    at: str | None
    provisional: bool


@cache
def _library() -> tuple[Mapping[date, bool], frozenset[int]]:
    """The library's days that differ from Monday to Friday (true: working), and its years."""
    from chinese_calendar.constants import holidays, workdays

    days = dict.fromkeys(holidays, False) | dict.fromkeys(workdays, True)
    return days, frozenset(day.year for day in holidays)


@cache
def _qingming(year: int) -> date | None:
    """Tomb-Sweeping Day, which the sun fixes; Spring Festival and the others follow the moon."""
    from chinese_calendar import get_solar_terms

    if year > _LAST_SOLAR_YEAR:
        return None
    terms = get_solar_terms(date(year, 4, 1), date(year, 4, 10))
    found: date = next(day for day, name in terms if name == "清明")
    return found


def _is_fixed_holiday(day: date) -> bool:
    """Whether the law makes the day a holiday in every year that is to come.

    The days put beside it, and those that are worked for them, are in each year's notice alone.
    """
    if day.year <= max(_library()[1]):
        return False
    return (day.month, day.day) in _FIXED_HOLIDAYS or day == _qingming(day.year)


class WorkingCalendar:
    """Which days are worked: the county's own, else the library's, else Monday to Friday.

    In a year to come that nobody has published, holidays of a fixed day are not worked.
    """

    def __init__(self, own_days: Mapping[date, bool] | None = None) -> None:
        """`own_days` maps a date to whether it is worked, as `parse_calendar_csv` gives it."""
        self._own_days = dict(own_days or {})
        off = Counter(day.year for day, worked in self._own_days.items() if not worked)
        self._own_years = frozenset(y for y, days in off.items() if days >= _STATUTORY_DAYS)

    @property
    def published_through(self) -> int:
        """The last published year: the library's own, or the county's years that follow it."""
        year = max(_library()[1])
        while year + 1 in self._own_years:
            year += 1
        return year

    @cached_property
    def digest(self) -> str:
        """A hash of all the days it knows: two calendars of one digest count alike."""
        days, years = _library()
        known = [sorted(days.items()), sorted(years), sorted(self._own_days.items())]
        return hashlib.sha256(repr(known).encode()).hexdigest()

    def is_published(self, year: int) -> bool:
        """Whether the library has the year, or the county has entered its days off."""
        return year in self._own_years or year in _library()[1]

    def is_working_day(self, day: date) -> bool:
        """Whether the day is worked; in a year not published, as far as law and weekday tell."""
        _refuse_a_moment(day)
        if (own := self._own_days.get(day)) is not None:
            return own
        if (listed := _library()[0].get(day)) is not None:
            return listed
        return day.weekday() < _SATURDAY and not _is_fixed_holiday(day)

    def add(self, start: date, n: int, unit: Unit, *, roll_over: bool = True) -> Deadline:
        """The last day of `n` working days (WD), calendar days (CD) or months (MO) from `start`.

        The start day is not counted (Civil Code §201); a month ends on the same day of the month,
        or on its last (§202). A last day that is a day off moves to the next working day (§203)
        unless `roll_over` is off; `n` of 0 is the start day itself, so moved.
        """
        _refuse_a_moment(start)
        if n < 0:
            raise ValueError("a limit runs forward")
        match unit:
            case "WD":
                due = self._after_working_days(start, n)
            case "CD":
                due = start + timedelta(days=n)
            case "MO":
                due = _after_months(start, n)
            case _:
                assert_never(unit)
        while roll_over and not self.is_working_day(due):
            due += _ONE_DAY
        first = min(start + _ONE_DAY, due)
        provisional = not all(map(self.is_published, range(first.year, due.year + 1)))
        return Deadline(due, None, provisional)

    def _after_working_days(self, start: date, n: int) -> date:
        """The n-th working day after the start day."""
        day = start
        while n:
            day += _ONE_DAY
            n -= self.is_working_day(day)
        return day

    def add_hours(self, start: datetime, n: int) -> Deadline:
        """The moment `n` hours after `start`, in Shanghai time; a start without offset is that too.

        Hours run from the moment itself (Civil Code §201) through nights and days off, so they
        need no calendar and are never provisional.
        """
        moment = start.replace(tzinfo=SHANGHAI) if start.tzinfo is None else start
        end = moment.astimezone(SHANGHAI) + timedelta(hours=n)
        return Deadline(end.date(), end.isoformat(timespec="seconds"), provisional=False)

    def working_days_between(self, a: date, b: date) -> int:
        """The working days after `a` up to and with `b`; negative when `b` is the earlier."""
        if b < a:
            return -self.working_days_between(b, a)
        days = (a + timedelta(days=offset) for offset in range(1, (b - a).days + 1))
        return sum(map(self.is_working_day, days))


def _refuse_a_moment(day: date) -> None:
    """A datetime passes for a date, but is found in no calendar: every holiday would be worked."""
    if isinstance(day, datetime):
        raise TypeError("a calendar takes days, not moments")


def _after_months(start: date, n: int) -> date:
    """The same day of the month `n` months on, or that month's last day."""
    years, month = divmod(start.month - 1 + n, 12)
    year = start.year + years
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def parse_calendar_csv(lines: Iterable[str], where: str) -> dict[date, bool]:
    """A county's own days from CSV with the header date,type: true for worked, false for off.

    A type is off, 放假 or 休, or work, 上班 or 班. Raises `BadFile` with `where` and the line for
    any other type, a wrong date, a day given both ways, a wrong header or no day at all.
    """
    import csv

    days: dict[date, bool] = {}
    rows = csv.reader(lines)
    header_seen = False
    try:
        for row in rows:
            cells = [cell.strip().removeprefix("\ufeff").strip() for cell in row]
            if not any(cells):
                continue
            place = _("{file}, line {line}").format(file=where, line=rows.line_num)
            if not header_seen:
                _check_header(cells, place)
                header_seen = True
                continue
            day, worked = _read_day(cells, place)
            if days.setdefault(day, worked) != worked:
                raise BadFile(
                    _("{day} is given both as a working day and as a day off.").format(day=day),
                    where=place,
                    next_step=_("Keep one of the two lines."),
                )
    except csv.Error:
        raise BadFile(
            _("The line is not CSV."),
            where=_("{file}, line {line}").format(file=where, line=rows.line_num),
            next_step=_("Save the file as CSV text in UTF-8."),
        ) from None
    if not days:
        raise BadFile(
            _("The calendar has no days."),
            where=where,
            next_step=_("Write the header date,type and one line for each day."),
        )
    return days


def _check_header(cells: list[str], place: str) -> None:
    """Refuses a first line that does not name the two columns."""
    if len(cells) != 2 or any(
        cell.lower() not in names for cell, names in zip(cells, _HEADERS, strict=True)
    ):
        raise BadFile(
            _("The first line is not the header date,type."),
            where=place,
            next_step=_("Write the header date,type and one line for each day."),
        )


def _read_day(cells: list[str], place: str) -> tuple[date, bool]:
    """The date of one line, and whether it is worked."""
    if len(cells) != 2:
        raise BadFile(
            _("The line has {count} columns, not 2.").format(count=len(cells)),
            where=place,
            next_step=_("Write it as 2026-10-01,off."),
        )
    try:
        day = parse_date(cells[0])
    except BadDate as wrong:
        raise BadFile(wrong.what, where=place, next_step=wrong.next_step) from None
    worked = _DAY_TYPES.get(cells[1].lower())
    if worked is None:
        raise BadFile(
            _("'{text}' is not a type of day.").format(text=cells[1][:12]),
            where=place,
            next_step=_("Write off (放假) or work (上班)."),
        )
    return day, worked
