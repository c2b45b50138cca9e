"""`yimen household`: the household file by its number, its two lists, and verified facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

import click

from yimen.commands.given import CODE, NUMBER, WORDS
from yimen.commands.options import page_format, paper_format, print_page
from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _

if TYPE_CHECKING:
    from yimen.core.casework.desk import Desk
    from yimen.core.render.page import Block
    from yimen.core.rules.catalogue import Catalogue

R = TypeVar("R")


@click.group("household", help=_("Show a household's file and its lists; verify a fact."))
def command() -> None:
    pass


@command.command("show", help=_("The household file by its number, or its portrait."))
@click.argument("household_no", type=NUMBER, metavar="NO")
@click.option("--unmask", is_flag=True, help=_("Whole ID numbers, where your role may see them."))
@click.option(
    "--portrait",
    "drawn",
    is_flag=True,
    help=_("Hardship, degree, expenses, aid, and what would decide the most."),
)
@page_format
@pass_session
def show(session: Session, household_no: str, unmask: bool, drawn: bool, fmt: str) -> None:
    from yimen.core.casework.household import show_household

    if unmask and drawn:
        raise click.UsageError(_("A portrait shows no ID numbers; leave --unmask out."))
    desk, catalogue, number = session.desk, session.catalogue, household_no
    family = show_household(desk, catalogue, number, unmask=unmask)
    if not drawn:
        from yimen.core.documents.lists import file_page

        print_page(family, fmt, lambda: file_page(family, catalogue))
        return
    from yimen.core.casework.portrait import household_portrait
    from yimen.core.documents.lists import member_names
    from yimen.core.documents.portrait import portrait_page

    found = household_portrait(desk, catalogue, number, family.benefits)
    names = member_names(family.household)
    print_page(found, fmt, lambda: portrait_page(found, names, catalogue))


@command.command("policies", help=_("The policy care list: what it receives and what it may have."))
@click.argument("household_no", type=NUMBER, metavar="NO")
@page_format
@pass_session
def policies(session: Session, household_no: str, fmt: str) -> None:
    from yimen.core.casework.care import policy_list
    from yimen.core.documents.lists import policies_page

    _print_for_members(session, household_no, fmt, policy_list, policies_page)


@command.command("services", help=_("The service list: its needs and what answers them."))
@click.argument("household_no", type=NUMBER, metavar="NO")
@page_format
@pass_session
def services(session: Session, household_no: str, fmt: str) -> None:
    from yimen.core.casework.care import service_list
    from yimen.core.documents.lists import services_page

    _print_for_members(session, household_no, fmt, service_list, services_page)


def _print_for_members(
    session: Session,
    number: str,
    fmt: str,
    made: Callable[[Desk, Catalogue, str], R],
    page: Callable[[R, dict[str, str]], Iterable[Block]],
) -> None:
    """Prints what is made of a household, with its members' names where it is a page."""
    from yimen.core.casework.household import show_household
    from yimen.core.documents.lists import member_names

    found = made(session.desk, session.catalogue, number)
    family = show_household(session.desk, session.catalogue, number)
    print_page(found, fmt, lambda: page(found, member_names(family.household)))


@command.command("booklet", help=_("One household, one booklet: its file and both lists to print."))
@click.argument("household_no", type=NUMBER, metavar="NO")
@paper_format
@pass_session
def booklet(session: Session, household_no: str, fmt: str) -> None:
    from yimen.core.casework.care import both_lists
    from yimen.core.casework.household import show_household
    from yimen.core.documents.lists import booklet_page

    desk, catalogue, number = session.desk, session.catalogue, household_no
    family = show_household(desk, catalogue, number, unmask=False)
    aid, needs = both_lists(desk, catalogue, number)
    print_page(family, fmt, lambda: booklet_page(family, aid, needs, catalogue))


@command.command("verify", help=_("Record a fact that an officer verified; it stands first."))
@click.argument("household_no", type=NUMBER, metavar="NO")
@click.argument("answer", type=CODE, metavar="[MEMBER:]FACT=VALUE")
@click.option(
    "--source", type=WORDS, required=True, help=_("What was seen: a paper, a visit, an office.")
)
@pass_session
def verify(session: Session, household_no: str, answer: str, source: str) -> None:
    from yimen.core.casework.intake import parse_answer, verify_fact

    typed = parse_answer(session.catalogue, answer)
    verify_fact(session.desk, session.catalogue, household_no, typed, source=source)
    click.echo(_("Recorded as verified: {fact}").format(fact=typed.fact))
