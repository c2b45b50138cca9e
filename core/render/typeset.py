"""How a paper in Chinese is set: full-width marks beside Han, hexagonal brackets round a year.

Words come from rules, laws and officers who type half-width marks; a paper that leaves the house is
set as GB/T 15834 and GB/T 9704 ask. Only marks change: no word, number or date does.
"""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any, cast

from yimen.core.i18n import language
from yimen.core.render.page import Block

_HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
# What stands in Chinese text as a full-width sign.
_WIDE = _HAN + r"\u3001\u3002\u300a-\u300f\u3014\u3015\uff01-\uff5e"
_YEAR = re.compile(r" ?\[(\d{4})\] ?")
_ROUND = re.compile(r" *\(([^()]*)\)(?: +(?=[" + _WIDE + r"]))?")
# A box that is ticked, and a sign of a result, hold no Han and stay.
_SQUARE = re.compile(r" *\[([^\[\]]*[" + _HAN + r"][^\[\]]*)\]")
_MARKS = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}
_AFTER = re.compile(r"(?<=[" + _WIDE + r"])([,;:?!]) *")
_BEFORE = re.compile(r"(?<=\w)([,;]) *(?=[" + _WIDE + r"])")
_ASKED_TWICE = re.compile("？ *；")
_WIDE_SPACE = re.compile(r"([，；：？！」』〕］）]) +(?=\S)")


def typeset(text: str) -> str:
    """The text with its marks as Chinese sets them."""
    text = _YEAR.sub(r"〔\1〕", text)
    before = ""
    while before != text:  # from the innermost brackets out
        before = text
        text = _SQUARE.sub(r"［\1］", _ROUND.sub(r"（\1）", text))
    text = _AFTER.sub(lambda found: _MARKS[found[1]], text)
    text = _BEFORE.sub(lambda found: _MARKS[found[1]], text)
    return _WIDE_SPACE.sub(r"\1", _ASKED_TWICE.sub("？", text))


def typeset_block(block: Block) -> Block:
    """A block of a page set in the language in force; only Chinese asks for anything."""
    return cast(Block, _set(block)) if language() == "zh" else block


def _set(value: Any) -> Any:
    """A record's texts set, however deep they lie."""
    if isinstance(value, str):
        return typeset(value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _set(getattr(value, f.name)) for f in fields(value)})
    if isinstance(value, (list, tuple)):
        return [_set(one) for one in value]
    return value
