"""Reads the open work of a place in narrow rows, since a county's list is long and sorted whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from yimen.core.store.cases import CLOSED_REFERRAL

if TYPE_CHECKING:
    from yimen.core.store.database import Database

# Applications in other states wait for their referrals, which are work of their own.
_AT_THE_WINDOW = ("draft", "submitted", "supplement_noticed", "accepted", "checked")


class OpenWork(NamedTuple):
    """An application (`programme` None) or a referral that is not closed.

    Of a referral `due` is the date of the clock that runs, and the term tells how long that clock
    is; of an application it is the day of its acceptance, and there is no term.
    """

    number: str
    application_no: str
    household_no: str
    member_no: str | None
    programme: str | None
    department: str | None
    division: str
    state: str
    since: str
    first_officer: str
    due: str | None
    term_n: int | None
    term_unit: str | None


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def open_applications(db: Database, *, prefix: str, officer: str | None = None) -> list[OpenWork]:
    """Applications that the window must go on with, below a division prefix."""
    rows = db.conn.execute(
        "SELECT application_no, application_no, household_no, NULL, NULL, NULL, division, state,"
        " submitted_on, first_officer, accepted_on, NULL, NULL FROM application"
        f" WHERE state IN ({_marks(_AT_THE_WINDOW)}) AND substr(division, 1, ?) = ?"
        " AND (? IS NULL OR first_officer = ?)",
        [*_AT_THE_WINDOW, len(prefix), prefix, officer, officer],
    )
    return [OpenWork(*row) for row in rows]


def open_referrals(
    db: Database,
    clocks: Mapping[str, tuple[str, str | None]],
    *,
    prefix: str,
    officer: str | None = None,
    department: str | None = None,
) -> list[OpenWork]:
    """Referrals that are not closed, below a division prefix, of an officer or a department.

    `clocks` names for each state the column of what is due and the term that tells how long.
    """
    due = " ".join(f"WHEN '{state}' THEN r.{column}" for state, (column, __) in clocks.items())
    term = " ".join(f"WHEN '{state}' THEN '$.{term}'" for state, (__, term) in clocks.items()
                    if term)  # fmt: skip
    rows = db.conn.execute(
        "SELECT referral_no, application_no, household_no, member_no, programme, department,"
        " division, state, dispatched_on, first_officer, due,"
        " json_extract(terms, path || '.n'), json_extract(terms, path || '.unit')"
        " FROM (SELECT r.*, a.first_officer,"
        f" CASE r.state {due} END AS due, CASE r.state {term} END AS path"
        " FROM referral r JOIN application a USING (application_no)"
        f" WHERE r.state NOT IN ({_marks(CLOSED_REFERRAL)}) AND substr(r.division, 1, ?) = ?"
        " AND (? IS NULL OR a.first_officer = ?) AND (? IS NULL OR r.department = ?))",
        [*CLOSED_REFERRAL, len(prefix), prefix, officer, officer, department, department],
    )
    return [OpenWork(*row) for row in rows]


def applicants(db: Database, applications: Sequence[str]) -> dict[str, str]:
    """application_no -> the applicant's name as the composition holds it."""
    rows = db.conn.execute(
        "SELECT a.application_no, c.name FROM application a JOIN composition c"
        " ON c.application_no = a.application_no AND c.member_no = a.applicant"
        f" WHERE a.application_no IN ({_marks(applications)})",
        list(applications),
    )
    return dict(rows.fetchall())


def states_by_department(
    db: Database, *, prefix: str, department: str | None = None
) -> list[tuple[str, str, int]]:
    """(department, state, referrals) below a division prefix, closed ones too."""
    rows = db.conn.execute(
        "SELECT department, state, COUNT(*) FROM referral WHERE substr(division, 1, ?) = ?"
        " AND (? IS NULL OR department = ?) GROUP BY department, state ORDER BY department, state",
        [len(prefix), prefix, department, department],
    )
    return [(body, state, count) for body, state, count in rows]
