"""One act done to many subjects: each on its own, so that one refusal stops none of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from yimen.core.errors import YimenError
from yimen.core.results import BulkLine


def each(subjects: Iterable[str], act: Callable[[str], str]) -> list[BulkLine]:
    """What became of each subject: what the act said, or why it was refused."""
    lines = []
    for subject in subjects:
        try:
            lines.append(BulkLine(subject=subject, done=True, said=act(subject)))
        except YimenError as refusal:
            lines.append(BulkLine(subject=subject, done=False, said=str(refusal)))
    return lines
