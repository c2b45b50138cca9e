"""`yimen need`: what households need as people assessed it, and what nothing meets yet."""

from __future__ import annotations

import sys
from typing import get_args

import click

from yimen.commands.given import CODE, NUMBER, WORDS
from yimen.commands.options import listing_options, page_format, print_listing, print_page
from yimen.commands.session import Session, pass_session
from yimen.core.declarations import Need
from yimen.core.i18n import _

NEEDS: tuple[str, ...] = get_args(get_args(Need)[0])


@click.group("need", help=_("Assess what a household needs, and list what is unmet."))
def command() -> None:
    pass


@command.command("assess", help=_("Record what was assessed; asks what is open at a terminal."))
@click.argument("household_no", type=NUMBER, metavar="NO")
@click.argument("needs", type=CODE, metavar="[MEMBER:]NEED=YES|NO", nargs=-1)
@click.option(
    "--source", type=WORDS, required=True, help=_("How it was seen: a visit, a call, a scale.")
)
@pass_session
def assess(session: Session, household_no: str, needs: tuple[str, ...], source: str) -> None:
    from yimen.core.casework import needs as casework

    desk, catalogue, number = session.desk, session.catalogue, household_no
    answers = [casework.parse_need(catalogue, number, text) for text in needs]
    if answers:
        casework.assess(desk, catalogue, number, answers, source=source)
        click.echo(_("Recorded: {n} needs.").format(n=len(answers)))
    elif sys.stdin.isatty():
        _ask(session, number, source)
    else:
        raise click.UsageError(_("Name what was assessed, such as living=yes."))


def _ask(session: Session, number: str, source: str) -> None:
    """Asks what nobody assessed yet; each answer is recorded as it is given."""
    from yimen.core.casework import needs as casework
    from yimen.core.errors import BadInput
    from yimen.core.render.safe import terminal_safe

    desk, catalogue = session.desk, session.catalogue
    left: set[tuple[str, str]] = set()
    click.echo(_("Enter alone leaves a question open."))
    while True:
        asked = casework.open_questions(desk, catalogue, number)
        question = next((q for q in asked if (q.subject, q.fact) not in left), None)
        if question is None:
            return
        about = f"{terminal_safe(question.about)}: " if question.about else ""
        said = click.prompt(f"{about}{question.text}", default="", show_default=False)
        if not said.strip():
            left.add((question.subject, question.fact))
            continue
        whose = f"{question.subject}:" if question.about else ""
        try:
            answer = casework.parse_need(catalogue, number, f"{whose}{question.need}={said}")
        except BadInput as error:
            click.echo(str(error))
            continue
        casework.assess(desk, catalogue, number, [answer], source=source)


@command.command("list", help=_("Needs that were assessed, with what answers them."))
@click.argument("household_no", type=NUMBER, metavar="[NO]", required=False)
@click.option("--unmet", is_flag=True, help=_("Only those that nothing meets yet."))
@click.option("--need", "kind", type=click.Choice(NEEDS), metavar="NEED", help=_("Only this need."))
@listing_options
@pass_session
def list_(
    session: Session,
    household_no: str | None,
    unmet: bool,
    kind: str | None,
    fmt: str,
    columns: str | None,
) -> None:
    import msgspec

    from yimen.core.casework.needs import need_rows
    from yimen.core.render.listing import Column
    from yimen.core.words.people import need_name

    rows = need_rows(
        session.desk,
        session.catalogue,
        household_no=household_no,
        need=kind,
        unmet=unmet,
    )
    shape = [
        Column("household_no", "household"), Column("need", "need", words=need_name),
        Column("member", "member"),
        Column("as_of", "as of"), Column("assessed_by", "assessed by"), Column("source", "seen by"),
        Column("met", "met", "boolean"), Column("programmes", "programmes"),
        Column("referrals", "referrals"), Column("orders", "orders"),
        Column("outcomes", "outcome", words=_answered),
    ]  # fmt: skip
    print_listing((msgspec.to_builtins(row) for row in rows), shape, fmt, columns)


@command.command("show", help=_("The service list of one household: needs and what meets them."))
@click.argument("household_no", type=NUMBER, metavar="NO")
@page_format
@pass_session
def show(session: Session, household_no: str, fmt: str) -> None:
    from yimen.core.casework.care import service_list
    from yimen.core.casework.household import show_household
    from yimen.core.documents.lists import member_names, services_page

    desk, catalogue, number = session.desk, session.catalogue, household_no
    found = service_list(desk, catalogue, number)
    family = show_household(desk, catalogue, number)
    print_page(found, fmt, lambda: services_page(found, member_names(family.household)))


def _answered(text: str) -> str:
    """A referral's number with what was decided, in words."""
    from yimen.core.words.referrals import decision_name

    number, __, outcome = text.partition(" ")
    return f"{number} {decision_name(outcome)}"
