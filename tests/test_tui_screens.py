"""Every screen of the clerk, driven by keys: what it shows at 80 x 24, and what its keys do."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import PAPERLESS_ANSWERS, TODAY, Runner, plain_environment
from screens import SIZE, compare_screen, screen_text

from yimen.core.casework.intake import continue_application, parse_answer
from yimen.core.casework.interview import interview
from yimen.core.casework.operators import sit_down
from yimen.core.casework.referral import complete, decide_elsewhere
from yimen.core.clock import Clock
from yimen.core.rules.catalogue import load_catalogue, load_names
from yimen.core.store.home import Home, open_home

LANGUAGES = ("en", "zh_CN")
ELIGIBLE, REFUSED, UNKNOWN = "A2026-00001", "A2026-00002", "A2026-00003"


@pytest.fixture(scope="module")
def one_moment() -> Iterator[None]:
    """All that happens in this file happens at half past nine, so that screens stay the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Clock, "now", lambda self: f"{self.today()}T09:30:00+08:00")
        yield


@pytest.fixture(scope="module")
def working_home(
    tmp_path_factory: pytest.TempPathFactory,
    _pristine_loaded_home: Path,
    truth: Any,
    one_moment: None,
) -> Path:
    """A county in the middle of its day: three families at three stages, and overlaps found."""
    folder = tmp_path_factory.mktemp("screens")
    home = Path(shutil.copytree(_pristine_loaded_home, folder / "home"))
    paper = folder / "signed.txt"
    paper.write_text("signed\n", "utf-8")
    with plain_environment():
        yimen = Runner(home, operator="window")
        papers = ["--authorisation", paper, "--pledge", paper]
        for answer in PAPERLESS_ANSWERS:
            papers += ["--answer", answer]
        for story in ("eligible", "refused"):
            yimen("intake", truth["stories"][story]["id_number"], "--no-ask", *papers)
        yimen("intake", truth["stories"]["unknown"]["id_number"], "--no-ask")
        yimen("check", ELIGIBLE)
        yimen("check", REFUSED)
        yimen("dispatch", ELIGIBLE)
        civil = yimen.acting_as("civil")
        mine = [r for r in civil.json("referral", "list") if r["department"] == "civil"]
        civil("referral", "receive", mine[0]["referral_no"])
        civil("referral", "accept", mine[0]["referral_no"])
        _answered_by_its_own_system(home, mine[0]["referral_no"])
        civil("referral", "receive", mine[1]["referral_no"])
        civil("referral", "return", mine[1]["referral_no"], "--reason", "B02",
              "--note", "one paper is missing")  # fmt: skip
        Runner(home)("screen")
        purchased(Runner(home), paper)
    return home


def _answered_by_its_own_system(path: Path, referral_no: str) -> None:
    """The bureau grants without a word of its handling, which this home then shows as open."""
    home = open_home(path, today=TODAY)
    desk = sit_down(home, acting_as="civil")
    decide_elsewhere(
        desk, load_catalogue(path / "cache"), referral_no, outcome="granted", amount_fen=50000,
        basis="SAL §33",
    )  # fmt: skip
    home.close()


def purchased(yimen: Runner, paper: Path) -> None:
    """One purchase whose first visit is delivered and accepted, and one that is only planned."""
    yimen("purchase", "plan", "Visits at home", "--line", "A1=10")
    yimen("purchase", "demand", "G2026-00001", "--asked", "forms", "--answers", 40)
    yimen("purchase", "budget", "G2026-00001", "800.00", "--fund", "work", "--document", "no. 12",
          "--indicator", "on time=40", "--indicator", "satisfaction=60")  # fmt: skip
    yimen("purchase", "method", "G2026-00001", "below_limit")
    yimen("purchase", "contract", "G2026-00001", "--supplier", "Sunshine", "--supplier-code",
          "52370499MJ0000001E", "--line", "A1=10@79.50", "--from", "2026-11-20",
          "--to", "2027-11-19", "--paper", paper)  # fmt: skip
    yimen("purchase", "order", "G2026-00001", "A1=4", "--household", "H0000012")
    yimen("purchase", "deliver", "D2026-00001", "--quantity", 4, "--received-by", "a neighbour",
          "--paper", paper)  # fmt: skip
    yimen("purchase", "order", "G2026-00001", "A1=2", "--household", "H0000035")
    yimen("purchase", "plan", "Talks", "--line", "B3=2")


Scene = Callable[[Any], Awaitable[None]]


def drive(path: Path, operator: str, play: Scene) -> None:
    """Opens the program for an operator, without a terminal, and plays a scene in it."""
    from yimen.tui.app import ClerkApp

    home = open_home(path, today=TODAY)
    desk = sit_down(home, acting_as=operator)

    async def scene() -> None:
        cache = path / "cache"
        app = ClerkApp(desk, lambda: load_catalogue(cache), lambda: load_names(cache))
        async with app.run_test(size=SIZE):
            await settled(app)
            await play(app)
            app.exit()

    try:
        asyncio.run(scene())
    finally:
        home.close()


async def settled(app: Any) -> None:
    """Waits until all keys are handled and two drawings in a row show the same."""
    await app.typeahead.idle()
    before = ""
    for __ in range(20):
        drawn = asyncio.Event()
        app.screen.call_after_refresh(drawn.set)
        await asyncio.wait_for(drawn.wait(), 10)
        now = shown(app)
        if now == before:
            return
        before = now


async def press(app: Any, *keys: str) -> None:
    """Types keys, all at once as a fast clerk does, and waits for what they bring about.

    A text in brackets is typed as it stands.
    """
    from textual.events import Key

    for key in keys:
        for one in key[1:-1] if key.startswith("(") else [key]:
            name = {" ": "space"}.get(one, one)
            app.post_message(Key(name, one if len(one) == 1 else {"enter": "\r"}.get(one)))
    await asyncio.sleep(0)
    passed = asyncio.Event()
    app.call_later(passed.set)
    await passed.wait()
    await settled(app)


def shown(app: Any) -> str:
    """The screen as text."""
    return screen_text(app)


# -- every screen, in both languages ------------------------------------------------------------

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
        drive(copy, operator, _walk(operator, seen))
    assert seen.keys() == ROUTES.keys()
    for name, text in seen.items():
        compare_screen(name, language, text)


# -- what the keys do ---------------------------------------------------------------------------


@pytest.fixture
def desk_home(working_home: Path, tmp_path: Path) -> Path:
    """A copy of the county for one test."""
    return Path(shutil.copytree(working_home, tmp_path / "home-of-one-test"))


def opened(path: Path, operator: str) -> tuple[Home, Any]:
    """A second clerk's desk in the same home."""
    home = open_home(path, today=TODAY)
    return home, sit_down(home, acting_as=operator)


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
        assert "root saved this application" in seen
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
        assert "'clarify' is not possible there" in shown(app)

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
        assert "1 benefits granted" in shown(app)

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
        assert "may not do this" in shown(app)
        await press(app, "f3", "(H12)", "enter")
        assert "may not do this" in shown(app)
        assert "[Family]" in shown(app)

    drive(desk_home, "viewer", play)


def test_line_by_line_a_department_answers_with_numbers(desk_home: Path) -> None:
    from yimen.tui.plain import PlainDesk

    home, desk = opened(desk_home, "medical")
    lines: list[str] = []
    # Worklist, its first line, sign for it; then take it on, a wrong number, answer: granted.
    said = iter(["1", "1", "1", "1", "99", "5", "1", *[""] * 7, "0", "0", "0"])
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


# -- what a form says of a wrong entry ----------------------------------------------------------


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
