"""A batch check that is killed leaves no half result, and the next one runs as if nothing was."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import Runner, plain_environment

ENTITLED = 60
CHECK = ("check", "--all", "--format", "jsonl")


@pytest.fixture(scope="session")
def _pristine_busy_home(
    tmp_path_factory: pytest.TempPathFactory, _pristine_empty_home: Path, shared_catalogue: Any
) -> Path:
    from yimen.core.casework.loading import load_all
    from yimen.core.casework.operators import sit_down
    from yimen.core.rules.catalogue import load_catalogue
    from yimen.core.store.home import open_home
    from yimen.core.synthetic.writer import write_county

    county = tmp_path_factory.mktemp("busy_county")
    sources = [
        shared_catalogue.source(name) for name in ("hukou", "assistance", "tax_income", "vehicle")
    ]
    write_county(county, households=1200, seed=2, as_of=date(2026, 11, 19), sources=sources)
    folder = tmp_path_factory.mktemp("busy") / "home"
    shutil.copytree(_pristine_empty_home, folder)
    home = open_home(folder, today=date(2026, 11, 20))
    list(load_all(sit_down(home), load_catalogue(folder / "cache"), county))
    home.close()
    return folder


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, _pristine_busy_home: Path) -> bytes:
    """What a batch check of that home writes when nothing happens to it."""
    folder = tmp_path_factory.mktemp("undisturbed")
    with plain_environment():
        yimen = Runner(Path(shutil.copytree(_pristine_busy_home, folder / "home")))
        yimen(*CHECK, "--out", folder / "reports.jsonl")
    return (folder / "reports.jsonl").read_bytes()


@pytest.fixture
def busy_home(yimen_nowhere: Any, _pristine_busy_home: Path) -> Any:
    """A home of 1,200 households, dozens of which receive a benefit."""
    shutil.copytree(_pristine_busy_home, yimen_nowhere.home)
    return yimen_nowhere


def part_files(folder: Path) -> list[Path]:
    return [p for p in folder.iterdir() if p.name.endswith(".part")]


def begun(folder: Path) -> bool:
    return bool(part_files(folder))


def some_written(folder: Path) -> bool:
    return any(p.stat().st_size > 100_000 for p in part_files(folder))


def much_written(folder: Path) -> bool:
    return any(p.stat().st_size > 2_000_000 for p in part_files(folder))


MOMENTS: dict[str, Callable[[Path], bool]] = {
    "at the start": begun,
    "after the first reports": some_written,
    "in the middle": much_written,
}


def kill_when(child: subprocess.Popen[str], moment: Callable[[Path], bool], folder: Path) -> None:
    while not moment(folder):
        assert child.poll() is None, child.communicate()
        time.sleep(0.003)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert child.returncode == -signal.SIGKILL


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_batch_leaves_no_file_and_a_home_that_checks_again(
    busy_home: Any, tmp_path: Path, undisturbed: bytes, moment: str
) -> None:
    folder = tmp_path / "results"
    folder.mkdir()
    out = folder / "reports.jsonl"
    words = [*CHECK, "--out", out]
    kill_when(busy_home.start(*words), MOMENTS[moment], folder)
    assert not out.exists()
    busy_home("journal", "verify")
    findings = {f["check"]: f["level"] for f in busy_home.json("doctor")}
    assert findings["casework.db"] == findings["registers.db"] == findings["journal"] == "ok"
    actions = busy_home("journal", "show", "--subject", "county", "--format", "jsonl").rows
    assert [r for r in actions if r["action"] == "check.all"] == []
    assert busy_home.process(*words).out == ""
    # What the killed run had begun is swept away, and only that.
    assert list(folder.iterdir()) == [out]
    written = out.read_bytes()
    assert written.count(b"\n") > ENTITLED
    assert written.endswith(b"\n")
    assert written == undisturbed


def test_a_batch_leaves_the_unfinished_file_of_a_running_one_alone(
    yimen: Any, tmp_path: Path
) -> None:
    out = tmp_path / "reports.jsonl"
    stranger = tmp_path / ".reports.jsonl.notes.part"
    sleeper = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"],
                               stdin=subprocess.PIPE)  # fmt: skip
    running = tmp_path / f".reports.jsonl.{sleeper.pid}.part"
    for path in (running, stranger):
        path.write_text("half", "utf-8")
    yimen("check", "--all", "--out", out)
    assert {p.name for p in tmp_path.iterdir() if p.is_file()} == {
        out.name, running.name, stranger.name,
    }  # fmt: skip
    sleeper.communicate()
    yimen("check", "--all", "--out", out)
    assert {p.name for p in tmp_path.iterdir() if p.is_file()} == {out.name, stranger.name}


def test_a_batch_that_fails_leaves_the_last_result_as_it_was(
    yimen: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from yimen.core.casework.check import Checker

    out = tmp_path / "reports.jsonl"
    yimen("check", "--all", "--format", "jsonl", "--out", out)
    kept = out.read_bytes()
    whole = Checker.reports

    def breaks_off(*given: Any) -> Any:
        yield next(whole(*given))
        raise ZeroDivisionError

    monkeypatch.setattr(Checker, "reports", breaks_off)
    yimen("check", "--all", "--format", "jsonl", "--out", out, code=1)
    assert out.read_bytes() == kept
    assert [p for p in tmp_path.iterdir() if p.name.endswith(".part")] == []
