"""A run's households are cut alike, whether they are a list or a roster."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from yimen.core.store.database import Database
from yimen.core.store.run_households import ListedHouseholds, RosterHouseholds


def roster_of(numbers: Sequence[str]) -> RosterHouseholds:
    """A roster of two members a household."""
    conn = sqlite3.connect(":memory:")
    conn.execute("CREATE TABLE roster__1 (household_no TEXT)")
    conn.execute("CREATE INDEX i ON roster__1 (household_no)")
    conn.executemany("INSERT INTO roster__1 VALUES (?)", [(no,) for no in numbers for __ in "ab"])
    return RosterHouseholds(Database(conn), "roster__1", len(numbers))


@given(
    st.lists(st.integers(1, 60), unique=True, min_size=1, max_size=30).map(sorted),
    st.integers(1, 35),
)
def test_parts_follow_each_other_to_the_last_household(found: list[int], most: int) -> None:
    numbers = [f"H{n:07d}" for n in found]
    for households in (ListedHouseholds(numbers), roster_of(numbers)):
        after: str | None = None
        seen = list[str]()
        while households.up_to(after) < len(households):
            part = households.part(after, most)
            inside = [no for no in numbers if part.first <= no <= part.last]
            assert len(inside) == part.size <= most
            seen, after = seen + inside, part.last
        assert seen == numbers


@given(st.lists(st.integers(1, 60), unique=True, min_size=1, max_size=30).map(sorted))
def test_a_number_says_how_many_lie_before_its_end(found: list[int]) -> None:
    numbers = [f"H{n:07d}" for n in found]
    listed, asked = ListedHouseholds(numbers), roster_of(numbers)
    for number in [None, *(f"H{n:07d}" for n in range(62))]:
        expected = 0 if number is None else sum(no <= number for no in numbers)
        assert listed.up_to(number) == asked.up_to(number) == expected
