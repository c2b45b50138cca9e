"""A refusal as a screen tells it: with the screen's own places and names.

The casework speaks of commands and of the codes by which a command is told what is meant. Whoever
sits at a screen has keys instead, and calls things by their names.
"""

from __future__ import annotations

import re

from yimen.core.errors import YimenError
from yimen.core.i18n import _

_COMMAND = re.compile(r"`yimen ([^`]*)`")
_RECORD = re.compile(r"^(?:[ARHVGDF]\d{4,}(?:-\d+)?|\d{17}[\dX])$")
# The first words of a command -> the key of the place that does the same; empty where none does.
_PLACES = {
    "checklist": "F4", "query": "F3", "intake": "F3", "household": "F3", "application": "F5",
    "check": "F5", "feedback": "F6", "feedback template": "", "referral": "F6",
    "referral reject": "X", "referral fail": "E", "referral take": "", "referral export": "",
    "purchase": "F7", "purchase items": "", "overlaps": "F9 9", "programme": "F9 11", "print": "P",
}  # fmt: skip


def told(error: YimenError) -> str:
    """The sentence without codes and commands.

    A step's name stands in the sentence where the screen shows already which one it is about. A
    command that no screen does stays, with whom to ask for it.
    """
    where = " ".join(word for word in error.where.split() if word not in error.named)
    said = YimenError(
        _named(error, error.what), where=where, next_step=_named(error, error.next_step)
    )
    return _COMMAND.sub(_place, str(said))


def _named(error: YimenError, sentence: str) -> str:
    """The names of codes, outside what is quoted to be typed."""
    if not error.named:
        return sentence
    codes = "|".join(map(re.escape, error.named))
    code = re.compile(rf"(?<![\w-])(?:{codes})(?![\w-])", re.ASCII)
    parts = sentence.split("`")
    parts[::2] = [code.sub(lambda found: error.named[found[0]], part) for part in parts[::2]]
    return "`".join(parts)


def _place(found: re.Match[str]) -> str:
    words = found[1].split()
    command = " ".join(words[:2])
    if number := next((word for word in words[1:] if _RECORD.match(word)), None):
        return "F4" if words[0] == "checklist" else _("G {no}").format(no=number)
    key = _PLACES.get(command, _PLACES.get(words[0], ""))
    return key or _("{command} (asked of county IT)").format(command=found[0])
