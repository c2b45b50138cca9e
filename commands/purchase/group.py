"""The group to which the files of this folder add their commands."""

from __future__ import annotations

import click

from yimen.core.i18n import _


class InOrderOfWork(click.Group):
    """Lists its commands as they were added and not by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(
    "purchase", cls=InOrderOfWork, help=_("Purchase services: plan, order, accept and pay.")
)
def command() -> None:
    pass
