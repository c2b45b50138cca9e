"""The check report on paper: each programme opened to criteria, values, amount and law; then flags.

It shows what the record holds and decides nothing; what is not confirmed law says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from yimen.core.declarations import CONFIRMED
from yimen.core.documents.values import how_known, ratio_text, shown, value_name, written
from yimen.core.i18n import _
from yimen.core.money import format_yuan
from yimen.core.records import (
    AmountResult,
    AmountStepValue,
    CheckReport,
    CriterionResult,
    MissingItem,
    ProgrammeResult,
    Value,
)
from yimen.core.render.page import (
    Block,
    Entries,
    Entry,
    Pairs,
    Paragraph,
    Section,
    Title,
    page_text,
)
from yimen.core.rules.catalogue import Catalogue
from yimen.core.words.amounts import amount_type_name, per_name
from yimen.core.words.checks import flag_name, outcome_name, result_mark

# Of what is open about one programme, so many reasons are printed.
MOST_SAID = 3
# What a criterion or a step rests on stands further in than its own line.
_INSIDE = "    "


@dataclass(frozen=True)
class Reading:
    """Who reads the report: a clerk at a screen, who types codes, or whoever holds the paper.

    On paper members go by name, programmes carry no code, sums their unit, and nothing is left to
    an option. `names` are the members' by number.
    """

    paper: bool = False
    names: Mapping[str, str] = field(default_factory=dict)

    def who(self, member: str | None) -> str:
        """A member as this reader knows them; empty for the whole household."""
        return self.names.get(member, member) if member else ""

    def programme(self, result: ProgrammeResult) -> str:
        """What a programme is called to this reader."""
        return result.name if self.paper else f"{result.programme} {result.name}"

    def value(self, name: str, value: Value, catalogue: Catalogue) -> str:
        """A value as this reader sees it."""
        return (written if self.paper else shown)(name, value, catalogue)


SCREEN, PAPER = Reading(), Reading(paper=True)


def report_text(report: CheckReport, catalogue: Catalogue, *, full: bool = False) -> Iterator[str]:
    """The check report in lines of at most 80 columns."""
    return page_text(report_page(report, catalogue, full=full))


def report_page(
    report: CheckReport,
    catalogue: Catalogue,
    *,
    full: bool = False,
    reading: Reading = SCREEN,
) -> Iterator[Block]:
    """The check report: what the family qualifies for, what is open, what it does not meet; flags.

    What is met is opened to every criterion, value and law; of the rest only what stands in the
    way, unless the report is asked for in `full`.
    """
    yield Title(_("Check report {no}").format(no=report.report_no))
    yield Pairs(
        [
            (_("Household"), report.household_no),
            (_("Application"), report.application_no or "-"),
            (_("Rules on"), f"{report.rules_on} ({report.rule_pack})"),
            (_("Facts as of"), report.facts_as_of),
        ]
    )
    if reading.names:
        yield Pairs([(_("Members"), _(", ").join(reading.names.values()))])
    for outcome in ("eligible", "unknown", "ineligible"):
        found = [r for r in report.programmes if r.outcome == outcome]
        if found:
            yield Section(f"{outcome_name(outcome)} ({len(found)})")
        if outcome == "eligible" or full:
            yield Entries([programme_entry(report, result, catalogue, reading) for result in found])
        elif outcome == "unknown":
            yield Entries(list(_open_in_short(found, reading)))
        else:
            yield Entries(list(_not_met_in_short(found, reading)))
    if report.flags:
        yield Section(_("To be looked at"))
        flags = [f"{flag_name(f.kind)}  {reading.who(f.member)}  {f.detail}" for f in report.flags]
        yield Entries([Entry(text, mark="!") for text in flags])
    yield Paragraph(report.statement, small=True)


def _open_in_short(results: Sequence[ProgrammeResult], reading: Reading) -> Iterator[Entry]:
    """Each programme that is open, for whom, and what would settle it first."""
    grouped: dict[tuple[str, ...], list[ProgrammeResult]] = {}
    for result in results:
        # What people can say comes before what registers lack and other answers decide.
        asked = sorted(result.missing, key=lambda item: item.fact is None)
        plain = dict.fromkeys(item.plain() for item in asked)
        grouped.setdefault((result.programme, *plain), []).append(result)
    for (__, *reasons), same in grouped.items():
        most = len(reasons) if reading.paper else MOST_SAID
        lines = [f"{result_mark('unknown')} {reason}" for reason in reasons[:most]]
        if left := len(reasons) - len(lines):
            lines.append(_("and {n} more; --full shows all").format(n=left))
        yield Entry(_for_whom(same, reading), lines, "?")


def _not_met_in_short(results: Sequence[ProgrammeResult], reading: Reading) -> Iterator[Entry]:
    """Each programme once with the criteria that are not met, and for whom."""
    grouped: dict[tuple[str, ...], list[ProgrammeResult]] = {}
    for result in results:
        why = [f"{c.text} [{c.basis}]" for c in result.criteria if c.result == "fail"]
        grouped.setdefault((result.programme, *why), []).append(result)
    for (__, *failed), same in grouped.items():
        yield Entry(
            _for_whom(same, reading), [f"{result_mark('fail')} {words}" for words in failed]
        )


def _for_whom(same: Sequence[ProgrammeResult], reading: Reading) -> str:
    """A programme, and the members for whom its answer is the same."""
    apart = _(", ") if reading.paper else ", "
    members = apart.join(reading.who(r.member) for r in same if r.member)
    receiving = f" ({_('being received')})" if any(r.receiving for r in same) else ""
    return f"{reading.programme(same[0])}{receiving}  {members}".rstrip()


def _title(result: ProgrammeResult, reading: Reading) -> str:
    who = f" {reading.who(result.member)}" if result.member else ""
    receiving = f" ({_('being received')})" if result.receiving else ""
    return f"{reading.programme(result)}{who}{receiving}"


def programme_entry(
    report: CheckReport,
    result: ProgrammeResult,
    catalogue: Catalogue,
    reading: Reading = SCREEN,
) -> Entry:
    """One programme opened to amount, criteria, values, sources and law."""
    mark = {"eligible": "v", "unknown": "?"}.get(result.outcome, "-")
    lines = list(_programme_lines(report, result, catalogue, reading))
    return Entry(f"{_title(result, reading)}{_(': ')}{outcome_name(result.outcome)}", lines, mark)


def _programme_lines(
    report: CheckReport, result: ProgrammeResult, catalogue: Catalogue, reading: Reading
) -> Iterator[str]:
    if result.amount_fen is not None:
        amount, per = format_yuan(result.amount_fen), per_name(result.per)
        words = _("proposed amount: {amount} yuan {per}").format(amount=amount, per=per)
        yield words.rstrip()
    if result.amount is not None:
        yield from _amount_lines(report, result, result.amount, catalogue, reading)
    for opened in result.opened_by:
        words = _("opened by {name}: means are not checked again").format(name=opened.name)
        yield f"{words} [{opened.basis}]{_unsure(opened.confidence)}"
    for criterion in result.criteria:
        law = f"{criterion.text} [{criterion.basis}]{_unsure(criterion.confidence)}"
        yield f"{result_mark(criterion.result)} {law}"
        values = values_with_sources(report, result, criterion, catalogue, reading)
        if values:
            yield f"{_INSIDE}{_('; ').join(values)}"
    for line in _open_lines(result, catalogue):
        yield f"! {_('still open: {why}').format(why=line)}"


def values_with_sources(
    report: CheckReport,
    result: ProgrammeResult,
    criterion: CriterionResult,
    catalogue: Catalogue,
    reading: Reading = SCREEN,
) -> list[str]:
    """The values that a criterion used, each with how it is known and of which day."""
    return _values(report, result, criterion.values, catalogue, reading)


def _values(
    report: CheckReport,
    result: ProgrammeResult,
    values: Mapping[str, Value],
    catalogue: Catalogue,
    reading: Reading,
) -> list[str]:
    return [
        f"{value_name(name, catalogue)} = {reading.value(name, value, catalogue)}"
        + _trace(report, result, name, catalogue)
        for name, value in values.items()
    ]


def _open_lines(result: ProgrammeResult, catalogue: Catalogue) -> Iterator[str]:
    for why, names in _grouped(result.missing, catalogue).items():
        yield why + (f" ({', '.join(names)})" if names else "")


def _amount_lines(
    report: CheckReport,
    result: ProgrammeResult,
    amount: AmountResult,
    catalogue: Catalogue,
    reading: Reading,
) -> Iterator[str]:
    """How an amount comes about: its kind and law, each step, and the values it rests on."""
    yield f"{amount_type_name(amount.type)} [{amount.basis}]{_unsure(amount.confidence)}"
    for step in amount.steps:
        yield f"{_INSIDE}{step.text} = {_step_value(step, reading)}"
    values = _values(report, result, amount.values, catalogue, reading)
    if values:
        yield f"{_INSIDE}{_('; ').join(values)}"


def _step_value(step: AmountStepValue, reading: Reading) -> str:
    """A step's result: a sum in yuan, a share as a decimal number."""
    if step.value is None:
        return _("unknown") if reading.paper else "?"
    if step.type == "money":
        amount = format_yuan(step.value)
        return _("{amount} yuan").format(amount=amount) if reading.paper else amount
    return ratio_text(step.value) if step.step.endswith("_ppm") else str(step.value)


def _unsure(confidence: str) -> str:
    return "" if confidence in CONFIRMED else f" [{_('to be confirmed')}]"


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
    """How a value is known and of which day, in brackets; of a standard, if it is not sure."""
    standard = report.standards.get(name)
    if standard is not None and standard.value is not None:
        example = f" ({_('example')})" if standard.origin == "example" else ""
        return example + _unsure(standard.confidence)
    fact = report.member_facts.get(result.member or "", {}).get(name) or report.facts.get(name)
    if fact is None:
        return ""
    return f" ({' '.join(filter(None, [how_known(catalogue, name, fact), fact.as_of]))})"
