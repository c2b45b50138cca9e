"""Tries the rules on a household that is only described: a scenario of a department's own tests.

The same statement runs as at the counter, over register rows and recorded facts given in JSON, in a
database that lives in memory. Nothing is stored, and nothing of a home is read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Literal

import msgspec
from msgspec import Meta, field

from yimen.core.clock import parse_date
from yimen.core.declarations import Declared, IsoDate, ProgrammeId, Standard
from yimen.core.errors import BadInput
from yimen.core.i18n import _
from yimen.core.records import CheckReport, Outcome, Snapshot, Value
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.engines import Cell, Selection
from yimen.core.rules.engines.sqlite import SqliteEngine
from yimen.core.rules.inputs import ZONES, Reading, StandardInForce, parameters
from yimen.core.rules.narrowing import narrowed
from yimen.core.rules.report import build_report
from yimen.core.rules.statement import Statement, statement_for
from yimen.core.rules.view import HouseholdView, Ruling
from yimen.core.store.connection import in_memory
from yimen.core.store.snapshots import column_names, create_snapshot_table

if TYPE_CHECKING:
    from yimen.core.store.database import Database

_ANY_DIVISION = "370499000000"
Rows = dict[str, list[dict[str, Value]]]


class TrialMember(Declared, frozen=True, kw_only=True):
    """A member as a scenario describes one: facts are known as stated, rows are register rows."""

    relation: str = "02"
    age: Annotated[int, Meta(ge=0, le=130)] = 40
    sex: Literal["1", "2"] = "1"
    counted: bool | None = True
    facts: dict[str, Value] = field(default_factory=dict)
    rows: Rows = field(default_factory=dict)
    receives: list[ProgrammeId] = field(default_factory=list)


class TrialHousehold(Declared, frozen=True, kw_only=True):
    """A household as a scenario describes one; a fact that is left out is unknown."""

    zone: Literal["URBAN", "RURAL"] = "RURAL"
    members: Annotated[list[TrialMember], Meta(min_length=1)]
    facts: dict[str, Value] = field(default_factory=dict)
    receives: list[ProgrammeId] = field(default_factory=list)
    receives_only: Annotated[
        bool, Meta(description="What `receives` lists is all; registers of aid show nothing more")
    ] = False


class Scenario(Declared, frozen=True, kw_only=True):
    """One sentence about one programme: who they are, and what the rules must answer.

    `standards` replaces the example values; `sources` names registers that are loaded though no
    row is given, so that absence means something. `member` counts from 1, for person programmes.
    """

    title: Annotated[str, Meta(min_length=20)]
    programme: ProgrammeId
    on: IsoDate
    household: TrialHousehold
    standards: dict[str, int | str | None] = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)
    member: int = 1
    expect: Outcome
    amount_fen: int | None = None
    fails: Annotated[list[str], Meta(description="The criteria that must fail")] = field(
        default_factory=list
    )


def try_rules(
    catalogue: Catalogue,
    household: TrialHousehold,
    *,
    on: date,
    standards: Mapping[str, int | str | None] | None = None,
    county: Mapping[tuple[str, str], StandardInForce] | None = None,
    sources: Sequence[str] = (),
    only: str | None = None,
    database: Database | None = None,
) -> CheckReport:
    """The report of a described household under the rules of a day, or of `only` one programme.

    A `database` of an earlier trial is emptied and used again, with what was prepared in it.
    Standards are the county's where given, else the examples with `standards` in their place.
    `BadInput` when the household, the sources or the standards are not of the catalogue.
    """
    _refuse_strange(catalogue, household, sources, standards or {})
    if only is not None:
        catalogue = _narrowed(catalogue, only)
    statement = _statement(catalogue, on)
    database = database or in_memory()
    loaded = {*sources, *(_registers_of_aid(catalogue) if household.receives_only else ())}
    readings = [
        _reading(database, catalogue, name, household, name in loaded, on)
        for name in statement.sources
    ]
    examples = example_standards(catalogue, statement.standards, on, standards or {})
    in_force = {key: (county or examples).get(key, value) for key, value in examples.items()}
    ruling = Ruling(
        catalogue=catalogue,
        statement=statement,
        readings={r.source: r for r in readings},
        standards=in_force,
        versions=catalogue.versions_on(on),
        rules_on=on,
        facts_as_of=on,
        engine="sqlite",
    )
    engine = SqliteEngine(database, catalogue)
    rows = engine.run(
        statement,
        readings,
        parameters(statement, readings, in_force, on),
        _selection(catalogue, household, on),
    )
    view = HouseholdView(ruling, rows, [])
    return build_report(view, inputs=msgspec.to_builtins(household), application_no=None, flags=[])


def _registers_of_aid(catalogue: Catalogue) -> list[str]:
    return [name for name, source in catalogue.sources.items() if source.benefits]


def _narrowed(catalogue: Catalogue, programme: str) -> Catalogue:
    """The catalogue of one programme, made once."""
    kept: dict[str, Catalogue] = catalogue.__dict__.setdefault("narrowed", {})
    if programme not in kept:
        kept[programme] = narrowed(catalogue, [programme])
    return kept[programme]


def _statement(catalogue: Catalogue, on: date) -> Statement:
    """The statement of a day, compiled once for as long as the catalogue is held."""
    kept: dict[date, Statement] = catalogue.__dict__.setdefault("statements", {})
    if on not in kept:
        kept[on] = statement_for(catalogue, on)
    return kept[on]


def _refuse_strange(
    catalogue: Catalogue,
    household: TrialHousehold,
    sources: Sequence[str],
    standards: Mapping[str, int | str | None],
) -> None:
    """Refuses facts that nobody declares or that are computed, and strange sources or standards."""
    members = household.members
    for name in {n for facts in (household.facts, *(m.facts for m in members)) for n in facts}:
        declared = catalogue.facts.get(name)
        if declared is None or declared.expression:
            raise BadInput(
                _("{name} cannot be stated: it is not declared, or it is computed.").format(
                    name=name
                ),
                next_step=_("State a declared fact that is not computed from others."),
            )
    for name in {*sources, *(n for m in members for n in m.rows)}:
        catalogue.source(name)
    for name in standards:
        if name not in catalogue.standards:
            raise BadInput(
                _("There is no standard {id}.").format(id=name),
                next_step=_("`yimen standard list` shows them."),
            )
    for name in {*household.receives, *(p for m in members for p in m.receives)}:
        catalogue.programme(name)


def _reading(
    database: Database,
    catalogue: Catalogue,
    name: str,
    household: TrialHousehold,
    loaded: bool,
    on: date,
) -> Reading:
    """A source as the scenario gives it: loaded with its rows, or not loaded."""
    if not loaded and not any(name in member.rows for member in household.members):
        return Reading(name, "not_loaded", None)
    reading, table = empty_reading(database, catalogue, name, on)
    columns = column_names(catalogue.sources[name])
    marks = ", ".join("?" * (len(columns) + 1))
    for number, member in enumerate(household.members, 1):
        keys: dict[str, Cell] = {"id_number": _id(number), "name": _name(number)}
        for row in member.rows.get(name, []):
            if stray := set(row) - set(columns):
                raise BadInput(
                    _("{source} has no column {names}.").format(
                        source=name, names=", ".join(sorted(stray))
                    ),
                    next_step=_("`yimen source show {source}` lists the columns.").format(
                        source=name
                    ),
                )
            cells = keys | {column: _cell(value) for column, value in row.items()}
            database.conn.execute(
                f'INSERT INTO "{table}" VALUES ({marks})', [1, *(cells.get(c) for c in columns)]
            )
    return reading


def empty_reading(
    database: Database, catalogue: Catalogue, name: str, on: date
) -> tuple[Reading, str]:
    """A loaded source without a row, so that absence means something; and its table."""
    table = f"snap__{name.replace('.', '__')}"
    if database.conn.execute("SELECT 1 FROM sqlite_master WHERE name = ?", [table]).fetchone():
        database.conn.execute(f'DELETE FROM "{table}"')
    else:
        create_snapshot_table(database, catalogue.sources[name], table)
    day = on.isoformat()
    snapshot = Snapshot(
        source=name, snapshot_no=1, table=table, as_of=day, loaded_at=day, rows=0, rejected=0,
        digest="", covers=["37"], file_name="",
    )  # fmt: skip
    return Reading(name, "ok", snapshot), table


def _id(number: int) -> str:
    return f"{370499190001010000 + number:018d}"


def _name(number: int) -> str:
    return f"member {number}"


def _cell(value: Value) -> Cell:
    return int(value) if isinstance(value, bool) else value


def example_standards(
    catalogue: Catalogue, names: Sequence[str], on: date, given: Mapping[str, int | str | None]
) -> dict[tuple[str, str], StandardInForce]:
    found = {}
    for name in names:
        standard = catalogue.standards[name]
        for zone in ZONES if standard.by_zone else ("",):
            value = given[name] if name in given else _example(standard, zone, on.isoformat())
            found[name, zone] = StandardInForce(value, "example", standard.basis[0].text, "D")
    return found


def _example(standard: Standard, zone: str, day: str) -> int | str | None:
    """The national value in force on the day, else the example value."""
    for value in (*standard.values, *standard.example):
        if value.zone in ("", zone) and value.from_date <= day <= (value.to_date or "9999-12-31"):
            return value.value
    return None


def _selection(catalogue: Catalogue, household: TrialHousehold, on: date) -> Selection:
    selection = Selection()
    selection.recorded += _facts(catalogue, "H0000001", household.facts)
    selection.benefits += [("H0000001", p) for p in household.receives]
    consent = [s.source for s in catalogue.sources.values() if s.authority == "consent"]
    for number, member in enumerate(household.members, 1):
        born = parse_date(f"{on.year - member.age}-01-01").isoformat()
        member_no = f"M{number:07d}"
        counted = None if member.counted is None else int(member.counted)
        selection.add_person(
            "H0000001", member_no, _id(number), _name(number), member.relation, born,
            member.sex, _ANY_DIVISION, household.zone, counted, 0,
        )  # fmt: skip
        selection.recorded += _facts(catalogue, member_no, member.facts)
        selection.benefits += [(member_no, p) for p in member.receives]
        selection.granted += [(member_no, source) for source in consent]
    return selection


def _facts(
    catalogue: Catalogue, subject: str, facts: Mapping[str, Value]
) -> list[tuple[str, str, Cell, Cell]]:
    return [
        (subject, name, _cell(value), None)
        for name, value in facts.items()
        if name in catalogue.facts
    ]


@lru_cache(maxsize=1)
def _database(_catalogue: str, _programme: str) -> Database:
    """The database of the programme that was judged last: scenarios stand beside their like."""
    return in_memory()


def judge(catalogue: Catalogue, scenario: Scenario) -> list[str]:
    """What is wrong with a scenario's answer, in sentences; empty when it holds."""
    report = try_rules(
        catalogue,
        scenario.household,
        on=parse_date(scenario.on),
        standards=scenario.standards,
        sources=scenario.sources,
        only=scenario.programme,
        database=_database(catalogue.digest, scenario.programme),
    )
    member = f"M{scenario.member:07d}"
    found = [
        p
        for p in report.programmes
        if p.programme == scenario.programme and p.member in (None, member)
    ]
    if not found:
        return [_("{programme} gave no answer.").format(programme=scenario.programme)]
    result, wrong = found[0], []
    if result.outcome != scenario.expect:
        open_criteria = {c.criterion: c.result for c in result.criteria if c.result != "pass"}
        wrong.append(
            _("the answer is {found}, not {expected}; criteria not passed: {criteria}").format(
                found=result.outcome, expected=scenario.expect, criteria=open_criteria or "-"
            )
        )
    failed = [c.criterion for c in result.criteria if c.result == "fail"]
    if scenario.fails and sorted(failed) != sorted(scenario.fails):
        wrong.append(
            _("failing criteria are {found}, not {expected}").format(
                found=failed, expected=scenario.fails
            )
        )
    if scenario.amount_fen is not None and result.amount_fen != scenario.amount_fen:
        wrong.append(
            _("the amount is {found} fen, not {expected}").format(
                found=result.amount_fen, expected=scenario.amount_fen
            )
        )
    return wrong
