"""The interview: everything a form of an application needs to show, read in one check.

What registers know stands beside what the family still has to say and what it has said already.
Nothing is written here; completion.py decides what is missing.
"""

from __future__ import annotations

from datetime import date

from yimen.core.casework.check import find_application
from yimen.core.casework.completion import names_of, open_questions, question_of, trial
from yimen.core.casework.desk import Desk
from yimen.core.casework.dossier import KnownFact, facts_of
from yimen.core.casework.papers import unsigned
from yimen.core.declarations import Fact
from yimen.core.money import format_yuan
from yimen.core.records import Application, MissingItem, Record, RecordedFact, Value
from yimen.core.rules.catalogue import Catalogue
from yimen.core.store import cases


class InterviewQuestion(Record, frozen=True, kw_only=True):
    """A question with what was answered so far, as a person would type it; empty is open."""

    subject: str
    about: str
    fact: str
    text: str
    type: str
    codes: dict[str, str]
    answer: str


class Interview(Record, frozen=True, kw_only=True):
    """An application at one revision: what is known, what is asked, what was answered, by whom."""

    application: Application
    known: list[KnownFact]
    questions: list[InterviewQuestion]
    unsigned: list[MissingItem]
    answered_by: list[str]
    names: dict[str, str]


def interview(desk: Desk, catalogue: Catalogue, application_no: str) -> Interview:
    """What a clerk sees while asking a family; the reading is journalled."""
    application = find_application(desk, application_no)
    desk.require("intake", division=application.division)
    report, counted = trial(desk, catalogue, application)
    names = names_of(desk, application_no)
    declared = _declared(desk, application, list(names))
    given = {(f.subject, f.fact): f for f in declared}
    asked = [
        InterviewQuestion(
            subject=q.subject, about=q.about, fact=q.fact, text=q.text, type=q.type, codes=q.codes,
            answer="",
        )
        for q in open_questions(desk, catalogue, application, report, counted)
        if (q.subject, q.fact) not in given
    ]  # fmt: skip
    answered = [
        _answered(catalogue.facts[fact.fact], fact, names)
        for fact in given.values()
        if fact.fact in catalogue.facts
    ]
    known = facts_of(report, catalogue, ("hit", "verified"))
    desk.record_reading("interview", application_no, {"known": len(known)})
    return Interview(
        application=application,
        known=known,
        questions=[*answered, *asked],
        unsigned=unsigned(desk, application_no),
        answered_by=list(dict.fromkeys(f.recorded_by for f in declared)),
        names=names,
    )


def _declared(desk: Desk, application: Application, members: list[str]) -> list[RecordedFact]:
    """What was declared in this application, oldest first."""
    subjects = [application.household_no, *members]
    until: date = desk.home.clock.today()
    recorded = cases.recorded_facts(
        desk.home.casework, subjects, until=until, applications=[application.application_no]
    )
    return [fact for fact in recorded if fact.status == "declared"]


def _answered(fact: Fact, recorded: RecordedFact, names: dict[str, str]) -> InterviewQuestion:
    question = question_of(fact, recorded.subject, names.get(recorded.subject, ""))
    return InterviewQuestion(
        subject=question.subject, about=question.about, fact=question.fact, text=question.text,
        type=question.type, codes=question.codes, answer=typed_text(fact, recorded.value),
    )  # fmt: skip


def typed_text(fact: Fact, value: Value) -> str:
    """A value as a person types it into the field of its fact."""
    if value is None:
        return ""
    if fact.type == "boolean":
        return "yes" if value else "no"
    if fact.type == "money" and isinstance(value, int):
        return format_yuan(value)
    return str(value)
