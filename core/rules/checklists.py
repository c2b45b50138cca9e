"""What a checklist must be: its steps name each other, none waits for itself, its programme exists.

The steps of a programme's handling stand in one list and are checked as one; those that a plugin
adds to intake, check, dispatch or purchase may name steps of the core's own list.
"""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter

from yimen.core.departments import Problem, place_of
from yimen.core.errors import BadDeclaration
from yimen.core.i18n import _
from yimen.core.rules.catalogue import Catalogue, OwnedChecklist

# What a step's time limit may run from, beside another step of the list.
EVENTS = ("submitted", "accepted", "dispatched", "received", "decided")


def link_checklists(catalogue: Catalogue) -> None:
    """Takes out the lists that do not hold, and remembers why."""
    kept = []
    for owned in catalogue.checklists:
        try:
            _check(catalogue, owned)
            kept.append(owned)
        except BadDeclaration as error:
            catalogue.problems.append(Problem(plugin=owned.plugin, message=str(error)))
    catalogue.checklists[:] = kept


def _check(catalogue: Catalogue, owned: OwnedChecklist) -> None:
    checklist = owned.checklist
    handled = checklist.checklist.removeprefix("handle/")
    if handled != checklist.checklist and handled not in catalogue.programmes:
        raise _refusal(owned, handled, _("there is no programme {id}").format(id=handled))
    names = [step.step for step in checklist.steps]
    for name in names:
        if names.count(name) > 1:
            raise _refusal(owned, name, _("two steps have this name"))
    if handled == checklist.checklist:
        return
    for step in checklist.steps:
        starts = {step.due_from} - {None, *EVENTS}
        if strange := sorted((set(step.after) | starts) - set(names), key=str):
            raise _refusal(owned, step.step, _("there is no step {id}").format(id=strange[0]))
    try:
        TopologicalSorter({step.step: step.after for step in checklist.steps}).prepare()
    except CycleError as error:
        raise _refusal(
            owned, str(error.args[1][0]), _("steps wait for each other in a circle")
        ) from None


def _refusal(owned: OwnedChecklist, words: str, reason: str) -> BadDeclaration:
    where = place_of(owned.origin, words) if owned.origin else owned.plugin
    return BadDeclaration(
        _("the checklist '{id}' is refused at '{words}': {reason}.").format(
            id=owned.checklist.checklist, words=words, reason=reason
        ),
        where=where,
        next_step=_("Write `after` and `due_from` as names of its own steps."),
    )
