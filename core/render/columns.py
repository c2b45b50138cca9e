"""How many columns of a terminal a text takes, and what a reader sees as one character.

Plain text is counted here: a Han character takes two columns and joins nothing. Only what joins,
stacks or is drawn in its own way asks wcwidth, whose tables take more room than many a command.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_ONE = r" -~\u00a1-\u00ac\u00ae-\u00ff\u2010-\u2027"
# Without the marks that stack on the letter before them (U+302A to U+302F).
_TWO = (
    r"\u3000-\u3029\u3400-\u4dbf\u4e00-\u9fff\uff01-\uff60\uffe0-\uffe6"
    r"\U00020000-\U0002fffd\U00030000-\U0003fffd"
)
_PLAIN = re.compile(f"[{_ONE}{_TWO}]*")
_WIDE = re.compile(f"[{_TWO}]+")


def columns(text: str) -> int:
    """The display columns of terminal-safe text."""
    if text.isascii():
        return len(text)
    if _PLAIN.fullmatch(text):
        return len(text) + sum(len(wide) for wide in _WIDE.findall(text))
    from wcwidth import wcswidth

    return int(wcswidth(text))


def cut(text: str, width: int) -> str:
    """The text in at most so many columns, with three full stops where something is missing."""
    if columns(text) <= width:
        return text
    kept, left = "", width - 3
    for character in characters(text):
        left -= columns(character)
        if left < 0:
            break
        kept += character
    return f"{kept}..."


def characters(text: str) -> Iterable[str]:
    """The text cut into what a reader sees as characters."""
    if _PLAIN.fullmatch(text):
        return text
    from wcwidth import iter_graphemes

    return iter_graphemes(text)
