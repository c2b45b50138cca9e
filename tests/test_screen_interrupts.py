"""Ctrl-C in a screening, whenever it comes: the run says that it was stopped, and can go on."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from screening import HOUSEHOLDS, states
from screening import begin as begin

from yimen.core.casework.batch import CountyRun
from yimen.core.store import lake
from yimen.core.store.statements import Filling, PartFiller

STOPPED = "Stopped; what was confirmed before is kept."
# Of 120 parts so many are done when the interrupt comes; each run goes on with those before.
MOMENTS = (0, 1, 5, 20, 21, 40, 60)
# Not one statement of minutes: some of DuckDB's answer a signal only when they are done.
JOINED = "SELECT COUNT(*) FROM range(1000000) AS a, range(1000000) AS b WHERE a.range % 7 = b.range"


def parts(run: Path) -> int:
    """How many parts of a run lie complete on disk; none before it is computed at all."""
    if not (run / f"{run.name}.lock").exists():
        return -1
    if not (run / "results.db").exists():
        return len(list(run.glob("part-*.parquet")))
    with closing(sqlite3.connect(f"file:{run / 'results.db'}?mode=ro", uri=True)) as conn:
        try:
            (done,) = conn.execute("SELECT COUNT(*) FROM progress").fetchone()
        except sqlite3.OperationalError:
            return 0
    return int(done)


def interrupted(civil: Any, engine: str, least: int) -> tuple[int, str]:
    """Begins a screening, or goes on with it, and interrupts it at so many parts; how it ended."""
    run = civil.home / "runs" / "S2026-00001"
    (run / f"{run.name}.lock").unlink(missing_ok=True)
    child: subprocess.Popen[str] = civil.start(
        "screen", "--engine", engine, "--chunk", 1, "--no-overlaps"
    )
    while parts(run) < least:
        assert child.poll() is None, child.communicate()
        time.sleep(0.001)
    child.send_signal(signal.SIGINT)
    __, err = child.communicate(timeout=60)
    # What stands before it tells of departments that are not installed here.
    return child.returncode, err.splitlines()[-1]


@pytest.mark.parametrize("engine", ["duckdb", "sqlite"])
def test_an_interrupted_screening_always_says_that_it_was_stopped_and_goes_on_later(
    civil: Any, answers_of: Callable[..., bytes], tmp_path: Path, engine: str
) -> None:
    ends = [interrupted(civil, engine, least) for least in MOMENTS]
    assert ends == [(130, STOPPED)] * len(MOMENTS)
    assert states(civil) == [("S2026-00001", "running")]
    civil("journal", "verify")
    out = tmp_path / "gone-on.csv"
    civil("screen", "--engine", engine, "--no-overlaps", "--out", out)
    assert states(civil) == [("S2026-00001", "done")]
    assert out.read_bytes() == answers_of(civil, "--engine", engine)


@pytest.fixture
def soon_interrupted() -> Iterator[Callable[[], None]]:
    """Interrupts this process a moment after it is called."""
    timers: list[threading.Timer] = []

    def soon() -> None:
        timers.append(threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)))
        timers[-1].start()

    yield soon
    for timer in timers:
        timer.join()


def test_an_interrupt_inside_duckdb_is_no_fault_of_a_statement(
    civil: Any, begin: Callable[..., CountyRun], soon_interrupted: Callable[[], None]
) -> None:
    with lake.Lake(begin("sqlite", HOUSEHOLDS).desk.home) as opened:
        soon_interrupted()
        with pytest.raises(KeyboardInterrupt):
            opened.execute(*[JOINED] * 1000)
        soon_interrupted()
        with pytest.raises(KeyboardInterrupt):
            any(list(opened.rows(JOINED)) == [] for __ in range(1000))
        assert list(opened.rows("SELECT 1")) == [(1,)]


def test_a_part_that_is_interrupted_is_undone_and_its_file_is_let_go(
    civil: Any, begin: Callable[..., CountyRun], tmp_path: Path
) -> None:
    run = begin("sqlite", HOUSEHOLDS)
    run.close()
    registers = run.desk.home.registers
    filler = PartFiller(registers, str(tmp_path / "results.db"))
    filler.take({})
    registers.conn.execute("CREATE TABLE results.rows (a)")
    registers.conn.execute("CREATE TABLE results.progress (done_to)")

    def broken_off() -> Iterator[Filling]:
        yield Filling({"sel": "SELECT 1 AS a"}, [], "SELECT a FROM temp.sel")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        filler.part(broken_off(), ("H0000001", "H0000001"), parameters={})  # type: ignore[arg-type]
    assert not registers.conn.in_transaction
    registers.conn.execute("INSERT INTO results.rows VALUES (1)")
    filler.close()
    filler = PartFiller(registers, str(tmp_path / "results.db"))
    filler.take({})
    assert registers.conn.execute("SELECT COUNT(*) FROM results.rows").fetchone() == (0,)
    filler.close()
