"""The check report on paper: each programme opened to criteria, values, amount and law; then flags.

It shows what the record holds and decides nothing; what is not confirmed law says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from yimen.core.declarations import CONFIRMED
from yimen.core.documents.values import how_known, shown, value_name
from yimen.core.i18n import _
from yimen.core.money import format_yuan
from yimen.core.records import (
    AmountResult,
    CheckReport,
    CriterionResult,
    MissingItem,
    ProgrammeResult,
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


def report_text(report: CheckReport, catalogue: Catalogue, *, full: bool = False) -> Iterator[str]:
    """The check report in lines of at most 80 columns."""
    return page_text(report_page(report, catalogue, full=full))


def report_page(
    report: CheckReport,
    catalogue: Catalogue,
    *,
    full: bool = False,
    names: Sequence[tuple[str, str]] = (),
) -> Iterator[Block]:
    """The check report: what the family qualifies for, what is open, what it does not meet; flags.

    What is met is opened to every criterion, value and law; of the rest only what stands in the
    way, unless the report is asked for in `full`. `names` are (member_no, name) to read it by.
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
    if names:
        yield Section(_("Members"))
        yield Pairs(names)
    for outcome in ("eligible", "unknown", "ineligible"):
        found = [r for r in report.programmes if r.outcome == outcome]
        if found:
            yield Section(f"{outcome_name(outcome)} ({len(found)})")
        if outcome == "eligible" or full:
            yield Entries([programme_entry(report, result, catalogue) for result in found])
        elif outcome == "unknown":
            yield Entries(list(_open_in_short(found)))
        else:
            yield Entries(list(_not_met_in_short(found)))
    if report.flags:
        yield Section(_("To be looked at"))
        flags = [f"{flag_name(f.kind)}  {f.member or ''}  {f.detail}" for f in report.flags]
        yield Entries([Entry(text, mark="!") for text in flags])
    yield Paragraph(report.statement, small=True)


def _open_in_short(results: Sequence[ProgrammeResult]) -> Iterator[Entry]:
    """Each programme that is open, for whom, and what would settle it first."""
    grouped: dict[tuple[str, ...], list[ProgrammeResult]] = {}
    for result in results:
        # What people can say comes before what registers lack and other answers decide.
        asked = sorted(result.missing, key=lambda item: item.fact is None)
        plain = dict.fromkeys(item.plain() for item in asked)
        grouped.setdefault((result.programme, *plain), []).append(result)
    for (__, *reasons), same in grouped.items():
        lines = [f"{result_mark('unknown')} {reason}" for reason in reasons[:MOST_SAID]]
        if reasons[MOST_SAID:]:
            left = len(reasons) - MOST_SAID
            lines.append(_("and {n} more; --full shows all").format(n=left))
        yield Entry(_for_whom(same), lines, "?")


def _not_met_in_short(results: Sequence[ProgrammeResult]) -> Iterator[Entry]:
    """Each programme once with the criteria that are not met, and for whom."""
    grouped: dict[tuple[str, ...], list[ProgrammeResult]] = {}
    for result in results:
        why = [f"{c.text} [{c.basis}]" for c in result.criteria if c.result == "fail"]
        grouped.setdefault((result.programme, *why), []).append(result)
    for (__, *failed), same in grouped.items():
        yield Entry(_for_whom(same), [f"{result_mark('fail')} {words}" for words in failed])


def _for_whom(same: Sequence[ProgrammeResult]) -> str:
    """A programme, and the members for whom its answer is the same."""
    members = ", ".join(r.member for r in same if r.member)
    receiving = f" ({_('being received')})" if any(r.receiving for r in same) else ""
    return f"{same[0].programme} {same[0].name}{receiving}  {members}".rstrip()


def _title(result: ProgrammeResult) -> str:
    who = f" {result.member}" if result.member else ""
    receiving = f" ({_('being received')})" if result.receiving else ""
    return f"{result.programme} {result.name}{who}{receiving}"


def programme_entry(report: CheckReport, result: ProgrammeResult, catalogue: Catalogue) -> Entry:
    """One programme opened to amount, criteria, values, sources and law."""
    mark = {"eligible": "v", "unknown": "?"}.get(result.outcome, "-")
    lines = list(_programme_lines(report, result, catalogue))
    return Entry(f"{_title(result)}{_(': ')}{outcome_name(result.outcome)}", lines, mark)


def _programme_lines(
    report: CheckReport, result: ProgrammeResult, catalogue: Catalogue
) -> Iterator[str]:
    if result.amount_fen is not None:
        amount, per = format_yuan(result.amount_fen), per_name(result.per)
        words = _("proposed amount: {amount} yuan {per}").format(amount=amount, per=per)
        yield words.rstrip()
    if result.amount is not None:
        yield from _amount_lines(report, result, result.amount, catalogue)
    for opened in result.opened_by:
        words = _("opened by {name}: means are not checked again").format(name=opened.name)
        yield f"{words} [{opened.basis}]{_unsure(opened.confidence)}"
    for criterion in result.criteria:
        law = f"{criterion.text} [{criterion.basis}]{_unsure(criterion.confidence)}"
        yield f"{result_mark(criterion.result)} {law}"
        values = values_with_sources(report, result, criterion, catalogue)
        if values:
            yield f"{_INSIDE}{_('; ').join(values)}"
    for line in _open_lines(result, catalogue):
        yield f"! {_('still open: {why}').format(why=line)}"


def values_with_sources(
    report: CheckReport, result: ProgrammeResult, criterion: CriterionResult, catalogue: Catalogue
) -> list[str]:
    """The values that a criterion used, each with how it is known and of which day."""
    return [
        f"{value_name(name, catalogue)} = {shown(name, value, catalogue)}"
        + _trace(report, result, name, catalogue)
        for name, value in criterion.values.items()
    ]


def _open_lines(result: ProgrammeResult, catalogue: Catalogue) -> Iterator[str]:
    for why, names in _grouped(result.missing, catalogue).items():
        yield why + (f" ({', '.join(names)})" if names else "")


def _amount_lines(
    report: CheckReport, result: ProgrammeResult, amount: AmountResult, catalogue: Catalogue
) -> Iterator[str]:
    """How an amount comes about: its kind and law, each step, and the values it rests on."""
    yield f"{amount_type_name(amount.type)} [{amount.basis}]{_unsure(amount.confidence)}"
    for step in amount.steps:
        value = "?" if step.value is None else str(step.value)
        if step.type == "money" and step.value is not None:
            value = format_yuan(step.value)
        yield f"{_INSIDE}{step.text} = {value}"
    values = [
        f"{value_name(n, catalogue)} = {shown(n, v, catalogue)}"
        + _trace(report, result, n, catalogue)
        for n, v in amount.values.items()
    ]
    if values:
        yield f"{_INSIDE}{_('; ').join(values)}"


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
