"""Makes a home, sets its standards, loads its working days: the county's part of the rules."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from yimen.core.casework.desk import Desk
from yimen.core.casework.doors import os_account
from yimen.core.casework.operators import first_operator
from yimen.core.clock import Clock
from yimen.core.declarations import Standard
from yimen.core.departments import installed_department_names
from yimen.core.divisions import level, normalise_division
from yimen.core.errors import BadInput, BadValue, NotFound
from yimen.core.i18n import _
from yimen.core.money import parse_yuan
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.inputs import ZONES, StandardInForce, standards_on
from yimen.core.store.home import Home, create_home, refuse_second_init
from yimen.core.store.standards import CountyValue, insert
from yimen.core.workdays import parse_calendar_csv

SYNTHETIC_COUNTY = "370499"
# Ninety numbers of this size still add up inside 64 bits.
_WHOLE = re.compile(r"-?[0-9]{1,15}")


def init_home(
    path: Path, *, county: str | None, synthetic: bool, clock: Clock, catalogue: Catalogue
) -> Home:
    """Makes a home for a county; the OS account becomes its first operator (county and it).

    A synthetic home holds invented people only, may move its clock, and starts with the example
    values of all standards, marked as such.
    """
    if county is None and not synthetic:
        raise BadInput(
            _("A home belongs to a county."),
            next_step=_("Name it: --county 370481, or --synthetic for invented people."),
        )
    code = normalise_division(county or SYNTHETIC_COUNTY, synthetic=synthetic)
    if synthetic and not code.startswith(SYNTHETIC_COUNTY):
        raise BadInput(
            _("A synthetic home is of the invented county {county}.").format(
                county=SYNTHETIC_COUNTY
            ),
            next_step=_("Leave --county or --synthetic out."),
        )
    if level(code) != "county":
        raise BadInput(
            _("{code} is not a county.").format(code=code),
            next_step=_("Give a division code of six digits."),
        )
    settings = {"county": code, "synthetic": "1" if synthetic else "0"}
    home = create_home(path, settings, clock)
    with home.writing() as db:
        refuse_second_init(home)
        for key, value in settings.items():
            db.conn.execute("INSERT INTO home VALUES (?, ?)", [key, value])
        operator = first_operator(db, code)
        desk = Desk(home, operator, os_account())
        examples = _insert_examples(desk, catalogue.standards.values()) if synthetic else 0
        desk.record(db, "init", "home", {**settings, "examples": examples})
    return home


def _insert_examples(desk: Desk, standards: Iterable[Standard]) -> int:
    count = 0
    for standard in standards:
        for given in standard.example:
            value = CountyValue(
                standard=standard.standard,
                zone=given.zone,
                from_date=given.from_date,
                to_date=given.to_date,
                value=given.value,
                basis="example",
                tag="D",
                example=True,
                set_by=desk.operator.operator_no,
            )
            insert(desk.home.casework, value, desk.home.clock.now())
            count += 1
    return count


def standard_listing(
    desk: Desk, catalogue: Catalogue, on: date
) -> list[tuple[Standard, str, StandardInForce]]:
    """Every standard and zone with its value on a day, missing ones included."""
    values = standards_on(desk.home, catalogue, sorted(catalogue.standards), on)
    return [(catalogue.standards[name], zone, value) for (name, zone), value in values.items()]


def set_standard(
    desk: Desk,
    catalogue: Catalogue,
    standard_id: str,
    text: str,
    *,
    from_date: date,
    to_date: date | None = None,
    zone: str = "",
    basis: str,
) -> CountyValue:
    """Sets a standard's value from a day on; earlier values stay as they were.

    Money is given in yuan. `zone` is URBAN or RURAL where the standard has zones; empty is both.
    """
    desk.require("standard.set", division=desk.home.county)
    standard = catalogue.standards.get(standard_id)
    if standard is None:
        raise NotFound(
            _("There is no standard {id}.").format(id=standard_id),
            next_step=_("`yimen standard list` shows them."),
        )
    if zone and (not standard.by_zone or zone not in ZONES):
        raise BadInput(
            _("The standard {id} has no zone {zone}.").format(id=standard_id, zone=zone),
            next_step=_("Leave --zone out, or give URBAN or RURAL where the standard has zones."),
        )
    if not basis.strip():
        raise BadInput(
            _("A standard needs the document that sets it."), next_step=_("Name it with --basis.")
        )
    if to_date is not None and to_date < from_date:
        raise BadInput(
            _("The last day lies before the first."), next_step=_("Check --from and --to.")
        )
    value = CountyValue(
        standard=standard_id,
        zone=zone,
        from_date=from_date.isoformat(),
        to_date=to_date.isoformat() if to_date else None,
        value=_standard_value(standard, text),
        basis=basis,
        tag="V",
        example=False,
        set_by=desk.operator.operator_no,
    )
    with desk.home.writing() as db:
        insert(db, value, desk.home.clock.now())
        desk.record(
            db,
            "standard.set",
            standard_id,
            {"value": value.value, "from": value.from_date, "to": value.to_date, "zone": zone,
             "basis": basis},
        )  # fmt: skip
    return value


def _standard_value(standard: Standard, text: str) -> int | str:
    """The value typed for a standard; a ratio is written as a number, such as 1.5."""
    if standard.ppm:
        whole, __, rest = text.strip().partition(".")
        if not (whole.isascii() and whole.isdigit() and len(whole) < 7 and len(rest) < 7) or (
            rest and not (rest.isascii() and rest.isdigit())
        ):
            raise BadValue(
                _("{name} is a ratio, not '{text}'.").format(
                    name=standard.standard, text=text.strip()[:20]
                ),
                next_step=_("Write it as a number, such as 1.5 or 0.7."),
            )
        return int(whole) * 1_000_000 + int(rest.ljust(6, "0"))
    value = parse_value(standard.type, text, standard.standard)
    if standard.codes and value not in standard.codes:
        raise BadValue(
            _("{name} cannot be '{text}'.").format(name=standard.standard, text=text.strip()[:20]),
            next_step=_("Choose from: {codes}.").format(codes=", ".join(standard.codes)),
        )
    return value


def parse_value(kind: str, text: str, name: str) -> int | str:
    """A value typed by a person, as the declared type stores it; `BadValue` otherwise."""
    plain = text.strip()
    if kind == "money":
        return _not_negative(parse_yuan(plain), name)
    if kind == "boolean":
        if plain.lower() in ("是", "yes", "y", "true", "1"):
            return 1
        if plain.lower() in ("否", "no", "n", "false", "0"):
            return 0
        raise BadValue(
            _("{name} is answered with yes or no, not '{text}'.").format(
                name=name, text=plain[:20]
            ),
            next_step=_("Write 是 or 否, yes or no."),
        )
    if kind == "integer":
        if not _WHOLE.fullmatch(plain):
            raise BadValue(
                _("{name} is a whole number, not '{text}'.").format(name=name, text=plain[:20]),
                next_step=_("Write digits only, at most fifteen."),
            )
        return _not_negative(int(plain), name)
    if kind == "date":
        from yimen.core.clock import parse_date

        return parse_date(plain).isoformat()
    return plain


def _not_negative(value: int, name: str) -> int:
    """Refuses a number below zero: as an income or a limit it would turn a rule round."""
    if value < 0:
        raise BadValue(
            _("{name} cannot be negative.").format(name=name),
            next_step=_("Write 0 where there is nothing."),
        )
    return value


def load_calendar(desk: Desk, path: Path) -> int:
    """Loads the county's own working days (CSV: date,type with off or work); returns how many."""
    from yimen.core.text_files import read_text

    desk.require("calendar.load")
    days = parse_calendar_csv(read_text(path).splitlines(), str(path))
    now, who = desk.home.clock.now(), desk.operator.operator_no
    with desk.home.writing() as db:
        db.conn.executemany(
            "INSERT INTO calendar_day VALUES (?, ?, ?, ?) ON CONFLICT (day) DO UPDATE SET"
            " working = excluded.working, set_by = excluded.set_by, set_at = excluded.set_at",
            [(day.isoformat(), int(working), who, now) for day, working in sorted(days.items())],
        )
        desk.record(
            db,
            "calendar.load",
            "calendar",
            {"days": len(days), "first": min(days).isoformat(), "last": max(days).isoformat()},
        )
    return len(days)


def switch_department(desk: Desk, name: str, *, on: bool) -> None:
    """Leaves a plugin out of this home, or takes it in again; it works on one that cannot load."""
    desk.require("department.switch")
    known = set(installed_department_names()) | set(desk.home.disabled_departments)
    if name not in known:
        raise NotFound(
            _("There is no department {name}.").format(name=name),
            next_step=_("`yimen department list` shows them."),
        )
    without = set(desk.home.disabled_departments) - {name}
    disabled = sorted(without if on else without | {name})
    with desk.home.writing() as db:
        db.conn.execute(
            "INSERT INTO home VALUES ('disabled_departments', ?)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            [" ".join(disabled)],
        )
        desk.record(db, "department.enable" if on else "department.disable", name, {})
