"""`yimen init`: makes a home."""

from __future__ import annotations

import click

from yimen.commands.given import CODE
from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _


@click.command("init", help=_("Make a home for a county; you become its first operator."))
@click.option(
    "--county", type=CODE, metavar="CODE", help=_("The county's division code, six digits.")
)
@click.option("--synthetic", is_flag=True, help=_("For invented people only (county 370499)."))
@pass_session
def command(session: Session, county: str | None, synthetic: bool) -> None:
    from yimen.core.casework.setup import init_home
    from yimen.core.clock import Clock
    from yimen.core.divisions import division_name
    from yimen.core.errors import Refused
    from yimen.core.rules.catalogue import load_catalogue

    if session.moved_to is not None and not synthetic:
        raise Refused(
            _("--today moves the clock of a synthetic home only."),
            next_step=_("Leave --today out."),
        )
    path = session.home_path
    home = init_home(
        path,
        county=county,
        synthetic=synthetic,
        clock=Clock(session.moved_to),
        catalogue=load_catalogue(path / "cache"),
    )
    place = division_name(home.county)
    home.close()
    click.echo(_("The home of {county} is ready: {path}").format(county=place, path=path))
    click.echo(_("Next: `yimen source load --all DIR`, then `yimen query ID`."))
