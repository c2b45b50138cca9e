"""Time limits: the counted vectors, the Civil Code's rules, and honesty about years not published.

The last year of the library moves when the library does, so what lies beyond it is reached from
`published_through`, never by a year written here.
"""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yimen.core.clock import SHANGHAI
from yimen.core.errors import BadFile
from yimen.core.workdays import Deadline, Unit, WorkingCalendar, parse_calendar_csv

CHINA = WorkingCalendar()
STARTS = st.dates(date(2018, 1, 1), date(2026, 9, 30))
LAST = CHINA.published_through

# The State Council's notice for 2026, written down from its text and not from any library.
NOTICE_2026_OFF = [
    ("01-01", 3),
    ("02-15", 9),
    ("04-04", 3),
    ("05-01", 5),
    ("06-19", 3),
    ("09-25", 3),
    ("10-01", 7),
]
NOTICE_2026_WORK = ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]


@pytest.fixture(autouse=True)
def _in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIMEN_LANG", "en")


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        ("2021-04-01", 3, "2021-04-07"),
        ("2021-04-01", 30, "2021-05-17"),
        ("2021-04-01", 45, "2021-06-07"),
        ("2021-09-17", 3, "2021-09-23"),
        ("2025-01-24", 3, "2025-02-05"),
        ("2026-02-13", 10, "2026-03-05"),
        ("2026-04-30", 15, "2026-05-25"),
        ("2026-09-19", 1, "2026-09-20"),
        ("2026-09-24", 30, "2026-11-12"),
    ],
)
def test_working_days_end_on_the_counted_vectors(start: str, n: int, due: str) -> None:
    assert CHINA.add(date.fromisoformat(start), n, "WD") == Deadline(
        date.fromisoformat(due), None, False
    )


def test_the_days_of_2026_are_those_of_the_notice() -> None:
    off = {
        date.fromisoformat(f"2026-{first}") + timedelta(days=offset)
        for first, length in NOTICE_2026_OFF
        for offset in range(length)
    }
    work = {date.fromisoformat(f"2026-{day}") for day in NOTICE_2026_WORK}
    for offset in range(365):
        day = date(2026, 1, 1) + timedelta(days=offset)
        expected = day in work or (day.isoweekday() <= 5 and day not in off)
        assert CHINA.is_working_day(day) is expected, day


@given(STARTS, st.integers(1, 60))
@settings(deadline=None)
def test_a_limit_holds_exactly_its_number_of_working_days(start: date, n: int) -> None:
    from chinese_calendar import get_workdays, is_workday

    due = CHINA.add(start, n, "WD").due
    assert is_workday(due)
    assert len(get_workdays(start + timedelta(days=1), due)) == n


@given(STARTS, st.integers(0, 30), st.integers(0, 30))
@settings(deadline=None)
def test_two_limits_in_a_row_are_one_of_their_sum(start: date, first: int, then: int) -> None:
    halfway = CHINA.add(start, first, "WD", roll_over=False).due
    assert (
        CHINA.add(halfway, then, "WD", roll_over=False).due
        == CHINA.add(start, first + then, "WD", roll_over=False).due
    )


@given(STARTS, st.integers(0, 60))
@settings(deadline=None)
def test_the_days_between_start_and_due_are_the_limit(start: date, n: int) -> None:
    due = CHINA.add(start, n, "WD", roll_over=False).due
    assert CHINA.working_days_between(start, due) == n
    assert CHINA.working_days_between(due, start) == -n


@given(STARTS, st.integers(0, 120), st.sampled_from(["CD", "MO"]))
@settings(deadline=None)
def test_rolling_over_skips_days_off_and_nothing_else(start: date, n: int, unit: Unit) -> None:
    n = n if unit == "CD" else n % 3
    plain = CHINA.add(start, n, unit, roll_over=False).due
    rolled = CHINA.add(start, n, unit).due
    assert CHINA.is_working_day(rolled)
    skipped = [plain + timedelta(days=offset) for offset in range((rolled - plain).days)]
    assert not any(map(CHINA.is_working_day, skipped))


@pytest.mark.parametrize(
    ("start", "n", "due", "rolled"),
    [
        ("2026-11-02", 7, "2026-11-09", "2026-11-09"),
        ("2026-11-07", 7, "2026-11-14", "2026-11-16"),
        ("2026-09-24", 7, "2026-10-01", "2026-10-08"),
        ("2026-10-03", 7, "2026-10-10", "2026-10-10"),
    ],
)
def test_calendar_days_leave_out_the_start_and_roll_over_a_day_off(
    start: str, n: int, due: str, rolled: str
) -> None:
    first = date.fromisoformat(start)
    assert CHINA.add(first, n, "CD", roll_over=False).due == date.fromisoformat(due)
    assert CHINA.add(first, n, "CD").due == date.fromisoformat(rolled)


@pytest.mark.parametrize(
    ("start", "n", "due", "rolled"),
    [
        ("2025-12-17", 6, "2026-06-17", "2026-06-17"),
        ("2026-01-31", 1, "2026-02-28", "2026-02-28"),
        ("2024-01-31", 1, "2024-02-29", "2024-02-29"),
        ("2023-11-30", 3, "2024-02-29", "2024-02-29"),
        ("2025-04-01", 6, "2025-10-01", "2025-10-09"),
        ("2024-12-31", 12, "2025-12-31", "2025-12-31"),
        ("2025-08-31", 6, "2026-02-28", "2026-02-28"),
    ],
)
def test_months_end_on_the_same_day_or_on_the_last(
    start: str, n: int, due: str, rolled: str
) -> None:
    first = date.fromisoformat(start)
    assert CHINA.add(first, n, "MO", roll_over=False).due == date.fromisoformat(due)
    assert CHINA.add(first, n, "MO").due == date.fromisoformat(rolled)


def test_a_limit_of_no_days_is_the_start_day_or_the_next_working_day() -> None:
    saturday = date(2026, 11, 14)
    for unit in ("WD", "CD", "MO"):
        assert CHINA.add(date(2026, 11, 13), 0, unit).due == date(2026, 11, 13)
        assert CHINA.add(saturday, 0, unit).due == date(2026, 11, 16)
        assert CHINA.add(saturday, 0, unit, roll_over=False).due == saturday


def test_a_limit_never_runs_backward() -> None:
    with pytest.raises(ValueError, match="forward"):
        CHINA.add(date(2026, 11, 13), -1, "WD")


def test_a_moment_is_not_taken_for_a_day() -> None:
    holiday = datetime(2026, 10, 1, 9, 0)
    with pytest.raises(TypeError, match="not moments"):
        CHINA.is_working_day(holiday)
    with pytest.raises(TypeError, match="not moments"):
        CHINA.add(holiday, 7, "CD", roll_over=False)


def test_the_library_publishes_a_run_of_years_and_no_more() -> None:
    from chinese_calendar import is_workday

    assert LAST >= 2026
    assert CHINA.is_published(2004)
    assert CHINA.is_published(LAST)
    assert not CHINA.is_published(2003)
    assert not CHINA.is_published(LAST + 1)
    with pytest.raises(NotImplementedError):
        is_workday(date(LAST + 1, 1, 1))


@pytest.mark.parametrize("unit", ["WD", "CD", "MO"])
def test_a_limit_is_provisional_from_the_first_day_not_published(unit: Unit) -> None:
    december = date(LAST, 12, 1)
    n = {"WD": 60, "CD": 60, "MO": 2}[unit]
    assert CHINA.add(december, n, unit).provisional
    assert not CHINA.add(date(LAST, 6, 1), n, unit).provisional


def test_the_start_day_itself_does_not_make_a_limit_provisional() -> None:
    assert not CHINA.add(date(2003, 12, 31), 3, "WD").provisional
    assert CHINA.add(date(2003, 12, 30), 3, "WD").provisional


def test_a_year_not_published_is_counted_monday_to_friday_without_fixed_holidays() -> None:
    start = date(LAST + 1, 6, 1)
    due = CHINA.add(start, 60, "WD").due
    weekdays = [
        day
        for offset in range(1, (due - start).days + 1)
        if (day := start + timedelta(days=offset)).isoweekday() <= 5
    ]
    assert len(weekdays) == 60
    assert CHINA.working_days_between(start, due) == 60


@pytest.mark.parametrize("year", [LAST + 1, LAST + 2, LAST + 3, 2200])
def test_holidays_of_a_fixed_day_are_off_in_a_year_not_published(year: int) -> None:
    fixed = [(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)]
    assert not any(CHINA.is_working_day(date(year, *day)) for day in fixed)
    before = date(year - 1, 12, 31)
    deadline = CHINA.add(before, 1, "CD")
    assert deadline.due > date(year, 1, 1)
    assert deadline.provisional


def test_tomb_sweeping_day_is_off_in_a_year_not_published() -> None:
    # Computed from the sun, as the almanacs of these years have it.
    days = {2027: 5, 2028: 4, 2029: 4, 2030: 5, 2031: 5, 2032: 4}
    later = {year: day for year, day in days.items() if year > LAST}
    assert later
    for year, day in later.items():
        assert not CHINA.is_working_day(date(year, 4, day))


def test_a_county_may_say_that_a_fixed_holiday_is_worked() -> None:
    monday = next(day for year in range(LAST + 1, LAST + 9)
                  if (day := date(year, 5, 1)).isoweekday() == 1)  # fmt: skip
    assert WorkingCalendar({monday: True}).is_working_day(monday)
    assert not CHINA.is_working_day(monday)


def test_no_holiday_is_read_into_a_year_before_the_library_s() -> None:
    assert CHINA.is_working_day(date(2003, 5, 1))


def days_off(year: int, count: int = 11) -> dict[date, bool]:
    """The first days of a year, all off: as many as a holiday notice names at least."""
    return {date(year, 1, 1) + timedelta(days=n): False for n in range(count)}


def test_a_years_days_off_entered_by_the_county_publish_the_year() -> None:
    county = WorkingCalendar(days_off(LAST + 1))
    assert county.is_published(LAST + 1)
    assert county.published_through == LAST + 1
    deadline = county.add(date(LAST, 12, 31), 1, "CD")
    assert deadline.due > date(LAST + 1, 1, 11)
    assert not deadline.provisional


def test_a_few_days_entered_by_the_county_do_not_publish_a_year() -> None:
    county = WorkingCalendar(days_off(LAST + 1, 10) | {date(LAST + 1, 2, 6): True})
    assert not county.is_published(LAST + 1)
    assert not county.is_working_day(date(LAST + 1, 1, 4))
    assert county.add(date(LAST, 12, 31), 1, "CD").provisional


def test_two_years_entered_in_a_row_are_both_published_through() -> None:
    county = WorkingCalendar(days_off(LAST + 1) | days_off(LAST + 2))
    assert county.published_through == LAST + 2


def test_a_year_after_a_gap_does_not_count_as_published_through() -> None:
    county = WorkingCalendar(days_off(LAST + 2))
    assert county.is_published(LAST + 2)
    assert county.published_through == LAST
    assert county.add(date(LAST, 12, 1), 14, "MO").provisional


def test_the_countys_own_days_outrank_the_library() -> None:
    monday, saturday = date(2026, 11, 16), date(2026, 11, 14)
    county = WorkingCalendar({monday: False, saturday: True})
    assert county.add(date(2026, 11, 13), 1, "WD").due == saturday
    assert county.add(saturday, 1, "WD").due == date(2026, 11, 17)
    assert county.add(date(2026, 11, 9), 7, "CD").due == date(2026, 11, 17)
    assert CHINA.add(date(2026, 11, 13), 1, "WD").due == monday


def test_a_calendar_keeps_its_days_when_the_given_ones_change() -> None:
    given_days = {date(2026, 11, 16): False}
    county = WorkingCalendar(given_days)
    given_days.clear()
    assert not county.is_working_day(date(2026, 11, 16))


def test_hours_run_through_the_night_in_shanghai_time() -> None:
    friday_evening = datetime(2026, 11, 13, 23, 30, tzinfo=SHANGHAI)
    assert CHINA.add_hours(friday_evening, 2) == Deadline(
        date(2026, 11, 14), "2026-11-14T01:30:00+08:00", False
    )


def test_hours_from_another_offset_end_in_shanghai_time() -> None:
    in_utc = datetime(2026, 11, 13, 15, 30, tzinfo=UTC)
    without_offset = datetime(2026, 11, 13, 23, 30)
    assert CHINA.add_hours(in_utc, 24).at == "2026-11-14T23:30:00+08:00"
    assert CHINA.add_hours(without_offset, 24).at == "2026-11-14T23:30:00+08:00"


def test_a_county_calendar_is_read_in_english_and_in_chinese() -> None:
    english = "date,type\n2027-01-01,off\n\n2027-01-03,work\n"
    chinese = (
        "\ufeff日期,类型\r\n2027年1月1日,放假\r\n2027/1/3,上班\r\n2027-01-01,休\r\n20270103,班\r\n"
    )
    expected = {date(2027, 1, 1): False, date(2027, 1, 3): True}
    assert parse_calendar_csv(english.splitlines(), "days.csv") == expected
    assert parse_calendar_csv(chinese.splitlines(keepends=True), "days.csv") == expected


def test_a_county_calendar_is_read_from_a_real_file(tmp_path: Path) -> None:
    path = tmp_path / "2027.csv"
    path.write_text("Date,Type\n2027-02-06,WORK\n", encoding="utf-8-sig")
    with path.open(encoding="utf-8", newline="") as lines:
        assert parse_calendar_csv(lines, path.name) == {date(2027, 2, 6): True}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "date,type\n2027-01-01,off\n2027-02-30,off\n",
            "days.csv, line 3: '2027-02-30' is not a date. Write it as 2026-11-20.",
        ),
        (
            "date,type\n\n2027-01-01,holiday\n",
            "days.csv, line 3: 'holiday' is not a type of day. Write off (放假) or work (上班).",
        ),
        (
            "date,type\n2027-01-01,off,New Year\n",
            "days.csv, line 2: The line has 3 columns, not 2. Write it as 2026-10-01,off.",
        ),
        (
            "date,type\n2027-01-01,off\n2027-01-01,work\n",
            "days.csv, line 3: 2027-01-01 is given both as a working day and as a day off. "
            "Keep one of the two lines.",
        ),
        (
            "2027-01-01,off\n",
            "days.csv, line 1: The first line is not the header date,type. "
            "Write the header date,type and one line for each day.",
        ),
        (
            "date\n2027-01-01\n",
            "days.csv, line 1: The first line is not the header date,type. "
            "Write the header date,type and one line for each day.",
        ),
        (
            "date,type\n",
            "days.csv: The calendar has no days. "
            "Write the header date,type and one line for each day.",
        ),
        (
            "",
            "days.csv: The calendar has no days. "
            "Write the header date,type and one line for each day.",
        ),
        (
            "date,type\n" + "x" * 200_000 + ",off\n",
            "days.csv, line 2: The line is not CSV. Save the file as CSV text in UTF-8.",
        ),
    ],
)
def test_a_wrong_calendar_is_refused_with_its_line(text: str, sentence: str) -> None:
    with pytest.raises(BadFile) as refusal:
        parse_calendar_csv(text.splitlines(), "days.csv")
    assert str(refusal.value) == sentence


def test_the_library_is_not_imported_before_a_day_is_asked_for() -> None:
    program = (
        "import sys, yimen.core.workdays as w\n"
        "w.WorkingCalendar()\n"
        "assert 'chinese_calendar' not in sys.modules\n"
        "w.WorkingCalendar().is_published(2026)\n"
        "assert 'chinese_calendar' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
