"""Reads and writes what was said between homes: keys, messages, and referrals taken from elsewhere.

Writing functions run inside the caller's transaction, together with the act that a message tells.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import date
from typing import TYPE_CHECKING, Literal, NamedTuple

from msgspec import convert

from yimen.core.handover_records import HandoverKey

if TYPE_CHECKING:
    from yimen.core.store.database import Database
    from yimen.core.store.home import Home

Direction = Literal["in", "out"]
_KEY = "key_id, department, home_id, public_key, from_date, to_date"


class Subject(NamedTuple):
    """A referral as both sides name it: the home that dispatched it, and its number there."""

    home_id: str
    origin_no: str


class Message(NamedTuple):
    """One message as it was kept; `state` is sent, applied, refused or waiting."""

    id: int
    direction: Direction
    home_id: str
    origin_no: str
    sequence: int | None
    message_id: str
    kind: str
    payload: str
    digest: str
    key_id: str | None
    state: str
    reason: str | None
    move_id: int | None

    @property
    def subject(self) -> Subject:
        """The referral that it is about."""
        return Subject(self.home_id, self.origin_no)


class Move(NamedTuple):
    """One row of a referral's history."""

    id: int
    referral_no: str
    verb: str | None
    at: str
    operator: str
    second: str | None
    reason_code: str | None
    note: str | None
    basis: str | None


class Taken(NamedTuple):
    """A referral that another home dispatched and that is worked here."""

    referral_no: str
    home_id: str
    origin_no: str
    origin_application: str


def home_id(home: Home) -> str | None:
    """This home's own name towards others, or None before its first key was made."""
    row = home.casework.conn.execute("SELECT value FROM home WHERE key = 'home_id'").fetchone()
    return str(row[0]) if row else None


def mint_home_id(db: Database, county: str) -> str:
    """Gives this home its name towards others, once and for good; call it in a transaction."""
    minted = f"{county[:6]}-{secrets.token_hex(6)}"
    db.conn.execute("INSERT OR IGNORE INTO home VALUES ('home_id', ?)", [minted])
    row = db.conn.execute("SELECT value FROM home WHERE key = 'home_id'").fetchone()
    return str(row[0])


def keys(db: Database, *, key_id: str | None = None) -> list[HandoverKey]:
    """All keys, own first, or those with this id: one row a department that it counts for."""
    rows = db.query(
        f"SELECT {_KEY} FROM handover_key WHERE :key_id IS NULL OR key_id = :key_id"
        " ORDER BY department IS NOT NULL, department, from_date, id",
        {"key_id": key_id},
    )
    return [convert(row, HandoverKey) for row in rows]


def insert_key(db: Database, key: HandoverKey, *, by: str, at: str) -> None:
    """Keeps a public key."""
    db.conn.execute(
        f"INSERT INTO handover_key ({_KEY}, added_by, added_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [key.key_id, key.department, key.home_id, key.public_key, key.from_date, key.to_date,
         by, at],
    )  # fmt: skip


def holds_on(key: HandoverKey, day: date) -> bool:
    """Whether a key counts on a day; both its days are included."""
    return key.from_date <= day.isoformat() <= (key.to_date or "9999-12-31")


def digest_of(payload: str) -> str:
    """The SHA-256 of a message's text, in hex."""
    return hashlib.sha256(payload.encode()).hexdigest()


_MESSAGE = (
    "id, direction, home_id, origin_no, sequence, message_id, kind, payload, digest, key_id, state,"
    " reason, move_id"
)


def messages(
    db: Database,
    subject: Subject,
    direction: Direction,
    *,
    state: str | None = None,
    message_id: str | None = None,
) -> list[Message]:
    """The messages about a referral in one direction, in sequence."""
    rows = db.conn.execute(
        f"SELECT {_MESSAGE} FROM message WHERE home_id = ? AND origin_no = ? AND direction = ?"
        " AND (? IS NULL OR state = ?) AND (? IS NULL OR message_id = ?)"
        " ORDER BY sequence, id",
        [*subject, direction, state, state, message_id, message_id],
    )
    return [Message(*row) for row in rows]


def next_sequence(db: Database, subject: Subject, direction: Direction) -> int:
    """The number of the next message about a referral; what waits does not count as heard."""
    last = db.conn.execute(
        "SELECT MAX(sequence) FROM message WHERE home_id = ? AND origin_no = ? AND direction = ?"
        " AND state <> 'waiting'",
        [*subject, direction],
    ).fetchone()[0]
    return int(last or 0) + 1


def keep(
    db: Database,
    message: Message,
    *,
    by: str,
    at: str,
    batch: str | None = None,
) -> None:
    """Keeps a message, or settles one that waited; its `id` is 0 when it is new."""
    if message.id:
        db.conn.execute(
            "UPDATE message SET state = ?, reason = ?, move_id = ? WHERE id = ?",
            [message.state, message.reason, message.move_id, message.id],
        )
        return
    db.conn.execute(
        f"INSERT INTO message ({_MESSAGE}, batch, kept_at, kept_by) VALUES ({', '.join('?' * 16)})",
        [None, *message[1:], batch, at, by],
    )


def last_move(db: Database, referral_no: str) -> int | None:
    """The newest row of a referral's history."""
    last: int | None = db.conn.execute(
        "SELECT MAX(id) FROM referral_move WHERE referral_no = ?", [referral_no]
    ).fetchone()[0]
    return last


def untold_moves(db: Database, referral_no: str) -> list[Move]:
    """The moves of a referral that neither came from the other side nor were told to it."""
    rows = db.conn.execute(
        "SELECT m.id, m.referral_no, m.verb, m.at, m.operator, m.second, m.reason_code, m.note,"
        " m.basis FROM referral_move m WHERE m.referral_no = ?"
        " AND NOT EXISTS (SELECT 1 FROM message WHERE move_id = m.id) ORDER BY m.id",
        [referral_no],
    )
    return [Move(*row) for row in rows]


def taken_referrals(db: Database) -> list[Taken]:
    """The referrals of other homes that are worked here, oldest first."""
    rows = db.conn.execute(
        "SELECT referral_no, home_id, origin_no, origin_application FROM taken_referral"
        " ORDER BY rowid"
    )
    return [Taken(*row) for row in rows]


def local_number(db: Database, subject: Subject) -> str | None:
    """The number under which another home's referral is worked here."""
    row = db.conn.execute(
        "SELECT referral_no FROM taken_referral WHERE home_id = ? AND origin_no = ?", [*subject]
    ).fetchone()
    return str(row[0]) if row else None


def origin_of(db: Database, referral_no: str) -> Subject | None:
    """The home and number of a referral that was taken from elsewhere, else None."""
    row = db.conn.execute(
        "SELECT home_id, origin_no FROM taken_referral WHERE referral_no = ?", [referral_no]
    ).fetchone()
    return Subject(*row) if row else None


def local_application(db: Database, home_id: str, origin_application: str) -> str | None:
    """The number under which another home's application is kept here."""
    row = db.conn.execute(
        "SELECT r.application_no FROM taken_referral t JOIN referral r USING (referral_no)"
        " WHERE t.home_id = ? AND t.origin_application = ? LIMIT 1",
        [home_id, origin_application],
    ).fetchone()
    return str(row[0]) if row else None


def mint_household(db: Database, key: str, today: str) -> str:
    """The number of a household known by this key here, minted if it has none."""
    db.conn.execute(
        "INSERT OR IGNORE INTO household (source_key, minted_on) VALUES (?, ?)", [key, today]
    )
    row = db.conn.execute(
        "SELECT household_id FROM household WHERE source_key = ?", [key]
    ).fetchone()
    return f"H{row[0]:07d}"


def mint_member(db: Database, identity: str, name: str, today: str) -> str:
    """The number of a person here: of the same ID number and name, else minted.

    A number that is known under another name gets a person of its own, as in the roster.
    """
    held = db.conn.execute("SELECT name FROM member WHERE identity = ?", [identity]).fetchone()
    own = identity if held is None or held[0] == name else f"{identity}|{name}"
    db.conn.execute(
        "INSERT OR IGNORE INTO member (identity, name, minted_on) VALUES (?, ?, ?)",
        [own, name, today],
    )
    row = db.conn.execute("SELECT member_id FROM member WHERE identity = ?", [own]).fetchone()
    return f"M{row[0]:07d}"


def departments_taken_for(home: Home) -> list[str]:
    """The departments that referrals taken from other homes are for."""
    rows = home.casework.conn.execute(
        "SELECT DISTINCT department FROM referral JOIN taken_referral USING (referral_no)"
        " ORDER BY department"
    )
    return [str(name) for (name,) in rows]
