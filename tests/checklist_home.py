"""A home in which one family's dibao is being handled, for the tests that work its checklists."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from conftest import Runner, plain_environment


@pytest.fixture(scope="session")
def _dispatched(tmp_path_factory: pytest.TempPathFactory, _pristine_civil_home: Path) -> Path:
    """A home in which one family's dibao lies with the civil affairs bureau."""
    folder = tmp_path_factory.mktemp("checklists") / "home"
    yimen = Runner(Path(shutil.copytree(_pristine_civil_home, folder)))
    with plain_environment(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("YIMEN_DEPARTMENTS", "civil")
        conn = sqlite3.connect(folder / "casework.db")
        ((village,),) = conn.execute("SELECT division FROM application")
        conn.close()
        town = f"{village[:9]}000"
        for no, role, place in (("wang", "town", town), ("zhao", "town", town),
                                ("helper", "village", village)):  # fmt: skip
            yimen("operator", "add", no, "--name", no.title(), "--role", role,
                  "--division", place)  # fmt: skip
        yimen("operator", "add", "bureau", "--name", "Bureau", "--role", "department",
              "--department", "civil")  # fmt: skip
        yimen("check", "A2026-00001")
        yimen("dispatch", "A2026-00001", "--programme", "CIV-DB")
    return folder


@pytest.fixture
def home(tmp_path: Path, _dispatched: Path, monkeypatch: pytest.MonkeyPatch) -> Runner:
    """The command line of the window on a copy of it."""
    monkeypatch.setenv("YIMEN_DEPARTMENTS", "civil")
    return Runner(Path(shutil.copytree(_dispatched, tmp_path / "worked")))


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """The scan of a form."""
    found = tmp_path / "form.txt"
    found.write_text("a form\n", "utf-8")
    return found
