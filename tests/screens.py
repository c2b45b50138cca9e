"""Screens as plain text: what a clerk reads at 80 x 24, kept in tests/screens and compared.

`make screens` writes the files again; a diff of them shows what changed on which screen.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "screens"
SIZE = (80, 24)
# What changes with any rule of any department, and says nothing of a screen.
_REPORT_NO = re.compile(r"(?<![0-9A-Za-z])C[0-9a-f]{16}")
_LENGTH = re.compile(r"(?<=\d-\d\d)/\d+|(?<=\d-\d)/\d+")


def screen_text(app: Any) -> str:
    """The lines of the screen on top, without trailing blanks."""
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips).rstrip() + "\n"


def lasting(text: str) -> str:
    """A screen without what changes with any rule of any department."""
    return _LENGTH.sub("/N", _REPORT_NO.sub("C" + "0" * 16, text))


def compare_screen(name: str, language: str, text: str) -> None:
    """Holds a screen against its file; writes the file where YIMEN_WRITE_SCREENS is set."""
    text = lasting(text)
    path = FOLDER / f"{name}.{language}.txt"
    if os.environ.get("YIMEN_WRITE_SCREENS"):
        FOLDER.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    assert path.is_file(), f"no {path.name}: `make screens` writes it"
    assert text == path.read_text("utf-8"), f"{path.name} differs: `make screens`, then read it"
    for number, line in enumerate(text.splitlines(), 1):
        assert width_of(line) <= SIZE[0], (name, number, line)


def width_of(line: str) -> int:
    """Columns of a line on a terminal that draws wide what Unicode calls wide."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def ambiguous_in(text: str) -> Iterator[str]:
    """Characters that some terminals draw one column wide and others two."""
    yield from (c for c in text if unicodedata.east_asian_width(c) == "A")


def compare_page(name: str, text: str) -> None:
    """Holds a page of the docs that is made of screens against its file, or writes it."""
    text = lasting(text)
    path = Path(__file__).parent.parent / "docs" / name
    if os.environ.get("YIMEN_WRITE_SCREENS"):
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8"), f"docs/{name} differs: `make screens`, then read it"
