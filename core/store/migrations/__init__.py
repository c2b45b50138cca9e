"""The schema of casework.db and registers.db, as numbered steps that any process may apply.

Nothing here deletes case data, and no table cascades: a case is closed, never erased. A step is
committed together with the code that needs it and is never edited after.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from yimen.core.errors import Refused
from yimen.core.i18n import _
from yimen.core.store.connection import transaction

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
)


from yimen.core.store.migrations.sets import casework, registers

if TYPE_CHECKING:
    from sqlite_utils import Database, Migrations

__all__ = [
    "apply",
    "cases",
    "casework",
    "checklists",
    "done_days",
    "drafts",
    "extracts",
    "guards",
    "handover",
    "is_newer",
    "notice_lists",
    "offices",
    "purchases",
    "referrals",
    "refusals",
    "registers",
    "snapshots",
]


def apply(db: Database, migrations: Migrations) -> None:
    """Brings a database up to date inside one immediate transaction.

    `user_version` holds the number of steps applied, so that a process that has nothing to do
    reads one number and takes no lock. `Refused` for a file that a newer Yimen has written.
    """
    steps = len(migrations._migrations)
    if is_newer(db, migrations):
        raise Refused(
            _("This home was written by a newer Yimen."),
            next_step=_("Install that version or a later one; nothing was changed."),
        )
    if _version(db) == steps:
        return
    with transaction(db):
        if _version(db) < steps:
            migrations.apply(db)
            db.conn.execute(f"PRAGMA user_version = {steps}")


def is_newer(db: Database, migrations: Migrations) -> bool:
    """Whether a newer Yimen has written the file."""
    return _version(db) > len(migrations._migrations)


def _version(db: Database) -> int:
    version: int = db.conn.execute("PRAGMA user_version").fetchone()[0]
    return version
