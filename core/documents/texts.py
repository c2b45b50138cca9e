"""The texts that the chain prints, 80 columns wide: file, receipt, report, dispatch and answers.

They show what a record holds and decide nothing. Amounts print in yuan; what is not confirmed law
says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import reduce

from yimen.core.casework.reasons import REFUSAL_CODES
from yimen.core.documents.values import how_known, shown, value_name
from yimen.core.i18n import _
from yimen.core.laws import law_text
from yimen.core.money import format_yuan
from yimen.core.records import FactValue
from yimen.core.referral_records import Decision
from yimen.core.render.document import heading, key_values, wrap
from yimen.core.results import DispatchResult, FeedbackResult, IntakeResult
from yimen.core.rules.catalogue import Catalogue
from yimen.core.words.amounts import per_name
from yimen.core.words.cases import state_name
from yimen.core.words.overlaps import overlap_name
from yimen.core.words.referrals import decision_name, due_text

_ITEM = "  - "
_UNDER_ITEM = "    "


def _item(text: str, mark: str = _ITEM) -> list[str]:
    return wrap(f"{mark}{text}", indent=" " * len(mark))


def intake_text(result: IntakeResult, officer: str = "") -> Iterator[str]:
    """The receipt, and the one-time notification of what is missing.

    With the first officer's name it is for people, who are not told the codes of facts.
    """
    yield from heading(_("Receipt of application {no}").format(no=result.application_no))
    yield from key_values(
        [
            (_("Household"), result.household_no),
            (_("State"), state_name(result.state)),
            (_("Accepted on"), result.accepted_on or _("not yet: the clock is not running")),
            (_("First officer"), officer or result.first_officer),
            (_("Signed papers"), str(len(result.consents))),
        ]
    )
    yield ""
    if not result.missing:
        yield from wrap(_("Nothing is missing. The application is accepted."))
        return
    yield from heading(_("One-time notification of what is still missing"))
    for number, item in enumerate(result.missing, 1):
        what = f"{item.document}{_(': ')}{item.why}" if item.document else item.why
        yield from _item(what, mark=f"{number:>3}. ")
        if item.fact and not officer:
            yield from wrap(f"     ({item.fact})", indent="      ")
    yield ""
    yield from wrap(
        _("Nothing that the departments' registers hold needs to be proved. The clock starts on the"
          " day on which this list is empty.")
    )  # fmt: skip


def dispatch_text(
    result: DispatchResult, catalogue: Catalogue, names: Mapping[str, str]
) -> Iterator[str]:
    """The dispatch sheet: referrals with their clocks, and what was held back and why.

    `names` says what members are called. A programme's number follows its name where the programme
    may be named at a dispatch to come.
    """
    yield from heading(_("Dispatch of application {no}").format(no=result.application_no))
    if not result.referrals:
        yield from wrap(_("No referral was made."))
    for referral in result.referrals:
        programme = catalogue.programmes[referral.programme].names.text()
        department = catalogue.departments[referral.department].names.text()
        who = called(referral.member_no, names)
        yield from _item(f"{referral.referral_no}  {programme}{who}{_(': ')}{department}")
        due = referral.due
        clocks = _("sign by {sign}, accept by {accept}, finish by {finish}").format(
            sign=due_text(due.sign), accept=due.accept, finish=due.finish
        )
        unsure = _(" (PROVISIONAL: the calendar is not published that far)")
        yield from wrap(
            f"{_UNDER_ITEM}{clocks}{unsure if referral.provisional else ''}", indent=_UNDER_ITEM
        )
    if result.held_back:
        yield from ["", _("Not dispatched")]
        yield from _held_back_lines(result, catalogue, names)
    if result.warnings:
        yield from ["", _("To be minded")]
        for warning in result.warnings:
            name = catalogue.programmes[warning.programme].names.text()
            told = _("overlap {no} is open: {kind}").format(
                no=warning.hit_no, kind=overlap_name(warning.kind)
            )
            who = called(warning.member_no, names)
            yield from _item(f"{_numbered(name, warning.programme)}{who}{_(': ')}{told}")


def called(member_no: str | None, names: Mapping[str, str]) -> str:
    """The name of the member that a line is about, after a blank; nothing for a household's."""
    return f" {names.get(member_no, member_no)}" if member_no else ""


def _numbered(name: str, programme: str) -> str:
    """A programme's name, and the number by which it may be named."""
    return _("{name} ({no})").format(name=name, no=programme)


def _held_back_lines(
    result: DispatchResult, catalogue: Catalogue, names: Mapping[str, str]
) -> Iterator[str]:
    """Each programme once for a reason, with the members for whom it holds."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for item in result.held_back:
        members = grouped.setdefault((item.programme, item.reason), [])
        members += [names.get(item.member_no, item.member_no)] if item.member_no else []
    for (programme, reason), members in grouped.items():
        name = catalogue.programmes[programme].names.text()
        who = f" {_(', ').join(members)}" if members else ""
        yield from _item(f"{_numbered(name, programme)}{who}{_(': ')}{reason}")


def feedback_text(
    result: FeedbackResult, catalogue: Catalogue, names: Mapping[str, str]
) -> Iterator[str]:
    """The departments' answers, and the benefits that came of them; `names` are the members'."""
    yield from heading(_("Answers to application {no}").format(no=result.application_no))
    yield from key_values([(_("State"), state_name(result.state))])
    for answer in result.answers:
        department = catalogue.departments.get(answer.department)
        body = department.names.text() if department else answer.department
        told = decision_text(answer.decision) if answer.decision else state_name(answer.state)
        if answer.note and not answer.decision:
            told = f"{told}{_(': ')}{answer.note}"
        due = f" ({_('due {day}').format(day=due_text(answer.due_on))})" if answer.due_on else ""
        who = called(answer.member_no, names)
        yield from _item(f"{answer.referral_no}  {answer.name}{who}  {body}{_(': ')}{told}{due}")
    if result.benefits:
        yield from ["", _("Benefits")]
        for benefit in result.benefits:
            amount = "" if benefit.amount_fen is None else format_yuan(benefit.amount_fen)
            span = _("from {month}").format(month=benefit.from_month)
            known = catalogue.programmes.get(benefit.programme)
            name = known.names.text() if known else benefit.programme
            what = f"{benefit.benefit_no}  {name}{called(benefit.member_no, names)}"
            yield from _item(f"{what}  {amount} {per_name(benefit.per)}  {span}")


def decision_text(decision: Decision) -> str:
    """One line: what was decided, how much, from when, why, under which law."""
    parts = [decision_name(decision.outcome)]
    if decision.reason_code:
        parts.append(f"{decision.reason_code} {_(REFUSAL_CODES[decision.reason_code])}")
    if decision.amount_fen is not None:
        parts.append(_("{amount} yuan").format(amount=format_yuan(decision.amount_fen)))
    if decision.from_month:
        parts.append(_("from {month}").format(month=decision.from_month))
    parts.append(f"[{law_text(decision.basis)}]")
    return reduce(lambda told, more: _("{told}, {more}").format(told=told, more=more), parts)


def facts_lines(facts: Mapping[str, FactValue], catalogue: Catalogue) -> Iterator[str]:
    """The frozen facts of a referral."""
    for name, fact in facts.items():
        known = " ".join(filter(None, [how_known(catalogue, name, fact), fact.as_of]))
        yield from _item(
            f"{value_name(name, catalogue)} = {shown(name, fact.value, catalogue)} ({known})"
        )
