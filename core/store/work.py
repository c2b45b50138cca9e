"""Reads the open work of a place in narrow rows, since a county's list is long and sorted whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from yimen.core.store.cases import CLOSED_REFERRAL

if TYPE_CHECKING:
    from yimen.core.store.database import Database

# Applications in other states wait for their referrals, which are work of their own.
_AT_THE_WINDOW = ("draft", "submitted", "supplement_noticed", "accepted", "checked")


class OpenWork(NamedTuple):
    """An application (`programme` None), a referral, or a payment that was drawn.

    A payment belongs to no family. Of a referral `due` is the date of the clock that runs, and the
    term tells how long that clock is; of an application it is the day of its acceptance, and there
    is no term.
    """

    number: str
    application_no: str | None
    household_no: str | None
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
    # What is proposed and waits for a second person, or was declined by one.
    proposed: str | None
    declined: bool


class Unsigned(NamedTuple):
    """What one operator proposed, or drew, and another person is to sign."""

    number: str
    division: str
    department: str | None
    operator: str


_PROPOSED = (
    "json_extract(proposal_to_end, '$.verb'),"
    " json_extract(proposal_to_end, '$.declined') IS NOT NULL"
)
_APPLICATIONS = (
    "SELECT application_no, application_no, household_no, NULL, NULL, NULL, division, state,"
    f" submitted_on, first_officer, accepted_on, NULL, NULL, {_PROPOSED} FROM application"
)


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def open_applications(db: Database, *, prefix: str, officer: str | None = None) -> list[OpenWork]:
    """Applications that the window must go on with, below a division prefix."""
    rows = db.conn.execute(
        f"{_APPLICATIONS} WHERE state IN ({_marks(_AT_THE_WINDOW)}) AND substr(division, 1, ?) = ?"
        " AND (? IS NULL OR first_officer = ?)",
        [*_AT_THE_WINDOW, len(prefix), prefix, officer, officer],
    )
    return _work(rows)


def _work(rows: Iterable[tuple[Any, ...]]) -> list[OpenWork]:
    return [OpenWork._make((*row[:-1], bool(row[-1]))) for row in rows]


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
    rows = db.conn.execute(
        _referrals(
            clocks,
            f"r.state NOT IN ({_marks(CLOSED_REFERRAL)}) AND substr(r.division, 1, ?) = ?"
            " AND (? IS NULL OR a.first_officer = ?) AND (? IS NULL OR r.department = ?)",
        ),
        [*CLOSED_REFERRAL, len(prefix), prefix, officer, officer, department, department],
    )
    return _work(rows)


def _referrals(clocks: Mapping[str, tuple[str, str | None]], which: str) -> str:
    due = " ".join(f"WHEN '{state}' THEN r.{column}" for state, (column, __) in clocks.items())
    term = " ".join(f"WHEN '{state}' THEN '$.{term}'" for state, (__, term) in clocks.items()
                    if term)  # fmt: skip
    return (
        "SELECT referral_no, application_no, household_no, member_no, programme, department,"
        " division, state, dispatched_on, first_officer, due,"
        f" json_extract(terms, path || '.n'), json_extract(terms, path || '.unit'), {_PROPOSED}"
        " FROM (SELECT r.*, a.first_officer,"
        f" CASE r.state {due} END AS due, CASE r.state {term} END AS path"
        f" FROM referral r JOIN application a USING (application_no) WHERE {which})"
    )


def unsigned(db: Database, *, prefix: str) -> list[Unsigned]:
    """What was proposed or drawn below a division prefix and nobody has signed or declined."""
    waits = (
        "proposal_to_end IS NOT NULL AND json_extract(proposal_to_end, '$.declined') IS NULL"
        " AND substr(division, 1, ?) = ?"
    )
    by = "json_extract(proposal_to_end, '$.operator')"
    rows = db.conn.execute(
        f"SELECT application_no, division, NULL, {by} FROM application WHERE {waits}"
        f" UNION ALL SELECT referral_no, division, department, {by} FROM referral WHERE {waits}"
        " UNION ALL SELECT p.payment_no, b.buyer, NULL, p.operator FROM purchase_payment p"
        " JOIN purchase b USING (purchase_no) LEFT JOIN payment_end e USING (payment_no)"
        " WHERE e.payment_no IS NULL AND substr(b.buyer, 1, ?) = ?",
        [len(prefix), prefix] * 3,
    )
    return [Unsigned(*row) for row in rows]


def work_of(
    db: Database, clocks: Mapping[str, tuple[str, str | None]], numbers: Sequence[str]
) -> list[OpenWork]:
    """The applications, referrals and payments of these numbers, in whatever state they are."""
    marks = _marks(numbers)
    queries = (
        f"{_APPLICATIONS} WHERE application_no IN ({marks})",
        _referrals(clocks, f"r.referral_no IN ({marks})"),
        "SELECT payment_no, NULL, NULL, NULL, NULL, NULL, buyer, 'drawn', drawn_on,"
        " p.operator, NULL, NULL, NULL, 'pay', 0 FROM purchase_payment p"
        f" JOIN purchase USING (purchase_no) WHERE payment_no IN ({marks})",
    )
    return [row for query in queries for row in _work(db.conn.execute(query, list(numbers)))]


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
