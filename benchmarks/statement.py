"""Times the compiled statement alone beside the statement written by hand, for the same answers.

    python benchmarks/statement.py --folder FOLDER [--rounds 5] [--engines duckdb sqlite]

The folder is one that benchmarks/screen.py has made. Both sides ask for outcomes, criteria and
amounts, and for nothing else: of Yimen's statement the columns of receipt and of flags are left
empty, and with them the layers that only they need. What is timed is the work of the engine, from
the first table to the last result written; starting, importing and opening are not. Each
measurement is a process of its own, and rounds are interleaved.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench_county import environment
from rival_python import PYTHON as RIVALS_PYTHON

HERE = Path(__file__).resolve().parent
BAR = 1.2


class Watch:
    """Seconds by the clock, and of all processors, of what runs inside it."""

    def __init__(self) -> None:
        self.seconds = self.cpu = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        begun, spent = time.perf_counter(), _spent()
        yield
        self.seconds += time.perf_counter() - begun
        self.cpu += _spent() - spent


def _spent() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def compiled(engine: str, watch: Watch) -> None:
    """Yimen's statement for the rivals' answers, in a run of the real command."""
    from yimen.cli import run
    from yimen.core.casework.batch import CountyRun
    from yimen.core.rules import compiler, statement
    from yimen.core.rules.result_columns import result_columns, split

    def emptied(columns: dict[str, str]) -> dict[str, str]:
        return {
            name: "CAST(NULL AS VARCHAR)" if name.endswith((".receiving", "flags")) else sql
            for name, sql in columns.items()
        }

    # DuckDB's are split into two results, where the flags of households are made.
    last = (
        ("result_columns", lambda *given: emptied(result_columns(*given)))
        if engine == "sqlite"
        else ("split", lambda *given: tuple(map(emptied, split(*given))))
    )
    # A text of its own, which no screening shall meet in the home's cache.
    for module, name, value in (
        (statement, "read_cached", lambda file: None),
        (statement, "write_cached", lambda file, payload: None),
        (compiler, *last),
    ):
        setattr(module, name, value)
    for name in ("_take", "_part"):
        setattr(CountyRun, name, _timed(getattr(CountyRun, name), watch))
    if code := run(["screen", "--engine", engine, "--no-overlaps"]):
        sys.exit(code)


def _timed(act: Any, watch: Watch) -> Any:
    def timed(*given: Any) -> Any:
        with watch.running():
            return act(*given)

    return timed


def by_hand(engine: str, folder: Path, watch: Watch) -> None:
    """The rival's statement; its module, and DuckDB's, are imported before the clock runs."""
    spec = importlib.util.spec_from_file_location("rival", HERE / "rivals" / f"{engine}_rival.py")
    assert spec is not None
    assert spec.loader is not None
    rival = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(rival)
    if engine == "duckdb":
        import duckdb

        duckdb.connect().close()
    reads = folder / ("parquet" if engine == "duckdb" else "home")
    with tempfile.TemporaryDirectory(dir=folder) as scratch, watch.running():
        rival.main(str(reads), str(Path(scratch) / "by-hand"))


def measured(side: str, engine: str, folder: Path) -> dict[str, float]:
    """One side's seconds in a process of its own."""
    python = sys.executable if side == "compiled" else RIVALS_PYTHON
    words = [python, __file__, "--folder", str(folder), "--side", side, "--engines", engine]
    done = subprocess.run(
        words, env=environment(folder / "home"), stdout=subprocess.PIPE, text=True, check=True
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--engines", nargs="*", default=["duckdb", "sqlite"])
    parser.add_argument("--side", choices=["compiled", "by hand"], help=argparse.SUPPRESS)
    given = parser.parse_args()
    folder = given.folder.resolve()
    if given.side:
        watch, (engine,) = Watch(), given.engines
        with open(os.devnull, "w") as nothing:
            kept, sys.stdout = sys.stdout, nothing
            if given.side == "compiled":
                compiled(engine, watch)
            else:
                by_hand(engine, folder, watch)
            sys.stdout = kept
        print(json.dumps(vars(watch)))
        return 0
    missed = False
    for engine in given.engines:
        found: dict[str, list[dict[str, float]]] = {"compiled": [], "by hand": []}
        for __ in range(given.rounds):
            for side, runs in found.items():
                runs.append(measured(side, engine, folder))
        middle = {
            side: {k: statistics.median(r[k] for r in runs) for k in ("seconds", "cpu")}
            for side, runs in found.items()
        }
        ratios = {k: middle["compiled"][k] / middle["by hand"][k] for k in ("seconds", "cpu")}
        for side, values in middle.items():
            print(f"{engine:<7} {side:<9} {values['seconds']:7.2f} s {values['cpu']:7.2f} CPU s")
        word = "kept" if ratios["seconds"] <= BAR else "MISSED"
        print(f"{engine:<7} ratio {ratios['seconds']:.2f} by the clock, {ratios['cpu']:.2f} by CPU"
              f" (bar {BAR}: {word})")  # fmt: skip
        missed = missed or word == "MISSED"
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
