"""How marks stand in Chinese: full-width beside Han, hexagonal brackets round a year.

Officers type half-width marks, and code joins texts with them; what people see is set as GB/T 15834
and GB/T 9704 ask. Only marks change: no word, number or date does.
"""

from __future__ import annotations

import re

from yimen.core.i18n import language

_HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
# What stands in Chinese text as a full-width sign.
_WIDE = _HAN + r"\u3001\u3002\u300a-\u300f\u3014\u3015\uff01-\uff5e"
# Patterns are large, every command loads them, and few set Chinese: they are compiled in use.
_YEAR = r" ?\[(\d{4})\] ?"
# Round ones that stand inside a word, as in a file's name, stay.
_ROUND = rf"(?:(?: +|(?<=[{_WIDE}])|^)\(([^()]*)\)|\(([^()]*[{_WIDE}][^()]*)\))(?: +(?=[{_WIDE}]))?"
# A box that is ticked, and a sign of a result, hold no Han and stay.
_SQUARE = r" *\[([^\[\]]*[" + _HAN + r"][^\[\]]*)\]"
_MARKS = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}
_AFTER = r"(?<=[" + _WIDE + r"])([,;:?!]) *"
_BEFORE = r"(?<=\w)([,;]) *(?=[" + _WIDE + r"])"
_ASKED_TWICE = "？ *；"
# What is quoted to be typed.
_QUOTED = r"(`[^`]*`)"
_SET = frozenset("()[],:;?!")
_WIDE_SPACE = r"([，；：？！」』〕］）]) +(?=\S)"


def shown(text: str) -> str:
    """A text as people see it: set in Chinese, elsewhere as it stands; what is quoted stays."""
    if _SET.isdisjoint(text) or language() != "zh":
        return text
    parts = re.split(_QUOTED, text)
    parts[::2] = map(typeset, parts[::2])
    return "".join(parts)


def bracketed(text: str) -> str:
    """Words or a value in the square brackets of the language; a mark such as [X] has its own."""
    return f"［{text}］" if language() == "zh" else f"[{text}]"


def _wide_round(found: re.Match[str]) -> str:
    return f"（{found[1] or found[2] or ''}）"


def typeset(text: str) -> str:
    """The text with its marks as Chinese sets them."""
    text = re.sub(_YEAR, r"〔\1〕", text)
    before = ""
    while before != text:  # from the innermost brackets out
        before = text
        text = re.sub(_SQUARE, r"［\1］", re.sub(_ROUND, _wide_round, text))
    text = re.sub(_AFTER, lambda found: _MARKS[found[1]], text)
    text = re.sub(_BEFORE, lambda found: _MARKS[found[1]], text)
    return re.sub(_WIDE_SPACE, r"\1", re.sub(_ASKED_TWICE, "？", text))
