"""Sends only the lines that changed.

Textual draws a whole screen twice or thrice when it opens one; on a slow line each drawing is
seconds, and most of its lines are on the terminal already.
"""

from __future__ import annotations

from rich.console import Console
from rich.control import Control
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate

# Erases from the cursor to the end of the line, in the terminal's own colours.
_ERASE = "\x1b[K"


class ChangedLines(CompositorUpdate):
    """Lines of the screen by their number, already as the terminal takes them."""

    def __init__(self, left: int, lines: dict[int, str]) -> None:
        self._left, self._lines = left, lines

    def render_segments(self, console: Console) -> str:
        return "".join(
            Control.move_to(self._left, y).segment.text + _shortened(text)
            for y, text in self._lines.items()
        )


def _shortened(text: str) -> str:
    """A line whose blank end is erased, not written out; a styled end ends in a sequence."""
    bare = text.rstrip(" ")
    return f"{bare}{_ERASE}" if len(text) - len(bare) > len(_ERASE) else text


class Painter:
    """Remembers what each line of the terminal shows."""

    def __init__(self) -> None:
        self._shown: dict[int, str] = {}

    def forget(self) -> None:
        """Takes nothing for granted, as after another window size or Ctrl+L."""
        self._shown.clear()

    def changed(self, update: CompositorUpdate, console: Console) -> CompositorUpdate:
        """The update without the lines that the terminal shows already."""
        if isinstance(update, LayoutUpdate) and not update.region.x:
            lines = {
                y: "".join(strip.render(console) for strip in strips)
                for y, strips in enumerate(update.strips, update.region.y)
            }
        elif isinstance(update, ChopsUpdate):
            whole = _whole_lines(update, console)
            if whole is None:
                for y, __, __ in update.spans:
                    self._shown.pop(y, None)
                return update
            lines = whole
        else:
            self.forget()
            return update
        new = {y: text for y, text in lines.items() if self._shown.get(y) != text}
        self._shown.update(lines)
        return ChangedLines(0, new)


def _whole_lines(update: ChopsUpdate, console: Console) -> dict[int, str] | None:
    """The lines of an update that draws whole lines only; None where it draws parts of any."""
    lines = {}
    for y, left, right in update.spans:
        strips = list(update.chops[y].values())
        if left > 0 or right < update.chop_ends[y][-1] or None in strips:
            return None
        lines[y] = "".join(strip.render(console) for strip in strips if strip is not None)
    return lines
