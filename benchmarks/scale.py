"""How a county's screening grows: time, processors' time and peak memory at several sizes.

Each home holds the benchmark's county of that size, made past the loader (`big_home.py`), since a
million households take long to write as files and to load. A small one is made both ways first and
must be equal, table by table. Then the real command is run as a process of its own, its results
written, without overlaps and once with them.

    python benchmarks/scale.py --folder FOLDER                       10,000, 100,000 and 1,000,000
    python benchmarks/scale.py --folder FOLDER --sizes 10000 100000 --engines duckdb

The folder keeps the homes (8 GB for a million households) and measurements.jsonl, so that a
measurement can be made in pieces; `--show` prints what is there.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import math
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from bench_county import environment
from county import YIMEN
from screen import measured

HERE = Path(__file__).resolve().parent
SIZES = (10_000, 100_000, 1_000_000)
ENGINES = ("duckdb", "sqlite")
PROVED = 2000
# From one size to another, time may grow by this power of the households and no faster.
MOST_POWER = 1.1
MOST_MB = {"duckdb": 1000.0, "sqlite": 500.0}
VILLAGE = "370499001001"


@dataclass(frozen=True)
class Measurement:
    """One screening: what it was of, and what it took."""

    households: int
    engine: str
    overlaps: bool
    seconds: float
    cpu: float
    peak_mb: float


def prove() -> None:
    """Makes a small home both ways and compares them; ends the benchmark where they differ."""
    with tempfile.TemporaryDirectory() as folder:
        here, size = Path(folder), str(PROVED)
        _child("bench_county.py", folder, "--households", size, "--load")
        _child("big_home.py", str(here / "made"), "--households", size)
        _child("same_home.py", str(here / "home"), str(here / "made"))


def _child(script: str, *words: str) -> None:
    """Runs a part of the benchmark as a child: what it holds must not count as a screening's."""
    subprocess.run([sys.executable, str(HERE / script), *words], check=True)


def home_of(folder: Path, households: int) -> Path:
    """The home of this size, made where it is not there yet, with its statements compiled."""
    home = folder / f"home-{households}"
    if not home.exists():
        beside = folder / f"unfinished-{households}"
        _child("big_home.py", str(beside), "--households", str(households))
        beside.replace(home)
    return home


def screen(home: Path, households: int, engine: str, *, overlaps: bool) -> Measurement:
    """One screening of the whole county, which must not find an interrupted one."""
    words = [YIMEN, "screen", "--engine", engine, *([] if overlaps else ["--no-overlaps"])]
    run = measured(words, home)
    return Measurement(households, engine, overlaps, run.seconds, run.cpu, run.peak_mb)


def warm(home: Path, engine: str) -> None:
    """Screens one village, so that the statement is compiled and kept, as it is in an office."""
    measured([YIMEN, "screen", "--engine", engine, "--no-overlaps", "--division", VILLAGE], home)


def agree(home: Path, households: int, engines: Sequence[str]) -> None:
    """Compares the counts of all answers of each engine's last run; ends where they differ.

    Cell by cell `screen.py` compares the engines at one size; here it shows that no part of a
    large run was left out or left unknown.
    """
    runs = [json.loads(line) for line in _told(home, "--runs", "--format", "jsonl").splitlines()]
    counts = {}
    for run in runs:
        if (run["state"], run["households"]) == ("done", households) and run["engine"] in engines:
            counts[run["engine"]] = _told(home, "--run", run["run_no"], "--format", "csv")
    if len(set(counts.values())) != 1 or not sum(
        int(row["eligible"]) for row in csv.DictReader(io.StringIO(next(iter(counts.values()))))
    ):
        sys.exit(f"the answers of {households} households are not the same: {counts}")


def _told(home: Path, *words: str) -> str:
    return subprocess.run([YIMEN, "screen", *words], check=True, capture_output=True, text=True,
                          env=environment(home)).stdout  # fmt: skip


def power(small: tuple[int, float], large: tuple[int, float]) -> float:
    """The exponent with which a figure grows from one size to another; 1 is a straight line."""
    return math.log(large[1] / small[1]) / math.log(large[0] / small[0])


@dataclass(frozen=True)
class Line:
    """The medians of one engine at one size."""

    households: int
    rounds: int
    seconds: float
    cpu: float
    peak_mb: float


def medians(found: list[Measurement], engine: str, overlaps: bool) -> list[Line]:
    """A line a size, the smallest first."""
    mine = [m for m in found if (m.engine, m.overlaps) == (engine, overlaps)]
    lines = []
    for size in sorted({m.households for m in mine}):
        runs = [(m.seconds, m.cpu, m.peak_mb) for m in mine if m.households == size]
        lines.append(Line(size, len(runs), *(median(v) for v in zip(*runs, strict=True))))
    return lines


HEAD = (
    f"{'engine':<7} {'overlaps':<8} {'households':>10} {'rounds':>6} {'seconds':>8} {'power':>6}"
    f" {'cpu':>8} {'power':>6} {'cpu us each':>11} {'peak MB':>8}"
)


def show(found: list[Measurement]) -> bool:
    """Prints medians, growth and bars; true when every bar that could be measured is kept."""
    print(HEAD)
    bars: list[tuple[str, float, float]] = []
    for engine, overlaps in sorted({(m.engine, m.overlaps) for m in found}):
        name = f"{engine:<7} {'with' if overlaps else 'without':<8}"
        lines = medians(found, engine, overlaps)
        for before, line in zip([None, *lines], lines, strict=False):
            clock = cpu = ""
            if before:
                clock, cpu = (
                    f"{power((before.households, one), (line.households, other)):.2f}"
                    for one, other in ((before.seconds, line.seconds), (before.cpu, line.cpu))
                )
            print(f"{name} {line.households:>10} {line.rounds:>6} {line.seconds:8.1f} {clock:>6}"
                  f" {line.cpu:8.1f} {cpu:>6} {line.cpu / line.households * 1e6:11.0f}"
                  f" {line.peak_mb:8.0f}")  # fmt: skip
        first, last = lines[0], lines[-1]
        bars.append((f"{name} peak MB", last.peak_mb, MOST_MB[engine]))
        if first is not last:
            grown = power((first.households, first.cpu), (last.households, last.cpu))
            bars.append((f"{name} power of cpu over all", grown, MOST_POWER))
    for what, value, most in bars:
        print(f"{what}: {value:.2f} (bar {most:.2f}: {'kept' if value <= most else 'MISSED'})")
    return all(value <= most for __, value, most in bars)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--engines", nargs="*", default=ENGINES, choices=ENGINES)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--overlaps", choices=["with", "without", "both"], default="both")
    parser.add_argument("--show", action="store_true", help="measure nothing")
    given = parser.parse_args()
    folder: Path = given.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "measurements.jsonl"
    if not given.show:
        prove()
        for size in given.sizes:
            home = home_of(folder, size)
            for engine in given.engines:
                warm(home, engine)
                for overlaps in [False] * given.rounds + [True]:
                    if given.overlaps in ("both", "with" if overlaps else "without"):
                        found = screen(home, size, engine, overlaps=overlaps)
                        with kept.open("a") as file:
                            file.write(json.dumps(asdict(found)) + "\n")
                        print(found, file=sys.stderr, flush=True)
            agree(home, size, given.engines)
    lines = kept.read_text().splitlines() if kept.exists() else []
    return 0 if show([Measurement(**json.loads(line)) for line in lines]) else 1


if __name__ == "__main__":
    sys.exit(main())
