"""What a family receives is one answer: in its file, in its portrait and in its check."""

from __future__ import annotations

import json
from typing import Any

import pytest

from yimen.core.casework.check import check_household
from yimen.core.casework.household import show_household
from yimen.core.casework.portrait import household_portrait
from yimen.core.results import KnownBenefit
from yimen.core.rules.catalogue import Catalogue, load_catalogue

Aid = set[tuple[str, str | None]]


@pytest.fixture
def catalogue(desk: Any) -> Catalogue:
    return load_catalogue(desk.home.path / "cache")


def received(catalogue: Catalogue, benefits: list[KnownBenefit]) -> Aid:
    """Programme and member of what is received; a household's programme has no member."""
    units = {name: p.unit for name, p in catalogue.programmes.items()}
    return {
        (b.programme, b.member_no if units[b.programme] == "person" else None)
        for b in benefits
        if b.active
    }


def test_file_portrait_and_check_say_the_same_of_what_each_family_receives(
    desk: Any, catalogue: Catalogue
) -> None:
    seen: Aid = set()
    for number in range(1, 301, 5):
        household = f"H{number:07d}"
        report = check_household(desk, catalogue, household)
        checked = {(r.programme, r.member) for r in report.programmes if r.receiving}
        file = show_household(desk, catalogue, household)
        assert received(catalogue, file.benefits) == checked, household
        portrait = household_portrait(desk, catalogue, household, file.benefits)
        assert received(catalogue, portrait.received) == checked, household
        assert not checked & {(p.programme, p.member) for p in portrait.likely}
        seen |= checked
    assert {programme for programme, __ in seen} >= {"CIV-DB", "CIV-WARM", "MED-PREM"}


def test_aid_that_is_given_once_a_year_counts_for_its_year_in_the_familys_file(
    yimen: Any, desk: Any, catalogue: Catalogue
) -> None:
    household, row = next(
        (f"H{number:07d}", b)
        for number in range(1, 301)
        for b in show_household(desk, catalogue, f"H{number:07d}").benefits
        if b.programme == "CIV-WARM"
    )
    assert row.from_date == row.to_date
    assert row.active
    yimen.day = f"{int(str(row.from_date)[:4]) + 1}{str(row.from_date)[4:]}"
    later = json.loads(yimen("household", "show", household, "--format", "json").out)
    (kept,) = [b for b in later["benefits"] if b["programme"] == "CIV-WARM"]
    assert (kept["active"], kept["upcoming"]) == (False, False)
