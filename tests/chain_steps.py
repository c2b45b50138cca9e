"""Steps of a referral that several chapters take, and one value of a home."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from handled import handled

PROGRAMMES = ["CIV-DB", "CIV-WARM", "EDU-CMP", "MED-IN", *["MED-PREM"] * 3]


def one(home: Path, sql: str, *values: object) -> Any:
    """The rows of a query, or the value of one that gives a single cell."""
    conn = sqlite3.connect(home / "casework.db")
    rows = conn.execute(sql, values).fetchall()
    conn.close()
    return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else rows


def through(yimen: Any, referral_no: str, *steps: list[str]) -> None:
    """Walks a referral by its department's operator, then back at the window."""
    department = yimen.json("referral", "show", referral_no)["department"]
    office = yimen.acting_as(department)
    for step in steps:
        if step[:2] == ["decide", "granted"]:
            handled(yimen.home, referral_no)
        at_window = step[0] in ("complete", "redispatch", "clarify", "reopen")
        desk = yimen.acting_as("window") if at_window else office
        desk("referral", step[0], referral_no, *step[1:])


GRANT = [
    ["receive"],
    ["accept"],
    ["decide", "granted", "--amount", "100", "--basis", "SAL §18"],
    ["complete"],
]
