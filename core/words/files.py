"""Why a file cannot be read or written."""

from __future__ import annotations

import errno
from pathlib import Path

from yimen.core.errors import BadFile
from yimen.core.i18n import _


def unreadable(path: Path, error: OSError) -> BadFile:
    """The refusal of a file that somebody named and that cannot be opened or read."""
    return BadFile(
        _("The file cannot be read: {reason}.").format(reason=reason_of(error)),
        where=str(path),
        next_step=_("Check its name and its permissions."),
    )


def reason_of(error: OSError) -> str:
    """Why the system refused a file, in the language in force where the case is a common one."""
    known = {
        errno.ENOENT: _("there is no such file or folder"),
        errno.EACCES: _("this account may not open it"),
        errno.EPERM: _("this account may not open it"),
        errno.EISDIR: _("it is a folder, not a file"),
        errno.ENOTDIR: _("a part of the path is not a folder"),
        errno.EEXIST: _("there is a file of this name"),
        errno.ENOSPC: _("the disk is full"),
        errno.EROFS: _("the disk is mounted read-only"),
    }
    return known.get(error.errno or 0) or error.strerror or str(error)
