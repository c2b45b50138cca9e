"""`yimen synth DIR`: an invented county as files, with the truths that a check must find."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from yimen.commands.options import DAY
from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _


@click.command("synth", help=_("Write an invented county as register files, with planted truths."))
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--households",
    type=click.IntRange(1),
    default=300,
    show_default=True,
    help=_("How many households."),
)
@click.option(
    "--seed", type=int, default=1, show_default=True, help=_("Another seed is another county.")
)
@click.option("--as-of", type=DAY, help=_("The day of the extracts (today)."))
@click.option(
    "--encoding",
    type=click.Choice(["utf-8", "gb18030"]),
    default="utf-8",
    show_default=True,
    help=_("The files' encoding."),
)
@pass_session
def command(
    session: Session, directory: Path, households: int, seed: int, as_of: date | None, encoding: str
) -> None:
    from yimen.core.clock import Clock
    from yimen.core.rules.catalogue import load_catalogue
    from yimen.core.synthetic.writer import write_county

    catalogue = load_catalogue(session.home_path / "cache")
    manifest = write_county(
        directory,
        households=households,
        seed=seed,
        as_of=as_of or Clock(session.moved_to).today(),
        encoding=encoding,  # type: ignore[arg-type]
        sources=list(catalogue.sources.values()),
    )
    click.echo(
        _("{n} files for {households} households are in {dir}").format(
            n=len(manifest["files"]), households=households, dir=directory
        )
    )
