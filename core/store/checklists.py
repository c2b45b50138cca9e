"""Reads and adds to what officers recorded of checklists, and keeps the answers of a walk.

Acts are only added to. A draft is a form half filled in: it is no record of the case, is not
journalled, and goes when its answers have become acts.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec import convert, to_builtins

from yimen.core.checklist_records import NoticeMove, StepAct
from yimen.core.store.journal import canonical

if TYPE_CHECKING:
    from yimen.core.store.database import Database


def acts(db: Database, subjects: Sequence[str]) -> list[StepAct]:
    """All acts on the checklists of subjects, oldest first."""
    rows = db.query(
        "SELECT subject, checklist, step, act, answer, evidence, note, operator, second, at,"
        ' done_on AS "on"'
        " FROM checklist_act WHERE subject IN (SELECT value FROM json_each(?)) ORDER BY id",
        [json.dumps(list(subjects))],
    )
    return [
        convert(
            {**row, "evidence": json.loads(row["evidence"]),
             "answer": None if row["answer"] is None else bool(row["answer"])},
            StepAct,
        )
        for row in rows
    ]  # fmt: skip


def insert_act(db: Database, act: StepAct) -> None:
    """Appends one act inside the caller's transaction."""
    db.conn.execute(
        "INSERT INTO checklist_act (subject, checklist, step, act, answer, evidence, note,"
        " operator, second, at, done_on) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [act.subject, act.checklist, act.step, act.act, act.answer,
         canonical(to_builtins(act.evidence)), act.note, act.operator, act.second, act.at,
         act.on],
    )  # fmt: skip


def notice_moves(db: Database, referrals: Sequence[str]) -> list[tuple[str, NoticeMove]]:
    """The public notices of referrals and the objections to them, each with its referral.

    A notice that was taken down before its last day, or lost the family before it, was not put up
    in the law's sense; an objection to it was made all the same.
    """
    rows = db.query(
        "WITH mine AS (SELECT e.referral_no, n.notice_no, n.kind, n.posted_at, n.last_day"
        "  FROM notice_entry e JOIN notice n USING (notice_no)"
        "  WHERE e.referral_no IN (SELECT value FROM json_each(?)))"
        " SELECT m.referral_no, m.kind, 'posted' AS act, m.notice_no, m.posted_at AS at"
        " FROM mine m WHERE NOT EXISTS (SELECT 1 FROM notice_act a"
        "  WHERE a.notice_no = m.notice_no AND a.day < m.last_day AND (a.act = 'taken_down'"
        "  OR (a.act = 'withdrawn' AND a.referral_no = m.referral_no)))"
        # Before a notice could be a list, its objections named no family.
        " UNION ALL SELECT m.referral_no, m.kind, a.act, m.notice_no, a.recorded_at"
        " FROM mine m JOIN notice_act a ON a.notice_no = m.notice_no AND a.act = 'objected'"
        "  AND COALESCE(a.referral_no, m.referral_no) = m.referral_no ORDER BY 5",
        [json.dumps(list(referrals))],
    )
    return [(row.pop("referral_no"), convert(row, NoticeMove)) for row in rows]


def draft(db: Database, subject: str, checklist: str, operator: str) -> dict[str, Any]:
    """The answers of a walk that waits to be taken up again; empty where there is none."""
    row = db.conn.execute(
        "SELECT body FROM checklist_draft WHERE subject = ? AND checklist = ? AND operator = ?",
        [subject, checklist, operator],
    ).fetchone()
    found: dict[str, Any] = json.loads(row[0]) if row else {}
    return found


def save_draft(
    db: Database, subject: str, checklist: str, operator: str, body: dict[str, Any], at: str
) -> None:
    """Keeps the answers of a walk inside the caller's transaction; an empty body ends the walk."""
    key = [subject, checklist, operator]
    db.conn.execute(
        "DELETE FROM checklist_draft WHERE subject = ? AND checklist = ? AND operator = ?", key
    )
    if body:
        db.conn.execute(
            "INSERT INTO checklist_draft (subject, checklist, operator, body, saved_at)"
            " VALUES (?, ?, ?, ?, ?)",
            [*key, canonical(body), at],
        )
