"""A screen on which digits do what is possible now: the acts stand below, each with its digit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult

from yimen.core.i18n import _
from yimen.tui.keys import BACK, Key
from yimen.tui.page import Page
from yimen.tui.widgets.bars import Line
from yimen.tui.widgets.cells import width_of

BY_DIGIT = Key("1", "to 9: do what stands below", "act(1)")
# The keys of a page of one record, and of one of a list of steps.
ON_A_RECORD = (
    BY_DIGIT,
    Key("h", "Family", "family"),
    Key("p", "Print", "papers"),
    Key("r", "Read again", "reload"),
    BACK,
)
ON_STEPS = (
    Key("enter", "Open", "open"),
    BY_DIGIT,
    Key("l", "In full", "full"),
    Key("p", "Print", "papers"),
    BACK,
)


@dataclass(frozen=True)
class Act:
    """What a digit does: its words, and what is called."""

    label: str
    run: Callable[[], None]


class ActsPage(Page):
    """Base of the screens with acts: `act_lines` at the end of the body, `show_acts` in `load`."""

    BINDINGS: ClassVar = [(str(n), f"act({n})", "") for n in range(1, 10)]
    _acts: Sequence[Act] = ()

    @staticmethod
    def act_lines() -> ComposeResult:
        """The two lines in which the acts stand."""
        yield Line(id="acts1")
        yield Line(id="acts2")

    def show_acts(self, acts: Sequence[Act]) -> None:
        """Gives each act the digit of its place; what a width cannot hold goes to the next line."""
        self._acts = acts[:9]
        width = self.app.size.width - 1
        lines = list(_broken([f"{n} {act.label}" for n, act in enumerate(self._acts, 1)], width))
        first = lines[0] if lines else _("Nothing is to be done here.")
        self.query_one("#acts1", Line).show(first)
        self.query_one("#acts2", Line).show("  ".join(lines[1:]))

    def action_act(self, number: int) -> None:
        if number <= len(self._acts):
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
