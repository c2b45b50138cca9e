"""How a referral comes to be: the minimal snapshot of facts, its terms, its row and first move."""

from __future__ import annotations

from typing import Any

import msgspec

from yimen.core.casework.desk import Desk
from yimen.core.casework.terms import due_of
from yimen.core.declarations import ProgrammeVersion
from yimen.core.records import Application, CheckReport, FactValue, ProgrammeResult, ReferralState
from yimen.core.referral_records import DueDates, ReferralMove, Terms
from yimen.core.rules.catalogue import Catalogue
from yimen.core.store import cases
from yimen.core.store.journal import canonical


def frozen_facts(
    catalogue: Catalogue, report: CheckReport, result: ProgrammeResult, version: ProgrammeVersion
) -> dict[str, FactValue]:
    """The minimal snapshot: only the facts that the programme's criteria and amount name."""
    prefix = f"{result.programme}:{version.from_date}"
    names = {
        name
        for key, uses in catalogue.links.uses.items()
        if key.startswith(f"criterion:{prefix}:") or key == f"amount:{prefix}"
        for name in uses
        if name in catalogue.facts
    }
    own = report.member_facts.get(result.member or "", {})
    return {
        name: own[name] if name in own else report.facts[name]
        for name in sorted(names)
        if name in own or name in report.facts
    }


class NewReferral(msgspec.Struct, frozen=True, kw_only=True):
    """A referral worked out outside the transaction, ready to be written in it."""

    result: ProgrammeResult
    terms: Terms
    due: DueDates
    provisional: bool
    facts: dict[str, FactValue]


def prepare(
    desk: Desk,
    catalogue: Catalogue,
    report: CheckReport,
    result: ProgrammeResult,
    version: ProgrammeVersion,
    terms: Terms,
) -> NewReferral:
    """What a referral of this answer, on these terms, would be."""
    sent = ReferralMove(
        verb="dispatch",
        from_state=None,
        to_state="dispatched",
        at=desk.home.clock.now(),
        operator=desk.operator.operator_no,
        reason_code=None,
        note=None,
    )
    due, provisional = due_of(desk, terms, [sent])
    return NewReferral(
        result=result,
        terms=terms,
        due=due,
        provisional=provisional,
        facts=frozen_facts(catalogue, report, result, version),
    )


def insert(
    desk: Desk,
    application: Application,
    report: CheckReport,
    made: NewReferral,
    *,
    state: ReferralState = "dispatched",
    note: str | None = None,
    predecessor: str | None = None,
) -> str:
    """Writes a referral and its first move in the caller's transaction; returns its number."""
    db, clock = desk.home.casework, desk.home.clock
    number = cases.next_number(db, "referral", "referral_no", "R", clock.today().year)
    result = made.result
    row: dict[str, Any] = {
        "referral_no": number,
        "application_no": application.application_no,
        "household_no": application.household_no,
        "member_no": result.member,
        "programme": result.programme,
        "department": result.department,
        "division": application.division,
        "state": state,
        "dispatched_on": clock.today().isoformat(),
        "due_sign": made.due.sign,
        "due_accept": made.due.accept,
        "due_finish": made.due.finish,
        "due_statutory": made.due.statutory,
        "provisional": int(made.provisional),
        "terms": canonical(msgspec.to_builtins(made.terms)),
        "report_no": report.report_no,
        "rules_hash": report.rules_hash,
        "facts": canonical(msgspec.to_builtins(made.facts)),
        "proposal": canonical(
            {"outcome": result.outcome, "amount_fen": result.amount_fen, "per": result.per}
        ),
        "returns": 0,
        "predecessor": predecessor,
        "rev": 1,
    }
    columns = ", ".join(row)
    marks = ", ".join("?" * len(row))
    db.conn.execute(f"INSERT INTO referral ({columns}) VALUES ({marks})", list(row.values()))
    db.conn.execute(
        "INSERT INTO referral_move (referral_no, verb, from_state, to_state, at, operator, note)"
        " VALUES (?, 'dispatch', NULL, ?, ?, ?, ?)",
        [number, state, clock.now(), desk.operator.operator_no, note],
    )
    return number
