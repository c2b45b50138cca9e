"""Operators: who works here, by which account or key, with which roles and for which division.

It must never let an account or a key act for an operator that IT did not give it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from itertools import count
from typing import TYPE_CHECKING

from yimen.core.casework.desk import Desk
from yimen.core.casework.doors import doors_of_session, os_account, refuse_taken_doors
from yimen.core.divisions import covers, division_name, normalise_division
from yimen.core.errors import BadInput, NotFound, Refused
from yimen.core.i18n import _
from yimen.core.identity import mask_id
from yimen.core.records import ROLES, Operator, Role
from yimen.core.spelling import is_blank

_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
_ID_NUMBER = re.compile(r"[0-9]{17}[0-9Xx]|[0-9]{15}")

if TYPE_CHECKING:
    from yimen.core.store.database import Database
    from yimen.core.store.home import Home


def find(db: Database, operator_no: str) -> Operator:
    """The operator with this number; `NotFound` names the listing."""
    row = db.conn.execute(
        "SELECT operator_no, person_no, name, roles, division, department FROM operator"
        " WHERE operator_no = ?",
        [operator_no],
    ).fetchone()
    if row is None:
        raise NotFound(
            _("There is no operator {no}.").format(no=operator_no),
            next_step=_("`yimen operator list` shows them."),
        )
    accounts = db.conn.execute(
        "SELECT account FROM operator_account WHERE operator_no = ? ORDER BY account", [operator_no]
    )
    return Operator(
        operator_no=row[0], person_no=row[1], name=row[2], roles=json.loads(row[3]),
        division=row[4], department=row[5], accounts=[a for (a,) in accounts],
    )  # fmt: skip


def operator_names(db: Database) -> dict[str, str]:
    """operator_no -> what its operator is called, for lists that name who did what."""
    return dict(db.conn.execute("SELECT operator_no, name FROM operator").fetchall())


def sit_down(home: Home, *, acting_as: str | None = None) -> Desk:
    """The desk of whoever the session's ssh key or OS account belongs to.

    With `acting_as` it is another operator's desk (role it only), at which the one who really sits
    there is remembered: outside a synthetic home they look and decide nothing.
    """
    own = _own_desk(home)
    if home.clock.moved_to is not None:
        own.record_reading("clock.moved", "home", {"today": home.clock.moved_to.isoformat()})
    if acting_as is None or acting_as == own.operator.operator_no:
        return own
    own.require("operator.impersonate")
    other = Desk(home, find(home.casework, acting_as), own.account, sitting=own.operator)
    own.record_reading("operator.as", acting_as, {"by": own.operator.operator_no})
    return other


def _own_desk(home: Home) -> Desk:
    for door in doors_of_session():
        row = home.casework.conn.execute(
            "SELECT operator_no FROM operator_account WHERE account = ?", [door]
        ).fetchone()
        if row is not None:
            return Desk(home, find(home.casework, row[0]), door)
    account = os_account()
    raise Refused(
        _("The OS account {account} belongs to no operator of this home.").format(account=account),
        where=str(home.path),
        next_step=_("Ask county IT for `yimen operator add ... --account {account}`.").format(
            account=account
        ),
    )


def first_operator(db: Database, county: str) -> Operator:
    """Writes the operator of the account that makes a home: roles county and it."""
    account = os_account()
    operator = Operator(
        operator_no="admin",
        person_no="P0001",
        name=account,
        roles=["county", "it"],
        division=county,
        accounts=[account],
    )
    insert(db, operator)
    return operator


def insert(db: Database, operator: Operator) -> None:
    """Writes one operator and its accounts inside the caller's transaction."""
    db.conn.execute(
        "INSERT INTO operator (operator_no, person_no, name, roles, division, department)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        [operator.operator_no, operator.person_no, operator.name, json.dumps(operator.roles),
         operator.division, operator.department],
    )  # fmt: skip
    for account in operator.accounts:
        db.conn.execute(
            "INSERT INTO operator_account VALUES (?, ?)", [account, operator.operator_no]
        )


def add(
    desk: Desk,
    *,
    operator_no: str,
    name: str,
    roles: list[str],
    division: str,
    department: str | None = None,
    person_no: str | None = None,
    accounts: list[str] | None = None,
) -> Operator:
    """Adds an operator; a department role needs its department, any other role has none."""
    desk.require("operator.manage")
    known: list[Role] = [r for r in ROLES if r in roles]
    if not roles or len(known) != len(set(roles)):
        raise BadInput(
            _("'{roles}' is not a list of roles.").format(roles=", ".join(roles)),
            next_step=_("Roles are: {roles}.").format(roles=", ".join(ROLES)),
        )
    if ("department" in known) != (department is not None):
        raise BadInput(
            _("The role department and the option --department go together."),
            next_step=_("Give both or neither."),
        )
    if not _NUMBER.fullmatch(operator_no) or _ID_NUMBER.fullmatch(operator_no):
        raise BadInput(
            _("'{no}' is not an operator's number.").format(no=mask_id(operator_no)),
            next_step=_("Use at most 32 letters, digits, - and _, and no ID number."),
        )
    if is_blank(name):
        raise BadInput(
            _("A text is missing."), where="--name", next_step=_("Say it in a few words.")
        )
    db, accounts = desk.home.casework, list(dict.fromkeys(accounts or []))
    code = normalise_division(division, synthetic=desk.home.synthetic)
    desk.require("operator.manage", division=code)
    if code == desk.home.county and {"town", "village"} & set(known):
        raise BadInput(
            _("A town's or village's operator needs a division of its own."),
            next_step=_("Give --division with the code of the town or village."),
        )
    if not covers(desk.home.county, code):
        raise BadInput(
            _("{place} is not a part of this home's county.").format(place=division_name(code)),
            next_step=_("Give the county, or a town or village in it."),
        )
    with desk.home.writing():
        if db.conn.execute(
            "SELECT 1 FROM operator WHERE operator_no = ?", [operator_no]
        ).fetchone():
            raise BadInput(
                _("There is an operator {no} already.").format(no=operator_no),
                next_step=_("Choose another number."),
            )
        refuse_taken_doors(db, accounts)
        persons = {p for (p,) in db.conn.execute("SELECT person_no FROM operator")}
        if person_no is not None and person_no not in persons:
            raise NotFound(
                _("There is no operator of the person {no}.").format(no=person_no),
                next_step=_("`yimen operator list` shows the persons; leave --person out."),
            )
        operator = Operator(
            operator_no=operator_no,
            person_no=person_no or _next_person(persons),
            name=name,
            roles=known,
            division=code,
            department=department,
            accounts=accounts,
        )
        insert(db, operator)
        desk.record(
            db,
            "operator.add",
            operator_no,
            {
                "roles": known,
                "division": code,
                "department": department,
                "accounts": accounts,
            },
        )
    return operator


def _next_person(persons: Collection[str]) -> str:
    """A person's number that nobody has."""
    return next(no for n in count(1) if (no := f"P{n:04d}") not in persons)


def listing(desk: Desk) -> list[Operator]:
    """All operators; their names are public inside an office."""
    numbers = desk.home.casework.conn.execute("SELECT operator_no FROM operator ORDER BY rowid")
    return [find(desk.home.casework, no) for (no,) in numbers.fetchall()]
