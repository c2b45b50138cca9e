"""One household at the counter: the statement, the check with its report, and the cold command.

    python benchmarks/household.py                       an invented county of 3,000 households
    python benchmarks/household.py --home FOLDER/home    the county that screen.py keeps in FOLDER

The statement and the report are timed warm, in one process; the cold command is `yimen check
--household` in a process of its own. It must never time a household that was not found.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import county
from bench_county import CATALOGUE, environment
from county import YIMEN, loaded_county

from yimen.core.casework.check import Checker
from yimen.core.casework.operators import sit_down
from yimen.core.casework.selecting import select
from yimen.core.rules.catalogue import load_catalogue
from yimen.core.store import roster
from yimen.core.store.home import open_home

TODAY = date.fromisoformat(county.TODAY)
WARM, COLD = 40, 7
# Milliseconds that each may take.
BARS = {"the statement": 5.0, "check with explained report": 30.0, "cold check --household": 600.0}


def warm(home_path: Path) -> tuple[list[str], dict[str, list[float]]]:
    """Some households from all over the county, and the seconds that each of them took."""
    home = open_home(home_path, today=TODAY)
    desk, catalogue = sit_down(home), load_catalogue(home_path / "cache")
    checker = Checker(desk, catalogue, rules_on=TODAY, facts_as_of=TODAY)
    everybody = roster.all_households(home, checker.roster)
    households = list(everybody[:: max(1, len(everybody) // WARM)])[:WARM]
    statement, report = [], []
    for household in households:
        selected = select(desk, catalogue, [household], table=checker.roster, facts_as_of=TODAY)
        started = time.perf_counter()
        checker.cells(selected)
        statement.append(time.perf_counter() - started)
        started = time.perf_counter()
        (found,) = checker.reports([household])
        report.append(time.perf_counter() - started)
        assert found.household_no == household
    home.close()
    return households, {"the statement": statement, "check with explained report": report}


def cold(households: list[str]) -> list[float]:
    """The seconds of whole commands, one household each."""
    found = []
    for household in households[:COLD]:
        started = time.perf_counter()
        subprocess.run([YIMEN, "check", "--household", household], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
        found.append(time.perf_counter() - started)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=3000, help="of the invented county")
    parser.add_argument("--home", type=Path, help="a home of the benchmark's county instead")
    given = parser.parse_args()
    with ExitStack() as stack:
        if given.home:
            home = given.home.resolve()
            os.environ |= environment(home)
            sys.path.insert(0, str(CATALOGUE))
        else:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            loaded_county(folder, given.households)
            home = Path(folder, "home")
        households, times = warm(home)
        times["cold check --household"] = cold(households)
    kept = True
    print(f"medians of {len(households)} households, warm in one process, and of {COLD} commands")
    for name, seconds in times.items():
        middle = statistics.median(seconds) * 1000
        kept = kept and middle <= BARS[name]
        word = "kept" if middle <= BARS[name] else "MISSED"
        print(f"{name:<28} {middle:8.2f} ms (bar {BARS[name]:g}: {word})")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
