"""A home's casework copied into memory, where an act may be tried and nothing stays.

What a --dry-run says is thus what the act itself would do, step after step, and no other process
waits for it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from yimen.core.store.home import Home


@contextmanager
def rehearsal(home: Home) -> Iterator[Home]:
    """The same home on the same day, with a copy of its casework that ends with the block."""
    from yimen.core.store.database import Database

    copy = sqlite3.connect(":memory:", check_same_thread=False)
    try:
        home.casework.conn.backup(copy)
        copy.execute("PRAGMA foreign_keys = ON")
        yield replace(home, casework=Database(copy))
    finally:
        copy.close()
