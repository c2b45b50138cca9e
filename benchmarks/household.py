"""One household at the counter: the statement alone, and the check with its explained report."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import county
from county import loaded_county

from yimen.core.casework.check import Checker
from yimen.core.casework.operators import sit_down
from yimen.core.casework.selecting import select
from yimen.core.rules.catalogue import load_catalogue
from yimen.core.store.home import open_home

HOUSEHOLDS = int(sys.argv[1]) if len(sys.argv) > 1 else 3000
TODAY = date.fromisoformat(county.TODAY)


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        loaded_county(folder, HOUSEHOLDS)
        home_path = Path(folder, "home")
        home = open_home(home_path, today=TODAY)
        desk, catalogue = sit_down(home), load_catalogue(home_path / "cache")
        checker = Checker(desk, catalogue, rules_on=TODAY, facts_as_of=TODAY)
        statement, report = [], []
        for number in range(1, 41):
            household = [f"H{number:07d}"]
            selected = select(desk, catalogue, household, table=checker.roster, facts_as_of=TODAY)
            started = time.perf_counter()
            checker.cells(selected)
            statement.append(time.perf_counter() - started)
            started = time.perf_counter()
            list(checker.reports(household))
            report.append(time.perf_counter() - started)
        home.close()
    print(f"{HOUSEHOLDS} households; medians of {len(report)} households, warm, one process")
    print(f"the statement              {statistics.median(statement) * 1000:7.2f} ms")
    print(f"check with explained report{statistics.median(report) * 1000:7.2f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
