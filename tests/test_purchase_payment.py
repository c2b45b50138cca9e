"""Scores and payments: no more than was accepted, and no act without its day, line or number."""

from __future__ import annotations

import pytest
from buying import TODAY, Buying, asked
from purchase_gates import ACCEPTED_ONLY, refused
from purchase_gates import ready as ready

from yimen.core.casework.purchase import contracts, payment, planning
from yimen.core.errors import BadInput, NotFound, Refused, YimenError
from yimen.core.store import purchases


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
