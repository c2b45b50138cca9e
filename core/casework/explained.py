"""Whole reports of many households, one after the other: for a selection that will be read.

A county's batch writes columns instead (batch.py), since one report is some hundred kilobytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from yimen.core.casework.batch import Kind
from yimen.core.casework.check import Checker
from yimen.core.casework.desk import Desk
from yimen.core.casework.selecting import current_roster, households_to_check
from yimen.core.divisions import scope_prefix
from yimen.core.records import CheckReport
from yimen.core.rules.catalogue import Catalogue
from yimen.core.store import roster

_AT_ONCE = 500


@dataclass
class ExplainedRun:
    """Reports of many households: their numbers are fixed before the first report is made.

    The reading is journalled before the first report is out, and again with its digest at the end.
    """

    checker: Checker
    households: list[str]

    def reports(self) -> Iterator[CheckReport]:
        """All reports in order of household numbers."""
        digest, count = hashlib.sha256(), 0
        desk = self.checker.desk
        desk.record_reading("check.all.begin", "county", {"households": len(self.households)})
        for start in range(0, len(self.households), _AT_ONCE):
            for report in self.checker.reports(self.households[start : start + _AT_ONCE]):
                digest.update(report.report_no.encode())
                count += 1
                yield report
        desk.record_reading(
            "check.all", "county", {"households": count, "digest": digest.hexdigest()}
        )


def explained_run(
    desk: Desk,
    catalogue: Catalogue,
    kind: Kind = "check",
    *,
    rules_on: date | None = None,
    facts_as_of: date | None = None,
    division: str | None = None,
) -> ExplainedRun:
    """The households that a run of this kind looks at in a division, to be explained one by one."""
    scope = division or desk.operator.division
    desk.require("check.all", division=scope)
    # Whole reports hold names and finances; the it role runs batches and reads columns.
    desk.require("check", division=scope)
    today, prefix = desk.home.clock.today(), scope_prefix(scope)
    as_of = facts_as_of or today
    checker = Checker(
        desk, catalogue, rules_on=rules_on or today, facts_as_of=as_of, duty_only=kind == "screen"
    )
    table = current_roster(desk, catalogue, as_of)
    if kind == "screen":
        found = list(roster.household_numbers(desk.home, table, prefix))
    else:
        found = households_to_check(desk, checker.ruling, table, prefix)
    return ExplainedRun(checker, found)
