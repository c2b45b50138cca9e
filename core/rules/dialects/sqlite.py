"""SQLite's SQL: booleans are 1, 0 and NULL, and an integer past 64 bits turns into a real."""

from __future__ import annotations

from typing import ClassVar

from yimen.core.rules.dialects import Dialect
from yimen.core.rules.statement import DialectName

# Larger than any sum of whole numbers, and nothing added to it makes it smaller.
_INFINITY = "9e999"


class SqliteDialect(Dialect):
    """The counter's dialect."""

    name: ClassVar[DialectName] = "sqlite"
    # CROSS JOIN fixes the order of the tables, so that planning a join costs nothing.
    ordered_join: ClassVar[str] = "CROSS JOIN"

    def quote(self, name: str) -> str:
        """In brackets, since SQLite takes an unknown name in double quotes for a text, silently."""
        return f"[{name}]"

    def placeholder(self, name: str) -> str:
        """A named parameter."""
        return f":{name}"

    def literal(self, value: object) -> str:
        """Truth as 1 and 0."""
        if value is None:
            return "NULL"
        if isinstance(value, (bool, int)):
            return str(int(value))
        return "'" + str(value).replace("'", "''") + "'"

    def recorded(self, column: str, kind: str) -> str:
        """As it was stored."""
        return column

    def maybe(self, condition: str) -> str:
        """IS NOT 0."""
        return f"{condition} IS NOT 0"

    def count_true(self, condition: str) -> str:
        """Truth is a number here."""
        return f"SUM({condition})"

    def by_truth(self, condition: str, yes: str, no: str, unknown: str) -> str:
        """The condition is computed once."""
        return f"CASE {condition} WHEN 1 THEN {yes} WHEN 0 THEN {no} ELSE {unknown} END"

    def case(self, condition: str, then: str) -> str:
        """In a condition, AND ends where one part fails; whether it is known is asked after."""
        return f"WHEN {condition} THEN {then} WHEN {condition} IS NULL THEN NULL"

    def integer(self, sql: str) -> str:
        """What left 64 bits has become a real."""
        return f"CASE WHEN typeof({sql}) = 'integer' THEN {sql} END"

    def inside(self, sql: str) -> str:
        """What left 64 bits has become a real."""
        return f"CASE WHEN typeof({sql}) <> 'real' THEN {sql} END"

    def number(self, sql: str) -> str:
        """Truth is a number here."""
        return sql

    def any_true(self, condition: str) -> str:
        """By one aggregate, since each computes its condition again: 2 is true, 1 is unknown."""
        most = f"MAX(IFNULL(2 * {condition}, 1))"
        return f"CASE {most} WHEN 2 THEN 1 WHEN 0 THEN 0 END"

    def all_true(self, condition: str) -> str:
        """By one aggregate: 0 is false, 1 is unknown."""
        least = f"MIN(IFNULL(2 * {condition}, 1))"
        return f"CASE {least} WHEN 0 THEN 0 WHEN 2 THEN 1 END"

    def known_count(self, condition: str) -> str:
        """Asked for what it mostly is."""
        one = f"CASE WHEN {condition} THEN 1 WHEN {condition} IS FALSE THEN 0 END"
        return self.known_sum(one)

    def known_sum(self, value: str) -> str:
        """By one aggregate: an unknown value is added as infinity, which stays in the sum."""
        return self.sum(f"IFNULL({value}, {_INFINITY})")

    def known_sum_where(self, condition: str, value: str) -> str:
        """In a filter, AND ends where one part fails, and the row is not added at all."""
        each = f"CASE WHEN {condition} THEN IFNULL({value}, {_INFINITY}) ELSE {_INFINITY} END"
        return _finite(f"IFNULL(SUM({each}) FILTER (WHERE {condition} IS NOT FALSE), 0)")

    def sum(self, value: str) -> str:
        """SQLite's own; where it leaves 64 bits, the layer is filled again with care."""
        return _finite(f"SUM({value})")

    def least(self, values: list[str]) -> str:
        """NULL when one of them is, as min() of several has it."""
        return f"min({', '.join(values)})"

    def greatest(self, values: list[str]) -> str:
        """NULL when one of them is, as max() of several has it."""
        return f"max({', '.join(values)})"

    def quotient(self, a: str, b: str) -> str:
        """Whole numbers divide so."""
        return f"({a}) / ({b})"

    def whole(self, text: str) -> str:
        """A cast."""
        return f"CAST({text} AS INTEGER)"

    def ends_month(self, day: str) -> str:
        """The day after it is a first one."""
        return f"strftime('%d', {day}, '+1 day') = '01'"

    def days_between(self, start: str, end: str) -> str:
        """By Julian days."""
        return f"CAST(julianday({end}) - julianday({start}) AS INTEGER)"


def _finite(total: str) -> str:
    return f"CASE WHEN {total} < {_INFINITY} THEN {total} END"
