"""Checks of households in a real home: how a source stands to a person.

NO_HIT is not zero and neither is unknown: each test writes the registers of one or two families,
loads them and looks at what the report says of a fact, of a programme, and of why.
"""

from __future__ import annotations

import pytest
from check_desk import ELSEWHERE, Desk, Person, criterion, kinds, known, programme, whys
from check_desk import desk_ as desk_


def test_a_source_that_is_not_loaded_makes_unknown_and_is_named(desk_: Desk) -> None:
    (person,) = desk_.family("户主")
    desk_.load(without="civil.vehicle")
    report = desk_.check(person)
    assert known(report["facts"]["civil.vehicles"]) == (None, "not_loaded")
    assert criterion(report, "CIV-DB", "vehicles") == "unknown"
    assert programme(report, "CIV-DB")["outcome"] == "unknown"
    assert "'Vehicle register' is not loaded." in whys(report, "CIV-DB")


@pytest.mark.parametrize(("as_of", "status"), [("2026-08-20", "no_hit"), ("2026-08-19", "stale")])
def test_a_source_is_stale_from_the_day_after_its_last_valid_day(
    desk_: Desk, as_of: str, status: str
) -> None:
    (person,) = desk_.family("户主")
    desk_.load(civil_vehicle={"as_of": as_of})
    report = desk_.check(person)
    stale = status == "stale"
    assert known(report["facts"]["civil.vehicles"]) == (None if stale else 0, status)
    assert report["facts"]["civil.vehicles"]["as_of"] == as_of
    assert programme(report, "CIV-DB")["outcome"] == ("unknown" if stale else "eligible")
    assert ("stale_source" in kinds(report)) == stale


def test_staleness_counts_from_the_day_of_the_facts(desk_: Desk) -> None:
    (person,) = desk_.family("户主")
    days = {name.replace(".", "_"): {"as_of": "2026-10-15"} for name in desk_.sources}
    desk_.load(**days | {"civil_vehicle": {"as_of": "2026-08-01"}})
    for day, status in (("2026-11-01", "no_hit"), ("2026-11-02", "stale")):
        report = desk_.look(person, "--facts-as-of", day)
        assert report["facts"]["civil.vehicles"]["status"] == status


def test_a_later_extract_is_not_seen_by_an_earlier_day(desk_: Desk) -> None:
    (person,) = desk_.family("户主")
    days = {name.replace(".", "_"): {"as_of": "2026-10-20"} for name in desk_.sources}
    desk_.load(**days)
    desk_.car(person)
    desk_.load_one("civil.vehicle", as_of="2026-11-18")
    for day, cars in (("2026-11-17", 0), ("2026-11-18", 1)):
        report = desk_.look(person, "--facts-as-of", day)
        assert known(report["facts"]["civil.vehicles"])[0] == cars


def test_facts_of_tomorrow_are_refused(desk_: Desk) -> None:
    (person,) = desk_.family("户主")
    desk_.load()
    household = desk_.file(person)["household_no"]
    answer = desk_.yimen(
        "check", "--household", household, "--facts-as-of", "2026-11-21", code=4
    )  # fmt: skip
    assert "2026-11-21 is in the future" in answer.err


def test_a_source_that_covers_another_town_makes_unknown(desk_: Desk) -> None:
    (here,) = desk_.family("户主")
    (there,) = desk_.family("户主", division=ELSEWHERE)
    desk_.load(civil_vehicle={"covers": ["370499102"]})
    unknown, fine = desk_.check(here), desk_.check(there)
    assert known(unknown["facts"]["civil.vehicles"]) == (None, "not_covered")
    assert "'Vehicle register' does not cover this person." in whys(unknown, "CIV-DB")
    assert known(fine["facts"]["civil.vehicles"]) == (0, "no_hit")


def test_no_row_is_not_the_same_as_a_row_of_zero(desk_: Desk) -> None:
    nothing, zero = desk_.family("户主", "妻")
    desk_.wage(zero, "0")
    desk_.load()
    report = desk_.look(nothing)
    found = {m: facts["civil.wage_year"] for m, facts in report["member_facts"].items()}
    assert known(found[desk_.number(nothing)]) == (0, "no_hit")
    assert known(found[desk_.number(zero)]) == (0, "hit")
    assert found[desk_.number(zero)]["source"] == "civil.tax_income"
    assert found[desk_.number(zero)]["as_of"] == "2026-11-20"


def test_rows_outside_the_condition_leave_the_absent_value(desk_: Desk) -> None:
    (person,) = desk_.family("户主")
    desk_.row("civil.tax_income", person, item="经营", paid_on="2026-06-30", amount_fen="50")
    desk_.load()
    report = desk_.look(person)
    assert known(report["facts"]["civil.wage_year"]) == (0, "hit")
    assert known(report["facts"]["civil.business_year"]) == (5_000, "hit")


def test_an_empty_cell_in_a_row_makes_the_fact_unknown(desk_: Desk) -> None:
    (person,) = desk_.family("户主")
    desk_.wage(person, "100")
    desk_.wage(person, "")
    desk_.load()
    report = desk_.check(person)
    assert known(report["facts"]["civil.wage_year"]) == (None, "hit")
    assert programme(report, "CIV-DB")["outcome"] == "unknown"
    assert "does not hold the value" in whys(report, "CIV-DB")


def test_the_same_number_under_another_name_is_not_used_and_is_flagged(desk_: Desk) -> None:
    (person,) = desk_.family("户主")
    desk_.car(Person("别人", person.id_number))
    desk_.load()
    report = desk_.check(person)
    assert known(report["facts"]["civil.vehicles"]) == (None, "mismatch")
    assert criterion(report, "CIV-DB", "vehicles") == "unknown"
    assert "name_mismatch" in kinds(report)
    assert "under another name" in whys(report, "CIV-DB")


def test_a_bank_is_read_only_under_the_members_own_consent(desk_: Desk) -> None:
    husband, wife = desk_.family("户主", "妻")
    desk_.deposit(husband, "100")
    desk_.load()
    report = desk_.look(husband)
    assert known(report["facts"]["civil.savings"]) == (None, "no_consent")
    assert criterion(report, "CIV-DB", "savings") == "unknown"
    assert "'Bank deposits' needs a signed authorisation." in whys(report, "CIV-DB")
    number = desk_.apply(husband, "--signed-by", desk_.number(husband))["application_no"]
    after = desk_.look(husband)
    savings = {m: known(f["civil.savings"]) for m, f in after["member_facts"].items()}
    assert savings == {
        desk_.number(husband): (10_000, "hit"),
        desk_.number(wife): (None, "no_consent"),
    }
    assert known(after["facts"]["civil.savings"]) == (None, "no_consent")
    paper = str(desk_.paper)
    desk_.yimen("intake", number, "--no-ask", "--authorisation", paper, "--pledge", paper)
    assert known(desk_.look(husband)["facts"]["civil.savings"]) == (10_000, "hit")


@pytest.mark.parametrize(
    "paper",
    [
        ("--signed-on", "2025-01-01", "--expires", "2026-11-19"),
        ("--scope", "civil", "--scope", "medical"),
    ],
)
def test_a_consent_that_is_over_or_covers_other_sources_opens_nothing(
    desk_: Desk, paper: tuple[str, ...]
) -> None:
    (person,) = desk_.family("户主")
    desk_.deposit(person, "100")
    desk_.load()
    desk_.apply(person, *paper)
    assert known(desk_.look(person)["facts"]["civil.savings"]) == (None, "no_consent")


def test_a_consent_opens_the_source_that_it_names(desk_: Desk) -> None:
    (person,) = desk_.family("户主")
    desk_.deposit(person, "100")
    desk_.load()
    desk_.apply(person, "--scope", "civil.bank")
    assert known(desk_.look(person)["facts"]["civil.savings"]) == (10_000, "hit")


def test_a_member_without_an_id_number_is_kept_and_unknown(desk_: Desk) -> None:
    (head,) = desk_.family("户主")
    baby = desk_.member("子", same=Person("婴儿", ""))
    desk_.load()
    report = desk_.look(head)
    assert len(report["member_facts"]) == 2
    (of_baby,) = [f for m, f in report["member_facts"].items() if m != desk_.number(head)]
    assert known(of_baby["civil.vehicles"]) == (None, "not_covered")
    assert known(of_baby["civil.deceased"]) == (None, "not_covered")
    assert programme(report, "CIV-DB")["outcome"] == "unknown"
    assert programme(report, "CIV-DB")["amount_fen"] is None
    assert baby.name in whys(report, "CIV-DB")
