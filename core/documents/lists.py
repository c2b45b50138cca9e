"""Two libraries and two lists (两库两清单) as pages: the household's file, the programme library,
the policy care list and the service list.

A page is made of blocks that print as text or on A4 paper; it shows what the records hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby

from yimen.core.declarations import CONFIRMED, Basis, Programme, ProgrammeVersion
from yimen.core.divisions import division_title, place_name
from yimen.core.i18n import _
from yimen.core.list_records import PolicyLine, PolicyList, ServiceList
from yimen.core.money import format_yuan
from yimen.core.records import Household, Member
from yimen.core.render.page import (
    BLANK,
    Block,
    Entries,
    Entry,
    Pairs,
    Paragraph,
    Section,
    Title,
    sheets,
)
from yimen.core.results import KnownBenefit, QueryResult
from yimen.core.rules.catalogue import Catalogue
from yimen.core.words.amounts import amount_type_name, per_name
from yimen.core.words.cases import state_name
from yimen.core.words.checks import standing_name, status_name
from yimen.core.words.people import need_name, relation_name
from yimen.core.words.referrals import due_text

Names = dict[str, str]
# Of what is still to be known about one programme, so many things are named on paper.
MOST_SAID = 4


def listed(items: Sequence[str], most: int | None = None) -> str:
    """The items in one line as the language separates them; what is beyond `most` is counted."""
    plain = [item.rstrip(".。") for item in items]
    shown = plain if most is None or len(plain) <= most else plain[:most]
    # What ends in its own mark needs no second one before the next.
    line = "".join(
        item if last else f"{item} " if item[-1:] in "?!？！" else item + _("; ")
        for last, item in ((n == len(shown), item) for n, item in enumerate(shown, 1))
    )
    left = len(plain) - len(shown)
    return line + _(" and {n} more").format(n=left) if left else line


def member_names(household: Household) -> Names:
    """member_no -> the name as this operator may see it."""
    return {m.member_no: m.name for m in household.members}


def _payer(catalogue: Catalogue, payer: str) -> str:
    """A department by its name; a payer that a register names stays as it says."""
    known = catalogue.departments.get(payer)
    return known.names.text() if known else payer


def file_page(result: QueryResult, catalogue: Catalogue, *, paper: bool = False) -> Iterator[Block]:
    """The household's base file 一户一档: members, aid received, cases, and how sources stand.

    On `paper`, which a family holds, members carry no number of ours and places no code.
    """
    household = result.household
    yield Title(_("Family file {no}").format(no=household.household_no))
    zone = {"URBAN": _("urban"), "RURAL": _("rural")}.get(household.zone or "", "-")
    yield Pairs([(_("Division"), _place(household.division, paper)), (_("Zone"), zone)])
    yield Section(_("Members"))
    yield Entries([_member_entry(m, paper) for m in household.members])
    names = member_names(household)
    yield Section(_("Aid"))
    aid = [_aid_entry(b, names, catalogue, paper) for b in result.benefits]
    yield Entries(aid, _("none known"))
    yield Section(_("Applications and referrals"))
    yield Entries(
        [
            Entry(f"{a.application_no}  {state_name(a.state)}  {a.submitted_on}")
            for a in result.applications
        ]
        + [
            Entry(
                f"{r.referral_no}  {_programme_name(catalogue, r.programme)}"
                f"  {state_name(r.state)}  {due_text(r.due_on or '')}".rstrip()
            )
            for r in result.referrals
        ],
        _("none"),
    )
    yield Section(_("Sources"))
    standing: dict[tuple[str, str], list[str]] = {}
    for source in result.sources:
        name = catalogue.sources[source.source].names.text()
        standing.setdefault((source.status, source.as_of or ""), []).append(name)
    yield Entries(
        [
            Entry(f"{status_name(status)} {day}".rstrip(), [listed(names)])
            for (status, day), names in sorted(standing.items())
        ]
    )


def policies_page(found: PolicyList, names: Names) -> Iterator[Block]:
    """The policy care list 救助政策关爱清单: what is received, what may be had, what is open."""
    yield Title(_("Policy care list of household {no}").format(no=found.household_no))
    yield Pairs(
        [
            (_("Made on"), found.made_on),
            (_("Rules on"), f"{found.rules_on} ({found.rule_pack})"),
            (_("Check report"), found.report_no),
        ]
    )
    for standing, lines in groupby(found.policies, key=lambda line: line.standing):
        listed = list(lines)
        yield Section(f"{standing_name(standing)} ({len({p.programme for p in listed})})")
        mark = {"receiving": "v", "entitled": "*", "likely": "?", "needs_fact": "?"}
        yield Entries(list(_policy_entries(listed, names, mark.get(standing, "-"))))
    yield Paragraph(found.statement, small=True)


def _policy_entries(lines: list[PolicyLine], names: Names, mark: str) -> Iterator[Entry]:
    """Members to whom the same is said stand in one entry."""
    said: dict[tuple[object, ...], list[PolicyLine]] = {}
    for line in lines:
        key = (line.programme, line.amount_fen, *line.opened_by, *line.to_know, *line.not_met)
        said.setdefault(key, []).append(line)
    for same in said.values():
        line = same[0]
        who = _(", ").join(names.get(s.member, s.member) for s in same if s.member)
        amount = amount_text(line.amount_fen, line.per)
        details = [f"{_('Department')}{_(': ')}{line.department}"]
        details += [_("opened by {name}").format(name=listed(line.opened_by))
                    ] if line.opened_by else []  # fmt: skip
        details += [_("to be known: {what}").format(what=listed(line.to_know, MOST_SAID))
                    ] if line.to_know else []  # fmt: skip
        details += [_("not met: {what}").format(what=listed(line.not_met))
                    ] if line.not_met else []  # fmt: skip
        unsure = "" if line.confirmed else f" [{_('to be confirmed')}]"
        details.append(f"{_('Basis')}{_(': ')}{listed(line.basis)}{unsure}")
        yield Entry("  ".join(filter(None, [line.name, who, amount])), details, mark)


def services_page(found: ServiceList, names: Names) -> Iterator[Block]:
    """The service list 困难家庭救助服务清单: each need, who saw it, what answers it."""
    yield Title(_("Service list of household {no}").format(no=found.household_no))
    yield Pairs([(_("Made on"), found.made_on)])
    for need, lines in groupby(found.needs, key=lambda line: line.need):
        yield Section(need_name(need))
        for line in lines:
            who = names.get(line.member or "", "")
            if line.assessed is None:
                yield Entries([Entry(_("not assessed yet"), mark="?")])
                continue
            seen = _("assessed on {day}: {source}").format(day=line.as_of, source=line.source)
            if not line.assessed:
                yield Entries([Entry("  ".join(filter(None, [who, _("no need")])), [seen])])
                continue
            words = _("met") if line.met else _("unmet")
            yield Entries(
                [Entry("  ".join(filter(None, [who, words])), [seen], "v" if line.met else "!")]
                + [
                    Entry(
                        f"{a.name}  {standing_name(a.standing)}  {a.department}",
                        [f"{a.referral_no}  {state_name(a.state)}"]
                        if a.referral_no and a.state
                        else [],
                    )
                    for a in line.answers
                ]
                + [
                    Entry(
                        _("Ordered: {item}, {n} {unit}, accepted {accepted}").format(
                            item=o.item, n=o.quantity, unit=o.unit, accepted=o.accepted
                        ),
                        [o.order_no],
                    )
                    for o in line.orders
                ]
            )
    yield Paragraph(found.statement, small=True)


def library_page(catalogue: Catalogue, on: date, wanted: Iterable[str]) -> Iterator[Block]:
    """The programme library 救助援助项目库: what there is on a day, for whom, and by which law."""
    versions = catalogue.versions_on(on)
    yield Title(_("Programme library"))
    yield Pairs([(_("In force on"), on.isoformat()), (_("Rule pack"), catalogue.pack_on(on).pack)])
    listed = [catalogue.programmes[name] for name in wanted if name in versions]
    listed.sort(key=lambda p: (p.department, p.programme))
    for department, programmes in groupby(listed, key=lambda p: p.department):
        yield Section(catalogue.departments[department].names.text())
        yield Entries([_library_entry(p, versions[p.programme]) for p in programmes])


def _library_entry(programme: Programme, version: ProgrammeVersion) -> Entry:
    whom = [f"{c.text.text()} [{law_of(c.basis)}]" for c in version.criteria]
    papers = [d.names.text() for d in version.documents]
    details = [_("For whom: {conditions}").format(conditions=listed(whom))]
    details.append(_("What: {kind}").format(kind=amount_type_name(version.amount.type)))
    details += [_("Papers: {papers}").format(papers=listed(papers))] if papers else []
    details.append(f"{_('Basis')}{_(': ')}{listed(list(map(law_of, version.basis)))}")
    return Entry(f"{programme.programme} {programme.names.text()}", details)


def law_of(basis: Basis) -> str:
    """A law's words, with a mark where its text was not read."""
    unsure = "" if basis.tag in CONFIRMED else f" ({_('to be confirmed')})"
    return f"{basis.words()}{unsure}"


def booklet_page(
    result: QueryResult, policies: PolicyList, services: ServiceList, catalogue: Catalogue
) -> Iterator[Block]:
    """One household, one booklet 一户一册: its file and both its lists, a sheet each."""
    names = member_names(result.household)
    yield from sheets(
        [
            file_page(result, catalogue, paper=True),
            policies_page(policies, names),
            services_page(services, names),
        ]
    )


def _benefit_state(benefit: KnownBenefit) -> str:
    if benefit.active:
        return _("active")
    return _("begins later") if benefit.upcoming else _("ended")


def _programme_name(catalogue: Catalogue, name: str) -> str:
    found = catalogue.programmes.get(name)
    return found.names.text() if found else name


def _member_entry(member: Member, paper: bool) -> Entry:
    said = (
        f"{member.name}  {relation_name(member.relation)}  {member.id_number or _('no ID number')}"
    )
    if paper:
        return Entry(f"{said}  {_('born on {day}').format(day=member.birth_date or BLANK)}")
    return Entry(said, [f"{member.member_no}  {member.birth_date or '-'}"])


def aid_span(benefit: KnownBenefit) -> str:
    """From when to when aid is given, as far as the register that shows it says."""
    first, last = benefit.from_date or "", benefit.to_date or ""
    return f"{first} ~ {last}" if first or last else ""


def _aid_entry(benefit: KnownBenefit, names: Names, catalogue: Catalogue, paper: bool) -> Entry:
    title = (
        f"{_programme_name(catalogue, benefit.programme)}  {names.get(benefit.member_no or '', '')}"
    )
    line = (
        f"{_benefit_state(benefit)}  {_yuan(benefit.amount_fen, paper)}"
        f"  {aid_span(benefit)}  {_payer(catalogue, benefit.payer)}"
    )
    mark = "v" if benefit.active else "-"
    return Entry(f"{title.rstrip()}  {line}", mark=mark) if paper else Entry(title, [line], mark)


def _place(division: str, paper: bool) -> str:
    return (place_name(division) or BLANK) if paper else division_title(division)


def _yuan(fen: int | None, paper: bool) -> str:
    if fen is None:
        return "-"
    amount = format_yuan(fen)
    return _("{amount} yuan").format(amount=amount) if paper else amount


def amount_text(fen: int | None, per: str | None) -> str:
    """An amount and its period; nothing where it is not known."""
    if fen is None:
        return ""
    return _("{amount} yuan {per}").format(amount=format_yuan(fen), per=per_name(per)).strip()
