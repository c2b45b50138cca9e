"""Overlaps as cases: found with months and money, owned, resolved, reopened, never deleted."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
from msgspec import structs
from overlap_county import (
    AID,
    JUST_DUPLICATES,
    JUST_KEPT,
    KEPT,
    PAID,
    SUN,
    VILLAGE,
    WANG,
    Small,
    kept,
    run_on,
)
from overlap_county import _pristine_small_home as _pristine_small_home
from overlap_county import small as small

from yimen.core.casework import overlap_cases
from yimen.core.casework import overlaps as taking
from yimen.core.casework.overlaps import FoundHit, take
from yimen.core.identity import mask_id
from yimen.core.store import overlaps, roster


def test_a_duplicate_that_is_long_over_is_found_with_its_months_payers_and_money(
    small: Small,
) -> None:
    assert small.take(**JUST_DUPLICATES)["new"] == 1
    (hit,) = small.hits()
    assert hit.hit_no == "V2026-00001"
    assert (hit.household_no, hit.member_no, hit.programmes) == (
        small.family, small.wang, ("CIV-DB",),
    )  # fmt: skip
    assert (hit.from_month, hit.to_month, hit.amount_fen) == ("2026-04", "2026-06", 600_00)
    assert (hit.owner, hit.division) == ("civil", VILLAGE)
    shown = overlap_cases.show_overlap(small.desk, small.catalogue, hit.hit_no)
    assert {(p.payer, p.amount_fen) for p in shown.payers} == {("甲县", 900_00), ("乙县", 600_00)}


def test_a_row_without_a_number_or_under_two_names_is_counted_and_given_to_nobody(
    small: Small,
) -> None:
    taken = take(small.desk, small.catalogue, [], run_on(**JUST_DUPLICATES))
    assert [(r.source, r.without_number, r.shared_number) for r in taken.unattributable] == [
        ("civil.assistance", 2, 3)
    ]
    assert {hit.member_no for hit in small.hits()} == {small.wang}


def test_the_rows_of_nobody_are_listed_masked_with_the_line_that_finds_them(small: Small) -> None:
    rows = small.yimen.json("overlaps", "unattributed")
    assert [(r["line"], r["reason"], r["id_number"], r["name"]) for r in rows] == [
        (6, "no_number", None, "赵*"),
        (7, "no_number", None, "赵*"),
        (8, "shared_number", mask_id(SUN), "孙*"),
        (9, "shared_number", mask_id(SUN), "孙*"),
        (10, "shared_number", mask_id(SUN), "孙*"),
    ]
    assert small.yimen.json("overlaps", "unattributed", "--source", "civil.assistance") == rows
    shown = small.yimen("overlaps", "unattributed").out
    assert "several names" in shown
    assert not re.search(r"\d{17}", shown)
    reading = "SELECT body FROM journal WHERE action = 'overlaps.unattributed'"
    bodies = [json.loads(b) for (b,) in small.desk.home.casework.conn.execute(reading)]
    assert bodies == [{"rows": 5}] * 3
    small.yimen("overlaps", "unattributed", "--source", "civil.hukou", code=3)


def test_the_rows_of_nobody_are_for_the_county_and_for_the_programme_s_department(
    small: Small,
) -> None:
    yimen = small.yimen
    add = ("operator", "add")
    yimen(*add, "near", "--name", "N", "--role", "town", "--division", "370499101")
    for body in ("civil", "medical"):
        yimen(*add, body, "--name", "B", "--role", "department", "--department", body)
    assert len(yimen.acting_as("civil").json("overlaps", "unattributed")) == 5
    assert yimen.acting_as("medical").json("overlaps", "unattributed") == []
    yimen.acting_as("near")("overlaps", "unattributed", code=4)


def nobodies(small: Small) -> list[FoundHit]:
    """What a check finds of two members whose rows may be anybody's."""
    rows = small.desk.home.registers.conn.execute(
        'SELECT household_no, member_no FROM "roster__1" WHERE name IN (?, ?)', ["赵无", "孙一"]
    ).fetchall()
    return [FoundHit("duplicate", no, member, KEPT) for no, member in rows]


def test_two_records_that_may_be_anybody_s_open_no_overlap(small: Small) -> None:
    found = nobodies(small)
    assert len(found) == 2
    assert small.take(*found, whole=False) == {"new": 0, "continued": 0, "reopened": 0, "ended": 0}
    assert small.hits() == []


def test_aid_that_was_granted_here_twice_is_found_of_a_member_without_a_number(
    small: Small,
) -> None:
    zhao = nobodies(small)[0]
    grant = (
        "INSERT INTO benefit (benefit_no, household_no, member_no, programme, department,"
        " amount_fen, per, from_month, referral_no)"
        " VALUES (?, ?, ?, 'CIV-DB', 'civil', 20000, 'month', ?, ?)"
    )
    with sqlite3.connect(small.yimen.home / "casework.db") as conn:
        for n, month in enumerate(("2026-09", "2026-10"), 1):
            whose = (zhao.household_no, zhao.member_no)
            conn.execute(grant, [f"B2026-0000{n}", *whose, month, f"R2026-0000{n}"])
    conn.close()
    assert small.take(*nobodies(small), whole=False)["new"] == 1
    (hit,) = small.hits()
    assert hit.member_no == zhao.member_no
    assert (hit.from_month, hit.to_month, hit.amount_fen) == ("2026-10", "2026-11", 400_00)


def test_a_hit_stays_as_it_was_found_when_its_rows_become_anybody_s(small: Small) -> None:
    small.take(**JUST_DUPLICATES)
    (hit,) = small.hits()
    twin = ["王二", WANG, "低保", "丙县", "300", "2026-01-01", ""]
    small.load("civil.assistance", AID, [*PAID, twin], day="2026-11-25")
    found = FoundHit("duplicate", small.family, small.wang, KEPT)
    for code in (None, "confirmed"):
        if code:
            small.resolve(hit.hit_no, code)
        before = small.hits()
        assert not any(small.take(found, day="2026-11-26", **JUST_DUPLICATES).values())
        assert small.hits() == before
    shown = overlap_cases.show_overlap(small.desk, small.catalogue, hit.hit_no)
    assert (shown.attributable, shown.amount_fen) == (True, 600_00)


def test_a_hit_that_rests_on_nobody_s_rows_says_so_and_is_not_confirmed_without_months(
    small: Small,
) -> None:
    small.take(**JUST_DUPLICATES)
    (hit,) = small.hits()
    found = nobodies(small)[0]
    lost = structs.replace(
        hit, household_no=found.household_no, member_no=found.member_no, from_month=None,
        to_month=None, amount_fen=None,
    )  # fmt: skip
    with small.desk.home.writing() as db:
        overlaps.write(db, [lost])
    shown = small.yimen.json("overlaps", "show", hit.hit_no)
    assert (shown["attributable"], shown["spans"]) == (False, [])
    assert "No row is counted" in small.yimen("overlaps", "show", hit.hit_no).out
    said = small.yimen("overlaps", "resolve", hit.hit_no, "confirmed", "--reason", "x", code=5)
    assert said.err.startswith("The months of this overlap are not known")
    # That nobody's rows are not found again says nothing.
    assert small.take(**JUST_DUPLICATES)["ended"] == 0


def test_aid_that_lifts_all_payments_above_the_eligible_cost_is_found_by_its_programme(
    small: Small,
) -> None:
    assert small.take(kinds=frozenset({"multi_source"}))["new"] == 2
    found = {hit.programmes: hit for hit in small.hits()}
    # Aid of 500 beside 700 of insurance on a cost of 1,000; all of 250 was extra aid.
    assert {p: (h.from_month, h.amount_fen) for p, h in found.items()} == {
        ("MED-IN",): ("2026-05", 200_00), ("MED-TILT",): ("2026-07", 150_00),
    }  # fmt: skip
    assert {(h.member_no, h.owner) for h in found.values()} == {(small.wife, "medical")}
    shown = small.yimen.json("overlaps", "show", found["MED-TILT",].hit_no)
    assert [(p["programme"], p["amount_fen"]) for p in shown["payers"]] == [
        (None, 900_00), ("MED-IN", 250_00),
    ]  # fmt: skip


def test_a_run_of_some_households_finds_nothing_in_the_past_and_ends_nothing(small: Small) -> None:
    small.take(FoundHit("wrongly_kept", small.family, None, ("CIV-DB",)), whole=False)
    assert small.take(whole=False) == {"new": 0, "continued": 0, "reopened": 0, "ended": 0}
    assert [hit.state for hit in small.hits()] == ["open"]


def test_the_owner_is_the_officer_of_an_open_application(small: Small) -> None:
    number = small.yimen.json("intake", WANG, "--no-ask")
    small.take(FoundHit("missed", number["household_no"], small.wang, ("MED-IN",)))
    assert {h.kind: h.owner for h in small.hits() if h.kind == "missed"} == {"missed": "admin"}


# -- what a later run makes of it ----------------------------------------------------------------


def test_an_open_hit_grows_with_the_months_as_long_as_it_is_found(small: Small) -> None:
    small.take(kept(small), **JUST_KEPT)
    small.take(kept(small), day="2026-12-20", **JUST_KEPT)
    (hit,) = small.hits()
    assert (hit.from_month, hit.to_month, hit.amount_fen) == ("2026-11", "2026-12", 600_00)
    assert (hit.found_on, hit.last_seen_on) == ("2026-11-20", "2026-12-20")
    assert (hit.first_run, hit.last_run) == ("S2026-11-20", "S2026-12-20")
    assert small.acts(hit.hit_no) == ["found"]


def test_a_hit_that_is_no_longer_found_ends_and_opens_again_when_it_is(small: Small) -> None:
    small.take(kept(small), **JUST_KEPT)
    assert small.take(day="2026-11-25", **JUST_KEPT)["ended"] == 1
    (hit,) = small.hits()
    assert hit.state == "ended"
    assert small.take(day="2026-11-26", **JUST_KEPT)["ended"] == 0
    assert small.take(kept(small), day="2026-12-20", **JUST_KEPT)["reopened"] == 1
    (again,) = small.hits()
    assert (again.hit_no, again.state, again.from_month) == (hit.hit_no, "open", "2026-12")
    assert small.acts(hit.hit_no) == ["found", "end", "reopen"]


@pytest.mark.parametrize(
    "scope",
    [
        {"kinds": frozenset({"duplicate"})}, {"division": "370499201"}, {"whole": False},
        {"programmes": frozenset({"CIV-EDGE"})},
        # The register of aid is too old to say that anything has ended.
        {"day": "2027-06-20"},
    ],
    ids=str,
)  # fmt: skip
def test_what_a_run_did_not_cover_does_not_end(small: Small, scope: dict[str, Any]) -> None:
    small.take(kept(small), **JUST_KEPT)
    assert small.take(**JUST_KEPT | scope)["ended"] == 0


def test_a_family_that_left_the_roster_was_not_looked_at_and_its_hit_stays(small: Small) -> None:
    small.take(FoundHit("wrongly_kept", "H0099999", None, KEPT), whole=False)
    assert small.take()["ended"] == 0
    (gone,) = (hit for hit in small.hits() if hit.household_no == "H0099999")
    assert (gone.state, gone.division, gone.amount_fen) == ("open", "370499000000", None)


def test_a_past_duplicate_that_was_confirmed_is_not_asked_again(small: Small) -> None:
    small.take(**JUST_DUPLICATES)
    (hit,) = small.hits()
    small.resolve(hit.hit_no, "confirmed", from_month="2026-05")
    (move,) = overlaps.moves_of(small.desk.home.casework, hit.hit_no)[1:]
    assert (move["from_month"], move["to_month"], move["amount_fen"]) == (
        "2026-05", "2026-06", 400_00,
    )  # fmt: skip
    assert small.take(day="2026-12-20", **JUST_DUPLICATES)["continued"] == 1
    assert [h.state for h in small.hits()] == ["resolved"]


def test_a_run_is_one_row_of_the_journal_without_a_person_in_it(small: Small) -> None:
    small.take(kept(small))
    ((body,),) = small.desk.home.casework.conn.execute(
        "SELECT body FROM journal WHERE action = 'overlaps.take'"
    ).fetchall()
    told = json.loads(body)
    assert {k: told[k] for k in ("new", "ended", "rows_of_nobody")} == {
        "new": 4, "ended": 0, "rows_of_nobody": 5,
    }  # fmt: skip


def test_a_county_is_taken_in_portions_of_households_and_comes_to_the_same(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    families = roster.all_households(small.desk.home, "roster__1")
    found = [FoundHit("wrongly_kept", no, None, KEPT) for no in families]
    every = len(families) + 3
    monkeypatch.setattr(taking, "PORTION", 1)
    assert small.take(*found)["new"] == every
    journal = "SELECT json_extract(body, '$.new') FROM journal WHERE action = 'overlaps.take'"
    news = [new for (new,) in small.desk.home.casework.conn.execute(journal)]
    assert (len(news), sum(news)) == (len(families), every)
    assert [hit.hit_no for hit in small.hits()] == [f"V2026-{n + 1:05d}" for n in range(every)]
    assert small.take(*found[1:])["ended"] == 1
    before = small.hits()
    monkeypatch.undo()
    assert small.take(*found)["reopened"] == 1
    assert [(h.key, h.from_month, h.amount_fen) for h in small.hits()] == [
        (h.key, h.from_month, h.amount_fen) for h in before
    ]


def test_a_run_that_is_killed_between_two_portions_is_taken_in_again_and_doubles_nothing(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    families = roster.all_households(small.desk.home, "roster__1")
    found = [FoundHit("wrongly_kept", no, None, KEPT) for no in families]

    def broken_off() -> Iterator[FoundHit]:
        yield from found[:2]
        raise KeyboardInterrupt

    monkeypatch.setattr(taking, "PORTION", 1)
    with pytest.raises(KeyboardInterrupt):
        take(small.desk, small.catalogue, broken_off(), run_on(**JUST_KEPT))
    assert [hit.household_no for hit in small.hits()] == families[:1]
    taken = small.take(*found, **JUST_KEPT)
    assert taken == {"new": len(families) - 1, "continued": 1, "reopened": 0, "ended": 0}
    assert [hit.household_no for hit in small.hits()] == families
    assert {tuple(small.acts(hit.hit_no)) for hit in small.hits()} == {("found",)}
