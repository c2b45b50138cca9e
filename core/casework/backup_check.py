"""Tells whether a backup is whole: its manifest, every file, both databases and the journal.

It reads alone, so that a copy on a disk that cannot be written is looked at as any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from yimen.core.errors import BadFile, Refused
from yimen.core.i18n import _
from yimen.core.store import copies, journal, schema
from yimen.core.store.integrity import damage
from yimen.core.upkeep_records import BackupFile, BackupManifest
from yimen.core.words.files import reason_of

if TYPE_CHECKING:
    from yimen.core.store.database import Database

MANIFEST = "manifest.json"
DATABASES = ("casework.db", "registers.db")
LOCK = "upkeep"
"""What must not go on at once: copying a home, and pruning it."""


def files_of(folder: Path) -> Iterator[Path]:
    """The files of a backup below its folder, in order of their names, without the manifest."""
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.name != f"{LOCK}.lock" and file != folder / MANIFEST:
            yield file


def described(folder: Path, file: Path) -> BackupFile:
    """A file's line of the manifest."""
    path = file.relative_to(folder).as_posix()
    return BackupFile(path=path, bytes=file.stat().st_size, sha256=copies.digest_of(file))


def pointed_at(db: Database) -> tuple[set[str], list[str]]:
    """Tables that the copied pointers name, and the files of the rows that were rejected."""
    # A copy that an older version wrote has no column pruned_on.
    held = [row for row in db.query("SELECT * FROM snapshot") if not row.get("pruned_on")]
    tables = {row[name] for row in held for name in ("table", "roster") if row[name]}
    return tables, [f"{row['source']}-{row['snapshot_no']}.rejected.csv" for row in held]


def verify_backup(folder: Path) -> BackupManifest:
    """The manifest of a backup that is whole; `BadFile` names what is not, `Refused` a newer one.

    Every file is compared with its digest, both databases are checked, the journal's chain is
    walked to the head that the manifest names. Nothing is written.
    """
    manifest = _manifest_of(folder)
    said = {entry.path: entry for entry in manifest.files}
    found = {file.relative_to(folder).as_posix() for file in files_of(folder)}
    for path in sorted({*said, *DATABASES} - found):
        raise damaged(folder / path, _("it is missing"))
    for path in sorted(found - set(said)):
        raise damaged(folder / path, _("the manifest does not name it"))
    for path, entry in said.items():
        if described(folder, folder / path) != entry:
            raise damaged(folder / path, _("it is not as it was written"))
    of: tuple[schema.Name, ...] = ("casework", "registers")
    for name, steps in zip(DATABASES, of, strict=True):
        with copies.reading(folder / name) as db:
            if schema.is_newer(db, steps):
                raise Refused(
                    _("This backup was written by a newer Yimen."),
                    where=str(folder),
                    next_step=_("Install that version or a later one; nothing was changed."),
                )
            if fault := damage(db):
                raise damaged(folder / name, fault)
            if name == DATABASES[0]:
                head = journal.verify(db)
                tables, __ = pointed_at(db)
            elif lost := tables - set(db.table_names()):
                raise damaged(folder / name, _("it lacks {names}").format(names=", ".join(lost)))
    if head != (manifest.journal_rows, manifest.journal_head):
        raise damaged(folder / MANIFEST, _("the journal has another head"))
    return manifest


def _manifest_of(folder: Path) -> BackupManifest:
    """What the folder says of itself; `BadFile` where it is no backup."""
    path = folder / MANIFEST
    try:
        return msgspec.json.decode(path.read_bytes(), type=BackupManifest)
    except OSError as error:
        raise BadFile(
            _("This is no whole backup: {reason}.").format(reason=reason_of(error)),
            where=str(path),
            next_step=_("Name a folder that `yimen backup` has made."),
        ) from None
    except msgspec.DecodeError as error:
        raise damaged(path, str(error)) from None


def damaged(path: Path, reason: str) -> BadFile:
    return BadFile(
        _("The backup is damaged: {reason}.").format(reason=reason),
        where=str(path),
        next_step=_("Take another backup; nothing was changed."),
    )
