"""Random expressions, each with what it means to a small three-valued oracle.

The oracle knows no SQL: None is unknown, AND, OR and NOT are Kleene's, and a whole number that does
not fit 64 bits is unknown.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from math import ceil, floor
from typing import Any

from hypothesis import strategies as st

from yimen.core.rules.expressions import Name

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
