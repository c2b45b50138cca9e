"""A home: the folder that holds one county's cases and registers, and the way into both files.

`casework.db` is small and precious, `registers.db` large and reloadable. Every other module reaches
SQLite through a Home; none opens a file of its own.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from yimen.core.clock import Clock
from yimen.core.errors import Busy, HomeMissing, HomeReadOnly, Refused
from yimen.core.i18n import _
from yimen.core.store import schema
from yimen.core.store.connection import connect, transaction
from yimen.core.words.files import reason_of

if TYPE_CHECKING:
    from yimen.core.store.database import Database

# WAL needs shared memory, which a network file system does not give between machines.
NETWORK_FILE_SYSTEMS = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p"})


def default_path() -> Path:
    """YIMEN_HOME, else the platform's folder for user data."""
    if told := os.environ.get("YIMEN_HOME"):
        return Path(told)
    from platformdirs import user_data_path

    return Path(user_data_path("yimen", appauthor=False))


@dataclass
class Home:
    """An open home; `synthetic` homes hold invented people only and may move their clock."""

    path: Path
    clock: Clock
    settings: dict[str, str]
    casework: Database = field(repr=False)
    _registers: Database | None = field(default=None, repr=False)

    @property
    def synthetic(self) -> bool:
        """Whether this home was made with --synthetic."""
        return self.settings["synthetic"] == "1"

    @property
    def county(self) -> str:
        """The county's division code, 12 digits."""
        return self.settings["county"]

    @property
    def disabled_departments(self) -> list[str]:
        """The plugins that this home leaves out."""
        return sorted(self.settings.get("disabled_departments", "").split())

    @property
    def registers(self) -> Database:
        """registers.db, opened at first use."""
        if self._registers is None:
            self._registers = connect(self.path / "registers.db", synchronous="NORMAL")
            schema.apply(self._registers, "registers")
        return self._registers

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """An immediate transaction on casework.db."""
        with transaction(self.casework) as db:
            yield db

    @contextmanager
    def alone(self, act: str, folder: Path | None = None) -> Iterator[None]:
        """Lets one process at a time do a long act, such as loading; `Busy` when another does it.

        The lock is the operating system's, so that it dies with a killed process; its file lies in
        the home, or in a `folder` of it.
        """
        with ((folder or self.path) / f"{act}.lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Busy(
                    _("Another process is doing this already: {act}.").format(act=act),
                    where=str(self.path),
                    next_step=_("Wait for it to end, then try again."),
                ) from None
            yield

    def rest(self) -> None:
        """Closes registers.db until it is needed again, and keeps no page of casework.db.

        For a program that stays open all day between two acts: what was prepared for a check takes
        more room than all else.
        """
        self.casework.conn.execute("PRAGMA shrink_memory")
        if self._registers is not None:
            self._registers.conn.close()
            self._registers = None

    def close(self) -> None:
        """Closes both files."""
        self.casework.conn.close()
        if self._registers is not None:
            self._registers.conn.close()


def open_home(path: Path, *, today: date | None = None) -> Home:
    """Opens the home at `path`; `HomeMissing` when there is none, `Refused` for a moved clock."""
    try:
        exists = (path / "casework.db").is_file()
    except PermissionError:
        raise _unwritable(path) from None
    if not exists:
        raise HomeMissing(
            _("There is no Yimen home here."),
            where=str(path),
            next_step=_("Make one with `yimen init`, or name it with --home or YIMEN_HOME."),
        )
    if not os.access(path, os.W_OK) or not os.access(path / "casework.db", os.W_OK):
        raise _unwritable(path)
    casework = connect(path / "casework.db", synchronous="FULL")
    schema.apply(casework, "casework")
    settings = dict(casework.conn.execute("SELECT key, value FROM home").fetchall())
    if "county" not in settings:
        casework.conn.close()
        raise HomeMissing(
            _("This home was never finished."),
            where=str(path),
            next_step=_("Run `yimen init` on it again."),
        )
    home = Home(path=path, clock=Clock(today), settings=settings, casework=casework)
    if today is not None and not home.synthetic:
        home.close()
        raise Refused(
            _("--today moves the clock of a synthetic home only."),
            where=str(path),
            next_step=_("Leave --today out."),
        )
    return home


def _unwritable(path: Path) -> HomeReadOnly:
    return HomeReadOnly(
        _("The home cannot be written."),
        where=str(path),
        next_step=_("Check who owns the folder and whether its disk may be written."),
    )


def create_home(path: Path, settings: Mapping[str, str], clock: Clock) -> Home:
    """Makes the folder (mode 0700) and both files; the caller finishes it with its first rows."""
    if fs := network_file_system(path):
        raise Refused(
            _(
                "The folder is on a network share ({kind}), where SQLite may lose what it wrote."
            ).format(kind=fs),
            where=str(path),
            next_step=_("Choose a folder on a local disk."),
        )
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        (path / "cache").mkdir(exist_ok=True)
    except OSError as error:
        raise HomeReadOnly(
            _("The folder cannot be made: {reason}.").format(reason=reason_of(error)),
            where=str(path),
            next_step=_("Choose another folder with --home."),
        ) from None
    casework = connect(path / "casework.db", synchronous="FULL")
    schema.apply(casework, "casework")
    home = Home(path=path, clock=clock, settings=dict(settings), casework=casework)
    refuse_second_init(home)
    home.registers.conn.execute("SELECT 1")
    return home


def refuse_second_init(home: Home) -> None:
    """Refuses a home that is finished already; asked again inside the transaction that ends it."""
    found = home.casework.conn.execute("SELECT 1 FROM home WHERE key = 'county'").fetchone()
    if found:
        raise Refused(
            _("There is a home here already."),
            where=str(home.path),
            next_step=_("Use it, or choose another folder with --home."),
        )


def network_file_system(path: Path) -> str | None:
    """The kind of network file system that holds `path`, or None for a local disk."""
    try:
        mounts = Path("/proc/mounts").read_text()
    except FileNotFoundError:
        return None
    kind = kind_of_mount(path.resolve(), mounts)
    return kind if kind in NETWORK_FILE_SYSTEMS else None


def kind_of_mount(resolved: Path, mounts: str) -> str | None:
    """The file system of the deepest mount above a path, from the text of /proc/mounts."""
    best, kind = "", None
    for line in mounts.splitlines():
        __, point, fs, *__rest = line.split(" ")
        inside = resolved.is_relative_to(point.replace("\\040", " "))
        if inside and len(point) >= len(best):
            best, kind = point, fs
    return kind
