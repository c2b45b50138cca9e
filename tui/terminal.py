"""What must be true of the terminal before a single character of the screen is drawn.

Imported before Textual, which reads its environment once. What it says to a terminal that cannot
show Chinese is ASCII, whatever the language.
"""

from __future__ import annotations

import os
import re
import select
import sys
import termios
import time
import tty
from collections.abc import Mapping
from typing import Literal

from yimen.core.i18n import language

Profile = Literal["auto", "full", "lean"]
LEAST_COLUMNS, LEAST_LINES = 80, 24
# A line of which the speed is known to be low; ssh does not say, a modem and a serial line do.
_SLOW_BAUD = 38400
_REPLY_SECONDS = 0.5
_COLUMN = re.compile(rb"\x1b\[\d+;(\d+)R")


def prepare(profile: Profile) -> None:
    """Sets what Textual reads when it is first imported: no animation, 16 colours, patient keys."""
    # The language was chosen from the locale; nothing below may change it.
    os.environ["YIMEN_LANG"] = language()
    given = {
        "TEXTUAL_THEME": "ansi-dark",
        "TEXTUAL_ANIMATIONS": "none",
        "TEXTUAL_SMOOTH_SCROLL": "0",
        # The keyboard protocol of kitty garbles what Chinese input methods send.
        "TEXTUAL_DISABLE_KITTY_KEY": "1",
        # A slow line may part an escape sequence; half of it must not be typed into a field.
        "ESCDELAY": "500",
        "TEXTUAL_COLOR_SYSTEM": "standard",
    }
    if profile == "lean" or (profile == "auto" and _is_slow()):
        given["TEXTUAL_FPS"] = "10"
    os.environ.update(given)
    for stream in (sys.__stdout__, sys.__stderr__):
        # A locale of another charset would write \u6c11 for a Han character.
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _is_slow() -> bool:
    try:
        speed: int = termios.tcgetattr(sys.__stdin__.fileno())[5]  # type: ignore[union-attr]
    except (termios.error, OSError, ValueError, AttributeError):
        return False
    names = {getattr(termios, f"B{baud}"): baud for baud in (1200, 2400, 4800, 9600, 19200)}
    return names.get(speed, _SLOW_BAUD) < _SLOW_BAUD


def objection(environ: Mapping[str, str]) -> str | None:
    """Why this terminal cannot show the screen, in ASCII, or None where it can."""
    if not (sys.__stdin__ and sys.__stdin__.isatty() and sys.__stdout__ and
            sys.__stdout__.isatty()):  # fmt: skip
        return "yimen tui needs a terminal: run it in one, or with `ssh -t`."
    term = environ.get("TERM", "")
    if term in ("", "dumb", "unknown"):
        return (
            f"TERM={term or '(not set)'} cannot place a cursor: set TERM, for instance to xterm, "
            "or work line by line: yimen tui --profile plain."
        )
    if term == "linux":
        return (
            "A bare Linux console cannot show Chinese characters. "
            "Use a graphical terminal, an ssh client (PuTTY, Windows Terminal), or fbterm."
        )
    charset = _charset(environ)
    if charset not in ("", "UTF8"):
        return (
            f"The locale's charset is {charset}; the screen is UTF-8. "
            "Set the ssh client's charset to UTF-8 and LANG to zh_CN.UTF-8."
        )
    columns, lines = os.get_terminal_size(sys.__stdout__.fileno())
    if columns < LEAST_COLUMNS or lines < LEAST_LINES:
        return (
            f"The window has {columns} columns and {lines} lines; the screen needs"
            f" {LEAST_COLUMNS} and {LEAST_LINES}. Make the window larger."
        )
    if _width_of("\u4e2d") == 4:
        return (
            "The terminal reads a Chinese character as four columns: its charset is not UTF-8. "
            "Set the ssh client's charset (translation) to UTF-8."
        )
    return None


def _charset(environ: Mapping[str, str]) -> str:
    """The charset that the locale names, without hyphens; empty where it names none."""
    told = next((v for k in ("LC_ALL", "LC_CTYPE", "LANG") if (v := environ.get(k))), "")
    return told.partition(".")[2].partition("@")[0].upper().replace("-", "")


def _width_of(character: str) -> int | None:
    """How far the cursor moves when a character is printed; None where the terminal is silent."""
    assert sys.__stdin__ is not None
    assert sys.__stdout__ is not None
    keyboard, screen = sys.__stdin__.fileno(), sys.__stdout__.fileno()
    before = termios.tcgetattr(keyboard)
    try:
        tty.setcbreak(keyboard)
        os.write(screen, b"\r" + character.encode() + b"\x1b[6n")
        received, until = b"", time.monotonic() + _REPLY_SECONDS
        while (left := until - time.monotonic()) > 0:
            if not select.select([keyboard], [], [], left)[0]:
                return None
            received += os.read(keyboard, 64)
            if found := _COLUMN.search(received):
                return int(found[1]) - 1
        return None
    finally:
        os.write(screen, b"\r\x1b[K")
        termios.tcsetattr(keyboard, termios.TCSANOW, before)
