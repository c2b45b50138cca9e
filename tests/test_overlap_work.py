"""Overlaps at work: resolved with enough words, listed, and only by whom it may be."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest
from overlap_county import JUST_DUPLICATES, JUST_KEPT, VILLAGE, WANG, Small, kept, run_on
from overlap_county import _pristine_small_home as _pristine_small_home
from overlap_county import small as small

from yimen.core.casework import overlap_cases
from yimen.core.casework.operators import sit_down
from yimen.core.casework.overlaps import take
from yimen.core.errors import BadInput, NotFound, Refused, StaleRevision


def test_a_resolution_that_says_too_little_is_one_sentence_and_changes_nothing(
    small: Small,
) -> None:
    small.take(kept(small), **JUST_KEPT)
    (hit,) = small.hits()
    wrong = {
        "needs a reason": {"code": "confirmed", "reason": "  "},
        "'maybe' is not a resolution": {"code": "maybe", "reason": "x"},
        "is not a month": {"code": "confirmed", "reason": "x", "to_month": "2026-13"},
        "none of the months of overlap V2026-00001: 2026-11 to 2026-11": {
            "code": "confirmed", "reason": "x", "to_month": "2026-01",
        },
        "cannot be negative": {"code": "confirmed", "reason": "x", "amount_fen": -1},
        "no money to be returned": {"code": "false_hit", "reason": "x", "amount_fen": 5},
    }  # fmt: skip
    for sentence, given in wrong.items():
        with pytest.raises(BadInput, match=sentence):
            overlap_cases.resolve(small.desk, small.catalogue, hit.hit_no, **given)
    assert small.hits() == [hit]
    assert small.acts(hit.hit_no) == ["found"]
    with pytest.raises(NotFound, match="no overlap V2026-99999"):
        small.resolve("V2026-99999", "confirmed")


@pytest.mark.parametrize(
    "outside", [("2025-01", "2025-03"), ("2026-03", "2026-06"), ("2026-05", "2062-12")]
)
def test_months_outside_those_of_the_hit_are_refused_with_its_months(
    small: Small, outside: tuple[str, str]
) -> None:
    small.take(**JUST_DUPLICATES)
    (hit,) = small.hits()
    words = ["overlaps", "resolve", hit.hit_no, "confirmed", "--reason", "x"]
    said = small.yimen(*words, "--from", outside[0], "--to", outside[1], code=5).err
    wrong = next(month for month in outside if not "2026-04" <= month <= "2026-06")
    assert said.startswith(f"{wrong} is none of the months of overlap {hit.hit_no}: 2026-04 to")
    assert said.count("\n") == 1
    assert "before the first" in small.yimen(
        *words, "--from", "2026-06", "--to", "2026-05", code=5
    ).err  # fmt: skip
    assert small.hits() == [hit]


def test_a_month_that_is_still_to_come_is_refused(small: Small) -> None:
    small.take(kept(small), day="2026-12-20", **JUST_KEPT)
    (hit,) = small.hits()
    with pytest.raises(BadInput, match="2026-12 is still to come") as refused:
        small.resolve(hit.hit_no, "confirmed", to_month="2026-12")
    assert refused.value.field == "to"


def test_a_list_of_nobody_s_overlaps_is_refused_and_that_of_an_idle_officer_is_empty(
    small: Small,
) -> None:
    said = small.yimen("overlaps", "list", "--owner", "foo", code=3).err
    assert said.startswith("'foo' is neither an operator nor a department.")
    for idle in ("admin", "medical", "county"):
        assert small.yimen.json("overlaps", "list", "--owner", idle) == []


def test_of_two_officers_at_once_the_second_is_told(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    small.take(kept(small), **JUST_KEPT)
    (hit,) = small.hits()
    small.resolve(hit.hit_no, "disputed")
    monkeypatch.setattr(overlap_cases, "find_hit", lambda desk, no: hit)
    with pytest.raises(StaleRevision, match=f"Overlap {hit.hit_no} was changed by somebody else"):
        small.resolve(hit.hit_no, "confirmed")
    assert [h.resolution for h in small.hits()] == ["disputed"]


def test_an_overlap_is_listed_shown_assigned_and_resolved_by_commands(
    small: Small, whole_numbers: Any
) -> None:
    small.take(kept(small))
    yimen = small.yimen
    yimen("operator", "add", "w1", "--name", "W", "--role", "town", "--division", "370499101")
    rows = yimen.json("overlaps", "list")
    assert list(rows[0])[:10] == [
        "hit_no", "kind", "household_no", "member", "programmes", "from_month", "to_month",
        "amount_fen", "owner", "resolution",
    ]  # fmt: skip
    assert {r["kind"] for r in rows} == {"duplicate", "multi_source", "wrongly_kept"}
    (line,) = yimen.json("overlaps", "list", "--kind", "duplicate")
    no = line["hit_no"]
    assert yimen("overlaps", "assign", no.lower(), "w1").out == f"{no} now belongs to w1.\n"
    assert [r["hit_no"] for r in yimen.json("overlaps", "list", "--owner", "w1")] == [no]
    text = yimen("overlaps", "show", no).out
    assert "2026-04 ~ 2026-06: 600.00 yuan" in text
    assert "Social Assistance Law art. 41-43" in text
    assert max(len(row) for row in text.splitlines()) <= 80
    town = yimen.acting_as("w1")
    words = ["--to", "2026-05", "--amount", "400", "--reason", f"乙县 returns it for {WANG}"]
    assert town("overlaps", "resolve", no, "confirmed", *words).out == f"{no} confirmed\n"
    assert no not in {r["hit_no"] for r in yimen.json("overlaps", "list")}
    (line,) = yimen.json("overlaps", "list", "--state", "resolved")
    assert (line["resolution"], line["state"], line["owner"]) == ("confirmed", "resolved", "w1")
    shown = town.json("overlaps", "show", no)
    history = [(m["act"], m["operator"], m["code"], m["amount_fen"]) for m in shown["history"]]
    assert history == [
        ("found", "admin", None, None), ("assign", "admin", None, None),
        ("resolve", "w1", "confirmed", 400_00),
    ]  # fmt: skip
    everything = [yimen("overlaps", "list", "--state", "all"), town("overlaps", "show", no)]
    assert not [n for said in everything for n in whole_numbers(said.out)]
    with sqlite3.connect(yimen.home / "casework.db") as conn:
        acts = {a for (a,) in conn.execute("SELECT action FROM journal WHERE subject = ?", [no])}
        bodies = "".join(b for (b,) in conn.execute("SELECT body FROM journal"))
    conn.close()
    assert acts == {"overlaps.assign", "overlaps.resolve", "overlaps.show"}
    assert whole_numbers(bodies) == []
    yimen("journal", "verify")


@pytest.mark.parametrize("fmt", ["table", "jsonl", "csv", "tsv"])
def test_the_listing_of_overlaps_is_the_same_in_every_format(small: Small, fmt: str) -> None:
    small.take(kept(small))
    rows = small.yimen.json("overlaps", "list")
    lines = small.yimen("overlaps", "list", "--format", fmt).out.splitlines()
    shown = [line for line in lines if "V2026-" in line]
    assert len(shown) == len(rows) == 4
    assert all(row["hit_no"] in line for row, line in zip(rows, shown, strict=True))
    only = small.yimen("overlaps", "list", "--format", fmt, "--columns", "hit_no").out
    assert "CIV-DB" not in only


def test_an_overlap_keeps_its_published_contract(small: Small) -> None:
    from test_contracts import assert_keeps

    small.take(kept(small))
    for line in small.yimen.json("overlaps", "list"):
        assert_keeps("overlap-line", line)
        assert_keeps("overlap", small.yimen.json("overlaps", "show", line["hit_no"]))


def test_an_overlap_is_worked_only_where_and_by_whom_it_may(small: Small) -> None:
    small.take(kept(small))
    yimen = small.yimen
    people = {
        "near": ["town", "--division", "370499101"], "far": ["town", "--division", "370499201"],
        "village": ["village", "--division", VILLAGE], "auditor": ["auditor"], "it": ["it"],
        "civil": ["department", "--department", "civil"],
        "medical": ["department", "--department", "medical"],
    }  # fmt: skip
    for name, words in people.items():
        yimen("operator", "add", name, "--name", name.title(), "--role", *words)
    lines = yimen.json("overlaps", "list")
    aid = {r["hit_no"] for r in lines if "CIV-DB" in r["programmes"]}
    bills = {r["hit_no"] for r in lines} - aid
    seen = {
        name: {r["hit_no"] for r in yimen.acting_as(name).json("overlaps", "list")}
        for name in ("near", "far", "auditor", "civil", "medical")
    }
    assert seen == {
        "near": aid | bills, "far": set(), "auditor": aid | bills, "civil": aid, "medical": bills,
    }  # fmt: skip
    one = min(aid)
    for name in ("village", "it"):
        yimen.acting_as(name)("overlaps", "list", code=4)
    for name in ("village", "it", "far", "medical"):
        yimen.acting_as(name)("overlaps", "show", one, code=4)
    for name in ("village", "it", "far", "medical", "auditor"):
        words = ["overlaps", "resolve", one, "disputed", "--reason", "x"]
        yimen.acting_as(name)(*words, code=4)
    for name in (*people, "near"):
        if name != "it":
            yimen.acting_as(name)("overlaps", "assign", one, "near", code=4)
    for name in ("far", "medical", "auditor", "village", "it"):
        assert "may resolve it" in yimen("overlaps", "assign", one, name, code=4).err
    yimen("overlaps", "assign", one, "nobody", code=3)
    assert "王" not in yimen.acting_as("auditor")("overlaps", "show", min(bills)).out.replace(
        "王*", ""
    )
    yimen("overlaps", "assign", one, "civil")
    yimen.acting_as("civil")("overlaps", "resolve", one, "disputed", "--reason", "x")
    yimen("overlaps", "list", "--division", "370499999", code=5)


def test_a_run_is_taken_by_county_or_it_alone(small: Small) -> None:
    yimen = small.yimen
    yimen("operator", "add", "near", "--name", "N", "--role", "town", "--division", "370499101")
    desk = sit_down(small.desk.home, acting_as="near")
    with pytest.raises(Refused):
        take(desk, small.catalogue, [], run_on())
    assert small.hits() == []
