"""Drafts, the worklist, the board, a typed number: what the clerk's screen asks of the casework."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import PAPERLESS_ANSWERS, TODAY, Runner, plain_environment
from handled import handled

from yimen.core.casework.dossier import known_facts, timeline
from yimen.core.casework.drafts import (
    differences,
    discard_draft,
    draft_of,
    drafts,
    keep_draft,
)
from yimen.core.casework.finding import find_number
from yimen.core.casework.intake import continue_application, parse_answer
from yimen.core.casework.interview import interview
from yimen.core.casework.operators import sit_down
from yimen.core.casework.referral import accept as take_on
from yimen.core.casework.referral import decide, receive
from yimen.core.casework.worklist import dispatch_board, worklist
from yimen.core.errors import BadIdNumber, BadInput, NotFound, Refused, StaleRevision
from yimen.core.rules.catalogue import load_catalogue
from yimen.core.store import journal
from yimen.core.store.home import open_home

LATER = date(2026, 12, 8)


@pytest.fixture(scope="module")
def county(
    tmp_path_factory: pytest.TempPathFactory, _pristine_loaded_home: Path, truth: Any
) -> Path:
    """A family dispatched by the window, and one that another officer told what is missing."""
    folder = tmp_path_factory.mktemp("worklist")
    home = Path(shutil.copytree(_pristine_loaded_home, folder / "home"))
    paper = folder / "signed.txt"
    paper.write_text("signed\n", "utf-8")
    with plain_environment():
        window = Runner(home, operator="window")
        words = ["--authorisation", paper, "--pledge", paper]
        for answer in PAPERLESS_ANSWERS:
            words += ["--answer", answer]
        window("intake", truth["stories"]["eligible"]["id_number"], "--no-ask", *words)
        window("check", "A2026-00001")
        window("dispatch", "A2026-00001")
        Runner(home)("intake", truth["stories"]["unknown"]["id_number"], "--no-ask")
    return home


@pytest.fixture
def at_desk(county: Path, tmp_path: Path) -> Iterator[Any]:
    """Sits an operator down in a copy of the county, on a day."""
    copy = Path(shutil.copytree(county, tmp_path / "county"))
    homes = []

    def sit(operator: str, day: date = TODAY) -> Any:
        home = open_home(copy, today=day)
        homes.append(home)
        return sit_down(home, acting_as=operator)

    yield sit
    for home in homes:
        home.close()


@pytest.fixture(scope="module")
def declared(county: Path) -> Any:
    """What the departments declare."""
    with plain_environment():
        return load_catalogue(county / "cache")


# -- drafts -------------------------------------------------------------------------------------


def test_a_draft_is_the_operators_own_and_the_last_one_stays(at_desk: Any) -> None:
    window, other = at_desk("window"), at_desk("admin")
    keep_draft(window, "intake", "H0000001", {"scan": "a"}, rev=3)
    keep_draft(window, "intake", "H0000001", {"scan": "b"}, rev=4)
    kept = draft_of(window, "intake", "H0000001")
    assert kept is not None
    assert (kept.values, kept.rev) == ({"scan": "b"}, 4)
    assert drafts(other) == []
    discard_draft(other, "intake", "H0000001")
    assert [d.subject for d in drafts(window)] == ["H0000001"]
    discard_draft(window, "intake", "H0000001")
    assert drafts(window) == []


def test_a_draft_is_no_act_and_leaves_the_journal_alone(at_desk: Any) -> None:
    window = at_desk("window")
    before = journal.verify(window.home.casework)
    keep_draft(window, "decide", "R2026-00001", {"note": "half"})
    discard_draft(window, "decide", "R2026-00001")
    assert journal.verify(window.home.casework) == before


def test_only_what_both_changed_differs() -> None:
    before = {"a": "1", "b": "1", "c": "1", "d": ""}
    mine = {"a": "2", "b": "1", "c": "3", "d": "5"}
    theirs = {"a": "1", "b": "9", "c": "4", "d": "5"}
    found = {d.field: (d.before, d.mine, d.theirs) for d in differences(before, mine, theirs)}
    assert found == {"b": ("1", "1", "9"), "c": ("1", "3", "4")}


# -- the worklist -------------------------------------------------------------------------------


def test_mine_are_the_cases_of_which_one_is_the_first_officer(at_desk: Any) -> None:
    window, admin = at_desk("window"), at_desk("admin")
    assert {i.application_no for i in worklist(window).items} == {"A2026-00001"}
    assert {i.application_no for i in worklist(admin).items} == {"A2026-00002"}
    place = worklist(window, whose="place")
    assert {i.application_no for i in place.items} == {"A2026-00001", "A2026-00002"}
    assert next(i for i in place.items if i.number == "A2026-00002").step == "bring"


def test_late_comes_first_and_is_counted(at_desk: Any) -> None:
    found = worklist(at_desk("window", LATER), whose="place")
    lights = [i.light for i in found.items]
    assert lights == sorted(lights, key=lambda light: list(found.lights).index(light))
    assert lights[0] == "late"
    assert found.items[0].days_left < 0
    assert found.lights["late"] == lights.count("late")
    assert sum(found.lights.values()) == found.total == len(found.items)


def test_each_move_changes_what_has_to_be_done_and_by_whom(at_desk: Any, declared: Any) -> None:
    civil, window = at_desk("civil"), at_desk("window")
    number = worklist(civil).items[0].number

    def step(desk: Any) -> str:
        return next(i.step for i in worklist(desk).items if i.number == number)

    assert (step(civil), step(window)) == ("sign", "wait")
    receive(civil, number)
    assert (step(civil), step(window)) == ("accept", "wait")
    take_on(civil, number)
    assert (step(civil), step(window)) == ("handle", "wait")
    handled(civil.home.path, number)
    decide(civil, declared, number, outcome="granted", amount_fen=100, basis="SAL")
    assert (step(civil), step(window)) == ("window", "confirm")
    assert next(i for i in worklist(window).items if i.number == number).light in (
        "answered", "soon",
    )  # fmt: skip


def test_a_step_and_a_department_narrow_the_list_and_pages_part_it(at_desk: Any) -> None:
    window = at_desk("window")
    assert {i.step for i in worklist(window, whose="place", step="bring").items} == {"bring"}
    medical = worklist(window, department="medical")
    assert {i.department for i in medical.items} == {"medical"}
    numbers = [i.number for i in medical.items]
    assert [i.number for i in worklist(window, department="medical", first=1, most=2).items] == (
        numbers[1:3]
    )


def test_a_department_sees_its_own_referrals_whatever_it_asks_for(at_desk: Any) -> None:
    civil = at_desk("civil")
    assert {i.department for i in worklist(civil, department="medical").items} == {"civil"}
    assert [line.department for line in dispatch_board(civil)] == ["civil"]


def test_the_board_counts_every_referral_once(at_desk: Any) -> None:
    window = at_desk("window", LATER)
    lines = dispatch_board(window)
    assert sum(line.open for line in lines) == 7
    assert all(line.late == line.open for line in lines)
    assert all(sum(line.states.values()) == line.open for line in lines)


# -- numbers, files, interviews -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kind", "number"),
    [
        ("A2026-00001", "application", "A2026-00001"),
        ("a1", "application", "A2026-00001"),
        ("1", "application", "A2026-00001"),
        ("Ａ１", "application", "A2026-00001"),
        (" r 3 ", "referral", "R2026-00003"),
        ("H12", "household", "H0000012"),
        ("h0000012", "household", "H0000012"),
    ],
)
def test_a_number_may_be_typed_short(at_desk: Any, typed: str, kind: str, number: str) -> None:
    found = find_number(at_desk("window"), typed)
    assert (found.kind, found.number) == (kind, number)


def test_an_id_number_is_read_with_full_width_digits(at_desk: Any, truth: Any) -> None:
    number = truth["stories"]["eligible"]["id_number"]
    wide = "".join(chr(ord(c) + 0xFEE0) for c in number)
    assert find_number(at_desk("window"), wide).number == number


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("A99", NotFound),
        ("R99", NotFound),
        ("V99", NotFound),
        ("B7", NotFound),
        ("N7", NotFound),
        ("C7", BadInput),
        ("", BadInput),
        ("370499190001010000", BadIdNumber),
        ("3704991900010100001", BadInput),
    ],
)
def test_a_wrong_number_is_told_without_repeating_an_id_number(
    at_desk: Any, whole_numbers: Any, typed: str, error: type[Exception]
) -> None:
    with pytest.raises(error) as told:
        find_number(at_desk("window"), typed)
    assert whole_numbers(str(told.value)) == []


def test_a_household_tells_what_is_known_and_what_was_done(at_desk: Any, declared: Any) -> None:
    window = at_desk("window")
    facts = known_facts(window, declared, "H0000012")
    assert {f.status for f in facts} <= {"hit", "no_hit", "declared", "verified", "mismatch"}
    assert all(f.source or f.status == "declared" for f in facts)
    done = timeline(window, declared, "H0000012")
    assert done[-1].what == "application opened"
    assert {e.subject[:1] for e in done} == {"A"}
    with pytest.raises(Refused):
        timeline(at_desk("civil"), declared, "H0000012")


def test_an_interview_asks_only_what_no_register_knows(at_desk: Any, declared: Any) -> None:
    window = at_desk("window")
    found = interview(window, declared, "A2026-00002")
    asked = {(q.subject, q.fact) for q in found.questions}
    known = {(k.member, k.fact) for k in found.known}
    assert asked
    assert not asked & known
    assert found.unsigned
    assert [q.answer for q in found.questions] == [""] * len(found.questions)


def test_an_answer_given_on_an_older_revision_is_refused_and_changes_nothing(
    at_desk: Any, declared: Any
) -> None:
    window, admin = at_desk("window"), at_desk("admin")
    rev = interview(window, declared, "A2026-00002").application.rev
    answer = parse_answer(declared, "civil.other_income_year=250")
    continue_application(admin, declared, "A2026-00002", answers=[answer], rev=rev)
    mine = parse_answer(declared, "civil.other_income_year=100")
    with pytest.raises(StaleRevision):
        continue_application(window, declared, "A2026-00002", answers=[mine], rev=rev)
    now = interview(window, declared, "A2026-00002")
    assert {q.fact: q.answer for q in now.questions}[answer.fact] == "250.00"
    assert now.answered_by == ["admin"]
    continue_application(window, declared, "A2026-00002", answers=[mine], rev=now.application.rev)
    again = interview(window, declared, "A2026-00002")
    assert {q.fact: q.answer for q in again.questions}[answer.fact] == "100.00"
