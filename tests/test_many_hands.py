"""Many hands at one record: of all that act at once, exactly one succeeds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from chain_steps import PROGRAMMES, one

from yimen.core.casework import referral as referrals
from yimen.core.casework.desk import Desk
from yimen.core.casework.operators import sit_down
from yimen.core.errors import StaleRevision
from yimen.core.store.home import open_home


def test_a_move_on_a_record_that_somebody_else_changed_is_refused(
    yimen: Any, dispatched: Any
) -> None:
    no = dispatched["referrals"][0]["referral_no"]
    home = open_home(yimen.home, today=None if yimen.day is None else _day(yimen.day))
    civil = sit_down(home, acting_as="civil")

    class SlowDesk(Desk):
        """Somebody who is looked over by the permission table while another acts."""

        def require(self, action: str, **scope: str | None) -> None:
            super().require(action, **scope)
            yimen.acting_as("civil")("referral", "return", no, "--reason", "B01", "--note", "x")

    with pytest.raises(StaleRevision, match=f"Referral {no} was changed by somebody else"):
        referrals.receive(SlowDesk(home, civil.operator, civil.account), no)
    home.close()
    shown = yimen.json("referral", "show", no)
    assert (shown["state"], shown["rev"], shown["returns"]) == ("returned", 2, 1)
    assert one(yimen.home, "SELECT COUNT(*) FROM referral_move WHERE referral_no = ?", no) == 2
    yimen("journal", "verify")


def _day(text: str) -> Any:
    from datetime import date

    return date.fromisoformat(text)


# Twenty processes are forked from one that has imported everything, and leave a gate together.
TWENTY = """
import os, sys
from yimen.cli import run
words = sys.argv[2:]
run([*words[:-3], "referral", "show", words[-1]])
gate, opener = os.pipe()
children = []
for number in range(int(sys.argv[1])):
    child = os.fork()
    if child == 0:
        os.close(opener)
        os.read(gate, 1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os._exit(run(words))
    children.append(child)
os.close(opener)
codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
sys.stdout.flush()
print("codes", *codes)
"""


def test_of_twenty_processes_that_move_one_referral_exactly_one_succeeds(
    yimen: Any, dispatched: Any
) -> None:
    no = dispatched["referrals"][0]["referral_no"]
    words = yimen.acting_as("civil").words("referral", "receive", no)
    done = subprocess.run(
        [sys.executable, "-c", TWENTY, "20", *words],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    codes = done.stdout.splitlines()[-1].split()[1:]
    assert sorted(codes) == ["0"] + ["4"] * 19, done.stderr
    said = set(done.stderr.splitlines())
    assert all("by somebody else" in line or "is not possible there" in line for line in said)
    shown = yimen.json("referral", "show", no)
    assert (shown["state"], shown["rev"]) == ("received", 2)
    moved = "SELECT COUNT(*) FROM journal WHERE action = 'referral.receive'"
    assert one(yimen.home, moved) == 1
    yimen("journal", "verify")


def test_of_many_processes_that_dispatch_one_application_one_sends_its_referrals(
    yimen: Any, accepted: Any
) -> None:
    number = accepted("eligible")["application_no"]
    yimen("check", number)
    script = TWENTY.replace('[*words[:-3], "referral", "show", words[-1]]',
                            '[*words[:-2], "programme", "list"]')  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", script, "8", *yimen.words("dispatch", number)],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    codes = done.stdout.splitlines()[-1].split()[1:]
    # A late one finds them sent already, which is no error.
    assert set(codes) <= {"0", "4"}
    assert set(done.stderr.splitlines()) <= {
        f"Application {number} was changed by somebody else just now. "
        f"Look at it again: `yimen feedback {number}`."
    }
    assert one(yimen.home, "SELECT COUNT(*) FROM referral") == len(PROGRAMMES)
    assert one(yimen.home, "SELECT COUNT(*) FROM journal WHERE action = 'dispatch'") == 1


def test_of_many_processes_that_complete_an_intake_one_accepts_it(
    yimen: Any, truth: Any, signed_paper: Path
) -> None:
    id_number = truth["stories"]["eligible"]["id_number"]
    number = yimen.json("intake", id_number, "--no-ask")["application_no"]
    words = ["intake", number, "--authorisation", signed_paper, "--pledge", signed_paper]
    for answer in ("other_income_year=0", "deductible_year=0", "emergency_event=NONE"):
        words += ["--answer", answer]
    script = TWENTY.replace('run([*words[:-3], "referral", "show", words[-1]])', "")
    done = subprocess.run(
        [sys.executable, "-c", script, "6", *yimen.words(*words, "--no-ask")],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert set(done.stdout.splitlines()[-1].split()[1:]) == {"0"}, done.stderr
    assert one(yimen.home, "SELECT state FROM application") == "accepted"
    assert one(yimen.home, "SELECT COUNT(*) FROM journal WHERE action = 'intake.accept'") == 1
    yimen("check", number)


def test_of_many_processes_that_open_an_application_for_one_family_one_succeeds(
    yimen: Any, truth: Any
) -> None:
    script = TWENTY.replace('run([*words[:-3], "referral", "show", words[-1]])', "")
    words = yimen.words("intake", truth["stories"]["eligible"]["id_number"], "--no-ask")
    done = subprocess.run(
        [sys.executable, "-c", script, "6", *words],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    codes = done.stdout.splitlines()[-1].split()[1:]
    assert sorted(codes) == ["0"] + ["4"] * 5, done.stderr
    assert one(yimen.home, "SELECT COUNT(*) FROM application") == 1
