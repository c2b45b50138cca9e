"""The coded reasons for which aid is reduced or stopped; a change without one is not recorded."""

from __future__ import annotations

STOP_CODES: dict[str, str] = {
    "S01": "death of the recipient",
    "S02": "in prison or compulsory drug rehabilitation",
    "S03": "income above the standard",
    "S04": "property above the standard",
    "S05": "given up by the recipient",
    "S06": "moved away",
    "S07": "obtained by fraud",
    "S08": "refuses the check",
    "S09": "refused suitable work three times in a row without a reason",
    "S10": "a legal supporter is now able",
    "S11": "age reached or schooling ended",
    "S12": "period of grace over",
    "S13": "recognition no longer valid",
}
THREE_REFUSALS = "S09"
