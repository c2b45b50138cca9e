"""Runs the hand-written SQLite statements over a home's registers.db and writes one result file.

The registers are opened for reading only.
"""

from __future__ import annotations

import re
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main(home: str, out: str) -> int:
    target = Path(out)
    target.unlink(missing_ok=True)
    with closing(sqlite3.connect(f"file:{home}/registers.db?mode=ro", uri=True)) as db:
        db.execute("PRAGMA temp_store = MEMORY")
        db.execute("PRAGMA cache_size = -200000")
        db.execute("ATTACH ? AS out", [f"file:{target}?mode=rwc"])
        db.execute("PRAGMA out.synchronous = OFF")
        db.execute("PRAGMA out.journal_mode = OFF")
        tables = [str(n) for (n,) in db.execute("SELECT name FROM sqlite_master")]
        text = (HERE / "sqlite.sql").read_text("utf-8")
        db.executescript(re.sub(r"\{(\w+)\}", lambda place: _newest(tables, place[1]), text))
    return 0


def _newest(tables: list[str], name: str) -> str:
    """The table of a register's, or the roster's, newest extract."""
    prefix = "roster__" if name == "roster" else f"snap__bench__{name}__"
    numbers = [int(t[len(prefix) :]) for t in tables if re.fullmatch(f"{prefix}[0-9]+", t)]
    return f"{prefix}{max(numbers)}"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
