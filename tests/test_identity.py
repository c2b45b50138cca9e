"""The citizen number: every spelling becomes one, every fault is named, nothing whole is printed.

Numbers of real counties are put together while a test runs, with the sequence 000 that no
person is given, so that no number of anybody stands in this file.
"""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yimen.core.errors import BadIdNumber
from yimen.core.identity import (
    SYNTHETIC_COUNTY,
    birth_date,
    check_digit,
    mask_id,
    mask_name,
    mask_phone,
    normalise_id,
    sex,
)

WOMAN = "370499195003150021"


@pytest.fixture(autouse=True)
def _in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIMEN_LANG", "en")


def number_of(county: str, born: str = "19000101") -> str:
    """A well-formed number of a real county that no person has."""
    first17 = f"{county}{born}000"
    return first17 + check_digit(first17)


def iso_7064_check(first17: str) -> str:
    """The same check digit by the recursive method of ISO 7064, which uses no weights."""
    carried = 0
    for digit in first17:
        carried = (carried + int(digit)) * 2 % 11
    return "0123456789X"[(12 - carried) % 11]


@given(st.text("0123456789", min_size=17, max_size=17))
@settings(deadline=None)
def test_the_check_digit_agrees_with_the_recursive_method(first17: str) -> None:
    assert check_digit(first17) == iso_7064_check(first17)


def test_the_known_number_is_kept_as_it_is() -> None:
    assert normalise_id(WOMAN, synthetic=True) == WOMAN


@pytest.mark.parametrize(
    "written",
    [
        "３７０４９９１９５００３１５００２１",
        " 370499 19500315 0021 ",
        "370499　19500315　0021",
        "\t370499195003150021\n",
    ],
)
def test_full_width_digits_and_spaces_become_the_plain_number(written: str) -> None:
    assert normalise_id(written, synthetic=True) == WOMAN


def test_a_small_or_full_width_x_becomes_a_capital() -> None:
    number = next(
        first17 + "X"
        for sequence in range(1, 999)
        if check_digit(first17 := f"37049919800704{sequence:03d}") == "X"
    )
    for written in (number, number[:17] + "x", number[:17] + "ｘ", number[:17] + "Ｘ"):
        assert normalise_id(written, synthetic=True) == number


def test_a_fifteen_digit_number_becomes_eighteen_digits() -> None:
    assert normalise_id("370499500315002", synthetic=True) == WOMAN


def test_birth_date_and_sex_are_read_from_the_number() -> None:
    assert birth_date(WOMAN) == date(1950, 3, 15)
    assert sex(WOMAN) == "2"
    assert sex(normalise_id("370499500315003", synthetic=True)) == "1"


def test_a_wrong_check_digit_is_named_with_the_expected_one() -> None:
    with pytest.raises(BadIdNumber) as refusal:
        normalise_id("370499195003150025", synthetic=True)
    assert str(refusal.value) == (
        "ID number 370499********0025: the check digit in place 18 should be 1, but it is 5. "
        "Check it against the card."
    )


@given(place=st.integers(0, 16), shift=st.integers(1, 9))
@settings(deadline=None)
def test_any_one_wrong_digit_is_refused(place: int, shift: int) -> None:
    wrong = str((int(WOMAN[place]) + shift) % 10)
    with pytest.raises(BadIdNumber):
        normalise_id(WOMAN[:place] + wrong + WOMAN[place + 1 :], synthetic=True)


@given(place=st.integers(0, 16))
@settings(deadline=None)
def test_two_neighbouring_digits_in_the_wrong_order_are_refused(place: int) -> None:
    swapped = WOMAN[:place] + WOMAN[place + 1] + WOMAN[place] + WOMAN[place + 2 :]
    if swapped != WOMAN:
        with pytest.raises(BadIdNumber):
            normalise_id(swapped, synthetic=True)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("", "No ID number was given."),
        ("  ", "No ID number was given."),
        ("37049919500315002", "has 17 characters, not 18 (or the old 15)."),
        ("3704991950031500211", "has 19 characters, not 18 (or the old 15)."),
        ("37O499195003150021", "place 3 is not a digit."),
        ("370499X95003150021", "place 7 is not a digit."),
        ("٣٧0499195003150021", "place 1 is not a digit."),
        ("37049919500315002A", "place 18 is neither a digit nor X."),
        ("37049950031500X", "place 15 is not a digit."),
    ],
)
def test_a_misshapen_number_is_refused_with_its_fault(written: str, sentence: str) -> None:
    with pytest.raises(BadIdNumber) as refusal:
        normalise_id(written, synthetic=True)
    assert refusal.value.what.endswith(sentence)


@pytest.mark.parametrize("born", ["19990229", "20001301", "19991231", "19000101", "20000229"])
def test_only_a_day_of_the_calendar_is_a_birth_date(born: str) -> None:
    number = f"370499{born}002"
    number += check_digit(number)
    if born in ("19990229", "20001301"):
        with pytest.raises(BadIdNumber, match=r"places 7 to 14 are not a birth date"):
            normalise_id(number, synthetic=True)
    else:
        assert normalise_id(number, synthetic=True) == number


def test_nobody_was_born_before_1900() -> None:
    number = "37049918991231002"
    with pytest.raises(BadIdNumber, match="1900-01-01"):
        normalise_id(number + check_digit(number), synthetic=True)


def test_a_wrong_birth_date_in_the_old_form_is_named_by_its_own_places() -> None:
    with pytest.raises(BadIdNumber, match="places 7 to 12"):
        normalise_id("370499501315002", synthetic=True)


def test_a_birth_in_the_future_is_left_to_the_caller() -> None:
    number = "37049929990101002"
    assert normalise_id(number + check_digit(number), synthetic=True)


def test_a_real_home_refuses_the_test_county() -> None:
    with pytest.raises(BadIdNumber, match="370499, where nobody is registered"):
        normalise_id(WOMAN, synthetic=False)
    with pytest.raises(BadIdNumber, match="370499, where nobody is registered"):
        normalise_id("370499500315002", synthetic=False)


@pytest.mark.parametrize("county", ["370481", "370421", "110101", "810000", "820000", "830000"])
def test_a_real_home_takes_every_county_and_residence_permits(county: str) -> None:
    number = number_of(county)
    assert normalise_id(number, synthetic=False) == number


def test_a_real_home_takes_foreigners_cards() -> None:
    number = number_of("911156")
    assert normalise_id(number, synthetic=False) == number


def test_a_birth_before_the_county_had_its_code_is_no_fault() -> None:
    assert normalise_id(number_of("370481", "19320504"), synthetic=False)


@pytest.mark.parametrize("county", ["370481", "810000", "911156"])
def test_a_synthetic_home_refuses_every_other_county(county: str) -> None:
    with pytest.raises(BadIdNumber, match="a synthetic home holds no real person"):
        normalise_id(number_of(county), synthetic=True)


@given(
    county=st.sampled_from([SYNTHETIC_COUNTY, "370481", "810000"]),
    born=st.sampled_from(["18991231", "20010231", "00000000"])
    | st.dates(date(1900, 1, 1), date(2099, 12, 31)).map("{:%Y%m%d}".format),
    shift=st.integers(0, 10),
)
@settings(deadline=None)
def test_no_refusal_prints_more_than_the_masked_number(county: str, born: str, shift: int) -> None:
    first17 = f"{county}{born}000"
    right = "0123456789X".index(check_digit(first17))
    number = first17 + "0123456789X"[(right + shift) % 11]
    with pytest.raises(BadIdNumber) as refusal:
        normalise_id(number, synthetic=county != SYNTHETIC_COUNTY)
    assert mask_id(number) in str(refusal.value)
    assert born not in str(refusal.value)


@given(st.text())
@settings(deadline=None)
def test_any_text_is_normalised_or_refused_and_then_stays_so(text: str) -> None:
    try:
        number = normalise_id(text, synthetic=True)
    except BadIdNumber:
        return
    assert normalise_id(number, synthetic=True) == number


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)), st.integers(0, 999))
@settings(deadline=None)
def test_every_made_number_gives_back_its_date_and_sex(born: date, sequence: int) -> None:
    first17 = f"{SYNTHETIC_COUNTY}{born:%Y%m%d}{sequence:03d}"
    number = normalise_id(first17 + check_digit(first17), synthetic=True)
    assert birth_date(number) == born
    assert sex(number) == ("1" if sequence % 2 else "2")


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        (WOMAN, "370499********0021"),
        ("37049919800704003x", "370499********003X"),
        ("370499500315002", "370499******002"),
        ("37049919500315002", "*" * 17),
        ("张三", "**"),
        ("", ""),
        (WOMAN + "," + WOMAN, "*" * 18),
    ],
)
def test_a_number_is_masked_to_its_ends_and_odd_text_altogether(number: str, masked: str) -> None:
    assert mask_id(number) == masked


@given(st.one_of(st.text(), st.from_regex(r"[0-9]{15}|[0-9]{17}[0-9X]", fullmatch=True)))
@settings(deadline=None)
def test_masking_never_raises_and_twice_is_once(text: str) -> None:
    once = mask_id(text)
    assert mask_id(once) == once


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("张小三", "张*三"),
        ("欧阳小三", "欧**三"),
        (" 张三 ", "张*"),
        ("张", "*"),
        ("", ""),
    ],
)
def test_a_name_keeps_its_first_and_last_character(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13800001234", "138****1234"),
        ("138 0000 1234", "138****1234"),
        ("138-0000-1234", "138****1234"),
        ("+86 13800001234", "138****1234"),
        ("１３８００００１２３４", "138****1234"),
        ("138****1234", "138****1234"),
        ("5550000", "*******"),
        ("138000012345678", "***********"),
        ("", ""),
    ],
)
def test_a_telephone_number_keeps_three_and_four_digits(phone: str, masked: str) -> None:
    assert mask_phone(phone) == masked
