"""`yimen department`: the installed departments, and what is wrong with a broken one."""

from __future__ import annotations

import click

from yimen.commands.options import listing_options, print_listing
from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _


@click.group("department", help=_("List the installed departments."))
def command() -> None:
    pass


@command.command("list", help=_("Every plugin, its bodies and programmes, and its problems."))
@listing_options
@pass_session
def list_(session: Session, fmt: str, columns: str | None) -> None:
    from yimen.core.departments import installed_department_names
    from yimen.core.render.listing import Column

    catalogue = session.catalogue
    rows = []
    for plugin in installed_department_names():
        bodies = [d for d in catalogue.departments.values()
                  if catalogue.owners[d.department] == plugin]  # fmt: skip
        own = [n for n, owner in catalogue.owners.items() if owner == plugin]
        problems = [p.message for p in catalogue.problems if p.plugin == plugin]
        rows.append(
            {
                "plugin": plugin,
                "names": [d.names.text() for d in bodies],
                "programmes": sum(n in catalogue.programmes for n in own),
                "sources": sum(n in catalogue.sources for n in own),
                "facts": sum(n in catalogue.facts for n in own),
                "problems": problems,
            }
        )
    shape = [
        Column("plugin", "plugin"), Column("names", "names"),
        Column("programmes", "programmes", "integer"), Column("sources", "sources", "integer"),
        Column("facts", "facts", "integer"), Column("problems", "problems"),
    ]  # fmt: skip
    print_listing(rows, shape, fmt, columns)


@command.command("test", help=_("Run the contract kit on an installed plugin."))
@click.argument("name")
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
