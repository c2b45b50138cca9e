"""Papers of the intake: acceptance receipt 受理通知书, one-time notification 一次性告知书.

The notification says everything at once: conditions, law, papers, what is fetched for the family,
steps, limits, place and remedies; a second list would be a breach of the rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from yimen.core.casework.desk import Desk
from yimen.core.casework.terms import terms_of
from yimen.core.declarations import Document, ProgrammeVersion
from yimen.core.documents.letter import (
    contact,
    day_words,
    foot,
    issuer,
    letter_head,
    limit_words,
    matters,
    programme_name,
    remedies,
    sealed,
    term_law,
)
from yimen.core.documents.lists import law_of, listed
from yimen.core.documents.sources_used import sources_used
from yimen.core.i18n import _
from yimen.core.laws import law_text
from yimen.core.print_records import CaseFile, OneTimeNotice
from yimen.core.records import MissingItem
from yimen.core.render.page import (
    BLANK,
    Addressee,
    Block,
    Entries,
    Entry,
    Pairs,
    Paragraph,
    Prose,
    Section,
    Signatures,
    Table,
)
from yimen.core.render.table import Head
from yimen.core.rules.catalogue import Catalogue


def receipt_page(case: CaseFile, catalogue: Catalogue, desk: Desk) -> Iterator[Block]:
    """受理通知书 of an accepted application, 登记回执 of one that still lacks papers."""
    application = case.application
    accepted = application.accepted_on
    title = (
        _("Notice of acceptance: social assistance")
        if accepted
        else _("Receipt: application for social assistance")
    )
    yield from letter_head(title, application.application_no)
    yield Addressee(_("{name}:").format(name=case.applicant))
    submitted = day_words(application.submitted_on)
    if accepted:
        yield Prose(
            _("Your application of {submitted} is complete and was accepted on {accepted}. The time"
              " limits below run from the day after.").format(
                submitted=submitted, accepted=day_words(accepted))
        )  # fmt: skip
    else:
        yield Prose(
            _("Your application was registered on {submitted}. Papers or answers are still missing;"
              " the one-time notification lists all of them. It is accepted, and the time limits"
              " begin to run, on the day on which they are here.").format(submitted=submitted)
        )  # fmt: skip
    yield Pairs(
        [
            (_("Applicant"), case.applicant),
            (_("Family members"), str(len(case.family))),
            (_("Matter"), matters(case, catalogue)),
            (_("First officer in charge"), case.officer),
        ]
    )
    yield Section(_("Looked into first, and by when"))
    yield _limits_table(case, catalogue, desk)
    yield Prose(
        _("You need not come again for each of them: this window sends your matter to the"
          " departments, follows it, and tells you their answers. Ask at any time under the number"
          " of this paper; the officer named above stays in charge until the last answer. There is"
          " no fee.")
    )  # fmt: skip
    yield contact(case.office)
    yield sealed(issuer(case.office), desk)
    yield Signatures([_("Received by the applicant")])
    yield foot(desk, application.application_no)


def _limits_table(case: CaseFile, catalogue: Catalogue, desk: Desk) -> Table:
    rows = []
    for name, version in _versions(case, catalogue, desk).items():
        terms = terms_of(desk, version, case.application.accepted_on)
        body = catalogue.departments[catalogue.programmes[name].department]
        rows.append(
            [
                programme_name(catalogue, name),
                body.names.text(),
                term_law(terms.statutory or terms.finish, version),
                limit_words(terms.finish),
            ]
        )
    heads = [Head(_("Matter")), Head(_("Department"), "keep"), Head(_("Limit")),
             Head(_("Promised"), "keep")]  # fmt: skip
    return Table(heads, rows, _("none"))


def _versions(case: CaseFile, catalogue: Catalogue, desk: Desk) -> dict[str, ProgrammeVersion]:
    """What belongs to the case, as it stands on the day of its acceptance, else today."""
    accepted = case.application.accepted_on
    day = date.fromisoformat(accepted) if accepted else desk.home.clock.today()
    in_force = catalogue.versions_on(day)
    return {name: in_force[name] for name in case.programmes}


def notification_page(
    case: CaseFile, notice: OneTimeNotice, catalogue: Catalogue, desk: Desk
) -> Iterator[Block]:
    """一次性告知书: all that is missing, and all that the family has to know, in one list."""
    number = case.application.application_no
    versions = _versions(case, catalogue, desk)
    yield from letter_head(_("One-time notification: social assistance"), number)
    yield Addressee(_("{name}:").format(name=case.applicant))
    yield Prose(
        _("This is the one list of what your application of {day} still needs. Nothing else will be"
          " asked for afterwards that could have been asked for today.").format(
            day=day_words(case.application.submitted_on))
    )  # fmt: skip
    yield Section(_("1. Still missing (noted on {day})").format(day=day_words(notice.given_on)))
    yield Entries(
        [Entry(words, mark=f"{n}.") for n, words in enumerate(_missing_words(notice.items), 1)],
        _("none"),
    )
    yield Section(_("2. Papers: name, form, who issues them, copies"))
    yield _papers_table(case, versions, catalogue)
    yield Section(_("3. What we fetch ourselves; you need not bring it"))
    yield Entries(_fetched(versions, catalogue), _("none"))
    yield Paragraph(
        _("What the registers can verify must not be asked of you [{law}].").format(
            law=law_text("SAL §62")
        )
    )
    yield Section(_("4. Conditions and their law"))
    yield Entries(
        [
            Entry(
                programme_name(catalogue, name),
                [f"{c.text.text()} [{law_of(c.basis)}]" for c in version.criteria],
                mark=f"{n})",
            )
            for n, (name, version) in enumerate(versions.items(), 1)
        ]
    )
    yield Section(_("5. Steps and limits"))
    yield Entries(_steps())
    yield _limits_table(case, catalogue, desk)
    yield Section(_("6. Fee, place and telephone"))
    yield Pairs([(_("Fee"), _("none"))])
    yield contact(case.office)
    yield Section(_("7. Your rights"))
    yield Prose(
        _("You may explain your case and have it heard. Where the application is not accepted, or"
          " is refused, you are told in writing and with reasons.")
    )  # fmt: skip
    yield remedies(case.office)
    yield sealed(issuer(case.office), desk)
    yield Signatures([_("Received by the applicant"), _("Officer who explained it")])
    yield foot(desk, number)


def _missing_words(items: Sequence[MissingItem]) -> Iterator[str]:
    """What is missing, a paper that several have to sign once, with all their names."""
    for paper, same in groupby(items, key=lambda item: item.document):
        reasons = [item.why for item in same]
        if paper:
            yield _("{what}: {why}").format(what=paper, why=listed(reasons))
        else:
            yield from reasons


def _papers_table(
    case: CaseFile, versions: dict[str, ProgrammeVersion], catalogue: Catalogue
) -> Table:
    """The papers of every intake, then what the programmes declare, each once."""
    window = issuer(case.office)
    rows = [
        [_("ID card of each adult"), _("shown, not kept"), _("police"), "0"],
        [
            _("Authorisation to check the family's economic situation"),
            _("form, signed"),
            window,
            "1",
        ],
        [_("Pledge of truth"), _("form, signed"), window, "1"],
    ]
    seen = set()
    for version in versions.values():
        for paper in version.documents:
            if paper.names.text() not in seen:
                seen.add(paper.names.text())
                rows.append(_paper_row(paper))
    heads = [Head(_("Paper")), Head(_("Form")), Head(_("Issued by")), Head(_("Copies"), "right")]
    return Table(heads, rows)


def _paper_row(paper: Document) -> list[str]:
    form = {
        "original": _("original"), "copy": _("copy, original shown"), "form": _("form, signed"),
    }.get(paper.form or "", BLANK)  # fmt: skip
    return [
        paper.names.text(),
        form,
        paper.issuer.text() if paper.issuer else BLANK,
        BLANK[:6] if paper.copies is None else str(paper.copies),
    ]


def _fetched(versions: dict[str, ProgrammeVersion], catalogue: Catalogue) -> list[Entry]:
    """The registers that are read, by who keeps them."""
    by_owner: dict[str, list[str]] = {}
    for source in sources_used(catalogue, versions):
        by_owner.setdefault(source.owner.text(), []).append(source.names.text())
    return [
        Entry(_("{what}: {why}").format(what=owner, why=listed(names)))
        for owner, names in by_owner.items()
    ]


def _steps() -> list[Entry]:
    words = [
        _("You hand in what is missing; on that day the application is accepted."),
        _("The family's economic situation is checked in the registers, and where the law asks for"
          " it at your home."),
        _("Each matter is sent to the department that decides it."),
        _("Where the law asks for it, the proposal is put up in public; illness, disability, ID"
          " numbers and minors' names are never shown."),
        _("The department decides; you are told in writing. Monthly aid is paid from the month"
          " after the decision."),
    ]  # fmt: skip
    return [Entry(text, mark=f"{n})") for n, text in enumerate(words, 1)]
