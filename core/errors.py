"""Every mistake a user can make, as a named error whose sentence says what, where and what next.

A bug is never one of these: it travels as an ordinary exception and is shown as a traceback under
`--debug`. An error's class name is its code in docs and in scripts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import IntEnum

from yimen.core.i18n import language


class ExitCode(IntEnum):
    """What the `yimen` command leaves behind for a script."""

    DONE = 0
    BUG = 1
    USAGE = 2
    NOT_FOUND = 3
    REFUSED = 4
    BAD_INPUT = 5
    REJECTED_ROWS = 6
    BUSY = 7


class YimenError(Exception):
    """A sentence for a person: `what` is wrong, `where` it is, what to do `next_step`."""

    exit_code = ExitCode.BUG

    def __init__(self, what: str, *, where: str = "", next_step: str = "", field: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.next_step = next_step
        # The one entry at fault, as an option or a form calls it; empty where there is none.
        self.field = field
        # Codes in the sentence by which a command is told what is meant -> what people call them.
        self.named: Mapping[str, str] = {}

    def __str__(self) -> str:
        colon, blank = ("：", "") if language() == "zh" else (": ", " ")
        place = f"{self.where}{colon}" if self.where else ""
        return f"{place}{self.what}{blank if self.next_step else ''}{self.next_step}"


@contextmanager
def naming(words: Callable[[], Mapping[str, str]]) -> Iterator[None]:
    """Lets what is refused inside say what people call its codes; asked for only then."""
    try:
        yield
    except YimenError as error:
        error.named = words()
        raise


@contextmanager
def about(field: str) -> Iterator[None]:
    """Lets what is refused inside name the entry that it is about, unless it names one itself."""
    try:
        yield
    except YimenError as error:
        error.field = error.field or field
        raise


class NotFound(YimenError):
    """Nothing is known under the number, name or path that was given."""

    exit_code = ExitCode.NOT_FOUND


class HomeMissing(NotFound):
    """The home folder does not exist or was not made by `yimen init`."""


class Refused(YimenError):
    """The operator may not do this, or a guard of the procedure forbids it."""

    exit_code = ExitCode.REFUSED


class HomeReadOnly(Refused):
    """The home folder cannot be written by this OS account, or its disk is read-only."""


class IllegalMove(Refused):
    """A state machine does not allow this move; the sentence names the legal ones."""


class SharedNumber(Refused):
    """People of several families have the ID number that was given, and none of them was chosen."""

    # The household and the person of each whom the operator may see, the name as it may be shown.
    families: Sequence[tuple[str, str]] = ()


class StaleRevision(Refused):
    """Somebody else saved the record since it was read."""


class BadInput(YimenError):
    """Data given by a person or a file is wrong; nothing was changed."""

    exit_code = ExitCode.BAD_INPUT


class BadIdNumber(BadInput):
    """Not a citizen number of GB 11643, or a synthetic one outside a synthetic home."""


class BadDate(BadInput):
    """Not a calendar date."""


class BadAmount(BadInput):
    """Not an amount in yuan with at most two decimals."""


class BadValue(BadInput):
    """A value does not have the type that its fact, column or standard declares."""


class UnknownDivision(BadInput):
    """Not a division code of 6, 9 or 12 digits that this home knows."""


class BadFile(BadInput):
    """A file cannot be read as what it should be."""


class BadDeclaration(BadInput):
    """A department's file breaks its contract: names the file, the line and the offending words."""

    words = ""
    # Refused only because something under it is, of which the reason is told already.
    follows = False


class BadJournal(BadInput):
    """The journal's hash chain is broken: names the first row that does not fit."""


class Busy(YimenError):
    """Another process holds the database; nothing was changed and the command can be repeated."""

    exit_code = ExitCode.BUSY
