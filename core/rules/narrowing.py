"""A catalogue cut down to some programmes and all that they rest on, for asking about only those.

The answers are the same as the whole catalogue's, since nothing that they use is left out; the
statement is a fraction of its size.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection

import msgspec

from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.checklists import standards_of_steps


def narrowed(catalogue: Catalogue, programmes: Collection[str]) -> Catalogue:
    """The catalogue with these programmes, those that they ask about, and their facts only."""
    kept: set[str] = set()
    waiting = {p for p in programmes if p in catalogue.programmes}
    facts: set[str] = set()
    for pack in catalogue.packs:
        _facts(catalogue, catalogue.links.uses.get(f"pack:{pack}", []), facts)
    while waiting:
        kept |= waiting
        asked: set[str] = set()
        for name in waiting:
            asked |= _facts(catalogue, names_of(catalogue, name), facts)
        waiting = asked - kept
    links = msgspec.structs.replace(
        catalogue.links,
        person_levels=_only(catalogue.links.person_levels, facts),
        household_levels=_only(catalogue.links.household_levels, facts),
    )
    found: Catalogue = msgspec.structs.replace(
        catalogue,
        programmes={n: p for n, p in catalogue.programmes.items() if n in kept},
        facts={n: f for n, f in catalogue.facts.items() if n in facts},
        links=links,
        digest=hashlib.sha256(f"{catalogue.digest}|{sorted(kept)}".encode()).hexdigest(),
    )
    return found


def names_of(catalogue: Catalogue, programme: str) -> list[str]:
    """What a programme's criteria and amounts name, in any version."""
    found: dict[str, None] = {}
    for key, names in catalogue.links.uses.items():
        kind, __, rest = key.partition(":")
        if kind in ("criterion", "amount") and rest.split(":")[0] == programme:
            found |= dict.fromkeys(names)
    return list(found)


def programmes_by_standard(catalogue: Catalogue) -> dict[str, list[str]]:
    """Standard -> the programmes whose rules, facts under them or handling rest on it.

    For a list that belongs to no programme the list's own name stands.
    """
    found: dict[str, list[str]] = {}
    for programme in sorted(catalogue.programmes):
        facts: set[str] = set()
        names = names_of(catalogue, programme)
        _facts(catalogue, names, facts)
        under = {n for fact in facts for n in catalogue.links.uses.get(f"fact:{fact}", [])}
        for name in sorted({*names, *under} & set(catalogue.standards)):
            found.setdefault(name, []).append(programme)
    for name, list_ in standards_of_steps(catalogue):
        users = found.setdefault(name, [])
        if (user := list_.removeprefix("handle/")) not in users:
            users.append(user)
    return found


def _facts(catalogue: Catalogue, names: list[str], found: set[str]) -> set[str]:
    """Adds the facts behind some names to `found`, and returns the programmes they ask about."""
    asked: set[str] = set()
    for name in names:
        __, colon, programme = name.partition(":")
        if colon:
            asked.add(programme)
        elif name in catalogue.facts and name not in found:
            found.add(name)
            asked |= _facts(catalogue, catalogue.links.uses.get(f"fact:{name}", []), found)
    return asked


def _only(levels: list[list[str]], facts: set[str]) -> list[list[str]]:
    kept = [[name for name in level if name in facts] for level in levels]
    return [level for level in kept if level]
