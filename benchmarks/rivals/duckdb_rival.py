"""Runs the hand-written DuckDB statements over Parquet files and writes one Parquet file."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main(folder: str, out: str) -> int:
    import duckdb

    with duckdb.connect() as db:
        for name in ("facts_duckdb.sql", "duckdb.sql"):
            text = (HERE / name).read_text("utf-8")
            db.execute(text.replace("{folder}", folder).replace("{out}", out))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
