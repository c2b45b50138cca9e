"""What a checklist's states are computed from: the days, conditions and values of one case.

An application has the lists intake, check and dispatch; a referral has the handling of its
programme. Cases are read many at a time, since a desk's worklist looks at all of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec

from yimen.core.casework.desk import Desk
from yimen.core.casework.papers import unsigned
from yimen.core.casework.terms import STOPPED, standing_still
from yimen.core.checklist_records import NoticeMove, StepAct
from yimen.core.declarations import Fact
from yimen.core.i18n import _
from yimen.core.records import Application, CheckReport, ReferralState, Value
from yimen.core.referral_records import Referral, Stop
from yimen.core.rules.catalogue import Catalogue
from yimen.core.store import cases, checklists
from yimen.core.words.cases import state_name
from yimen.core.words.referrals import decision_name

if TYPE_CHECKING:
    from yimen.core.store.database import Database

Kind = Literal["application", "referral", "purchase"]
# What its standing rests on beside the records: nothing, the day, or the very moment.
RestsOn = Literal["records", "day", "moment"]


@dataclass(frozen=True)
class Case:
    """One subject of checklists.

    `moments` are the days and times from which limits run, `met` the day on which each condition
    came true, `values` and `fact` what a step's condition may name. `ended` says why the case came
    to nothing; then what was not done is no longer needed. `rests_on` says for how long the case
    is as it is though nothing is recorded.
    """

    subject: str
    kind: Kind
    application_no: str | None
    household_no: str | None
    division: str
    department: str | None
    lists: Sequence[str]
    moments: Mapping[str, str]
    met: Mapping[str, str]
    values: Mapping[str, Value]
    fact: Callable[[str], Value]
    acts: Sequence[StepAct]
    ended: str = ""
    # While a referral stands still, returned or suspended, its steps' limits do too.
    stood: Sequence[Stop] = ()
    notices: Sequence[NoticeMove] = ()
    rests_on: RestsOn = "records"

    @property
    def rules_on(self) -> str | None:
        """The day whose rules govern the case, once it is accepted."""
        return self.moments.get("accepted", "")[:10] or None


class Moved(NamedTuple):
    """A move of a referral: the state it led to, and when."""

    to_state: ReferralState
    at: str


@dataclass(frozen=True)
class _Records:
    """What is read at once for many applications and their referrals."""

    notices: dict[str, list[str]]
    reports: dict[str, str]
    accepted: dict[str, str]
    moves: dict[str, list[Moved]]
    assessed: dict[str, list[str]]
    acts: dict[str, list[StepAct]]
    posted: dict[str, list[NoticeMove]]


def _grouped(rows: Iterable[tuple[str, Any]]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for key, value in rows:
        found.setdefault(key, []).append(value)
    return found


def _read(db: Database, applications: Sequence[str], referrals: Sequence[str]) -> _Records:
    def rows(sql: str, numbers: Sequence[str]) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = db.conn.execute(
            sql.format("(SELECT value FROM json_each(?))"), [json.dumps(numbers)]
        ).fetchall()
        return found

    moves = rows(
        "SELECT referral_no, to_state, at FROM referral_move WHERE referral_no IN {} ORDER BY id",
        referrals,
    )
    acts = checklists.acts(db, [*applications, *referrals])
    return _Records(
        notices=_grouped(
            (no, day)
            for no, day in rows(
                "SELECT application_no, given_on FROM supplement_notice WHERE application_no IN {}"
                " ORDER BY id",
                applications,
            )
        ),
        reports=dict(
            rows(
                "SELECT application_no, MIN(filed_at) FROM report WHERE application_no IN {}"
                " GROUP BY application_no",
                applications,
            )
        ),
        accepted=dict(
            rows(
                "SELECT subject, at FROM journal WHERE action = 'intake.accept' AND subject IN {}",
                applications,
            )
        ),
        moves=_grouped((no, Moved(state, at)) for no, state, at in moves),
        assessed=_grouped(
            rows(
                "SELECT a.application_no, j.at FROM application a JOIN journal j"
                " ON j.subject = a.household_no AND j.action = 'need.assess'"
                " AND j.at >= a.submitted_on WHERE a.application_no IN {} ORDER BY j.seq",
                applications,
            )
        ),
        acts=_grouped((act.subject, act) for act in acts),
        posted=_grouped(checklists.notice_moves(db, referrals)),
    )


def application_cases(
    desk: Desk, catalogue: Catalogue, applications: Sequence[Application]
) -> list[Case]:
    """The applications as cases of intake, check and dispatch."""
    db = desk.home.casework
    numbers = [a.application_no for a in applications]
    sent = _grouped((r.application_no, r) for r in cases.referrals(db, applications=numbers))
    records = _read(db, numbers, [r.referral_no for rs in sent.values() for r in rs])
    return [
        _application_case(desk, catalogue, a, sent.get(a.application_no, []), records)
        for a in applications
    ]


def _application_case(
    desk: Desk,
    catalogue: Catalogue,
    application: Application,
    sent: Sequence[Referral],
    records: _Records,
) -> Case:
    number = application.application_no
    moments = _moments(application, records)
    if sent:
        moments["dispatched"] = min(r.dispatched_on for r in sent)
    met = {
        "application_opened": application.submitted_on,
        "papers_signed": moments.get("accepted") or _signed(desk, application),
        "notice_given": next(iter(records.notices.get(number, [])), None),
        "application_accepted": moments.get("accepted"),
        "report_filed": moments.get("checked"),
        "referrals_dispatched": moments.get("dispatched"),
        "referrals_received": _all_reached(sent, records, "received"),
        "referrals_accepted": _all_reached(sent, records, "accepted"),
        "referrals_answered": _all_reached(sent, records, "fed_back"),
        "application_closed": application.closed_on,
        "needs_assessed": next(iter(records.assessed.get(number, [])), None),
    }
    moments |= _known({"received": met["referrals_received"], "decided": met["referrals_answered"]})
    over = application.state in ("withdrawn", "terminated")
    return Case(
        subject=number,
        kind="application",
        application_no=number,
        household_no=application.household_no,
        division=application.division,
        department=None,
        lists=("intake", "check", "dispatch"),
        moments=moments,
        met=_known(met),
        values=_values(application, None, records),
        fact=_facts(desk, catalogue, application, None),
        acts=records.acts.get(number, []),
        ended=_("the application is {state}").format(state=state_name(application.state))
        if over
        else "",
        # Of what was not accepted the papers must be valid on the day.
        rests_on="records" if "accepted" in moments else "day",
    )


def referral_cases(desk: Desk, catalogue: Catalogue, referrals: Sequence[Referral]) -> list[Case]:
    """The referrals as cases of their programme's handling."""
    db = desk.home.casework
    found = cases.applications(db, numbers=sorted({r.application_no for r in referrals}))
    applications = {a.application_no: a for a in found}
    divisions = _divisions(db, [r.referral_no for r in referrals])
    records = _read(
        db, sorted({r.application_no for r in referrals}), [r.referral_no for r in referrals]
    )
    return [
        _referral_case(desk, catalogue, r, applications[r.application_no], records, divisions)
        for r in referrals
    ]


def _referral_case(
    desk: Desk,
    catalogue: Catalogue,
    referral: Referral,
    application: Application,
    records: _Records,
    divisions: Mapping[str, str],
) -> Case:
    number = referral.referral_no
    decided = referral.decision if referral.state in ("fed_back", "completed") else None
    first = dict(reversed(records.moves.get(number, [])))
    last = dict(records.moves.get(number, []))
    closed = referral.state in cases.CLOSED_REFERRAL
    moments = _moments(application, records) | _known(
        {
            "dispatched": first.get("dispatched") or referral.dispatched_on,
            "received": first.get("received"),
            "decided": last.get("fed_back") if decided else None,
            "closed": last.get(referral.state) if closed else None,
        }
    )
    met = {
        "application_opened": application.submitted_on,
        "application_accepted": moments.get("accepted"),
        "report_filed": moments.get("checked"),
        "referral_received": moments.get("received"),
        "referral_accepted": first.get("accepted"),
        "referral_decided": moments.get("decided"),
        "referral_confirmed": last.get("completed") if referral.state == "completed" else None,
    }
    ended = ""
    if closed and referral.state != "completed":
        ended = _("the referral is {state}").format(state=state_name(referral.state))
    elif decided is not None and decided.outcome != "granted":
        ended = _("the decision: {outcome}").format(outcome=decision_name(decided.outcome))
    return Case(
        subject=number,
        kind="referral",
        application_no=application.application_no,
        household_no=referral.household_no,
        division=divisions[number],
        department=referral.department,
        lists=(f"handle/{referral.programme}",),
        moments=moments,
        met=_known(met),
        values=_values(application, decided.outcome if decided else None, records),
        fact=_facts(desk, catalogue, application, referral),
        acts=records.acts.get(number, []),
        notices=records.posted.get(number, []),
        ended=ended,
        stood=standing_still(
            referral.terms.carried if referral.terms else [],
            records.moves.get(number, []),
            desk.home.clock.now(),
        ),
        # A limit that stands still moves on with the clock.
        rests_on="moment" if referral.state in STOPPED else "records",
    )


def _known(days: Mapping[str, str | None]) -> dict[str, str]:
    return {name: day for name, day in days.items() if day}


def _divisions(db: Database, referrals: Sequence[str]) -> dict[str, str]:
    return dict(
        db.conn.execute(
            "SELECT referral_no, division FROM referral"
            " WHERE referral_no IN (SELECT value FROM json_each(?))",
            [json.dumps(list(referrals))],
        ).fetchall()
    )


def _moments(application: Application, records: _Records) -> dict[str, str]:
    number = application.application_no
    return _known(
        {
            "submitted": application.submitted_on,
            "accepted": application.accepted_on
            and records.accepted.get(number, application.accepted_on),
            "checked": records.reports.get(number),
            "closed": application.closed_on,
        }
    )


def _signed(desk: Desk, application: Application) -> str | None:
    """Since when every adult's papers are here, or None while one is missing."""
    db, number = desk.home.casework, application.application_no
    members = cases.composition(db, number)
    gone = {m["member_no"] for m in members if m["counted"] == 0}
    if unsigned(desk, number, without=gone):
        return None
    days = [c.signed_on for c in cases.consents(db, [m["member_no"] for m in members])]
    return max([application.submitted_on, *days])


def _all_reached(sent: Sequence[Referral], records: _Records, state: str) -> str | None:
    """When the last of the referrals came so far, or was closed on the way."""
    reached = []
    for referral in sent:
        moves = records.moves.get(referral.referral_no, [])
        ends = (state, *(cases.CLOSED_REFERRAL if state == "fed_back" else ()))
        found = [at for to, at in moves if to in ends]
        if not found and referral.state in cases.CLOSED_REFERRAL:
            found = [moves[-1][1]]
        if not found:
            return None
        reached.append(found[0])
    return max(reached, default=None)


def _values(application: Application, decision: str | None, records: _Records) -> dict[str, Value]:
    return {
        "rule_pack": application.rule_pack,
        "decision": decision,
        "accepted": application.accepted_on is not None,
        "noticed": bool(records.notices.get(application.application_no)),
    }


def _facts(
    desk: Desk, catalogue: Catalogue, application: Application, referral: Referral | None
) -> Callable[[str], Value]:
    """Looks a fact of the case up: as verified, else as the report had it, else as declared."""
    db, number = desk.home.casework, application.application_no
    member = referral.member_no if referral else None

    def fact(name: str) -> Value:
        declared = catalogue.facts.get(name)
        if declared is None:
            return None
        subject = _subject_of(declared, application, member)
        recorded = cases.recorded_facts(
            db, [subject], until=desk.home.clock.today(), applications=[number]
        )
        stated = cases.latest(recorded).get((subject, name), {})
        if "verified" in stated:
            return stated["verified"]
        report = _report(db, number)
        known = None
        if report is not None:
            of_member = report.member_facts.get(member or "", {}).get(name)
            known = of_member or report.facts.get(name)
        return stated.get("declared") if known is None or known.value is None else known.value

    return fact


def _subject_of(fact: Fact, application: Application, member: str | None) -> str:
    if fact.unit == "person":
        return member or application.applicant
    return application.household_no


def _report(db: Database, application_no: str) -> CheckReport | None:
    row = db.conn.execute(
        "SELECT body FROM report WHERE application_no = ? ORDER BY id DESC LIMIT 1",
        [application_no],
    ).fetchone()
    return msgspec.json.decode(row[0], type=CheckReport) if row else None


def day_of(moment: str) -> date:
    """The day of a day or a time."""
    return date.fromisoformat(moment[:10])
