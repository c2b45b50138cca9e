"""Drafts: what was typed into a form and not yet saved, kept for the operator who typed it.

A draft is no act: it changes no case and the journal does not hold it. Whether what was typed may
be saved is decided by the casework function that takes it, never here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from yimen.core.casework.desk import Desk
from yimen.core.records import Moment, OperatorNo, Record


class Draft(Record, frozen=True, kw_only=True):
    """A half-filled form: whose, of what, the revision that it was begun on, and what was typed."""

    operator_no: OperatorNo
    form: str
    subject: str
    rev: int | None
    values: dict[str, str]
    saved_at: Moment


class Difference(Record, frozen=True, kw_only=True):
    """One field that two people filled in differently since the form was opened."""

    field: str
    before: str
    mine: str
    theirs: str


def keep_draft(
    desk: Desk, form: str, subject: str, values: Mapping[str, str], *, rev: int | None = None
) -> None:
    """Keeps what was typed; an operator has one draft of a form about a subject."""
    with desk.home.writing() as db:
        db.conn.execute(
            "INSERT INTO draft (operator_no, form, subject, rev, fields, saved_at)"
            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (operator_no, form, subject) DO UPDATE"
            " SET rev = excluded.rev, fields = excluded.fields, saved_at = excluded.saved_at",
            [desk.operator.operator_no, form, subject, rev,
             json.dumps(dict(values), ensure_ascii=False), desk.home.clock.now()],
        )  # fmt: skip


def discard_draft(desk: Desk, form: str, subject: str) -> None:
    """Forgets a draft, as when its form was saved."""
    if draft_of(desk, form, subject) is None:
        return
    with desk.home.writing() as db:
        db.conn.execute(
            "DELETE FROM draft WHERE operator_no = ? AND form = ? AND subject = ?",
            [desk.operator.operator_no, form, subject],
        )


def draft_of(desk: Desk, form: str, subject: str) -> Draft | None:
    """The operator's draft of a form about a subject."""
    return next((d for d in drafts(desk) if (d.form, d.subject) == (form, subject)), None)


def drafts(desk: Desk) -> list[Draft]:
    """The operator's own drafts, newest first; nobody sees another's."""
    rows = desk.home.casework.conn.execute(
        "SELECT operator_no, form, subject, rev, fields, saved_at FROM draft"
        " WHERE operator_no = ? ORDER BY saved_at DESC, id DESC",
        [desk.operator.operator_no],
    )
    return [
        Draft(operator_no=no, form=form, subject=subject, rev=rev, values=json.loads(fields),
              saved_at=at)
        for no, form, subject, rev, fields, at in rows
    ]  # fmt: skip


def differences(
    before: Mapping[str, str], mine: Mapping[str, str], theirs: Mapping[str, str]
) -> list[Difference]:
    """Fields that changed under my hands since `before`, and to something else than I typed."""
    return [
        Difference(field=name, before=before.get(name, ""), mine=mine[name], theirs=now)
        for name, now in theirs.items()
        if name in mine and now != before.get(name, "") and now != mine[name]
    ]
