"""`yimen restore`: makes a home of a backup."""

from __future__ import annotations

from pathlib import Path

import click

from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _


@click.command("restore", help=_("Make the home named by --home of a backup; never over another."))
@click.argument("folder", type=click.Path(path_type=Path))
@pass_session
def command(session: Session, folder: Path) -> None:
    from yimen.core.casework.restoring import restore

    path = session.home_path
    manifest = restore(folder, path)
    click.echo(_("The home of {day} is restored: {path}").format(day=manifest.made_at, path=path))
    click.echo(_("Next: `yimen doctor`."), err=True)
