"""How a typed expression is written for one engine so that unknown in gives unknown out.

Plain SQL loses unknowns in three places: CASE takes its ELSE when a condition is NULL, MIN and MAX
of several values may skip NULLs, and an integer that grows past 64 bits turns into a float or an
error. A dialect closes all three; it must never change what an expression means.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from sqlglot import exp

from yimen.core.rules.dialects.lowering import Lowering, Names, Programmes, may_leave
from yimen.core.rules.expressions import Aggregate
from yimen.core.rules.statement import DialectName
from yimen.core.rules.thresholds import Threshold

_LETTERS = ("'p'", "'f'", "'?'")


class Dialect(ABC):
    """One engine's SQL; what is the same in all of them is here."""

    name: ClassVar[DialectName]
    # Between two tables whose order is ours, not the planner's.
    ordered_join: ClassVar[str] = "JOIN"
    # Whether the engine reads registers as a whole, and not person by person.
    whole_registers: ClassVar[bool] = False

    def __init__(self) -> None:
        # The last starts that lowered expressions compare with, by name.
        self.thresholds: dict[str, Threshold] = {}
        self._parameters: dict[str, str] = {}

    def parameter(self, name: str) -> str:
        """A value that is given when the statement runs."""
        text = self.placeholder(name)
        self._parameters[text] = name
        return text

    def parameter_name(self, text: str) -> str | None:
        """The name of the parameter that a text is, or None."""
        return self._parameters.get(text)

    def lower(self, node: exp.Expr, names: Names, programmes: Programmes) -> str:
        """The SQL text of an expression, with every name replaced by its column or parameter."""
        return Lowering(self, names, programmes).of(node)

    # -- names and constants ----------------------------------------------------------------

    @abstractmethod
    def quote(self, name: str) -> str:
        """A column of ours, such as f:civil.wage_year, as an identifier."""

    @abstractmethod
    def placeholder(self, name: str) -> str:
        """How a parameter is written."""

    @abstractmethod
    def literal(self, value: object) -> str:
        """A constant of a declaration as SQL text."""

    def word(self, answer: str) -> str:
        """One of the words of a result: eligible, ineligible, unknown, yes, no."""
        return self.literal(answer)

    def packed(self, results: Sequence[str]) -> list[str]:
        """Results of criteria as fewer columns; none where each is handed on by itself."""
        return []

    def letters(self, results: Sequence[str], packed: Sequence[str] = ()) -> str:
        """Results of criteria as a text of a letter each: p(ass), f(ail), ? unknown.

        They are read from the columns that hold them `packed`, if there are any.
        """
        return " || ".join(f"({self.by_truth(c, *_LETTERS)})" for c in results)

    @abstractmethod
    def recorded(self, column: str, kind: str) -> str:
        """A value of the table `recorded` as its fact's type."""

    # -- truth ------------------------------------------------------------------------------

    @abstractmethod
    def maybe(self, condition: str) -> str:
        """True unless the condition is known to be false."""

    @abstractmethod
    def count_true(self, condition: str) -> str:
        """How many rows are known to satisfy a condition; NULL where none is known either way."""

    def any_true(self, condition: str) -> str:
        """True if one row is, else unknown if one row is, else false."""
        yes, no = self.literal(True), self.literal(False)
        known = f"COUNT({condition}) = COUNT(*)"
        return f"CASE WHEN MAX({condition}) THEN {yes} WHEN {known} THEN {no} END"

    def all_true(self, condition: str) -> str:
        """False if one row is, else unknown if one row is, else true."""
        yes, no = self.literal(True), self.literal(False)
        known = f"COUNT({condition}) = COUNT(*)"
        return f"CASE WHEN NOT MIN({condition}) THEN {no} WHEN {known} THEN {yes} END"

    def known_count(self, condition: str) -> str:
        """How many rows satisfy a condition; unknown as soon as one row is."""
        return f"CASE WHEN COUNT({condition}) = COUNT(*) THEN {self.count_true(condition)} END"

    def known_sum(self, value: str) -> str:
        """A sum over rows, unknown as soon as one row is, and where it left 64 bits."""
        return f"CASE WHEN COUNT({value}) = COUNT(*) THEN {self.sum(value)} END"

    def known_sum_where(self, condition: str, value: str) -> str:
        """A sum over the rows that satisfy a condition, unknown also where one row's is."""
        none = self.literal(0)
        return self.known_sum(
            f"CASE WHEN {condition} THEN {value} WHEN NOT {condition} THEN {none} END"
        )

    def by_truth(self, condition: str, yes: str, no: str, unknown: str) -> str:
        """One of three values, by what is known of a condition."""
        return f"CASE WHEN {condition} THEN {yes} WHEN NOT {condition} THEN {no} ELSE {unknown} END"

    def case(self, condition: str, then: str) -> str:
        """A branch of a CASE, which ends unknown where its condition is."""
        return f"WHEN {condition} IS NULL THEN NULL WHEN {condition} THEN {then}"

    # -- numbers ----------------------------------------------------------------------------

    def amount(self, node: exp.Expr, sql: str) -> str:
        """The amount that an expression is; what is not computed cannot have left 64 bits."""
        return self.integer(sql) if may_leave(node) else self.plain(sql)

    @abstractmethod
    def integer(self, sql: str) -> str:
        """A computed amount, unknown where it left 64 bits."""

    def plain(self, sql: str) -> str:
        """An amount that nothing was computed for."""
        return sql

    def aggregated(self, sql: str) -> str:
        """An amount that an aggregate gave; what left 64 bits is unknown already."""
        return sql

    @abstractmethod
    def inside(self, sql: str) -> str:
        """A computed value of any type, unknown where it left 64 bits."""

    @abstractmethod
    def number(self, sql: str) -> str:
        """A truth value as 1 or 0, a number as it is; for what members add up to."""

    @abstractmethod
    def sum(self, value: str) -> str:
        """A sum over rows, unknown where it left 64 bits."""

    def or_zero(self, sql: str) -> str:
        """An amount, zero where it is unknown; for what is flagged, never for a result."""
        return f"COALESCE({sql}, {self.literal(0)})"

    @abstractmethod
    def least(self, values: list[str]) -> str:
        """The smallest; NULL when one of them is."""

    @abstractmethod
    def greatest(self, values: list[str]) -> str:
        """The largest; NULL when one of them is."""

    @abstractmethod
    def quotient(self, a: str, b: str) -> str:
        """Division cut off towards zero; NULL by zero."""

    def div_floor(self, a: str, b: str, *, positive: bool = False) -> str:
        """Division rounded down, NULL by zero; the divisor may be known to be `positive`."""
        off = f"({a}) % ({b}) <> 0 AND (({a}) < 0) <> (({b}) < 0)"
        if positive:
            off = f"({a}) % ({b}) < 0"
        return f"({self.quotient(a, b)} - {self.number(f'({off})')})"

    def div_ceil(self, a: str, b: str, *, positive: bool = False) -> str:
        """Division rounded up, NULL by zero; the divisor may be known to be `positive`."""
        off = f"({a}) % ({b}) <> 0 AND (({a}) < 0) = (({b}) < 0)"
        if positive:
            off = f"({a}) % ({b}) > 0"
        return f"({self.quotient(a, b)} + {self.number(f'({off})')})"

    # -- dates, which are ISO text in every engine --------------------------------------------

    @abstractmethod
    def whole(self, text: str) -> str:
        """The digits of a text as a number."""

    def age_years(self, born: str, on: str) -> str:
        """Whole years from a birth date to a day; 29 February counts from 1 March."""
        younger = self.number(f"(substr({on}, 6) < substr({born}, 6))")
        return f"({self.year(on)} - {self.year(born)} - {younger})"

    def household_key(self, person: str) -> str:
        """A person's household, as a number: they are joined faster than texts."""
        return self.whole(f"substr({person}.household_no, 2)")

    def age_of(self, person: str, on: str) -> str:
        """A person's age on a day, in whole years."""
        return self.age_years(f"{person}.birth_date", on)

    def months_between(self, start: str, end: str) -> str:
        """Whole months between two days; a month may end on its last day (Civil Code §202)."""
        short = self.number(
            f"(substr({end}, 9) < substr({start}, 9) AND NOT {self.ends_month(end)})"
        )
        return (
            f"(12 * ({self.year(end)} - {self.year(start)})"
            f" + {self.month(end)} - {self.month(start)} - {short})"
        )

    def year(self, day: str) -> str:
        """The year of a date."""
        return self.whole(f"substr({day}, 1, 4)")

    def month(self, day: str) -> str:
        """The month of a date, 1 to 12."""
        return self.whole(f"substr({day}, 6, 2)")

    @abstractmethod
    def ends_month(self, day: str) -> str:
        """Whether a day is the last one of its month."""

    @abstractmethod
    def days_between(self, start: str, end: str) -> str:
        """Days from one day to another, negative when it lies before."""

    # -- rows of a register -----------------------------------------------------------------

    def aggregate(self, aggregate: Aggregate, value: str, where: str | None, absent: object) -> str:
        """One aggregate over a person's rows, `absent` where there are rows and none is taken.

        A row whose condition or value is unknown makes the aggregate unknown, except where an
        ANY is already true or an ALL already false.
        """
        if aggregate.value is not None and may_leave(aggregate.value):
            value = self.inside(value)
        kind, w = aggregate.kind, f"({where})"
        if kind == "ANY":
            return self.any_true(f"(({value}) AND {w})" if where else f"({value})")
        if kind == "ALL":
            return self.all_true(f"(({value}) OR NOT {w})" if where else f"({value})")
        if kind == "COUNT":
            return self.known_count(w) if where else "COUNT(*)"
        if kind == "SUM" and (absent == 0 or not where):
            return self.known_sum_where(w, value) if where else self.known_sum(value)
        if not where:
            return self._total(kind, f"({value})", f"COUNT({value}) = COUNT(*)")
        taken = f"CASE WHEN {w} THEN {value} END"
        complete = f"COUNT({taken}) + COUNT(CASE WHEN NOT {w} THEN 1 END) = COUNT(*)"
        found = self._total(kind, taken, complete)
        if absent is None:
            return found
        empty = f"{complete} AND COUNT({taken}) = 0"
        return f"CASE WHEN {empty} THEN {self.literal(absent)} ELSE {found} END"

    def _total(self, kind: str, each: str, complete: str) -> str:
        if kind == "ONLY":
            return f"CASE WHEN {complete} AND MIN({each}) = MAX({each}) THEN MIN({each}) END"
        found = self.sum(each) if kind == "SUM" else f"{kind}({each})"
        return f"CASE WHEN {complete} THEN {found} END"
