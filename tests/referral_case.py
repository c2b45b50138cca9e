"""One dispatched referral, and what is done with it on which day."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest


def one(home: Path, sql: str, *values: object) -> Any:
    """The rows of a query, or the value of one that gives a single cell."""
    conn = sqlite3.connect(home / "casework.db")
    rows = conn.execute(sql, values).fetchall()
    conn.close()
    return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else rows


class Case:
    """One referral and those who work on it, on a day that moves."""

    def __init__(self, yimen: Any, referral: Any) -> None:
        self.yimen = yimen
        self.no = referral["referral_no"]
        self.office = referral["department"]

    def window(self, verb: str, *words: str, code: int = 0) -> Any:
        return self.yimen.acting_as("window")("referral", verb, self.no, *words, code=code)

    def department(self, verb: str, *words: str, code: int = 0) -> Any:
        return self.yimen.acting_as(self.office)("referral", verb, self.no, *words, code=code)

    def shown(self) -> Any:
        return self.yimen.json("referral", "show", self.no)

    @property
    def line(self) -> Any:
        (found,) = (r for r in self.yimen.json("referral", "list") if r["referral_no"] == self.no)
        return found

    def on(self, day: str) -> Case:
        self.yimen.day = day
        return self

    def taken_on(self) -> Case:
        self.department("receive")
        self.department("accept")
        return self


@pytest.fixture
def dibao(yimen: Any, dispatched: Any) -> Case:
    """A referral for dibao, dispatched on 2026-11-20: 30 working days by law."""
    (referral,) = (r for r in dispatched["referrals"] if r["programme"] == "CIV-DB")
    return Case(yimen, referral)


@pytest.fixture
def medical(yimen: Any, dispatched: Any) -> Case:
    """A referral for in-patient aid, dispatched on 2026-11-20: 20 working days, to 2026-12-18."""
    (referral,) = (r for r in dispatched["referrals"] if r["programme"] == "MED-IN")
    return Case(yimen, referral)
