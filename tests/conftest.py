"""Homes that several tests share, and the two ways to run the command line.

A home is expensive, so each worker makes one and the tests get copies. Every test speaks English,
lives in a folder of its own and on one day.
"""

from __future__ import annotations

import gc
import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from buying import buying as buying  # a fixture
from civil_county import _pristine_civil_home as _pristine_civil_home
from civil_county import answers_of as answers_of
from civil_county import civil as civil
from civil_county import civil_files as civil_files
from civil_county import civil_stories as civil_stories
from handled import handled
from handover_homes import _pristine_pair as _pristine_pair
from handover_homes import pair as pair
from plugin_files import install as install  # a fixture
from synthetic_county import county as county
from synthetic_county import small_county as small_county
from walked_home import pages as pages
from walked_home import printed as printed
from walked_home import walked as walked
from working_home import _pristine_working_home as _pristine_working_home
from working_home import one_moment as one_moment
from working_home import working_home as working_home

from yimen.core.clock import Clock

TODAY = date(2026, 11, 20)
COUNTY = "370499"
MAIN = [sys.executable, "-c", "from yimen.cli import main; main()"]
# A runner in the background of a shell ignores Ctrl-C, and so would every command it starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
# Nobody asks the applicant in a test, so that a test under a terminal does not wait.
PAPERLESS_ANSWERS = (
    "other_income_year=0",
    "deductible_year=0",
    "civil.emergency_event=NONE",
)


@dataclass(frozen=True)
class Outcome:
    """What a command left: exit code, stdout, stderr."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def rows(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass
class Runner:
    """`yimen` on one home on one day: called in this process, or started as another."""

    home: Path
    day: str | None = TODAY.isoformat()
    operator: str | None = None
    env: dict[str, str] = field(default_factory=dict)

    def words(self, *words: object) -> list[str]:
        given = ["--home", str(self.home)]
        given += ["--today", self.day] if self.day else []
        given += ["--as", self.operator] if self.operator else []
        return [*given, *map(str, words)]

    def __call__(self, *words: object, code: int | None = 0) -> Outcome:
        """Runs in this process; the exit code must be `code` unless that is None."""
        from yimen.cli import run

        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            left = int(run(self.words(*words)))
        outcome = Outcome(left, out.getvalue(), err.getvalue())
        assert code is None or left == code, (words, outcome)
        return outcome

    def json(self, *words: object) -> Any:
        """The result of a command in its published shape."""
        return self(*words, "--format", "json").json

    def acting_as(self, operator: str | None) -> Runner:
        """The same home with another operator at the desk."""
        return Runner(self.home, self.day, operator, self.env)

    def start(self, *words: object, **options: Any) -> subprocess.Popen[str]:
        """Starts a real second process."""
        return subprocess.Popen(
            [*MAIN, *self.words(*words)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **self.env},
            **options,
        )

    def process(self, *words: object, code: int | None = 0) -> Outcome:
        """Runs in a real second process and waits for its end."""
        child = self.start(*words)
        out, err = child.communicate(timeout=120)
        outcome = Outcome(child.returncode, out, err)
        assert code is None or child.returncode == code, (words, outcome)
        return outcome


def pytest_collection() -> None:
    """Modules and tests are made here, and all of them stay."""
    gc.disable()


def pytest_collection_finish() -> None:
    """What stays to the end need not be searched for garbage after each test anew."""
    gc.enable()
    gc.collect()
    gc.freeze()
    # A test makes many short-lived records; to look through them ten times as seldom is enough.
    gc.set_threshold(20_000, 20, 20)


@contextmanager
def plain_environment() -> Iterator[None]:
    """English, all departments, no other setting: for what is made once a session."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("YIMEN_LANG", "en")
        for name in ("YIMEN_DEPARTMENTS", "YIMEN_BUSY_SECONDS", "YIMEN_TODAY"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(autouse=True)
def _english_and_at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("YIMEN_LANG", "en")
    monkeypatch.setenv("YIMEN_HOME", str(tmp_path / "home"))
    for name in ("YIMEN_DEPARTMENTS", "YIMEN_BUSY_SECONDS", "YIMEN_TODAY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def _compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home's cache after a check of the day in each language: catalogues and statement."""
    from yimen.core.rules.catalogue import load_catalogue
    from yimen.core.rules.statement import statement_for

    cache = tmp_path_factory.mktemp("compiled")
    with plain_environment():
        # First, since a catalogue that is built takes away the statements that are there.
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("YIMEN_LANG", "zh_CN")
            load_catalogue(cache)
        statement_for(load_catalogue(cache), TODAY, cache=cache)
    return cache


@pytest.fixture(scope="session")
def shared_catalogue(_compiled: Path) -> Any:
    """What the bundled departments declare."""
    from yimen.core.rules.catalogue import load_catalogue

    with plain_environment():
        return load_catalogue(_compiled)


@pytest.fixture(scope="session")
def county_files(tmp_path_factory: pytest.TempPathFactory, shared_catalogue: Any) -> Path:
    """The register files of a county of 300 households, with manifest.json and truth.json."""
    from yimen.core.synthetic.writer import write_county

    folder = tmp_path_factory.mktemp("county") / "files"
    sources = list(shared_catalogue.sources.values())
    write_county(folder, households=300, seed=1, as_of=TODAY, sources=sources)
    return folder


@pytest.fixture(scope="session")
def big_county_files(tmp_path_factory: pytest.TempPathFactory, shared_catalogue: Any) -> Path:
    """Five registers of a county of 3,000 households: a load takes long enough to be killed."""
    from yimen.core.synthetic.writer import write_county

    folder = tmp_path_factory.mktemp("big-county") / "files"
    names = ("hukou", "assistance", "bank", "insurance", "settlement")
    sources = [shared_catalogue.source(name) for name in names]
    write_county(folder, households=3000, seed=2, as_of=TODAY - timedelta(days=1), sources=sources)
    return folder


@pytest.fixture(scope="session")
def truth(county_files: Path) -> Any:
    """What was planted in the county, and its three stories by name."""
    found = json.loads((county_files / "truth.json").read_text("utf-8"))
    found["stories"] = {story["story"]: story for story in found["stories"]}
    return found


def _made(folder: Path, compiled: Path) -> Runner:
    yimen = Runner(folder)
    yimen("init", "--synthetic")
    # Nothing is built or compiled again in the copies, unless a test spoils or changes it.
    shutil.copytree(compiled, folder / "cache", dirs_exist_ok=True)
    yimen("programme", "list")
    return yimen


@pytest.fixture(scope="session")
def _pristine_loaded_home(
    tmp_path_factory: pytest.TempPathFactory,
    county_files: Path,
    shared_catalogue: Any,
    _compiled: Path,
) -> Path:
    with plain_environment():
        yimen = _made(tmp_path_factory.mktemp("pristine") / "home", _compiled)
        yimen("source", "load", "--all", county_files)
        yimen("operator", "add", "window", "--name", "Wang", "--role", "county")
        for department in shared_catalogue.departments:
            yimen("operator", "add", department, "--name", department.title(),
                  "--role", "department", "--department", department)  # fmt: skip
        yimen("doctor")
    return yimen.home


@pytest.fixture(scope="session")
def _pristine_empty_home(tmp_path_factory: pytest.TempPathFactory, _compiled: Path) -> Path:
    with plain_environment():
        return _made(tmp_path_factory.mktemp("pristine") / "home", _compiled).home


@pytest.fixture
def empty_home(tmp_path: Path, _pristine_empty_home: Path) -> Path:
    """A synthetic home without registers; the OS account is its first operator."""
    return Path(shutil.copytree(_pristine_empty_home, tmp_path / "home"))


@pytest.fixture(scope="session")
def _pristine_dispatched(
    tmp_path_factory: pytest.TempPathFactory, _pristine_loaded_home: Path, truth: Any
) -> tuple[Path, str]:
    """The loaded home after a dispatch and its survey, and the dispatch result as JSON."""
    folder = tmp_path_factory.mktemp("dispatched")
    yimen = Runner(Path(shutil.copytree(_pristine_loaded_home, folder / "home")))
    paper = folder / "signed.txt"
    paper.write_text("signed\n", "utf-8")
    with plain_environment():
        number = opened_for(yimen, truth, paper, "eligible")["application_no"]
        yimen("check", number)
        sent = yimen("dispatch", number, "--format", "json")
        for line in sent.json["referrals"]:
            handled(yimen.home, line["referral_no"])
    return yimen.home, sent.out


@pytest.fixture
def loaded_home(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A copy of a home of 300 households, with a window and an operator of each department.

    Where the test asks for `dispatched`, that was done in it before the test began.
    """
    if "dispatched" in request.fixturenames:
        pristine, __ = request.getfixturevalue("_pristine_dispatched")
    else:
        pristine = request.getfixturevalue("_pristine_loaded_home")
    return Path(shutil.copytree(pristine, tmp_path / "home"))


@pytest.fixture
def yimen(loaded_home: Path) -> Runner:
    """The command line on the loaded home."""
    return Runner(loaded_home)


@pytest.fixture
def yimen_empty(empty_home: Path) -> Runner:
    """The command line on the home without registers."""
    return Runner(empty_home)


@pytest.fixture
def yimen_nowhere(tmp_path: Path) -> Runner:
    """The command line before there is a home."""
    return Runner(tmp_path / "home")


@pytest.fixture
def desk(loaded_home: Path) -> Iterator[Any]:
    """The first operator (county and it) at work in the loaded home."""
    from yimen.core.casework.operators import sit_down
    from yimen.core.store.home import open_home

    home = open_home(loaded_home, today=TODAY)
    yield sit_down(home)
    home.close()


@pytest.fixture
def clock() -> Clock:
    """The one day on which all tests live."""
    return Clock(TODAY)


@pytest.fixture
def signed_paper(tmp_path: Path) -> Path:
    """The scan of a signed paper."""
    paper = tmp_path / "signed.txt"
    paper.write_text("signed\n", "utf-8")
    return paper


def opened_for(yimen: Runner, truth: Any, paper: Path, story: str, *more: str) -> Any:
    """Opens an application of a story with papers and answers: its intake result."""
    words = ["--authorisation", str(paper), "--pledge", str(paper)]
    for answer in PAPERLESS_ANSWERS:
        words += ["--answer", answer]
    number = truth["stories"][story]["id_number"]
    return yimen.json("intake", number, "--no-ask", *words, *more)


@pytest.fixture
def accepted(yimen: Runner, truth: Any, signed_paper: Path) -> Any:
    """Opens an application of a story with papers and answers; returns its intake result."""

    def open_story(story: str, *more: str, runner: Runner | None = None) -> Any:
        return opened_for(runner or yimen, truth, signed_paper, story, *more)

    return open_story


@pytest.fixture
def dispatched(yimen: Runner, _pristine_dispatched: tuple[Path, str]) -> Any:
    """The eligible story, dispatched by the first operator and surveyed: its dispatch result."""
    __, sent = _pristine_dispatched
    return json.loads(sent)


@pytest.fixture
def whole_numbers() -> Any:
    """Finds whole ID numbers in a text, not those inside a longer run of hex digits."""
    pattern = re.compile(r"(?<![0-9A-Fa-f])(?:[0-9]{17}[0-9Xx]|[0-9]{15})(?![0-9A-Fa-f])")
    return lambda text: pattern.findall(text)
