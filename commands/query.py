"""`yimen query ID`: one ID number in, one family file out."""

from __future__ import annotations

import click

from yimen.commands.given import NUMBER
from yimen.commands.options import page_format, print_page
from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _


@click.command("query", help=_("Show what is known of the family of one ID number."))
@click.argument("id_number", type=NUMBER, metavar="ID")
@click.option("--unmask", is_flag=True, help=_("Whole ID numbers, where your role may see them."))
@page_format
@pass_session
def command(session: Session, id_number: str, unmask: bool, fmt: str) -> None:
    from yimen.core.casework.household import query
    from yimen.core.documents.lists import file_page

    result = query(session.desk, session.catalogue, id_number, unmask=unmask)
    print_page(result, fmt, lambda: file_page(result, session.catalogue))
