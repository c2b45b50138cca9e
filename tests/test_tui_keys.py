"""What the keys of the clerk's screens do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from clerk_screen import desk_home as desk_home
from clerk_screen import drive, opened, press, shown
from conftest import Runner
from working_home import UNKNOWN

from yimen.core.casework.intake import continue_application, parse_answer
from yimen.core.casework.interview import interview
from yimen.core.casework.referral import complete
from yimen.core.rules.catalogue import load_catalogue


def test_a_family_is_taken_in_by_keys_alone(desk_home: Path) -> None:
    async def play(app: Any) -> None:
        await press(app, "f3", "(H35)", "enter", "n", " ", "enter", " ", "f12")
        assert "A2026-00004" in shown(app)
        assert "Signatures                     [v]" in shown(app)
        widgets = app.screen.field_widgets()
        for widget in widgets[1:]:
            await press(app, *(["(0)"] if widget.spec.kind == "money" else ["2"]), "enter")
        await press(app, "f12")
        for __ in range(4):
            # An answer may open a further question; it is asked until nothing is missing.
            if "[Questions]" not in shown(app) and "[Notification]" in shown(app):
                await press(app, "escape", "g", "(A4)", "enter")
                focused = app.screen.focused
                await press(app, "(0)" if focused.spec.kind == "money" else "2", "f12")
        assert "[Check]" in shown(app)
        assert "is accepted; its clock runs from today" in shown(app)
        await press(app, "k")
        assert "Checked." in shown(app)

    drive(desk_home, "window", play)


def test_keys_typed_ahead_reach_the_screen_that_they_were_meant_for(desk_home: Path) -> None:
    async def play(app: Any) -> None:
        await press(app, "g", "(A1)", "enter", "down", "enter", "h", "2")
        assert "[2 Facts]" in shown(app)

    drive(desk_home, "window", play)


def test_full_width_digits_of_an_input_method_are_digits(desk_home: Path) -> None:
    async def play(app: Any) -> None:
        await press(app, "g", "(Ａ１)", "enter")
        assert "[Answers]" in shown(app)
        await press(app, "g", "(H35)", "enter", "n", "enter", "enter", "ctrl+u")
        await press(app, "(２０２６年１１月１９日)")
        assert "2026年11月19日" in shown(app)

    drive(desk_home, "window", play)


def test_a_digit_of_another_script_chooses_like_its_own(desk_home: Path) -> None:
    async def play(app: Any) -> None:
        await press(app, "g", "(V1)", "enter", "z", "(３)")
        assert "[3 confirmed]" in shown(app)

    drive(desk_home, "window", play)


def test_a_second_save_shows_the_difference_instead_of_overwriting(desk_home: Path) -> None:
    catalogue = load_catalogue(desk_home / "cache")
    fact = "civil.other_income_year"

    async def play(app: Any) -> None:
        await press(app, "g", "(A3)", "enter")
        name = next(w.spec.name for w in app.screen.field_widgets() if w.spec.name.endswith(fact))
        app.screen.set_focus(app.screen.field_named(name))
        await press(app, "(100)")
        home, other = opened(desk_home, "admin")
        continue_application(
            other, catalogue, UNKNOWN, answers=[parse_answer(catalogue, f"{fact}=250")]
        )
        home.close()
        await press(app, "f12")
        seen = shown(app)
        assert "[Differences]" in seen
        assert f"{other.operator.name} saved this application" in seen
        assert "250.00" in seen
        assert "100" in seen
        await press(app, "2", "f12")
        assert app.screen.answers()[name] == "100"
        await press(app, "f12")
        assert "[Notification]" in shown(app)

    drive(desk_home, "window", play)
    home, desk = opened(desk_home, "window")
    answers = {q.fact: q.answer for q in interview(desk, catalogue, UNKNOWN).questions}
    home.close()
    assert answers[fact] == "100.00"


def test_a_difference_tells_what_was_chosen_in_words_and_by_whom(desk_home: Path) -> None:
    catalogue = load_catalogue(desk_home / "cache")
    fact = "civil.emergency_event"

    async def play(app: Any) -> None:
        await press(app, "g", "(A3)", "enter")
        name = next(w.spec.name for w in app.screen.field_widgets() if w.spec.name.endswith(fact))
        app.screen.set_focus(app.screen.field_named(name))
        await press(app, "1")
        home, other = opened(desk_home, "admin")
        continue_application(
            other, catalogue, UNKNOWN, answers=[parse_answer(catalogue, f"{fact}=INJURY")]
        )
        home.close()
        await press(app, "f12")
        seen = shown(app)
        assert "[Differences]" in seen
        words = catalogue.facts[fact].codes
        assert words["INJURY"].en[:12] in seen
        assert words["NONE"].en[:12] in seen
        assert "INJURY" not in seen

    drive(desk_home, "window", play)


def test_a_referral_that_somebody_moved_is_not_moved_unseen(desk_home: Path) -> None:
    async def play(app: Any) -> None:
        await press(app, "g", "(R1)", "enter", "i", "(which month?)")
        home, other = opened(desk_home, "admin")
        complete(other, load_catalogue(desk_home / "cache"), "R2026-00001")
        home.close()
        await press(app, "f12")
        assert "Changed meanwhile by " in shown(app)
        assert ": confirmed" in shown(app)
        await press(app, "f12")
        assert "'asked again' is not possible there" in shown(app)

    drive(desk_home, "window", play)


def test_a_department_signs_takes_on_and_answers_with_one_key_each(desk_home: Path) -> None:
    async def play(app: Any) -> None:
        await press(app, "s")
        assert "signed for" in shown(app)
        await press(app, "f")
        assert "Possible: A Take it on, X Not take on, B Return" in shown(app)
        await press(app, "a", "f", "1", "f12")
        assert "answered" in shown(app)
        assert "[Inbox]" in shown(app)

    drive(desk_home, "medical", play)


def test_the_window_confirms_and_the_grant_counts(desk_home: Path) -> None:
    async def play(app: Any) -> None:
        await press(app, "g", "(A1)", "enter", "c")
        assert "benefits granted: 1" in shown(app)

    drive(desk_home, "window", play)


def test_what_cannot_be_taken_back_asks_for_a_y(desk_home: Path) -> None:
    async def play(app: Any) -> None:
        await press(app, "g", "(A3)", "enter", "escape", "g", "(A1)", "enter", "e", "1", "enter",
                    "enter", "enter", "(they moved)", "f12")  # fmt: skip
        assert "End application A2026-00001?" in shown(app)
        await press(app, "n", "enter")
        assert "Nothing was done." in shown(app)
        await press(app, "f12", "(Ｙ)", "enter")
        assert "withdrawn" in shown(app)

    drive(desk_home, "window", play)


def test_drafts_are_listed_and_go_on_where_they_stopped(desk_home: Path) -> None:
    async def play(app: Any) -> None:
        await press(app, "g", "(H35)", "enter", "n", "enter", "enter", "enter", "(/srv/a.pdf)")
        await press(app, "f2", "f9", "1", "2")
        assert "H0000035" in shown(app)
        await press(app, "enter")
        assert "/srv/a.pdf" in shown(app)
        assert "Your draft of" in shown(app)
        await press(app, "escape", "delete", "y", "enter")
        assert "There are no drafts." in shown(app)

    drive(desk_home, "window", play)


def test_a_refusal_stays_on_the_form_and_keeps_what_was_typed(desk_home: Path) -> None:
    async def play(app: Any) -> None:
        await press(app, "g", "(H35)", "enter", "n", " ", "enter", "enter", "ctrl+u", "(2027)")
        await press(app, "f12")
        assert "! Signed on: '2027' is not a date." in shown(app)
        assert app.screen.answers()["signed_on"] == "2027"

    drive(desk_home, "window", play)


def test_every_place_of_the_menu_has_a_screen() -> None:
    from yimen.tui.app import SCREENS
    from yimen.tui.keys import PLACES

    assert SCREENS.keys() == PLACES.keys()


def test_an_operator_sees_no_list_that_the_role_may_not_see(desk_home: Path) -> None:
    Runner(desk_home)("operator", "add", "viewer", "--name", "Zhao", "--role", "auditor")

    async def play(app: Any) -> None:
        assert "[Monitor]" in shown(app)
        await press(app, "f3", "(H12)", "enter")
        assert "may not do this" in shown(app)
        assert "[Family]" in shown(app)

    drive(desk_home, "viewer", play)


def test_the_key_bar_and_the_menu_show_only_what_the_role_may_open(desk_home: Path) -> None:
    admin = Runner(desk_home)
    admin("operator", "add", "viewer", "--name", "Zhao", "--role", "auditor")
    admin("operator", "add", "server", "--name", "He", "--role", "it")
    bars = {
        "viewer": "F1Help F2Work F7Buy F8Watch F9More F10Leave",
        "server": "F1Help F2Work F8Watch F9More F10Leave",
        "civil": "F1Help F2Work F3Family F4Lists F6Send F8Watch F9More F10Leave",
        "window": "F1Help F2Work F3Family F4Lists F5Check F6Send F7Buy F8Watch F9More F10Leave",
    }
    for who, bar in bars.items():

        async def play(app: Any, bar: str = bar) -> None:
            assert shown(app).splitlines()[-1] == bar
            for key in ("f3", "f4", "f5", "f6", "f7", "f8"):
                if f"{key.upper()}" in bar:
                    await press(app, "f2", key)
                    assert "may not do this" not in shown(app), key
            await press(app, "f9")
            listed = [line[:4].strip() for line in shown(app).splitlines()]
            assert ("3" in listed) == ("F4" in bar)
            # Each place keeps its digit whatever else is there.
            assert "11" in listed

        drive(desk_home, who, play)


def test_a_refusal_of_county_it_sends_it_nowhere(desk_home: Path) -> None:
    Runner(desk_home)("operator", "add", "server", "--name", "He", "--role", "it")

    async def play(app: Any) -> None:
        await press(app, "g", "(A1)", "enter")
        said = " ".join(shown(app).split())
        assert "may not do this" in said
        assert "An operator whose work it is does it." in said
        assert "county IT." not in said
        assert "yimen operator" not in said
        assert said.count("(") - said.count("He(server)") == 1

    drive(desk_home, "server", play)


def test_enter_stands_in_the_monitor_s_bar_only_where_it_opens_something(desk_home: Path) -> None:
    async def play(app: Any) -> None:
        await press(app, "f8")
        for tab, opens in (("2", True), ("1", False), ("3", False), ("4", False), ("2", True)):
            await press(app, tab)
            assert ("Enter Open" in shown(app)) is opens, tab
        await press(app, "enter")
        assert "[Department]" in shown(app)

    drive(desk_home, "window", play)


def test_line_by_line_a_department_answers_with_numbers(desk_home: Path) -> None:
    from yimen.tui.plain import PlainDesk

    home, desk = opened(desk_home, "medical")
    lines: list[str] = []
    # Worklist, its first line, sign for it; then take it on, a wrong number, answer: granted.
    said = iter(["1", "1", "1", "1", "99", "5", "1", *[""] * 6, "0", "0", "0"])
    PlainDesk(desk, load_catalogue(desk_home / "cache"), lines.append, lambda __: next(said)).run()
    home.close()
    assert "! '99' is none of the numbers." in lines
    assert "R2026-00004: answered" in lines
    assert not any("\x1b" in line for line in lines)


def test_a_verb_has_one_key_on_the_referral_in_lists_and_among_the_answers(
    desk_home: Path,
) -> None:
    async def play(app: Any) -> None:
        await press(app, "g", "(R1)", "enter")
        assert "I Ask again  C Confirm  - Take back  Del Entered in error" in shown(app)
        await press(app, "a")
        assert "! R2026-00001 is answered. Possible: I Ask again, C Confirm" in shown(app)
        for route in (["g", "(R1)", "enter"], ["g", "(A1)", "enter"], ["f6", "enter", "down"]):
            await press(app, "f2", *route, "i")
            assert "[Ask again]" in shown(app), route
        # In the worklist the applications stand among their referrals.
        await press(app, "f2", "d")
        assert "[Dispatch]" in shown(app)
        await press(app, "escape", "c")
        assert "! A2026-00002 is an application: Enter opens it." in shown(app)

    drive(desk_home, "window", play)


def test_the_menu_of_digits_reaches_what_the_screen_below_can_do(desk_home: Path) -> None:
    async def play(app: Any) -> None:
        await press(app, "g", "(R1)", "enter", "f9", "0")
        assert " 2  Confirm" in shown(app)
        await press(app, "1")
        assert "[Ask again]" in shown(app)
        await press(app, "f2", "f9", "(０)")
        assert " 1  Confirm" in shown(app)
        await press(app, "down", "enter")
        assert "[Dispatch]" in shown(app)

    drive(desk_home, "window", play)


def test_letters_of_an_input_method_that_writes_wide_are_the_same_keys(desk_home: Path) -> None:
    async def play(app: Any) -> None:
        await press(app, "(Ｇ)", "(R1)", "enter", "(Ｉ)")
        assert "[Ask again]" in shown(app)

    drive(desk_home, "window", play)
