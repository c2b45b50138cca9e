"""Copies a home into a folder of its own while others work in it.

Cases come first and registers after them: a pointer is written after its tables, so whatever a
copied pointer names was there when the registers were copied. A copy has a hidden name until its
manifest is written, so that a broken-off one never looks like a backup.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from yimen.core.casework.backup_check import (
    DATABASES,
    LOCK,
    MANIFEST,
    described,
    files_of,
    pointed_at,
)
from yimen.core.casework.desk import Desk
from yimen.core.errors import Busy, Refused
from yimen.core.i18n import _
from yimen.core.store import copies, journal
from yimen.core.store.runs import folder_of
from yimen.core.upkeep_records import BackupManifest
from yimen.core.words.files import reason_of

if TYPE_CHECKING:
    from yimen.core.store.home import Home


def back_up(
    desk: Desk, into: Path, *, keys: bool = False, runs: bool = True
) -> tuple[Path, BackupManifest]:
    """Writes a new backup into a folder; returns its own folder there and its manifest.

    Private keys are in it only with `keys`. The lake, printed sheets and the cache are not: they
    are made again. A load or a run at work is left out as if it had not begun.
    """
    desk.require("backup.make")
    home = desk.home
    if into.resolve().is_relative_to(home.path.resolve()):
        raise Refused(
            _("A backup inside the home would be lost with it."),
            where=str(into),
            next_step=_("Name a folder on another disk with --to."),
        )
    stamp = home.clock.now()[:19].replace("-", "").replace(":", "")
    place = into / f"yimen-{home.county[:6]}-{stamp}"
    with home.alone(LOCK):
        half = into / f".{place.name}.part"
        try:
            into.mkdir(mode=0o700, parents=True, exist_ok=True)
            _sweep(home, into)
            if place.exists():
                raise FileExistsError(17, "", str(place))
            half.mkdir(mode=0o700)
            with home.alone(LOCK, half):
                manifest = _fill(home, half, keys=keys, runs=runs)
                half.rename(place)
                (place / f"{LOCK}.lock").unlink()
            copies.synced(into)
        except OSError as error:
            raise Refused(
                _("The backup cannot be written: {reason}.").format(reason=reason_of(error)),
                where=str(into),
                next_step=_(
                    "Nothing of it was kept. Free space there or name another folder with --to."
                ),
            ) from error
        finally:
            shutil.rmtree(half, ignore_errors=True)
    with home.writing() as db:
        body = {"backup": place.name, "journal_rows": manifest.journal_rows,
                "files": len(manifest.files), "keys": keys, "runs": runs,
                "manifest": copies.digest_of(place / MANIFEST)}  # fmt: skip
        desk.record(db, "backup.make", "home", body)
    return place, manifest


def _fill(home: Home, half: Path, *, keys: bool, runs: bool) -> BackupManifest:
    """Copies everything into the folder and writes the manifest last."""
    from yimen import __version__

    _room(home, half)
    copies.copy_database(home.path / DATABASES[0], half / DATABASES[0])
    with copies.reading(half / DATABASES[0]) as db:
        rows, head = journal.verify(db)
        tables, rejects = pointed_at(db)
        done = [no for (no,) in db.conn.execute("SELECT run_no FROM run WHERE state = 'done'")]
    copies.copy_database(home.path / DATABASES[1], half / DATABASES[1])
    copies.drop_tables_but(half / DATABASES[1], tables)
    wanted = [home.path / "rejected" / name for name in rejects]
    if keys:
        wanted += (home.path / "keys").glob("*")
    if runs:
        wanted += [file for no in done for file in folder_of(home, no).glob("*")
                   if file.suffix in (".json", ".parquet", ".db")]  # fmt: skip
    for file in wanted:
        if file.is_file():
            copies.copied(file, half / file.relative_to(home.path))
    for name in DATABASES:
        copies.synced(half / name)
    manifest = BackupManifest(
        format=1, yimen=__version__, made_at=home.clock.now(), county=home.county,
        synthetic=home.synthetic, journal_rows=rows, journal_head=head, keys=keys, runs=runs,
        files=[described(half, file) for file in files_of(half)],
    )  # fmt: skip
    text = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    (half / MANIFEST).write_bytes(text + b"\n")
    copies.synced(half / MANIFEST)
    return manifest


def _room(home: Home, half: Path) -> None:
    """Refuses at once where not even the databases find room."""
    need = sum((home.path / name).stat().st_size for name in DATABASES)
    free = shutil.disk_usage(half).free
    if need > free:
        raise Refused(
            _("The backup needs {need} MiB, and {free} MiB are free.").format(
                need=need >> 20, free=free >> 20
            ),
            where=str(half.parent),
            next_step=_("Free space there, or name another disk with --to."),
        )


def _sweep(home: Home, into: Path) -> None:
    """Removes what backups that were killed left behind; one at work keeps its own lock."""
    for left in into.glob(".yimen-*.part"):
        try:
            with home.alone(LOCK, left):
                shutil.rmtree(left)
        except Busy:
            continue
