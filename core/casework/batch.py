"""A check of a whole county: planned once, computed part by part, safe to interrupt at any moment.

`screen` looks at every household in the registers and reads duty sources only; `check --all` at
those with an application or a benefit. Both write columns; a household is explained on demand. The
batch decides nothing: it finds, and officers look.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from msgspec import structs, to_builtins

from yimen.core.casework.check import Checker
from yimen.core.casework.desk import Desk
from yimen.core.casework.overlaps import RunScope, take
from yimen.core.casework.ruling import rule
from yimen.core.casework.run_results import OVERLAPS, FlagKey, RunResults
from yimen.core.casework.selecting import current_roster, households_to_check
from yimen.core.casework.touched import touched_casework
from yimen.core.divisions import scope_prefix
from yimen.core.errors import BadInput, Busy
from yimen.core.i18n import _
from yimen.core.results import TakenHits
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.engines import StatementFailed
from yimen.core.rules.engines.batch import BatchEngine, RunInputs
from yimen.core.rules.inputs import Reading, parameters
from yimen.core.rules.statement import Statement
from yimen.core.rules.view import Ruling
from yimen.core.run_records import RunPlan, RunRecord
from yimen.core.store import lake, roster, runs
from yimen.core.store.run_files import ParquetRun, RunFiles, SqliteRun
from yimen.core.store.runs import EngineName

# Households of one part: DuckDB looks at whole registers for each, SQLite at its persons' rows.
PART = {"duckdb": 200_000, "sqlite": 5_000}
Kind = Literal["screen", "check"]


@dataclass
class CountyRun:
    """One run; `go` computes what is left of it, and may be broken off and called again."""

    desk: Desk
    ruling: Ruling
    record: RunRecord
    households: Sequence[str]
    files: RunFiles
    part_size: int
    _engine: BatchEngine = field(repr=False)
    # Two processes that went on with one run would write its households twice.
    _lock: ExitStack = field(repr=False)
    taken: TakenHits | None = None
    _results: RunResults | None = field(default=None, repr=False)
    _columns: list[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._columns = list(self.ruling.statement.results)

    def go(self) -> Iterator[int]:
        """Computes part after part; yields how many households are done, the first time at once."""
        done = self._done()
        yield done
        nobody = not self.households and self.files.done_to() is None
        if nobody or done < len(self.households):
            self._take()
        if nobody:
            # Columns without a row, so that a run of no household is read as any other.
            self._part("", "")
        while done < len(self.households):
            part = self.households[done : done + self.part_size]
            self._part(part[0], part[-1])
            done += len(part)
            yield done
        if self.record.state != "done":
            self._end()

    def _done(self) -> int:
        """How many of the households lie before the end of the last complete part."""
        from bisect import bisect_right

        last = self.files.done_to()
        return 0 if last is None else bisect_right(self.households, last)

    def _take(self) -> None:
        casework = runs.frozen(self.desk.home, self.record.run_no)
        assert casework is not None, "a run without its casework is given up when it is found"
        readings = list(self.ruling.readings.values())
        table = self.record.plan.roster
        self._engine.take(
            RunInputs(
                statement=self._statement(),
                readings=readings,
                parameters=parameters(
                    self.ruling.statement, readings, dict(self.ruling.standards),
                    self.ruling.facts_as_of,
                ),
                roster=table,
                divisions=roster.divisions_of(self.desk.home, table),
                casework=casework,
            )
        )  # fmt: skip

    def _statement(self) -> Statement:
        """The statement in force; all parts have the same columns, whichever department failed."""
        written = self.ruling.statement.results
        results = {name: written.get(name) or _nothing(name) for name in self._columns}
        return structs.replace(self.ruling.statement, results=results)

    def _part(self, first: str, last: str) -> None:
        try:
            self._engine.part(first, last)
        except StatementFailed as failure:
            failed = self._without_the_failing(first, last)
            if failed is None:
                raise
            self.ruling = self._ruled(failed)
            del failure

    def _without_the_failing(self, first: str, last: str) -> frozenset[str] | None:
        """Leaves all departments out, then lets in again each with which the part can run."""
        failed = frozenset(self.ruling.catalogue.owners.values())
        for plugin in [None, *sorted(failed)]:
            trial = failed - {plugin} if plugin else failed
            self.ruling = self._ruled(trial)
            self._take()
            self.files.drop_from(first)
            try:
                self._engine.part(first, last)
            except StatementFailed:
                if plugin is None:
                    return None
                continue
            failed = trial
        self.ruling = self._ruled(failed)
        self._take()
        self.files.drop_from(first)
        self._engine.part(first, last)
        return failed

    def _ruled(self, failed: frozenset[str]) -> Ruling:
        plan = self.record.plan
        return rule(
            self.desk, self.ruling.catalogue, self.ruling.rules_on, self.ruling.facts_as_of,
            dialect=plan.engine, failed=failed, duty_only=plan.kind == "screen",
        )  # fmt: skip

    def results(self) -> RunResults:
        """What was found; of programmes that a department has refused, only what is new."""
        if self._results is None:
            casework = runs.frozen(self.desk.home, self.record.run_no)
            refused = casework.refused if casework else []
            answered = self._answered(set(refused)) if refused else frozenset[FlagKey]()
            self._results = RunResults(self.ruling, self.files, answered)
        return self._results

    def _answered(self, refused: set[str]) -> frozenset[FlagKey]:
        """Missed aid that was refused on the same facts, in households with a refusal."""
        seen = {
            flag.key
            for flag in RunResults(self.ruling, self.files).flags()
            if flag.kind == "missed" and flag.household_no in refused
        }
        checker = Checker(
            self.desk, self.ruling.catalogue, rules_on=self.ruling.rules_on,
            facts_as_of=self.ruling.facts_as_of, duty_only=self.record.plan.kind == "screen",
        )  # fmt: skip
        reports = checker.reports(sorted({household for __, household, *___ in seen}))
        still = {(f.kind, r.household_no, f.member, f.programme) for r in reports for f in r.flags}
        return frozenset(seen - still)

    def _take_hits(self) -> TakenHits:
        """Hands what was found to the officers who work overlaps."""
        plan = self.record.plan
        scope = RunScope(
            run_no=self.record.run_no,
            rules_on=self.ruling.rules_on,
            facts_as_of=self.ruling.facts_as_of,
            division=plan.division,
            whole=plan.kind == "screen",
            kinds=OVERLAPS,
            programmes=frozenset(self.ruling.statement.programmes),
        )
        return take(self.desk, self.ruling.catalogue, self.results().hits(), scope)

    def _end(self) -> None:
        # First, so that a run that is done has handed on all that it found.
        self.taken = self._take_hits()
        digest = self.files.digest()
        home, number = self.desk.home, self.record.run_no
        with home.writing() as db:
            runs.end(db, home, number, digest)
            self.desk.record(
                db,
                self.record.plan.kind,
                number,
                {"households": len(self.households), "digest": digest},
            )
        self.record = runs.run_of(home, number)

    def close(self) -> None:
        """Lets the run's files go."""
        self._engine.close()
        self.files.close()
        self._lock.close()


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
) -> CountyRun:
    """The run of this plan: an interrupted one of today goes on, else a new one begins.

    `engine` is DuckDB where it is installed, else SQLite. `part_size` counts households. `Busy`
    while another process computes the run.
    """
    scope = division or desk.operator.division
    desk.require("check.all", division=scope)
    if part_size is not None and part_size < 1:
        raise BadInput(
            _("A part has at least one household."), next_step=_("Give --chunk a number from 1.")
        )
    today = desk.home.clock.today()
    chosen: EngineName = engine or ("duckdb" if lake.is_installed() else "sqlite")
    duty_only = kind == "screen"
    ruling = rule(
        desk, catalogue, rules_on or today, facts_as_of or today,
        dialect=chosen, duty_only=duty_only,
    )  # fmt: skip
    table = current_roster(desk, catalogue, ruling.facts_as_of)
    plan = _plan(kind, chosen, today, scope, table, ruling)
    record = _unfinished(desk, plan)
    if record is None:
        record = _begin(desk, catalogue, plan, ruling, scope)
    with ExitStack() as lock:
        folder = runs.folder_of(desk.home, record.run_no)
        lock.enter_context(desk.home.alone(record.run_no, folder))
        casework = runs.frozen(desk.home, record.run_no)
        only = casework.only if casework else None
        households = only if only is not None else roster.all_households(desk.home, table)
        files, batch = _engine_of(desk, catalogue, chosen, folder)
        held = lock.pop_all()
    return CountyRun(
        desk, ruling, runs.run_of(desk.home, record.run_no), households, files,
        part_size or PART[chosen], batch, held,
    )  # fmt: skip


def _engine_of(
    desk: Desk, catalogue: Catalogue, engine: EngineName, folder: Path
) -> tuple[RunFiles, BatchEngine]:
    if engine == "duckdb":
        from yimen.core.rules.engines.duckdb_batch import DuckdbBatch

        parquet = ParquetRun(lake.Lake(desk.home), folder)
        return parquet, DuckdbBatch(parquet, catalogue)
    from yimen.core.rules.engines.sqlite_batch import SqliteBatch

    table = SqliteRun(folder)
    return table, SqliteBatch(table, desk.home.registers, catalogue)


def _nothing(column: str) -> str:
    """An empty cell of the type that the column has elsewhere."""
    kind = "BIGINT" if column.endswith(".amount_fen") else "VARCHAR"
    return f"CAST(NULL AS {kind})"


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
    desk: Desk, catalogue: Catalogue, plan: RunPlan, ruling: Ruling, scope: str
) -> RunRecord:
    home, prefix = desk.home, scope_prefix(scope)
    only: list[str] | None = None
    if plan.kind == "check":
        # Who has a benefit is asked of the indexed registers, whichever engine checks.
        counter = rule(desk, catalogue, ruling.rules_on, ruling.facts_as_of)
        only = households_to_check(desk, counter, plan.roster, prefix)
    elif prefix != scope_prefix(home.county):
        only = list(roster.household_numbers(home, plan.roster, prefix))
    casework = touched_casework(
        desk, catalogue, table=plan.roster, facts_as_of=ruling.facts_as_of,
        duty_only=plan.kind == "screen", only=only,
    )  # fmt: skip
    count = len(only if only is not None else roster.all_households(home, plan.roster))
    with home.writing() as db:
        number = runs.begin(db, home, desk.operator.operator_no, plan, count)
        desk.record(db, f"{plan.kind}.begin", number, {"households": count, "division": scope})
    runs.freeze(home, number, casework)
    return runs.run_of(home, number)
