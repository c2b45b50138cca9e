"""The rows of a home's journal."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any


def rows_of(home: Path) -> list[dict[str, Any]]:
    with sqlite3.connect(home / "casework.db") as conn:
        conn.row_factory = sqlite3.Row
        found = [dict(row) for row in conn.execute("SELECT * FROM journal ORDER BY seq")]
    conn.close()
    return found
