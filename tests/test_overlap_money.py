"""What an overlap is worth: the months that are paid, and the money that is too much."""

from __future__ import annotations

from typing import Any

import pytest
from overlap_county import paid

from yimen.core.casework.months import month_number, month_text, months_paid
from yimen.core.casework.overlap_evidence import Event, Evidence, Payment, evidence_of
from yimen.core.records import OverlapKind


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
