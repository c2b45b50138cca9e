"""The screen of a clerk that keys drive, on a copy of the county in the middle of its day."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import TODAY
from screens import SIZE, screen_text

from yimen.core.casework.operators import sit_down
from yimen.core.rules.catalogue import load_catalogue, load_names
from yimen.core.store.home import Home, open_home

Scene = Callable[[Any], Awaitable[None]]


def drive(path: Path, operator: str, play: Scene) -> None:
    """Opens the program for an operator, without a terminal, and plays a scene in it."""
    from yimen.tui.app import ClerkApp

    home = open_home(path, today=TODAY)
    desk = sit_down(home, acting_as=operator)

    async def scene() -> None:
        cache = path / "cache"
        app = ClerkApp(desk, lambda: load_catalogue(cache), lambda: load_names(cache))
        async with app.run_test(size=SIZE):
            await settled(app)
            await play(app)
            app.exit()

    try:
        asyncio.run(scene())
    finally:
        home.close()


async def settled(app: Any) -> None:
    """Waits until all keys are handled and two drawings in a row show the same."""
    await app.typeahead.idle()
    before = ""
    for __ in range(20):
        drawn = asyncio.Event()
        app.screen.call_after_refresh(drawn.set)
        await asyncio.wait_for(drawn.wait(), 10)
        now = shown(app)
        if now == before:
            return
        before = now


async def press(app: Any, *keys: str) -> None:
    """Types keys, all at once as a fast clerk does, and waits for what they bring about.

    A text in brackets is typed as it stands.
    """
    from textual.events import Key

    for key in keys:
        for one in key[1:-1] if key.startswith("(") else [key]:
            name = {" ": "space"}.get(one, one)
            app.post_message(Key(name, one if len(one) == 1 else {"enter": "\r"}.get(one)))
    await asyncio.sleep(0)
    passed = asyncio.Event()
    app.call_later(passed.set)
    await passed.wait()
    await settled(app)


def shown(app: Any) -> str:
    """The screen as text."""
    return screen_text(app)


@pytest.fixture
def desk_home(working_home: Path, tmp_path: Path) -> Path:
    """A copy of the county for one test."""
    return Path(shutil.copytree(working_home, tmp_path / "home-of-one-test"))


def opened(path: Path, operator: str) -> tuple[Home, Any]:
    """A second clerk's desk in the same home."""
    home = open_home(path, today=TODAY)
    return home, sit_down(home, acting_as=operator)
