"""`yimen department`: the installed departments, and what is wrong with a broken one."""

from __future__ import annotations

from pathlib import Path

import click

from yimen.commands.given import CODE
from yimen.commands.keys import key
from yimen.commands.options import listing_options, print_listing
from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _


@click.group("department", help=_("List the installed departments; keep the hand-over's keys."))
def command() -> None:
    pass


command.add_command(key)


@command.command("list", help=_("Every plugin, its bodies and programmes, and its problems."))
@listing_options
@pass_session
def list_(session: Session, fmt: str, columns: str | None) -> None:
    from yimen.core.departments import installed_department_names
    from yimen.core.render.listing import Column

    catalogue = session.catalogue
    made = (session.home_path / "casework.db").is_file()
    disabled = session.home.disabled_departments if made else []
    rows = []
    for plugin in installed_department_names():
        bodies = [d for d in catalogue.departments.values()
                  if catalogue.owners[d.department] == plugin]  # fmt: skip
        own = [n for n, owner in catalogue.owners.items() if owner == plugin]
        problems = [p.message for p in catalogue.problems if p.plugin == plugin]
        rows.append(
            {
                "plugin": plugin,
                "enabled": plugin not in disabled,
                "names": [d.names.text() for d in bodies],
                "programmes": sum(n in catalogue.programmes for n in own),
                "sources": sum(n in catalogue.sources for n in own),
                "facts": sum(n in catalogue.facts for n in own),
                "problems": problems,
            }
        )
    shape = [
        Column("plugin", "plugin"), Column("enabled", "enabled", "boolean"),
        Column("names", "names"),
        Column("programmes", "programmes", "integer"), Column("sources", "sources", "integer"),
        Column("facts", "facts", "integer"), Column("problems", "problems"),
    ]  # fmt: skip
    print_listing(rows, shape, fmt, columns)


@command.command("test", help=_("Run the contract kit on an installed plugin."))
@click.argument("name", type=CODE)
@listing_options
def test(name: str, fmt: str, columns: str | None) -> int:
    from yimen.core.errors import ExitCode
    from yimen.core.render.listing import Column
    from yimen.testing import department_checks

    checks = department_checks(name)
    shape = [Column("holds", "in order", "boolean"), Column("what", "what"),
             Column("faults", "what is wrong")]  # fmt: skip
    rows = ({"holds": not c.faults, "what": c.what, "faults": list(c.faults)} for c in checks)
    print_listing(rows, shape, fmt, columns)
    return ExitCode.BAD_INPUT if any(c.faults for c in checks) else ExitCode.DONE


@command.command("disable", help=_("Leave a plugin out of this home, even one that cannot load."))
@click.argument("name", type=CODE)
@pass_session
def disable(session: Session, name: str) -> None:
    from yimen.core.casework.setup import switch_department

    switch_department(session.desk, name, on=False)
    click.echo(_("{name} is left out of this home.").format(name=name))


@command.command("enable", help=_("Take a plugin into this home again."))
@click.argument("name", type=CODE)
@pass_session
def enable(session: Session, name: str) -> None:
    from yimen.core.casework.setup import switch_department

    switch_department(session.desk, name, on=True)
    click.echo(_("{name} is part of this home.").format(name=name))


@command.command("serve", help=_("Say whose home this is: these departments', or the county's."))
@click.argument("names", type=CODE, nargs=-1, metavar="[DEPARTMENT]...")
@pass_session
def serve(session: Session, names: tuple[str, ...]) -> None:
    from yimen.core.casework.serving import serve as serve_them

    served = serve_them(session.desk, session.catalogue, names)
    if served:
        click.echo(_("This is the home of: {names}.").format(names=", ".join(served)))
    else:
        click.echo(_("This is the county's home."))


@command.command("new", help=_("Write a department's own distribution, with tests that pass."))
@click.argument("name", type=CODE)
@click.option(
    "--prefix", type=CODE, required=True, metavar="ABC", help=_("Begins the ids of its programmes.")
)
@click.option("--into", type=click.Path(path_type=Path), default=".", metavar="DIR",
              help=_("Where to make the folder (here)."))  # fmt: skip
def new(name: str, prefix: str, into: Path) -> None:
    from yimen.core.scaffold import write_distribution

    folder = write_distribution(into, name=name, prefix=prefix)
    words = _("The distribution is in {folder}; its README says how to go on.")
    click.echo(words.format(folder=folder))
