"""Whether a file's schema is this version's, and what brings it there.

A file that is up to date is told by one number in it, without the steps and the library that they
are written with: together they take longer to load than many a command runs.
"""

from __future__ import annotations

from typing import Literal

from yimen.core.errors import Refused
from yimen.core.i18n import _
from yimen.core.store.connection import transaction
from yimen.core.store.database import Database

Name = Literal["casework", "registers"]
# How many steps `migrations` has for each file.
STEPS: dict[Name, int] = {"casework": 20, "registers": 1}


def apply(db: Database, name: Name) -> None:
    """Brings a database up to date inside one immediate transaction.

    `user_version` holds the number of steps applied, so that a process that has nothing to do
    reads one number and takes no lock. `Refused` for a file that a newer Yimen has written.
    """
    if is_newer(db, name):
        raise Refused(
            _("This home was written by a newer Yimen."),
            next_step=_("Install that version or a later one; nothing was changed."),
        )
    if _version(db) == STEPS[name]:
        return
    import sqlite_utils

    from yimen.core.store import migrations

    steps = {"casework": migrations.casework, "registers": migrations.registers}[name]
    with transaction(db):
        if _version(db) < STEPS[name]:
            steps.apply(sqlite_utils.Database(db.conn, execute_plugins=False))
            db.conn.execute(f"PRAGMA user_version = {STEPS[name]}")


def is_newer(db: Database, name: Name) -> bool:
    """Whether a newer Yimen has written the file."""
    return _version(db) > STEPS[name]


def _version(db: Database) -> int:
    version: int = db.conn.execute("PRAGMA user_version").fetchone()[0]
    return version
