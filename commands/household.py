"""`yimen household`: the household file by its number, and facts that an officer verifies."""

from __future__ import annotations

import click

from yimen.commands.options import print_record, record_format, texts
from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _


@click.group("household", help=_("Show a household file; verify a fact."))
def command() -> None:
    pass


@command.command("show", help=_("The household file by its number."))
@click.argument("household_no", metavar="NO")
@click.option("--unmask", is_flag=True, help=_("Whole ID numbers, where your role may see them."))
@record_format
@pass_session
def show(session: Session, household_no: str, unmask: bool, fmt: str) -> None:
    from yimen.core.casework.household import show_household

    result = show_household(session.desk, session.catalogue, household_no, unmask=unmask)
    print_record(result, fmt, lambda: texts().query_text(result, session.catalogue))


@command.command("verify", help=_("Record a fact that an officer verified; it stands first."))
@click.argument("household_no", metavar="NO")
@click.argument("answer", metavar="[MEMBER:]FACT=VALUE")
@click.option("--source", required=True, help=_("What was seen: a paper, a visit, an office."))
@pass_session
def verify(session: Session, household_no: str, answer: str, source: str) -> None:
    from yimen.core.casework.intake import parse_answer, verify_fact

    typed = parse_answer(session.catalogue, answer)
    verify_fact(session.desk, session.catalogue, household_no.upper(), typed, source=source)
    click.echo(_("Recorded as verified: {fact}").format(fact=typed.fact))
