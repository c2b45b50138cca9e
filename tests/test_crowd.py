"""Many processes at the same referrals: each move is made once, or refused with a sentence."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).parent.parent / "benchmarks" / "crowd.py"


def crowd() -> Any:
    """The benchmark as a module."""
    spec = importlib.util.spec_from_file_location("crowd", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_crowd_makes_every_move_once_or_is_refused(tmp_path: Path) -> None:
    told, faults = crowd().crowd(tmp_path, processes=6, referrals=6)
    assert faults == []
    assert told["receive made"] == told["accept made"] == told["complete made"] == 6
    assert {word.split()[1] for word in told} <= {"made", "IllegalMove", "StaleRevision", "Refused"}


def test_the_crowds_count_would_tell_a_move_made_twice(tmp_path: Path) -> None:
    module = crowd()
    told, __ = module.crowd(tmp_path, processes=1, referrals=2)
    told["receive made"] += 1
    numbers = ["R2026-00001", "R2026-00002"]
    assert module.faults_of(tmp_path / "home", numbers, told) == ["receive: 2 stored, 3 told"]
