"""The clock, injected everywhere, so that no rule and no test depends on the day it runs.

Times are Asia/Shanghai with their offset; China has kept +08:00 without summer time since 1992.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from yimen.core.errors import BadDate
from yimen.core.i18n import _

_WRITTEN = re.compile(
    r"(?P<y>[0-9]{4})(?P<sep>[-/.年]?)(?P<m>[0-9]{1,2})(?:(?P=sep)|月)(?P<d>[0-9]{1,2})日?\Z"
)
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Clock:
    """Tells today and now; `moved_to` is the day given with --today in a synthetic home."""

    moved_to: date | None = None

    def today(self) -> date:
        """Today in Shanghai, or the injected day."""
        return self.moved_to or datetime.now(SHANGHAI).date()

    def now(self) -> str:
        """The time of this moment as ISO text with offset, on the injected day if there is one."""
        moment = datetime.now(SHANGHAI)
        if self.moved_to:
            moment = datetime.combine(self.moved_to, moment.timetz())
        return moment.isoformat(timespec="seconds")


def parse_date(text: str) -> date:
    """A date written 2026-11-20, 20261120, 2026/11/20 or 2026年11月20日; else `BadDate`."""
    if not text.strip():
        raise BadDate(_("No date is given."), next_step=_("Write it as 2026-11-20."))
    found = _WRITTEN.match(text.strip())
    try:
        if found is None or (not found["sep"] and len(text.strip()) != 8):
            raise ValueError(text)
        return date(*(int(part) for part in found.group("y", "m", "d")))
    except ValueError:
        raise BadDate(
            # A longer text may be an ID number in the wrong column, and is not repeated.
            _("'{text}' is not a date.").format(text=text if len(text) < 15 else "..."),
            next_step=_("Write it as 2026-11-20."),
        ) from None
