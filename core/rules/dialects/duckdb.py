"""DuckDB's SQL: booleans are a type, and an integer past 64 bits is an error, which TRY catches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from yimen.core.rules.dialects import Dialect
from yimen.core.rules.statement import DialectName
from yimen.core.store.duckdb_start import PACKED, WORDS, letters_type
from yimen.core.store.lake import TYPES


def _together(results: Sequence[str]) -> list[Sequence[str]]:
    """The results that are packed together."""
    return [results[first : first + PACKED] for first in range(0, len(results), PACKED)]


class DuckdbDialect(Dialect):
    """The batches' dialect."""

    name: ClassVar[DialectName] = "duckdb"
    whole_registers: ClassVar[bool] = True

    def quote(self, name: str) -> str:
        """In double quotes."""
        return f'"{name}"'

    def placeholder(self, name: str) -> str:
        """A variable; the engine puts the value in its place."""
        return f"getvariable('{name}')"

    def literal(self, value: object) -> str:
        """Numbers with their type: two small ones multiplied would be taken for 32 bits."""
        if value is None:
            return "NULL"
        if isinstance(value, bool):
            return "TRUE" if value else "FALSE"
        if isinstance(value, int):
            return f"({value})::BIGINT"
        return "'" + str(value).replace("'", "''") + "'"

    def word(self, answer: str) -> str:
        """Of a type of five words, which are kept as numbers."""
        return f"'{answer}'::{WORDS}"

    def packed(self, results: Sequence[str]) -> list[str]:
        """Numbers of a digit of base 3 a result, since every layer pays for every column."""
        return [
            " + ".join(
                f"COALESCE(CAST({result} AS UTINYINT) * {2 * 3**place}::UTINYINT,"
                f" {3**place}::UTINYINT)"
                for place, result in enumerate(some)
            )
            for some in _together(results)
        ]

    def letters(self, results: Sequence[str], packed: Sequence[str] = ()) -> str:
        """Looked up in the list of all texts there are, which Parquet then keeps as numbers."""
        if not packed:
            return super().letters(results)
        found = []
        for number, some in zip(packed, _together(results), strict=True):
            kind = letters_type(len(some))
            listed = f"enum_range(NULL::{kind})"
            texts = f"{listed}::{kind}[]" if len(packed) == 1 else listed
            found.append(f"list_extract({texts}, {number} + 1)")
        return " || ".join(found)

    def recorded(self, column: str, kind: str) -> str:
        """Stored as text, since facts of all types share the column."""
        if kind == "boolean":
            return f"({column} = '1')"
        return f"TRY_CAST({column} AS BIGINT)" if kind in TYPES else column

    def maybe(self, condition: str) -> str:
        """IS DISTINCT FROM FALSE."""
        return f"({condition}) IS DISTINCT FROM FALSE"

    def count_true(self, condition: str) -> str:
        """As a sum, so that it is NULL where nothing is known."""
        return f"CAST(SUM(CAST({condition} AS TINYINT)) AS BIGINT)"

    def integer(self, sql: str) -> str:
        """NULL in place of the error."""
        return f"TRY(({sql})::BIGINT)"

    def plain(self, sql: str) -> str:
        """A standard may be kept as a smaller number."""
        return f"({sql})::BIGINT"

    def inside(self, sql: str) -> str:
        """NULL in place of the error."""
        return f"TRY({sql})"

    def number(self, sql: str) -> str:
        """A cast, which leaves numbers as they are."""
        return f"CAST({sql} AS BIGINT)"

    def sum(self, value: str) -> str:
        """Added in 128 bits, and then taken back to 64."""
        return f"TRY_CAST(SUM({value}) AS BIGINT)"

    def least(self, values: list[str]) -> str:
        """LEAST skips what is NULL."""
        return self._of_known("least", values)

    def greatest(self, values: list[str]) -> str:
        """GREATEST skips what is NULL."""
        return self._of_known("greatest", values)

    def _of_known(self, function: str, values: list[str]) -> str:
        known = " AND ".join(f"({value}) IS NOT NULL" for value in values)
        return f"CASE WHEN {known} THEN {function}({', '.join(values)}) END"

    def quotient(self, a: str, b: str) -> str:
        """The sign of whole numbers."""
        return f"({a}) // ({b})"

    def whole(self, text: str) -> str:
        """A cast."""
        return f"CAST({text} AS BIGINT)"

    def household_key(self, person: str) -> str:
        """It stands in the lake."""
        return f"{person}.hh"

    def age_of(self, person: str, on: str) -> str:
        """The difference of two days written as YYYYMMDD has the years before its last four digits.

        Division cuts towards nought, and a birth after the day would be of the same age as one
        within a year before it: ten thousand years are added to both sides.
        """
        day = f"CAST(replace({on}, '-', '') AS BIGINT)"
        return f"(({day} - {person}.born + 100000000) // 10000 - 10000)"

    def ends_month(self, day: str) -> str:
        """The day after it is a first one."""
        return f"(day(CAST({day} AS DATE) + 1) = 1)"

    def days_between(self, start: str, end: str) -> str:
        """A difference of dates."""
        return f"CAST(CAST({end} AS DATE) - CAST({start} AS DATE) AS BIGINT)"
