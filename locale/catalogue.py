"""Keeps the Chinese catalogue whole: `update` takes in the code's sentences, `check` judges it.

A tool for authors, outside the package: nothing imports it at run time. It never guesses a
translation: a sentence that was reworded comes back empty, and its old translation is printed.
"""

from __future__ import annotations

import argparse
import ast
import csv
import io
import json
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import get_args, get_type_hints

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from yimen.core.marks import typeset

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "locale" / "zh_CN" / "LC_MESSAGES" / "yimen.po"
MO = PO.with_suffix(".mo")
SOURCES = ("cli.py", "__init__.py", "core", "commands", "tui", "plugins")
# function -> its arguments that are sentences; a Column's title and a Key's label are
# translated where they are shown
SAYING = {"_": slice(0, 1), "ngettext": slice(0, 2), "Column": slice(1, 2), "Key": slice(1, 2)}
# Arguments of _() that are no literal: their sentences come from `table_sentences` or a Column
FROM_TABLES = {
    "column.title",
    "key.label",
    "PLACES[place].label",
    "line",
    "t",
    "fact.unit",
    "REFUSAL_CODES[decision.reason_code]",
    "ALL_CODES[ended.reason_code]",
    "STOP_CODES[file.reason_code]",
    "ALL_CODES[code]",
    "ALL_CODES[c]",
    "ALL_CODES[end.reason_code]",
    "REFUSAL_CODES['R12']",
}
SLOT = re.compile(r"\{[^{}]*\}|%\(\w+\)[sd]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_WIDE = r"[\u3001\u3002\u300a-\u300f\u3014\u3015\u3400-\u9fff\uff01-\uff5e]"
# A slot, what is typed as it stands, an option, a number that is no part of a code.
_TOKEN = (
    r"(?:\{[^{}]*\}|`[^`]*`|(?<![a-z-])--[a-z][a-z-]*"
    r"|(?<![A-Za-z0-9_./=-])[0-9]+(?:[.,][0-9]+)*%?(?![A-Za-z0-9_/-]))"
)
_BLANK = re.compile(rf"{_WIDE} +{_TOKEN}|{_TOKEN} +{_WIDE}")
# What is typed as it stands.
QUOTED = re.compile(r"`[^`]*`")
# Where the departments and the kernel declare names and words, beside the code.
DECLARED = ("core", "plugins", "examples")
TYPED = re.compile(r"(?<![A-Za-z0-9-])--[a-z][a-z-]*|`yimen [a-z]+(?: [a-z]+)?")

Sentence = str | list[str] | tuple[str, ...]
TITLE = "# Yimen in Simplified Chinese"


class Undated(Catalog):
    """A catalogue whose header holds no dates: the same texts are the same bytes."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Project-Id-Version", "yimen"),
            ("Language", "zh_CN"),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", self.plural_forms),
        ]


def python_files(*places: str) -> Iterator[Path]:
    """The Python files of these files and folders of the project, in order."""
    for place in places:
        path = ROOT / place
        yield from [path] if path.is_file() else sorted(path.rglob("*.py"))


@cache
def calls(path: Path) -> list[tuple[int, list[ast.expr]]]:
    """(line, sentences) of each call in SAYING; babel's own extractor is blind inside f-strings."""
    return [
        (node.lineno, given)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if (given := node.args[SAYING.get(node.func.id, slice(0))])
    ]


def spoken(path: Path) -> Iterator[tuple[Sentence, int]]:
    """(sentence, line) of every sentence that stands in a file, in the order of its lines."""
    for line, given in sorted(calls(path), key=lambda call: call[0]):
        literals = [str(a.value) for a in given if isinstance(a, ast.Constant)]
        if len(literals) == len(given):
            yield (tuple(literals) if len(literals) > 1 else literals[0]), line


def computed_sentences() -> Iterator[str]:
    """Sentences that are neither literals nor known to come from a table."""
    for path in python_files(*SOURCES):
        for line, given in calls(path):
            for argument in (a for a in given if not isinstance(a, ast.Constant)):
                if ast.unparse(argument) not in FROM_TABLES:
                    place = f"{path.relative_to(ROOT)}:{line}"
                    yield f"{place}: the sentence {ast.unparse(argument)} has no table here"


def table_sentences() -> Iterator[tuple[str, str]]:
    """(sentence, where) of the tables whose values are translated when they are shown."""
    from yimen.cli import COMMANDS
    from yimen.core.casework.reasons import ALL_CODES
    from yimen.core.casework.stop_reasons import STOP_CODES
    from yimen.core.declarations import Fact

    yield from ((line, "cli.py") for __, line in COMMANDS.values())
    yield from ((text, "core/casework/reasons.py") for text in ALL_CODES.values())
    yield from ((text, "core/casework/stop_reasons.py") for text in STOP_CODES.values())
    for unit in get_args(get_type_hints(Fact)["unit"]):
        yield unit, "core/casework/intake.py"
    yield "required", "click"


def wanted() -> Catalog:
    """The catalogue of all sentences of Yimen and of click, none translated."""
    catalogue = Undated(locale="zh_CN", header_comment=TITLE, fuzzy=False)
    for path in python_files(*SOURCES):
        for sentence, line in spoken(path):
            if any(texts(sentence)):
                catalogue.add(sentence, locations=[(path.relative_to(ROOT).as_posix(), line)])
    for sentence, where in table_sentences():
        catalogue.add(sentence, locations=[(where, 0)])
    for path in sorted(Path(click.__file__).parent.glob("*.py")):
        for sentence, __ in spoken(path):
            catalogue.add(sentence, locations=[("click", 0)])
    return catalogue


def texts(sentence: Sentence | None) -> list[str]:
    """The singular and plural forms of a sentence, or the sentence alone."""
    if sentence is None:
        return []
    return [sentence] if isinstance(sentence, str) else list(sentence)


def faults(message: Message, ours: bool) -> Iterator[str]:
    """What is wrong with one translation; `ours` says that the English is Yimen's own."""
    english = texts(message.id)
    chinese = [text for text in texts(message.string) if text]
    if not chinese:
        yield "is not translated"
        return
    for text in chinese:
        if sorted(SLOT.findall(text)) != sorted(SLOT.findall(english[-1])):
            yield f"has other placeholders in {text!r}"
        if sorted(set(TYPED.findall(text))) != sorted(set(TYPED.findall(english[-1]))):
            yield f"names other commands or options in {text!r}"
        yield from chinese_faults(text)
    yield from ambiguous([*chinese, *(english if ours else [])])


def chinese_faults(text: str) -> Iterator[str]:
    """What is wrong with the marks and blanks of a Chinese text; docs/decisions.md has the rule."""
    if not _HAN.search(text):
        return
    # Beside a Han character a slot mostly holds some too.
    plain = SLOT.sub("\u67d0", QUOTED.sub("\u67d0", text))
    set_ = typeset(plain)
    for sign in "()[],:;?!":
        if set_.count(sign) < plain.count(sign):
            yield f"holds a half-width {sign!r} in {text!r}"
    for found in _BLANK.finditer(QUOTED.sub("``", text)):
        yield f"holds a blank in {found[0]!r} of {text!r}"


def declared_words(root: Path = ROOT) -> Iterator[tuple[str, str]]:
    """(text, where) of each Chinese word in the departments' JSON and in the list of laws."""

    def words(value: object, key: str) -> Iterator[str]:
        if isinstance(value, dict):
            for name, inner in value.items():
                yield from words(inner, name)
        elif isinstance(value, list):
            for inner in value:
                yield from words(inner, key)
        elif isinstance(value, str) and key in ("zh", "aliases"):
            yield value

    for folder in DECLARED:
        places = sorted((root / folder).rglob("*.json"))
        # What a new department begins with is declared as well, before its name is filled in.
        for path in [*places, *sorted((root / folder).rglob("*.json.template"))]:
            for text in words(json.loads(path.read_text("utf-8")), ""):
                yield text, path.relative_to(root).as_posix()
    laws = root / "core" / "laws.csv"
    with laws.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["zh"], laws.relative_to(root).as_posix()


def faults_declared(root: Path = ROOT) -> Iterator[str]:
    """What is wrong with the Chinese of declarations."""
    for text, where in declared_words(root):
        for fault in [*chinese_faults(text), *ambiguous([text])]:
            yield f"{where}: the text {fault}"


def ambiguous(texts: Iterable[str]) -> Iterator[str]:
    """Signs that are one column wide on some terminals and two on others: they shift the line."""
    for text in texts:
        for sign in sorted({c for c in text if unicodedata.east_asian_width(c) == "A"}):
            yield f"holds {sign!r}, whose width differs between terminals, in {text!r}"


def problems(po: Path = PO, mo: Path = MO) -> list[str]:
    """Everything that keeps the catalogue from being complete, right and compiled."""
    found = [*computed_sentences(), *faults_declared()]
    if not po.is_file():
        return [*found, f"{po} does not exist"]
    held, needed = read(po), wanted()
    for message in needed:
        if not message.id:
            continue
        own = held.get(texts(message.id)[0])
        if own is None or own.id != message.id:
            found.append(f"{texts(message.id)[0]!r} is not in the catalogue")
            continue
        if own.fuzzy:
            found.append(f"{texts(own.id)[0]!r} is marked fuzzy")
        ours = any(where != "click" for where, __ in message.locations)
        found += [f"{texts(own.id)[0]!r} {fault}" for fault in faults(own, ours)]
    obsolete = [*held.obsolete.values(), *(m for m in held if m.id and m.id not in needed)]
    found += [f"{texts(m.id)[0]!r} is said nowhere any more" for m in obsolete]
    if not mo.is_file() or mo.read_bytes() != compiled(held):
        found.append(f"{mo} is not what {po.name} compiles to")
    return found


def read(po: Path) -> Catalog:
    """The catalogue of a .po file, without what its header says of dates."""
    with po.open("rb") as file:
        raw = read_po(file, locale="zh_CN")
    catalogue = Undated(locale="zh_CN", header_comment=TITLE, fuzzy=False)
    catalogue.obsolete = raw.obsolete
    for message in raw:
        if message.id:
            catalogue[message.id] = message
    return catalogue


def compiled(catalogue: Catalog) -> bytes:
    """The bytes of the .mo file."""
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def update(po: Path = PO, mo: Path = MO) -> None:
    """Takes in the code's sentences, drops what is said nowhere, writes the .po and the .mo."""
    held, needed = read(po) if po.is_file() else Undated(locale="zh_CN"), wanted()
    for message in needed:
        own = held.get(texts(message.id)[0]) if message.id else None
        if own is not None and own.id == message.id:
            message.string = own.string
    for message in held:
        if message.id and message.id not in needed:
            say(f"dropped: {texts(message.id)[0]!r}: {message.string!r}")
    po.parent.mkdir(parents=True, exist_ok=True)
    with po.open("wb") as file:
        write_po(file, needed, width=0, sort_by_file=True, include_lineno=False)
    mo.write_bytes(compiled(read(po)))
    empty = len([m for m in needed if m.id and not any(texts(m.string))])
    say(f"{len(needed)} sentences, {empty} without a translation")


def say(line: str) -> None:
    """A line for the author."""
    sys.stdout.write(f"{line}\n")


def main() -> int:
    """Runs `update` or `check`; 1 when the check finds something."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("act", choices=["update", "check"])
    if parser.parse_args().act == "update":
        update()
        return 0
    found = problems()
    for problem in found:
        say(problem)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
