"""A text longer than the screen, of which only the lines on the screen are ever drawn.

A family's report in full has thousands of lines. Drawn whole, they take twenty times the room of
their text, and keep the clerk waiting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rich.segment import Segment
from textual.events import Resize
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from yimen.core.render.document import wide, wrap
from yimen.core.render.safe import terminal_safe
from yimen.tui.widgets.cells import width_of


class Scroll(ScrollView, can_focus=True):
    """Lines of text; arrows and page keys move them.

    It has no scrollbar: the text is as wide as the screen. The title says which lines they are.
    """

    class Moved(Message):
        """Other lines stand there: the text was moved, laid anew, or has more or less room."""

    def __init__(self) -> None:
        super().__init__()
        self._text: Callable[[], Iterable[str]] = tuple
        self._laid = 0
        self._lines: list[str] = []

    def show(self, text: Callable[[], Iterable[str]]) -> None:
        """Another text, asked for anew whenever the screen has another width.

        What is wider than the screen goes on in the next line.
        """
        self._text, self._laid = text, 0
        self._lay()

    def on_resize(self, event: Resize) -> None:
        self._lay()
        self.post_message(self.Moved())

    def _lay(self) -> None:
        width = self.size.width
        if width in (0, self._laid):
            return
        with wide(width):
            lines = [terminal_safe(line) for line in self._text()]
        self._laid = width
        self._lines = [
            part
            for line in lines
            for part in ([line] if width_of(line) <= width else wrap(line, width))
        ]
        self.virtual_size = Size(width, len(self._lines))
        self.refresh()
        self.post_message(self.Moved())

    def render_line(self, y: int) -> Strip:
        number = y + self.scroll_offset.y
        text = self._lines[number] if number < len(self._lines) else ""
        strip = Strip([Segment(text, self.rich_style)])
        return strip.adjust_cell_length(self.size.width, self.rich_style)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self.post_message(self.Moved())

    @property
    def range(self) -> str:
        """Which lines are shown, of how many; empty where all are."""
        first, total = round(self.scroll_y), len(self._lines)
        last = min(first + self.size.height, total)
        return "" if total <= self.size.height else f"{first + 1}-{last}/{total}"
