"""Transfer 转办: another department's programme takes a referral's place, and keeps its time."""

from __future__ import annotations

from datetime import date

import msgspec

from yimen.core.casework.check import filed_report, find_application
from yimen.core.casework.desk import Desk
from yimen.core.casework.referral.finding import open_twin
from yimen.core.casework.referral.granting import refuse_double
from yimen.core.casework.referral.handing import refuse_uncovered
from yimen.core.casework.referral.moving import move, noted, ready
from yimen.core.casework.referral.writing import insert, prepare
from yimen.core.casework.terms import Leg, kept_terms, legs, stops, terms_of
from yimen.core.errors import NotFound, Refused, about
from yimen.core.i18n import _
from yimen.core.records import CheckReport, ProgrammeResult
from yimen.core.referral_records import Referral, Stop, Terms
from yimen.core.rules.catalogue import Catalogue
from yimen.core.store import cases


def transfer(
    desk: Desk, catalogue: Catalogue, referral_no: str, *, programme: str, note: str
) -> Referral:
    """Ends a referral as transferred and sends its successor to another programme's department.

    The successor carries the facts that its own programme needs, and the family's time so far;
    returns it. The authorisation must cover the department that receives it.
    """
    referral = ready(desk, "transfer", referral_no)
    with about("programme"):
        wanted = catalogue.programme(programme)
    if wanted.programme == referral.programme:
        raise Refused(
            _("Referral {no} is for {programme} already.").format(
                no=referral.referral_no, programme=wanted.programme
            ),
            next_step=_("Name another department's programme, or send it out again."),
            field="programme",
        )
    report = filed_report(desk, referral.application_no)
    result = _result(report, wanted.programme, referral.member_no)
    if report is None or result is None:
        raise NotFound(
            _("The check of the application has no answer for {programme}.").format(
                programme=wanted.programme
            ),
            next_step=_("Check the application again: `yimen check {no}`.").format(
                no=referral.application_no
            ),
            field="programme",
        )
    twin = open_twin(desk.home.casework, referral.household_no, result.programme, result.member)
    if twin is not None:
        raise Refused(
            _("Referral {no} is already open for it.").format(no=twin.referral_no),
            next_step=_("Withdraw this one, and say so in its note."),
        )
    month = desk.home.clock.today().isoformat()[:7]
    refuse_double(desk, referral.household_no, result.programme, result.member, month)
    refuse_uncovered(desk, referral.application_no, result.department, result.member)
    version = catalogue.versions_on(date.fromisoformat(report.rules_on)).get(result.programme)
    if version is None:
        raise Refused(
            _("The rules of {programme} cannot be read now.").format(programme=result.programme),
            next_step=_("`yimen department list` shows why."),
        )
    application = find_application(desk, referral.application_no)
    terms = _carried(desk, referral, terms_of(desk, version, application.accepted_on))
    made = prepare(desk, catalogue, report, result, version, terms)
    numbers: list[str] = []

    def succeed(before: Referral, __: Referral) -> None:
        number = insert(
            desk, application, report, made, note=note.strip(), predecessor=before.referral_no
        )
        desk.home.casework.conn.execute(
            "UPDATE referral SET successor = ? WHERE referral_no = ?", [number, before.referral_no]
        )
        desk.record(
            desk.home.casework, "referral.succeed", number, {"predecessor": before.referral_no}
        )
        numbers.append(number)

    move(
        desk,
        "transfer",
        referral,
        note=noted(note),
        changes={"due_office": None},
        body={"programme": result.programme},
        follow=succeed,
    )
    return cases.referrals(desk.home.casework, referral_no=numbers[0])[0]


def _result(
    report: CheckReport | None, programme: str, member_no: str | None
) -> ProgrammeResult | None:
    """The answer for the programme: of the same member where it is a person's."""
    found = [r for r in (report.programmes if report else []) if r.programme == programme]
    own = [r for r in found if r.member in (member_no, None)]
    return own[0] if own else found[0] if len(found) == 1 else None


def _carried(desk: Desk, referral: Referral, terms: Terms) -> Terms:
    """The new programme's terms with the time, and the stops, of the referral before it."""
    before = kept_terms(desk, referral)
    spans = legs(cases.moves(desk.home.casework, referral.referral_no))
    return msgspec.structs.replace(
        terms,
        started_at=before.started_at,
        carried=[*stops(before, spans), *_open_stop(desk, spans)],
    )


def _open_stop(desk: Desk, spans: list[Leg]) -> list[Stop]:
    """The stop that the transfer ends: a returned referral stands still until now."""
    last = spans[-1] if spans else None
    if last is None or last.state != "returned":
        return []
    return [Stop(since=last.since.isoformat(), until=desk.home.clock.now())]
