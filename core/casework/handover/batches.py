"""A batch of messages as a file: one signed line each, and a last line that says how many.

Written beside its place and then renamed, so that nobody ever reads half of one. Reading trusts
nothing: a line is believed only after its key, its signature, its shape and its home are right.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from yimen.core.casework.desk import Desk
from yimen.core.contracts import check_declaration
from yimen.core.errors import BadDeclaration, Refused
from yimen.core.handover_records import (
    BatchEnd,
    HandoverKey,
    HandoverRow,
    MoveMessage,
    ReferralDocument,
    RowResult,
)
from yimen.core.i18n import _
from yimen.core.signatures import SignedLine, Signer, read_line
from yimen.core.store import messages
from yimen.core.words.files import reason_of, unreadable

CONTRACT_OF_KIND = {"referral": "referral", "move": "referral-move", "end": "batch-end"}
_RECORD_OF_KIND: dict[str, type[Any]] = {
    "referral": ReferralDocument, "move": MoveMessage, "end": BatchEnd,
}  # fmt: skip
# Longer than any document of a household; a file without line ends must not fill the memory.
MAX_LINE = 1 << 20


class Heard(NamedTuple):
    """A message that was read and believed, with the row that it stood in.

    `keys` are the rows of its key that count today, one a department; empty for a plugin's message.
    """

    file: str
    row: int | None
    keys: Sequence[HandoverKey]
    payload: str
    record: ReferralDocument | MoveMessage

    @property
    def subject(self) -> messages.Subject:
        """The referral that it is about."""
        return messages.Subject(self.record.home_id, self.record.referral_no)

    def told(self, result: RowResult, detail: str) -> HandoverRow:
        """What became of it."""
        return HandoverRow(
            file=self.file,
            row=self.row,
            referral_no=self.record.referral_no,
            message_id=self.record.message_id,
            result=result,
            detail=detail,
        )


class Batch(NamedTuple):
    """One file: what can be believed, and the rows that cannot; `whole` if nothing was cut off."""

    heard: list[Heard]
    rows: list[HandoverRow]
    whole: bool


def new_batch_id(sender: str) -> str:
    """A name for a batch that no other has."""
    return f"{sender}:{secrets.token_hex(6)}"


def batch_lines(
    signer: Signer, payloads: Sequence[str], *, batch: str, sender: str, at: str
) -> list[str]:
    """The signed lines of a batch, its end included."""
    end = BatchEnd(kind="end", batch=batch, sender=sender, rows=len(payloads), made_at=at)
    closing = json.dumps(msgspec.to_builtins(end), sort_keys=True, separators=(",", ":"))
    return [signer.line(text.encode()) for text in [*payloads, closing]]


def write_beside(folder: Path, name: str, lines: Iterable[str]) -> Path:
    """Writes the lines to a hidden file (mode 0600) of the folder; `put_in_place` ends it."""
    path = folder / f".{name}.new"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w",
                       encoding="utf-8", newline="\n") as file:  # fmt: skip
            for line in lines:
                file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        # What hindered the writing may hinder this too; the reason is told either way.
        with suppress(OSError):
            path.unlink()
        raise Refused(
            _("The batch cannot be written: {reason}.").format(reason=reason_of(error)),
            where=str(folder),
            next_step=_("Name another folder with --to; nothing was marked as sent."),
        ) from None
    return path


def put_in_place(written: Path, name: str) -> Path:
    """Gives a written batch its name, for the other side to find."""
    target = written.with_name(name)
    written.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return target


def read_batch(desk: Desk, path: Path) -> Batch:
    """Reads a file row by row; a row that cannot be believed is told with its reason."""
    today = desk.home.clock.today()
    keys: dict[str, list[HandoverKey]] = {}
    for key in messages.keys(desk.home.casework):
        keys.setdefault(key.key_id, []).append(key)
    heard: list[Heard] = []
    rows: list[HandoverRow] = []
    end: tuple[int, BatchEnd] | None = None
    number = 0
    cut = distrusted = False
    for number, line in enumerate(_lines(path), 1):
        if not line.strip():
            continue
        cut, distrusted = not line.endswith("\n"), False
        signed = read_line(line) if len(line) <= MAX_LINE else None
        if signed is None:
            told = (
                _("The line is cut off; ask for the file again.")
                if cut
                else _("This is not a signed line.")
            )
            rows.append(_row(path, number, "cut_off" if cut else "unreadable", told))
            continue
        known = keys.get(signed.key_id, [])
        fault = _distrust(known, signed, today)
        if fault is not None:
            distrusted = True
            rows.append(_row(path, number, *fault))
            continue
        try:
            record = _record(signed.payload)
        except BadDeclaration as error:
            rows.append(_row(path, number, "unreadable", error.what))
            continue
        if isinstance(record, BatchEnd):
            end = (number, record)
        else:
            counting = [key for key in known if messages.holds_on(key, today)]
            heard.append(Heard(path.name, number, counting, signed.payload.decode(), record))
    expected = end[1].rows if end else None
    # A line sent twice does not stand for one that was lost.
    found = len({one.payload for one in heard}) + len(rows)
    whole = expected is not None and found >= expected
    # An end that is there and not believed has been told of already.
    if not whole and (end is not None or not distrusted):
        words = (
            _("The last line, which ends a batch, is missing after row {row}.").format(row=number)
            if expected is None
            else _("The batch had {n} rows, and {found} are here.").format(n=expected, found=found)
        )
        rows.append(_row(path, number + 1, "cut_off", words))
    return Batch(heard, rows, whole)


def _lines(path: Path) -> Iterable[str]:
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="\n") as file:
            while line := file.readline(MAX_LINE + 2):
                yield line
    except OSError as error:
        raise unreadable(path, error) from None


def _distrust(
    keys: Sequence[HandoverKey], signed: SignedLine, today: date
) -> tuple[RowResult, str] | None:
    """Why a line is not believed, or None."""
    if not keys:
        words = _("No side is known by the key {id}; add it with `yimen department key add`.")
        return "unknown_key", words.format(id=_shown(signed.key_id))
    key = keys[0]
    if not any(messages.holds_on(key, today) for key in keys):
        words = _("The key {id} counts from {first} to {last} only.")
        return "unknown_key", words.format(
            id=key.key_id, first=key.from_date, last=key.to_date or "..."
        )
    if not signed.signed_by(key.public_key):
        words = _("The signature is not that of key {id}; somebody changed the line.")
        return "bad_signature", words.format(id=key.key_id)
    return None


def _shown(key_id: str) -> str:
    return key_id[:16] if key_id[:16].isalnum() else "?"


def _record(payload: bytes) -> ReferralDocument | MoveMessage | BatchEnd:
    """The record in a payload; `BadDeclaration` says what breaks its contract."""
    try:
        item = json.loads(payload.decode("utf-8"))
    except (ValueError, RecursionError):
        raise BadDeclaration(_("The message is not JSON in UTF-8.")) from None
    return checked_record(item)


def checked_record(item: object) -> ReferralDocument | MoveMessage | BatchEnd:
    """The record of a message given as JSON; `BadDeclaration` says what breaks its contract."""
    kind = item.get("kind") if isinstance(item, dict) else None
    if not isinstance(kind, str) or kind not in CONTRACT_OF_KIND:
        raise BadDeclaration(
            _("The message is none of: {kinds}.").format(kinds=", ".join(CONTRACT_OF_KIND))
        )
    check_declaration(CONTRACT_OF_KIND[kind], item, str)
    try:
        record: ReferralDocument | MoveMessage | BatchEnd = msgspec.convert(
            item, _RECORD_OF_KIND[kind]
        )
    except msgspec.ValidationError as wrong:
        # JSON Schema takes 1.0 for a whole number.
        raise BadDeclaration(
            _("The message breaks its contract: {reason}.").format(reason=wrong)
        ) from None
    return record


def _row(path: Path, number: int, result: RowResult, detail: str) -> HandoverRow:
    return HandoverRow(
        file=path.name, row=number, referral_no=None, message_id=None, result=result, detail=detail
    )
