"""A check of a whole county: planned once, computed part by part, safe to interrupt at any moment.

`screen` looks at every household in the registers and reads duty sources only; `check --all` at
those with an application or a benefit. Both write columns; a household is explained on demand. The
batch decides nothing: it finds, and officers look.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Literal

from msgspec import structs

from yimen.core.beside import Beside
from yimen.core.casework.check import Checker
from yimen.core.casework.desk import Desk
from yimen.core.casework.overlaps import RunScope, take
from yimen.core.casework.ruling import rule
from yimen.core.casework.run_results import OVERLAPS, FlagKey, RunResults
from yimen.core.overlap_records import TakenHits
from yimen.core.rules.engines import StatementFailed
from yimen.core.rules.engines.batch import BatchEngine, RunInputs
from yimen.core.rules.inputs import parameters
from yimen.core.rules.statement import Statement
from yimen.core.rules.view import Ruling
from yimen.core.run_records import RunRecord
from yimen.core.store import runs
from yimen.core.store.lake import OutOfMemory
from yimen.core.store.run_files import RunFiles
from yimen.core.store.run_households import RunHouseholds
from yimen.core.store.runs import FrozenCasework

# Households of one part, so many as memory holds: DuckDB joins all of their persons at once.
PART = {"duckdb": 250_000, "sqlite": 100_000}
# A part that needs too much memory is halved as long as it is larger than this.
LEAST_PART = 500
Kind = Literal["screen", "check"]


@dataclass
class CountyRun:
    """One run; `go` computes what is left of it, and may be broken off and called again."""

    desk: Desk
    ruling: Ruling
    record: RunRecord
    casework: FrozenCasework | None
    households: RunHouseholds
    files: RunFiles
    part_size: int
    _engine: BatchEngine = field(repr=False)
    # Two processes that went on with one run would write its households twice.
    _lock: ExitStack = field(repr=False)
    overlaps: bool = True
    taken: TakenHits | None = None
    # What the engine said of a department that is left out, by its name.
    reasons: dict[str, str] = field(default_factory=dict)
    _results: RunResults | None = field(default=None, repr=False)
    _meanwhile: Callable[[], object] | None = field(default=None, repr=False)
    # The columns of each part's rows, and of what it tells apart.
    _columns: tuple[list[str], list[str]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        statement = self.ruling.statement
        self._columns = list(statement.results), list(statement.told)

    def go(self, meanwhile: Callable[[], object] | None = None) -> Iterator[int]:
        """Computes part after part; yields how many households are done, the first time at once.

        `meanwhile` is called once while an engine computes.
        """
        self._meanwhile = meanwhile
        done = self._done()
        yield done
        nobody = not self.households and self.files.done_to() is None
        if nobody or done < len(self.households):
            self._take()
        if nobody:
            # Columns without a row, so that a run of no household is read as any other.
            self._part("", "")
        while done < len(self.households):
            part = self.households.part(self.files.done_to(), self.part_size)
            try:
                self._part(part.first, part.last)
            except OutOfMemory:
                if part.size <= LEAST_PART:
                    raise
                self.part_size = part.size // 2
                # Of more than one part an engine holds less at once.
                self._take()
                continue
            done += part.size
            yield done
        if self.record.state != "done":
            self._end()

    def _done(self) -> int:
        """How many of the households lie before the end of the last complete part."""
        return self.households.up_to(self.files.done_to())

    def _take(self) -> None:
        casework = self.casework
        assert casework is not None, "a run without its casework is given up when it is found"
        readings = list(self.ruling.readings.values())
        self._engine.take(
            RunInputs(
                statement=self._statement(self.ruling.statement),
                plain=self._statement(self.ruling.plain) if self.ruling.plain else None,
                readings=readings,
                parameters=parameters(
                    self.ruling.statement, readings, dict(self.ruling.standards),
                    self.ruling.facts_as_of,
                ),
                roster=self.record.plan.roster,
                parts=-(-(len(self.households) - self._done()) // self.part_size),
                casework=casework,
            )
        )  # fmt: skip

    def _statement(self, statement: Statement) -> Statement:
        """A statement in force; all parts have the same columns, whichever department failed."""
        results, told = self._columns
        return structs.replace(
            statement,
            results=_filled(results, statement.results),
            told=_filled(told, statement.told),
        )

    def _part(self, first: str, last: str) -> None:
        if self._meanwhile is not None:
            Beside(self._meanwhile)
            self._meanwhile = None
        try:
            self._engine.part(first, last)
        except StatementFailed:
            ruling = self.ruling
            try:
                if not self._without_the_failing(first, last):
                    raise
            except OutOfMemory:
                # Nobody's fault is known yet: all departments are tried again on fewer households.
                self.ruling = ruling
                raise

    def _without_the_failing(self, first: str, last: str) -> bool:
        """Leaves all departments out, then lets in again each with which the part can run.

        False where it cannot run even without them.
        """
        failed = frozenset(self.ruling.catalogue.owners.values())
        for plugin in [None, *sorted(failed)]:
            trial = failed - {plugin} if plugin else failed
            self.ruling = self._ruled(trial)
            self._take()
            self.files.drop_from(first)
            try:
                self._engine.part(first, last)
            except StatementFailed as error:
                if plugin is None:
                    return False
                self.reasons[plugin] = next(iter(str(error).splitlines()), "")
                continue
            failed = trial
        self.ruling = self._ruled(failed)
        self._take()
        self.files.drop_from(first)
        self._engine.part(first, last)
        return True

    def _ruled(self, failed: frozenset[str]) -> Ruling:
        plan = self.record.plan
        return rule(
            self.desk, self.ruling.catalogue, self.ruling.rules_on, self.ruling.facts_as_of,
            dialect=plan.engine, failed=failed, duty_only=plan.kind == "screen",
            whole=False,
        )  # fmt: skip

    def results(self) -> RunResults:
        """What was found; of programmes that a department has refused, only what is new."""
        if self._results is None:
            refused = self.casework.refused if self.casework else []
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

    def _of_today(self) -> bool:
        """Whether rules and facts are today's; what was or would be found opens no case."""
        plan = self.record.plan
        return plan.rules_on == plan.facts_as_of == plan.today

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
        if self.overlaps and self._of_today():
            self.taken = self._take_hits()
        digest = self.files.digest()
        body: dict[str, object] = {"households": len(self.households), "digest": digest}
        if self.ruling.failed:
            body["failed"] = sorted(self.ruling.failed)
        home, number = self.desk.home, self.record.run_no
        with home.writing() as db:
            runs.end(db, home, number, digest)
            self.desk.record(db, self.record.plan.kind, number, body)
        self.record = runs.run_of(home, number)

    def close(self) -> None:
        """Lets the run's files go."""
        self._engine.close()
        self.files.close()
        self._lock.close()


def _filled(columns: Sequence[str], written: Mapping[str, str]) -> dict[str, str]:
    """These columns, of which some may not be written."""
    return {name: written.get(name) or _nothing(name) for name in columns}


def _nothing(column: str) -> str:
    """An empty cell of the type that the column has elsewhere."""
    kind = "BIGINT" if column.endswith(".amount_fen") else "VARCHAR"
    return f"CAST(NULL AS {kind})"
