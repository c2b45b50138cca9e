"""Checks households against the rules in force: one application, or one household, or some.

One path serves all: a selection, one statement, cells, reports. The check proposes; it stores
a report only when an application's check is filed, and decides nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

import msgspec

from yimen.core.casework.desk import Desk
from yimen.core.casework.ruling import rule
from yimen.core.casework.selecting import Selected, current_roster, select
from yimen.core.errors import IllegalMove, NotFound
from yimen.core.i18n import _
from yimen.core.records import Application, CheckReport
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.engines import Cells, StatementFailed
from yimen.core.rules.engines.sqlite import SqliteEngine
from yimen.core.rules.flags import flags
from yimen.core.rules.inputs import Reading, parameters
from yimen.core.rules.report import build_report
from yimen.core.rules.statement import Statement
from yimen.core.rules.view import HouseholdView
from yimen.core.store import cases, roster
from yimen.core.store.journal import canonical, canonical_record
from yimen.core.store.roster import RosterRow
from yimen.core.words.cases import state_name


class Checker:
    """Rules, inputs and engine of one run; `reports` may be called for any number of households."""

    def __init__(
        self,
        desk: Desk,
        catalogue: Catalogue,
        *,
        rules_on: date,
        facts_as_of: date,
        duty_only: bool = False,
    ) -> None:
        self.desk = desk
        self.catalogue = catalogue
        self.facts_as_of = facts_as_of
        self.rules_on = rules_on
        self.duty_only = duty_only
        self.engine = SqliteEngine(desk.home.registers, catalogue)
        # One roster for the whole run, whatever is loaded beside it.
        self.roster = current_roster(desk, catalogue, facts_as_of)
        self._rule(frozenset())

    def _rule(self, failed: frozenset[str]) -> None:
        self.ruling = rule(
            self.desk, self.catalogue, self.rules_on, self.facts_as_of,
            failed=failed, duty_only=self.duty_only,
        )  # fmt: skip

    @property
    def statement(self) -> Statement:
        """The statement in force for this run."""
        return self.ruling.statement

    def cells(self, selected: Selected) -> list[Cells]:
        """The statement's rows; a department that the engine cannot take is left out of it."""
        try:
            return self._run(selected)
        except StatementFailed:
            return self._run_without_the_failing(selected)

    def _run_without_the_failing(self, selected: Selected) -> list[Cells]:
        """Leaves all departments out, then lets in again each with which the statement runs."""
        failed = frozenset(self.catalogue.owners.values())
        self._rule(failed)
        rows = self._run(selected)
        for plugin in sorted(failed):
            self._rule(failed - {plugin})
            try:
                rows = self._run(selected)
            except StatementFailed:
                continue
            failed -= {plugin}
        self._rule(failed)
        return rows

    def _run(self, selected: Selected) -> list[Cells]:
        readings = list(self.ruling.readings.values())
        values = parameters(self.statement, readings, dict(self.ruling.standards), self.facts_as_of)
        return self.engine.run(self.statement, readings, values, selected.selection)

    def reports(
        self, households: Sequence[str], application: Application | None = None
    ) -> Iterator[CheckReport]:
        """One report a household, in the order of household numbers given."""
        selected = select(
            self.desk,
            self.catalogue,
            households,
            table=self.roster,
            facts_as_of=self.facts_as_of,
            application=application,
        )
        rows = self.cells(selected)
        for household_no, group in groupby(rows, key=lambda row: str(row["household_no"])):
            yield self._report(household_no, list(group), selected)

    def _report(self, household_no: str, rows: list[Cells], selected: Selected) -> CheckReport:
        recorded = selected.recorded.get(household_no, [])
        view = HouseholdView(self.ruling, rows, recorded)
        case = selected.applications.get(household_no)
        referrals = selected.referrals.get(household_no, [])
        others = [
            r
            for r in referrals
            if r.state not in cases.CLOSED_REFERRAL
            and (case is None or r.application_no != case.application_no)
        ]
        refused = [
            r
            for r in referrals
            if r.state == "completed" and r.decision and r.decision.outcome == "refused"
        ]
        inputs = {
            "snapshots": {s: [r.status, _cited(r)] for s, r in self.ruling.readings.items()},
            "application": case.application_no if case else None,
            "persons": [p[1:] for p in selected.selection.persons if p[1] == household_no],
            "facts": [msgspec.to_builtins(f) for f in recorded],
            "consents": selected.consents_digest.get(household_no, []),
            "benefits": [b.benefit_no for b in selected.benefits.get(household_no, [])],
            "open_referrals": [r.referral_no for r in others],
            "refused": [r.referral_no for r in refused],
        }  # fmt: skip
        return build_report(
            view,
            inputs=inputs,
            application_no=case.application_no if case else None,
            flags=flags(view, open_referrals=others, refused=refused),
        )


def _cited(reading: Reading) -> list[object]:
    """What of a snapshot decides a report: its rows, its day and its coverage."""
    snapshot = reading.snapshot
    return [snapshot.digest, snapshot.as_of, snapshot.covers] if snapshot else []


def find_application(desk: Desk, application_no: str) -> Application:
    """The application with this number; `NotFound` says how to look for it."""
    found = cases.applications(desk.home.casework, application_no=application_no)
    if not found:
        raise NotFound(
            _("There is no application {no}.").format(no=application_no),
            next_step=_("`yimen query ID` shows a family's applications."),
        )
    return found[0]


def check_application(
    desk: Desk, catalogue: Catalogue, application_no: str, *, facts_as_of: date | None = None
) -> CheckReport:
    """Checks an application under the rules of its acceptance date, and files the report."""
    application = find_application(desk, application_no)
    desk.require("check", division=application.division)
    if application.state not in ("accepted", "checked", "dispatched"):
        raise IllegalMove(
            _("Application {no} is {state}; only an accepted one can be checked.").format(
                no=application_no, state=state_name(application.state)
            ),
            next_step=_("Complete it first: `yimen intake {no}`.").format(no=application_no),
        )
    today = desk.home.clock.today()
    checker = Checker(
        desk,
        catalogue,
        rules_on=date.fromisoformat(application.accepted_on or today.isoformat()),
        facts_as_of=facts_as_of or today,
    )
    report = next(checker.reports([application.household_no], application))
    _file(desk, application, checker, report)
    return report


def _file(desk: Desk, application: Application, checker: Checker, report: CheckReport) -> None:
    """Stores the report with the snapshots that it cites, unless it is the newest one already."""
    body = canonical_record(report)
    tables = [r.snapshot.table for r in checker.ruling.readings.values() if r.snapshot]
    with desk.home.writing() as db:
        newest = db.conn.execute(
            "SELECT report_no FROM report WHERE application_no = ? ORDER BY id DESC LIMIT 1",
            [application.application_no],
        ).fetchone()
        if newest is None or newest[0] != report.report_no:
            db.conn.execute(
                "INSERT INTO report (report_no, application_no, household_no, body, snapshots,"
                " filed_at, filed_by) VALUES (?, ?, ?, ?, ?, ?, ?)",
                [report.report_no, application.application_no, application.household_no, body,
                 canonical(tables), desk.home.clock.now(), desk.operator.operator_no],
            )  # fmt: skip
        db.conn.execute(
            "UPDATE application SET state = 'checked', rev = rev + 1"
            " WHERE application_no = ? AND state = 'accepted'",
            [application.application_no],
        )
        desk.record(
            db,
            "check",
            application.application_no,
            {"report": report.report_no, "sha256": hashlib.sha256(body.encode()).hexdigest()},
        )


def filed_report(desk: Desk, application_no: str) -> CheckReport | None:
    """The application's newest filed report, as it was filed."""
    row = desk.home.casework.conn.execute(
        "SELECT body FROM report WHERE application_no = ? ORDER BY id DESC LIMIT 1",
        [application_no],
    ).fetchone()
    return msgspec.json.decode(row[0], type=CheckReport) if row else None


def show_report(desk: Desk, application_no: str) -> CheckReport | None:
    """The newest report filed for an application, or None; the reading is journalled."""
    application = find_application(desk, application_no)
    desk.require("application.read", division=application.division)
    report = filed_report(desk, application_no)
    if report is not None:
        desk.record_reading("report.show", application_no, {"report": report.report_no})
    return report


def rows_of_household(
    desk: Desk, catalogue: Catalogue, household_no: str, day: date
) -> list[RosterRow]:
    """The household's rows in the roster of a day; `NotFound` says how to look for it."""
    table = current_roster(desk, catalogue, day)
    rows = roster.find_rows(desk.home, table, "household_no", [household_no])
    if not rows:
        raise NotFound(
            _("There is no household {no}.").format(no=household_no),
            next_step=_("`yimen query ID` finds a family by ID number."),
        )
    return rows


def check_household(
    desk: Desk,
    catalogue: Catalogue,
    household_no: str,
    *,
    rules_on: date | None = None,
    facts_as_of: date | None = None,
) -> CheckReport:
    """Checks one household without an application; nothing but the reading is recorded."""
    today = desk.home.clock.today()
    as_of = facts_as_of or today
    rows = rows_of_household(desk, catalogue, household_no, as_of)
    desk.require("check", division=rows[0][7])
    checker = Checker(desk, catalogue, rules_on=rules_on or today, facts_as_of=as_of)
    report = next(checker.reports([household_no]))
    desk.record_reading("check.household", household_no, {"report": report.report_no})
    return report
