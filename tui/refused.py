"""A refusal as a face without commands tells it: with its own places and names.

The casework speaks of commands and of the codes by which a command is told what is meant. Whoever
sits at a screen has keys instead, whoever is asked line by line has a menu, and both call things by
their names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from yimen.core.errors import YimenError
from yimen.core.i18n import _
from yimen.core.marks import bracketed

_COMMAND = re.compile(r"`yimen ([^`]*)`")
_RECORD = re.compile(r"^(?:[ARHVGDF]\d{4,}(?:-\d+)?|\d{17}[\dX])$")
# The first words of a command -> the key of the place that does the same; empty where none does.
_PLACES = {
    "checklist": "F4", "query": "F3", "intake": "F3", "household": "F3", "application": "F5",
    "check": "F5", "feedback": "F6", "feedback template": "", "referral": "F6",
    "referral reject": "X", "referral fail": "E", "referral take": "", "referral export": "",
    "purchase": "F7", "purchase items": "", "overlaps": "F9 9", "programme": "F9 11", "print": "P",
    "notice": "F9 14",
}  # fmt: skip
# The first word of a command -> the line of the main menu that does the same, line by line.
_LINES = {"checklist": "checklist", "notice": "notices", "programme": "programmes"} | dict.fromkeys(
    ("query", "intake", "household", "application", "check", "feedback", "referral", "purchase",
     "overlaps"), "number",
)  # fmt: skip


def told(error: YimenError) -> str:
    """The sentence of a refusal as a screen tells it, with keys for commands."""
    return _COMMAND.sub(_place, _without_codes(error))


def told_in_lines(error: YimenError) -> str:
    """The sentence of a refusal where one is asked line by line, with the main menu's lines."""
    return in_lines(_without_codes(error))


def in_lines(sentence: str) -> str:
    """A sentence with the main menu's lines in the place of commands."""
    return _COMMAND.sub(_line, sentence)


def line_name(line: str) -> str:
    """What a line of the main menu is called, where one is asked line by line."""
    return {
        "worklist": _("Worklist"),
        "number": _("A number: person, household, application, referral, overlap, purchase"),
        "checklist": _("Checklist of a case"),
        "notices": _("Public notices"),
        "programmes": _("Programmes by a word"),
        "figures": _("Figures"),
    }[line]  # fmt: skip


def with_labels(words: str, labels: Mapping[str, str]) -> str:
    """A sentence with the labels of a form's fields where it speaks of a command's options."""
    for name, label in labels.items():
        words = words.replace(f"--{name.replace('_', '-')}", label)
    return words


def _without_codes(error: YimenError) -> str:
    """The sentence without codes.

    A step's name stands in the sentence where the face shows already which one it is about.
    """
    where = " ".join(word for word in error.where.split() if word not in error.named)
    return str(
        YimenError(_named(error, error.what), where=where, next_step=_named(error, error.next_step))
    )


def _named(error: YimenError, sentence: str) -> str:
    """The names of codes, outside what is quoted to be typed."""
    if not error.named:
        return sentence
    codes = "|".join(map(re.escape, error.named))
    code = re.compile(rf"(?<![\w-])(?:{codes})(?![\w-])", re.ASCII)
    parts = sentence.split("`")
    parts[::2] = [code.sub(lambda found: error.named[found[0]], part) for part in parts[::2]]
    return "`".join(parts)


def _line(found: re.Match[str]) -> str:
    words = found[1].split()
    line = _LINES.get(words[0])
    if line is None:
        return _asked_of_it(found[0])
    number = next((word for word in words[1:] if _RECORD.match(word)), "")
    name = line_name(line).partition(_(": "))[0]
    return f"{bracketed(name)} {number}".strip()


def _asked_of_it(command: str) -> str:
    """A command that no face does stands as it is, with whom to ask for it."""
    return _("{command} (asked of county IT)").format(command=command)


def _place(found: re.Match[str]) -> str:
    words = found[1].split()
    command = " ".join(words[:2])
    if number := next((word for word in words[1:] if _RECORD.match(word)), None):
        return "F4" if words[0] == "checklist" else _("G {no}").format(no=number)
    key = _PLACES.get(command, _PLACES.get(words[0], ""))
    return key or _asked_of_it(found[0])
