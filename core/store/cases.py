"""Reads what the casework holds of households: compositions, consents, facts, benefits, referrals.

Reading only: each act that writes does so in its own casework module, inside its transaction.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, cast

from msgspec import convert
from msgspec.json import decode

from yimen.core.application_records import SignedEnd
from yimen.core.records import (
    Application,
    ApplicationEnd,
    Benefit,
    CheckReport,
    Consent,
    FactValue,
    RecordedFact,
    Value,
)
from yimen.core.referral_records import (
    Decision,
    DueDates,
    EndProposal,
    Referral,
    ReferralMove,
    Terms,
)

if TYPE_CHECKING:
    from yimen.core.store.database import Database

OPEN_APPLICATION = ("draft", "submitted", "supplement_noticed", "accepted", "checked", "dispatched")
CLOSED_REFERRAL = ("completed", "rejected", "failed", "withdrawn", "voided", "transferred")


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


# However many they are: SQLite takes no more than some thousand parameters.
_AMONG = "(SELECT value FROM json_each(?))"


def _rows(db: Database, sql: str, values: Sequence[object] = ()) -> list[dict[str, Any]]:
    return list(db.query(sql, list(values)))


def applications(
    db: Database,
    *,
    application_no: str | None = None,
    numbers: Sequence[str] | None = None,
    households: Sequence[str] | None = None,
    states: Sequence[str] | None = None,
    division: str = "",
) -> list[Application]:
    """Applications by numbers, households or states, below a division prefix, oldest first."""
    clauses, values = ["substr(division, 1, ?) = ?"], list[object]([len(division), division])
    if application_no is not None:
        clauses.append("application_no = ?")
        values.append(application_no)
    for column, among in (
        ("application_no", numbers), ("household_no", households), ("state", states),
    ):  # fmt: skip
        if among is not None:
            clauses.append(f"{column} IN {_AMONG}")
            values.append(json.dumps(among))
    sql = f"SELECT * FROM application WHERE {' AND '.join(clauses)} ORDER BY rowid"
    rows = _rows(db, sql, values)
    return [
        convert(
            {**r, "requested": json.loads(r["requested"]),
             "proposal_to_end": json.loads(r["proposal_to_end"] or "null")},
            Application,
        )
        for r in rows
    ]  # fmt: skip


def open_households(db: Database, prefix: str) -> list[str]:
    """Households below a division prefix with an open application or a benefit granted here."""
    rows = _rows(
        db,
        f"SELECT household_no FROM application WHERE state IN ({_marks(OPEN_APPLICATION)})"
        " AND substr(division, 1, ?) = ? UNION SELECT b.household_no FROM benefit b"
        " JOIN referral r ON r.referral_no = b.referral_no WHERE b.withdrawn_on IS NULL"
        " AND substr(r.division, 1, ?) = ?",
        [*OPEN_APPLICATION, len(prefix), prefix, len(prefix), prefix],
    )
    return sorted(row["household_no"] for row in rows)


def subjects_of_casework(db: Database) -> tuple[set[str], set[str]]:
    """All households and all members of whom the casework holds anything."""
    households = {
        row["no"]
        for row in _rows(
            db,
            "SELECT household_no AS no FROM application UNION SELECT household_no FROM benefit"
            " UNION SELECT subject FROM recorded_fact WHERE subject LIKE 'H%'",
        )
    }
    members = {
        row["no"]
        for row in _rows(
            db,
            "SELECT member_no AS no FROM composition UNION SELECT member_no FROM consent"
            " UNION SELECT subject FROM recorded_fact WHERE subject LIKE 'M%'",
        )
    }
    return households, members


def composition(db: Database, application_no: str) -> list[dict[str, Any]]:
    """The newest version of an application's composition, one row a member."""
    return _rows(
        db,
        "SELECT * FROM composition WHERE application_no = ? AND version = (SELECT MAX(version)"
        " FROM composition WHERE application_no = ?) ORDER BY id",
        [application_no, application_no],
    )


def counted_elsewhere(db: Database, application_no: str, members: Sequence[str]) -> set[str]:
    """Those of the members who count, or may count, in another open application."""
    rows = _rows(
        db,
        "SELECT DISTINCT c.member_no FROM composition c JOIN application a USING (application_no)"
        f" WHERE c.member_no IN ({_marks(members)}) AND c.application_no <> ?"
        " AND c.counted IS NOT 0"
        f" AND a.state IN ({_marks(OPEN_APPLICATION)}) AND c.version = (SELECT MAX(version)"
        " FROM composition v WHERE v.application_no = c.application_no)",
        [*members, application_no, *OPEN_APPLICATION],
    )
    return {row["member_no"] for row in rows}


def consents(db: Database, members: Sequence[str]) -> list[Consent]:
    """All consents of members, oldest first."""
    rows = _rows(
        db,
        "SELECT consent_no, member_no, kind, scope, signed_on, expires_on, paper_sha256,"
        f" recorded_by FROM consent WHERE member_no IN ({_marks(members)}) ORDER BY rowid",
        members,
    )
    return [convert({**row, "scope": json.loads(row["scope"])}, Consent) for row in rows]


def recorded_facts(
    db: Database, subjects: Iterable[str], *, until: date, applications: Sequence[str]
) -> list[RecordedFact]:
    """Facts recorded of persons and households up to a day, oldest first.

    What was declared belongs to its application; for another one it holds for a year.
    """
    names, day = list(subjects), until.isoformat()
    fresh = (until - timedelta(days=365)).isoformat()
    rows = _rows(
        db,
        "SELECT subject, fact, value, status, source, as_of, recorded_by FROM recorded_fact"
        f" WHERE subject IN ({_marks(names)}) AND as_of <= ? AND (status = 'verified'"
        f" OR as_of > ? OR application_no IN ({_marks(applications)})) ORDER BY id",
        [*names, day, fresh, *applications],
    )
    return [convert({**row, "value": json.loads(row["value"])}, RecordedFact) for row in rows]


def latest(facts: Iterable[RecordedFact]) -> dict[tuple[str, str], dict[str, Value]]:
    """(subject, fact) -> the last value per status."""
    found: dict[tuple[str, str], dict[str, Value]] = {}
    for fact in facts:
        found.setdefault((fact.subject, fact.fact), {})[fact.status] = fact.value
    return found


def benefits(db: Database, households: Sequence[str]) -> list[Benefit]:
    """Aid granted through this home to households and not withdrawn, oldest first."""
    rows = _rows(
        db,
        "SELECT benefit_no, household_no, member_no, programme, department, amount_fen, per,"
        f" from_month, to_month, referral_no FROM benefit WHERE household_no IN"
        f" ({_marks(households)}) AND withdrawn_on IS NULL ORDER BY rowid",
        households,
    )
    return [convert(row, Benefit) for row in rows]


def referrals(
    db: Database,
    *,
    referral_no: str | None = None,
    application_no: str | None = None,
    numbers: Sequence[str] | None = None,
    applications: Sequence[str] | None = None,
    households: Sequence[str] | None = None,
    member_no: str | None = None,
    department: str | None = None,
    division: str = "",
) -> list[Referral]:
    """Referrals by numbers, applications, households, member or department, below a division."""
    clauses, values = ["substr(division, 1, ?) = ?"], list[object]([len(division), division])
    for column, value in (
        ("referral_no", referral_no), ("application_no", application_no),
        ("member_no", member_no), ("department", department),
    ):  # fmt: skip
        if value is not None:
            clauses.append(f"{column} = ?")
            values.append(value)
    for column, among in (
        ("referral_no", numbers), ("application_no", applications), ("household_no", households),
    ):  # fmt: skip
        if among is not None:
            clauses.append(f"{column} IN {_AMONG}")
            values.append(json.dumps(among))
    rows = _rows(db, f"SELECT * FROM referral WHERE {' AND '.join(clauses)} ORDER BY rowid", values)
    return [_referral(row) for row in rows]


def open_referrals(
    db: Database, *, department: str | None = None, division: str = ""
) -> list[Referral]:
    """The referrals that are not closed, below a division prefix, oldest first."""
    clauses, values = "", list[object]([*CLOSED_REFERRAL, len(division), division])
    if department is not None:
        clauses = " AND department = ?"
        values.append(department)
    rows = _rows(
        db,
        f"SELECT * FROM referral WHERE state NOT IN ({_marks(CLOSED_REFERRAL)})"
        f" AND substr(division, 1, ?) = ?{clauses} ORDER BY rowid",
        values,
    )
    return [_referral(row) for row in rows]


def _referral(row: dict[str, Any]) -> Referral:
    decision = json.loads(row["decision"]) if row["decision"] else None
    return Referral(
        referral_no=row["referral_no"],
        application_no=row["application_no"],
        household_no=row["household_no"],
        member_no=row["member_no"],
        programme=row["programme"],
        department=row["department"],
        state=row["state"],
        dispatched_on=row["dispatched_on"],
        due=DueDates(
            sign=row["due_sign"],
            accept=row["due_accept"],
            finish=row["due_finish"],
            statutory=row["due_statutory"],
            office=row["due_office"],
        ),
        provisional=bool(row["provisional"]),
        report_no=row["report_no"],
        rules_hash=row["rules_hash"],
        facts=convert(json.loads(row["facts"]), dict[str, FactValue]),
        proposal=json.loads(row["proposal"]),
        decision=convert(decision, Decision) if decision else None,
        returns=row["returns"],
        terms=decode(row["terms"], type=Terms) if row["terms"] else None,
        proposal_to_end=(
            decode(row["proposal_to_end"], type=EndProposal) if row["proposal_to_end"] else None
        ),
        predecessor=row["predecessor"],
        successor=row["successor"],
        rev=row["rev"],
    )


def moves(db: Database, referral_no: str) -> list[ReferralMove]:
    """A referral's moves, oldest first."""
    rows = _rows(
        db,
        "SELECT verb, from_state, to_state, at, operator, second, reason_code, note, basis,"
        " passed_over, override FROM referral_move WHERE referral_no = ? ORDER BY id",
        [referral_no],
    )
    return [
        convert({**row, "passed_over": json.loads(row["passed_over"])}, ReferralMove)
        for row in rows
    ]


def refusals(db: Database, application_no: str) -> list[SignedEnd]:
    """What the one door said no to, or closed, in an application; oldest first."""
    rows = _rows(
        db,
        "SELECT verb, at, operator, second, reason_code, basis, note, report_no, programmes"
        " FROM application_move WHERE application_no = ? AND reason_code IS NOT NULL ORDER BY id",
        [application_no],
    )
    return [
        SignedEnd(
            second=row.pop("second"),
            end=convert(
                {**row, "basis": row["basis"] or "", "programmes": json.loads(row["programmes"]
                 or "[]")},
                ApplicationEnd,
            ),
        )
        for row in rows
    ]  # fmt: skip


def report(db: Database, application_no: str, report_no: str) -> CheckReport:
    """A report of an application, as it was filed."""
    (body,) = db.conn.execute(
        "SELECT body FROM report WHERE application_no = ? AND report_no = ?",
        [application_no, report_no],
    ).fetchone()
    return decode(body, type=CheckReport)


def division_of_referral(db: Database, referral_no: str) -> str:
    """The division whose office dispatched a referral."""
    row = db.conn.execute(
        "SELECT division FROM referral WHERE referral_no = ?", [referral_no]
    ).fetchone()
    return cast(str, row[0])


def next_number(db: Database, table: str, column: str, letter: str, year: int) -> str:
    """The next number of a year, such as A2026-00042; only inside the transaction that uses it."""
    prefix = f"{letter}{year}-"
    last = db.conn.execute(
        f"SELECT MAX(CAST(substr({column}, ?) AS INTEGER)) FROM {table} WHERE {column} LIKE ?",
        [len(prefix) + 1, f"{prefix}%"],
    ).fetchone()[0]
    return f"{prefix}{(last or 0) + 1:05d}"


def last_note(db: Database, referral_no: str) -> str:
    """Reason code and note of a referral's last move, as they were given."""
    row = db.conn.execute(
        "SELECT reason_code, note FROM referral_move WHERE referral_no = ?"
        " ORDER BY id DESC LIMIT 1",
        [referral_no],
    ).fetchone()
    return " ".join(filter(None, row)) if row else ""
