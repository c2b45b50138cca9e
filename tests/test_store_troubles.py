"""Trouble under the store: no right to write, damage, disks and mounts, each in one sentence."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from yimen.core.errors import BadFile, Busy, HomeReadOnly, Refused
from yimen.core.store.connection import explain, spilling
from yimen.core.store.home import kind_of_mount, open_home

# The account changes after a first run, since it may not be able to read this machine's Python.
AS_SOMEBODY_ELSE = """
import os, sys
from yimen.cli import run
from yimen.core.rules.catalogue import load_catalogue
warm, home, *words = sys.argv[1:]
run(["--home", warm, *words])
run(["--home", warm + "/again", *words])
sys.stdout.flush()
sys.stderr.write("-- now --\\n")
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
sys.exit(run(["--home", home, *words]))
"""


def as_somebody_else(warm: Path, home: Path, *words: str) -> tuple[int, str]:
    """Runs a command under an account that is not root; its exit code and stderr."""
    done = subprocess.run(
        [sys.executable, "-c", AS_SOMEBODY_ELSE, str(warm), str(home), *words],
        capture_output=True, text=True, timeout=60, check=False, cwd="/",
    )  # fmt: skip
    return done.returncode, done.stderr.partition("-- now --\n")[2]


@pytest.fixture
def public_copy(empty_home: Path) -> Iterator[Path]:
    """A copy of a home that any account can reach, and read but not write."""
    top = Path(tempfile.mkdtemp(prefix="yimen-test-"))
    top.chmod(0o755)
    home = Path(shutil.copytree(empty_home, top / "home"))
    for path in home.rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    home.chmod(0o555)
    yield home
    home.chmod(0o755)
    for path in home.rglob("*"):
        path.chmod(0o755)
    shutil.rmtree(top)


def test_a_home_that_the_account_cannot_write_is_exit_code_four(
    empty_home: Path, public_copy: Path
) -> None:
    before = {p: p.read_bytes() for p in public_copy.rglob("*") if p.is_file()}
    for words in (["operator", "list"], ["source", "list"], ["doctor"]):
        code, said = as_somebody_else(empty_home, public_copy, *words)
        assert code == 4, said
        assert said.startswith(f"{public_copy}: The home cannot be written. Check who owns ")
        assert said.count("\n") == 1
    assert {p: p.read_bytes() for p in public_copy.rglob("*") if p.is_file()} == before


def test_a_home_that_the_account_cannot_even_enter_is_exit_code_four(
    empty_home: Path, public_copy: Path
) -> None:
    public_copy.chmod(0)
    code, said = as_somebody_else(empty_home, public_copy, "operator", "list")
    assert code == 4, said
    assert said.startswith(f"{public_copy}: The home cannot be written. ")
    assert said.count("\n") == 1


def test_a_home_cannot_be_made_where_the_account_may_not_write(
    empty_home: Path, public_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YIMEN_DEPARTMENTS", "none")
    deeper = public_copy / "deeper"
    code, said = as_somebody_else(empty_home, deeper, "init", "--synthetic")
    assert code == 4, said
    assert said.startswith(f"{deeper}: The folder cannot be made: ")
    assert not deeper.exists()


READ_ONLY_DISK = """
mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" || exit 99
shift
exec "$@"
"""


def test_a_home_on_a_read_only_disk_is_exit_code_four(yimen: Any) -> None:
    command = [sys.executable, "-c", "from yimen.cli import main; main()"]
    try:
        done = subprocess.run(
            ["unshare", "--mount", "sh", "-c", READ_ONLY_DISK, "sh", str(yimen.home),
             *command, *yimen.words("operator", "list")],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    except FileNotFoundError:
        pytest.skip("no unshare on this machine")
    if done.returncode == 99 or "unshare failed" in done.stderr:
        pytest.skip("this account may not mount")
    assert done.returncode == 4, done
    assert "The home cannot be written." in done.stderr


def test_a_damaged_database_is_a_sentence_that_names_the_backup(yimen: Any) -> None:
    path = yimen.home / "registers.db"
    words = ["check", "--all", "--engine", "sqlite", "--columns", "household_no"]
    household = yimen.json(*words)[0]["household_no"]
    content = bytearray(path.read_bytes())
    content[:4096] = b"\x00" * 4096
    path.write_bytes(content)
    said = yimen.process("household", "show", household, code=5)
    assert "damaged" in said.err
    (yimen.home / "casework.db").write_bytes(b"this is a text and no database at all" * 200)
    for name in ("casework.db-wal", "casework.db-shm"):
        (yimen.home / name).unlink(missing_ok=True)
    assert "damaged" in yimen.process("operator", "list", code=5).err


@pytest.mark.parametrize(
    "message, kind",
    [
        ("database is locked", Busy),
        ("attempt to write a readonly database", HomeReadOnly),
        ("unable to open database file", HomeReadOnly),
        ("database or disk is full", Refused),
        ("disk I/O error", Refused),
        ("database disk image is malformed", BadFile),
        ("file is not a database", BadFile),
    ],
)
def test_each_trouble_of_sqlite_has_its_error(message: str, kind: type[Exception]) -> None:
    known = explain(sqlite3.OperationalError(message), Path("/home"))
    assert type(known) is kind
    assert str(known).startswith("/home: ")


def test_what_is_a_bug_stays_a_bug() -> None:
    assert explain(sqlite3.OperationalError("no such column: x")) is None
    assert explain(sqlite3.IntegrityError("UNIQUE constraint failed: a.b")) is None


MOUNTS = """\
/dev/vda / ext4 rw,relatime 0 0
proc /proc proc rw 0 0
server:/export /mnt/share nfs4 rw 0 0
//server/a /mnt/with\\040space cifs rw 0 0
/dev/vdb /mnt/share/local ext4 rw 0 0
me@host:/ /home/me/far fuse.sshfs rw 0 0
"""


@pytest.mark.parametrize(
    "path, kind",
    [
        ("/srv/home", "ext4"),
        ("/mnt/share", "nfs4"),
        ("/mnt/share/yimen/home", "nfs4"),
        ("/mnt/shared", "ext4"),
        ("/mnt/share/local/home", "ext4"),
        ("/mnt/with space/home", "cifs"),
        ("/home/me/far/home", "fuse.sshfs"),
    ],
)
def test_the_disk_of_a_folder_is_the_deepest_mount_above_it(path: str, kind: str) -> None:
    assert kind_of_mount(Path(path), MOUNTS) == kind


def test_the_environment_never_decides_which_account_works(
    yimen: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from yimen.core.casework.doors import os_account

    real = os_account()
    for name in ("USER", "LOGNAME", "SUDO_USER"):
        monkeypatch.setenv(name, "somebody")
    assert os_account() == real
    assert os.getuid() >= 0
    yimen("operator", "list")


def unnamed_files() -> list[str]:
    """Files of this process that have no name any more."""
    found = []
    for number in os.listdir("/proc/self/fd"):
        with suppress(FileNotFoundError):
            found.append(os.readlink(f"/proc/self/fd/{number}"))
    return [name for name in found if name.endswith(" (deleted)")]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux tells open files")
def test_what_a_load_sorts_goes_to_files_in_the_home_and_not_to_memory(empty_home: Path) -> None:
    home = open_home(empty_home)
    registers, folder = home.registers, str(empty_home)
    fill = "INSERT INTO temp.many VALUES (zeroblob(1000000))"
    with spilling(registers, empty_home):
        registers.conn.execute("CREATE TEMP TABLE many (content BLOB)")
        for __ in range(100):
            registers.conn.execute(fill)
        registers.conn.commit()
        assert any(name.startswith(folder) for name in unnamed_files())
    assert not any(name.startswith(folder) for name in unnamed_files())
    # A check's own selections are in memory, as before.
    registers.conn.execute("CREATE TEMP TABLE many (content BLOB)")
    for __ in range(100):
        registers.conn.execute(fill)
    assert not any(name.startswith(folder) for name in unnamed_files())
    home.close()
