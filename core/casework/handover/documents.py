"""Builds what leaves: a referral as its department reads it, and the moves made since.

The same referral gives the same bytes each time, so that what was sent twice is known as one
message. Nothing but what the programme needs goes into it.
"""

from __future__ import annotations

import json
from datetime import date

import msgspec
from msgspec import structs

from yimen.core.casework.desk import Desk
from yimen.core.casework.terms import kept_terms
from yimen.core.declarations import Basis, Programme, ProgrammeVersion
from yimen.core.errors import Refused
from yimen.core.handover_records import (
    FactSent,
    LegalBasis,
    MoveMessage,
    PersonConcerned,
    ProgrammeNamed,
    ReferralDocument,
    Title,
)
from yimen.core.i18n import _
from yimen.core.identity import mask_id, mask_ids_in
from yimen.core.laws import law_texts
from yimen.core.records import CheckReport, Consent
from yimen.core.referral_records import Decision, Referral
from yimen.core.rules.catalogue import Catalogue
from yimen.core.store import cases
from yimen.core.store.messages import Move, Subject

# The moves that a referral's own document tells.
FIRST = frozenset({"dispatch", "send"})


def referral_document(
    desk: Desk, catalogue: Catalogue, referral: Referral, *, home_id: str
) -> ReferralDocument:
    """The document of a referral; `Refused` where its rules or its report cannot be read now."""
    db = desk.home.casework
    report = _report(desk, referral)
    programme = catalogue.programmes.get(referral.programme)
    version = catalogue.versions_on(date.fromisoformat(report.rules_on)).get(referral.programme)
    if programme is None or version is None:
        raise Refused(
            _("The rules of {programme} cannot be read now.").format(programme=referral.programme),
            next_step=_("`yimen department list` shows why."),
        )
    application = cases.applications(db, application_no=referral.application_no)[0]
    sent = [move for move in cases.moves(db, referral.referral_no) if move.verb in FIRST]
    consents = _authorisations(desk, referral)
    return ReferralDocument(
        kind="referral",
        message_id=f"{home_id}/{referral.referral_no}/1",
        sequence=1,
        sender=home_id,
        home_id=home_id,
        referral_no=referral.referral_no,
        application_no=referral.application_no,
        department=referral.department,
        division=application.division,
        dispatched_at=sent[-1].at,
        programme=_named(programme, version),
        due=structs.replace(referral.due, office=None),
        provisional=referral.provisional,
        terms=kept_terms(desk, referral),
        household_no=referral.household_no,
        persons=_persons(desk, referral, {c.member_no for c in consents}),
        concerns=referral.member_no,
        facts={
            name: FactSent(
                names=_fact_title(catalogue, name),
                value=fact.value,
                status=fact.status,
                source=fact.source,
                as_of=fact.as_of,
            )
            for name, fact in referral.facts.items()
        },
        proposal=referral.proposal,
        report_no=referral.report_no,
        rule_pack=report.rule_pack,
        rules_hash=referral.rules_hash,
        authorisations=[c.consent_no for c in consents],
        officer=application.first_officer,
    )


def move_message(
    desk: Desk, referral: Referral, move: Move, *, subject: Subject, sender: str, sequence: int
) -> MoveMessage:
    """A move as it is told to the other side."""
    said = _said_with(desk, move)
    own = subject.origin_no == referral.referral_no
    return MoveMessage(
        kind="move",
        message_id=f"{sender}/{subject.origin_no}/{sequence}",
        sequence=sequence,
        sender=sender,
        home_id=subject.home_id,
        referral_no=subject.origin_no,
        verb=move.verb,  # type: ignore[arg-type]
        at=move.at,
        officer=move.operator,
        second_officer=move.second,
        reason_code=move.reason_code,
        note=mask_ids_in(move.note or ""),
        basis=mask_ids_in(move.basis or "") if move.verb == "reject" else "",
        decision=said.decision,
        until=said.until,
        extended_by=said.by,
        due=referral.due if own and move.verb in NEW_DAYS else None,
    )


# Moves of the window after which a department must know its days anew.
NEW_DAYS = frozenset({"redispatch", "reopen"})


class _Said(msgspec.Struct):
    """What the journal's row of a move says beside what the move itself keeps."""

    decision: Decision | None = None
    until: str | None = None
    by: int | None = None


def _said_with(desk: Desk, move: Move) -> _Said:
    """What was said with a move when it was made: a later one may have changed the referral."""
    db = desk.home.casework
    before = db.conn.execute(
        "SELECT COUNT(*) FROM referral_move WHERE referral_no = ? AND verb = ? AND id < ?",
        [move.referral_no, move.verb, move.id],
    ).fetchone()[0]
    (body,) = db.conn.execute(
        "SELECT body FROM journal WHERE subject = ? AND action = ? ORDER BY seq LIMIT 1 OFFSET ?",
        [move.referral_no, f"referral.{move.verb}", before],
    ).fetchone()
    return msgspec.json.decode(body, type=_Said)


def _report(desk: Desk, referral: Referral) -> CheckReport:
    row = desk.home.casework.conn.execute(
        "SELECT body FROM report WHERE report_no = ? AND application_no = ?"
        " ORDER BY id DESC LIMIT 1",
        [referral.report_no, referral.application_no],
    ).fetchone()
    if row is None:
        raise Refused(
            _("The report {no} of this referral is not in this home.").format(
                no=referral.report_no
            ),
            next_step=_("Check and dispatch the application in the home that holds it."),
        )
    return msgspec.json.decode(row[0], type=CheckReport)


def _title(zh: str, en: str) -> Title:
    return Title(zh=zh, en=en)


def _fact_title(catalogue: Catalogue, name: str) -> Title:
    fact = catalogue.facts.get(name)
    return _title(fact.names.zh, fact.names.en) if fact else _title(name, name)


def _named(programme: Programme, version: ProgrammeVersion) -> ProgrammeNamed:
    return ProgrammeNamed(
        programme=programme.programme,
        names=_title(programme.names.zh, programme.names.en),
        unit=programme.unit,
        version_from=version.from_date,
        basis=[_basis(basis) for basis in version.basis],
    )


def _basis(basis: Basis) -> LegalBasis:
    zh, en = law_texts(basis.text)
    return LegalBasis(zh=basis.zh or zh, en=en, tag=basis.tag)


def _authorisations(desk: Desk, referral: Referral) -> list[Consent]:
    """The valid authorisations that cover this department, of those whose facts it carries."""
    db, today = desk.home.casework, desk.home.clock.today().isoformat()
    members = [m["member_no"] for m in cases.composition(db, referral.application_no)]
    wanted = [referral.member_no] if referral.member_no else members
    return [
        c
        for c in cases.consents(db, wanted)
        if c.kind == "authorisation"
        and c.signed_on <= today <= c.expires_on
        and ("*" in c.scope or referral.department in c.scope)
    ]


def _persons(desk: Desk, referral: Referral, covered: set[str]) -> list[PersonConcerned]:
    """Whom the matter concerns: the member, else everybody who counts."""
    return [
        PersonConcerned(
            member_no=row["member_no"],
            name=row["name"],
            id_number=row["id_number"]
            if row["member_no"] in covered or not row["id_number"]
            else mask_id(row["id_number"]),
            masked=bool(row["id_number"]) and row["member_no"] not in covered,
            relation=row["relation"],
            birth_date=row["birth_date"] if row["member_no"] in covered else None,
            sex=row["sex"],
        )
        for row in cases.composition(desk.home.casework, referral.application_no)
        if referral.member_no in (None, row["member_no"])
        and (referral.member_no or row["counted"] != 0)
    ]


def payload_of(record: ReferralDocument | MoveMessage) -> str:
    """The record's JSON text, the same each time."""
    return json.dumps(
        msgspec.to_builtins(record), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
