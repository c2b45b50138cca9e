"""A referral's days: counted by hand over another calendar, through stops, transfers and ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yimen.core.casework.terms import ends, legs, stops, time_so_far
from yimen.core.clock import SHANGHAI
from yimen.core.records import ReferralState
from yimen.core.referral_records import ReferralMove, Stop, Term, Terms
from yimen.core.workdays import WorkingCalendar

CHINA = WorkingCalendar()
FIRST, LAST = date(2018, 1, 1), date(2026, 12, 31)


@cache
def worked() -> frozenset[date]:
    """The working days of 2018 to 2026 by another library than ours."""
    import holidays

    china = holidays.country_holidays("CN", years=range(2018, 2027))
    days = (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))
    return frozenset(day for day in days if china.is_working_day(day))


def term(n: int, unit: str = "WD") -> Term:
    return Term(n=n, unit=unit, starts="dispatched", basis="x", tag="D")  # type: ignore[arg-type]


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=SHANGHAI)


def stop(since: date, until: date) -> Stop:
    return Stop(since=noon(since).isoformat(), until=noon(until).isoformat())


def test_two_calendars_agree_on_every_day_of_nine_years() -> None:
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    assert [d for d in days if CHINA.is_working_day(d) != (d in worked())] == []


@given(st.dates(FIRST, date(2025, 12, 31)), st.integers(1, 45),
       st.lists(st.tuples(st.integers(0, 40), st.integers(1, 30)), max_size=3))  # fmt: skip
@settings(deadline=None)
def test_a_limit_in_working_days_counts_only_days_that_were_worked_and_not_stood_still(
    start: date, n: int, gaps: list[tuple[int, int]]
) -> None:
    """Walks day by day: a day counts when it is worked, after the start, and outside every stop."""
    spans, cursor = [], start
    for offset, length in gaps:
        since = cursor + timedelta(days=offset)
        cursor = since + timedelta(days=length)
        spans.append((since, cursor))
    counted, day = 0, start
    while counted < n and day < LAST:
        day += timedelta(days=1)
        # A stop takes effect the day after it began, and its last day still stands still.
        still = any(since < day <= until for since, until in spans)
        counted += day in worked() and not still
    if counted < n:
        return
    due = ends(CHINA, term(n), noon(start), [stop(a, b) for a, b in spans]).due
    # A stop that begins on the last day itself still moves it: that day was not used up.
    assert due == day or day in {since for since, __ in spans}


@pytest.mark.parametrize(
    ("unit", "n", "start", "stood", "due"),
    [
        # 2026-02-13 + 10 WD = 03-05; six days, a make-up Saturday among them, move it by six.
        ("WD", 10, "2026-02-13", [("2026-02-26", "2026-03-05")], "2026-03-13"),
        # Standing still over the Spring Festival costs no working day.
        ("WD", 10, "2026-02-13", [("2026-02-14", "2026-02-23")], "2026-03-05"),
        ("CD", 7, "2026-03-02", [], "2026-03-09"),
        ("CD", 7, "2026-03-02", [("2026-03-04", "2026-03-09")], "2026-03-16"),
        # 2026-09-24 + 7 CD falls into the National Day week and rolls over it, once.
        ("CD", 7, "2026-09-24", [], "2026-10-08"),
        ("CD", 7, "2026-09-24", [("2026-09-28", "2026-09-30")], "2026-10-08"),
        ("MO", 1, "2026-01-31", [], "2026-02-28"),
        ("MO", 1, "2026-03-10", [("2026-03-20", "2026-03-25")], "2026-04-15"),
    ],
)
def test_a_stop_moves_the_end_by_as_many_of_its_own_units(
    unit: str, n: int, start: str, stood: list[tuple[str, str]], due: str
) -> None:
    spans = [stop(date.fromisoformat(a), date.fromisoformat(b)) for a, b in stood]
    found = ends(CHINA, term(n, unit), noon(date.fromisoformat(start)), spans)
    assert found.due.isoformat() == due
    assert found.provisional is False


def test_hours_stand_still_by_the_minute() -> None:
    start = noon(date(2026, 3, 2))
    half_past = start + timedelta(minutes=30)
    stood = Stop(since=half_past.isoformat(), until=(half_past + timedelta(hours=5)).isoformat())
    assert ends(CHINA, term(2, "H"), start, [stood]).at == "2026-03-02T19:00:00+08:00"
    late = Stop(since=(start + timedelta(hours=3)).isoformat(),
                until=(start + timedelta(hours=9)).isoformat())  # fmt: skip
    assert ends(CHINA, term(2, "H"), start, [late]).at == "2026-03-02T14:00:00+08:00"


def test_a_limit_past_the_published_calendar_says_so() -> None:
    assert ends(CHINA, term(30), noon(date(2026, 11, 20)), []).provisional is True
    assert ends(CHINA, term(20), noon(date(2026, 11, 20)), []).provisional is False


# -- time that passed ------------------------------------------------------------------------------

STATES: list[ReferralState] = [
    "dispatched", "received", "accepted", "in_progress", "returned", "suspended", "fed_back",
]  # fmt: skip


def moved(states: Sequence[ReferralState], hours: Sequence[int]) -> list[ReferralMove]:
    """Moves into these states, each so many hours after the one before."""
    at, made = noon(date(2026, 3, 2)), []
    for state, wait in zip(states, hours, strict=True):
        at += timedelta(hours=wait)
        made.append(
            ReferralMove(verb=None, from_state=None, to_state=state, at=at.isoformat(),
                         operator="x", reason_code=None, note=None)
        )  # fmt: skip
    return made


@given(st.lists(st.tuples(st.sampled_from(STATES), st.integers(0, 200)), min_size=1, max_size=12),
       st.integers(0, 100))  # fmt: skip
@settings(deadline=None)
def test_the_total_is_the_sum_of_its_parts(
    path: list[tuple[ReferralState, int]], rest: int
) -> None:
    moves = moved([s for s, __ in path], [h for __, h in path])
    now = datetime.fromisoformat(moves[-1].at) + timedelta(hours=rest)
    terms = Terms(sign=term(1), accept=term(2), finish=term(15), statutory=None, accepted_on=None,
                  started_at=moves[0].at)  # fmt: skip
    running, still = time_so_far(terms, moves, now)
    whole = int((now - datetime.fromisoformat(moves[0].at)).total_seconds())
    assert running + still == whole
    assert min(running, still) >= 0
    spans = legs(moves)
    assert sum(leg.seconds(now) for leg in spans) == whole
    ended = stops(terms, spans)
    assert (
        sum(
            int((datetime.fromisoformat(s.until) - datetime.fromisoformat(s.since)).total_seconds())
            for s in ended
        )
        <= still
    )
