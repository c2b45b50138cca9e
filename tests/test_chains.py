"""The steps of a chain, joined and set early, tell what they told one by one."""

from __future__ import annotations

import sqlite3

from hypothesis import given
from hypothesis import strategies as st

from yimen.core.rules.chains import Step, scheduled, step

FIRST = ["m.k", "m.a", "m.b", "m.a + m.b AS [sum]"]


def nested(steps: tuple[Step, ...]) -> str:
    """A query of each step over all columns of the one before it."""
    first, *others = steps
    query = f"SELECT {', '.join(first.columns.values())} FROM t AS m{first.rest}"
    for given_step in others:
        added = "".join(f", {text}" for text in given_step.columns.values())
        query = f"SELECT before.*{added} FROM ({query}) AS before{given_step.rest}"
    return query


def told(steps: tuple[Step, ...], names: list[str]) -> list[tuple[object, ...]]:
    """What a chain says of three rows."""
    conn = sqlite3.connect(":memory:")
    conn.execute("CREATE TABLE t (k, a, b)")
    conn.executemany("INSERT INTO t VALUES (?, ?, ?)", [(1, 2, 3), (2, None, 5), (3, -7, 7)])
    cells = ", ".join(f"[{name}]" for name in names)
    return conn.execute(f"SELECT {cells} FROM ({nested(steps)}) ORDER BY k").fetchall()


def test_a_column_is_computed_in_the_first_step_that_knows_what_it_reads() -> None:
    steps = scheduled(
        [step(FIRST), step(["[sum] * 2 AS [twice]"]), step(["[sum] > 0 AS [more]", "a AS [same]"])]
    )
    assert [list(s.columns) for s in steps] == [
        ["k", "a", "b", "sum"],
        ["twice", "more", "same"],
        [],
    ]


def test_a_column_that_waits_for_a_joined_table_stays_where_that_is_joined() -> None:
    joined = step(["o.[x] AS [x]"], " LEFT JOIN o ON o.k = before.k")
    steps = scheduled([step(FIRST), joined, step(["[x] + a AS [y]"])])
    assert [list(s.columns) for s in steps][1:] == [["x"], ["y"]]


def test_a_merged_step_holds_the_words_of_those_that_it_reads() -> None:
    (first,) = scheduled([step(FIRST), step(["[sum] + a AS [more]"], merged=True)])
    assert first.columns["more"] == "(m.a + m.b) + m.a AS [more]"


def test_a_name_in_a_text_or_of_another_table_is_no_column_of_the_chain() -> None:
    text = "CASE WHEN o.[sum] = 'sum' THEN sum.a ELSE \"sum\" END AS [kept]"
    (first,) = scheduled([step(FIRST), step([text], merged=True)])
    assert first.columns["kept"] == (
        "CASE WHEN o.[sum] = 'sum' THEN sum.a ELSE (m.a + m.b) END AS [kept]"
    )


PARTS = ["[sum]", "a", "b", "k"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["{} + {}", "CASE WHEN {} > 0 THEN {} END", "({} IS {})", "{} * {}"]),
            st.integers(0, 5),
            st.integers(0, 5),
            st.booleans(),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_any_chain_says_the_same_however_its_steps_are_set(
    drawn: list[tuple[str, int, int, bool]],
) -> None:
    steps, known, names = [step(FIRST)], list(PARTS), list[str]()
    for number, (form, left, right, merged) in enumerate(drawn):
        name = f"c{number}"
        text = form.format(known[left % len(known)], known[right % len(known)])
        steps.append(step([f"{text} AS [{name}]"], merged=merged))
        known.append(f"[{name}]")
        names.append(name)
    assert told(scheduled(steps), names) == told(tuple(steps), names)
