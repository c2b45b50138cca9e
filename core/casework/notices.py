"""Public notices 公示: put up, objected to, taken down; each act is appended, nothing is rewritten.

What a notice shows is frozen when it is put up, and holds only the fields of its kind; it never
decides anything. That it still hangs after its last day is computed whenever it is shown.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from yimen.core.casework.desk import Desk
from yimen.core.casework.notice_kinds import NoticeKind, notice_kind, require_posting
from yimen.core.casework.offices import office_for
from yimen.core.casework.papers import is_minor
from yimen.core.casework.referral.finding import find_referral
from yimen.core.divisions import scope_prefix
from yimen.core.errors import BadInput, IllegalMove, NotFound, Refused
from yimen.core.i18n import _
from yimen.core.identity import mask_name
from yimen.core.print_records import Notice, NoticeAct, NoticeLine, NoticeState
from yimen.core.referral_records import Referral
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.inputs import standards_on
from yimen.core.spelling import plain_number
from yimen.core.store import cases
from yimen.core.store.journal import canonical
from yimen.core.words import state_name
from yimen.core.workdays import Deadline, Unit

# Fields that no record holds and the officer says in a code, so that nothing else slips in.
CODED: dict[str, tuple[str, ...]] = {
    "care_form": ("home", "institution"),
    "cause_class": ("illness", "accident", "schooling", "living", "other"),
}
DAY_TYPE = "civil.notice_day_type"
_STAGES: dict[str, tuple[str, ...]] = {
    "proposed": ("accepted", "in_progress", "suspended", "fed_back"),
    "granted": ("fed_back", "completed"),
    "ending": ("completed",),
}
# So long a class of a school is; more may be a sentence about the child.
_LONGEST_CLASS = 20


def post(
    desk: Desk,
    catalogue: Catalogue,
    kind_name: str,
    referral_no: str,
    *,
    place: str,
    care_form: str | None = None,
    cause_class: str | None = None,
    school_class: str | None = None,
) -> NoticeLine:
    """Puts a notice up today for one referral; its last day is computed.

    `Refused` for what the law does not post and for a second one while one hangs; `BadInput` where
    a field of the kind that no record holds was not given.
    """
    kind = notice_kind(kind_name)
    referral = find_referral(desk, referral_no)
    db = desk.home.casework
    division = cases.division_of_referral(db, referral.referral_no)
    desk.require("notice.post", division=division)
    require_posting(referral.programme, kind)
    _require_stage(kind, referral)
    if not place.strip():
        raise BadInput(_("A notice needs its place."), next_step=_("Say with --place where."))
    said = {"care_form": care_form, "cause_class": cause_class, "school_class": school_class}
    shown = _shown(desk, kind, referral, division, said)
    today = desk.home.clock.today()
    last = last_day(desk, catalogue, kind, today)
    with desk.home.writing():
        for line in _lines(desk, "referral_no = ? AND kind = ?", [referral.referral_no, kind.kind]):
            if line.state != "taken_down":
                raise Refused(
                    _("Notice {no} of this kind hangs already.").format(no=line.notice_no),
                    next_step=_("Take it down first: `yimen notice take-down {no}`.").format(
                        no=line.notice_no
                    ),
                )
        number = cases.next_number(db, "notice", "notice_no", "N", today.year)
        db.conn.execute(
            "INSERT INTO notice (notice_no, kind, application_no, referral_no, programme, division,"
            " posted_on, last_day, provisional, place, shown, posted_by, posted_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [number, kind.kind, referral.application_no, referral.referral_no, referral.programme,
             division, today.isoformat(), last.due.isoformat(), int(last.provisional),
             place.strip(), canonical(shown), desk.operator.operator_no, desk.home.clock.now()],
        )  # fmt: skip
        desk.record(
            db, "notice.post", number,
            {"kind": kind.kind, "referral": referral.referral_no, "until": last.due.isoformat()},
        )  # fmt: skip
    return _line(desk, number)


def _require_stage(kind: NoticeKind, referral: Referral) -> None:
    granted = referral.decision is not None and referral.decision.outcome == "granted"
    if referral.state in _STAGES[kind.stage] and (kind.stage == "proposed" or granted):
        return
    reason = {
        "proposed": _("a notice of what is proposed comes after the matter was taken on"),
        "granted": _("only what was granted is published"),
        "ending": _("only aid that was granted can end"),
    }[kind.stage]
    raise IllegalMove(
        _("Referral {no} is {state}: {reason}.").format(
            no=referral.referral_no, state=state_name(referral.state), reason=reason
        ),
        next_step=_("`yimen referral show {no}` shows where it stands.").format(
            no=referral.referral_no
        ),
    )


def _shown(
    desk: Desk,
    kind: NoticeKind,
    referral: Referral,
    division: str,
    said: Mapping[str, str | None],
) -> dict[str, str]:
    """What the notice shows, field by field of its kind; a minor's name is never shown whole."""
    amount = referral.proposal.get("amount_fen")
    if referral.decision is not None and referral.decision.amount_fen is not None:
        amount = referral.decision.amount_fen
    members = cases.composition(desk.home.casework, referral.application_no)
    person = _person(desk, referral, members)
    whole = kind.name == "full" and not is_minor(desk, person["birth_date"])
    known = {
        "programme": referral.programme,
        "applicant": person["name"] if whole else mask_name(person["name"]),
        "village": division,
        "member_count": str(sum(m["counted"] != 0 for m in members)),
        "result": kind.stage,
        "amount": "" if amount is None else str(amount),
        "per": str(referral.proposal.get("per") or ""),
    }
    shown = {name: known[name] for name in kind.show if name in known}
    if "amount" in shown:
        shown["per"] = known["per"]
    for name, value in said.items():
        if name in kind.show:
            shown[name] = _said(name, value)
        elif value is not None:
            raise BadInput(
                _("The notice {kind} does not show this: {field}.").format(
                    kind=kind.kind, field=name
                ),
                next_step=_("Leave it out."),
            )
    return shown


def _said(name: str, value: str | None) -> str:
    codes = CODED.get(name)
    text = " ".join((value or "").split())
    if codes is not None and text not in codes:
        raise BadInput(
            _("This notice shows {field}.").format(field=name),
            next_step=_("Choose from: {codes}.").format(codes=", ".join(codes)),
        )
    if codes is None and (not text or len(text) > _LONGEST_CLASS):
        raise BadInput(
            _("This notice shows {field}.").format(field=name),
            next_step=_("Give it in at most {n} characters.").format(n=_LONGEST_CLASS),
        )
    return text


def _person(desk: Desk, referral: Referral, members: list[dict[str, Any]]) -> dict[str, Any]:
    """The member a referral is about, else the applicant."""
    (application,) = cases.applications(desk.home.casework, application_no=referral.application_no)
    wanted = referral.member_no or application.applicant
    return next(m for m in members if m["member_no"] == wanted)


def last_day(desk: Desk, catalogue: Catalogue, kind: NoticeKind, start: date) -> Deadline:
    """The last day a notice hangs; the county's standards say in which days and if it rolls over.

    Seven days are calendar days in the texts (DB2021 §19, TK2021 §15); some counties print working
    days, and the roll-over of Civil Code §203 can be switched off for notices.
    """
    period = kind.period
    if period is None or period.unit == "H":
        raise ValueError(f"the notice {kind.kind} has no period in days")
    unit: Unit = period.unit
    names = [DAY_TYPE] if DAY_TYPE in catalogue.standards else []
    own = next(iter(standards_on(desk.home, catalogue, names, start).values()), None)
    if unit == "CD" and own is not None and own.value == "WD":
        unit = "WD"
    fixed = own is not None and own.value == "CD_FIXED"
    return desk.calendar.add(start, period.n, unit, roll_over=not fixed)


def object_to(desk: Desk, notice_no: str, *, note: str) -> NoticeLine:
    """Records an objection against a notice that hangs."""
    line = _open_line(desk, notice_no)
    if not note.strip():
        raise BadInput(_("An objection needs its words."), next_step=_("Give them with --note."))
    return _append(desk, line, "objected", note)


def take_down(desk: Desk, notice_no: str, *, note: str = "") -> NoticeLine:
    """Records that a notice was taken down; before its last day that needs a reason."""
    line = _open_line(desk, notice_no)
    if desk.home.clock.today().isoformat() < line.last_day and not note.strip():
        raise BadInput(
            _("Notice {no} hangs until {day}.").format(no=line.notice_no, day=line.last_day),
            next_step=_("Say with --note why it is taken down before."),
        )
    return _append(desk, line, "taken_down", note)


def _open_line(desk: Desk, notice_no: str) -> NoticeLine:
    line = _line(desk, notice_no)
    desk.require("notice.post", division=line.division)
    if line.state == "taken_down":
        raise IllegalMove(
            _("Notice {no} was taken down.").format(no=line.notice_no),
            next_step=_("Put up a new one: `yimen notice post`."),
        )
    return line


def _append(desk: Desk, line: NoticeLine, act: NoticeAct, note: str) -> NoticeLine:
    today = desk.home.clock.today().isoformat()
    with desk.home.writing() as db:
        if act == "taken_down" and _line(desk, line.notice_no).state == "taken_down":
            raise IllegalMove(
                _("Notice {no} was taken down.").format(no=line.notice_no),
                next_step=_("Put up a new one: `yimen notice post`."),
            )
        db.conn.execute(
            "INSERT INTO notice_act (notice_no, act, day, note, recorded_by, recorded_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [line.notice_no, act, today, note.strip(), desk.operator.operator_no,
             desk.home.clock.now()],
        )  # fmt: skip
        desk.record(db, f"notice.{act}", line.notice_no, {"on": today})
    return _line(desk, line.notice_no)


def notice_lines(desk: Desk, *, overdue: bool = False, kind: str | None = None) -> list[NoticeLine]:
    """The notices within the operator's scope, newest last; `overdue` are to be taken down."""
    desk.require("notice.read")
    prefix = scope_prefix(desk.operator.division)
    found = [
        line
        for line in _lines(desk, "substr(division, 1, ?) = ?", [len(prefix), prefix])
        if (not overdue or line.state == "overdue") and kind in (None, line.kind)
    ]
    desk.record_reading("notice.list", "all", {"rows": len(found)})
    return found


def show_notice(desk: Desk, notice_no: str) -> Notice:
    """One notice with what it shows and its acts."""
    line = _line(desk, notice_no)
    desk.require("notice.read", division=line.division)
    db = desk.home.casework
    shown = db.conn.execute(
        "SELECT shown FROM notice WHERE notice_no = ?", [line.notice_no]
    ).fetchone()[0]
    acts = db.conn.execute(
        "SELECT act, day, note FROM notice_act WHERE notice_no = ? ORDER BY id", [line.notice_no]
    ).fetchall()
    return Notice(
        line=line,
        shown=json.loads(shown),
        office=office_for(desk, line.division),
        acts=acts,
    )


def _line(desk: Desk, notice_no: str) -> NoticeLine:
    found = _lines(desk, "notice_no = ?", [plain_number(notice_no)])
    if not found:
        raise NotFound(
            _("There is no notice {no}.").format(no=notice_no),
            next_step=_("`yimen notice list` shows them."),
        )
    return found[0]


def _lines(desk: Desk, where: str, values: list[object]) -> list[NoticeLine]:
    today = desk.home.clock.today().isoformat()
    rows = desk.home.casework.query(
        "SELECT notice_no, kind, application_no, referral_no, programme, division, posted_on,"
        " last_day, provisional, place,"
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
