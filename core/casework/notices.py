"""Public notices 公示: put up, objected to, taken down; each act is appended, nothing is rewritten.

A notice is a list of one family or of several of a town, alike in kind and term. What it shows is
frozen when it is put up, and holds only the fields of its kind; it never decides anything. That it
still hangs after its last day, or shows a family that is gone, is computed whenever it is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from yimen.core.casework.desk import Desk
from yimen.core.casework.notice_fields import shown_of
from yimen.core.casework.notice_kinds import NoticeKind, notice_kind, require_posting
from yimen.core.casework.notice_reading import entries_of, line_of, lines_where
from yimen.core.casework.referral.finding import find_referral
from yimen.core.errors import BadInput, IllegalMove, NotFound, Refused
from yimen.core.i18n import _
from yimen.core.print_records import NoticeAct, NoticeLine
from yimen.core.records import Value
from yimen.core.referral_records import Referral
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.inputs import standards_on
from yimen.core.spelling import plain_number
from yimen.core.store import cases
from yimen.core.store.journal import canonical
from yimen.core.words.cases import state_name
from yimen.core.workdays import Deadline, Unit

DAY_TYPE = "civil.notice_day_type"
Said = TypeVar("Said")
_STAGES: dict[str, tuple[str, ...]] = {
    "proposed": ("accepted", "in_progress", "suspended", "fed_back"),
    "granted": ("fed_back", "completed"),
    "ending": ("completed",),
}


def post(
    desk: Desk,
    catalogue: Catalogue,
    kind_name: str,
    referral_nos: Sequence[str],
    *,
    place: str,
    care_form: Sequence[str] = (),
    cause_class: Sequence[str] = (),
    school_class: Sequence[str] = (),
    amount_fen: Sequence[int] = (),
) -> NoticeLine:
    """Puts a notice up today for one referral, or for several as one list, up to its last day.

    What no record holds is said once for all of them, or once for each in their order. `Refused`
    for what the law does not post, for families of several towns, and for a family of which a
    notice of the kind hangs; `BadInput` where a field of the kind was not given. `amount_fen` is
    what the opinion proposes where no rule computes it. Nothing is put up unless all of it can be.
    """
    kind = notice_kind(kind_name)
    db = desk.home.casework
    referrals = [find_referral(desk, no) for no in referral_nos]
    numbers = [referral.referral_no for referral in referrals]
    if not numbers or len(set(numbers)) < len(numbers):
        raise BadInput(
            _("A list names each family once."), next_step=_("Give each referral's number once.")
        )
    divisions = [cases.division_of_referral(db, no) for no in numbers]
    for division in divisions:
        desk.require("notice.post", division=division)
    for referral in referrals:
        require_posting(referral.programme, kind)
        _require_stage(kind, referral)
    if not place.strip():
        raise BadInput(_("A notice needs its place."), next_step=_("Say with --place where."))
    said = {
        "care_form": _each(care_form, len(numbers)),
        "cause_class": _each(cause_class, len(numbers)),
        "school_class": _each(school_class, len(numbers)),
    }
    amounts = _each(amount_fen, len(numbers))
    shown = [
        shown_of(
            desk,
            kind,
            referral,
            division,
            {name: values[n] for name, values in said.items()},
            amounts[n],
        )
        for n, (referral, division) in enumerate(zip(referrals, divisions, strict=True))
    ]
    common = _common_division(divisions)
    today = desk.home.clock.today()
    last = last_day(desk, catalogue, kind, today)
    with desk.home.writing():
        _refuse_a_second(desk, kind, numbers)
        number = cases.next_number(db, "notice", "notice_no", "N", today.year)
        first = referrals[0]
        db.conn.execute(
            "INSERT INTO notice (notice_no, kind, application_no, referral_no, programme, division,"
            " posted_on, last_day, provisional, place, shown, posted_by, posted_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [number, kind.kind, first.application_no, first.referral_no, first.programme,
             common, today.isoformat(), last.due.isoformat(), int(last.provisional),
             place.strip(), canonical(shown[0]), desk.operator.operator_no,
             desk.home.clock.now()],
        )  # fmt: skip
        db.conn.executemany(
            "INSERT INTO notice_entry (notice_no, application_no, referral_no, programme, division,"
            " shown) VALUES (?, ?, ?, ?, ?, ?)",
            [
                (number, r.application_no, r.referral_no, r.programme, division, canonical(fields))
                for r, division, fields in zip(referrals, divisions, shown, strict=True)
            ],
        )
        body = {"kind": kind.kind, "referrals": numbers, "until": last.due.isoformat()}
        desk.record(db, "notice.post", number, body)
    return line_of(desk, number)


def _each(values: Sequence[Said], families: int) -> list[Said | None]:
    """What was said for each family: nothing, one thing for all, or one for each."""
    if len(values) in (0, 1):
        return [values[0] if values else None] * families
    if len(values) != families:
        raise BadInput(
            _("{n} families, and {given} values.").format(n=families, given=len(values)),
            next_step=_("Say it once for all, or once for each in their order."),
        )
    return list(values)


def _common_division(divisions: Sequence[str]) -> str:
    """The village of all families, else their town."""
    if len(set(divisions)) == 1:
        return divisions[0]
    towns = {division[:9] for division in divisions}
    if len(towns) > 1:
        raise Refused(
            _("The families live in several towns."),
            next_step=_("Put up one list a town."),
        )
    return f"{towns.pop()}000"


def _refuse_a_second(desk: Desk, kind: NoticeKind, referral_nos: Sequence[str]) -> None:
    for line in lines_where(desk, "kind = ?", [kind.kind]):
        if line.state == "taken_down":
            continue
        hanging = [e.referral_no for e in entries_of(desk, line.notice_no) if not e.gone]
        if again := [no for no in referral_nos if no in hanging]:
            raise Refused(
                _("Notice {no} of this kind hangs already for {referral}.").format(
                    no=line.notice_no, referral=again[0]
                ),
                next_step=_("Take it down first: `yimen notice take-down {no}`.").format(
                    no=line.notice_no
                ),
            )


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


def last_day(desk: Desk, catalogue: Catalogue, kind: NoticeKind, start: date) -> Deadline:
    """The last day a notice hangs; the county's standards say in which days and if it rolls over.

    Seven days are calendar days in the texts (DB2021 §19, TK2021 §15); some counties print working
    days, and the roll-over of Civil Code §203 can be switched off for notices.
    """
    period = kind.period
    if period is None or period.unit == "H":
        raise ValueError(f"the notice {kind.kind} has no period in days")
    unit: Unit = period.unit
    own = _standard(desk, catalogue, DAY_TYPE, start)
    if unit == "CD" and own == "WD":
        unit = "WD"
    days = _standard(desk, catalogue, kind.period_by, start)
    n = period.n if days is None else int(days)
    return desk.calendar.add(start, n, unit, roll_over=own != "CD_FIXED")


def assumed_period(desk: Desk, catalogue: Catalogue, kind_name: str) -> str:
    """The standard that says how long a kind hangs, where the county has not set it; else empty."""
    name = notice_kind(kind_name).period_by
    if name is None or _standard(desk, catalogue, name, desk.home.clock.today()) is not None:
        return ""
    return name


def _standard(desk: Desk, catalogue: Catalogue, name: str | None, day: date) -> Value:
    if name is None or name not in catalogue.standards:
        return None
    (found,) = standards_on(desk.home, catalogue, [name], day).values()
    return found.value


def object_to(
    desk: Desk, notice_no: str, *, note: str, referral_no: str | None = None
) -> NoticeLine:
    """Records an objection against a notice that hangs; of a list, against which family."""
    line = _open_line(desk, notice_no)
    if not note.strip():
        raise BadInput(_("An objection needs its words."), next_step=_("Give them with --note."))
    left = [e.referral_no for e in entries_of(desk, line.notice_no) if not e.gone]
    if referral_no is None and len(left) != 1:
        raise BadInput(
            _("Notice {no} lists several families.").format(no=line.notice_no),
            next_step=_("Name one with --referral: {numbers}.").format(numbers=", ".join(left)),
        )
    about = plain_number(referral_no) if referral_no else left[0]
    _require_on(line, about, left)
    return _append(desk, line, "objected", note, about)


def strike_off(desk: Desk, notice_no: str, referral_no: str, *, note: str) -> NoticeLine:
    """Takes one family off a list that hangs, with a reason; the others stay up to its last day."""
    line = _open_line(desk, notice_no)
    if not note.strip():
        raise BadInput(_("This needs a reason."), next_step=_("Say why, with --note."))
    left = [e.referral_no for e in entries_of(desk, line.notice_no) if not e.gone]
    about = plain_number(referral_no)
    _require_on(line, about, left)
    if len(left) == 1:
        raise IllegalMove(
            _("It is the only family left on notice {no}.").format(no=line.notice_no),
            next_step=_("Take the notice down: `yimen notice take-down {no}`.").format(
                no=line.notice_no
            ),
        )
    return _append(desk, line, "withdrawn", note, about)


def _require_on(line: NoticeLine, referral_no: str, left: Sequence[str]) -> None:
    if referral_no not in left:
        raise NotFound(
            _("Referral {no} does not stand on notice {notice}.").format(
                no=referral_no, notice=line.notice_no
            ),
            next_step=_("On it are: {numbers}.").format(numbers=", ".join(left) or "-"),
        )


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
    line = line_of(desk, notice_no)
    desk.require("notice.post", division=line.division)
    if line.state == "taken_down":
        raise IllegalMove(
            _("Notice {no} was taken down.").format(no=line.notice_no),
            next_step=_("Put up a new one: `yimen notice post`."),
        )
    return line


def _append(
    desk: Desk, line: NoticeLine, act: NoticeAct, note: str, about: str | None = None
) -> NoticeLine:
    today = desk.home.clock.today().isoformat()
    with desk.home.writing() as db:
        if act == "taken_down" and line_of(desk, line.notice_no).state == "taken_down":
            raise IllegalMove(
                _("Notice {no} was taken down.").format(no=line.notice_no),
                next_step=_("Put up a new one: `yimen notice post`."),
            )
        db.conn.execute(
            "INSERT INTO notice_act (notice_no, act, day, note, recorded_by, recorded_at,"
            " referral_no) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [line.notice_no, act, today, note.strip(), desk.operator.operator_no,
             desk.home.clock.now(), about],
        )  # fmt: skip
        desk.record(db, f"notice.{act}", line.notice_no, {"on": today, "referral": about})
    return line_of(desk, line.notice_no)
