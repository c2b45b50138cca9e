"""The clerk's program: one desk, a stack of screens, and keys that mean the same everywhere.

It holds no case in memory and makes no traffic when nobody types. Whatever ends it, forms keep
their drafts first.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar

from rich.console import RenderableType
from textual._compositor import CompositorUpdate
from textual.binding import Binding
from textual.events import Event
from textual.events import Key as KeyEvent
from textual.filter import LineFilter
from textual.screen import Screen

from yimen.core.divisions import division_name
from yimen.core.errors import YimenError
from yimen.core.i18n import _
from yimen.tui.guests import GuestScreens
from yimen.tui.keys import FUNCTION_KEYS, LEAVE, NEEDED, NUMBER, PLACES, Key
from yimen.tui.lines import OneRun
from yimen.tui.page import Page
from yimen.tui.painting import Painter
from yimen.tui.rest import Rest
from yimen.tui.typeahead import Typeahead, narrow
from yimen.tui.widgets.scrollbar import use_ascii_scrollbars

if TYPE_CHECKING:
    from yimen.core.casework.desk import Desk
    from yimen.core.rules.catalogue import Catalogue, Names

# place -> (module of yimen.tui.screens, class); imported when the place is first opened.
SCREENS: dict[str, tuple[str, str]] = {
    "worklist": ("worklist", "WorklistPage"),
    "query": ("query", "QueryPage"),
    "check": ("worklist", "ToCheckPage"),
    "board": ("board", "BoardPage"),
    "inbox": ("inbox", "InboxPage"),
    "overlaps": ("overlaps", "OverlapsPage"),
    "consult": ("consult", "ConsultPage"),
    "programmes": ("programmes", "ProgrammesPage"),
    "drafts": ("drafts", "DraftsPage"),
    "notices": ("notices", "NoticesPage"),
    "sign": ("signing", "ToSignPage"),
    "checklist": ("checklists", "ChecklistsPage"),
    "purchase": ("purchases", "PurchasesPage"),
    "monitor": ("monitor", "MonitorPage"),
}
# The places where a day may begin, each with what an operator must be allowed to open it. A case is
# worked on first, then what departments have, then figures without a person.
FIRST: tuple[tuple[str, str | None], ...] = (
    ("worklist", "application.read"),
    ("inbox", "referral.read"),
    ("monitor", "due"),
    ("programmes", None),
)


class ClerkApp(GuestScreens):
    """The program; `catalogue` is read when a screen first needs it."""

    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[Any]] = [
        *(Binding(key.key, key.action, show=False) for key in FUNCTION_KEYS),
        Binding(f"{NUMBER.key},G,slash", NUMBER.action, show=False),
        Binding("m,M", "menu", show=False),
        Binding("ctrl+l", "redraw", show=False),
    ]

    def __init__(
        self,
        desk: Desk,
        read_catalogue: Callable[[], Catalogue],
        read_names: Callable[[], Names],
    ) -> None:
        from yimen.tui.driver import ClerkDriver

        use_ascii_scrollbars()
        self._one_run = OneRun()
        self._painter = Painter()
        self.typeahead = Typeahead(self, self._handle_key)
        self._rest = Rest(self.rest)
        # Greys are colours too: NO_COLOR is settled before the theme is chosen.
        super().__init__(driver_class=ClerkDriver, ansi_color=True)
        self.desk = desk
        self._read_catalogue, self._read_names = read_catalogue, read_names
        self.instead: Page | None = None
        self.fault: Exception | None = None
        self.theme = "ansi-dark"
        self.animation_level = "none"

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [*super().get_line_filters(), self._one_run]

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        shown = self._running and not self._closed and not self._batch_count
        if shown and not self.is_headless and isinstance(renderable, CompositorUpdate):
            renderable = self._painter.changed(renderable, self.console)
        super()._display(screen, renderable)

    def on_resize(self) -> None:
        self._painter.forget()

    def action_redraw(self) -> None:
        """Ctrl+L: draws everything again, as after a message of the system on the terminal."""
        self._painter.forget()
        self.screen.refresh(layout=True)

    @cached_property
    def catalogue(self) -> Catalogue:
        """What the departments declare."""
        return self._read_catalogue()

    def rest(self) -> None:
        """Nobody types: what only checks need is let go, and read again when it is needed."""
        self.__dict__.pop("catalogue", None)
        self.desk.home.rest()

    def programme_name(self, programme: str) -> str:
        """What a programme is called; its number where nobody declares it."""
        known = self._names.programmes.get(programme)
        return known.names.text() if known else programme

    def department_name(self, department: str) -> str:
        """What a department is called."""
        known = self._names.departments.get(department)
        return known.names.text() if known else department

    def who_is(self, code: str) -> str:
        """What a department or an operator is called; the code where nobody knows it."""
        if code in self._names.departments:
            return self.department_name(code)
        return self.operator_name(code)

    def operator_name(self, operator_no: str) -> str:
        """What an operator is called; the number where there is none of it."""
        return self._operators.get(operator_no, operator_no)

    @cached_property
    def _operators(self) -> dict[str, str]:
        from yimen.core.casework.operators import operator_names

        return operator_names(self.desk.home.casework)

    @cached_property
    def _names(self) -> Names:
        return self._read_names()

    @property
    def who(self) -> Sequence[str]:
        """Place and operator, for the title bar; then each time shorter."""
        operator = self.desk.operator
        named = f"{operator.name}({operator.operator_no})"
        return f"{division_name(operator.division)} {named}", named, operator.name

    @property
    def home_place(self) -> str:
        """The place where this operator's day begins: the first of FIRST that it may open."""
        return next(place for place, action in FIRST if action is None or self.desk.may(action))

    async def on_mount(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGHUP, signal.SIGTERM):
            loop.add_signal_handler(number, self.hang_up, number)
        self._typing = asyncio.create_task(self.typeahead.run(), name="typeahead")
        self.call_after_refresh(gc.enable)

    def get_default_screen(self) -> Screen[Any]:
        """The first screen of the day; a blank one below it would be drawn first."""
        return self.made(self.home_place)

    async def on_unmount(self) -> None:
        self._typing.cancel()
        self._rest.cancel()

    async def on_event(self, event: Event) -> None:
        if isinstance(event, KeyEvent) and not event.is_forwarded:
            self.typeahead.put(event)
            self._rest.put_off()
        else:
            await super().on_event(event)

    async def _handle_key(self, key: KeyEvent) -> None:
        typed_into = getattr(self.screen.focused, "TYPED_INTO", False)
        await super().on_event(key if typed_into else narrow(key))

    # -- places -----------------------------------------------------------------------------

    def made(self, place: str) -> Page:
        """A new screen of a place."""
        module, name = SCREENS[place]
        page: Page = getattr(import_module(f"yimen.tui.screens.{module}"), name)()
        return page

    async def action_go(self, place: str) -> None:
        """Opens a place instead of what is open; forms on the way keep their drafts."""
        if place.startswith("department:"):
            # The menu, from which alone it is opened, gives way for it.
            self.pop_screen()
            self.open_department_screen(place.partition(":")[2])
            return
        if place == "checklist" and self._open_own_checklist():
            return
        self.keep_drafts()
        # Nothing is awaited: what is taken away may hold the very widget whose key this is.
        if place in ("worklist", self.home_place):
            self.pages[0].stale = True
            self.close_down_to(1)
            if len(self.pages) == 1:
                self.call_later(self.pages[0].resume)
            return
        page = self.made(place)
        self.close_down_to(2)
        if len(self.pages) == 2:
            self.switch_screen(page)
        else:
            self.push_screen(page)

    def _open_own_checklist(self) -> bool:
        """F4 where a case stands: its list on top of it; False where there is none, or it is it."""
        page = self.screen
        if not isinstance(page, Page) or page.case_no is None:
            return False
        case = page.case_no
        from yimen.tui.screens.checklist import ChecklistPage

        page.keep()
        self.open(ChecklistPage(case))
        return True

    def close_down_to(self, count: int) -> None:
        """Closes the screens above so many; the first is the day's, and stays."""
        while len(self.pages) > count:
            self.pop_screen()

    @property
    def pages(self) -> list[Page]:
        """The open screens, lowest first."""
        return [screen for screen in self.screen_stack if isinstance(screen, Page)]

    def open(self, page: Page) -> None:
        """Opens a screen on top of this one, or in the place of the one that gave way for it."""
        if self.instead is not None and self.instead is self.screen:
            self.switch_screen(page)
        else:
            self.push_screen(page)
        self.instead = None

    def replace(self, page: Page) -> None:
        """Opens a screen in the place of the one on top, to which nobody needs to return."""
        self.switch_screen(page)

    def confirm(self, question: str, act: Callable[[], None]) -> None:
        """Does what cannot be taken back once a Y was typed."""
        from yimen.tui.screens.small import ConfirmPage

        self.push_screen(ConfirmPage(question, act))

    def confirm_act(self, what: str, number: str, act: Callable[[], None]) -> None:
        """Asks before an act on a record is done."""
        self.confirm(_("{what}: {no}?").format(what=what, no=number), act)

    def places(self) -> dict[str, Key]:
        """What the menu offers, in the order of its digits; departments' screens come last."""
        return PLACES | {
            f"department:{name}": replace(LEAVE, key="", label=declared.names.text())
            for name, declared in self.catalogue.screens.items()
        }

    def may_go(self, place: str) -> bool:
        """Whether the operator's role may open a place at all."""
        return place not in NEEDED or self.desk.may(NEEDED[place])

    @property
    def function_keys(self) -> tuple[Key, ...]:
        """The keys that mean the same everywhere, without those of places closed to this role."""
        closed = {key for place, key in PLACES.items() if not self.may_go(place)}
        return tuple(key for key in FUNCTION_KEYS if key not in closed)

    def action_menu(self) -> None:
        """F9."""
        from yimen.tui.screens.small import MenuPage

        if not isinstance(self.screen, MenuPage):
            self.push_screen(MenuPage())

    def action_help(self) -> None:
        """F1."""
        from yimen.tui.screens.help import HelpPage

        if isinstance(self.screen, Page) and not isinstance(self.screen, HelpPage):
            self.push_screen(HelpPage(self.screen))

    def action_number(self) -> None:
        """G or /."""
        from yimen.tui.screens.small import NumberPage

        self.push_screen(NumberPage())

    def back(self) -> None:
        """Closes the top screen; the day's first one stays."""
        if len(self.pages) > 1:
            self.pop_screen()

    def later(self, words: str) -> None:
        """Writes the message line of the screen that is about to open."""
        self.call_after_refresh(self.tell, words)

    def tell(self, words: str) -> None:
        """Writes the message line of the screen on top, unless that is just being taken down."""
        if isinstance(self.screen, Page) and self.screen.query("MessageLine"):
            self.screen.say(words)

    def changed(self) -> None:
        """A record was changed: screens below read again when they come back."""
        for page in self.pages:
            page.stale = True

    # -- the end ----------------------------------------------------------------------------

    def keep_drafts(self) -> None:
        """Lets every open form keep what was typed."""
        for page in self.pages:
            page.keep()

    def hang_up(self, number: int = signal.SIGHUP) -> None:
        """The line dropped, or the machine goes down: keep drafts and go."""
        self.keep_drafts()
        self._rest.cancel()
        self.desk.home.close()
        if number == signal.SIGTERM:
            self.exit(return_code=128 + number)
            return
        # Nobody is left to restore a terminal for, and writing to it would wait or fail.
        os._exit(128 + number)

    def exit(self, *result: Any, **how: Any) -> None:
        """Whoever ends the program, a department's screen too: what was typed is kept first."""
        self.keep_drafts()
        super().exit(*result, **how)

    def action_leave(self) -> None:
        """F10: drafts are kept, so nothing is asked."""
        self.exit()

    async def action_quit(self) -> None:
        self.action_leave()

    def fail(self, error: Exception) -> None:
        """A fault outside any message handler, as in what a key set off."""
        self._handle_exception(error)

    def _handle_exception(self, error: Exception) -> None:
        """A fault of the program: drafts first, then the end; `launch` tells what it was.

        A fault in a department's screen closes that screen and nothing else. Textual would print
        the values of all variables, and so what a family confided.
        """
        if self._closed_department_screen(error):
            return
        if self.fault is None:
            self.fault = error
            self._keep_after_crash()
        if self.is_headless:
            super()._handle_exception(error)
        else:
            self._return_code = 1
            self._close_messages_no_wait()

    def _keep_after_crash(self) -> None:
        try:
            self.keep_drafts()
        except (YimenError, OSError):
            self.log("drafts could not be kept")

    @staticmethod
    def key_of(place: str) -> str:
        """The F-key of a place, for sentences that name it."""
        return PLACES[place].name

    @property
    def leave_key(self) -> str:
        """The key that ends the program."""
        return LEAVE.name
