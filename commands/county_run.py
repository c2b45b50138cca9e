"""What `screen` and `check --all` share: a run with its progress, and the ways to show it."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from yimen.commands.options import check_columns, print_listing
from yimen.core.i18n import _
from yimen.core.render.listing import load_form
from yimen.core.words.files import reason_of

if TYPE_CHECKING:
    from yimen.commands.session import Session
    from yimen.core.casework.batch import CountyRun, Kind
    from yimen.core.casework.explained import ExplainedRun
    from yimen.core.casework.run_results import RunResults
    from yimen.core.records import CheckReport
    from yimen.core.render.listing import Column
    from yimen.core.store.duckdb_start import Opening
    from yimen.core.store.runs import EngineName

# Display columns of a reason in a table: as much as is read at a glance.
_WHY = 100


def opening_duckdb(
    session: Session, engine: EngineName | None, division: str | None
) -> Opening | None:
    """DuckDB's start, beside the loading of all that a run takes, where it is sure to be asked.

    Of a part of the county it is not said yet which engine is sooner done.
    """
    from yimen.core.store.duckdb_start import is_installed
    from yimen.core.store.lake import opening

    home = session.home
    whole = division is None and session.desk.operator.division == home.county
    asked = engine == "duckdb" or (engine is None and whole)
    return opening(home) if asked and is_installed() else None


def run_to_end(run: CountyRun, fmt: str) -> None:
    """Computes what is left, with a progress bar where stderr is a terminal."""
    steps = run.go(partial(load_form, fmt))
    if not sys.stderr.isatty():
        for _done in steps:
            pass
        return
    started, first = time.monotonic(), next(steps)
    with click.progressbar(
        length=len(run.households),
        label=run.record.run_no,
        file=sys.stderr,
        show_eta=True,
        show_pos=True,
        item_show_func=lambda rate: rate,
    ) as bar:
        bar.update(first)
        done = first
        for now in steps:
            rate = (now - first) / max(time.monotonic() - started, 0.001)
            bar.update(now - done, _("{n} households a second").format(n=round(rate)))
            done = now


def columns_of(what: str, fmt: str) -> list[Column]:
    """What a listing of a run shows: of counts, flags, households or changes."""
    from yimen.core.render.listing import Column
    from yimen.core.words.checks import flag_name, outcome_name

    match what:
        case "counts":
            # Names of programmes would take the width of a window.
            named = [] if fmt == "table" else [Column("name", "name"), Column("unit", "unit")]
            return [
                Column("programme", "programme"), *named, Column("eligible", "qualifies"),
                Column("unknown", "unknown"), Column("ineligible", "does not qualify"),
                Column("receiving", "receives"), Column("missed", "missed"),
                Column("wrongly_kept", "no longer met"), Column("duplicate", "paid twice"),
            ]  # fmt: skip
        case "flags":
            return [
                Column("household_no", "household"), Column("kind", "flag", words=flag_name),
                Column("member", "member"), Column("programme", "programme"),
                Column("fact", "fact"),
            ]  # fmt: skip
        case "households":
            return [
                Column("household_no", "household"), Column("eligible", "qualifies"),
                Column("unknown", "unknown"), Column("receiving", "receives"),
                Column("flags", "flags", words=flag_name),
            ]  # fmt: skip
        case _changes:
            return [
                Column("household_no", "household"), Column("member_no", "member"),
                Column("programme", "programme"), Column("before", "before", words=outcome_name),
                Column("now", "now", words=outcome_name),
                Column("receiving_before", "received before"),
                Column("receiving_now", "receives"),
                Column("amount_fen_before", "amount before", "money"),
                Column("amount_fen_now", "amount", "money"), Column("why", "why"),
            ]  # fmt: skip


def print_counts(results: RunResults, run: CountyRun, fmt: str, columns: str | None) -> None:
    """Counts, programme by programme; as JSON the whole answer with its run."""
    import msgspec

    found = results.result(run.record)
    if fmt in ("json", "jsonl"):
        from yimen.core.render.document import render_record

        click.echo(render_record(msgspec.to_builtins(found), "jsonl" if fmt == "jsonl" else "json"))
        return
    rows = map(msgspec.to_builtins, found.programmes)
    print_listing(rows, columns_of("counts", fmt), fmt, columns)


def say_run(run: CountyRun, results: RunResults) -> None:
    """Tells on stderr which run this was, and what to do with what it found."""
    hits = run.taken
    click.echo(
        _("Run {no}: {n} households, rules of {rules}, facts of {facts}, engine {engine}.").format(
            no=run.record.run_no,
            n=len(run.households),
            rules=run.record.plan.rules_on,
            facts=run.record.plan.facts_as_of,
            engine=run.record.plan.engine,
        ),
        err=True,
    )
    if hits is not None:
        click.echo(
            _("Overlaps: {new} new, {reopened} reopened, {ended} ended. `yimen overlaps list`")
            .format(new=hits.new, reopened=hits.reopened, ended=hits.ended),
            err=True,
        )  # fmt: skip
    catalogue = results.ruling.catalogue
    if failed := sorted(results.ruling.failed):
        click.echo(
            _("The rules of {plugins} could not be run: their programmes are unknown.").format(
                plugins=", ".join(failed)
            ),
            err=True,
        )
        for plugin in failed:
            if reason := run.reasons.get(plugin):
                click.echo(_("{plugin}: {reason}").format(plugin=plugin, reason=reason), err=True)
    stale = [
        catalogue.sources[r.source].names.text()
        for r in results.ruling.readings.values()
        if r.status == "stale"
    ]
    if stale:
        click.echo(_("Too old to rely on: {sources}.").format(sources=", ".join(stale)), err=True)


def print_flags(results: RunResults, fmt: str, columns: str | None) -> None:
    """One line a flag."""
    print_listing((vars(flag) for flag in results.flags()), columns_of("flags", fmt), fmt, columns)


def print_households(results: RunResults, fmt: str, columns: str | None) -> None:
    """One line a household."""
    rows = (vars(line) for line in results.households())
    if fmt == "table":
        # Some thirty codes a household; how many there are tells as much on a screen.
        rows = ({**row, "unknown": len(row["unknown"])} for row in rows)
    print_listing(rows, columns_of("households", fmt), fmt, columns)


def print_changes(changes: Iterable[Any], fmt: str, columns: str | None) -> None:
    """One line an answer that changed."""
    import msgspec

    rows = (msgspec.to_builtins(change) for change in changes)
    if fmt == "table":
        # The criteria of one answer can fill a page; the other formats keep them all.
        rows = ({**row, "why": _first_of(row["why"])} for row in rows)
    print_listing(rows, columns_of("changes", fmt), fmt, columns)


def _first_of(reasons: list[str]) -> str:
    """The first reason as far as a line goes, and how many more there are."""
    from yimen.core.render.columns import cut

    if not reasons:
        return ""
    more = _(" and {n} more").format(n=len(reasons) - 1) if len(reasons) > 1 else ""
    return cut(reasons[0], _WHY) + more


def print_runs(rows: Iterable[Mapping[str, object]], fmt: str, columns: str | None) -> None:
    """One line a run."""
    from yimen.core.render.listing import Column
    from yimen.core.words.upkeep import run_kind_name, run_state_name

    shown = [
        Column("run_no", "run"), Column("kind", "kind", words=run_kind_name),
        Column("state", "state", words=run_state_name),
        Column("engine", "engine"), Column("begun_at", "begun"),
        Column("division", "division"), Column("households", "households"),
        Column("rules_on", "rules of"), Column("facts_as_of", "facts of"),
    ]  # fmt: skip
    if fmt == "table":
        rows = ({**row, "begun_at": str(row["begun_at"])[:16]} for row in rows)
    else:
        shown += [Column("ended_at", "ended"), Column("operator", "operator")]
    print_listing(rows, shown, fmt, columns)


@contextmanager
def whole_file(out: Path) -> Iterator[Path]:
    """A file beside `out` that takes its place when it is complete; nothing is left otherwise."""
    from yimen.core.errors import Refused

    beside = out.with_name(f".{out.name}.{os.getpid()}.part")
    begun = False
    try:
        _sweep(out)
        # Here, before anything is computed, it is known whether the place can be written.
        beside.touch()
        begun = True
        yield beside
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        beside.replace(out)
    except OSError as error:
        raise Refused(
            _("The file cannot be written: {reason}.").format(reason=reason_of(error)),
            where=str(out),
            next_step=_("Choose another place with --out."),
        ) from None
    finally:
        # On a read-only disk even what is not there cannot be removed.
        if begun:
            beside.unlink(missing_ok=True)


def _sweep(out: Path) -> None:
    """Removes what killed runs left beside the file."""
    import glob

    from yimen.core.store.lake import is_running

    for left in out.parent.glob(f".{glob.escape(out.name)}.*.part"):
        owner = left.name.split(".")[-2]
        if owner.isdigit() and not is_running(int(owner)):
            left.unlink(missing_ok=True)


def show_run(
    session: Session,
    open_run: Callable[[EngineName | None], CountyRun],
    kind: Kind,
    engine: EngineName | None,
    what: str,
    *,
    since: str | None,
    out: Path | None,
    fmt: str,
    columns: str | None,
) -> None:
    """Opens a run and computes it to its end, then shows or writes what was found.

    All that can be refused is refused before the run is opened. Where no engine was named, Parquet
    takes DuckDB, and a comparison the engine of the earlier run.
    """
    from yimen.core.casework.county_runs import engine_for
    from yimen.core.casework.run_changes import changes, comparable
    from yimen.core.casework.run_export import export, kind_of
    from yimen.core.store.duckdb_start import load_fault

    if out is not None and (since or columns or what == "flags"):
        raise click.UsageError(_("--out writes all answers; leave the other choice out."))
    check_columns(columns_of("changes" if since else what, fmt), columns)
    form = kind_of(out, engine_for(engine)) if out else ""
    if form == "parquet":
        engine = engine_for(engine)
    before = comparable(session.desk, since, kind, engine) if since else None
    if before is not None:
        engine = engine_for(before.plan.engine)
    if engine is None and (fault := load_fault()):
        click.echo(
            _("DuckDB cannot be loaded ({reason}); SQLite computes.").format(reason=fault), err=True
        )
    with ExitStack() as closing:
        beside = closing.enter_context(whole_file(out)) if out else None
        run = open_run(engine)
        closing.callback(run.close)
        run_to_end(run, form or fmt)
        results = run.results()
        say_run(run, results)
        if beside is not None:
            export(run.ruling, run.files, form, beside)
            click.echo(_("Written: {file}").format(file=out), err=True)
        elif before is not None:
            print_changes(changes(run, before), fmt, columns)
        elif what == "flags":
            print_flags(results, fmt, columns)
        elif what == "households":
            print_households(results, fmt, columns)
        else:
            print_counts(results, run, fmt, columns)


def only_lines(out: Path | None) -> None:
    """Refuses a file for whole reports that is named as if it held columns."""
    if out is not None and out.suffix.lower() != ".jsonl":
        raise click.UsageError(_("--out: whole reports are lines of JSON; end the file in .jsonl."))


def print_explained(run: ExplainedRun, out: Path | None) -> None:
    """Whole reports, a line of JSON each, to stdout or into a file at the end."""
    import msgspec

    from yimen.core.render.document import render_record

    reports: Iterable[CheckReport] = run.reports()
    lines = (render_record(msgspec.to_builtins(report), "jsonl") for report in _shown(reports, run))
    if out is None:
        for line in lines:
            click.echo(line)
        return
    with whole_file(out) as beside, beside.open("w", encoding="utf-8") as file:
        for line in lines:
            file.write(f"{line}\n")


def _shown(reports: Iterable[CheckReport], run: ExplainedRun) -> Iterator[CheckReport]:
    """The reports, with a progress bar on stderr when that is a terminal."""
    if not sys.stderr.isatty():
        yield from reports
        return
    with click.progressbar(
        reports, length=len(run.households), label=_("checking"), file=sys.stderr
    ) as shown:
        yield from shown
