"""`yimen screen`: every household in the registers against the rules, by duty sources only."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yimen.commands.given import CODE
from yimen.commands.options import DAY, listing_options
from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _

if TYPE_CHECKING:
    from yimen.core.casework.batch import CountyRun
    from yimen.core.store.runs import EngineName


@click.command("screen", help=_("Screen every household in the registers; duty sources only."))
@click.option("--division", type=CODE, metavar="CODE", help=_("Only below this division."))
@click.option("--rules-on", type=DAY, help=_("Rules of this day (today)."))
@click.option("--facts-as-of", type=DAY, help=_("Facts of this day (today)."))
@click.option(
    "--engine",
    type=click.Choice(["duckdb", "sqlite"]),
    help=_("DuckDB where it is installed, else SQLite."),
)
@click.option("--chunk", type=int, metavar="N", help=_("Households of one part of the run."))
@click.option("--flags", "flags_only", is_flag=True, help=_("One line for each flag."))
@click.option(
    "--explain", is_flag=True, help=_("Whole reports as JSON lines; for a small division.")
)
@click.option("--list", "listed", is_flag=True, help=_("One line for each household."))
@click.option(
    "--since", type=CODE, metavar="RUN", help=_("What changed since an earlier run, and why.")
)
@click.option(
    "--run",
    "run_no",
    type=CODE,
    metavar="RUN",
    help=_("Show an earlier run, or the last; nothing is computed."),
)
@click.option("--no-overlaps", is_flag=True, help=_("Results only: open and end no overlaps."))
@click.option("--runs", is_flag=True, help=_("The runs so far; nothing is computed."))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=_("All answers as columns: .parquet, .csv or .jsonl, complete or not there."),
)
@listing_options
@pass_session
def command(
    session: Session,
    division: str | None,
    rules_on: date | None,
    facts_as_of: date | None,
    engine: EngineName | None,
    chunk: int | None,
    flags_only: bool,
    explain: bool,
    listed: bool,
    since: str | None,
    run_no: str | None,
    no_overlaps: bool,
    runs: bool,
    out: Path | None,
    fmt: str,
    columns: str | None,
) -> None:
    from yimen.commands.county_run import (
        only_lines,
        opening_duckdb,
        print_explained,
        print_runs,
        show_run,
    )

    if sum(map(bool, (flags_only, explain, listed, since, runs))) > 1:
        raise click.UsageError(_("Give one of --flags, --explain, --list, --since and --runs."))
    if explain and columns:
        raise click.UsageError(_("--explain prints whole reports; leave --columns out."))
    if explain:
        from yimen.core.casework.explained import explained_run

        only_lines(out)

        reports = explained_run(
            session.desk, session.catalogue, "screen", rules_on=rules_on,
            facts_as_of=facts_as_of, division=session.division(division),
        )  # fmt: skip
        print_explained(reports, out)
        return
    if runs:
        from yimen.core.casework.county_runs import run_rows

        print_runs(run_rows(session.desk), fmt, columns)
        return
    if run_no is not None and not run_no.strip():
        raise click.UsageError(_("--run needs a run's number, or last."))
    if run_no and (division or rules_on or facts_as_of or engine or chunk):
        raise click.UsageError(_("--run shows a run as it is; leave its other options out."))

    opening = None if run_no else opening_duckdb(session, engine, division)
    # These take as long to load as DuckDB takes to start.
    from yimen.core.casework.county_runs import county_run, earlier_run
    from yimen.core.store.runs import run_of

    if run_no:
        engine = run_of(session.home, run_no).plan.engine

    def open_run(engine: EngineName | None) -> CountyRun:
        if run_no:
            return earlier_run(session.desk, session.catalogue, run_no)
        return county_run(
            session.desk,
            session.catalogue,
            "screen",
            rules_on=rules_on,
            facts_as_of=facts_as_of,
            division=session.division(division),
            engine=engine,
            part_size=chunk,
            overlaps=not no_overlaps,
            opening=opening,
        )

    what = "flags" if flags_only else "households" if listed else "counts"
    show_run(session, open_run, "screen", engine, what, since=since, out=out, fmt=fmt,
             columns=columns)  # fmt: skip
