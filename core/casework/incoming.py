"""The rows of an extract as they come out of its files, with those that are rejected set aside.

Rows of several files are numbered on, so that a row's number still tells its file and its line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from yimen.core.casework.register_file import RegisterFile, RejectedRow, Row
from yimen.core.casework.rejected_rows import RejectedRows
from yimen.core.errors import BadFile
from yimen.core.i18n import _
from yimen.core.records import ExtractFile

Progress = Callable[[int], None]


class Incoming:
    """Iterates once over the rows of all files, and counts them; `BadFile` where all are bad."""

    def __init__(
        self, files: Sequence[RegisterFile], rejected: RejectedRows, progress: Progress | None
    ) -> None:
        self.good = 0
        self.places: list[ExtractFile] = []
        self._files, self._rejected, self._progress = files, rejected, progress

    def __iter__(self) -> Iterator[Row]:
        before = seen = 0
        for file in self._files:
            good, bad = self.good, self._rejected.count
            self.places.append(ExtractFile(name=file.path.name, lines_before=before))
            for row in file.rows():
                seen += 1
                if self._progress and seen % 1000 == 0:
                    self._progress(seen)
                if not isinstance(row, RejectedRow):
                    self.good += 1
                    yield (row[0] + before, *row[1:]) if before else row
                    continue
                self._rejected.add(file.path, row)
                if row.person and file.source.residence is None:
                    # A row that cannot be read leaves the person unknown; without it he would have
                    # nothing.
                    values: list[object] = [*row.person, *(None for _c in file.source.columns)]
                    yield (row.line + before, *values)
            if self._rejected.count > bad and self.good == good:
                raise _all_refused(file, self._rejected.count - bad, self._rejected)
            before += file.lines


def _all_refused(file: RegisterFile, count: int, rejected: RejectedRows) -> BadFile:
    first = rejected.first_of(file.path)
    return BadFile(
        _("All {n} rows are refused; the first one because: {reason}").format(
            n=count, reason="; ".join(first.reasons)
        ),
        where=f"{file.path}:{first.line}",
        next_step=_("Check that the file belongs to {source}.").format(source=file.source.source),
    )
