"""A clerk at a real pseudo-terminal: types bytes, reads what the terminal shows, counts bytes."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping
from difflib import unified_diff
from pathlib import Path
from types import TracebackType
from typing import Any

import pyte

COLUMNS, LINES = 80, 24
_ASKED = re.compile(rb"\x1b\[6n")


class Terminal:
    """A terminal of 80 columns and 24 lines with a program in it."""

    def __init__(
        self, words: list[str], env: Mapping[str, str], *, size: tuple[int, int] = (COLUMNS, LINES)
    ) -> None:
        self.screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self.screen)
        self.received = b""
        self.status: int | None = None
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.execvpe(words[0], words, dict(env))
        packed = struct.pack("HHHH", size[1], size[0], 0, 0)
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, packed)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            self.wait()

    def type(self, text: str | bytes) -> None:
        """Sends keys as they come from a keyboard."""
        os.write(self.master, text.encode() if isinstance(text, str) else text)

    def read(self, seconds: float = 0.05) -> bytes:
        """What arrives until nothing arrives for so long."""
        found = b""
        while piece := self.read_once(seconds):
            found += piece
        return found

    def read_for(self, seconds: float) -> bytes:
        """What arrives in so long, whatever the pauses."""
        found, end = b"", time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            found += self.read_once(left)
        return found

    def read_once(self, seconds: float) -> bytes:
        """The next piece that arrives, or nothing when none does for so long."""
        if not select.select([self.master], [], [], seconds)[0]:
            return b""
        try:
            piece = os.read(self.master, 65536)
        except OSError:
            return b""
        for __ in _ASKED.findall(piece):
            # A terminal answers where its cursor is: after one Chinese character, column 3.
            os.write(self.master, b"\x1b[1;3R")
        # pyte prints the answer to a mode query that it does not know; a terminal does not.
        self._stream.feed(re.sub(rb"\x1b\[\?[0-9;]*\$p", b"", piece))
        self.received += piece
        return piece

    @property
    def text(self) -> str:
        """The screen as lines without trailing blanks; a wide character stands once."""
        rows = []
        for y in range(self.screen.lines):
            row = self.screen.buffer[y]
            rows.append("".join(row[x].data for x in range(self.screen.columns)).rstrip())
        return "\n".join(rows)

    def until(self, words: str, seconds: float = 20, *, poll: float = 0.05) -> str:
        """Reads until the screen shows the words; fails with the screen where it never does."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.read(poll)
            if words in self.text:
                return self.text
            if self.ended():
                break
        raise AssertionError(f"never shown: {words}\n{self.text}\n{self.received[-2000:]!r}")

    def until_it_is(
        self, screen: str, lasting: Callable[[str], str] = str, seconds: float = 20
    ) -> None:
        """Reads until the screen shows these lines and no others, as far as they are `lasting`."""
        end = time.monotonic() + seconds
        while lasting(self.text.rstrip()) != screen:
            if time.monotonic() > end or self.ended():
                shown, wanted = lasting(self.text.rstrip()).splitlines(), screen.splitlines()
                raise AssertionError("\n".join(unified_diff(wanted, shown, "wanted", "shown")))
            self.read(0.05)

    def ended(self) -> bool:
        """Whether the program has ended; its exit status is then known."""
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
        return self.status is not None

    def wait(self, seconds: float = 10) -> int:
        """Waits for the end; the exit status, negative for a signal."""
        end = time.monotonic() + seconds
        while not self.ended() and time.monotonic() < end:
            self.read(0.05)
        assert self.status is not None, "still running"
        return self.status

    def hang_up(self) -> None:
        """Drops the line, as ssh does."""
        os.kill(self.pid, signal.SIGHUP)

    def memory(self) -> int:
        """Resident memory in KiB."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1])  # type: ignore[index]


def terminal_env(home: Path, **more: Any) -> dict[str, str]:
    """A clerk's environment over ssh: nothing of this machine but the path."""
    return {
        "PATH": os.environ["PATH"], "HOME": str(home), "YIMEN_HOME": str(home), "TERM": "xterm",
        "LANG": "C.UTF-8", "YIMEN_LANG": "en", "PYTHONDONTWRITEBYTECODE": "1",
        **{k: str(v) for k, v in more.items()},
    }  # fmt: skip
