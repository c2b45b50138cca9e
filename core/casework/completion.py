"""Completing an application: what is still missing, the one-time notification, the acceptance.

Only the programmes that belong to every intake ask, and those that the family asked for. The clock
starts when nothing is missing: that day is the acceptance date, and its rule pack stays with the
case. What a register holds must never be asked for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from yimen.core.casework.check import Checker, find_application
from yimen.core.casework.desk import Desk
from yimen.core.casework.papers import unsigned
from yimen.core.casework.selecting import select
from yimen.core.declarations import Fact
from yimen.core.records import Application, CheckReport, MissingItem, ProgrammeResult
from yimen.core.results import IntakeResult
from yimen.core.rules.catalogue import Catalogue
from yimen.core.store import cases
from yimen.core.store.journal import canonical


@dataclass(frozen=True)
class Question:
    """Something no register holds: whom it is about, the fact, and the words to ask it in."""

    subject: str
    about: str
    fact: str
    text: str
    type: str
    codes: dict[str, str]


def settle(
    desk: Desk, catalogue: Catalogue, application_no: str, *, tell: bool = True
) -> IntakeResult:
    """Works out what is missing; accepts the application, or gives the one-time notification."""
    application = find_application(desk, application_no)
    report, counted = trial(desk, catalogue, application)
    asked = [item for item, __ in _asked(catalogue, report, application.requested)]
    gone = {member for member, counts in counted.items() if counts == 0}
    missing = [*unsigned(desk, application_no, without=gone), *asked]
    db, today = desk.home.casework, desk.home.clock.today()
    accepted_on = application.accepted_on
    with desk.home.writing():
        for member, counts in counted.items():
            db.conn.execute(
                "UPDATE composition SET counted = ? WHERE application_no = ? AND member_no = ?"
                " AND source = 'rule'",
                [counts, application_no, member],
            )
        if missing and accepted_on is None and tell:
            _give_notice(desk, application_no, missing, _asked_of(catalogue, application, report))
        elif accepted_on is None and not missing:
            accepted_on = today.isoformat()
            pack = catalogue.pack_on(today).pack
            done = db.conn.execute(
                "UPDATE application SET state = 'accepted', accepted_on = ?, rule_pack = ?,"
                " rev = rev + 1 WHERE application_no = ? AND accepted_on IS NULL",
                [accepted_on, pack, application_no],
            )
            if done.rowcount == 1:
                desk.record(db, "intake.accept", application_no, {"on": accepted_on, "pack": pack})
    settled = find_application(desk, application_no)
    signed = cases.consents(db, [m["member_no"] for m in cases.composition(db, application_no)])
    return IntakeResult(
        application_no=application_no,
        household_no=settled.household_no,
        state=settled.state,
        first_officer=settled.first_officer,
        accepted_on=settled.accepted_on,
        consents=signed,
        missing=missing,
    )


def _asked_of(
    catalogue: Catalogue, application: Application, report: CheckReport
) -> dict[str, list[str]]:
    """Programme -> the facts that it still asks of this family, of those that are asked at all."""
    asked: dict[str, list[str]] = {}
    for programme in _asking(catalogue, report, application.requested):
        facts = asked.setdefault(programme.programme, [])
        facts += [item.fact for item in programme.missing if item.fact in catalogue.facts]
    return asked


def _give_notice(
    desk: Desk,
    application_no: str,
    missing: Sequence[MissingItem],
    asked_of: Mapping[str, Sequence[str]],
) -> None:
    """Keeps the one-time notification when it differs from the last one given.

    A later one that names what a programme of the first one asked for already is a breach of the
    duty to say everything once; it is kept with the notification and journalled.
    """
    db = desk.home.casework
    items = canonical([[m.fact, m.document, m.why] for m in missing])
    given = db.conn.execute(
        "SELECT items, asked FROM supplement_notice WHERE application_no = ? ORDER BY id",
        [application_no],
    ).fetchall()
    if given and given[-1][0] == items:
        return
    today = desk.home.clock.today().isoformat()
    done = db.conn.execute(
        "UPDATE application SET state = 'supplement_noticed', rev = rev + 1"
        " WHERE application_no = ? AND accepted_on IS NULL",
        [application_no],
    )
    if done.rowcount != 1:
        return
    members = [m["member_no"] for m in cases.composition(db, application_no)]
    breach = _told_too_late(missing, asked_of, given, members)
    asked = canonical({"programmes": sorted(asked_of), "members": sorted(members)})
    db.conn.execute(
        "INSERT INTO supplement_notice (application_no, given_on, items, given_by, asked, breach)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [application_no, today, items, desk.operator.operator_no, asked, canonical(breach)],
    )
    body = {"items": len(missing), "second": bool(given)}
    desk.record(db, "intake.notice", application_no, body)
    if breach:
        told = {"breach": "ONE_TIME_NOTICE_BREACH", "items": breach}
        desk.record(db, "intake.notice_breach", application_no, told)


def _told_too_late(
    missing: Sequence[MissingItem],
    asked_of: Mapping[str, Sequence[str]],
    given: Sequence[tuple[str, str]],
    members: Sequence[str],
) -> list[str]:
    """The facts that no notification named before, though the first one's programmes ask for them.

    What a new member or a newly requested programme brings is no breach, and neither is a paper
    whose term is over.
    """
    if not given:
        return []
    first = json.loads(given[0][1])
    programmes, known = first.get("programmes", []), set(first.get("members", []))
    named = {item[0] for items, __ in given for item in json.loads(items)}
    due_then = {fact for programme in programmes for fact in asked_of.get(programme, [])}
    return sorted(
        {
            m.fact
            for m in missing
            if m.fact in due_then - named
            and (m.member in known if m.member else set(members) <= known)
        }
    )


def trial(
    desk: Desk, catalogue: Catalogue, application: Application
) -> tuple[CheckReport, dict[str, int | None]]:
    """A check that is not filed, to see which facts are still asked and who counts."""
    today = desk.home.clock.today()
    rules_on = date.fromisoformat(application.accepted_on) if application.accepted_on else today
    checker = Checker(desk, catalogue, rules_on=rules_on, facts_as_of=today)
    households = [application.household_no]
    selected = select(
        desk,
        catalogue,
        households,
        table=checker.roster,
        facts_as_of=today,
        application=application,
    )
    cells = checker.cells(selected)
    counted = {str(r["member_no"]): r["counted"] for r in cells}
    report = next(checker.reports(households, application))
    return report, {m: int(c) if c is not None else None for m, c in counted.items()}


def _asked(
    catalogue: Catalogue, report: CheckReport, requested: Sequence[str]
) -> list[tuple[MissingItem, str]]:
    """What only the applicant can say: each question once, with its fact.

    Only programmes that belong to every intake ask, and those that the family asked for: nobody
    has to answer fifty departments' questions to be taken in.
    """
    found: dict[str, tuple[MissingItem, str]] = {}
    for programme in _asking(catalogue, report, requested):
        for item in programme.missing:
            fact = catalogue.facts.get(item.fact or "")
            if fact is not None and fact.ask is not None:
                found.setdefault(item.why, (item, fact.fact))
    return list(found.values())


def _asking(
    catalogue: Catalogue, report: CheckReport, requested: Sequence[str]
) -> list[ProgrammeResult]:
    """The answers of programmes that belong to every intake, or that the family asked for."""
    return [
        programme
        for programme in report.programmes
        if catalogue.programmes[programme.programme].asked == "always"
        or programme.programme in requested
    ]


def questions(desk: Desk, catalogue: Catalogue, application_no: str) -> list[Question]:
    """The open questions of an application, for a clerk to ask one by one."""
    application = find_application(desk, application_no)
    desk.require("intake", division=application.division)
    report, counted = trial(desk, catalogue, application)
    return open_questions(desk, catalogue, application, report, counted)


def open_questions(
    desk: Desk,
    catalogue: Catalogue,
    application: Application,
    report: CheckReport,
    counted: Mapping[str, int | None],
) -> list[Question]:
    """The questions that a check leaves open, each once for each subject."""
    names = names_of(desk, application.application_no)
    found: list[Question] = []
    for __, name in _asked(catalogue, report, application.requested):
        fact = catalogue.facts[name]
        values = {m: facts[name].value for m, facts in report.member_facts.items() if name in facts}
        if fact.unit == "household":
            subjects = [(application.household_no, "")]
        else:
            subjects = [
                (m, names[m]) for m, v in values.items() if v is None and counted.get(m) != 0
            ]
        for subject, about in subjects:
            question = question_of(fact, subject, about)
            if question not in found:
                found.append(question)
    return found


def question_of(fact: Fact, subject: str, about: str) -> Question:
    """A fact as a question about a subject."""
    return Question(
        subject=subject,
        about=about,
        fact=fact.fact,
        text=fact.ask.text() if fact.ask else fact.names.text(),
        type=fact.type,
        codes={code: t.text() for code, t in fact.codes.items()},
    )


def names_of(desk: Desk, application_no: str) -> dict[str, str]:
    """member_no -> name, of those who belong to an application."""
    return {
        m["member_no"]: m["name"] for m in cases.composition(desk.home.casework, application_no)
    }
