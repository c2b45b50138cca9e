"""The screening as a plain Python program: rows read once, then one household after the other.

Each register is read in the order of its ID numbers and folded into a few values a person, so that
only those stay in memory. None is unknown. It must stay as plain as a programmer would write it who
has no engine: no numpy, no SQL but reading.
"""

from __future__ import annotations

import csv
import re
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import groupby
from operator import itemgetter
from typing import Any

AS_OF, RECENT, SETTLED, HALF_YEAR = "2026-11-20", "2025-11-01", "2025-11-15", "2026-05-20"
REPORTING_TOWNS = ("370499101", "370499102")
Truth = bool | None
Number = int | None
Rows = list[tuple[Any, ...]]
WORDS = {True: "eligible", False: "ineligible", None: "unknown"}
LETTERS = {True: "p", False: "f", None: "?"}
COLUMNS = [
    f"{name}{part}"
    for name, paid in (
        ("BEN-CARE", 1), ("BEN-CHILD", 1), ("BEN-DB", 1), ("BEN-DIS", 1), ("BEN-EDGE", 0),
        ("BEN-EDU", 1), ("BEN-FARM", 0), ("BEN-JOB", 0), ("BEN-OLD", 1), ("BEN-RENT", 1),
        ("BEN-RIG", 0), ("BEN-TEMP", 1), ("BEN-TK", 1), ("BEN-WARM", 1),
    )
    for part in ("", ".criteria", *([".amount"] * paid))
]  # fmt: skip


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
    "assistance": ("programme, amount_fen, from_date, to_date", assistance, (0, False, False, False)),
    "disability": ("type, grade, expires_on", disability, (9, "NONE")),
    "insurance": ("year, paid", insurance, (False,)),
    "settlement": ("kind, settled_on, own_fen", settlement, (0, 0, "1900-01-01")),
    "unemployment": ("registered_on, ended_on", unemployment, (False,)),
}
Folded = dict[str, tuple[str | None, tuple[Any, ...]]]


def folded(db: sqlite3.Connection, name: str, table: str) -> Folded:
    """By ID number: the name under which a register has the person, None for several; the values."""
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


class Person:
    """A member with the values of all registers, and what follows from them."""

    def __init__(self, row: Sequence[Any], registers: dict[str, Folded]) -> None:
        (self.household_no, self.member_no, id_number, name, relation, born, division, self.zone,
         shared) = row  # fmt: skip
        values: dict[str, tuple[Any, ...]] = {}
        for register, people in registers.items():
            absent = REGISTERS[register][2]
            known = people.get(id_number) if id_number else (None, absent)
            if known is None:
                values[register] = absent
            else:
                values[register] = known[1] if known[0] == name else (None,) * len(absent)
        if division[:9] not in REPORTING_TOWNS:
            values["unemployment"] = (None,)
        self.age = None if born is None else 2026 - int(born[:4]) - (born[5:] > "11-20")
        self.resident, lives_together = values["hukou"]
        (self.deceased,), (custody,), (self.student,) = (
            values[n] for n in ("death", "custody", "enrolment")
        )
        wage, trade, property_income = values["income"]
        whole, basic = values["pension"]
        (self.vehicles,), (self.companies,), (months,) = (
            values[n] for n in ("vehicle", "business", "contribution")
        )
        self.dwellings, self.other_properties, self.area = values["realestate"]
        self.aid_month, self.has_db, self.has_edge, self.has_tk = values["assistance"]
        grade, kind = values["disability"]
        (self.insured,), (self.unemployed,) = values["insurance"], values["unemployment"]
        inpatient, outpatient, self.last_inpatient = values["settlement"]
        self.severe = among(grade, (1, 2))
        self.mental = every(same(grade, 3), among(kind, ("5", "6")))
        parts = (wage, trade, property_income, whole, basic)
        self.own_income: Number = None
        if None not in parts:
            cost = wage * 100_000 // 1_000_000
            self.own_income = wage - cost + trade + property_income + whole - basic
        self.working = either(less(0, wage), no(less(months, 6)))
        self.medical = None if None in (inpatient, outpatient) else inpatient + outpatient
        self.young, self.old = less(self.age, 18), no(less(self.age, 60))
        self.labour_weight = self._labour_weight()
        self.addon_ppm = self._addon_ppm()
        child = among(relation, ("20", "30"))
        counts = every(
            no(self.deceased), no(custody),
            either(among(relation, ("02", "10")), every(child, self.young),
                   every(child, self.student), every(relation != "99", lives_together)),
        )  # fmt: skip
        self.counted = None if shared and counts is not False else counts

    def _labour_weight(self) -> Number:
        learning = either(less(self.age, 16), self.student)
        if learning is None or (not learning and self.severe is None):
            return None
        return 0 if learning or self.severe else 1 if self.old else 2

    def _addon_ppm(self) -> Number:
        if None in (self.old, self.young, self.severe):
            return None
        return 200_000 if self.severe else 100_000 if self.old or self.young else 0


def by_zone(zone: str | None, urban: int, rural: int) -> Number:
    return urban if zone == "URBAN" else rural if zone == "RURAL" else None


def answer(row: dict[str, object], name: str, criteria: Sequence[Truth], sure: Truth = True) -> Truth:
    """Writes a programme's outcome and letters; returns the outcome before who counts is asked."""
    met = every(*criteria)
    row[name] = WORDS[None if met and not sure else met]
    row[f"{name}.criteria"] = "".join(LETTERS[part] for part in criteria)
    return met


def screened(members: list[Person]) -> Iterator[dict[str, object]]:
    """The rows of one household: its own, then one a member who counts or may count."""

    def summed(name: str) -> Number:
        return total((m.counted, getattr(m, name)) for m in members)

    def counting(name: str) -> Number:
        values = [(m.counted, getattr(m, name)) for m in members]
        return total((c, None if v is None else int(v)) for c, v in values)

    number, size = members[0].household_no, count(m.counted for m in members)
    zone = min((m.zone for m in members if m.zone), default=None)
    dibao = by_zone(zone, 100_000, 80_000)
    heads = None if size is None else max(1, size)
    wealth = summed("own_income")
    head_income = None if wealth is None or heads is None else wealth // heads
    vehicles, dwellings, others = (
        summed(n) for n in ("vehicles", "dwellings", "other_properties")
    )
    companies, area, medical = summed("companies"), summed("area"), summed("medical")
    aid, weight, addon = summed("aid_month"), summed("labour_weight"), summed("addon_ppm")
    students, working = counting("student"), counting("working")
    young, old = counting("young"), counting("old")
    dependants = None if young is None or old is None else young + old
    burden = None if size is None else 0
    if size:
        burden = None if dependants is None else dependants * 1_000_000 // size
    head_area = None if area is None or heads is None else area // heads
    in_wards = [m.last_inpatient for m in members if m.counted]
    known_wards = size and None not in in_wards
    last = max(day for day in in_wards if day) if known_wards else None
    has_db, has_edge, has_tk = (
        either(*(getattr(m, n) for m in members)) for n in ("has_db", "has_edge", "has_tk")
    )
    year = None if dibao is None or size is None else 12 * dibao * size
    edge_year = None if year is None else year * 3 // 2
    row: dict[str, object] = {"household_no": number, "member_no": ""}

    db = answer(row, "BEN-DB", [
        either(*(every(m.counted, m.resident) for m in members)), less(wealth, year),
        less(vehicles, 1), less(dwellings, 2), every(same(others, 0), same(companies, 0)),
    ])  # fmt: skip
    if db and year is not None and wealth is not None and dibao is not None:
        gap = max(0, -(-(year - wealth) // 1200) * 100)
        row["BEN-DB.amount"] = None if addon is None else gap + addon * dibao // 1_000_000
    in_db = either(has_db, db)
    few_cars = less(vehicles, 2)
    edge = answer(row, "BEN-EDGE", [
        no(in_db), less(wealth, edge_year), few_cars, every(less(dwellings, 3), same(others, 0)),
    ])  # fmt: skip
    in_edge = either(has_edge, edge)
    poor = less(head_income, 3_000_000)
    share = None if medical is None or wealth is None else medical * 1_000_000 // max(1, wealth)
    answer(row, "BEN-RIG", [
        every(no(in_db), no(in_edge)), poor, no(less(share, 600_000)),
        every(few_cars, less(dwellings, 3)),
    ])  # fmt: skip
    # Nobody's deposits are read in a screening; only a household of nobody has none.
    temp = answer(row, "BEN-TEMP", [
        every(no(less(medical, 1_000_000)), less(HALF_YEAR, last)),
        no(either(*(every(m.counted, no(m.insured)) for m in members))), poor,
        True if size == 0 else None,
    ])  # fmt: skip
    if temp and medical is not None and dibao is not None:
        row["BEN-TEMP.amount"] = min((medical - 1_000_000) // 2, 6 * dibao)
    rent = answer(row, "BEN-RENT", [
        same(zone, "URBAN"),
        every(no(less(3_000_000, head_income)), no(less(3_000_000, aid and 12 * aid))),
        less(head_area, 15), every(less(vehicles, 1), same(others, 0), same(companies, 0)),
    ])  # fmt: skip
    if rent and head_area is not None and size is not None:
        row["BEN-RENT.amount"] = (15 - head_area) * size * 1500
    answer(row, "BEN-FARM", [
        same(zone, "RURAL"), either(has_db, has_edge, has_tk),
        every(same(dwellings, 1), no(less(burden, 300_000))),
    ])  # fmt: skip
    if answer(row, "BEN-EDU", [less(0, students), either(in_db, in_edge)]) and students:
        row["BEN-EDU.amount"] = students * 150_000
    answer(row, "BEN-JOB", [
        same(working, 0), less(1, weight), either(*(every(m.counted, m.unemployed) for m in members)),
    ])  # fmt: skip

    rows, supported = [], []
    for m in members:
        own: dict[str, object] = {"household_no": number, "member_no": m.member_no}
        sure = m.counted
        tk = answer(own, "BEN-TK", [
            either(m.old, less(m.age, 16), m.severe),
            less(m.own_income, by_zone(m.zone, 1_560_000, 1_248_000)), same(size, 1), no(has_db),
        ], sure)  # fmt: skip
        supported.append(every(sure, tk))
        alive, free = every(m.resident, no(m.deceased)), no(either(m.has_tk, tk))
        amounts = {
            "BEN-TK": (tk, by_zone(m.zone, 130_000, 104_000)),
            "BEN-DIS": (answer(own, "BEN-DIS", [either(m.severe, m.mental), in_db, free], sure), 15_000),
            "BEN-CARE": (answer(own, "BEN-CARE", [m.severe, no(m.has_tk), alive], sure), 12_000),
            "BEN-OLD": (
                answer(own, "BEN-OLD", [no(less(m.age, 80)), alive], sure),
                20_000 if m.age and m.age >= 90 else 10_000,
            ),
            # The children's register is stale.
            "BEN-CHILD": (answer(own, "BEN-CHILD", [m.young, None, free], sure), 130_000),
        }
        for name, (met, amount) in amounts.items():
            if met and sure:
                own[f"{name}.amount"] = amount
        if sure is not False:
            rows.append(own)
    warm = [
        either(in_db, has_tk, *supported),
        either(no(less(burden, 500_000)), same(zone, "URBAN")),
    ]
    if answer(row, "BEN-WARM", warm):
        row["BEN-WARM.amount"] = 60_000
    yield row
    yield from rows


def main(home: str, out: str) -> int:
    with (
        closing(sqlite3.connect(f"file:{home}/registers.db?mode=ro", uri=True)) as db,
        open(out, "w", encoding="utf-8", newline="") as file,
    ):
        tables = [str(n) for (n,) in db.execute("SELECT name FROM sqlite_master")]

        def newest(prefix: str) -> str:
            found = [t for t in tables if re.fullmatch(f"{prefix}[0-9]+", t)]
            return max(found, key=lambda t: int(t[len(prefix) :]))

        registers = {n: folded(db, n, newest(f"snap__bench__{n}__")) for n in REGISTERS}
        writer = csv.DictWriter(file, ["household_no", "member_no", *COLUMNS], lineterminator="\n")
        writer.writeheader()
        roster = db.execute(
            "SELECT household_no, member_no, id_number, name, relation, birth_date, division, zone,"
            f" shared FROM {newest('roster__')} ORDER BY rowid"
        )
        for __, group in groupby(roster, key=itemgetter(0)):
            writer.writerows(screened([Person(row, registers) for row in group]))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
