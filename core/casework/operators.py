"""Operators: who works here, under which OS account, with which roles and for which division.

It must never let an account act for an operator that IT did not give it.
"""

from __future__ import annotations

import json
import os
import pwd
from typing import TYPE_CHECKING

from yimen.core.casework.desk import Desk
from yimen.core.divisions import normalise_division
from yimen.core.errors import BadInput, NotFound, Refused
from yimen.core.i18n import _
from yimen.core.records import ROLES, Operator, Role

if TYPE_CHECKING:
    from sqlite_utils import Database

    from yimen.core.store.home import Home


def os_account() -> str:
    """The OS account that runs this process, from its user id and not from the environment."""
    uid = os.getuid()
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid{uid}"


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


def sit_down(home: Home, *, acting_as: str | None = None) -> Desk:
    """The desk of the OS account's operator, or with `acting_as` of another one (role it only)."""
    account = os_account()
    row = home.casework.conn.execute(
        "SELECT operator_no FROM operator_account WHERE account = ?", [account]
    ).fetchone()
    if row is None:
        raise Refused(
            _("The OS account {account} belongs to no operator of this home.").format(
                account=account
            ),
            where=str(home.path),
            next_step=_("Ask county IT for `yimen operator add ... --account {account}`.").format(
                account=account
            ),
        )
    own = Desk(home, find(home.casework, row[0]), account)
    if home.clock.moved_to is not None:
        own.record_reading("clock.moved", "home", {"today": home.clock.moved_to.isoformat()})
    if acting_as is None or acting_as == own.operator.operator_no:
        return own
    own.require("operator.impersonate")
    other = Desk(home, find(home.casework, acting_as), account)
    own.record_reading("operator.as", acting_as, {"by": own.operator.operator_no})
    return other


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
    db = desk.home.casework
    code = normalise_division(division, synthetic=desk.home.synthetic)
    with desk.home.writing():
        if db.conn.execute(
            "SELECT 1 FROM operator WHERE operator_no = ?", [operator_no]
        ).fetchone():
            raise BadInput(
                _("There is an operator {no} already.").format(no=operator_no),
                next_step=_("Choose another number."),
            )
        for account in accounts or []:
            taken = db.conn.execute(
                "SELECT operator_no FROM operator_account WHERE account = ?", [account]
            ).fetchone()
            if taken:
                raise BadInput(
                    _("The OS account {account} belongs to operator {no}.").format(
                        account=account, no=taken[0]
                    ),
                    next_step=_("One account is one operator."),
                )
        count = db.conn.execute("SELECT COUNT(DISTINCT person_no) FROM operator").fetchone()[0]
        operator = Operator(
            operator_no=operator_no,
            person_no=person_no or f"P{count + 1:04d}",
            name=name,
            roles=known,
            division=code,
            department=department,
            accounts=accounts or [],
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
                "accounts": accounts or [],
            },
        )
    return operator


def listing(desk: Desk) -> list[Operator]:
    """All operators; their names are public inside an office."""
    numbers = desk.home.casework.conn.execute("SELECT operator_no FROM operator ORDER BY rowid")
    return [find(desk.home.casework, no) for (no,) in numbers.fetchall()]
