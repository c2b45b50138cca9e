"""The child process in which plugins' code runs; it speaks one JSON line a plugin to its parent.

It must never be imported by the parent: whatever a plugin does to this process dies with it.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import pluggy

from yimen.core import hookspecs
from yimen.core.departments import HOOKS, installed_department_names
from yimen.core.i18n import _


def main() -> None:
    """Answers for each plugin named on the command line, in order, on the given descriptor."""
    sys.addaudithook(_watch)
    with os.fdopen(int(sys.argv[1]), "w", encoding="utf-8") as answers:
        for name in sys.argv[2:]:
            body = {"plugin": name, **answer(name)}
            answers.write(json.dumps(body, ensure_ascii=False) + "\n")
            answers.flush()


def answer(name: str) -> dict[str, Any]:
    """What the plugin declares, or its problem; it may touch nothing outside its own files."""
    before = len(_touched)
    found = _declared(name)
    if touched := _touched[before:]:
        words = _("it opens the network, a database or a program when it is loaded ({what})")
        return {"problem": words.format(what=touched[0])}
    return found


# What a plugin touched that no declaration needs, in order. Kept even where it swallows the error.
_touched: list[str] = []
_FORBIDDEN = (
    "socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto", "sqlite3.connect",
    "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn",
)  # fmt: skip


def _watch(event: str, _arguments: tuple[object, ...]) -> None:
    if event in _FORBIDDEN:
        _touched.append(event)
        raise PermissionError(event)


def _declared(name: str) -> dict[str, Any]:
    try:
        plugin = installed_department_names()[name].load()
        manager = pluggy.PluginManager(hookspecs.PROJECT)
        manager.add_hookspecs(hookspecs)
        manager.register(plugin, name)
        manager.check_pending()
        return {"items": {hook: _called(manager, hook) for hook in HOOKS}}
    except Exception as error:  # noqa: BLE001 - a stranger's code may raise anything
        return {"problem": f"{type(error).__name__}: {error}"}


def _called(manager: pluggy.PluginManager, hook: str) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for items in getattr(manager.hook, hook)():
        if not isinstance(items, (list, tuple)):
            raise TypeError(f"{hook}() returned {type(items).__name__}, not a list")
        for item in items:
            found.append((str(getattr(item, "origin", "")), json.loads(json.dumps(item))))
    return found
