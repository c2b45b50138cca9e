"""Selects the persons of households for a check, with what the casework knows of them.

A household with an open application is checked as its composition says, any other as the residence
register shows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from yimen.core.casework.desk import Desk
from yimen.core.errors import Refused
from yimen.core.i18n import _
from yimen.core.records import Application, Benefit, RecordedFact
from yimen.core.referral_records import Referral
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.engines import Selection
from yimen.core.rules.inputs import parameters
from yimen.core.rules.view import Ruling
from yimen.core.store import cases, roster
from yimen.core.store.roster import RosterRow
from yimen.core.store.snapshots import snapshots_on


@dataclass
class Selected:
    """A selection, and the case records behind it for the report."""

    selection: Selection
    applications: dict[str, Application] = field(default_factory=dict)
    recorded: dict[str, list[RecordedFact]] = field(default_factory=dict)
    benefits: dict[str, list[Benefit]] = field(default_factory=dict)
    referrals: dict[str, list[Referral]] = field(default_factory=dict)
    consents_digest: dict[str, list[str]] = field(default_factory=dict)


def current_roster(desk: Desk, catalogue: Catalogue, day: date) -> str:
    """The roster in force on a day; `Refused` when no residence register is loaded."""
    source = catalogue.residence
    snapshot = snapshots_on(desk.home, day).get(source.source) if source else None
    if snapshot is None:
        raise Refused(
            _("No residence register is loaded for {day}.").format(day=day.isoformat()),
            next_step=_("Load one first: `yimen source load --all DIR`."),
        )
    return roster.roster_table(desk.home, snapshot)


def select(
    desk: Desk,
    catalogue: Catalogue,
    households: Sequence[str],
    *,
    table: str,
    facts_as_of: date,
    application: Application | None = None,
) -> Selected:
    """The persons of the households in the roster `table`; `application` fixes the case."""
    db = desk.home.casework
    rows = roster.find_rows(desk.home, table, "household_no", households)
    by_household: dict[str, list[RosterRow]] = {}
    for row in rows:
        by_household.setdefault(row[0], []).append(row)
    selected = Selected(Selection())
    opened = [a for a in cases.applications(db, households=households) if _is_open(a)]
    selected.applications = {a.household_no: a for a in opened}
    if application is not None:
        selected.applications[application.household_no] = application
    elsewhere = cases.counted_elsewhere(db, "", [row[1] for row in rows])
    for household in households:
        case = selected.applications.get(household)
        persons = by_household.get(household, [])
        found: list[tuple[int | str | None, ...]] = (
            _composed(desk, case, persons)
            if case
            else [(*row[:9], None, int(row[9] or row[1] in elsewhere)) for row in persons]
        )
        for person in found:
            selected.selection.add_person(*person, case_open=case is not None)
    _add_case_records(desk, catalogue, selected, households, facts_as_of)
    return selected


def _is_open(application: Application) -> bool:
    return application.state in cases.OPEN_APPLICATION


def _composed(
    desk: Desk, case: Application, persons: list[RosterRow]
) -> list[tuple[int | str | None, ...]]:
    """The composition's members; division and zone come from the register, else from the case."""
    db = desk.home.casework
    members = cases.composition(db, case.application_no)
    elsewhere = cases.counted_elsewhere(db, case.application_no, [m["member_no"] for m in members])
    zone = persons[0][8] if persons else None
    known = {row[1]: row for row in persons}
    found: list[tuple[int | str | None, ...]] = []
    for m in members:
        row = known.get(m["member_no"])
        twice = m["member_no"] in elsewhere or bool(row and row[9])
        # Two officers who both say yes are no answer; one who says no is.
        by_officer = m["source"] == "officer" and not (m["counted"] and m["member_no"] in elsewhere)
        found.append(
            (case.household_no, m["member_no"], m["id_number"], m["name"], m["relation"],
             m["birth_date"], m["sex"], row[7] if row else case.division, zone,
             m["counted"] if by_officer else None, int(twice))
        )  # fmt: skip
    return found


def _add_case_records(
    desk: Desk, catalogue: Catalogue, selected: Selected, households: Sequence[str], day: date
) -> None:
    db = desk.home.casework
    selection = selected.selection
    home_of = {str(p[2]): str(p[1]) for p in selection.persons}
    own = [case.application_no for case in selected.applications.values()]
    subjects = [*home_of, *households]
    for fact in cases.recorded_facts(db, subjects, until=day, applications=own):
        selected.recorded.setdefault(home_of.get(fact.subject, fact.subject), []).append(fact)
    for facts in selected.recorded.values():
        for (subject, name), states in cases.latest(facts).items():
            verified, declared = (
                int(v) if isinstance(v := states.get(s), bool) else v
                for s in ("verified", "declared")
            )
            selection.recorded.append((subject, name, verified, declared))
    today = desk.home.clock.today().isoformat()
    consent_sources = [s.source for s in catalogue.sources.values() if s.authority == "consent"]
    for consent in cases.consents(db, list(home_of)):
        # What is read today needs a consent of today, whatever day the facts are of.
        valid = consent.signed_on <= today <= consent.expires_on
        if consent.kind != "authorisation" or not valid:
            continue
        opened = [s for s in consent_sources if s in consent.scope or "*" in consent.scope]
        selection.granted += [(consent.member_no, source) for source in opened]
        selected.consents_digest.setdefault(home_of[consent.member_no], []).append(
            consent.consent_no
        )
    month = day.isoformat()[:7]
    for benefit in cases.benefits(db, households):
        selected.benefits.setdefault(benefit.household_no, []).append(benefit)
        subject = benefit.member_no or benefit.household_no
        if month <= (benefit.to_month or "9999-12"):
            selection.answers.append((subject, benefit.programme))
            if benefit.from_month <= month:
                selection.benefits.append((subject, benefit.programme))
    for referral in cases.referrals(db, households=households):
        selected.referrals.setdefault(referral.household_no, []).append(referral)
        if referral.state not in cases.CLOSED_REFERRAL:
            selection.answers.append((referral.household_no, referral.programme))


def households_to_check(desk: Desk, ruling: Ruling, table: str, prefix: str) -> list[str]:
    """Households below a division prefix with an open application or a benefit, in order."""
    found = set(cases.open_households(desk.home.casework, prefix))
    readings = ruling.readings
    given = parameters(ruling.statement, readings.values(), dict(ruling.standards),
                       ruling.facts_as_of)  # fmt: skip
    for source, condition in ruling.statement.recognitions.values():
        reading = readings[source]
        if reading.status == "ok" and reading.snapshot:
            found |= roster.households_with_rows(
                desk.home, table, reading.snapshot.table, condition, given, prefix
            )
    return sorted(found)
