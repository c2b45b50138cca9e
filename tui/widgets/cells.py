"""Text measured in the columns of a terminal, where a Chinese character takes two."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from yimen.core.marks import bracketed, shown
from yimen.core.render.document import wrap
from yimen.core.render.safe import terminal_safe

# Light or mark -> how it is drawn where there is colour; the mark alone says everything.
_STYLES = {"[X]": "bold red", "[!]": "bold yellow", "[v]": "green", "[<]": "bold", "[?]": "bold"}

# Behind a text of which the rest had no room.
_CUT = ".."


def fitted(text: str, width: int, *, right: bool = False) -> str:
    """The text in exactly `width` columns: filled where it is shorter; cut, it ends in two dots.

    The sign is not an ellipsis, since terminals disagree about how wide that is.
    """
    plain = terminal_safe(text)
    if cell_len(plain) > width > len(_CUT):
        return set_cell_size(plain, width - len(_CUT)) + _CUT
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


def clipped(lines: Sequence[str], width: int, most: int) -> list[str]:
    """At most so many lines; where some have no room, the last one shows that it goes on."""
    if len(lines) <= most or most < 1:
        return list(lines)
    return [*lines[: most - 1], fitted(" ".join(lines[most - 1 :]), width)]


def choice_line(names: Iterable[str], chosen: int) -> str:
    """What may be chosen by a digit, in one line; what stands chosen is in brackets."""
    return "".join(
        bracketed(f"{n} {name}") if n == chosen else f" {n} {name} "
        for n, name in enumerate(names, 1)
    )


def progress_bar(part: int, whole: int, width: int = 10) -> str:
    """So much of a whole as `[####......]`; full only where nothing is left."""
    filled = width if whole and part >= whole else part * width // whole if whole else 0
    return f"[{'#' * filled}{'.' * (width - filled)}]"


def percent(part: int, whole: int) -> str:
    """A share as whole per cent, rounded down; `-` where there is nothing to have a share of."""
    return f"{part * 100 // whole}%" if whole else "-"
