"""Writes a department's own distribution: the files that a programmer starts from.

The template is a working department; only its names are put in. It must pass its own tests as it
is generated.
"""

from __future__ import annotations

import re
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from yimen.core.errors import BadDeclaration, BadInput, Refused
from yimen.core.i18n import _
from yimen.core.rules.shapes import check_name
from yimen.core.words.files import reason_of

_NAME = re.compile(r"[a-z][a-z0-9]{1,23}\Z")
_PREFIX = re.compile(r"[A-Z][A-Z0-9]{1,7}\Z")


def write_distribution(into: Path, *, name: str, prefix: str) -> Path:
    """The folder department-NAME below `into`, which must not exist yet."""
    if not _NAME.match(name):
        raise BadInput(
            _("'{name}' is not a department's name.").format(name=name[:30]),
            next_step=_("Use small letters and digits, beginning with a letter."),
        )
    if not _PREFIX.match(prefix):
        raise BadInput(
            _("'{prefix}' is not a prefix.").format(prefix=prefix[:30]),
            next_step=_("Use two to eight capital letters, such as HEA."),
        )
    try:
        check_name(name, lambda words: words)
    except BadDeclaration:
        raise BadInput(
            _("'{name}' is a word of rule expressions, so no fact can begin with it.").format(
                name=name
            ),
            next_step=_("Choose another name, such as {name}aid.").format(name=name),
        ) from None
    folder = into / f"department-{name}"
    try:
        folder.mkdir(parents=True)
        _copy(resources.files(__package__).joinpath("template"), folder, name, prefix)
    except OSError as error:
        raise Refused(
            _("The folder cannot be made: {reason}.").format(reason=reason_of(error)),
            where=str(folder),
            next_step=_("Choose another place with --into."),
        ) from None
    return folder


def _copy(template: Traversable, folder: Path, name: str, prefix: str) -> None:
    for item in template.iterdir():
        target = item.name.removesuffix(".template").replace("package", f"yimen_{name}")
        if item.is_dir():
            (folder / target).mkdir()
            _copy(item, folder / target, name, prefix)
        elif item.name.endswith(".template"):
            text = item.read_text("utf-8").replace("@name@", name).replace("@PREFIX@", prefix)
            (folder / target).write_text(text, "utf-8")
