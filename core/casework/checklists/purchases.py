"""A purchase of services as a case of the list `purchase`: what its records show of each step.

The purchase's own casework decides what a step needs; the list only shows when each was done.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from yimen.core.casework.checklists.cases import Case
from yimen.core.casework.desk import Desk
from yimen.core.casework.purchase.steps import steps_done
from yimen.core.records import Value
from yimen.core.rules.catalogue import Catalogue
from yimen.core.store import checklists, purchases


def purchase_case(desk: Desk, catalogue: Catalogue, purchase_no: str) -> Case | None:
    """The purchase with this number as a case; None for a number of another kind."""
    if not purchase_no.startswith("G"):
        return None
    return _case(desk, purchase_no, steps_done(desk, catalogue, purchase_no))


def purchase_cases(desk: Desk, catalogue: Catalogue) -> Iterator[Case]:
    """The purchases that were not given up, as far as the operator may see them."""
    if not desk.may("purchase.read"):
        return
    for found in purchases.every(desk.home.casework):
        if not found.stopped:
            yield _case(desk, found.purchase_no, steps_done(desk, catalogue, found.purchase_no))


def _case(desk: Desk, purchase_no: str, done: Mapping[str, str]) -> Case:
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
        met={f"purchase_{step}": day for step, day in done.items()},
        values={},
        fact=no_fact,
        acts=checklists.acts(desk.home.casework, [purchase_no]),
    )
