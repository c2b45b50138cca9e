"""The small screens on top of another one: a number to go to, a Y to type, the menu of digits."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.events import Key as KeyEvent

from yimen.core.i18n import _
from yimen.tui.keys import BACK, Key
from yimen.tui.page import Page
from yimen.tui.screens.opening import open_number
from yimen.tui.widgets.bars import Line
from yimen.tui.widgets.fields import Entry, Field, NextWanted
from yimen.tui.widgets.listing import Column, Listing


class NumberPage(Page):
    """G: a number of a case or an ID number, and the record that it names."""

    CSS_PATH = "small.tcss"
    KEYS = (Key("enter", "Open", "open"), BACK)

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
    KEYS = (Key("enter", "Y and Enter: yes", "yes"), BACK)

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
    """F9: every place under a number, for terminals without function keys."""

    CSS_PATH = "small.tcss"
    KEYS = (Key("enter", "Open", "open"), BACK)

    def place(self) -> str:
        return _("More")

    def body(self) -> ComposeResult:
        yield Listing([Column(4, ""), Column(30, "what opens", grows=True), Column(8, "its key")])

    def load(self) -> None:
        self.head()
        self.query_one(Listing).fill(
            [
                (place, [f"{number:>2} ", _(key.label), key.name])
                for number, (place, key) in enumerate(self.clerk.places().items(), 1)
            ]
        )
        self._typed = ""
        self.say(_("Type the number of a place, or choose it with the arrows and Enter."))

    async def on_key(self, event: KeyEvent) -> None:
        """A digit opens its place; a 1 waits for Enter or a second digit where there are ten."""
        if not (event.character and event.character.isdecimal()):
            return
        event.stop()
        places = list(self.clerk.places())
        self._typed += str(int(event.character))
        if 1 <= int(self._typed) <= len(places) and int(self._typed) * 10 > len(places):
            await self.clerk.action_go(places[int(self._typed) - 1])
        elif int(self._typed) <= len(places):
            self.query_one(Listing).move_cursor(row=int(self._typed) - 1, animate=False)
        else:
            self._typed = ""

    async def on_data_table_row_selected(self) -> None:
        if chosen := self.query_one(Listing).chosen:
            await self.clerk.action_go(chosen)
