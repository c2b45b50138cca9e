"""One family under three rule packs: three answers, each with its reasons and its law.

examples/families/three-dates.json: a couple with a daughter of twelve, and his parents who live
elsewhere. They earn 47,500 yuan a year, the wife has 2,400 of central basic pension, and he was in
hospital for 30,000. docs/rules.md tells the same story.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from yimen.core.clock import parse_date
from yimen.core.records import CheckReport
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.trial import TrialHousehold, try_rules

FILE = Path(__file__).parent.parent / "examples" / "families" / "three-dates.json"
CLASSES = ("CIV-DB", "CIV-EDGE", "CIV-RIG")


def report(catalogue: Catalogue, day: str) -> CheckReport:
    family = msgspec.json.decode(FILE.read_bytes(), type=TrialHousehold)
    counted = {"civil.basic_pension_excluded": 0} if day > "2025-12-31" else {}
    return try_rules(catalogue, family, on=parse_date(day), standards=counted)


@pytest.mark.parametrize(
    ("day", "pack", "members", "granted"),
    [
        ("2021-03-25", "R2012", 5, "CIV-DB"),
        ("2024-01-10", "R2021", 3, "CIV-EDGE"),
        ("2026-11-20", "R2026", 3, "CIV-RIG"),
    ],
)
def test_the_same_family_is_dibao_then_edge_then_rigid_expense(
    shared_catalogue: Catalogue, day: str, pack: str, members: int, granted: str
) -> None:
    found = report(shared_catalogue, day)
    assert found.rule_pack == pack
    outcomes = {p.programme: p.outcome for p in found.programmes if p.programme in CLASSES}
    assert [name for name, outcome in outcomes.items() if outcome == "eligible"] == [granted]
    assert "unknown" not in outcomes.values()
    (given,) = [p for p in found.programmes if p.programme == granted]
    counts = [c.values["member_count"] for c in given.criteria if "member_count" in c.values]
    assert set(counts) == {members}
    assert all(c.basis and c.values for c in given.criteria)


def test_the_amount_of_2021_is_made_up_to_the_standard_of_five_people(
    shared_catalogue: Catalogue,
) -> None:
    (dibao,) = [p for p in report(shared_catalogue, "2021-03-25").programmes
                if p.programme == "CIV-DB"]  # fmt: skip
    # 5 x 900 - 47,500 / 12 = 541.67, rounded up to a yuan at the end and nowhere before.
    assert dibao.amount_fen == 542_00
    assert dibao.amount is not None
    assert dibao.amount.steps


def test_each_refusal_says_what_it_rests_on(shared_catalogue: Catalogue) -> None:
    (dibao,) = [p for p in report(shared_catalogue, "2024-01-10").programmes
                if p.programme == "CIV-DB"]  # fmt: skip
    failed = {c.criterion for c in dibao.criteria if c.result == "fail"}
    assert failed == {"register_income", "income"}
    (edge,) = [p for p in report(shared_catalogue, "2026-11-20").programmes
               if p.programme == "CIV-EDGE"]  # fmt: skip
    assert [c.criterion for c in edge.criteria if c.result == "fail"] == ["income"]


def test_the_law_behind_what_a_class_opens_is_the_one_in_force(
    shared_catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YIMEN_LANG", "en")
    laws = {
        day: {o.basis for p in report(shared_catalogue, day).programmes for o in p.opened_by}
        for day in ("2021-03-25", "2024-01-10", "2026-11-20")
    }
    assert laws["2026-11-20"] == {"Social Assistance Law art. 42"}
    assert all(laws.values())
    assert not any("Social Assistance Law" in law for law in laws["2021-03-25"])
    assert not any("Social Assistance Law" in law for law in laws["2024-01-10"])


def test_the_consultation_gives_the_three_answers_too(yimen_empty: Any) -> None:
    yimen_empty("standard", "set", "civil.basic_pension_excluded", "no", "--from", "2026-01-01",
                "--basis", "the county's notice")  # fmt: skip
    given = []
    for day in ("2021-03-25", "2024-01-10", "2026-11-20"):
        rows = yimen_empty("consult", "--file", FILE, "--on", day, "--format", "json").json
        given += [r["programme"] for r in rows
                  if r["programme"] in CLASSES and r["outcome"] == "eligible"]  # fmt: skip
    assert given == list(CLASSES)


def test_the_family_names_nobody() -> None:
    family = json.loads(FILE.read_text("utf-8"))
    assert not {"name", "id_number"} & {key for member in family["members"] for key in member}
