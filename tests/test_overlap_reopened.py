"""When a resolved overlap needs an officer again, and for which months and how much money."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs
from overlap_county import (
    AID,
    BILLS,
    JUST_DUPLICATES,
    JUST_KEPT,
    JUST_MISSED,
    PAID,
    SETTLED,
    WANG,
    WIFE,
    Small,
    kept,
    missed,
)  # fmt: skip
from overlap_county import _pristine_small_home as _pristine_small_home
from overlap_county import small as small

from yimen.core.casework import overlap_cases
from yimen.core.casework.overlaps import FoundHit
from yimen.core.store import overlaps
from yimen.core.store.overlaps import Hit

ONE = ["王一", WANG, "低保", "甲县", "300", "2026-01-01", ""]
TWO = ["王一", WANG, "低保", "乙县", "200", "2026-04-01", ""]
JUST_BILLS: dict[str, Any] = {"kinds": frozenset({"multi_source"})}


def months_and_money(hit: Hit) -> tuple[str | None, str | None, int | None]:
    return hit.from_month, hit.to_month, hit.amount_fen


def paid_by(small: Small, *rows: list[str], day: str = "2026-11-20") -> None:
    small.load("civil.assistance", AID, list(rows), day=day)


# -- payment that goes on ------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["confirmed", "disputed"])
def test_a_confirmed_or_disputed_hit_opens_again_when_it_is_paid_beyond_its_last_month(
    small: Small, code: str
) -> None:
    small.take(kept(small), **JUST_KEPT)
    (hit,) = small.hits()
    small.resolve(hit.hit_no, code)
    assert small.take(kept(small), day="2026-11-28", **JUST_KEPT)["continued"] == 1
    assert small.take(kept(small), day="2026-12-20", **JUST_KEPT)["reopened"] == 1
    (again,) = small.hits()
    assert (again.state, again.resolution) == ("open", None)
    # The new months alone: the old ones are dealt with.
    assert months_and_money(again) == ("2026-12", "2026-12", 300_00)


def test_a_false_hit_stays_so_while_the_same_rows_are_paid_on_and_opens_on_others(
    small: Small,
) -> None:
    small.take(kept(small), **JUST_KEPT)
    (hit,) = small.hits()
    small.resolve(hit.hit_no, "false_hit")
    assert small.take(kept(small), day="2026-12-20", **JUST_KEPT)["continued"] == 1
    assert [h.resolution for h in small.hits()] == ["false_hit"]
    raised = ["王一", WANG, "低保", "甲县", "350", "2026-12-01", ""]
    paid_by(small, raised, day="2026-12-21")
    assert small.take(kept(small), day="2026-12-22", **JUST_KEPT)["reopened"] == 1
    assert [months_and_money(h) for h in small.hits()] == [("2026-12", "2026-12", 350_00)]


def test_a_false_hit_stays_so_when_one_of_its_payers_stops(small: Small) -> None:
    paid_by(small, ONE, TWO)
    small.take(kept(small), **JUST_KEPT)
    (hit,) = small.hits()
    small.resolve(hit.hit_no, "false_hit")
    paid_by(small, ONE, [*TWO[:-1], "2026-12-01"], day="2026-12-19")
    assert small.take(kept(small), day="2026-12-20", **JUST_KEPT)["continued"] == 1


@pytest.mark.parametrize("code", ["confirmed", "disputed"])
def test_a_reopened_duplicate_has_the_months_and_the_money_of_the_new_months_alone(
    small: Small, code: str
) -> None:
    paid_by(small, ONE, TWO)
    small.take(**JUST_DUPLICATES)
    (hit,) = small.hits()
    assert months_and_money(hit) == ("2026-04", "2026-11", 1600_00)
    small.resolve(hit.hit_no, code)
    assert small.take(day="2026-11-28", **JUST_DUPLICATES)["continued"] == 1
    paid_by(small, ONE, TWO, day="2027-01-05")
    assert small.take(day="2027-01-06", **JUST_DUPLICATES)["reopened"] == 1
    (again,) = small.hits()
    assert months_and_money(again) == ("2026-12", "2027-01", 400_00)
    shown = overlap_cases.show_overlap(small.desk, small.catalogue, hit.hit_no)
    assert [(s.from_month, s.to_month, s.amount_fen) for s in shown.spans] == [
        ("2026-12", "2027-01", 400_00)
    ]
    assert {(p.payer, p.amount_fen) for p in shown.payers} == {("甲县", 600_00), ("乙县", 400_00)}
    # Seen once more it stays as it is, and what is counted is counted once.
    assert small.take(day="2027-01-07", **JUST_DUPLICATES)["continued"] == 1
    assert [months_and_money(h) for h in small.hits()] == [months_and_money(again)]
    small.resolve(hit.hit_no, "confirmed")
    moves = overlaps.moves_of(small.desk.home.casework, hit.hit_no)
    assert [m["amount_fen"] for m in moves if m["act"] == "resolve"] == [1600_00, 400_00]


def test_a_reopened_multi_source_hit_has_the_new_events_alone(small: Small) -> None:
    small.take(**JUST_BILLS)
    hit = next(h for h in small.hits() if h.programmes == ("MED-IN",))
    assert months_and_money(hit) == ("2026-05", "2026-05", 200_00)
    small.resolve(hit.hit_no, "confirmed")
    bill = ["王妻", WIFE, "2026-12-03", "住院", "1200", "1000", "700", "350", "0"]
    small.load("medical.settlement", BILLS, [*SETTLED, bill], day="2026-12-19")
    assert small.take(day="2026-12-20", **JUST_BILLS)["reopened"] == 1
    again = next(h for h in small.hits() if h.programmes == ("MED-IN",))
    assert months_and_money(again) == ("2026-12", "2026-12", 50_00)


@pytest.mark.parametrize("resolved_to", ["2025-03", "2062-12"])
def test_a_resolution_of_months_that_were_never_found_neither_lengthens_nor_silences_a_hit(
    small: Small, resolved_to: str
) -> None:
    small.take(kept(small), **JUST_KEPT)
    (hit,) = small.hits()
    small.resolve(hit.hit_no, "confirmed")
    (resolved,) = small.hits()
    with small.desk.home.writing() as db:
        overlaps.write(db, [structs.replace(resolved, resolved_to=resolved_to)])
    assert small.take(kept(small), day="2026-12-20", **JUST_KEPT)["reopened"] == 1
    first = "2026-11" if resolved_to < "2026-11" else "2026-12"
    assert [h.from_month for h in small.hits()] == [first]


# -- other rows in months that were resolved -----------------------------------------------------


def test_other_rows_in_resolved_months_alone_open_a_hit_whose_money_is_for_the_officer(
    small: Small,
) -> None:
    small.take(**JUST_DUPLICATES)
    (hit,) = small.hits()
    small.resolve(hit.hit_no, "confirmed")
    third = ["王一", WANG, "低保", "丙县", "50", "2026-05-01", "2026-07-01"]
    paid_by(small, *PAID, third, day="2026-12-19")
    for told in ("reopened", "continued"):
        assert small.take(day="2026-12-20", **JUST_DUPLICATES)[told] == 1
        (again,) = small.hits()
        assert again.state == "open"
        assert months_and_money(again) == ("2026-04", "2026-06", None)
    assert small.resolve(hit.hit_no, "confirmed", from_month="2026-05").state == "resolved"
    moves = overlaps.moves_of(small.desk.home.casework, hit.hit_no)
    assert [m["amount_fen"] for m in moves if m["act"] == "resolve"] == [600_00, None]


def test_a_false_hit_that_opens_on_other_rows_of_its_months_has_their_money(small: Small) -> None:
    small.take(**JUST_DUPLICATES)
    (hit,) = small.hits()
    small.resolve(hit.hit_no, "false_hit")
    third = ["王一", WANG, "低保", "丙县", "50", "2026-05-01", "2026-07-01"]
    paid_by(small, *PAID, third, day="2026-12-19")
    for told in ("reopened", "continued"):
        assert small.take(day="2026-12-20", **JUST_DUPLICATES)[told] == 1
        assert [months_and_money(h) for h in small.hits()] == [("2026-04", "2026-06", 700_00)]


def test_a_reopened_hit_ends_when_the_new_months_were_not_paid_after_all(small: Small) -> None:
    paid_by(small, ONE, TWO)
    small.take(**JUST_DUPLICATES)
    (hit,) = small.hits()
    small.resolve(hit.hit_no, "confirmed")
    paid_by(small, ONE, TWO, day="2026-12-19")
    assert small.take(day="2026-12-20", **JUST_DUPLICATES)["reopened"] == 1
    paid_by(small, ONE, [*TWO[:-1], "2026-12-01"], day="2026-12-21")
    assert small.take(day="2026-12-22", **JUST_DUPLICATES)["ended"] == 1
    assert not any(small.take(day="2026-12-23", **JUST_DUPLICATES).values())
    assert small.acts(hit.hit_no) == ["found", "resolve", "reopen", "end"]


# -- what is missed ------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["false_hit", "disputed"])
def test_a_false_or_disputed_missed_hit_opens_when_it_has_ended_and_is_missed_again(
    small: Small, code: str
) -> None:
    small.take(missed(small, 90_00), **JUST_MISSED)
    (hit,) = small.hits()
    small.resolve(hit.hit_no, code)
    told = small.take(missed(small, 95_00), day="2026-12-01", **JUST_MISSED)
    assert (told["continued"], told["reopened"]) == (1, 0)
    assert small.take(day="2026-12-05", whole=False, **JUST_MISSED)["ended"] == 0
    assert small.take(day="2026-12-05", **JUST_MISSED)["ended"] == 1
    (ended,) = small.hits()
    # It is no longer missed, and what the officer found stands.
    assert (ended.state, ended.resolution) == ("ended", code)
    assert "if it is found again, it opens again" in small.yimen("overlaps", "show", hit.hit_no).out
    assert small.take(missed(small, 90_00), day="2026-12-10", **JUST_MISSED)["reopened"] == 1
    (again,) = small.hits()
    assert (again.state, again.resolution) == ("open", None)
    assert months_and_money(again) == ("2026-12", "2026-12", 90_00)
    assert small.acts(hit.hit_no) == ["found", "resolve", "end", "reopen"]


def test_a_confirmed_missed_hit_opens_again_when_it_is_still_missed_later(small: Small) -> None:
    small.take(missed(small, 90_00), **JUST_MISSED)
    (hit,) = small.hits()
    small.resolve(hit.hit_no, "confirmed")
    assert small.take(missed(small, 90_00), day="2026-11-28", **JUST_MISSED)["continued"] == 1
    assert small.take(missed(small, 90_00), day="2027-01-20", **JUST_MISSED)["reopened"] == 1
    assert [months_and_money(h) for h in small.hits()] == [("2026-12", "2027-01", 180_00)]


def test_a_resolved_hit_with_rows_does_not_end(small: Small) -> None:
    found = FoundHit("wrongly_kept", small.family, None, ("CIV-DB",))
    small.take(found, **JUST_KEPT)
    (hit,) = small.hits()
    small.resolve(hit.hit_no, "disputed")
    assert small.take(day="2026-12-20", **JUST_KEPT)["ended"] == 0
    assert [h.state for h in small.hits()] == ["resolved"]


@pytest.mark.parametrize(
    "kind, code, words",
    [
        ("kept", "false_hit", "if other rows appear."),
        ("kept", "disputed", "if other rows appear or aid is paid on."),
        ("missed", "confirmed", "if it is still missed in a later month."),
        ("missed", "disputed", "if it ends and is found again."),
    ],
)
def test_a_resolved_hit_says_what_opens_it_again(
    small: Small, kind: str, code: str, words: str
) -> None:
    small.take(kept(small) if kind == "kept" else missed(small), whole=False)
    (hit,) = small.hits()
    small.resolve(hit.hit_no, code)
    assert words in small.yimen("overlaps", "show", hit.hit_no).out
