"""The portrait of a household 精准画像: its hardships, how grave they are, what it bears and has.

The founding policy (三(一)3) orders that type and degree of hardship be judged from the data. What
shows a hardship, a class or an expense is declared by the departments; no fact is named here. What
is not known is shown as not known: it is never a hardship, and never none.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from yimen.core.casework.care import look, policy_lines
from yimen.core.casework.decisive import decisive_facts, programme_for
from yimen.core.casework.desk import Desk
from yimen.core.declarations import Fact, Hardship, HardshipKind
from yimen.core.list_records import ClassLine, ExpenseLine, HardshipFact, HardshipLine, Portrait
from yimen.core.records import CheckReport, FactValue
from yimen.core.results import KnownBenefit
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.view import value_text

KINDS: tuple[HardshipKind, ...] = get_args(get_args(HardshipKind)[0])


def household_portrait(
    desk: Desk, catalogue: Catalogue, household_no: str, benefits: list[KnownBenefit]
) -> Portrait:
    """The portrait from a check of today; `benefits` are those of the household's file.

    `NotFound` without such a household, `Refused` where the operator may not see its file; the
    reading is journalled.
    """
    looked = look(desk, catalogue, household_no, "household.portrait")
    return portrait(looked.report, benefits, catalogue, made_on=desk.home.clock.today().isoformat())


def portrait(
    report: CheckReport, benefits: list[KnownBenefit], catalogue: Catalogue, *, made_on: str
) -> Portrait:
    """The portrait that one report gives, with the aid known of the household."""
    classes = sorted(
        _classes(report, catalogue), key=lambda c: (c.degree, c.programme, c.member or "")
    )
    expenses = list(_expenses(report, catalogue))
    amounts = [e.amount_fen for e in expenses if e.amount_fen is not None]
    lines = policy_lines(catalogue, report)
    needing = {(p.programme, p.member) for p in lines if p.standing == "needs_fact"}
    return Portrait(
        household_no=report.household_no,
        made_on=made_on,
        rules_on=report.rules_on,
        rule_pack=report.rule_pack,
        report_no=report.report_no,
        degree=min((c.degree for c in classes if c.recognised or c.proposed), default=None),
        classes=classes,
        income_ratio_ppm=_income_ratio(report, catalogue),
        hardships=[_hardship(report, catalogue, kind) for kind in KINDS],
        expenses=expenses,
        expenses_fen=sum(amounts) if expenses and len(amounts) == len(expenses) else None,
        received=[b for b in benefits if b.active],
        likely=[p for p in lines if p.standing in ("entitled", "likely")],
        unknown=[programme_for(r) for r in report.programmes if (r.programme, r.member) in needing],
        decisive=decisive_facts(report, catalogue),
        statement=report.statement,
    )


def _classes(report: CheckReport, catalogue: Catalogue) -> Iterator[ClassLine]:
    for result in report.programmes:
        degree = catalogue.programmes[result.programme].degree
        if degree is not None:
            yield ClassLine(
                programme=result.programme,
                name=result.name,
                degree=degree,
                member=result.member,
                recognised=result.receiving,
                proposed=None if result.outcome == "unknown" else result.outcome == "eligible",
            )


def _income_ratio(report: CheckReport, catalogue: Catalogue) -> int | None:
    """Parts per million, as the department that sets the standard computes it."""
    names = [f.fact for f in catalogue.facts.values() if f.marks == "income_ratio"]
    value = report.facts[names[0]].value if names else None
    return value if isinstance(value, int) else None


def _expenses(report: CheckReport, catalogue: Catalogue) -> Iterator[ExpenseLine]:
    for fact in catalogue.facts.values():
        if fact.expense:
            known = report.facts[fact.fact]
            yield ExpenseLine(
                fact=fact.fact,
                name=fact.names.text(),
                amount_fen=known.value if isinstance(known.value, int) else None,
                status=known.status,
                source=known.source,
                as_of=known.as_of,
            )


def _hardship(report: CheckReport, catalogue: Catalogue, kind: HardshipKind) -> HardshipLine:
    """One type: shown as soon as one fact shows it, else unknown while one fact is unknown."""
    found = [
        _hardship_fact(fact, declared, member, value)
        for fact in catalogue.facts.values()
        if (declared := fact.hardship) and declared.kind == kind
        for member, value in _values(report, fact)
    ]
    shown = {f.shown for f in found}
    return HardshipLine(
        kind=kind,
        shown=True if True in shown else None if None in shown or not found else False,
        facts=[f for f in found if f.shown is not False],
    )


def _hardship_fact(
    fact: Fact, declared: Hardship, member: str | None, known: FactValue
) -> HardshipFact:
    shown: bool | None = None
    if isinstance(known.value, str):
        shown = known.value in declared.codes
    elif known.value is not None:
        shown = known.value > 0
    return HardshipFact(
        fact=fact.fact,
        name=fact.names.text(),
        member=member,
        shown=shown,
        value=known.value,
        text=value_text(fact, known.value),
        status=known.status,
        as_of=known.as_of,
    )


def _values(report: CheckReport, fact: Fact) -> Iterator[tuple[str | None, FactValue]]:
    """A fact's values: the household's one, or one a member who counts or may count."""
    if fact.unit == "household":
        yield None, report.facts[fact.fact]
        return
    # A report answers a person's programme for just those members; where it has none, for nobody.
    counted = {r.member for r in report.programmes if r.member is not None}
    for member, facts in report.member_facts.items():
        if not counted or member in counted:
            yield member, facts[fact.fact]
