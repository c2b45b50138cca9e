"""Amounts: every fen exact, everything doubtful refused."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yimen.core.errors import BadAmount
from yimen.core.money import ceil_to_yuan, format_yuan, parse_yuan

AMOUNTS = st.integers(-(10**17) + 1, 10**17 - 1)


@pytest.mark.parametrize(
    ("written", "fen"),
    [
        ("0", 0),
        ("1234.50", 123450),
        ("1234.5", 123450),
        ("1234", 123400),
        ("0.07", 7),
        ("1,234.50", 123450),
        ("12,345,678", 1234567800),
        ("１，２３４．５０", 123450),
        ("¥1234.50", 123450),
        ("￥ 1234.50", 123450),
        ("1234.50元", 123450),
        ("1234.50 元", 123450),
        ("-12.30", -1230),
        ("-¥12.30", -1230),
        ("¥-12.30", -1230),
        ("－12.30", -1230),
        ("-0.00", 0),
        (" 12 ", 1200),
        ("999999999999999.99", 99999999999999999),
    ],
)
def test_an_amount_is_read_to_the_fen(written: str, fen: int) -> None:
    assert parse_yuan(written) == fen


@pytest.mark.parametrize(
    "written",
    [
        "",
        " ",
        "元",
        "1E10",
        "1e3",
        "1.234",
        "1.",
        ".5",
        "1,23",
        "12,34,567",
        ",123",
        "1,2345",
        "1 234",
        "--1",
        "-¥-1",
        "+1",
        "1.5万元",
        "12元元",
        "0x10",
        "1_000",
        "nan",
        "inf",
        "١٢",
        "十二元",
        "12.3.4",
    ],
)
def test_what_is_not_plainly_an_amount_is_refused(written: str) -> None:
    with pytest.raises(BadAmount):
        parse_yuan(written)


def test_sixteen_digits_of_whole_yuan_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIMEN_LANG", "en")
    with pytest.raises(BadAmount) as refusal:
        parse_yuan("1000000000000000")
    assert str(refusal.value) == (
        "An amount of 16 digits is too large. Write at most 15 digits of whole yuan."
    )


def test_a_refusal_says_how_to_write_an_amount(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIMEN_LANG", "en")
    with pytest.raises(BadAmount) as refusal:
        parse_yuan("1E10")
    assert str(refusal.value) == (
        "'1E10' is not an amount in yuan. Write it as 1234.50, with at most two decimals."
    )


def test_an_id_number_in_the_amount_column_is_not_printed_whole() -> None:
    for written in ("370499195003150021", "37049919500315002X"):
        with pytest.raises(BadAmount) as refusal:
            parse_yuan(written)
        assert written[4:] not in str(refusal.value)


@given(AMOUNTS)
@settings(deadline=None)
def test_what_is_written_is_read_back(fen: int) -> None:
    assert parse_yuan(format_yuan(fen)) == fen


@given(AMOUNTS)
@settings(deadline=None)
def test_thousands_commas_change_nothing(fen: int) -> None:
    assert parse_yuan(f"{Decimal(fen).scaleb(-2):,.2f}") == fen


@pytest.mark.parametrize(
    ("fen", "written"),
    [(123450, "1234.50"), (7, "0.07"), (0, "0.00"), (-7, "-0.07"), (-123450, "-1234.50")],
)
def test_fen_are_written_with_two_decimals(fen: int, written: str) -> None:
    assert format_yuan(fen) == written


@pytest.mark.parametrize(
    ("fen", "rounded"), [(12300, 12300), (12301, 12400), (12399, 12400), (0, 0), (-199, -100)]
)
def test_a_part_of_a_yuan_is_rounded_up(fen: int, rounded: int) -> None:
    assert ceil_to_yuan(fen) == rounded


@given(AMOUNTS)
@settings(deadline=None)
def test_rounding_up_agrees_with_decimal_arithmetic(fen: int) -> None:
    yuan = Decimal(fen).scaleb(-2).to_integral_value(ROUND_CEILING)
    assert ceil_to_yuan(fen) == int(yuan) * 100
