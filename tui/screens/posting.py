"""What may be done about a public notice, aid that is paid, and whose an application is.

Each deed has its words, its fields and what it calls; whether it may be done is judged by the
casework.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from yimen.core.casework import benefit_changes, notices
from yimen.core.casework.applications import assign_application
from yimen.core.casework.benefit_changes import find_benefit
from yimen.core.casework.checklists.views import steps_of_notice
from yimen.core.casework.desk import Desk
from yimen.core.casework.finding import find_number
from yimen.core.casework.notice_fields import CODED
from yimen.core.casework.notice_kinds import notice_table
from yimen.core.casework.notice_reading import show_notice
from yimen.core.casework.referral import find_referral
from yimen.core.casework.stop_reasons import STOP_CODES
from yimen.core.clock import parse_date
from yimen.core.documents.checklist_text import assumed_words
from yimen.core.documents.public_notice import FIELDS
from yimen.core.i18n import _
from yimen.core.money import parse_yuan
from yimen.core.rules.catalogue import Catalogue
from yimen.tui.screens.deeds import Deed
from yimen.tui.widgets.fields import Field

Answers = Mapping[str, str]
_BETWEEN = re.compile(r"[\s,;，；、]+")


def _numbers(desk: Desk, text: str) -> list[str]:
    return [find_number(desk, part).number for part in _BETWEEN.split(text) if part]


def _post(desk: Desk, catalogue: Catalogue, number: str, given: Answers) -> str:
    referrals = _numbers(desk, given["referrals"])
    line = notices.post(
        desk, catalogue, given["kind"], referrals, place=given["place"],
        care_form=[given["care_form"]] if given["care_form"] else [],
        cause_class=[given["cause_class"]] if given["cause_class"] else [],
        school_class=[given["school_class"]] if given["school_class"] else [],
        amount_fen=[parse_yuan(a) for a in _BETWEEN.split(given["amount"]) if a],
    )  # fmt: skip
    told = [_("Notice {no} hangs until {day}.").format(no=line.notice_no, day=line.last_day)]
    if assumed := notices.assumed_period(desk, catalogue, line.kind):
        told.append(assumed_words(assumed))
    waiting = [
        no
        for no in referrals
        for step in steps_of_notice(desk, catalogue, no, line.kind)
        if step.state != "done"
    ]
    if waiting:
        words = _("Of {numbers} other steps must come first: F4 there shows them.")
        told.append(words.format(numbers=_(", ").join(waiting)))
    return " ".join(told)


def _post_fields(desk: Desk, catalogue: Catalogue, number: str) -> Sequence[Field]:
    programme = find_referral(desk, number).programme if number else ""
    kinds = [k for k in notice_table().kinds if k.posted]
    fitting = [k for k in kinds if programme in k.programmes]
    coded = {
        field: {code: FIELDS[field]({field: code}, catalogue) for code in codes}
        for field, codes in CODED.items()
    }

    def shown_by(field: str) -> tuple[str, frozenset[str]]:
        return "kind", frozenset(kind.kind for kind in kinds if field in kind.show)

    return [
        Field("kind", _("Kind of notice"), "choice", required=True,
              value=fitting[0].kind if fitting else "",
              choices={k.kind: k.names.text() for k in fitting or kinds}),
        Field("referrals", _("Referrals"), value=number, required=True,
              hint=_("several with a comma between")),
        Field("place", _("Where it hangs"), required=True),
        Field("cause_class", _("Class of cause"), "choice", required=True,
              choices=coded["cause_class"], only_with=shown_by("cause_class")),
        Field("care_form", _("Form of care"), "choice", required=True,
              choices=coded["care_form"], only_with=shown_by("care_form")),
        Field("school_class", _("Class"), required=True, only_with=shown_by("school_class")),
        Field("amount", _("Amount, yuan"), hint=_("where no rule computes it"),
              only_with=shown_by("amount")),
    ]  # fmt: skip


def _object(desk: Desk, catalogue: Catalogue, number: str, given: Answers) -> str:
    about = _numbers(desk, given["referral"])
    line = notices.object_to(
        desk, number, note=given["note"], referral_no=about[0] if about else None
    )
    return _("Notice {no}: {n} objections.").format(no=line.notice_no, n=line.objections)


def _strike(desk: Desk, catalogue: Catalogue, number: str, given: Answers) -> str:
    (about, *__) = _numbers(desk, given["referral"])
    line = notices.strike_off(desk, number, about, note=given["note"])
    return _("Notice {no} lists {n} families now.").format(no=line.notice_no, n=line.families)


def _take_down(desk: Desk, catalogue: Catalogue, number: str, given: Answers) -> str:
    line = notices.take_down(desk, number, note=given["note"])
    return _("Notice {no} is taken down.").format(no=line.notice_no)


def _about(desk: Desk, number: str, *, required: bool) -> Field:
    """Which family of a notice; of one alone nothing is asked."""
    left = {e.referral_no: e.referral_no for e in show_notice(desk, number).entries if not e.gone}
    first = next(iter(left), "") if len(left) == 1 else ""
    return Field("referral", _("Referral"), "choice", choices=left, value=first, required=required)


def _hear(desk: Desk, catalogue: Catalogue, number: str, given: Answers) -> str:
    day = parse_date(given["on"]) if given["on"] else desk.home.clock.today()
    benefit = benefit_changes.hear(desk, number, on=day, note=given["note"])
    return _("The hearing on {no} is recorded.").format(no=benefit.benefit_no)


def _change(desk: Desk, catalogue: Catalogue, number: str, given: Answers) -> str:
    benefit = benefit_changes.change(
        desk, number, reason_code=given["reason"], basis=given["basis"], from_month=given["from"],
        amount_fen=parse_yuan(given["amount"]) if given["amount"] else None,
    )  # fmt: skip
    return _("{no} ends with {month}. P prints its notice.").format(
        no=benefit.benefit_no, month=benefit.to_month
    )


def _change_fields(desk: Desk, catalogue: Catalogue, number: str) -> Sequence[Field]:
    find_benefit(desk, number)
    return [
        Field("from", _("From month"), "month", required=True),
        Field("amount", _("New amount, yuan"), "money", hint=_("empty: it is stopped")),
        Field("reason", _("Reason"), "choice", required=True,
              choices={c: _(t) for c, t in STOP_CODES.items()}),
        Field("basis", _("Legal basis"), required=True),
    ]  # fmt: skip


def _assign(desk: Desk, catalogue: Catalogue, number: str, given: Answers) -> str:
    after = assign_application(desk, number, given["operator"], note=given["note"])
    return _("{no} now belongs to {owner}.").format(no=number, owner=after.first_officer)


POSTING: dict[str, Deed] = {
    "notice_post": Deed("notice.post", _post, _post_fields, sure=True),
    "notice_object": Deed("notice.post", _object, lambda desk, catalogue, no: [
        _about(desk, no, required=False), Field("note", _("What is objected"), required=True)]),
    "notice_strike": Deed("notice.post", _strike, lambda desk, catalogue, no: [
        _about(desk, no, required=True), Field("note", _("Reason"), required=True)]),
    "notice_down": Deed("notice.post", _take_down, lambda desk, catalogue, no: [
        Field("note", _("Reason"), hint=_("where it is before its last day"))], sure=True),
    "benefit_hear": Deed("benefit.change", _hear, lambda desk, catalogue, no: [
        Field("on", _("Heard on"), "day", hint=_("where earlier; empty: today")),
        Field("note", _("What the person said"), required=True)]),
    "benefit_change": Deed("benefit.change", _change, _change_fields, sure=True),
    "assign": Deed("application.assign", _assign, lambda desk, catalogue, no: [
        Field("operator", _("Operator's number"), required=True),
        Field("note", _("Why it changes hands"), required=True)]),
}  # fmt: skip

# kind of number -> its deeds
POSTING_OF: dict[str, tuple[str, ...]] = {
    "notice": ("notice_object", "notice_strike", "notice_down"),
    "benefit": ("benefit_hear", "benefit_change"),
}


def posting_label(name: str) -> str:
    """What the operator is about to do."""
    return {
        "notice_post": _("Put a notice up"), "notice_object": _("Record an objection"),
        "notice_strike": _("Take a family off"), "notice_down": _("Take the notice down"),
        "benefit_hear": _("Record the hearing"), "benefit_change": _("Reduce or stop it"),
        "assign": _("Give it to another officer"),
    }[name]  # fmt: skip
