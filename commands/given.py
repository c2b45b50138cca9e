"""What people type into an option: words that must say something, and numbers however typed.

One place for all commands, so that a blank never stands for a reason, and so that a number copied
from a Chinese input method (full-width, lower-case, with spaces) is the number that it looks like.
Names and texts are left as they were written: a rare character may have a common twin.
"""

from __future__ import annotations

from typing import Any

import click

from yimen.core.i18n import _


class Words(click.ParamType[str]):
    """A name, a note, a reason: never blank; without the blanks around it."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(value)
        if not _is_typed(param, ctx):
            return text
        return self.read(_said(text, param))

    def read(self, text: str) -> str:
        """What is kept of a text that says something."""
        return text


class Code(Words):
    """A name of the program's own: a source, a step, an operator; half-width, its case kept."""

    def read(self, text: str) -> str:
        from yimen.core.spelling import half_width

        return half_width(text)


class Number(Words):
    """A number of a case or a person, or a coded reason: half-width and upper-case."""

    def read(self, text: str) -> str:
        from yimen.core.spelling import plain_number

        return plain_number(text)


class Yuan(Words):
    """An amount of money: half-width and without blanks, what is no digit left as it was typed."""

    def read(self, text: str) -> str:
        from yimen.core.spelling import half_width

        return "".join(half_width(text).split())


WORDS = Words()
CODE = Code()
NUMBER = Number()
YUAN = Yuan()


def _is_typed(param: click.Parameter | None, ctx: click.Context | None) -> bool:
    """Whether somebody typed this value; a default may be empty."""
    if param is None or ctx is None or param.name is None:
        return True
    source = ctx.get_parameter_source(param.name)
    return source is not click.core.ParameterSource.DEFAULT


def _said(text: str, param: click.Parameter | None) -> str:
    from yimen.core.errors import BadInput
    from yimen.core.spelling import is_blank

    if not is_blank(text):
        return text.strip()
    raise BadInput(
        _("A text is missing."),
        where=_shown(param),
        next_step=_("Say it in a few words.")
        if param is None or param.required
        else _("Say it in a few words, or leave it out."),
    )


def _shown(param: click.Parameter | None) -> str:
    """The option or argument as the help shows it."""
    if param is None:
        return ""
    return param.opts[0] if isinstance(param, click.Option) else (param.metavar or param.opts[0])
