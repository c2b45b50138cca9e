"""Writes what the other side has not been told yet as one signed batch, and marks it as told.

The file gets its name before its messages are marked: killed in between, they are sent again under
the same ids, and the other side knows them. The authorisation is asked on the day of the export.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from yimen.core.casework.desk import Desk
from yimen.core.casework.handover.batches import (
    batch_lines,
    new_batch_id,
    put_in_place,
    write_beside,
)
from yimen.core.casework.handover.documents import (
    FIRST,
    move_message,
    payload_of,
    referral_document,
)
from yimen.core.casework.handover.keys import own_home_id, own_key, signer
from yimen.core.casework.papers import covers_department
from yimen.core.casework.referral import find_referral
from yimen.core.errors import BadInput, NotFound, Refused
from yimen.core.handover_records import HandoverRow, MoveMessage, ReferralDocument
from yimen.core.i18n import _
from yimen.core.referral_records import Referral
from yimen.core.rules.catalogue import Catalogue
from yimen.core.store import cases, messages
from yimen.core.words.referrals import verb_name

Progress = Callable[[int], None]


class Outgoing(NamedTuple):
    """A message that is to leave: new, or told before when all is told again."""

    referral: Referral
    subject: messages.Subject
    record: ReferralDocument | MoveMessage | None
    message_id: str
    sequence: int
    payload: str
    move_id: int | None

    @property
    def new(self) -> bool:
        """Whether it was not told before."""
        return self.record is not None


class Exported(NamedTuple):
    """What an export did: its rows, and its files (none where there was nothing to tell)."""

    rows: list[HandoverRow]
    files: list[Path]


def export_referrals(
    desk: Desk,
    catalogue: Catalogue,
    *,
    department: str,
    folder: Path,
    again: bool = False,
    dry_run: bool = False,
) -> Exported:
    """Writes the referrals of a department, and this side's later moves, as one signed batch.

    Only what is new, unless `again`. A referral that no valid authorisation of today opens to the
    department stays here, and so does what could not be written; each is one row.
    """
    desk.require("referral.export", division=desk.home.county)
    if department not in catalogue.departments:
        raise NotFound(
            _("There is no department {name}.").format(name=department),
            next_step=_("`yimen department list` shows them."),
        )
    key = own_key(desk)
    home_id = str(key.home_id)
    taken = {t.referral_no for t in messages.taken_referrals(desk.home.casework)}
    with desk.home.alone(f"handover-{department}"):
        going: list[Outgoing] = []
        rows: list[HandoverRow] = []
        for referral in cases.referrals(desk.home.casework, department=department):
            if referral.referral_no in taken:
                continue
            subject = messages.Subject(home_id, referral.referral_no)
            try:
                going += _of_own(desk, catalogue, referral, subject, again=again)
            except (Refused, BadInput) as error:
                rows.append(_held(referral, str(error)))
        name = f"referrals-{department}"
        done = _send(desk, going, folder, name, home_id, "referral.export", department, dry_run)
    return Exported([*rows, *done.rows], done.files)


def export_feedback(
    desk: Desk, *, folder: Path, again: bool = False, dry_run: bool = False
) -> Exported:
    """Writes what was done here with other homes' referrals, one signed batch for each home."""
    desk.require("feedback.export")
    key = own_key(desk)
    db, own = desk.home.casework, desk.operator.department
    waiting: dict[str, list[Outgoing]] = {}
    rows: list[HandoverRow] = []
    files: list[Path] = []
    with desk.home.alone("handover-feedback"):
        for taken in messages.taken_referrals(db):
            referral = cases.referrals(db, referral_no=taken.referral_no)[0]
            if own is not None and referral.department != own:
                continue
            subject = messages.Subject(taken.home_id, taken.origin_no)
            going = waiting.setdefault(taken.home_id, [])
            going += _moves(desk, referral, subject, str(key.home_id), 1, again=again)
        for home_id, going in waiting.items():
            name = f"feedback-{home_id}"
            done = _send(
                desk, going, folder, name, str(key.home_id), "feedback.export", home_id, dry_run
            )
            rows += done.rows
            files += done.files
    return Exported(rows, files)


def document_of(desk: Desk, catalogue: Catalogue, referral_no: str) -> ReferralDocument:
    """The document of a referral: as it left, or as it would leave now; the reading is journalled.

    It holds whole ID numbers, so that only who may send it may see it.
    """
    referral = find_referral(desk, referral_no)
    db = desk.home.casework
    desk.require("referral.export", division=cases.division_of_referral(db, referral.referral_no))
    origin = messages.origin_of(db, referral.referral_no)
    subject = origin or messages.Subject(own_home_id(desk), referral.referral_no)
    kept = [
        message
        for message in messages.messages(db, subject, "in" if origin else "out")
        if message.kind == "referral"
    ]
    document = (
        msgspec.json.decode(kept[0].payload, type=ReferralDocument)
        if kept
        else referral_document(desk, catalogue, referral, home_id=subject.home_id)
    )
    desk.record_reading("referral.document", referral.referral_no, {"left": bool(kept)})
    return document


def untold(desk: Desk, catalogue: Catalogue, referral: Referral, *, home_id: str) -> list[Outgoing]:
    """What the department of a referral of this home has not been told; `Refused` if it may not."""
    subject = messages.Subject(home_id, referral.referral_no)
    return list(_of_own(desk, catalogue, referral, subject, again=False))


def _of_own(
    desk: Desk,
    catalogue: Catalogue,
    referral: Referral,
    subject: messages.Subject,
    *,
    again: bool,
) -> Iterator[Outgoing]:
    """The document of a referral of this home, once, and the moves made since."""
    sent = messages.messages(desk.home.casework, subject, "out")
    if not sent:
        if referral.state == "draft" or referral.state in cases.CLOSED_REFERRAL:
            # Not sent yet, or closed before it ever left: nothing for the department to do.
            return
        if not covers_department(
            desk, referral.application_no, referral.department, referral.member_no
        ):
            raise Refused(
                _("no valid authorisation covers the department {department}").format(
                    department=referral.department
                )
            )
        document = referral_document(desk, catalogue, referral, home_id=subject.home_id)
        first = [
            move.id
            for move in messages.untold_moves(desk.home.casework, referral.referral_no)
            if move.verb in FIRST
        ]
        yield Outgoing(
            referral, subject, document, document.message_id, 1, payload_of(document), first[-1]
        )
        yield from _moves(desk, referral, subject, subject.home_id, 2, again=again)
        return
    yield from _moves(desk, referral, subject, subject.home_id, 2, again=again)


def _moves(
    desk: Desk,
    referral: Referral,
    subject: messages.Subject,
    sender: str,
    first: int,
    *,
    again: bool,
) -> Iterator[Outgoing]:
    """What was told before, if all is told again, then the moves that were not."""
    db = desk.home.casework
    sent = messages.messages(db, subject, "out")
    if again:
        for held in sent:
            yield Outgoing(
                referral, subject, None, held.message_id, held.sequence or 0, held.payload,
                held.move_id,
            )  # fmt: skip
    sequence = max([first - 1, *(m.sequence or 0 for m in sent)])
    for move in messages.untold_moves(db, referral.referral_no):
        if move.verb is None or move.verb in FIRST:
            continue
        sequence += 1
        record = move_message(
            desk, referral, move, subject=subject, sender=sender, sequence=sequence
        )
        yield Outgoing(
            referral, subject, record, record.message_id, sequence, payload_of(record), move.id
        )


def _send(
    desk: Desk,
    going: Sequence[Outgoing],
    folder: Path,
    name: str,
    sender: str,
    action: str,
    subject: str,
    dry_run: bool,
) -> Exported:
    """Writes the batch, puts it in its place, then marks its messages with one journal row."""
    rows = [_told(one, name, number) for number, one in enumerate(going, 1)]
    if dry_run or not going:
        return Exported(rows, [])
    clock = desk.home.clock
    batch = new_batch_id(sender)
    payloads = [one.payload for one in going]
    lines = batch_lines(signer(desk), payloads, batch=batch, sender=sender, at=clock.now())
    stamp = re.sub(r"[^0-9T]", "", clock.now()[:19])
    file_name = f"{name}-{stamp}-{batch[-6:]}.jsonl"
    written = write_beside(folder, file_name, lines)
    target = put_in_place(written, file_name)
    digest = hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()
    with desk.home.writing() as db:
        mark_told(desk, going, batch=batch, key_id=own_key(desk).key_id)
        body = {"messages": len(going), "new": sum(o.new for o in going), "sha256": digest,
                "batch": batch, "file": file_name}  # fmt: skip
        desk.record(db, action, subject, body)
    return Exported([_in_file(row, file_name) for row in rows], [target])


def mark_told(
    desk: Desk,
    going: Sequence[Outgoing],
    *,
    batch: str | None = None,
    key_id: str | None = None,
) -> None:
    """Keeps the messages that were told for the first time, inside the caller's transaction."""
    db = desk.home.casework
    for one in going:
        if one.new:
            message = messages.Message(
                id=0, direction="out", home_id=one.subject.home_id,
                origin_no=one.subject.origin_no, sequence=one.sequence,
                message_id=one.message_id,
                kind="referral" if isinstance(one.record, ReferralDocument) else "move",
                payload=one.payload, digest=messages.digest_of(one.payload), key_id=key_id,
                state="sent", reason=None, move_id=one.move_id,
            )  # fmt: skip
            messages.keep(
                db, message, by=desk.operator.operator_no, at=desk.home.clock.now(), batch=batch
            )


def _told(one: Outgoing, file: str, number: int) -> HandoverRow:
    if isinstance(one.record, ReferralDocument):
        detail = _("the referral itself")
    elif one.record is None:
        detail = _("told before, and told again")
    else:
        detail = verb_name(one.record.verb)
    return HandoverRow(
        file=file,
        row=number,
        referral_no=one.referral.referral_no,
        message_id=one.message_id,
        result="exported",
        detail=detail,
    )


def _in_file(row: HandoverRow, file: str) -> HandoverRow:
    return msgspec.structs.replace(row, file=file)


def _held(referral: Referral, reason: str) -> HandoverRow:
    return HandoverRow(
        file="",
        row=None,
        referral_no=referral.referral_no,
        message_id=None,
        result="held_back",
        detail=reason,
    )
