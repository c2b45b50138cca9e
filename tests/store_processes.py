"""Processes that start together on one home, and one that holds its lock."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

TODAY = date(2026, 11, 20)
TOGETHER = """
import sys
from yimen.cli import run
import yimen.commands.{module}, yimen.core.casework.operators, yimen.core.casework.setup
import yimen.core.store.migrations, yimen.core.rules.catalogue
print("ready", flush=True)
sys.stdin.readline()
sys.exit(run({words!r}))
"""


def start_together(count: int, module: str, words: list[str]) -> list[subprocess.Popen[str]]:
    """Starts the same command in so many processes, which all wait until all are ready."""
    children = [
        subprocess.Popen(
            [sys.executable, "-c", TOGETHER.format(module=module, words=words)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for __ in range(count)
    ]
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    return children


def ended(children: list[subprocess.Popen[str]]) -> list[tuple[int, str, str]]:
    """Exit code, stdout and stderr of each."""
    left = [child.communicate(timeout=60) for child in children]
    return [(c.returncode, out, err) for c, (out, err) in zip(children, left, strict=True)]
