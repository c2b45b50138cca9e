"""Which departments are installed, by their entry points, and remembered between commands.

To ask every installed distribution takes a command longer than to read the catalogue does. What is
remembered holds while no folder that Python searches, and no distribution in one, has changed.
"""

from __future__ import annotations

import os
import sys
from time import time_ns
from typing import TYPE_CHECKING, TypeVar

import msgspec

from yimen.core.cache_files import read_cached, write_cached

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint
    from pathlib import Path

GROUP = "yimen.departments"
# The file's name has the number of its form, which is raised when `_Remembered` changes.
FILE = "departments-1.json"

# Two changes within a clock's tick look like one: what is so new is not remembered yet.
_NEW_NS = 2 * 10**9

P = TypeVar("P")


class Point(msgspec.Struct, frozen=True):
    """A department's name and where its plugin is: a module, and what of it."""

    name: str
    value: str

    @property
    def module(self) -> str:
        """The module, with its package."""
        return self.value.partition("[")[0].partition(":")[0].strip()


class _Remembered(msgspec.Struct):
    """The folders searched, when they and the distributions in them changed, what was found."""

    searched: list[str]
    changed: dict[str, int | None]
    points: list[Point]


def department_points(cache: Path) -> dict[str, Point]:
    """The installed departments, without importing any; YIMEN_DEPARTMENTS narrows them."""
    return narrowed({point.name: point for point in _points(cache / FILE)})


def entry_points() -> dict[str, EntryPoint]:
    """The entry points of all installed departments, to load one by; asked anew."""
    from importlib import metadata

    return {point.name: point for point in metadata.entry_points(group=GROUP)}


def narrowed(points: dict[str, P]) -> dict[str, P]:
    """Those that YIMEN_DEPARTMENTS names, where it is set, in the order of their names."""
    wanted = os.environ.get("YIMEN_DEPARTMENTS")
    if wanted is not None:
        keep = {name.strip() for name in wanted.split(",")} - {"", "none"}
        points = {name: point for name, point in points.items() if name in keep}
    return dict(sorted(points.items()))


def _points(file: Path) -> list[Point]:
    searched = [os.path.abspath(folder) for folder in sys.path]
    if (payload := read_cached(file)) is not None:
        kept = msgspec.json.decode(payload, type=_Remembered)
        if kept.searched == searched and all(_when(p) == t for p, t in kept.changed.items()):
            return kept.points
    # Before they are asked: what changes meanwhile is found to have changed.
    changed = {path: _when(path) for folder in searched for path in _looked_at(folder)}
    found = [Point(name, point.value) for name, point in entry_points().items()]
    if max(filter(None, changed.values()), default=0) < time_ns() - _NEW_NS:
        write_cached(file, msgspec.json.encode(_Remembered(searched, changed, found)))
    return found


def _looked_at(folder: str) -> list[str]:
    """A folder, its distributions and their entry points."""
    paths = [folder]
    if os.path.isdir(folder):
        for name in os.listdir(folder):
            if name.endswith((".dist-info", ".egg-info")):
                info = os.path.join(folder, name)
                paths += [info, os.path.join(info, "entry_points.txt")]
    return paths


def _when(path: str) -> int | None:
    """When it last changed: not when it says it was modified, which an image's maker may set."""
    try:
        return os.stat(path).st_ctime_ns
    except OSError:
        return None
