"""The two lists of a household: what it may have, and what its needs are met by."""

from __future__ import annotations

from typing import Any

import pytest

STANDINGS = ["receiving", "entitled", "likely", "needs_fact", "not_now"]


@pytest.fixture
def family(yimen: Any, truth: Any) -> Any:
    """The family of the eligible story: its file."""
    return yimen("query", truth["stories"]["eligible"]["id_number"], "--format", "json").json


def test_the_policy_list_puts_every_programme_under_one_standing(yimen: Any, family: Any) -> None:
    number = family["household"]["household_no"]
    found = yimen("household", "policies", number, "--format", "json").json
    standings = [line["standing"] for line in found["policies"]]
    assert standings == sorted(standings, key=STANDINGS.index)
    listed = {line["programme"] for line in found["policies"]}
    assert {"CIV-DB", "CIV-EDGE", "CIV-FAST", "MED-PREM", "MED-IN"} <= listed
    assert all(line["basis"] for line in found["policies"])
    refused = [line for line in found["policies"] if line["standing"] == "not_now"]
    assert refused
    assert all(line["not_met"] for line in refused)
    open_ones = [line for line in found["policies"] if line["standing"] in ("likely", "needs_fact")]
    assert all(line["to_know"] for line in open_ones)


def test_a_family_near_the_line_likely_has_dibao_until_it_says_what_only_it_knows(
    yimen: Any, family: Any
) -> None:
    number = family["household"]["household_no"]
    lines = yimen("household", "policies", number, "--format", "json").json["policies"]
    (dibao,) = [line for line in lines if line["programme"] == "CIV-DB"]
    assert dibao["standing"] in ("likely", "needs_fact")
    assert any("yuan a year" in why for why in dibao["to_know"])


def test_a_need_that_nobody_assessed_is_unknown_and_one_assessed_is_unmet(
    yimen: Any, family: Any
) -> None:
    number = family["household"]["household_no"]
    member = family["household"]["members"][1]["member_no"]
    before = yimen("household", "services", number, "--format", "json").json
    assert {(n["assessed"], n["met"]) for n in before["needs"]} == {(None, None)}
    yimen("household", "verify", number, f"{member}:civil.needs_health=yes",
          "--source", "a visit at home")  # fmt: skip
    yimen("household", "verify", number, "civil.needs_living=no", "--source", "a visit at home")
    after = yimen("household", "services", number, "--format", "json").json["needs"]
    (health,) = [n for n in after if n["need"] == "health"]
    assert (health["member"], health["assessed"], health["met"]) == (member, True, False)
    assert health["source"] == "a visit at home"
    assert "MED-IN" in {a["programme"] for a in health["answers"]}
    (living,) = [n for n in after if n["need"] == "living"]
    assert (living["assessed"], living["answers"], living["met"]) == (False, [], None)


@pytest.mark.parametrize("list_", ["show", "policies", "services", "booklet"])
def test_each_list_prints_in_eighty_columns_and_as_a_sheet_that_fetches_nothing(
    yimen: Any, family: Any, list_: str
) -> None:
    from wcwidth import wcswidth

    number = family["household"]["household_no"]
    text = yimen("household", list_, number).out
    assert all(wcswidth(line) <= 80 for line in text.splitlines())
    sheet = yimen("household", list_, number, "--format", "html").out
    assert sheet.startswith("<!doctype html>")
    assert "size: A4" in sheet
    for fetched in ("http", "src=", "<script", "url(", "@import"):
        assert fetched not in sheet
    id_numbers = [m["id_number"] for m in family["household"]["members"] if m["id_number"]]
    assert id_numbers
    assert not [n for n in id_numbers if "*" not in n]


def test_the_booklet_rests_on_one_check_and_says_what_both_lists_say(
    yimen: Any, family: Any
) -> None:
    number = family["household"]["household_no"]
    booklet = yimen("household", "booklet", number).out
    rows = yimen.json("journal", "show", "--subject", number)
    assert [row["action"] for row in rows][-2:] == ["household.show", "household.booklet"]
    assert "household.policies" not in {row["action"] for row in rows}
    for list_ in ("policies", "services"):
        assert yimen("household", list_, number).out in booklet


def test_a_name_that_would_be_markup_is_only_a_name_on_the_sheet() -> None:
    from yimen.core.render.page import Entries, Entry, Title
    from yimen.core.render.paper import page_html

    sheet = page_html([Title("<b>A & B</b>"), Entries([Entry("<script>x</script>")])])
    assert "<script>" not in sheet
    assert "&lt;b&gt;A &amp; B&lt;/b&gt;" in sheet


def test_the_library_prints_what_there_is_on_a_day(yimen: Any) -> None:
    text = yimen("programme", "library", "CIV-DB", "--on", "2026-11-20").out
    assert "CIV-DB" in text
    assert "Social Assistance Law" in text
    assert "MED-IN" not in text
    assert "MED-IN" in yimen("programme", "library", "--format", "html").out


def test_a_household_that_does_not_exist_is_named(yimen: Any) -> None:
    failed = yimen("household", "policies", "H9999999", code=3)
    assert "H9999999" in failed.err
