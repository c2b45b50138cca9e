"""Casework.db: how often the records of each case changed, and the steps kept while they did not.

The database counts the changes itself: whatever writes a record that a checklist is worked out
from, in whatever process, makes what was kept of that case stale inside the same transaction. A
later step that rebuilds one of these tables must make its triggers again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from yimen.core.store.migrations.sets import casework, create

if TYPE_CHECKING:
    from sqlite_utils import Database
    from sqlite_utils.db import Table

_OWN = "SELECT {row}.application_no AS application_no"
_OF_REFERRAL = "SELECT application_no FROM referral WHERE referral_no = {row}.referral_no"
_OF_NOTICE = (
    "SELECT r.application_no FROM notice_entry e JOIN referral r USING (referral_no)"
    " WHERE e.notice_no = {row}.notice_no"
)
_OF_MEMBER = "SELECT application_no FROM composition WHERE member_no = {row}.%s"
# table -> the applications of which one of its rows is a record
_CASES_OF = {
    "application": _OWN,
    "composition": _OWN,
    "supplement_notice": _OWN,
    "report": _OWN,
    "referral": _OWN,
    "referral_move": _OF_REFERRAL,
    "notice": _OF_NOTICE,
    "notice_entry": _OF_REFERRAL,
    "notice_act": _OF_NOTICE,
    # A paper counts for its person, in whatever application it was handed in.
    "consent": f"{_OWN} UNION {_OF_MEMBER % 'member_no'}",
    "recorded_fact": "SELECT application_no FROM application WHERE household_no = {row}.subject"
    " UNION SELECT application_no FROM application WHERE applicant = {row}.subject"
    " UNION SELECT application_no FROM referral WHERE member_no = {row}.subject"
    f" UNION {_OF_MEMBER % 'subject'}",
    "checklist_act": "SELECT application_no FROM application WHERE application_no = {row}.subject"
    " UNION SELECT application_no FROM referral WHERE referral_no = {row}.subject",
    "journal": "SELECT application_no FROM application WHERE application_no = {row}.subject"
    " UNION SELECT application_no FROM application WHERE household_no = {row}.subject",
}
_ROWS = {"INSERT": ["NEW"], "UPDATE": ["OLD", "NEW"], "DELETE": ["OLD"]}
# Of the journal the lists read when an application was accepted and a family's needs assessed.
_WHEN = {"journal": " WHEN {row}.action IN ('intake.accept', 'need.assess')"}


@casework()
def m021_kept_steps(db: Database) -> None:
    """Nothing is kept yet; a case that never changed since is at no change.

    What the triggers and a case's own reading look for has an index.
    """
    create(db, "case_change", {"application_no": str, "changes": int}, "application_no", "changes")
    create(
        db,
        "kept_steps",
        {"subject": str, "changes": int, "ground": str, "from_day": str, "until_day": str,
         "steps": str},
        "subject",
        "changes ground from_day until_day steps",
    )  # fmt: skip
    cast("Table", db["application"]).create_index(["applicant"])
    cast("Table", db["referral"]).create_index(["member_no"])
    cast("Table", db["supplement_notice"]).create_index(["application_no"])
    for table, cases in _CASES_OF.items():
        for event, rows in _ROWS.items():
            found = " UNION ".join(cases.format(row=row) for row in rows)
            when = _WHEN.get(table, "").format(row=rows[-1])
            db.conn.execute(
                f"CREATE TRIGGER {table}_{event.lower()}_changes_cases AFTER {event} ON {table}"
                f"{when} BEGIN INSERT INTO case_change (application_no, changes)"
                f" SELECT application_no, 1 FROM ({found}) WHERE true"
                " ON CONFLICT (application_no) DO UPDATE SET changes = changes + 1; END"
            )
