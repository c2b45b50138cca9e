"""A purchase of services as a case of the list `purchase`: what its records show of each step.

The purchase's own casework decides what a step needs; the list only shows on which day it was done.
"""

from __future__ import annotations

from yimen.core.casework.checklists.cases import Case
from yimen.core.casework.desk import Desk
from yimen.core.records import Value
from yimen.core.store import checklists, purchase_days


def purchase_case(desk: Desk, purchase_no: str) -> Case | None:
    """The purchase with this number as a case, or None where there is none."""
    found = purchase_days.steps_done(desk.home.casework, purchase_no)
    if found is None:
        return None

    def no_fact(name: str) -> Value:
        return None

    return Case(
        subject=purchase_no,
        kind="purchase",
        application_no=None,
        household_no=None,
        division=desk.home.county,
        department=None,
        lists=("purchase",),
        moments={},
        met={f"purchase_{step}": day for step, day in found.items()},
        values={},
        fact=no_fact,
        acts=checklists.acts(desk.home.casework, [purchase_no]),
    )
