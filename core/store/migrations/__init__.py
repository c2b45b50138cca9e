"""The schema of casework.db and registers.db, as numbered steps that any process may apply.

Nothing here deletes case data, and no table cascades: a case is closed, never erased. A step is
committed together with the code that needs it and is never edited after.
"""

from __future__ import annotations

# Their steps enter the sets as they are imported: keep the order of their numbers.
from yimen.core.store.migrations import (  # isort: skip
    cases,
    extracts,
    referrals,
    handover,
    checklists,
    purchases,
    offices,
    drafts,
    snapshots,
    refusals,
    guards,
    notice_lists,
    done_days,
    kept_steps,
)

from yimen.core.store.migrations.sets import casework, registers

__all__ = [
    "cases",
    "casework",
    "checklists",
    "done_days",
    "drafts",
    "extracts",
    "guards",
    "handover",
    "kept_steps",
    "notice_lists",
    "offices",
    "purchases",
    "referrals",
    "refusals",
    "registers",
    "snapshots",
]
