"""A purchase of services passes eleven gates, and what would jump one is refused with its rule."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import msgspec
import pytest
from buying import SUPPLIER, TODAY, Buying, asked, rows_of

from yimen.core.casework.household import show_household
from yimen.core.casework.purchase import contracts, listing, orders, payment, planning, tendering
from yimen.core.casework.purchase.forbidden import refuse_not_purchasable
from yimen.core.casework.purchase.rules import law
from yimen.core.errors import BadInput, NotFound, Refused, YimenError
from yimen.core.store import purchases

BUDGET_FIRST = "budget first, purchase after"
SPLIT = "no splitting to stay under a limit"
AWARDED = "the contract is what was asked for and awarded"
WITHIN = "within the contract's quantity and term"
BY_LIMIT = "from the limit on, a method of the law"
ACCEPTED_ONLY = "payment against the accepted quantity at the contract's price"


def refused(buying: Buying, rule: str, act: Any, *given: Any, **more: Any) -> str:
    """The act is refused, names the rule and changes nothing; what was said."""
    before = rows_of(buying)
    with pytest.raises(Refused, match=f"Rule: {re.escape(rule)}") as caught:
        act(*given, **more)
    assert rows_of(buying) == before
    assert caught.value.next_step
    return str(caught.value)


# -- what may be purchased -----------------------------------------------------------------------


@pytest.mark.parametrize("listed", law().not_purchasable, ids=lambda r: r.rule)
def test_an_item_on_the_list_of_what_may_not_be_purchased_is_refused_with_its_rule(
    buying: Buying, listed: Any
) -> None:
    if listed.rule == "outside_duties":
        # No word shows what lies outside an office's duties; an officer must know.
        assert listed.shown_by == listed.patterns == []
        return
    for word in listed.shown_by:
        for title, line, spec in ((f"Service: {word}", "A1=1", ""), ("Service", f"{word}=1", ""),
                                  ("Service", "A1=1", f"... {word.upper()} ...")):  # fmt: skip
            said = refused(buying, listed.words(), buying.plan, line, title=title, spec=spec)
            assert f"'{word}'" in said


@pytest.mark.parametrize("words", ["聘用8人/月", "8名 x 12个月", "3人/月",
                                   "每人每月3000元", "4 staff per month", "元/人/月",
                                   "８人／月"])  # fmt: skip
def test_a_service_that_counts_heads_by_the_month_is_disguised_employment(
    buying: Buying, words: str
) -> None:
    refused(buying, "counting heads per month is disguised employment", buying.plan, title=words)


@pytest.mark.parametrize("words", ["每人每月2次探访", "480人次", "招聘会信息链接", "心理疏导12个月",
                                   "Visits twice a month", "希望工程资源链接"])  # fmt: skip
def test_an_honest_service_is_not_taken_for_one_on_the_list(words: str) -> None:
    refuse_not_purchasable([words])


def test_an_item_that_a_department_declares_under_other_words_is_refused_by_its_name(
    buying: Buying,
) -> None:
    item = buying.catalogue.service_items["A1"]
    names = {"zh": "协助审核确认", "en": "Help"}
    listed = msgspec.structs.replace(
        item, item="X1", names=msgspec.convert(names, type(item.names))
    )
    buying.catalogue = msgspec.structs.replace(
        buying.catalogue, service_items={**buying.catalogue.service_items, "X1": listed}
    )
    refused(buying, "acts of acceptance and decision stay with the office", buying.plan, "X1=1")


def test_an_item_that_is_in_no_catalogue_is_refused_and_an_unknown_unit_is_bad_input(
    buying: Buying,
) -> None:
    refused(buying, "only items of the guiding catalogue", buying.plan, "Z9=1")
    with pytest.raises(BadInput, match=r"not counted in 'week'.*hour, half_hour, day"):
        buying.plan("A2/week=1")
    with pytest.raises(BadInput, match="given twice"):
        buying.plan("A1=1", "A1=2")
    with pytest.raises(BadInput, match="not a quantity"):
        buying.plan("A1=0")


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


@pytest.fixture
def ready(buying: Buying) -> str:
    """A purchase of 100 visits below the limit, ready for its contract."""
    number = buying.funded("A1=100", "A2/hour=10")
    buying.method(number)
    return number


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


# -- orders --------------------------------------------------------------------------------------


def test_orders_take_from_the_contract_until_nothing_is_left(buying: Buying) -> None:
    number = buying.contracted("A1=100@50")
    first = buying.order(number, "A1=60")
    refused(buying, WITHIN, buying.order, number, "A1=41")
    buying.order(number, "A1=40")
    refused(buying, WITHIN, buying.order, number, "A1=1")
    orders.cancel(buying.desk, first, "moved away")
    buying.order(number, "A1=60")


def test_an_ended_order_keeps_what_was_accepted_under_it(buying: Buying) -> None:
    number = buying.contracted("A1=100@50")
    order_no = buying.order(number, "A1=100")
    buying.deliver(order_no, 30)
    buying.accept(order_no, 20)
    orders.cancel(buying.desk, order_no, "ten visits were too short")
    refused(buying, WITHIN, buying.deliver, order_no, 1)
    refused(buying, "acceptance of what was delivered, no more", buying.accept, order_no, 1)
    refused(buying, WITHIN, buying.order, number, "A1=81")
    buying.order(number, "A1=80")
    with pytest.raises(Refused, match="nothing left to be ended"):
        orders.cancel(buying.desk, order_no, "again")


def test_an_order_needs_a_contract_and_lies_within_its_term(buying: Buying) -> None:
    refused(buying, WITHIN, buying.order, buying.funded())
    number = buying.contracted()
    refused(buying, WITHIN, buying.order, number, due="2027-11-20")
    refused(buying, WITHIN, buying.order, number, due="2026-11-19")
    refused(buying, WITHIN, buying.order, number, "A3=1")
    buying.on("2027-11-20")
    refused(buying, WITHIN, buying.order, number)


def test_a_household_s_service_needs_a_household_and_the_office_s_own_has_none(
    buying: Buying,
) -> None:
    number = buying.contracted("A1=10@50", "B3=2@500")
    with pytest.raises(BadInput, match="A1 is ordered for a household"):
        buying.order(number, "A1=1", whom=None)
    with pytest.raises(BadInput, match="office's own work"):
        buying.order(number, "B3=1")
    training = buying.order(number, "B3=1", whom=None)
    buying.deliver(training, 1, by="Wang")
    refused(buying, "those who were served sign", buying.accept, training, 1, by=[], reason="x")
    buying.accept(training, 1, by=["Wang"])


def test_an_order_names_a_member_of_the_household_and_a_need_that_was_assessed(
    buying: Buying, yimen: Any
) -> None:
    number = buying.contracted()
    me = buying.members[0]
    with pytest.raises(BadInput, match="M9999999 is not a member"):
        buying.order(number, whom=orders.ForWhom(buying.household, "M9999999"))
    with pytest.raises(NotFound, match="no household"):
        buying.order(number, whom=orders.ForWhom("H9999999"))
    for_care = orders.ForWhom(buying.household, me, "care")
    with pytest.raises(BadInput, match=r"'gold' is not a need.*care"):
        buying.order(number, whom=orders.ForWhom(buying.household, me, "gold"))
    with pytest.raises(Refused, match="need care was not assessed"):
        buying.order(number, whom=for_care)
    fact = f"{me}:civil.needs_care"
    yimen("household", "verify", buying.household, f"{fact}=no", "--source", "visit")
    with pytest.raises(Refused, match="need care was not assessed"):
        buying.order(number, whom=for_care)
    yimen(
        "household", "verify", buying.household, f"{me}:civil.needs_care=yes", "--source", "visit"
    )
    order_no = buying.order(number, whom=for_care)
    (row,) = purchases.orders(buying.desk.home.casework, household_no=buying.household, need="care")
    assert (row["order_no"], row["member_no"], row["item"]) == (order_no, me, "A1")
    buying.order(number, whom=orders.ForWhom(buying.household, None, "care"))
    with pytest.raises(Refused, match="need care was not assessed"):
        buying.order(number, whom=orders.ForWhom(buying.household, buying.members[1], "care"))


PIPES: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
# Waits at the very write, so that both have read the same contract before either writes.
AT_ONCE = """
import sys
from contextlib import contextmanager
from yimen.cli import run
from yimen.core.store.home import Home

written = Home.writing

@contextmanager
def after_the_other(home):
    if sys._getframe(2).f_code.co_name in ("order", "working"):
        print("ready", flush=True)
        sys.stdin.readline()
    with written(home) as db:
        yield db

Home.writing = after_the_other
sys.exit(run(sys.argv[1:]))
"""


def at_once(words: list[str]) -> list[tuple[int, str]]:
    """Exit code and stderr of two real processes that give the same command at once."""
    children = [
        subprocess.Popen([sys.executable, "-c", AT_ONCE, *words], text=True, **PIPES)
        for __ in range(2)
    ]
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    errors = [child.communicate(timeout=120)[1] for child in children]
    return sorted((child.returncode, err) for child, err in zip(children, errors, strict=True))


def test_of_two_processes_that_order_the_last_unit_at_once_one_gets_it(
    buying: Buying, yimen: Any
) -> None:
    number = buying.contracted("A1=3@50")
    buying.order(number, "A1=2")
    won, lost = at_once(
        yimen.words("purchase", "order", number, "A1=1", "--household", buying.household)
    )
    assert (won[0], lost[0]) == (0, 4), (won, lost)
    assert "has 0 left to order" in lost[1]
    assert f"Rule: {WITHIN}" in lost[1]
    (line,) = buying.read(number).contract.lines  # type: ignore[union-attr]
    assert (line.ordered, line.quantity) == (3, 3)


def test_of_two_processes_that_draw_the_same_money_at_once_one_gets_it(
    buying: Buying, yimen: Any
) -> None:
    number = buying.contracted("A1=3@50")
    buying.served(number, 3)
    buying.score(number)
    won, lost = at_once(yimen.words("purchase", "pay", number))
    assert (won[0], lost[0]) == (0, 4), (won, lost)
    assert f"Rule: {ACCEPTED_ONLY}" in lost[1]
    (row,) = purchases.payments(buying.desk.home.casework, purchase_no=number)
    assert row["amount_fen"] == 150_00


# -- delivery and acceptance ---------------------------------------------------------------------


def test_no_more_is_delivered_than_was_ordered_and_each_paper_proves_one_delivery(
    buying: Buying,
) -> None:
    order_no = buying.order(buying.contracted(), "A1=10")
    paper = buying.paper()
    buying.deliver(order_no, 6, paper=paper)
    with pytest.raises(BadInput, match="evidence of delivery L2026-00001 already"):
        buying.deliver(order_no, 1, paper=paper)
    refused(buying, WITHIN, buying.deliver, order_no, 5)
    with pytest.raises(BadInput, match="not a member"):
        buying.deliver(order_no, 1, by="M9999999")
    with pytest.raises(BadInput, match="future"):
        buying.deliver(order_no, 1, on="2026-11-21")
    with pytest.raises(BadInput, match="before the step"):
        buying.deliver(order_no, 1, on="2026-11-19")
    buying.deliver(order_no, 4)


def test_what_is_delivered_after_the_term_belongs_to_no_contract(buying: Buying) -> None:
    order_no = buying.order(buying.contracted())
    buying.on("2027-11-22")
    refused(buying, WITHIN, buying.deliver, order_no, 1)
    buying.deliver(order_no, 1, on="2027-11-19")


def test_no_more_is_accepted_than_was_delivered(buying: Buying) -> None:
    order_no = buying.order(buying.contracted(), "A1=10")
    refused(buying, "acceptance of what was delivered, no more", buying.accept, order_no, 1)
    buying.deliver(order_no, 6)
    refused(buying, "acceptance of what was delivered, no more", buying.accept, order_no, 7)
    buying.accept(order_no, 6)
    refused(buying, "acceptance of what was delivered, no more", buying.accept, order_no, 1)


def test_an_acceptance_is_signed_by_somebody_served_or_says_why_nobody_could(
    buying: Buying,
) -> None:
    order_no = buying.order(buying.contracted(), "A1=10")
    buying.deliver(order_no, 10)
    refused(buying, "those who were served sign the acceptance", buying.accept, order_no, 1, by=[])
    with pytest.raises(BadInput, match="not a member"):
        buying.accept(order_no, 1, by=["M9999999"])
    buying.accept(order_no, 1, by=[], reason="in hospital, a neighbour was present")
    buying.accept(order_no, 1, by=buying.members[:2])


def test_who_signed_may_be_given_by_the_name_on_the_sheet(buying: Buying) -> None:
    order_no = buying.order(buying.contracted(), "A1=10")
    buying.deliver(order_no, 10)
    family = show_household(buying.desk, buying.catalogue, buying.household).household
    buying.accept(order_no, 1, by=[family.members[0].name])
    order = listing.show_order(buying.desk, buying.catalogue, order_no)
    assert order.acceptances[0].signed_by == [family.members[0].member_no]


# -- score and payment ---------------------------------------------------------------------------


def test_a_payment_above_the_accepted_quantity_is_refused_with_the_rule(buying: Buying) -> None:
    number = buying.contracted("A1=100@50")
    order_no = buying.order(number, "A1=100")
    buying.deliver(order_no, 80)
    refused(buying, ACCEPTED_ONLY, buying.draw, number, {1: 1})
    buying.accept(order_no, 60)
    buying.score(number)
    refused(buying, ACCEPTED_ONLY, buying.draw, number, {1: 61})
    drawn = buying.draw(number, {1: 60})
    (row,) = purchases.payments(buying.desk.home.casework, payment_no=drawn)
    assert row["amount_fen"] == 60 * 50_00
    refused(buying, ACCEPTED_ONLY, buying.draw, number, {1: 1})
    refused(buying, ACCEPTED_ONLY, buying.draw, number)


def test_what_was_accepted_after_the_last_score_waits_for_the_next_one(buying: Buying) -> None:
    number = buying.contracted()
    buying.served(number, 10)
    refused(buying, "score first, payment after", buying.draw, number, {1: 10})
    buying.score(number)
    buying.served(number, 5)
    refused(buying, "score first, payment after", buying.draw, number, {1: 15})
    buying.draw(number)
    buying.score(number)
    buying.draw(number, {1: 5})


def test_a_payment_that_was_drawn_is_reserved_until_it_is_withdrawn(buying: Buying) -> None:
    number = buying.contracted()
    buying.served(number, 10)
    buying.score(number)
    drawn = buying.draw(number)
    refused(buying, ACCEPTED_ONLY, buying.draw, number, {1: 1})
    payment.withdraw(buying.desk, drawn, "wrong account")
    with pytest.raises(Refused, match="has ended already"):
        payment.withdraw(buying.desk, drawn, "twice")
    buying.draw(number, {1: 10})


def test_who_drew_a_payment_does_not_confirm_it_under_any_account(buying: Buying) -> None:
    number = buying.contracted()
    buying.served(number, 10)
    buying.score(number)
    drawn = buying.draw(number)
    own = buying.desk.operator.person_no
    for desk in (buying.desk, buying.somebody("county", person=own)):
        refused(buying, "two persons for a payment", payment.confirm, desk, drawn, voucher="V1")
    payment.confirm(buying.somebody("county"), drawn, voucher="V1")
    with pytest.raises(Refused, match="has ended already"):
        payment.confirm(buying.somebody("county"), drawn, voucher="V1")


def test_a_score_below_the_pass_mark_is_paid_only_for_a_reason(buying: Buying) -> None:
    number = buying.contracted()
    buying.served(number, 10)
    assert buying.score(number, on_time=59, satisfaction=60) == 59
    refused(buying, "score first, payment after", buying.draw, number)
    buying.draw(number, reason="the contract owes it; the rest is ended")


def test_a_score_needs_something_accepted_and_points_for_each_indicator(buying: Buying) -> None:
    number = buying.contracted()
    refused(buying, "score first, payment after", buying.score, number)
    buying.served(number, 1)
    for points in ({"on_time": 90}, {"on_time": 90, "satisfaction": 101},
                   {"on_time": 90, "satisfaction": 90, "style": 5}):  # fmt: skip
        with pytest.raises(BadInput, match="Every indicator needs its points"):
            buying.score(number, **points)


def test_a_day_in_the_future_is_refused_at_every_act_that_has_one(buying: Buying) -> None:
    number, later = buying.plan(), "2026-11-21"
    acts = [lambda: buying.ask(number, later)]
    buying.ask(number)
    acts.append(lambda: buying.budget(number, 10_000, later))
    buying.budget(number, 10_000)
    acts.append(lambda: buying.method(number, on=later))
    buying.method(number)
    acts.append(lambda: buying.sign(number, on=later))
    for act in acts:
        with pytest.raises(YimenError, match="lies in the future"):
            act()


def test_a_plan_and_a_contract_have_lines_and_a_payment_names_one_that_is_there(
    buying: Buying, ready: str
) -> None:
    with pytest.raises(BadInput, match="A purchase needs at least one line"):
        planning.plan(buying.desk, buying.catalogue, "Visits", [])
    term = contracts.Term(TODAY, TODAY)
    with pytest.raises(BadInput, match="A contract needs at least one line"):
        contracts.sign(buying.desk, buying.catalogue, ready, supplier="S",
                       supplier_code="52370499MJ0000001E", lines=[], term=term,
                       paper=buying.paper())  # fmt: skip
    buying.sign(ready)
    with pytest.raises(BadInput, match="no line 9"):
        buying.draw(ready, {9: 1})


def test_an_order_of_an_item_that_is_contracted_in_two_units_names_one(buying: Buying) -> None:
    number = buying.contracted("A2/hour=10@40", "A2/half_hour=10@20")
    with pytest.raises(BadInput, match="A2/hour, A2/half_hour"):
        buying.order(number, "A2=1")
    order_no = buying.order(number, "A2/half_hour=1")
    assert buying.read(number).contract.lines[1].ordered == 1  # type: ignore[union-attr]
    assert purchases.orders(buying.desk.home.casework, order_no=order_no)[0]["line_no"] == 2


def test_nobodys_member_receives_what_the_office_ordered_for_itself(buying: Buying) -> None:
    number = buying.contracted("B3=2@500")
    training = buying.order(number, "B3=1", whom=None)
    with pytest.raises(BadInput, match="not a member"):
        buying.deliver(training, 1, by=buying.members[0])


def test_a_number_that_is_none_is_named_and_points_to_its_list(buying: Buying) -> None:
    for act, words in (
        (lambda: buying.ask("G2026-99999"), "purchase list"),
        (lambda: buying.deliver("D2026-99999", 1), "purchase orders"),
        (lambda: payment.withdraw(buying.desk, "F2026-99999", "x"), "purchase payments"),
    ):
        with pytest.raises(NotFound, match=words):
            act()
    with pytest.raises(NotFound) as caught:
        buying.ask("37049919870108001X")
    assert "37049919870108001X" not in str(caught.value)


def test_what_staff_type_is_kept_in_one_line_without_control_characters_or_whole_numbers(
    buying: Buying,
) -> None:
    number = buying.plan(title="Visits\x1b[2J\n for 37049919870108001X", spec="at\thome")
    found = buying.read(number)
    assert (found.title, found.spec) == ("Visits[2J for 370499********001X", "at home")
    with pytest.raises(BadInput, match="A text is missing"):
        buying.plan(title="\x1b")


def test_lines_are_typed_as_items_with_a_unit_or_without() -> None:
    assert (asked("A2/half_hour=3").unit, asked("A1=3").unit) == ("half_hour", None)
