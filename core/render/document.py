"""Records and running text for one person's screen or sheet, measured in display columns.

A Han character fills two columns, so len() and textwrap lie here. All furniture (padding, rules)
is ASCII: an ambiguous-width sign would shift a line on half of the terminals in use. Every text is
made terminal-safe on its way through. Nothing here knows what a document says.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal

from yimen.core.marks import shown
from yimen.core.render.columns import characters, columns
from yimen.core.render.safe import json_safe, terminal_safe

PAGE_WIDTH = 80
_width: ContextVar[int] = ContextVar("width", default=PAGE_WIDTH)
NARROWEST = 2
"""One wide character: no text fits into less."""
GAP = "  "

_BLANKS = " \u3000"
# GB/T 15834-2011, 5.1: these do not begin a line (first row), those do not end one (second row).
_STICKS_TO_LEFT = "，。、；：？！）》〉」』】〕〗］｝'’％" + ",.;:?!)]}%"
_STICKS_TO_RIGHT = "（《〈「『【〔〖［｛'‘￥＄" + "([{"
# Typed with an input method in full width, a number is still one number.
_FULL_WIDTH_WORD = frozenset(
    chr(code)
    for first, last in ("．．", "０９", "ＡＺ", "ａｚ")
    for code in range(ord(first), ord(last) + 1)
)


def render_record(record: Mapping[str, object], fmt: Literal["json", "jsonl"]) -> str:
    """One record as canonical JSON: keys sorted, so that the same record gives the same bytes.

    `json` is indented by two for people, `jsonl` is one line. Neither ends in a line feed.
    """
    text = json.dumps(record, ensure_ascii=False, allow_nan=False, sort_keys=True)
    if fmt == "json":
        import msgspec

        # json indents in Python, which for a whole report takes as long as its check.
        text = msgspec.json.format(text, indent=2)
    return json_safe(text)


@contextmanager
def wide(columns: int) -> Iterator[None]:
    """Lets what is laid out inside have so many columns instead of a page's: a wider screen."""
    before = _width.set(columns)
    try:
        yield
    finally:
        _width.reset(before)


def page_width() -> int:
    """The display columns of a line: a page's, or those of `wide`."""
    return _width.get()


def wrap(text: str, width: int | None = None, indent: str = "") -> list[str]:
    """The text in lines of at most `width` display columns (a width under 2 counts as 2).

    Without a width they are those of the page.

    Chinese breaks between any two characters, except that closing punctuation does not begin a
    line and opening punctuation does not end one; a Latin word or a number breaks only where it is
    longer than a whole line. `indent` opens every line after the first of a paragraph (a hanging
    indent); one that leaves no room for a wide character is left out. Line feeds in the text begin
    a new paragraph, and an empty one gives an empty line.
    """
    width = max(page_width() if width is None else width, NARROWEST)
    if columns(indent) > width - NARROWEST:
        indent = ""
    return [line for part in _paragraphs(text) for line in _fill(part, width, "", indent)]


def key_values(pairs: Sequence[tuple[str, str]], width: int | None = None) -> list[str]:
    """Lines of `title  value`, the values aligned and wrapped under one another.

    Titles come already translated. The title column is as wide as its widest title, but never
    more than half of `width`; a longer title stands on lines of its own above its value.
    """
    width = max(page_width() if width is None else width, len(GAP) + NARROWEST)
    safe_pairs = [(shown(terminal_safe(title)), value) for title, value in pairs]
    limit = width // 2 - len(GAP)
    column = max((w for title, _ in safe_pairs if (w := columns(title)) <= limit), default=0)
    margin = " " * column + GAP
    lines: list[str] = []
    for title, value in safe_pairs:
        opening = margin
        if columns(title) <= column:
            opening = title + margin[columns(title) :]
        else:
            lines += wrap(title, width)
        for part in _paragraphs(value):
            lines += _fill(part, width, opening, margin)
            opening = margin
    return lines


def heading(text: str) -> list[str]:
    """The text underlined with `=` to its own width, wrapped to a page where it is longer."""
    lines = wrap(text)
    return [*lines, "=" * max(columns(line) for line in lines)]


def _paragraphs(text: str) -> list[str]:
    """The terminal-safe lines that the text itself has; a tab separates words as a blank does."""
    return shown(terminal_safe(text.replace("\t", " "), lines=True)).split("\n")


def _characters(text: str, width: int, margin: str) -> Iterator[str]:
    """What a reader sees as characters; one too wide for a line comes in its code points."""
    for grapheme in characters(text):
        if columns(margin + grapheme) <= width:
            yield grapheme
        else:
            yield from grapheme


def _may_break(left: str, right: str) -> bool:
    """Whether a line may end between two neighbouring characters."""
    if left in _BLANKS or right in _BLANKS:
        return (left in _BLANKS) != (right in _BLANKS)
    if left in _STICKS_TO_RIGHT or right in _STICKS_TO_LEFT:
        return False
    if left in _FULL_WIDTH_WORD and right in _FULL_WIDTH_WORD:
        return False
    return columns(left) > 1 or columns(right) > 1


def _pieces(text: str, width: int, margin: str) -> Iterator[str]:
    """The text cut wherever a line may end, and inside what is longer than a line."""
    piece = last = ""
    for char in _characters(text, width, margin):
        if piece and (_may_break(last, char) or columns(margin + piece + char) > width):
            yield piece
            piece = ""
        piece, last = piece + char, char
    if piece:
        yield piece


def _fill(paragraph: str, width: int, opening: str, margin: str) -> Iterator[str]:
    """The lines of one paragraph: `opening` begins the first, `margin` the others.

    Lines are measured whole: in some scripts a sign's columns depend on its neighbours.
    """
    line, only_margin = opening, False
    for piece in _pieces(paragraph, width, margin):
        if columns(line + piece) > width:
            yield line.rstrip(_BLANKS)
            line, only_margin = margin, True
        if only_margin and not piece.strip(_BLANKS):
            continue
        line, only_margin = line + piece, False
    if not only_margin:
        yield line.rstrip(_BLANKS)
