"""Files that people bring: marked UTF-8 or GB18030, for every command that reads one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from handover_homes import Pair

from yimen.core.errors import BadFile
from yimen.core.text_files import read_text

ENCODINGS = ["utf-8", "utf-8-sig", "gb18030"]
CALENDAR = "date,type\n2026-10-05,off\n2026-10-10,work\n"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_text_is_the_same_in_each_encoding(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "x").write_text("第一行\n第二行㐂\n", encoding)
    assert read_text(tmp_path / "x") == "第一行\n第二行㐂\n"


@pytest.mark.parametrize("content", [b"\xff\xfeA\0", b"\x80\xff", "中".encode("utf-16")])
def test_what_is_in_neither_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(BadFile, match="neither UTF-8 nor GB18030") as refused:
        read_text(tmp_path / "x")
    assert "codec" not in str(refused.value)


READERS: dict[str, tuple[Callable[[Path], list[object]], str, str]] = {
    "calendar": (lambda p: ["calendar", "load", p], CALENDAR, "2"),
    "a family": (lambda p: ["consult", "--file", p, "--format", "jsonl"],
                 '{"members": [{"age": 70, "relation": "01", "sex": "1"}]}', "programme"),
}  # fmt: skip


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("what", READERS)
def test_a_command_reads_its_file_in_each_encoding(
    yimen: Any, tmp_path: Path, what: str, encoding: str
) -> None:
    words, content, said = READERS[what]
    path = tmp_path / "file"
    path.write_text(content, encoding)
    assert said in yimen(*words(path)).out


@pytest.mark.parametrize("what", READERS)
def test_a_command_says_plainly_what_it_cannot_read(yimen: Any, tmp_path: Path, what: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"\xff\xfe\x00date")
    said = yimen(*READERS[what][0](path), code=5)
    assert "neither UTF-8 nor GB18030" in said.err
    assert said.err.count("\n") == 1


def test_a_manifest_with_a_mark_in_front_is_a_manifest(
    yimen_empty: Any, county_files: Path, tmp_path: Path
) -> None:
    manifest = json.loads((county_files / "manifest.json").read_text())
    manifest["files"] = [f for f in manifest["files"] if f["source"] == "civil.hukou"]
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), "utf-8-sig")
    (tmp_path / "civil.hukou.csv").write_bytes((county_files / "civil.hukou.csv").read_bytes())
    assert "civil.hukou" in yimen_empty("source", "load", "--all", tmp_path).out


def test_a_batch_with_a_mark_in_front_keeps_its_first_line(pair: Pair) -> None:
    batch = pair.sent()
    marked = batch.with_name(f"marked-{batch.name}")
    marked.write_bytes(b"\xef\xbb\xbf" + batch.read_bytes())
    plain = pair.office("referral", "take", batch, "--dry-run", "--format", "jsonl").rows
    told = pair.office("referral", "take", marked, "--dry-run", "--format", "jsonl").rows
    assert [(r["row"], r["result"]) for r in told] == [(r["row"], r["result"]) for r in plain]
