"""Yimen 一门: the public face that a department's plugin imports, and nothing else of it.

Names load when they are first used, so that `import yimen` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from yimen.core.departments import department_from_files
    from yimen.core.errors import BadDeclaration, BadInput, NotFound, Refused, YimenError
    from yimen.core.hookspecs import hookimpl
    from yimen.tui.department_screen import DepartmentScreen

__version__ = "0.1.0"
__all__ = [
    "BadDeclaration",
    "BadInput",
    "DepartmentScreen",
    "NotFound",
    "Refused",
    "YimenError",
    "department_from_files",
    "hookimpl",
]

_HOMES = {
    "DepartmentScreen": "yimen.tui.department_screen",
    "department_from_files": "yimen.core.departments",
    "hookimpl": "yimen.core.hookspecs",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'yimen' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES.get(name, "yimen.core.errors")), name)
