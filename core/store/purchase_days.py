"""On which day each step of a purchase was done, from the purchases' own tables where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def steps_done(db: Database, purchase_no: str) -> dict[str, str] | None:
    """Step -> day of its first act; None where there is no such purchase."""
    if not db["purchase"].exists():
        return None
    known = db.conn.execute("SELECT 1 FROM purchase WHERE purchase_no = ?", [purchase_no])
    if known.fetchone() is None:
        return None
    return dict(
        db.conn.execute(
            "SELECT act, MIN(on_day) FROM purchase_act WHERE purchase_no = ? GROUP BY act",
            [purchase_no],
        ).fetchall()
    )
