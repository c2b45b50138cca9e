"""Dispatch: one application becomes referrals, each with the facts that its programme needs.

What is held back is named with its reason, since a programme that silently gets no referral is how
a family gets lost. The officer may name a programme whatever the check says; then the referral
carries what the check said. An overlap that holds a referral back is passed with a reason only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import msgspec

from yimen.core.casework.check import filed_report, find_application
from yimen.core.casework.clocks import due_dates
from yimen.core.casework.desk import Desk
from yimen.core.casework.overlap_guard import Guard
from yimen.core.casework.papers import covers_department
from yimen.core.declarations import ProgrammeVersion
from yimen.core.errors import BadInput, IllegalMove, StaleRevision
from yimen.core.i18n import _
from yimen.core.identity import mask_ids_in
from yimen.core.records import Application, CheckReport, FactValue, ProgrammeResult
from yimen.core.results import DispatchedReferral, DispatchResult, NotDispatched
from yimen.core.rules.catalogue import Catalogue
from yimen.core.store import cases
from yimen.core.store.journal import canonical
from yimen.core.words import state_name


def dispatch(
    desk: Desk,
    catalogue: Catalogue,
    application_no: str,
    *,
    only: Sequence[str] = (),
    override: str | None = None,
) -> DispatchResult:
    """Makes a referral of every programme that the filed report calls eligible.

    `only` names programmes to dispatch instead, whatever their outcome: the department decides.
    With them, `override` is the reason to dispatch in spite of an open overlap; it is journalled.
    """
    override = _checked_override(override, only)
    application = find_application(desk, application_no)
    desk.require("dispatch", division=application.division)
    report = filed_report(desk, application_no)
    if application.state not in ("checked", "dispatched") or report is None:
        raise IllegalMove(
            _("Application {no} is {state}; it is dispatched after its check.").format(
                no=application_no, state=state_name(application.state)
            ),
            next_step=_("Run `yimen check {no}` first.").format(no=application_no),
        )
    wanted = [catalogue.programme(name).programme for name in only]
    guard = Guard(desk, application.household_no, report)
    ready: list[tuple[ProgrammeResult, ProgrammeVersion]] = []
    held: list[NotDispatched] = []
    versions = catalogue.versions_on(date.fromisoformat(report.rules_on))
    for result in report.programmes:
        if wanted and result.programme not in wanted:
            continue
        reason = _held_back(desk, application, result, named=bool(wanted))
        if reason is None and override is None:
            reason = guard.objection(result)
        version = versions.get(result.programme)
        if reason is None and version is not None:
            ready.append((result, version))
        else:
            reason = reason or _("the rules of its department cannot be read now")
            held.append(
                NotDispatched(programme=result.programme, member_no=result.member, reason=reason)
            )
    sent = {
        referral.programme
        for referral in cases.referrals(desk.home.casework, households=[application.household_no])
        if referral.state not in cases.CLOSED_REFERRAL
    }
    ready = _with_needs(catalogue, report, ready, held, sent)
    prepared = [
        (result, due_dates(desk, version), _facts(catalogue, report, result, version))
        for result, version in ready
    ]
    made: list[DispatchedReferral] = []
    passed = guard.overridden(result for result, __ in ready)
    with desk.home.writing() as db:
        if prepared:
            guard.still_holds()
            # What was held back, and what not, was decided on this revision.
            done = db.conn.execute(
                "UPDATE application SET state = 'dispatched', rev = rev + 1"
                " WHERE application_no = ? AND rev = ?",
                [application_no, application.rev],
            )
            if done.rowcount != 1:
                raise StaleRevision(
                    _("Application {no} was changed by somebody else just now.").format(
                        no=application_no
                    ),
                    next_step=_("Look at it again: `yimen feedback {no}`.").format(
                        no=application_no
                    ),
                )
        for result, (due, provisional), facts in prepared:
            values: dict[str, Any] = {
                "due_sign": due.sign,
                "due_accept": due.accept,
                "due_finish": due.finish,
                "provisional": int(provisional),
                "facts": canonical(msgspec.to_builtins(facts)),
                "proposal": canonical(
                    {"outcome": result.outcome, "amount_fen": result.amount_fen, "per": result.per}
                ),
            }
            note = override if override and guard.objection(result) else None
            number = _insert(desk, application, report, result, values, note)
            made.append(
                DispatchedReferral(
                    referral_no=number,
                    programme=result.programme,
                    member_no=result.member,
                    department=result.department,
                    state="dispatched",
                    due=due,
                    provisional=provisional,
                )
            )
        if made:
            body: dict[str, Any] = {
                "report": report.report_no,
                "referrals": [m.referral_no for m in made],
            }
            if override and any(passed.values()):
                body["override"] = {"reason": override, **passed}
                guard.record_override(passed["hits"], override)
            desk.record(db, "dispatch", application_no, body)
    return DispatchResult(
        application_no=application_no,
        referrals=made,
        held_back=held,
        warnings=guard.warnings(result for result, __ in ready),
    )


def _checked_override(override: str | None, only: Sequence[str]) -> str | None:
    """The reason without ID numbers; `BadInput` where it is empty or no programme is named."""
    if override is None:
        return None
    if not override.strip():
        raise BadInput(
            _("Dispatching in spite of an overlap needs a reason."),
            next_step=_("Say why, with --override."),
        )
    if not only:
        raise BadInput(
            _("An overlap is passed for a named programme only."),
            next_step=_("Name it with --programme."),
        )
    return mask_ids_in(override.strip())


def _held_back(
    desk: Desk,
    application: Application,
    result: ProgrammeResult,
    *,
    named: bool,
) -> str | None:
    """Why a programme gets no referral, or None when nothing but an overlap may hold it back."""
    for referral in cases.referrals(desk.home.casework, households=[application.household_no]):
        same = referral.programme == result.programme and referral.member_no == result.member
        if same and referral.state not in cases.CLOSED_REFERRAL:
            return _("referral {no} is already open").format(no=referral.referral_no)
    month = desk.home.clock.today().isoformat()[:7]
    for benefit in cases.benefits(desk.home.casework, [application.household_no]):
        same = benefit.programme == result.programme and benefit.member_no == result.member
        if same and month <= (benefit.to_month or "9999-12"):
            return _("granted already from {month}").format(month=benefit.from_month)
    number, department = application.application_no, result.department
    if not covers_department(desk, number, department, result.member):
        return _("no valid authorisation covers the department {department}").format(
            department=result.department
        )
    if named:
        return None
    if result.receiving:
        return _("already received")
    if result.outcome == "unknown":
        first = result.missing[0].plain() if result.missing else _("not all facts are known")
        return _("unknown: {reason}").format(reason=first)
    if result.outcome == "ineligible":
        failed = [c.text for c in result.criteria if c.result == "fail"]
        return _("not met: {criteria}").format(criteria="; ".join(failed))
    return None


def _with_needs(
    catalogue: Catalogue,
    report: CheckReport,
    ready: list[tuple[ProgrammeResult, ProgrammeVersion]],
    held: list[NotDispatched],
    sent: set[str],
) -> list[tuple[ProgrammeResult, ProgrammeVersion]]:
    """Holds back what only a class opens that is neither received, nor sent before or with it."""
    going = {result.programme for result, __ in ready} | sent
    received = {r.programme for r in report.programmes if r.receiving}
    kept = []
    for result, version in ready:
        lacking = next(
            (
                classes
                for classes in _opening_classes(catalogue, result.programme, version)
                if not classes & (going | received)
            ),
            None,
        )
        if lacking and result.outcome == "eligible":
            reason = _("needs {programmes} first").format(programmes=", ".join(sorted(lacking)))
            held.append(
                NotDispatched(programme=result.programme, member_no=result.member, reason=reason)
            )
        else:
            kept.append((result, version))
    return kept


def _opening_classes(
    catalogue: Catalogue, programme: str, version: ProgrammeVersion
) -> Iterator[set[str]]:
    """The classes of each criterion that asks of nothing but classes that open the programme."""
    for criterion in version.criteria:
        key = f"criterion:{programme}:{version.from_date}:{criterion.criterion}"
        uses = catalogue.links.uses[key]
        asked = {name.partition(":")[2] for name in uses}
        if uses and asked <= set(version.needs):
            yield asked


def _facts(
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


def _insert(
    desk: Desk,
    application: Application,
    report: CheckReport,
    result: ProgrammeResult,
    values: dict[str, Any],
    note: str | None,
) -> str:
    """Writes one referral and its first move, with the reason of an override as its note."""
    db, clock = desk.home.casework, desk.home.clock
    number = cases.next_number(db, "referral", "referral_no", "R", clock.today().year)
    row = {
        "referral_no": number,
        "application_no": application.application_no,
        "household_no": application.household_no,
        "member_no": result.member,
        "programme": result.programme,
        "department": result.department,
        "division": application.division,
        "state": "dispatched",
        "dispatched_on": clock.today().isoformat(),
        "report_no": report.report_no,
        "rules_hash": report.rules_hash,
        "returns": 0,
        "rev": 1,
        **values,
    }
    columns = ", ".join(row)
    marks = ", ".join("?" * len(row))
    db.conn.execute(f"INSERT INTO referral ({columns}) VALUES ({marks})", list(row.values()))
    db.conn.execute(
        "INSERT INTO referral_move (referral_no, from_state, to_state, at, operator, note)"
        " VALUES (?, NULL, 'dispatched', ?, ?, ?)",
        [number, clock.now(), desk.operator.operator_no, note],
    )
    return number
