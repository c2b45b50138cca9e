"""Types every expression of the catalogue and orders facts by what they are built on.

A fact or programme whose expression is refused is taken out with its reason, and so is all that
uses it; nothing else stops.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from graphlib import CycleError, TopologicalSorter

from yimen.core.declarations import (
    Fact,
    Programme,
    ProgrammeVersion,
    RulePack,
    Source,
)
from yimen.core.departments import Problem, place_of
from yimen.core.errors import BadDeclaration
from yimen.core.i18n import _
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.checklists import link_checklists
from yimen.core.rules.expressions import (
    Name,
    Place,
    Scope,
    parse,
    parse_aggregate,
    placed,
    refusal,
    type_of,
)
from yimen.core.rules.shapes import (
    check_fact,
    check_name,
    check_programme,
    check_source,
    check_standard,
)

# What the core itself knows of every person and household, from the residence register.
PERSON_NAMES = {
    "age": Name("integer"),
    "birth_date": Name("date"),
    "sex": Name("code", frozenset({"1", "2"})),
    "relation": Name("code"),
}
HOUSEHOLD_NAMES = {
    "member_count": Name("integer"),
    "zone": Name("code", frozenset({"URBAN", "RURAL"})),
}
_COLUMN_TYPES = {"text": "code", "division": "code"}


def link(catalogue: Catalogue) -> None:
    """Fills `catalogue.links`, and moves what does not link into its broken lists."""
    for name in catalogue.departments:
        # What stands under such a name is refused by itself; this says why.
        _attempt(catalogue, name, partial(check_name, name, partial(_where, catalogue, name)))
    for source in list(catalogue.sources.values()):
        _link_source(catalogue, source)
    for standard in list(catalogue.standards.values()):
        where = partial(_where, catalogue, standard.standard)
        _attempt(catalogue, standard.standard, partial(check_standard, standard, where))
        catalogue.links.uses[f"standard:{standard.standard}"] = []
    for fact in list(catalogue.facts.values()):
        _attempt(catalogue, fact.fact, partial(_link_source_fact, catalogue, fact))
    _link_derived_facts(catalogue)
    for pack in list(catalogue.packs.values()):
        _attempt(catalogue, pack.pack, partial(_link_pack, catalogue, pack))
    for programme in list(catalogue.programmes.values()):
        _attempt(catalogue, programme.programme, partial(_link_programme, catalogue, programme))
    _refuse_programme_cycles(catalogue)
    link_checklists(catalogue)
    _tell_what_is_left_out(catalogue)


def _attempt(catalogue: Catalogue, item_id: str, act: Callable[[], None]) -> None:
    try:
        act()
    except BadDeclaration as error:
        if absent := _rests_on_what_is_left_out(catalogue, error.words):
            catalogue.links.left_out.append(item_id)
        _break(catalogue, item_id, str(error), tell=not (error.follows or absent))


def _rests_on_what_is_left_out(catalogue: Catalogue, words: str) -> bool:
    """Whether the refused words name a department that is not here, and some are left out."""
    if not catalogue.left_out:
        return False
    bodies = catalogue.departments.values()
    prefixes = {p for d in bodies for p in (d.prefix, *d.other_prefixes)}
    named = {m[1] for m in _FACT_NAME.finditer(words)} - set(catalogue.departments)
    return bool(named or {m[1] for m in _PROGRAMME_ID.finditer(words)} - prefixes)


def _tell_what_is_left_out(catalogue: Catalogue) -> None:
    """One sentence for all that rests on departments that are installed and left out."""
    if catalogue.links.left_out:
        words = _("left out, so {n} facts and programmes that rest on it are unknown.")
        message = words.format(n=len(set(catalogue.links.left_out)))
        catalogue.problems.append(Problem(plugin=", ".join(catalogue.left_out), message=message))


_FACT_NAME = re.compile(r"\b([a-z][a-z0-9]{1,23})\.[a-z]")
_PROGRAMME_ID = re.compile(r"\b([A-Z][A-Z0-9]{1,7})-[A-Z0-9]{1,12}\b")


def _break(catalogue: Catalogue, item_id: str, reason: str, *, tell: bool = True) -> None:
    if tell:
        plugin = catalogue.owners.get(item_id, "core")
        catalogue.problems.append(Problem(plugin=plugin, message=reason))
    if item_id in catalogue.programmes:
        catalogue.links.broken_programmes[item_id] = reason
    elif catalogue.facts.pop(item_id, None) is not None:
        catalogue.links.broken_facts[item_id] = reason
    elif catalogue.standards.pop(item_id, None) is None:
        catalogue.packs.pop(item_id, None)


def _where(catalogue: Catalogue, item_id: str, words: str) -> str:
    origin = catalogue.origins.get(item_id, "")
    return f"{place_of(origin, words)} ({item_id})" if origin else item_id


def _link_source(catalogue: Catalogue, source: Source) -> None:
    """Takes a refused source out; a fact may have the same name, so this is not `_break`."""
    try:
        check_source(source, partial(_where, catalogue, source.source))
    except BadDeclaration as error:
        owner = catalogue.owners[source.source]
        catalogue.problems.append(Problem(plugin=owner, message=str(error)))
        del catalogue.sources[source.source]


def _source_scope(catalogue: Catalogue, item_id: str, source_id: str, words: str) -> Scope:
    source = catalogue.sources.get(source_id)
    if source is None:
        raise refusal(_where(catalogue, item_id, words), source_id, _("there is no such source"))
    return Scope(partial(_where, catalogue, item_id, words), source_columns(source))


def source_columns(source: Source) -> dict[str, Name]:
    """What an aggregate over this source may name: its columns, and the day of the extract."""
    columns = {
        c.column: Name(_COLUMN_TYPES.get(c.type, c.type), frozenset(c.codes))
        for c in source.columns
    }
    return columns | {"EXTRACT_DATE": Name("date")}


def _link_source_fact(catalogue: Catalogue, fact: Fact) -> None:
    check_fact(fact, partial(_where, catalogue, fact.fact))
    if fact.source and fact.aggregate:
        scope = _source_scope(catalogue, fact.fact, fact.source, fact.aggregate)
        __, found = parse_aggregate(fact.aggregate, scope)
        _want(scope.where, fact.aggregate, found, fact.type)
        if fact.where:
            scope.where = partial(_where, catalogue, fact.fact, fact.where)
            _want(
                scope.where, fact.where, type_of(parse(fact.where, scope.where), scope), "boolean"
            )
        catalogue.links.uses[f"fact:{fact.fact}"] = []
    elif fact.ask and not fact.expression:
        catalogue.links.uses[f"fact:{fact.fact}"] = []


def _want(where: Place, words: str, found: str, wanted: str) -> None:
    literal = {"number": ("integer", "money"), "text": ("code",)}
    if found != wanted and wanted not in literal.get(found, ()):
        raise refusal(
            where,
            words,
            _("it is {found}, and {wanted} is needed").format(found=found, wanted=wanted),
        )


def person_name(catalogue: Catalogue, name: str) -> Name | None:
    """A name as a person's expression sees it: own facts, household facts, standards."""
    fact = catalogue.facts.get(name)
    if fact is not None:
        return Name(fact.type, frozenset(fact.codes))
    return PERSON_NAMES.get(name) or HOUSEHOLD_NAMES.get(name) or _standard(catalogue, name)


def household_name(catalogue: Catalogue, name: str) -> Name | None:
    """A name as a household's expression sees it: person facts are rolled up."""
    fact = catalogue.facts.get(name)
    if fact is not None:
        if fact.unit == "person" and fact.household is None:
            return None
        rolled = "integer" if fact.household == "count" else fact.type
        return Name(rolled, frozenset(fact.codes))
    return HOUSEHOLD_NAMES.get(name) or _standard(catalogue, name)


def own_person_name(catalogue: Catalogue, name: str) -> Name | None:
    """A name as a person's fact or the composition sees it: nothing of the household yet."""
    fact = catalogue.facts.get(name)
    if fact is not None:
        return Name(fact.type, frozenset(fact.codes)) if fact.unit == "person" else None
    if name == "zone":
        return HOUSEHOLD_NAMES[name]
    return PERSON_NAMES.get(name) or _standard(catalogue, name)


def _standard(catalogue: Catalogue, name: str) -> Name | None:
    standard = catalogue.standards.get(name)
    return Name(standard.type) if standard else None


def _link_derived_facts(catalogue: Catalogue) -> None:
    """Types derived facts in rounds, so that a refused one takes out those built on it."""
    before = -1
    while before != len(catalogue.links.broken_facts):
        before = len(catalogue.links.broken_facts)
        for fact in [f for f in catalogue.facts.values() if f.expression]:
            _attempt(catalogue, fact.fact, partial(_link_derived, catalogue, fact))
        if before == len(catalogue.links.broken_facts):
            _refuse_fact_circles(catalogue)
    for unit, levels in (
        ("person", catalogue.links.person_levels),
        ("household", catalogue.links.household_levels),
    ):
        sorter = TopologicalSorter(_derived_from(catalogue, unit))
        sorter.prepare()
        while sorter.is_active():
            ready = sorted(sorter.get_ready())
            levels.append(ready)
            sorter.done(*ready)


def _refuse_fact_circles(catalogue: Catalogue) -> None:
    for unit in ("person", "household"):
        for circle in _cycles(_derived_from(catalogue, unit)):
            words = " → ".join([*circle, circle[0]])
            where = _where(catalogue, circle[0], circle[0])
            reason = str(refusal(where, words, _("facts form a circle")))
            for name in circle:
                _break(catalogue, name, reason, tell=name == circle[0])


def _derived_from(catalogue: Catalogue, unit: str) -> dict[str, set[str]]:
    """Derived facts of a unit, each with the derived facts of that unit that it is built on."""
    return {
        f.fact: {n for n in catalogue.links.uses[f"fact:{f.fact}"] if _derived(catalogue, n, unit)}
        for f in catalogue.facts.values()
        if _derived(catalogue, f.fact, unit)
    }


def _derived(catalogue: Catalogue, name: str, unit: str) -> bool:
    fact = catalogue.facts.get(name)
    return fact is not None and fact.unit == unit and fact.expression is not None


def _link_derived(catalogue: Catalogue, fact: Fact) -> None:
    expression = fact.expression or ""
    names = household_name if fact.unit == "household" else own_person_name
    # A household's fact may ask what is being received; outcomes come after all facts.
    programmes = frozenset(catalogue.programmes) if fact.unit == "household" else frozenset()
    scope = Scope(
        partial(_where, catalogue, fact.fact, expression),
        lambda n: names(catalogue, n),
        programmes,
        frozenset(catalogue.links.broken_facts),
    )
    found = type_of(parse(expression, scope.where), scope)
    for call, __ in scope.calls:
        if call != "RECOGNISED":
            raise refusal(scope.where, call, _("a fact cannot wait for an outcome"))
    _want(scope.where, expression, found, fact.type)
    catalogue.links.uses[f"fact:{fact.fact}"] = _named(scope)


def _link_pack(catalogue: Catalogue, pack: RulePack) -> None:
    scope = Scope(
        partial(_where, catalogue, pack.pack, pack.counted),
        lambda n: own_person_name(catalogue, n),
    )
    _want(scope.where, pack.counted, type_of(parse(pack.counted, scope.where), scope), "boolean")
    catalogue.links.uses[f"pack:{pack.pack}"] = sorted(scope.used)


def _link_programme(catalogue: Catalogue, programme: Programme) -> None:
    if programme.recognised_by is not None:
        rows = programme.recognised_by
        scope = _source_scope(catalogue, programme.programme, rows.source, rows.where)
        _want(scope.where, rows.where, type_of(parse(rows.where, scope.where), scope), "boolean")
    for other in {p for v in programme.versions for p in (*v.needs, *v.excludes)}:
        if other not in catalogue.programmes:
            raise refusal(
                _where(catalogue, programme.programme, other),
                other,
                _("there is no such programme"),
            )
    check_programme(programme, partial(_where, catalogue, programme.programme))
    for version in programme.versions:
        _link_version(catalogue, programme, version)


def _link_version(catalogue: Catalogue, programme: Programme, version: ProgrammeVersion) -> None:
    names = person_name if programme.unit == "person" else household_name
    where = partial(_where, catalogue, programme.programme)
    key = f"{programme.programme}:{version.from_date}"

    def scope_of(text: str) -> Scope:
        return Scope(
            partial(where, text),
            lambda n: names(catalogue, n),
            programmes=frozenset(catalogue.programmes),
            refused=frozenset(catalogue.links.broken_facts),
        )

    calls: set[tuple[str, str]] = set()
    for criterion in version.criteria:
        text = criterion.expression
        scope = scope_of(text)
        _want(scope.where, text, type_of(parse(text, scope.where), scope), "boolean")
        catalogue.links.uses[f"criterion:{key}:{criterion.criterion}"] = _named(scope)
        calls |= scope.calls
    for name in version.needs:
        if not any(target == name for __, target in calls):
            raise refusal(where(name), name, _("it is needed, and no criterion asks for it"))
    calls |= _link_amount(catalogue, version, key, scope_of)
    catalogue.links.qualifies[key] = sorted({p for call, p in calls if call != "RECOGNISED"})


def _named(scope: Scope) -> list[str]:
    """What an expression uses: names, then calls as `CALL:PROGRAMME`."""
    return sorted(scope.used) + sorted(f"{name}:{target}" for name, target in scope.calls)


def _link_amount(
    catalogue: Catalogue, version: ProgrammeVersion, key: str, scope_of: Callable[[str], Scope]
) -> set[tuple[str, str]]:
    """Types an amount's steps, each of which may name those before it, then the amount."""
    steps: dict[str, Name] = {}
    calls: set[tuple[str, str]] = set()
    used: dict[str, None] = {}

    def typed(text: str) -> tuple[str, Scope]:
        scope = scope_of(text)
        known = Scope(scope.where, scope.names).find
        scope.names = lambda name: steps.get(name) or known(name)
        found = type_of(parse(text, scope.where), scope)
        used.update(dict.fromkeys(name for name in _named(scope) if name not in steps))
        calls.update(scope.calls)
        return found, scope

    for step in version.amount.steps:
        _check_step(step.step, steps, lambda name: placed(scope_of(name).where))
        found, scope = typed(step.expression)
        if found not in ("number", "integer", "money"):
            raise refusal(scope.where, step.expression, _("a step is money or a number"))
        kind = "integer" if found == "number" else found
        steps[step.step] = Name(kind)
        catalogue.links.step_types[f"{key}:{step.step}"] = kind
    if version.amount.expression:
        found, scope = typed(version.amount.expression)
        _want(scope.where, version.amount.expression, found, "money")
    catalogue.links.uses[f"amount:{key}"] = list(used)
    return calls


def _check_step(name: str, before: Mapping[str, Name], where: Callable[[str], str]) -> None:
    check_name(name, where)
    if name in before:
        raise refusal(where(name), name, _("two steps have this name"))
    if name in PERSON_NAMES or name in HOUSEHOLD_NAMES:
        raise refusal(where(name), name, _("the core has such a name"))


def _refuse_programme_cycles(catalogue: Catalogue) -> None:
    graph: dict[str, set[str]] = {}
    for key, targets in catalogue.links.qualifies.items():
        graph.setdefault(key.split(":")[0], set()).update(targets)
    for name in {n for level in _cycles(graph) for n in level}:
        where = _where(catalogue, name, name)
        _break(
            catalogue,
            name,
            str(refusal(where, name, _("programmes wait for each other in a circle"))),
        )


def _cycles(graph: dict[str, set[str]]) -> list[list[str]]:
    found: list[list[str]] = []
    while True:
        try:
            TopologicalSorter(graph).prepare()
            return found
        except CycleError as error:
            cycle = list(dict.fromkeys(error.args[1]))
            found.append(cycle)
            graph = {n: deps - set(cycle) for n, deps in graph.items() if n not in cycle}
