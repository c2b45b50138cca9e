"""Orders, deliveries and acceptances: within the contract, and never more than is left."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from buying import Buying
from purchase_gates import ACCEPTED_ONLY, WITHIN, refused

from yimen.core.casework.household import show_household
from yimen.core.casework.purchase import listing, orders
from yimen.core.errors import BadInput, NotFound, Refused
from yimen.core.store import purchases

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


def test_who_signed_may_be_given_by_the_name_on_the_sheet(buying: Buying) -> None:
    order_no = buying.order(buying.contracted(), "A1=10")
    buying.deliver(order_no, 10)
    family = show_household(buying.desk, buying.catalogue, buying.household).household
    buying.accept(order_no, 1, by=[family.members[0].name])
    order = listing.show_order(buying.desk, buying.catalogue, order_no)
    assert order.acceptances[0].signed_by == [family.members[0].member_no]


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
