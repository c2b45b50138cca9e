"""The small screens on top of another one: a number to go to, a Y to type, the menu of digits."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from textual.app import ComposeResult
from textual.events import Key as KeyEvent

from yimen.core.i18n import _
from yimen.tui.keys import BACK, OPEN, Act
from yimen.tui.page import Page
from yimen.tui.screens.opening import open_number
from yimen.tui.widgets.bars import Line
from yimen.tui.widgets.fields import Entry, Field, NextWanted
from yimen.tui.widgets.listing import Column, Listing


class NumberPage(Page):
    """G: a number of a case or an ID number, and the record that it names."""

    CSS_PATH = "small.tcss"
    KEYS = (OPEN, BACK)

    def place(self) -> str:
        return _("Number")

    def body(self) -> ComposeResult:
        yield Line(
            _("Application A42, referral R42, family H42, overlap V42, purchase G42, or ID:")
        )
        yield Entry(Field("number", ""))

    def load(self) -> None:
        self.head()

    def on_next_wanted(self, message: NextWanted) -> None:
        message.stop()
        entry = self.query_one(Entry)
        if not entry.answer:
            return
        with self.refusals():
            # The record's screen takes this one's place, so that Esc returns to the list.
            self.clerk.instead = self
            open_number(self.clerk, entry.answer)


class ConfirmPage(Page):
    """What cannot be taken back asks for a Y and Enter; anything else leaves all as it was."""

    CSS_PATH = "small.tcss"
    KEYS = (OPEN, BACK)

    def __init__(self, question: str, act: Callable[[], None]) -> None:
        super().__init__()
        self._question, self._act = question, act

    def place(self) -> str:
        return _("Sure?")

    def body(self) -> ComposeResult:
        yield Line(self._question)
        yield Line(_("Type Y and Enter to do it; Esc leaves everything as it is."))
        yield Entry(Field("sure", "", "text"))

    def load(self) -> None:
        self.head()

    def on_next_wanted(self, message: NextWanted) -> None:
        message.stop()
        sure = self.query_one(Entry).answer.upper() in ("Y", "Ｙ", "是")
        below = self.clerk.pages[-2]
        self.clerk.back()
        if sure:
            with below.refusals():
                self._act()
        else:
            below.say(_("Nothing was done."))


class MenuPage(Page):
    """F9: every place under a number, and under 0 what the screen below can do.

    For terminals without function keys, and for keyboards on which an input method takes letters.
    """

    CSS_PATH = "small.tcss"
    KEYS = (OPEN, BACK)

    def place(self) -> str:
        return _("More")

    def body(self) -> ComposeResult:
        yield Listing([Column(4, ""), Column(30, "what opens", grows=True), Column(8, "its key")])

    def load(self) -> None:
        self.head()
        self._acts: list[Act] = [
            Act(_(key.label), partial(self.clerk.action_go, place), key.name)
            for place, key in self.clerk.places().items()
        ]
        # A place that the role may not open keeps its digit, so that each digit means one place.
        self._barred = {
            number
            for number, place in enumerate(self.clerk.places(), 1)
            if not self.clerk.may_go(place)
        }
        self._below = False
        self._show()
        self.say(_("Type the number of a place, or choose it with the arrows and Enter."))

    def _show(self) -> None:
        self._typed = ""
        rows = [
            (str(number), [f"{number:>2} ", act.label, act.key])
            for number, act in enumerate(self._acts, 1)
            if number not in self._barred
        ]
        if not self._below:
            rows.append(("0", [" 0 ", _("What the screen below can do"), ""]))
        self.query_one(Listing).fill(rows)

    def _show_below(self) -> None:
        """The acts of the screen from which the menu was opened, under digits of their own."""
        below = self.clerk.pages[-2]
        self._acts, self._below, self._barred = list(below.acts()), True, set()
        self._show()
        self.say("" if self._acts else _("Nothing is to be done here."))

    async def _do(self, number: int) -> None:
        act = self._acts[number - 1]
        if self._below:
            # The menu gives way first: what opens now belongs to the screen below.
            self.clerk.pop_screen()
        done = act.run()
        if isinstance(done, Awaitable):
            await done

    async def on_key(self, event: KeyEvent) -> None:
        """A digit does its line; a 1 waits for Enter or a second digit where there are ten."""
        if not (event.character and event.character.isdecimal()):
            return
        event.stop()
        self._typed += str(int(event.character))
        number = int(self._typed)
        if self._typed == "0" and not self._below:
            self._show_below()
        elif 1 <= number <= len(self._acts) and number * 10 > len(self._acts):
            await self._do(number)
        elif 1 <= number <= len(self._acts):
            self.query_one(Listing).move_cursor(row=number - 1, animate=False)
        else:
            self._typed = ""

    async def on_data_table_row_selected(self) -> None:
        chosen = self.query_one(Listing).chosen
        if chosen == "0":
            self._show_below()
        elif chosen is not None:
            await self._do(int(chosen))
