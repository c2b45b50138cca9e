"""The child process in which a plugin answers one question; it must never be imported elsewhere."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import pluggy

from yimen.core import hookspecs
from yimen.core.departments import installed_department_names


def main() -> None:
    """Reads the question from stdin and writes one JSON line to the given descriptor."""
    descriptor, plugin, hook = sys.argv[1:]
    body = answer(plugin, hook, json.load(sys.stdin))
    with os.fdopen(int(descriptor), "w", encoding="utf-8") as answers:
        answers.write(json.dumps(body, ensure_ascii=False) + "\n")


def answer(plugin: str, hook: str, question: dict[str, Any]) -> dict[str, Any]:
    """What the plugin's hook gives, or its problem."""
    argument = {"deliver": "message", "read_feedback": "asked"}[hook]
    try:
        manager = pluggy.PluginManager(hookspecs.PROJECT)
        manager.add_hookspecs(hookspecs)
        manager.register(installed_department_names()[plugin].load(), plugin)
        manager.check_pending()
        given = getattr(manager.hook, hook)(**{argument: question})
        return {"problem": None, "given": json.loads(json.dumps(given))}
    except Exception as error:  # noqa: BLE001 - a stranger's code may raise anything
        return {"problem": f"{type(error).__name__}: {error}", "given": None}
