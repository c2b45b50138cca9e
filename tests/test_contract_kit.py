"""The contract kit on the bundled departments: each scenario is one test, named by its sentence."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import msgspec
import pytest

from yimen.core.departments import installed_department_names
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.reach import unreached
from yimen.core.rules.trial import Scenario, TrialHousehold, judge, try_rules
from yimen.testing import Check, department_checks

BUNDLED = sorted(
    name
    for name, point in installed_department_names().items()
    if point.value.startswith("yimen.plugins.")
)


@pytest.fixture
def catalogue(shared_catalogue: Catalogue) -> Catalogue:
    return shared_catalogue


@pytest.mark.parametrize("check", [c for name in BUNDLED for c in department_checks(name)], ids=str)
def test_a_bundled_department_keeps_the_contract(check: Check) -> None:
    check.require()


def test_a_department_that_is_not_installed_says_which_are() -> None:
    (check,) = department_checks("nowhere")
    with pytest.raises(AssertionError, match=r"installed: .*civil"):
        check.require()


def _scenario(**changes: object) -> Scenario:
    base: dict[str, object] = {
        "title": "a family with an emergency and nothing to live on is helped at once",
        "programme": "CIV-FAST",
        "on": "2026-11-20",
        "household": {
            "members": [{}],
            "facts": {"civil.emergency_event": "FIRE", "civil.basic_living_severe": True},
        },
        "expect": "eligible",
    }
    return msgspec.convert(base | changes, Scenario)


def test_a_scenario_that_holds_has_no_fault(catalogue: Catalogue) -> None:
    assert judge(catalogue, _scenario()) == []


def test_a_wrong_expectation_is_told_with_what_was_found(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YIMEN_LANG", "en")
    faults = judge(catalogue, _scenario(expect="unknown", amount_fen=1, fails=["event"]))
    assert len(faults) == 3
    assert "eligible" in faults[0]
    assert "unknown" in faults[0]


def test_a_programme_not_in_force_gives_no_answer(catalogue: Catalogue) -> None:
    assert len(judge(catalogue, _scenario(on="2021-08-01", programme="CIV-EDGE"))) == 1


def test_what_is_not_stated_is_unknown_and_what_is_loaded_without_rows_is_absent(
    catalogue: Catalogue,
) -> None:
    family = msgspec.convert({"members": [{"relation": "02"}]}, TrialHousehold)
    silent = try_rules(catalogue, family, on=date(2026, 11, 20))
    loaded = try_rules(catalogue, family, on=date(2026, 11, 20), sources=["civil.vehicle"])
    assert silent.facts["civil.vehicles"].value is None
    assert silent.facts["civil.vehicles"].status == "not_loaded"
    assert loaded.facts["civil.vehicles"].value == 0
    assert loaded.facts["civil.vehicles"].status == "no_hit"


def test_a_criterion_that_nobody_can_pass_is_found(catalogue: Catalogue) -> None:
    programme = catalogue.programmes["CIV-FAST"]
    first = programme.versions[-1].criteria[0]
    text = "NOT civil.basic_living_severe AND civil.basic_living_severe"
    impossible = msgspec.structs.replace(first, criterion="never", expression=text)
    version = msgspec.structs.replace(programme.versions[-1], criteria=[impossible])
    broken = msgspec.structs.replace(programme, versions=[version])
    key = f"criterion:CIV-FAST:{version.from_date}:never"
    links = msgspec.structs.replace(
        catalogue.links, uses=catalogue.links.uses | {key: ["civil.basic_living_severe"]}
    )
    changed = msgspec.structs.replace(
        catalogue,
        programmes=catalogue.programmes | {"CIV-FAST": broken},
        links=links,
        digest="changed",
    )
    found = unreached(changed, ["CIV-FAST"], date(2026, 11, 20))
    assert found == ["CIV-FAST.never: never passes"]


def test_the_kit_needs_no_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIMEN_HOME", str(tmp_path / "nowhere"))
    assert department_checks("civil")
    assert not (tmp_path / "nowhere").exists()
