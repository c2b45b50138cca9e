"""Makes a home of a backup, in an empty place only: what is there is never written over.

Files wait in a folder inside the new home until all are there and their digests agree. casework.db
takes its name last, and without it no folder is a home.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from yimen.core.casework.backup_check import DATABASES, damaged, described, verify_backup
from yimen.core.casework.doors import os_account
from yimen.core.errors import HomeReadOnly, Refused
from yimen.core.i18n import _
from yimen.core.store import copies, journal
from yimen.core.store.home import network_file_system, open_home
from yimen.core.upkeep_records import BackupManifest
from yimen.core.words.files import reason_of

if TYPE_CHECKING:
    from yimen.core.store.database import Database

_WAITING = ".restoring"
# The folders that a restore puts into a home.
_PLACES = ("runs", "rejected", "keys", "cache")


def restore(folder: Path, path: Path) -> BackupManifest:
    """Makes the home at `path` of a backup, after looking whether that is whole.

    `Refused` where anything lies at `path`, except what a broken-off restore left there. Nobody's
    permission is asked, since there is no home yet to say who may; the journal names the account.
    """
    manifest = verify_backup(folder)
    if kind := network_file_system(path):
        raise Refused(
            _(
                "The folder is on a network share ({kind}), where SQLite may lose what it wrote."
            ).format(kind=kind),
            where=str(path),
            next_step=_("Choose a folder on a local disk."),
        )
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        _clear_unfinished(path)
        _refuse_over(path)
        _copy(folder, path, manifest)
    except OSError as error:
        _clear_unfinished(path)
        raise HomeReadOnly(
            _("The home cannot be restored: {reason}.").format(reason=reason_of(error)),
            where=str(path),
            next_step=_("Nothing of it was kept. Free space there, or choose another folder."),
        ) from error
    home = open_home(path)
    try:
        with home.writing() as db:
            account = os_account()
            journal.append(
                db, at=home.clock.now(), operator=_operator(db, account), account=account,
                action="restore", subject="home",
                body={"backup": folder.resolve().name, "made_at": manifest.made_at,
                      "journal_rows": manifest.journal_rows, "head": manifest.journal_head},
            )  # fmt: skip
    finally:
        home.close()
    return manifest


def _refuse_over(path: Path) -> None:
    if left := sorted(p.name for p in path.iterdir() if p.name != "lost+found"):
        raise Refused(
            _("The folder is not empty: {names}.").format(names=", ".join(left[:5])),
            where=str(path),
            next_step=_("Restore into a new folder with --home; a home is never written over."),
        )


def _clear_unfinished(path: Path) -> None:
    """Removes what a broken-off restore left; where a home stands, there is nothing of the kind."""
    if (path / "casework.db").exists() or not (path / _WAITING).is_dir():
        return
    for name in (*_PLACES, _WAITING):
        shutil.rmtree(path / name, ignore_errors=True)
    (path / "registers.db").unlink(missing_ok=True)


def _copy(folder: Path, path: Path, manifest: BackupManifest) -> None:
    waiting = path / _WAITING
    waiting.mkdir(mode=0o700)
    for entry in manifest.files:
        copies.copied(folder / entry.path, waiting / entry.path)
        if described(waiting, waiting / entry.path) != entry:
            _clear_unfinished(path)
            raise damaged(folder / entry.path, _("its copy differs"))
    (path / "cache").mkdir(exist_ok=True)
    for item in waiting.iterdir():
        if item.name != DATABASES[0]:
            item.rename(path / item.name)
    copies.synced(path)
    (waiting / DATABASES[0]).rename(path / DATABASES[0])
    waiting.rmdir()
    copies.synced(path)


def _operator(db: Database, account: str) -> str:
    """The operator of the account, or a dash where the home does not know it."""
    row = db.conn.execute(
        "SELECT operator_no FROM operator_account WHERE account = ?", [account]
    ).fetchone()
    return str(row[0]) if row else "-"
