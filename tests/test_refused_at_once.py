"""Options that do not go together are refused by their name, before anything is computed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

FAMILY = ("--household", "H0000001")
OF_ALL = {
    "--division": ("--division", "370499"), "--flags": ("--flags",),
    "--since": ("--since", "S2026-00001"), "--engine": ("--engine", "sqlite"),
    "--chunk": ("--chunk", "5"), "--out": ("--out", "all.csv"),
    "--columns": ("--columns", "programme"),
}  # fmt: skip


def computed_nothing(yimen: Any) -> bool:
    return not any((yimen.home / "runs").glob("*")) if (yimen.home / "runs").exists() else True


@pytest.mark.parametrize("subject", [FAMILY, ("A2026-00001",)])
@pytest.mark.parametrize("option", OF_ALL)
def test_an_option_of_all_is_refused_where_one_is_checked(
    yimen: Any, option: str, subject: tuple[str, ...]
) -> None:
    said = yimen("check", *subject, *OF_ALL[option], code=2)
    assert f"{option} goes with --all alone." in said.err
    assert not Path("all.csv").exists()


def test_what_one_report_alone_can_show_is_refused_for_all(yimen: Any) -> None:
    said = yimen("check", "--all", "--full", code=2)
    assert "--full goes with one family alone." in said.err
    assert computed_nothing(yimen)


@pytest.mark.parametrize(
    ("command", "known"),
    [
        (("screen",), "missed"),
        (("screen", "--list"), "flags"),
        (("screen", "--flags"), "fact"),
        (("check", "--all"), "flags"),
    ],
)
def test_a_column_that_a_listing_has_not_is_refused_before_the_run_begins(
    yimen: Any, command: tuple[str, ...], known: str
) -> None:
    said = yimen(*command, "--columns", f"{known},nope", code=5)
    assert said.err.startswith("--columns: This listing has no column nope. Choose from: ")
    assert known in said.err
    assert computed_nothing(yimen)


def test_a_column_of_changes_is_looked_at_before_the_second_run(yimen: Any) -> None:
    yimen("screen", "--engine", "sqlite")
    yimen("screen", "--since", "S2026-00001", "--columns", "nope", code=5)
    assert len(yimen.json("screen", "--runs")) == 1


@pytest.mark.parametrize(
    "command", [("screen", "--explain"), ("check", "--all", "--format", "jsonl")]
)
@pytest.mark.parametrize("name", ["q.csv", "q.parquet", "q"])
def test_whole_reports_are_not_written_into_a_file_named_as_columns(
    yimen: Any, tmp_path: Path, command: tuple[str, ...], name: str
) -> None:
    said = yimen(*command, "--out", tmp_path / name, code=2)
    assert "--out: whole reports are lines of JSON; end the file in .jsonl." in said.err
    assert not (tmp_path / name).exists()


def test_whole_reports_are_written_into_a_file_of_lines(yimen: Any, tmp_path: Path) -> None:
    yimen("check", "--all", "--format", "jsonl", "--out", tmp_path / "q.jsonl")
    assert (tmp_path / "q.jsonl").read_text("utf-8").startswith('{"')


def test_columns_are_chosen_in_a_listing_and_not_in_a_file_of_all_answers(
    yimen: Any, tmp_path: Path
) -> None:
    said = yimen("screen", "--columns", "programme", "--out", tmp_path / "q.csv", code=2)
    assert "--out writes all answers; leave the other choice out." in said.err
    assert computed_nothing(yimen)
