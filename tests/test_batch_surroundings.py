"""A batch where the machine is not as it should be: what it says, and what it does instead."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest

from yimen.commands.county_run import whole_file
from yimen.core.errors import Refused

BROKEN = 'raise ImportError("libstdc++.so.6: no such file")\n'


@pytest.fixture
def broken_duckdb(yimen: Any, tmp_path: Path) -> Any:
    """The command line where DuckDB is installed for another machine."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "_duckdb.py").write_text(BROKEN)
    yimen.env["PYTHONPATH"] = str(tmp_path / "elsewhere")
    return yimen


@pytest.mark.parametrize("command", [("screen",), ("check", "--all")])
def test_where_duckdb_cannot_be_loaded_sqlite_computes_and_the_reason_is_told(
    broken_duckdb: Any, command: tuple[str, ...]
) -> None:
    said = broken_duckdb.process(*command)
    assert said.out
    assert "DuckDB cannot be loaded (libstdc++.so.6: no such file); SQLite computes." in said.err
    assert "engine sqlite" in said.err


def test_duckdb_that_was_asked_for_and_cannot_be_loaded_is_refused_with_its_reason(
    broken_duckdb: Any,
) -> None:
    said = broken_duckdb.process("screen", "--engine", "duckdb", code=4)
    assert said.err.startswith(
        "DuckDB is installed here and cannot be loaded: libstdc++.so.6: no such file."
    )
    assert "fault of Yimen" not in said.err


def test_registers_are_loaded_where_duckdb_cannot_be(
    broken_duckdb: Any, county_files: Path
) -> None:
    broken_duckdb.process("source", "load", "--all", county_files)


def test_a_file_on_a_read_only_disk_is_refused_with_another_place_to_choose(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_only(*_given: object, **_options: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    # The system looks at the disk before it looks for the file.
    monkeypatch.setattr(Path, "touch", read_only)
    monkeypatch.setattr(Path, "unlink", read_only)
    with pytest.raises(Refused) as refused, whole_file(tmp_path / "all.csv"):
        raise AssertionError("nothing is computed")
    assert refused.value.what == "The file cannot be written: the disk is mounted read-only."
    assert refused.value.next_step == "Choose another place with --out."


def test_a_disk_that_is_read_only_is_not_said_to_be_full() -> None:
    from yimen.cli import _explained

    told = _explained(OSError(errno.EROFS, "Read-only file system"))
    assert told is not None
    assert told.next_step == "Choose a place that may be written, then repeat the command."
