"""Builds the explained report of one household from its view.

Every value is shown with how it is known, from which source and of which day; every criterion with
its words and its law, every amount with its steps.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, cast

from yimen.core.declarations import Programme, ProgrammeVersion
from yimen.core.i18n import _
from yimen.core.laws import law_text
from yimen.core.records import (
    AmountResult,
    AmountStepValue,
    CheckReport,
    CriterionResult,
    Flag,
    MissingItem,
    OpenedBy,
    Outcome,
    ProgrammeResult,
    Result,
    StandardShown,
)
from yimen.core.rules.engines import Cell, Cells
from yimen.core.rules.view import HouseholdView, Ruling, truth
from yimen.core.store.journal import canonical


def build_report(
    view: HouseholdView,
    *,
    inputs: Mapping[str, object],
    application_no: str | None,
    flags: Sequence[Flag],
) -> CheckReport:
    """The report; the same inputs and rules give the same bytes in one language."""
    ruling = view.ruling
    inputs_hash = hashlib.sha256(canonical(inputs).encode()).hexdigest()
    rules_hash = ruling.rules_hash()
    dates = [ruling.rules_on.isoformat(), ruling.facts_as_of.isoformat()]
    number = canonical([view.household_no, inputs_hash, rules_hash, *dates])
    facts = ruling.catalogue.facts
    programmes = _programmes(view)
    household = [n for n in sorted(facts) if facts[n].unit == "household" or facts[n].household]
    personal = [n for n in sorted(facts) if facts[n].unit == "person"]
    return CheckReport(
        report_no=f"C{hashlib.sha256(number.encode()).hexdigest()[:16]}",
        household_no=view.household_no,
        application_no=application_no,
        rules_on=dates[0],
        facts_as_of=dates[1],
        rule_pack=ruling.statement.pack,
        engine=ruling.engine,
        inputs_hash=inputs_hash,
        rules_hash=rules_hash,
        facts={name: view.fact(name, None) for name in household},
        member_facts={
            str(row["member_no"]): {name: view.fact(name, row) for name in personal}
            for row in view.rows
        },
        standards=_standards(view, programmes),
        programmes=programmes,
        flags=list(flags),
        statement=_("This report is not a decision. A named officer decides."),
    )


def _standards(
    view: HouseholdView, programmes: Sequence[ProgrammeResult]
) -> dict[str, StandardShown]:
    """The standards that the answers rest on, each with who set it."""
    named = {n for p in programmes for c in p.criteria for n in c.values}
    named |= {n for p in programmes if p.amount for n in p.amount.values}
    found = {}
    for name in sorted(named & set(view.ruling.catalogue.standards)):
        standard = view.standard(name)
        example = standard.origin == "example"
        found[name] = StandardShown(
            value=standard.value,
            origin=standard.origin,
            basis=law_text(standard.basis),
            confidence="D" if example else standard.tag,
            from_date=standard.from_date,
        )
    return found


def _programmes(view: HouseholdView) -> list[ProgrammeResult]:
    ruling = view.ruling
    found: list[ProgrammeResult] = []
    for name in sorted(ruling.versions):
        programme, version = ruling.catalogue.programmes[name], ruling.versions[name]
        if name not in ruling.statement.programmes:
            found.append(_broken(ruling, programme, version))
        elif programme.unit == "household":
            found.append(_result(view, programme, version, None))
        else:
            found += [_result(view, programme, version, row) for row in view.counted_rows()]
    return found


def _result(
    view: HouseholdView, programme: Programme, version: ProgrammeVersion, row: Cells | None
) -> ProgrammeResult:
    name = programme.programme
    cells = row if row is not None else view.rows[0]
    outcome = _outcome(cells[f"o:{name}"])
    if row is not None and row["counted"] is None and outcome == "eligible":
        # Whether this person belongs to the household is itself not known yet.
        outcome = "unknown"
    criteria: list[CriterionResult] = []
    missing: dict[tuple[str | None, str | None, str], MissingItem] = {}
    for criterion in version.criteria:
        uses = view.ruling.catalogue.links.uses[
            f"criterion:{name}:{version.from_date}:{criterion.criterion}"
        ]
        result = _criterion_result(cells[f"c:{name}:{criterion.criterion}"])
        if result == "unknown":
            for item in (m for n in uses for m in view.missing(n, row)):
                missing.setdefault((item.fact, item.member, item.why), item)
        text, basis = view.ruling.criterion_words(criterion)
        criteria.append(
            CriterionResult(
                criterion=criterion.criterion,
                text=text,
                about=criterion.about,
                result=result,
                values={n: view.name_value(n, row) for n in uses},
                basis=basis,
                confidence=criterion.basis.tag,
            )
        )
    if row is not None and row["counted"] is None:
        for item in view.missing("member_count", row):
            missing.setdefault((item.fact, item.member, item.why), item)
    eligible = outcome == "eligible"
    amount = cast("int | None", cells.get(f"a:{name}")) if eligible else None
    if eligible and version.amount.expression and amount is None:
        for used in view.ruling.catalogue.links.uses[f"amount:{name}:{version.from_date}"]:
            for item in view.missing(used, row):
                missing.setdefault((item.fact, item.member, item.why), item)
    return ProgrammeResult(
        programme=name,
        name=programme.names.text(),
        department=programme.department,
        unit=programme.unit,
        member=str(row["member_no"]) if row is not None else None,
        outcome=outcome,
        receiving=truth(cells[f"{'g' if row is not None else 'hg'}:{name}"]),
        amount_fen=amount,
        per=version.amount.per,
        amount=_amount(view, programme, version, row) if eligible else None,
        opened_by=list(_opened_by(view, version, row)),
        criteria=criteria,
        missing=list(missing.values()) if outcome != "ineligible" else [],
    )


def _amount(
    view: HouseholdView, programme: Programme, version: ProgrammeVersion, row: Cells | None
) -> AmountResult:
    amount, links = version.amount, view.ruling.catalogue.links
    key = f"{programme.programme}:{version.from_date}"
    cells = row if row is not None else view.rows[0]
    basis = amount.basis or version.basis[0]
    return AmountResult(
        type=amount.type,
        values={n: view.name_value(n, row) for n in links.uses.get(f"amount:{key}", [])},
        steps=[
            AmountStepValue(
                step=step.step,
                text=step.text.text(),
                type=cast('Literal["money", "integer"]', links.step_types[f"{key}:{step.step}"]),
                value=cast("int | None", cells[f"t:{programme.programme}:{step.step}"]),
            )
            for step in amount.steps
        ],
        basis=basis.words(),
        confidence=basis.tag,
    )


def _opened_by(
    view: HouseholdView, version: ProgrammeVersion, row: Cells | None
) -> Iterator[OpenedBy]:
    """The classes that open the programme, by the law that the pack names for it, or by its own."""
    catalogue = view.ruling.catalogue
    basis = catalogue.packs[view.ruling.statement.pack].cascade or version.basis[0]
    for name in version.needs:
        if view.called("ENTITLED", name, row):
            yield OpenedBy(
                programme=name,
                name=catalogue.programmes[name].names.text(),
                basis=basis.words(),
                confidence=basis.tag,
            )


def _broken(ruling: Ruling, programme: Programme, version: ProgrammeVersion) -> ProgrammeResult:
    reason = ruling.catalogue.links.broken_programmes.get(programme.programme) or _(
        "The rules of this department could not be computed."
    )
    return ProgrammeResult(
        programme=programme.programme,
        name=programme.names.text(),
        department=programme.department,
        unit=programme.unit,
        member=None,
        outcome="unknown",
        receiving=None,
        amount_fen=None,
        per=version.amount.per,
        criteria=[],
        missing=[MissingItem(fact=None, document=None, why=reason)],
    )


def _outcome(cell: Cell) -> Outcome:
    return "unknown" if cell is None else "eligible" if cell else "ineligible"


def _criterion_result(cell: Cell) -> Result:
    found: dict[bool, Literal["pass", "fail"]] = {True: "pass", False: "fail"}
    return "unknown" if cell is None else found[bool(cell)]
