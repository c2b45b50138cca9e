"""Overlaps as cases: found with months and money, owned, resolved, reopened, never deleted."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from plugin_files import heating, named

from yimen.core.casework import overlap_cases
from yimen.core.casework import overlaps as taking
from yimen.core.casework.months import month_number, month_text, months_paid
from yimen.core.casework.operators import sit_down
from yimen.core.casework.overlap_evidence import Event, Evidence, Payment, evidence_of
from yimen.core.casework.overlaps import FoundHit, RunScope, take
from yimen.core.errors import BadInput, NotFound, Refused, StaleRevision
from yimen.core.identity import check_digit, mask_id
from yimen.core.records import OverlapKind
from yimen.core.rules.catalogue import load_catalogue
from yimen.core.store import overlaps, roster
from yimen.core.store.home import open_home

TODAY = date(2026, 11, 20)
KINDS: frozenset[OverlapKind] = frozenset({"duplicate", "multi_source", "missed", "wrongly_kept"})
VILLAGE, OTHER_VILLAGE = "370499101203", "370499201201"


def run_on(day: str = "2026-11-20", **given: Any) -> RunScope:
    """A run of the whole county over all programmes that these tests name."""
    scope: dict[str, Any] = {
        "run_no": f"S{day}", "rules_on": date.fromisoformat(day), "division": "370499",
        "facts_as_of": date.fromisoformat(day), "whole": True, "kinds": KINDS,
        "programmes": frozenset({"CIV-DB", "CIV-EDGE", "MED-IN", "MED-TILT", "MED-APP"}),
    }  # fmt: skip
    return RunScope(**scope | given)


# -- months and money ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "first, last, months",
    [
        ("2026-01-01", "2026-06-01", ("2026-01", "2026-05")),
        ("2026-01-15", "2026-06-30", ("2026-01", "2026-06")),
        ("2026-03-31", "2026-03-31", ("2026-03", "2026-03")),
        ("2025-12-05", "2026-01-02", ("2025-12", "2026-01")),
        ("2026-05-01", "9999-12-31", ("2026-05", "9999-12")),
        # An unknown end is no promise that it goes on.
        ("2026-05-01", None, ("2026-05", "2026-05")),
    ],
)
def test_a_row_pays_from_its_first_month_to_the_one_before_its_end(
    first: str, last: str | None, months: tuple[str, str]
) -> None:
    found = months_paid(first, last)
    assert found is not None
    assert (month_text(found[0]), month_text(found[1])) == months


def test_a_row_without_a_beginning_pays_for_no_month() -> None:
    assert months_paid(None, "2026-06-01") is None


def paid(
    payer: str, first: str, last: str, amount: int | None, programme: str = "CIV-DB",
    monthly: bool = True,
) -> Payment:  # fmt: skip
    return Payment(
        programme, payer, "civil.assistance", amount, monthly, month_number(first),
        month_number(last),
    )  # fmt: skip


def evidence(kind: OverlapKind, *payments: Payment, **given: Any) -> Evidence:
    names = tuple(sorted({p.programme for p in payments}))
    months = {"since": month_number("2026-11"), "now": month_number("2026-11")} | given
    return evidence_of(kind, names, list(payments), [], **months)


def test_what_is_paid_beyond_the_first_payer_is_too_much_in_the_common_months_alone() -> None:
    found = evidence(
        "duplicate",
        paid("one", "2026-01", "2026-11", 300_00),
        paid("two", "2026-04", "2026-06", 200_00),
    )
    assert (found.from_month, found.to_month, found.amount_fen) == ("2026-04", "2026-06", 600_00)
    assert [(p.payer, p.amount_fen) for p in found.payers()] == [("one", 900_00), ("two", 600_00)]


def test_months_with_the_same_payers_are_one_span_and_a_gap_divides_them() -> None:
    found = evidence(
        "duplicate",
        paid("one", "2026-01", "2026-11", 300_00),
        paid("two", "2026-02", "2026-03", 200_00),
        paid("three", "2026-03", "2026-03", 50_00),
        paid("four", "2026-09", "2026-11", 10_00),
    )
    spans = [(s.from_month, s.to_month, s.amount_fen) for s in found.spans]
    assert spans == [
        ("2026-02", "2026-02", 200_00), ("2026-03", "2026-03", 250_00),
        ("2026-09", "2026-11", 30_00),
    ]  # fmt: skip
    assert found.amount_fen == 480_00
    assert found.within("2026-03", "2026-10") == 270_00


def test_records_that_follow_each_other_are_no_duplicate() -> None:
    found = evidence(
        "duplicate",
        paid("one", "2026-01", "2026-05", 300_00),
        paid("two", "2026-06", "2026-11", 300_00),
    )
    assert found.spans == []
    assert found.amount_fen is None


def test_one_unknown_amount_makes_the_sum_unknown_and_not_smaller() -> None:
    found = evidence(
        "duplicate",
        paid("one", "2026-01", "2026-11", 300_00),
        paid("two", "2026-10", "2026-10", 200_00),
        paid("three", "2026-11", "2026-11", None),
    )
    assert (found.from_month, found.to_month, found.amount_fen) == ("2026-10", "2026-11", None)
    assert found.within("2026-10", "2026-10") == 200_00


def test_what_is_paid_once_counts_once_however_many_months_it_stands_for() -> None:
    found = evidence(
        "duplicate",
        paid("school", "2026-09", "2026-11", 500_00, monthly=False),
        paid("town", "2026-09", "2026-11", 400_00, monthly=False),
    )
    assert found.amount_fen == 400_00
    assert (found.from_month, found.to_month) == ("2026-09", "2026-11")


def test_of_an_exclusive_pair_the_smaller_side_is_too_much() -> None:
    found = evidence(
        "multi_source",
        paid("one", "2026-01", "2026-11", 300_00),
        paid("two", "2026-10", "2026-11", 120_00, "CIV-TK"),
    )
    assert (found.from_month, found.to_month, found.amount_fen) == ("2026-10", "2026-11", 240_00)


def test_what_is_wrongly_kept_counts_from_the_month_of_the_finding() -> None:
    since = month_number("2026-09")
    found = evidence("wrongly_kept", paid("one", "2025-01", "2026-11", 300_00), since=since)
    assert (found.from_month, found.to_month, found.amount_fen) == ("2026-09", "2026-11", 900_00)


def test_what_is_missed_is_unknown_money_unless_the_monthly_amount_is_known() -> None:
    since = month_number("2026-10")
    assert evidence("missed", since=since).amount_fen is None
    found = evidence("missed", since=since, monthly_fen=90_00)
    assert (found.from_month, found.amount_fen) == ("2026-10", 180_00)


def test_the_digest_is_blind_to_order_and_to_an_end_and_not_to_another_payer() -> None:
    one, two = paid("one", "2026-01", "2026-11", 3), paid("two", "2026-04", "2026-11", 2)
    ended = two._replace(last=month_number("2026-09"))
    assert evidence("duplicate", one, two).digest == evidence("duplicate", ended, one).digest
    other = evidence("duplicate", one, two._replace(payer="three")).digest
    assert other != evidence("duplicate", one, two).digest


def test_an_event_is_shown_with_all_its_payers_and_what_is_above_the_cost() -> None:
    event = Event("medical.settlement", "2026-05-03", 1000_00, (
        ("pooled_fen", "insurance", None, 700_00), ("aid_fen", "aid", "MED-IN", 500_00),
    ))  # fmt: skip
    found = evidence_of("multi_source", ("MED-IN",), [], [event], since=0, now=1)
    assert (found.from_month, found.to_month, found.amount_fen) == ("2026-05", "2026-05", 200_00)
    assert [p.payer for p in found.payers()] == ["insurance", "aid"]


# -- a small county ------------------------------------------------------------------------------

HUKOU = ["姓名", "身份证号", "户号", "与户主关系", "行政区划", "城乡分类", "人户分离"]
AID = ["姓名", "身份证号", "救助项目", "发放地区", "月救助金额(元)", "享受起始", "享受截止"]
BILLS = ["姓名", "身份证号", "结算日期", "就医类型", "总费用(元)", "政策范围内费用(元)",
         "基本医保和大病保险支付(元)", "医疗救助支付(元)", "其中倾斜救助(元)"]  # fmt: skip


def number(serial: int) -> str:
    first17 = f"37049919800101{serial:03d}"
    return first17 + check_digit(first17)


WANG, WIFE, LI, SUN = number(1), number(2), number(3), number(4)
FAMILIES = [
    ["王一", WANG, "1", "户主", VILLAGE], ["王妻", WIFE, "1", "配偶", VILLAGE],
    ["李一", LI, "2", "户主", VILLAGE], ["赵无", "", "3", "户主", VILLAGE],
    ["孙一", SUN, "4", "户主", OTHER_VILLAGE],
]  # fmt: skip
PAID = [
    # Paid by two counties from April to June; long over.
    ["王一", WANG, "低保", "甲县", "300", "2026-01-01", ""],
    ["王一", WANG, "低保", "乙县", "200", "2026-04-01", "2026-07-01"],
    # One record after the other.
    ["李一", LI, "低保", "甲县", "300", "2025-01-01", "2025-06-01"],
    ["李一", LI, "低保", "乙县", "300", "2025-06-01", ""],
    # Without a number, and one number under two names: nobody's.
    ["赵无", "", "低保", "甲县", "300", "2026-01-01", ""],
    ["赵无", "", "低保", "乙县", "300", "2026-01-01", ""],
    ["孙一", SUN, "低保", "甲县", "300", "2026-01-01", ""],
    ["孙一", SUN, "低保", "乙县", "300", "2026-01-01", ""],
    ["孙二", SUN, "低保", "乙县", "300", "2026-01-01", ""],
]
SETTLED = [
    ["王妻", WIFE, "2026-05-03", "住院", "1200", "1000", "700", "500", "0"],
    ["王妻", WIFE, "2026-06-03", "住院", "1200", "1000", "700", "300", "0"],
    ["王妻", WIFE, "2026-07-03", "住院", "1200", "1000", "900", "250", "250"],
    ["李一", LI, "2026-07-03", "住院", "1200", "", "900", "500", "0"],
]


class Small:
    """A home of four families, its desk, and the runs that are taken into it."""

    def __init__(self, runner: Any, catalogue: Any, folder: Path) -> None:
        self.yimen, self.catalogue, self._folder = runner, catalogue, folder
        self.load("civil.hukou", HUKOU, [[*row, "农村", "否"] for row in FAMILIES])
        self.load("civil.assistance", AID, PAID)
        self.load("medical.settlement", BILLS, SETTLED)
        self.desk: Any = sit_down(open_home(runner.home, today=TODAY))
        file = runner.json("query", WANG)["household"]
        self.family = file["household_no"]
        self.wang, self.wife = (m["member_no"] for m in file["members"])

    def load(
        self, source: str, header: list[str], rows: list[list[str]], day: str = "2026-11-20"
    ) -> None:
        path = self._folder / f"{source}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])
        on_that_day = replace(self.yimen, day=day)
        on_that_day("source", "load", source, path, "--as-of", day)

    def take(self, *found: FoundHit, day: str = "2026-11-20", **scope: Any) -> dict[str, int]:
        taken = take(self.desk, self.catalogue, found, run_on(day, **scope))
        return {k: getattr(taken, k) for k in ("new", "continued", "reopened", "ended")}

    def hits(self, kind: str | None = None) -> list[overlaps.Hit]:
        return overlaps.hits(self.desk.home.casework, kind=kind)

    def acts(self, hit_no: str) -> list[str]:
        return [m["act"] for m in overlaps.moves_of(self.desk.home.casework, hit_no)]

    def resolve(self, hit_no: str, code: str, **given: Any) -> Any:
        return overlap_cases.resolve(
            self.desk, self.catalogue, hit_no, code=code, reason="asked", **given
        )


@pytest.fixture
def small(yimen_empty: Any, shared_catalogue: Any, tmp_path: Path) -> Iterator[Small]:
    county = Small(yimen_empty, shared_catalogue, tmp_path)
    yield county
    county.desk.home.close()


ONLY_DUPLICATES: dict[str, Any] = {"kinds": frozenset({"duplicate"})}


def test_a_duplicate_that_is_long_over_is_found_with_its_months_payers_and_money(
    small: Small,
) -> None:
    assert small.take(**ONLY_DUPLICATES)["new"] == 1
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
    taken = take(small.desk, small.catalogue, [], run_on(**ONLY_DUPLICATES))
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


def test_a_hit_of_somebody_without_a_person_s_rows_stands_and_says_so(small: Small) -> None:
    rows = small.desk.home.registers.conn.execute(
        'SELECT household_no, member_no, name FROM "roster__1" WHERE name IN (?, ?)',
        ["赵无", "孙一"],
    ).fetchall()
    found = [FoundHit("duplicate", no, member, ("CIV-DB",)) for no, member, __ in rows]
    small.take(*found, whole=False)
    for hit in small.hits():
        assert (hit.from_month, hit.to_month, hit.amount_fen) == (None, None, None)
        shown = small.yimen.json("overlaps", "show", hit.hit_no)
        assert (shown["attributable"], shown["spans"]) == (False, [])
        assert "No row is counted" in small.yimen("overlaps", "show", hit.hit_no).out
        said = small.yimen("overlaps", "resolve", hit.hit_no, "confirmed", "--reason", "x", code=5)
        assert said.err.startswith("The months of this overlap are not known")
    # That nobody's rows are not found again says nothing.
    assert small.take(**ONLY_DUPLICATES)["ended"] == 0


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

KEPT = ("CIV-DB",)


def kept(small: Small) -> FoundHit:
    return FoundHit("wrongly_kept", small.family, None, KEPT)


JUST_KEPT: dict[str, Any] = {"kinds": frozenset({"wrongly_kept"})}


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
    small.take(FoundHit("duplicate", "H0099999", "M0099999", KEPT), whole=False)
    assert small.take()["ended"] == 0
    gone = [hit for hit in small.hits() if hit.household_no == "H0099999"]
    assert [(hit.state, hit.division, hit.amount_fen) for hit in gone] == [
        ("open", "370499000000", None)
    ] * 2


def test_a_confirmed_hit_opens_again_when_it_is_paid_beyond_its_last_month(small: Small) -> None:
    small.take(kept(small), **JUST_KEPT)
    (hit,) = small.hits()
    small.resolve(hit.hit_no, "confirmed")
    assert small.take(kept(small), day="2026-11-28", **JUST_KEPT)["continued"] == 1
    assert small.take(kept(small), day="2026-12-20", **JUST_KEPT)["reopened"] == 1
    (again,) = small.hits()
    assert (again.state, again.resolution) == ("open", None)
    # The new months alone: the old ones are dealt with.
    assert (again.from_month, again.to_month, again.amount_fen) == ("2026-12", "2026-12", 300_00)


@pytest.mark.parametrize("code", ["false_hit", "disputed"])
def test_a_false_or_disputed_hit_stays_so_on_the_same_rows_and_opens_on_others(
    small: Small, code: str
) -> None:
    small.take(kept(small), **JUST_KEPT)
    (hit,) = small.hits()
    small.resolve(hit.hit_no, code)
    assert small.take(kept(small), day="2026-12-20", **JUST_KEPT)["continued"] == 1
    assert [h.resolution for h in small.hits()] == [code]
    raised = [["王一", WANG, "低保", "甲县", "350", "2026-12-01", ""]]
    small.load("civil.assistance", AID, raised, day="2026-12-21")
    assert small.take(kept(small), day="2026-12-22", **JUST_KEPT)["reopened"] == 1


def test_a_past_duplicate_that_was_confirmed_is_not_asked_again(small: Small) -> None:
    small.take(**ONLY_DUPLICATES)
    (hit,) = small.hits()
    small.resolve(hit.hit_no, "confirmed", from_month="2026-05")
    (move,) = overlaps.moves_of(small.desk.home.casework, hit.hit_no)[1:]
    assert (move["from_month"], move["to_month"], move["amount_fen"]) == (
        "2026-05", "2026-06", 400_00,
    )  # fmt: skip
    assert small.take(day="2026-12-20", **ONLY_DUPLICATES)["continued"] == 1
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


# -- resolving -----------------------------------------------------------------------------------


def test_a_resolution_that_says_too_little_is_one_sentence_and_changes_nothing(
    small: Small,
) -> None:
    small.take(kept(small), **JUST_KEPT)
    (hit,) = small.hits()
    wrong = {
        "needs a reason": {"code": "confirmed", "reason": "  "},
        "'maybe' is not a resolution": {"code": "maybe", "reason": "x"},
        "is not a month": {"code": "confirmed", "reason": "x", "to_month": "2026-13"},
        "before the first": {"code": "confirmed", "reason": "x", "to_month": "2026-01"},
        "cannot be negative": {"code": "confirmed", "reason": "x", "amount_fen": -1},
        "no money to be returned": {"code": "false_hit", "reason": "x", "amount_fen": 5},
    }
    for sentence, given in wrong.items():
        with pytest.raises(BadInput, match=sentence):
            overlap_cases.resolve(small.desk, small.catalogue, hit.hit_no, **given)
    assert small.hits() == [hit]
    assert small.acts(hit.hit_no) == ["found"]
    with pytest.raises(NotFound, match="no overlap V2026-99999"):
        small.resolve("V2026-99999", "confirmed")


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


# -- before a referral is dispatched -------------------------------------------------------------


@pytest.fixture
def checked_case(yimen: Any, accepted: Any, desk: Any, shared_catalogue: Any) -> Any:
    """A checked application that dibao is eligible in, and a way to put overlaps on it."""
    told = accepted("eligible")
    yimen("check", told["application_no"])

    def put(kind: OverlapKind, programme: str = "CIV-DB", member: str | None = None) -> str:
        found = FoundHit(kind, told["household_no"], member, (programme,))
        scope = run_on(whole=False, programmes=frozenset(shared_catalogue.programmes))
        take(desk, shared_catalogue, [found], scope)
        hits = overlaps.hits(desk.home.casework, household_no=told["household_no"])
        return max(hit.hit_no for hit in hits)

    return told["application_no"], put


def test_an_open_duplicate_holds_its_programme_back_and_nothing_else(
    yimen: Any, checked_case: Any
) -> None:
    number, put = checked_case
    no = put("duplicate")
    sent = yimen.json("dispatch", number)
    (held,) = (h for h in sent["held_back"] if h["programme"] == "CIV-DB")
    assert held["reason"] == f"overlap {no} is open: duplicate aid"
    assert "CIV-DB" not in {r["programme"] for r in sent["referrals"]}
    assert "EDU-CMP" in {r["programme"] for r in sent["referrals"]}
    named = yimen.json("dispatch", number, "--programme", "CIV-DB")
    assert named["referrals"] == []
    assert no in named["held_back"][0]["reason"]


def test_an_override_needs_a_reason_and_a_name_and_is_journalled_with_the_hit(
    yimen: Any, checked_case: Any
) -> None:
    number, put = checked_case
    no = put("duplicate")
    assert "--override" in yimen("dispatch", number, "--programme", "CIV-DB", "--override", " ",
                                 code=5).err  # fmt: skip
    assert "named programme" in yimen("dispatch", number, "--override", "why", code=5).err
    words = ["--programme", "CIV-DB", "--override", "the other county has stopped"]
    sent = yimen.json("dispatch", number, *words)
    assert [r["programme"] for r in sent["referrals"]] == ["CIV-DB"]
    with sqlite3.connect(yimen.home / "casework.db") as conn:
        (body,) = conn.execute(
            "SELECT body FROM journal WHERE action = 'dispatch' AND subject = ?", [number]
        ).fetchone()
    conn.close()
    assert json.loads(body)["override"] == {
        "reason": "the other county has stopped", "hits": [no], "flags": [],
    }  # fmt: skip
    history = yimen.json("overlaps", "show", no)["history"]
    assert [(m["act"], m["reason"]) for m in history] == [
        ("found", ""), ("override", "the other county has stopped"),
    ]  # fmt: skip
    (answer,) = yimen.json("feedback", number)["answers"]
    assert answer["note"] == "the other county has stopped"


def test_a_resolved_overlap_holds_nothing_back(yimen: Any, checked_case: Any) -> None:
    number, put = checked_case
    yimen("overlaps", "resolve", put("duplicate"), "false_hit", "--reason", "two people")
    sent = yimen.json("dispatch", number)
    assert "CIV-DB" in {r["programme"] for r in sent["referrals"]}


def test_a_missed_or_wrongly_kept_hit_warns_and_holds_nothing_back(
    yimen: Any, checked_case: Any
) -> None:
    number, put = checked_case
    missed, wrong = put("missed"), put("wrongly_kept", "EDU-CMP")
    sent = yimen.json("dispatch", number)
    assert {"CIV-DB", "EDU-CMP"} <= {r["programme"] for r in sent["referrals"]}
    assert [(w["programme"], w["hit_no"], w["kind"]) for w in sent["warnings"]] == [
        ("CIV-DB", missed, "missed"), ("EDU-CMP", wrong, "wrongly_kept"),
    ]  # fmt: skip


def test_a_warning_is_printed_with_the_number_of_its_overlap(yimen: Any, checked_case: Any) -> None:
    number, put = checked_case
    no = put("missed")
    said = yimen("dispatch", number).out
    assert "To be minded" in said
    assert f"overlap {no} is open: missed aid" in " ".join(said.split())


def test_another_member_s_overlap_does_not_hold_a_member_s_aid_back(
    yimen: Any, checked_case: Any
) -> None:
    number, put = checked_case
    programmes = yimen.json("check", number)["programmes"]
    one, *others = sorted(p["member"] for p in programmes if p["programme"] == "MED-PREM")
    assert others
    put("duplicate", "MED-PREM", one)
    sent = yimen.json("dispatch", number)
    premium = {r["member_no"] for r in sent["referrals"] if r["programme"] == "MED-PREM"}
    assert premium == set(others)


def test_a_flag_of_the_check_holds_a_named_programme_back_before_any_run(
    yimen: Any, truth: Any, accepted: Any
) -> None:
    (planted,) = (p for p in truth["planted"] if p["kind"] == "duplicate")
    truth["stories"]["duplicate"] = planted
    try:
        number = accepted("duplicate")["application_no"]
    finally:
        del truth["stories"]["duplicate"]
    flags = yimen.json("check", number)["flags"]
    assert ("duplicate", "CIV-DB") in {(f["kind"], f["programme"]) for f in flags}
    held = yimen.json("dispatch", number, "--programme", "CIV-DB")
    assert held["referrals"] == []
    assert held["held_back"][0]["reason"].startswith("2 active records of")
    words = ["--programme", "CIV-DB", "--override", "to be paid here from now on"]
    assert len(yimen.json("dispatch", number, *words)["referrals"]) == 1


# -- what a department declares ------------------------------------------------------------------

SPOILT = {
    "there is no such column": {"cost": "moon_fen"},
    "it is no column of type date": {"day": "amount_fen"},
    "it is no column of type money": {"cost": "billed_on"},
    "it is named twice": {"paid": [{"column": "amount_fen"}, {"column": "amount_fen"}]},
    "it is a part of no payer's column": {
        "paid": [{"column": "amount_fen", "part_of": "billed_on"}]
    },
}


@pytest.mark.parametrize("reason", SPOILT)
def test_a_settlement_that_names_wrong_columns_is_one_problem_of_its_department(
    yimen_nowhere: Any, install: Any, reason: str
) -> None:
    files = heating()
    good = {"day": "billed_on", "cost": "amount_fen", "paid": [{"column": "amount_fen"}]}
    files["sources.json"][0]["settlement"] = good | SPOILT[reason]
    install(files)
    said = yimen_nowhere("department", "list").err
    assert reason in said
    assert "heating.bills" in said


def test_a_settlement_by_event_adds_the_rows_of_one_event_up(
    yimen_empty: Any, install: Any, tmp_path: Path
) -> None:
    files = heating()
    source = files["sources.json"][0]
    source["columns"] += [
        {"column": c, "type": t, "names": named(c)}
        for c, t in (("cost_fen", "money"), ("other_fen", "money"), ("matter", "text"))
    ]
    source["settlement"] = {
        "day": "billed_on", "cost": "cost_fen", "event": "matter",
        "paid": [{"column": "amount_fen", "programme": "HEA-WARM"}, {"column": "other_fen"}],
    }  # fmt: skip
    install(files)
    catalogue = load_catalogue(yimen_empty.home / "cache")
    county = Small(yimen_empty, catalogue, tmp_path)
    header = ["姓名", "身份证号", "Billed on", "Amount", "cost_fen", "other_fen", "matter"]
    rows = [
        # Each above nothing of its own, and 50 above the cost of the whole.
        ["李一", LI, "2026-03-01", "100", "150", "0", "one"],
        ["李一", LI, "2026-04-01", "0", "100", "200", "one"],
        ["李一", LI, "2026-05-01", "300", "300", "0", "two"],
    ]
    county.load("heating.bills", header, rows)
    programmes = frozenset({"HEA-WARM"})
    assert county.take(kinds=frozenset({"multi_source"}), programmes=programmes)["new"] == 1
    (hit,) = county.hits()
    assert (hit.to_month, hit.amount_fen, hit.owner) == ("2026-04", 50_00, "heating")
    county.desk.home.close()
