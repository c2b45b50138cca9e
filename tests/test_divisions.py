"""Divisions: one spelling inside, and a scope that covers its own branch and nothing beside it."""

from __future__ import annotations

import csv
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import yimen.core.divisions
from yimen.core.divisions import covers, division_name, level, normalise_division, scope_prefix
from yimen.core.errors import UnknownDivision

with (
    Path(yimen.core.divisions.__file__)
    .with_name("divisions.csv")
    .open(encoding="utf-8", newline="") as _file
):
    LISTED = list(csv.DictReader(_file))
CODES = st.sampled_from([row["code"].ljust(12, "0") for row in LISTED])


@pytest.fixture(autouse=True)
def _in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIMEN_LANG", "en")


def test_tengzhou_has_five_streets_and_sixteen_towns() -> None:
    tengzhou = [row for row in LISTED if row["code"][:6] == "370481" and len(row["code"]) == 9]
    streets = [row["code"][6:] for row in tengzhou if row["name_zh"].endswith("街道")]
    towns = [row["code"][6:] for row in tengzhou if row["name_zh"].endswith("镇")]
    assert streets == [f"{n:03d}" for n in range(1, 6)]
    assert towns == [f"{n:03d}" for n in range(101, 117)]
    assert len(tengzhou) == 21


def test_every_listed_division_has_two_names_and_a_listed_parent() -> None:
    prefixes = {scope_prefix(row["code"].ljust(12, "0")) for row in LISTED}
    assert len(prefixes) == len(LISTED)
    for row in LISTED:
        assert row["name_zh"]
        assert row["name_en"].isascii()
        assert row["synthetic"] == ("1" if row["code"].startswith("370499") else "0")
        prefix = scope_prefix(row["code"].ljust(12, "0"))
        parents = {width for width in (2, 4, 6) if width < len(prefix)}
        assert {prefix[:width] for width in parents} <= prefixes


@pytest.mark.parametrize("row", LISTED, ids=lambda row: row["code"])
def test_every_listed_division_is_known_and_named(
    row: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code12 = normalise_division(row["code"], synthetic=True)
    assert code12 == row["code"].ljust(12, "0")
    assert division_name(code12) == row["name_en"]
    monkeypatch.setenv("YIMEN_LANG", "zh")
    assert division_name(code12) == row["name_zh"]


@pytest.mark.parametrize(
    ("written", "code12"),
    [
        ("370481", "370481000000"),
        ("370481001", "370481001000"),
        ("370481001203", "370481001203"),
        ("370481001000", "370481001000"),
        ("370481000000", "370481000000"),
        ("370000", "370000000000"),
        ("３７０４８１", "370481000000"),
        (" 370481 001 ", "370481001000"),
    ],
)
def test_six_nine_and_twelve_digits_become_twelve(written: str, code12: str) -> None:
    assert normalise_division(written, synthetic=False) == code12


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        (
            "370481199001",
            "Division 370481199001 is not known: no town or street has the code 370481199. "
            "Listed there: 370481001-370481005, 370481101-370481116.",
        ),
        (
            "370481000001",
            "Division 370481000001 is not known: no town or street has the code 370481000. "
            "Listed there: 370481001-370481005, 370481101-370481116.",
        ),
        (
            "370499",
            "Division 370499000000 is in the made-up county 370499. "
            "Use a real division, or a home made with --synthetic.",
        ),
        (
            "370499101",
            "Division 370499101000 is in the made-up county 370499. "
            "Use a real division, or a home made with --synthetic.",
        ),
        (
            "370411",
            "Division 370411000000 is not known: no county has the code 370411. "
            "Listed there: 370402-370406, 370481.",
        ),
        (
            "370400101",
            "Division 370400101000 is not known: no county has the code 370400. "
            "Listed there: 370402-370406, 370481.",
        ),
        (
            "370102",
            "Division 370102000000 is not known: no prefecture has the code 3701. "
            "Listed there: 3704.",
        ),
        (
            "110101",
            "Division 110101000000 is not known: no province has the code 11. Listed there: 37.",
        ),
        (
            "370402001",
            "Division 370402001000 is not known: no town or street has the code 370402001. "
            "Nothing is listed below Shizhong District; use its own code 370402.",
        ),
        (
            "3704811",
            "A division code has 6, 9 or 12 digits; this has 7 characters. "
            "Write it as 370481 (county), 370481001 (town) or 370481001002 (village).",
        ),
        (
            "37048A",
            "A division code is made of digits alone. "
            "Write it as 370481 (county), 370481001 (town) or 370481001002 (village).",
        ),
    ],
)
def test_an_unknown_code_is_refused_with_the_part_not_known(written: str, sentence: str) -> None:
    with pytest.raises(UnknownDivision) as refusal:
        normalise_division(written, synthetic=False)
    assert str(refusal.value) == sentence


def test_a_synthetic_home_lists_the_made_up_county_too() -> None:
    with pytest.raises(UnknownDivision, match=r"370402-370406, 370481, 370499\.$"):
        normalise_division("370411", synthetic=True)


def test_a_synthetic_home_knows_real_divisions_as_well() -> None:
    assert normalise_division("370481", synthetic=True) == "370481000000"


def test_an_id_number_in_the_division_column_is_not_printed() -> None:
    for written in ("370499195003150021", "370499500315002"):
        with pytest.raises(UnknownDivision) as refusal:
            normalise_division(written, synthetic=True)
        assert written[6:] not in str(refusal.value)


@pytest.mark.parametrize(
    ("code12", "prefix", "its_level"),
    [
        ("370000000000", "37", "province"),
        ("370400000000", "3704", "prefecture"),
        ("370481000000", "370481", "county"),
        ("370481001000", "370481001", "town"),
        ("370481001203", "370481001203", "village"),
        ("371000000000", "3710", "prefecture"),
        ("370481110000", "370481110", "town"),
        ("370481110200", "370481110200", "village"),
    ],
)
def test_a_scope_is_the_code_without_its_empty_levels(
    code12: str, prefix: str, its_level: str
) -> None:
    assert scope_prefix(code12) == prefix
    assert level(code12) == its_level


@pytest.mark.parametrize("text", ["", "37", "370481", "37048100000X", "٣70481000000"])
def test_a_scope_that_was_not_normalised_covers_nothing_but_raises(text: str) -> None:
    with pytest.raises(ValueError, match="not a normalised division code"):
        covers(text, "370481000000")
    with pytest.raises(ValueError, match="not a normalised division code"):
        covers("370000000000", text)


def test_a_scope_of_zeros_does_not_cover_the_whole_country() -> None:
    assert not covers("000000000000", "370481000000")


@pytest.mark.parametrize(
    ("scope", "code", "covered"),
    [
        ("370481000000", "370481001203", True),
        ("370481001000", "370481000000", False),
        ("370481001000", "370481002000", False),
        ("370400000000", "370481001000", True),
        ("370000000000", "370499101000", True),
        ("371000000000", "370481000000", False),
        ("370481110000", "370481111000", False),
    ],
)
def test_a_scope_covers_its_own_branch_only(scope: str, code: str, covered: bool) -> None:
    assert covers(scope, code) is covered


@given(CODES, CODES)
@settings(deadline=None)
def test_covering_agrees_with_the_range_of_numbers_in_the_branch(scope: str, code: str) -> None:
    size = {"province": 10, "prefecture": 8, "county": 6, "town": 3, "village": 0}
    first = int(scope)
    assert covers(scope, code) == (first <= int(code) < first + 10 ** size[level(scope)])


@given(CODES, st.integers(1, 999))
@settings(deadline=None)
def test_a_village_of_any_listed_town_is_taken_and_named_by_it(code: str, village: int) -> None:
    written = f"{code[:9]}{village:03d}"
    if level(code) == "town":
        assert normalise_division(written, synthetic=True) == written
        assert covers(code, written)
        assert division_name(written) == f"{division_name(code)} {written}"
    else:
        with pytest.raises(UnknownDivision):
            normalise_division(written, synthetic=True)


def test_a_division_that_is_not_listed_is_shown_as_its_code() -> None:
    assert division_name("110101000000") == "110101000000"
    assert division_name("110101001002") == "110101001002"


@given(st.text())
@settings(deadline=None)
def test_any_text_is_a_known_code_or_refused(text: str) -> None:
    try:
        code12 = normalise_division(text, synthetic=True)
    except UnknownDivision:
        return
    assert code12.startswith("".join(unicodedata.normalize("NFKC", text).split()))
