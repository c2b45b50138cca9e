"""Opens SQLite files so that what was confirmed stays, and turns their errors into sentences.

WAL, foreign keys, an immediate transaction for every write. It must never hide an error: what is
not a known situation of an office (locked, read-only, full, damaged) stays a bug.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from yimen.core.errors import BadFile, BadInput, Busy, HomeReadOnly, Refused, YimenError
from yimen.core.i18n import _

if TYPE_CHECKING:
    from yimen.core.store.database import Database

# SQLite's busy handler is unfair under load, so waits are long; scripts that would rather
# fail soon set YIMEN_BUSY_SECONDS.
BUSY_SECONDS = 30.0


def busy_seconds() -> float:
    """How long a writer waits for another: YIMEN_BUSY_SECONDS, else 30; `BadInput` if no time."""
    told = os.environ.get("YIMEN_BUSY_SECONDS")
    try:
        seconds = BUSY_SECONDS if told is None else float(told)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 86400:
        raise BadInput(
            _("YIMEN_BUSY_SECONDS is not a number of seconds."),
            next_step=_("Set it to a number such as 5, or unset it."),
        )
    return seconds


# A compiled statement has some hundred parts, and preparing them costs ten times their running.
_PREPARED = 1024


def connect(path: Path, *, synchronous: Literal["FULL", "NORMAL"]) -> Database:
    """A database in WAL with foreign keys on; the file is made when it does not exist."""
    from yimen.core.store.database import Database

    conn = sqlite3.connect(
        path, timeout=busy_seconds(), check_same_thread=False, cached_statements=_PREPARED
    )
    if conn.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        conn.execute("PRAGMA journal_mode = WAL")
    conn.execute("PRAGMA foreign_keys = ON")
    conn.execute(f"PRAGMA synchronous = {synchronous}")
    conn.execute("PRAGMA temp_store = MEMORY")
    return Database(conn)


# Sorted runs of so much are written out; fewer, larger ones are merged faster.
_SORTING_KIB = 65536


@contextmanager
def spilling(db: Database, folder: Path) -> Iterator[None]:
    """Lets temporary tables and sorting go to files in a folder, so that memory stays bounded.

    Elsewhere they stay in memory, where the selections of a counter's check are quickest. The files
    have no name, so that nothing of them is left behind a killed process. Temporary tables from
    before are lost at either end.
    """
    place = str(folder).replace("'", "''")
    (pages,) = db.conn.execute("PRAGMA cache_size").fetchone()
    db.conn.execute("PRAGMA temp_store = FILE")
    db.conn.execute(f"PRAGMA temp_store_directory = '{place}'")
    db.conn.execute(f"PRAGMA cache_size = -{_SORTING_KIB}")
    try:
        yield
    except BaseException:
        # Nothing is set inside a transaction.
        undo(db.conn)
        raise
    finally:
        db.conn.execute(f"PRAGMA cache_size = {pages}")
        db.conn.execute("PRAGMA temp_store_directory = ''")
        db.conn.execute("PRAGMA temp_store = MEMORY")


def in_memory() -> Database:
    """An empty database that lives as long as this object, for rules tried without a home."""
    from yimen.core.store.database import Database

    conn = sqlite3.connect(":memory:", isolation_level=None, cached_statements=_PREPARED)
    return Database(conn)


@contextmanager
def transaction(db: Database) -> Iterator[Database]:
    """A write transaction that takes the lock at once; all of it stays, or none.

    A deferred transaction that turns into a write fails at once when another process writes,
    whatever the timeout; hence BEGIN IMMEDIATE. Inside another one it is a part of it: undone
    alone when it fails, kept only when the whole is.
    """
    if db.conn.in_transaction:
        with _part(db):
            yield db
        return
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        yield db
    except BaseException:
        undo(db.conn)
        raise
    db.conn.execute("COMMIT")


def undo(conn: sqlite3.Connection) -> None:
    """Undoes what is open: an interrupt comes between two statements and ends no transaction."""
    if conn.in_transaction:
        conn.execute("ROLLBACK")


@contextmanager
def _part(db: Database) -> Iterator[None]:
    db.conn.execute("SAVEPOINT part")
    try:
        yield
    except BaseException:
        if db.conn.in_transaction:
            db.conn.execute("ROLLBACK TO part")
            db.conn.execute("RELEASE part")
        raise
    db.conn.execute("RELEASE part")


def explain(error: sqlite3.Error, home: Path | None = None) -> YimenError | None:
    """The sentence for a SQLite error that an office can meet, or None where it is a bug."""
    text = str(error).lower()
    where = str(home) if home else ""
    if "locked" in text or "busy" in text:
        return Busy(
            _("Another process is writing to this home."),
            where=where,
            next_step=_("Nothing was changed; try again in a moment."),
        )
    if "readonly" in text or "read-only" in text or "unable to open" in text:
        return HomeReadOnly(
            _("The home cannot be written."),
            where=where,
            next_step=_("Check who owns the folder and whether its disk may be written."),
        )
    if "disk is full" in text or "disk i/o error" in text:
        return Refused(
            _("The disk is full or fails; nothing of this step was kept."),
            where=where,
            next_step=_("Free space on the disk, run `yimen doctor`, then repeat the command."),
        )
    if "malformed" in text or "not a database" in text:
        return BadFile(
            _("A database file of this home is damaged."),
            where=where,
            next_step=_("Run `yimen doctor`, and restore the last backup."),
        )
    return None
