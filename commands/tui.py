"""`yimen tui`: the clerk's screen."""

from __future__ import annotations

import gc
import os

import click

from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _


@click.command("tui", help=_("Open the clerk's screen: the whole day at 80 x 24, keys only."))
@click.option(
    "--profile",
    type=click.Choice(["auto", "full", "lean", "plain"]),
    default="auto",
    show_default=True,
    help=_("lean redraws less often, for slow lines; plain is line by line, with menus."),
)
@click.option("--force", is_flag=True, help=_("Even where the terminal seems unfit."))
@pass_session
def command(session: Session, profile: str, force: bool) -> int:
    from yimen.core.errors import Refused
    from yimen.tui import terminal

    if profile == "plain":
        _line_by_line(session)
        return 0
    # Nothing made on the way to the first screen is garbage; the program turns it on again.
    gc.disable()
    if not force and (reason := terminal.objection(os.environ)):
        # In ASCII whatever the language: this terminal could not show anything else.
        raise Refused(f"{reason} --force opens it all the same.")
    desk = session.desk
    terminal.prepare(profile)  # type: ignore[arg-type]
    from yimen.tui import launch

    return launch.run(desk, session.read_catalogue, lambda: session.names)


def _line_by_line(session: Session) -> None:
    """Numbered menus on stdin and stdout; an end of input leaves."""
    from yimen.tui.plain import PlainDesk

    def hear(words: str) -> str:
        said: str = click.prompt(words, default="", show_default=False, prompt_suffix=" ")
        return said

    try:
        PlainDesk(session.desk, session.catalogue, click.echo, hear).run()
    except click.Abort:
        click.echo()
