"""`yimen operator`: who works in this home, as what and for which place."""

from __future__ import annotations

import click

from yimen.commands.options import listing_options, print_listing
from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _
from yimen.core.records import ROLES


@click.group("operator", help=_("Add and list operators."))
def command() -> None:
    pass


@command.command("add", help=_("Add an operator; --account lets an OS account act as it."))
@click.argument("operator_no", metavar="NO")
@click.option("--name", required=True, help=_("The person's name."))
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice(ROLES),
    help=_("What the operator may do; more than one is allowed."),
)
@click.option("--division", metavar="CODE", help=_("Works for this division (the county)."))
@click.option("--department", metavar="NAME", help=_("Belongs to this department."))
@click.option("--person", "person_no", metavar="NO", help=_("Same person as another operator."))
@click.option("--account", "accounts", multiple=True, metavar="NAME", help=_("An OS account."))
@pass_session
def add(
    session: Session,
    operator_no: str,
    name: str,
    roles: tuple[str, ...],
    division: str | None,
    department: str | None,
    person_no: str | None,
    accounts: tuple[str, ...],
) -> None:
    from yimen.core.casework import operators
    from yimen.core.errors import NotFound

    if department is not None and department not in session.catalogue.departments:
        raise NotFound(
            _("There is no department {name}.").format(name=department),
            next_step=_("`yimen department list` shows them."),
        )
    done = operators.add(
        session.desk,
        operator_no=operator_no,
        name=name,
        roles=list(roles),
        division=division or session.home.county,
        department=department,
        person_no=person_no,
        accounts=list(accounts),
    )
    click.echo(_("Operator {no} may work.").format(no=done.operator_no))


@command.command("list", help=_("All operators."))
@listing_options
@pass_session
def list_(session: Session, fmt: str, columns: str | None) -> None:
    import msgspec

    from yimen.core.casework import operators
    from yimen.core.render.listing import Column

    shape = [
        Column("operator_no", "operator"), Column("name", "full name"), Column("roles", "roles"),
        Column("division", "division"), Column("department", "department"),
        Column("person_no", "person no"), Column("accounts", "accounts"),
    ]  # fmt: skip
    rows = (msgspec.to_builtins(o) for o in operators.listing(session.desk))
    print_listing(rows, shape, fmt, columns)
