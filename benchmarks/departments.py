"""What nine departments add to a command that needs the catalogue, and to one that does not.

Each pair is the same command with no department and with all of them, side by side in one run; the
catalogue is cached, as it is from the second command on. The last lines tell what the first costs.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from county import YIMEN, loaded_county
from side_by_side import medians

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 9
BAR_MS = 150.0


def with_departments(names: str, *words: str) -> list[str]:
    return ["env", f"YIMEN_DEPARTMENTS={names}", YIMEN, *words]


def main() -> int:
    from yimen.core.departments import installed_department_names
    from yimen.core.rules.catalogue import build

    every = ",".join(installed_department_names())
    with tempfile.TemporaryDirectory() as folder:
        truth = loaded_county(folder, 300)
        person, household = truth["stories"][0]["id_number"], truth["stories"][0]["household_no"]
        pairs = {
            "--help": ("none", ["--help"]),
            "programme list": ("none", ["programme", "list"]),
            "query ID": ("civil", ["query", person]),
        }
        for few, __ in pairs.values():
            shutil.copytree(f"{folder}/home", f"{folder}/{few}", dirs_exist_ok=True)
        commands = {}
        for name, (few, words) in pairs.items():
            # A home caches one catalogue, so each set has a home of its own.
            commands[f"{name}, few"] = with_departments(few, f"--home={folder}/{few}", *words)
            commands[f"{name}, all"] = with_departments(every, f"--home={folder}/home", *words)
        commands["check --household, all"] = with_departments(
            every, f"--home={folder}/home", "check", "--household", household
        )
        found = medians(commands, ROUNDS)
        cache = Path(os.environ["YIMEN_HOME"]) / "cache"
        size = sum(f.stat().st_size for f in cache.glob("*.json"))
    kept = True
    for name in pairs:
        without, full = found[f"{name}, few"] * 1000, found[f"{name}, all"] * 1000
        added = full - without
        kept = kept and added < BAR_MS
        word = "kept" if added < BAR_MS else "MISSED"
        print(f"{name:<24} {without:7.1f} -> {full:7.1f} ms  {added:+7.1f}  (bar 150: {word})")
    print(f"check --household, all   {found['check --household, all'] * 1000:7.1f} ms")
    began = time.perf_counter()
    catalogue = build(installed_department_names())
    seconds = time.perf_counter() - began
    sizes = f"{len(catalogue.programmes)} programmes, {len(catalogue.facts)} facts"
    print(f"built anew: {sizes} in {seconds:.2f} s; cache {size // 1024} KB")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
