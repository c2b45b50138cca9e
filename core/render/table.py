"""A ruled table in at most 80 display columns, drawn with ASCII that every printer has.

Columns are as wide as what stands in them; where that is more than the page, the widest give way
first and their cells are wrapped. Nothing here knows what a table says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

from yimen.core.render.columns import columns
from yimen.core.render.document import page_width, wrap


@dataclass(frozen=True)
class Head:
    """A column's head; figures stand on the right, and what must stay whole is kept on a line."""

    text: str
    align: Literal["left", "right", "keep"] = "left"


def table_lines(
    heads: Sequence[Head], rows: Sequence[Sequence[str]], width: int | None = None
) -> Iterator[str]:
    """The table line by line; a row with a single cell spans all columns."""
    widths = _widths(heads, rows, page_width() if width is None else width)
    rule = "+" + "+".join("-" * (w + 2) for w in widths) + "+"
    yield rule
    yield from _row([head.text for head in heads], ["left"] * len(heads), widths)
    yield rule
    for row in rows:
        if len(row) == 1 and len(heads) > 1:
            whole = sum(widths) + 3 * (len(widths) - 1)
            yield from _row(row, ["left"], [whole])
        else:
            yield from _row(row, [head.align for head in heads], widths)
        yield rule


def _natural(text: str) -> int:
    """The width that a cell asks for: that of its widest line, and at least one wide character."""
    return max([2, *(columns(line) for line in wrap(text, 10_000))])


def _widths(heads: Sequence[Head], rows: Sequence[Sequence[str]], width: int) -> list[int]:
    full = [row for row in rows if len(row) == len(heads)]
    cells = [[head.text, *(row[n] for row in full)] for n, head in enumerate(heads)]
    widths = [max(map(_natural, column)) for column in cells]
    room = width - 3 * len(widths) - 1
    while sum(widths) > room:
        widest = widths.index(max(widths))
        widths[widest] -= 1
    return widths


def _row(cells: Sequence[str], aligns: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    wrapped = [wrap(cell, width) for cell, width in zip(cells, widths, strict=True)]
    for parts in zip_longest(*wrapped, fillvalue=""):
        placed = []
        for part, align, width in zip(parts, aligns, widths, strict=True):
            gap = " " * (width - columns(part))
            placed.append(gap + part if align == "right" else part + gap)
        yield "| " + " | ".join(placed) + " |"
