"""What a checklist's states are worked out on, and what is found of each step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import NamedTuple

from yimen.core.checklist_declarations import ChecklistStep
from yimen.core.checklist_records import StepState
from yimen.core.records import Value
from yimen.core.rules.catalogue import Needed
from yimen.core.workdays import Deadline, WorkingCalendar


@dataclass
class Ground:
    """What states are computed on, whatever the case: the day, the calendar, the county's rules.

    `holds` evaluates a compiled condition: true, false, or None for unknown. `pack_until` is the
    last day on which the same rules are in force as today.
    """

    today: date
    now: str
    calendar: WorkingCalendar
    pack_on: Callable[[date], str | None]
    standard: Callable[[str, date], Value]
    holds: Callable[[Needed, Mapping[str, Value]], bool | None]
    pack_until: date

    def __post_init__(self) -> None:
        # The cases of a worklist share their days, and many of them their conditions' values.
        self.ends: Callable[..., Deadline] = cache(self.calendar.add)
        self.answers: dict[tuple[object, ...], bool | None] = {}


@dataclass(frozen=True)
class Due:
    """When a limit ends: a day, or a moment for hours."""

    until: str
    provisional: bool

    def passed(self, moment: str) -> bool:
        """Whether a day or time lies past it."""
        return is_past(self.until, moment)


def is_past(until: str, moment: str) -> bool:
    """Whether a day or time lies past the day or the moment at which a limit ends."""
    if "T" not in until:
        return moment[:10] > until
    if "T" not in moment:
        return moment > until[:10]
    return datetime.fromisoformat(moment) > datetime.fromisoformat(until)


@dataclass(frozen=True)
class Standing:
    """How a step stands, without its words: what a long worklist looks at of each."""

    step: ChecklistStep
    state: StepState
    done: str | None
    due: Due | None
    blocked: list[str]
    waits_until: date | None

    @property
    def ready(self) -> bool:
        """Whether it can be done now."""
        waits = self.blocked or self.waits_until
        return self.state in ("open", "overdue") and not waits


class Ready(NamedTuple):
    """The steps of a list that can be done now, and the last day on which they are the same.

    None for the day where nothing but a record changes them.
    """

    steps: list[Standing]
    until: date | None
