"""Casework.db: what officers record of checklists' steps, and answers that wait for their step."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from yimen.core.store.migrations.sets import casework, create

if TYPE_CHECKING:
    from sqlite_utils import Database
    from sqlite_utils.db import Table


@casework()
def m010_checklists(db: Database) -> None:
    acts = create(
        db,
        "checklist_act",
        {"id": int, "subject": str, "checklist": str, "step": str, "act": str, "answer": int,
         "evidence": str, "note": str, "operator": str, "second": str, "at": str},
        "id",
        "subject checklist step act evidence note operator at",
    )  # fmt: skip
    acts.create_index(["subject", "checklist"])
    # One walk of an operator through a list: answers are here until their step is recorded.
    create(
        db,
        "checklist_draft",
        {"subject": str, "checklist": str, "operator": str, "body": str, "saved_at": str},
        ("subject", "checklist", "operator"),
        "subject checklist operator body saved_at",
    )
    notices = cast("Table", db["supplement_notice"])
    # Of whom and for what it asked, and which of its items the first one should have named.
    notices.add_column("asked", str, not_null_default="{}")
    notices.add_column("breach", str, not_null_default="[]")
