"""A page of text to be read: a receipt, a notification, a report in full."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult

from yimen.tui.keys import BACK, PAGE_DOWN, PAGE_UP, Key
from yimen.tui.page import Page
from yimen.tui.widgets.scroll import Scroll


class LongPage(Page):
    """Base of the screens with a text that may go on below: the title says which lines they are."""

    def standing(self) -> str:
        """What the title says before that."""
        return ""

    def on_scroll_moved(self) -> None:
        self.head("  ".join(filter(None, (self.standing(), self.query_one(Scroll).range))))

    def action_page(self, step: int) -> None:
        scroll = self.query_one(Scroll)
        scroll.scroll_relative(y=step * (scroll.size.height - 1), animate=False)


class TextPage(LongPage):
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
        yield Scroll()

    def load(self) -> None:
        self.query_one(Scroll).show(self._lines)
        self.on_scroll_moved()
