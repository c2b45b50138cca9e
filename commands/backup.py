"""`yimen backup`: a copy of the home, taken while others work in it."""

from __future__ import annotations

from pathlib import Path

import click

from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _


@click.group(
    "backup",
    invoke_without_command=True,
    help=_("Copy this home into a new folder below DIR, while others work in it."),
)
@click.option("--to", "into", type=click.Path(path_type=Path), metavar="DIR",
              help=_("Where backups lie, outside the home."))  # fmt: skip
@click.option("--keys", is_flag=True, help=_("Take the private keys in; keep the copy as safe."))
@click.option("--no-runs", is_flag=True, help=_("Leave the results of batch runs out."))
@click.pass_context
def command(ctx: click.Context, into: Path | None, keys: bool, no_runs: bool) -> None:
    if ctx.invoked_subcommand is not None:
        return
    if into is None:
        raise click.UsageError(_("Name the folder of the backups with --to DIR."))
    from yimen.core.casework.backup import back_up

    session: Session = ctx.obj
    place, manifest = back_up(session.desk, into, keys=keys, runs=not no_runs)
    click.echo(str(place))
    size = sum(file.bytes for file in manifest.files)
    words = _("{n} files, {size} MiB; the journal has {rows} rows, head {hash}.")
    click.echo(
        words.format(n=len(manifest.files), size=size >> 20, rows=manifest.journal_rows,
                     hash=manifest.journal_head),
        err=True,
    )  # fmt: skip
    if not keys and any((session.home.path / "keys").glob("*")):
        click.echo(_("Private keys are not in it; keep a copy of keys/ elsewhere."), err=True)


@command.command("verify", help=_("Compare a backup with its manifest; needs no home."))
@click.argument("folder", type=click.Path(path_type=Path))
@pass_session
def verify(session: Session, folder: Path) -> None:
    from yimen.core.casework.backup_check import verify_backup

    manifest = verify_backup(folder)
    words = _("The backup of {day} is whole: {n} files, {rows} rows of the journal, head {hash}")
    click.echo(
        words.format(day=manifest.made_at, n=len(manifest.files), rows=manifest.journal_rows,
                     hash=manifest.journal_head)
    )  # fmt: skip
