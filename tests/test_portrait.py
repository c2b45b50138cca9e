"""The portrait of a household: hardship, degree, expenses, aid, and which fact decides the most."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from wcwidth import wcswidth

from yimen.core.casework.decisive import decisive_facts
from yimen.core.casework.portrait import portrait
from yimen.core.list_records import DecisiveLine, HardshipLine, Portrait
from yimen.core.records import CheckReport
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.trial import Scenario, TrialHousehold, TrialMember, try_rules

TODAY = date(2026, 11, 20)
PLUGINS = Path(__file__).parent.parent / "plugins"
# Values that a person could give for a fact of each type.
SAID: dict[str, tuple[bool | int | str, ...]] = {
    "boolean": (True, False), "money": (0, 10_000_00), "integer": (0, 3), "date": ("2026-01-01",),
}  # fmt: skip


def drawn(catalogue: Catalogue, household: TrialHousehold, **more: Any) -> Portrait:
    """The portrait of a household that is only described."""
    report = try_rules(catalogue, household, on=TODAY, **more)
    return portrait(report, [], catalogue, made_on=TODAY.isoformat())


def kind(found: Portrait, name: str) -> HardshipLine:
    (line,) = [h for h in found.hardships if h.kind == name]
    return line


def standing(found: Portrait, programme: str) -> list[tuple[str | None, bool | None, bool | None]]:
    return [(c.member, c.recognised, c.proposed) for c in found.classes if c.programme == programme]


# -- types of hardship ---------------------------------------------------------------------------


def test_a_hardship_is_shown_by_one_fact_unknown_without_it_and_absent_only_when_all_are_known(
    shared_catalogue: Catalogue,
) -> None:
    family = TrialHousehold(members=[TrialMember(), TrialMember(relation="10")])
    assert kind(drawn(shared_catalogue, family), "disability").shown is None

    # The register covers both, and has a row of one.
    card = {"type": "4", "grade": "2", "status": "VALID", "issued_on": "2020-01-01",
            "expires_on": "2030-01-01"}  # fmt: skip
    wife = TrialMember(relation="10", rows={"disability.card": [card]})
    family = TrialHousehold(members=[TrialMember(), wife])
    line = kind(drawn(shared_catalogue, family), "disability")
    assert line.shown is True
    said = {(f.fact, f.text) for f in line.facts}
    assert said == {("disability.type", "physical"), ("disability.grade", "2")}
    assert len({f.member for f in line.facts}) == 1

    family = TrialHousehold(members=[TrialMember(), TrialMember(relation="10")])
    line = kind(drawn(shared_catalogue, family, sources=["disability.card"]), "disability")
    assert (line.shown, line.facts) == (False, [])


def test_one_member_of_whom_nothing_is_known_keeps_a_hardship_unknown(
    shared_catalogue: Catalogue,
) -> None:
    well = {"civil.needs_care": False, "civil.self_care": "FULL", "civil.long_term_care": False}
    family = TrialHousehold(members=[TrialMember(facts=dict(well)), TrialMember(relation="10")])
    line = kind(drawn(shared_catalogue, family), "care")
    assert line.shown is None
    assert len({f.member for f in line.facts}) == 1
    both = TrialHousehold(members=[TrialMember(facts=dict(well)) for __ in range(2)])
    assert kind(drawn(shared_catalogue, both), "care").shown is False


def test_a_code_shows_a_hardship_only_where_it_is_named(shared_catalogue: Catalogue) -> None:
    for code, shown in (("PARTIAL", True), ("NONE", True), ("FULL", False)):
        facts = {"civil.labour_ability": code, "civil.needs_labour": False}
        family = TrialHousehold(members=[TrialMember(facts=facts)])
        found = drawn(shared_catalogue, family, sources=["employment.registration"])
        assert kind(found, "labour").shown is shown


def test_who_does_not_count_shows_no_hardship_of_the_household(
    shared_catalogue: Catalogue,
) -> None:
    ill = TrialMember(facts={"medical.major_illness": True}, counted=False)
    well = TrialMember(
        facts={"medical.major_illness": False, "medical.illness": "NONE",
               "civil.needs_health": False}
    )  # fmt: skip
    family = TrialHousehold(members=[well, ill])
    assert kind(drawn(shared_catalogue, family), "health").shown is False


# -- degree, income, expenses --------------------------------------------------------------------


def test_the_degree_is_the_gravest_class_recognised_or_only_proposed(
    shared_catalogue: Catalogue,
) -> None:
    poor = {"civil.other_income_year": 6_000_00, "civil.deductible_year": 0}
    means = {"civil.wage_year": 0, "civil.business_year": 0, "civil.property_year": 0,
             "civil.pension_year": 0, "civil.basic_pension_year": 0, "civil.savings": 0,
             "civil.vehicles": 0, "civil.dwellings": 1, "civil.other_properties": 0,
             "civil.resident": True, "civil.destitute_support": False}  # fmt: skip
    family = TrialHousehold(members=[TrialMember(facts=dict(means))], facts=dict(poor))
    found = drawn(shared_catalogue, family)
    assert found.degree == 2
    assert [c[1:] for c in standing(found, "CIV-DB")] == [(None, True)]
    # 6,000 yuan a year under a standard of 900 a month.
    assert found.income_ratio_ppm == 6_000_00 * 1_000_000 // (12 * 900_00)

    received = msgspec.structs.replace(family, receives=["CIV-DB"], receives_only=True)
    found = drawn(shared_catalogue, received)
    assert [c[1:] for c in standing(found, "CIV-DB")] == [(True, True)]
    assert [c[1] for c in standing(found, "CIV-EDGE")] == [False]
    assert [c.degree for c in found.classes] == sorted(c.degree for c in found.classes)


def test_a_family_of_which_nothing_is_known_has_no_degree_and_no_ratio(
    shared_catalogue: Catalogue,
) -> None:
    found = drawn(shared_catalogue, TrialHousehold(members=[TrialMember()]))
    assert (found.degree, found.income_ratio_ppm) == (None, None)
    assert {c.proposed for c in found.classes if c.programme == "CIV-DB"} == {None}


def test_the_expenses_together_are_the_rigid_expense_of_the_law(
    shared_catalogue: Catalogue,
) -> None:
    facts = {"medical.own_share_year": 30_000_00, "medical.aid_year": 5_000_00,
             "education.stage": "PRIMARY", "civil.education_paid_year": 9_000_00}  # fmt: skip
    said = {"civil.rehab_expense_year": 1_200_00, "civil.other_rigid_year": 0}
    family = TrialHousehold(members=[TrialMember(facts=dict(facts))], facts=dict(said))
    report = try_rules(shared_catalogue, family, on=TODAY)
    found = portrait(report, [], shared_catalogue, made_on="2026-11-20")
    # Half a standard to live, 25,000 of hospital, a public school's 1,000, 1,200, nothing else.
    assert [e.amount_fen for e in found.expenses] == [5_400_00, 25_000_00, 1_000_00, 1_200_00, 0]
    assert found.expenses_fen == 32_600_00 == report.facts["civil.rigid_expense_year"].value

    del said["civil.rehab_expense_year"]
    partly = msgspec.structs.replace(family, facts=said)
    found = drawn(shared_catalogue, partly)
    assert found.expenses_fen is None
    assert [e.fact for e in found.expenses if e.amount_fen is None] == ["civil.rehab_expense_year"]


# -- the fact that decides -----------------------------------------------------------------------


def with_fact(
    report: CheckReport, family: TrialHousehold, line: DecisiveLine, value: bool | int | str
) -> TrialHousehold:
    """The household with the missing fact stated of whom it is about."""
    if line.member is None:
        return msgspec.structs.replace(family, facts={**family.facts, line.fact: value})
    place, members = list(report.member_facts).index(line.member), list(family.members)
    facts = {**members[place].facts, line.fact: value}
    members[place] = msgspec.structs.replace(members[place], facts=facts)
    return msgspec.structs.replace(family, members=members)


@pytest.mark.parametrize("place", range(12))
def test_a_fact_that_is_said_to_decide_decides_whatever_its_value_is(
    shared_catalogue: Catalogue, place: int
) -> None:
    files = sorted([*PLUGINS.glob("*/scenarios.json"), *PLUGINS.glob("*/scenarios/*.json")])
    scenarios = [s for f in files for s in msgspec.json.decode(f.read_bytes(), type=list[Scenario])]
    scenario = scenarios[place * len(scenarios) // 12]
    told: dict[str, Any] = {
        "on": date.fromisoformat(scenario.on), "standards": scenario.standards,
        "sources": scenario.sources,
    }  # fmt: skip
    report = try_rules(shared_catalogue, scenario.household, **told)
    lines = [d for d in decisive_facts(report, shared_catalogue) if d.decides]
    for line in [d for d in lines if d.how != "standard"][:3]:
        fact = shared_catalogue.facts[line.fact]
        for value in SAID.get(fact.type, tuple(fact.codes)[:2]):
            family = with_fact(report, scenario.household, line, value)
            after = {
                (p.programme, p.member): p.outcome
                for p in try_rules(shared_catalogue, family, **told).programmes
            }
            decided = {after[p.programme, p.member] for p in line.decides}
            assert decided <= {"eligible", "ineligible"}, (scenario.title, line.fact, value)


def test_the_facts_are_ordered_by_what_they_decide_and_then_by_what_they_help(
    shared_catalogue: Catalogue,
) -> None:
    report = try_rules(
        shared_catalogue, TrialHousehold(members=[TrialMember(), TrialMember()]), on=TODAY
    )
    lines = decisive_facts(report, shared_catalogue)
    counts = [(-len(d.decides), -len(d.helps)) for d in lines]
    assert counts == sorted(counts)
    unknown = {(p.programme, p.member) for p in report.programmes if p.outcome == "unknown"}
    for line in lines:
        named = [(p.programme, p.member) for p in (*line.decides, *line.helps)]
        assert len(named) == len(set(named))
        assert set(named) <= unknown
    alone = [(p.programme, p.member) for d in lines for p in d.decides]
    assert len(alone) == len(set(alone))


def test_the_same_fact_of_two_members_is_two_facts_and_neither_decides_for_both(
    shared_catalogue: Catalogue,
) -> None:
    family = TrialHousehold(members=[TrialMember(), TrialMember(relation="10")])
    told = {"sources": ["employment.contribution", "civil.enrolment"]}
    report = try_rules(shared_catalogue, family, on=TODAY, **told)
    lines = [d for d in decisive_facts(report, shared_catalogue)
             if d.fact == "civil.labour_ability"]  # fmt: skip
    assert [d.member for d in lines] == list(report.member_facts)
    for line in lines:
        # Zero-employment aid looks at all who can work: both are missing, so neither settles it.
        assert "EMP-ZERO" in {p.programme for p in line.helps}
        others = {p.member for p in line.decides} - {line.member, None}
        assert others == set()


# -- on a real home ------------------------------------------------------------------------------


@pytest.fixture
def family(yimen: Any, truth: Any, signed_paper: Path) -> str:
    """The eligible story, taken in, but for what it earns beside what registers show."""
    story = truth["stories"]["eligible"]
    words = ["--authorisation", signed_paper, "--pledge", signed_paper]
    words += ["--answer", "deductible_year=0", "--answer", "civil.emergency_event=NONE"]
    yimen("intake", story["id_number"], "--no-ask", *words)
    return str(story["household_no"])


def shown(yimen: Any, number: str) -> Any:
    return yimen.json("household", "show", number, "--portrait")


def test_one_answer_settles_a_class_and_all_that_waits_for_it(yimen: Any, family: str) -> None:
    before = shown(yimen, family)
    first = before["decisive"][0]
    assert (first["fact"], first["how"], first["member"]) == (
        "civil.other_income_year", "ask", None,
    )  # fmt: skip
    decided = {(p["programme"], p["member"]) for p in first["decides"]}
    assert {"CIV-DB", "MED-PREM"} <= {p for p, __ in decided}
    assert before["degree"] is None
    yimen("household", "verify", family, "civil.other_income_year=0", "--source", "a visit")

    after = shown(yimen, family)
    report = yimen.json("check", "--household", family)
    outcomes = {(p["programme"], p["member"]): p["outcome"] for p in report["programmes"]}
    assert "unknown" not in {outcomes[key] for key in decided}
    assert after["degree"] == 2
    assert "civil.other_income_year" not in {d["fact"] for d in after["decisive"]}
    assert {"CIV-DB", "MED-PREM"} <= {p["programme"] for p in after["likely"]}
    still = {(p["programme"], p["member"]) for p in after["unknown"]}
    assert not still & decided


def test_what_contradicts_a_register_is_to_be_verified_and_not_asked_again(
    yimen: Any, family: str
) -> None:
    file = yimen.json("household", "show", family)
    head, number = file["household"]["members"][0], file["applications"][0]["application_no"]
    wages = f"{head['member_no']}:civil.wage_year=1"
    yimen("intake", number, "--no-ask", "--answer", wages)
    found = shown(yimen, family)["decisive"]
    (line,) = [d for d in found if d["fact"] == "civil.wage_year"]
    assert (line["member"], line["how"]) == (head["member_no"], "verify")
    assert "an officer must verify" in line["question"]


def test_an_assessed_need_is_shown_with_its_day_and_one_not_assessed_stays_unknown(
    yimen: Any, family: str
) -> None:
    yimen("household", "verify", family, "civil.needs_housing=yes", "--source", "a visit at home")
    kinds = {h["kind"]: h for h in shown(yimen, family)["hardships"]}
    assert kinds["housing"]["shown"] is True
    (fact,) = [f for f in kinds["housing"]["facts"] if f["shown"]]
    assert (fact["fact"], fact["status"]) == ("civil.needs_housing", "verified")
    assert kinds["heart"]["shown"] is None
    text = yimen("household", "show", family, "--portrait").out
    assert re.search(r"^  ! housing\n    Need: housing: yes \(verified", text, re.M)
    assert re.search(r"^  \? heart and mind\n    not known yet: ", text, re.M)
    assert kinds["disability"]["shown"] is False
    assert re.search(r"Nothing known shows: .*disability", text)


def test_what_a_family_receives_is_recognised_and_listed_with_its_sum(
    yimen: Any, truth: Any
) -> None:
    number = next(
        p["household_no"] for p in truth["planted"] if p["kind"] == "duplicate"
    )  # fmt: skip
    found = shown(yimen, number)
    held = [c for c in found["classes"] if c["recognised"]]
    assert found["degree"] == min(c["degree"] for c in held)
    received = [b for b in found["received"] if b["programme"] == "CIV-DB"]
    assert received
    assert all(b["active"] and b["amount_fen"] for b in received)
    assert "CIV-DB" not in {p["programme"] for p in found["likely"]}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_portrait_prints_in_eighty_columns_and_on_a_sheet_and_names_no_number(
    yimen: Any, family: str, language: str, whole_numbers: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YIMEN_LANG", language)
    text = yimen("household", "show", family, "--portrait").out
    assert all(wcswidth(line) <= 80 for line in text.splitlines())
    if language == "zh":
        assert "困难类型" in text
        assert not re.search(r"\b(decides|unknown|not known|proposed)\b", text)
    sheet = yimen("household", "show", family, "--portrait", "--format", "html").out
    assert "size: A4" in sheet
    for fetched in ("http", "src=", "<script", "url(", "@import"):
        assert fetched not in sheet
    record = json.dumps(shown(yimen, family), ensure_ascii=False)
    assert not [n for page in (text, sheet, record) for n in whole_numbers(page)]


def test_the_record_keeps_its_published_contract_and_holds_no_name(yimen: Any, family: str) -> None:
    from yimen.core.contracts import published_schema

    jsonschema_rs = pytest.importorskip("jsonschema_rs")
    found = shown(yimen, family)
    jsonschema_rs.validator_for(published_schema("portrait")).validate(found)
    members = yimen.json("household", "show", family)["household"]["members"]
    questions = [d["question"] for d in found["decisive"]]
    assert not [q for q in questions for m in members if m["name"] in q]


def test_looking_at_a_portrait_is_journalled_and_asks_for_the_file_s_permission(
    yimen: Any, family: str
) -> None:
    shown(yimen, family)
    rows = yimen.json("journal", "show", "--subject", family, "--last", "2")
    assert [row["action"] for row in rows] == ["household.show", "household.portrait"]
    yimen("operator", "add", "looker", "--name", "Li", "--role", "auditor")
    yimen.acting_as("looker")("household", "show", family, "--portrait", code=4)
    yimen("household", "show", "H9999999", "--portrait", code=3)
    refused = yimen("household", "show", family, "--portrait", "--unmask", code=2)
    assert "--unmask" in refused.err
