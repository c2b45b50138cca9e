"""The subjects of checklists that a desk works on, with the steps kept of those that still stand.

What is kept is a convenience and no record: it is worked out from the records, and goes by itself
when one of them changes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from yimen.core.store.cases import CLOSED_REFERRAL, OPEN_APPLICATION

if TYPE_CHECKING:
    from yimen.core.store.database import Database


class Worked(NamedTuple):
    """One subject; `steps` is the JSON kept of it, or None where it must be worked out.

    `closed` is whether it is over: an application that has ended, a referral that is closed.
    """

    subject: str
    household_no: str
    division: str
    department: str | None
    changes: int
    steps: str | None
    closed: bool


class Kept(NamedTuple):
    """What is kept of a subject: at so many changes of its case, on what ground, for which days."""

    subject: str
    changes: int
    ground: str
    from_day: str
    until_day: str
    steps: str


class Standing(NamedTuple):
    """On what ground and for which day what was kept must have been worked out to count."""

    ground: str
    day: str


_CHANGES = "COALESCE(c.changes, 0)"
_STEPS = (
    f"{_CHANGES}, CASE WHEN k.changes = {_CHANGES} AND k.ground = ?"
    " AND ? BETWEEN k.from_day AND k.until_day THEN k.steps END"
)


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))


def applications(db: Database, standing: Standing, *, since: str, division: str) -> list[Worked]:
    """The applications that are open or closed since a day, below a division prefix."""
    rows = db.conn.execute(
        f"SELECT a.application_no, a.household_no, a.division, NULL, {_STEPS},"
        f" a.state NOT IN ({_marks(OPEN_APPLICATION)}) FROM application a"
        " LEFT JOIN case_change c USING (application_no)"
        " LEFT JOIN kept_steps k ON k.subject = a.application_no"
        f" WHERE (a.state IN ({_marks(OPEN_APPLICATION)}) OR a.closed_on >= ?)"
        " AND substr(a.division, 1, ?) = ? ORDER BY a.rowid",
        [*standing, *OPEN_APPLICATION, *OPEN_APPLICATION, since, len(division), division],
    )
    return [Worked(*row) for row in rows]


def referrals(
    db: Database,
    standing: Standing,
    *,
    since: str,
    month: str,
    programmes: Sequence[str],
    division: str,
    department: str | None,
) -> list[Worked]:
    """The referrals that are open, whose application is or closed since a day, or whose aid runs.

    `month` is the month, such as 2026-11, in which aid still runs; of some programmes, below a
    division prefix, of one department or all.
    """
    rows = db.conn.execute(
        f"SELECT r.referral_no, r.household_no, r.division, r.department, {_STEPS},"
        f" r.state IN ({_marks(CLOSED_REFERRAL)}) FROM referral r"
        " JOIN application a USING (application_no)"
        " LEFT JOIN case_change c USING (application_no)"
        " LEFT JOIN kept_steps k ON k.subject = r.referral_no"
        f" WHERE (r.state NOT IN ({_marks(CLOSED_REFERRAL)}) OR COALESCE(a.closed_on, '9999') >= ?"
        "  OR r.referral_no IN (SELECT referral_no FROM benefit"
        "   WHERE to_month IS NULL OR to_month >= ?))"
        " AND r.programme IN (SELECT value FROM json_each(?))"
        " AND substr(r.division, 1, ?) = ? AND (? IS NULL OR r.department = ?) ORDER BY r.rowid",
        [*standing, *CLOSED_REFERRAL, *CLOSED_REFERRAL, since, month, json.dumps(programmes),
         len(division), division, department, department],
    )  # fmt: skip
    return [Worked(*row) for row in rows]


def keep(db: Database, found: Iterable[Kept]) -> None:
    """Keeps what was worked out, inside the caller's transaction."""
    db.conn.executemany("INSERT OR REPLACE INTO kept_steps VALUES (?, ?, ?, ?, ?, ?)", found)
