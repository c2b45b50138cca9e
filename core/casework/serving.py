"""Whose home this is: the county's, or that of departments which only handle what is sent to them.

A department's own home holds no registers and checks nobody, so nothing may warn it of sources and
standards that it will never have.
"""

from __future__ import annotations

from collections.abc import Sequence

from yimen.core.casework.desk import Desk
from yimen.core.errors import NotFound
from yimen.core.i18n import _
from yimen.core.rules.catalogue import Catalogue
from yimen.core.store.home import Home
from yimen.core.store.messages import departments_taken_for


def served_departments(home: Home) -> list[str]:
    """The departments whose home this is; empty for a county's.

    Where nobody said so, a home that takes referrals in from elsewhere and never had a register is
    that of the departments which they are for.
    """
    if "serves" in home.settings:
        return home.settings["serves"].split()
    loaded = home.casework.conn.execute("SELECT 1 FROM snapshot LIMIT 1").fetchone()
    return [] if loaded else departments_taken_for(home)


def serve(desk: Desk, catalogue: Catalogue, names: Sequence[str]) -> list[str]:
    """Says whose home this is; no name makes it the county's. `NotFound` for no department."""
    desk.require("department.switch")
    for name in names:
        if name not in catalogue.departments:
            raise NotFound(
                _("There is no department {name}.").format(name=name),
                next_step=_("`yimen department list` shows them."),
            )
    served = sorted(set(names))
    with desk.home.writing() as db:
        db.conn.execute(
            "INSERT INTO home VALUES ('serves', ?)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            [" ".join(served)],
        )
        desk.record(db, "department.serve", "home", {"departments": served})
    return served
