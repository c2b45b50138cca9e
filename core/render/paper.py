"""A page's blocks as one HTML file for A4 paper.

The HTML stands for itself: no script, no picture, no address, nothing fetched, so that it prints on
any machine; what it says is escaped, and no search engine may keep it. What a document says is
decided in documents/.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from yimen.core.i18n import _, language
from yimen.core.render.page import (
    Addressee,
    Block,
    Entries,
    Entry,
    Footer,
    Number,
    PageBreak,
    Pairs,
    Paragraph,
    Prose,
    Seal,
    Section,
    Signatures,
    Table,
    Title,
    signing_line,
)
from yimen.core.render.safe import terminal_safe
from yimen.core.render.table import Head

# The faces of official papers first (GB/T 9704: small-title Song, FangSong, Hei), then what else a
# machine may have; a page in English begins with a Latin face.
_FACES = {
    "zh": (
        'FZXiaoBiaoSong-B05S, "FZXiaoBiaoSong-B05", STZhongsong, "Noto Serif CJK SC",'
        ' "Source Han Serif SC", SimSun, serif',
        'FangSong_GB2312, FangSong, STFangsong, "Noto Serif CJK SC", "Source Han Serif SC",'
        " SimSun, serif",
        'SimHei, STHeiti, "Noto Sans CJK SC", "Source Han Sans SC", sans-serif',
    ),
    "en": (
        '"Times New Roman", "Liberation Serif", "Noto Serif CJK SC", SimSun, serif',
        '"Times New Roman", "Liberation Serif", "Noto Serif CJK SC", SimSun, serif',
        'Arial, "Liberation Sans", "Noto Sans CJK SC", SimHei, sans-serif',
    ),
}
_STYLE = """
@page { size: A4; margin: 20mm 18mm 18mm;
  @bottom-left { content: NUMBER; font: 8.5pt BODY }
  @bottom-right { content: counter(page) " / " counter(pages); font: 8.5pt BODY } }
body { font: 10.5pt/1.55 BODY; color: #000; max-width: 174mm; margin: 0 auto }
body.letter { font-size: 12pt; line-height: 1.75 }
h1 { font: bold 18pt/1.4 TITLE; text-align: center; margin: 0 0 3mm }
.letter h1 { font-size: 20pt; margin: 4mm 0 4mm }
body.board { font-size: 16pt; line-height: 1.65 } .board .seal { margin-top: 6mm }
.board h1 { font-size: 26pt; margin: 4mm 0 5mm } :lang(en).board h1 { font-size: 23pt }
.board dl { font-size: 18pt; margin: 3mm 0 3mm 2em; line-height: 1.6 }
:lang(zh) h1 { letter-spacing: .08em }
h2 { font: 12pt/1.4 HEAD; margin: 5mm 0 1.5mm; border-bottom: .3mm solid #000;
  break-after: avoid }
.letter h2 { font-size: 12.5pt; border: 0; margin: 3mm 0 1mm }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .5mm 4mm; margin: 2mm 0 }
dt { font-family: HEAD } dd { margin: 0 }
.letter dl { gap: 0 4mm; line-height: 1.6 }
ul { list-style: none; margin: 0; padding: 0 }
li { padding: 1mm 0 1mm 9mm; text-indent: -9mm }
.letter li { line-height: 1.5 } .letter li, li.one { break-inside: avoid }
li > b { display: inline-block; width: 9mm; text-indent: 0; font-weight: normal;
  white-space: nowrap }
li > div { text-indent: 0; font-size: .88em; orphans: 3; widows: 3 }
li > div:first-of-type { break-before: avoid }
li > div.in { padding-left: 6mm }
p { margin: 2mm 0; orphans: 2; widows: 2 }
p.small, footer { font-size: 9pt; line-height: 1.45; border-top: .2mm solid #000;
  padding-top: 1mm; margin-top: 3mm }
p.number { text-align: right; margin: 0 0 4mm } p.to { margin: 2mm 0 1mm }
p.prose { text-indent: 2em; margin: 0 0 1mm; text-align: justify }
table { border-collapse: collapse; width: calc(100% - .5mm); margin: 2mm 0 3mm; line-height: 1.45 }
thead { display: table-header-group } tr { break-inside: avoid }
th, td { border: .25mm solid #000; padding: 1mm 2mm; vertical-align: top; text-align: left }
th { font: .95em HEAD; text-align: center } :lang(zh) th { white-space: nowrap }
td.right { text-align: right; white-space: nowrap } td.keep { white-space: nowrap; width: 1% }
td .rule { min-width: 20mm }
.letter table { font-size: 10.5pt } .letter.board table { font-size: 16pt }
.letter .sign, .letter footer { break-before: avoid }
.end { break-inside: avoid } .whole { white-space: nowrap }
.sign { margin: 4mm 0; break-inside: avoid } .sign p { margin: 2mm 0; white-space: pre-wrap }
.seal { margin: 10mm 4mm 5mm auto; width: max-content; max-width: 120mm; text-align: center;
  break-inside: avoid; break-before: avoid }
.seal p { margin: 0 }
.rule { display: inline-block; min-width: 42mm; line-height: 1; border-bottom: .25mm solid }
hr { border: 0; margin: 0; break-after: page }
"""
# A notice on a board is a letter that is read from a distance.
_KINDS = {"list": "list", "letter": "letter", "board": "letter board"}
_WHOLE = 6
_RULED = re.compile("_{6,}")
# A day, a month, an article with its number: never cut at the end of a line.
_WHOLE_WORDS = re.compile(r"\b(?:\d{4}-\d\d(?:-\d\d)?|art\. \d+(?:-\d+)?)(?![\w-])")
_PLAIN_IN_CSS = re.compile(r"[^0-9A-Za-z\u3007\u4e00-\u9fff]")


def page_html(blocks: Iterable[Block]) -> str:
    """The page as one HTML file for A4 paper, in the language in force."""
    listed = list(blocks)
    tongue = language()
    title = next((b.text for b in listed if isinstance(b, Title)), "")
    number = next((b.text for b in listed if isinstance(b, Number)), "")
    kind = next((b.kind for b in listed if isinstance(b, Title)), "list")
    body = "\n".join(_html(block) for block in listed[: _end(listed)])
    body += '\n<div class="end">' + "\n".join(map(_html, listed[_end(listed) :])) + "</div>"
    return (
        f'<!doctype html>\n<html lang="{"zh-CN" if tongue == "zh" else "en"}">\n<head>\n'
        '<meta charset="utf-8">\n<meta name="robots" content="noindex, nofollow, noarchive">\n'
        f"<title>{escape(terminal_safe(title))}</title>\n"
        f"<style>{_style(tongue, number)}</style>\n</head>\n"
        f'<body class="{_KINDS[kind]}">\n{body}\n</body>\n</html>'
    )


def _end(blocks: Sequence[Block]) -> int:
    """Where the seal, the signatures and the foot begin, which stand on one sheet."""
    first = len(blocks)
    while first and isinstance(blocks[first - 1], (Seal, Signatures, Footer)):
        first -= 1
    return first


def _style(tongue: str, number: str) -> str:
    title, body, head = _FACES[tongue]
    style = _STYLE.replace("TITLE", title).replace("BODY", body).replace("HEAD", head)
    return style.replace("NUMBER", _css_string(number))


def _css_string(text: str) -> str:
    """The text as a string of a style sheet, in which it can end nothing and begin nothing."""
    plain = _PLAIN_IN_CSS.sub(lambda sign: f"\\{ord(sign[0]):06x}", terminal_safe(text))
    return f'"{plain}"'


def _safe(text: str) -> str:
    """The text escaped, with its blanks ruled and its days kept whole."""
    ruled = _RULED.sub('<span class="rule">&nbsp;</span>', escape(terminal_safe(text)))
    return _WHOLE_WORDS.sub(r'<span class="whole">\g<0></span>', ruled)


def _html(block: Block) -> str:
    match block:
        case Title(text):
            return f"<h1>{_safe(text)}</h1>"
        case Number(text):
            return f'<p class="number">{_safe(text)}</p>'
        case Section(text):
            return f"<h2>{_safe(text)}</h2>"
        case Pairs(pairs):
            rows = "".join(f"<dt>{_safe(k)}</dt><dd>{_safe(v)}</dd>" for k, v in pairs)
            return f"<dl>{rows}</dl>"
        case Paragraph(text, small):
            kind = ' class="small"' if small else ""
            return f"<p{kind}>{_safe(text)}</p>"
        case Addressee(text):
            return f'<p class="to">{_safe(text)}</p>'
        case Prose(text):
            return f'<p class="prose">{_safe(text)}</p>'
        case Entries(entries, empty):
            items = "".join(_html_entry(entry) for entry in entries)
            return f"<ul>{items or _html_entry(Entry(empty))}</ul>" if items or empty else ""
        case Table(heads, rows, empty):
            return _html_table(heads, rows or ([[empty]] if empty else []))
        case Signatures(signers):
            lines = "".join(f"<p>{_safe(signing_line(signer))}</p>" for signer in signers)
            return f'<div class="sign">{lines}</div>'
        case Seal(office, day):
            sealed = _("{office} (seal)").format(office=office)
            return f'<div class="seal"><p>{_safe(sealed)}</p><p>{_safe(day)}</p></div>'
        case Footer(text):
            return f"<footer>{_safe(text)}</footer>"
        case PageBreak():
            return "<hr>"


def _html_entry(entry: Entry) -> str:
    details = "".join(map(_html_detail, entry.details))
    # An entry of a long list stays on its sheet; one that may fill half a sheet does not.
    whole = ' class="one"' if len(entry.details) <= _WHOLE else ""
    return f"<li{whole}><b>{_safe(entry.mark)}</b>{_safe(entry.text)}{details}</li>"


def _html_detail(detail: str) -> str:
    kind = ' class="in"' if detail.startswith(" ") else ""
    return f"<div{kind}>{_safe(detail.lstrip(' '))}</div>"


def _html_table(heads: Iterable[Head], rows: Iterable[Iterable[str]]) -> str:
    columns = list(heads)
    top = "".join(f"<th>{_safe(head.text)}</th>" for head in columns)
    body = []
    for row in map(list, rows):
        if len(row) == 1 and len(columns) > 1:
            body.append(f'<tr><td colspan="{len(columns)}">{_safe(row[0])}</td></tr>')
            continue
        kinds = [f' class="{head.align}"' if head.align != "left" else "" for head in columns]
        cells = [f"<td{k}>{_safe(cell)}</td>" for k, cell in zip(kinds, row, strict=True)]
        body.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table><thead><tr>{top}</tr></thead><tbody>{''.join(body)}</tbody></table>"
