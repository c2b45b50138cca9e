"""Dispatch: one application becomes referrals, each with the facts that its programme needs.

What is held back is named with its reason, since a programme that silently gets no referral is how
a family gets lost. The officer may name a programme whatever the check says; then the referral
carries what the check said. An overlap that holds a referral back is passed with a reason only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from yimen.core.casework.check import filed_report, find_application
from yimen.core.casework.desk import Desk
from yimen.core.casework.many import each
from yimen.core.casework.overlap_guard import Guard
from yimen.core.casework.papers import covers_department
from yimen.core.casework.referral.finding import open_twin
from yimen.core.casework.referral.granting import granted_already
from yimen.core.casework.referral.writing import insert, prepare
from yimen.core.casework.terms import terms_of
from yimen.core.declarations import ProgrammeVersion
from yimen.core.divisions import scope_prefix
from yimen.core.errors import BadInput, IllegalMove, StaleRevision, about
from yimen.core.i18n import _
from yimen.core.identity import mask_ids_in
from yimen.core.records import Application, CheckReport, ProgrammeResult, ReferralState
from yimen.core.results import BulkLine, DispatchedReferral, DispatchResult, NotDispatched
from yimen.core.rules.catalogue import Catalogue
from yimen.core.store import cases
from yimen.core.words.cases import state_name


def dispatch(
    desk: Desk,
    catalogue: Catalogue,
    application_no: str,
    *,
    only: Sequence[str] = (),
    override: str | None = None,
    draft: bool = False,
) -> DispatchResult:
    """Makes a referral of every programme that the filed report calls eligible.

    `only` names programmes to dispatch instead, whatever their outcome: the department decides.
    With them, `override` is the reason to dispatch in spite of an open overlap; it is journalled.
    A `draft` waits, without a running clock, until it is sent.
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
    with about("programmes"):
        wanted = [catalogue.programme(name).programme for name in only]
    guard = Guard(desk, application.household_no, report)
    ready: list[tuple[ProgrammeResult, ProgrammeVersion]] = []
    held: list[NotDispatched] = []
    versions = catalogue.versions_on(date.fromisoformat(report.rules_on))
    for result in report.programmes:
        if wanted and result.programme not in wanted:
            continue
        twin = open_twin(
            desk.home.casework, application.household_no, result.programme, result.member
        )
        reason = _held_back(desk, application, result, named=bool(wanted))
        if twin:
            reason = _("referral {no} is already open").format(no=twin.referral_no)
        if reason is None and override is None:
            reason = guard.objection(result)
        version = versions.get(result.programme)
        if reason is None and version is not None:
            ready.append((result, version))
        else:
            reason = reason or _("the rules of its department cannot be read now")
            held.append(
                NotDispatched(
                    programme=result.programme,
                    member_no=result.member,
                    reason=reason,
                    referral_no=twin.referral_no if twin else None,
                )
            )
    sent = {
        referral.programme
        for referral in cases.referrals(desk.home.casework, households=[application.household_no])
        if referral.state not in cases.CLOSED_REFERRAL
    }
    ready = _with_needs(catalogue, report, ready, held, sent)
    prepared = [
        prepare(
            desk,
            catalogue,
            report,
            result,
            version,
            terms_of(desk, version, application.accepted_on),
        )
        for result, version in ready
    ]
    state: ReferralState = "draft" if draft else "dispatched"
    made: list[DispatchedReferral] = []
    passed = guard.overridden(result for result, __ in ready)
    with desk.home.writing() as db:
        if prepared:
            guard.still_holds()
            # What was held back, and what not, was decided on this revision.
            done = db.conn.execute(
                "UPDATE application SET state = ?, rev = rev + 1"
                " WHERE application_no = ? AND rev = ?",
                # A draft has not left the house: its application is still to be dispatched.
                [application.state if draft else "dispatched", application_no, application.rev],
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
        for new in prepared:
            result = new.result
            note = override if override and guard.objection(result) else None
            number = insert(desk, application, report, new, state=state, note=note)
            made.append(
                DispatchedReferral(
                    referral_no=number,
                    programme=result.programme,
                    member_no=result.member,
                    department=result.department,
                    state=state,
                    due=new.due,
                    provisional=new.provisional,
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


def dispatch_ready(desk: Desk, catalogue: Catalogue) -> list[BulkLine]:
    """Dispatches every checked application of the desk's scope, each on its own.

    What a single dispatch holds back stays held back; an application for which nothing is to be
    sent is told as such and stays with its officer.
    """
    desk.require("dispatch")
    prefix = scope_prefix(desk.operator.division)
    ready = [
        a.application_no
        for a in cases.applications(desk.home.casework, states=["checked"], division=prefix)
    ]

    def send(application_no: str) -> str:
        result = dispatch(desk, catalogue, application_no)
        return _("{sent} sent, {held} held back").format(
            sent=len(result.referrals), held=len(result.held_back)
        )

    return each(ready, send)


def _checked_override(override: str | None, only: Sequence[str]) -> str | None:
    """The reason without ID numbers; `BadInput` where it is empty or no programme is named."""
    if override is None:
        return None
    if not override.strip():
        raise BadInput(
            _("Dispatching in spite of an overlap needs a reason."),
            next_step=_("Say why, with --override."),
            field="override",
        )
    if not only:
        raise BadInput(
            _("An overlap is passed for a named programme only."),
            next_step=_("Name it with --programme."),
            field="programmes",
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
    month = desk.home.clock.today().isoformat()[:7]
    benefit = granted_already(
        desk, application.household_no, result.programme, result.member, month
    )
    if benefit is not None:
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
