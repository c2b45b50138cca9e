"""Citations for people: `DB2021 §13` becomes a title and an article in the language in force.

Declarations keep the short source keys, which are alike in both languages; a key that is not listed
is shown as it stands. It must never invent an article.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from yimen.core.i18n import language

_LISTED_IN = Path(__file__).with_name("laws.csv")
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

    words = _ARTICLE.sub(article, re.sub(r"\b[A-Z]+[0-9]*\b", title, citation))
    # Several articles of one law, then the next law, as official Chinese strings them together.
    return re.sub("条, ?第", "条、第", words).replace("; ", "；") if chinese else words
