"""The list of the rows that a load left out: written as they come, kept when the load is.

It holds lines and reasons and no personal data. Nothing of it stays in memory, however many there
are; killed, it leaves a file with another ending, which the source's next load writes over.
"""

from __future__ import annotations

import csv
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

from yimen.core.casework.register_file import RejectedRow
from yimen.core.i18n import _


class RejectedRows:
    """The rejected rows of one load, counted, with the first of each file.

    Of `several` files each line names its own.
    """

    def __init__(self, folder: Path, name: str, *, several: bool) -> None:
        self.count = 0
        self._several = several
        self._first: dict[Path, RejectedRow] = {}
        self._path = folder / name
        # Beside the folder, which is made only for a list that is kept.
        self._beside = folder.parent / f"{name}.new"
        self._open = ExitStack()

    def __enter__(self) -> RejectedRows:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()
        self._beside.unlink(missing_ok=True)

    def add(self, file: Path, row: RejectedRow) -> None:
        """Takes one row of a file."""
        if not self._first:
            written = self._open.enter_context(
                self._beside.open("w", encoding="utf-8-sig", newline="")
            )
            self._lines = csv.writer(written, lineterminator="\n")
            self._lines.writerow([*([_("file")] * self._several), _("line"), _("reason")])
        self._first.setdefault(file, row)
        name = [file.name] * self._several
        self._lines.writerow([*name, row.line, "; ".join(row.reasons)])
        self.count += 1

    def first_of(self, file: Path) -> RejectedRow:
        """The first rejected row of a file that has one."""
        return self._first[file]

    def keep(self) -> Path | None:
        """Puts the list in its place; None where nothing was rejected."""
        self._open.close()
        if not self._first:
            return None
        self._path.parent.mkdir(mode=0o700, exist_ok=True)
        self._beside.replace(self._path)
        return self._path
