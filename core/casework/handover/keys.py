"""The keys of the hand-over: this home's own, and those of the departments that answer it.

A private key never leaves the home's folder keys/. Several keys of one department may count on the
same day, so that one can follow another without a gap.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from msgspec.structs import replace

from yimen.core.casework.desk import Desk
from yimen.core.casework.soundness import Finding
from yimen.core.errors import BadInput, NotFound, Refused
from yimen.core.handover_records import HandoverKey
from yimen.core.i18n import _
from yimen.core.rules.catalogue import Catalogue
from yimen.core.signatures import (
    Signer,
    key_id_of,
    make_private_key,
    private_fault,
    read_public_key,
)
from yimen.core.store import messages

# A key's end is announced so long before it comes, since the other side must get the next one.
_NOTICE = timedelta(days=30)


def keys_folder(desk: Desk) -> Path:
    """Where this home's private keys lie."""
    return desk.home.path / "keys"


def make_key(
    desk: Desk, *, from_date: date | None = None, to_date: date | None = None
) -> HandoverKey:
    """Makes a key pair of this home, which counts from a day on (today); the first names the home.

    Earlier keys go on counting until they are ended.
    """
    desk.require("key.manage")
    first = from_date or desk.home.clock.today()
    _check_days(first, to_date)
    public = make_private_key(keys_folder(desk))
    key = HandoverKey(
        key_id=key_id_of(public),
        department=None,
        home_id=None,
        public_key=public,
        from_date=first.isoformat(),
        to_date=to_date.isoformat() if to_date else None,
    )
    with desk.home.writing() as db:
        home = messages.mint_home_id(db, desk.home.county)
        key = replace(key, home_id=home)
        _keep(desk, key, "key.make")
    return key


def add_key(
    desk: Desk,
    catalogue: Catalogue,
    path: Path,
    *,
    department: str,
    home_id: str | None = None,
    from_date: date | None = None,
    to_date: date | None = None,
) -> HandoverKey:
    """Takes the public key of a department's system, or of a home that sends referrals for it.

    `home_id` names that home or system where its file does not; a key without one signs answers
    only.
    """
    desk.require("key.manage")
    if department not in catalogue.departments:
        raise NotFound(
            _("There is no department {name}.").format(name=department),
            next_step=_("`yimen department list` shows them."),
        )
    public, said = read_public_key(path)
    if home_id and said and home_id != said:
        raise BadInput(
            _("The key's file names the home {said}, not {given}.").format(
                said=said, given=home_id
            ),
            where=str(path),
            next_step=_("Leave --home-id out, or give the file of that home."),
        )
    first = from_date or desk.home.clock.today()
    _check_days(first, to_date)
    key = HandoverKey(
        key_id=key_id_of(public),
        department=department,
        home_id=_checked_home(home_id or said),
        public_key=public,
        from_date=first.isoformat(),
        to_date=to_date.isoformat() if to_date else None,
    )
    with desk.home.writing() as db:
        held = messages.keys(db, key_id=key.key_id)
        if any(other.department in (None, department) for other in held):
            owner = department if held[0].department else _("this home")
            raise BadInput(
                _("The key {id} is known already, as one of {owner}.").format(
                    id=key.key_id, owner=owner
                ),
                where=str(path),
                next_step=_("`yimen department key list` shows it."),
            )
        _keep(desk, key, "key.add")
    return key


def end_key(desk: Desk, key_id: str, *, to_date: date) -> HandoverKey:
    """Lets a key count until a day, that day included; what it signed is refused afterwards."""
    desk.require("key.manage")
    with desk.home.writing() as db:
        held = messages.keys(db, key_id=key_id.lower())
        if not held:
            raise NotFound(
                _("There is no key {id}.").format(id=key_id),
                next_step=_("`yimen department key list` shows them."),
            )
        _check_days(date.fromisoformat(held[0].from_date), to_date)
        departments = [other.department for other in held if other.department]
        key = replace(held[0], to_date=to_date.isoformat())
        db.conn.execute(
            "UPDATE handover_key SET to_date = ? WHERE key_id = ?", [key.to_date, key.key_id]
        )
        desk.record(db, "key.end", key.key_id, {"departments": departments, "to": key.to_date})
    return key


def listed_keys(desk: Desk) -> list[HandoverKey]:
    """All keys, this home's own first; public keys are no secret."""
    desk.require("key.read")
    return messages.keys(desk.home.casework)


def own_home_id(desk: Desk) -> str:
    """This home's name towards others, given to it at the first use."""
    known = messages.home_id(desk.home)
    if known is not None:
        return known
    with desk.home.writing() as db:
        minted = messages.mint_home_id(db, desk.home.county)
        desk.record(db, "home.name", "home", {"home_id": minted})
    return minted


def own_key(desk: Desk) -> HandoverKey:
    """This home's newest key that counts today; `Refused` says how to make one."""
    today = desk.home.clock.today()
    held = [
        key
        for key in messages.keys(desk.home.casework)
        if key.department is None and messages.holds_on(key, today)
    ]
    if not held:
        raise Refused(
            _("This home has no key to sign with."),
            next_step=_("County IT makes one: `yimen department key make`."),
        )
    # They come in the order of their first days, and of a day in the order of their making.
    return held[-1]


def public_text(key: HandoverKey) -> str:
    """The file that the other side adds: whose key it is, then the key in PEM."""
    return f"Yimen-Home: {key.home_id}\nYimen-Key: {key.key_id}\n{key.public_key}"


def signer(desk: Desk) -> Signer:
    """What signs this home's messages today."""
    return Signer(keys_folder(desk), own_key(desk).key_id)


def key_findings(desk: Desk) -> Iterator[Finding]:
    """What `yimen doctor` says of the keys: private files, and keys that end soon."""
    today = desk.home.clock.today()
    for key in messages.keys(desk.home.casework):
        if not messages.holds_on(key, today):
            continue
        name = f"key {key.key_id}"
        if key.department is None and (fault := private_fault(keys_folder(desk), key.key_id)):
            yield Finding(level="fault", check=name, detail=fault)
        elif key.to_date and date.fromisoformat(key.to_date) - today <= _NOTICE:
            detail = _("ends on {day}; its successor must be known by then").format(day=key.to_date)
            yield Finding(level="warning", check=name, detail=detail)
        else:
            whose = key.department or _("this home")
            yield Finding(level="ok", check=name, detail=_("of {owner}").format(owner=whose))


def _keep(desk: Desk, key: HandoverKey, action: str) -> None:
    """Writes a key and its journal row, inside the caller's transaction."""
    db, clock = desk.home.casework, desk.home.clock
    messages.insert_key(db, key, by=desk.operator.operator_no, at=clock.now())
    desk.record(
        db,
        action,
        key.key_id,
        {"department": key.department, "home": key.home_id, "from": key.from_date,
         "to": key.to_date},
    )  # fmt: skip


def _check_days(first: date, last: date | None) -> None:
    if last is not None and last < first:
        raise BadInput(
            _("The last day lies before the first."), next_step=_("Check --from and --to.")
        )


def _checked_home(home_id: str | None) -> str | None:
    import re

    if home_id is not None and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}", home_id):
        raise BadInput(
            _("'{id}' cannot name a home.").format(id=home_id[:64]),
            next_step=_("The other side's `yimen department key show` names it."),
        )
    return home_id
