"""Three-valued logic in plain Python, and what each register says of one person.

Each register is read in the order of its ID numbers and folded into a few values a person, so that
only those stay in memory. None is unknown.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

AS_OF, RECENT, SETTLED, HALF_YEAR = "2026-11-20", "2025-11-01", "2025-11-15", "2026-05-20"
REPORTING_TOWNS = ("370499101", "370499102")
Truth = bool | None
Number = int | None
Rows = list[tuple[Any, ...]]


def every(*parts: Truth) -> Truth:
    """False if one is, else unknown if one is, else true."""
    return False if False in parts else None if None in parts else True


def either(*parts: Truth) -> Truth:
    """True if one is, else unknown if one is, else false."""
    return True if True in parts else None if None in parts else False


def no(part: Truth) -> Truth:
    return None if part is None else not part


def less(a: Any, b: Any) -> Truth:
    return None if a is None or b is None else a < b


def same(a: Any, b: Any) -> Truth:
    return None if a is None or b is None else a == b


def among(a: Any, values: Sequence[Any]) -> Truth:
    return None if a is None else a in values


def running(first: str | None, last: str | None) -> Truth:
    """Whether a span contains the day; the last day is the first without."""
    return every(no(less(AS_OF, first)), less(AS_OF, last))


def within(day: str | None, first: str) -> Truth:
    return every(no(less(day, first)), no(less(AS_OF, day)))


def total(parts: Iterable[tuple[Truth, Number]]) -> Number:
    """The sum of what is taken; unknown if one is that is taken, or may be."""
    found = 0
    for taken, amount in parts:
        if taken is None or (taken and amount is None):
            return None
        found += (amount or 0) if taken else 0
    return found


def count(parts: Iterable[Truth]) -> Number:
    return total((part, 1) for part in parts)


# -- what each register says of one person: its rows are (id_number, name, columns...) -----------


def hukou(rows: Rows) -> tuple[Truth, Truth]:
    apart = {row[2] for row in rows}
    return True, not apart.pop() if len(apart) == 1 and None not in apart else None


def death(rows: Rows) -> tuple[Truth]:
    return (either(*(no(less(AS_OF, row[2])) for row in rows)),)


def custody(rows: Rows) -> tuple[Truth]:
    return (either(*(running(row[2], row[3]) for row in rows)),)


def enrolment(rows: Rows) -> tuple[Truth]:
    stages = ("PRIMARY", "JUNIOR", "SENIOR", "UNI")
    return (
        either(*(
            every(None if full is None else bool(full), less(AS_OF, left), among(stage, stages))
            for __, ___, stage, full, left in rows
        )),
    )  # fmt: skip


def income(rows: Rows) -> tuple[Number, ...]:
    recent = [(item, within(day, RECENT), amount) for __, ___, item, day, amount in rows]
    return tuple(
        total((every(same(item, kind), taken), amount) for item, taken, amount in recent)
        for kind in ("WAGE", "BUSINESS", "PROPERTY")
    )


def pension(rows: Rows) -> tuple[Number, Number]:
    whole, basic = [], []
    for __, ___, kind, monthly, basis, first, last in rows:
        paid = running(first, last)
        whole.append((every(no(same(kind, "VETERAN")), paid), monthly))
        basic.append((every(same(kind, "RESIDENT"), paid), basis))
    a_month = total(whole), total(basic)
    return (
        None if a_month[0] is None else 12 * a_month[0],
        None if a_month[1] is None else 12 * a_month[1],
    )


def vehicle(rows: Rows) -> tuple[Number]:
    return (count(every(same(s, "NORMAL"), among(k, ("CAR", "TRUCK"))) for __, ___, k, s in rows),)


def realestate(rows: Rows) -> tuple[Number, Number, Number]:
    dwellings, others = [], []
    for __, ___, usage, area, status in rows:
        current = same(status, "CURRENT")
        dwellings.append((every(current, among(usage, ("DWELLING", "HOMESTEAD"))), area))
        others.append(every(current, among(usage, ("SHOP", "OTHER"))))
    return count(taken for taken, __ in dwellings), count(others), total(dwellings)


def business(rows: Rows) -> tuple[Number]:
    return (
        count(
            every(same(status, "ACTIVE"), same(kind, "COMPANY"), less(10_000_000, capital))
            for __, ___, kind, status, capital in rows
        ),
    )


def contribution(rows: Rows) -> tuple[Number]:
    return (count(every(same(k, "EMPLOYEE"), within(day, RECENT)) for __, ___, k, day in rows),)


def assistance(rows: Rows) -> tuple[Number | Truth, ...]:
    paid = [(row[2], running(row[4], row[5]), row[3]) for row in rows]
    held = [
        either(*(every(same(programme, name), on) for programme, on, __ in paid))
        for name in ("BEN-DB", "BEN-EDGE", "BEN-TK")
    ]
    return (total((on, amount) for __, on, amount in paid), *held)


def disability(rows: Rows) -> tuple[Number, str | None]:
    valid = [(less(AS_OF, row[4]), row[3], row[2]) for row in rows]
    if any(on is None for on, __, ___ in valid):
        return None, None
    grades = [grade for on, grade, __ in valid if on]
    types = {kind for on, __, kind in valid if on}
    grade = None if None in grades else min(grades, default=9)
    return grade, "NONE" if not types else types.pop() if len(types) == 1 else None


def insurance(rows: Rows) -> tuple[Truth]:
    return (
        either(*(
            every(same(year, 2026), None if paid is None else bool(paid))
            for __, ___, year, paid in rows
        )),
    )  # fmt: skip


def settlement(rows: Rows) -> tuple[Number, Number, str | None]:
    inside, outside, days = [], [], list[tuple[Truth, str | None]]()
    for __, ___, kind, day, own in rows:
        recent = every(less(SETTLED, day), no(less(AS_OF, day)))
        inside.append((every(same(kind, "INPATIENT"), recent), own))
        outside.append((every(among(kind, ("OUTPATIENT", "CHRONIC")), recent), own))
        days.append((every(same(kind, "INPATIENT"), no(less(AS_OF, day))), day))
    stays = [day or "" for taken, day in days if taken]
    last = None if any(t is None for t, __ in days) else max(stays, default="1900-01-01")
    return total(inside), total(outside), last


def unemployment(rows: Rows) -> tuple[Truth]:
    return (either(*(running(row[2], row[3]) for row in rows)),)


# Each register: its columns, its fold, and what it means not to stand in it.
REGISTERS: dict[str, tuple[str, Callable[[Rows], tuple[Any, ...]], tuple[Any, ...]]] = {
    "hukou": ("separated", hukou, (False, None)),
    "death": ("died_on", death, (False,)),
    "custody": ("from_date, to_date", custody, (False,)),
    "enrolment": ("stage, full_time, left_on", enrolment, (False,)),
    "income": ("item, paid_on, amount_fen", income, (0, 0, 0)),
    "pension": ("kind, monthly_fen, basic_fen, from_date, to_date", pension, (0, 0)),
    "vehicle": ("kind, status", vehicle, (0,)),
    "realestate": ("usage, area_m2, status", realestate, (0, 0, 0)),
    "business": ("kind, status, capital_fen", business, (0,)),
    "contribution": ("kind, paid_on", contribution, (0,)),
    "assistance": (
        "programme, amount_fen, from_date, to_date",
        assistance,
        (0, False, False, False),
    ),
    "disability": ("type, grade, expires_on", disability, (9, "NONE")),
    "insurance": ("year, paid", insurance, (False,)),
    "settlement": ("kind, settled_on, own_fen", settlement, (0, 0, "1900-01-01")),
    "unemployment": ("registered_on, ended_on", unemployment, (False,)),
}
Folded = dict[str, tuple[str | None, tuple[Any, ...]]]


def folded(db: sqlite3.Connection, name: str, table: str) -> Folded:
    """By ID number: the person's name in the register, None if there are several; the values."""
    columns, fold, __ = REGISTERS[name]
    found: Folded = {}
    rows = db.execute(f"SELECT id_number, name, {columns} FROM {table} ORDER BY id_number")
    for id_number, group in groupby(rows, key=itemgetter(0)):
        if id_number is not None:
            own = list(group)
            first = own[0][1]
            known = first if all(row[1] == first for row in own) else None
            found[id_number] = (known, fold(own))
    return found
