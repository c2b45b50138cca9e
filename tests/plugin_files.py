"""A department's plugin as files on disk: a small sound one, which tests then spoil."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

BASIS = [{"text": "SAL §33", "tag": "V"}]
JSON_FILES = """
from yimen import department_from_files

plugin = department_from_files(__name__)
"""


def named(words: str) -> dict[str, str]:
    return {"zh": words, "en": words}


def heating() -> dict[str, Any]:
    """The files of a small sound department: a register, facts, a standard, a programme."""
    return {
        "department.json": {"department": "heating", "names": named("Heating"), "prefix": "HEA"},
        "sources.json": [
            {
                "source": "heating.bills", "names": named("Heating bills"),
                "owner": named("Heating company"), "authority": "duty", "max_age_days": 400,
                "sensitivity": "finance", "basis": BASIS,
                "columns": [
                    {"column": "billed_on", "type": "date", "names": named("Billed on")},
                    {"column": "amount_fen", "type": "money", "names": named("Amount")},
                ],
            }
        ],
        "facts.json": [
            {
                "fact": "heating.billed", "names": named("Billed"), "unit": "person",
                "type": "money", "source": "heating.bills", "aggregate": "SUM(amount_fen)",
                "absent": 0, "household": "sum",
            },
            {
                "fact": "heating.half", "names": named("Half of it"), "unit": "household",
                "type": "money", "expression": "DIV_FLOOR(heating.billed, 2)",
            },
        ],
        "standards.json": [
            {
                "standard": "heating.limit", "names": named("Limit"), "type": "money",
                "basis": BASIS, "example": [{"value": 100000, "from_date": "2021-01-01"}],
            }
        ],
        "programmes.json": [
            {
                "programme": "HEA-WARM", "names": named("Warm rooms"), "department": "heating",
                "unit": "household",
                "versions": [
                    {
                        "from_date": "2021-07-01", "basis": BASIS,
                        "criteria": [
                            {
                                "criterion": "billed", "text": named("Billed within the limit"),
                                "expression": "heating.half <= heating.limit",
                                "basis": BASIS[0], "about": "expense",
                            }
                        ],
                        "amount": {"type": "FIXED", "per": "once", "expression": "heating.half"},
                    }
                ],
            }
        ],
    }  # fmt: skip


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Path]]:
    """Installs a plugin: its files, its code, and the metadata by which it is found."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))
    path = os.pathsep.join(filter(None, [str(site), os.environ.get("PYTHONPATH")]))
    monkeypatch.setenv("PYTHONPATH", path)

    def put(files: dict[str, Any] | None = None, *, name: str = "heating", code: str = JSON_FILES,
            point: str = "") -> Path:  # fmt: skip
        package = site / f"yimen_{name}"
        package.mkdir()
        (package / "__init__.py").write_text(code, "utf-8")
        for file, content in (heating() if files is None else files).items():
            text = content if isinstance(content, str) else json.dumps(content, indent=1)
            (package / file).write_text(text, "utf-8")
        info = site / f"yimen_{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: yimen-{name}\nVersion: 1.0\n")
        target = point or f"yimen_{name}:plugin"
        (info / "entry_points.txt").write_text(f"[yimen.departments]\n{name} = {target}\n")
        return package

    yield put
    # A screen is imported here, and the next test's plugin of that name lies elsewhere.
    for name in [n for n in sys.modules if n.partition(".")[0] in {p.name for p in site.iterdir()}]:
        del sys.modules[name]
