"""The two lists of a household: the aid it may have (policies), and what its needs are met by.

Both are read from one check on the day they are made; they propose, and a named officer decides.
An unknown fact puts a programme among those that need a fact, never among those that do not fit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args

from yimen.core.casework.check import Checker, rows_of_household
from yimen.core.casework.desk import Desk
from yimen.core.declarations import CONFIRMED, Basis, Need
from yimen.core.list_records import (
    Answering,
    NeedLine,
    NeedOrder,
    PolicyLine,
    PolicyList,
    ServiceList,
    Standing,
)
from yimen.core.records import CheckReport, MissingItem, ProgrammeResult, RecordedFact
from yimen.core.referral_records import Referral
from yimen.core.rules.catalogue import Catalogue
from yimen.core.store import cases, service_orders

NEEDS: tuple[Need, ...] = get_args(get_args(Need)[0])
_ORDER: tuple[Standing, ...] = ("receiving", "entitled", "likely", "needs_fact", "not_now")
# Criteria that say whom a programme is for; when they are met, the rest is detail.
_WHOM = frozenset({"class", "person", "event", "income"})


@dataclass(frozen=True)
class Looked:
    """A household as it was looked at: its check of today, nothing filed, and its members."""

    report: CheckReport
    members: list[str]


def look(desk: Desk, catalogue: Catalogue, household_no: str, action: str) -> Looked:
    """Checks a household of today under today's rules; the reading is journalled as `action`.

    `NotFound` without such a household, `Refused` where the operator may not see its file.
    """
    today = desk.home.clock.today()
    rows = rows_of_household(desk, catalogue, household_no, today)
    desk.require("household.show", division=rows[0][7])
    checker = Checker(desk, catalogue, rules_on=today, facts_as_of=today)
    report = next(checker.reports([household_no]))
    desk.record_reading(action, household_no, {"report": report.report_no})
    return Looked(report, [str(row[1]) for row in rows])


def policy_list(desk: Desk, catalogue: Catalogue, household_no: str) -> PolicyList:
    """救助政策关爱清单: every programme in force, by how the household stands to it."""
    return _policies(desk, catalogue, look(desk, catalogue, household_no, "household.policies"))


def service_list(desk: Desk, catalogue: Catalogue, household_no: str) -> ServiceList:
    """困难家庭救助服务清单: each need, who assessed it, and what answers it or could.

    A need that nobody assessed stays unknown; one without an answer being given is unmet.
    """
    return _services(desk, catalogue, look(desk, catalogue, household_no, "household.services"))


def both_lists(
    desk: Desk, catalogue: Catalogue, household_no: str
) -> tuple[PolicyList, ServiceList]:
    """Both lists of the booklet 一户一册, from one check and one reading."""
    looked = look(desk, catalogue, household_no, "household.booklet")
    return _policies(desk, catalogue, looked), _services(desk, catalogue, looked)


def _policies(desk: Desk, catalogue: Catalogue, looked: Looked) -> PolicyList:
    report = looked.report
    return PolicyList(
        household_no=report.household_no,
        made_on=desk.home.clock.today().isoformat(),
        rules_on=report.rules_on,
        rule_pack=report.rule_pack,
        report_no=report.report_no,
        policies=policy_lines(catalogue, report),
        statement=report.statement,
    )


def policy_lines(catalogue: Catalogue, report: CheckReport) -> list[PolicyLine]:
    """A report's answers, each with how the household stands to it, best standing first."""
    versions = catalogue.versions_on(date.fromisoformat(report.rules_on))
    lines = [_policy_line(catalogue, versions[r.programme].basis, r) for r in report.programmes]
    return sorted(lines, key=lambda p: (_ORDER.index(p.standing), p.programme, p.member or ""))


def _services(desk: Desk, catalogue: Catalogue, looked: Looked) -> ServiceList:
    household_no = looked.report.household_no
    subjects = [household_no, *looked.members]
    facts = cases.recorded_facts(
        desk.home.casework, subjects, until=desk.home.clock.today(), applications=[]
    )
    referrals = cases.referrals(desk.home.casework, households=[household_no])
    lines = need_lines(desk, catalogue, looked.report, facts, referrals)
    return ServiceList(
        household_no=household_no,
        made_on=desk.home.clock.today().isoformat(),
        needs=lines,
        statement=looked.report.statement,
    )


def need_lines(
    desk: Desk,
    catalogue: Catalogue,
    report: CheckReport,
    facts: list[RecordedFact],
    referrals: list[Referral],
) -> list[NeedLine]:
    """Every need of a household in the law's order, with what answers it."""
    db, household_no = desk.home.casework, report.household_no
    return [
        line
        for need in NEEDS
        for line in _need_lines(
            catalogue,
            need,
            report,
            facts,
            referrals,
            service_orders.orders_for(db, household_no, need),
        )
    ]


def standing_of(result: ProgrammeResult) -> Standing:
    """How a household stands to a programme, by its outcome, its receipt and what is open."""
    if result.receiving and result.outcome != "ineligible":
        return "receiving"
    if result.outcome == "eligible":
        return "entitled"
    if result.outcome == "ineligible":
        return "not_now"
    results = {c.result for c in result.criteria}
    whom = [c.result for c in result.criteria if c.about in _WHOM]
    met = bool(whom) and set(whom) == {"pass"}
    return "likely" if met and "fail" not in results else "needs_fact"


def _asked_last(item: MissingItem) -> bool:
    """Orders what people can say before what registers lack and other answers decide."""
    return item.fact is None


def _policy_line(
    catalogue: Catalogue, basis: Sequence[Basis], result: ProgrammeResult
) -> PolicyLine:
    not_met = [c for c in result.criteria if c.result == "fail"]
    return PolicyLine(
        programme=result.programme,
        name=result.name,
        department=catalogue.departments[result.department].names.text(),
        member=result.member,
        standing=standing_of(result),
        amount_fen=result.amount_fen,
        per=result.per,
        basis=[law.words() for law in basis],
        confirmed=all(law.tag in CONFIRMED for law in basis),
        opened_by=[opened.name for opened in result.opened_by],
        to_know=list(
            dict.fromkeys(
                item.plain() if item.member == result.member else item.why
                for item in sorted(result.missing, key=_asked_last)
            )
        ),
        not_met=[f"{c.text} [{c.basis}]" for c in not_met],
    )


def _need_lines(
    catalogue: Catalogue,
    need: Need,
    report: CheckReport,
    facts: list[RecordedFact],
    referrals: list[Referral],
    orders: list[dict[str, Any]],
) -> Iterator[NeedLine]:
    """A line for each member or household that was assessed; one unknown line where nobody was."""
    names = {f.fact for f in catalogue.facts.values() if f.need == need}
    assessed = cases.latest(f for f in facts if f.fact in names)
    answers = [r for r in report.programmes if need in catalogue.programmes[r.programme].serves]
    if not assessed:
        yield NeedLine(need=need, member=None, assessed=None, as_of=None, source=None,
                       answers=[], met=None)  # fmt: skip
        return
    for subject, name in sorted(assessed):
        states = assessed[subject, name]
        value = states.get("verified", states.get("declared"))
        last = [f for f in facts if f.subject == subject and f.fact == name][-1]
        member = None if subject == report.household_no else subject
        given = _answering(catalogue, answers, referrals, member) if value else []
        ordered = _orders(orders, member) if value else []
        yield NeedLine(
            need=need,
            member=member,
            assessed=bool(value),
            as_of=last.as_of,
            source=last.source,
            assessed_by=last.recorded_by,
            answers=given,
            orders=ordered,
            met=_met(given, ordered) if value else None,
        )


def _orders(orders: list[dict[str, Any]], member: str | None) -> list[NeedOrder]:
    """The orders for one member, or for the whole household."""
    return [
        NeedOrder(
            order_no=o["order_no"],
            item=o["item"],
            unit=o["unit"],
            quantity=o["quantity"],
            accepted=o["accepted"],
            ordered_on=o["ordered_on"],
            due_on=o["due_on"],
        )
        for o in orders
        if member is None or o["member_no"] in (None, member)
    ]


def _met(answers: list[Answering], orders: list[NeedOrder]) -> bool:
    return bool(orders) or any(a.standing == "receiving" or a.under_way for a in answers)


def _answering(
    catalogue: Catalogue,
    results: list[ProgrammeResult],
    referrals: list[Referral],
    member: str | None,
) -> list[Answering]:
    """The programmes that answer a need and are not out of reach, with their referrals."""
    found = []
    for result in results:
        standing = standing_of(result)
        if standing == "not_now" or (member and result.member not in (None, member)):
            continue
        sent = [
            r for r in referrals
            if (r.programme, r.member_no) == (result.programme, result.member)
        ]  # fmt: skip
        last = sent[-1] if sent else None
        found.append(
            Answering(
                programme=result.programme,
                name=result.name,
                department=catalogue.departments[result.department].names.text(),
                member=result.member,
                standing=standing,
                referral_no=last.referral_no if last else None,
                state=last.state if last else None,
                under_way=last is not None and _under_way(last),
                outcome=last.decision.outcome if last and last.decision else None,
            )
        )
    return sorted(found, key=lambda a: (_ORDER.index(a.standing), a.programme, a.member or ""))


def _under_way(referral: Referral) -> bool:
    decided = referral.decision is not None and referral.decision.outcome == "granted"
    return decided or referral.state not in cases.CLOSED_REFERRAL
