"""A batch hands the results of criteria on as few numbers, and loses none of them."""

from __future__ import annotations

import hashlib
from itertools import product

import pytest

from yimen.core.rules.dialects.duckdb import DuckdbDialect
from yimen.core.store.duckdb_start import PACKED, result_types
from yimen.core.store.lake import NAME_KEY

duckdb = pytest.importorskip("duckdb")


@pytest.mark.parametrize("count", [1, 2, PACKED, PACKED + 1, 2 * PACKED - 1])
def test_packed_results_give_the_same_letters_as_results_handed_on_by_themselves(count):
    dialect = DuckdbDialect()
    results = [f"c{place}" for place in range(count)]
    packed = [f"l{place}" for place in range(len(dialect.packed(results)))]
    sample = list(product(("TRUE", "FALSE", "NULL::BOOLEAN"), repeat=count))[
        :: max(1, 3**count // 900)
    ]
    rows = ", ".join(f"({', '.join(cells)})" for cells in sample)
    columns = ", ".join(
        f"{sql} AS {name}" for sql, name in zip(dialect.packed(results), packed, strict=True)
    )
    with duckdb.connect() as db:
        for statement in result_types():
            db.execute(statement)
        found = db.execute(
            f"SELECT ({dialect.letters(results)}), ({dialect.letters(results, packed)})::VARCHAR"
            f" FROM (SELECT *, {columns} FROM (VALUES {rows}) AS t({', '.join(results)}))"
        ).fetchall()
    assert len(found) == len(sample)
    assert all(plain == unpacked for plain, unpacked in found)
    assert {len(plain) for plain, __ in found} == {count}


def test_names_are_the_same_numbers_in_every_version_of_the_engine():
    lower = hashlib.md5("张三".encode(), usedforsecurity=False).digest()[8:]
    with duckdb.connect() as db:
        found = db.execute(
            f"SELECT {NAME_KEY} FROM (VALUES ('张三'), (NULL)) AS t(name)"
        ).fetchall()
    assert found == [(int.from_bytes(lower, "little") >> 1,), (None,)]
