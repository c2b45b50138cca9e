"""Text measured in the columns of a terminal, where a Chinese character takes two."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from yimen.core.marks import shown
from yimen.core.render.document import wrap
from yimen.core.render.safe import terminal_safe

# Light or mark -> how it is drawn where there is colour; the mark alone says everything.
_STYLES = {"[X]": "bold red", "[!]": "bold yellow", "[v]": "green", "[<]": "bold", "[?]": "bold"}


def fitted(text: str, width: int, *, right: bool = False) -> str:
    """The text in exactly `width` columns: cut where it is longer, filled where it is shorter.

    It is cut without a sign, since terminals disagree about how wide an ellipsis is.
    """
    plain = terminal_safe(text)
    if right and (missing := width - cell_len(plain)) > 0:
        return " " * missing + plain
    return set_cell_size(plain, width)


def width_of(text: str) -> int:
    """How many columns a text takes."""
    return cell_len(text)


def both_ends(left: str, right: str, width: int) -> str:
    """A line with a text at each end; the right one stays whole when there is too little room."""
    right = terminal_safe(right)
    if not right:
        return fitted(left, width)
    room = max(0, width - cell_len(right) - 1)
    return fitted(f"{fitted(left, room)} {right}", width)


def cell(text: str, width: int, *, right: bool = False) -> Text:
    """A cell of a listing, its last column left blank; a mark is coloured where there is colour."""
    line = fitted(shown(text), width - 1, right=right) + " "
    return Text(line, style=_STYLES.get(text, ""), no_wrap=True, overflow="crop", end="")


def wrapped(text: str, width: int) -> Text:
    """A cell of a listing in as many lines as its text needs, its last column left blank."""
    lines = wrap(text, width - 1) or [""]
    return Text("\n".join(f"{fitted(line, width - 1)} " for line in lines), no_wrap=True, end="")


def progress_bar(part: int, whole: int, width: int = 10) -> str:
    """So much of a whole as `[####......]`; full only where nothing is left."""
    filled = width if whole and part >= whole else part * width // whole if whole else 0
    return f"[{'#' * filled}{'.' * (width - filled)}]"


def percent(part: int, whole: int) -> str:
    """A share as whole per cent, rounded down; `-` where there is nothing to have a share of."""
    return f"{part * 100 // whole}%" if whole else "-"
