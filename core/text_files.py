"""Text files that people bring: CSV, JSON, keys and calendars, in UTF-8 or GB18030.

A spreadsheet of a Chinese office writes either, and marks UTF-8 with three bytes in front that are
no part of the first line. One reader for all commands, so that a file that one of them takes is not
refused by another.
"""

from __future__ import annotations

from pathlib import Path

from yimen.core.errors import BadFile
from yimen.core.i18n import _
from yimen.core.words.files import unreadable

ENCODINGS = ("utf-8-sig", "gb18030")


def file_encoding(path: Path) -> str:
    """utf-8-sig or gb18030, by reading the whole file; `BadFile` when it is neither."""
    try:
        with path.open("rb") as beginning:
            workbook = beginning.read(4) == b"PK\x03\x04"
    except OSError as error:
        raise unreadable(path, error) from None
    if workbook:
        raise BadFile(
            _("The file is a workbook, not a CSV file."),
            where=str(path),
            next_step=_("Open it and save its sheet as CSV."),
        )
    for encoding in ENCODINGS:
        try:
            with path.open(encoding=encoding, newline="") as file:
                while file.read(1 << 20):
                    pass
        except UnicodeDecodeError:
            continue
        except OSError as error:
            raise unreadable(path, error) from None
        return encoding
    raise BadFile(
        _("The file is neither UTF-8 nor GB18030."),
        where=str(path),
        next_step=_("Save it in one of these encodings; a sheet as CSV."),
    )


def read_text(path: Path) -> str:
    """All of a small file, in whichever of the two encodings it is; `BadFile` when in neither."""
    encoding = file_encoding(path)
    try:
        return path.read_text(encoding)
    except OSError as error:
        raise unreadable(path, error) from None
