"""What a statement runs on: the snapshot of each source, and each standard's value on the day.

A source without a usable snapshot and a standard without a value stay visible as such: their facts
and criteria become unknown, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from yimen.core.declarations import Standard
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.statement import (
    Statement,
    extract_parameter,
    standard_parameter,
    usable_parameter,
)
from yimen.core.rules.thresholds import last_start
from yimen.core.store.snapshots import snapshots_on
from yimen.core.store.standards import CountyValue, county_values

if TYPE_CHECKING:
    from yimen.core.records import Snapshot
    from yimen.core.store.home import Home

ZONES = ("URBAN", "RURAL")


@dataclass(frozen=True)
class Reading:
    """How a source stands on a day: usable, not loaded, too old to rely on, or not to be read."""

    source: str
    status: Literal["ok", "not_loaded", "stale", "no_consent"]
    snapshot: Snapshot | None

    @property
    def as_of(self) -> str | None:
        """The snapshot's as-of date."""
        return self.snapshot.as_of if self.snapshot else None


@dataclass(frozen=True)
class StandardInForce:
    """A standard's value on a day in a zone, and where it comes from."""

    value: int | str | None
    origin: Literal["county", "national", "example", "missing"]
    basis: str
    tag: str
    from_date: str | None = None


def readings_on(
    home: Home,
    catalogue: Catalogue,
    sources: Iterable[str],
    day: date,
    *,
    duty_only: bool = False,
) -> list[Reading]:
    """The state of each source on a day; `duty_only` leaves those alone that need a consent."""
    snapshots = snapshots_on(home, day)
    found = []
    for name in sources:
        if duty_only and catalogue.sources[name].authority == "consent":
            found.append(Reading(name, "no_consent", None))
            continue
        snapshot = snapshots.get(name)
        if snapshot is None:
            found.append(Reading(name, "not_loaded", None))
            continue
        age = (day - date.fromisoformat(snapshot.as_of)).days
        stale = age > catalogue.sources[name].max_age_days
        found.append(Reading(name, "stale" if stale else "ok", snapshot))
    return found


def standards_on(
    home: Home, catalogue: Catalogue, names: Iterable[str], day: date
) -> dict[tuple[str, str], StandardInForce]:
    """(standard, zone) -> the value in force; the zone is empty where the standard has none."""
    own = county_values(home.casework)
    found = {}
    for name in names:
        standard = catalogue.standards[name]
        for zone in ZONES if standard.by_zone else ("",):
            found[name, zone] = _in_force(standard, own, zone, day.isoformat())
    return found


def set_by_county(
    own: Iterable[CountyValue], standard: str, zone: str, day: str
) -> CountyValue | None:
    """Of the values that a county set for a day the latest; one of its own before an example."""
    fitting = [
        ((not value.example, value.from_date, order), value)
        for order, value in enumerate(own)
        if value.standard == standard
        and value.zone in ("", zone)
        and value.from_date <= day <= (value.to_date or "9999-12-31")
    ]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else None


def _in_force(standard: Standard, own: list[CountyValue], zone: str, day: str) -> StandardInForce:
    """The county's latest value for the day, else an example's, else the national one."""
    best = set_by_county(own, standard.standard, zone, day)
    if best is not None:
        origin: Literal["example", "county"] = "example" if best.example else "county"
        return StandardInForce(best.value, origin, best.basis, best.tag, best.from_date)
    for given in standard.values:
        if given.zone in ("", zone) and given.from_date <= day <= (given.to_date or "9999-12-31"):
            basis = given.basis or standard.basis[0]
            return StandardInForce(given.value, "national", basis.text, basis.tag, given.from_date)
    return StandardInForce(None, "missing", standard.basis[0].text, standard.basis[0].tag)


def parameters(
    statement: Statement,
    readings: Iterable[Reading],
    standards: dict[tuple[str, str], StandardInForce],
    facts_as_of: date,
) -> dict[str, int | str | None]:
    """The statement's named parameters."""
    values: dict[str, int | str | None] = {"as_of": facts_as_of.isoformat()}
    for reading in readings:
        values[usable_parameter(reading.source)] = reading.status
        values[extract_parameter(reading.source)] = reading.as_of
    for (name, zone), standard in standards.items():
        values[standard_parameter(name, zone)] = standard.value
    return values | {t.name: last_start(t, values) for t in statement.thresholds}
