"""One ID number in, one household file out: what the registers and the casework already know.

Reading a personal file is journalled before it is shown. Numbers are masked unless the role may see
them and asks to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from yimen.core.casework.clocks import referral_line
from yimen.core.casework.desk import NAMED_ROLES, Desk
from yimen.core.casework.known_aid import known_aid
from yimen.core.casework.selecting import current_roster
from yimen.core.divisions import covers
from yimen.core.errors import NotFound, SharedNumber
from yimen.core.i18n import _
from yimen.core.identity import mask_id, mask_name, normalise_id
from yimen.core.records import Household, Member, Status
from yimen.core.results import OpenApplication, QueryResult, SourceStatus
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.inputs import Reading, readings_on
from yimen.core.spelling import plain_number
from yimen.core.store import cases, roster, snapshots
from yimen.core.store.roster import RosterRow


@dataclass(frozen=True)
class FoundPerson:
    """Where a person stands in the residence register."""

    household_no: str
    member_no: str
    division: str


def find_person(
    desk: Desk,
    catalogue: Catalogue,
    id_text: str,
    household_no: str | None = None,
    *,
    choose: str = "yimen household show {no}",
) -> FoundPerson:
    """The household of an ID number in the newest residence register; `NotFound` when none.

    `SharedNumber` where people of several households have the number and none was named; it tells
    the commands by which to `choose` one.
    """
    id_number = normalise_id(id_text, synthetic=desk.home.synthetic)
    table = current_roster(desk, catalogue, desk.home.clock.today())
    rows = roster.find_rows(desk.home, table, "id_number", [id_number])
    if rows and household_no is not None:
        rows = [row for row in rows if row[0] == plain_number(household_no)]
        if not rows:
            raise NotFound(
                _("Nobody in household {no} has the number {id}.").format(
                    no=shown_number(household_no), id=mask_id(id_number)
                ),
                next_step=_("`yimen query ID` finds a family by ID number."),
            )
    if not rows:
        raise NotFound(
            _("The residence register holds nobody with the number {id}.").format(
                id=mask_id(id_number)
            ),
            next_step=_("Compare with the ID card; the family may be registered elsewhere."),
        )
    refuse_shared(
        desk,
        rows,
        lambda families: _("Choose the family: {commands}.").format(
            commands=_(", ").join(f"`{choose.format(no=no)}`" for no in families)
        ),
    )
    # A person may stand in two households of the register; the operator's own division comes first.
    place = next((r for r in rows if covers(desk.operator.division, r[7])), rows[0])
    return FoundPerson(place[0], place[1], place[7])


def refuse_shared(desk: Desk, rows: list[RosterRow], next_step: Callable[[list[str]], str]) -> None:
    """`SharedNumber` where people of several households have it; it names those of one's division.

    `next_step` says of their households how to choose. What was told is journalled. One person in
    several households is nobody else and is let pass; so is a number that nobody of the operator's
    division has, since the division alone refuses it.
    """
    own = sorted({row[0] for row in rows if covers(desk.operator.division, row[7])})
    one_person = len({row[1] for row in rows}) == 1
    if one_person or len({row[0] for row in rows}) == 1 or not own:
        return
    named = not NAMED_ROLES.isdisjoint(desk.operator.roles)
    for family in own:
        desk.record_reading("query", family, {"unmasked": False, "shared_number": True})
    names = {row[1]: row[3] if named else mask_name(row[3]) for row in rows}
    people = [
        f"{row[0]} {row[1]} {names[row[1]]}"
        if row[0] in own
        else f"{row[0]} ({_('outside your division')})"
        for row in rows
    ]
    shared = SharedNumber(
        _("The number {id} stands with people of several families: {people}.").format(
            id=mask_id(str(rows[0][2])), people=_(", ").join(people)
        ),
        next_step=next_step(own),
    )
    shared.families = [(row[0], names[row[1]]) for row in rows if row[0] in own]
    raise shared


def find_household(desk: Desk, catalogue: Catalogue, household_no: str) -> FoundPerson:
    """The head's place in a household; `NotFound` when the number is unknown."""
    table = current_roster(desk, catalogue, desk.home.clock.today())
    rows = roster.find_rows(desk.home, table, "household_no", [plain_number(household_no)])
    if not rows:
        raise NotFound(
            _("There is no household {no}.").format(no=shown_number(household_no)),
            next_step=_("`yimen query ID` finds a family by ID number."),
        )
    return FoundPerson(rows[0][0], rows[0][1], rows[0][7])


def shown_number(text: str) -> str:
    """A number typed by a person, masked where it may be an ID number in the wrong place."""
    return mask_id(text) if sum(c.isdigit() for c in text) > 12 else text


def query(desk: Desk, catalogue: Catalogue, id_text: str, *, unmask: bool = False) -> QueryResult:
    """What is known of the family of one ID number; the reading is journalled."""
    # First by role alone, so that nobody learns from the answer whether a number is registered.
    desk.require("query")
    person = find_person(desk, catalogue, id_text)
    desk.require("query", division=person.division)
    return _file(desk, catalogue, person, "query", unmask)


def show_household(
    desk: Desk, catalogue: Catalogue, household_no: str, *, unmask: bool = False
) -> QueryResult:
    """The household file 一户一档 by its number; the reading is journalled."""
    person = find_household(desk, catalogue, household_no)
    desk.require("household.show", division=person.division)
    return _file(desk, catalogue, person, "household.show", unmask)


def _file(
    desk: Desk, catalogue: Catalogue, person: FoundPerson, action: str, unmask: bool
) -> QueryResult:
    if unmask:
        desk.require("unmask", division=person.division)
    today = desk.home.clock.today()
    rows = roster.find_rows(
        desk.home, current_roster(desk, catalogue, today), "household_no", [person.household_no]
    )
    db = desk.home.casework
    result = QueryResult(
        household=household_record(desk, rows, unmask=unmask),
        benefits=known_aid(desk, catalogue, rows, today, _consenting(desk, catalogue, rows)),
        applications=[
            OpenApplication(
                application_no=a.application_no,
                state=a.state,
                submitted_on=a.submitted_on,
                first_officer=a.first_officer,
            )
            for a in cases.applications(db, households=[person.household_no])
        ],
        referrals=[
            referral_line(desk, r) for r in cases.referrals(db, households=[person.household_no])
        ],
        sources=_sources(desk, catalogue, rows, today),
    )
    desk.record_reading(action, person.household_no, {"unmasked": unmask})
    return result


def household_record(desk: Desk, rows: list[RosterRow], *, unmask: bool) -> Household:
    """The household with names and numbers as the operator may see them."""
    named = not NAMED_ROLES.isdisjoint(desk.operator.roles)
    return Household(
        household_no=rows[0][0],
        division=rows[0][7],
        zone=rows[0][8],  # type: ignore[arg-type]
        members=[
            Member(
                member_no=row[1],
                name=row[3] if named else mask_name(row[3]),
                relation=row[4],
                id_number=row[2] if unmask or row[2] is None else mask_id(row[2]),
                birth_date=row[5],
                sex=row[6],  # type: ignore[arg-type]
            )
            for row in rows
        ],
        masked=not unmask,
    )


def _sources(
    desk: Desk, catalogue: Catalogue, rows: list[RosterRow], today: date
) -> list[SourceStatus]:
    """How each source stands to this household; a consent source is not looked into here."""
    found = []
    for reading in readings_on(desk.home, catalogue, sorted(catalogue.sources), today):
        status = _household_status(desk, catalogue, reading, rows)
        found.append(SourceStatus(source=reading.source, status=status, as_of=reading.as_of))
    return found


def _consented(desk: Desk, source: str, rows: list[RosterRow]) -> list[RosterRow]:
    """The members under whose valid authorisation a source may be read today."""
    today = desk.home.clock.today().isoformat()
    members = {
        c.member_no
        for c in cases.consents(desk.home.casework, [row[1] for row in rows])
        if c.kind == "authorisation"
        and c.signed_on <= today <= c.expires_on
        and ("*" in c.scope or source in c.scope)
    }
    return [row for row in rows if row[1] in members]


def _consenting(desk: Desk, catalogue: Catalogue, rows: list[RosterRow]) -> dict[str, set[str]]:
    """For each source that needs an authorisation, the members under whose it may be read."""
    asked = [s.source for s in catalogue.sources.values() if s.authority == "consent"]
    return {source: {row[1] for row in _consented(desk, source, rows)} for source in asked}


def _household_status(
    desk: Desk, catalogue: Catalogue, reading: Reading, rows: list[RosterRow]
) -> Status:
    if reading.status != "ok" or reading.snapshot is None:
        return "stale" if reading.status == "stale" else "not_loaded"
    if catalogue.sources[reading.source].authority == "consent":
        rows = _consented(desk, reading.source, rows)
        if not rows:
            return "no_consent"
    if not any(rows[0][7].startswith(prefix) for prefix in reading.snapshot.covers):
        return "not_covered"
    pairs = [(row[2], row[3]) for row in rows if row[2]]
    same, other = snapshots.count_persons(desk.home, reading.snapshot.table, pairs)
    if other:
        return "mismatch"
    return "hit" if same else "no_hit"
