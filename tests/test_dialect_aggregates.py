"""Lowered aggregates against the oracle: rows that are unknown, and no rows at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dialect_engines import Engine, answer, stored
from dialect_engines import engine as engine
from dialect_trees import (
    LARGEST,
    SMALLEST,
    VALUES,
    Meaning,
    Row,
    Value,
    both,
    either,
    kept,
    known,
    negated,
)
from hypothesis import example, given, settings
from hypothesis import strategies as st

from yimen.core.declarations import Basis, Fact, RulePack, Source, SourceColumn, Texts
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.compiler import Compiler

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
