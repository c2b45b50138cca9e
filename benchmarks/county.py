"""A loaded synthetic county in a folder, made by the commands that an office would use."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

TODAY = "2026-11-20"
YIMEN = str(Path(sys.executable).with_name("yimen"))
# What is installed is compiled; a shell that forbids Python to keep that would have every command
# compile its modules again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def loaded_county(folder: str, households: int) -> dict[str, Any]:
    """Writes and loads the county, points the environment at its home; returns its truth.json."""
    os.environ |= {"YIMEN_HOME": f"{folder}/home", "YIMEN_TODAY": TODAY}
    for words in (
        ["synth", f"{folder}/county", "--households", str(households)],
        ["init", "--synthetic"],
        ["source", "load", "--all", f"{folder}/county"],
    ):
        subprocess.run([YIMEN, *words], check=True, stdout=subprocess.DEVNULL)
    truth: dict[str, Any] = json.loads(Path(folder, "county", "truth.json").read_text("utf-8"))
    return truth
