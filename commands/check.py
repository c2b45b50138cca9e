"""`yimen check`: one application, one household, or all with an application or a benefit."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yimen.commands.given import CODE, NUMBER
from yimen.commands.options import DAY, print_record
from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _

if TYPE_CHECKING:
    from yimen.core.casework.batch import CountyRun
    from yimen.core.store.runs import EngineName


@click.command("check", help=_("Check against the rules; an application's report is filed."))
@click.argument("application_no", type=NUMBER, metavar="[APPLICATION]", required=False)
@click.option(
    "--household", "household_no", type=NUMBER, metavar="NO", help=_("A household, nothing filed.")
)
@click.option(
    "--all", "everybody", is_flag=True, help=_("Every household with an application or a benefit.")
)
@click.option(
    "--division", type=CODE, metavar="CODE", help=_("With --all: only below this division.")
)
@click.option("--rules-on", type=DAY, help=_("Rules of this day (acceptance date, or today)."))
@click.option("--facts-as-of", type=DAY, help=_("Facts of this day (today)."))
@click.option("--flags", "flags_only", is_flag=True, help=_("With --all: one line for each flag."))
@click.option(
    "--since",
    type=CODE,
    metavar="RUN",
    help=_("With --all: what changed since an earlier run, and why."),
)
@click.option(
    "--engine",
    type=click.Choice(["duckdb", "sqlite"]),
    help=_("With --all: DuckDB where it is installed, else SQLite."),
)
@click.option(
    "--chunk", type=int, metavar="N", help=_("With --all: households of one part of the run.")
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=_("With --all: .parquet, .csv or .jsonl for columns; it appears when it is complete."),
)
@click.option("--full", is_flag=True, help=_("In text: every condition of every programme."))
@click.option(
    "--format",
    "fmt",
    type=click.Choice(["text", "table", "json", "jsonl", "csv", "tsv"]),
    default="text",
    show_default=True,
    help=_("How to print the result."),
)
@click.option("--columns", metavar="A,B", help=_("With --all: only these columns, in this order."))
@pass_session
def command(
    session: Session,
    application_no: str | None,
    household_no: str | None,
    everybody: bool,
    division: str | None,
    rules_on: date | None,
    facts_as_of: date | None,
    flags_only: bool,
    since: str | None,
    engine: EngineName | None,
    chunk: int | None,
    out: Path | None,
    full: bool,
    fmt: str,
    columns: str | None,
) -> None:
    from yimen.core.casework import check

    if sum(map(bool, (application_no, household_no, everybody))) != 1:
        raise click.UsageError(_("Give an application, --household NO or --all, one of them."))
    if everybody:
        if full:
            raise click.UsageError(_("--full goes with one family alone."))
        _check_all(
            session, rules_on, facts_as_of, session.division(division), engine, chunk,
            flags_only, since, out, fmt, columns,
        )  # fmt: skip
        return
    if fmt in ("table", "csv", "tsv"):
        raise click.UsageError(_("{fmt} is a format of --all.").format(fmt=fmt))
    of_all = {
        "--division": division, "--flags": flags_only, "--since": since, "--engine": engine,
        "--chunk": chunk, "--out": out, "--columns": columns,
    }  # fmt: skip
    for option, given in of_all.items():
        if given not in (None, False):
            raise click.UsageError(_("{option} goes with --all alone.").format(option=option))
    if household_no:
        report = check.check_household(
            session.desk,
            session.catalogue,
            household_no,
            rules_on=rules_on,
            facts_as_of=facts_as_of,
        )
    elif rules_on is not None:
        raise click.UsageError(_("An application is checked under the rules of its acceptance."))
    else:
        report = check.check_application(
            session.desk, session.catalogue, application_no or "", facts_as_of=facts_as_of
        )
    from yimen.core.documents.report import report_text

    print_record(report, fmt, lambda: report_text(report, session.catalogue, full=full))


def _check_all(
    session: Session,
    rules_on: date | None,
    facts_as_of: date | None,
    place: str | None,
    engine: EngineName | None,
    chunk: int | None,
    flags_only: bool,
    since: str | None,
    out: Path | None,
    fmt: str,
    columns: str | None,
) -> None:
    from yimen.commands.county_run import only_lines, print_explained, show_run
    from yimen.core.casework.county_runs import county_run
    from yimen.core.casework.explained import explained_run

    if fmt == "jsonl" and not flags_only and not since:
        only_lines(out)
        reports = explained_run(
            session.desk, session.catalogue, rules_on=rules_on, facts_as_of=facts_as_of,
            division=place,
        )  # fmt: skip
        print_explained(reports, out)
        return

    def open_run(engine: EngineName | None) -> CountyRun:
        return county_run(
            session.desk, session.catalogue, "check", rules_on=rules_on, facts_as_of=facts_as_of,
            division=place, engine=engine, part_size=chunk,
        )  # fmt: skip

    what = "flags" if flags_only else "households"
    show_run(session, open_run, "check", engine, what, since=since, out=out,
             fmt="table" if fmt == "text" else fmt, columns=columns)  # fmt: skip
