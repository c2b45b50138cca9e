"""Aid reduced or stopped: first the person is heard, then an officer decides, then it is written.

Under the rules of 2026 nobody's aid is reduced or stopped before a hearing is on record (SAL §48).
Acts are appended; a benefit gets its last month, and what is reduced goes on as a benefit of its
own number, so that what was paid until then stays as it was.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from msgspec import convert, structs

from yimen.core.casework.desk import Desk
from yimen.core.casework.handouts import case_of_benefit
from yimen.core.casework.months import is_month, month_after
from yimen.core.casework.offices import office_for
from yimen.core.casework.reasons import require_code
from yimen.core.casework.stop_reasons import STOP_CODES, THREE_REFUSALS
from yimen.core.errors import BadInput, IllegalMove, NotFound, Refused, StaleRevision
from yimen.core.i18n import _
from yimen.core.laws import law_text
from yimen.core.print_records import ChangeFile
from yimen.core.records import Benefit
from yimen.core.rules.catalogue import Catalogue
from yimen.core.spelling import plain_number
from yimen.core.store import cases
from yimen.core.store.benefits import insert_benefit

# From this day on the Social Assistance Law asks for the hearing.
HEARING_FROM = "2026-07-01"


def find_benefit(desk: Desk, benefit_no: str) -> Benefit:
    """The benefit granted here under this number; `NotFound` says where numbers stand."""
    row = next(
        desk.home.casework.query(
            "SELECT benefit_no, household_no, member_no, programme, department, amount_fen, per,"
            " from_month, to_month, referral_no FROM benefit WHERE benefit_no = ?"
            " AND withdrawn_on IS NULL",
            [plain_number(benefit_no)],
        ),
        None,
    )
    if row is None:
        raise NotFound(
            _("There is no benefit {no}.").format(no=benefit_no),
            next_step=_("`yimen feedback APPLICATION` shows those of an application."),
        )
    return convert(row, Benefit)


def show_benefit(desk: Desk, benefit_no: str) -> Benefit:
    """One benefit within the operator's place; the reading is journalled."""
    benefit = find_benefit(desk, benefit_no)
    division = cases.division_of_referral(desk.home.casework, benefit.referral_no)
    desk.require("household.show", division=division)
    desk.record_reading("benefit.show", benefit.benefit_no, {})
    return benefit


def hear(desk: Desk, benefit_no: str, *, on: date, note: str) -> Benefit:
    """Records that the person was heard, on which day and what they said."""
    benefit = _changeable(desk, benefit_no)
    if on > desk.home.clock.today():
        raise BadInput(
            _("A hearing cannot be recorded before it was held ({day}).").format(day=on),
            next_step=_("Give the day of the hearing."),
            field="on",
        )
    if not note.strip():
        raise BadInput(
            _("A hearing needs what was said."), next_step=_("Write it down with --note.")
        )
    with desk.home.writing():
        _append(desk, benefit, "heard", on.isoformat(), note=note)
    return benefit


def change(
    desk: Desk,
    benefit_no: str,
    *,
    reason_code: str | None,
    basis: str,
    from_month: str,
    amount_fen: int | None = None,
) -> Benefit:
    """Reduces aid to an amount from a month on, or stops it where no amount is given.

    `Refused` without a hearing where the rules ask for one; the month lies after this one, since
    what was paid is not taken back by a reduction.
    """
    benefit = _changeable(desk, benefit_no)
    code = require_code(reason_code, STOP_CODES)
    today = desk.home.clock.today()
    if not basis.strip():
        raise BadInput(_("A decision needs its legal basis."), next_step=_("Give --basis."))
    if not is_month(from_month) or from_month <= today.isoformat()[:7]:
        raise BadInput(
            _("'{month}' is not a coming month.").format(month=from_month[:20]),
            next_step=_("Write it as 2026-12, later than this month."),
            field="from",
        )
    if amount_fen is not None and not 0 < amount_fen < (benefit.amount_fen or 0):
        raise BadInput(
            _("A reduced amount lies between nothing and what is paid."),
            next_step=_("Give --amount in yuan, or leave it out to stop the aid."),
            field="amount",
        )
    if benefit.to_month and from_month > benefit.to_month:
        raise BadInput(
            _("Benefit {no} ends in {month} by itself.").format(
                no=benefit.benefit_no, month=benefit.to_month
            ),
            next_step=_("Give an earlier month."),
        )
    if code == THREE_REFUSALS and amount_fen is None and benefit.member_no is None:
        raise Refused(
            _("Refused work takes away that person's share alone [{law}].").format(
                law=law_text("DB2021 §34")
            ),
            next_step=_("Reduce the aid: give --amount, what the others receive."),
        )
    with desk.home.writing():
        if find_benefit(desk, benefit.benefit_no) != benefit:
            raise StaleRevision(
                _("Benefit {no} was changed by somebody else just now.").format(
                    no=benefit.benefit_no
                ),
                next_step=_("Look at it again: `yimen print change {no}`.").format(
                    no=benefit.benefit_no
                ),
            )
        if today.isoformat() >= HEARING_FROM and _newest(desk, benefit, "heard") is None:
            raise Refused(
                _("The person was not heard, which comes before any change of aid [{law}].").format(
                    law=law_text("SAL §48")
                ),
                next_step=_("Record the hearing: `yimen benefit hear {no}`.").format(
                    no=benefit.benefit_no
                ),
            )
        _append(
            desk, benefit, "stopped" if amount_fen is None else "reduced", today.isoformat(),
            reason_code=code, amount_fen=amount_fen, from_month=from_month, basis=basis,
        )  # fmt: skip
        desk.home.casework.conn.execute(
            "UPDATE benefit SET to_month = ? WHERE benefit_no = ?",
            [month_after(from_month, -1), benefit.benefit_no],
        )
        if amount_fen is not None:
            _go_on(desk, benefit, amount_fen, from_month)
    return find_benefit(desk, benefit_no)


def _go_on(desk: Desk, benefit: Benefit, amount_fen: int, from_month: str) -> None:
    """Writes the reduced aid as a benefit of its own, inside the caller's transaction."""
    db = desk.home.casework
    number = insert_benefit(
        db,
        desk.home.clock.today().year,
        structs.replace(benefit, amount_fen=amount_fen, from_month=from_month),
    )
    desk.record(
        db, "benefit.go_on", number, {"after": benefit.benefit_no, "amount_fen": amount_fen}
    )


def change_file(desk: Desk, catalogue: Catalogue, benefit_no: str) -> ChangeFile:
    """The newest reduction or stop of a benefit with its hearing; the reading is journalled."""
    benefit = find_benefit(desk, benefit_no)
    case = case_of_benefit(desk, catalogue, benefit, "change")
    made = _newest(desk, benefit, "reduced", "stopped")
    if made is None:
        raise NotFound(
            _("Benefit {no} was neither reduced nor stopped.").format(no=benefit.benefit_no),
            next_step=_("`yimen benefit change {no}` does it after a hearing.").format(
                no=benefit.benefit_no
            ),
        )
    heard = _newest(desk, benefit, "heard", before=made["id"])
    return ChangeFile(
        benefit=benefit,
        case=case,
        change=made["act"],
        reason_code=made["reason_code"],
        amount_fen=made["amount_fen"],
        from_month=made["from_month"],
        basis=made["basis"],
        decided_on=made["day"],
        heard_on=heard["day"] if heard else None,
        heard_note=heard["note"] if heard else "",
        department=office_for(desk, case.application.division, benefit.department),
    )


def _changeable(desk: Desk, benefit_no: str) -> Benefit:
    benefit = find_benefit(desk, benefit_no)
    division = cases.division_of_referral(desk.home.casework, benefit.referral_no)
    desk.require("benefit.change", division=division)
    if benefit.to_month and benefit.to_month < desk.home.clock.today().isoformat()[:7]:
        raise IllegalMove(
            _("Benefit {no} ended in {month}.").format(
                no=benefit.benefit_no, month=benefit.to_month
            ),
            next_step=_("Nothing is left to change."),
        )
    return benefit


def _newest(
    desk: Desk, benefit: Benefit, *acts: str, before: int | None = None
) -> dict[str, Any] | None:
    """The newest act of these kinds; a hearing serves one change and counts for no later one."""
    marks = ", ".join("?" * len(acts))
    rows = list(
        desk.home.casework.query(
            f"SELECT * FROM benefit_act WHERE benefit_no = ? AND act IN ({marks})"
            " AND id < ? ORDER BY id DESC LIMIT 1",
            [benefit.benefit_no, *acts, before if before is not None else 2**62],
        )
    )
    if not rows or "heard" not in acts:
        return rows[0] if rows else None
    changed = _newest(desk, benefit, "reduced", "stopped", before=before)
    return rows[0] if changed is None or rows[0]["id"] > changed["id"] else None


def _append(
    desk: Desk,
    benefit: Benefit,
    act: str,
    day: str,
    *,
    note: str = "",
    reason_code: str | None = None,
    amount_fen: int | None = None,
    from_month: str | None = None,
    basis: str | None = None,
) -> None:
    """Appends an act and its journal row inside the caller's transaction."""
    db = desk.home.casework
    db.conn.execute(
        "INSERT INTO benefit_act (benefit_no, act, day, reason_code, amount_fen, from_month, basis,"
        " note, recorded_by, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [benefit.benefit_no, act, day, reason_code, amount_fen, from_month, basis, note.strip(),
         desk.operator.operator_no, desk.home.clock.now()],
    )  # fmt: skip
    body = {"on": day, "reason": reason_code, "amount_fen": amount_fen, "from": from_month}
    desk.record(db, f"benefit.{act}", benefit.benefit_no, body)
