"""`yimen checklist run` on a real terminal: killed at any question, it goes on at that question."""

from __future__ import annotations

import io
import os
import pty
import select
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from checklist_home import _dispatched as _dispatched
from checklist_home import home as home
from checklist_home import paper as paper
from conftest import MAIN, Runner

PATIENCE = 60


class Terminal:
    """A walk at a terminal of its own."""

    def __init__(self, yimen: Runner, *words: str) -> None:
        self.ours, theirs = pty.openpty()
        self.child = subprocess.Popen(
            [*MAIN, *yimen.words(*words)], stdin=theirs, stdout=theirs, stderr=theirs,
            start_new_session=True, env={**os.environ, "TERM": "dumb"},
        )  # fmt: skip
        os.close(theirs)
        self.text = ""

    def read_until(self, words: str) -> str:
        """What has been shown, once the words are there."""
        end = time.monotonic() + PATIENCE
        while words not in self.text:
            ready, __, __ = select.select([self.ours], [], [], max(0, end - time.monotonic()))
            assert ready, (words, self.text)
            try:
                piece = os.read(self.ours, 65536)
            except OSError:
                piece = b""
            assert piece, (words, self.text)
            self.text += piece.decode()
        return self.text

    def say(self, words: str) -> None:
        self.text = ""
        os.write(self.ours, f"{words}\n".encode())

    def interrupt(self) -> None:
        """Ctrl-C, once the walk sleeps in its question: earlier Python would only note it."""
        stat = Path(f"/proc/{self.child.pid}/stat")
        while stat.read_text().rpartition(")")[2].split()[0] != "S":
            time.sleep(0.01)
        self.child.send_signal(signal.SIGINT)

    def kill(self) -> None:
        self.child.send_signal(signal.SIGKILL)
        self.child.wait()
        os.close(self.ours)

    def end(self) -> int:
        code = self.child.wait(timeout=PATIENCE)
        os.close(self.ours)
        return code


def rows(home: Path, sql: str) -> list[Any]:
    conn = sqlite3.connect(home / "casework.db")
    found = conn.execute(sql).fetchall()
    conn.close()
    return found


def test_a_walk_killed_at_each_question_goes_on_there_and_loses_no_answer(
    home: Runner, paper: Path
) -> None:
    town = home.acting_as("wang")
    talk = [
        ("relatives: Ask whether", "d"),
        ("near relative of staff", "no"),
        ("relatives: A note", "asked at the window"),
        ("survey: Start the economic survey", "done"),
        ("survey: The file of the paper", str(paper)),
        ("survey: The other person", "zhao"),
        ("survey: A note", ""),
    ]
    for answered, (question, answer) in enumerate(talk):
        walk = Terminal(town, "checklist", "run", "R2026-00001")
        shown = walk.read_until(question)
        # What was answered before is not asked again, and a paper that was given is named.
        assert not [asked for asked, __ in talk[:answered] if asked in shown]
        assert ("form.txt" in shown) == (answered in (5, 6))
        walk.say(answer)
        walk.read_until(talk[answered + 1][0] if answered < 6 else "opinion: Write")
        walk.kill()
    done = rows(home.home, "SELECT step, answer, note, second FROM checklist_act ORDER BY id")
    assert done == [("relatives", 0, "asked at the window", None), ("survey", None, "", "zhao")]


def test_a_wrong_answer_is_told_and_asked_again_and_what_is_left_for_later_is_not(
    home: Runner,
) -> None:
    walk = Terminal(home.acting_as("wang"), "checklist", "run", "R2026-00001")
    walk.read_until("relatives: Ask")
    walk.say("certainly")
    walk.read_until("no answer here")
    walk.read_until("relatives: Ask")
    walk.say("l")
    walk.read_until("survey: Start")
    walk.say("d")
    walk.read_until("The file of the paper")
    walk.say("/no/such/file")
    walk.read_until("no such file")
    walk.read_until("The file of the paper")
    walk.say("q")
    assert walk.end() == 0
    again = Terminal(home.acting_as("wang"), "checklist", "run", "R2026-00001")
    again.read_until("Going on where it stopped")
    assert "relatives: Ask" not in again.read_until("survey: The file of the paper")
    again.say("q")
    assert again.end() == 0
    assert rows(home.home, "SELECT 1 FROM checklist_act") == []


def test_ctrl_c_keeps_what_was_answered(home: Runner) -> None:
    walk = Terminal(home.acting_as("wang"), "checklist", "run", "R2026-00001")
    walk.read_until("relatives: Ask")
    walk.say("d")
    walk.read_until("near relative of staff")
    walk.interrupt()
    walk.read_until("Stopped")
    assert walk.end() == 130
    again = Terminal(home.acting_as("wang"), "checklist", "run", "R2026-00001")
    assert "relatives: Ask" not in again.read_until("near relative of staff")
    again.kill()


def test_a_step_that_somebody_else_did_meanwhile_is_not_asked_on(home: Runner, paper: Path) -> None:
    town = home.acting_as("wang")
    walk = Terminal(town, "checklist", "run", "R2026-00001")
    walk.read_until("relatives: Ask")
    walk.say("d")
    walk.read_until("near relative of staff")
    walk.kill()
    home.acting_as("zhao")("checklist", "done", "R2026-00001", "handle", "relatives",
                           "--answer", "yes", "--evidence", paper)  # fmt: skip
    again = Terminal(town, "checklist", "run", "R2026-00001")
    assert "near relative" not in again.read_until("survey: Start")
    again.kill()


def walked(yimen: Runner, monkeypatch: pytest.MonkeyPatch, *words: str, said: str) -> str:
    """A walk in this process, with the answers on stdin; it ends when they do."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(said))
    return yimen("checklist", "run", *words, code=None).out


def state(yimen: Runner, number: str) -> str:
    ((found,),) = rows(
        yimen.home, f"SELECT state FROM application WHERE application_no = '{number}'"
    )
    return str(found)


def test_the_window_takes_a_family_from_its_papers_to_its_referrals_by_walks_alone(
    civil: Any, civil_stories: Any, monkeypatch: pytest.MonkeyPatch, paper: Path
) -> None:
    number = civil.json("intake", civil_stories["unknown"]["id_number"], "--no-ask")[
        "application_no"
    ]
    talk = walked(civil, monkeypatch, number, said=f"{paper}\n{paper}\n")
    assert "Recorded: step 2 (Every adult member signs" in talk
    kinds = rows(civil.home, f"SELECT kind FROM consent WHERE application_no = '{number}'")
    assert {kind for (kind,) in kinds} == {"authorisation", "pledge"}
    # One answer a walk: each is kept, and the next walk asks what is still open.
    for __ in range(12):
        if state(civil, number) == "accepted":
            break
        asked = walked(civil, monkeypatch, number, "intake", said="")
        answer = "NONE" if "NONE" in asked else "no" if "yes or no" in asked else "0"
        walked(civil, monkeypatch, number, "intake", said=f"{answer}\n")
    assert state(civil, number) == "accepted"
    assert "is filed" in walked(civil, monkeypatch, number, "check", said="yes\n")
    assert state(civil, number) == "checked"
    talk = walked(civil, monkeypatch, number, "dispatch", said="d\n\nyes\n")
    assert "Recorded: step 1 (An officer settles from the report" in talk
    assert state(civil, number) in ("dispatched", "checked")
    assert "CIV-" in talk


def test_a_question_left_open_in_a_walk_is_told_once_as_missing(
    civil: Any, civil_stories: Any, monkeypatch: pytest.MonkeyPatch, paper: Path
) -> None:
    number = civil.json("intake", civil_stories["unknown"]["id_number"], "--no-ask")[
        "application_no"
    ]
    talk = walked(civil, monkeypatch, number, said=f"{paper}\n{paper}\n" + "\n" * 12)
    assert "Missing:" in talk
    assert state(civil, number) == "supplement_noticed"


def test_a_walk_takes_the_day_on_which_a_step_was_done(home: Runner, paper: Path) -> None:
    walk = Terminal(home, "checklist", "run", "A2026-00001", "intake")
    walk.read_until("[d done")
    walk.say("d 2026-12-31")
    walk.read_until("lies in the future")
    walk.read_until("[d done")
    walk.say("d 2026-11-20")
    walk.read_until("file of the paper")
    walk.say("q")
    assert walk.end() == 0
