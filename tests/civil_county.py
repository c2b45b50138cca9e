"""A small county that the civil affairs bureau alone looks after, for what screens it many times.

Planning the whole catalogue takes DuckDB seconds whatever the size of the county; fourteen
registers and thirteen programmes are screened in one.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

TODAY, EXTRACTED = date(2026, 11, 20), date(2026, 11, 10)
ENGINES = ("sqlite", "duckdb")


@pytest.fixture(scope="session")
def civil_files(tmp_path_factory: pytest.TempPathFactory, shared_catalogue: Any) -> Path:
    """Its register files, which are of the 10th."""
    from yimen.core.synthetic.writer import write_county

    folder = tmp_path_factory.mktemp("civil") / "files"
    owned = shared_catalogue.owners
    sources = [s for s in shared_catalogue.sources.values() if owned[s.source] == "civil"]
    write_county(folder, households=120, seed=5, as_of=EXTRACTED, sources=sources)
    return folder


@pytest.fixture(scope="session")
def civil_stories(civil_files: Path) -> dict[str, Any]:
    """Its three families by name."""
    truth = json.loads((civil_files / "truth.json").read_text("utf-8"))
    return {story["story"]: story for story in truth["stories"]}


@pytest.fixture(scope="session")
def _pristine_civil_home(
    tmp_path_factory: pytest.TempPathFactory, civil_files: Path, civil_stories: Any
) -> Path:
    from conftest import PAPERLESS_ANSWERS, Runner, plain_environment

    from yimen.core.rules.catalogue import load_catalogue
    from yimen.core.rules.statement import statement_for

    folder = tmp_path_factory.mktemp("civil")
    paper = folder / "signed.txt"
    paper.write_text("signed\n", "utf-8")
    yimen = Runner(folder / "home")
    with plain_environment(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("YIMEN_DEPARTMENTS", "civil")
        yimen("init", "--synthetic")
        cache = yimen.home / "cache"
        for engine in ENGINES:
            statement_for(load_catalogue(cache), TODAY, cache=cache, dialect=engine)
        yimen("source", "load", "--all", civil_files)
        papers = ["--authorisation", paper, "--pledge", paper]
        answers = [word for answer in PAPERLESS_ANSWERS for word in ("--answer", answer)]
        number = civil_stories["eligible"]["id_number"]
        yimen("intake", number, "--no-ask", *papers, *answers)
    return yimen.home


@pytest.fixture
def civil(tmp_path: Path, _pristine_civil_home: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The command line on a copy of its home: one family has applied and signed."""
    from conftest import Runner

    monkeypatch.setenv("YIMEN_DEPARTMENTS", "civil")
    return Runner(Path(shutil.copytree(_pristine_civil_home, tmp_path / "civil")))


@pytest.fixture
def answers_of(tmp_path: Path) -> Callable[..., bytes]:
    """Screens a home and gives all answers as the bytes of a CSV file."""

    def screened(yimen: Any, *words: object, kind: str = "screen") -> bytes:
        out = tmp_path / "answers.csv"
        given = ["check", "--all"] if kind == "check" else ["screen"]
        yimen(*given, *words, "--out", out)
        found = out.read_bytes()
        out.unlink()
        return found

    return screened
