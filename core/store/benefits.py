"""Writes aid granted through this home; it is changed by a benefit after it, never overwritten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yimen.core.records import Benefit
from yimen.core.store.cases import next_number

if TYPE_CHECKING:
    from yimen.core.store.database import Database


def insert_benefit(db: Database, year: int, benefit: Benefit) -> str:
    """Writes a benefit under the year's next number inside the caller's transaction; returns it.

    The number that the given record carries is left aside.
    """
    number = next_number(db, "benefit", "benefit_no", "B", year)
    db.conn.execute(
        "INSERT INTO benefit (benefit_no, household_no, member_no, programme, department,"
        " amount_fen, per, from_month, to_month, referral_no)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [number, benefit.household_no, benefit.member_no, benefit.programme, benefit.department,
         benefit.amount_fen, benefit.per, benefit.from_month, benefit.to_month,
         benefit.referral_no],
    )  # fmt: skip
    return number
