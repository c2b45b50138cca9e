"""What a department declares of a screen of its own: its name, and where its class is found.

The class is imported when a clerk opens the screen, and not before; nothing here loads it.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from yimen.core.declarations import Declared, LocalName, Texts


class ScreenDeclaration(Declared, frozen=True, kw_only=True):
    """A screen that a department adds to the clerk's program."""

    screen: Annotated[LocalName, Meta(description="A name of its own, in the department's words")]
    names: Texts
    entry: Annotated[
        str,
        Meta(
            pattern=r"^[A-Za-z_][A-Za-z0-9_.]*:[A-Za-z_][A-Za-z0-9_]*$",
            description="package.module:Class, a subclass of yimen.DepartmentScreen",
        ),
    ]
