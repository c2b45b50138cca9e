"""A page of text to be read: a receipt, a notification, a report in full."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import Static

from yimen.core.render.safe import terminal_safe
from yimen.tui.keys import BACK, PAGE_DOWN, PAGE_UP, Key
from yimen.tui.page import Page


class Scroll(VerticalScroll):
    """A text longer than the screen; arrows and page keys move it.

    It has no scrollbar: the text is as wide as the screen. The title says which lines they are.
    """

    class Moved(Message):
        """The text was moved."""

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self.post_message(self.Moved())

    @property
    def range(self) -> str:
        """Which lines are shown, of how many; empty where all are."""
        first, total = round(self.scroll_y), self.virtual_size.height
        last = min(first + self.size.height, total)
        return "" if total <= self.size.height else f"{first + 1}-{last}/{total}"


class TextPage(Page):
    """Shows the lines that a function returns, as they are when the page opens."""

    CSS_PATH = "text.tcss"
    KEYS: ClassVar[tuple[Key, ...]] = (PAGE_DOWN, PAGE_UP, BACK)
    AUTO_FOCUS = "Scroll"

    def __init__(self, name: str, lines: Callable[[], Sequence[str]]) -> None:
        super().__init__()
        self._name_of, self._lines = name, lines

    def place(self) -> str:
        return self._name_of

    def body(self) -> ComposeResult:
        with Scroll():
            yield Static(id="text", markup=False)

    def load(self) -> None:
        self.head()
        shown = "\n".join(terminal_safe(line) for line in self._lines())
        self.query_one("#text", Static).update(Text(shown))

    def on_scroll_moved(self) -> None:
        self.head(self.query_one(Scroll).range)

    def on_resize(self) -> None:
        self.call_after_refresh(self.on_scroll_moved)

    def action_page(self, step: int) -> None:
        scroll = self.query_one(Scroll)
        scroll.scroll_relative(y=step * (scroll.size.height - 1), animate=False)
