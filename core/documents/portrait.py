"""The portrait of a household as a page: hardship, degree, expenses, aid, and what is not known.

What is shown, what is not known and what no data shows stand apart, so that an unknown is never
read as an absence. It shows what the record holds and decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from yimen.core.documents.lists import Names, aid_span, amount_text, listed
from yimen.core.documents.values import how_known, ratio_text
from yimen.core.i18n import _
from yimen.core.list_records import (
    ClassLine,
    DecisiveLine,
    ExpenseLine,
    HardshipFact,
    HardshipLine,
    PolicyLine,
    Portrait,
    ProgrammeFor,
)
from yimen.core.money import format_yuan
from yimen.core.records import FactValue
from yimen.core.render.page import Block, Entries, Entry, Pairs, Paragraph, Section, Title
from yimen.core.results import KnownBenefit
from yimen.core.rules.catalogue import Catalogue
from yimen.core.words.checks import standing_name
from yimen.core.words.people import hardship_name

# So many of the missing facts are printed; the record holds all.
MOST_DECISIVE = 8


def portrait_page(found: Portrait, names: Names, catalogue: Catalogue) -> Iterator[Block]:
    """The portrait 精准画像; `names` are the members' as the operator may see them."""
    yield Title(_("Portrait of household {no}").format(no=found.household_no))
    yield Pairs(
        [
            (_("Made on"), found.made_on),
            (_("Rules on"), f"{found.rules_on} ({found.rule_pack})"),
            (_("Check report"), found.report_no),
            (_("Members"), _(", ").join(names.values())),
        ]
    )
    yield Section(_("Degree of hardship"))
    yield Pairs(
        [
            (_("Gravest class"), _degree(found)),
            (_("Income a head"), _ratio(found.income_ratio_ppm)),
        ]
    )
    yield Entries(list(_class_entries(found.classes, names)))
    yield Section(_("Types of hardship"))
    yield Entries(list(_hardship_entries(found.hardships, names, catalogue)))
    yield Section(_("Rigid expenses of twelve months"))
    yield Entries([_expense_entry(e, catalogue) for e in found.expenses])
    yield Pairs([(_("Together"), _expense_total(found))])
    yield Section(_("Aid being received"))
    yield Entries([_benefit_entry(b, names, catalogue) for b in found.received], _("none known"))
    yield Section(_("Likely, not yet received"))
    yield Entries(list(_likely_entries(found.likely, names)), _("none"))
    yield Section(_("What would decide the most"))
    groups = _alike(found.decisive)
    shown = groups[:MOST_DECISIVE]
    yield Entries([_decisive_entry(g, names, catalogue) for g in shown], _("nothing is open"))
    if left := sum(len(g) for g in groups[MOST_DECISIVE:]):
        yield Paragraph(_("{n} more missing facts decide or help less.").format(n=left))
    yield Section(_("Programmes that are not known either way"))
    yield Entries([Entry(line, mark="?") for line in _for_whom(found.unknown, names)], _("none"))
    yield Paragraph(found.statement, small=True)


def _degree(found: Portrait) -> str:
    """The gravest class that holds, and whether a graver one is still open."""
    open_ones = [c for c in found.classes if _class_mark(c) == "?"]
    if found.degree is None:
        return _("not known yet") if open_ones else _("none")
    held = [c for c in found.classes if c.degree == found.degree and (c.recognised or c.proposed)]
    recognised = any(c.recognised for c in held)
    words = _("recognised") if recognised else _("proposed by this check, not recognised")
    classes = listed(list(dict.fromkeys(c.name for c in held)))
    parts = [_("{name}: {value}").format(name=classes, value=words)]
    if any(c.degree < found.degree for c in open_ones):
        parts.append(_("whether a graver class holds is not known yet"))
    return listed(parts)


def _ratio(ppm: int | None) -> str:
    if ppm is None:
        return _("not known yet")
    return _("{ratio} times the dibao standard").format(ratio=ratio_text(ppm))


def _class_entries(classes: Sequence[ClassLine], names: Names) -> Iterator[Entry]:
    """Each class in the order of the law, with the members of whom the same is said."""
    for __, lines in groupby(classes, key=lambda c: c.programme):
        same: dict[str, list[ClassLine]] = {}
        for line in lines:
            same.setdefault(_class_mark(line), []).append(line)
        # Of a person's class what holds for nobody is said of the family at once.
        for mark in [m for m in ("v", "*", "?", "-") if m in same]:
            if mark == "-" and len(same) > 1:
                continue
            who = "" if mark == "-" else _people([c.member for c in same[mark]], names)
            words = {
                "v": _("recognised"), "*": _("proposed by this check, not recognised"),
                "?": _("not known yet"), "-": _("no"),
            }[mark]  # fmt: skip
            title = "  ".join(filter(None, [same[mark][0].name, who]))
            yield Entry(_("{name}: {value}").format(name=title, value=words), mark=mark)


def _class_mark(line: ClassLine) -> str:
    if line.recognised:
        return "v"
    if line.proposed:
        return "*"
    return "?" if None in (line.recognised, line.proposed) else "-"


def _hardship_entries(
    lines: Sequence[HardshipLine], names: Names, catalogue: Catalogue
) -> Iterator[Entry]:
    """What is shown with its facts, what is not known with what is missing, then the rest."""
    by = {shown: [h for h in lines if h.shown is shown] for shown in (True, None, False)}
    for line in by[True]:
        facts = [f for f in line.facts if f.shown]
        yield Entry(hardship_name(line.kind), [_fact_text(f, names, catalogue) for f in facts], "!")
    for line in by[None]:
        unknown = [(f.name, f.member) for f in line.facts]
        words = [_("not known yet: {what}").format(what=w) for w in _with_people(unknown, names)]
        yield Entry(hardship_name(line.kind), words, "?")
    if by[False]:
        kinds = [hardship_name(line.kind) for line in by[False]]
        yield Entry(_("Nothing known shows: {kinds}").format(kinds=listed(kinds)))


def _fact_text(fact: HardshipFact, names: Names, catalogue: Catalogue) -> str:
    who = names.get(fact.member or "", fact.member or "")
    value = FactValue(value=fact.value, status=fact.status, source=None, as_of=fact.as_of)
    known = " ".join(filter(None, [how_known(catalogue, fact.fact, value), fact.as_of]))
    said = _("{name}: {value}").format(name=fact.name, value=f"{fact.text} ({known})")
    return "  ".join(filter(None, [who, said]))


def _expense_entry(expense: ExpenseLine, catalogue: Catalogue) -> Entry:
    words = _("{name}: {value}")
    if expense.amount_fen is None:
        return Entry(words.format(name=expense.name, value=_("not known yet")), mark="?")
    source = catalogue.sources.get(expense.source or "")
    seen = FactValue(
        value=expense.amount_fen, status=expense.status, source=expense.source, as_of=expense.as_of
    )
    known = source.names.text() if source else how_known(catalogue, expense.fact, seen)
    origin = [known, expense.as_of]
    amount = _("{amount} yuan").format(amount=format_yuan(expense.amount_fen))
    value = f"{amount} ({' '.join(filter(None, origin))})"
    return Entry(words.format(name=expense.name, value=value), mark="v")


def _expense_total(found: Portrait) -> str:
    if found.expenses_fen is None:
        return _("not known yet")
    return _("{amount} yuan").format(amount=format_yuan(found.expenses_fen))


def _benefit_entry(benefit: KnownBenefit, names: Names, catalogue: Catalogue) -> Entry:
    programme = catalogue.programmes.get(benefit.programme)
    name = programme.names.text() if programme else benefit.programme
    who = names.get(benefit.member_no or "", "")
    amount = "-" if benefit.amount_fen is None else format_yuan(benefit.amount_fen)
    known = catalogue.departments.get(benefit.payer)
    payer = known.names.text() if known else benefit.payer
    since = f"{amount}  {aid_span(benefit)}  {payer}"
    return Entry("  ".join(filter(None, [name, who])), [since], "v")


def _likely_entries(lines: Sequence[PolicyLine], names: Names) -> Iterator[Entry]:
    """Members of whom the same is said stand in one entry."""
    same: dict[tuple[object, ...], list[PolicyLine]] = {}
    for line in lines:
        same.setdefault((line.programme, line.standing, line.amount_fen), []).append(line)
    for group in same.values():
        line = group[0]
        who = _people([g.member for g in group], names)
        standing = standing_name(line.standing)
        amount = amount_text(line.amount_fen, line.per)
        yield Entry(
            "  ".join(filter(None, [line.name, who, standing, amount, line.department])),
            mark="*" if line.standing == "entitled" else "?",
        )


def _alike(lines: Iterable[DecisiveLine]) -> list[list[DecisiveLine]]:
    """Members for whom the same fact does as much stand together; the order is kept."""
    groups: dict[tuple[object, ...], list[DecisiveLine]] = {}
    for line in lines:
        key = (line.fact, line.how, line.question, len(line.decides), len(line.helps))
        groups.setdefault(key, []).append(line)
    return list(groups.values())


def _decisive_entry(group: list[DecisiveLine], names: Names, catalogue: Catalogue) -> Entry:
    line = group[0]
    who = _people([d.member for d in group], names)
    one, many = _("decides {n} alone, helps {m}"), _("each decides {n} alone, helps {m}")
    words = one if len(group) == 1 else many
    counts = words.format(n=len(line.decides), m=len(line.helps))
    details = [_where(line, catalogue)]
    decided = _for_whom([p for d in group for p in d.decides], names)
    details += [_("decides: {programmes}").format(programmes=said) for said in decided]
    if line.document:
        details.append(_("Paper: {paper}").format(paper=line.document))
    return Entry("  ".join(filter(None, [who, line.name, counts])), details, "?")


def _where(line: DecisiveLine, catalogue: Catalogue) -> str:
    """Where the fact is to be had, with the question or the reason."""
    words = {
        "ask": _("ask: {question}"), "register": _("from a register: {question}"),
        "verify": _("to be verified: {question}"), "standard": _("to be set: {question}"),
    }[line.how]  # fmt: skip
    where = words.format(question=line.question)
    source = catalogue.sources.get(line.source or "")
    if source is None or line.how == "register":
        return where
    return f"{where} ({_('or from {source}').format(source=source.names.text())})"


def _for_whom(programmes: Iterable[ProgrammeFor], names: Names) -> list[str]:
    """The programmes, a line for each group of members."""
    return _with_people([(p.name, p.member) for p in programmes], names)


def _with_people(things: Iterable[tuple[str, str | None]], names: Names) -> list[str]:
    """A line for each group of members: whom it is about, and all that is about just them."""
    members: dict[str, list[str | None]] = {}
    for thing, member in things:
        members.setdefault(thing, []).append(member)
    same: dict[str, list[str]] = {}
    for thing, who in members.items():
        same.setdefault(_people(who, names), []).append(thing)
    return [
        _("{name}: {value}").format(name=who, value=listed(found)) if who else listed(found)
        for who, found in same.items()
    ]


def _people(members: Iterable[str | None], names: Names) -> str:
    """The names of members; of all of them, that they are all."""
    about = [m for m in members if m is not None]
    if len(about) > 1 and set(about) == set(names):
        return _("all members")
    return _(", ").join(names.get(m, m) for m in about)
