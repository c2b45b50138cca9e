"""A page made of a few kinds of blocks, printed as 80 columns of text or as an A4 sheet of HTML.

What a document says is decided once, in documents/; here is only how it looks. The HTML stands for
itself: no script, no picture, no address, nothing fetched, so that it prints on any machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape

from yimen.core.i18n import language
from yimen.core.render.document import heading, key_values, wrap
from yimen.core.render.safe import terminal_safe


@dataclass(frozen=True)
class Title:
    """The page's own heading, once."""

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
class PageBreak:
    """A new sheet in HTML; a rule in text."""


Block = Title | Section | Pairs | Paragraph | Entries | PageBreak


def page_text(blocks: Iterable[Block]) -> Iterator[str]:
    """The page in lines of at most 80 display columns."""
    for block in blocks:
        match block:
            case Title(text):
                yield from heading(text)
            case Section(text):
                yield ""
                yield from wrap(text)
            case Pairs(pairs):
                yield from key_values(pairs)
            case Paragraph(text):
                yield from wrap(text)
            case Entries(entries, empty):
                if not entries and empty:
                    yield from wrap(f"  - {empty}", indent="    ")
                for entry in entries:
                    mark = f"  {entry.mark} "
                    indent = " " * len(mark)
                    yield from wrap(f"{mark}{entry.text}", indent=indent)
                    for detail in entry.details:
                        yield from wrap(f"{indent}{detail}", indent=f"{indent}  ")
            case PageBreak():
                yield from ["", "-" * 80, ""]


_STYLE = """
@page { size: A4; margin: 18mm 16mm }
body { font: 10.5pt/1.5 "Noto Serif CJK SC", "Source Han Serif SC", SimSun, serif; color: #000;
  max-width: 178mm; margin: 0 auto }
h1 { font-size: 16pt; text-align: center; margin: 0 0 4mm }
h2 { font-size: 12pt; margin: 5mm 0 1.5mm; border-bottom: .3mm solid #000; break-after: avoid }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .5mm 4mm; margin: 2mm 0 }
dt { font-weight: bold } dd { margin: 0 }
ul { list-style: none; margin: 0; padding: 0 }
li { padding: 1mm 0 1mm 9mm; text-indent: -9mm; break-inside: avoid }
li > b { display: inline-block; width: 9mm; text-indent: 0; font-weight: normal;
  font-family: monospace; white-space: nowrap }
li > div { text-indent: 0; font-size: 9pt }
p { margin: 2mm 0 } p.small { font-size: 9pt; border-top: .2mm solid #000; padding-top: 1mm }
hr { border: 0; break-after: page }
"""


def page_html(blocks: Iterable[Block]) -> str:
    """The page as one HTML file for A4 paper, in the language in force."""
    listed = list(blocks)
    title = next((b.text for b in listed if isinstance(b, Title)), "")
    body = "\n".join(_html(block) for block in listed)
    return (
        f'<!doctype html>\n<html lang="{"zh-CN" if language() == "zh" else "en"}">\n<head>\n'
        f'<meta charset="utf-8">\n<title>{_safe(title)}</title>\n<style>{_STYLE}</style>\n</head>\n'
        f"<body>\n{body}\n</body>\n</html>"
    )


def _safe(text: str) -> str:
    return escape(terminal_safe(text))


def _html(block: Block) -> str:
    match block:
        case Title(text):
            return f"<h1>{_safe(text)}</h1>"
        case Section(text):
            return f"<h2>{_safe(text)}</h2>"
        case Pairs(pairs):
            rows = "".join(f"<dt>{_safe(k)}</dt><dd>{_safe(v)}</dd>" for k, v in pairs)
            return f"<dl>{rows}</dl>"
        case Paragraph(text, small):
            kind = ' class="small"' if small else ""
            return f"<p{kind}>{_safe(text)}</p>"
        case Entries(entries, empty):
            items = "".join(_html_entry(entry) for entry in entries)
            return f"<ul>{items or _html_entry(Entry(empty))}</ul>" if items or empty else ""
        case PageBreak():
            return "<hr>"


def _html_entry(entry: Entry) -> str:
    details = "".join(f"<div>{_safe(detail)}</div>" for detail in entry.details)
    return f"<li><b>{_safe(entry.mark)}</b>{_safe(entry.text)}{details}</li>"
