"""What a check report lets be refused: conditions that it found not met, and nothing else.

What a report does not know is no ground. A refusal's reason must be one that the report bears out.
"""

from __future__ import annotations

from collections.abc import Sequence

from yimen.core.casework.applications import programmes_of
from yimen.core.casework.check import filed_report
from yimen.core.casework.desk import Desk
from yimen.core.casework.reasons import ABOUT_OF, REFUSAL_CODES
from yimen.core.casework.referral.moving import ANSWERED
from yimen.core.errors import NotFound, Refused
from yimen.core.i18n import _
from yimen.core.records import Application, CheckReport
from yimen.core.rules.catalogue import Catalogue
from yimen.core.spelling import plain_number
from yimen.core.store import cases


def relied_on(desk: Desk, application: Application) -> CheckReport:
    """The newest report of an application; `NotFound` names the check that makes one."""
    report = filed_report(desk, application.application_no)
    if report is None:
        raise NotFound(
            _("Application {no} has no check report.").format(no=application.application_no),
            next_step=_("Check it first: `yimen check {no}`.").format(
                no=application.application_no
            ),
        )
    return report


def refusable(
    desk: Desk,
    catalogue: Catalogue,
    application: Application,
    report: CheckReport,
    code: str,
    named: Sequence[str] | None,
    *,
    whole: bool = False,
) -> list[str]:
    """The programmes that a refusal for this reason may be about; `Refused` says what forbids it.

    A `whole` refusal closes the application, so that nothing that is met may be left of it.
    """
    answered, refused = _dealt_with(desk, application)
    outcomes = _outcomes(report)
    asked = [p for p in programmes_of(catalogue, application) if p in outcomes]
    met = [p for p in asked if "eligible" in outcomes[p] and p not in answered]
    if whole and met:
        raise Refused(
            _("{programme} is met by report {no}; its department decides on it.").format(
                programme=met[0], no=report.report_no
            ),
            next_step=_("Send it: `yimen dispatch {no}`.").format(no=application.application_no),
        )
    for programme in named or ():
        found = outcomes.get(plain_number(programme), set())
        if found == {"unknown"} or "eligible" in found or not found:
            raise Refused(
                _("Report {no} has no condition of {programme} that is not met.").format(
                    no=report.report_no, programme=programme
                ),
                next_step=_("What is unknown is no ground: find it out, and check again."),
            )
    wanted = [plain_number(p) for p in named] if named else asked
    open_ = _unmet(outcomes, wanted, answered | refused)
    if not open_:
        raise Refused(
            _("Report {no} has nothing left to refuse.").format(no=report.report_no),
            next_step=_("What is unknown is no ground: find it out, and check again."),
        )
    _require_ground(report, code, open_)
    return open_


def reasons_to_refuse(
    desk: Desk,
    catalogue: Catalogue,
    application: Application,
    report: CheckReport,
    *,
    whole: bool = False,
) -> dict[str, str]:
    """The coded reasons with which `refusable` would let something be refused; maybe none.

    Not `whole`, any programme of the report may be named, also one that nobody asked for.
    """
    answered, refused = _dealt_with(desk, application)
    outcomes = _outcomes(report)
    asked = [p for p in programmes_of(catalogue, application) if p in outcomes]
    if whole and any("eligible" in outcomes[p] for p in asked if p not in answered):
        return {}
    unmet = _unmet(outcomes, asked if whole else list(outcomes), answered | refused)
    return {code: text for code, text in REFUSAL_CODES.items() if _borne_out(report, code, unmet)}


def _outcomes(report: CheckReport) -> dict[str, set[str]]:
    """programme -> what the report found of it, for whom it is not received already."""
    outcomes: dict[str, set[str]] = {}
    for result in report.programmes:
        if not result.receiving:
            outcomes.setdefault(result.programme, set()).add(result.outcome)
    return outcomes


def _unmet(outcomes: dict[str, set[str]], wanted: Sequence[str], dealt_with: set[str]) -> list[str]:
    return [
        p
        for p in dict.fromkeys(wanted)
        if "ineligible" in outcomes[p] and "eligible" not in outcomes[p] and p not in dealt_with
    ]


def _dealt_with(desk: Desk, application: Application) -> tuple[set[str], set[str]]:
    """The programmes that are with a department or were answered by it, and those refused here."""
    db, number = desk.home.casework, application.application_no
    answered = {
        r.programme
        for r in cases.referrals(db, application_no=number)
        if r.state in ANSWERED or r.state not in cases.CLOSED_REFERRAL
    }
    return answered, {p for no in cases.refusals(db, number) for p in no.end.programmes}


def _failing(report: CheckReport, programmes: Sequence[str]) -> set[str]:
    """What the conditions are about that the report found not met."""
    return {
        c.about
        for r in report.programmes
        if r.programme in programmes and r.outcome == "ineligible"
        for c in r.criteria
        if c.result == "fail"
    }


def _borne_out(report: CheckReport, code: str, programmes: Sequence[str]) -> bool:
    about = ABOUT_OF.get(code)
    return bool(programmes) and (about is None or about in _failing(report, programmes))


def _require_ground(report: CheckReport, code: str, programmes: Sequence[str]) -> None:
    """Refuses a reason of which the report shows nothing: what is not met must be about it."""
    if _borne_out(report, code, programmes):
        return
    failing = _failing(report, programmes)
    fitting = [f"{c} {_(t)}" for c, t in REFUSAL_CODES.items() if ABOUT_OF.get(c) in failing]
    raise Refused(
        _("Report {no} does not bear {code} out: no such condition is unmet.").format(
            no=report.report_no, code=code
        ),
        next_step=_("By the report it would be: {codes}.").format(
            codes=", ".join(fitting) or f"R12 {_(REFUSAL_CODES['R12'])}"
        ),
    )
