"""When a step's limit ends, and when its wait does: on the county's own days, if set."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Literal, cast

from yimen.core.casework.checklists.cases import day_of
from yimen.core.casework.checklists.standing import Due, Ground
from yimen.core.casework.terms import ends
from yimen.core.checklist_declarations import Wait
from yimen.core.clock import SHANGHAI
from yimen.core.declarations import Limit
from yimen.core.referral_records import Stop, Term


def due_of(ground: Ground, limit: Limit, by: str | None, start: str, stood: Sequence[Stop]) -> Due:
    """The end of a limit from a day or time; `by` names the standard with the county's own number.

    It stands still where its referral `stood`, exactly as the referral's own terms do.
    """
    own = ground.standard(by, day_of(start)) if by else None
    n = limit.n if own is None else int(own)
    if stood or limit.unit == "H":
        moment = datetime.fromisoformat(start)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=SHANGHAI)
        if stood:
            term = Term(n=n, unit=limit.unit, starts="dispatched", basis="", tag="")
            end = ends(ground.calendar, term, moment, stood)
        else:
            end = ground.calendar.add_hours(moment, n)
    else:
        end = ground.ends(day_of(start), n, limit.unit)
    return Due(end.at or end.due.isoformat(), end.provisional)


def wait_ends(ground: Ground, wait: Wait, start: date) -> date:
    """The day after a wait's last day; months end on the day itself."""
    given = ground.standard(wait.unit_by, start) if wait.unit_by else None
    unit = str(given or wait.unit)
    kind = cast(Literal["WD", "CD", "MO"], unit.removesuffix("_FIXED"))
    rolls = kind == "CD" and not unit.endswith("_FIXED")
    own = ground.standard(wait.n_by, start) if wait.n_by else None
    n = wait.n if own is None else int(own)
    last = ground.ends(start, n, kind, roll_over=rolls).due
    return last if kind == "MO" else last + timedelta(days=1)
