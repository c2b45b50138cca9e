"""A screening with too little memory or disk, or a department that fails: the rest answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from plugin_files import heating, named
from screening import HOUSEHOLDS, resumed_answers
from screening import begin as begin

from yimen.core.casework import batch
from yimen.core.casework.batch import CountyRun
from yimen.core.errors import Refused
from yimen.core.rules.engines.duckdb_batch import DuckdbBatch
from yimen.core.store import lake

# -- too little memory, or disk ------------------------------------------------------------------


def test_a_part_that_needs_too_much_memory_is_halved_and_no_department_is_blamed(
    civil: Any,
    begin: Callable[..., CountyRun],
    answers_of: Callable[..., bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = begin("duckdb", HOUSEHOLDS)
    whole, tried = DuckdbBatch.part, list[int]()

    def narrow(self: DuckdbBatch, first: str, last: str) -> None:
        tried.append(run.households.up_to(last) - run.households.up_to(first) + 1)
        if tried[-1] > 40:
            raise lake.OutOfMemory("")
        whole(self, first, last)

    with monkeypatch.context() as patched:
        patched.setattr(batch, "LEAST_PART", 50)
        patched.setattr(DuckdbBatch, "part", narrow)
        assert list(run.go()) == [0, 30, 60, 90, HOUSEHOLDS]
    assert tried == [120, 60, 30, 30, 30, 30]
    assert run.ruling.failed == frozenset()
    run.close()
    number = run.record.run_no
    assert resumed_answers(begin, "duckdb", number) == answers_of(civil, "--engine", "duckdb")


def test_a_part_that_is_small_already_is_refused_with_its_sentence(
    begin: Callable[..., CountyRun], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = begin("duckdb", HOUSEHOLDS)
    with pytest.raises(lake.OutOfMemory, match="more memory than it may hold"):
        run.files.lake.execute(
            "SET memory_limit = '1MB'", "SELECT list(n) FROM range(9999999) AS t(n)"
        )
    run.files.lake.execute("SET memory_limit = '700MB'")

    def never(*_given: object) -> None:
        raise lake.OutOfMemory("")

    monkeypatch.setattr(DuckdbBatch, "part", never)
    with pytest.raises(lake.OutOfMemory):
        list(run.go())
    assert run.record.state == "running"
    run.close()


def test_a_file_that_duckdb_cannot_write_is_no_department_s_fault(
    begin: Callable[..., CountyRun], tmp_path: Path
) -> None:
    run = begin("duckdb", HOUSEHOLDS)
    with pytest.raises(Refused, match="cannot read or write its files"):
        run.files.lake.execute(f"COPY (SELECT 1) TO '{tmp_path}/no/such/place.parquet'")
    run.close()


# -- a department that fails ---------------------------------------------------------------------


def many_registers() -> dict[str, Any]:
    """A department that asks for more registers than SQLite can join."""
    files = heating()
    for number in range(70):
        source = f"heating.more_{number}"
        files["sources.json"].append(files["sources.json"][0] | {"source": source})
        files["facts.json"].append(
            {"fact": f"heating.seen_{number}", "names": named("Seen"), "unit": "person",
             "type": "integer", "source": source, "aggregate": "COUNT(*)", "absent": 0}
        )  # fmt: skip
    return files


@pytest.mark.parametrize("chunk", [50, HOUSEHOLDS])
def test_a_department_that_sqlite_cannot_run_is_unknown_and_the_rest_answers(
    civil: Any, install: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, chunk: int
) -> None:
    before = civil.json("screen", "--engine", "sqlite", "--list")
    install(many_registers())
    monkeypatch.setenv("YIMEN_DEPARTMENTS", "civil,heating")
    assert rest(civil, "--engine", "sqlite", "--chunk", chunk) == before


@pytest.mark.parametrize("chunk", [50, HOUSEHOLDS])
def test_a_register_that_duckdb_cannot_read_takes_its_department_alone_with_it(
    civil: Any,
    install: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    chunk: int,
) -> None:
    before = civil.json("screen", "--engine", "duckdb", "--list")
    install()
    monkeypatch.setenv("YIMEN_DEPARTMENTS", "civil,heating")
    bills = tmp_path / "bills.csv"
    bills.write_text("id_number,name,billed_on,amount_fen\n", "utf-8")
    civil("source", "load", "heating.bills", bills, "--as-of", "2026-11-01")
    (file,) = (civil.home / "lake").glob("snap__heating__bills__*.parquet")
    file.write_bytes(b"no parquet file")
    assert rest(civil, "--engine", "duckdb", "--chunk", chunk) == before
    said = civil("screen", "--engine", "duckdb").err
    assert "The rules of heating could not be run: their programmes are unknown." in said
    # What the engine said of it, which names the file.
    assert re.search(r"^heating: .*snap__heating__bills__", said, re.MULTILINE)
    rows = civil("journal", "show", "--subject", "S2026-00003", "--format", "jsonl").rows
    ended = next(row for row in rows if row["action"] == "screen")
    assert json.loads(ended["body"])["failed"] == ["heating"]


def rest(civil: Any, *words: object) -> list[Any]:
    """The list of a screening without the failing department's programme, unknown to all."""
    listed: list[Any] = civil.json("screen", *words, "--list")
    for line in listed:
        assert "HEA-WARM" in line["unknown"]
        line["unknown"].remove("HEA-WARM")
    return listed
