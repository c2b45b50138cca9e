"""The fixed lines of a screen: title above, message and keys below. Plain text, one line each.

Textual's own Header and Footer redraw when idle, and a Footer keeps every screen it was ever on.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual.geometry import Size
from textual.widget import Widget

from yimen.core.errors import YimenError
from yimen.core.i18n import _
from yimen.core.render.document import wrap
from yimen.core.render.safe import terminal_safe
from yimen.tui.keys import Key
from yimen.tui.refused import told
from yimen.tui.widgets.cells import both_ends, clipped, fitted


class Line(Widget):
    """One line of text, from a left and a right part."""

    def __init__(self, left: str = "", right: str = "", *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._left, self._right = left, right

    def show(self, left: str, right: str = "") -> None:
        """Shows other text; nothing is sent to the terminal when it is the same."""
        if (left, right) != (self._left, self._right):
            self._left, self._right = left, right
            self.refresh()

    @property
    def text(self) -> str:
        """What it shows, without filling."""
        return f"{self._left} {self._right}".strip()

    def render(self) -> Text:
        return Text(both_ends(self._left, self._right, self.size.width), no_wrap=True, end="")


class Words(Widget):
    """Lines of text as high as they need to be, broken as Chinese is broken."""

    def __init__(self, *lines: str, id: str | None = None) -> None:
        super().__init__(id=id)
        self._words: Sequence[str] = lines

    def show(self, lines: Sequence[str]) -> None:
        """Shows other lines."""
        if lines != self._words:
            self._words = lines
            self.refresh(layout=True)

    def _lines(self, width: int) -> list[str]:
        return [part for line in self._words for part in wrap(line, width)]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def render(self) -> Text:
        width, height = self.size
        return Text("\n".join(clipped(self._lines(width), width, height)), no_wrap=True, end="")


class TitleBar(Line):
    """Where one is, who one is, and what the screen is about."""


class MessageLine(Widget):
    """What the screen has to say: an error as `! field: what is wrong. what to do`, or a result."""

    def __init__(self) -> None:
        super().__init__()
        self._words = ""

    @property
    def text(self) -> str:
        """The message in force."""
        return self._words

    def say(self, words: str) -> None:
        """Shows a message until the next one."""
        words = terminal_safe(words)
        if words != self._words:
            self._words = words
            self.refresh()

    def warn(self, error: YimenError | str, field: str = "") -> None:
        """Shows what is wrong, in front of which field, and what to do."""
        place = f"{field}{_(': ')}" if field else ""
        words = error if isinstance(error, str) else told(error)
        self.say(f"! {place}{words}")

    def render(self) -> Text:
        width, height = self.size
        lines = clipped(wrap(self._words, width), width, height)
        return Text("\n".join(lines), style="bold" if self._words.startswith("!") else "")


class KeyBar(Widget):
    """The keys of this screen, and below them the function keys, which are the same everywhere."""

    def __init__(self, own: Sequence[Key], everywhere: Sequence[Key]) -> None:
        super().__init__()
        self._own, self._everywhere = own, everywhere

    def show(self, own: Sequence[Key]) -> None:
        """Shows other keys of the screen, as where another tab has others."""
        if own != self._own:
            self._own = own
            self.refresh()

    def render(self) -> Text:
        width = self.size.width
        lines = [
            fitted(" ".join(f"{key.name}{gap}{_(key.label)}" for key in keys), width)
            for keys, gap in ((self._own, " "), (self._everywhere, ""))
        ]
        return Text("\n".join(lines), no_wrap=True, end="")
