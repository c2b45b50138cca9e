"""What the program gives back when nobody types.

A check reads the whole catalogue, prepares a statement of a thousand columns and opens the
registers: more than the screens themselves hold. While a clerk works it stays, so that the next
check answers at once; when the clerk stops to listen to the family it goes, since many clerks share
one machine.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable

from rich.cells import cached_cell_len, get_character_cell_size

# Seconds without a key.
QUIET = 1.0


class Rest:
    """Calls what lets go once no key was typed for a while; once for each time it is `put_off`."""

    def __init__(self, let_go: Callable[[], None]) -> None:
        self._let_go = let_go
        self._due: asyncio.TimerHandle | None = None

    def put_off(self) -> None:
        """A key was typed: not before the next quiet moment."""
        self.cancel()
        self._due = asyncio.get_running_loop().call_later(QUIET, self._now)

    def cancel(self) -> None:
        """Never, as at the end of the program."""
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _now(self) -> None:
        self._due = None
        self._let_go()
        give_back()


def give_back() -> None:
    """Gives memory that is free back to the system, where its C library knows how to."""
    import ctypes

    # Widths of texts that were shown once; the screen that stands there is drawn already.
    cached_cell_len.cache_clear()
    get_character_cell_size.cache_clear()
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
