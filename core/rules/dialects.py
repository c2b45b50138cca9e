"""How a typed expression is written for one engine so that unknown in gives unknown out.

Plain SQL loses unknowns in three places: CASE takes its ELSE when a condition is NULL, MIN and MAX
of several values may skip NULLs, and an integer that grows past 64 bits may turn into a float. A
dialect closes all three; it must never change what an expression means.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from yimen.core.rules.expressions import (
    ARITHMETIC,
    COMPARISONS,
    PROGRAMME_CALLS,
    Aggregate,
    arguments,
    column_name,
    function_name,
)

Names = Callable[[str], str]
Programmes = Callable[[str, str], str]


def literal(value: object) -> str:
    """A constant of a declaration as SQL text."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"


class SqliteDialect:
    """SQLite: booleans are 1, 0 and NULL; dates are ISO text; integers overflow into floats."""

    name = "sqlite"

    def quote(self, name: str) -> str:
        """A column of ours, such as f:civil.wage_year, as an identifier.

        Brackets, since SQLite takes an unknown name in double quotes for a text, silently.
        """
        return f"[{name}]"

    def lower(self, node: exp.Expr, names: Names, programmes: Programmes) -> str:
        """The SQL text of an expression, with every name replaced by its column or parameter."""
        return _Lowering(self, names, programmes).of(node)

    def integer(self, sql: str) -> str:
        """A computed amount, unknown where it left 64 bits, which SQLite shows as a real."""
        return f"CASE WHEN typeof({sql}) = 'integer' THEN {sql} END"

    def inside(self, sql: str) -> str:
        """A computed value of any type, unknown where it left 64 bits."""
        return f"CASE WHEN typeof({sql}) <> 'real' THEN {sql} END"

    def compare(self, left: str, sign: str, right: str) -> str:
        """A comparison of computed amounts, unknown where one of them left 64 bits."""
        guard = f"typeof({left}) <> 'real' AND typeof({right}) <> 'real'"
        return f"CASE WHEN {guard} THEN {left} {sign} {right} END"

    def sum(self, value: str) -> str:
        """A sum over rows, unknown where it left 64 bits.

        SQLite's own SUM would end the whole statement; so the upper and the lower half of each
        integer are added apart and put together again.
        """
        upper, lower = f"SUM(({value}) >> 32)", f"SUM(({value}) & 4294967295)"
        whole = f"({upper} + ({lower} >> 32)) * 4294967296 + ({lower} & 4294967295)"
        return self.integer(f"({whole})")

    def or_zero(self, sql: str) -> str:
        """An amount, zero where it is unknown; for what is flagged, never for a result."""
        return f"COALESCE({sql}, 0)"

    def least(self, values: list[str]) -> str:
        """The smallest; NULL when one of them is."""
        return f"min({', '.join(values)})"

    def greatest(self, values: list[str]) -> str:
        """The largest; NULL when one of them is."""
        return f"max({', '.join(values)})"

    def age_years(self, born: str, on: str) -> str:
        """Whole years from a birth date to a day; 29 February counts from 1 March."""
        return (
            f"(CAST(substr({on}, 1, 4) AS INTEGER) - CAST(substr({born}, 1, 4) AS INTEGER)"
            f" - (substr({on}, 6) < substr({born}, 6)))"
        )

    def months_between(self, start: str, end: str) -> str:
        """Whole months between two days; a month may end on its last day (Civil Code §202)."""
        return (
            f"(12 * (CAST(substr({end}, 1, 4) AS INTEGER) - CAST(substr({start}, 1, 4) AS INTEGER))"
            f" + CAST(substr({end}, 6, 2) AS INTEGER) - CAST(substr({start}, 6, 2) AS INTEGER)"
            f" - (substr({end}, 9) < substr({start}, 9)"
            f" AND strftime('%d', {end}, '+1 day') <> '01'))"
        )

    def year(self, day: str) -> str:
        """The year of a date."""
        return f"CAST(substr({day}, 1, 4) AS INTEGER)"

    def month(self, day: str) -> str:
        """The month of a date, 1 to 12."""
        return f"CAST(substr({day}, 6, 2) AS INTEGER)"

    def days_between(self, start: str, end: str) -> str:
        """Days from one day to another, negative when it lies before."""
        return f"CAST(julianday({end}) - julianday({start}) AS INTEGER)"

    def div_floor(self, a: str, b: str) -> str:
        """Division rounded down; NULL by zero."""
        return f"(({a}) / ({b}) - (({a}) % ({b}) <> 0 AND (({a}) < 0) <> (({b}) < 0)))"

    def div_ceil(self, a: str, b: str) -> str:
        """Division rounded up; NULL by zero."""
        return f"(({a}) / ({b}) + (({a}) % ({b}) <> 0 AND (({a}) < 0) = (({b}) < 0)))"

    def aggregate(self, aggregate: Aggregate, value: str, where: str | None) -> str:
        """One aggregate over a person's rows, before the absence rule.

        A row whose condition or value is unknown makes the aggregate unknown, except where an
        ANY is already true or an ALL already false.
        """
        w = f"({where})" if where else "1"
        if aggregate.value is not None and computed(aggregate.value):
            value = self.inside(value)
        if aggregate.kind == "ANY":
            return self.any_true(f"(({value}) AND {w})" if where else f"({value})", "COUNT(*)")
        if aggregate.kind == "ALL":
            return self.all_true(f"(({value}) OR NOT {w})" if where else f"({value})", "COUNT(*)")
        known = f"SUM({w} IS NULL) = 0"
        if aggregate.kind == "COUNT":
            return f"CASE WHEN {known} THEN SUM({w}) END"
        taken = f"CASE WHEN {w} THEN {value} END" if where else f"({value})"
        complete = f"{known} AND COUNT({taken}) = SUM({w})"
        if aggregate.kind == "ONLY":
            return f"CASE WHEN {complete} AND MIN({taken}) = MAX({taken}) THEN MIN({taken}) END"
        found = self.sum(taken) if aggregate.kind == "SUM" else f"{aggregate.kind}({taken})"
        return f"CASE WHEN {complete} THEN {found} END"

    def any_true(self, condition: str, rows: str, over: str = "") -> str:
        """True if one row is, else unknown if one row is, else false; `over` names a window."""
        most, known = f"MAX({condition}){over}", f"COUNT({condition}){over}"
        return f"CASE WHEN {most} = 1 THEN 1 WHEN {known} = {rows}{over} THEN 0 END"

    def all_true(self, condition: str, rows: str) -> str:
        """False if one row is, else unknown if one row is, else true."""
        return f"CASE WHEN MIN({condition}) = 0 THEN 0 WHEN COUNT({condition}) = {rows} THEN 1 END"

    def none_matched(self, where: str | None) -> str:
        """Whether a person's rows hold none that satisfies the condition."""
        return f"SUM(({where}) IS NOT 0) = 0" if where else "0"


def computed(node: exp.Expr) -> bool:
    """Whether a value is computed, so that it may have left 64 bits."""
    return node.find(*ARITHMETIC, exp.Anonymous) is not None


class _Lowering:
    def __init__(self, dialect: SqliteDialect, names: Names, programmes: Programmes) -> None:
        self.dialect = dialect
        self.names = names
        self.programmes = programmes

    def of(self, node: exp.Expr) -> str:
        if isinstance(node, exp.Paren):
            return f"({self.of(node.this)})"
        if isinstance(node, exp.Boolean):
            return literal(bool(node.this))
        if isinstance(node, exp.Literal):
            return literal(str(node.this)) if node.is_string else str(int(node.this))
        if isinstance(node, exp.Column):
            name = column_name(node)
            return ":as_of" if name == "AS_OF" else self.names(name)
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
        a, b = self.of(left), self.of(right)
        if computed(left) or computed(right):
            return f"({self.dialect.compare(a, sign, b)})"
        return f"({a} {sign} {b})"

    def _inside(self, node: exp.Expr) -> str:
        return self.dialect.inside(self.of(node)) if computed(node) else self.of(node)

    def _case(self, node: exp.Case) -> str:
        parts = []
        for branch in node.args["ifs"]:
            condition = self.of(branch.this)
            parts.append(f"WHEN {condition} IS NULL THEN NULL")
            parts.append(f"WHEN {condition} THEN {self.of(branch.args['true'])}")
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
        forms: dict[str, Callable[..., str]] = {
            "AGE_YEARS": self.dialect.age_years,
            "MONTHS_BETWEEN": self.dialect.months_between,
            "DAYS_BETWEEN": self.dialect.days_between,
            "YEAR": self.dialect.year,
            "MONTH": self.dialect.month,
            "DIV_FLOOR": self.dialect.div_floor,
            "DIV_CEIL": self.dialect.div_ceil,
        }
        return forms[name or ""](*values)


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
