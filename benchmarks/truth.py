"""Precision and recall of a screening, per kind of trouble that was planted in an invented county.

All goes through the commands that an office uses; truth.json is written by what plants the rows and
knows nothing of the rules. Exits with 1 when a kind is below 1 in either.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from typing import Any

from county import TODAY, YIMEN, loaded_county

# These flags name a household or a person, and no programme of theirs.
WITHOUT_PROGRAMME = frozenset({"name_mismatch", "counted_twice"})
Found = Counter[tuple[str, str, str | None]]


def planted(truth: dict[str, Any]) -> Found:
    """What was planted: kind, household and programme, without the stories' families."""
    return Counter(
        (p["kind"], p["household_no"], None if p["kind"] in WITHOUT_PROGRAMME else p["programme"])
        for p in truth["planted"]
    )


def screened(engine: str, stories: set[str]) -> Found:
    """What a screening flags, in the same shape.

    What is wrong with the three families of the stories stands in their notes alone.
    """
    words = [YIMEN, "screen", "--engine", engine, "--flags", "--format", "jsonl"]
    done = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return Counter((r["kind"], r["household_no"], r["programme"]) for r in rows
                   if r["household_no"] not in stories)  # fmt: skip


def show(wanted: Found, seen: Found) -> bool:
    """Prints a line a kind; true when nothing was missed and nothing invented."""
    print(f"{'kind':<22} {'planted':>8} {'found':>8} {'precision':>10} {'recall':>8}")
    perfect = True
    for kind in sorted({flag[0] for flag in (*wanted, *seen)}):
        want = Counter({flag: n for flag, n in wanted.items() if flag[0] == kind})
        have = Counter({flag: n for flag, n in seen.items() if flag[0] == kind})
        right = (want & have).total()
        precision = right / have.total() if have else 1.0
        recall = right / want.total() if want else 1.0
        print(f"{kind:<22} {want.total():>8} {have.total():>8} {precision:>10.4f} {recall:>8.4f}")
        for flag in (*(want - have), *(have - want)):
            print(f"    {'not found' if flag in want - have else 'not planted'}: {flag[1:]}")
        perfect = perfect and right == want.total() == have.total()
    return perfect


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=20_000)
    parser.add_argument("--engine", choices=["duckdb", "sqlite"], default="duckdb")
    given = parser.parse_args()
    os.environ["YIMEN_LANG"] = "en"
    with tempfile.TemporaryDirectory() as folder:
        truth = loaded_county(folder, given.households)
        started = time.perf_counter()
        seen = screened(given.engine, {story["household_no"] for story in truth["stories"]})
        seconds = time.perf_counter() - started
    print(f"{given.households} households on {TODAY}, {given.engine}, screened in {seconds:.1f} s")
    return 0 if show(planted(truth), seen) else 1


if __name__ == "__main__":
    sys.exit(main())
