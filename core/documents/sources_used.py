"""Which registers a set of programmes is answered from: through conditions and computed facts."""

from __future__ import annotations

from collections.abc import Mapping

from yimen.core.declarations import ProgrammeVersion, Source
from yimen.core.rules.catalogue import Catalogue


def sources_used(catalogue: Catalogue, versions: Mapping[str, ProgrammeVersion]) -> list[Source]:
    """The sources behind the conditions of these programmes, in the catalogue's order."""
    uses = catalogue.links.uses
    waiting = [
        name
        for programme, version in versions.items()
        for criterion in version.criteria
        for name in uses.get(f"criterion:{programme}:{version.from_date}:{criterion.criterion}", [])
    ]
    seen: set[str] = set()
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        fact = catalogue.facts.get(name)
        if fact is None or name in seen:
            continue
        seen.add(name)
        if fact.source:
            found.add(fact.source)
        waiting += uses.get(f"fact:{name}", [])
    return [source for name, source in catalogue.sources.items() if name in found]
