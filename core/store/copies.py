"""Copies of databases and files, taken while others write, and looking into such a copy.

SQLite's own backup takes all pages in one reading transaction: in WAL nobody waits for it, and no
write of that time is in the copy by half. A copy is one file, without a write-ahead log beside it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from errno import EIO, ENOSPC
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from yimen.core.store.connection import busy_seconds

if TYPE_CHECKING:
    from yimen.core.store.database import Database


def copy_database(live: Path, copy: Path) -> None:
    """Writes the committed contents of a database into a new file; `OSError` when it cannot."""
    with (
        closing(sqlite3.connect(live, timeout=busy_seconds())) as source,
        closing(sqlite3.connect(copy)) as target,
    ):
        try:
            source.backup(target, pages=-1)
            target.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.OperationalError as error:
            text = str(error)
            if "full" in text or "I/O" in text:
                number = ENOSPC if "full" in text else EIO
                raise OSError(number, os.strerror(number), str(copy)) from error
            raise
    os.chmod(copy, 0o600)


def drop_tables_but(copy: Path, known: set[str]) -> None:
    """Drops the snapshot and roster tables of a copy that no pointer names: of a load at work."""
    with closing(sqlite3.connect(copy, isolation_level=None)) as db:
        rows = db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (name,) in rows:
            if name.startswith(("snap__", "roster__")) and name not in known:
                db.execute(f'DROP TABLE "{name}"')


@contextmanager
def reading(copy: Path) -> Iterator[Database]:
    """A copy opened so that nothing beside it is written, not even where its disk allows it."""
    from yimen.core.store.database import Database

    address = f"file:{quote(str(copy.absolute()))}?mode=ro&immutable=1"
    with closing(sqlite3.connect(address, uri=True)) as conn:
        yield Database(conn)


def copied(file: Path, copy: Path) -> None:
    """Copies one file, for its owner alone to read, and waits until it is on the disk."""
    copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copyfile(file, copy)
    os.chmod(copy, 0o600)
    synced(copy)


def synced(path: Path) -> None:
    """Waits until a file, or the names of a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def digest_of(file: Path) -> str:
    """SHA-256 of a file, in hex."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
