"""A clerk over a real ssh line: the key names the operator, and there is nothing else behind it."""

from __future__ import annotations

import getpass
import os
import shlex
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import MAIN, TODAY, Runner
from pty_screen import Terminal

from yimen.core.casework.doors import fingerprint
from yimen.core.casework.drafts import drafts
from yimen.core.casework.operators import sit_down
from yimen.core.store.home import open_home

SSHD = shutil.which("sshd") or "/usr/sbin/sshd"
pytestmark = pytest.mark.skipif(
    not Path(SSHD).exists() or shutil.which("ssh") is None, reason="openssh is not installed"
)


class Server:
    """An sshd on a port of its own, with one key whose command is the clerk's screen."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder, self.home = folder, home
        for name in ("host", "clerk", "stranger"):
            subprocess.run(
                ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True
            )
        # Its key is the operator's own, and needs no `--as`.
        Runner(home)("operator", "open", "window", "--ssh-key", folder / "clerk.pub")
        words = Runner(home, TODAY.isoformat()).words("tui")
        command = f"YIMEN_LANG=en {shlex.join([*MAIN, *words])}"
        key = (folder / "clerk.pub").read_text()
        # As docs/operations.md has it.
        (folder / "authorized_keys").write_text(f'restrict,pty,command="{command}" {key}')
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        (folder / "sshd_config").write_text(
            f"Port {self.port}\nListenAddress 127.0.0.1\nHostKey {folder / 'host'}\n"
            f"AuthorizedKeysFile {folder / 'authorized_keys'}\nPidFile {folder / 'pid'}\n"
            "StrictModes no\nUsePAM no\nPasswordAuthentication no\nSetEnv LANG=C.UTF-8\n"
            "PermitRootLogin yes\nExposeAuthInfo yes\n"
        )
        Path("/run/sshd").mkdir(exist_ok=True)
        self.process = subprocess.Popen(
            [SSHD, "-D", "-E", folder / "log", "-f", folder / "sshd_config"]
        )
        self._wait()

    def _wait(self) -> None:
        end = time.monotonic() + 10
        while time.monotonic() < end:
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        self.process.kill()
        raise AssertionError((self.folder / "log").read_text())

    def words(self, *more: str, key: str = "clerk") -> list[str]:
        return [
            "ssh", "-p", str(self.port), "-i", str(self.folder / key), "-F", "none",
            "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no",
            "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", *more,
        ]  # fmt: skip

    def clerk(self, *asked: str) -> Terminal:
        """A terminal whose line is ssh."""
        env = {"PATH": os.environ["PATH"], "TERM": "xterm", "HOME": str(self.folder)}
        return Terminal(self.words("-tt", f"{getpass.getuser()}@127.0.0.1", *asked), env)


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, _pristine_loaded_home: Path
) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("ssh")
    made = Server(folder, Path(shutil.copytree(_pristine_loaded_home, folder / "home")))
    yield made
    made.process.terminate()
    made.process.wait(timeout=10)


def test_the_key_fixes_the_operator_whatever_the_clerk_asks_for(server: Server) -> None:
    with server.clerk("yimen --as admin journal show; /bin/sh") as line:
        shown = line.until("F10Leave", 40)
        assert "(window)" in shown.splitlines()[0]
        line.type("\x1b[21~")
        assert line.wait() == 0
    home = open_home(server.home, today=TODAY)
    acts = home.casework.conn.execute(
        "SELECT account FROM journal WHERE operator = 'window'"
    ).fetchall()
    home.close()
    assert acts
    assert set(acts) == {(fingerprint((server.folder / "clerk.pub").read_text()),)}


def test_without_a_terminal_there_is_a_sentence_and_no_shell(server: Server) -> None:
    done = subprocess.run(
        server.words(f"{getpass.getuser()}@127.0.0.1", "id"),
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 4
    assert "uid=" not in done.stdout
    assert "terminal" in done.stderr


def test_the_key_opens_no_tunnel_into_the_office(server: Server) -> None:
    refused = "-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:1"
    done = subprocess.run(
        server.words(*refused, f"{getpass.getuser()}@127.0.0.1"),
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 255
    assert "forwarding" in done.stderr


def test_another_key_opens_nothing(server: Server) -> None:
    done = subprocess.run(
        server.words(f"{getpass.getuser()}@127.0.0.1", key="stranger"),
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 255
    assert "denied" in done.stderr


def test_a_dropped_line_keeps_the_half_filled_form(server: Server, truth: object) -> None:
    number = truth["stories"]["eligible"]["id_number"]  # type: ignore[index]
    with server.clerk() as line:
        line.until("F10Leave", 40)
        line.type("\x1bOR")
        line.until("ID number or case number")
        line.type(f"{number}\r")
        line.until("Members")
        line.type("n")
        line.until("Pledge")
        line.type(" \r \r\r/srv/scans/12.pdf")
        line.until("12.pdf")
        os.kill(line.pid, signal.SIGKILL)
    # What was left is kept at once; the last field as soon as the server notices the dead line.
    scan, end = "", time.monotonic() + 15
    while scan != "/srv/scans/12.pdf" and time.monotonic() < end:
        time.sleep(0.1)
        home = open_home(server.home, today=TODAY)
        (draft,) = drafts(sit_down(home, acting_as="window"))
        scan = draft.values["scan"]
        home.close()
    assert (draft.form, scan) == ("intake", "/srv/scans/12.pdf")
