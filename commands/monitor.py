"""`yimen monitor`: how the work stands and how punctual it was, as on the clerk's screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import click

from yimen.commands.options import DAY, listing_options, print_listing
from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _

if TYPE_CHECKING:
    from yimen.core.casework.monitor import Monitor
    from yimen.core.render.listing import Column


@click.command("monitor", help=_("Open and late work, and the appraisal's indicators."))
@click.option(
    "--by",
    type=click.Choice(["town", "department", "step", "indicator"]),
    default="town",
    show_default=True,
    help=_("Work by town or department, late steps, or indicators."),
)
@click.option("--since", type=DAY, metavar="DAY", help=_("Count from this day; else this year's."))
@listing_options
@pass_session
def command(session: Session, by: str, since: date | None, fmt: str, columns: str | None) -> None:
    from yimen.core.casework.monitor import monitor

    figures = monitor(session.desk, since=since)
    print_listing(_rows(figures, by), _shape(by), fmt, columns)
    click.echo(_("Since {since}, on {day}.").format(since=figures.since, day=figures.on), err=True)


def _rows(figures: Monitor, by: str) -> Iterator[Mapping[str, object]]:
    import msgspec

    if by == "indicator":
        for known in figures.indicators:
            yield {**msgspec.to_builtins(known), "kept": True}
        for name in figures.not_kept:
            yield {"indicator": name, "part": None, "whole": None, "kept": False}
        return
    lines: dict[str, Sequence[object]] = {
        "town": figures.towns, "department": figures.departments, "step": figures.late_steps
    }  # fmt: skip
    for line in lines[by]:
        yield msgspec.to_builtins(line)


def _shape(by: str) -> list[Column]:
    from yimen.core.divisions import division_name
    from yimen.core.render.listing import Column
    from yimen.core.words.referrals import clock_name
    from yimen.core.words.work import indicator_name

    if by == "indicator":
        return [
            Column("indicator", "indicator", words=indicator_name),
            Column("part", "these", "integer"), Column("whole", "of all", "integer"),
            Column("kept", "records kept", "boolean"),
        ]  # fmt: skip
    if by == "step":
        return [
            Column("clock", "step", words=clock_name), Column("cases", "late cases", "integer"),
            Column("days_late", "days late", "integer"),
        ]  # fmt: skip
    whose = (
        Column("key", "town", words=division_name) if by == "town" else Column("key", "department")
    )
    return [
        whose, Column("open", "open work", "integer"), Column("soon", "soon due", "integer"),
        Column("late", "overdue", "integer"), Column("days_late", "days late", "integer"),
        Column("in_time", "in time", "integer"), Column("ended", "ended", "integer"),
        Column("sent_back", "sent back", "integer"), Column("sent", "sent", "integer"),
    ]  # fmt: skip
