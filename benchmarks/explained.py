"""The truth that all sides are held to: what the explained check finds, household by household.

It takes the cells of the same path that serves a clerk's counter, in portions, and writes them as a
result file. It is never timed against the rivals.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import groupby
from pathlib import Path

from bench_county import environment
from county import TODAY

Cells = Mapping[str, int | str | None]
PORTION = 500
OUTCOMES = {1: "eligible", 0: "ineligible", None: "unknown"}
LETTERS = {1: "p", 0: "f", None: "?"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("out", type=Path, help="a .csv file")
    given = parser.parse_args()
    os.environ.update(environment(given.home))
    if "yimen_bench" not in str(sys.path) and os.environ["PYTHONPATH"].split(os.pathsep)[0]:
        sys.path.insert(0, os.environ["PYTHONPATH"].split(os.pathsep)[0])
    with given.out.open("w", encoding="utf-8", newline="") as file:
        writer: csv.DictWriter[str] | None = None
        for row in explained(given.home):
            if writer is None:
                writer = csv.DictWriter(file, list(row), lineterminator="\n")
                writer.writeheader()
            writer.writerow(row)
    return 0


def explained(home_path: Path) -> Iterator[dict[str, str]]:
    """One row a household, and one a member who counts or may count."""
    from yimen.core.casework.check import Checker
    from yimen.core.casework.operators import sit_down
    from yimen.core.casework.selecting import select
    from yimen.core.rules.catalogue import load_catalogue
    from yimen.core.store.home import open_home
    from yimen.core.store.roster import household_numbers

    day = date.fromisoformat(TODAY)
    home = open_home(home_path, today=day)
    desk, catalogue = sit_down(home), load_catalogue(home_path / "cache")
    checker = Checker(desk, catalogue, rules_on=day, facts_as_of=day)
    programmes = [
        (name, catalogue.programmes[name].unit == "person",
         [c.criterion for c in checker.ruling.versions[name].criteria],
         checker.ruling.versions[name].amount.expression is not None)
        for name in sorted(checker.ruling.versions)
    ]  # fmt: skip
    households = list(household_numbers(home, checker.roster, "370499"))
    for start in range(0, len(households), PORTION):
        portion = households[start : start + PORTION]
        selected = select(desk, catalogue, portion, table=checker.roster, facts_as_of=day)
        rows = checker.cells(selected)
        for __, group in groupby(rows, key=lambda row: row["household_no"]):
            members = list(group)
            yield _answers(programmes, members[0], person=False)
            for row in members:
                if row["counted"] != 0:
                    yield _answers(programmes, row, person=True)
    home.close()


def _answers(
    programmes: list[tuple[str, bool, list[str], bool]], cells: Cells, *, person: bool
) -> dict[str, str]:
    """The columns of one subject; what is of the other kind stays empty."""
    row = {
        "household_no": str(cells["household_no"]),
        "member_no": str(cells["member_no"]) if person else "",
    }
    for name, personal, criteria, paid in programmes:
        mine = personal == person
        outcome = OUTCOMES[_known(cells[f"o:{name}"])]
        if person and cells["counted"] is None and outcome == "eligible":
            outcome = "unknown"
        row[name] = outcome if mine else ""
        letters = "".join(LETTERS[_known(cells[f"c:{name}:{c}"])] for c in criteria)
        row[f"{name}.criteria"] = letters if mine else ""
        if paid:
            amount = cells[f"a:{name}"] if mine and outcome == "eligible" else None
            row[f"{name}.amount_fen"] = "" if amount is None else str(amount)
    return row


def _known(cell: int | str | None) -> int | None:
    return None if cell is None else int(cell)


if __name__ == "__main__":
    sys.exit(main())
