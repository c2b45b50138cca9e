"""The hash-chained journal: every change and every reading of a personal file leaves one row.

A row is appended inside the transaction of the act it records, so that neither exists alone. It
must never hold a whole ID number: subjects are opaque numbers, and one that a person typed into a
free text is masked here.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import msgspec

from yimen.core.errors import BadJournal
from yimen.core.i18n import _
from yimen.core.identity import mask_ids_in
from yimen.core.records import JournalRow

if TYPE_CHECKING:
    from yimen.core.store.database import Database

GENESIS = "0" * 64
_COLUMNS = "seq, at, operator, account, action, subject, body, prev_hash, hash"
# Not inside a digest, which is hexadecimal and may hold as many digits in a row.
_DIGEST = re.compile(r"[0-9a-f]{64}")


def canonical(body: object) -> str:
    """JSON with sorted keys and no spaces, so that equal contents have equal bytes."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical_record(record: object) -> str:
    """The same bytes for a record, without building it once more as dictionaries."""
    return msgspec.json.encode(record, order="sorted").decode()


def link(prev_hash: str, fields: tuple[object, ...]) -> str:
    """SHA-256 over the previous hash and this row's fields, in hex."""
    return hashlib.sha256((prev_hash + canonical(fields)).encode()).hexdigest()


def _masked(value: object) -> object:
    """The value with every ID number in its texts masked."""
    if isinstance(value, str) and not _DIGEST.fullmatch(value):
        return mask_ids_in(value)
    if isinstance(value, Mapping):
        return {_masked(k): _masked(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_masked(v) for v in value]
    return value


def append(
    db: Database,
    *,
    at: str,
    operator: str,
    account: str,
    action: str,
    subject: str,
    body: Mapping[str, object],
) -> int:
    """Appends one row to the chain and returns its number; call it inside a transaction."""
    last = db.conn.execute("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    seq, prev_hash = (last[0] + 1, last[1]) if last else (1, GENESIS)
    fields = (seq, at, operator, account, action, _masked(subject), canonical(_masked(body)))
    db.conn.execute(
        f"INSERT INTO journal ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*fields, prev_hash, link(prev_hash, fields)),
    )
    return int(seq)


def rows(
    db: Database, *, subject: str | None = None, last: int | None = None
) -> Iterator[JournalRow]:
    """Journal rows, oldest first: all, those about a subject, or only the last n."""
    where, values = ("WHERE subject = ?", [subject]) if subject else ("", [])
    limit = f"ORDER BY seq DESC LIMIT {int(last)}" if last is not None else ""
    sql = f"SELECT {_COLUMNS} FROM (SELECT * FROM journal {where} {limit}) ORDER BY seq"
    for row in db.conn.execute(sql, values):
        yield JournalRow(
            seq=row[0], at=row[1], operator=row[2], account=row[3], action=row[4],
            subject=row[5], body=row[6], prev_hash=row[7], hash=row[8],
        )  # fmt: skip


def verify(db: Database) -> tuple[int, str]:
    """Walks the chain; returns (rows, head hash) or raises `BadJournal` at the first break."""
    expected_seq, prev_hash = 1, GENESIS
    chain = rows(db)
    while True:
        try:
            row = next(chain)
        except StopIteration:
            break
        except (TypeError, sqlite3.OperationalError):
            raise _broken(expected_seq, _("it cannot be read")) from None
        if not all(isinstance(v, str) for v in (row.at, row.operator, row.body, row.hash)):
            raise _broken(expected_seq, _("it cannot be read"))
        fields = (row.seq, row.at, row.operator, row.account, row.action, row.subject, row.body)
        if row.seq != expected_seq:
            raise _broken(expected_seq, _("row {seq} is missing").format(seq=expected_seq))
        if row.prev_hash != prev_hash:
            raise _broken(row.seq, _("it does not follow the row before it"))
        if row.hash != link(prev_hash, fields):
            raise _broken(row.seq, _("its contents were changed after it was written"))
        expected_seq, prev_hash = row.seq + 1, row.hash
    if expected_seq == 1:
        raise _broken(1, _("row {seq} is missing").format(seq=1))
    return expected_seq - 1, prev_hash


def _broken(seq: int, reason: str) -> BadJournal:
    return BadJournal(
        _("The journal is broken at row {seq}: {reason}.").format(seq=seq, reason=reason),
        next_step=_("Keep this home as it is, and compare with the last backup."),
    )
