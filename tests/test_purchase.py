"""A purchase of services up to its contract: what would jump a gate is refused with its rule."""

from __future__ import annotations

from typing import Any

import pytest
from buying import SUPPLIER, Buying
from purchase_gates import WITHIN, refused
from purchase_gates import ready as ready

from yimen.core.casework.purchase import listing, planning, tendering
from yimen.core.errors import BadInput, Refused

BUDGET_FIRST = "budget first, purchase after"
SPLIT = "no splitting to stay under a limit"
AWARDED = "the contract is what was asked for and awarded"
BY_LIMIT = "from the limit on, a method of the law"


# -- demand, budget, method ----------------------------------------------------------------------


def test_a_public_facing_service_whose_public_was_not_asked_gets_no_budget(buying: Buying) -> None:
    number = buying.plan()
    said = refused(buying, "the public is asked about a public-facing service",
                   buying.budget, number, 10_000)  # fmt: skip
    assert "art. 15" in said
    refused(buying, "the public is asked about a public-facing service", planning.record_demand,
            buying.desk, number, asked="nobody came", answers=0)  # fmt: skip
    buying.ask(number)
    buying.budget(number, 10_000)


def test_a_service_for_the_office_itself_needs_no_public_to_be_asked(buying: Buying) -> None:
    buying.budget(buying.plan("B4=1"), 10_000)


def test_a_contract_before_its_budget_is_refused_with_the_rule(buying: Buying) -> None:
    number = buying.plan()
    buying.ask(number)
    refused(buying, BUDGET_FIRST, buying.sign, number)
    refused(buying, BUDGET_FIRST, buying.method, number)
    refused(buying, BUDGET_FIRST, tendering.chosen_method, buying.read(number))


def test_a_contract_dated_before_its_budget_is_refused_with_the_rule(buying: Buying) -> None:
    number = buying.funded(on="2026-11-10")
    buying.method(number)
    refused(buying, BUDGET_FIRST, buying.sign, number, on="2026-11-09")
    buying.sign(number, on="2026-11-10")


def test_a_contract_above_its_budget_is_refused_to_the_fen(buying: Buying) -> None:
    number = buying.funded("A1=100", yuan=5000)
    buying.method(number)
    refused(buying, BUDGET_FIRST, buying.sign, number, "A1=100@51")
    buying.sign(number, "A1=100@50")


def test_a_budget_without_weights_that_add_up_is_bad_input(buying: Buying) -> None:
    number = buying.plan()
    buying.ask(number)
    with pytest.raises(BadInput, match="add up to 100"):
        planning.set_budget(buying.desk, buying.catalogue, number, amount_fen=1, fund="f",
                            document="d", indicators={"on time": 99})  # fmt: skip


@pytest.mark.parametrize(
    "yuan, method, approval, allowed",
    [
        (499_999, "below_limit", "", True), (500_000, "below_limit", "", False),
        (500_000, "consultation", "", True), (3_999_999, "negotiation", "", True),
        (4_000_000, "negotiation", "", False), (4_000_000, "negotiation", "no. 7", True),
        (4_000_000, "open_tender", "", True), (4_000_000, "below_limit", "no. 7", False),
    ],
)  # fmt: skip
def test_the_limits_of_the_county_decide_which_method_may_be_chosen(
    buying: Buying, yuan: int, method: str, approval: str, allowed: bool
) -> None:
    number = buying.funded(yuan=yuan)
    if allowed:
        buying.method(number, method, approval=approval)
        assert buying.read(number).method == method
    else:
        refused(buying, BY_LIMIT, buying.method, number, method, approval=approval)


def test_where_the_county_has_set_no_limit_nothing_is_taken_to_be_below_it(buying: Buying) -> None:
    number = buying.funded()
    with buying.desk.home.writing() as db:
        db.conn.execute("DELETE FROM standard_value WHERE standard = 'civil.gp_limit_service'")
    with pytest.raises(Refused, match=r"has not set .*standard set civil\.gp_limit_service"):
        buying.method(number)
    (remark,) = listing.show_purchase(buying.desk, buying.catalogue, number).remarks
    assert "has not set the standard" in remark


def test_a_method_that_is_none_names_those_there_are(buying: Buying) -> None:
    with pytest.raises(BadInput, match="open_tender, invited_tender"):
        buying.method(buying.funded(), "lottery")


# -- splitting -----------------------------------------------------------------------------------


def test_alike_purchases_under_the_limit_whose_sum_passes_it_are_refused_as_a_split(
    buying: Buying,
) -> None:
    first = buying.funded("A1=100", yuan=300_000)
    buying.method(first)
    second = buying.funded("A2=50", yuan=200_000, title="Care")
    said = refused(buying, SPLIT, buying.method, second)
    assert first in said
    assert "art. 28" in said
    assert "500000.00" in said
    buying.method(second, "consultation")


def test_one_yuan_less_in_sum_is_no_split(buying: Buying) -> None:
    buying.method(buying.funded(yuan=300_000))
    buying.method(buying.funded(yuan=199_999))


@pytest.mark.parametrize("why", ["another kind", "another buyer", "a year ago", "stopped",
                                 "by a method of the law"])  # fmt: skip
def test_what_is_no_part_of_the_same_purchase_is_no_split(buying: Buying, why: str) -> None:
    other: dict[str, Any] = {"buyer": "370499101000"} if why == "another buyer" else {}
    line = "A4=10" if why == "another kind" else "A1=100"
    on = "2025-11-20" if why == "a year ago" else None
    first = buying.funded(line, yuan=300_000, on=on, **other)
    buying.method(first, "consultation" if why == "by a method of the law" else "below_limit")
    if why == "stopped":
        planning.stop(buying.desk, first, "no bidder")
    buying.method(buying.funded("A1=100", yuan=300_000))


def test_a_split_of_eleven_months_and_more_is_still_found(buying: Buying) -> None:
    buying.method(buying.funded(yuan=300_000, on="2025-11-21"))
    refused(buying, SPLIT, buying.method, buying.funded(yuan=300_000))


def test_a_budget_raised_after_the_method_was_chosen_needs_the_method_again(
    buying: Buying,
) -> None:
    number = buying.funded(yuan=300_000)
    buying.method(number)
    buying.budget(number, 600_000)
    assert buying.read(number).method is None
    refused(buying, BY_LIMIT, buying.sign, number)
    refused(buying, BY_LIMIT, buying.method, number)


def test_purchases_split_under_the_open_tender_threshold_are_refused_unless_approved(
    buying: Buying,
) -> None:
    buying.method(buying.funded(yuan=3_000_000), "negotiation")
    second = buying.funded(yuan=1_000_000)
    refused(buying, SPLIT, buying.method, second, "consultation")
    buying.method(second, "consultation", approval="no. 7")


# -- tender and award ----------------------------------------------------------------------------


@pytest.fixture
def tendered(buying: Buying) -> str:
    """A purchase by open tender, its call of 1 September closing on the 21st."""
    number = buying.funded(yuan=600_000, on="2026-08-31")
    buying.method(number, "open_tender", "2026-09-01")
    return number


def test_bids_that_would_close_within_twenty_days_are_refused(
    buying: Buying, tendered: str
) -> None:
    refused(buying, "twenty days for bids", buying.call, tendered, "2026-09-20", "2026-09-01")
    buying.call(tendered, "2026-09-21", "2026-09-01")


def test_an_award_goes_from_evaluation_to_report_to_choice(buying: Buying, tendered: str) -> None:
    order = "evaluation, report, choice and notice in this order"
    refused(buying, order, buying.award, tendered, "2026-09-22")
    buying.call(tendered, "2026-09-21", "2026-09-01")
    refused(buying, order, buying.award, tendered, chosen="2026-09-24")
    with pytest.raises(BadInput, match="before the step that comes first"):
        buying.award(tendered, "2026-09-20")
    buying.award(tendered, "2026-09-22", "2026-09-23", "2026-09-24")
    refused(buying, order, buying.award, tendered, "2026-09-25")
    refused(buying, order, buying.budget, tendered, 700_000)
    assert buying.read(tendered).supplier == SUPPLIER


def test_once_offers_were_evaluated_the_budget_they_were_made_for_stands(buying: Buying) -> None:
    number = buying.funded(yuan=600_000)
    buying.method(number, "negotiation")
    buying.award(number, "2026-11-20")
    order = "evaluation, report, choice and notice in this order"
    refused(buying, order, buying.budget, number, 700_000)
    refused(buying, order, buying.method, number, "inquiry")


def test_a_purchase_below_the_limit_has_no_bids_and_no_award(buying: Buying) -> None:
    number = buying.funded()
    buying.method(number)
    with pytest.raises(BadInput, match="has no call for bids"):
        buying.call(number, "2027-01-01")
    with pytest.raises(BadInput, match="has no award"):
        buying.award(number, "2026-11-20")


def test_a_supplier_is_contracted_as_chosen_or_not_at_all(buying: Buying, tendered: str) -> None:
    buying.call(tendered, "2026-09-21", "2026-09-01")
    refused(buying, AWARDED, buying.sign, tendered)
    buying.award(tendered, "2026-09-22", "2026-09-23", "2026-09-24")
    refused(buying, AWARDED, buying.sign, tendered, supplier="Moonlight")
    refused(buying, AWARDED, buying.sign, tendered, on="2026-09-23")
    buying.sign(tendered)
    refused(buying, AWARDED, buying.sign, tendered)


# -- contract ------------------------------------------------------------------------------------


def test_a_contract_holds_what_was_asked_for_and_no_more(buying: Buying, ready: str) -> None:
    refused(buying, AWARDED, buying.sign, ready, "A1=101@50")
    refused(buying, AWARDED, buying.sign, ready, "A3=1@50")
    refused(buying, AWARDED, buying.sign, ready, "A2/half_hour=1@50")
    with pytest.raises(BadInput, match="given twice"):
        buying.sign(ready, "A1=60@50", "A1=60@50")
    with pytest.raises(BadInput, match="more than zero"):
        buying.sign(ready, "A1=60@0")
    buying.sign(ready, "A1=99@50", "A2/hour=10@40")


@pytest.mark.parametrize(
    "term, stable, allowed",
    [
        (("2026-11-20", "2027-11-19"), False, True), (("2026-11-20", "2027-11-20"), False, False),
        (("2026-11-20", "2029-11-19"), True, True), (("2026-11-20", "2029-11-20"), True, False),
    ],
)  # fmt: skip
def test_a_contract_runs_one_year_or_three_where_the_service_is_stable(
    buying: Buying, ready: str, term: tuple[str, str], stable: bool, allowed: bool
) -> None:
    if allowed:
        buying.sign(ready, term=term, stable=stable)
    else:
        refused(buying, "a contract runs one year, three where stable", buying.sign, ready,
                term=term, stable=stable)  # fmt: skip


def test_a_term_that_began_before_the_signature_or_ends_before_it_begins_is_refused(
    buying: Buying, ready: str
) -> None:
    refused(buying, WITHIN, buying.sign, ready, term=("2026-11-19", "2027-01-01"))
    with pytest.raises(BadInput, match="last day lies before"):
        buying.sign(ready, term=("2026-12-01", "2026-11-30"))


def test_a_stopped_purchase_goes_no_further_and_a_contracted_one_is_not_stopped(
    buying: Buying,
) -> None:
    number = buying.contracted()
    with pytest.raises(Refused, match="has its contract already"):
        planning.stop(buying.desk, number, "changed our mind")
    other = buying.plan()
    planning.stop(buying.desk, other, "no money")
    with pytest.raises(Refused, match="was stopped"):
        buying.ask(other)
