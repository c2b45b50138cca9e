"""Lowered expressions against a small three-valued oracle of our own, on each engine for real.

The oracle knows no SQL: None is unknown, AND, OR and NOT are Kleene's, and a whole number that does
not fit 64 bits is unknown.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_left
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from math import ceil, floor
from typing import Any

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from yimen.core.declarations import Basis, Fact, RulePack, Source, SourceColumn, Texts
from yimen.core.errors import BadDeclaration
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.compiler import Compiler
from yimen.core.rules.dialects import Dialect
from yimen.core.rules.dialects.duckdb import DuckdbDialect
from yimen.core.rules.dialects.sqlite import SqliteDialect
from yimen.core.rules.expressions import Name, Scope, parse, type_of
from yimen.core.rules.thresholds import last_start, threshold
from yimen.core.store.lake import TYPES as DUCKDB_TYPES
from yimen.core.store.statements import execute_exactly

AS_OF = "2026-11-20"
LARGEST, SMALLEST = 2**63 - 1, -(2**63)
TYPES = {
    "b1": "boolean", "b2": "boolean", "i1": "integer", "i2": "integer", "i3": "integer",
    "m1": "money", "m2": "money", "d1": "date", "d2": "date", "k1": "code", "k2": "code",
}  # fmt: skip
NAMES = {name: Name(kind) for name, kind in TYPES.items()}
CODES = ("A", "B", "NONE")
DAYS = (
    "1900-01-01", "1960-02-29", "1999-12-31", "2000-02-29", "2008-11-20", "2008-11-21",
    "2025-02-28", "2025-03-01", "2026-01-30", "2026-01-31", "2026-04-30", "2026-10-20",
    "2026-10-21", AS_OF, "2026-12-31",
)  # fmt: skip

Value = bool | int | str | None
Row = dict[str, Value]
Meaning = Callable[[Row], Value]


@dataclass(frozen=True)
class Tree:
    """An expression as a department writes it, and what it means."""

    text: str
    means: Meaning


# -- the oracle -----------------------------------------------------------------------------------


def kept(number: int) -> int | None:
    """A whole number, unknown outside 64 bits."""
    return number if SMALLEST <= number <= LARGEST else None


def both(a: Value, b: Value) -> Value:
    if a is False or b is False:
        return False
    return None if a is None or b is None else True


def either(a: Value, b: Value) -> Value:
    if a is True or b is True:
        return True
    return None if a is None or b is None else False


def negated(a: Value) -> Value:
    return None if a is None else not a


def known(rule: Callable[..., Value]) -> Callable[..., Value]:
    """A rule over known values, unknown as soon as one of them is."""
    return lambda *values: None if None in values else rule(*values)


def age_years(born: str, on: str) -> int:
    """The largest n whose nth birthday is not after the day; 29 February counts from 1 March."""
    place, day = born[4:], on[4:]
    n = int(on[:4]) - int(born[:4])
    return n if (int(born[:4]) + n, place) <= (int(on[:4]), day) else n - 1


def months_between(start: str, end: str) -> int:
    """The largest n for which n months later, at most a month's last day, is not after the end."""
    last = 12 * int(end[:4]) + int(end[5:7])
    n = last - (12 * int(start[:4]) + int(start[5:7]))
    due = min(int(start[8:]), monthrange(int(end[:4]), int(end[5:7]))[1])
    return n if due <= int(end[8:]) else n - 1


def days_between(start: str, end: str) -> int:
    return date.fromisoformat(end).toordinal() - date.fromisoformat(start).toordinal()


def divided(rounding: Callable[[Fraction], int], a: int, b: int) -> int | None:
    return None if b == 0 else kept(rounding(Fraction(a, b)))


COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
CALCULATIONS: dict[str, Callable[[int, int], int]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
}


# -- random expressions ---------------------------------------------------------------------------


def name(kind: str) -> st.SearchStrategy[Tree]:
    names = sorted(n for n, t in TYPES.items() if t == kind)
    return st.sampled_from(names).map(lambda n: Tree(n, lambda row: row[n]))


def constant(value: Value, text: str) -> Tree:
    return Tree(text, lambda row: value)


numbers = st.one_of(st.integers(0, 12), st.sampled_from([100, 1200, 1_000_000, LARGEST])).map(
    lambda n: constant(n, str(n))
)
days = st.sampled_from(DAYS).map(lambda d: constant(d, f"'{d}'"))
codes = st.sampled_from(CODES).map(lambda c: constant(c, f"'{c}'"))
today = st.just(constant(AS_OF, "AS_OF"))
truths = st.sampled_from([constant(True, "TRUE"), constant(False, "FALSE")])


def compared(a: Tree, sign: str, b: Tree) -> Tree:
    rule = known(COMPARISONS[sign])
    return Tree(f"({a.text} {sign} {b.text})", lambda row: rule(a.means(row), b.means(row)))


def calculated(a: Tree, sign: str, b: Tree) -> Tree:
    rule = known(lambda x, y: kept(CALCULATIONS[sign](x, y)))
    return Tree(f"({a.text} {sign} {b.text})", lambda row: rule(a.means(row), b.means(row)))


def between(a: Tree, low: Tree, high: Tree) -> Tree:
    at_least, at_most = known(COMPARISONS[">="]), known(COMPARISONS["<="])
    return Tree(
        f"({a.text} BETWEEN {low.text} AND {high.text})",
        lambda row: both(
            at_least(a.means(row), low.means(row)), at_most(a.means(row), high.means(row))
        ),
    )


def listed(a: Tree, items: list[Tree], *, negative: bool) -> Tree:
    word = "NOT IN" if negative else "IN"
    texts = ", ".join(item.text for item in items)

    def means(row: Row) -> Value:
        value = a.means(row)
        if value is None:
            return None
        return (value in [item.means(row) for item in items]) != negative

    return Tree(f"({a.text} {word} ({texts}))", means)


def chosen(branches: list[tuple[Tree, Tree]], default: Tree) -> Tree:
    words = " ".join(f"WHEN {c.text} THEN {v.text}" for c, v in branches)

    def means(row: Row) -> Value:
        for condition, value in branches:
            if (met := condition.means(row)) is None:
                return None
            if met:
                return value.means(row)
        return default.means(row)

    return Tree(f"CASE {words} ELSE {default.text} END", means)


def called(function: str, rule: Callable[..., Value], *parts: Tree) -> Tree:
    text = f"{function}({', '.join(p.text for p in parts)})"
    return Tree(text, lambda row: known(rule)(*[p.means(row) for p in parts]))


@cache
def of(kind: str, depth: int) -> st.SearchStrategy[Tree]:
    """Expressions of a type, at most so many forms deep."""
    if kind == "boolean":
        return booleans(depth)
    if kind == "date":
        plain = st.one_of(name("date"), today, days)
        return plain if depth == 0 else st.one_of(plain, several("date", depth))
    if kind == "code":
        return name("code") if depth == 0 else st.one_of(name("code"), conditional("code", depth))
    return amounts(kind, depth)


@cache
def several(kind: str, depth: int) -> st.SearchStrategy[Tree]:
    parts = st.lists(of(kind, depth - 1), min_size=2, max_size=3)
    return st.one_of(
        parts.map(lambda p: called("MIN", lambda *v: min(v), *p)),
        parts.map(lambda p: called("MAX", lambda *v: max(v), *p)),
        conditional(kind, depth),
    )


@cache
def conditional(kind: str, depth: int) -> st.SearchStrategy[Tree]:
    branch = st.tuples(booleans(depth - 1), of(kind, depth - 1))
    return st.builds(chosen, st.lists(branch, min_size=1, max_size=2), of(kind, depth - 1))


@cache
def amounts(kind: str, depth: int) -> st.SearchStrategy[Tree]:
    if depth == 0:
        return name(kind)
    less, count = depth - 1, amounts("integer", depth - 1)
    forms = [
        name(kind),
        st.builds(calculated, of(kind, less), st.sampled_from("+-"), of(kind, less)),
        st.builds(calculated, of(kind, less), st.sampled_from("+-"), numbers),
        st.builds(calculated, of(kind, less), st.just("*"), st.one_of(numbers, count)),
        of(kind, less).map(
            lambda t: Tree(f"(-{t.text})", lambda row: known(lambda x: kept(-x))(t.means(row)))
        ),
        several(kind, depth),
        st.builds(
            lambda a, b: called("DIV_FLOOR", lambda x, y: divided(floor, x, y), a, b),
            of(kind, less), st.one_of(numbers, count),
        ),
        st.builds(
            lambda a, b: called("DIV_CEIL", lambda x, y: divided(ceil, x, y), a, b),
            of(kind, less), st.one_of(numbers, count),
        ),
    ]  # fmt: skip
    if kind == "integer":
        day = of("date", less)
        forms += [
            st.builds(lambda a, b: called("AGE_YEARS", age_years, a, b), day, day),
            st.builds(lambda a, b: called("MONTHS_BETWEEN", months_between, a, b), day, day),
            st.builds(lambda a, b: called("DAYS_BETWEEN", days_between, a, b), day, day),
            day.map(lambda d: called("YEAR", lambda text: int(text[:4]), d)),
            day.map(lambda d: called("MONTH", lambda text: int(text[5:7]), d)),
        ]
    return st.one_of(forms)


def spans(depth: int) -> st.SearchStrategy[Tree]:
    """Spans up to today, whose comparison with a number is one of dates."""
    rules = [("AGE_YEARS", age_years), ("MONTHS_BETWEEN", months_between),
             ("DAYS_BETWEEN", days_between)]  # fmt: skip
    return st.builds(
        lambda named, day: called(named[0], named[1], day, constant(AS_OF, "AS_OF")),
        st.sampled_from(rules), of("date", depth),
    )  # fmt: skip


span_numbers = st.integers(0, 130).map(lambda n: constant(n, str(n)))


@cache
def booleans(depth: int) -> st.SearchStrategy[Tree]:
    if depth == 0:
        return st.one_of(name("boolean"), truths)
    less, sign = depth - 1, st.sampled_from(sorted(COMPARISONS))
    ordered = st.sampled_from(["integer", "money", "date"])
    inner = booleans(less)
    return st.one_of(
        name("boolean"),
        inner.map(lambda t: Tree(f"(NOT {t.text})", lambda row: negated(t.means(row)))),
        st.builds(
            lambda a, b: Tree(
                f"({a.text} AND {b.text})", lambda row: both(a.means(row), b.means(row))
            ),
            inner, inner,
        ),
        st.builds(
            lambda a, b: Tree(
                f"({a.text} OR {b.text})", lambda row: either(a.means(row), b.means(row))
            ),
            inner, inner,
        ),
        ordered.flatmap(lambda k: st.builds(compared, of(k, less), sign, of(k, less))),
        st.builds(compared, of("money", less), sign, numbers),
        st.builds(compared, spans(less), sign, span_numbers),
        st.builds(compared, inner, st.sampled_from(["=", "<>"]), inner),
        st.builds(compared, of("code", less), st.sampled_from(["=", "<>"]), codes),
        ordered.flatmap(lambda k: st.builds(between, of(k, less), of(k, less), of(k, less))),
        st.builds(
            listed, of("code", less), st.lists(codes, min_size=1, max_size=3),
            negative=st.booleans(),
        ),
        st.builds(
            listed, of("integer", less), st.lists(numbers, min_size=1, max_size=3),
            negative=st.booleans(),
        ),
        conditional("boolean", depth),
    )  # fmt: skip


integers = st.one_of(
    st.integers(-40, 40),
    st.sampled_from([0, 1, -1, 2**31, 10**12, LARGEST, -LARGEST, SMALLEST, LARGEST // 3]),
)
VALUES: dict[str, st.SearchStrategy[Value]] = {
    "boolean": st.booleans(),
    "integer": integers,
    "money": integers,
    "date": st.sampled_from(DAYS),
    "code": st.sampled_from(CODES),
}
# Three values to one unknown: a tree of a dozen names would else be unknown nearly always.
rows = st.fixed_dictionaries(
    {n: st.one_of(VALUES[t], VALUES[t], VALUES[t], st.none()) for n, t in TYPES.items()}
)
typed_trees = st.sampled_from(["boolean", "integer", "money", "date", "code"]).flatmap(
    lambda kind: st.tuples(st.just(kind), of(kind, 3))
)


# -- the engines ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Engine:
    """A database in memory, and how expressions are written for it."""

    dialect: Dialect
    conn: Any

    def column(self, kind: str) -> str:
        """The type of a column that holds such values."""
        if self.dialect.name == "duckdb":
            return DUCKDB_TYPES.get(kind, "VARCHAR")
        return "TEXT" if kind in ("date", "code") else "INTEGER"

    def one(self, sql: str, values: list[Value] | None = None) -> Any:
        if self.dialect.name == "sqlite":
            return execute_exactly(self.conn, sql, values or []).fetchone()[0]
        return self.conn.execute(sql, values or []).fetchone()[0]


def sqlite_engine() -> Engine:
    return Engine(SqliteDialect(), sqlite3.connect(":memory:"))


def duckdb_engine() -> Engine:
    conn = duckdb.connect()
    conn.execute(f"SET threads = 1; SET VARIABLE as_of = '{AS_OF}'")
    return Engine(DuckdbDialect(), conn)


@pytest.fixture(scope="module", params=[sqlite_engine, duckdb_engine], ids=["sqlite", "duckdb"])
def engine(request: pytest.FixtureRequest) -> Engine:
    made: Engine = request.param()
    return made


def stored(value: Value) -> int | str | None:
    return int(value) if isinstance(value, bool) else value


def answer(kind: str, found: Any) -> Value:
    return bool(found) if kind == "boolean" and found is not None else found


def evaluated(engine: Engine, text: str, row: Row) -> Value:
    """What an engine makes of an expression over a table of one row, as the compiler takes it."""
    dialect = engine.dialect
    scope = Scope("facts.json:1", NAMES)
    tree = parse(text, scope.where)
    kind = type_of(tree, scope)
    sql = dialect.lower(tree, lambda n: f"t.{dialect.quote(n)}", lambda call, programme: "NULL")
    if kind in ("integer", "money", "number"):
        sql = dialect.integer(sql)
    columns = ", ".join(f"CAST(? AS {engine.column(TYPES[n])}) AS {dialect.quote(n)}" for n in row)
    # The longest first, since one name may begin another.
    for name, value in sorted(days_of(dialect).items(), key=lambda item: -len(item[0])):
        sql = sql.replace(dialect.placeholder(name), f"'{value}'")
    found = engine.one(
        f"SELECT {sql} FROM (SELECT {columns}) AS t", [stored(v) for v in row.values()]
    )
    return answer(kind, found)


def days_of(dialect: Dialect) -> dict[str, str | None]:
    """The parameters of an expression: today, and the last starts that it compares with."""
    last = {n: last_start(t, {"as_of": AS_OF}) for n, t in dialect.thresholds.items()}
    return {**last, "as_of": AS_OF}


def no_values() -> Row:
    return dict.fromkeys(TYPES)


@settings(max_examples=600, deadline=None)
@given(typed_trees, rows)
def test_a_lowered_expression_means_what_the_oracle_says(
    engine: Engine, typed: tuple[str, Tree], row: Row
) -> None:
    kind, tree = typed
    scope = Scope("facts.json:1", NAMES)
    assert type_of(parse(tree.text, scope.where), scope) in (kind, "text")
    assert evaluated(engine, tree.text, row) == tree.means(row), tree.text


@settings(max_examples=300, deadline=None)
@given(of("boolean", 4), st.data())
def test_learning_an_unknown_value_never_turns_a_known_answer_round(
    engine: Engine, tree: Tree, data: st.DataObject
) -> None:
    little = data.draw(rows)
    more = {
        n: v if v is not None else data.draw(st.one_of(st.none(), VALUES[TYPES[n]]))
        for n, v in little.items()
    }
    before = evaluated(engine, tree.text, little)
    if before is not None:
        assert evaluated(engine, tree.text, more) == before


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("CASE WHEN b1 THEN 1 ELSE 2 END", {}, None),
        ("CASE WHEN b1 THEN i1 ELSE 2 END", {"b1": False}, 2),
        ("MIN(i1, 5)", {}, None),
        ("MAX(d1, AS_OF)", {}, None),
        ("b1 AND b2", {"b2": False}, False),
        ("b1 OR b2", {"b2": True}, True),
        ("k1 NOT IN ('A', 'B')", {}, None),
        ("i1 BETWEEN 1 AND i2", {"i1": 0}, False),
        ("i1 BETWEEN 1 AND i2", {"i1": 1}, None),
        ("DIV_FLOOR(i1, 0)", {"i1": 5}, None),
        ("DIV_FLOOR(i1, 12)", {"i1": -1}, -1),
        ("DIV_CEIL(i1, 12)", {"i1": -1}, 0),
        ("DIV_FLOOR(i1, i2)", {"i1": 7, "i2": -2}, -4),
        ("DIV_CEIL(i1, i2)", {"i1": 7, "i2": -2}, -3),
        ("DIV_CEIL(i1, i2)", {"i1": -7, "i2": -2}, 4),
        ("DIV_FLOOR(i1, i2)", {"i1": SMALLEST, "i2": -1}, None),
        ("-i1", {"i1": SMALLEST}, None),
        ("i1 + 1", {"i1": LARGEST}, None),
        ("i1 + 1 > 0", {"i1": LARGEST}, None),
        ("i1 * i2 BETWEEN 0 AND 9", {"i1": LARGEST, "i2": 4}, None),
        ("(i1 * 4) IN (0, 1)", {"i1": LARGEST}, None),
        ("MIN(i1 * 4, 5)", {"i1": LARGEST}, None),
        ("MAX(i1 * 4, 5)", {"i1": SMALLEST}, None),
        ("AGE_YEARS(d1, d2)", {"d1": "2000-02-29", "d2": "2018-02-28"}, 17),
        ("AGE_YEARS(d1, d2)", {"d1": "2000-02-29", "d2": "2018-03-01"}, 18),
        ("AGE_YEARS(d1, AS_OF)", {"d1": "2008-11-20"}, 18),
        ("AGE_YEARS(d1, AS_OF)", {"d1": "2008-11-21"}, 17),
        ("MONTHS_BETWEEN(d1, AS_OF)", {"d1": "2025-11-20"}, 12),
        ("MONTHS_BETWEEN(d1, AS_OF)", {"d1": "2025-11-21"}, 11),
        ("MONTHS_BETWEEN(d1, d2)", {"d1": "2026-01-31", "d2": "2026-02-27"}, 0),
        ("MONTHS_BETWEEN(d1, d2)", {"d1": "2026-01-31", "d2": "2026-02-28"}, 1),
        ("MONTHS_BETWEEN(d1, d2)", {"d1": "2027-12-31", "d2": "2028-02-28"}, 1),
        ("MONTHS_BETWEEN(d1, d2)", {"d1": "2027-12-31", "d2": "2028-02-29"}, 2),
        ("MONTHS_BETWEEN(d1, d2)", {"d1": "2026-03-01", "d2": "2026-02-28"}, -1),
        ("DAYS_BETWEEN(d1, d2)", {"d1": "2028-02-28", "d2": "2028-03-01"}, 2),
        ("DAYS_BETWEEN(d1, d2)", {"d1": "2027-01-01", "d2": "2026-12-31"}, -1),
        ("DAYS_BETWEEN(d1, d2)", {"d1": "2027-01-01", "d2": None}, None),
        ("YEAR(AS_OF)", {}, 2026),
        ("MONTH(AS_OF)", {}, 11),
    ],
)  # fmt: skip
def test_unknown_in_gives_unknown_out_and_edges_fall_on_the_right_side(
    engine: Engine, text: str, values: Row, expected: Value
) -> None:
    assert evaluated(engine, text, no_values() | values) == expected


def is_accepted(text: str) -> bool:
    """Whether an expression is small enough; it must not be refused for another reason."""
    try:
        type_of(parse(text, "facts.json:1"), Scope("facts.json:1", NAMES))
    except BadDeclaration as error:
        if "too deeply" in error.what or "too large" in error.what or len(text) > 2000:
            return False
        raise
    return len(text) <= 2000


@pytest.mark.parametrize(
    "deepest",
    [
        lambda n: "NOT " * n + "b1",
        lambda n: "(" * n + "b1" + ")" * n,
        lambda n: "- " * n + "i1",
        lambda n: "(" * n + "i1" + " + i2)" * n,
        lambda n: "(i2 - " * n + "i1" + ")" * n,
        lambda n: "CASE WHEN b1 THEN i1 ELSE " * n + "i2" + " END" * n,
        lambda n: "CASE WHEN b1 THEN " * n + "i1" + " ELSE i2 END" * n,
        lambda n: "CASE WHEN " * n + "b1" + " THEN b1 ELSE b2 END" * n,
        lambda n: "(" * n + "i1 < i2" + " = b1)" * n,
        lambda n: "(" * n + "i1 + 1 < i2" + " = b1)" * n,
        lambda n: "DIV_FLOOR(" * n + "i1" + ", 2)" * n,
        lambda n: "MIN(i2, " * n + "i1" + ")" * n,
        lambda n: "(" * n + "b1" + " AND b2 OR b1)" * n,
        lambda n: "MAX(i1 * 2, " * n + "i1" + ")" * n,
        lambda n: "((" * n + "i1 + 1 BETWEEN i2 AND i1" + ") = b1)" * n,
        lambda n: " AND ".join(["b1"] * n),
        lambda n: " OR ".join(["b1 = b2"] * n),
    ],
)
def test_whatever_is_accepted_is_not_too_deep_for_the_statement_around_it(
    engine: Engine, deepest: Callable[[int], str]
) -> None:
    accepted = bisect_left(range(500), True, key=lambda n: not is_accepted(deepest(n + 1)))
    text = deepest(accepted)
    scope = Scope("facts.json:1", NAMES)
    kind = type_of(parse(text, scope.where), scope)
    dialect = engine.dialect
    no = dialect.literal(False)
    sql = dialect.lower(
        parse(text, scope.where), lambda n: f"t.{dialect.quote(n)}", lambda c, p: no
    )
    sql = dialect.integer(sql) if kind == "integer" else sql
    columns = ", ".join(
        f"CAST(1 AS {engine.column(k)}) AS {dialect.quote(n)}" for n, k in TYPES.items()
    )
    # As deep as an aggregate that stands in a CASE of a fact.
    most = f"CASE WHEN MAX({sql}) IS NOT NULL THEN 1 END"
    around = f"CASE WHEN {dialect.count_true(f'({sql}) IS NULL')} = 0 THEN 1 ELSE {most} END"
    engine.one(
        f"WITH a AS MATERIALIZED (SELECT {columns}), b AS MATERIALIZED"
        f" (SELECT CASE WHEN TRUE THEN {around} END AS x FROM a AS t) SELECT * FROM b"
    )
    # Sums over a register's rows stand in a statement of their own.
    total = dialect.known_sum(dialect.if_true(f"({sql}) IS NULL", "1", "0"))
    engine.one(f"SELECT {total} FROM (SELECT {columns}) AS t")
    assert accepted >= 3


# -- aggregates -----------------------------------------------------------------------------------

TEXTS = Texts(zh="数", en="number")
BASIS = [Basis(text="test", tag="D")]
COLUMNS = {"n": "integer", "flag": "boolean", "day": "date", "kind": "code", "taken": "boolean"}
SOURCE = Source(
    source="demo.rows", names=TEXTS, owner=TEXTS, authority="duty", max_age_days=1,
    sensitivity="record", basis=BASIS,
    columns=[
        SourceColumn(column=c, type=t, names=TEXTS)  # type: ignore[arg-type]
        for c, t in COLUMNS.items()
    ],
)  # fmt: skip
PACK = RulePack(pack="R2026", names=TEXTS, from_date="2026-07-01", counted="TRUE", basis=BASIS)


@dataclass(frozen=True)
class Total:
    """An aggregate as a department writes it: its result's type and what it means over rows."""

    text: str
    type: str
    value: Meaning
    over: Callable[[list[Value]], Value]


def whole(values: list[Value]) -> bool:
    return None not in values


TOTALS = [
    Total("SUM(n)", "integer", lambda r: r["n"],
          lambda v: kept(sum(v)) if whole(v) else None),  # type: ignore[arg-type]
    Total("SUM(2 * n)", "integer", lambda r: known(lambda x: kept(2 * x))(r["n"]),
          lambda v: kept(sum(v)) if whole(v) else None),  # type: ignore[arg-type]
    Total("MIN(n)", "integer", lambda r: r["n"], lambda v: min(v) if whole(v) else None),  # type: ignore[type-var]
    Total("MAX(2 * n)", "integer", lambda r: known(lambda x: kept(2 * x))(r["n"]),
          lambda v: max(v) if whole(v) else None),  # type: ignore[type-var]
    Total("MAX(day)", "date", lambda r: r["day"], lambda v: max(v) if whole(v) else None),  # type: ignore[type-var]
    Total("MIN(kind)", "code", lambda r: r["kind"], lambda v: min(v) if whole(v) else None),  # type: ignore[type-var]
    Total("ONLY(kind)", "code", lambda r: r["kind"],
          lambda v: v[0] if whole(v) and len(set(v)) == 1 else None),
    Total("ONLY(n)", "integer", lambda r: r["n"],
          lambda v: v[0] if whole(v) and len(set(v)) == 1 else None),
    Total("ONLY(NOT flag)", "boolean", lambda r: negated(r["flag"]),
          lambda v: v[0] if whole(v) and len(set(v)) == 1 else None),
]  # fmt: skip
WHERES: dict[str | None, Meaning] = {
    None: lambda r: True,
    "taken": lambda r: r["taken"],
    "n > 0": lambda r: known(lambda x: x > 0)(r["n"]),
    "kind = 'A' AND NOT taken": lambda r: both(
        known(lambda x: x == "A")(r["kind"]), negated(r["taken"])
    ),
}
register_rows = st.lists(
    st.fixed_dictionaries(
        {c: st.one_of(st.none(), VALUES[t]) for c, t in COLUMNS.items()}
    ).map(dict),
    min_size=1,
    max_size=5,
)  # fmt: skip


def aggregated(
    engine: Engine, text: str, kind: str, where: str | None, absent: Value, rows: list[Row]
) -> Value:
    """The compiler's aggregate over one person's rows, taken as a register value is."""
    fact = Fact(
        fact="demo.total", names=TEXTS, unit="person", type=kind,  # type: ignore[arg-type]
        source="demo.rows", aggregate=text, where=where, absent=absent,
    )  # fmt: skip
    compiler = Compiler(Catalogue(), PACK, {}, frozenset(), "", engine.dialect.name)
    sql = compiler.rows.aggregate(SOURCE, fact)
    columns = ", ".join(f'"{c}" {engine.column(t)}' for c, t in COLUMNS.items())
    engine.conn.execute("DROP TABLE IF EXISTS s")
    engine.conn.execute(f"CREATE TABLE s ({columns})")
    engine.conn.executemany(
        f"INSERT INTO s VALUES ({', '.join('?' * len(COLUMNS))})",
        [[stored(row[c]) for c in COLUMNS] for row in rows],
    )
    value = "v" if kind not in ("integer", "money") else engine.dialect.aggregated("v")
    return answer(kind, engine.one(f"SELECT {value} FROM (SELECT {sql} AS v FROM s)"))


@settings(max_examples=500, deadline=None)
@given(
    st.sampled_from(TOTALS),
    st.sampled_from(sorted(WHERES, key=str)),
    register_rows,
    st.booleans(),
)
@example(TOTALS[0], None, [{**dict.fromkeys(COLUMNS), "n": LARGEST}] * 3, True)
@example(TOTALS[0], None, [{**dict.fromkeys(COLUMNS), "n": SMALLEST}] * 2, True)
@example(
    TOTALS[0], None,
    [{**dict.fromkeys(COLUMNS), "n": n} for n in (LARGEST, LARGEST, -LARGEST, -1)], False,
)  # fmt: skip
@example(TOTALS[0], None, [{**dict.fromkeys(COLUMNS), "n": n} for n in (SMALLEST, -1, 1)], False)
@example(TOTALS[3], None, [{**dict.fromkeys(COLUMNS), "n": n} for n in (SMALLEST, 1)], False)
def test_an_aggregate_with_an_unknown_row_is_unknown_and_without_rows_is_the_absent_value(
    engine: Engine,
    total: Total,
    where: str | None,
    rows: list[Row],
    has_absent: bool,
) -> None:
    zeros: dict[str, Value] = {"boolean": False, "integer": 0, "date": "1900-01-01", "code": "NONE"}
    absent = zeros[total.type] if has_absent else None
    conditions = [WHERES[where](row) for row in rows]
    taken = [row for row, met in zip(rows, conditions, strict=True) if met]
    expected: Value
    if None in conditions:
        expected = None
    elif not taken:
        expected = absent
    else:
        expected = total.over([total.value(row) for row in taken])
    assert aggregated(engine, total.text, total.type, where, absent, rows) == expected


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(WHERES, key=str)), register_rows)
def test_rows_are_counted_unless_one_may_or_may_not_belong(
    engine: Engine, where: str | None, rows: list[Row]
) -> None:
    conditions = [WHERES[where](row) for row in rows]
    expected = None if None in conditions else conditions.count(True)
    assert aggregated(engine, "COUNT(*)", "integer", where, 0, rows) == expected


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(WHERES, key=str)), register_rows)
def test_any_is_true_by_one_row_and_unknown_by_one_only_when_none_is_true(
    engine: Engine, where: str | None, rows: list[Row]
) -> None:
    expected: Value = False
    for row in rows:
        expected = either(expected, both(row["flag"], WHERES[where](row)))
    assert aggregated(engine, "ANY(flag)", "boolean", where, False, rows) == expected


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(WHERES, key=str)), register_rows)
def test_all_is_false_by_one_row_and_unknown_by_one_only_when_none_is_false(
    engine: Engine, where: str | None, rows: list[Row]
) -> None:
    expected: Value = True
    for row in rows:
        expected = both(expected, either(row["flag"], negated(WHERES[where](row))))
    assert aggregated(engine, "ALL(flag)", "boolean", where, True, rows) == expected


DAYS_OF_FOUR_YEARS = [date(2023, 12, 1).toordinal() + n for n in range(1500)]


@pytest.mark.parametrize("until", ["2026-11-20", "2027-02-28", "2028-02-29", "2026-12-31"])
@pytest.mark.parametrize(
    ("span", "rule"),
    [("AGE_YEARS", age_years), ("MONTHS_BETWEEN", months_between), ("DAYS_BETWEEN", days_between)],
)
def test_the_last_start_of_a_span_is_the_last_day_that_still_reaches_it(
    until: str, span: Any, rule: Callable[[str, str], int]
) -> None:
    for n in (0, 1, 2, 12, 13, 35):
        last = last_start(threshold(span, "until", n), {"until": until})
        assert last is not None
        for ordinal in DAYS_OF_FOUR_YEARS:
            start = date.fromordinal(ordinal).isoformat()
            assert (start <= last) == (rule(start, until) >= n), (start, last, n)
