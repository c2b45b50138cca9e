"""`yimen calendar`: the county's own working days beside the published calendar."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from yimen.commands.options import DAY
from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _


@click.group("calendar", help=_("Load and show the county's working days."))
def command() -> None:
    pass


@command.command("load", help=_("Load days from a CSV file: date,type with type off or work."))
@click.argument("file", type=click.Path(path_type=Path))
@pass_session
def load(session: Session, file: Path) -> None:
    from yimen.core.casework.setup import load_calendar

    count = load_calendar(session.desk, file)
    click.echo(_("{n} days are loaded.").format(n=count))


@command.command("due", help=_("When a limit ends: N working days, calendar days or months."))
@click.argument("n", type=click.IntRange(0, 10000))
@click.argument("unit", type=click.Choice(["WD", "CD", "MO"]))
@click.option("--from", "start", type=DAY, help=_("The start day, not counted (today)."))
@pass_session
def due(session: Session, n: int, unit: str, start: date | None) -> None:
    from yimen.core.errors import BadDate

    try:
        found = session.desk.calendar.add(
            start or session.home.clock.today(),
            n,
            unit,  # type: ignore[arg-type]
        )
    except (ValueError, OverflowError):
        raise BadDate(
            _("The limit ends after the year 9999."), next_step=_("Give a nearer day.")
        ) from None
    unsure = " PROVISIONAL" if found.provisional else ""
    click.echo(f"{found.due.isoformat()}{unsure}")
