"""`yimen overlaps`: lists, shows, assigns and resolves overlapping and missed aid."""

from __future__ import annotations

from typing import get_args

import click

from yimen.commands.given import CODE, NUMBER, WORDS, YUAN
from yimen.commands.options import listing_options, print_listing, print_record, record_format
from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _
from yimen.core.records import OverlapKind, OverlapState, Resolution

KINDS: tuple[str, ...] = get_args(OverlapKind)
STATES: tuple[str, ...] = get_args(OverlapState)
CODES: tuple[str, ...] = get_args(Resolution)


@click.group("overlaps", help=_("List, show, assign and resolve overlapping or missed aid."))
def command() -> None:
    pass


@command.command("list", help=_("Overlaps in your scope, oldest first."))
@click.option("--kind", type=click.Choice(KINDS), metavar="KIND", help=_("Only of this kind."))
@click.option("--division", type=CODE, metavar="CODE", help=_("Only below this division."))
@click.option("--owner", type=CODE, metavar="OWNER", help=_("Only of this operator or department."))
@click.option(
    "--state",
    type=click.Choice([*STATES, "all"]),
    default="open",
    show_default=True,
    help=_("Only in this state."),
)
@listing_options
@pass_session
def list_(
    session: Session,
    kind: str | None,
    division: str | None,
    owner: str | None,
    state: str,
    fmt: str,
    columns: str | None,
) -> None:
    import msgspec

    from yimen.core.casework.overlap_cases import overlap_lines
    from yimen.core.divisions import normalise_division
    from yimen.core.render.listing import Column
    from yimen.core.words.overlaps import overlap_name, overlap_state_name

    place = normalise_division(division, synthetic=session.home.synthetic) if division else None
    lines = overlap_lines(
        session.desk,
        session.catalogue,
        kind=kind,
        state=None if state == "all" else state,
        owner=owner,
        division=place,
    )
    shape = [
        Column("hit_no", "overlap"), Column("kind", "kind", words=overlap_name),
        Column("household_no", "household"),
        Column("member", "member"), Column("programmes", "programmes"),
        Column("from_month", "from month"), Column("to_month", "to month"),
        Column("amount_fen", "amount", "money"), Column("owner", "in charge"),
        Column("resolution", "resolution", words=overlap_state_name),
        Column("state", "state", words=overlap_state_name),
    ]  # fmt: skip
    print_listing((msgspec.to_builtins(line) for line in lines), shape, fmt, columns)


@command.command("show", help=_("One overlap by month and payer, with its history."))
@click.argument("hit_no", type=NUMBER, metavar="OVERLAP")
@record_format
@pass_session
def show(session: Session, hit_no: str, fmt: str) -> None:
    from yimen.core.casework.overlap_cases import show_overlap

    hit = show_overlap(session.desk, session.catalogue, hit_no)

    def text() -> list[str]:
        from yimen.core.casework.operators import operator_names
        from yimen.core.documents.overlap_text import overlap_text

        names = operator_names(session.home.casework)
        return list(overlap_text(hit, session.catalogue, names))

    print_record(hit, fmt, text)


@command.command("assign", help=_("Give an overlap to an operator who may resolve it."))
@click.argument("hit_no", type=NUMBER, metavar="OVERLAP")
@click.argument("operator_no", type=CODE, metavar="OPERATOR")
@pass_session
def assign(session: Session, hit_no: str, operator_no: str) -> None:
    from yimen.core.casework import overlap_cases

    line = overlap_cases.assign(session.desk, session.catalogue, hit_no, operator_no)
    click.echo(_("{no} now belongs to {owner}.").format(no=line.hit_no, owner=line.owner))


@command.command("resolve", help=_("Say what was found out: false_hit, disputed or confirmed."))
@click.argument("hit_no", type=NUMBER, metavar="OVERLAP")
@click.argument("code", type=click.Choice(CODES))
@click.option("--reason", type=WORDS, required=True, help=_("What was found out, and how."))
@click.option(
    "--from", "from_month", type=NUMBER, metavar="MONTH", help=_("First month (as found).")
)
@click.option("--to", "to_month", type=NUMBER, metavar="MONTH", help=_("Last month (as found)."))
@click.option("--amount", type=YUAN, metavar="YUAN", help=_("To be returned, in yuan (as found)."))
@pass_session
def resolve(
    session: Session,
    hit_no: str,
    code: str,
    reason: str,
    from_month: str | None,
    to_month: str | None,
    amount: str | None,
) -> None:
    from yimen.core.casework import overlap_cases
    from yimen.core.money import parse_yuan
    from yimen.core.words.overlaps import overlap_state_name

    line = overlap_cases.resolve(
        session.desk,
        session.catalogue,
        hit_no,
        code=code,
        reason=reason,
        from_month=from_month,
        to_month=to_month,
        amount_fen=parse_yuan(amount) if amount is not None else None,
    )
    click.echo(f"{line.hit_no} {overlap_state_name(line.resolution or line.state)}")


@command.command(
    "unattributed", help=_("Rows of aid that no person can be given, and where they are.")
)
@click.option("--source", type=CODE, metavar="SOURCE", help=_("Only of this source."))
@listing_options
@pass_session
def unattributed(session: Session, source: str | None, fmt: str, columns: str | None) -> None:
    import msgspec

    from yimen.core.casework.unattributed import unattributed_rows
    from yimen.core.render.listing import Column
    from yimen.core.words.overlaps import nobody_reason_name

    rows = unattributed_rows(session.desk, session.catalogue, source=source)
    shape = [
        Column("source", "source"), Column("as_of", "as of"), Column("line", "line", "integer"),
        Column("reason", "reason", words=nobody_reason_name),
        Column("id_number", "ID number"), Column("name", "name"),
    ]  # fmt: skip
    if fmt != "table" or columns:
        # What was paid would take the width of a window, and does not help to find the row.
        shape += [
            Column("file", "file"), Column("programme", "programme"), Column("payer", "payer"),
            Column("amount_fen", "amount", "money"),
            Column("from_date", "from"), Column("to_date", "to"),
        ]  # fmt: skip
    print_listing((msgspec.to_builtins(row) for row in rows), shape, fmt, columns)
