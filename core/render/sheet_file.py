"""Printed sheets as new files that only their owner may read; nothing is ever overwritten."""

from __future__ import annotations

import os
from pathlib import Path

from yimen.core.errors import BadFile
from yimen.core.i18n import _
from yimen.core.words.files import reason_of

# More copies of one sheet than anybody keeps.
_MOST = 1000


def write_new(path: Path, text: str) -> None:
    """Writes a new file; `BadFile` says why it cannot be, also where there is one already."""
    try:
        _create(path, text)
    except OSError as error:
        raise BadFile(
            _("The file cannot be written: {reason}.").format(reason=reason_of(error)),
            where=str(path),
            next_step=_("Name another file with --out."),
        ) from None


def write_copy(folder: Path, name: str, suffix: str, text: str) -> Path:
    """Writes the next copy of a sheet into a folder, which is made; returns where it is."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        for number in range(1, _MOST):
            path = folder / f"{name}{f'-{number}' if number > 1 else ''}.{suffix}"
            try:
                _create(path, text)
            except FileExistsError:
                continue
            return path
    except OSError as error:
        raise BadFile(
            _("The file cannot be written: {reason}.").format(reason=reason_of(error)),
            where=str(folder),
            next_step=_("Have county IT look at the folder."),
        ) from None
    raise BadFile(
        _("There are too many copies of this sheet."),
        where=str(folder),
        next_step=_("Have county IT clear the folder."),
    )


def _create(path: Path, text: str) -> None:
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(number, "w", encoding="utf-8") as file:
        file.write(text + "\n")
