"""Keys in the order in which they were typed, each at the screen that the one before it opened.

A clerk types faster than a slow machine draws. Textual hands a key to the widget that has the
focus when the key arrives; so a number typed right after G would land in the list below. Here a key
waits until everything that the key before it set going is done.
"""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING

from textual.events import Key as KeyEvent
from textual.keys import _character_to_key
from textual.message_pump import MessagePump

if TYPE_CHECKING:
    from yimen.tui.app import ClerkApp

# A widget that does not answer for so long does not hold the keyboard any longer.
_PATIENCE = 5.0
_LOOK = 0.1
# A key's own message may set off another (a row chosen, a field left) that climbs to the screen.
_ROUNDS = 2


# What the keys of the full stop and the slash type while an input method is Chinese.
_CHINESE_SIGNS = {"\u3002": ".", "\u3001": "/"}


class Typeahead:
    """The keys that were typed and not handled yet."""

    def __init__(self, app: ClerkApp, handle: Callable[[KeyEvent], Awaitable[None]]) -> None:
        self._app, self._handle = app, handle
        self._keys: asyncio.Queue[KeyEvent] = asyncio.Queue()

    def put(self, key: KeyEvent) -> None:
        """Takes a key from the terminal."""
        self._keys.put_nowait(key)

    async def run(self) -> None:
        """Handles keys one by one until the program ends."""
        while True:
            key = await self._keys.get()
            try:
                await self._handle(key)
                await self._settled()
            except Exception as error:  # noqa: BLE001 - what a key set off ends as any fault does
                self._app.fail(error)
            finally:
                self._keys.task_done()

    async def idle(self) -> None:
        """Waits until every key that was typed has been handled."""
        await self._keys.join()

    async def _settled(self) -> None:
        for __ in range(_ROUNDS):
            for pump in list(self._path()):
                await _passed(pump)
        await _passed(self._app.screen)

    def _path(self) -> Iterator[MessagePump]:
        """From the focused widget through its containers to the screen, then the program."""
        screen = self._app.screen
        widget = screen.focused
        while widget is not None and widget is not screen:
            yield widget
            widget = widget.parent  # type: ignore[assignment]
        yield screen
        yield self._app


def narrow(key: KeyEvent) -> KeyEvent:
    """A full-width letter, digit or sign, as an input method leaves it, as the key that it means.

    For keys that act; what is typed into a field is the field's to read.
    """
    typed = key.character or ""
    plain = _CHINESE_SIGNS.get(typed) or unicodedata.normalize("NFKC", typed)
    if plain == key.character or len(plain) != 1 or not plain.isascii():
        return key
    return KeyEvent(_character_to_key(plain), plain)


async def _passed(pump: MessagePump) -> None:
    """Waits until a message pump has handled what is in its queue now, or has come to its end."""
    done = asyncio.Event()
    if not pump.is_running or not pump.call_later(done.set):
        return
    for __ in range(round(_PATIENCE / _LOOK)):
        try:
            await asyncio.wait_for(done.wait(), _LOOK)
        except TimeoutError:
            # A screen that a fault has closed answers nothing any more.
            if pump.is_running:
                continue
        return
