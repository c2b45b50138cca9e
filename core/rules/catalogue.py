"""The catalogue: everything the departments declare, checked, typed, linked and cached by content.

A broken declaration takes out its own facts and programmes and what is built on them, never the
rest; it is remembered as a problem. The cache is a convenience: damaged or stale, it is rebuilt.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import msgspec

from yimen.core import departments as plugins
from yimen.core.cache_files import read_cached, write_cached
from yimen.core.checklist_declarations import Checklist
from yimen.core.declarations import (
    Department,
    Fact,
    Programme,
    ProgrammeVersion,
    RulePack,
    Source,
    Standard,
    Texts,
)
from yimen.core.departments import Problem
from yimen.core.errors import BadDeclaration, NotFound
from yimen.core.i18n import _, language
from yimen.core.installed import department_points
from yimen.core.screen_declarations import ScreenDeclaration
from yimen.core.service_declarations import ServiceItem
from yimen.core.spelling import plain_number
from yimen.core.store.journal import canonical_record

# Who declares the four lists that no department owns.
CORE = "core"
# Raised when what the cache holds changes its meaning.
CACHE_FORMAT = 7


class Needed(msgspec.Struct, frozen=True, kw_only=True):
    """When a step is needed: SQL of SQLite, whose parameters :n0, :n1 ... stand for the names."""

    sql: str
    names: list[str]


class Links(msgspec.Struct, kw_only=True):
    """What linking found, so that nothing is parsed again at the counter.

    `uses` maps an expression's key to the names in it: "fact:NAME", "criterion:ID:FROM:NAME",
    "amount:ID:FROM", "pack:NAME". `qualifies` and `step_types` go by "ID:FROM" and "ID:FROM:STEP".
    """

    uses: dict[str, list[str]] = {}
    qualifies: dict[str, list[str]] = {}
    step_types: dict[str, str] = {}
    person_levels: list[list[str]] = []
    household_levels: list[list[str]] = []
    # "CHECKLIST:STEP" -> its condition, compiled
    needed: dict[str, Needed] = {}
    broken_facts: dict[str, str] = {}
    broken_programmes: dict[str, str] = {}
    left_out: list[str] = []


class OwnedChecklist(msgspec.Struct, frozen=True, kw_only=True):
    """Steps that one plugin gives, and the file that they were read from."""

    plugin: str
    origin: str
    checklist: Checklist


class Catalogue(msgspec.Struct, kw_only=True, dict=True):
    """All declarations by id, in one immutable whole with a digest."""

    departments: dict[str, Department] = {}
    sources: dict[str, Source] = {}
    facts: dict[str, Fact] = {}
    standards: dict[str, Standard] = {}
    packs: dict[str, RulePack] = {}
    programmes: dict[str, Programme] = {}
    service_items: dict[str, ServiceItem] = {}
    checklists: list[OwnedChecklist] = []
    screens: dict[str, ScreenDeclaration] = {}
    problems: list[Problem] = []
    left_out: list[str] = []
    origins: dict[str, str] = {}
    owners: dict[str, str] = {}
    links: Links = msgspec.field(default_factory=Links)
    digest: str = ""

    def pack_on(self, day: date) -> RulePack:
        """The rule pack in force on a day; `NotFound` names the packs there are."""
        for pack in self.packs.values():
            if _in_force(pack.from_date, pack.to_date, day):
                return pack
        known = ", ".join(
            f"{p.pack} ({p.from_date} ~ {p.to_date or ''})" for p in self.packs.values()
        )
        raise NotFound(
            _("No rule pack is in force on {day}.").format(day=day.isoformat()),
            next_step=_("Known packs: {packs}.").format(packs=known or "-"),
        )

    def versions_on(self, day: date) -> dict[str, ProgrammeVersion]:
        """Each programme's version in force on a day; programmes without one are left out."""
        return {
            programme.programme: version
            for programme in self.programmes.values()
            for version in programme.versions
            if _in_force(version.from_date, version.to_date, day)
        }

    def programme(self, programme_id: str) -> Programme:
        """The programme with this id; `NotFound` names the listing."""
        found = self.programmes.get(plain_number(programme_id))
        if found is None:
            raise NotFound(
                _("There is no programme {id}.").format(id=programme_id),
                next_step=_("`yimen programme list` shows them."),
            )
        return found

    def source(self, source_id: str) -> Source:
        """The source with this id, or with this name when only one department has it."""
        if source_id in self.sources:
            return self.sources[source_id]
        matches = [s for name, s in self.sources.items() if name.split(".")[1] == source_id]
        if len(matches) != 1:
            raise NotFound(
                _("There is no source {id}.").format(id=source_id),
                next_step=_("`yimen source list` shows them."),
            )
        return matches[0]

    @cached_property
    def residence(self) -> Source | None:
        """The source that makes households, or None when no department declares one."""
        return next((s for s in self.sources.values() if s.residence), None)


def _in_force(first: str, last: str | None, day: date) -> bool:
    return first <= day.isoformat() <= (last or "9999-12-31")


def load_catalogue(cache: Path, *, disabled: Collection[str] = ()) -> Catalogue:
    """The catalogue of the installed departments: from the cache when nothing changed.

    The problems in it are sentences, so each language has a catalogue of its own. Plugins that the
    home has `disabled` are left out before any of their code could run.
    """
    points = {n: p for n, p in department_points(cache).items() if n not in disabled}
    key = plugins.content_key(points)
    file = cache_file(cache, key)
    if (payload := read_cached(file)) is not None:
        return _decoded(payload)
    catalogue = build(points)
    for old in (*cache.glob(f"catalogue-*-{language()}.json"), *cache.glob("statement-*.json")):
        old.unlink(missing_ok=True)
    write_cached(file, msgspec.json.encode(catalogue))
    return catalogue


@lru_cache(maxsize=4)
def _decoded(payload: bytes) -> Catalogue:
    """The catalogue in a cache file, decoded once by a process that types many commands."""
    return msgspec.json.decode(payload, type=Catalogue)


class Named(msgspec.Struct):
    """A thing's name, and nothing else of it."""

    names: Texts


class Names(msgspec.Struct):
    """What programmes and departments are called: enough for a list."""

    programmes: dict[str, Named] = {}
    departments: dict[str, Named] = {}


def load_names(cache: Path, *, disabled: Collection[str] = ()) -> Names:
    """The names alone, from the same cache; a twentieth of the time of the whole catalogue."""
    points = {n: p for n, p in department_points(cache).items() if n not in disabled}
    file = cache_file(cache, plugins.content_key(points))
    payload = read_cached(file)
    if payload is None:
        whole = load_catalogue(cache, disabled=disabled)
        return msgspec.convert(
            {"programmes": whole.programmes, "departments": whole.departments},
            Names,
            from_attributes=True,
        )
    return msgspec.json.decode(payload, type=Names)


def cache_file(cache: Path, key: str) -> Path:
    """The file of a catalogue in the language in force."""
    return cache / f"catalogue-{CACHE_FORMAT}-{key[:32]}-{language()}.json"


def build(points: Mapping[str, Any]) -> Catalogue:
    """The catalogue built anew: plugins asked in a child process, items checked and linked.

    Installed plugins that are not among `points` are left out; what rests on them is one problem.
    """
    from yimen.core.rules.linking import link

    catalogue = Catalogue(left_out=sorted(plugins.every_department_name() - set(points)))
    catalogue.checklists.extend(_own_checklists())
    # Bundled departments come first: where a stranger declares the same name, the stranger's is
    # the second one, and is refused.
    order = sorted(points, key=lambda n: (not points[n].value.startswith("yimen.plugins."), n))
    for answer in plugins.collect({name: points[name] for name in order}):
        if isinstance(answer, Problem):
            catalogue.problems.append(answer)
        else:
            _take(catalogue, answer)
    link(catalogue)
    body = [
        catalogue.departments, catalogue.sources, catalogue.facts, catalogue.standards,
        catalogue.packs, catalogue.programmes, [c.checklist for c in catalogue.checklists],
        catalogue.service_items,
    ]  # fmt: skip
    catalogue.digest = hashlib.sha256(canonical_record(body).encode()).hexdigest()
    return catalogue


def _take(catalogue: Catalogue, declared: plugins.Declared) -> None:
    """Adds what one plugin declared, item by item; a refused item becomes a problem."""
    bodies: set[str] = set()
    prefixes: set[str] = set()
    for hook, (__, contract) in plugins.HOOKS.items():
        for origin, item in declared.items.get(hook, []):
            try:
                record = _checked(contract, item, origin)
                _place(catalogue, declared.plugin, record, origin, bodies, prefixes)
                # Only now: a body that another plugin speaks for lends its name to nobody.
                if isinstance(record, Department):
                    bodies.add(record.department)
                    prefixes |= {record.prefix, *record.other_prefixes}
            except BadDeclaration as error:
                catalogue.problems.append(Problem(plugin=declared.plugin, message=str(error)))


def _own_checklists() -> list[OwnedChecklist]:
    """The four lists that the core itself declares; an error in them is a bug and is raised."""
    file = plugins.own_checklists_file()
    return [
        OwnedChecklist(
            plugin=CORE, origin=str(file), checklist=_checked("checklist", item, str(file))
        )
        for item in msgspec.json.decode(file.read_bytes())
    ]


def _checked(contract: str, item: Any, origin: str) -> Any:
    from yimen.core.contracts import check_declaration, record_of

    first = next(iter(item.values()), "") if isinstance(item, dict) else ""
    check_declaration(
        contract, item, lambda: plugins.place_of(origin, str(first)) if origin else contract
    )
    return msgspec.convert(item, record_of(contract))


def _place(
    catalogue: Catalogue,
    plugin: str,
    record: Any,
    origin: str,
    bodies: set[str],
    prefixes: set[str],
) -> None:
    if isinstance(record, Checklist):
        owned = OwnedChecklist(plugin=plugin, origin=origin, checklist=record)
        catalogue.checklists.append(owned)
        return
    if isinstance(record, ScreenDeclaration):
        # A screen decides nothing, so two departments may call theirs alike.
        catalogue.screens[f"{plugin}.{record.screen}"] = record
        return
    shelf, item_id, own = _shelf(catalogue, record, bodies, prefixes)

    def where() -> str:
        return plugins.place_of(origin, item_id) if origin else plugin

    if not own:
        raise BadDeclaration(
            _("'{id}' does not begin with a prefix of its own department.").format(id=item_id),
            where=where(),
            next_step=_("Names begin with the department's name, programmes with its prefix."),
        )
    # An expression names facts and standards alike.
    named = catalogue.standards if isinstance(record, Fact) else catalogue.facts
    if item_id in shelf or (isinstance(record, (Fact, Standard)) and item_id in named):
        raise BadDeclaration(
            _("'{id}' is declared twice.").format(id=item_id),
            where=where(),
            next_step=_("Rename one of them; the first one stays in force."),
        )
    if taken := _already_held(catalogue, plugin, record):
        raise BadDeclaration(
            _("'{id}' would take the place of '{taken}'.").format(id=item_id, taken=taken),
            where=where(),
            next_step=_("One department keeps the residence register, and one the rule packs."),
        )
    shelf[item_id] = record
    catalogue.origins[item_id] = origin
    catalogue.owners[item_id] = plugin


def _already_held(catalogue: Catalogue, plugin: str, record: Any) -> str | None:
    """What another plugin already declared where the whole county needs exactly one."""
    if isinstance(record, Source) and record.residence:
        return next((s.source for s in catalogue.sources.values() if s.residence), None)
    if isinstance(record, RulePack):
        return next((p for p in catalogue.packs if catalogue.owners[p] != plugin), None)
    return None


def _shelf(
    catalogue: Catalogue, record: Any, bodies: set[str], prefixes: set[str]
) -> tuple[dict[str, Any], str, bool]:
    if isinstance(record, Department):
        return catalogue.departments, record.department, True
    if isinstance(record, RulePack):
        return catalogue.packs, record.pack, True
    if isinstance(record, ServiceItem):
        prefix, dash, __ = record.item.partition("-")
        return catalogue.service_items, record.item, not dash or prefix in prefixes
    if isinstance(record, Programme):
        own = record.programme.split("-")[0] in prefixes and record.department in bodies
        return catalogue.programmes, record.programme, own
    if isinstance(record, Source):
        return catalogue.sources, record.source, record.source.split(".")[0] in bodies
    if isinstance(record, Fact):
        return catalogue.facts, record.fact, record.fact.split(".")[0] in bodies
    return catalogue.standards, record.standard, record.standard.split(".")[0] in bodies
