"""Reads a department's extract: a CSV file in UTF-8 or GB18030 becomes typed, validated rows.

A cell is taken as what its column declares, or its row is rejected with the reason; nothing is
guessed and nothing is repaired silently. It never puts a person's data into an error message.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from msgspec import UNSET

from yimen.core.clock import parse_date
from yimen.core.contracts import RowContract
from yimen.core.declarations import Source, SourceColumn
from yimen.core.divisions import normalise_division
from yimen.core.errors import BadAmount, BadDate, BadFile, BadIdNumber, BadValue, YimenError
from yimen.core.i18n import _, pick
from yimen.core.identity import birth_date, mask_id, normalise_id
from yimen.core.money import parse_yuan
from yimen.core.spelling import half_width
from yimen.core.text_files import file_encoding

ID_HEADERS = ("身份证号", "公民身份号码", "证件号码", "id_number")
NAME_HEADERS = ("姓名", "name")
YES = frozenset({"是", "1", "true", "yes", "y", "有"})
NO = frozenset({"否", "0", "false", "no", "n", "无"})
INT64 = 2**63 - 1
_DOTS = re.compile("[•・‧∙．.]")

# The line, then the cells.
Row = tuple[int, *tuple[object, ...]]


@dataclass(frozen=True)
class RejectedRow:
    """A row that was left out: its number in the file (the header is 1), and why.

    `person` is whose row it was, where number and name could be read: what the row said of that
    person is unknown, and not nothing.
    """

    line: int
    reasons: list[str]
    person: tuple[str, str] | None = None


def normalise_name(text: str) -> str:
    """A name as registers are compared: no spaces, one kind of middle dot, canonical characters."""
    return _DOTS.sub("·", "".join(unicodedata.normalize("NFC", text).split()))


# Cells of a column whose readings are kept, for the next rows that have them.
_REMEMBERED = 4096


class RegisterFile:
    """One file of a source's extract, read row by row; `lines` is its length once it was read."""

    def __init__(
        self, path: Path, source: Source, *, synthetic: bool, today: date | None = None
    ) -> None:
        if path.exists() and not path.is_file():
            raise BadFile(
                _("This is not a file."), where=str(path), next_step=_("Name a CSV file.")
            )
        self.path = path
        self._today = today
        self.source = source
        self._synthetic = synthetic
        self._encoding = file_encoding(path)
        self._contract = RowContract(row_schema(source))
        self._columns = [_reader(column, synthetic) for column in source.columns]
        place = source.residence
        self._never_empty = (
            {place.household_key, place.relation, place.division} if place else set[str]()
        )
        with path.open(encoding=self._encoding, newline="") as file:
            try:
                header = next(csv.reader(file), None) or []
            except csv.Error as error:
                raise _malformed(error, f"{path}:1") from None
        self._positions = self._find_columns(header)
        self._last = max(p for p in self._positions if p is not None)
        self._width = len(header)
        self.lines = 0
        # Cells repeat: rows of one person stand together, and days, codes and amounts recur.
        readers: list[Callable[[str], Any]] = [self._id_number, self._name, *self._columns]
        self._readers = [lru_cache(_REMEMBERED)(read) for read in readers]
        self._names = ["id_number", "name", *(c.column for c in source.columns)]

    def _find_columns(self, header: Sequence[str]) -> list[int | None]:
        """The position of id_number, name and each declared column in the file.

        A header is the same with brackets of either width: suppliers type what their keyboard has.
        """
        titles = [half_width(cell) for cell in header]
        places = {title: index for index, title in enumerate(titles)}
        wanted = [(ID_HEADERS, True), (NAME_HEADERS, True)] + [
            ((c.names.zh, c.names.en, c.column, *c.headers), c.required)
            for c in self.source.columns
        ]
        found: list[int | None] = []
        missing: list[str] = []
        for names, required in wanted:
            title = next((n for n in map(half_width, names) if n in places), None)
            if title is None and required:
                missing.append(names[0])
            if title is not None and titles.count(title) > 1:
                raise BadFile(
                    _("The file has more than one column {name}.").format(name=title),
                    where=f"{self.path}:1",
                    next_step=_("Leave one of them, so that nobody has to guess."),
                )
            found.append(places[title] if title is not None else None)
        if missing:
            raise BadFile(
                _("The file has no column {names}.").format(names=", ".join(missing)),
                where=f"{self.path}:1",
                next_step=_("`yimen source show {source}` lists the columns.").format(
                    source=self.source.source
                ),
            )
        return found

    def rows(self) -> Iterator[Row | RejectedRow]:
        """Typed rows (row_no, id_number, name, columns…), or the rejection of a row."""
        with self.path.open(encoding=self._encoding, newline="") as file:
            reader = csv.reader(file)
            next(reader, None)
            try:
                for cells in reader:
                    if cells:
                        yield self._row(reader.line_num, cells)
                self.lines = reader.line_num
            except csv.Error as error:
                raise _malformed(error, f"{self.path}:{reader.line_num}") from None

    def _row(self, line: int, cells: Sequence[str]) -> Row | RejectedRow:
        if len(cells) <= self._last:
            reason = _("the row has {n} cells, the header has more").format(n=len(cells))
            return RejectedRow(line, [reason])
        if len(cells) > self._width and any(cell.strip() for cell in cells[self._width :]):
            reason = _("the row has {n} cells, the header has fewer").format(n=len(cells))
            return RejectedRow(line, [reason])
        texts = ["" if p is None else cells[p].strip() for p in self._positions]
        values: list[Any] = []
        reasons: list[str] = []
        for read, text in zip(self._readers, texts, strict=True):
            try:
                values.append(read(text))
            except YimenError as error:
                reasons.append(error.what)
                values.append(None)
        person = (values[0], values[1]) if values[0] and values[1] else None
        if reasons:
            return RejectedRow(line, reasons, person)
        row = dict(zip(self._names, values, strict=True))
        # Without these a person would belong to no household, or to no place.
        if any(row[name] is None for name in self._never_empty):
            empty = [c for c in self.source.columns
                     if c.column in self._never_empty and row[c.column] is None]  # fmt: skip
            reason = _("'{column}' is empty.")
            return RejectedRow(line, [reason.format(column=c.names.text()) for c in empty], person)
        if not self._contract.is_valid(row):
            return RejectedRow(line, list(self._contract.reasons(row)), person)
        return (line, *(int(v) if isinstance(v, bool) else v for v in values))

    def _id_number(self, text: str) -> str | None:
        number = self._normalised(text)
        if number and self._today and birth_date(number) > self._today:
            raise BadIdNumber(
                _("ID number {masked}: the birth date lies in the future.").format(
                    masked=mask_id(number)
                )
            )
        return number

    def _normalised(self, text: str) -> str | None:
        return normalise_id(text, synthetic=self._synthetic) if text else None

    def _name(self, text: str) -> str:
        if not text:
            raise BadValue(_("The name is empty."))
        return normalise_name(text)


def _malformed(error: csv.Error, where: str) -> BadFile:
    return BadFile(
        _("The file is not well-formed CSV: {reason}.").format(reason=error),
        where=where,
        next_step=_("Export it again."),
    )


def row_schema(source: Source) -> dict[str, Any]:
    """The JSON Schema of a source's typed row."""
    properties: dict[str, Any] = {
        "id_number": {"type": ["string", "null"], "minLength": 18, "maxLength": 18},
        "name": {"type": "string", "minLength": 1, "maxLength": 80},
    }
    for column in source.columns:
        properties[column.column] = _column_schema(column)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _column_schema(column: SourceColumn) -> dict[str, Any]:
    if column.type in ("integer", "money"):
        low = -INT64 - 1 if column.minimum is None else column.minimum
        high = INT64 if column.maximum is None else column.maximum
        return {"type": ["integer", "null"], "minimum": low, "maximum": high}
    if column.type == "boolean":
        return {"type": ["boolean", "null"]}
    if column.type == "date":
        # The length, since Python's $ also stands before a last line break.
        day = r"^\d{4}-\d{2}-\d{2}$"
        return {"type": ["string", "null"], "pattern": day, "maxLength": len("2026-11-20")}
    if column.type == "code" and column.codes:
        return {"enum": [*column.codes, None]}
    return {"type": ["string", "null"], "maxLength": 200}


def _reader(column: SourceColumn, synthetic: bool) -> Callable[[str], Any]:
    """The function that makes a cell's text a value of the column."""
    empty = None if column.empty is UNSET else column.empty
    spellings = {s: code for code, others in column.codes.items() for s in (code, *others)}
    title = pick({"zh": column.names.zh, "en": column.names.en})

    def integer(text: str) -> int:
        plain = unicodedata.normalize("NFKC", text).replace(",", "")
        if not re.fullmatch(r"-?[0-9]{1,18}", plain):
            raise BadValue(_("'{column}' is not a whole number.").format(column=title))
        return int(plain)

    def boolean(text: str) -> bool:
        plain = text.lower()
        if plain not in YES | NO:
            raise BadValue(_("'{column}' is neither 是 nor 否.").format(column=title))
        return plain in YES

    def code(text: str) -> str:
        if spellings and text not in spellings:
            raise BadValue(_("'{column}' has no code for this spelling.").format(column=title))
        return spellings.get(text, text)

    def date_of(text: str) -> str:
        try:
            return parse_date(text).isoformat()
        except BadDate:
            raise BadValue(_("'{column}' is not a date.").format(column=title)) from None

    def money(text: str) -> int:
        try:
            return parse_yuan(text)
        except BadAmount:
            raise BadValue(_("'{column}' is not an amount in yuan.").format(column=title)) from None

    def division(text: str) -> str:
        return normalise_division(text, synthetic=synthetic)

    readers: dict[str, Callable[[str], Any]] = {
        "integer": integer,
        "money": money,
        "boolean": boolean,
        "code": code,
        "date": date_of,
        "division": division,
        "text": str,
    }
    read = readers[column.type]

    def cell(text: str) -> Any:
        return read(text) if text else empty

    return cell
