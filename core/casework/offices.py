"""Offices: the name, address, phone and hours that stand on paper, for each division and body.

What nobody set stays empty and prints as a blank to be filled by hand; nothing is made up here. A
division without a row of its own is served by the nearest one above it.
"""

from __future__ import annotations

from typing import Any

from yimen.core.casework.desk import Desk
from yimen.core.divisions import scope_prefix
from yimen.core.errors import BadInput, NotFound
from yimen.core.i18n import _
from yimen.core.print_records import Office
from yimen.core.rules.catalogue import Catalogue

FIELDS = ("name", "address", "phone", "hours", "review_body", "court")
# A sign of its own line would break a form; so long a text no line of one holds.
LONGEST = 120


def set_office(
    desk: Desk, catalogue: Catalogue, division: str, *, department: str = "", **fields: str | None
) -> Office:
    """Sets what is given of an office and keeps the rest; `fields` are those of FIELDS.

    `BadInput` for a text that is too long, `NotFound` for a department that is not installed.
    """
    desk.require("office.set", division=division)
    if department and department not in catalogue.departments:
        raise NotFound(
            _("There is no department {name}.").format(name=department),
            next_step=_("`yimen department list` shows them."),
        )
    given = {name: " ".join(text.split()) for name, text in fields.items() if text is not None}
    if not given:
        raise BadInput(
            _("Nothing was given to set."),
            next_step=_("Give --name, --address, --phone, --hours, --review-body or --court."),
        )
    for text in given.values():
        if len(text) > LONGEST:
            raise BadInput(
                _("The text is too long: {n} characters.").format(n=len(text)),
                next_step=_("Write at most {n}.").format(n=LONGEST),
            )
    db = desk.home.casework
    with desk.home.writing():
        before = _row(desk, division, department)
        values = {**(before or dict.fromkeys(FIELDS, "")), **given}
        db.conn.execute(
            "INSERT INTO office (division, department, name, address, phone, hours, review_body,"
            " court, set_by, set_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [division, department, *(values[name] for name in FIELDS),
             desk.operator.operator_no, desk.home.clock.now()],
        )  # fmt: skip
        desk.record(db, "office.set", f"{division} {department}".strip(), given)
    return Office(division=division, department=department, **values)


def offices(desk: Desk) -> list[Office]:
    """Every office as it stands, by division and department."""
    desk.require("office.read")
    rows = desk.home.casework.conn.execute(
        f"SELECT division, department, {', '.join(FIELDS)} FROM office WHERE id IN"
        " (SELECT MAX(id) FROM office GROUP BY division, department) ORDER BY division, department"
    ).fetchall()
    return [
        Office(division=row[0], department=row[1], **dict(zip(FIELDS, row[2:], strict=True)))
        for row in rows
    ]


def office_for(desk: Desk, division: str, department: str = "") -> Office:
    """The office that serves a division: its own, else the nearest above; empty when none is set.

    Who hears a review and a suit is asked of each level by itself, since counties set it once.
    """
    prefix = scope_prefix(division)
    found: Office | None = None
    for width in (12, 9, 6):
        if width > len(prefix) or (row := _row(desk, prefix[:width].ljust(12, "0"), department)) \
                is None:  # fmt: skip
            continue
        office = Office(division=prefix[:width].ljust(12, "0"), department=department, **row)
        if found is None:
            found = office
        else:
            remedies = {name: getattr(found, name) or getattr(office, name)
                        for name in ("review_body", "court")}  # fmt: skip
            found = _with(found, remedies)
    return found or Office(division=division, department=department)


def _with(office: Office, values: dict[str, str]) -> Office:
    from msgspec.structs import replace

    return replace(office, **values)


def _row(desk: Desk, division: str, department: str) -> dict[str, Any] | None:
    row = desk.home.casework.conn.execute(
        f"SELECT {', '.join(FIELDS)} FROM office WHERE division = ? AND department = ?"
        " ORDER BY id DESC LIMIT 1",
        [division, department],
    ).fetchone()
    return dict(zip(FIELDS, row, strict=True)) if row else None
