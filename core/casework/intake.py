"""Intake: an application opened from one ID card, and what is then handed in or said.

What people declare belongs to the application; what an officer verified stands before it and before
the registers. Whether anything is still missing is decided in completion.py and never here.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from yimen.core.casework.check import Checker, find_application
from yimen.core.casework.completion import settle
from yimen.core.casework.composition import (
    NO_WORD,
    Word,
    apply_word,
    check_members,
    write_proposal,
)
from yimen.core.casework.desk import Desk
from yimen.core.casework.household import FoundPerson, find_person
from yimen.core.casework.papers import Papers, record_papers
from yimen.core.casework.selecting import current_roster, select
from yimen.core.casework.setup import parse_value
from yimen.core.errors import BadInput, IllegalMove, NotFound, Refused, StaleRevision, about
from yimen.core.i18n import _
from yimen.core.records import Value
from yimen.core.results import IntakeResult
from yimen.core.rules.catalogue import Catalogue
from yimen.core.spelling import half_width, plain_number
from yimen.core.store import cases, roster
from yimen.core.store.journal import canonical
from yimen.core.words.cases import state_name


@dataclass(frozen=True)
class Answer:
    """What the applicant declared about a household or a member, typed."""

    subject: str | None
    fact: str
    value: Value


def parse_answer(catalogue: Catalogue, text: str) -> Answer:
    """`fact=value` or `M0000012:fact=value`; `BadInput` when the fact or the value is wrong.

    A fact goes by its code, or by what it is called where only one is called so; marks of either
    width will do.
    """
    left, sign, value = text.partition("=")
    subject, colon, name = half_width(left).rpartition(":")
    if not sign:
        raise BadInput(
            _("'{text}' is not an answer.").format(text=text[:60]),
            next_step=_("Write it as fact=value, or as member:fact=value."),
        )
    facts = catalogue.facts.values()
    matches = [f for f in facts if name in (f.fact, f.fact.split(".")[1])]
    matches = matches or [f for f in facts if name in map(half_width, (f.names.zh, f.names.en))]
    if len(matches) != 1:
        raise NotFound(
            _("There is no fact {name}.").format(name=name),
            next_step=_("`yimen programme show ID` lists the facts that a programme uses."),
            field="fact",
        )
    fact = matches[0]
    if fact.expression:
        raise BadInput(
            _("{name} is computed and cannot be declared.").format(name=fact.fact),
            next_step=_("Declare what it is computed from."),
            field="fact",
        )
    if fact.type == "code" and fact.codes and value.strip() not in fact.codes:
        known = ", ".join(f"{code} {t.text()}" for code, t in fact.codes.items())
        raise BadInput(
            _("{name} has no code '{value}'.").format(name=fact.fact, value=value[:20]),
            next_step=_("Choose from: {codes}.").format(codes=known),
            field="value",
        )
    with about("value"):
        typed: Value = parse_value(fact.type, value, fact.names.text())
    return Answer(
        plain_number(subject) if colon else None,
        fact.fact,
        bool(typed) if fact.type == "boolean" else typed,
    )


def open_application(
    desk: Desk,
    catalogue: Catalogue,
    id_text: str,
    *,
    household_no: str | None = None,
    papers: Papers | None = None,
    answers: Sequence[Answer] = (),
    word: Word = NO_WORD,
    requested: Sequence[str] = (),
    tell: bool = True,
) -> IntakeResult:
    """Registers an application for the family of one ID number, and says what is missing.

    `household_no` chooses where people of several families have the number, or one person stands in
    several families. With `tell` off the one-time notification is not given yet, since the clerk
    goes on asking.
    """
    desk.require("intake")
    person = find_person(
        desk, catalogue, id_text, household_no, choose="yimen intake ID --household {no}"
    )
    desk.require("intake", division=person.division)
    home, db = desk.home, desk.home.casework
    today = home.clock.today()
    rows = roster.find_rows(
        home, current_roster(desk, catalogue, today), "household_no", [person.household_no]
    )
    members = [row[1] for row in rows]
    facts = _placed(catalogue, answers, person, members)
    wanted = _wanted(catalogue, requested)
    check_members(members, list(word.counted))
    counted = _counted_by_rule(desk, catalogue, person.household_no)
    with home.writing():
        for other in cases.applications(db, households=[person.household_no]):
            if other.state in cases.OPEN_APPLICATION:
                raise Refused(
                    _("The family has an open application, {no}.").format(no=other.application_no),
                    next_step=_("Add to it: `yimen intake {no}`.").format(no=other.application_no),
                )
        number = cases.next_number(db, "application", "application_no", "A", today.year)
        db.conn.execute(
            "INSERT INTO application (application_no, household_no, applicant, first_officer,"
            " division, submitted_on, state, rev) VALUES (?, ?, ?, ?, ?, ?, 'submitted', 1)",
            [number, person.household_no, person.member_no, desk.operator.operator_no,
             person.division, today.isoformat()],
        )  # fmt: skip
        write_proposal(desk, number, rows, catalogue.pack_on(today).pack, counted)
        _request(desk, number, wanted)
        apply_word(desk, number, word)
        _record_facts(desk, number, facts)
        signed = record_papers(desk, number, papers) if papers else []
        desk.record(
            db,
            "intake.register",
            number,
            {"household": person.household_no, "consents": signed,
             "facts": [f.fact for f in facts]},
        )  # fmt: skip
    return settle(desk, catalogue, number, tell=tell)


def continue_application(
    desk: Desk,
    catalogue: Catalogue,
    application_no: str,
    *,
    papers: Papers | None = None,
    answers: Sequence[Answer] = (),
    word: Word = NO_WORD,
    requested: Sequence[str] = (),
    tell: bool = True,
    rev: int | None = None,
) -> IntakeResult:
    """Adds papers, answers, requests or the officer's word on who counts to an application.

    A case that was checked has to be checked again before it can be dispatched. With `rev`, the
    revision that was looked at, `StaleRevision` when somebody else has added something since.
    """
    application = find_application(desk, application_no)
    desk.require("intake", division=application.division)
    if application.state not in ("submitted", "supplement_noticed", "accepted", "checked"):
        raise IllegalMove(
            _("Application {no} is {state} and takes no more papers.").format(
                no=application_no, state=state_name(application.state)
            ),
            next_step=_("`yimen feedback {no}` shows where it stands.").format(no=application_no),
        )
    db = desk.home.casework
    members = [m["member_no"] for m in cases.composition(db, application_no)]
    person = FoundPerson(application.household_no, application.applicant, application.division)
    facts = _placed(catalogue, answers, person, members)
    wanted = _wanted(catalogue, requested)
    check_members(members, list(word.counted))
    with desk.home.writing():
        if rev is not None:
            _still_at(desk, application_no, rev)
        apply_word(desk, application_no, word)
        _request(desk, application_no, [*application.requested, *wanted])
        _record_facts(desk, application_no, facts)
        signed = record_papers(desk, application_no, papers) if papers else []
        if facts or signed or word.counted or word.added or wanted:
            db.conn.execute(
                "UPDATE application SET rev = rev + 1,"
                " state = CASE state WHEN 'checked' THEN 'accepted' ELSE state END"
                " WHERE application_no = ?",
                [application_no],
            )
            desk.record(
                db,
                "intake.add",
                application_no,
                {"consents": signed, "facts": [f.fact for f in facts],
                 "counted": dict(sorted(word.counted.items())),
                 "added": [a.row[1] for a in word.added]},
            )  # fmt: skip
    return settle(desk, catalogue, application_no, tell=tell)


def _wanted(catalogue: Catalogue, requested: Sequence[str]) -> list[str]:
    """The numbers of the programmes that the family asks for."""
    with about("requested"):
        return [catalogue.programme(name).programme for name in requested]


def _still_at(desk: Desk, application_no: str, rev: int) -> None:
    """Refuses, inside the transaction that would write, what was typed on an earlier revision."""
    if find_application(desk, application_no).rev != rev:
        raise StaleRevision(
            _("Application {no} was changed by somebody else just now.").format(no=application_no),
            next_step=_("Look at it again: `yimen feedback {no}`.").format(no=application_no),
        )


def _counted_by_rule(desk: Desk, catalogue: Catalogue, household_no: str) -> dict[str, int | None]:
    """Who counts by the rule pack of today, before anything is asked: the dead need not sign."""
    today = desk.home.clock.today()
    checker = Checker(desk, catalogue, rules_on=today, facts_as_of=today)
    selected = select(desk, catalogue, [household_no], table=checker.roster, facts_as_of=today)
    found = {str(r["member_no"]): r["counted_by_rule"] for r in checker.cells(selected)}
    return {member: int(c) if c is not None else None for member, c in found.items()}


def _placed(
    catalogue: Catalogue, answers: Sequence[Answer], person: FoundPerson, members: Sequence[str]
) -> list[Answer]:
    """Answers with their subject: the named member, else the household."""
    placed = []
    for answer in answers:
        subject = answer.subject or person.household_no
        fact, field = catalogue.facts[answer.fact], f"{subject}:{answer.fact}"
        if answer.subject is not None:
            with about(field):
                check_members(members, [answer.subject])
        if (fact.unit == "household") != (answer.subject is None) and not (
            fact.household and answer.subject is None
        ):
            raise BadInput(
                _("{name} is a fact of a {unit}.").format(name=fact.fact, unit=_(fact.unit)),
                next_step=_("Write member:fact=value for a member, fact=value for the household."),
                field=field,
            )
        placed.append(Answer(subject, answer.fact, answer.value))
    return placed


def _request(desk: Desk, application_no: str, programmes: Sequence[str]) -> None:
    """Writes which programmes the family asked for, inside the caller's transaction."""
    desk.home.casework.conn.execute(
        "UPDATE application SET requested = ? WHERE application_no = ?",
        [canonical(list(dict.fromkeys(programmes))), application_no],
    )


def _record_facts(desk: Desk, application_no: str, facts: Sequence[Answer]) -> None:
    """Appends declared facts inside the caller's transaction."""
    clock, who = desk.home.clock, desk.operator.operator_no
    desk.home.casework.conn.executemany(
        "INSERT INTO recorded_fact (application_no, subject, fact, value, status, source, as_of,"
        " recorded_by, recorded_at) VALUES (?, ?, ?, ?, 'declared', 'applicant', ?, ?, ?)",
        [
            (application_no, f.subject, f.fact, json.dumps(f.value), clock.today().isoformat(),
             who, clock.now())
            for f in facts
        ],
    )  # fmt: skip


def verify_fact(
    desk: Desk, catalogue: Catalogue, household_no: str, answer: Answer, *, source: str
) -> None:
    """An officer's verified value: it stands before register and declaration."""
    table = current_roster(desk, catalogue, desk.home.clock.today())
    rows = roster.find_rows(desk.home, table, "household_no", [household_no])
    if not rows:
        raise NotFound(
            _("There is no household {no}.").format(no=household_no),
            next_step=_("`yimen query ID` finds a family by ID number."),
        )
    desk.require("fact.verify", division=rows[0][7])
    if not source.strip():
        raise BadInput(
            _("A verified fact needs its source."),
            next_step=_("Say with --source what was seen: a paper, a visit, an office."),
            field="source",
        )
    person = FoundPerson(household_no, rows[0][1], rows[0][7])
    placed = _placed(catalogue, [answer], person, [row[1] for row in rows])[0]
    today, db = desk.home.clock.today().isoformat(), desk.home.casework
    with desk.home.writing():
        db.conn.execute(
            "INSERT INTO recorded_fact (application_no, subject, fact, value, status, source,"
            " as_of, recorded_by, recorded_at) VALUES (NULL, ?, ?, ?, 'verified', ?, ?, ?, ?)",
            [placed.subject, placed.fact, json.dumps(placed.value), source, today,
             desk.operator.operator_no, desk.home.clock.now()],
        )  # fmt: skip
        desk.record(
            db, "fact.verify", placed.subject or household_no,
            {"fact": placed.fact, "source": source},
        )  # fmt: skip
