"""Citations for people: `DB2021 §13` becomes a title and an article in the language in force.

Declarations keep the short source keys, which are alike in both languages; a key that is not listed
is shown as it stands. It must never invent an article.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from yimen.core.i18n import language
from yimen.core.marks import typeset

_LISTED_IN = Path(__file__).with_name("laws.csv")
# A part of a notice, such as 二(三): the texts number them so, and a foreign reader cannot.
_PART = re.compile(r"(?<=[ (])([一二三四五六七八九十]+)(?=[(),;\]\s\d]|$)")
_NUMERALS = "一二三四五六七八九十"
_ARTICLE = re.compile(r" ?§(\d+)(?:[–-](\d+))?(?:\((\d+)\))?")


@cache
def _titles() -> dict[str, dict[str, str]]:
    import csv

    with _LISTED_IN.open(encoding="utf-8", newline="") as file:
        return {row["key"]: row for row in csv.DictReader(file)}


def law_list() -> list[tuple[str, str]]:
    """(key, title in the language in force) of every law that is cited, in the list's order."""
    chinese = language() == "zh"
    return [(key, row["zh" if chinese else "en"]) for key, row in _titles().items()]


def law_text(citation: str) -> str:
    """The citation with titles for source keys and words for article signs."""
    return _in_words(citation, language() == "zh")


def law_texts(citation: str) -> tuple[str, str]:
    """The citation in Chinese and in English, for what leaves the house."""
    return _in_words(citation, True), _in_words(citation, False)


@cache
def _in_words(citation: str, chinese: bool) -> str:
    def title(found: re.Match[str]) -> str:
        row = _titles().get(found[0])
        return found[0] if row is None else row["zh" if chinese else "en"]

    def article(found: re.Match[str]) -> str:
        first, last, item = found.groups()
        span = f"{first}-{last}" if last else first
        if chinese:
            return f"第{span}条" + (f"第({item})项" if item else "")
        return f" art. {span}" + (f"({item})" if item else "")

    def part(found: re.Match[str]) -> str:
        tens, ten, ones = found[1].rpartition("十")
        number = 10 * (_NUMERALS.find(tens) + 1 or 1) if ten else 0
        number += _NUMERALS.find(ones) + 1 if ones else 0
        inside = found.string[found.start() - 1] == "("
        return str(number) if inside else f"part {number}"

    def item_of_part(found: re.Match[str]) -> str:
        return f"({_NUMERALS.find(found[1]) + 1})"

    if not chinese:
        # Titles of laws hold no such numerals in English; those of a citation are parts and items.
        citation = re.sub(r"\(([一二三四五六七八九十])\)", item_of_part, citation)
        citation = _PART.sub(part, citation)
    words = _ARTICLE.sub(article, re.sub(r"\b[A-Z]+[0-9]*\b", title, citation))
    return typeset(re.sub(r", ?(?=第)", "、", words)) if chinese else words
