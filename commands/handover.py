"""What `referral` and `feedback` share: moving signed batches between homes, told row by row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from yimen.commands.given import CODE, NUMBER
from yimen.commands.options import F, listing_options, print_listing
from yimen.commands.session import Session, pass_session
from yimen.core.errors import ExitCode
from yimen.core.handover_records import IN_ORDER, HandoverRow
from yimen.core.i18n import _


def print_rows(
    rows: Iterable[HandoverRow], fmt: str, columns: str | None, *, files: int = 1
) -> int:
    """Prints what became of each row; exit code 6 where somebody has to look at one."""
    import msgspec

    from yimen.core.render.listing import Column
    from yimen.core.words.referrals import handover_name

    found: list[str] = []

    def shown() -> Iterable[dict[str, object]]:
        for row in rows:
            found.append(row.result)
            yield msgspec.to_builtins(row)

    if columns is None and fmt == "table":
        # A message's id is for programs; a person reads which row, which referral, and why.
        columns = "row,referral_no,result,detail"
        columns = f"file,{columns}" if files > 1 else columns
    shape = [
        Column("file", "file"), Column("row", "row", "integer"),
        Column("referral_no", "referral"), Column("message_id", "message"),
        Column("result", "result", words=handover_name), Column("detail", "detail"),
    ]  # fmt: skip
    print_listing(shown(), shape, fmt, columns)
    counted = {result: found.count(result) for result in dict.fromkeys(found)}
    words = ", ".join(f"{handover_name(r)} {n}" for r, n in counted.items())
    click.echo(words or _("There was nothing to do."), err=True)
    return ExitCode.DONE if IN_ORDER.issuperset(found) else ExitCode.REJECTED_ROWS


def _say_files(files: Sequence[Path], dry_run: bool) -> None:
    for path in files:
        click.echo(_("Written: {file}").format(file=path), err=True)
    if dry_run:
        click.echo(_("A trial: nothing was written and nothing marked."), err=True)


@click.command("export", help=_("Write a department's referrals as one signed batch."))
@click.option("--department", type=CODE, required=True, metavar="NAME", help=_("Whose referrals."))
@click.option("--to", "folder", required=True, type=click.Path(path_type=Path), metavar="DIR",
              help=_("The folder that the department's system reads."))  # fmt: skip
@click.option("--again", is_flag=True, help=_("Also what was sent before, under the same ids."))
@click.option("--dry-run", is_flag=True, help=_("Tell what would be written, and write nothing."))
@listing_options
@pass_session
def export_referrals(
    session: Session,
    department: str,
    folder: Path,
    again: bool,
    dry_run: bool,
    fmt: str,
    columns: str | None,
) -> int:
    from yimen.core.casework.handover.outbound import export_referrals as export

    done = export(
        session.desk,
        session.catalogue,
        department=department,
        folder=folder,
        again=again,
        dry_run=dry_run,
    )
    code = print_rows(done.rows, fmt, columns)
    _say_files(done.files, dry_run)
    return code


@click.command("document", help=_("The document of a referral as it leaves for its department."))
@click.argument("referral_no", type=NUMBER, metavar="REFERRAL")
@pass_session
def document(session: Session, referral_no: str) -> None:
    import msgspec

    from yimen.core.casework.handover.outbound import document_of
    from yimen.core.render.document import render_record

    found = document_of(session.desk, session.catalogue, referral_no)
    click.echo(render_record(msgspec.to_builtins(found), "json"))


def _files_to_take_in(function: F) -> F:
    """The files, and how carefully, of a command that takes in what another side has sent."""
    function = listing_options(function)
    function = click.option(
        "--dry-run", is_flag=True, help=_("Tell what would happen, and change nothing.")
    )(function)
    function = click.option(
        "--partial", is_flag=True, help=_("Also the whole rows of a file that was cut off.")
    )(function)
    return click.argument(
        "files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE..."
    )(function)


@click.command("take", help=_("Take another home's signed referrals into this home's inbox."))
@_files_to_take_in
@pass_session
def take(
    session: Session,
    files: tuple[Path, ...],
    partial: bool,
    dry_run: bool,
    fmt: str,
    columns: str | None,
) -> int:
    from yimen.core.casework.handover.inbound import import_files

    rows = import_files(
        session.desk, session.catalogue, files, side="inbox", partial=partial, dry_run=dry_run
    )
    code = print_rows(rows, fmt, columns, files=len(files))
    _say_files([], dry_run)
    return code


@click.command("deliver", help=_("Hand a department's referrals to its own system, by its plugin."))
@click.option("--department", type=CODE, required=True, metavar="NAME", help=_("Whose referrals."))
@click.option("--dry-run", is_flag=True, help=_("Tell what would be handed over, and do nothing."))
@listing_options
@pass_session
def deliver(session: Session, department: str, dry_run: bool, fmt: str, columns: str | None) -> int:
    from yimen.core.casework.handover.systems import deliver_referrals

    rows = deliver_referrals(
        session.desk, session.catalogue, department=department, dry_run=dry_run
    )
    code = print_rows(rows, fmt, columns)
    _say_files([], dry_run)
    return code


@click.command("export", help=_("Write this home's answers to other homes' referrals, signed."))
@click.option("--to", "folder", required=True, type=click.Path(path_type=Path), metavar="DIR",
              help=_("The folder that the other home reads."))  # fmt: skip
@click.option("--again", is_flag=True, help=_("Also what was sent before, under the same ids."))
@click.option("--dry-run", is_flag=True, help=_("Tell what would be written, and write nothing."))
@listing_options
@pass_session
def export_feedback(
    session: Session, folder: Path, again: bool, dry_run: bool, fmt: str, columns: str | None
) -> int:
    from yimen.core.casework.handover.outbound import export_feedback as export

    done = export(session.desk, folder=folder, again=again, dry_run=dry_run)
    code = print_rows(done.rows, fmt, columns)
    _say_files(done.files, dry_run)
    return code


@click.command("import", help=_("Apply departments' answers: signed batches, or sheets (.csv)."))
@_files_to_take_in
@pass_session
def import_feedback(
    session: Session,
    files: tuple[Path, ...],
    partial: bool,
    dry_run: bool,
    fmt: str,
    columns: str | None,
) -> int:
    from yimen.core.casework.handover.answers import import_answers
    from yimen.core.casework.handover.inbound import import_files

    sheets = [path for path in files if path.suffix.lower() == ".csv"]
    batches = [path for path in files if path not in sheets]
    rows: list[HandoverRow] = []
    if batches:
        rows += import_files(
            session.desk,
            session.catalogue,
            batches,
            side="feedback",
            partial=partial,
            dry_run=dry_run,
        )
    for path in sheets:
        rows += import_answers(session.desk, session.catalogue, path, dry_run=dry_run)
    code = print_rows(rows, fmt, columns, files=len(files))
    _say_files([], dry_run)
    return code


@click.command("read", help=_("Ask a department's own system for its answers, by its plugin."))
@click.option("--department", type=CODE, required=True, metavar="NAME", help=_("Whose answers."))
@click.option("--dry-run", is_flag=True, help=_("Tell what would happen, and change nothing."))
@listing_options
@pass_session
def read_feedback(
    session: Session, department: str, dry_run: bool, fmt: str, columns: str | None
) -> int:
    from yimen.core.casework.handover.systems import read_answers

    rows = read_answers(session.desk, session.catalogue, department=department, dry_run=dry_run)
    code = print_rows(rows, fmt, columns)
    _say_files([], dry_run)
    return code


@click.command("template", help=_("Print the header of a sheet of answers, for a spreadsheet."))
def template() -> None:
    import csv
    from io import StringIO

    from yimen.core.casework.handover.answers import template_header

    line = StringIO()
    csv.writer(line, lineterminator="").writerow(template_header())
    click.echo(line.getvalue())
