"""Which departments are installed is remembered between commands, and never for too long."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from yimen.core import installed
from yimen.core.installed import department_points


@pytest.fixture
def site(install: Callable[..., Path], tmp_path: Path) -> Path:
    """A folder with the heating department, which nobody has touched for a day."""
    install()
    return tmp_path / "site"


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    folder = tmp_path / "cache"
    folder.mkdir()
    return folder


@pytest.fixture(autouse=True)
def of_long_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is changed in a test was changed an hour ago, as most things were."""
    monkeypatch.setattr(installed, "time_ns", lambda: time.time_ns() + 3600 * 10**9)


def nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked() -> None:
        raise AssertionError("the installed distributions were asked")

    monkeypatch.setattr(installed, "entry_points", asked)


def add(site: Path, name: str) -> Path:
    info = site / f"yimen_{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: yimen-{name}\nVersion: 1.0\n")
    points = info / "entry_points.txt"
    points.write_text(f"[yimen.departments]\n{name} = yimen_{name}:plugin\n")
    return points


def test_the_installed_departments_are_asked_for_once(
    site: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = department_points(cache)
    assert first["heating"].value == "yimen_heating:plugin"
    assert first["heating"].module == "yimen_heating"
    nobody_is_asked(monkeypatch)
    assert department_points(cache) == first
    assert list(first) == sorted(first)


def test_what_is_remembered_are_all_and_yimen_departments_narrows_them(
    site: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YIMEN_DEPARTMENTS", "civil")
    assert set(department_points(cache)) == {"civil"}
    nobody_is_asked(monkeypatch)
    monkeypatch.setenv("YIMEN_DEPARTMENTS", "civil, heating")
    assert set(department_points(cache)) == {"civil", "heating"}


def test_a_department_that_is_installed_or_removed_is_found_to_be(site: Path, cache: Path) -> None:
    assert "ferry" not in department_points(cache)
    points = add(site, "ferry")
    assert "ferry" in department_points(cache)
    points.unlink()
    assert "ferry" not in department_points(cache)


def test_a_distribution_that_becomes_another_department_is_found_to_be(
    site: Path, cache: Path
) -> None:
    points = add(site, "ferry")
    assert "ferry" in department_points(cache)
    points.write_text("[yimen.departments]\nport = yimen_ferry:plugin\n")
    os.utime(points, ns=(1, 1))
    assert {"ferry", "port"} & set(department_points(cache)) == {"port"}


def test_a_change_is_seen_where_all_times_of_modification_are_set_alike(
    site: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[None]()
    entry_points = installed.entry_points

    def counted() -> Any:
        asked.append(None)
        return entry_points()

    def set_alike() -> None:
        for path in (site, *site.rglob("*")):
            os.utime(path, ns=(10**18, 10**18))

    monkeypatch.setattr(installed, "entry_points", counted)
    set_alike()
    for _command in "ab":
        department_points(cache)
        assert len(asked) == 1
    add(site, "ferry")
    set_alike()
    department_points(cache)
    assert len(asked) == 2


def test_where_python_searches_other_folders_other_departments_are_found(
    site: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "heating" in department_points(cache)
    monkeypatch.setattr(sys, "path", [folder for folder in sys.path if folder != str(site)])
    assert "heating" not in department_points(cache)


def test_a_cache_file_that_was_torn_or_cannot_be_written_costs_time_only(
    site: Path, cache: Path
) -> None:
    found = department_points(cache)
    (file,) = cache.iterdir()
    file.write_bytes(file.read_bytes()[:-10])
    assert department_points(cache) == found
    assert department_points(cache / "nowhere") == found


def test_what_changed_this_very_moment_is_not_remembered(
    site: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installed, "time_ns", time.time_ns)
    add(site, "ferry")
    assert "ferry" in department_points(cache)
    assert list(cache.iterdir()) == []


@pytest.mark.parametrize(
    ("value", "module"),
    [("a.b:plugin", "a.b"), ("a.b", "a.b"), ("a.b : plugin [fast]", "a.b"), ("a [x]", "a")],
)
def test_a_plugins_module_is_what_its_entry_point_names(value: str, module: str) -> None:
    assert installed.Point("a", value).module == module
