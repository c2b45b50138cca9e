"""`yimen operator`: who works in this home, as what and for which place."""

from __future__ import annotations

from pathlib import Path

import click

from yimen.commands.given import CODE, WORDS
from yimen.commands.options import listing_options, print_listing
from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _
from yimen.core.records import ROLES

_accounts = click.option(
    "--account", "accounts", type=WORDS, multiple=True, metavar="NAME", help=_("An OS account.")
)
_ssh_keys = click.option(
    "--ssh-key",
    "ssh_keys",
    multiple=True,
    metavar="FILE",
    type=click.Path(path_type=Path),
    help=_("A public ssh key, by which the operator comes in."),
)


@click.group("operator", help=_("Add and list operators, and by what they come in."))
def command() -> None:
    pass


@command.command("add", help=_("Add an operator; an OS account or an ssh key lets it sit down."))
@click.argument("operator_no", type=CODE, metavar="NO")
@click.option("--name", type=WORDS, required=True, help=_("The person's name."))
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice(ROLES),
    help=_("What the operator may do; more than one is allowed."),
)
@click.option(
    "--division", type=CODE, metavar="CODE", help=_("Works for this division (the county).")
)
@click.option("--department", type=CODE, metavar="NAME", help=_("Belongs to this department."))
@click.option(
    "--person", "person_no", type=CODE, metavar="NO", help=_("Same person as another operator.")
)
@_accounts
@_ssh_keys
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
    ssh_keys: tuple[Path, ...],
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
        accounts=_doors(accounts, ssh_keys),
    )
    click.echo(_("Operator {no} may work.").format(no=done.operator_no))


@command.command("open", help=_("Let an OS account or an ssh key act as an operator."))
@click.argument("operator_no", type=CODE, metavar="NO")
@_accounts
@_ssh_keys
@pass_session
def open_(
    session: Session, operator_no: str, accounts: tuple[str, ...], ssh_keys: tuple[Path, ...]
) -> None:
    from yimen.core.casework.doors import open_doors

    if not accounts and not ssh_keys:
        raise click.UsageError(_("Give --account or --ssh-key."))
    opened = open_doors(session.desk, operator_no, _doors(accounts, ssh_keys))
    words = _("Operator {no} comes in by: {accounts}.")
    click.echo(words.format(no=opened.operator_no, accounts=", ".join(opened.accounts)))


@command.command("close", help=_("Shut an OS account or an ssh key (SHA256:...) out."))
@click.argument("account", type=CODE, metavar="ACCOUNT")
@pass_session
def close(session: Session, account: str) -> None:
    from yimen.core.casework.doors import close_door

    whose = close_door(session.desk, account)
    click.echo(_("{account} opens the desk of {no} no more.").format(account=account, no=whose))


def _doors(accounts: tuple[str, ...], ssh_keys: tuple[Path, ...]) -> list[str]:
    from yimen.core.casework.doors import read_public_key

    return [*accounts, *(read_public_key(path) for path in ssh_keys)]


@command.command("list", help=_("All operators."))
@listing_options
@pass_session
def list_(session: Session, fmt: str, columns: str | None) -> None:
    import msgspec

    from yimen.core.casework import operators
    from yimen.core.render.listing import Column
    from yimen.core.words.roles import role_name

    shape = [
        Column("operator_no", "operator"), Column("name", "full name"),
        Column("roles", "roles", words=role_name),
        Column("division", "division"), Column("department", "department"),
        Column("person_no", "person no"), Column("accounts", "accounts"),
    ]  # fmt: skip
    rows = (msgspec.to_builtins(o) for o in operators.listing(session.desk))
    print_listing(rows, shape, fmt, columns)
