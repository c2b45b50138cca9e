"""The terminal's driver: Textual's own, with a keyboard that survives bad bytes and a lost line.

A GBK byte from a client that was set up wrong must not take a half-filled form with it, and screen
readers follow the terminal's cursor, which therefore stays visible.
"""

from __future__ import annotations

import os
import selectors
from codecs import getincrementaldecoder
from typing import TYPE_CHECKING, cast

from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

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
        parser = XTermParser(self._debug)
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
                    for event in parser.feed(decode(received)):
                        self.process_message(event)
                for event in parser.tick():
                    self.process_message(event)
        try:
            for __ in parser.feed(""):
                pass
        except (EOFError, ParseError):
            return

    def _hang_up(self) -> None:
        self._loop.call_soon_threadsafe(cast("ClerkApp", self._app).hang_up)
