"""Every screen of the clerk: what it shows at 80 x 24, in both languages."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from clerk_screen import Scene, drive, press, shown
from conftest import Runner
from screens import compare_screen
from working_home import REFUSED

LANGUAGES = ("en", "zh_CN")
# name -> the keys that lead to it from where the day begins, and the operator at the desk.
# A text in brackets is typed as it stands.
ROUTES: dict[str, tuple[str, list[str]]] = {
    "worklist": ("window", []),
    "query": ("window", ["f3"]),
    "household-members": ("window", ["f3", "(H12)", "enter"]),
    "household-facts": ("window", ["f3", "(H12)", "enter", "2"]),
    "household-aid": ("window", ["f3", "(H64)", "enter", "3"]),
    "household-cases": ("window", ["f3", "(H12)", "enter", "4"]),
    "household-timeline": ("window", ["f3", "(H12)", "enter", "5"]),
    "verify": ("window", ["f3", "(H12)", "enter", "2", "v"]),
    "intake": ("window", ["g", "(H35)", "enter", "n"]),
    "questions": ("window", ["g", "(A3)", "enter"]),
    "to-check": ("window", ["f5"]),
    "report": ("window", ["g", "(A2)", "enter"]),
    "report-programme": ("window", ["g", "(A2)", "enter", "enter"]),
    "report-full": ("window", ["g", "(A2)", "enter", "l"]),
    "dispatch": ("window", ["g", "(A2)", "enter", "d"]),
    "board": ("window", ["f6"]),
    "board-department": ("window", ["f6", "enter"]),
    "answers": ("window", ["g", "(A1)", "enter"]),
    "referral": ("window", ["g", "(R1)", "enter"]),
    "end": ("window", ["g", "(A1)", "enter", "e"]),
    "overlaps": ("window", ["f9", "down", "down", "down", "down", "down", "down", "down", "down",
                            "enter"]),
    "overlap": ("window", ["g", "(V1)", "enter"]),
    "overlap-resolution": ("window", ["g", "(V1)", "enter", "z"]),
    "consultation": ("window", ["f9", "1", "0"]),
    "consultation-advice": ("window", ["f9", "1", "0", "(67 f)", "enter", "(４０，男，子)", "f12"]),
    "consultation-questions": ("window", ["f9", "1", "0", "(67 2)", "f12", "q"]),
    "programmes": ("window", ["f9", "1", "1"]),
    "programmes-found": ("window", ["f9", "1", "1", "(school)", "enter"]),
    "programme": ("window", ["f9", "1", "1", "(CIV-DB)", "enter", "enter"]),
    "drafts": ("window", ["f9", "1", "2"]),
    "menu": ("window", ["f9"]),
    "number": ("window", ["g"]),
    "help": ("window", ["f1"]),
    "checklists": ("window", ["f4", "f4"]),
    "checklist-intake": ("window", ["g", "(A1)", "enter", "f4", "up"]),
    "checklist-check": ("window", ["g", "(A2)", "enter", "f4", "2", "down", "enter"]),
    "checklist-dispatch": ("window", ["g", "(A1)", "enter", "f4", "2", "down", "down", "enter"]),
    "checklist-handle": ("window", ["g", "(R1)", "enter", "f4"]),
    "checklist-purchase": ("window", ["g", "(G2)", "enter", "f4"]),
    "checklist-lists": ("window", ["g", "(A1)", "enter", "f4", "2"]),
    "checklist-full": ("window", ["g", "(A2)", "enter", "f4", "l"]),
    "step": ("window", ["g", "(A2)", "enter", "f4", "1"]),
    "purchases": ("window", ["f7"]),
    "purchase": ("window", ["g", "(G1)", "enter"]),
    "purchase-full": ("window", ["g", "(G1)", "enter", "l"]),
    "purchase-planned": ("window", ["g", "(G2)", "enter", "enter"]),
    "purchase-contract": ("window", ["g", "(G1)", "enter", "up", "up", "1"]),
    "purchase-new": ("window", ["f7", "1"]),
    "orders": ("window", ["f7", "2"]),
    "order": ("window", ["g", "(D1)", "enter"]),
    "order-accept": ("window", ["g", "(D1)", "enter", "1"]),
    "payments": ("window", ["f7", "3"]),
    "monitor": ("window", ["f8"]),
    "monitor-departments": ("window", ["f8", "2"]),
    "monitor-late": ("window", ["f8", "3"]),
    "monitor-indicators": ("window", ["f8", "4"]),
    "household-needs": ("window", ["f3", "(H12)", "enter", "6"]),
    "household-services": ("window", ["f3", "(H12)", "enter", "6", "l"]),
    "needs": ("window", ["f3", "(H12)", "enter", "6", "v"]),
    "papers": ("window", ["g", "(A1)", "enter", "p"]),
    "paper": ("window", ["g", "(A1)", "enter", "p", "enter"]),
    "signatures": ("boss", ["f9", "1", "3"]),
    "signature": ("boss", ["f9", "1", "3", "y"]),
    "decline": ("boss", ["f9", "1", "3", "full_stop"]),
    "notices": ("window", ["f9", "1", "4"]),
    "notice-new": ("window", ["f9", "1", "4", "1"]),
    "inbox": ("civil", []),
    "inbox-answer": ("medical", ["s", "a", "f"]),
    "inbox-return": ("education", ["b"]),
}  # fmt: skip


def _walk(operator: str, seen: dict[str, str]) -> Scene:
    async def play(app: Any) -> None:
        for name, (who, keys) in ROUTES.items():
            if who != operator:
                continue
            await press(app, "f2", *keys)
            seen[name] = shown(app)

    return play


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_screen_shows_what_its_file_says(
    working_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("YIMEN_LANG", language)
    seen: dict[str, str] = {}
    for operator in dict.fromkeys(who for who, __ in ROUTES.values()):
        copy = Path(shutil.copytree(working_home, tmp_path / operator))
        if operator == "window":
            # A report's reasons are written when it is filed, in the language of the office.
            office = Runner(copy, operator=operator)
            office("intake", REFUSED, "--no-ask", "--answer", "civil.other_income_year=12")
            office("check", REFUSED)
        if operator == "boss":
            Runner(copy)("operator", "add", "boss", "--name", "Sun", "--role", "county",
                         "--division", "370499")  # fmt: skip
            Runner(copy, operator="window")(
                "application", "close", REFUSED, "--reason", "R02", "--basis", "SAL §23",
                "--note", "a car, and much in the bank",
            )  # fmt: skip
        drive(copy, operator, _walk(operator, seen))
    assert seen.keys() == ROUTES.keys()
    for name, text in seen.items():
        compare_screen(name, language, text)
