"""What a form says of a wrong entry, and how one walks through forms and lists."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from clerk_screen import desk_home as desk_home
from clerk_screen import drive, opened, press, shown

from yimen.core.rules.catalogue import load_catalogue


def test_each_wrong_entry_of_the_intake_is_told_at_its_field_and_nothing_is_lost(
    desk_home: Path,
) -> None:
    async def play(app: Any) -> None:
        await press(app, "g", "(H35)", "enter", "n", " ", "enter", " ", "enter", "ctrl+u")
        await press(app, "(２０２６年１３月１日)", "enter", "(/srv/none.pdf)", "f12")
        seen = shown(app)
        assert "! Signed on: '2026年13月1日' is not a date." in seen
        assert "[1/2]" in seen
        assert "\n!Signed on" in seen
        assert "\n!Scan on this server" in seen
        assert app.screen.focused.spec.name == "signed_on"
        await press(app, "ctrl+e")
        assert "! Scan on this server: /srv/none.pdf: The paper cannot be read" in shown(app)
        assert app.screen.focused.spec.name == "scan"
        await press(app, "ctrl+e")
        assert app.screen.focused.spec.name == "signed_on"
        # A mended field loses its mark when it is left; the others keep theirs.
        await press(app, "ctrl+u", "(2026-11-19)", "enter")
        assert "\n!Signed on" not in shown(app)
        assert "\n!Scan on this server" in shown(app)
        await press(app, "ctrl+u", "enter", "(civ-none)", "f12")
        assert "! Asks for: There is no programme CIV-NONE." in shown(app)
        assert app.screen.focused.spec.name == "requested"
        await press(
            app,
            "ctrl+u",
            "(最低生活保障，ｃｉｖ－ｄｂ)",
            "up",
            "up",
            "ctrl+u",
            "(2027-01-01)",
            "f12",
        )
        assert "! Signed on: A paper cannot be signed in the future (2027-01-01)." in shown(app)
        await press(app, "ctrl+u", "f12")
        assert "! Signed on: No date is given." in shown(app)
        assert app.screen.answers()["pledge"] == "1"
        await press(app, "(20261119)", "f12")
        assert "A2026-00004" in shown(app)

    drive(desk_home, "window", play)


def test_an_error_goes_as_soon_as_what_it_speaks_of_is_right(desk_home: Path) -> None:
    async def play(app: Any) -> None:
        await press(app, "g", "(H35)", "enter", "n", " ", "enter", " ", "enter", "ctrl+u")
        await press(app, "(2026-13)", "f12")
        assert "! Signed on: '2026-13' is not a date." in shown(app)
        await press(app, "backspace")
        assert "is not a date" in shown(app)
        await press(app, "(1-19)")
        assert "is not a date" not in shown(app)
        assert "\n!Signed on" not in shown(app)
        # A choice that was missing is right once it is made.
        await press(app, "f2", "g", "(A3)", "enter", "f2", "end", "e", "f12")
        assert "! End: This must be filled in." in shown(app)
        await press(app, "1")
        assert "This must be filled in." not in shown(app)

    drive(desk_home, "window", play)


def test_a_decision_is_refused_at_the_field_that_is_wrong_in_the_forms_own_words(
    desk_home: Path,
) -> None:
    async def play(app: Any) -> None:
        await press(app, "s", "a", "f", "1", "down", "ctrl+u", "(0)", "f12")
        assert "! Amount, yuan: An amount granted is above 0" in shown(app)
        assert app.screen.focused.spec.name == "amount"
        await press(app, "ctrl+u", "(10)", "down", "(2026-13)", "down", "(2026-1)", "f12")
        assert "! From month: '2026-13' is not a month. Write it as 2026-12. [1/2]" in shown(app)
        await press(app, "ctrl+u", "(2026-12)", "down", "ctrl+u", "(2026-11)", "f12")
        assert "The last month lies before the first." in shown(app)
        assert "--" not in shown(app).splitlines()[-4]
        assert app.screen.focused.spec.name == "to"
        assert app.screen.answers()["amount"] == "10"

    drive(desk_home, "medical", play)


def test_a_clerk_finds_a_family_by_a_number_however_it_is_typed(
    desk_home: Path, truth: Any
) -> None:
    from yimen.core.casework.household import show_household

    home, desk = opened(desk_home, "window")
    family = show_household(
        desk, load_catalogue(desk_home / "cache"), "H0000012", unmask=True
    ).household
    home.close()
    number = next(m.id_number for m in family.members if m.id_number and m.id_number[-1] == "X")
    wide = "".join(chr(ord(c) + 0xFEE0) for c in number.lower())

    async def play(app: Any) -> None:
        for typed in (number.lower(), wide, f"{number[:6]} {number[6:14]} {number[14:]}", "h12"):
            for route in (["f3"], ["g"]):
                await press(app, "f2", *route, f"({typed})", "enter")
                assert "H0000012" in shown(app), typed

    drive(desk_home, "window", play)


def test_arrows_and_page_keys_walk_through_a_form_and_a_list(desk_home: Path) -> None:
    async def play(app: Any) -> None:
        await press(app, "g", "(H64)", "enter", "n", "down", "down")
        assert app.screen.focused.spec.name == "signed_on"
        await press(app, "home", "(1)", "end", "backspace", "(5)")
        assert app.screen.answers()["signed_on"] == "12026-11-25"
        await press(app, "pagedown")
        last = app.screen.focused
        assert last.spec.kind == "choice"
        await press(app, "end")
        assert last.answer == "no"
        await press(app, "left", "left", "left")
        assert last.answer == ""
        await press(app, "pageup")
        assert app.screen.focused.spec.name == "authorisation"
        await press(app, "f2", "end")
        assert app.screen.chosen.number == "A2026-00003"
        await press(app, "home")
        assert app.screen.chosen.number == "A2026-00002"

    drive(desk_home, "window", play)


def test_a_fact_is_verified_by_what_it_is_called(desk_home: Path) -> None:
    async def play(app: Any) -> None:
        await press(app, "f3", "(H12)", "enter", "2", "v")
        assert app.screen.answers()["fact"] == "Deductions, a year"
        await press(app, "down", "down", "(1200)", "enter", "(the bank's slip)", "f12")
        assert "The fact is recorded as verified." in shown(app)
        assert "1200.00" in shown(app)

    drive(desk_home, "window", play)


def test_a_digit_chooses_its_own_line_whatever_was_chosen_before(desk_home: Path) -> None:
    async def play(app: Any) -> None:
        await press(app, "g", "(A2)", "enter", "e", "1", "enter")
        assert "Reason                         nothing to fill in" in shown(app)
        await press(app, "up", "2", "enter")
        assert "*Reason                         [ ]" in shown(app)
        reasons = list(app.screen.field_named("reason").spec.choices_with["close"].values())
        assert len(reasons) > 9
        await press(app, "3")
        assert f"[3 {reasons[2]}]" in shown(app)
        await press(app, "1", "0")
        assert "[10 the matter is dealt with under another app.." in shown(app)
        # What has no room in the field stands in full on the message line, until it is left.
        assert f"\n{reasons[9]}\n" in shown(app)
        await press(app, "up", "down", "2")
        assert f"[2 {reasons[1]}]" in shown(app)
        assert reasons[9] not in shown(app)

    drive(desk_home, "window", play)
