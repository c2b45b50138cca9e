"""Programmes that open each other: persons' outcomes, households', and what opens what by law."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from plugin_files import BASIS, heating, named

from yimen.core.departments import installed_department_names
from yimen.core.records import CheckReport, ProgrammeResult
from yimen.core.rules.catalogue import Catalogue, build
from yimen.core.rules.trial import TrialHousehold, try_rules

TODAY = date(2026, 11, 20)


def programme(name: str, unit: str, expression: str, **version: Any) -> dict[str, Any]:
    criterion = {
        "criterion": "class", "text": named(f"{name} asks this"), "expression": expression,
        "basis": BASIS[0], "about": "class",
    }  # fmt: skip
    amount = {"type": "FIXED", "per": "once", "expression": "100"}
    first = {"from_date": "2021-07-01", "basis": BASIS, "criteria": [criterion], "amount": amount}
    return {
        "programme": name, "names": named(f"Aid {name}"), "department": "heating", "unit": unit,
        "recognised_by": {"source": "civil.vehicle", "where": "plate = 'none'"},
        "versions": [first | version],
    }  # fmt: skip


@pytest.fixture
def chain(install: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Catalogue:
    """HEA-COLD of persons opens HEA-HOME of households, and that HEA-STOVE of persons."""
    monkeypatch.setenv("YIMEN_DEPARTMENTS", "civil,heating")
    monkeypatch.setenv("YIMEN_LANG", "en")
    files = heating()
    files["programmes.json"] += [
        programme("HEA-COLD", "person", "heating.billed > 500"),
        programme("HEA-HOME", "household", "QUALIFIES('HEA-COLD')", needs=["HEA-COLD"]),
        programme("HEA-STOVE", "person", "ENTITLED('HEA-HOME')", needs=["HEA-HOME"]),
    ]
    install(files)
    catalogue = build(installed_department_names())
    assert [p for p in catalogue.problems if p.plugin == "heating"] == []
    return catalogue


def family(*billed: int | None, counted: tuple[bool | None, ...] = (), **more: Any) -> Any:
    """Members with a bill of so much, or of nobody knows how much."""
    members = [
        {
            "facts": {} if amount is None else {"heating.billed": amount},
            "counted": counted[place] if counted else True,
        }
        for place, amount in enumerate(billed)
    ]
    return msgspec.convert({"members": members} | more, TrialHousehold)


def answers(report: CheckReport, name: str) -> list[ProgrammeResult]:
    return [r for r in report.programmes if r.programme == name]


@pytest.mark.parametrize(
    ("household", "home"),
    [
        (family(100, 600), "eligible"),
        (family(100, 200), "ineligible"),
        (family(100, None), "unknown"),
        (family(None, 600), "eligible"),
        (family(100, 600, counted=(True, False)), "ineligible"),
        (family(100, 600, counted=(True, None)), "unknown"),
    ],
)
def test_a_household_waits_for_any_counted_member(
    chain: Catalogue, household: TrialHousehold, home: str
) -> None:
    report = try_rules(chain, household, on=TODAY, sources=["civil.vehicle"])
    assert [r.outcome for r in answers(report, "HEA-HOME")] == [home]
    assert {r.outcome for r in answers(report, "HEA-STOVE")} == {home}


def test_what_is_received_opens_as_well_as_what_is_qualified_for(chain: Catalogue) -> None:
    household = family(100, receives=["HEA-HOME"])
    report = try_rules(chain, household, on=TODAY, sources=["civil.vehicle"])
    assert [r.outcome for r in answers(report, "HEA-HOME")] == ["ineligible"]
    (stove,) = answers(report, "HEA-STOVE")
    assert stove.outcome == "eligible"
    assert stove.criteria[0].values == {"ENTITLED:HEA-HOME": True}


def test_what_opens_a_programme_is_named_with_the_law(chain: Catalogue) -> None:
    (stove,) = answers(try_rules(chain, family(600), on=TODAY), "HEA-STOVE")
    (opened,) = stove.opened_by
    assert opened.programme == "HEA-HOME"
    assert opened.name == "Aid HEA-HOME"
    assert "Social Assistance Law" in opened.basis
    (shut,) = answers(try_rules(chain, family(1), on=TODAY), "HEA-STOVE")
    assert shut.opened_by == []


def test_an_unknown_class_says_on_which_answer_it_depends(chain: Catalogue) -> None:
    report = try_rules(chain, family(None), on=TODAY, sources=["civil.vehicle"])
    (stove,) = answers(report, "HEA-STOVE")
    assert [m.why for m in stove.missing] == ["It depends on the answer for 'Aid HEA-HOME'."]


def test_programmes_of_both_units_may_not_wait_for_each_other(
    install: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YIMEN_DEPARTMENTS", "civil,heating")
    files = heating()
    files["programmes.json"] += [
        programme("HEA-COLD", "person", "ENTITLED('HEA-HOME')"),
        programme("HEA-HOME", "household", "QUALIFIES('HEA-COLD')"),
    ]
    install(files)
    catalogue = build(installed_department_names())
    broken = {n for n in catalogue.links.broken_programmes if n.startswith("HEA-")}
    assert broken == {"HEA-COLD", "HEA-HOME"}


def test_an_amount_shows_its_steps_in_fen_and_what_it_rests_on(
    install: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YIMEN_DEPARTMENTS", "civil,heating")
    monkeypatch.setenv("YIMEN_LANG", "en")
    files = heating()
    files["programmes.json"][0]["versions"][0]["amount"] |= {
        "steps": [
            {"step": "shared", "text": named("Half of the bill"), "expression": "heating.half"},
            {"step": "rooms", "text": named("Rooms"), "expression": "member_count + 1"},
            {"step": "whole", "text": named("For all rooms"), "expression": "shared * rooms"},
        ],
        "expression": "DIV_CEIL(whole, 7)",
    }
    install(files)
    catalogue = build(installed_department_names())
    assert [p for p in catalogue.problems if p.plugin == "heating"] == []
    (warm,) = answers(try_rules(catalogue, family(1001, 400), on=TODAY), "HEA-WARM")
    assert warm.amount is not None
    assert [(s.step, s.type, s.value) for s in warm.amount.steps] == [
        ("shared", "money", 700), ("rooms", "integer", 3), ("whole", "money", 2100),
    ]  # fmt: skip
    assert warm.amount_fen == 300
    assert warm.amount.values == {"heating.half": 700, "member_count": 2}
