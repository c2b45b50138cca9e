"""Needs of households as people assess them, and which of them nothing meets yet.

An assessment is a fact that an officer or a helper recorded; a need that nobody assessed is unknown
and never counts as none. What answers a need is in care.py; nothing here decides anything.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yimen.core.casework.care import NEEDS, need_lines
from yimen.core.casework.check import Checker, rows_of_household
from yimen.core.casework.desk import Desk
from yimen.core.casework.intake import Answer
from yimen.core.casework.selecting import current_roster
from yimen.core.declarations import Fact
from yimen.core.divisions import scope_prefix
from yimen.core.errors import BadInput, NotFound
from yimen.core.i18n import _
from yimen.core.identity import mask_ids_in
from yimen.core.list_records import NeedLine, NeedRow
from yimen.core.rules.catalogue import Catalogue
from yimen.core.spelling import plain_number
from yimen.core.store import cases, roster

_WORDS = {"yes": True, "y": True, "是": True, "no": False, "n": False, "否": False}


@dataclass(frozen=True)
class NeedQuestion:
    """A need that nobody has assessed yet: of whom, and the words to ask it in."""

    subject: str
    about: str
    fact: str
    need: str
    text: str


def parse_need(catalogue: Catalogue, household_no: str, text: str) -> Answer:
    """`[MEMBER:]NEED=yes`; `BadInput` names the needs, and says whose a need is."""
    left, sign, value = text.partition("=")
    member, colon, need = left.strip().rpartition(":")
    word = _WORDS.get(value.strip().lower())
    if not sign or word is None:
        raise BadInput(
            _("'{text}' is not an assessed need.").format(text=text[:40]),
            next_step=_("Write it as need=yes or need=no, or as member:need=yes."),
        )
    facts = [f for f in _facts(catalogue) if f.need == need.strip().lower()]
    if not facts:
        raise BadInput(
            _("'{need}' is not a need.").format(need=need.strip()[:20]),
            next_step=_("Choose from: {codes}.").format(codes=", ".join(NEEDS)),
        )
    unit = "person" if colon else "household"
    fitting = [f for f in facts if f.unit == unit]
    if not fitting:
        wanted = _("a member's") if unit == "household" else _("the household's")
        raise BadInput(
            _("The need {need} is {whose}.").format(need=need.strip(), whose=wanted),
            next_step=_("Write member:need=yes for a member, need=yes for the household."),
        )
    return Answer(plain_number(member) if colon else household_no, fitting[0].fact, word)


def _facts(catalogue: Catalogue) -> list[Fact]:
    return [fact for fact in catalogue.facts.values() if fact.need is not None]


def assess(
    desk: Desk, catalogue: Catalogue, household_no: str, answers: Sequence[Answer], *, source: str
) -> None:
    """Records what was assessed of a household's needs, and how it was seen.

    An officer who may verify facts verifies it; a helper's word stands until one does.
    """
    today = desk.home.clock.today()
    rows = rows_of_household(desk, catalogue, household_no, today)
    desk.require("need.assess", division=rows[0][7])
    if not source.strip():
        raise BadInput(
            _("An assessment needs its source."),
            next_step=_("Say with --source how it was seen: a visit, a call, a scale."),
            field="source",
        )
    known = {household_no, *(str(row[1]) for row in rows)}
    for answer in answers:
        if answer.subject not in known:
            raise NotFound(
                _("{no} is not a member of the household.").format(no=answer.subject),
                next_step=_("`yimen household show {no}` lists them.").format(no=household_no),
            )
    status = "verified" if desk.may("fact.verify") else "declared"
    with desk.home.writing() as db:
        db.conn.executemany(
            "INSERT INTO recorded_fact (application_no, subject, fact, value, status, source,"
            " as_of, recorded_by, recorded_at) VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (a.subject, a.fact, json.dumps(a.value), status, mask_ids_in(source.strip()),
                 today.isoformat(), desk.operator.operator_no, desk.home.clock.now())
                for a in answers
            ],
        )  # fmt: skip
        body = {"needs": {f"{a.subject}:{a.fact}": a.value for a in answers}, "status": status}
        desk.record(db, "need.assess", household_no, body)


def open_questions(desk: Desk, catalogue: Catalogue, household_no: str) -> list[NeedQuestion]:
    """The needs of a household that nobody has assessed yet, in the law's order."""
    today = desk.home.clock.today()
    rows = rows_of_household(desk, catalogue, household_no, today)
    desk.require("need.assess", division=rows[0][7])
    names = {str(row[1]): str(row[3]) for row in rows}
    recorded = cases.recorded_facts(
        desk.home.casework, [household_no, *names], until=today, applications=[]
    )
    seen = {(fact.subject, fact.fact) for fact in recorded}
    return [
        NeedQuestion(subject, names.get(subject, ""), fact.fact, need, fact.ask.text())
        for need in NEEDS
        for fact in _facts(catalogue)
        if fact.need == need and fact.ask is not None
        for subject in ([household_no] if fact.unit == "household" else names)
        if (subject, fact.fact) not in seen
    ]


def need_rows(
    desk: Desk,
    catalogue: Catalogue,
    *,
    household_no: str | None = None,
    need: str | None = None,
    unmet: bool = False,
) -> list[NeedRow]:
    """The needs that were assessed within the operator's scope, each with what answers it.

    `unmet` keeps those that nothing received, referred or ordered meets; what is unknown is in
    `open_questions` and never here.
    """
    desk.require("need.read")
    today = desk.home.clock.today()
    table = current_roster(desk, catalogue, today)
    places = _assessed(desk, catalogue, table, household_no)
    checker = Checker(desk, catalogue, rules_on=today, facts_as_of=today)
    rows: list[NeedRow] = []
    found = sorted(places)
    for report in checker.reports(found) if found else ():
        division, members = places[report.household_no]
        recorded = cases.recorded_facts(
            desk.home.casework, [report.household_no, *members], until=today, applications=[]
        )
        sent = cases.referrals(desk.home.casework, households=[report.household_no])
        lines = need_lines(desk, catalogue, report, recorded, sent)
        rows += _rows(report.household_no, division, lines)
    kept = [row for row in rows if (need is None or row.need == need) and not (unmet and row.met)]
    desk.record_reading("need.list", household_no or "all", {"rows": len(kept)})
    return kept


def _assessed(
    desk: Desk, catalogue: Catalogue, table: str, household_no: str | None
) -> dict[str, tuple[str, list[str]]]:
    """Households with an assessment in the operator's scope -> their place and members."""
    facts = [fact.fact for fact in _facts(catalogue)]
    subjects = {
        row[0]
        for row in desk.home.casework.conn.execute(
            "SELECT DISTINCT subject FROM recorded_fact"
            " WHERE fact IN (SELECT value FROM json_each(?))",
            [json.dumps(facts)],
        )
    }
    of_members = roster.find_rows(
        desk.home, table, "member_no", sorted(s for s in subjects if s.startswith("M"))
    )
    households = {s for s in subjects if s.startswith("H")} | {str(r[0]) for r in of_members}
    if household_no is not None:
        households &= {household_no}
    prefix = scope_prefix(desk.operator.division)
    places: dict[str, tuple[str, list[str]]] = {}
    for row in roster.find_rows(desk.home, table, "household_no", sorted(households)):
        if str(row[7]).startswith(prefix):
            places.setdefault(str(row[0]), (str(row[7]), []))[1].append(str(row[1]))
    return places


def _rows(household_no: str, division: str, lines: Sequence[NeedLine]) -> Iterator[NeedRow]:
    for line in lines:
        if not line.assessed:
            continue
        sent = [a for a in line.answers if a.referral_no]
        yield NeedRow(
            household_no=household_no,
            division=division,
            need=line.need,
            member=line.member,
            assessed=True,
            as_of=line.as_of or "",
            source=line.source or "",
            assessed_by=line.assessed_by or "",
            met=line.met,
            programmes=list(dict.fromkeys(a.programme for a in line.answers)),
            referrals=list(dict.fromkeys(a.referral_no for a in sent if a.referral_no)),
            orders=[order.order_no for order in line.orders],
            outcomes=[f"{a.referral_no} {a.outcome}" for a in sent if a.outcome],
        )
