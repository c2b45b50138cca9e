"""What waits for a second person's signature, on the clerk's screens: seen first, then signed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from clerk_screen import desk_home as desk_home
from clerk_screen import drive, opened, press, shown
from conftest import Runner
from working_home import ELIGIBLE, REFUSED, UNKNOWN

from yimen.core.rules.catalogue import load_catalogue
from yimen.tui.plain import PlainDesk

BASIS = ("--basis", "SAL §23; DB2021 §21", "--note", "told why at the window")


@pytest.fixture
def county(desk_home: Path) -> Path:
    """The working county with a second person at the county and one in the bureau."""
    admin = Runner(desk_home)
    admin("operator", "add", "boss", "--name", "Sun", "--role", "county", "--division", "370499")
    admin("operator", "add", "civil-2", "--name", "Qian", "--role", "department", "--division",
          "370499", "--department", "civil")  # fmt: skip
    return desk_home


def proposed(home: Path) -> None:
    """The window proposes to close an application, and the bureau not to take a matter on."""
    Runner(home, operator="window")("application", "close", REFUSED, "--reason", "R02", *BASIS)
    civil = Runner(home, operator="civil")
    number = next(r["referral_no"] for r in civil.json("referral", "list")
                  if r["state"] == "returned")  # fmt: skip
    Runner(home, operator="window")("referral", "redispatch", number, "--note", "mended")
    civil("referral", "receive", number)
    civil("referral", "reject", number, "--reason", "R04", *BASIS)


def state_of(home: Path, number: str) -> str:
    lines = Runner(home, operator="window").json("application", "list")
    return next(line["state"] for line in lines if line["application_no"] == number)


def test_the_county_sees_what_waits_for_its_signature_and_signs_it_by_a_key(county: Path) -> None:
    proposed(county)

    async def play(app: Any) -> None:
        seen = shown(app)
        assert "2 wait for my signature: Y" in seen
        row = next(line for line in seen.splitlines() if REFUSED in line)
        assert "closing proposed" in row
        assert "to be signed" in row
        await press(app, "f9", "1", "3")
        assert "[To be signed]" in shown(app)
        assert ELIGIBLE not in shown(app)
        while app.screen.referral_at != REFUSED:
            await press(app, "down")
        await press(app, "y")
        seen = shown(app)
        assert "Proposed by" in seen
        assert "property above the limit" in seen
        assert "Notice that the conditions are not met" in seen
        await press(app, "y")
        assert f"Sign as second: {REFUSED}?" in shown(app)
        await press(app, "y", "enter")
        assert f"{REFUSED} is signed: closed" in shown(app)
        assert "Notice of the decision" in shown(app)
        await press(app, "f2")
        assert "1 wait for my signature" in shown(app)

    drive(county, "boss", play)
    assert state_of(county, REFUSED) == "closed"


def test_what_is_declined_goes_back_to_its_proposer_with_the_reason(county: Path) -> None:
    proposed(county)

    async def boss(app: Any) -> None:
        await press(app, "g", "(A2)", "enter")
        assert "[To be signed]" in shown(app)
        await press(app, "。")
        assert "[Decline]" in shown(app)
        await press(app, "f12")
        assert "This must be filled in." in shown(app)
        await press(app, "(the car is sold)", "f12")
        assert "declined to sign it: the car is sold" in shown(app)
        await press(app, "f2")
        assert "1 wait for my signature" in shown(app)

    async def window(app: Any) -> None:
        rows = {no: line for line in shown(app).splitlines() for no in (REFUSED, UNKNOWN)
                if no in line}  # fmt: skip
        assert "dispatch" in rows[REFUSED]
        assert rows[UNKNOWN].startswith("[<]")
        await press(app, "g", "(A2)", "enter")
        assert "Sun declined to sign it: the car is sold" in shown(app)

    Runner(county, operator="window")(
        "application", "terminate", UNKNOWN, "--reason", "R10", *BASIS
    )
    Runner(county, operator="boss")("application", "decline", UNKNOWN, "--note", "ask them again")
    drive(county, "boss", boss)
    drive(county, "window", window)
    said = Runner(county, operator="boss")("application", "countersign", REFUSED, code=4).err
    assert "Sun declined to sign it: the car is sold" in said
    assert state_of(county, REFUSED) == "checked"


def test_a_colleague_of_the_bureau_signs_in_the_inbox_and_the_proposer_does_not(
    county: Path,
) -> None:
    proposed(county)

    async def alone(app: Any) -> None:
        assert "wait for my signature" not in shown(app)
        assert "2nd to sign" in shown(app)
        await press(app, "y")
        assert "waits for your signature" in shown(app)

    async def colleague(app: Any) -> None:
        assert "1 wait for my signature: Y" in shown(app)
        while "to be signed" not in next(
            line for line in shown(app).splitlines() if app.screen.referral_at in line
        ):
            await press(app, "down")
        await press(app, "y")
        assert "not taken on" in shown(app)
        assert "told why at the window" in shown(app)
        await press(app, "y", "(Y)", "enter")
        assert "is signed: not taken on" in shown(app)

    drive(county, "civil", alone)
    drive(county, "civil-2", colleague)


def test_a_drawn_payment_waits_for_another_person_on_the_same_list(
    county: Path, tmp_path: Path
) -> None:
    paper = tmp_path / "sheet.txt"
    paper.write_text("signed\n", "utf-8")
    admin = Runner(county)
    admin("purchase", "accept", "D2026-00001", "--quantity", 4, "--signed-by", "M0000032",
          "--paper", paper)  # fmt: skip
    admin("purchase", "score", "G2026-00001", "--points", "on time=90", "--points",
          "satisfaction=90")  # fmt: skip
    admin("purchase", "pay", "G2026-00001")
    assert "F2026-00001" in Runner(county, operator="boss")("due").err

    async def play(app: Any) -> None:
        await press(app, "f9", "1", "3", "y")
        assert "318.00" in shown(app)
        await press(app, "y")
        assert "[Confirm the payment]" in shown(app)
        await press(app, "(2026-1120-1)", "f12")
        assert "the payment is confirmed." in shown(app)

    drive(county, "boss", play)
    assert admin.json("purchase", "payments")[0]["state"] == "paid"


def test_a_refusal_is_proposed_from_the_report_and_from_the_worklist(county: Path) -> None:
    async def play(app: Any) -> None:
        await press(app, "g", "(A2)", "enter", "e")
        assert "[End]" in shown(app)
        await press(app, "escape", "escape")
        while app.screen.referral_at != REFUSED:
            await press(app, "down")
        await press(app, "e")
        assert "[End]" in shown(app)

    drive(county, "window", play)


def test_line_by_line_it_is_told_read_signed_and_declined_too(county: Path) -> None:
    proposed(county)
    # Worklist, its first line, decline with a reason; then back and out.
    answers = iter(["1", "1", "?", "the car is sold", "0", "0", "0"])
    told: list[str] = []

    def hear(asked: str) -> str:
        said = next(answers)
        if said != "?":
            return said
        lines = "\n".join(told).splitlines()
        return next(line.split()[0] for line in reversed(lines) if line.endswith(" Decline"))

    home, desk = opened(county, "boss")
    PlainDesk(desk, load_catalogue(county / "cache"), told.append, hear).run()
    home.close()
    text = " ".join("\n".join(told).split())
    assert "2 wait for my signature" in text
    assert "closing proposed" in text
    assert "Notice that the conditions are not met" in text
    assert f"{REFUSED}: not signed." in text
    assert "declined to sign it: the car is sold" in text
