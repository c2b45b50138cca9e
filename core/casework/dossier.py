"""The parts of a household's file that a clerk turns to: what is known of each member, and what
was done, in the order in which it was done.

Both are read when they are asked for; nothing is stored here and nothing is decided.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from yimen.core.casework.care import look
from yimen.core.casework.desk import Desk
from yimen.core.casework.household import find_household
from yimen.core.records import CheckReport, Day, MemberNo, Moment, OperatorNo, Record, Status
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.view import value_text
from yimen.core.store import cases, journal
from yimen.core.words.cases import act_name

# How a fact is known when somebody or some register really said it.
_SAID: tuple[Status, ...] = ("hit", "no_hit", "declared", "verified", "mismatch")


class KnownFact(Record, frozen=True, kw_only=True):
    """A fact that a register holds, a person declared or an officer verified, in people's words."""

    member: Annotated[MemberNo | None, Meta(description="null: a fact of the household")]
    fact: str
    name: str
    text: str
    status: Status
    source: str | None
    as_of: Day | None


class TimelineEntry(Record, frozen=True, kw_only=True):
    """One act in a household's cases, as the journal holds it."""

    at: Moment
    what: str
    subject: str
    operator: OperatorNo


def known_facts(desk: Desk, catalogue: Catalogue, household_no: str) -> list[KnownFact]:
    """What is known of the household and its members today; the reading is journalled."""
    report = look(desk, catalogue, household_no, "household.facts").report
    return facts_of(report, catalogue)


def facts_of(
    report: CheckReport, catalogue: Catalogue, statuses: tuple[Status, ...] = _SAID
) -> list[KnownFact]:
    """The facts of a report that are known in one of these ways, the household's own first.

    A person's fact stands with the person, and not once more as the household's sum.
    """
    found = []
    people: list[tuple[str | None, str]] = [(None, "household")]
    people += [(member, "person") for member in report.member_facts]
    for member, unit in people:
        for name, value in (report.member_facts[member] if member else report.facts).items():
            fact = catalogue.facts.get(name)
            if fact is None or fact.unit != unit or fact.expression is not None:
                continue
            if value.status in statuses and value.value is not None:
                found.append(
                    KnownFact(
                        member=member,
                        fact=name,
                        name=fact.names.text(),
                        text=value_text(fact, value.value),
                        status=value.status,
                        source=value.source,
                        as_of=value.as_of,
                    )
                )
    return found


def timeline(desk: Desk, catalogue: Catalogue, household_no: str) -> list[TimelineEntry]:
    """What was done for a household, newest first; readings of its file are not acts."""
    person = find_household(desk, catalogue, household_no)
    desk.require("household.show", division=person.division)
    db, households = desk.home.casework, [person.household_no]
    subjects = [
        *households,
        *(a.application_no for a in cases.applications(db, households=households)),
        *(r.referral_no for r in cases.referrals(db, households=households)),
        *(b.benefit_no for b in cases.benefits(db, households)),
    ]
    rows = [
        (row.seq, TimelineEntry(at=row.at, what=told, subject=row.subject, operator=row.operator))
        for subject in subjects
        for row in journal.rows(db, subject=subject)
        if (told := act_name(row.action)) is not None
    ]
    return [entry for __, entry in sorted(rows, key=lambda row: row[0], reverse=True)]
