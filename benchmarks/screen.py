"""Screens a whole county by every side in turn, and proves that all gave the same answers.

Each side is one command in a process of its own that reads the same rows and writes one result
file; rounds are interleaved, and a round's seconds count from the start of the process to its end.
Machines are shared and noisy: read the ratios, and of a busy machine those of the CPU seconds. It
must never time a side whose answers it has not compared.

    python benchmarks/screen.py --households 100000 --folder FOLDER

The folder keeps the county, its home and its Parquet files for the next run.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from bench_county import environment, load_home, write_county
from county import YIMEN
from parquet_files import write_parquet
from rival_python import PYTHON as RIVALS_PYTHON
from rival_python import installed
from same_answers import compare, told

HERE = Path(__file__).resolve().parent
TRUTH_UP_TO = 5000


@dataclass(frozen=True)
class Place:
    """Where a run's files are."""

    folder: Path

    @property
    def county(self) -> Path:
        return self.folder / "county"

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def parquet(self) -> Path:
        return self.folder / "parquet"


@dataclass(frozen=True)
class Side:
    """One way to screen: the command's words, and the suffix of its result file.

    In `words`, {home}, {parquet} and {out} are replaced. `needs` are modules without which the
    side is left out, looked for by the interpreter that runs it. A side that keeps its columns in
    a place of its own `writes` them into the result file afterwards, and that is not timed: the
    rivals write one form, too.
    """

    name: str
    words: tuple[str, ...]
    suffix: str
    needs: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()

    def command(self, place: Place, out: Path) -> list[str]:
        return _filled(self.words, place, out)

    def written(self, place: Place, out: Path) -> list[str]:
        """The command that writes the result file afterwards, or nothing."""
        return _filled(self.writes, place, out)


def _filled(words: Sequence[str], place: Place, out: Path) -> list[str]:
    values = {"home": place.home, "parquet": place.parquet, "out": out}
    return [word.format(**values) for word in words]


def _rival(name: str, reads: str) -> tuple[str, ...]:
    return (RIVALS_PYTHON, str(HERE / "rivals" / f"{name}.py"), f"{{{reads}}}", "{out}")


def _yimen(engine: str) -> tuple[str, ...]:
    return (YIMEN, "--home", "{home}", "screen", "--engine", engine, "--no-overlaps")


WRITES = (YIMEN, "--home", "{home}", "screen", "--run", "last", "--out", "{out}")


SIDES = (
    Side("yimen duckdb", _yimen("duckdb"), ".parquet", ("duckdb",), WRITES),
    Side("yimen sqlite", _yimen("sqlite"), ".csv", (), WRITES),
    Side("duckdb by hand", _rival("duckdb_rival", "parquet"), ".parquet", ("duckdb",)),
    Side("sqlite by hand", _rival("sqlite_rival", "home"), ".db"),
    Side(
        "openfisca", _rival("openfisca_rival", "parquet"), ".parquet", ("duckdb", "openfisca_core")
    ),
    Side("python loop", _rival("python_loop", "home"), ".csv"),
)
# Sides that are only run once a measurement, because they take a minute and more.
SLOW = frozenset({"python loop"})


@dataclass(frozen=True)
class Bar:
    """A promise: `side` takes at most `most` times what `yardstick` takes.

    A whole command tells receipt and flags besides, so that no statement by hand is a yardstick of
    it: statement.py holds the compiled ones to 1.2.
    """

    side: str
    yardstick: str
    most: float | None


BARS = (
    Bar("yimen duckdb", "duckdb by hand", None),
    Bar("yimen sqlite", "sqlite by hand", None),
    Bar("yimen duckdb", "openfisca", 1 / 1.4),
    Bar("yimen duckdb", "python loop", 0.1),
)


@dataclass(frozen=True)
class Run:
    """What one run took: seconds by the clock, seconds of all processors, and the peak in MB."""

    seconds: float
    cpu: float
    peak_mb: float


def measured(words: Sequence[str], home: Path) -> Run:
    """Runs a command to its end; a side that fails ends the benchmark with what it said."""
    with tempfile.TemporaryFile() as said:
        started = time.perf_counter()
        child = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                                 env=environment(home))  # fmt: skip
        # wait4 tells the peak of this one child, where getrusage tells the largest of all.
        __, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            said.seek(0)
            sys.exit(f"{' '.join(words)}\n{said.read().decode(errors='replace')[-2000:]}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def available(side: Side) -> bool:
    """Whether the modules that a side needs are installed, and whether this yimen can screen."""
    ours = side.name.startswith("yimen")
    python = sys.executable if ours else RIVALS_PYTHON
    if not all(installed(python, module) for module in side.needs):
        return False
    if not ours:
        return True
    asked = subprocess.run([YIMEN, "screen", "--help"], capture_output=True, check=False)
    return asked.returncode == 0


def prepare(place: Place, households: int) -> None:
    """Makes what the folder lacks: the county, its home, its Parquet files."""
    if not (place.county / "manifest.json").exists():
        rows = write_county(place.county, households)
        print(f"wrote {households} households, {rows} rows", file=sys.stderr)
    if not place.home.exists():
        started = time.perf_counter()
        load_home(place.home, place.county)
        print(f"loaded in {time.perf_counter() - started:.0f} s", file=sys.stderr)
    if not (place.parquet / "roster.parquet").exists():
        write_parquet(place.parquet, place.county, place.home)


def prepare_apart(place: Place, households: int) -> None:
    """Prepares in a process of its own: a child's peak is never told as less than its parent's."""
    child = get_context("fork").Process(target=prepare, args=(place, households))
    child.start()
    child.join()
    if child.exitcode:
        sys.exit(child.exitcode)


def prove(results: dict[str, Path]) -> bool:
    """Compares each side's answers with the first one's, and prints the cells compared."""
    (first, truth), *others = results.items()
    print(f"\nanswers, each beside those of {first}")
    same = True
    for name, path in others:
        found = compare(truth, path)
        same = same and found.same
        print(f"{name:<16} {told(truth, path, found)}")
    return same


def show(found: dict[str, list[Run]]) -> bool:
    """Prints medians and bars; true when every bar that could be measured is kept."""
    middle = {
        name: Run(*(statistics.median(values) for values in zip(
            *((run.seconds, run.cpu, run.peak_mb) for run in runs), strict=True)))
        for name, runs in found.items()
    }  # fmt: skip
    least = min(run.cpu for run in middle.values())
    print(f"\n{'side':<16} {'rounds':>6} {'seconds':>8} {'cpu':>8} {'cpu x':>6} {'peak MB':>8}")
    for name, run in middle.items():
        print(f"{name:<16} {len(found[name]):>6} {run.seconds:8.2f} {run.cpu:8.2f}"
              f" {run.cpu / least:6.2f} {run.peak_mb:8.0f}")  # fmt: skip
    kept = True
    for bar in BARS:
        if bar.side in middle and bar.yardstick in middle:
            ratio = middle[bar.side].seconds / middle[bar.yardstick].seconds
            line = f"{bar.side} / {bar.yardstick}: {ratio:.2f}"
            if bar.most is None:
                print(f"{line} (the whole command beside a bare statement)")
                continue
            kept = kept and ratio <= bar.most
            word = "kept" if ratio <= bar.most else "MISSED"
            print(f"{line} (bar {bar.most:.2f}: {word})")
    return kept


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="where the county is kept; else thrown away")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sides", nargs="*", default=[side.name for side in SIDES])
    given = parser.parse_args()
    sides = [side for side in SIDES if side.name in given.sides and available(side)]
    with ExitStack() as stack:
        kept_in = given.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        place = Place(kept_in.resolve())
        prepare_apart(place, given.households)
        results = {s.name: place.folder / f"{s.name.replace(' ', '-')}{s.suffix}" for s in sides}
        found: dict[str, list[Run]] = {side.name: [] for side in sides}
        for number in range(given.rounds):
            for side in sides:
                if side.name in SLOW and number:
                    continue
                results[side.name].unlink(missing_ok=True)
                command = side.command(place, results[side.name])
                found[side.name].append(measured(command, place.home))
                if writing := side.written(place, results[side.name]):
                    measured(writing, place.home)
        if given.households <= TRUTH_UP_TO:
            truth = place.folder / "truth.csv"
            words = [sys.executable, str(HERE / "explained.py"), str(place.home), str(truth)]
            measured(words, place.home)
            results = {"explained check": truth, **results}
        same = prove(results)
        kept = show(found)
    return 0 if same and kept else 1


if __name__ == "__main__":
    sys.exit(main())
