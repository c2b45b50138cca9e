"""`yimen consult`: what could this family get? Nothing is stored, nobody is named."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yimen.commands.given import CODE
from yimen.commands.options import DAY, listing_options, print_listing
from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _

if TYPE_CHECKING:
    from yimen.core.rules.trial import TrialHousehold


@click.command(
    "consult", help=_("Say what a family could get, from a few answers; stores nothing.")
)
@click.option("--member", "members", type=CODE, multiple=True,
              metavar="age=N,relation=CODE,sex=1|2",
              help=_("A member; the first is the head."))  # fmt: skip
@click.option("--zone", type=click.Choice(["URBAN", "RURAL"]), default="RURAL", show_default=True,
              help=_("Where the family is registered."))  # fmt: skip
@click.option("--answer", "answers", type=CODE, multiple=True, metavar="[N:]FACT=VALUE",
              help=_("What is known, of the family or of member N; money in yuan."))  # fmt: skip
@click.option("--receives", type=CODE, multiple=True, metavar="[N:]ID|none",
              help=_("Aid received, by the family or member N; if said, it is all."))  # fmt: skip
@click.option("--file", type=click.Path(path_type=Path), metavar="JSON",
              help=_("The family as a JSON file instead (zone, members, facts)."))  # fmt: skip
@click.option("--on", type=DAY, help=_("Under the rules of this day (today)."))
@click.option("--all", "everything", is_flag=True, help=_("Also what is not met."))
@listing_options
@pass_session
def command(
    session: Session,
    members: tuple[str, ...],
    zone: str,
    answers: tuple[str, ...],
    receives: tuple[str, ...],
    file: Path | None,
    on: date | None,
    everything: bool,
    fmt: str,
    columns: str | None,
) -> None:
    import msgspec

    from yimen.core.casework.consult import consult, describe
    from yimen.core.render.listing import Column
    from yimen.core.rules.inputs import standards_on
    from yimen.core.words.checks import outcome_name

    home, catalogue = session.home, session.catalogue
    day = on or home.clock.today()
    family = (
        describe(catalogue, members, answers, zone, receives) if file is None else _from_file(file)
    )
    county = standards_on(home, catalogue, sorted(catalogue.standards), day)
    found = [
        {
            **msgspec.to_builtins(a),
            "outcome": outcome_name(a.outcome) if fmt == "table" else a.outcome,
        }
        for a in consult(catalogue, family, on=day, county=county)
        if everything or a.outcome != "ineligible"
    ]
    shape = [
        Column("outcome", "outcome"), Column("programme", "programme"), Column("name", "name"),
        Column("member", "member"), Column("amount_fen", "amount", "money"),
        Column("to_know", "still to be known"), Column("not_met", "not met"),
    ]  # fmt: skip
    print_listing(found, shape, fmt, columns)


def _from_file(path: Path) -> TrialHousehold:
    import msgspec

    from yimen.core.errors import BadFile
    from yimen.core.rules.trial import TrialHousehold as Described
    from yimen.core.text_files import read_text

    try:
        return msgspec.json.decode(read_text(path), type=Described)
    except msgspec.DecodeError as error:
        raise BadFile(
            _("The file does not describe a family: {reason}.").format(reason=error),
            where=str(path),
            next_step=_("See docs/rules.md, How a family is described."),
        ) from None
