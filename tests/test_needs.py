"""The two lists of a household: what it may have, and what its needs are met by."""

from __future__ import annotations

import sqlite3
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


def test_a_need_is_assessed_by_its_name_and_an_unmet_one_is_a_query(
    yimen: Any, family: Any
) -> None:
    number = family["household"]["household_no"]
    member = family["household"]["members"][1]["member_no"]
    assert yimen.json("need", "list", "--unmet") == []
    yimen("need", "assess", number, f"{member}:health=yes", "law=no", "--source", "x", code=5)
    yimen("need", "assess", number, f"{member}:health=yes", f"{member}:law=no",
          "--source", "a visit at home")  # fmt: skip
    (row,) = yimen.json("need", "list", "--unmet")
    assert (row["household_no"], row["member"], row["need"]) == (number, member, "health")
    assert (row["met"], row["source"], row["assessed_by"]) == (False, "a visit at home", "admin")
    assert "MED-IN" in row["programmes"]
    assert yimen.json("need", "list", "--need", "law") == []
    assert yimen.json("need", "list", number) == [row]
    assert "unmet" in yimen("need", "show", number).out


def test_a_need_is_met_by_a_referral_and_says_what_came_of_it(yimen: Any, dispatched: Any) -> None:
    number = yimen.json("feedback", dispatched["application_no"])
    household = yimen.json("referral", "list")[0]["household_no"]
    yimen("need", "assess", household, "living=yes", "--source", "a visit")
    (row,) = yimen.json("need", "list")
    assert row["met"]
    sent = {r["referral_no"] for r in number["answers"]}
    assert set(row["referrals"]) <= sent
    assert row["outcomes"] == []
    dibao = row["referrals"][0]
    office = yimen.acting_as("civil")
    for verb in ("receive", "accept"):
        office("referral", verb, dibao)
    office("referral", "decide", dibao, "granted", "--amount", "100", "--basis", "SAL §18")
    yimen("referral", "complete", dibao)
    assert f"{dibao} granted" in yimen.json("need", "list")[0]["outcomes"]


def test_a_helpers_word_stands_until_an_officer_verifies(yimen: Any, family: Any) -> None:
    number = family["household"]["household_no"]
    place = family["household"]["division"]
    yimen("operator", "add", "helper", "--name", "H", "--role", "village", "--division", place)
    elsewhere = "370499101000" if place.startswith("370499201") else "370499201000"
    yimen("operator", "add", "far", "--name", "F", "--role", "town", "--division", elsewhere)
    helper = yimen.acting_as("helper")
    helper("need", "assess", number, "living=yes", "--source", "a visit")
    assert [row["need"] for row in helper.json("need", "list", "--unmet")] == ["living"]
    assert yimen.acting_as("far").json("need", "list") == []
    yimen.acting_as("far")("need", "assess", number, "living=no", "--source", "x", code=4)
    yimen("need", "assess", number, "living=no", "--source", "an officer's visit")
    assert yimen.json("need", "list") == []
    assert [row["action"] for row in yimen.json("journal", "show", "--subject", number)].count(
        "need.assess"
    ) == 2


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["living"], "is not an assessed need"),
        (["dancing=yes"], "is not a need"),
        (["health=yes"], "is a member's"),
        (["M9999999:health=yes"], "is not a member of the household"),
    ],
)
def test_a_wrong_assessment_is_one_sentence_and_changes_nothing(
    yimen: Any, family: Any, words: list[str], sentence: str
) -> None:
    number = family["household"]["household_no"]
    left = yimen("need", "assess", number, *words, "--source", "a visit", code=None)
    assert left.code in (3, 5)
    assert sentence in left.err
    assert yimen.json("need", "list") == []


def test_an_ordered_service_meets_a_need_until_it_ended_with_nothing_accepted() -> None:
    from yimen.core.store.database import Database
    from yimen.core.store.service_orders import orders_for

    db = Database(sqlite3.connect(":memory:"))
    for table, columns in (
        ("service_order", "order_no, household_no, member_no, need, item, unit, quantity,"
         " ordered_on, due_on"),
        ("service_acceptance", "order_no, quantity"), ("order_end", "order_no"),
    ):  # fmt: skip
        db.conn.execute(f"CREATE TABLE {table} ({columns})")
    for no in ("D1", "D2", "D3"):
        db.conn.execute(
            "INSERT INTO service_order VALUES (?, 'H0000001', NULL, 'care', 'A2', 'hour', 10,"
            " '2026-11-01', '2026-12-01')",
            [no],
        )
    db.conn.execute("INSERT INTO service_acceptance VALUES ('D2', 4), ('D2', 3)")
    db.conn.execute("INSERT INTO order_end VALUES ('D2'), ('D3')")
    found = orders_for(db, "H0000001", "care")
    assert [(o["order_no"], o["accepted"]) for o in found] == [("D1", 0), ("D2", 7)]
    assert orders_for(db, "H0000001", "health") == []
    db.conn.close()
