"""`yimen check`: one application, one household, or all with an application or a benefit."""

from __future__ import annotations

import glob
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from yimen.commands.options import DAY, print_record
from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _
from yimen.core.words import reason_of

if TYPE_CHECKING:
    from yimen.core.casework.check import BatchCheck
    from yimen.core.records import CheckReport


@click.command("check", help=_("Check against the rules; an application's report is filed."))
@click.argument("application_no", metavar="[APPLICATION]", required=False)
@click.option("--household", "household_no", metavar="NO", help=_("A household, nothing filed."))
@click.option(
    "--all", "everybody", is_flag=True, help=_("Every household with an application or a benefit.")
)
@click.option("--division", metavar="CODE", help=_("With --all: only below this division."))
@click.option("--rules-on", type=DAY, help=_("Rules of this day (acceptance date, or today)."))
@click.option("--facts-as-of", type=DAY, help=_("Facts of this day (today)."))
@click.option("--flags", "flags_only", is_flag=True, help=_("With --all: one line for each flag."))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=_("With --all: write there; the file appears when it is complete."),
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
    out: Path | None,
    full: bool,
    fmt: str,
    columns: str | None,
) -> None:
    from yimen.core.casework import check

    if sum(map(bool, (application_no, household_no, everybody))) != 1:
        raise click.UsageError(_("Give an application, --household NO or --all, one of them."))
    if everybody and fmt == "jsonl" and not flags_only:
        # Whole reports hold names and finances; the it role runs batches and reads flags.
        session.desk.require("check")
    if everybody:
        from yimen.core.divisions import normalise_division

        place = normalise_division(division, synthetic=session.home.synthetic) if division else None
        batch = check.check_all(
            session.desk,
            session.catalogue,
            rules_on=rules_on,
            facts_as_of=facts_as_of,
            division=place,
        )
        _print_batch(batch, fmt, out, flags_only, columns)
        return
    if fmt in ("table", "csv", "tsv"):
        raise click.UsageError(_("{fmt} is a format of --all.").format(fmt=fmt))
    if household_no:
        report = check.check_household(
            session.desk,
            session.catalogue,
            household_no.upper(),
            rules_on=rules_on,
            facts_as_of=facts_as_of,
        )
    elif rules_on is not None:
        raise click.UsageError(_("An application is checked under the rules of its acceptance."))
    else:
        report = check.check_application(
            session.desk, session.catalogue, (application_no or "").upper(), facts_as_of=facts_as_of
        )
    from yimen.core.documents.report import report_text

    print_record(report, fmt, lambda: report_text(report, session.catalogue, full=full))


def _print_batch(
    batch: BatchCheck, fmt: str, out: Path | None, flags_only: bool, columns: str | None
) -> None:
    """Streams reports, or a line a household or a flag, to stdout or into a file at the end."""
    from yimen.core.render.document import render_record
    from yimen.core.render.listing import render_listing

    reports = _with_progress(batch)
    if fmt == "jsonl" and not flags_only:
        import msgspec

        lines: Iterator[str] = (render_record(msgspec.to_builtins(r), "jsonl") for r in reports)
    else:
        rows = _flag_rows(reports) if flags_only else _summary_rows(reports)
        only = [name.strip() for name in columns.split(",")] if columns else None
        lines = render_listing(rows, _columns(flags_only), "table" if fmt == "text" else fmt, only)
    with _destination(out) as write:
        for line in lines:
            write(line)


@contextmanager
def _destination(out: Path | None) -> Iterator[Any]:
    """A function that writes a line: to stdout, or to a file renamed into place at the end."""
    if out is None:
        yield click.echo
        return
    from yimen.core.errors import Refused

    beside = out.with_name(f".{out.name}.{os.getpid()}.part")
    try:
        _sweep(out)
        with beside.open("w", encoding="utf-8") as file:
            yield lambda line: file.write(f"{line}\n")
            file.flush()
            os.fsync(file.fileno())
        beside.replace(out)
    except OSError as error:
        raise Refused(
            _("The file cannot be written: {reason}.").format(reason=reason_of(error)),
            where=str(out),
            next_step=_("Choose another place with --out."),
        ) from None
    finally:
        beside.unlink(missing_ok=True)


def _sweep(out: Path) -> None:
    """Removes what killed runs left beside the file."""
    for left in out.parent.glob(f".{glob.escape(out.name)}.*.part"):
        owner = left.name.split(".")[-2]
        if owner.isdigit() and not _runs(int(owner)):
            left.unlink(missing_ok=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _with_progress(batch: BatchCheck) -> Iterator[CheckReport]:
    """The reports, with a progress bar on stderr when that is a terminal."""
    if not sys.stderr.isatty():
        yield from batch.reports()
        return
    with click.progressbar(
        batch.reports(), length=len(batch.households), label=_("checking"), file=sys.stderr
    ) as shown:
        yield from shown


def _columns(flags_only: bool) -> list[Any]:
    from yimen.core.render.listing import Column

    if flags_only:
        return [
            Column("household_no", "household"), Column("kind", "flag"),
            Column("member", "member"), Column("programme", "programme"),
            Column("detail", "detail"),
        ]  # fmt: skip
    return [
        Column("household_no", "household"), Column("report_no", "report"),
        Column("eligible", "qualifies"), Column("unknown", "unknown"),
        Column("receiving", "receives"), Column("flags", "flags"),
    ]  # fmt: skip


def _summary_rows(reports: Iterator[CheckReport]) -> Iterator[dict[str, object]]:
    for report in reports:
        by = {
            outcome: sorted({p.programme for p in report.programmes if p.outcome == outcome})
            for outcome in ("eligible", "unknown")
        }
        yield {
            "household_no": report.household_no,
            "report_no": report.report_no,
            "eligible": by["eligible"],
            "unknown": by["unknown"],
            "receiving": sorted({p.programme for p in report.programmes if p.receiving}),
            "flags": sorted({flag.kind for flag in report.flags}),
        }


def _flag_rows(reports: Iterator[CheckReport]) -> Iterator[dict[str, object]]:
    for report in reports:
        for flag in report.flags:
            yield {
                "household_no": report.household_no,
                "kind": flag.kind,
                "member": flag.member,
                "programme": flag.programme,
                "detail": flag.detail,
            }
