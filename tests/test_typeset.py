"""A paper in Chinese carries the marks of Chinese, and nothing but marks changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yimen.core.marks import typeset
from yimen.core.render.page import Entries, Entry, Pairs, Table, Title, page_text
from yimen.core.render.table import Head
from yimen.core.render.typeset import typeset_block


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("《办法》(民发[2021]57号)第14条", "《办法》（民发〔2021〕57号）第14条"),
        ("收入低于标准 [《社会救助法》第18条]", "收入低于标准［《社会救助法》第18条］"),
        ("低于标准 [《意见》(2023年) 四(五)]", "低于标准［《意见》（2023年）四（五）］"),
        ("经核对,家庭财产超过标准", "经核对，家庭财产超过标准"),
        ("没有损坏填0,一般损坏填1", "没有损坏填0，一般损坏填1"),
        ("袁亮帆: 住房损坏到什么程度?", "袁亮帆：住房损坏到什么程度？"),
        ("父亲是什么情况?；母亲是什么情况?", "父亲是什么情况？母亲是什么情况？"),
        ("2026-11-20 (R2026)", "2026-11-20（R2026）"),
    ],
)
def test_marks_beside_han_are_full_width(typed: str, set_: str) -> None:
    assert typeset(typed) == set_


@pytest.mark.parametrize(
    "text",
    [
        "[v] 家庭成员在本地登记户籍",
        "[?] 是否已就业",
        "[ ] 无须宣读。",
        "8:30-12:00, 13:30-17:30",
        "370499********001X",
        "144000.00",
        "1)",
        "R2026-00001  最低生活保障  已派单  2026-11-23",
        "    最低生活保障标准 = 900.00元",
        "____年__月__日",
    ],
)
def test_a_tick_a_time_a_number_and_a_blank_stay(text: str) -> None:
    assert typeset(text) == text


@given(st.text(alphabet="救助a1 ()[],:;?!（）［］，。《》-.", max_size=40))
def test_no_word_and_no_figure_is_lost(text: str) -> None:
    assert [c for c in typeset(text) if c.isalnum()] == [c for c in text if c.isalnum()]


def test_a_page_in_english_is_left_alone_and_one_in_chinese_is_set_throughout(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    blocks = [
        Title("救助(示例)", "letter"),
        Pairs([("金额(元)", "无(示例)")]),
        Entries([Entry("救助(示例)", ["标准(年)"], "v")]),
        Table([Head("金额(元)", "right")], [["无(示例)"]]),
    ]
    monkeypatch.setenv("YIMEN_LANG", "en")
    assert [typeset_block(block) for block in blocks] == blocks
    monkeypatch.setenv("YIMEN_LANG", "zh_CN")
    text = "\n".join(page_text(map(typeset_block, blocks)))
    assert "（" in text
    assert not set("()") & set(text)
