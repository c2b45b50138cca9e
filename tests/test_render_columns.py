"""What is counted without wcwidth's tables counts as they do, and most of a day needs no table."""

from __future__ import annotations

import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st
from wcwidth import iter_graphemes, wcswidth

from yimen.core.render.columns import _PLAIN, characters, columns

PLAIN = [sign for sign in map(chr, range(0x20, 0x40000)) if _PLAIN.fullmatch(sign)]
# Marks that stack, a joined family, a flag, a variant of a character, a half-width syllable.
OTHER = [
    "e\u0301",
    "か\u3099",
    "\U0001f468\u200d\U0001f469",
    "\U0001f1e8\U0001f1f3",
    "葛\ufe00",
    "\uff76",
]


def test_each_plain_character_is_as_wide_as_its_table_says_and_stands_alone() -> None:
    assert len(PLAIN) > 20_000
    assert [sign for sign in PLAIN if columns(sign) != wcswidth(sign)] == []
    text = "".join(PLAIN)
    assert list(characters(text)) == list(iter_graphemes(text))


@given(st.lists(st.sampled_from([*OTHER, "低", "保", "，", "a", " ", "§"])).map("".join))
def test_any_text_is_measured_and_cut_as_the_tables_do(text: str) -> None:
    assert columns(text) == wcswidth(text)
    assert list(characters(text)) == list(iter_graphemes(text))


def test_official_chinese_is_measured_without_the_tables() -> None:
    code = (
        "import sys; from yimen.core.render.document import wrap;"
        "list(wrap('《社会救助暂行办法》第十条：买买提·艾力，２人，12.50 元。', 20));"
        "sys.exit('wcwidth' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
