"""The terminal's driver: Textual's own, with a keyboard that survives bad bytes and a lost line.

A GBK byte from a client that was set up wrong must not take a half-filled form with it, and screen
readers follow the terminal's cursor, which therefore stays visible.
"""

from __future__ import annotations

import os
import selectors
from codecs import getincrementaldecoder
from collections.abc import Iterable
from time import monotonic
from typing import TYPE_CHECKING, cast

from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.constants import ESCAPE_DELAY
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Key as KeyEvent
from textual.message import Message

from yimen.tui.escapes import ESC, Escapes

if TYPE_CHECKING:
    from yimen.tui.app import ClerkApp


class ClerkDriver(LinuxDriver):
    """LinuxDriver for a county's terminals."""

    def start_application_mode(self) -> None:
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self.write("\x1b[?25h")
        self.flush()

    def run_input_thread(self) -> None:
        """Reads keys; undecodable bytes become U+FFFD, and the end of the line hangs up."""
        parser, escapes = XTermParser(self._debug), Escapes(ESCAPE_DELAY)
        decode = getincrementaldecoder("utf-8")(errors="replace").decode
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(0.1):
                    try:
                        received = os.read(self.fileno, 4096)
                    except OSError:
                        received = b""
                    if not received:
                        self._hang_up()
                        return
                    for piece in escapes.feed(decode(received), monotonic()):
                        self._escape() if piece == ESC else self._take(parser.feed(piece))
                if escapes.tick(monotonic()):
                    self._escape()
                self._take(parser.tick())
        try:
            for __ in parser.feed(""):
                pass
        except (EOFError, ParseError):
            return

    def _escape(self) -> None:
        self.process_message(KeyEvent("escape", ESC))

    def _take(self, events: Iterable[Message]) -> None:
        for event in events:
            if isinstance(event, KeyEvent) and event.key == "alt+shift+o":
                # Esc and O, after which nothing came that would make a sequence of them.
                self._escape()
                event = KeyEvent("O", "O")
            self.process_message(event)

    def _hang_up(self) -> None:
        self._loop.call_soon_threadsafe(cast("ClerkApp", self._app).hang_up)
