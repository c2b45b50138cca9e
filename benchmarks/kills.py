"""Kills a screening at random moments, lets it go on, and proves that nothing shows of it.

Each time a process is sent SIGKILL somewhere between its start and its end, the same command is
given again and must end by itself; its file and its overlaps are compared byte by byte with those
of an undisturbed run in a copy of the home, and the journal is verified. Exits with 1 at the first
difference.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from county import YIMEN, loaded_county

QUIET = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def runs_in(home: Path) -> set[Path]:
    """The folders of a home's runs."""
    return set((home / "runs").glob("*"))


def kept(home: Path, before: set[Path]) -> int:
    """What a killed run left on disk: Parquet parts, or bytes of a results file."""
    found = 0
    for run in runs_in(home) - before:
        found += len(list(run.glob("part-*.parquet")))
        found += sum(file.stat().st_size for file in run.glob("results.db*"))
    return found


def killed(words: list[str], after: float) -> bool:
    """Starts a command and kills it after so many seconds; false when it had ended by then."""
    child = subprocess.Popen(words, **QUIET)  # type: ignore[call-overload]
    try:
        child.wait(timeout=after)
    except subprocess.TimeoutExpired:
        child.send_signal(signal.SIGKILL)
        child.wait()
    return bool(child.returncode == -signal.SIGKILL)


def overlaps(home: Path) -> bytes:
    """All overlaps of a home as they are listed."""
    words = [YIMEN, "--home", str(home), "overlaps", "list", "--state", "all", "--format", "jsonl"]
    return subprocess.run(words, check=True, capture_output=True).stdout


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--households", type=int, default=5000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--engine", choices=["duckdb", "sqlite"], default="sqlite")
    parser.add_argument("--chunk", type=int, help="households of a part; an eighth of the county")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    os.environ["YIMEN_LANG"] = "en"
    chance = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as folder:
        loaded_county(folder, given.households)
        home, chunk = Path(folder, "home"), given.chunk or max(1, given.households // 8)
        undisturbed, out = Path(folder, "undisturbed.csv"), Path(folder, "killed.csv")
        words = [YIMEN, "screen", "--engine", given.engine, "--chunk", str(chunk), "--out"]
        copy = Path(folder, "copy")
        shutil.copytree(home, copy)
        started = time.perf_counter()
        subprocess.run([*words, str(undisturbed)], check=True, capture_output=True,
                       env=os.environ | {"YIMEN_HOME": str(copy)})  # fmt: skip
        whole = time.perf_counter() - started
        hits = overlaps(copy)
        print(f"{given.households} households, {given.engine}, parts of {chunk}, {whole:.1f} s")
        print(f"{len(hits.splitlines())} overlaps are found")
        done = 0
        while done < given.kills:
            after, before = chance.uniform(0, whole), runs_in(home)
            if not killed([*words, str(out)], after):
                out.unlink(missing_ok=True)
                continue
            done += 1
            half = out.exists() and out.read_bytes() != undisturbed.read_bytes()
            there = kept(home, before)
            again = subprocess.run([*words, str(out)], check=False, capture_output=True, text=True)
            same = again.returncode == 0 and out.read_bytes() == undisturbed.read_bytes()
            chain = subprocess.run([YIMEN, "journal", "verify"], check=False, capture_output=True)
            sound = same and not half and chain.returncode == 0 and overlaps(home) == hits
            unit = "bytes" if given.engine == "sqlite" else "parts"
            ending = "the same answers, journal whole" if sound else "DIFFERENT"
            print(
                f"kill {done:>3} after {after:6.2f} s, {there:>9} {unit} kept, then {ending}",
                flush=True,
            )
            if not sound:
                print(again.stderr, chain.stderr.decode(errors="replace"))
                return 1
            out.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
