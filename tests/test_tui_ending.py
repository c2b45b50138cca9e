"""The form for ending an application offers what its state, its report and the role allow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from clerk_screen import desk_home as desk_home
from clerk_screen import drive, opened, press, shown
from conftest import Runner
from working_home import ELIGIBLE, REFUSED, UNKNOWN

from yimen.core.casework.possible_ends import possible_ends
from yimen.core.casework.reasons import REFUSAL_CODES, TERMINATION_CODES
from yimen.core.errors import Refused
from yimen.core.rules.catalogue import load_catalogue


def offered(path: Path, number: str, operator: str = "window") -> dict[str, dict[str, str]]:
    home, desk = opened(path, operator)
    try:
        return possible_ends(desk, load_catalogue(path / "cache"), number)
    finally:
        home.close()


def test_each_state_has_its_own_ends_and_each_end_its_own_reasons(desk_home: Path) -> None:
    submitted = offered(desk_home, UNKNOWN)
    assert list(submitted) == ["withdraw", "terminate", "reject"]
    assert submitted["withdraw"] == {}
    assert submitted["terminate"] == TERMINATION_CODES
    assert submitted["reject"] == REFUSAL_CODES
    checked = offered(desk_home, REFUSED)
    assert list(checked) == ["withdraw", "terminate", "close", "refuse"]
    assert {"C01", "C02", "F01"} < checked["close"].keys()
    assert "terminate" not in offered(desk_home, ELIGIBLE)


def test_every_reason_that_is_offered_is_accepted_and_no_other_one(desk_home: Path) -> None:
    window = Runner(desk_home, operator="window")
    reasons = offered(desk_home, REFUSED)["close"]
    for code in REFUSAL_CODES:
        window(
            "application", "close", REFUSED, "--reason", code, "--basis", "SAL §23",
            "--note", "told at the window", code=0 if code in reasons else 4,
        )  # fmt: skip
    assert "R02" in reasons
    assert not REFUSAL_CODES.keys() <= reasons.keys()


def test_whoever_may_end_nothing_is_refused_before_any_form(desk_home: Path) -> None:
    with pytest.raises(Refused, match="may not do this"):
        offered(desk_home, ELIGIBLE, "civil")


def test_the_form_narrows_the_reasons_as_an_end_is_chosen(desk_home: Path) -> None:
    async def play(app: Any) -> None:
        await press(app, "g", f"({UNKNOWN})", "enter", "escape", "f2", "end", "e")
        assert "[End]" in shown(app)
        assert "close" not in app.screen.field_named("end").spec.choices
        await press(app, "2", "enter", "1")
        assert app.screen.answers()["end"] == "terminate"
        assert app.screen.answers()["reason"] == "R10"
        assert "[1 refused to cooperate] 2 false declaration" in shown(app)
        assert "R10" not in shown(app)
        # Of another end that was a reason, too, but its place in the list is another one.
        await press(app, "up", "3")
        assert app.screen.answers()["reason"] == "R10"
        await press(app, "down", "1")
        assert app.screen.answers()["reason"] == "R01"
        await press(app, "up", "2")
        assert app.screen.answers()["reason"] == ""

    drive(desk_home, "window", play)


def test_what_has_ended_says_so_instead_of_opening_a_form(desk_home: Path) -> None:
    Runner(desk_home, operator="window")("application", "withdraw", UNKNOWN, "--note", "moved")

    async def play(app: Any) -> None:
        await press(app, "g", f"({UNKNOWN})", "enter", "e")
        assert f"! {UNKNOWN} is withdrawn: nothing is left to end or refuse." in shown(app)
        assert "[Answers]" in shown(app)

    drive(desk_home, "window", play)
