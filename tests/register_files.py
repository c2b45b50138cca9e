"""Register files of a few people, and what a load of them left in the home."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from yimen.core.identity import check_digit

HUKOU = ["姓名", "身份证号", "户号", "与户主关系", "行政区划", "城乡分类", "人户分离"]
DAY = ["--as-of", "2026-11-20"]


def number(serial: int, born: str = "19800101") -> str:
    """An ID number of the unassigned county."""
    first17 = f"370499{born}{serial:03d}"
    return first17 + check_digit(first17)


def person(name: str, id_number: str, household: str, relation: str = "户主") -> list[str]:
    return [name, id_number, household, relation, "370499101203", "农村", "否"]


def write(
    path: Path, header: Sequence[str], rows: Iterable[Sequence[str]], encoding: str = "utf-8"
) -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def tables(path: Path, leave_out: Iterable[str] = ()) -> dict[str, list[Any]]:
    """All rows of all tables of a database file."""
    conn = sqlite3.connect(path)
    names = [n for (n,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {
        name: conn.execute(f'SELECT * FROM "{name}"').fetchall()
        for name in sorted(names)
        if name not in leave_out
    }
    conn.close()
    return found


def contents(home: Path) -> tuple[dict[str, list[Any]], dict[str, list[Any]]]:
    """Everything in a home but its journal."""
    return tables(home / "casework.db", {"journal"}), tables(home / "registers.db")


def snapshots(home: Path) -> list[dict[str, Any]]:
    conn = sqlite3.connect(home / "casework.db")
    conn.row_factory = sqlite3.Row
    found = [dict(r) for r in conn.execute("SELECT * FROM snapshot ORDER BY rowid")]
    conn.close()
    return found


def members(yimen: Any, household: str) -> dict[str, tuple[str, str | None]]:
    """name -> (member_no, ID number)."""
    file = yimen.json("household", "show", household, "--unmask")
    return {m["name"]: (m["member_no"], m["id_number"]) for m in file["household"]["members"]}


def refused_whole(yimen: Any, *words: object, code: int = 5) -> str:
    """Runs a load that must change nothing at all; its sentence."""
    before = contents(yimen.home)
    said = yimen("source", "load", *words, code=code)
    assert contents(yimen.home) == before
    assert said.out == ""
    assert said.err.count("\n") == 1, said.err
    assert not (yimen.home / "rejected").exists()
    return str(said.err)


def load(yimen: Any, tmp_path: Path, rows: Sequence[Sequence[str]]) -> None:
    yimen("source", "load", "hukou", write(tmp_path / "hukou.csv", HUKOU, rows), *DAY)
