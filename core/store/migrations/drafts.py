"""Casework.db: half-filled forms, which are nobody's act yet and therefore not in the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yimen.core.store.migrations.sets import casework, create

if TYPE_CHECKING:
    from sqlite_utils import Database


@casework()
def m014_drafts(db: Database) -> None:
    drafts = create(
        db,
        "draft",
        {"id": int, "operator_no": str, "form": str, "subject": str, "rev": int, "fields": str,
         "saved_at": str},
        "id",
        "operator_no form subject fields saved_at",
    )  # fmt: skip
    drafts.create_index(["operator_no", "form", "subject"], unique=True)
