"""What `yimen doctor` looks at: whether this home can keep its word. It changes nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from yimen.core.casework.desk import Desk
from yimen.core.casework.serving import served_departments
from yimen.core.errors import BadJournal
from yimen.core.i18n import _
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.inputs import readings_on, standards_on
from yimen.core.store import journal
from yimen.core.store.home import network_file_system
from yimen.core.store.integrity import damage, orphan_tables
from yimen.core.store.standards import county_values

# Below this a county's nightly load may fill the disk.
FREE_BYTES = 1 << 30


class Finding(Struct, frozen=True, kw_only=True):
    """One thing looked at: ok, a warning, or a fault that must be mended."""

    level: Literal["ok", "warning", "fault"]
    check: str
    detail: str


def examine(desk: Desk, catalogue: Catalogue) -> Iterator[Finding]:
    """Disk, databases, journal, registers, standards, calendar and plugins, in that order."""
    home = desk.home
    share = network_file_system(home.path)
    detail = share or _("local disk")
    yield Finding(level="fault" if share else "ok", check="disk", detail=detail)
    free = shutil.disk_usage(home.path).free
    level: Literal["ok", "warning"] = "ok" if free > FREE_BYTES else "warning"
    yield Finding(level=level, check="space", detail=_("{n} MiB free").format(n=free >> 20))
    for name, database in (("casework.db", home.casework), ("registers.db", home.registers)):
        found = damage(database)
        yield Finding(level="fault" if found else "ok", check=name, detail=found or _("intact"))
    try:
        count, __ = journal.verify(home.casework)
        yield Finding(level="ok", check="journal", detail=_("{n} rows hold").format(n=count))
    except BadJournal as error:
        yield Finding(level="fault", check="journal", detail=error.what)
    orphans = orphan_tables(home)
    detail = _("{n} tables of a broken-off load; the next load removes them").format(n=len(orphans))
    if orphans:
        yield Finding(level="warning", check="orphans", detail=detail)
    served = served_departments(home)
    if served:
        names = ", ".join(catalogue.departments[n].names.text() if n in catalogue.departments else n
                          for n in served)  # fmt: skip
        detail = _("of {departments}; sources and standards that it never had are left out").format(
            departments=names
        )
        yield Finding(level="ok", check="home", detail=detail)
    yield from _currency(desk, catalogue, own=not served)
    for problem in catalogue.problems:
        yield Finding(level="fault", check=f"department {problem.plugin}", detail=problem.message)


def _currency(desk: Desk, catalogue: Catalogue, *, own: bool) -> Iterator[Finding]:
    """Whether registers, standards and the calendar reach today.

    Where the home is not the county's `own`, only what it once had is looked at.
    """
    today = desk.home.clock.today()
    for reading in readings_on(desk.home, catalogue, sorted(catalogue.sources), today):
        if reading.status != "ok" and (own or reading.status != "not_loaded"):
            detail = _("not loaded") if reading.status == "not_loaded" else _("too old")
            yield Finding(level="warning", check=f"source {reading.source}", detail=detail)
    values = standards_on(desk.home, catalogue, sorted(catalogue.standards), today)
    set_here = {value.standard for value in county_values(desk.home.casework)}
    for (name, zone), value in values.items():
        if value.origin == "missing" and (own or name in set_here):
            detail = _("the county must set it")
            yield Finding(level="warning", check=f"standard {name} {zone}".rstrip(), detail=detail)
    ahead = desk.calendar.add(today, 45, "WD")
    if ahead.provisional:
        detail = _("limits of 45 working days from today are PROVISIONAL; load next year's days")
        yield Finding(level="warning", check="calendar", detail=detail)
