"""A public notice 公示 as it is put up: the fields of its kind, its period, and how to object.

It prints what was frozen when the notice was put up, field by field of the table of kinds; a field
that the kind does not list has no words here and cannot appear.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from yimen.core.casework.desk import Desk
from yimen.core.casework.notice_kinds import NoticeKind, notice_kind
from yimen.core.declarations import CONFIRMED
from yimen.core.divisions import place_name
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
    Table,
    Title,
)
from yimen.core.render.table import Head
from yimen.core.rules.catalogue import Catalogue

Words = Callable[[Mapping[str, str], Catalogue], str]


def _amount(shown: Mapping[str, str], catalogue: Catalogue) -> str:
    # A notice of before amounts were asked for may have been put up without one.
    fen = shown.get("amount")
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
    "village": lambda shown, catalogue: place_name(shown["village"]) or BLANK,
    "member_count": lambda shown, catalogue: shown["member_count"],
    "result": _result,
    "amount": _amount,
    "care_form": _care_form,
    "cause_class": _cause,
    "school_class": lambda shown, catalogue: shown["school_class"],
}


# Fields that a list says once where they are the same for all.
_SHARED = frozenset({"programme", "village", "result"})


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
    standing = [entry.shown for entry in notice.entries if not entry.gone]
    # What pays no amount, such as a recognition, shows none.
    paid = any("amount" in entry.shown for entry in notice.entries)
    fields = [name for name in kind.show if name in FIELDS and (paid or name != "amount")]
    if len(notice.entries) == 1:
        pairs = [(field_title(f), FIELDS[f](notice.entries[0].shown, catalogue)) for f in fields]
        yield Pairs([*pairs, (_("Period"), period)])
    else:
        yield from _list(standing, fields, catalogue, period)
        if len(standing) < len(notice.entries):
            words = _("This list was corrected; families whose matter was taken back are left out.")
            yield Paragraph(words)
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


def _list(
    standing: Sequence[Mapping[str, str]], fields: Sequence[str], catalogue: Catalogue, period: str
) -> Iterator[Block]:
    """Several families as one table; what is the same for all stands above it once."""
    cells = {f: [FIELDS[f](shown, catalogue) for shown in standing] for f in fields}
    shared = [f for f in fields if f in _SHARED and len(set(cells[f])) == 1]
    above = [(field_title(f), cells[f][0]) for f in shared]
    yield Pairs([*above, (_("Families"), str(len(standing))), (_("Period"), period)])
    columns = [f for f in fields if f not in shared]
    heads = [Head(_("No."), "keep"), *(Head(field_title(f)) for f in columns)]
    yield Table(heads, [[str(n + 1), *(cells[f][n] for f in columns)]
                        for n in range(len(standing))])  # fmt: skip


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
