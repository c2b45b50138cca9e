"""An ID number that people of several families have: nobody is chosen unasked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chain_steps import one
from clerk_screen import drive, press, shown
from conftest import TODAY
from register_files import DAY, HUKOU, load, number, person, write

from yimen.core.casework.operators import sit_down
from yimen.core.rules.catalogue import load_catalogue
from yimen.core.store.home import open_home

SHARED = number(1)
ELSEWHERE = "370499102203"


@pytest.fixture
def two_families(yimen_empty: Any, tmp_path: Path) -> Any:
    """刘珍 of H0000001 and 谭玉 of H0000002 under one number, and a clerk at the window."""
    load(yimen_empty, tmp_path, [
        person("刘珍", SHARED, "K1"), person("谭玉", SHARED, "K2"),
        person("谭山", number(3), "K2", "子"), person("王海", number(5), "K3"),
    ])  # fmt: skip
    yimen_empty("operator", "add", "window", "--name", "Wang", "--role", "county")
    return yimen_empty.acting_as("window")


def test_a_query_by_a_shared_number_names_the_families_and_how_to_choose(two_families: Any) -> None:
    said = two_families("query", SHARED, code=4)
    assert said.out == ""
    assert said.err == (
        "The number 370499********0010 stands with people of several families:"
        " H0000001 M0000001 刘珍, H0000002 M0000002 谭玉. Choose the family:"
        " `yimen household show H0000001`, `yimen household show H0000002`.\n"
    )
    told = two_families.acting_as(None)("journal", "show", "--format", "jsonl").rows
    readings = [row["subject"] for row in told if row["action"] == "query"]
    assert sorted(readings) == ["H0000001", "H0000002"]


def test_no_application_is_opened_by_a_shared_number_until_the_family_is_named(
    two_families: Any,
) -> None:
    said = two_families("intake", SHARED, "--no-ask", code=4)
    assert "`yimen intake ID --household H0000002`" in said.err
    assert one(two_families.home, "SELECT COUNT(*) FROM application") == 0
    opened = two_families.json("intake", SHARED, "--household", "h0000002", "--no-ask")
    taken = "SELECT household_no || applicant FROM application WHERE application_no = '{}'"
    assert one(two_families.home, taken.format(opened["application_no"])) == "H0000002M0000002"


def test_a_family_in_which_nobody_has_the_number_is_not_taken_for_the_one_meant(
    two_families: Any,
) -> None:
    said = two_families("intake", SHARED, "--household", "H0000003", "--no-ask", code=3)
    assert "Nobody in household H0000003 has the number 370499********0010." in said.err


def test_an_application_has_its_family_already(two_families: Any) -> None:
    two_families("intake", number(5), "--no-ask")
    said = two_families("intake", "A2026-00001", "--household", "H0000001", code=2)
    assert "leave --household out" in said.err


def test_a_member_who_is_added_by_a_shared_number_is_named_by_the_members_number(
    two_families: Any,
) -> None:
    two_families("intake", number(5), "--no-ask")
    said = two_families("intake", "A2026-00001", "--add-member", f"{SHARED}=10", code=4)
    assert "H0000001 M0000001 刘珍, H0000002 M0000002 谭玉" in said.err
    assert "M0000012=10" in said.err
    two_families("intake", "A2026-00001", "--add-member", "M0000002=10", "--no-ask")
    added = "SELECT name FROM composition WHERE application_no = 'A2026-00001' AND member_no = "
    assert one(two_families.home, f"{added}'M0000002'") == "谭玉"


def test_a_family_outside_the_division_is_counted_but_nobody_in_it_is_named(
    yimen_empty: Any, tmp_path: Path
) -> None:
    there = [*person("谭玉", SHARED, "K2")[:4], ELSEWHERE, "农村", "否"]
    file = write(tmp_path / "hukou.csv", HUKOU, [person("刘珍", SHARED, "K1"), there])
    yimen_empty("source", "load", "hukou", file, *DAY)
    yimen_empty("operator", "add", "town", "--name", "Li", "--role", "town",
                "--division", "370499101")  # fmt: skip
    said = yimen_empty.acting_as("town")("query", SHARED, code=4)
    assert "H0000001 M0000001 刘珍, H0000002 (outside your division)" in said.err
    assert "谭" not in said.err
    assert "show H0000002" not in said.err


def test_one_person_in_two_families_is_found_at_once(yimen_empty: Any, tmp_path: Path) -> None:
    load(yimen_empty, tmp_path, [person("刘珍", SHARED, "K1"), person("刘珍", SHARED, "K2", "配偶"),
                                 person("谭山", number(3), "K2")])  # fmt: skip
    assert yimen_empty.json("query", SHARED)["household"]["household_no"] == "H0000001"


# -- the clerk's screen ---------------------------------------------------------------------------


@pytest.fixture
def at_the_desk(two_families: Any) -> Iterator[Any]:
    """The window's desk and the catalogue."""
    home = open_home(two_families.home, today=TODAY)
    yield sit_down(home, acting_as="window"), load_catalogue(two_families.home / "cache")
    home.close()


def test_the_screen_lists_the_families_of_a_shared_number_to_choose_from(
    two_families: Any,
) -> None:
    async def play(app: Any) -> None:
        await press(app, "f3", f"({SHARED})", "enter")
        assert "stands with people of several families" in shown(app)
        await press(app, "down", "enter")
        assert "H0000002  谭玉" in shown(app)
        await press(app, "escape")
        assert "刘珍" in shown(app)

    drive(two_families.home, "window", play)


def test_line_by_line_the_families_of_a_shared_number_are_numbered(at_the_desk: Any) -> None:
    from yimen.tui.plain import PlainDesk

    desk, catalogue = at_the_desk
    said = iter(["2", SHARED, "2", "0", "0"])
    lines: list[str] = []
    PlainDesk(desk, catalogue, lines.append, lambda __: next(said)).run()
    assert lines.index("1 H0000001 刘珍") + 1 == lines.index("2 H0000002 谭玉")
    assert any("H0000002" in line for line in lines[lines.index("2 H0000002 谭玉") + 1 :])


def test_an_application_begun_on_a_familys_screen_is_that_familys(at_the_desk: Any) -> None:
    from yimen.core.casework.household import show_household
    from yimen.tui.screens.applying import opened, opening_fields

    desk, catalogue = at_the_desk
    family = show_household(desk, catalogue, "H0000002").household
    answers = {field.name: "" for field in opening_fields(desk, family)}
    number_of = opened(desk, catalogue, "H0000002", answers).application_no
    taken = f"SELECT household_no FROM application WHERE application_no = '{number_of}'"
    assert one(desk.home.path, taken) == "H0000002"
