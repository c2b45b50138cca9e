"""Times commands side by side: rounds interleaved, medians, and the ratio to a yardstick.

Machines are shared and noisy: read the ratios, not the milliseconds.
"""

from __future__ import annotations

import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence


def medians(commands: Mapping[str, Sequence[str]], rounds: int) -> dict[str, float]:
    """Median seconds per command; one warming round goes first and is not counted."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, words in commands.items():
            started = time.perf_counter()
            subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            if number:
                times[name].append(time.perf_counter() - started)
    return {name: statistics.median(values) for name, values in times.items()}


def show(found: Mapping[str, float], yardstick: str, limits: Mapping[str, float]) -> bool:
    """Prints seconds and ratios to the yardstick; true when every limited ratio is kept."""
    kept = True
    for name, seconds in found.items():
        ratio = seconds / found[yardstick]
        limit = limits.get(name)
        mark = (
            "" if limit is None else f"  (bar {limit:g}: {'kept' if ratio <= limit else 'MISSED'})"
        )
        kept = kept and (limit is None or ratio <= limit)
        print(f"{name:<28} {seconds * 1000:8.1f} ms  {ratio:6.2f} x{mark}")
    return kept
