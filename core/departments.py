"""Finds departments' plugins at three prices: names only, one of them, all of them.

A plugin's code runs in a child process with a deadline, so that one which hangs, crashes or cannot
be imported is named once and hurts only itself. Nothing here trusts what a plugin returns: it is
data until the contracts have accepted it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from yimen.core.hookspecs import hookimpl
from yimen.core.i18n import _
from yimen.core.installed import Point, entry_points, narrowed

# What only runs or reads a plugin is loaded when that is done: mostly the catalogue is kept.
if TYPE_CHECKING:
    from importlib.metadata import EntryPoint
    from importlib.resources.abc import Traversable

DEADLINE_SECONDS = 20.0
# hook -> file beside the plugin's __init__.py, and the contract that each of its items keeps
HOOKS: dict[str, tuple[str, str]] = {
    "departments": ("department.json", "department"),
    "sources": ("sources.json", "source"),
    "facts": ("facts.json", "fact"),
    "standards": ("standards.json", "standard"),
    "rule_packs": ("rule_packs.json", "rule-pack"),
    "programmes": ("programmes.json", "programme"),
    "checklist_steps": ("checklists.json", "checklist"),
    "service_items": ("service_items.json", "service-item"),
    "screens": ("screens.json", "screen"),
}


class Problem(Struct, frozen=True, kw_only=True):
    """What is wrong with a plugin, in one sentence."""

    plugin: str
    message: str


class Declared(Struct, frozen=True, kw_only=True):
    """What one plugin returned: hook -> [(file it came from or "", item)]."""

    plugin: str
    items: dict[str, list[tuple[str, Any]]]


def every_department_name() -> set[str]:
    """The names of all installed plugins, also of those that YIMEN_DEPARTMENTS leaves out."""
    return set(entry_points())


def installed_department_names() -> dict[str, EntryPoint]:
    """The installed plugins, without importing any; YIMEN_DEPARTMENTS narrows them."""
    return narrowed(entry_points())


def content_key(points: Mapping[str, Point] | Mapping[str, EntryPoint]) -> str:
    """A hash over the files of all plugins and of what reads them, without importing a plugin."""
    digest = hashlib.sha256(f"{sys.version}|{sys.prefix}".encode())
    core = Path(__file__).parent
    own = [*sorted(core.glob("rules/*.py")), own_checklists_file()]
    for path in [*own, *sorted(core.parent.glob("schemas/*.json"))]:
        digest.update(path.read_bytes())
    for name, point in points.items():
        digest.update(f"|{name}={point.value}".encode())
        for plugin_file in _plugin_files(point):
            digest.update(plugin_file.encode())
            with open(plugin_file, "rb", buffering=0) as file:
                digest.update(file.read())
    return digest.hexdigest()


def own_checklists_file() -> Path:
    """The four lists that the core itself declares."""
    return Path(__file__).parent / "checklists.json"


def _plugin_files(point: Point | EntryPoint) -> list[str]:
    try:
        spec = find_spec(point.module)
    except (ImportError, ValueError):
        return []
    if spec is None or spec.origin is None:
        return []
    if not spec.submodule_search_locations:
        return [spec.origin]
    # Every command asks for them, and pathlib takes three times as long.
    walked = os.walk(os.path.dirname(spec.origin))
    names = (os.path.join(folder, name) for folder, __, files in walked for name in files)
    return sorted(name for name in names if name.endswith((".py", ".json")))


def collect(points: Mapping[str, EntryPoint]) -> Iterator[Declared | Problem]:
    """Runs every plugin's hooks in a child process; yields what each gave, or its problem."""
    waiting = list(points)
    while waiting:
        answered = 0
        for answer in _one_child(waiting):
            yield answer
            answered += 1
        waiting = waiting[answered:]


def _one_child(names: Sequence[str]) -> Iterator[Declared | Problem]:
    """Answers of one child until it has done all, dies or hangs, which ends with a Problem.

    The child writes one JSON line a plugin to a pipe of its own, so that what a plugin prints does
    no harm.
    """
    import subprocess

    reader, writer = os.pipe()
    code = "from yimen.core.plugin_child import main; main()"
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(writer), *names],
        pass_fds=[writer],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    try:
        with open(reader, "rb", buffering=0) as pipe:
            received = bytearray()
            for name in names:
                line = read_line(pipe, received, DEADLINE_SECONDS)
                if line is None:
                    reason = _("it did not answer within {n:.0f} seconds").format(
                        n=DEADLINE_SECONDS
                    )
                elif not line:
                    reason = _("its process ended without an answer")
                elif (parsed := _parsed(name, line)) is not None:
                    yield parsed
                    continue
                else:
                    reason = _("its answer cannot be read")
                yield Problem(plugin=name, message=reason)
                return
    finally:
        child.kill()
        child.wait()


def read_line(pipe: Any, received: bytearray, seconds: float) -> bytes | None:
    """The next line, empty when the pipe ended, None when the deadline passes without one.

    `received` keeps what arrived beyond the line: several answers may come in one piece.
    """
    import selectors

    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while b"\n" not in received:
            if not selector.select(seconds):
                return None
            piece = pipe.read(65536)
            if not piece:
                return b""
            received += piece
    line, __, rest = bytes(received).partition(b"\n")
    received[:] = rest
    return line


def _parsed(name: str, line: bytes) -> Declared | Problem | None:
    """The answer of a plugin; None where something else was written into the pipe."""
    try:
        answer = json.loads(line)
    except ValueError:
        return None
    if not isinstance(answer, dict) or answer.get("plugin") != name:
        return None
    if "problem" in answer:
        return Problem(plugin=name, message=str(answer["problem"]))
    items = {
        hook: [(origin, item) for origin, item in rows] for hook, rows in answer["items"].items()
    }
    return Declared(plugin=name, items=items)


class FromFile(dict[str, Any]):
    """A declared item that remembers the file it was read from."""

    origin: str = ""


class FilesDepartment:
    """A department that is nothing but JSON files beside its package's __init__.py."""

    def __init__(self, package: str) -> None:
        self._package = package

    def _items(self, hook: str) -> list[FromFile]:
        """What `facts.json` holds, and what the files of a folder `facts/` hold, by name."""
        from importlib import resources

        beside = resources.files(self._package)
        folder = beside.joinpath(HOOKS[hook][0].removesuffix(".json"))
        files = [beside.joinpath(HOOKS[hook][0])]
        if folder.is_dir():
            files += sorted(
                (f for f in folder.iterdir() if f.name.endswith(".json")), key=lambda f: f.name
            )
        return [item for file in files if file.is_file() for item in self._items_of(file)]

    def _items_of(self, file: Traversable) -> list[FromFile]:
        try:
            content = json.loads(file.read_text("utf-8-sig"))
        except UnicodeDecodeError:
            raise ValueError(_("{file} is not in UTF-8").format(file=file.name)) from None
        except json.JSONDecodeError as error:
            raise ValueError(
                _("{file}, line {line}, column {column}: not valid JSON ({reason})").format(
                    file=file.name, line=error.lineno, column=error.colno, reason=error.msg
                )
            ) from None
        listed = content if isinstance(content, list) else [content]
        if not all(isinstance(item, dict) for item in listed):
            raise ValueError(_("{file} is not a list of objects").format(file=file.name))
        items = [FromFile(item) for item in listed]
        for item in items:
            item.origin = str(file)
        return items

    @hookimpl
    def departments(self) -> list[FromFile]:
        return self._items("departments")

    @hookimpl
    def sources(self) -> list[FromFile]:
        return self._items("sources")

    @hookimpl
    def facts(self) -> list[FromFile]:
        return self._items("facts")

    @hookimpl
    def standards(self) -> list[FromFile]:
        return self._items("standards")

    @hookimpl
    def rule_packs(self) -> list[FromFile]:
        return self._items("rule_packs")

    @hookimpl
    def programmes(self) -> list[FromFile]:
        return self._items("programmes")

    @hookimpl
    def checklist_steps(self) -> list[FromFile]:
        return self._items("checklist_steps")

    @hookimpl
    def service_items(self) -> list[FromFile]:
        return self._items("service_items")

    @hookimpl
    def screens(self) -> list[FromFile]:
        return self._items("screens")


def department_from_files(package: str) -> FilesDepartment:
    """The plugin of a package that holds only JSON files; pass `__name__`."""
    return FilesDepartment(package)


def place_of(origin: str, words: str) -> str:
    """`folder/file:line` of the first line of a declaration file that holds the words."""
    path = Path(origin)
    short = f"{path.parent.name}/{path.name}"
    try:
        told = path.stat()
        text = _squeezed(origin, told.st_mtime_ns, told.st_size)
    except OSError:
        return short
    # In JSON a line break is written out, so that what is found lies in one line.
    at = text.find(_BLANKS.sub("", json.dumps(words, ensure_ascii=False)))
    return short if at < 0 else f"{short}:{text.count(_LINE_END, 0, at) + 1}"


_BLANKS = re.compile(r"\s+")
_LINE_END = "\n"


@lru_cache(maxsize=128)
def _squeezed(origin: str, _changed: int, _size: int) -> str:
    """A file's lines without blanks, read again when the file has changed."""
    text = Path(origin).read_text("utf-8", "replace")
    return _LINE_END.join(_BLANKS.sub("", line) for line in text.splitlines())
