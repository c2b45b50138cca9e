"""Asks one plugin one question while work goes on: in a child process, with a deadline.

Unlike a declaration, such a question may use the network; that is what it is for. Whatever the
plugin does, the parent hears an answer or one sentence.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from typing import Any

from yimen.core.departments import DEADLINE_SECONDS, installed_department_names, read_line
from yimen.core.errors import NotFound, Refused
from yimen.core.i18n import _


def ask_plugin(
    plugin: str, hook: str, question: Mapping[str, Any], *, seconds: float = DEADLINE_SECONDS
) -> Any:
    """The plugin's answer as plain data; `Refused` where it fails, is late or says nothing."""
    if plugin not in installed_department_names():
        raise NotFound(
            _("The plugin {name} is not installed.").format(name=plugin),
            next_step=_("`yimen department list` shows them."),
        )
    reader, writer = os.pipe()
    with tempfile.TemporaryFile() as told, open(reader, "rb", buffering=0) as pipe:
        told.write(json.dumps(question, ensure_ascii=False).encode())
        told.seek(0)
        code = "from yimen.core.plugin_call_child import main; main()"
        child = subprocess.Popen(
            [sys.executable, "-c", code, str(writer), plugin, hook],
            pass_fds=[writer],
            stdin=told,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(writer)
        try:
            line = read_line(pipe, bytearray(), seconds)
        finally:
            child.kill()
            child.wait()
    if line is None:
        raise _failed(plugin, _("it did not answer within {n:.0f} seconds").format(n=seconds))
    if not line:
        raise _failed(plugin, _("its process ended without an answer"))
    try:
        answer = json.loads(line)
        problem, given = answer["problem"], answer["given"]
    except (ValueError, TypeError, KeyError):
        raise _failed(plugin, _("its answer cannot be read")) from None
    if problem is not None:
        raise _failed(plugin, str(problem))
    return given


def _failed(plugin: str, reason: str) -> Refused:
    return Refused(
        _("The plugin {name} failed: {reason}.").format(name=plugin, reason=reason),
        next_step=_("Nothing was marked as done; try again, or ask who keeps the plugin."),
    )
