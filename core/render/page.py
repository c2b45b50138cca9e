"""A page made of a few kinds of blocks, and how it prints as 80 columns of text.

What a document says is decided once, in documents/; here is only how it looks on a screen and on a
dot-matrix printer. How the same blocks look on A4 paper is in paper.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from yimen.core.i18n import _
from yimen.core.render.columns import columns
from yimen.core.render.document import heading, key_values, page_width, wrap
from yimen.core.render.table import Head, table_lines

BLANK = "_" * 20
"""A ruled blank that is filled by hand where nothing is recorded."""
FORM_FEED = "\f"
_LEADS = re.compile(r" +|\[.\] |! ")


@dataclass(frozen=True)
class Title:
    """The page's own heading, once: of a list, of a letter, or of what hangs on a board."""

    text: str
    kind: Literal["list", "letter", "board"] = "list"


@dataclass(frozen=True)
class Number:
    """The document's own number, on the right under its title and at the foot of each sheet."""

    text: str


@dataclass(frozen=True)
class Section:
    """A heading inside the page."""

    text: str


@dataclass(frozen=True)
class Pairs:
    """Titles with their values."""

    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Paragraph:
    """Running text; `small` for what stands under a page."""

    text: str
    small: bool = False


@dataclass(frozen=True)
class Addressee:
    """Whom a letter speaks to."""

    text: str


@dataclass(frozen=True)
class Prose:
    """A letter's paragraph, its first line set in by two characters."""

    text: str


@dataclass(frozen=True)
class Entry:
    """One entry of a list: a line, what is said of it, and a sign in front that needs no colour."""

    text: str
    details: Sequence[str] = field(default_factory=tuple)
    mark: str = "-"


@dataclass(frozen=True)
class Entries:
    """A list; `empty` is said where it has none."""

    entries: Sequence[Entry]
    empty: str = ""


@dataclass(frozen=True)
class Table:
    """Rows under heads, ruled; `empty` is said where it has none."""

    heads: Sequence[Head]
    rows: Sequence[Sequence[str]]
    empty: str = ""


@dataclass(frozen=True)
class Signatures:
    """A line for each who signs: for whom it is, a blank for the name, a blank for the day."""

    signers: Sequence[str]


@dataclass(frozen=True)
class Seal:
    """The office that issues the paper, with room for its seal, and the day."""

    office: str
    day: str


@dataclass(frozen=True)
class Footer:
    """What stands at the end of the last sheet: by whom and when it was printed."""

    text: str


@dataclass(frozen=True)
class PageBreak:
    """A new sheet."""


Block = (
    Title | Number | Section | Pairs | Paragraph | Addressee | Prose | Entries | Table
    | Signatures | Seal | Footer | PageBreak
)  # fmt: skip


def sheets(papers: Iterable[Iterable[Block]]) -> Iterator[Block]:
    """Papers one after another, each from a new sheet on."""
    for number, paper in enumerate(papers):
        if number:
            yield PageBreak()
        yield from paper


def page_text(blocks: Iterable[Block], *, feed: bool = False) -> Iterator[str]:
    """The page in lines of at most 80 display columns; `feed` ends each sheet with a form feed."""
    for block in blocks:
        match block:
            case Title(text, kind):
                yield from heading(text) if kind == "list" else [*_placed(text, "middle"), ""]
            case Number(text):
                yield from [*_placed(text, "right"), ""]
            case Section(text):
                yield ""
                yield from wrap(text)
            case Pairs(pairs):
                yield from key_values(pairs)
            case Paragraph(text):
                yield from wrap(text)
            case Addressee(text):
                yield from [*wrap(text), ""]
            case Prose(text):
                yield from [*wrap(f"    {text}"), ""]
            case Entries(entries, empty):
                yield from _entry_lines(entries, empty)
            case Table(heads, rows, empty):
                yield from table_lines(heads, rows or ([[empty]] if empty else []))
                yield ""
            case Signatures(signers):
                for signer in signers:
                    yield from ["", *wrap(signing_line(signer))]
                yield ""
            case Seal(office, day):
                sealed = _("{office} (seal)").format(office=office)
                yield from ["", *_placed(sealed, "right"), *_placed(day, "right"), ""]
            case Footer(text):
                yield "-" * page_width()
                yield from wrap(text)
            case PageBreak():
                yield from [FORM_FEED] if feed else ["", "-" * page_width(), ""]
    if feed:
        yield FORM_FEED


def signing_line(signer: str) -> str:
    """The words of a line that is signed by hand."""
    return _("{signer}: ____________________  Date: ____-__-__").format(signer=signer)


def _entry_lines(entries: Sequence[Entry], empty: str) -> Iterator[str]:
    if not entries and empty:
        yield from wrap(f"  - {empty}", indent="    ")
    for entry in entries:
        mark = f"  {entry.mark} "
        indent = " " * len(mark)
        yield from wrap(f"{mark}{entry.text}", indent=indent)
        for detail in entry.details:
            # Further lines stand under the words of the first, past its blanks and its mark.
            lead = _LEADS.match(detail)
            own = " " * (len(lead[0]) if lead else 2)
            yield from wrap(f"{indent}{detail}", indent=f"{indent}{own}")


def _placed(text: str, where: Literal["middle", "right"]) -> list[str]:
    """The text's lines moved to the middle or to the right edge of the page."""
    lines = []
    for line in wrap(text):
        room = page_width() - columns(line)
        lines.append(" " * (room if where == "right" else room // 2) + line)
    return lines
