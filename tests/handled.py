"""The handling that a grant waits for, written as if it had been recorded long ago."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

PLUGINS = Path(__file__).resolve().parent.parent / "plugins"


def handled(home: Path, referral_no: str, *, but: str = "") -> None:
    """Writes what a department's officers recorded long ago: all that a grant waits for, but one.

    For tests of what comes after the handling; those of the handling itself type every step.
    """
    conn = sqlite3.connect(home / "casework.db")
    ((programme,),) = conn.execute(
        "SELECT programme FROM referral WHERE referral_no = ?", [referral_no]
    )
    files = [*PLUGINS.glob("*/checklists.json"), *PLUGINS.glob("*/checklists/*.json")]
    for whole in (one for file in files for one in json.loads(file.read_text("utf-8"))):
        if whole["checklist"] != f"handle/{programme}":
            continue
        for step in whole["steps"]:
            always = step.get("needed_when", "rule_pack <> 'R2012'") == "rule_pack <> 'R2012'"
            if "guard" in step and "done_when" not in step and always and step["step"] != but:
                conn.execute(
                    "INSERT INTO checklist_act (subject, checklist, step, act, answer, evidence,"
                    " note, operator, at) VALUES (?, ?, ?, 'done', ?, '[]', '', 'window',"
                    " '2026-10-01T09:00:00+08:00')",
                    [referral_no, whole["checklist"], step["step"], False if "asks" in step
                     else None],
                )  # fmt: skip
    conn.commit()
    conn.close()
