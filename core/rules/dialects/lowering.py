"""Writes a typed expression in a dialect's SQL, node by node.

Whether a value may have left 64 bits is known from its node, so that only what may is guarded.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from sqlglot import exp

from yimen.core.rules.expressions import (
    ARITHMETIC,
    COMPARISONS,
    PROGRAMME_CALLS,
    arguments,
    column_name,
    function_name,
)
from yimen.core.rules.thresholds import SPANS, SpanName, as_date_comparison, threshold

if TYPE_CHECKING:
    from yimen.core.rules.dialects import Dialect

Names = Callable[[str], str]
Programmes = Callable[[str, str], str]


def computed(node: exp.Expr) -> bool:
    """Whether a value is computed, so that it may have left 64 bits."""
    return node.find(*ARITHMETIC, exp.Anonymous) is not None


def may_leave(node: exp.Expr) -> bool:
    """Whether a value may have left 64 bits: the largest of several is one of those that did not,
    and nothing grows when it is divided by what is above zero.
    """
    plain = node.unnest()
    name = function_name(plain)
    if name in ("MIN", "MAX"):
        return False
    if name in ("DIV_FLOOR", "DIV_CEIL"):
        over, under = arguments(plain)
        return computed(over) or not _is_positive(under)
    return computed(node)


class Lowering:
    """One expression in a dialect's words; `names` and `programmes` are its columns."""

    def __init__(self, dialect: Dialect, names: Names, programmes: Programmes) -> None:
        self.dialect = dialect
        self.names = names
        self.programmes = programmes

    def of(self, node: exp.Expr) -> str:
        """The SQL text of a node and all below it."""
        if isinstance(node, exp.Paren):
            return f"({self.of(node.this)})"
        if isinstance(node, exp.Boolean):
            return self.dialect.literal(bool(node.this))
        if isinstance(node, exp.Literal):
            value = str(node.this) if node.is_string else int(node.this)
            return self.dialect.literal(value)
        if isinstance(node, exp.Column):
            name = column_name(node)
            return self.dialect.parameter("as_of") if name == "AS_OF" else self.names(name)
        if isinstance(node, (exp.And, exp.Or)):
            word = " AND " if isinstance(node, exp.And) else " OR "
            return f"({word.join(map(self.of, node.flatten(unnest=False)))})"
        if isinstance(node, exp.Not):
            return f"(NOT {self.of(node.this)})"
        if isinstance(node, COMPARISONS):
            return self._compare(node.this, _SIGNS[type(node)], node.expression)
        if isinstance(node, exp.Between):
            low = self._compare(node.this, ">=", node.args["low"])
            return f"({low} AND {self._compare(node.this, '<=', node.args['high'])})"
        if isinstance(node, exp.In):
            codes = ", ".join(map(self.of, node.expressions))
            return f"({self._inside(node.this)} IN ({codes}))"
        if isinstance(node, exp.Neg):
            return f"(-{self.of(node.this)})"
        if isinstance(node, ARITHMETIC):
            return f"({self.of(node.this)} {_SIGNS[type(node)]} {self.of(node.expression)})"
        if isinstance(node, exp.Case):
            return self._case(node)
        return self._call(node)

    def _compare(self, left: exp.Expr, sign: str, right: exp.Expr) -> str:
        if span := self._span(left, sign, right):
            return span
        # Each side by itself: DuckDB would plan `TRY(a + 1 > 0)` as `a > -1`.
        return f"({self._inside(left)} {sign} {self._inside(right)})"

    def _span(self, left: exp.Expr, sign: str, right: exp.Expr) -> str | None:
        """A span up to a fixed day, compared with a number, as a comparison of its start."""
        name, given = function_name(left), arguments(left)
        if name not in SPANS or not isinstance(right, exp.Literal) or right.is_string:
            return None
        until = self.dialect.parameter_name(self.of(given[1]))
        asked = as_date_comparison(sign, int(right.this))
        if until is None or asked is None or computed(given[0]):
            return None
        last = threshold(cast(SpanName, name), until, asked[1])
        self.dialect.thresholds[last.name] = last
        return f"({self.of(given[0])} {asked[0]} {self.dialect.parameter(last.name)})"

    def _inside(self, node: exp.Expr) -> str:
        return self.dialect.inside(self.of(node)) if may_leave(node) else self.of(node)

    def _case(self, node: exp.Case) -> str:
        parts = []
        for branch in node.args["ifs"]:
            parts.append(self.dialect.case(self.of(branch.this), self.of(branch.args["true"])))
        return f"(CASE {' '.join(parts)} ELSE {self.of(node.args['default'])} END)"

    def _call(self, node: exp.Expr) -> str:
        name, given = function_name(node), arguments(node)
        if name == "ENTITLED":
            held, met = (self.programmes(n, str(given[0].this)) for n in PROGRAMME_CALLS[:2])
            return f"({held} OR {met})"
        if name in PROGRAMME_CALLS:
            return self.programmes(name, str(given[0].this))
        if name in ("MIN", "MAX"):
            several = self.dialect.least if name == "MIN" else self.dialect.greatest
            return several([self._inside(item) for item in given])
        values = [self.of(item) for item in given]
        if name in ("DIV_FLOOR", "DIV_CEIL"):
            divide = self.dialect.div_floor if name == "DIV_FLOOR" else self.dialect.div_ceil
            return divide(*values, positive=_is_positive(given[1]))
        forms: dict[str, Callable[..., str]] = {
            "AGE_YEARS": self.dialect.age_years,
            "MONTHS_BETWEEN": self.dialect.months_between,
            "DAYS_BETWEEN": self.dialect.days_between,
            "YEAR": self.dialect.year,
            "MONTH": self.dialect.month,
        }
        return forms[name or ""](*values)


def _is_positive(node: exp.Expr) -> bool:
    """Whether a divisor is a number above zero, or the larger of such a one and another."""
    plain = node.unnest()
    if function_name(plain) == "MAX":
        return any(map(_is_positive, arguments(plain)))
    return isinstance(plain, exp.Literal) and not plain.is_string and int(plain.this) > 0


_SIGNS: dict[type[exp.Expr], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.Add: "+",
    exp.Sub: "-",
    exp.Mul: "*",
}
