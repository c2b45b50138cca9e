"""The clerk's screen inside tmux: the same lines on each terminal, detached, and in any size."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import MAIN, TODAY, Runner
from pty_screen import Terminal, terminal_env
from screens import FOLDER, lasting, width_of

TMUX = shutil.which("tmux")
pytestmark = pytest.mark.skipif(TMUX is None, reason="tmux is not installed")
# Reset, bold, underline, reverse, and the terminal's own two colours: what is said without any.
PLAIN = {0, 1, 4, 7, 39, 49}


class Tmux:
    """A tmux server of its own with one window, in which the clerk's screen runs."""

    def __init__(self, folder: Path, home: Path, **env: str) -> None:
        self._words = [str(TMUX), "-u", "-S", str(folder / "socket"), "-f", "/dev/null"]
        self.env = terminal_env(home)
        inside = terminal_env(home, **env)
        words = [*MAIN, *Runner(home, TODAY.isoformat(), "window").words("tui")]
        settings = shlex.join(["env", "-i", *(f"{k}={v}" for k, v in inside.items()), *words])
        self("new-session", "-d", "-s", "clerk", "-x", "80", "-y", "24", settings)
        self("set-option", "-g", "status", "off")
        self("resize-window", "-t", "clerk", "-x", "80", "-y", "24")

    def __call__(self, *words: str) -> str:
        done = subprocess.run(
            [*self._words, *words], env=self.env, check=True, capture_output=True, text=True
        )
        return done.stdout

    def attached(self) -> Terminal:
        """A client of the session, in a terminal of its own."""
        return Terminal([*self._words, "attach-session", "-t", "clerk"], self.env)

    @property
    def pane(self) -> str:
        """What the window shows."""
        lines = self("capture-pane", "-p", "-t", "clerk").split("\n")
        return "\n".join(line.rstrip() for line in lines).rstrip() + "\n"

    def until_it_is(self, screen: str) -> None:
        """Waits until the window shows this screen, and fails with what it shows instead."""
        end = time.monotonic() + 20
        while lasting(self.pane) != screen and time.monotonic() < end:
            time.sleep(0.05)
        assert lasting(self.pane) == screen

    def ended(self) -> bool:
        """Whether the program ended, and the session with it."""
        asked = [*self._words, "has-session", "-t", "clerk"]
        return subprocess.run(asked, env=self.env, capture_output=True).returncode != 0


@pytest.fixture
def tmux(tmp_path: Path, working_home: Path, request: pytest.FixtureRequest) -> Iterator[Tmux]:
    """The window's desk on a terminal as the test names it."""
    server = Tmux(tmp_path, working_home, **request.param)
    yield server
    if not server.ended():
        server("kill-server")


def snapshot(name: str) -> str:
    """The screen as `make screens` wrote it."""
    return (FOLDER / f"{name}.en.txt").read_text("utf-8")


@pytest.mark.parametrize(
    "tmux",
    [{"TERM": "screen-256color"}, {"TERM": "xterm"}, {"TERM": "screen-256color", "NO_COLOR": "1"}],
    ids=["screen-256color", "xterm", "no-color"],
    indirect=True,
)
def test_tmux_shows_the_screens_after_a_detachment_and_in_another_size(
    tmux: Tmux, request: pytest.FixtureRequest
) -> None:
    tmux.until_it_is(snapshot("worklist"))
    tmux("send-keys", "-t", "clerk", "F3")
    tmux("send-keys", "-t", "clerk", "-l", "H12")
    tmux("send-keys", "-t", "clerk", "Enter")
    family = snapshot("household-members")
    tmux.until_it_is(family)
    for __ in range(2):
        with tmux.attached() as client:
            client.until("[1 Members]")
            tmux("detach-client", "-s", "clerk")
            assert client.wait() == 0
        tmux.until_it_is(family)
    tmux("resize-window", "-t", "clerk", "-x", "132", "-y", "43")
    in_large(tmux)
    tmux("resize-window", "-t", "clerk", "-x", "80", "-y", "24")
    tmux.until_it_is(family)
    styles = re.findall(r"\x1b\[([0-9;]*)m", tmux("capture-pane", "-e", "-p", "-t", "clerk"))
    numbers = {int(n or 0) for style in styles for n in style.split(";")}
    assert 7 in numbers
    if "no-color" in request.node.name:
        assert numbers <= PLAIN
    tmux("send-keys", "-t", "clerk", "F10")
    end = time.monotonic() + 10
    while not tmux.ended() and time.monotonic() < end:
        time.sleep(0.05)
    assert tmux.ended()


def in_large(tmux: Tmux) -> None:
    """A larger window is filled to its last line, and its lines stay within it."""
    end = time.monotonic() + 20
    while tmux.pane.count("\n") != 43 and time.monotonic() < end:
        time.sleep(0.05)
    lines = tmux.pane.splitlines()
    assert len(lines) == 43
    assert lines[-1].startswith("F1Help F2Work F3Family")
    assert "[1 Members]" in lines[2]
    assert max(map(width_of, lines)) <= 132
    # The title bar's right end has gone to the right edge.
    assert width_of(lines[1]) > 80
