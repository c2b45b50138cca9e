"""`yimen source`: departments' registers: which there are, how old they are, and loading them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yimen.commands.given import CODE
from yimen.commands.options import (
    DAY,
    listing_options,
    print_listing,
    print_record,
    record_format,
)
from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _

if TYPE_CHECKING:
    from yimen.core.results import LoadResult, ManifestFile


@click.group("source", help=_("List, show and load departments' registers."))
def command() -> None:
    pass


@command.command("list", help=_("All sources with their newest extract and whether it is too old."))
@listing_options
@pass_session
def list_(session: Session, fmt: str, columns: str | None) -> None:
    from yimen.core.render.listing import Column
    from yimen.core.rules.inputs import readings_on
    from yimen.core.words.roles import authority_name
    from yimen.core.words.upkeep import source_state_name

    session.desk.require("source.read")
    catalogue = session.catalogue
    readings = readings_on(
        session.home, catalogue, sorted(catalogue.sources), session.home.clock.today()
    )
    rows = []
    for reading in readings:
        source = catalogue.sources[reading.source]
        snapshot = reading.snapshot
        rows.append(
            {
                "source": reading.source,
                "name": source.names.text(),
                "owner": source.owner.text(),
                "authority": source.authority,
                "status": reading.status,
                "as_of": reading.as_of,
                "rows": snapshot.rows if snapshot else None,
                "rejected": snapshot.rejected if snapshot else None,
                "max_age_days": source.max_age_days,
            }
        )
    shape = [
        Column("source", "source"), Column("name", "name"), Column("owner", "owner"),
        Column("authority", "authority", words=authority_name),
        Column("status", "state", words=source_state_name), Column("as_of", "as of"),
        Column("rows", "rows", "integer"), Column("rejected", "rejected", "integer"),
        Column("max_age_days", "days valid", "integer"),
    ]  # fmt: skip
    print_listing(rows, shape, fmt, columns)


@command.command(
    "show", help=_("One source: its columns as a file may spell them, and its extracts.")
)
@click.argument("source_id", type=CODE, metavar="SOURCE")
@record_format
@pass_session
def show(session: Session, source_id: str, fmt: str) -> None:
    from yimen.core.store.snapshots import snapshots_of

    session.desk.require("source.read")
    source = session.catalogue.source(source_id)

    def text() -> Iterator[str]:
        from yimen.core.casework.register_file import ID_HEADERS, NAME_HEADERS
        from yimen.core.render.document import heading, key_values, wrap

        yield from heading(f"{source.source} {source.names.text()}")
        yield from key_values(
            [
                (_("Owner"), source.owner.text()),
                (_("Authority"), source.authority),
                (_("Basis"), "; ".join(b.words() for b in source.basis)),
                (_("Valid for"), _("{n} days").format(n=source.max_age_days)),
            ]
        )
        yield from ["", _("Columns of the CSV file")]
        yield from wrap(f"  - {' / '.join(ID_HEADERS)}", indent="    ")
        yield from wrap(f"  - {' / '.join(NAME_HEADERS)}", indent="    ")
        for c in source.columns:
            names = " / ".join(dict.fromkeys([c.names.zh, *c.headers, c.names.en, c.column]))
            kind = c.type if not c.codes else f"{c.type}: {', '.join(c.codes)}"
            optional = "" if c.required else f" ({_('optional')})"
            yield from wrap(f"  - {names}  [{kind}]{optional}", indent="    ")
        yield from ["", _("Extracts")]
        for snapshot in snapshots_of(session.home, source.source):
            gone = snapshot.pruned_on
            yield from wrap(
                _("  - {no}: as of {day}, {rows} rows, {rejected} rejected, from {file}").format(
                    no=snapshot.snapshot_no,
                    day=snapshot.as_of,
                    rows=snapshot.rows,
                    rejected=snapshot.rejected,
                    file=snapshot.file_name,
                )
                + (_(", pruned on {day}").format(day=gone) if gone else ""),
                indent="    ",
            )

    print_record(source, fmt, text)


@command.command("load", help=_("Load one extract, or every one of a folder's manifest."))
@click.argument("source_id", type=CODE, metavar="[SOURCE]", required=False)
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--all",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help=_("Every extract of this folder's manifest."),
)
@click.option("--as-of", type=DAY, help=_("The day of the extract."))
@click.option(
    "--covers", type=CODE, multiple=True, metavar="CODE", help=_("Divisions covered (the county).")
)
@listing_options
@pass_session
def load(
    session: Session,
    source_id: str | None,
    files: tuple[Path, ...],
    folder: Path | None,
    as_of: date | None,
    covers: tuple[str, ...],
    fmt: str,
    columns: str | None,
) -> int:
    import msgspec

    from yimen.core.casework import loading
    from yimen.core.errors import ExitCode
    from yimen.core.render.listing import Column

    if folder is not None and source_id is None:
        results = list(
            loading.load_all(session.desk, session.catalogue, folder, announce=_announce)
        )
    elif folder is None and source_id and files and as_of:
        results = [
            loading.load_files(
                session.desk,
                session.catalogue,
                source_id,
                files,
                as_of=as_of,
                covers=list(covers) or None,
                progress=_progress(source_id),
            )
        ]
    else:
        raise click.UsageError(_("Give SOURCE FILE... --as-of DAY, or --all DIR."))
    _end_progress()
    shape = [
        Column("source", "source"), Column("snapshot_no", "extract", "integer"),
        Column("as_of", "as of"), Column("rows", "rows", "integer"),
        Column("rejected", "rejected", "integer"), Column("reject_file", "rejected rows in"),
    ]  # fmt: skip
    print_listing((msgspec.to_builtins(r) for r in results), shape, fmt, columns)
    return ExitCode.REJECTED_ROWS if any(_rejected(r) for r in results) else ExitCode.DONE


def _rejected(result: LoadResult) -> bool:
    return result.rejected > 0


def _announce(item: ManifestFile) -> Callable[[int], None] | None:
    return _progress(item.source)


def _progress(source: str) -> Callable[[int], None] | None:
    """A line of progress on stderr, when that is a terminal."""
    if not sys.stderr.isatty():
        return None

    def show_rows(rows: int) -> None:
        click.echo(f"\r{source}: {rows}\x1b[K", nl=False, err=True)

    return show_rows


def _end_progress() -> None:
    if sys.stderr.isatty():
        click.echo("\r\x1b[K", nl=False, err=True)
