"""The households of a batch run, cut into parts: a list of them, or a roster as it stands."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from yimen.core.store.database import Database


class Part(NamedTuple):
    """Households from one number to another, and how many they are."""

    first: str
    last: str
    size: int


class RunHouseholds(Protocol):
    """Households in the order of their numbers."""

    def __len__(self) -> int:
        """How many they are."""
        ...

    def up_to(self, household_no: str | None) -> int:
        """How many of them have this number or one before it; none before the first part."""
        ...

    def part(self, after: str | None, most: int) -> Part:
        """The next ones after a number, or from the first one on; there must be one left."""
        ...


class ListedHouseholds:
    """Those of a selection, in order."""

    def __init__(self, numbers: Sequence[str]) -> None:
        self._numbers = numbers

    def __len__(self) -> int:
        return len(self._numbers)

    def up_to(self, household_no: str | None) -> int:
        """By bisection."""
        return 0 if household_no is None else bisect_right(self._numbers, household_no)

    def part(self, after: str | None, most: int) -> Part:
        """A slice."""
        begin = self.up_to(after)
        numbers = self._numbers[begin : begin + most]
        return Part(numbers[0], numbers[-1], len(numbers))


class RosterHouseholds:
    """All of a roster, asked of its index: a list of a county's numbers is long in the making."""

    def __init__(self, registers: Database, roster: str, count: int) -> None:
        self._conn = registers.conn
        self._roster = roster
        self._count = count

    def __len__(self) -> int:
        return self._count

    def up_to(self, household_no: str | None) -> int:
        """Counted, unless it is the first or the last."""
        if household_no is None:
            return 0
        (last,) = self._asked("MAX(household_no)", "1")
        if household_no >= last:
            return self._count
        (count,) = self._asked("COUNT(DISTINCT household_no)", "household_no <= ?", household_no)
        return int(count)

    def part(self, after: str | None, most: int) -> Part:
        """By the index; the last part is whatever is left."""
        left, begin = self._count - self.up_to(after), after or ""
        if left <= most:
            # Each by itself, since SQLite finds both at once by reading all.
            (first,) = self._asked("MIN(household_no)", "household_no > ?", begin)
            (last,) = self._asked("MAX(household_no)", "1")
            return Part(first, last, left)
        first, last = self._conn.execute(
            "SELECT MIN(no), MAX(no) FROM (SELECT DISTINCT household_no AS no"
            f' FROM "{self._roster}" WHERE household_no > ? ORDER BY household_no LIMIT ?)',
            [begin, most],
        ).fetchone()
        return Part(first, last, most)

    def _asked(self, what: str, where: str, *values: str) -> tuple[str, ...]:
        row: tuple[str, ...] = self._conn.execute(
            f'SELECT {what} FROM "{self._roster}" WHERE {where}', values
        ).fetchone()
        return row
