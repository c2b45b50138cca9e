"""The texts that the chain prints, 80 columns wide: file, receipt, report, dispatch and answers.

They show what a record holds and decide nothing. Amounts print in yuan; what is not confirmed law
says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from yimen.core.casework.reasons import REFUSAL_CODES
from yimen.core.declarations import CONFIRMED
from yimen.core.divisions import division_name
from yimen.core.i18n import _
from yimen.core.laws import law_text
from yimen.core.money import format_yuan
from yimen.core.records import (
    CheckReport,
    Decision,
    FactValue,
    MissingItem,
    ProgrammeResult,
    Value,
)
from yimen.core.render.document import heading, key_values, wrap
from yimen.core.results import DispatchResult, FeedbackResult, IntakeResult, QueryResult
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.view import value_text
from yimen.core.words import (
    decision_name,
    flag_name,
    outcome_name,
    per_name,
    relation_name,
    result_mark,
    state_name,
    status_name,
)

_ITEM = "  - "
_UNDER_ITEM = "    "


def _item(text: str, mark: str = _ITEM) -> list[str]:
    return wrap(f"{mark}{text}", indent=" " * len(mark))


def division_title(code: str) -> str:
    """A division's name and code; a village without a name of its own is its town and code."""
    name = division_name(code)
    return name if code in name else f"{name} {code}"


def query_text(result: QueryResult, catalogue: Catalogue) -> Iterator[str]:
    """The family file: members, aid, cases, and how each source stands."""
    household = result.household
    yield from heading(_("Family file {no}").format(no=household.household_no))
    zone = {"URBAN": _("urban"), "RURAL": _("rural")}.get(household.zone or "", "-")
    yield from key_values([(_("Division"), division_title(household.division)), (_("Zone"), zone)])
    yield from ["", _("Members")]
    for member in household.members:
        born = member.birth_date or "-"
        line = f"{member.member_no}  {relation_name(member.relation)}  {member.name}"
        yield from _item(f"{line}  {member.id_number or _('no ID number')}  {born}")
    yield from ["", _("Aid")]
    if not result.benefits:
        yield from _item(_("none known"))
    for benefit in result.benefits:
        programme = catalogue.programmes.get(benefit.programme)
        name = programme.names.text() if programme else benefit.programme
        amount = format_yuan(benefit.amount_fen) if benefit.amount_fen is not None else "-"
        state = (
            _("active") if benefit.active else _("begins later") if benefit.upcoming else _("ended")
        )
        span = f"{benefit.from_date or ''} ~ {benefit.to_date or ''}"
        who = benefit.member_no or household.household_no
        yield from _item(f"{name}  {who}  {amount}  {span}  {state}  {benefit.payer}")
    yield from ["", _("Applications and referrals")]
    if not result.applications:
        yield from _item(_("none"))
    for application in result.applications:
        line = f"{application.application_no}  {state_name(application.state)}"
        yield from _item(f"{line}  {application.submitted_on}")
    for referral in result.referrals:
        line = f"{referral.referral_no}  {referral.programme}  {state_name(referral.state)}"
        yield from _item(f"{line}  {referral.due_on or ''}".rstrip())
    yield from ["", _("Sources")]
    for source in result.sources:
        name = catalogue.sources[source.source].names.text()
        yield from _item(f"{name}: {status_name(source.status)} {source.as_of or ''}".rstrip())


def intake_text(result: IntakeResult) -> Iterator[str]:
    """The receipt, and the one-time notification of what is missing."""
    yield from heading(_("Receipt of application {no}").format(no=result.application_no))
    yield from key_values(
        [
            (_("Household"), result.household_no),
            (_("State"), state_name(result.state)),
            (_("Accepted on"), result.accepted_on or _("not yet: the clock is not running")),
            (_("First officer"), result.first_officer),
            (_("Signed papers"), str(len(result.consents))),
        ]
    )
    yield ""
    if not result.missing:
        yield from wrap(_("Nothing is missing. The application is accepted."))
        return
    yield from heading(_("One-time notification of what is still missing"))
    for number, item in enumerate(result.missing, 1):
        what = f"{item.document}: {item.why}" if item.document else item.why
        yield from _item(what, mark=f"{number:>3}. ")
        if item.fact:
            yield from wrap(f"     ({item.fact})", indent="      ")
    yield ""
    yield from wrap(
        _("Nothing that the departments' registers hold needs to be proved. The clock starts on the"
          " day on which this list is empty.")
    )  # fmt: skip


def report_text(report: CheckReport, catalogue: Catalogue) -> Iterator[str]:
    """The check report: each programme opened to criteria, values and law; then the flags."""
    yield from heading(_("Check report {no}").format(no=report.report_no))
    yield from key_values(
        [
            (_("Household"), report.household_no),
            (_("Application"), report.application_no or "-"),
            (_("Rules on"), f"{report.rules_on} ({report.rule_pack})"),
            (_("Facts as of"), report.facts_as_of),
        ]
    )
    for result in report.programmes:
        yield ""
        yield from _programme_lines(report, result, catalogue)
    if report.flags:
        yield from ["", _("To be looked at")]
        for flag in report.flags:
            yield from _item(f"{flag_name(flag.kind)}  {flag.member or ''}  {flag.detail}")
    yield ""
    yield from wrap(report.statement)


def _programme_lines(
    report: CheckReport, result: ProgrammeResult, catalogue: Catalogue
) -> Iterator[str]:
    who = f" {result.member}" if result.member else ""
    receiving = f" ({_('being received')})" if result.receiving else ""
    title = f"{result.programme} {result.name}{who}: {outcome_name(result.outcome)}{receiving}"
    yield from wrap(title)
    if result.amount_fen is not None:
        amount, per = format_yuan(result.amount_fen), per_name(result.per)
        words = _("proposed amount: {amount} yuan {per}").format(amount=amount, per=per)
        yield from _item(words.rstrip(), "  ")
    for criterion in result.criteria:
        unsure = "" if criterion.confidence in CONFIRMED else f" [{_('to be confirmed')}]"
        law = f"{criterion.text} [{criterion.basis}]{unsure}"
        yield from _item(law, f"  {result_mark(criterion.result)} ")
        values = [
            f"{_value_name(name, catalogue)} = {_shown(name, value, catalogue)}"
            + _trace(report, result, name, catalogue)
            for name, value in criterion.values.items()
        ]
        if values:
            yield from wrap(f"      {'; '.join(values)}", indent="      ")
    for why, names in _grouped(result.missing, catalogue).items():
        facts = f" ({', '.join(names)})" if names else ""
        yield from _item(_("still open: {why}").format(why=why) + facts, "  ! ")


def _grouped(missing: Sequence[MissingItem], catalogue: Catalogue) -> dict[str, list[str]]:
    """Each reason once, with the names of the facts that wait for it and are not asked."""
    found: dict[str, list[str]] = {}
    for item in missing:
        names = found.setdefault(item.why, [])
        fact = catalogue.facts.get(item.fact or "")
        if fact is not None and fact.ask is None and fact.names.text() not in names:
            names.append(fact.names.text())
    return found


def _trace(report: CheckReport, result: ProgrammeResult, name: str, catalogue: Catalogue) -> str:
    """How a value is known and of which day, in brackets; nothing for what is no fact."""
    fact = report.member_facts.get(result.member or "", {}).get(name) or report.facts.get(name)
    if fact is None:
        return ""
    return f" ({' '.join(filter(None, [_known(catalogue, name, fact), fact.as_of]))})"


def _known(catalogue: Catalogue, name: str, fact: FactValue) -> str:
    """How a fact is known; what only a person can say and nobody has said is not stated."""
    declared = catalogue.facts.get(name)
    asked = declared is not None and declared.source is None and not declared.expression
    if fact.status == "not_covered" and asked:
        return _("not stated")
    if declared is not None and declared.expression and fact.value is not None:
        return _("computed")
    return status_name(fact.status)


def _value_name(name: str, catalogue: Catalogue) -> str:
    if name in catalogue.facts:
        return catalogue.facts[name].names.text()
    if name in catalogue.standards:
        return catalogue.standards[name].names.text()
    call, colon, programme = name.partition(":")
    if colon:
        known = catalogue.programmes.get(programme)
        title = known.names.text() if known else programme
        words = {"RECOGNISED": _("receives {name}"), "QUALIFIES": _("qualifies for {name}")}
        return words[call].format(name=title)
    return {"member_count": _("members who count"), "zone": _("Zone"), "age": _("age")}.get(
        name, name
    )


def _shown(name: str, value: Value, catalogue: Catalogue) -> str:
    if value is None:
        return _("unknown")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    standard = catalogue.standards.get(name)
    if standard is not None and standard.ppm and isinstance(value, int):
        return ratio_text(value)
    fact = catalogue.facts.get(name)
    if fact is not None:
        return value_text(fact, value)
    if standard is not None and standard.type == "boolean":
        return _("yes") if value else _("no")
    if standard is not None and standard.type == "money" and isinstance(value, int):
        return format_yuan(value)
    return str(value)


def ratio_text(ppm: int) -> str:
    """Parts per million as a decimal number, exactly: 1500000 is 1.5."""
    whole, rest = divmod(ppm, 1_000_000)
    return f"{whole}.{rest:06d}".rstrip("0").rstrip(".")


def dispatch_text(result: DispatchResult, catalogue: Catalogue) -> Iterator[str]:
    """The dispatch sheet: referrals with their clocks, and what was held back and why."""
    yield from heading(_("Dispatch of application {no}").format(no=result.application_no))
    if not result.referrals:
        yield from wrap(_("No referral was made."))
    for referral in result.referrals:
        programme = catalogue.programmes[referral.programme].names.text()
        department = catalogue.departments[referral.department].names.text()
        who = referral.member_no or ""
        yield from _item(f"{referral.referral_no}  {programme} {who} -> {department}")
        due = referral.due
        clocks = _("sign by {sign}, accept by {accept}, finish by {finish}").format(
            sign=due.sign, accept=due.accept, finish=due.finish
        )
        unsure = _(" (PROVISIONAL: the calendar is not published that far)")
        yield from wrap(
            f"{_UNDER_ITEM}{clocks}{unsure if referral.provisional else ''}", indent=_UNDER_ITEM
        )
    if result.held_back:
        yield from ["", _("Not dispatched")]
        for item in result.held_back:
            programme = catalogue.programmes[item.programme].names.text()
            yield from _item(f"{item.programme} {programme} {item.member_no or ''}: {item.reason}")


def feedback_text(result: FeedbackResult, catalogue: Catalogue) -> Iterator[str]:
    """The departments' answers, and the benefits that came of them."""
    yield from heading(_("Answers to application {no}").format(no=result.application_no))
    yield from key_values([(_("State"), state_name(result.state))])
    for answer in result.answers:
        department = catalogue.departments.get(answer.department)
        body = department.names.text() if department else answer.department
        told = decision_text(answer.decision) if answer.decision else state_name(answer.state)
        if answer.note and not answer.decision:
            told = f"{told}: {answer.note}"
        due = f" ({_('due {day}').format(day=answer.due_on)})" if answer.due_on else ""
        who = f" {answer.member_no}" if answer.member_no else ""
        yield from _item(f"{answer.referral_no}  {answer.name}{who}  {body}: {told}{due}")
    if result.benefits:
        yield from ["", _("Benefits")]
        for benefit in result.benefits:
            amount = "" if benefit.amount_fen is None else format_yuan(benefit.amount_fen)
            span = _("from {month}").format(month=benefit.from_month)
            line = f"{benefit.benefit_no}  {benefit.programme}  {amount} {per_name(benefit.per)}"
            yield from _item(f"{line}  {span}")


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
    return ", ".join(parts)


def facts_lines(facts: Mapping[str, FactValue], catalogue: Catalogue) -> Iterator[str]:
    """The frozen facts of a referral."""
    for name, fact in facts.items():
        known = " ".join(filter(None, [_known(catalogue, name, fact), fact.as_of]))
        yield from _item(
            f"{_value_name(name, catalogue)} = {_shown(name, fact.value, catalogue)} ({known})"
        )
