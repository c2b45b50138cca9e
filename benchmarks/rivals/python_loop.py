"""The screening as a plain Python program: rows read once, then one household after the other.

It must stay as plain as a programmer without an engine would write it: no numpy, SQL only to read.
"""

from __future__ import annotations

import csv
import re
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import groupby
from operator import itemgetter
from typing import Any

from python_registers import (
    HALF_YEAR,
    REGISTERS,
    REPORTING_TOWNS,
    Folded,
    Number,
    Truth,
    among,
    count,
    either,
    every,
    folded,
    less,
    no,
    same,
    total,
)

WORDS = {True: "eligible", False: "ineligible", None: "unknown"}
LETTERS = {True: "p", False: "f", None: "?"}
COLUMNS = [
    f"{name}{part}"
    for name, paid in (
        ("BEN-CARE", 1), ("BEN-CHILD", 1), ("BEN-DB", 1), ("BEN-DIS", 1), ("BEN-EDGE", 0),
        ("BEN-EDU", 1), ("BEN-FARM", 0), ("BEN-JOB", 0), ("BEN-OLD", 1), ("BEN-RENT", 1),
        ("BEN-RIG", 0), ("BEN-TEMP", 1), ("BEN-TK", 1), ("BEN-WARM", 1),
    )
    for part in ("", ".criteria", *([".amount_fen"] * paid))
]  # fmt: skip


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


def answer(
    row: dict[str, object], name: str, criteria: Sequence[Truth], sure: Truth = True
) -> Truth:
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
    vehicles, dwellings, others = (summed(n) for n in ("vehicles", "dwellings", "other_properties"))
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
        row["BEN-DB.amount_fen"] = None if addon is None else gap + addon * dibao // 1_000_000
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
        row["BEN-TEMP.amount_fen"] = min((medical - 1_000_000) // 2, 6 * dibao)
    rent = answer(row, "BEN-RENT", [
        same(zone, "URBAN"),
        every(no(less(3_000_000, head_income)), no(less(3_000_000, aid and 12 * aid))),
        less(head_area, 15), every(less(vehicles, 1), same(others, 0), same(companies, 0)),
    ])  # fmt: skip
    if rent and head_area is not None and size is not None:
        row["BEN-RENT.amount_fen"] = (15 - head_area) * size * 1500
    answer(row, "BEN-FARM", [
        same(zone, "RURAL"), either(has_db, has_edge, has_tk),
        every(same(dwellings, 1), no(less(burden, 300_000))),
    ])  # fmt: skip
    if answer(row, "BEN-EDU", [less(0, students), either(in_db, in_edge)]) and students:
        row["BEN-EDU.amount_fen"] = students * 150_000
    answer(row, "BEN-JOB", [
        same(working, 0), less(1, weight),
        either(*(every(m.counted, m.unemployed) for m in members)),
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
            "BEN-DIS": (
                answer(own, "BEN-DIS", [either(m.severe, m.mental), in_db, free], sure),
                15_000,
            ),
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
                own[f"{name}.amount_fen"] = amount
        if sure is not False:
            rows.append(own)
    warm = [
        either(in_db, has_tk, *supported),
        either(no(less(burden, 500_000)), same(zone, "URBAN")),
    ]
    if answer(row, "BEN-WARM", warm):
        row["BEN-WARM.amount_fen"] = 60_000
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
