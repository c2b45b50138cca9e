"""Decision notices: granted, refused, not taken on, reduced, stopped; with reasons and remedies.

A notice speaks for the office that decided, from its record. Under the rules of 2026 a reduction or
a stop shows the hearing that went before it (SAL §48).
"""

from __future__ import annotations

from collections.abc import Iterator

from yimen.core.casework.desk import Desk
from yimen.core.casework.reasons import ALL_CODES
from yimen.core.casework.stop_reasons import STOP_CODES
from yimen.core.documents.letter import (
    body_name,
    contact,
    day_words,
    foot,
    letter_head,
    month_words,
    programme_name,
    remedies,
)
from yimen.core.documents.lists import amount_text
from yimen.core.i18n import _
from yimen.core.laws import law_text
from yimen.core.print_records import ChangeFile, DecisionFile
from yimen.core.referral_records import Decision
from yimen.core.render.page import Addressee, Block, Pairs, Prose, Seal, Section, Signatures
from yimen.core.rules.catalogue import Catalogue


def decision_page(file: DecisionFile, catalogue: Catalogue, desk: Desk) -> Iterator[Block]:
    """The notice of a referral that was decided, not taken on, or could not be brought about."""
    referral, ended = file.referral, file.ended
    name = programme_name(catalogue, referral.programme)
    outcome = ended.outcome if isinstance(ended, Decision) else referral.state
    title = {
        "granted": _("Notice of a grant: {name}"), "refused": _("Notice of a refusal: {name}"),
        "referred_on": _("Notice of a matter referred on: {name}"),
        "rejected": _("Notice of a matter not taken on: {name}"),
        "failed": _("Notice of a matter not brought about: {name}"),
    }[outcome].format(name=name)  # fmt: skip
    yield from letter_head(title, referral.referral_no)
    yield Addressee(_("{name}:").format(name=file.case.applicant))
    matter = f"{name} ({file.about})" if file.about else name
    day = day_words(file.case.application.submitted_on)
    yield Prose(_opening(outcome).format(day=day, matter=matter))
    yield Pairs(_decided_pairs(file, str(referral.proposal.get("per") or "") or None))
    if ended.reason_code:
        yield Section(_("Reason"))
        yield Prose(
            _("{code}: {reason}.").format(
                code=ended.reason_code, reason=_(ALL_CODES[ended.reason_code])
            )
        )
    if file.told:
        yield Section(_("Explanation"))
        yield Prose(file.told)
    if ended.basis:
        yield Section(_("Basis"))
        yield Prose(law_text(ended.basis))
    yield from _closing(file, catalogue, desk, day_words(file.decided_on))
    yield foot(desk, referral.referral_no)


def _opening(outcome: str) -> str:
    return {
        "granted": _(
            "On your application of {day} the following was decided: {matter} is granted."
        ),
        "refused": _(
            "On your application of {day} the following was decided: {matter} is refused."
        ),
        "referred_on": _(
            "On your application of {day} the following was decided: {matter} is sent on to the"
            " office that is in charge; you need not apply again."
        ),
        "rejected": _(
            "On your application of {day} the following was decided: {matter} is not taken on."
        ),
        "failed": _("On your application of {day}: {matter} could not be brought about."),
    }[outcome]


def _decided_pairs(file: DecisionFile, per: str | None) -> list[tuple[str, str]]:
    pairs = [(_("Application"), file.case.application.application_no)]
    decision = file.ended
    if isinstance(decision, Decision):
        if decision.amount_fen is not None:
            pairs.append((_("Amount"), amount_text(decision.amount_fen, per)))
        if decision.from_month:
            pairs.append((_("From"), month_words(decision.from_month)))
        if decision.to_month:
            pairs.append((_("Until"), month_words(decision.to_month)))
    return [*pairs, (_("Decided on"), day_words(file.decided_on))]


def change_page(file: ChangeFile, catalogue: Catalogue, desk: Desk) -> Iterator[Block]:
    """The notice of a reduction or a stop, with the hearing before it."""
    benefit = file.benefit
    name = programme_name(catalogue, benefit.programme)
    reduced = file.change == "reduced"
    title = _("Notice of a reduction: {name}") if reduced else _("Notice of a stop: {name}")
    yield from letter_head(title.format(name=name), benefit.benefit_no)
    yield Addressee(_("{name}:").format(name=file.case.applicant))
    month = month_words(file.from_month)
    yield Prose(
        _("From {month} on your aid is reduced.").format(month=month)
        if reduced
        else _("From {month} on your aid is no longer paid.").format(month=month)
    )
    pairs = [(_("Paid until now"), amount_text(benefit.amount_fen, benefit.per) or _("unknown"))]
    if reduced:
        pairs.append((_("Paid from then on"), amount_text(file.amount_fen, benefit.per)))
    pairs.append((_("Decided on"), day_words(file.decided_on)))
    yield Pairs(pairs)
    yield Section(_("Reason"))
    yield Prose(
        _("{code}: {reason}.").format(code=file.reason_code, reason=_(STOP_CODES[file.reason_code]))
    )
    yield Section(_("Hearing"))
    if file.heard_on:
        yield Prose(
            _("You were heard on {day}, before the decision [{law}]. What you said: {note}").format(
                day=day_words(file.heard_on), law=law_text("SAL §48"), note=file.heard_note
            )
        )
    else:
        yield Prose(_("The rules in force on the day of the decision ask for no hearing."))
    yield Section(_("Basis"))
    yield Prose(law_text(file.basis))
    yield from _closing(file, catalogue, desk, day_words(file.decided_on))
    yield foot(desk, benefit.benefit_no)


def _closing(
    file: DecisionFile | ChangeFile, catalogue: Catalogue, desk: Desk, day: str
) -> Iterator[Block]:
    """Remedies, whom to ask, the office that decided, and the proof of service."""
    yield Section(_("Remedies"))
    yield remedies(file.case.office)
    yield contact(file.department)
    yield Seal(body_name(catalogue, desk, file.department), day)
    yield Signatures([_("Received by the applicant"), _("Served by")])
