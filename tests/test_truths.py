"""Every trouble that was planted in an invented county is found by a check, and no other.

The county's generator knows nothing of the rules engine: truth.json is written by what plants the
rows, and the flags are read from the cells of one statement.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from typing import Any

import pytest

TODAY = date(2026, 11, 20)
KINDS = frozenset({
    "name_mismatch", "deceased_beneficiary", "undeclared_asset", "wrongly_kept", "duplicate",
    "multi_source", "missed", "counted_twice",
})  # fmt: skip
# These flags name a household or a person, and no programme of theirs.
WITHOUT_PROGRAMME = frozenset({"name_mismatch", "counted_twice"})

Found = Counter[tuple[str, str, str | None, str | None]]


@pytest.fixture(scope="module", params=[(300, 1), (900, 7), (40, 3)], ids=str)
def checked(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, shared_catalogue: Any
) -> tuple[Any, list[Any], dict[str, str]]:
    """A county's truth, the flags of all its households, and members' ID numbers."""
    from yimen.core.casework.explained import explained_run
    from yimen.core.casework.loading import load_all
    from yimen.core.casework.operators import sit_down
    from yimen.core.casework.setup import init_home
    from yimen.core.clock import Clock
    from yimen.core.synthetic.writer import write_county

    households, seed = request.param
    folder = tmp_path_factory.mktemp("county")
    write_county(
        folder / "files", households=households, seed=seed, as_of=TODAY,
        sources=list(shared_catalogue.sources.values()),
    )  # fmt: skip
    home = init_home(
        folder / "home", county=None, synthetic=True, clock=Clock(TODAY), catalogue=shared_catalogue
    )
    desk = sit_down(home)
    for result in load_all(desk, shared_catalogue, folder / "files"):
        assert result.rejected == 0
    found = [(r.household_no, flag) for r in explained_run(desk, shared_catalogue).reports()
             for flag in r.flags]  # fmt: skip
    members = id_numbers(home)
    home.close()
    truth = json.loads((folder / "files" / "truth.json").read_text("utf-8"))
    return truth, found, members


def id_numbers(home: Any) -> dict[str, str]:
    """Members' numbers to ID numbers, from the roster."""
    roster = home.casework.conn.execute(
        "SELECT roster FROM snapshot WHERE roster IS NOT NULL"
    ).fetchone()[0]
    return dict(home.registers.conn.execute(f'SELECT member_no, id_number FROM "{roster}"'))


def planted(truth: Any) -> Found:
    """What was planted: kind, household, programme and person."""
    return Counter(
        (
            p["kind"],
            p["household_no"],
            None if p["kind"] in WITHOUT_PROGRAMME else p["programme"],
            None if p["kind"] == "wrongly_kept" else p["id_number"],
        )
        for p in truth["planted"]
    )


def flagged(found: list[Any], members: dict[str, str]) -> Found:
    """What the check flagged, in the same shape."""
    return Counter(
        (flag.kind, household, flag.programme, members.get(flag.member or ""))
        for household, flag in found
        if flag.kind in KINDS
    )


def test_every_planted_truth_is_found_and_nothing_that_was_not_planted(
    checked: tuple[Any, list[Any], dict[str, str]],
) -> None:
    truth, found, members = checked
    wanted, seen = planted(truth), flagged(found, members)
    assert seen - wanted == Counter(), "flagged, but not planted"
    assert wanted - seen == Counter(), "planted, but not flagged"


def test_the_county_has_something_to_find(
    checked: tuple[Any, list[Any], dict[str, str]],
) -> None:
    truth, found, _members = checked
    if truth["households"] >= 300:
        assert {p["kind"] for p in truth["planted"]} == KINDS
    assert {flag.kind for _household, flag in found} <= KINDS


def test_the_command_prints_the_flags_that_the_check_finds(yimen: Any, truth: Any) -> None:
    rows = yimen("check", "--all", "--engine", "sqlite", "--flags", "--format", "jsonl").rows
    seen = Counter(
        (r["kind"], r["household_no"], r["programme"]) for r in rows if r["kind"] in KINDS
    )
    wanted = Counter(
        (kind, household, programme)
        for kind, household, programme, _person in planted(truth).elements()
    )
    assert seen == wanted


@pytest.mark.parametrize("story", ["eligible", "refused", "unknown"])
def test_a_family_that_applied_is_answered_as_its_story_says(
    yimen: Any, accepted: Any, truth: Any, story: str
) -> None:
    number = accepted(story)["application_no"]
    if story == "unknown":
        yimen("check", number, code=4)
        number = truth["stories"][story]["household_no"]
        report = yimen.json("check", "--household", number)
    else:
        report = yimen.json("check", number)
    dibao = next(p for p in report["programmes"] if p["programme"] == "CIV-DB")
    assert dibao["outcome"] == {"refused": "ineligible"}.get(story, story)
