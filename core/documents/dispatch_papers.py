"""Papers of the hand-over: a department's dispatch sheet 转办单, the progress slip 办理进度单.

The sheet goes to an office that the authorisation covers and names whom it concerns; the slip goes
to a citizen and names departments, steps and days, and nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from yimen.core.application_records import Progress
from yimen.core.casework.desk import Desk
from yimen.core.divisions import division_title
from yimen.core.documents.letter import (
    body_name,
    contact,
    day_words,
    foot,
    issuer,
    letter_head,
    programme_name,
    sealed,
    term_law,
)
from yimen.core.documents.lists import amount_text, law_of, listed
from yimen.core.documents.values import how_known, value_name, written
from yimen.core.i18n import _
from yimen.core.print_records import CaseFile, DispatchFile
from yimen.core.render.page import (
    BLANK,
    Addressee,
    Block,
    Pairs,
    Paragraph,
    Prose,
    Section,
    Signatures,
    Table,
    sheets,
)
from yimen.core.render.table import Head
from yimen.core.rules.catalogue import Catalogue
from yimen.core.words.checks import outcome_name


def dispatch_pages(
    files: Sequence[DispatchFile], catalogue: Catalogue, desk: Desk
) -> Iterator[Block]:
    """转办单: one sheet a referral."""
    yield from sheets(_dispatch_sheet(file, catalogue, desk) for file in files)


def _dispatch_sheet(file: DispatchFile, catalogue: Catalogue, desk: Desk) -> Iterator[Block]:
    referral, case = file.referral, file.case
    yield from letter_head(_("Dispatch sheet: social assistance"), referral.referral_no)
    yield Addressee(_("{name}:").format(name=body_name(catalogue, desk, file.department)))
    yield Prose(
        _("The matter below was taken in at the one door and is handed to you under the family's"
          " authorisation. Sign for it, take it on or return it with a coded reason, and answer"
          " with a decision within the days below.")
    )  # fmt: skip
    yield Pairs(
        [
            (
                _("Programme"),
                f"{referral.programme} {programme_name(catalogue, referral.programme)}",
            ),
            (_("Concerns"), _identified(case, file.referral.member_no) or _("the whole household")),
            (_("Applicant"), _identified(case, case.application.applicant)),
            (
                _("Household"),
                f"{referral.household_no} {division_title(case.application.division)}",
            ),
            (_("Application"), case.application.application_no),
            (_("Dispatched on"), day_words(referral.dispatched_on)),
            (_("First officer in charge"), case.officer),
            (_("Telephone"), case.office.phone or BLANK),
        ]
    )
    yield Section(_("By when"))
    yield _clocks_table(file, catalogue)
    yield Section(_("What the check proposes; your office decides"))
    yield Pairs(_proposal(file, catalogue))
    yield Section(_("Facts frozen at dispatch"))
    facts = [
        [value_name(name, catalogue), written(name, fact.value, catalogue),
         how_known(catalogue, name, fact), fact.as_of or "-"]
        for name, fact in referral.facts.items()
    ]  # fmt: skip
    heads = [
        Head(_("Fact")),
        Head(_("Value"), "right"),
        Head(_("Known how")),
        Head(_("As of"), "keep"),
    ]
    yield Table(heads, facts, _("none"))
    yield Paragraph(
        _("Check report {report}. Use these facts for this matter alone.").format(
            report=referral.report_no
        )
    )
    yield sealed(issuer(case.office), desk)
    yield Section(_("Receipt"))
    yield Signatures([_("Signed for by"), _("Taken on, or returned for code B__, by")])
    yield foot(desk, referral.referral_no)


def _identified(case: CaseFile, member_no: str | None) -> str:
    """A member's name with the masked number by which an office tells two of one name apart."""
    member = next((s for s in case.family if s.member_no == member_no), None)
    return f"{member.name}  {member.id_number or ''}".rstrip() if member else ""


def _clocks_table(file: DispatchFile, catalogue: Catalogue) -> Table:
    """The three days and their terms; the law's own day where another was promised."""
    referral, due = file.referral, file.referral.due
    terms = referral.terms
    days = [
        (_("Sign for it"), due.sign, terms.sign if terms else None),
        (_("Take it on"), due.accept, terms.accept if terms else None),
        (_("Finish"), due.finish, terms.finish if terms else None),
    ]
    if due.statutory and due.statutory != due.finish:
        days.append((_("By law"), due.statutory, terms.statutory if terms else None))
    version = catalogue.versions_on(date.fromisoformat(referral.dispatched_on)).get(
        referral.programme
    )
    rows = [
        [step, day_words(until), term_law(term, version) if term else "-"]
        for step, until, term in days
    ]
    if referral.provisional:
        rows.append([_("PROVISIONAL: the calendar is not published that far")])
    return Table([Head(_("Step"), "keep"), Head(_("Until"), "keep"), Head(_("Limit"))], rows)


def _proposal(file: DispatchFile, catalogue: Catalogue) -> list[tuple[str, str]]:
    referral = file.referral
    proposal = referral.proposal
    per = str(proposal.get("per") or "") or None
    amount = proposal.get("amount_fen")
    found = [(_("Outcome"), outcome_name(str(proposal["outcome"])))]
    if isinstance(amount, int):
        found.append((_("Amount"), amount_text(amount, per)))
    version = catalogue.versions_on(date.fromisoformat(referral.dispatched_on)).get(
        referral.programme
    )
    if version:
        found.append((_("Basis"), listed([law_of(law) for law in version.basis])))
    return found


def progress_page(
    case: CaseFile, told: Progress, phones: Mapping[str, str], desk: Desk
) -> Iterator[Block]:
    """办理进度单: which department, which step, due when, whom to call; it names no member.

    `phones` are the departments' by referral number.
    """
    application = case.application
    yield from letter_head(_("Progress slip: social assistance"), application.application_no)
    yield Addressee(_("{name}:").format(name=case.applicant))
    yield Prose(
        _("This is where your application stood on {day}: {state}.").format(
            day=day_words(desk.home.clock.today().isoformat()), state=told.step
        )
    )
    # Members with the same matter at the same step make one line, since the slip names nobody.
    rows = [
        (
            step.department,
            _("{what}: {why}").format(what=step.step, why=step.told) if step.told else step.step,
            day_words(step.due_on) if step.due_on else "-",
            phones.get(step.referral_no) or BLANK[:12],
        )
        for step in told.steps
    ]
    heads = [Head(_("Department")), Head(_("Step")), Head(_("Due on"), "keep"),
             Head(_("Telephone"))]  # fmt: skip
    yield Table(heads, list(dict.fromkeys(rows)), _("Nothing was sent to a department yet."))
    if told.missing:
        yield Prose(_("Still missing: {n}, as the notification says.").format(n=told.missing))
    if told.due_on and not desk.calendar.is_published(int(told.due_on[:4])):
        yield Paragraph(
            _("Days in a year whose holidays are not published yet are provisional and may move.")
        )
    yield Prose(
        _(
            "Officer in charge: {officer}. Call this window when a day passes without an answer."
        ).format(officer=case.officer)
    )
    yield contact(case.office)
    yield sealed(issuer(case.office), desk)
    yield foot(desk, application.application_no)
