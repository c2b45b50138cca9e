"""Records and running text, measured in display columns."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from yimen.core.render.document import heading, key_values, render_record, wrap

WORDS = (
    "低保",
    "，",
    "（",
    "）",
    "12.50",
    "abc",
    " ",
    "\u3000",
    "１２．５",
    "\n",
    "《",
    "》",
    "。",
)
MIXED_TEXT = st.lists(st.sampled_from(WORDS), max_size=40).map("".join)

# Marks whose columns depend on their neighbours: Tamil, Kannada, Thai and Burmese.
SHIFTING_TEXT = st.text("\u0bcd\u0cb9\u0e46\u1088\u0c17\u1a61中 a")


def test_chinese_breaks_between_any_two_characters() -> None:
    assert wrap("社会救助暂行办法", 7) == ["社会救", "助暂行", "办法"]


def test_a_latin_word_and_a_number_are_not_cut() -> None:
    assert wrap("每月1234.50元", 10) == ["每月", "1234.50元"]
    assert wrap("apply for aid", 9) == ["apply for", "aid"]
    assert wrap("金额１２．５元", 10) == ["金额", "１２．５元"]


def test_a_word_longer_than_a_line_is_cut_where_the_line_ends() -> None:
    assert wrap("a1234567890", 4) == ["a123", "4567", "890"]


def test_a_stack_of_signs_wider_than_a_line_is_cut_and_nothing_is_lost() -> None:
    assert wrap("\u1100" * 5, 4) == ["\u1100" * 2, "\u1100" * 2, "\u1100"]


def test_closing_punctuation_does_not_begin_a_line_and_opening_does_not_end_one() -> None:
    assert wrap("救助，办法", 4) == ["救", "助，", "办法"]
    assert wrap("依据《办法》", 6) == ["依据", "《办", "法》"]


def test_a_hanging_indent_opens_every_line_but_the_first() -> None:
    assert wrap("- 临时救助", 6, "  ") == ["- 临时", "  救助"]
    assert wrap("甲乙\n丙丁戊己", 6, "--") == ["甲乙", "丙丁戊", "--己"]


def test_an_indent_that_leaves_no_room_is_left_out() -> None:
    assert wrap("临时救助", 4, "    ") == ["临时", "救助"]


def test_blanks_at_a_break_are_dropped_and_at_the_beginning_kept() -> None:
    assert wrap("\u3000\u3000一二三  四 ", 10) == ["\u3000\u3000一二三", "四"]


def test_an_empty_line_stays_an_empty_line() -> None:
    assert wrap("一\n\n二") == ["一", "", "二"]
    assert wrap("") == [""]
    assert wrap(" " * 9, 4) == [""]


def test_a_wrapped_text_cannot_drive_a_terminal() -> None:
    assert wrap("王\x1b[2J\t建\u202e国\r\n") == ["王 建国", ""]


def test_a_width_that_holds_no_character_counts_as_two_columns() -> None:
    assert wrap("一二", 0) == ["一", "二"]


@given(
    st.text() | MIXED_TEXT | SHIFTING_TEXT,
    st.integers(4, 90),
    st.sampled_from(["", "  ", "一", " " * 30]),
)
def test_no_line_is_wider_than_the_width(text: str, width: int, indent: str) -> None:
    assert [line for line in wrap(text, width, indent) if not 0 <= wcswidth(line) <= width] == []


@given(MIXED_TEXT, st.integers(4, 30))
def test_wrapping_loses_nothing_but_blanks(text: str, width: int) -> None:
    assert "".join("".join(wrap(text, width)).split()) == "".join(text.split())


@given(st.lists(st.sampled_from(["低保", "金额", "12.50", "abc,", "-3%"])), st.integers(12, 40))
def test_a_word_that_fits_on_a_line_is_never_cut(words: list[str], width: int) -> None:
    separated = " ".join(words)
    kept = [word for line in wrap(separated, width) for word in line.split()]
    assert [w for w in kept if w.isascii()] == [w for w in words if w.isascii()]


@given(st.text("低保，。）（《", min_size=1), st.integers(40, 60))
def test_no_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(
    text: str, width: int
) -> None:
    runs = text.replace("，", "，低").replace("。", "。低").replace("）", "）低")
    runs = runs.replace("（", "低（低").replace("《", "低《低")
    lines = wrap(f"低{runs}低", width)
    assert not [line for line in lines if line[0] in "，。）" or line[-1] in "（《"]


def test_titles_and_values_are_aligned_by_display_columns() -> None:
    pairs = [("户号", "H1"), ("Head of household", "王建国"), ("金额", "")]
    assert key_values(pairs) == [
        "户号               H1",
        "Head of household  王建国",
        "金额",
    ]


def test_a_long_value_hangs_under_its_own_beginning() -> None:
    assert key_values([("依据", "社会救助暂行办法第11条\n第二款"), ("no", "1")], 20) == [
        "依据  社会救助暂行办",
        "      法第11条",
        "      第二款",
        "no    1",
    ]


def test_a_title_wider_than_half_of_the_page_stands_above_its_value() -> None:
    assert key_values([("a very long title", "一"), ("b", "二")], 20) == [
        "a very long title",
        "   一",
        "b  二",
    ]


@given(st.lists(st.tuples(st.text(), MIXED_TEXT | SHIFTING_TEXT)), st.integers(4, 90))
def test_no_line_of_titles_and_values_is_wider_than_the_width(
    pairs: list[tuple[str, str]], width: int
) -> None:
    lines = key_values(pairs, width)
    assert [line for line in lines if not 0 <= wcswidth(line) <= width] == []


def test_a_heading_is_underlined_to_its_own_width() -> None:
    assert heading("核对报告 No. 1") == ["核对报告 No. 1", "=" * 14]


def test_a_heading_longer_than_a_page_is_wrapped() -> None:
    assert [wcswidth(line) for line in heading("报" * 50)] == [80, 20, 80]


def test_the_furniture_has_no_ambiguous_width_character() -> None:
    lines = key_values([("户号", "一" * 60), ("长" * 30, "二")]) + heading("题") + wrap("三" * 90)
    widths = {unicodedata.east_asian_width(char) for line in lines for char in line}
    assert widths == {"Na", "W"}


def test_a_record_is_the_same_bytes_whatever_the_order_of_its_keys() -> None:
    record = {"report_no": "R1", "facts": {"b": None, "a": [1, True]}, "name": "王建国"}
    backwards = dict(reversed(record.items()))
    assert render_record(record, "jsonl") == render_record(backwards, "jsonl")
    assert render_record(record, "json") == (
        '{\n  "facts": {\n    "a": [\n      1,\n      true\n    ],\n    "b": null\n  },\n'
        '  "name": "王建国",\n  "report_no": "R1"\n}'
    )
    assert render_record(record, "jsonl") == (
        '{"facts": {"a": [1, true], "b": null}, "name": "王建国", "report_no": "R1"}'
    )


def test_a_record_hides_nothing_and_reads_back_the_same() -> None:
    record = {"name": "王\x1b[2J\x9b\u202e\n建国"}
    line = render_record(record, "jsonl")
    assert line == r'{"name": "王\u001b[2J\u009b\u202e\n建国"}'
    assert json.loads(line) == record


def test_a_number_that_json_does_not_know_is_a_bug() -> None:
    with pytest.raises(ValueError, match="JSON"):
        render_record({"amount": float("nan")}, "json")
