"""Which interpreter runs the rivals: that of their own virtual environment, if there is one.

What the rivals import must not stand beside Yimen. OpenFisca brings numpy, which sqlite_utils
imports where it can, so that every `yimen` would start later for a yardstick's sake.
"""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

OWN = Path(__file__).resolve().parent.parent / ".venv-rivals" / "bin" / "python"
PYTHON = str(OWN) if OWN.exists() else sys.executable


@cache
def installed(python: str, module: str) -> bool:
    """Whether this interpreter would find the module; it is looked for, not imported."""
    asked = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({module!r}) is None)"
    return subprocess.run([python, "-c", asked], check=False).returncode == 0
