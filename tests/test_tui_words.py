"""What the screens say: nothing refused at first, names for codes, nothing cut, nothing preset."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from clerk_screen import desk_home as desk_home
from clerk_screen import drive, opened, press, shown
from conftest import Runner
from journal_rows import rows_of
from working_home import REFUSED

from yimen.core.records import ROLES
from yimen.core.rules.catalogue import load_catalogue
from yimen.tui.plain import PlainDesk
from yimen.tui.widgets.bars import MessageLine
from yimen.tui.widgets.listing import Listing

_CASES = ["Worklist", "A number", "Checklist of a case"]
_ALWAYS = ["Programmes by a word", "Figures"]
# role -> the name of the first screen, and the main menu line by line.
FIRST: dict[str, tuple[str, list[str]]] = {
    "county": ("Work", [*_CASES, "Public notices", *_ALWAYS]),
    "town": ("Work", [*_CASES, "Public notices", *_ALWAYS]),
    "village": ("Work", [*_CASES, "Public notices", *_ALWAYS]),
    "department": ("Inbox", [*_CASES, *_ALWAYS]),
    "it": ("Monitor", _ALWAYS),
    "auditor": ("Monitor", _ALWAYS),
}


@pytest.fixture
def newcomer(desk_home: Path) -> Callable[[str], str]:
    """Adds an operator of one role and gives its number."""

    def added(role: str) -> str:
        place = {"town": ["--division", "370499101000"], "village": ["--division", "370499101000"],
                 "department": ["--department", "medical"]}.get(role, [])  # fmt: skip
        Runner(desk_home)("operator", "add", f"new-{role}", "--name", "Zhao", "--role", role,
                          *place)  # fmt: skip
        return f"new-{role}"

    return added


def refusals(home: Path) -> int:
    """How many refusals the journal holds."""
    return sum(row["action"] == "refused" for row in rows_of(home))


def in_lines(home: Path, operator: str, *said: str) -> list[str]:
    """What is printed line by line while these lines are typed."""
    opened_home, desk = opened(home, operator)
    lines: list[str] = []
    answers = iter(said)
    try:
        catalogue = load_catalogue(home / "cache")
        PlainDesk(desk, catalogue, lines.append, lambda __: next(answers)).run()
    finally:
        opened_home.close()
    assert next(answers, None) is None
    return lines


@pytest.mark.parametrize("role", ROLES)
def test_no_roles_day_begins_with_a_refusal(
    desk_home: Path, newcomer: Callable[[str], str], role: str
) -> None:
    operator, (place, __) = newcomer(role), FIRST[role]
    before = refusals(desk_home)

    async def play(app: Any) -> None:
        assert f"[{place}]" in shown(app)
        assert not app.screen.query_one(MessageLine).text.startswith("!")
        await press(app, "f9", "escape", "f2", "r")
        assert f"[{place}]" in shown(app)
        assert not app.screen.query_one(MessageLine).text.startswith("!")

    drive(desk_home, operator, play)
    assert refusals(desk_home) == before


@pytest.mark.parametrize("role", ROLES)
def test_line_by_line_only_what_a_role_may_do_is_offered(
    desk_home: Path, newcomer: Callable[[str], str], role: str
) -> None:
    operator, (__, offered) = newcomer(role), FIRST[role]
    before = refusals(desk_home)
    lines = in_lines(desk_home, operator, str(len(offered)), "0")
    assert [line.partition(" ")[2].partition(":")[0] for line in lines[: len(offered)]] == offered
    assert any(line.startswith("limits kept, all departments: ") for line in lines)
    assert refusals(desk_home) == before


def test_a_dispatch_and_its_answers_name_programmes_and_people(desk_home: Path) -> None:
    async def play(app: Any) -> None:
        await press(app, "g", "(A2)", "enter", "d", "(CIV-DIS2, CIV-TEMP)", "f12")
        told = shown(app)
        assert "Living and nursing subsidies for disabled people 侯海涛: Civil" in told
        assert "Expense-type emergency aid: Civil affairs bureau" in told
        assert "M00000" not in told
        assert "CIV-DIS2" not in told
        await press(app, "g", "(A2)", "enter")
        rows = app.screen.query_one(Listing)
        assert any("侯海涛" in str(rows.get_row_at(n)[2]) for n in range(rows.row_count))
        assert "M00000" not in shown(app)

    drive(desk_home, "window", play)


def test_line_by_line_a_dispatch_names_programmes_and_people_too(desk_home: Path) -> None:
    lines = in_lines(desk_home, "window", "2", "A1", "0", "0")
    told = [line for line in lines if "R2026-00005" in line]
    assert told
    assert all("袁亮帆" in line and "M0000032" not in line for line in told)


def test_no_name_of_a_fact_is_cut(desk_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from yimen.core.casework.dossier import known_facts

    monkeypatch.setenv("YIMEN_LANG", "zh_CN")
    home, desk = opened(desk_home, "window")
    names = [f.name for f in known_facts(desk, load_catalogue(desk_home / "cache"), "H0000012")]
    home.close()

    async def play(app: Any) -> None:
        await press(app, "f3", "(H12)", "enter", "2")
        rows = app.screen.query_one(Listing)
        told = [
            "".join(part.strip() for part in rows.get_row_at(n)[1].plain.split("\n"))
            for n in range(rows.row_count)
        ]
        assert told == names
        # The terminal's cursor stands on the first line of the chosen row, however high others are.
        await press(app, *["down"] * 4)
        above = sum(row.height for row in rows.ordered_rows[:4])
        assert above > 4
        top = rows.content_region.y + rows.header_height
        assert app.cursor_position.y == top + above

    drive(desk_home, "window", play)


def test_what_a_row_had_to_cut_is_told_in_full_below_and_a_message_is_not_lost(
    desk_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YIMEN_LANG", "zh_CN")

    async def play(app: Any) -> None:
        await press(app, "down", "down")
        assert "义务教育家庭经济困难学生生活补助" in app.screen.query_one(MessageLine).text
        await press(app, "down", "down")
        assert app.screen.query_one(MessageLine).text == ""
        app.screen.say("已办")
        await press(app, "r")
        assert app.screen.query_one(MessageLine).text == ""
        app.screen.say("已办")
        await press(app, "down")
        assert app.screen.query_one(MessageLine).text == "已办"

    drive(desk_home, "window", play)


def test_a_reason_is_asked_of_a_refusal_alone_and_never_preset(desk_home: Path) -> None:
    async def play(app: Any) -> None:
        await press(app, "s", "a", "f")
        assert "Reason of a refusal            [ ] Space or a number chooses" in shown(app)
        await press(app, "1")
        assert "Reason of a refusal            nothing to fill in" in shown(app)
        await press(app, "2")
        assert "*Reason of a refusal            [ ] Space or a number chooses" in shown(app)
        assert "Amount, yuan                   nothing to fill in" in shown(app)
        await press(app, "f12")
        assert "! Reason of a refusal: This must be filled in." in shown(app)
        # What is typed into a field that is not needed is not taken.
        await press(app, "up", "up", "up", "(7)")
        assert "Amount, yuan                   nothing to fill in" in shown(app)
        await press(app, "up", "1")
        assert "Amount, yuan                   5600.00" in shown(app)
        await press(app, "2", "down", "down", "down", "down", "1", "f12")
        assert "[Inbox]" in shown(app)

    drive(desk_home, "medical", play)
    decision = Runner(desk_home)("referral", "show", "R2026-00004", "--format", "json").json
    assert decision["decision"]["outcome"] == "refused"


def test_line_by_line_a_reason_is_asked_where_it_is_needed(desk_home: Path) -> None:
    lines = in_lines(
        desk_home, "medical", "1", "1", "1", "1", "5", "2", "0", "1", "", "", "0", "0", "0"
    )
    assert "! Reason of a refusal: This must be filled in." in lines
    assert "R2026-00004: answered" in lines
    assert not any(line.startswith("Amount, yuan") for line in lines)


def test_line_by_line_a_refusal_names_steps_and_the_menu(desk_home: Path) -> None:
    """A grant before its handling steps is refused with their numbers and words."""
    (sent,) = Runner(desk_home, operator="window").json(
        "dispatch", REFUSED, "--programme", "CIV-DB"
    )["referrals"]
    said = ["2", sent["referral_no"], "1", "1", "5", "1", "100", "", "", "", "", "", "0", "0"]
    lines = in_lines(desk_home, "civil", *said)
    (told,) = [line for line in lines if "cannot be granted" in line]
    assert "before the step '1': " in told
    assert "step 2 (" in told
    assert "`yimen" not in told
    assert "[Checklist of a case]" in told
