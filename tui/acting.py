"""A screen at whose foot stands what is possible now, each act with its digit or its own key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from yimen.core.i18n import _
from yimen.tui.keys import BACK, DIGIT_BINDINGS, DIGITS, FULL, OPEN, PRINT, RELOAD, Act
from yimen.tui.page import Page
from yimen.tui.widgets.bars import Line
from yimen.tui.widgets.cells import width_of

# The keys of a page of a list of steps.
ON_STEPS = (OPEN, DIGITS, FULL, PRINT, RELOAD, BACK)


class ActsPage(Page):
    """Base of the screens with acts: `act_lines` at the end of the body, `show_acts` in `load`."""

    BINDINGS: ClassVar[list[BindingType]] = DIGIT_BINDINGS
    _acts: Sequence[Act] = ()

    @staticmethod
    def act_lines() -> ComposeResult:
        """The two lines in which the acts stand."""
        yield Line(id="acts1")
        yield Line(id="acts2")

    def show_acts(self, acts: Sequence[Act]) -> None:
        """Gives each act without a key the digit of its place, and writes them all.

        What a width cannot hold goes to the next line.
        """
        self._acts = acts[:9] if not all(act.key for act in acts) else acts
        width = self.app.size.width - 1
        words = [f"{act.key or n} {act.label}" for n, act in enumerate(self._acts, 1)]
        lines = list(_broken(words, width))
        first = lines[0] if lines else _("Nothing is to be done here.")
        self.query_one("#acts1", Line).show(first)
        self.query_one("#acts2", Line).show("  ".join(lines[1:]))

    def acts(self) -> Sequence[Act]:
        return [*self._acts, *super().acts()]

    def action_digit(self, number: int) -> None:
        if number <= len(self._acts) and not self._acts[number - 1].key:
            with self.refusals():
                self._acts[number - 1].run()


def _broken(words: Sequence[str], width: int) -> Iterator[str]:
    line = ""
    for word in words:
        longer = f"{line}  {word}" if line else word
        if line and width_of(longer) > width:
            yield line
            longer = word
        line = longer
    if line:
        yield line
