"""The command line: exit codes, one sentence an error, manners with other tools, the clock."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from yimen import cli
from yimen.core.errors import ExitCode
from yimen.core.render.listing import LISTING_FORMATS

WRONG_CHECKSUM = "370499198701080010"


# -- exit codes and sentences --------------------------------------------------------------------


def every_exit_code(yimen: Any, files: Path, tmp: Path) -> dict[int, list[object]]:
    mixed = tmp / "mixed.csv"
    good = (files / "civil.death.csv").read_text("utf-8").splitlines()
    mixed.write_text("\n".join([*good, "甲,1,2026-01-01"]) + "\n", "utf-8")
    return {
        ExitCode.DONE: ["operator", "list"],
        ExitCode.USAGE: ["nonsense"],
        ExitCode.NOT_FOUND: ["household", "show", "H9999999"],
        ExitCode.REFUSED: ["init", "--synthetic"],
        ExitCode.BAD_INPUT: ["query", WRONG_CHECKSUM],
        ExitCode.REJECTED_ROWS: ["source", "load", "death", mixed, "--as-of", "2026-11-20"],
    }


def test_each_kind_of_end_has_its_exit_code(yimen: Any, county_files: Path, tmp_path: Path) -> None:
    for code, words in every_exit_code(yimen, county_files, tmp_path).items():
        outcome = yimen.process(*words, code=code)
        assert "Traceback" not in outcome.err
        assert (outcome.out == "") == (code not in (ExitCode.DONE, ExitCode.REJECTED_ROWS))
    assert {int(c) for c in ExitCode} == set(range(8))


def test_a_bug_is_exit_code_one_and_asks_to_be_reported(
    yimen: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from yimen.core.casework import operators

    def broken(desk: object) -> None:
        raise ZeroDivisionError("by accident")

    monkeypatch.setattr(operators, "listing", broken)
    said = yimen("operator", "list", code=1)
    assert said.err == (
        "This is a fault of Yimen: ZeroDivisionError: by accident. "
        "Run again with --debug and report it.\n"
    )
    with pytest.raises(ZeroDivisionError):
        yimen("--debug", "operator", "list")


MISTAKES: dict[str, tuple[list[str], int]] = {
    "wrong checksum": (["query", WRONG_CHECKSUM], 5),
    "wrong checksum at intake": (["intake", WRONG_CHECKSUM, "--no-ask"], 5),
    "a name for a number": (["query", "诸葛亮"], 5),
    "an empty number": (["query", ""], 5),
    "a real person's number": (["query", "110101199003074258"], 5),
    "unknown household": (["household", "show", "H9999999"], 3),
    "unknown application": (["check", "A2026-99999"], 3),
    "unknown referral": (["referral", "show", "R2026-99999"], 3),
    "unknown programme": (["programme", "show", "CIV-MOON"], 3),
    "unknown source": (["source", "show", "civil.moon"], 3),
    "unknown standard": (["standard", "set", "civil.moon", "1", "--from", "2026-01-01",
                          "--basis", "x"], 3),
    "unknown division": (["check", "--all", "--division", "370499999"], 5),
    "a division of five digits": (["check", "--all", "--division", "37049"], 5),
    "unknown department": (["operator", "add", "x", "--name", "X", "--role", "department",
                            "--department", "moon"], 3),
    "a day that is none": (["programme", "list", "--on", "2026-02-30"], 5),
    "facts of tomorrow": (["check", "--all", "--facts-as-of", "2026-11-21"], 4),
    "facts before any register": (["check", "--all", "--facts-as-of", "2020-01-01"], 4),
    "rules before any pack": (["check", "--household", "H0000001", "--rules-on", "1990-01-01"], 3),
    "an amount that is none": (["standard", "set", "civil.dibao_monthly", "much", "--from",
                                "2026-01-01", "--basis", "x"], 5),
    "an amount too long": (["standard", "set", "civil.dibao_monthly", "9" * 20, "--from",
                            "2026-01-01", "--basis", "x"], 5),
    "a standard that ends before it begins": (
        ["standard", "set", "civil.dibao_monthly", "900", "--from", "2026-01-01",
         "--to", "2025-01-01", "--basis", "x"], 5),
    "a standard below zero": (["standard", "set", "--from", "2026-01-01", "--basis", "x", "--",
                               "civil.dibao_monthly", "-900"], 5),
    "a folder without manifest": (["source", "load", "--all", "/none"], 5),
    "a calendar that is not there": (["calendar", "load", "/none.csv"], 5),
    "a home that is there": (["init", "--synthetic"], 4),
    "answers that cannot be written": (
        ["check", "--all", "--engine", "sqlite", "--out", "/none/out.csv"], 4),
    "a form that there is not": (["check", "--all", "--out", "/none/out.txt"], 5),
    "a fact seen nowhere": (["household", "verify", "H0000012", "civil.emergency_event=NONE",
                             "--source", " "], 5),
    "a standard without a document": (["standard", "set", "civil.dibao_monthly", "900", "--from",
                                       "2026-01-01", "--basis", ""], 5),
    "an unknown column": (["programme", "list", "--columns", "moon"], 5),
    "a column twice": (["programme", "list", "--columns", "name,name"], 5),
    "a due day beyond the calendar": (["calendar", "due", "9999", "MO", "--from", "9900-01-01"], 5),
}  # fmt: skip


@pytest.mark.parametrize("what", MISTAKES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_mistake_is_one_sentence_without_a_traceback_in_both_languages(
    yimen: Any, monkeypatch: pytest.MonkeyPatch, language: str, what: str
) -> None:
    monkeypatch.setenv("YIMEN_LANG", language)
    words, code = MISTAKES[what]
    said = yimen(*words, code=code)
    assert said.out == ""
    assert said.err.count("\n") == 1, said.err
    assert said.err.rstrip()[-1] in ".。)）", said.err
    assert "{" not in said.err
    assert WRONG_CHECKSUM not in said.err
    assert "110101199003074258" not in said.err


USAGES: dict[str, list[str]] = {
    "unknown command": ["nonsense"],
    "unknown subcommand": ["referral", "nonsense"],
    "unknown option": ["query", "--nonsense"],
    "no number": ["query"],
    "two things to check": ["check", "A2026-00001", "--all"],
    "nothing to check": ["check"],
    "a table of one family": ["check", "--household", "H0000001", "--format", "csv"],
    "an unknown format": ["programme", "list", "--format", "xml"],
    "half a load": ["source", "load", "death"],
    "a decision that is none": ["referral", "decide", "R2026-00001", "maybe", "--basis", "x"],
    "a state that is none": ["referral", "list", "--state", "moon"],
    "a number of days that is none": ["calendar", "due", "many", "WD"],
}


@pytest.mark.parametrize("what", USAGES)
def test_a_wrong_usage_is_exit_code_two_and_points_to_the_help(yimen: Any, what: str) -> None:
    said = yimen(*USAGES[what], code=2)
    assert said.out == ""
    assert "Usage: yimen" in said.err
    assert "--help" in said.err


def test_debug_shows_the_traceback_and_keeps_the_exit_code(yimen: Any) -> None:
    said = yimen.process("--debug", "query", WRONG_CHECKSUM, code=5)
    assert "Traceback (most recent call last)" in said.err
    assert "BadIdNumber" in said.err
    assert WRONG_CHECKSUM not in said.err.replace(" ", "")
    assert "Traceback" not in yimen.process("query", WRONG_CHECKSUM, code=5).err


def test_the_version_is_told(yimen_nowhere: Any) -> None:
    import yimen as package

    assert yimen_nowhere("--version").out == f"yimen {package.__version__}\n"


# -- manners -------------------------------------------------------------------------------------


def shell(yimen: Any, *words: str, rest: str) -> subprocess.CompletedProcess[str]:
    """The command in a pipeline or with a redirection, under bash with pipefail."""
    script = 'set -o pipefail; "$@" ' + rest
    command = [sys.executable, "-c", "from yimen.cli import main; main()", *yimen.words(*words)]
    return subprocess.run(["bash", "-c", script, "bash", *command], capture_output=True, text=True,
                          timeout=60, check=False)  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [["check", "--all", "--format", "jsonl"], ["programme", "list", "--format", "csv"],
     ["check", "--household", "H0000001"], ["--help"]],
)  # fmt: skip
def test_a_reader_that_leaves_early_is_no_error(yimen: Any, words: list[str]) -> None:
    done = shell(yimen, *words, rest="| head -n 1")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n") == 1
    gone = shell(yimen, *words, rest="| true")
    assert (gone.returncode, gone.stderr) == (0, "")


def test_a_full_disk_under_stdout_is_a_sentence_and_not_success(yimen: Any) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full on this machine")
    done = shell(yimen, "programme", "list", rest="> /dev/full")
    assert done.returncode == 4, done
    assert done.stderr.count("\n") == 1
    assert "disk is full" in done.stderr


def test_interrupting_a_command_says_what_is_kept(yimen_empty: Any, big_county_files: Path) -> None:
    child = yimen_empty.start("source", "load", "--all", big_county_files)
    while not (yimen_empty.home / "load.lock").exists():
        assert child.poll() is None, child.communicate()
        time.sleep(0.003)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=30)
    assert (child.returncode, out) == (130, "")
    assert err.strip() == "Stopped; what was confirmed before is kept."
    yimen_empty("journal", "verify")
    yimen_empty("source", "load", "--all", big_county_files)


def test_terminal_escapes_in_a_register_never_reach_the_terminal(
    yimen_empty: Any, tmp_path: Path
) -> None:
    file = tmp_path / "hukou.csv"
    header = "姓名,身份证号,户号,与户主关系,行政区划,城乡分类,人户分离"
    row = "甲\x1b[2J\x07乙,37049919870108001X,K1,户主,370499101203,农村,否"
    file.write_text(f"{header}\n{row}\n", "utf-8")
    yimen_empty("source", "load", "hukou", file, "--as-of", "2026-11-20")
    for fmt in ("text", "json", "jsonl"):
        out = yimen_empty("query", "37049919870108001X", "--format", fmt).out
        assert "\x1b" not in out
        assert "\x07" not in out
    named = tmp_path / "a\x1b[31mb.csv"
    said = yimen_empty("source", "load", "hukou", named, "--as-of", "2026-11-20", code=5)
    assert "\x1b" not in said.err


# -- the clock -----------------------------------------------------------------------------------


@pytest.fixture
def real_home(yimen_nowhere: Any) -> Any:
    """A home for real people."""
    yimen_nowhere.day = None
    yimen_nowhere("init", "--county", "370481")
    return yimen_nowhere


def test_the_clock_of_a_real_home_cannot_be_moved(
    real_home: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_home("operator", "list")
    real_home.day = "2026-11-20"
    said = real_home("operator", "list", code=4)
    assert "--today moves the clock of a synthetic home only." in said.err
    real_home.day = None
    monkeypatch.setenv("YIMEN_TODAY", "2026-11-20")
    real_home("operator", "list", code=4)
    monkeypatch.delenv("YIMEN_TODAY")
    actions = [r["action"] for r in real_home("journal", "show", "--format", "jsonl").rows]
    assert actions == ["init"]


def test_no_real_home_is_made_on_a_moved_day(yimen_nowhere: Any) -> None:
    said = yimen_nowhere("init", "--county", "370481", code=4)
    assert "--today" in said.err
    assert not yimen_nowhere.home.exists()


def test_a_real_home_knows_no_example_and_no_invented_person(real_home: Any) -> None:
    origins = {r["origin"] for r in real_home.json("standard", "list")}
    assert "example" not in origins
    assert "missing" in origins
    said = real_home("query", "37049919870108001X", code=5)
    assert "test county" in said.err


def test_a_home_is_found_by_option_before_environment(
    yimen_empty: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("YIMEN_HOME", str(tmp_path / "elsewhere"))
    assert cli.run(["--home", str(yimen_empty.home), "operator", "list"]) == 0
    assert cli.run(["operator", "list"]) == 3
    monkeypatch.setenv("YIMEN_HOME", str(yimen_empty.home))
    assert cli.run(["operator", "list"]) == 0
    assert set(os.listdir(yimen_empty.home)) >= {"casework.db", "registers.db"}
    assert LISTING_FORMATS == ("table", "json", "jsonl", "csv", "tsv")
