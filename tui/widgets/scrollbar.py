"""A scrollbar of ASCII signs, since terminals disagree about how wide block characters are."""

from __future__ import annotations

from math import ceil

from rich.color import Color
from rich.segment import Segment, Segments
from rich.style import Style
from textual.scrollbar import ScrollBar, ScrollBarRender


class AsciiScrollBar(ScrollBarRender):
    """`|` for the track and `#` for the part that is shown."""

    @classmethod
    def render_bar(
        cls,
        size: int = 25,
        virtual_size: float = 50,
        window_size: float = 20,
        position: float = 0,
        thickness: int = 1,
        vertical: bool = True,
        back_color: Color | None = None,
        bar_color: Color | None = None,
    ) -> Segments:
        track, thumb = ("|", "#") if vertical else ("-", "=")
        signs = [track] * size
        if window_size and size and virtual_size > window_size:
            length = max(1, ceil(size * window_size / virtual_size))
            start = round((size - length) * position / (virtual_size - window_size))
            signs[start : start + length] = [thumb] * length
        segments = [Segment(sign * (thickness if vertical else 1), Style.null()) for sign in signs]
        if vertical:
            return Segments(segments, new_lines=True)
        return Segments([*segments, Segment.line()] * thickness, new_lines=False)


def use_ascii_scrollbars() -> None:
    """Makes every scrollbar of the program an ASCII one."""
    ScrollBar.renderer = AsciiScrollBar
