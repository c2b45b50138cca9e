"""Takes messages in: in sequence, each once, each in one transaction with its journal row.

What is a repeat, out of turn or not allowed changes no case, and is told row by row. Both sides use
this: the home that dispatched hears its departments, a department's home hears the window.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Literal

import msgspec

from yimen.core.casework.desk import Desk
from yimen.core.casework.handover.batches import Heard, read_batch
from yimen.core.casework.handover.inbox import take_document
from yimen.core.casework.handover.verbs import answer, follow
from yimen.core.casework.referral import find_referral
from yimen.core.errors import BadInput, NotFound, Refused, YimenError
from yimen.core.handover_records import HandoverRow, MoveMessage, ReferralDocument, RowResult
from yimen.core.i18n import _
from yimen.core.rules.catalogue import Catalogue
from yimen.core.store import cases, messages
from yimen.core.store.rehearsal import rehearsal
from yimen.core.words.cases import state_name

Side = Literal["feedback", "inbox"]
_PERMISSION = {"feedback": "feedback.import", "inbox": "referral.take"}


def import_files(
    desk: Desk,
    catalogue: Catalogue,
    files: Sequence[Path],
    *,
    side: Side,
    dry_run: bool = False,
    partial: bool = False,
) -> list[HandoverRow]:
    """Applies the signed batches in the order of their sequences; one row back for each of theirs.

    `feedback` hears departments' answers to this home's referrals, `inbox` takes other homes'
    referrals and the moves of their windows. A file that was cut off changes nothing, unless
    `partial` takes its whole rows. With `dry_run` all is told and nothing stays.
    """
    desk.require(_PERMISSION[side])
    found: list[tuple[int, HandoverRow]] = []
    heard: list[tuple[int, Heard]] = []
    for place, path in enumerate(files):
        batch = read_batch(desk, path)
        found += [(place, row) for row in batch.rows]
        if batch.whole or partial:
            heard += [(place, one) for one in batch.heard]
        else:
            words = _("The row is whole, but its file is cut off; nothing of it was applied.")
            found += [(place, one.told("cut_off", words)) for one in batch.heard]
    heard.sort(key=lambda pair: (pair[1].subject, pair[1].record.sequence))
    with rehearsal(desk.home) if dry_run else nullcontext(desk.home) as home:
        at_desk = replace(desk, home=home)
        for place, one in heard:
            found += [(place, row) for row in hear(at_desk, catalogue, one, side=side)]
    found.sort(key=lambda pair: (pair[0], pair[1].row is None, pair[1].row or 0))
    return [row for __, row in found]


def hear(desk: Desk, catalogue: Catalogue, one: Heard, *, side: Side) -> Iterator[HandoverRow]:
    """Takes one believed message in, and after it whatever had waited for it.

    What was heard before is asked inside the transaction, so that of two processes that read the
    same file one applies a message, and the other finds it applied.
    """
    with desk.home.writing():
        row = _taken_in(desk, catalogue, one, side)
    yield row
    db = desk.home.casework
    while True:
        with desk.home.writing():
            waiting = messages.messages(db, one.subject, "in", state="waiting")
            if not waiting or waiting[0].sequence != messages.next_sequence(db, one.subject, "in"):
                return
            record = msgspec.json.decode(waiting[0].payload, type=MoveMessage)
            later = Heard("", None, one.keys, waiting[0].payload, record)
            row = _in_turn(desk, catalogue, later, waiting[0], side)
        yield row


def _taken_in(desk: Desk, catalogue: Catalogue, one: Heard, side: Side) -> HandoverRow:
    if (fault := _foreign(desk, one, side)) is not None:
        return one.told("foreign", fault)
    db = desk.home.casework
    digest = messages.digest_of(one.payload)
    expected = messages.next_sequence(db, one.subject, "in")
    for held in messages.messages(db, one.subject, "in"):
        if held.message_id == one.record.message_id or held.sequence == one.record.sequence:
            same = held.message_id == one.record.message_id and held.digest == digest
            # What hindered it may be mended by now; but not once later messages were heard.
            if same and held.state == "refused" and held.sequence == expected - 1:
                return _in_turn(desk, catalogue, one, held, side)
            return one.told(*_again(held, same=same))
    new = messages.Message(
        id=0, direction="in", home_id=one.subject.home_id, origin_no=one.subject.origin_no,
        sequence=one.record.sequence, message_id=one.record.message_id, kind=one.record.kind,
        payload=one.payload, digest=digest, key_id=one.keys[0].key_id if one.keys else None,
        state="waiting", reason=None, move_id=None,
    )  # fmt: skip
    if one.record.sequence < expected:
        words = _("Message {n} of this referral is over already; the next is {next}.")
        return one.told("refused", words.format(n=one.record.sequence, next=expected))
    if one.record.sequence > expected:
        _settle(desk, new, "message.wait")
        words = _("Message {n} came before message {missing}, and waits for it.")
        return one.told("waiting", words.format(n=one.record.sequence, missing=expected))
    return _in_turn(desk, catalogue, one, new, side)


def _again(held: messages.Message, *, same: bool) -> tuple[RowResult, str]:
    """What is said of a message whose id or number was heard before."""
    if not same:
        words = _("Another message has come under the number {n} of this referral before.")
        return "refused", words.format(n=held.sequence)
    if held.state == "waiting":
        return "waiting", _("It waits already for the message before it.")
    if held.state == "refused":
        return "refused", _("It was refused before: {reason}").format(reason=held.reason)
    return "duplicate", _("It was applied before.")


def _in_turn(
    desk: Desk, catalogue: Catalogue, one: Heard, message: messages.Message, side: Side
) -> HandoverRow:
    """Applies the message whose turn it is; what cannot be applied is kept as refused."""
    try:
        if isinstance(one.record, ReferralDocument):
            number = take_document(desk, catalogue, one.record, message)
            return one.told("taken", _("It is referral {no} of this home.").format(no=number))
        return _moved(desk, catalogue, one, one.record, message, side)
    except (BadInput, Refused, NotFound) as error:
        return _refused(desk, one, message, error)


def _moved(
    desk: Desk,
    catalogue: Catalogue,
    one: Heard,
    told: MoveMessage,
    message: messages.Message,
    side: Side,
) -> HandoverRow:
    """Makes the move that a message tells and keeps the message, in one transaction."""
    db = desk.home.casework
    own = one.subject.origin_no
    number = own if side == "feedback" else messages.local_number(db, one.subject)
    if number is None:
        raise NotFound(_("The referral itself has not come yet."))
    with desk.home.writing():
        referral = find_referral(desk, number)
        act = answer if side == "feedback" else follow
        moved = act(desk, catalogue, referral, told)
        applied = message._replace(
            state="applied", reason=None, move_id=messages.last_move(db, number)
        )
        messages.keep(db, applied, by=desk.operator.operator_no, at=desk.home.clock.now())
        body = {"message": told.message_id, "by": told.officer, "at": told.at}
        desk.record(db, "message.apply", number, body)
        passed = cases.moves(db, number)[-1].passed_over
    words = state_name(moved.state)
    if side == "feedback" and passed:
        # Handled over there: whoever confirms it here hears what this home knows nothing of.
        words = _("{state}; its handling list has nobody's word of: {steps}").format(
            state=words, steps=", ".join(passed)
        )
    return one.told("applied", words)


def _refused(desk: Desk, one: Heard, message: messages.Message, error: YimenError) -> HandoverRow:
    settled = message._replace(state="refused", reason=error.what)
    if settled != message:
        _settle(desk, settled, "message.refuse")
    return one.told("refused", str(error))


def _settle(desk: Desk, message: messages.Message, action: str) -> None:
    """Keeps a message that moved nothing, with its journal row."""
    with desk.home.writing() as db:
        messages.keep(db, message, by=desk.operator.operator_no, at=desk.home.clock.now())
        body = {"message": message.message_id, "home": message.home_id, "reason": message.reason}
        desk.record(db, action, message.origin_no, body)


def _foreign(desk: Desk, one: Heard, side: Side) -> str | None:
    """Why a believed message is none of this home's business, or None."""
    record, own = one.record, messages.home_id(desk.home)
    found = _not_an_answer(desk, one, own) if side == "feedback" else _not_for_us(one, own)
    if found is None and one.keys and not any(k.home_id in (None, record.sender) for k in one.keys):
        return _("The sender {sender} is not the one of the key.").format(sender=record.sender)
    return found


def _not_an_answer(desk: Desk, one: Heard, own: str | None) -> str | None:
    """Why a message is no answer to a referral of this home."""
    record = one.record
    if record.home_id != own:
        return _("The referral is one of another home, {home}.").format(home=record.home_id)
    if isinstance(record, ReferralDocument):
        return _("A referral of this home is no answer.")
    row = desk.home.casework.conn.execute(
        "SELECT department FROM referral WHERE referral_no = ?", [record.referral_no]
    ).fetchone()
    if row is None:
        return _("This home has no referral {no}.").format(no=record.referral_no)
    if one.keys and row[0] not in {key.department for key in one.keys}:
        words = _("The referral is for {other}, and the key is of {own}.")
        return words.format(other=row[0], own=_departments(one))
    return None


def _not_for_us(one: Heard, own: str | None) -> str | None:
    """Why a message is none to a department that works in this home."""
    record = one.record
    if record.home_id == own:
        return _("The referral is one of this home itself.")
    if not any(key.department and key.home_id == record.home_id for key in one.keys):
        words = _("The key is not of the home {home} that dispatched it.")
        return words.format(home=record.home_id)
    if isinstance(record, ReferralDocument) and record.department not in {
        key.department for key in one.keys
    }:
        words = _("The referral is for {other}, and this home works for {own}.")
        return words.format(other=record.department, own=_departments(one))
    return None


def _departments(one: Heard) -> str:
    return ", ".join(key.department or _("this home") for key in one.keys)
