"""What holds for all households of one check: rules, registers, standards and the two dates."""

from __future__ import annotations

from datetime import date
from functools import partial

from yimen.core.casework.desk import Desk
from yimen.core.errors import Refused
from yimen.core.i18n import _
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.inputs import readings_on, standards_on
from yimen.core.rules.statement import DialectName, statement_for
from yimen.core.rules.view import Ruling


def rule(
    desk: Desk,
    catalogue: Catalogue,
    rules_on: date,
    facts_as_of: date,
    *,
    dialect: DialectName = "sqlite",
    failed: frozenset[str] = frozenset(),
    duty_only: bool = False,
    whole: bool = True,
) -> Ruling:
    """The ruling; `Refused` for facts of a day to come.

    `failed` names plugins whose rules could not be run; `duty_only` reads no source that needs a
    consent. A ruling that is not `whole` is for what a batch writes.
    """
    if facts_as_of > desk.home.clock.today():
        raise Refused(
            _("The facts' date {day} is in the future.").format(day=facts_as_of.isoformat()),
            next_step=_("Choose today or an earlier day."),
        )
    home = desk.home
    compiled = partial(
        statement_for, catalogue, rules_on, cache=home.path / "cache", without=failed,
        dialect=dialect, whole=whole,
    )  # fmt: skip
    statement = compiled()
    readings = readings_on(home, catalogue, statement.sources, facts_as_of, duty_only=duty_only)
    return Ruling(
        catalogue=catalogue,
        statement=statement,
        readings={r.source: r for r in readings},
        standards=standards_on(home, catalogue, statement.standards, rules_on),
        versions=catalogue.versions_on(rules_on),
        rules_on=rules_on,
        facts_as_of=facts_as_of,
        engine=dialect,
        failed=failed,
        plain=None if whole else compiled(casework=False),
    )
