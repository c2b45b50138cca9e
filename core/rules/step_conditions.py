"""Conditions of a checklist's steps, typed like any other expression and compiled to SQL.

It is imported while a catalogue is built; a screen that shows steps needs no compiler.
"""

from __future__ import annotations

from functools import partial

from yimen.core.checklist_declarations import ChecklistStep
from yimen.core.departments import place_of
from yimen.core.i18n import _
from yimen.core.rules.catalogue import Catalogue, Needed, OwnedChecklist
from yimen.core.rules.checklists import refusal
from yimen.core.rules.expressions import Name, Scope, parse, type_of

# What the case itself knows; `pack_then` is the rule pack of the day on which the step opened.
_CASE_NAMES = {
    "decision": Name("code", frozenset({"granted", "refused", "referred_on"})),
    "accepted": Name("boolean"),
    "noticed": Name("boolean"),
}


def compiled(
    catalogue: Catalogue,
    owned: OwnedChecklist,
    step: ChecklistStep,
    known: dict[str, ChecklistStep],
) -> Needed:
    """A step's condition as SQL, with unknown in giving unknown out."""
    from yimen.core.rules.dialects.sqlite import SqliteDialect

    class AtTheCounter(SqliteDialect):
        """A span is computed here: nothing is prepared that depends on the day."""

        def parameter_name(self, text: str) -> str | None:
            return None

    text = step.needed_when or ""
    where = partial(place_of, owned.origin, text) if owned.origin else owned.plugin
    scope = Scope(where, partial(_name, catalogue, owned.checklist.checklist, known))
    tree = parse(text, where)
    if type_of(tree, scope) != "boolean":
        raise refusal(owned, text, _("it is no condition"))
    names: list[str] = []

    def parameter(name: str) -> str:
        if name not in names:
            names.append(name)
        return f":n{names.index(name)}"

    def no_programme(call: str, programme: str) -> str:
        raise AssertionError((call, programme))

    return Needed(sql=AtTheCounter().lower(tree, parameter, no_programme), names=names)


def _name(
    catalogue: Catalogue, checklist: str, known: dict[str, ChecklistStep], name: str
) -> Name | None:
    """What a step's condition may name: the case, answers, facts, and standards of one value."""
    from yimen.core.rules.linking import household_name, person_name

    table, __, step = name.partition(".")
    if table == "step":
        asked = known.get(step)
        return Name("boolean") if asked and (asked.asks or asked.occasion) else None
    if name in ("rule_pack", "pack_then"):
        return Name("code", frozenset(catalogue.packs))
    if name in _CASE_NAMES:
        return _CASE_NAMES[name]
    standard = catalogue.standards.get(name)
    if name not in catalogue.facts and (standard is None or standard.by_zone):
        return None
    programme = catalogue.programmes.get(checklist.removeprefix("handle/"))
    of_person = programme is not None and programme.unit == "person"
    return (person_name if of_person else household_name)(catalogue, name)
