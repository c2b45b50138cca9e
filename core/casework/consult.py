"""Policy consultation without a file: what could this family get? It stores and journals nothing.

Nobody is named in it: the family is described by ages, relations and a few answers. It must never
promise; it says what the rules say of what was told, and what would still have to be known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from yimen.core.casework.desk import Desk
from yimen.core.casework.intake import parse_answer
from yimen.core.errors import BadInput
from yimen.core.i18n import _
from yimen.core.records import Fen, MemberNo, Outcome, ProgrammeResult, Record, Value
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.inputs import StandardInForce, standards_on
from yimen.core.rules.trial import TrialHousehold, TrialMember, try_rules

_ORDER: tuple[Outcome, ...] = ("eligible", "unknown", "ineligible")


class Advice(Record, frozen=True, kw_only=True):
    """What the rules say of one programme: its outcome, what is still to be known, what fails."""

    programme: str
    name: str
    department: str
    member: MemberNo | None
    outcome: Outcome
    amount_fen: Fen | None
    per: str | None
    to_know: list[str]
    not_met: list[str]


def describe(
    catalogue: Catalogue,
    members: Sequence[str],
    answers: Sequence[str],
    zone: str,
    receives: Sequence[str] = (),
) -> TrialHousehold:
    """A household from words: `age=67,relation=10,sex=2` a member, `[N:]fact=value` an answer.

    `receives` names the aid that it receives, `[N:]ID` or `none`; said at all, it is all.
    """
    described = [_member(text) for text in members] or [TrialMember()]
    household: dict[str, Value] = {}
    personal: list[dict[str, Value]] = [{} for _member_ in described]
    for text in answers:
        answer = parse_answer(catalogue, text)
        fact = catalogue.facts[answer.fact]
        if answer.subject is None and fact.unit == "household":
            household[answer.fact] = answer.value
            continue
        personal[_place(answer.subject or "1", len(described), text)][answer.fact] = answer.value
    family: list[str] = []
    own: list[list[str]] = [[] for _member_ in described]
    for text in receives:
        number, colon, name = text.rpartition(":")
        if name.lower() != "none":
            programme = catalogue.programme(name).programme
            (own[_place(number, len(described), text)] if colon else family).append(programme)
    return TrialHousehold(
        zone="URBAN" if zone == "URBAN" else "RURAL",
        facts=household,
        receives=family,
        receives_only=bool(receives),
        members=[
            TrialMember(relation=m.relation, age=m.age, sex=m.sex, facts=facts,
                        receives=received)
            for m, facts, received in zip(described, personal, own, strict=True)
        ],
    )  # fmt: skip


def _place(number: str, members: int, text: str) -> int:
    """The place in the list of member number 1, 2, 3."""
    if not (number.isascii() and number.isdigit() and 1 <= int(number) <= members):
        raise BadInput(
            _("'{text}' names no member of the family.").format(text=text[:60]),
            next_step=_("Members are numbered from 1, in the order of --member."),
        )
    return int(number) - 1


def _member(text: str) -> TrialMember:
    given = dict(part.strip().partition("=")[::2] for part in text.split(",") if part.strip())
    if stray := set(given) - {"age", "relation", "sex"}:
        raise BadInput(
            _("'{name}' says nothing of a member.").format(name=", ".join(sorted(stray))[:40]),
            next_step=_("Write it as age=67,relation=10,sex=2."),
        )
    age, sex = given.get("age", "40"), given.get("sex", "1")
    if not (age.isascii() and age.isdigit() and int(age) <= 130 and sex in ("1", "2")):
        raise BadInput(
            _("'{text}' does not describe a member.").format(text=text[:40]),
            next_step=_("Write it as age=67,relation=10,sex=2."),
        )
    return TrialMember(
        relation=given.get("relation", "02"), age=int(age), sex="2" if sex == "2" else "1"
    )


def consult(
    catalogue: Catalogue,
    household: TrialHousehold,
    *,
    on: date,
    county: dict[tuple[str, str], StandardInForce] | None = None,
) -> list[Advice]:
    """One advice a programme and member: what qualifies first, then what is open, least first."""
    report = try_rules(catalogue, household, on=on, county=county)
    advice = [_advice(catalogue, result) for result in report.programmes]
    return sorted(
        advice,
        key=lambda a: (_ORDER.index(a.outcome), len(a.to_know), a.programme, a.member or ""),
    )


def open_facts(
    catalogue: Catalogue,
    household: TrialHousehold,
    *,
    on: date,
    county: dict[tuple[str, str], StandardInForce] | None = None,
) -> list[str]:
    """The facts that can be asked, those for which most programmes wait first."""
    report = try_rules(catalogue, household, on=on, county=county)
    waiting = Counter(
        item.fact
        for result in report.programmes
        for item in result.missing
        if item.fact in catalogue.facts and catalogue.facts[item.fact].expression is None
    )
    return [fact for fact, __ in waiting.most_common() if fact is not None]


def county_standards(desk: Desk, catalogue: Catalogue) -> dict[tuple[str, str], StandardInForce]:
    """The county's numbers of today, with which a consultation answers."""
    today = desk.home.clock.today()
    return standards_on(desk.home, catalogue, sorted(catalogue.standards), today)


def _advice(catalogue: Catalogue, result: ProgrammeResult) -> Advice:
    to_know = {
        catalogue.facts[item.fact].names.text() if item.fact in catalogue.facts else item.why: None
        for item in result.missing
    }
    return Advice(
        programme=result.programme,
        name=result.name,
        department=result.department,
        member=result.member,
        outcome=result.outcome,
        amount_fen=result.amount_fen,
        per=result.per,
        to_know=list(to_know),
        not_met=[c.text for c in result.criteria if c.result == "fail"],
    )
