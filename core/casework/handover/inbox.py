"""Puts another home's referral into the inbox of a department's home, to be worked like its own.

Numbers of this home are minted for referral, application, household and members, since another
county's H0000001 is another family. What the dispatching window does stays the window's.
"""

from __future__ import annotations

import msgspec
from msgspec import structs

from yimen.core.casework.desk import Desk
from yimen.core.divisions import covers, division_name
from yimen.core.errors import BadInput
from yimen.core.handover_records import ReferralDocument
from yimen.core.i18n import _
from yimen.core.identity import normalise_id
from yimen.core.records import FactValue
from yimen.core.rules.catalogue import Catalogue
from yimen.core.store import cases, messages
from yimen.core.store.journal import canonical


def take_document(
    desk: Desk, catalogue: Catalogue, document: ReferralDocument, message: messages.Message
) -> str:
    """Writes a referral that another home dispatched; its number here."""
    document = _checked(desk, catalogue, document)
    db, clock = desk.home.casework, desk.home.clock
    with desk.home.writing():
        members = {
            person.member_no: messages.mint_member(
                db,
                person.id_number
                if person.id_number and not person.masked
                else f"{document.home_id}:{person.member_no}",
                person.name,
                clock.today().isoformat(),
            )
            for person in document.persons
        }
        application = messages.local_application(db, document.home_id, document.application_no)
        if application is None:
            application = _open_application(desk, document, members)
        _add_members(desk, application, document, members)
        number = _insert(desk, document, application, members)
        move = messages.last_move(db, number)
        applied = message._replace(state="applied", move_id=move)
        messages.keep(db, applied, by=desk.operator.operator_no, at=clock.now())
        body = {
            "home": document.home_id, "referral": document.referral_no,
            "message": document.message_id, "department": document.department,
        }  # fmt: skip
        desk.record(db, "referral.take", number, body)
    return number


def _checked(desk: Desk, catalogue: Catalogue, document: ReferralDocument) -> ReferralDocument:
    """The document with numbers as this home writes them; refuses what it could not work."""
    if not covers(desk.home.county, document.division):
        raise BadInput(
            _("The referral is of {place}, which is not in this home's county.").format(
                place=division_name(document.division)
            )
        )
    if document.department not in catalogue.departments:
        raise BadInput(
            _("There is no department {name}.").format(name=document.department),
            next_step=_("Install its plugin: `yimen department list` shows what there is."),
        )
    members = {person.member_no for person in document.persons}
    if not members or (document.concerns or next(iter(members))) not in members:
        raise BadInput(_("The referral does not name the person whom it concerns."))
    synthetic = desk.home.synthetic
    persons = [
        structs.replace(person, id_number=normalise_id(person.id_number, synthetic=synthetic))
        if person.id_number and not person.masked
        else person
        for person in document.persons
    ]
    return structs.replace(document, persons=persons)


def _open_application(desk: Desk, document: ReferralDocument, members: dict[str, str]) -> str:
    db, clock = desk.home.casework, desk.home.clock
    number = cases.next_number(db, "application", "application_no", "A", clock.today().year)
    household = messages.mint_household(
        db, f"{document.home_id}:{document.household_no}", clock.today().isoformat()
    )
    applicant = members[document.concerns or document.persons[0].member_no]
    db.conn.execute(
        "INSERT INTO application (application_no, household_no, applicant, first_officer,"
        " division, submitted_on, accepted_on, rule_pack, state, rev)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'dispatched', 1)",
        [number, household, applicant, desk.operator.operator_no, document.division,
         document.dispatched_at[:10], document.dispatched_at[:10], document.rule_pack],
    )  # fmt: skip
    return number


def _add_members(
    desk: Desk, application: str, document: ReferralDocument, members: dict[str, str]
) -> None:
    db = desk.home.casework
    present = {m["member_no"] for m in cases.composition(db, application)}
    for person in document.persons:
        if members[person.member_no] not in present:
            db.conn.execute(
                "INSERT INTO composition (application_no, rule_pack, version, member_no,"
                " id_number, name, relation, birth_date, sex, counted, from_date, source)"
                " VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, 1, ?, 'referral')",
                [application, document.rule_pack, members[person.member_no], person.id_number,
                 person.name, person.relation, person.birth_date, person.sex,
                 document.dispatched_at[:10]],
            )  # fmt: skip


def _insert(
    desk: Desk, document: ReferralDocument, application: str, members: dict[str, str]
) -> str:
    db, clock = desk.home.casework, desk.home.clock
    number = cases.next_number(db, "referral", "referral_no", "R", clock.today().year)
    household = cases.applications(db, application_no=application)[0].household_no
    facts = {
        name: FactValue(value=fact.value, status=fact.status, source=fact.source, as_of=fact.as_of)
        for name, fact in document.facts.items()
    }
    due = document.due
    row = {
        "referral_no": number,
        "application_no": application,
        "household_no": household,
        "member_no": members[document.concerns] if document.concerns else None,
        "programme": document.programme.programme,
        "department": document.department,
        "division": document.division,
        "state": "dispatched",
        "dispatched_on": document.dispatched_at[:10],
        "due_sign": due.sign,
        "due_accept": due.accept,
        "due_finish": due.finish,
        "due_statutory": due.statutory,
        "provisional": int(document.provisional),
        "terms": canonical(msgspec.to_builtins(document.terms)),
        "report_no": document.report_no,
        "rules_hash": document.rules_hash,
        "facts": canonical(msgspec.to_builtins(facts)),
        "proposal": canonical(document.proposal),
        "returns": 0,
        "rev": 1,
    }
    columns, marks = ", ".join(row), ", ".join("?" * len(row))
    db.conn.execute(f"INSERT INTO referral ({columns}) VALUES ({marks})", list(row.values()))
    db.conn.execute(
        "INSERT INTO referral_move (referral_no, verb, from_state, to_state, at, operator)"
        " VALUES (?, 'dispatch', NULL, 'dispatched', ?, ?)",
        [number, document.dispatched_at, desk.operator.operator_no],
    )
    db.conn.execute(
        "INSERT INTO taken_referral VALUES (?, ?, ?, ?)",
        [number, document.home_id, document.referral_no, document.application_no],
    )
    return number
