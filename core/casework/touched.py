"""What the casework knows when a batch begins: the households it touches, frozen for the run.

All others are read from the registers alone. It looks at each case once, never at each household.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from yimen.core.casework.desk import Desk
from yimen.core.casework.selecting import select
from yimen.core.rules.catalogue import Catalogue
from yimen.core.store import cases, roster
from yimen.core.store.runs import FrozenCasework

_AT_ONCE = 500


def touched_casework(
    desk: Desk,
    catalogue: Catalogue,
    *,
    table: str,
    facts_as_of: date,
    duty_only: bool,
    only: Sequence[str] | None,
) -> FrozenCasework:
    """The households with a case, a record, a benefit or a member in an open composition.

    `table` is the roster; `only` narrows the run to some households.
    """
    found = FrozenCasework(
        touched=_touched(desk, table), persons=[], granted=[], recorded=[], benefits=[],
        answers=[], refused=[], only=None if only is None else list(only),
    )  # fmt: skip
    for households in _slices(found.touched):
        selected = select(desk, catalogue, households, table=table, facts_as_of=facts_as_of)
        selection = selected.selection
        found.persons += [list(person[1:]) for person in selection.persons]
        found.recorded += selection.recorded
        found.benefits += selection.benefits
        found.answers += selection.answers
        if not duty_only:
            found.granted += selection.granted
        found.refused += [
            household
            for household, referrals in selected.referrals.items()
            if any(r.decision and r.decision.outcome == "refused" for r in referrals)
        ]
    return found


def _touched(desk: Desk, table: str) -> list[str]:
    households, members = cases.subjects_of_casework(desk.home.casework)
    for some in _slices(sorted(members)):
        households |= {row[0] for row in roster.find_rows(desk.home, table, "member_no", some)}
    return sorted(households)


def _slices(items: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]
