"""A home in which every paper has its record: the walk that authors render and look at."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from yimen.core.render.page import Block

ROOT = Path(__file__).resolve().parent.parent


def _pages_module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("pages", ROOT / "docs" / "pages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def pages() -> ModuleType:
    """The walk that authors render and look at."""
    return _pages_module()


@pytest.fixture(scope="session")
def walked(
    tmp_path_factory: pytest.TempPathFactory,
    pages: ModuleType,
    county_files: Path,
    _compiled: Path,
) -> tuple[Path, dict[str, tuple[str, str]]]:
    """A home in which every kind of paper has its record, and the papers by name."""
    from conftest import plain_environment

    with plain_environment():
        found: tuple[Path, dict[str, tuple[str, str]]] = pages.walked(
            tmp_path_factory.mktemp("walked"), county=county_files, cache=_compiled
        )
    return found


@pytest.fixture(scope="session")
def printed(
    walked: tuple[Path, dict[str, tuple[str, str]]], pages: ModuleType
) -> dict[str, dict[str, list[Block]]]:
    """language -> name of the paper -> its blocks."""
    found = {}
    for tongue in ("en", "zh_CN"):
        with pages.speaking(tongue):
            found[tongue] = dict(pages.pages(*walked))
    return found
