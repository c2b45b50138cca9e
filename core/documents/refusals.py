"""The notice of a "no" that the one door says: what was checked, what is not met, what may be done.

It rests on the report that the officer relied on. A condition that nobody could answer is named as
unknown and never as a ground; the words of conditions come from the rules of the report's day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from yimen.core.casework.desk import Desk
from yimen.core.casework.reasons import ALL_CODES, CLOSING_CODES
from yimen.core.declarations import ProgrammeVersion
from yimen.core.documents.letter import (
    contact,
    day_words,
    foot,
    issuer,
    letter_head,
    matters,
    programme_name,
    remedies,
)
from yimen.core.documents.report import PAPER, values_with_sources
from yimen.core.documents.sources_used import sources_used
from yimen.core.i18n import _
from yimen.core.laws import law_text
from yimen.core.print_records import CaseFile, RefusalFile
from yimen.core.records import CheckReport, CriterionResult, FactValue, ProgrammeResult
from yimen.core.render.page import (
    Addressee,
    Block,
    Entries,
    Entry,
    Pairs,
    Prose,
    Seal,
    Section,
    Signatures,
    sheets,
)
from yimen.core.rules.catalogue import Catalogue
from yimen.core.words.checks import result_mark, status_name

# A source that answered, whether or not it had a row.
_ANSWERED = ("hit", "no_hit")


def refusal_pages(
    files: Sequence[RefusalFile], catalogue: Catalogue, desk: Desk
) -> Iterator[Block]:
    """One notice for each thing that the one door said no to, each on a sheet of its own."""
    yield from sheets(_notice(file, catalogue, desk) for file in files)


def _notice(file: RefusalFile, catalogue: Catalogue, desk: Desk) -> Iterator[Block]:
    end, case = file.end, file.case
    number = case.application.application_no
    yield from letter_head(_title(file), number)
    yield Addressee(_("{name}:").format(name=case.applicant))
    yield Prose(_opening(file, catalogue))
    pairs = [(_("Application"), number), (_("Decided on"), day_words(end.at[:10]))]
    if file.second:
        signed = _("{first}, signed by {second}").format(first=file.officer, second=file.second)
        yield Pairs([*pairs, (_("Decided by"), signed)])
    else:
        yield Pairs([*pairs, (_("Decided by"), file.officer)])
    yield Section(_("Reason"))
    yield Prose(
        _("{code}: {reason}.").format(code=end.reason_code, reason=_(ALL_CODES[end.reason_code]))
    )
    if end.note:
        yield Section(_("Explanation"))
        yield Prose(end.note)
    if file.report is not None:
        yield from _checked(file.report, end.programmes, case, catalogue)
    if end.basis:
        yield Section(_("Basis"))
        yield Prose(law_text(end.basis))
    yield Section(_("Remedies"))
    yield remedies(case.office)
    yield Prose(_("You may apply again at any time when your situation changes."))
    yield contact(case.office)
    yield Seal(issuer(case.office), day_words(end.at[:10]))
    yield Signatures([_("Received by the applicant"), _("Served by")])
    yield foot(desk, number)


def _title(file: RefusalFile) -> str:
    if file.end.reason_code in CLOSING_CODES:
        return _("Notice of an application closed")
    return {
        "close": _("Notice that the conditions are not met"),
        "refuse": _("Notice of programmes that are refused"),
        "reject": _("Notice of an application not taken on"),
        "terminate": _("Notice of an application ended"),
    }[file.end.verb]


def _opening(file: RefusalFile, catalogue: Catalogue) -> str:
    case, end = file.case, file.end
    day = day_words(case.application.submitted_on)
    names = _(", ").join(programme_name(catalogue, p) for p in end.programmes)
    if end.reason_code in CLOSING_CODES:
        words = _("Your application of {day} for {matters} is closed; nothing of it was refused.")
    else:
        words = {
            "close": _("On your application of {day} the following was decided: the conditions of"
                       " {names} are not met, and the application is closed."),
            "refuse": _("On your application of {day} the following was decided: the conditions of"
                        " {names} are not met. What else you asked for goes on."),
            "reject": _("Your application of {day} for {matters} is not taken on."),
            "terminate": _("Your application of {day} for {matters} is ended; it is not checked any"
                           " further."),
        }[end.verb]  # fmt: skip
    return words.format(day=day, names=names, matters=matters(case, catalogue))


def _checked(
    report: CheckReport, refused: Sequence[str], case: CaseFile, catalogue: Catalogue
) -> Iterator[Block]:
    """What was looked at, what is not met, and what is unknown, of what this notice is about."""
    versions = catalogue.versions_on(date.fromisoformat(report.rules_on))
    about = {p: versions[p] for p in case.programmes if p in versions}
    about |= {p: versions[p] for p in refused if p in versions}
    yield Section(_("What was checked"))
    yield Pairs(
        [
            (_("Check report"), report.report_no),
            (_("Rules in force on"), day_words(report.rules_on)),
            (_("Facts as of"), day_words(report.facts_as_of)),
        ]
    )
    yield Entries(list(_registers(report, catalogue, about)))
    names = {signer.member_no: signer.name for signer in case.family}
    yield Section(_("Conditions that are not met"))
    yield Entries(
        [
            Entry(title, lines)
            for programme in refused
            for title, lines in _by_member(
                report, catalogue, versions, names, programme, "ineligible", "fail"
            )
        ]
    )
    unknown = [
        Entry(title, lines, "?")
        for programme in about
        for outcome in ("ineligible", "unknown")
        for title, lines in _by_member(
            report, catalogue, versions, names, programme, outcome, "unknown"
        )
        if outcome == "unknown" or programme in refused
    ]
    if unknown:
        yield Section(_("What is unknown"))
        yield Prose(
            _(
                "Nobody could answer the conditions below. They are no ground of this decision; you"
                " may bring what is unknown at any time."
            )
        )
        yield Entries(unknown)


def _registers(
    report: CheckReport, catalogue: Catalogue, about: dict[str, ProgrammeVersion]
) -> Iterator[Entry]:
    """Each source behind these programmes: of which day it was read, or why it could not be."""
    found: dict[str, list[FactValue]] = {}
    for facts in (report.facts, *report.member_facts.values()):
        for name, value in facts.items():
            declared = catalogue.facts.get(name)
            if declared is not None and declared.source:
                found.setdefault(declared.source, []).append(value)
    grouped: dict[str, list[str]] = {}
    for source in sources_used(catalogue, about):
        values = found.get(source.source, [])
        read = [v for v in values if v.status in _ANSWERED]
        if read:
            day = max((v.as_of or "" for v in read), default="")
            words = _("read, as of {day}").format(day=day_words(day))
        elif values:
            words = status_name(values[0].status)
        else:
            continue
        grouped.setdefault(words, []).append(source.names.text())
    for words, names in grouped.items():
        yield Entry(_("{source}: {words}").format(source=words, words=_(", ").join(names)))


def _by_member(
    report: CheckReport,
    catalogue: Catalogue,
    versions: dict[str, ProgrammeVersion],
    names: dict[str, str],
    programme: str,
    outcome: str,
    result: str,
) -> Iterator[tuple[str, list[str]]]:
    """(programme and for whom, its conditions with this result); alike members stand together."""
    grouped: dict[tuple[str, ...], list[ProgrammeResult]] = {}
    for found in report.programmes:
        if (found.programme, found.outcome) != (programme, outcome):
            continue
        lines = tuple(
            line
            for criterion in found.criteria
            if criterion.result == result
            for line in _condition(report, found, criterion, versions.get(programme), catalogue)
        )
        if lines:
            grouped.setdefault(lines, []).append(found)
    for lines, same in grouped.items():
        members = _(", ").join(names.get(r.member, r.member) for r in same if r.member)
        title = programme_name(catalogue, programme)
        if members:
            title = _("{programme} ({about})").format(programme=title, about=members)
        yield title, list(lines)


def _condition(
    report: CheckReport,
    found: ProgrammeResult,
    criterion: CriterionResult,
    version: ProgrammeVersion | None,
    catalogue: Catalogue,
) -> Iterator[str]:
    """A condition with its law in the language in force, and the values that it used."""
    declared = next(
        (c for c in (version.criteria if version else []) if c.criterion == criterion.criterion),
        None,
    )
    text = declared.text.text() if declared else criterion.text
    law = declared.basis.words() if declared else criterion.basis
    words = _("{text} [{law}]").format(text=text, law=law)
    yield f"{result_mark(criterion.result)} {words}"
    values = values_with_sources(report, found, criterion, catalogue, PAPER)
    if values:
        yield f"    {_('; ').join(values)}"
