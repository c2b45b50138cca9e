"""Doors: the OS accounts and ssh keys by which a session proves whose desk it may open.

Clerks share one OS account and differ by their ssh key alone. So where sshd wrote down the key that
a session came in with (`ExposeAuthInfo yes`), the key is who acts, and not the account behind it.
It must never believe a file that the session's own account or root did not write.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import pwd
import stat
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from yimen.core.casework.desk import Desk
from yimen.core.errors import BadFile, BadInput, NotFound, Refused
from yimen.core.i18n import _

if TYPE_CHECKING:
    from yimen.core.records import Operator
    from yimen.core.store.database import Database


def os_account() -> str:
    """The OS account that runs this process, from its user id and not from the environment."""
    uid = os.getuid()
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid{uid}"


def doors_of_session() -> list[str]:
    """By what this session may sit down, the surest first: its ssh key, then its OS account."""
    return [*_ssh_keys(), os_account()]


def fingerprint(line: str) -> str | None:
    """`SHA256:...` of the public key in a line, as `ssh-keygen -l` prints it; None for no key."""
    words = line.split()
    for kind, blob in pairwise(words):
        try:
            key = base64.b64decode(blob, validate=True)
        except (binascii.Error, ValueError):
            continue
        # The key repeats its own kind behind a length of four bytes (RFC 4253 §6.6).
        if key[4 : 4 + int.from_bytes(key[:4], "big")] == kind.encode():
            digest = base64.b64encode(hashlib.sha256(key).digest()).decode().rstrip("=")
            return f"SHA256:{digest}"
    return None


def read_public_key(path: Path) -> str:
    """The fingerprint of a file with one public key; `BadFile` for anything else."""
    from yimen.core.text_files import read_text

    found = {key for line in read_text(path).splitlines() if (key := fingerprint(line))}
    if len(found) != 1:
        raise BadFile(
            _("The file does not hold one public ssh key."),
            where=str(path),
            next_step=_("Give the clerk's `.pub` file; a private key stays with the clerk."),
        )
    return found.pop()


def refuse_taken_doors(db: Database, doors: Iterable[str]) -> None:
    """`BadInput` for an account or key that opens some operator's desk already."""
    for door in doors:
        taken = db.conn.execute(
            "SELECT operator_no FROM operator_account WHERE account = ?", [door]
        ).fetchone()
        if taken:
            raise BadInput(
                _("The OS account {account} belongs to operator {no}.").format(
                    account=door, no=taken[0]
                )
                if not door.startswith("SHA256:")
                else _("The ssh key {key} belongs to operator {no}.").format(key=door, no=taken[0]),
                next_step=_("One account or key is one operator: `yimen operator close` frees it."),
            )


def open_doors(desk: Desk, operator_no: str, doors: list[str]) -> Operator:
    """Lets OS accounts and ssh keys sit down as an operator."""
    from yimen.core.casework.operators import find

    desk.require("operator.manage")
    operator = find(desk.home.casework, operator_no)
    desk.require("operator.manage", division=operator.division)
    doors = list(dict.fromkeys(doors))
    with desk.home.writing() as db:
        refuse_taken_doors(db, doors)
        for door in doors:
            db.conn.execute("INSERT INTO operator_account VALUES (?, ?)", [door, operator_no])
        desk.record(db, "operator.open", operator_no, {"accounts": doors})
    return find(desk.home.casework, operator_no)


def close_door(desk: Desk, door: str) -> str:
    """Shuts an account or key out, and returns whose it was; one's own stays open."""
    desk.require("operator.manage")
    if door == desk.account:
        raise Refused(
            _("This session came in by {account}; it cannot shut itself out.").format(account=door),
            next_step=_("Ask another operator of county IT."),
        )
    with desk.home.writing() as db:
        row = db.conn.execute(
            "SELECT operator_no FROM operator_account WHERE account = ?", [door]
        ).fetchone()
        if row is None:
            raise NotFound(
                _("No operator has the account or key {account}.").format(account=door),
                next_step=_("`yimen operator list` shows them."),
            )
        db.conn.execute("DELETE FROM operator_account WHERE account = ?", [door])
        desk.record(db, "operator.close", row[0], {"accounts": [door]})
    return str(row[0])


def _ssh_keys() -> list[str]:
    """The keys that sshd says this session came in with; none without `ExposeAuthInfo`."""
    named = os.environ.get("SSH_USER_AUTH")
    if not named:
        return []
    try:
        with open(named, encoding="utf-8", errors="replace") as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode) or about.st_uid not in (0, os.getuid()):
                return []
            lines = file.read(64_000).splitlines()
    except OSError:
        # Without the file the session is the account's, which may do less and never more.
        return []
    ways = [line.partition(" ") for line in lines]
    return [key for way, __, rest in ways if way == "publickey" and (key := fingerprint(rest))]
