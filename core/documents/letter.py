"""What all letters share: the office, days and limits in words, remedies, and the foot of the page.

A letter speaks to a citizen: what is not recorded prints as a ruled blank and is never made up. Law
that is not confirmed says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from yimen.core.casework.desk import Desk
from yimen.core.declarations import CONFIRMED, Limit, Limits, ProgrammeVersion
from yimen.core.divisions import division_name
from yimen.core.i18n import _, language
from yimen.core.laws import law_text
from yimen.core.print_records import CaseFile, Office, Signer
from yimen.core.referral_records import Term
from yimen.core.render.page import BLANK, Block, Footer, Number, Pairs, Prose, Seal, Title
from yimen.core.rules.catalogue import Catalogue

# A suit may be brought within so many months, and so many days after a review (OB-02); a review
# asked for within so many days (OB-01). They are national law and carry it.
REVIEW_DAYS, SUIT_MONTHS, SUIT_DAYS_AFTER_REVIEW = 60, 6, 15


def day_words(day: str | None) -> str:
    """A day as a letter of the language writes it; a blank where there is none."""
    if not day:
        return BLANK
    if language() != "zh":
        return day[:10] + (f" {day[11:16]}" if "T" in day else "")
    year, month, rest = day[:10].split("-")
    at = f" {day[11:16]}" if "T" in day else ""
    return f"{year}年{int(month)}月{int(rest)}日{at}"


def month_words(month: str) -> str:
    """A month as a letter of the language writes it."""
    return f"{month[:4]}年{int(month[5:])}月" if language() == "zh" else month


def limit_words(limit: Limit | Term) -> str:
    """A limit in the very kind of days that its text names."""
    if limit.n == 1:
        return {
            "WD": _("one working day"), "CD": _("one day"), "H": _("one hour"),
            "MO": _("one month"),
        }[limit.unit]  # fmt: skip
    return {
        "WD": _("{n} working days"), "CD": _("{n} days"), "H": _("{n} hours"),
        "MO": _("{n} months"),
    }[limit.unit].format(n=limit.n)  # fmt: skip


def letter_head(title: str, number: str) -> Iterator[Block]:
    """The title in the middle and the document's number on the right."""
    yield Title(title, "letter")
    yield Number(_("No. {number}").format(number=number))


def issuer(office: Office) -> str:
    """The office that issues a paper of the one door; a blank while the county has not named it."""
    return office.name or BLANK


def body_name(catalogue: Catalogue, desk: Desk, office: Office) -> str:
    """A department by the name that its office has, else by county and declared name."""
    if office.name:
        return office.name
    known = catalogue.departments.get(office.department)
    name = known.names.text() if known else office.department
    county = division_name(desk.home.county)
    return f"{county}{name}" if language() == "zh" else f"{name}, {county}"


def contact(office: Office) -> Pairs:
    """Where to come, whom to call, when."""
    return Pairs(
        [
            (_("Place"), office.address or BLANK),
            (_("Telephone"), office.phone or BLANK),
            (_("Opening hours"), office.hours or BLANK),
        ]
    )


def remedies(office: Office) -> Prose:
    """Administrative review and suit, with their limits and bodies (rules OB-01, OB-02)."""
    words = _(
        "If you do not accept this, you may within {days} days of learning of it ask {body} for"
        " administrative review [{review_law}], or within {months} months bring a suit before"
        " {court} [{suit_law}]; after a review, within {after} days of its decision."
    ).format(
        days=REVIEW_DAYS,
        body=office.review_body or BLANK,
        review_law=law_text("ARL §20"),
        months=SUIT_MONTHS,
        court=office.court or BLANK,
        suit_law=law_text("APL §45–46"),
        after=SUIT_DAYS_AFTER_REVIEW,
    )
    return Prose(words)


def sealed(office: str, desk: Desk) -> Seal:
    """The office and the day on which the paper is issued."""
    return Seal(office, day_words(desk.home.clock.today().isoformat()))


def foot(desk: Desk, number: str, *, masked: bool = False) -> Footer:
    """By whom and when the paper was printed, and that its numbers are masked."""
    words = _("{number}, printed on {day} by {name}").format(
        number=number, day=desk.home.clock.today().isoformat(), name=desk.operator.name
    )
    return Footer(f"{words}{_('; ID numbers are masked') if masked else ''}")


def programme_name(catalogue: Catalogue, programme: str) -> str:
    """What a programme is called; its id where its department is not installed."""
    known = catalogue.programmes.get(programme)
    return known.names.text() if known else programme


def names_apart(family: Sequence[Signer]) -> dict[str, str]:
    """member_no -> the member's name, with the number where two of the family share a name."""
    often = Counter(signer.name for signer in family)
    return {
        s.member_no: s.name if often[s.name] == 1 else f"{s.name} ({s.member_no})" for s in family
    }


def matters(case: CaseFile, catalogue: Catalogue) -> str:
    """What the family asked for, or that every programme is looked into."""
    asked = [programme_name(catalogue, p) for p in case.application.requested]
    return _(", ").join(asked) if asked else _("social assistance of every kind")


def term_law(term: Term, version: ProgrammeVersion | None) -> str:
    """A referral's term, as it was frozen at dispatch, with its law in the language in force."""
    limits = version.limits if version else Limits()
    declared = [limits.sign, limits.accept, limits.finish, limits.promised]
    words = next(
        (limit.basis.words() for limit in declared if limit and limit.basis.text == term.basis),
        law_text(term.basis) if term.tag in CONFIRMED else _("the county's own rule"),
    )
    unsure = "" if term.tag in CONFIRMED else f" ({_('to be confirmed')})"
    return f"{limit_words(term)} [{words}{unsure}]"
