"""`yimen due`: each morning's list; cron may run it as often as it likes."""

from __future__ import annotations

import click

from yimen.commands.given import CODE
from yimen.commands.options import listing_options, print_listing
from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _


@click.command("due", help=_("What is late, soon due and escalated in your scope."))
@click.option("--department", type=CODE, metavar="NAME", help=_("Only this department's."))
@click.option("--within", type=click.IntRange(min=0), metavar="DAYS",
              help=_("So many working days ahead, instead of what is soon due."))  # fmt: skip
@click.option("--all", "every", is_flag=True, help=_("All that is open, the far ones too."))
@listing_options
@pass_session
def command(
    session: Session,
    department: str | None,
    within: int | None,
    every: bool,
    fmt: str,
    columns: str | None,
) -> None:
    import msgspec

    from yimen.core.casework.checklists.worklist import prepare
    from yimen.core.casework.due import due
    from yimen.core.render.listing import Column
    from yimen.core.words.referrals import clock_name, light_mark

    result = due(session.desk, department=department, within=within, every=every)
    # The nightly run does for the lists of steps what the first clerk would wait for.
    prepare(session.desk, session.catalogue)
    shape = [
        Column("subject", "number"), Column("application_no", "application"),
        Column("department", "department"), Column("programme", "programme"),
        Column("clock", "what is due", words=clock_name), Column("due_on", "due on"),
        Column("light", "light", words=light_mark),
        Column("days_late", "days late", "integer"), Column("level", "level", "integer"),
        Column("owner", "first officer"), Column("statutory_overdue", "past the law's limit",
                                                 "boolean"),
        Column("provisional", "provisional", "boolean"), Column("division", "division"),
    ]  # fmt: skip
    shown = columns or (
        "subject,department,programme,clock,due_on,light,days_late,level,owner"
        if fmt == "table"
        else None
    )
    print_listing((msgspec.to_builtins(line) for line in result.lines), shape, fmt, shown)
    late = sum(line.light == "red" for line in result.lines)
    click.echo(
        _("{late} late, {soon} soon due; {escalated} reached a new level.").format(
            late=late, soon=len(result.lines) - late, escalated=result.escalated
        ),
        err=True,
    )
    if result.to_sign:
        words = _("Waiting for you to sign as the second person: {numbers}.")
        click.echo(words.format(numbers=", ".join(result.to_sign)), err=True)
        click.echo(
            _(
                "Sign with `yimen application countersign`, `yimen referral countersign` or"
                " `yimen purchase pay --voucher`; `decline` and `pay --withdraw` give it back."
            ),
            err=True,
        )
