"""The eleven steps of a purchase as a checklist reads them: computed, dated, and late or not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec
import pytest
from buying import Buying, rows_of

from yimen.core.casework.purchase import listing, orders, payment, tendering
from yimen.core.casework.purchase.contracts import file_copy
from yimen.core.casework.purchase.planning import stop
from yimen.core.casework.purchase.rules import law
from yimen.core.casework.purchase.steps import purchase_facts, steps_done
from yimen.core.errors import BadInput, NotFound, Refused
from yimen.core.purchase_records import StepFact
from yimen.core.workdays import WorkingCalendar

MARKS = {"done": "x", "open": "o", "blocked": "-", "overdue": "!", "not_needed": "n"}


def facts(buying: Buying, number: str) -> dict[str, StepFact]:
    found = purchase_facts(buying.desk, buying.catalogue, number)
    return {fact.step: fact for fact in found}


def marks(buying: Buying, number: str) -> str:
    """One mark a step: x done, o open, - blocked, ! overdue, n not needed."""
    return "".join(MARKS[fact.state] for fact in facts(buying, number).values())


def pay(buying: Buying, number: str) -> None:
    payment.confirm(buying.somebody("county"), buying.draw(number), voucher="V1")


def test_a_purchase_walks_from_demand_to_publication_and_nothing_is_ever_changed(
    buying: Buying,
) -> None:
    number = buying.plan("A1=100")
    assert marks(buying, number) == "o----------"
    made: list[str] = []

    def work(quantity: int) -> None:
        made.append(buying.order(number, f"A1={quantity}"))
        buying.deliver(made[-1], quantity)

    walk: list[tuple[Callable[[], Any], str]] = [
        (lambda: buying.ask(number, "2026-08-25"), "xo---------"),
        (lambda: buying.budget(number, 600_000, "2026-08-31"), "xxxo-------"),
        (lambda: buying.method(number, "open_tender", "2026-09-01"), "xxxxo------"),
        (lambda: buying.call(number, "2026-09-21", "2026-09-01"), "xxxxo------"),
        (lambda: buying.award(number, "2026-09-22"), "xxxx!------"),
        (lambda: buying.award(number, None, "2026-09-23", "2026-09-24"), "xxxx!o-----"),
        (lambda: buying.publish(number, "award", "2026-09-28"), "xxxxx!-----"),
        (lambda: buying.sign(number, on="2026-10-20", term=("2026-10-20", "2027-10-19")),
         "xxxxx!o----"),
        (lambda: buying.publish(number, "contract", "2026-10-22"), "xxxxx!o----"),
        (lambda: file_copy(buying.desk, number), "xxxxxxo----"),
        (lambda: work(60), "xxxxxxoo---"),
        (lambda: buying.accept(made[-1], 60), "xxxxxxooo--"),
        (lambda: buying.score(number), "xxxxxxoooo-"),
        (lambda: pay(buying, number), "xxxxxxooooo"),
        (lambda: work(40), "xxxxxxxoooo"),
        (lambda: buying.accept(made[-1], 40), "xxxxxxxoooo"),
        (lambda: buying.publish(number, "acceptance"), "xxxxxxxxooo"),
        (lambda: buying.score(number), "xxxxxxxxxoo"),
        (lambda: pay(buying, number), "xxxxxxxxxxo"),
        (lambda: buying.publish(number, "result"), "xxxxxxxxxxx"),
    ]  # fmt: skip
    for step, (act, expected) in enumerate(walk):
        before = rows_of(buying)
        act()
        assert marks(buying, number) == expected, step
        after = rows_of(buying)
        assert all(after[table][: len(rows)] == rows for table, rows in before.items())
    (line,) = listing.purchase_lines(buying.desk, buying.catalogue)
    assert (line.step, line.state, line.due_on, line.paid_fen) == (None, None, None, 5000_00)
    assert listing.purchase_lines(buying.desk, buying.catalogue, open_only=True) == []
    shown = listing.show_purchase(buying.desk, buying.catalogue, number)
    assert sorted(r.partition(":")[0] for r in shown.remarks) == ["filing of the contract's copy"]


def test_every_step_has_its_law_and_who_does_it_and_says_whether_the_law_was_read(
    buying: Buying,
) -> None:
    for fact in facts(buying, buying.plan()).values():
        assert fact.basis
        assert fact.who in ("county", "town")
        assert fact.name
    assert facts(buying, "G2026-00001")["demand"].confirmed
    assert not facts(buying, "G2026-00001")["budget"].confirmed


def test_a_blocked_step_names_what_it_waits_for(buying: Buying) -> None:
    number = buying.plan()
    waits = {step: fact.waits_for for step, fact in facts(buying, number).items()}
    assert waits == {
        "demand": [], "budget": ["demand"], "catalogue": ["budget"], "method": ["budget"],
        "tender": ["method"], "contract": ["tender"], "performance": ["contract"],
        "acceptance": ["performance"], "score": ["acceptance"], "payment": ["score"],
        "publication": ["payment"],
    }  # fmt: skip


def test_below_the_limit_no_tender_is_needed_and_for_the_office_no_public_is_asked(
    buying: Buying,
) -> None:
    number = buying.plan("B4=1")
    assert marks(buying, number) == "no---------"
    buying.budget(number, 10_000)
    buying.method(number)
    assert marks(buying, number) == "nxxxno-----"


@pytest.mark.parametrize(
    "clock, start, due",
    [
        # 25 to 27 September are the mid-autumn holidays of 2026, 1 to 7 October the national ones.
        ("challenge_reply", "2026-09-24", "2026-10-12"),
        ("report", "2026-09-24", "2026-09-29"), ("choice", "2026-09-24", "2026-10-09"),
        ("notice", "2026-09-24", "2026-09-29"), ("signature", "2026-09-04", "2026-10-08"),
        ("contract_notice", "2026-09-30", "2026-10-09"),
        ("contract_copy", "2026-09-30", "2026-10-15"),
    ],
)  # fmt: skip
def test_each_clock_runs_from_its_act_over_the_working_calendar(
    clock: str, start: str, due: str
) -> None:
    rule = next(c for c in law().clocks if c.clock == clock)
    assert rule.limit.unit != "H"
    found = WorkingCalendar().add(date.fromisoformat(start), rule.limit.n, rule.limit.unit)
    assert (found.due.isoformat(), found.provisional) == (due, False)


def test_a_late_act_is_recorded_with_its_day_and_shown_as_late(buying: Buying) -> None:
    number = buying.funded(yuan=600_000, on="2026-10-09")
    buying.method(number, "consultation", "2026-10-09")
    buying.award(number, "2026-10-12", "2026-10-15", "2026-10-20")
    tender = facts(buying, number)["tender"]
    late = {c.clock: (c.due_on, c.done_on, c.overdue) for c in tender.clocks}
    assert late == {
        "report": ("2026-10-14", "2026-10-15", True),
        "choice": ("2026-10-22", "2026-10-20", False),
        "notice": ("2026-10-22", None, True),
    }
    assert (tender.state, tender.due_on) == ("overdue", "2026-10-22")
    (line,) = listing.purchase_lines(buying.desk, buying.catalogue)
    assert (line.step, line.overdue, line.due_on) == ("tender", True, "2026-10-22")
    remarks = listing.show_purchase(buying.desk, buying.catalogue, number).remarks
    assert remarks == [
        "report to the buyer: due on 2026-10-14, done on 2026-10-15",
        "notice of the award: due on 2026-10-22, not done yet",
    ]


def test_a_limit_that_runs_past_the_published_calendar_is_provisional(buying: Buying) -> None:
    number = buying.funded()
    buying.method(number)
    buying.on("2026-12-30")
    buying.sign(number, term=("2026-12-30", "2027-12-29"))
    contract = facts(buying, number)["contract"]
    assert contract.provisional
    assert [c.provisional for c in contract.clocks] == [True, True]


def test_a_suppliers_challenge_keeps_the_award_open_until_it_has_its_reply(
    buying: Buying,
) -> None:
    number = buying.funded(yuan=600_000, on="2026-10-26")
    buying.method(number, "consultation", "2026-10-26")
    buying.award(number, "2026-10-27", "2026-10-28", "2026-10-29")
    buying.publish(number, "award", "2026-11-02")
    assert facts(buying, number)["tender"].state == "done"
    late = "The award was published on 2026-11-02; the last day was 2026-11-11"
    with pytest.raises(Refused, match=f"{late}.*Rule: a supplier challenges within seven"):
        tendering.challenge(buying.desk, number, "late", day=date(2026, 11, 12))
    with pytest.raises(BadInput, match="No challenge waits"):
        tendering.reply(buying.desk, number, "to nobody")
    tendering.challenge(buying.desk, number, "a bidder was not asked", day=date(2026, 11, 10))
    tender = facts(buying, number)["tender"]
    assert (tender.state, tender.due_on) == ("overdue", "2026-11-19")
    tendering.reply(buying.desk, number, "it was asked on the 27th", day=date(2026, 11, 18))
    assert facts(buying, number)["tender"].state == "done"
    tendering.challenge(buying.desk, number, "once more", day=date(2026, 11, 11))
    tender = facts(buying, number)["tender"]
    assert (tender.state, tender.due_on) == ("open", "2026-11-20")
    with pytest.raises(BadInput, match="before the step"):
        tendering.reply(buying.desk, number, "early", day=date(2026, 11, 10))


def test_the_days_of_steps_that_are_done_or_not_needed_are_there_for_a_checklist(
    buying: Buying,
) -> None:
    number = buying.contracted("A1=10@50")
    buying.served(number, 10)
    assert steps_done(buying.desk, buying.catalogue, number) == dict.fromkeys(
        ["demand", "budget", "catalogue", "method", "tender", "performance"], "2026-11-20"
    )
    with pytest.raises(NotFound):
        steps_done(buying.desk, buying.catalogue, "G2026-99999")


def test_an_order_that_is_late_makes_its_step_overdue_until_it_is_delivered_or_ended(
    buying: Buying,
) -> None:
    number = buying.contracted("A1=100@50")
    late, later = (buying.order(number, "A1=10", due=day) for day in ("2026-11-25", "2026-11-30"))
    assert facts(buying, number)["performance"].due_on == "2026-11-25"
    buying.on("2026-12-02")
    assert facts(buying, number)["performance"].state == "overdue"
    shown = listing.order_lines(buying.desk)
    assert [(o.order_no, o.overdue) for o in shown] == [(late, True), (later, True)]
    buying.deliver(late, 10, on="2026-11-28")
    orders.cancel(buying.desk, later, "the family has moved")
    assert facts(buying, number)["performance"].state == "open"
    assert [o.state for o in listing.order_lines(buying.desk)] == ["delivered", "ended"]


def test_after_the_term_what_was_not_ordered_is_no_longer_waited_for(buying: Buying) -> None:
    number = buying.contracted("A1=100@50")
    buying.served(number, 40)
    assert marks(buying, number)[6:] == "ooo--"
    buying.on("2027-11-22")
    assert marks(buying, number)[6:] == "xoo--"


def test_an_acceptance_after_its_publication_is_to_be_published_too(buying: Buying) -> None:
    number = buying.contracted("A1=10@50")
    buying.served(number, 6)
    buying.publish(number, "acceptance")
    buying.on("2026-11-24")
    buying.served(number, 4)
    assert facts(buying, number)["acceptance"].state == "open"
    buying.publish(number, "acceptance")
    assert facts(buying, number)["acceptance"].state == "done"


def test_the_result_is_published_last(buying: Buying) -> None:
    number = buying.contracted("A1=10@50")
    with pytest.raises(Refused, match=r"before: acceptance of a delivery.*Rule: what was"):
        buying.publish(number, "acceptance")
    with pytest.raises(Refused, match="before: supplier chosen"):
        buying.publish(number, "award")
    with pytest.raises(Refused, match="payment confirmed, contract published, acceptance pub"):
        buying.publish(number, "result")
    with pytest.raises(BadInput, match="nothing that is published"):
        buying.publish(number, "gossip")


def test_a_stopped_purchase_waits_for_nothing_and_is_never_overdue(buying: Buying) -> None:
    number = buying.plan()
    stop(buying.desk, number, "no money")
    (line,) = listing.purchase_lines(buying.desk, buying.catalogue)
    assert (line.stopped, line.step, line.state, line.overdue) == (True, None, None, False)


def test_alike_purchases_below_the_limit_are_shown_beside_each_other(buying: Buying) -> None:
    first = buying.funded(yuan=300_000)
    buying.method(first)
    second = buying.funded(yuan=100_000)
    (remark,) = listing.show_purchase(buying.desk, buying.catalogue, second).remarks
    assert first in remark
    assert "400000.00 yuan" in remark


def test_an_item_whose_department_is_gone_leaves_the_purchase_readable(buying: Buying) -> None:
    number = buying.contracted("A1=10@50")
    buying.catalogue = msgspec.structs.replace(buying.catalogue, service_items={})
    assert facts(buying, number)["catalogue"].state == "open"
    shown = listing.show_purchase(buying.desk, buying.catalogue, number)
    assert [line.name for line in shown.lines] == ["A1"]
