"""Compiles the catalogue in force on a day into one SQL statement: sources, facts, criteria.

Every layer is a query over the ones before: rows of a source are aggregated per selected person,
persons' facts become the household's, criteria become outcomes. The statement
reads the selection from `sel` and `named`; it must never contain a value of a person or a county.
"""

from __future__ import annotations

import hashlib
from datetime import date
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Literal

import msgspec

from yimen.core.cache_files import read_cached, write_cached
from yimen.core.declarations import Fact, Programme, ProgrammeVersion, Source
from yimen.core.records import FlagKind
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.layers import Layer
from yimen.core.rules.thresholds import Threshold

DialectName = Literal["sqlite", "duckdb"]
# Raised when the text of a statement for the same catalogue changes.
STATEMENT_FORMAT = 38


# The columns of the table `sel`: one row a person of a selected household. `case_open`: it has an
# open application; `first_row`: what is said of the household stands here in a batch's result.
SELECTION_COLUMNS = (
    "k", "household_no", "member_no", "id_number", "name", "relation", "birth_date", "sex",
    "division", "zone", "given_counted", "shared", "case_open", "first_row",
)  # fmt: skip


# Those of them that only results and flags show, which engines offer once more as `named`: read
# there, they are not handed from one layer to the next.
NAMED_COLUMNS = ("k", "household_no", "member_no", "division")


# What is told once a household, where an engine writes that apart: its first member's `k` and more.
TOLD = "h_told"


class FlagCell(msgspec.Struct, frozen=True, kw_only=True):
    """One column of a flag: of each person, or of the household (the same in all its rows)."""

    cell: str
    kind: FlagKind
    programme: str | None = None
    fact: str | None = None
    personal: bool


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """One compiled statement in one engine's words: layers, each filled after those before it.

    `everything` is what follows FROM to see all of their columns, one row a selected person.
    `{source id}` stands for a table of rows.
    """

    dialect: DialectName
    layers: list[Layer]
    everything: str
    sources: list[str]
    standards: list[str]
    pack: str
    programmes: list[str]
    flags: list[FlagCell]
    # What a batch writes of each person: column -> its SQL over `everything`.
    results: dict[str, str]
    # What it writes apart, once a household: column -> its SQL over `h_told`.
    told: dict[str, str]
    # The columns of both as they are read, in order.
    columns: list[str]
    thresholds: list[Threshold]
    rules_digest: str
    # programme -> (source, condition on a row `s` that shows it being received on :as_of)
    recognitions: dict[str, tuple[str, str]]


def statement_for(
    catalogue: Catalogue,
    rules_on: date,
    *,
    cache: Path | None = None,
    without: frozenset[str] = frozenset(),
    dialect: DialectName = "sqlite",
    whole: bool = True,
    casework: bool = True,
) -> Statement:
    """The statement for the rules in force on a day, compiled once per distinct set of versions.

    `without` names plugins whose facts failed at run time; what they own becomes unknown. `whole`
    statements hold every cell, others what a batch writes; those without `casework` are for
    households of which nothing was recorded and to which nothing was granted in this home.
    """
    pack = catalogue.pack_on(rules_on)
    versions = catalogue.versions_on(rules_on)
    key = "|".join(
        [str(STATEMENT_FORMAT), catalogue.digest, pack.pack, *sorted(without)]
        + [f"{p}@{v.from_date}" for p, v in sorted(versions.items())]
    )
    digest = hashlib.sha256(key.encode()).hexdigest()
    kind = ("whole" if whole else "results") + ("" if casework else "-plain")
    name = f"statement-{dialect}-{kind}-{digest[:32]}.json"
    file = cache / name if cache else None
    if file and (payload := read_cached(file)) is not None:
        return msgspec.json.decode(payload, type=Statement)
    from yimen.core.rules.compiler import Compiler

    compiler = Compiler(
        catalogue, pack, versions, without, digest, dialect, whole=whole, casework=casework
    )
    statement = compiler.compile()
    if file:
        write_cached(file, msgspec.json.encode(statement))
    return statement


def standard_parameter(standard: str, zone: str = "") -> str:
    """The parameter's name for a standard's value in a zone."""
    return f"std__{standard.replace('.', '__')}" + (f"__{zone}" if zone else "")


def extract_parameter(source: str) -> str:
    """The parameter's name for the day of a source's extract."""
    return f"of__{source.replace('.', '__')}"


def usable_parameter(source: str) -> str:
    """The parameter's name for a source's own status: ok, not_loaded or stale."""
    return f"use__{source.replace('.', '__')}"


Level = list[tuple[Programme, ProgrammeVersion]]


def programme_levels(
    catalogue: Catalogue, versions: dict[str, ProgrammeVersion]
) -> tuple[list[Level], list[Level]]:
    """Programmes in force and unbroken, each after those whose outcome it needs.

    First the levels of household programmes that wait for no person's outcome, computed once a
    household; then those of persons, and of the households that wait for them.
    """
    waits = {
        p: {
            q
            for q in catalogue.links.qualifies.get(f"{p}:{version.from_date}", [])
            if q in versions and q not in catalogue.links.broken_programmes
        }
        for p, version in versions.items()
        if p not in catalogue.links.broken_programmes
    }
    late = {p for p in waits if catalogue.programmes[p].unit == "person"}
    while more := {p for p in waits if p not in late and waits[p] & late}:
        late |= more

    def levels(names: set[str]) -> list[Level]:
        sorter = TopologicalSorter({p: waits[p] & names for p in names})
        sorter.prepare()
        found: list[Level] = []
        while sorter.is_active():
            ready = sorted(sorter.get_ready())
            found.append([(catalogue.programmes[p], versions[p]) for p in ready])
            sorter.done(*ready)
        return found

    return levels(set(waits) - late), levels(late)


def facts_by_source(
    catalogue: Catalogue, without: frozenset[str]
) -> dict[str, tuple[Source, list[Fact], list[Programme]]]:
    """For each source that is read: the source, the facts and the recognitions that read it."""
    found: dict[str, tuple[Source, list[Fact], list[Programme]]] = {}

    def shelf(source_id: str) -> tuple[Source, list[Fact], list[Programme]]:
        return found.setdefault(source_id, (catalogue.sources[source_id], [], []))

    for name in sorted(catalogue.facts):
        fact = catalogue.facts[name]
        if fact.source and catalogue.owners.get(name) not in without:
            shelf(fact.source)[1].append(fact)
    for name in sorted(catalogue.programmes):
        programme = catalogue.programmes[name]
        usable = name not in catalogue.links.broken_programmes
        if programme.recognised_by and usable and catalogue.owners.get(name) not in without:
            shelf(programme.recognised_by.source)[2].append(programme)
    return found
