"""One listing in five formats: a table for people; csv, tsv, json and jsonl for programs.

Machine formats carry machine names, integer fen and true/false, alike in every language; only the
table is translated. Rows come in as records and go out as lines: nothing here prints, sorts,
filters or masks.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from typing import Literal

from yimen.core.errors import BadInput
from yimen.core.i18n import _
from yimen.core.money import format_yuan
from yimen.core.render.safe import json_safe, spreadsheet_safe, terminal_safe

Kind = Literal["text", "money", "boolean", "integer"]
Row = Mapping[str, object]

LISTING_FORMATS = ("table", "json", "jsonl", "csv", "tsv")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its machine `name`, its `title` (an English msgid), and the kind of its values.

    A `money` value is an integer number of fen. `words` says a code in the reader's language, in
    the table alone.
    """

    name: str
    title: str
    kind: Kind = "text"
    words: Callable[[str], str] | None = None


def render_listing(
    rows: Iterable[Row],
    columns: Sequence[Column],
    fmt: str,
    only: Sequence[str] | None = None,
) -> Iterator[str]:
    """The listing, one record or table line at a time, each without its line end.

    `fmt` is one of LISTING_FORMATS. `only` picks and orders columns by machine name; none or an
    empty one means all. jsonl, csv, tsv and json take a row, give a line and forget both; a table
    must see all rows to know its widths. A csv record may hold a quoted line feed.

    Raises BadInput for an unknown format, and for an unknown or repeated column, before the first
    row is read.
    """
    shown = pick(columns, only)
    match fmt:
        case "table":
            return _table(rows, shown)
        case "json":
            return _json_array(rows, shown)
        case "jsonl":
            return (_json_object(row, shown) for row in rows)
        case "csv":
            return _delimited(rows, shown, ",")
        case "tsv":
            return _delimited(rows, shown, "\t")
        case _:
            raise BadInput(
                _("{name} is not a format of a listing.").format(name=fmt),
                where="--format",
                next_step=_("Choose from: {names}.").format(names=", ".join(LISTING_FORMATS)),
            )


def load_form(fmt: str) -> None:
    """Loads what listings of a format take, where a command has time for it."""
    if fmt == "table":
        import_module("tabulate")


def pick(columns: Sequence[Column], only: Sequence[str] | None) -> list[Column]:
    """The columns that `only` names, in its order; `BadInput` for an unknown or repeated one."""
    if not only:
        return list(columns)
    known = {column.name: column for column in columns}
    for place, name in enumerate(only):
        if name not in known:
            raise BadInput(
                _("This listing has no column {name}.").format(name=name),
                where="--columns",
                next_step=_("Choose from: {names}.").format(names=", ".join(known)),
            )
        if name in only[:place]:
            raise BadInput(
                _("Column {name} is named twice.").format(name=name),
                where="--columns",
                next_step=_("Name each column once."),
            )
    return [known[name] for name in only]


def _typed(row: Row, column: Column) -> object:
    """The value as its column's kind declares it; a float for money is a bug and raises."""
    value = row[column.name]
    if value is None or column.kind == "text":
        return value
    if not isinstance(value, int):
        raise TypeError(f"column {column.name} is {column.kind}, not {type(value).__name__}")
    return bool(value) if column.kind == "boolean" else int(value)


def _text(value: object) -> str:
    """A value of a text column as one string; several values are joined by commas."""
    if isinstance(value, (list, tuple)):
        return ", ".join(_text(part) for part in value)
    # A tab separates words, so it becomes a blank before the control characters are removed.
    return str(value).replace("\t", " ")


def _table_cell(row: Row, column: Column) -> str:
    value = _typed(row, column)
    if value is None:
        return "-"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if column.kind == "money" and isinstance(value, int):
        return format_yuan(value)
    if column.words is not None and isinstance(value, str):
        return column.words(value)
    if column.words is not None and isinstance(value, (list, tuple)):
        return ", ".join(map(column.words, map(str, value)))
    return terminal_safe(" ".join(_text(value).splitlines()))


def _table(rows: Iterable[Row], columns: Sequence[Column]) -> Iterator[str]:
    cells = [[_table_cell(row, column) for column in columns] for row in rows]
    if not cells:
        yield _("Nothing to list.")
        return
    from tabulate import tabulate

    table = tabulate(
        cells,
        headers=[_(column.title) for column in columns],
        tablefmt="simple",
        colalign=["right" if c.kind in ("money", "integer") else "left" for c in columns],
        disable_numparse=True,
    )
    yield from (line.rstrip() for line in table.split("\n"))


class _Echo:
    """A file that hands back what is written to it, so that csv.writer gives its line."""

    def write(self, line: str) -> str:
        return line


def _delimited_cell(row: Row, column: Column) -> str:
    value = _typed(row, column)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if column.kind != "text":
        return str(value)
    return spreadsheet_safe(terminal_safe(_text(value), lines=True))


def _delimited(rows: Iterable[Row], columns: Sequence[Column], delimiter: str) -> Iterator[str]:
    writer = csv.writer(_Echo(), delimiter=delimiter, lineterminator="\n")
    yield str(writer.writerow([column.name for column in columns])).removesuffix("\n")
    for row in rows:
        record = str(writer.writerow([_delimited_cell(row, column) for column in columns]))
        yield record.removesuffix("\n")


def _plain(value: object) -> object:
    """What json cannot write by itself: a date, and a mapping that is no dict."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no place in a listing")


def _json_object(row: Row, columns: Sequence[Column]) -> str:
    record = {column.name: _typed(row, column) for column in columns}
    return json_safe(json.dumps(record, ensure_ascii=False, allow_nan=False, default=_plain))


def _json_array(rows: Iterable[Row], columns: Sequence[Column]) -> Iterator[str]:
    held = ""
    for row in rows:
        yield f"{held}," if held else "["
        held = f"  {_json_object(row, columns)}"
    yield from (held, "]") if held else ("[]",)
