"""Text from files cannot drive a terminal, run in a spreadsheet or hide in JSON."""

from __future__ import annotations

import json
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yimen.core.render.safe import json_safe, spreadsheet_safe, terminal_safe

HIDDEN_CATEGORIES = {"Cc", "Cf", "Zl", "Zp"}
ANY_TEXT = st.text(st.characters())
HOSTILE_TEXT = st.text(
    st.sampled_from("ab王;[]?0m\\ \n\r\t\x07\x1b\x90\x9b\x9c\x9d\u200b\u202e\ud800")
)


def test_a_plain_name_stays_as_it_is() -> None:
    for name in ("王建国", "阿依古丽·买买提", "\U00020bb7野", "O'Neil-Smith", "བཀྲ་ཤིས", "\ue000"):
        assert terminal_safe(name) == name


@pytest.mark.parametrize(
    "sequence",
    [
        "\x1b[31m",
        "\x1b[2J",
        "\x1b[?1049h",
        "\x1b[1 q",
        "\x9b31m",
        "\x1b]0;owned\x07",
        "\x1b]8;;http://example.org\x1b\\",
        "\x9d0;owned\x9c",
        "\x1bP$qm\x1b\\",
        "\x1b_payload\x1b\\",
        "\x1b(B",
        "\x1bc",
    ],
)
def test_an_escape_sequence_goes_whole(sequence: str) -> None:
    assert terminal_safe(f"王{sequence}建国") == "王建国"


def test_an_unended_control_string_does_not_swallow_the_name_after_it() -> None:
    assert terminal_safe("\x1b]王建国") == "王建国"
    assert terminal_safe("\x9d王建国") == "王建国"


def test_marks_that_reverse_or_hide_text_go() -> None:
    assert terminal_safe("王\u202e国建\u2066\u200b\ufeff\u00ad\u3164\ufe0f") == "王国建"


def test_half_of_a_surrogate_pair_becomes_a_question_mark() -> None:
    assert terminal_safe("王\ud842") == "王?"


def test_line_feeds_stay_only_when_asked_for() -> None:
    assert terminal_safe("一\r\n二\n三\u2028\r") == "一二三"
    assert terminal_safe("一\r\n二\n三\u2028\r", lines=True) == "一\n二\n三"


def test_every_character_that_unicode_calls_control_or_format_is_removed() -> None:
    characters = map(chr, range(sys.maxunicode + 1))
    hidden = [c for c in characters if unicodedata.category(c) in HIDDEN_CATEGORIES]
    assert len(hidden) > 200
    assert [c for c in hidden if terminal_safe(f"王{c}国") != "王国"] == []


def test_every_letter_digit_and_punctuation_mark_that_can_be_seen_stays() -> None:
    invisible_letters = set("\u115f\u1160\u3164\uffa0")
    characters = map(chr, range(sys.maxunicode + 1))
    seen = "".join(
        c
        for c in characters
        if unicodedata.category(c)[0] in "LNPSZ"
        and unicodedata.category(c) not in HIDDEN_CATEGORIES
        and c not in invisible_letters
    )
    assert terminal_safe(seen) == seen


@given(st.one_of(ANY_TEXT, HOSTILE_TEXT), st.booleans())
def test_nothing_that_drives_a_terminal_is_left(text: str, lines: bool) -> None:
    safe = terminal_safe(text, lines=lines)
    kept = safe.replace("\n", "") if lines else safe
    assert not {unicodedata.category(c) for c in kept} & {*HIDDEN_CATEGORIES, "Cs"}
    assert terminal_safe(safe, lines=lines) == safe
    safe.encode()


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+86 10",
        "-1+cmd|' /C calc'!A0",
        "@SUM(A1)",
        "\t=1",
        "\t-12.50",
        "\rtext",
        "  =1",
        "\u3000=1",
        " \t text",
        "＝1",
        "＋1",
        "－1+1",
        "＠SUM",
        "\u200b=1",
        "\ufeff@x",
        "-",
        "-12.",
        "-１２",
        "-12.50\n+1",
    ],
)
def test_a_cell_that_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert spreadsheet_safe(text) == f"'{text}"


@pytest.mark.parametrize(
    "text",
    ["", "-12.50", "-3", " -12.50", "12.50", "王建国", "a=b", "1+1", "a@b", "'=1"],
)
def test_an_ordinary_cell_stays_as_it_is(text: str) -> None:
    assert spreadsheet_safe(text) == text


@given(st.text(st.sampled_from("=+-@＝＋－＠﹣ \t\r\n\u200b\u30000.1a")))
def test_no_cell_begins_with_a_formula_sign_unless_it_is_a_plain_negative_number(text: str) -> None:
    cell = spreadsheet_safe(text)
    shown = "".join(c for c in cell if not c.isspace() and c != "\u200b")
    assert cell in (text, f"'{text}")
    if unicodedata.normalize("NFKC", shown)[:1] in tuple("=+-@"):
        assert cell == text
        assert float(shown) <= 0


@given(st.dictionaries(st.text(), st.one_of(ANY_TEXT, HOSTILE_TEXT)))
def test_safe_json_reads_back_the_same_and_hides_nothing(record: dict[str, str]) -> None:
    document = json_safe(json.dumps(record, ensure_ascii=False, indent=2))
    assert json.loads(document) == record
    assert terminal_safe(document, lines=True) == document
