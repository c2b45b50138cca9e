"""A public notice 公示 as it is put up: the fields of its kind, its period, and how to object.

It prints what was frozen when the notice was put up, field by field of the table of kinds; a field
that the kind does not list has no words here and cannot appear.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from yimen.core.casework.desk import Desk
from yimen.core.casework.notice_kinds import NoticeKind, notice_kind
from yimen.core.declarations import CONFIRMED
from yimen.core.divisions import division_name
from yimen.core.documents.letter import contact, day_words, issuer, programme_name
from yimen.core.documents.lists import amount_text
from yimen.core.i18n import _
from yimen.core.print_records import Notice
from yimen.core.render.page import (
    BLANK,
    Block,
    Footer,
    Number,
    Pairs,
    Paragraph,
    Prose,
    Seal,
    Title,
)
from yimen.core.rules.catalogue import Catalogue

Words = Callable[[Mapping[str, str], Catalogue], str]


def _amount(shown: Mapping[str, str], catalogue: Catalogue) -> str:
    fen = shown["amount"]
    return amount_text(int(fen), shown.get("per") or None) if fen else BLANK


def _result(shown: Mapping[str, str], catalogue: Catalogue) -> str:
    return {
        "proposed": _("grant proposed"), "granted": _("grant confirmed"),
        "ending": _("end proposed"),
    }[shown["result"]]  # fmt: skip


def _care_form(shown: Mapping[str, str], catalogue: Catalogue) -> str:
    return {
        "home": _("scattered, at home"), "institution": _("together, in an institution"),
    }[shown["care_form"]]  # fmt: skip


def _cause(shown: Mapping[str, str], catalogue: Catalogue) -> str:
    return {
        "illness": _("through illness"), "accident": _("through an accident"),
        "schooling": _("through schooling"), "living": _("through want"),
        "other": _("other causes"),
    }[shown["cause_class"]]  # fmt: skip


# Field of notice_kinds.json -> its words; the period, the phone and how to object are the notice's.
FIELDS: dict[str, Words] = {
    "programme": lambda shown, catalogue: programme_name(catalogue, shown["programme"]),
    "applicant": lambda shown, catalogue: shown["applicant"],
    "village": lambda shown, catalogue: division_name(shown["village"]),
    "member_count": lambda shown, catalogue: shown["member_count"],
    "result": _result,
    "amount": _amount,
    "care_form": _care_form,
    "cause_class": _cause,
    "school_class": lambda shown, catalogue: shown["school_class"],
}


def field_title(field: str) -> str:
    """What a field of a notice is called on it."""
    return {
        "programme": _("Programme"), "applicant": _("Applicant"),
        "village": _("Village or community"), "member_count": _("Number of members"),
        "result": _("Proposed result"), "amount": _("Amount"), "care_form": _("Form of care"),
        "cause_class": _("Class of cause"), "school_class": _("Class"), "period": _("Period"),
        "phone": _("Telephone"), "objection": _("How to object"),
    }[field]  # fmt: skip


def notice_page(notice: Notice, catalogue: Catalogue, desk: Desk) -> Iterator[Block]:
    """The notice as it hangs; it carries no application or household number."""
    line = notice.line
    kind = notice_kind(line.kind)
    yield Title(kind.names.text(), "board")
    yield Number(_("No. {number}").format(number=line.notice_no))
    yield Prose(_opening(kind))
    period = _("from {first} to {last}").format(
        first=day_words(line.posted_on), last=day_words(line.last_day)
    )
    shown = [
        (field_title(name), FIELDS[name](notice.shown, catalogue))
        for name in kind.show
        if name in FIELDS
    ]
    yield Pairs([*shown, (_("Period"), period)])
    if line.provisional:
        yield Paragraph(_("PROVISIONAL: the calendar is not published that far"))
    yield Prose(
        _("Whoever knows of a reason against this may say so within the period, at the place or"
          " by the telephone below, in writing or in person. Objections are looked into and kept"
          " confidential.")
    )  # fmt: skip
    yield contact(notice.office)
    yield Seal(issuer(notice.office), day_words(line.posted_on))
    yield Footer(_("To be taken down after {day}.").format(day=day_words(line.last_day)))


def _opening(kind: NoticeKind) -> str:
    """What the notice is; a rule that nobody confirmed is not held up to the public as law."""
    words = {
        "proposed": _("The proposal below is put up for all to see."),
        "granted": _("The confirmation below is published."),
        "ending": _("The intended end of aid below is put up for all to see."),
    }[kind.stage]
    if kind.basis.tag not in CONFIRMED:
        return words
    return _("As {law} asks: {words}").format(law=kind.basis.words(), words=words)
