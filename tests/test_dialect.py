"""Lowered expressions against a small three-valued oracle of our own, on each engine for real."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from dialect_engines import Engine, answer, stored
from dialect_engines import engine as engine
from dialect_trees import (
    AS_OF,
    LARGEST,
    NAMES,
    SMALLEST,
    TYPES,
    VALUES,
    Row,
    Tree,
    Value,
    age_years,
    days_between,
    months_between,
    of,
    rows,
    typed_trees,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from yimen.core.errors import BadDeclaration
from yimen.core.rules.dialects import Dialect
from yimen.core.rules.expressions import Scope, parse, type_of
from yimen.core.rules.thresholds import last_start, threshold


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
    total = dialect.known_sum_where(f"(({sql}) IS NULL)", "1")
    engine.one(f"SELECT {total} FROM (SELECT {columns}) AS t")
    assert accepted >= 3


# -- spans ----------------------------------------------------------------------------------------


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
