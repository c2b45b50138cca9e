"""Whatever a department's own screen does to the program, only that screen is closed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from clerk_screen import drive, press, shown
from plugin_files import JSON_FILES, heating
from textual.events import Key

from yimen.core.casework.drafts import drafts
from yimen.core.casework.operators import sit_down
from yimen.core.store.home import open_home
from yimen.tui import typeahead

# class -> (the key that sets it off, or none; what is told)
FAULTS: dict[str, tuple[str, str]] = {
    "OnTimer": ("", "RuntimeError"), "OnKey": ("x", "RuntimeError"),
    "OnMount": ("", "RuntimeError"), "OnWorker": ("", "RuntimeError"),
    "OnThread": ("", "RuntimeError"), "OfNobody": ("", "ZeroDivisionError"),
    "OnLater": ("", "RuntimeError"), "InWidget": ("", "RuntimeError"),
    "BadStyle": ("", "StylesheetParseError"), "NoStyle": ("", "StylesheetError"),
    "Leaves": ("", "SystemExit"), "KeyLeaves": ("z", "SystemExit"),
    "Interrupts": ("z", "KeyboardInterrupt"), "AtTheEnd": ("escape", "RuntimeError"),
}  # fmt: skip
SCREENS = """
import sys

from textual.widgets import Static

from yimen import DepartmentScreen
from yimen.tui.keys import BACK, Key


class Sound(DepartmentScreen):
    KEYS = (Key("z", "Resolve", "fall"), BACK)

    def load(self):
        self.head()
        self.begin()

    def begin(self):
        pass

    def boom(self):
        raise RuntimeError("the boiler is cold")


class OnTimer(Sound):
    def begin(self):
        self.set_timer(0.01, self.boom)


class OnKey(Sound):
    def on_key(self, event):
        self.boom()


class OnMount(Sound):
    async def on_mount(self):
        self.boom()


class OnWorker(Sound):
    def begin(self):
        self.run_worker(self.work())

    async def work(self):
        self.boom()


class OnThread(Sound):
    def begin(self):
        self.run_worker(self.boom, thread=True)


class OfNobody(Sound):
    def begin(self):
        self.run_worker(nobody())


async def nobody():
    return 1 // 0


class OnLater(Sound):
    def begin(self):
        self.call_after_refresh(self.boom)


class Pipe(Static):
    def on_mount(self):
        raise RuntimeError("a pipe")


class InWidget(Sound):
    def body(self):
        yield Pipe("x")


class BadStyle(Sound):
    CSS = "Static { colour-of-moon: 3; }"


class NoStyle(Sound):
    CSS_PATH = "nowhere.tcss"


class Leaves(Sound):
    def begin(self):
        sys.exit(5)


class KeyLeaves(Sound):
    def action_fall(self):
        sys.exit(5)


class Interrupts(Sound):
    def action_fall(self):
        raise KeyboardInterrupt


class AtTheEnd(Sound):
    def on_unmount(self):
        self.boom()


class EndsAll(Sound):
    def action_fall(self):
        self.app.exit(9)
"""


@pytest.fixture
def hostile_home(empty_home: Path, install: Any) -> Path:
    """A home in which a department has declared a screen for each way to fail."""
    declared = [
        {"screen": name.lower(), "names": {"zh": name, "en": name},
         "entry": f"yimen_heating.hostile:{name}"}
        for name in (*FAULTS, "EndsAll")
    ] + [{"screen": "import", "names": {"zh": "Import", "en": "Import"},
          "entry": "yimen_heating.leaving:Any"}]  # fmt: skip
    install(
        {**heating(), "screens.json": declared, "hostile.py": SCREENS,
         "leaving.py": "raise SystemExit(3)\n"},
        code=JSON_FILES,
    )  # fmt: skip
    return empty_home


async def until(app: Any, seen: Callable[[], bool]) -> None:
    """Waits for what a screen that may close at any moment brings about."""
    for __ in range(500):
        if seen():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(shown(app))


async def fall(app: Any, screen: str, key: str = "") -> str:
    """Opens a department's screen, types what sets it off, and returns the message line after."""
    app.tell("")
    app.open_department_screen(f"heating.{screen.lower()}")
    if key:
        await until(app, lambda: len(app.pages) == 2 and app.screen.is_mounted)
        app.post_message(Key(key, key if len(key) == 1 else None))
    await until(app, lambda: "was closed." in " ".join(shown(app).split()))
    assert len(app.pages) == 1, screen
    return " ".join(shown(app).split())


def test_each_way_to_fail_closes_that_screen_and_nothing_else(hostile_home: Path) -> None:
    async def play(app: Any) -> None:
        for name, (key, kind) in FAULTS.items():
            assert f"The screen {name} failed ({kind})" in await fall(app, name, key)
        assert "The screen Import failed (SystemExit)" in await fall(app, "Import")
        await press(app, "f3")
        assert "[Family]" in shown(app)

    drive(hostile_home, "admin", play)


def test_a_key_that_a_failing_screen_ended_on_does_not_hold_up_the_next_one(
    hostile_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Longer than a test may take: whoever waits for the closed screen waits for ever.
    monkeypatch.setattr(typeahead, "_PATIENCE", 3600.0)

    async def play(app: Any) -> None:
        await fall(app, "OnKey", "x")
        await fall(app, "KeyLeaves", "z")

    drive(hostile_home, "admin", play)


def test_a_screen_that_ends_the_program_takes_no_typed_word_with_it(hostile_home: Path) -> None:
    async def play(app: Any) -> None:
        await press(app, "f7", "1", "(Visits)")
        app.open_department_screen("heating.endsall")
        app.pages[-1].action_fall()

    drive(hostile_home, "admin", play)
    home = open_home(hostile_home)
    kept = drafts(sit_down(home, acting_as="admin"))
    home.close()
    assert [draft.values["title"] for draft in kept] == ["Visits"]
