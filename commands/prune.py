"""`yimen prune`: lets old extracts and results of old runs go, and says what is kept."""

from __future__ import annotations

import click

from yimen.commands.options import listing_options, print_listing, print_record, record_format
from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _


@click.group(
    "prune",
    invoke_without_command=True,
    help=_("Let old extracts and runs go that nothing cites any more; the numbers of `keep` rule."),
)
@click.option("--dry-run", is_flag=True, help=_("Only tell what would go."))
@click.option("--kept", is_flag=True, help=_("List what is kept as well, with the reason."))
@listing_options
@click.pass_context
def command(ctx: click.Context, dry_run: bool, kept: bool, fmt: str, columns: str | None) -> None:
    if ctx.invoked_subcommand is not None:
        return
    import msgspec

    from yimen.core.casework.pruning import prune
    from yimen.core.render.listing import Column
    from yimen.core.words.upkeep import kept_because

    session: Session = ctx.obj
    lines = prune(session.desk, dry_run=dry_run)
    shown = [line for line in lines if kept or line.fate == "pruned"]
    shape = [
        Column("kind", "kind"), Column("name", "name"), Column("source", "source"),
        Column("day", "day"), Column("rows", "rows", "integer"), Column("fate", "fate"),
        Column("because", "because"),
    ]  # fmt: skip
    rows = [msgspec.to_builtins(line) for line in shown]
    if fmt == "table":
        rows = [r | {"because": kept_because(r["because"]) if r["because"] else ""} for r in rows]
    print_listing(rows, shape, fmt, columns)
    count = sum(line.fate == "pruned" for line in lines)
    words = _("{n} would go, {kept} are kept.") if dry_run else _("{n} went, {kept} are kept.")
    click.echo(words.format(n=count, kept=len(lines) - count), err=True)


@command.command("keep", help=_("Show what the county keeps; with numbers, set them (county)."))
@click.option("--snapshots", type=click.IntRange(1), metavar="N",
              help=_("The newest N extracts of each source."))  # fmt: skip
@click.option("--snapshot-days", type=click.IntRange(0), metavar="N",
              help=_("Extracts as of the last N days."))  # fmt: skip
@click.option("--runs", type=click.IntRange(1), metavar="N",
              help=_("The newest N runs of each kind."))  # fmt: skip
@click.option("--run-days", type=click.IntRange(0), metavar="N",
              help=_("Runs of the last N days."))  # fmt: skip
@click.option("--report-months", type=click.IntRange(0), metavar="N",
              help=_("Extracts cited by reports of the last N months; 0 for all."))  # fmt: skip
@record_format
@pass_session
def keep(
    session: Session,
    snapshots: int | None,
    snapshot_days: int | None,
    runs: int | None,
    run_days: int | None,
    report_months: int | None,
    fmt: str,
) -> None:
    from collections.abc import Iterator

    from yimen.core.casework.pruning import keeping, set_keeping
    from yimen.core.render.document import key_values

    given = {"snapshots": snapshots, "snapshot_days": snapshot_days, "runs": runs,
             "run_days": run_days}  # fmt: skip
    changes: dict[str, int | None] = {
        name: value for name, value in given.items() if value is not None
    }
    if report_months is not None:
        changes["report_months"] = report_months or None
    if changes:
        now = set_keeping(session.desk, **changes)
    else:
        session.desk.require("source.read")
        now = keeping(session.desk)

    def text() -> Iterator[str]:
        months = now.report_months
        yield from key_values(
            [
                (_("Extracts of each source"), str(now.snapshots)),
                (_("Extracts of days"), str(now.snapshot_days)),
                (_("Runs of each kind"), str(now.runs)),
                (_("Runs of days"), str(now.run_days)),
                (_("Extracts of reports"),
                 _("all") if months is None else _("{n} months").format(n=months)),
            ]
        )  # fmt: skip

    print_record(now, fmt, text)
