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

Words = Callable[[Mapping[str, str], Catalogue], tuple[str, str]]


def _amount(shown: Mapping[str, str], catalogue: Catalogue) -> tuple[str, str]:
    fen = shown["amount"]
    return _("Amount"), amount_text(int(fen), shown.get("per") or None) if fen else BLANK


def _result(shown: Mapping[str, str], catalogue: Catalogue) -> tuple[str, str]:
    words = {"proposed": _("grant proposed"), "granted": _("grant confirmed"),
             "ending": _("end proposed")}  # fmt: skip
    return _("Proposed result"), words[shown["result"]]


def _care_form(shown: Mapping[str, str], catalogue: Catalogue) -> tuple[str, str]:
    words = {"home": _("scattered, at home"), "institution": _("together, in an institution")}
    return _("Form of care"), words[shown["care_form"]]


def _cause(shown: Mapping[str, str], catalogue: Catalogue) -> tuple[str, str]:
    words = {
        "illness": _("through illness"),
        "accident": _("through an accident"),
        "schooling": _("through schooling"),
        "living": _("through want"),
        "other": _("other causes"),
    }
    return _("Class of cause"), words[shown["cause_class"]]


# Field of notice_kinds.json -> its title and words; period, phone and objection are the notice's.
FIELDS: dict[str, Words] = {
    "programme": lambda s, c: (_("Programme"), programme_name(c, s["programme"])),
    "applicant": lambda s, c: (_("Applicant"), s["applicant"]),
    "village": lambda s, c: (_("Village or community"), division_name(s["village"])),
    "member_count": lambda s, c: (_("Number of members"), s["member_count"]),
    "result": _result,
    "amount": _amount,
    "care_form": _care_form,
    "cause_class": _cause,
    "school_class": lambda s, c: (_("Class"), s["school_class"]),
}


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
    shown = [FIELDS[name](notice.shown, catalogue) for name in kind.show if name in FIELDS]
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
