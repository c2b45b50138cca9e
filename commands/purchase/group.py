"""The group to which the files of this folder add their commands."""

from __future__ import annotations

import click

from yimen.core.i18n import _


@click.group("purchase", help=_("Purchase services: plan, order, accept and pay."))
def command() -> None:
    pass
