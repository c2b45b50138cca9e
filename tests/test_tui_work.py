"""The clerk's screens of checklists, purchases, needs, papers and figures, worked by keys."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from clerk_screen import drive, press, shown
from conftest import TODAY, Runner

from yimen.core.casework.monitor import monitor
from yimen.core.casework.operators import sit_down
from yimen.core.casework.referral import receive
from yimen.core.rules.catalogue import load_catalogue
from yimen.core.store.home import open_home


@pytest.fixture
def desk_home(working_home: Path, tmp_path: Path) -> Path:
    """A copy of the county for one test."""
    return Path(shutil.copytree(working_home, tmp_path / "home-of-one-test"))


@pytest.fixture
def paper(tmp_path: Path) -> str:
    """The scan of a signed sheet, as it is typed into a field."""
    found = tmp_path / "sheet.txt"
    found.write_text("signed\n", "utf-8")
    return f"({found})"


def states(home: Path, subject: str, checklist: str) -> dict[str, str]:
    """How each step of a list stands, as the command line tells it."""
    view = Runner(home, operator="window").json("checklist", "show", subject, checklist)
    return {step["step"]: step["state"] for step in view["steps"]}


# -- checklists ---------------------------------------------------------------------------------


def test_a_step_of_the_intake_is_ticked_left_out_and_taken_back(
    desk_home: Path, paper: str
) -> None:
    async def play(app: Any) -> None:
        await press(app, "g", "(A2)", "enter", "f4")
        assert "5 Hand the applicant" in shown(app)
        await press(app, "1", "f12")
        assert "This must be filled in." in shown(app)
        await press(app, paper, "f12")
        assert "4/5" in shown(app)
        await press(app, "down", "down")
        assert "2 Leave it out" in shown(app)
        await press(app, "2", "(they want no visit)", "f12")
        assert "not needed" in shown(app)
        await press(app, "up", "up")
        assert "sheet.txt" in shown(app)
        await press(app, "1", "(the wrong sheet)", "f12")
        assert "to be done" in shown(app)

    drive(desk_home, "window", play)
    found = states(desk_home, "A2026-00002", "intake")
    assert (found["receipt"], found["needs"]) == ("open", "not_needed")


def test_a_step_of_the_check_that_asks_takes_a_yes_or_a_no(desk_home: Path) -> None:
    async def play(app: Any) -> None:
        await press(app, "g", "(A2)", "enter", "f4", "2", "down", "enter")
        assert "Asks:" in shown(app)
        await press(app, "1", "2", "f12")
        assert ": no" in shown(app)

    drive(desk_home, "window", play)
    found = states(desk_home, "A2026-00002", "check")
    assert (found["read"], found["clear"]) == ("done", "not_needed")


def test_a_computed_step_of_the_dispatch_leads_to_where_it_is_done(desk_home: Path) -> None:
    async def play(app: Any) -> None:
        await press(app, "g", "(A2)", "enter", "f4", "2", "down", "down", "enter")
        await press(app, "home", "1", "(I read the report)", "f12")
        await press(app, "down")
        assert "1 Go where it is done" in shown(app)
        await press(app, "enter")
        assert "[Dispatch]" in shown(app)
        assert "Programmes" in shown(app)

    drive(desk_home, "window", play)
    assert states(desk_home, "A2026-00002", "dispatch")["choose"] == "done"


def test_a_visit_of_the_handling_needs_two_different_persons(desk_home: Path, paper: str) -> None:
    async def play(app: Any) -> None:
        await press(app, "g", "(R1)", "enter", "f4", "down", "1", paper, "enter")
        await press(app, "(window)", "f12")
        assert "Both are the same person; the step needs two." in shown(app)
        await press(app, "ctrl+u", "(civil)", "f12")
        assert "8/19" in shown(app)
        assert "with civil" in shown(app)

    drive(desk_home, "window", play)
    assert states(desk_home, "R2026-00001", "handle")["survey"] == "done"


def test_a_step_of_a_purchase_is_done_on_the_purchase_and_the_list_shows_it(
    desk_home: Path,
) -> None:
    async def play(app: Any) -> None:
        await press(app, "g", "(G2)", "enter", "f4")
        assert "[..........] 1/11" in shown(app)
        await press(app, "enter", "enter")
        assert "[Set the budget]" in shown(app)
        await press(app, "(300)", "enter", "(work)", "enter", "(no. 3)", "enter", "(heard=100)")
        await press(app, "f12")
        assert "the budget is recorded." in shown(app)
        await press(app, "escape")
        assert "[Checklist]" in shown(app)
        assert "3/11" in shown(app)

    drive(desk_home, "window", play)


def test_a_desk_sees_what_it_can_do_now_purchases_among_it(desk_home: Path) -> None:
    async def play(app: Any) -> None:
        await press(app, "f9", "3")
        assert "[Checklists]" in shown(app)
        assert "G2026-00002" in shown(app)
        await press(app, "enter")
        assert "[Checklist]" in shown(app)

    drive(desk_home, "window", play)


def test_a_step_that_waits_is_refused_in_words_and_the_draft_comes_back(
    desk_home: Path, paper: str
) -> None:
    async def play(app: Any) -> None:
        await press(app, "g", "(R1)", "enter", "f4", *["down"] * 5, "1", paper, "f12")
        assert "R2026-00001: First must come: step 2 (Start the economic survey" in shown(app)
        await press(app, "f9", "1", "2", "enter")
        assert app.screen.answers()["evidence"].endswith("sheet.txt")
        assert "Your draft of" in shown(app)

    drive(desk_home, "window", play)


# -- purchases ----------------------------------------------------------------------------------


def test_a_whole_purchase_is_made_by_keys(desk_home: Path, paper: str) -> None:
    Runner(desk_home)("operator", "add", "zhang", "--name", "Zhang", "--role", "county")

    async def contract(app: Any) -> None:
        await press(app, "f7", "1", "(Care visits)", "enter", "(A1=10)", "f12")
        assert "Purchase G2026-00003 is planned." in shown(app)
        await press(app, "enter", "(forms)", "enter", "(40)", "f12")
        await press(app, "enter", "(800)", "enter", "(work)", "enter", "(no. 12)", "enter")
        await press(app, "(on time=40，satisfaction=60)", "f12")
        await press(app, "enter", "7", "f12")
        assert "own purchase below th.." in shown(app)
        await press(app, "enter", "(Sunshine)", "enter", "(52370499MJ0000001E)", "enter", "end")
        await press(app, "(79.50)", "enter", "(2026-11-20)", "enter", "(2027-11-19)", "enter")
        await press(app, "enter", paper, "f12")
        assert "contract K2026-00002 is recorded." in shown(app)
        await press(app, "1", "2", "enter", "(board)", "f12")
        await press(app, "2", "f12")
        assert "the filing is recorded." in shown(app)

    async def served(app: Any) -> None:
        await press(app, "g", "(K2)", "enter", "enter", "(A1=4)", "enter", "(A1)", "f12")
        assert "! 'A2026-00001' is no household." in shown(app)
        await press(app, "ctrl+u", "(H12)", "f12")
        assert "order D2026-00003 is recorded." in shown(app)
        await press(app, "g", "(D3)", "enter", "1", "(a neighbour)", "enter", paper, "f12")
        assert "delivery L2026-00002 is recorded." in shown(app)
        await press(app, "1", "enter", "enter", "(nobody at home)", "enter", paper, "f12")
        assert "State       delivered and accepted" in shown(app)

    async def paid(app: Any) -> None:
        await press(app, "g", "(G3)", "enter", "end", "up", "up")
        assert "1 Score the service" in shown(app)
        await press(app, "1", "(90)", "enter", "(80)", "f12")
        assert "the score is 84 of 100." in shown(app)
        await press(app, "end", "up", "1", "f12")
        assert "payment F2026-00001 of 318.00 yuan is drawn" in shown(app)
        await press(app, "g", "(F1)", "enter", "1", "(V1)", "f12")
        assert "! " in shown(app)
        assert "two persons" in shown(app)

    async def confirmed(app: Any) -> None:
        await press(app, "f7", "3", "enter", "1", "(V1)", "f12")
        assert "the payment is confirmed." in shown(app)
        await press(app, "1", "end", "1", "4", "enter", "(ccgp)", "f12")
        assert "cannot be published before: acceptance published" in shown(app)
        await press(app, "shift+tab", "3", "f12")
        assert "the publication is recorded." in shown(app)
        await press(app, "end", "1", "4", "enter", "(ccgp)", "f12")
        assert "the publication is recorded." in shown(app)

    drive(desk_home, "window", contract)
    drive(desk_home, "window", served)
    drive(desk_home, "window", paid)
    drive(desk_home, "zhang", confirmed)
    lines = Runner(desk_home).json("purchase", "list")
    (line,) = [line for line in lines if line["purchase_no"] == "G2026-00003"]
    assert (line["paid_fen"], line["accepted_fen"]) == (318_00, 318_00)


def test_giving_a_purchase_up_asks_for_a_y(desk_home: Path) -> None:
    async def play(app: Any) -> None:
        await press(app, "g", "(G2)", "enter", "2", "(no money)", "f12")
        assert "Give the purchase up: G2026-00002?" in shown(app)
        await press(app, "y", "enter")
        assert "Nothing is to be done here." in shown(app)

    drive(desk_home, "window", play)


def test_who_may_not_see_purchases_is_told_so(desk_home: Path) -> None:
    async def play(app: Any) -> None:
        await press(app, "f7")
        assert "may not do this: see purchases of services" in shown(app)
        await press(app, "g", "(G1)", "enter")
        assert "may not do this" in shown(app)

    drive(desk_home, "civil", play)


# -- needs, papers ------------------------------------------------------------------------------


def test_needs_are_assessed_and_the_service_list_tells_what_answers_them(desk_home: Path) -> None:
    async def play(app: Any) -> None:
        await press(app, "f3", "(H12)", "enter", "6", "v", "(a visit)", "enter")
        assert "Assessed at home:" in shown(app)
        await press(app, "1", "f12")
        assert "Recorded: 1 needs." in shown(app)
        assert "[v] household basic living  yes" in shown(app)
        await press(app, "l")
        assert "[Service list]" in shown(app)
        assert "basic living" in shown(app)

    drive(desk_home, "window", play)


def test_a_paper_is_laid_out_for_the_printer_and_never_over_another(desk_home: Path) -> None:
    async def play(app: Any) -> None:
        await press(app, "g", "(A1)", "enter", "p", "enter", "1", "1", "2")
        assert "Written:" in shown(app)
        await press(app, "escape", *["down"] * 11, "enter")
        assert "! " in shown(app)
        assert "[Print]" in shown(app)

    drive(desk_home, "window", play)
    found = sorted((desk_home / "prints").iterdir())
    names = ["A2026-00001-receipt-2.txt", "A2026-00001-receipt.html", "A2026-00001-receipt.txt"]
    assert [path.name for path in found] == names
    assert {path.stat().st_mode & 0o777 for path in found} == {0o600}
    assert "No. A2026-00001" in found[2].read_text("utf-8")


def test_each_draft_opens_the_form_in_which_it_was_typed(desk_home: Path) -> None:
    async def play(app: Any) -> None:
        for route in (["g", "(R1)", "enter", "i", "(which month?)"],
                      ["f3", "(H12)", "enter", "6", "v", "(a visit)"],
                      ["g", "(A1)", "enter", "e", "1", "enter", "enter", "(they moved)"],
                      ["g", "(G2)", "enter", "1", "(12)"]):  # fmt: skip
            await press(app, "f2", *route)
            typed = app.screen.answers()
            name = type(app.screen).__name__
            await press(app, "f2", "f9", "1", "2", "enter")
            assert type(app.screen).__name__ == name
            assert app.screen.answers() == typed
            await press(app, "escape", "delete", "y", "enter")

    drive(desk_home, "window", play)


# -- the monitor --------------------------------------------------------------------------------


def figures(home: Path, operator: str, day: date) -> Any:
    """The monitor of an operator on a day."""
    opened = open_home(home, today=day)
    try:
        return monitor(sit_down(opened, acting_as=operator))
    finally:
        opened.close()


def test_what_was_signed_late_lowers_the_rate_of_its_department_alone(desk_home: Path) -> None:
    before = {
        i.indicator: (i.part, i.whole) for i in figures(desk_home, "window", TODAY).indicators
    }
    assert before["on_time"] == (4, 4)
    assert before["sent_back"] == (1, 7)
    late_day = date(2026, 12, 20)
    home = open_home(desk_home, today=late_day)
    receive(sit_down(home, acting_as="medical"), "R2026-00004")
    home.close()
    after = figures(desk_home, "window", late_day)
    rates = {i.indicator: (i.part, i.whole) for i in after.indicators}
    assert (rates["on_time_sign"], rates["on_time"]) == ((2, 3), (4, 5))
    kept = {g.key: (g.in_time, g.ended) for g in after.departments}
    assert kept["medical"] == (0, 1)
    assert kept["civil"] == (4, 4)
    assert sum(g.late for g in after.towns) == sum(s.cases for s in after.late_steps) > 0
    assert sum(g.days_late for g in after.towns) == sum(s.days_late for s in after.late_steps)


def test_a_department_sees_its_own_figures_and_no_family(desk_home: Path) -> None:
    own = figures(desk_home, "medical", TODAY)
    assert [g.key for g in own.departments] == ["medical"]
    assert {i.indicator for i in own.indicators} == {
        "on_time", "on_time_sign", "on_time_accept", "on_time_finish", "sent_back"
    }  # fmt: skip
    Runner(desk_home)("operator", "add", "viewer", "--name", "Zhao", "--role", "auditor")
    assert figures(desk_home, "viewer", TODAY).towns == figures(desk_home, "window", TODAY).towns


def test_the_monitor_leads_to_a_departments_work_and_draws_late_steps(
    desk_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clerk_screen.TODAY", date(2026, 12, 20))

    async def play(app: Any) -> None:
        await press(app, "f8", "3")
        assert "########################" in shown(app)
        await press(app, "2", "enter")
        assert "[Department]" in shown(app)

    drive(desk_home, "window", play)


# -- go to a number, line by line ---------------------------------------------------------------


def test_a_typed_number_opens_each_record_of_a_purchase(desk_home: Path) -> None:
    async def play(app: Any) -> None:
        for typed, place in (("(k1)", "[Purchase]"), ("(Ｇ１)", "[Purchase]"), ("(d2)", "[Order]")):
            await press(app, "f2", "g", typed, "enter")
            assert place in shown(app), typed
        for typed, words in (("(F9)", "There is no payment F2026-00009."),
                             ("(W1)", "begins with A, R, H, V, G, D, F, N or B")):  # fmt: skip
            await press(app, "f2", "g", typed, "enter")
            assert words in " ".join(shown(app).split()), typed

    drive(desk_home, "window", play)


def test_a_department_opens_its_handling_from_its_inbox(desk_home: Path) -> None:
    async def play(app: Any) -> None:
        await press(app, "f4")
        assert "[Checklist]" in shown(app)
        assert "Handling" in shown(app)

    drive(desk_home, "civil", play)


def plainly(home: Path, *said: str) -> list[str]:
    """What the line-by-line desk of the window prints when these lines are typed."""
    from yimen.tui.plain import PlainDesk

    opened = open_home(home, today=TODAY)
    lines: list[str] = []
    answers = iter(said)
    try:
        desk = sit_down(opened, acting_as="window")
        PlainDesk(
            desk, load_catalogue(home / "cache"), lines.append, lambda __: next(answers)
        ).run()
    finally:
        opened.close()
    assert next(answers, None) is None
    return lines


def test_line_by_line_a_budget_is_set_and_a_purchase_given_up(desk_home: Path) -> None:
    lines = plainly(
        desk_home, "2", "G2", "2", "300", "work", "no. 3", "heard=99", "",
        "2", "300", "work", "no. 3", "heard=100", "", "15", "no money", "n", "0", "0",
    )  # fmt: skip
    assert "G2026-00002: the budget is recorded." in lines
    assert any(line.startswith("! ") and "100" in line for line in lines)
    assert "Nothing was done." in lines


def test_line_by_line_a_checklist_asks_its_open_steps(desk_home: Path, paper: str) -> None:
    lines = plainly(
        desk_home, "3", "22", "A2", "perhaps", "d", paper[1:-1], "", "q", "0"
    )  # fmt: skip
    assert any("'perhaps' is no answer here." in line for line in lines)
    assert any(
        line.startswith("Recorded: step 5 (Hand the applicant the receipt") for line in lines
    )
    assert states(desk_home, "A2026-00002", "intake")["receipt"] == "done"
