"""Public notices, aid that is changed and officers who change, by keys on the clerk's screens."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from clerk_screen import desk_home as desk_home
from clerk_screen import drive, press, shown
from conftest import Runner
from handled import handled
from working_home import REFUSED


@pytest.fixture
def taken_on(desk_home: Path) -> tuple[Path, str]:
    """A matter of dibao that the bureau has taken on and not answered."""
    window, civil = Runner(desk_home, operator="window"), Runner(desk_home, operator="civil")
    (sent, *__) = window.json("dispatch", REFUSED, "--programme", "CIV-DB")["referrals"]
    for verb in ("receive", "accept"):
        civil("referral", verb, sent["referral_no"])
    return desk_home, str(sent["referral_no"])


def test_a_notice_is_put_up_from_its_step_objected_to_and_taken_down(
    taken_on: tuple[Path, str],
) -> None:
    home, number = taken_on

    async def play(app: Any) -> None:
        await press(app, "g", f"({number})", "enter", "f4")
        while app.screen.step.step != "post_notice":
            await press(app, "down")
        assert "1 Put a notice up" in shown(app)
        await press(app, "1")
        assert "[Put a notice up]" in shown(app)
        assert "Public notice of a preliminary dibao opinion" in shown(app)
        app.screen.set_focus(app.screen.field_named("place"))
        await press(app, "(the board)", "f12")
        assert f"Put a notice up: {number}?" in shown(app)
        await press(app, "enter")
        assert "Nothing was done." in shown(app)
        await press(app, "f12", "y", "enter")
        assert "none is known for" in shown(app)
        await press(app, "(250)", "f12", "y", "enter")
        assert "Notice N2026-00001 hangs until 2026-11-27." in " ".join(shown(app).split())
        assert "other steps must come first" in " ".join(shown(app).split())
        await press(app, "f9", "1", "4")
        assert "[Notices]" in shown(app)
        assert "N2026-00001" in shown(app)
        await press(app, "enter")
        assert "250.00" in shown(app)
        await press(app, "1", "enter", "(owns a shop)", "f12")
        assert "owns a shop" in shown(app)
        # Of the only family on it nothing can be taken off.
        await press(app, "2", "enter", "(moved)", "f12")
        assert "It is the only family left" in shown(app)
        await press(app, "escape", "3", "f12", "y", "enter")
        assert "hangs until 2026-11-27" in shown(app)
        await press(app, "(a new opinion)", "f12", "y", "enter")
        assert "taken down" in shown(app)
        await press(app, "g", "(n1)", "enter")
        assert "Nothing is to be done here." in shown(app)

    drive(home, "window", play)
    (line,) = Runner(home, operator="window").json("notice", "list")
    assert (line["state"], line["objections"]) == ("taken_down", 1)


def test_aid_is_stopped_on_the_screens_only_after_the_person_was_heard(
    taken_on: tuple[Path, str],
) -> None:
    home, number = taken_on
    handled(home, number)
    Runner(home, operator="civil")("referral", "decide", number, "granted", "--amount", "250",
                                   "--basis", "SAL §18")  # fmt: skip
    window = Runner(home, operator="window")
    window("referral", "complete", number)
    household = next(a["household_no"] for a in window.json("application", "list")
                     if a["application_no"] == REFUSED)  # fmt: skip

    async def play(app: Any) -> None:
        await press(app, "g", f"({household})", "enter", "3")
        while not str(app.screen.query_one("Listing").chosen).startswith("B"):
            await press(app, "down")
        await press(app, "enter")
        assert "[Aid]" in shown(app)
        assert "250.00" in shown(app)
        await press(app, "2", "(2027-01)", "enter", "enter", "1", "enter", "(SAL 48)", "f12")
        await press(app, "y", "enter")
        assert "hear" in shown(app).lower()
        await press(app, "escape", "1", "enter", "(has found work)", "f12")
        assert "The hearing on B2026-00001 is recorded." in shown(app)
        await press(app, "2", "f12", "y", "enter")
        assert "B2026-00001 ends with 2026-12." in shown(app)

    drive(home, "window", play)


def test_the_county_gives_an_application_to_another_officer_by_a_key(desk_home: Path) -> None:
    Runner(desk_home)("operator", "add", "boss", "--name", "Sun", "--role", "county",
                      "--division", "370499")  # fmt: skip

    async def play(app: Any) -> None:
        await press(app, "o")
        while app.screen.referral_at != REFUSED:
            await press(app, "down")
        await press(app, "j", "(nobody)", "enter", "(on leave)", "f12")
        assert "nobody" in shown(app)
        await press(app, "ctrl+u", "(boss)", "f12")
        assert "now belongs to boss" in shown(app)

    drive(desk_home, "boss", play)
    lines = Runner(desk_home, operator="boss").json("application", "list", "--mine")
    assert [line["application_no"] for line in lines] == [REFUSED]
