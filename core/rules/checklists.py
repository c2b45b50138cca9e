"""What a checklist must be, and how the steps that plugins add stand among those of its owner.

The core owns intake, check, dispatch and purchase; a programme's department owns its handling. An
addition may name the owner's steps but never change, reorder or tick one. Conditions are typed here
like any other expression and compiled once, so that nothing is parsed at the counter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from graphlib import CycleError, TopologicalSorter
from typing import get_args

from yimen.core.checklist_declarations import ChecklistStep, Condition, Event
from yimen.core.declarations import Basis, Limit, Texts
from yimen.core.departments import Problem, place_of
from yimen.core.errors import BadDeclaration
from yimen.core.i18n import _
from yimen.core.rules.catalogue import CORE, Catalogue, Needed, OwnedChecklist

EVENTS: tuple[str, ...] = get_args(get_args(Event)[0])
# What a county may say of a wait's days, instead of the unit that is declared.
DAY_TYPES = frozenset({"CD", "WD", "CD_FIXED"})


@dataclass(frozen=True)
class PlacedStep:
    """A step in its place, and the plugin that gave it."""

    plugin: str
    step: ChecklistStep


@dataclass(frozen=True)
class WholeChecklist:
    """A list as it is worked: its owner's steps in their order, with those that others added."""

    checklist: str
    names: Texts
    no_notice: Basis | None
    starts_when: Condition | None
    steps: list[PlacedStep]

    @cached_property
    def by_name(self) -> dict[str, ChecklistStep]:
        """Its steps by their names, in the list's order."""
        return {placed.step.step: placed.step for placed in self.steps}

    @cached_property
    def behind_objections(self) -> frozenset[str]:
        """The steps that come after an objection to a notice."""
        steps = self.by_name
        found = {n for n, s in steps.items() if s.occasion and s.by_notice is not None}
        objections = frozenset(found)
        while more := {n for n, s in steps.items() if n not in found and found & set(s.after)}:
            found |= more
        return frozenset(found - objections)

    @cached_property
    def of_department(self) -> bool:
        """Whether it parts what its department does from what the county does."""
        return any(placed.step.who == "department" for placed in self.steps)


def owner_of(catalogue: Catalogue, checklist: str) -> str:
    """The plugin that a list belongs to: the core, or that of the programme which it handles."""
    kind, __, programme = checklist.partition("/")
    return catalogue.owners.get(programme, "") if kind == "handle" else CORE


def whole_checklist(catalogue: Catalogue, checklist: str) -> WholeChecklist | None:
    """A list with all its steps, or None where its owner declares none.

    An added step stands behind the last of its `after`, and at the end where it names none; the
    owner's steps keep their order whatever is added.
    """
    given = [c for c in catalogue.checklists if c.checklist.checklist == checklist]
    owner = owner_of(catalogue, checklist)
    own = [c for c in given if c.plugin == owner]
    if not own:
        return None
    placed = [PlacedStep(owner, step) for c in own for step in c.checklist.steps]
    for added in given:
        if added.plugin != owner:
            for step in added.checklist.steps:
                before = [i for i, p in enumerate(placed) if p.step.step in step.after]
                at = before[-1] + 1 if before else len(placed)
                placed.insert(at, PlacedStep(added.plugin, step))
    first = own[0].checklist
    return WholeChecklist(checklist, first.names, first.no_notice, first.starts_when, placed)


def standards_of_steps(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Each standard that a step rests on, with the list it stands in."""
    for owned in catalogue.checklists:
        checklist = owned.checklist.checklist
        for step in owned.checklist.steps:
            needed = catalogue.links.needed.get(f"{checklist}:{step.step}")
            names = [
                *(needed.names if needed else []),
                step.due_by,
                step.wait and step.wait.unit_by,
                step.wait and step.wait.n_by,
            ]
            for name in names:
                if name in catalogue.standards:
                    yield str(name), checklist


def link_checklists(catalogue: Catalogue) -> None:
    """Takes out the lists that do not hold, and remembers why."""
    own = [
        c for c in catalogue.checklists if c.plugin == owner_of(catalogue, c.checklist.checklist)
    ]
    added = [c for c in catalogue.checklists if c not in own]
    catalogue.checklists[:] = []
    for owned in [*own, *added]:
        try:
            compiled = dict(_checked(catalogue, owned))
        except BadDeclaration as error:
            catalogue.problems.append(Problem(plugin=owned.plugin, message=str(error)))
            continue
        catalogue.checklists.append(owned)
        catalogue.links.needed.update(compiled)


def _checked(catalogue: Catalogue, owned: OwnedChecklist) -> Iterator[tuple[str, Needed]]:
    """Refuses a list that nobody could work; yields the conditions of its steps, compiled."""
    # The compiler weighs more than all of a checklist's screens: only who links needs it.
    from yimen.core.rules.step_conditions import compiled

    checklist = owned.checklist.checklist
    handled = checklist.removeprefix("handle/")
    if handled != checklist and handled not in catalogue.programmes:
        raise refusal(owned, handled, _("there is no programme {id}").format(id=handled))
    whole = whole_checklist(catalogue, checklist)
    if whole is None and owned.plugin != owner_of(catalogue, checklist):
        raise refusal(owned, checklist, _("the list itself does not stand"))
    standing = {p.step.step: p.step for p in whole.steps} if whole else {}
    known = dict(standing)
    for step in owned.checklist.steps:
        if step.step in known:
            raise refusal(owned, step.step, _("two steps have this name"))
        known[step.step] = step
    forbidden = whole.no_notice if whole else owned.checklist.no_notice
    for step in owned.checklist.steps:
        _check_step(catalogue, owned, step, known)
        if step.notice and forbidden:
            reason = _("a public notice is forbidden here ({basis})").format(
                basis=forbidden.words()
            )
            raise refusal(owned, step.step, reason)
        if step.needed_when is not None:
            yield f"{checklist}:{step.step}", compiled(catalogue, owned, step, known)
    try:
        TopologicalSorter({name: step.after for name, step in known.items()}).prepare()
    except CycleError as error:
        raise refusal(
            owned, str(error.args[1][0]), _("steps wait for each other in a circle")
        ) from None


def _check_step(
    catalogue: Catalogue,
    owned: OwnedChecklist,
    step: ChecklistStep,
    known: dict[str, ChecklistStep],
) -> None:
    refuse = partial(refusal, owned, step.step)
    starts = {step.due_from} - {None, *EVENTS}
    if strange := sorted((set(step.after) | starts) - set(known), key=str):
        raise refuse(_("there is no step {id}").format(id=strange[0]))
    if isinstance(step.due, Limit) != (step.due_from is not None):
        raise refuse(_("a time limit and what it runs from belong together"))
    if step.due_by is not None and step.due == "none":
        raise refuse(_("a time limit and what it runs from belong together"))
    if (given := catalogue.standards.get(step.due_by or "")) and given.type != "integer":
        raise refuse(_("{id} is no number of days").format(id=step.due_by))
    if step.wait is not None and step.wait.n_by is not None:
        days = catalogue.standards.get(step.wait.n_by)
        if days is None or days.type != "integer":
            raise refuse(_("{id} is no number of days").format(id=step.wait.n_by))
    if step.wait is not None and not step.after:
        raise refuse(_("it waits after no step"))
    if step.repeats and (step.wait is None or step.due == "none"):
        raise refuse(_("a step that repeats needs a wait and a time limit"))
    if step.done_when is not None and (
        step.asks or step.evidence or step.persons == 2 or step.occasion
    ):
        raise refuse(_("what the records show is not ticked by an officer"))
    _check_guard(owned, step, owner_of(catalogue, owned.checklist.checklist))
    if step.by_notice is not None and (step.done_when or not (step.notice or step.occasion)):
        raise refuse(_("a public notice does only a step that is one, or an objection to one"))
    if step.occasion and step.needed_when is not None:
        raise refuse(_("a step for an occasion has no condition"))
    if step.wait is not None and step.wait.unit_by is not None:
        standard = catalogue.standards.get(step.wait.unit_by)
        if standard is None or not standard.codes or not set(standard.codes) <= DAY_TYPES:
            raise refuse(_("{id} is no standard of day types").format(id=step.wait.unit_by))


def _check_guard(owned: OwnedChecklist, step: ChecklistStep, owner: str) -> None:
    """Refuses a guard that no handling has, that nobody can meet, or that another plugin sets."""
    if step.guard is None:
        return
    refuse = partial(refusal, owned, step.step)
    if not owned.checklist.checklist.startswith("handle/") or owned.plugin != owner:
        raise refuse(_("only the owner of a handling sets what a grant waits for"))
    if step.occasion:
        raise refuse(_("no grant waits for what may never happen"))
    if step.done_when is not None and (step.done_when != "referral_decided" or step.wait is None):
        raise refuse(_("of what the records show a grant waits for the decision's wait alone"))


def refusal(owned: OwnedChecklist, words: str, reason: str) -> BadDeclaration:
    """A declaration's fault, with the file and the words at fault."""
    where = place_of(owned.origin, words) if owned.origin else owned.plugin
    return BadDeclaration(
        _("the checklist '{id}' is refused at '{words}': {reason}.").format(
            id=owned.checklist.checklist, words=words, reason=reason
        ),
        where=where,
        next_step=_("See docs/rules.md for what a step may say."),
    )
