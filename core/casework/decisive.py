"""Which missing fact would decide the most answers of a check, and which it would only help.

An answer is decided by one fact alone when nothing else is open under any of its open conditions,
nor under the programmes whose answers it waits for: then any value of the fact settles it. It
counts what a report says is missing and evaluates no rule, so that it may promise too little, where
another name in a condition no longer matters; it must never promise too much.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from yimen.core.list_records import DecisiveLine, ProgrammeFor
from yimen.core.records import CheckReport, MissingItem, ProgrammeResult
from yimen.core.rules.catalogue import Catalogue

# Of facts that do as much, what people can say at once comes first.
_AT_HAND = ("verify", "ask", "standard", "register")
# A fact of a member, or a household's fact or a standard without one.
Answerable = tuple[str, str | None]


@dataclass
class _Open:
    """What one answer waits for: facts and standards, and whether for anything else as well."""

    items: dict[Answerable, MissingItem] = field(default_factory=dict)
    else_open: bool = False


def decisive_facts(report: CheckReport, catalogue: Catalogue) -> list[DecisiveLine]:
    """The missing facts, by how many answers each decides alone, then by how many it helps."""
    found: dict[Answerable, tuple[MissingItem, list[ProgrammeFor], list[ProgrammeFor]]] = {}
    for result, under in _open_answers(report, catalogue):
        alone = len(under.items) == 1 and not under.else_open
        for key, item in under.items.items():
            __, decides, helps = found.setdefault(key, (item, [], []))
            (decides if alone else helps).append(programme_for(result))
    lines = [
        _line(report, catalogue, key[0], item, decides, helps)
        for key, (item, decides, helps) in found.items()
    ]
    return sorted(
        lines,
        key=lambda d: (
            -len(d.decides), -len(d.helps), _AT_HAND.index(d.how), d.fact, d.member or ""
        ),
    )  # fmt: skip


def programme_for(result: ProgrammeResult) -> ProgrammeFor:
    """The programme of an answer, and whom it is about."""
    return ProgrammeFor(programme=result.programme, name=result.name, member=result.member)


def _open_answers(
    report: CheckReport, catalogue: Catalogue
) -> Iterator[tuple[ProgrammeResult, _Open]]:
    """Each answer that is unknown, with all that it waits for."""
    unknown: dict[str, list[ProgrammeResult]] = {}
    for result in report.programmes:
        if result.outcome == "unknown":
            unknown.setdefault(result.programme, []).append(result)
    known: dict[Answerable, _Open] = {}
    for results in unknown.values():
        for result in results:
            yield result, _under(result, unknown, catalogue, known)


def _under(
    result: ProgrammeResult,
    unknown: Mapping[str, list[ProgrammeResult]],
    catalogue: Catalogue,
    known: dict[Answerable, _Open],
) -> _Open:
    """What an answer waits for, down through the answers that it waits for."""
    key = (result.programme, result.member)
    if key in known:
        return known[key]
    found = known[key] = _Open(else_open=not result.missing)
    for item in result.missing:
        if item.programme is not None:
            waits = [
                other
                for other in unknown.get(item.programme, [])
                if result.member is None or other.member in (None, result.member)
            ]
            found.else_open |= not waits
            for other in waits:
                below = _under(other, unknown, catalogue, known)
                found.items |= below.items
                found.else_open |= below.else_open
        elif _answerable(item, catalogue):
            found.items[str(item.fact), item.member] = item
        else:
            found.else_open = True
    return found


def _answerable(item: MissingItem, catalogue: Catalogue) -> bool:
    """Whether somebody can say it: a declared fact that is not computed, or a standard."""
    fact = catalogue.facts.get(item.fact or "")
    return item.fact in catalogue.standards or (fact is not None and not fact.expression)


def _line(
    report: CheckReport,
    catalogue: Catalogue,
    name: str,
    item: MissingItem,
    decides: list[ProgrammeFor],
    helps: list[ProgrammeFor],
) -> DecisiveLine:
    fact = catalogue.facts.get(name)
    if fact is None:
        return DecisiveLine(
            fact=name, name=catalogue.standards[name].names.text(), member=None, how="standard",
            question=item.why, document=None, source=None, decides=decides, helps=helps,
        )  # fmt: skip
    values = report.member_facts[item.member] if item.member else report.facts
    # A declared value that is not used contradicts its register.
    contradicted = values[name].status == "declared"
    return DecisiveLine(
        fact=name,
        name=fact.names.text(),
        member=item.member,
        how="verify" if contradicted else "ask" if fact.ask else "register",
        question=item.plain(),
        document=item.document,
        source=fact.source,
        decides=decides,
        helps=helps,
    )
