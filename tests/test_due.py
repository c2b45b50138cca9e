"""What is due each morning, what climbed, and the end of an application; what a family may know."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from conftest import TODAY

from yimen.core.casework.operators import sit_down
from yimen.core.store.home import open_home


def one(home: Path, sql: str, *values: object) -> Any:
    """The rows of a query, or the value of one that gives a single cell."""
    conn = sqlite3.connect(home / "casework.db")
    rows = conn.execute(sql, values).fetchall()
    conn.close()
    return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else rows


def test_the_morning_list_has_the_latest_first_and_lights_without_colour(
    yimen: Any, dispatched: Any
) -> None:
    yimen.day = "2026-11-24"
    lines = yimen.json("due")
    assert {line["clock"] for line in lines} == {"sign"}
    assert [line["days_late"] for line in lines] == [1] * len(dispatched["referrals"])
    no = dispatched["referrals"][-1]["referral_no"]
    yimen.acting_as(dispatched["referrals"][-1]["department"])("referral", "receive", no)
    lines = yimen.json("due")
    assert lines[-1]["subject"] == no
    assert (lines[-1]["clock"], lines[-1]["light"]) == ("accept", "yellow")
    told = yimen("due")
    assert "[X]" in told.out
    assert "[!]" in told.out
    assert f"{len(lines) - 1} late, 1 soon due" in told.err


def test_a_level_is_recorded_once_however_often_the_list_is_read(
    yimen: Any, dispatched: Any
) -> None:
    count = len(dispatched["referrals"])
    assert "0 reached a new level" in yimen("due").err
    yimen.day = "2026-11-24"
    assert f"{count} reached a new level" in yimen("due").err
    rows = one(yimen.home, "SELECT COUNT(*) FROM journal WHERE action = 'escalate'")
    assert "0 reached a new level" in yimen("due").err
    assert one(yimen.home, "SELECT COUNT(*) FROM journal WHERE action = 'escalate'") == rows
    yimen.day = "2026-11-25"
    assert f"{count} reached a new level" in yimen("due").err
    levels = one(yimen.home, "SELECT level, COUNT(*) FROM escalation GROUP BY 1")
    assert levels == [(1, count), (2, count)]


def test_cron_may_run_the_list_twice_at_once(yimen: Any, dispatched: Any) -> None:
    yimen.day = "2026-11-27"
    children = [yimen.start("due") for __ in range(4)]
    said = [child.communicate(timeout=120) for child in children]
    assert [child.returncode for child in children] == [0] * 4, said
    assert one(yimen.home, "SELECT COUNT(*) FROM escalation") == len(dispatched["referrals"])


def test_a_department_sees_its_own_and_an_accepted_application_waits_for_the_window(
    yimen: Any, dispatched: Any, accepted: Any
) -> None:
    number = accepted("refused")["application_no"]
    yimen.day = "2026-11-24"
    own = yimen.acting_as("medical").json("due")
    assert {line["department"] for line in own} == {"medical"}
    (waiting,) = (line for line in yimen.json("due") if line["subject"] == number)
    assert (waiting["clock"], waiting["due_on"], waiting["level"]) == ("dispatch", "2026-11-23", 1)


def test_what_lies_far_ahead_is_listed_when_asked_for(yimen: Any, dispatched: Any) -> None:
    for line in dispatched["referrals"]:
        office = yimen.acting_as(line["department"])
        office("referral", "receive", line["referral_no"])
        office("referral", "accept", line["referral_no"])
    assert yimen.json("due") == []
    assert len(yimen.json("due", "--all")) == len(dispatched["referrals"])
    near = yimen.json("due", "--within", "20")
    assert {line["due_on"] for line in near} == {"2026-12-18", "2026-12-11"} & {
        line["due_on"] for line in near
    }
    assert all(line["due_on"] <= "2026-12-18" for line in near)


# -- many at once ----------------------------------------------------------------------------------


def test_all_that_is_checked_is_dispatched_and_told_row_by_row(yimen: Any, accepted: Any) -> None:
    first, second = accepted("eligible")["application_no"], accepted("refused")["application_no"]
    for number in (first, second):
        yimen("check", number)
    rows = yimen("dispatch", "--all-ready", "--format", "jsonl").rows
    assert [(r["subject"], r["done"]) for r in rows] == [(first, True), (second, True)]
    assert rows[0]["said"].startswith("7 sent")
    assert rows[1]["said"].startswith("0 sent")
    assert yimen("dispatch", "--all-ready", "--format", "jsonl").rows[0]["subject"] == second


def test_a_department_signs_for_all_that_waits(yimen: Any, dispatched: Any) -> None:
    medical = yimen.acting_as("medical")
    told = medical("referral", "receive", "--department", "medical", "--all").out
    assert told.count("signed for") == 4
    assert {r["state"] for r in medical.json("referral", "list")} == {"received"}
    assert "Give one referral, or --all" in medical("referral", "receive", code=2).err
    civil = yimen.acting_as("civil")
    assert civil("referral", "receive", "--department", "medical", "--all", code=4)


def test_what_is_open_already_is_named_with_its_referral(yimen: Any, dispatched: Any) -> None:
    held = yimen.json("dispatch", dispatched["application_no"])["held_back"]
    linked = {h["referral_no"] for h in held if h["referral_no"]}
    assert linked == {r["referral_no"] for r in dispatched["referrals"]}


# -- the application as a whole --------------------------------------------------------------------


def test_an_application_of_which_nothing_is_dispatched_can_be_closed(
    yimen: Any, accepted: Any
) -> None:
    number = accepted("refused")["application_no"]
    window = yimen.acting_as("window")
    close = ("application", "close", number, "--reason", "C01", "--note")
    said = window(*close, "told why", code=4)
    assert "Possible now: withdraw, terminate." in said.err
    window("check", number)
    assert window(*close, " ", code=5)
    assert "closed" in window(*close, "told why, with remedies").out
    assert one(yimen.home, "SELECT closed_on FROM application") == "2026-11-20"
    yimen("journal", "verify")


def test_an_application_is_not_closed_over_a_draft_that_waits(yimen: Any, accepted: Any) -> None:
    number = accepted("eligible")["application_no"]
    yimen("check", number)
    (draft,) = yimen.json("dispatch", number, "--programme", "CIV-DB", "--draft")["referrals"]
    for end in (["close", "--reason", "C01"], ["terminate", "--reason", "R10"]):
        said = yimen("application", end[0], number, *end[1:], "--note", "x", code=4)
        assert f"Referral {draft['referral_no']} is not closed yet." in said.err
    assert one(yimen.home, "SELECT state FROM application") == "checked"
    yimen("referral", "withdraw", draft["referral_no"], "--note", "not needed")
    yimen("application", "close", number, "--reason", "C01", "--note", "told")


def test_a_family_that_takes_its_application_back_takes_its_referrals_too(
    yimen: Any, dispatched: Any
) -> None:
    no = dispatched["referrals"][0]["referral_no"]
    yimen.acting_as(dispatched["referrals"][0]["department"])("referral", "receive", no)
    yimen("application", "withdraw", dispatched["application_no"], "--note", "moved away")
    assert one(yimen.home, "SELECT DISTINCT state FROM referral") == "withdrawn"
    assert one(yimen.home, "SELECT state FROM application") == "withdrawn"
    assert yimen("application", "withdraw", dispatched["application_no"], "--note", "x", code=4)


def test_a_withdrawal_that_fails_half_way_leaves_all_as_it_was(yimen: Any, dispatched: Any) -> None:
    conn = sqlite3.connect(yimen.home / "casework.db")
    conn.execute("CREATE TRIGGER no_end BEFORE INSERT ON application_move"
                 " BEGIN SELECT RAISE(ABORT, 'fails'); END")  # fmt: skip
    conn.commit()
    conn.close()
    yimen("application", "withdraw", dispatched["application_no"], "--note", "x", code=1)
    assert one(yimen.home, "SELECT DISTINCT state FROM referral") == "dispatched"
    yimen("journal", "verify")


def test_only_a_refusal_to_cooperate_or_a_false_word_terminates(yimen: Any, accepted: Any) -> None:
    number = accepted("refused")["application_no"]
    said = yimen("application", "terminate", number, "--reason", "R01", "--note", "x", code=5)
    assert "R10 refused to cooperate" in said.err
    ended = ("application", "terminate", number, "--reason", "R10", "--note", "refused the visit")
    assert "legal basis" in yimen(*ended, code=5).err
    yimen(*ended, "--basis", "DB2021 §29")
    assert one(yimen.home, "SELECT state FROM application") == "accepted"
    yimen.acting_as("window")("application", "countersign", number)
    assert one(yimen.home, "SELECT state FROM application") == "terminated"


def test_the_first_officer_stays_the_owner_until_the_county_names_another(
    yimen: Any, dispatched: Any
) -> None:
    number = dispatched["application_no"]
    assert "does not work at a window" in yimen("application", "assign", number, "medical",
                                                "--note", "x", code=5).err  # fmt: skip
    assert yimen.json("application", "list", "--mine")
    yimen("application", "assign", number, "window", "--note", "on leave")
    assert yimen.json("application", "list", "--mine") == []
    (line,) = yimen.acting_as("window").json("application", "list", "--mine")
    assert (line["application_no"], line["open_referrals"]) == (number, 7)
    yimen.day = "2026-11-24"
    assert {x["owner"] for x in yimen.json("due")} == {"window"}


# -- what the citizen may know ---------------------------------------------------------------------


def test_progress_tells_step_department_day_and_contact_and_nothing_of_anybody(
    yimen: Any, dispatched: Any, truth: Any, shared_catalogue: Any
) -> None:
    number = dispatched["application_no"]
    told = yimen.json("application", "progress", number)
    assert told["step"] == "with the departments"
    assert {s["step"] for s in told["steps"]} == {"sent to the department"}
    assert {s["due_on"] for s in told["steps"]} >= {"2026-12-18"}
    assert told["contact"]
    text = yimen("application", "progress", number).out
    members = [m for (m,) in one(yimen.home, "SELECT DISTINCT member_no FROM composition")]
    names = [n for (n,) in one(yimen.home, "SELECT DISTINCT name FROM composition")]
    programmes = list(shared_catalogue.programmes) + [
        p.names.text() for p in shared_catalogue.programmes.values()
    ]
    for hidden in [*members, *names, *programmes]:
        assert hidden not in text, hidden
        assert hidden not in str(told), hidden


def test_progress_tells_the_answer_once_it_is_confirmed(yimen: Any, dispatched: Any) -> None:
    line = next(r for r in dispatched["referrals"] if r["programme"] == "CIV-DB")
    civil = yimen.acting_as("civil")
    for words in (
        ["receive"],
        ["accept"],
        ["decide", "refused", "--reason", "R01", "--basis", "x"],
    ):
        civil("referral", words[0], line["referral_no"], *words[1:])

    def step() -> Any:
        steps = yimen.json("application", "progress", dispatched["application_no"])["steps"]
        return next(s for s in steps if s["referral_no"] == line["referral_no"])

    assert (step()["step"], step()["told"]) == (
        "the department has answered; the window confirms it", "",
    )  # fmt: skip
    yimen("referral", "complete", line["referral_no"])
    assert (step()["told"], step()["due_on"]) == ("refused", None)


@pytest.mark.parametrize("tongue", ["en", "zh_CN"])
def test_progress_fits_a_page_in_both_languages(
    yimen: Any, dispatched: Any, tongue: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wcwidth import wcswidth

    monkeypatch.setenv("YIMEN_LANG", tongue)
    text = yimen("application", "progress", dispatched["application_no"]).out
    assert max(wcswidth(line) for line in text.splitlines()) <= 80


def test_the_morning_list_reads_no_application_that_is_closed(
    yimen: Any, dispatched: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from yimen.core.casework import due

    read: list[str] = []
    applications = due.cases.applications

    def counted(*given: Any, **named: Any) -> Any:
        found = applications(*given, **named)
        read.extend(a.application_no for a in found)
        return found

    monkeypatch.setattr(due.cases, "applications", counted)
    home = open_home(yimen.home, today=TODAY)
    try:
        desk = sit_down(home, acting_as="window")
        due.due(desk)
        assert read == [dispatched["application_no"]]
        yimen("application", "withdraw", dispatched["application_no"], "--note", "moved away")
        read.clear()
        assert due.due(desk).lines == []
    finally:
        home.close()
    assert read == []
