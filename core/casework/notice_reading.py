"""Reads public notices: how each stands today, which families are still on it, what it shows.

Nothing of that is stored: that a notice hangs too long, or shows a family that is gone, follows
from its acts, its families' matters and the day.
"""

from __future__ import annotations

import json

from yimen.core.casework.desk import Desk
from yimen.core.casework.offices import office_for
from yimen.core.divisions import scope_prefix
from yimen.core.errors import NotFound
from yimen.core.i18n import _
from yimen.core.print_records import Notice, NoticeEntry, NoticeLine, NoticeState
from yimen.core.spelling import plain_number
from yimen.core.store.notices import GONE


def notice_lines(desk: Desk, *, overdue: bool = False, kind: str | None = None) -> list[NoticeLine]:
    """The notices within the operator's scope, newest last; `overdue` are to be taken down."""
    desk.require("notice.read")
    prefix = scope_prefix(desk.operator.division)
    found = [
        line
        for line in lines_where(desk, "substr(division, 1, ?) = ?", [len(prefix), prefix])
        if (not overdue or line.state == "overdue") and kind in (None, line.kind)
    ]
    desk.record_reading("notice.list", "all", {"rows": len(found)})
    return found


def show_notice(desk: Desk, notice_no: str) -> Notice:
    """One notice with what it shows and its acts."""
    line = line_of(desk, notice_no)
    desk.require("notice.read", division=line.division)
    db = desk.home.casework
    acts = db.conn.execute(
        "SELECT act, day, note FROM notice_act WHERE notice_no = ? ORDER BY id", [line.notice_no]
    ).fetchall()
    return Notice(
        line=line,
        entries=entries_of(desk, line.notice_no),
        office=office_for(desk, line.division),
        acts=acts,
    )


def entries_of(desk: Desk, notice_no: str) -> list[NoticeEntry]:
    """The families of a notice in their order; one whose matter was taken back is gone."""
    rows = desk.home.casework.conn.execute(
        f"SELECT e.referral_no, e.shown, {GONE} FROM notice_entry e WHERE e.notice_no = ?"
        " ORDER BY e.id",
        [notice_no],
    ).fetchall()
    return [
        NoticeEntry(referral_no=no, shown=json.loads(shown), gone=bool(gone))
        for no, shown, gone in rows
    ]


def line_of(desk: Desk, notice_no: str) -> NoticeLine:
    """The line of one notice; `NotFound` names the listing."""
    found = lines_where(desk, "notice_no = ?", [plain_number(notice_no)])
    if not found:
        raise NotFound(
            _("There is no notice {no}.").format(no=notice_no),
            next_step=_("`yimen notice list` shows them."),
        )
    return found[0]


def lines_where(desk: Desk, where: str, values: list[object]) -> list[NoticeLine]:
    """The notices that a condition over the table `notice` picks, oldest first."""
    today = desk.home.clock.today().isoformat()
    rows = desk.home.casework.query(
        "SELECT notice_no, kind, application_no, referral_no, programme, division, posted_on,"
        " last_day, provisional, place,"
        f" (SELECT SUM(NOT {GONE}) FROM notice_entry e WHERE e.notice_no = n.notice_no)"
        f" AS families, (SELECT SUM({GONE}) FROM notice_entry e"
        " WHERE e.notice_no = n.notice_no) AS gone,"
        " (SELECT COUNT(*) FROM notice_act a WHERE a.notice_no = n.notice_no"
        " AND act = 'objected') AS objections,"
        " EXISTS (SELECT 1 FROM notice_act a WHERE a.notice_no = n.notice_no"
        f" AND act = 'taken_down') AS down FROM notice n WHERE {where} ORDER BY rowid",
        values,
    )
    found = []
    for row in rows:
        down = row.pop("down")
        state: NoticeState = "posted" if today <= row["last_day"] else "overdue"
        found.append(
            NoticeLine(
                **{**row, "provisional": bool(row["provisional"])},
                state="taken_down" if down else state,
            )
        )
    return found
