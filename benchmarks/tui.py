"""The clerk's screen on a real pseudo-terminal, beside a bare Textual program: bytes, time, memory.

    python benchmarks/tui.py [--home DIR --operator NO [--cases N]] [--switches N]

Without --home it makes a county of 300 households with sixty cases; with it, --cases first takes in
so many families of that home by whatever departments are installed. 80 x 24, 16 colours. Bytes and
times are the worst of ten; memory is resident, before and after N switches of screens, and after
each part of a day's work.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from pty_screen import Terminal, terminal_env  # type: ignore[import-not-found]
from tui_day import BARE_DAY, SCREENS, bare_day, cases_of, day

MAIN = [sys.executable, "-c", "from yimen.cli import main; main()"]
F2, F3, F5, F6, DOWN = "\x1bOQ", "\x1bOR", "\x1b[15~", "\x1b[17~", "\x1b[B"
F7, F8, F9 = "\x1b[18~", "\x1b[19~", "\x1b[20~"
DAY = "2026-11-20"
BARE = """
from textual.app import App
from textual.widgets import DataTable, Footer, Header

class Bare(App):
    def compose(self):
        yield Header(); yield DataTable(cursor_type="row"); yield Footer()
    def on_mount(self):
        table = self.query_one(DataTable)
        table.add_columns(*(f"column {n}" for n in range(8)))
        table.add_rows([[f"cell {row}"] * 8 for row in range(200)])

Bare().run(mouse=False)
"""
# What the screen promises: bytes, milliseconds, times as much as the bare program.
BARS = {
    "first paint, bytes": 7000,
    "cursor move, bytes": 650,
    "typed character, bytes": 130,
    "open a form, bytes": 6000,
    "idle for 5 s, bytes": 0,
    "cursor move, ms": 50,
    "typed character, ms": 50,
    "open a screen, ms": 500,
    "first useful paint, times bare": 1.5,
    "memory, times bare": 1.3,
    "memory after the day, times bare after as many screens": 1.3,
    "memory after the switches, times after 20": 1.05,
}


def made_home(folder: Path) -> Path:
    """A county of 300 households, in which the window has taken in sixty families."""
    home = folder / "home"
    env = {**os.environ, "YIMEN_HOME": str(home), "YIMEN_TODAY": DAY, "YIMEN_LANG": "zh_CN"}

    def run(*words: str) -> None:
        subprocess.run([*MAIN, *words], env=env, check=True, stdout=subprocess.DEVNULL)

    run("synth", str(folder / "county"), "--households", "300", "--seed", "1")
    run("init", "--synthetic")
    run("source", "load", "--all", str(folder / "county"))
    run("operator", "add", "window", "--name", "王秀英", "--role", "county")
    take_in(home, 60)
    return home


def take_in(home_path: Path, count: int) -> None:
    """Opens applications by the casework's own functions, two of three complete and checked."""
    from datetime import date

    from yimen.core.casework.check import check_application
    from yimen.core.casework.dispatch import dispatch
    from yimen.core.casework.household import show_household
    from yimen.core.casework.intake import open_application
    from yimen.core.casework.operators import sit_down
    from yimen.core.casework.papers import PaperKind, Papers, seen
    from yimen.core.errors import YimenError
    from yimen.core.rules.catalogue import load_catalogue
    from yimen.core.store.home import open_home

    day = date.fromisoformat(DAY)
    home = open_home(home_path, today=day)
    desk, catalogue = sit_down(home, acting_as="window"), load_catalogue(home_path / "cache")
    kinds: tuple[PaperKind, ...] = ("authorisation", "pledge")
    papers = Papers({k: seen(desk, k, day) for k in kinds}, day, day.replace(year=day.year + 1))
    for number in range(1, count + 1):
        family = show_household(desk, catalogue, f"H{number:07d}", unmask=True).household
        whole = next((m.id_number for m in family.members if m.id_number), None)
        if whole is None:
            continue
        try:
            result = open_application(
                desk, catalogue, whole, papers=papers if number % 3 else None
            )  # fmt: skip
            if number % 3:
                result = answered_in_full(desk, catalogue, result)
            if result.state == "accepted":
                check_application(desk, catalogue, result.application_no)
                dispatch(desk, catalogue, result.application_no)
        except YimenError as refusal:
            print(f"H{number:07d}: {refusal}", file=sys.stderr)
    home.close()


def answered_in_full(desk: Any, catalogue: Any, result: Any) -> Any:
    """Answers what no register holds with nought, no or the first code, until nothing is open."""
    from yimen.core.casework.completion import questions
    from yimen.core.casework.intake import Answer, continue_application

    plain = {"boolean": False, "integer": 0, "money": 0, "number": 0}
    while asked := questions(desk, catalogue, result.application_no):
        answers = [
            Answer(
                None if q.subject == result.household_no else q.subject,
                q.fact,
                next(iter(q.codes)) if q.codes else plain[q.type],
            )
            for q in asked
        ]
        result = continue_application(desk, catalogue, result.application_no, answers=answers)
    return result


def opened(home: Path, operator: str) -> Terminal:
    """The clerk's screen in a terminal of its own."""
    words = [*MAIN, "--as", operator, "tui"]
    # A home of another catalogue is read by the departments that its registers were loaded with.
    own = {name: os.environ[name] for name in ("PYTHONPATH", "YIMEN_DEPARTMENTS")
           if name in os.environ}  # fmt: skip
    return Terminal(words, terminal_env(home, YIMEN_LANG="zh_CN", YIMEN_TODAY=DAY, **own))


def first_paint(start: Callable[[], Terminal], words: str) -> tuple[float, int, int]:
    """(seconds to the first row, bytes, memory in KiB), the best time of five."""
    best, received, memory = 60.0, 0, 0
    for __ in range(5):
        begun = time.monotonic()
        with start() as terminal:
            terminal.until(words, poll=0.005)
            best = min(best, time.monotonic() - begun)
            terminal.read(0.5)
            received, memory = len(terminal.received), terminal.memory()
    return best, received, memory


def answered(terminal: Terminal, key: str) -> tuple[float, int]:
    """(milliseconds until the last byte of the answer, bytes) of one key."""
    terminal.read(0.1)
    begun = time.monotonic()
    terminal.type(key)
    received = terminal.read_once(5.0)
    last = time.monotonic()
    while piece := terminal.read_once(0.25):
        received += piece
        last = time.monotonic()
    return (last - begun) * 1000, len(received)


def worst(terminal: Terminal, *keys: str) -> tuple[float, int]:
    """The worst milliseconds and bytes of several keys."""
    found = [answered(terminal, key) for key in keys]
    return max(ms for ms, __ in found), max(size for __, size in found)


def measure(home: Path, operator: str, switches: int) -> dict[str, float]:
    """All figures of the screen, as BARS names them."""
    found: dict[str, float] = {}
    bare = [sys.executable, "-c", BARE]
    bare_time, __, bare_memory = first_paint(lambda: Terminal(bare, terminal_env(home)), "cell 1")
    seconds, size, memory = first_paint(lambda: opened(home, operator), "2026-0000")
    found["first paint, bytes"] = size
    found["first useful paint, times bare"] = seconds / bare_time
    found["memory, times bare"] = memory / bare_memory
    with opened(home, operator) as terminal:
        terminal.until("F10")
        found["cursor move, ms"], found["cursor move, bytes"] = worst(terminal, *[DOWN] * 10)
        opening = [answered(terminal, key) for key in (F6, F5, F7, F8, F2)]
        # All that can be done now on the desk, then the chosen case's own list.
        terminal.type(F9)
        terminal.read(0.5)
        opening.append(answered(terminal, "3"))
        opening.append(answered(terminal, "\r"))
        terminal.type(F2)
        terminal.read(0.5)
        terminal.type(F3)
        terminal.until("A42")
        typed = worst(terminal, *"1234567890")
        found["typed character, ms"], found["typed character, bytes"] = typed
        terminal.type("\x15H299\r")
        terminal.until("H0000299")
        ms, found["open a form, bytes"] = answered(terminal, "n")
        found["open a screen, ms"] = max(ms, *(ms for ms, __ in opening))
        terminal.read(0.5)
        found["idle for 5 s, bytes"] = len(terminal.read_for(5.0))
        for number in range(switches):
            terminal.type((F2, F3, F6, F5)[number % 4])
            terminal.read(0.02)
            if number == 20:
                found["memory after 20 switches, MB"] = terminal.memory() / 1024
        terminal.read(1.0)
        after = terminal.memory()
        found[f"memory after {switches} switches, MB"] = after / 1024
        early = found["memory after 20 switches, MB"]
        found["memory after the switches, times after 20"] = after / 1024 / early
        found["memory after the switches, times bare"] = after / bare_memory
    shown = bare_day(
        lambda: Terminal([sys.executable, "-c", BARE_DAY], terminal_env(home)), SCREENS
    )
    with opened(home, operator) as terminal:
        terminal.until("F10")
        after_parts = day(terminal, cases_of(home))
    for part, (working, rested) in after_parts.items():
        found[f"  {part}, MB"] = working / 1024
        found[f"  {part}, rested, MB"] = rested / 1024
    found["bare memory after as many screens, MB"] = shown / 1024
    found["memory after the day, times bare after as many screens"] = rested / shown
    found["memory after the day, times bare at first"] = rested / bare_memory
    found["first useful paint, s"] = seconds
    found["bare first useful paint, s"] = bare_time
    found["bare memory, MB"] = bare_memory / 1024
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--operator", default="window")
    parser.add_argument("--switches", type=int, default=500)
    parser.add_argument("--json", action="store_true", help="figures as one JSON object")
    parser.add_argument("--cases", type=int, default=0, help="families of --home to take in first")
    given = parser.parse_args()
    # An installed program has its bytecode; a terminal of the tests writes none.
    root = Path(__file__).resolve().parent.parent
    for room in ("commands", "core", "plugins", "tui"):
        compileall.compile_dir(root / room, quiet=1)
    with tempfile.TemporaryDirectory() as folder:
        home = given.home or made_home(Path(folder))
        if given.cases:
            take_in(home, given.cases)
        found = measure(home, given.operator, given.switches)
    if given.json:
        print(json.dumps(found))
        return
    late: list[Any] = []
    for name, figure in found.items():
        bar = BARS.get(name)
        told = "" if bar is None else f"  at most {bar:g}"
        late += [name] if bar is not None and figure > bar else []
        print(f"{name:<56}{figure:>10.2f}{told}{'  MISSED' if name in late else ''}")
    sys.exit(1 if late else 0)


if __name__ == "__main__":
    main()
