"""What a face that stays open says of a database that is busy, full or read-only: a sentence."""

from __future__ import annotations

import sys
from typing import Any

from yimen.core.errors import YimenError
from yimen.core.store.connection import explain


def refusal_of(error: Exception) -> YimenError | None:
    """The sentence for a situation that an office can meet; None for what is a bug."""
    sqlite3: Any = sys.modules.get("sqlite3")
    if sqlite3 is None or not isinstance(error, sqlite3.Error):
        return None
    return explain(error)
