"""A screen of the clerk: title bar, body, message line, key bar; and the keys that act on it.

Every screen is a `Page`. It shows records that core/casework returned and hands what was typed to
core/casework; the words of a refusal appear on the message line and change nothing.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual._styles_cache import StylesCache
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import Screen

from yimen.core.casework.refusals import refusal_of
from yimen.core.errors import YimenError
from yimen.core.i18n import _
from yimen.core.marks import bracketed
from yimen.tui.keys import DIGITS, Act, Key
from yimen.tui.widgets.bars import KeyBar, MessageLine, TitleBar
from yimen.tui.widgets.cells import fitted, width_of
from yimen.tui.widgets.listing import Listing

if TYPE_CHECKING:
    from yimen.core.casework.desk import Desk
    from yimen.core.rules.catalogue import Catalogue
    from yimen.tui.app import ClerkApp


# What would end the whole program where Textual lets a stranger's code raise it.
LEAVING = (SystemExit, KeyboardInterrupt)


def both_cases(key: str) -> str:
    """The key as a binding names it; a letter is the same with and without the shift key."""
    return f"{key},{key.upper()}" if len(key) == 1 and key.isalpha() else key


class Page(Screen[None]):
    """Base of all screens. KEYS are its own keys, shown in the bar and explained by F1."""

    KEYS: ClassVar[tuple[Key, ...]] = ()
    AUTO_FOCUS = "Listing, Entry, Chosen"

    # Whether the message line tells in full what the chosen row had to cut; a screen that tells its
    # row elsewhere needs none.
    TELLS_ROW: ClassVar[bool] = True

    # Whether a record that it shows was changed by a screen above it.
    stale = False
    # Whether it is read again at each return: others work on the same records, and a refusal above
    # may have told of it.
    FRESH: ClassVar[bool] = False
    # The row that was told last, and what of it.
    _row_told: str | None = None
    _shown = False
    _cut = ""

    def __init_subclass__(cls, **options: Any) -> None:
        own = [
            Binding(both_cases(key.key), key.action, show=False)
            for key in cls.__dict__.get("KEYS", ())
            # Enter opens a row through the list's own message, and never twice; digits are bound
            # one by one.
            if key.key not in ("enter", DIGITS.key)
        ]
        cls.BINDINGS = [*cls.__dict__.get("BINDINGS", []), *own]
        super().__init_subclass__(**options)

    def compose(self) -> ComposeResult:
        yield TitleBar()
        with Vertical(id="body"):
            yield from self.body()
        yield MessageLine()
        yield KeyBar(self.own_keys, self.clerk.function_keys)

    def body(self) -> ComposeResult:
        """The screen's own widgets, between title and message."""
        yield from ()

    def place(self) -> str:
        """The screen's name in the title bar."""
        return ""

    @property
    def own_keys(self) -> tuple[Key, ...]:
        """Those of KEYS that do something now."""
        return self.KEYS

    def acts(self) -> Sequence[Act]:
        """What this screen can do now, for the menu of digits and for the help."""
        return [
            Act(_(key.label), partial(self.clerk.run_action, key.action, self), key.name)
            for key in self.own_keys
            if key.key not in ("enter", "tab", DIGITS.key, "escape")
        ]

    @property
    def case_no(self) -> str | None:
        """The application, referral or purchase that stands here, whose checklist F4 opens."""
        return None

    @property
    def clerk(self) -> ClerkApp:
        """The program, which holds the desk."""
        return cast("ClerkApp", self.app)

    @property
    def desk(self) -> Desk:
        """The operator at work."""
        return self.clerk.desk

    @property
    def catalogue(self) -> Catalogue:
        """What the departments declare."""
        return self.clerk.catalogue

    def head(self, right: str = "") -> None:
        """Writes the title bar: the program, the place, who works, the day; `right` at the end.

        Where all of it has no room, who works is told more shortly; the day always stands there.
        """
        place, day = f"{_('Yimen')} {bracketed(self.place())}", str(self.desk.home.clock.today())
        room = self.app.size.width - (width_of(right) + 1 if right else 0)
        lefts = ["  ".join(filter(None, (place, who, day))) for who in (*self.clerk.who, "")]
        left = next((words for words in lefts if width_of(words) <= room), None)
        if left is None:
            left = f"{fitted(place, max(0, room - width_of(day) - 2)).rstrip()}  {day}"
        self.query_one(TitleBar).show(left, right)

    def say(self, words: str) -> None:
        """Writes the message line."""
        self.query_one(MessageLine).say(words)

    def on_data_table_row_highlighted(self) -> None:
        """Tells what the chosen row had to cut.

        A message stays while the cursor rests where it was; another row's words take its place.
        """
        if not self.TELLS_ROW:
            return
        listing, line = self.query_one(Listing), self.query_one(MessageLine)
        moved = self._row_told not in (None, listing.chosen)
        if moved or line.text in ("", self._cut):
            cut = "  ".join(listing.cut)
            if cut or line.text == self._cut:
                line.say(cut)
            self._cut = cut
        self._row_told = listing.chosen

    async def on_mount(self) -> None:
        shown = False
        with self.refusals():
            self.load()
            shown = True
        if not shown:
            # What is refused has its place and its day, too.
            self.head()
        # Whatever is built of the records is built before the first drawing, which is the only one.
        await self.build()

    async def build(self) -> None:
        """Builds the widgets that depend on the records."""

    def on_screen_resume(self) -> None:
        self.resume()
        self._shown = True

    def resume(self) -> None:
        """Reads again what another screen has changed in the meantime."""
        if self.stale or (self.FRESH and self._shown):
            self.stale = False
            with self.refusals():
                self.load()

    def load(self) -> None:
        """Reads the records and shows them; called at the start, on return, and by R."""

    def action_reload(self) -> None:
        with self.refusals():
            self.load()

    def on_unmount(self) -> None:
        """What a screen was made of goes when the next one stands there."""
        # Textual remembers the last thousand widgets that were drawn, with their lines.
        StylesCache.get_inner_outer.cache_clear()
        # A screen is a circle of widgets; Python would wait for a quarter more of everything.
        # Without a terminal the program is a guest in a process whose heap is not its own.
        if not self.app.is_headless:
            self.app.call_after_refresh(gc.collect)

    def action_back(self) -> None:
        self.clerk.back()

    def keep(self) -> None:
        """Keeps what was typed and not saved, as a draft; called when anything may end."""

    @contextmanager
    def refusals(self, field: str = "") -> Iterator[None]:
        """Writes the sentence of a refusal on the message line; what is a bug goes on its way."""
        try:
            yield
        except YimenError as error:
            self.query_one(MessageLine).warn(error, field)
        except Exception as error:
            known = refusal_of(error)
            if known is None:
                raise
            self.query_one(MessageLine).warn(known, field)
