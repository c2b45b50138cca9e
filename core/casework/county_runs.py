"""Opens runs over a county: one that begins, one that was interrupted, or one that is done.

What a run looks at is fixed here, before its first part; nothing is computed.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from msgspec import to_builtins

from yimen.core.casework.batch import PART, CountyRun, Kind
from yimen.core.casework.desk import Desk
from yimen.core.casework.ruling import rule
from yimen.core.casework.selecting import current_roster, households_to_check
from yimen.core.casework.touched import touched_casework
from yimen.core.divisions import scope_prefix
from yimen.core.errors import BadInput, Busy, Refused
from yimen.core.i18n import _
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.engines.batch import BatchEngine
from yimen.core.rules.inputs import Reading
from yimen.core.rules.view import Ruling
from yimen.core.run_records import RunPlan, RunRecord
from yimen.core.store import duckdb_start, lake, roster, runs
from yimen.core.store.duckdb_start import Opening
from yimen.core.store.home import Home
from yimen.core.store.run_files import ParquetRun, RunFiles, SqliteRun
from yimen.core.store.run_households import ListedHouseholds, RosterHouseholds, RunHouseholds
from yimen.core.store.runs import EngineName, FrozenCasework

# Where no more than one household in so many is looked at, SQLite finds their rows by its indexes
# sooner than DuckDB reads all registers.
SMALL_SHARE = 20


def engine_for(wanted: EngineName | None) -> EngineName:
    """DuckDB where it is installed, else SQLite; `Refused` where DuckDB is asked for in vain."""
    if wanted == "duckdb":
        duckdb_start.require_installed()
    return wanted or ("duckdb" if duckdb_start.is_installed() else "sqlite")


def county_run(
    desk: Desk,
    catalogue: Catalogue,
    kind: Kind,
    *,
    rules_on: date | None = None,
    facts_as_of: date | None = None,
    division: str | None = None,
    engine: EngineName | None = None,
    part_size: int | None = None,
    overlaps: bool = True,
    opening: Opening | None = None,
) -> CountyRun:
    """The run of this plan: an interrupted one of today goes on, else a new one begins.

    Without an `engine` it is DuckDB where that is installed, except for a small part of the county,
    which SQLite answers sooner; an interrupted run goes on with its own. `part_size` counts
    households. Without `overlaps`, and for rules or facts of another day, no overlap is opened or
    ended. `opening` is DuckDB where it was started before. `Busy` while another process computes
    the run.
    """
    scope = division or desk.operator.division
    desk.require("check.all", division=scope)
    if part_size is not None and part_size < 1:
        raise BadInput(
            _("A part has at least one household."), next_step=_("Give --chunk a number from 1.")
        )
    today = desk.home.clock.today()
    days = rules_on or today, facts_as_of or today
    table = current_roster(desk, catalogue, days[1])
    wanted = Wanted(desk, catalogue, kind, table, scope, *days)
    chosen = engine_for(engine)
    if engine is None and chosen == "duckdb":
        chosen = _engine_unfinished(desk, kind, today, scope, *days) or wanted.engine
    if chosen == "duckdb":
        opening = opening or lake.opening(desk.home)
    duty_only = kind == "screen"
    ruling = rule(
        desk, catalogue, *days, dialect=chosen, duty_only=duty_only, whole=False
    )  # fmt: skip
    plan = _plan(kind, chosen, today, scope, table, ruling)
    record = _unfinished(desk, plan)
    if record is None:
        record = _begin(desk, catalogue, plan, ruling, wanted.households)
    return _opened(desk, ruling, record, part_size, overlaps, opening)


@dataclass
class Wanted:
    """What a run of this kind looks at, found out once."""

    desk: Desk
    catalogue: Catalogue
    kind: Kind
    table: str
    scope: str
    rules_on: date
    facts_as_of: date

    @cached_property
    def households(self) -> list[str] | None:
        """Their numbers in order; None where it is the whole roster."""
        desk, prefix = self.desk, scope_prefix(self.scope)
        if self.kind == "check":
            # Who has a benefit is asked of the indexed registers, whichever engine checks.
            counter = rule(desk, self.catalogue, self.rules_on, self.facts_as_of)
            return households_to_check(desk, counter, self.table, prefix)
        if prefix == scope_prefix(desk.home.county):
            return None
        return list(roster.household_numbers(desk.home, self.table, prefix))

    @property
    def engine(self) -> EngineName:
        """The engine that is sooner done with so many of the county."""
        if self.households is None:
            return "duckdb"
        county = roster.count_households(self.desk.home, self.table)
        return "sqlite" if len(self.households) * SMALL_SHARE <= county else "duckdb"


def _engine_unfinished(
    desk: Desk, kind: Kind, today: date, scope: str, rules_on: date, facts_as_of: date
) -> EngineName | None:
    """The engine of an interrupted run that may go on: its households may be others by now."""
    asked = (today.isoformat(), scope, rules_on.isoformat(), facts_as_of.isoformat())
    for run in runs.runs_of(desk.home, state="running", kind=kind):
        plan = run.plan
        if (plan.today, plan.division, plan.rules_on, plan.facts_as_of) == asked:
            return plan.engine
    return None


def earlier_run(desk: Desk, catalogue: Catalogue, run_no: str) -> CountyRun:
    """A run that is done, to be looked at again; `Refused` for one that is not.

    It is read under today's words of the rules that made it.
    """
    record = runs.run_of(desk.home, run_no)
    desk.require("check.all", division=record.plan.division)
    if record.state != "done":
        raise Refused(
            _("Run {no} was never finished.").format(no=record.run_no),
            next_step=_("`yimen screen --runs` shows the runs."),
        )
    plan = record.plan
    ruling = rule(
        desk, catalogue, date.fromisoformat(plan.rules_on), date.fromisoformat(plan.facts_as_of),
        dialect=plan.engine, duty_only=plan.kind == "screen", whole=False,
    )  # fmt: skip
    criteria = {p: [c.criterion for c in v.criteria] for p, v in ruling.versions.items()}
    if criteria != plan.criteria:
        raise Refused(
            _("The rules have other programmes or conditions now than in run {no}.").format(
                no=record.run_no
            ),
            next_step=_("Screen again, or install the departments of that day."),
        )
    return _opened(desk, ruling, record, None, False, None)


def _opened(
    desk: Desk,
    ruling: Ruling,
    record: RunRecord,
    part_size: int | None,
    overlaps: bool,
    opening: Opening | None,
) -> CountyRun:
    """The run with its engine and its files, and with no other process at it."""
    home, engine = desk.home, record.plan.engine
    folder = runs.folder_of(home, record.run_no)
    if not folder.exists():
        raise Refused(
            _("The results of run {no} are not in this home any more.").format(no=record.run_no),
            next_step=_("Screen again; `yimen screen --runs` shows the runs."),
        )
    with ExitStack() as lock:
        lock.enter_context(home.alone(record.run_no, folder))
        casework = runs.frozen(home, record.run_no)
        households = _households(home, record, casework)
        files, batch = _engine_of(desk, ruling.catalogue, engine, folder, opening)
        held = lock.pop_all()
    return CountyRun(
        desk, ruling, runs.run_of(home, record.run_no), casework, households, files,
        part_size or PART[engine], batch, held, overlaps,
    )  # fmt: skip


def _households(home: Home, record: RunRecord, casework: FrozenCasework | None) -> RunHouseholds:
    if casework is not None and casework.only is not None:
        return ListedHouseholds(casework.only)
    return RosterHouseholds(home.registers, record.plan.roster, record.households)


def _engine_of(
    desk: Desk,
    catalogue: Catalogue,
    engine: EngineName,
    folder: Path,
    opening: Opening | None,
) -> tuple[RunFiles, BatchEngine]:
    if engine == "duckdb":
        from yimen.core.rules.engines.duckdb_batch import DuckdbBatch

        parquet = ParquetRun(lake.Lake(desk.home, opening), folder)
        return parquet, DuckdbBatch(parquet, catalogue)
    from yimen.core.rules.engines.sqlite_batch import SqliteBatch

    table = SqliteRun(folder)
    return table, SqliteBatch(table, desk.home.registers, catalogue)


def run_rows(desk: Desk) -> list[dict[str, object]]:
    """All runs of this home as rows of a listing, oldest first."""
    desk.require("check.all")
    return [{**to_builtins(run.plan), **to_builtins(run)} for run in runs.runs_of(desk.home)]


def _plan(
    kind: Kind, engine: EngineName, today: date, scope: str, table: str, ruling: Ruling
) -> RunPlan:
    return RunPlan(
        kind=kind,
        engine=engine,
        today=today.isoformat(),
        rules_on=ruling.rules_on.isoformat(),
        facts_as_of=ruling.facts_as_of.isoformat(),
        division=scope,
        rule_pack=ruling.statement.pack,
        rules_hash=ruling.rules_hash(),
        roster=table,
        snapshots={s: _cited(r) for s, r in ruling.readings.items()},
        criteria={p: [c.criterion for c in v.criteria] for p, v in ruling.versions.items()},
    )


def _cited(reading: Reading) -> list[str | None]:
    return [reading.status, reading.snapshot.table if reading.snapshot else None, reading.as_of]


def _unfinished(desk: Desk, plan: RunPlan) -> RunRecord | None:
    """The interrupted run of this plan; those that nobody can go on with are given up."""
    found = None
    for run in runs.runs_of(desk.home, state="running", kind=plan.kind):
        if run.plan == plan and runs.frozen(desk.home, run.run_no) is not None:
            found = run
        elif run.plan.today != plan.today or runs.frozen(desk.home, run.run_no) is None:
            _give_up(desk, run)
    return found


def _give_up(desk: Desk, run: RunRecord) -> None:
    """Ends a run that nobody can go on with, unless a process is still computing it."""
    folder = runs.folder_of(desk.home, run.run_no)
    with ExitStack() as lock:
        if folder.exists():
            try:
                lock.enter_context(desk.home.alone(run.run_no, folder))
            except Busy:
                return
        with desk.home.writing() as db:
            runs.give_up(db, run.run_no)
            desk.record(db, f"{run.plan.kind}.given_up", run.run_no, {})
        runs.remove(desk.home, run.run_no)


def _begin(
    desk: Desk, catalogue: Catalogue, plan: RunPlan, ruling: Ruling, only: list[str] | None
) -> RunRecord:
    home = desk.home
    casework = touched_casework(
        desk, catalogue, table=plan.roster, facts_as_of=ruling.facts_as_of,
        duty_only=plan.kind == "screen", only=only,
    )  # fmt: skip
    count = len(only) if only is not None else roster.count_households(home, plan.roster)
    with home.writing() as db:
        number = runs.begin(db, home, desk.operator.operator_no, plan, count)
        desk.record(
            db, f"{plan.kind}.begin", number, {"households": count, "division": plan.division}
        )
        # Before others see the run: one without its casework is given up by who finds it.
        runs.freeze(home, number, casework)
    return runs.run_of(home, number)
