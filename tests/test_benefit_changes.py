"""Aid reduced or stopped: first a hearing, then a coded reason, then a notice."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest
from conftest import Runner

from yimen.core.casework.operators import sit_down
from yimen.core.clock import parse_date
from yimen.core.store.home import open_home


@pytest.fixture
def granted(yimen: Runner, dispatched: Any) -> str:
    """The number of a dibao benefit of 250 yuan a month."""
    no = next(r["referral_no"] for r in dispatched["referrals"] if r["programme"] == "CIV-DB")
    civil = yimen.acting_as("civil")
    civil("referral", "receive", no)
    civil("referral", "accept", no)
    civil("referral", "decide", no, "granted", "--amount", "250", "--basis", "SAL §18")
    yimen("referral", "complete", no)
    (benefit,) = yimen.json("feedback", dispatched["application_no"])["benefits"]
    return str(benefit["benefit_no"])


CHANGE = ["--from", "2027-01", "--reason", "S03", "--basis", "SAL §48"]


def benefits(yimen: Runner) -> list[tuple[Any, ...]]:
    home = sqlite3.connect(yimen.home / "casework.db")
    rows = home.execute("SELECT amount_fen, from_month, to_month FROM benefit").fetchall()
    home.close()
    return rows


def test_nobodys_aid_is_changed_before_a_hearing_is_on_record(yimen: Runner, granted: str) -> None:
    refused = yimen("benefit", "change", granted, *CHANGE, code=4).err
    assert "not heard" in refused
    assert "Social Assistance Law art. 48" in refused
    assert benefits(yimen) == [(25_000, "2026-12", None)]
    yimen("benefit", "hear", granted, "--note", " ", code=5)
    yimen("benefit", "hear", granted, "--on", "2026-11-21", "--note", "x", code=5)
    yimen("benefit", "hear", granted, "--note", "agrees")
    yimen("benefit", "change", granted, *CHANGE)
    assert benefits(yimen) == [(25_000, "2026-12", "2026-12")]
    text = yimen("print", "change", granted).out
    assert "agrees" in text
    assert "no longer paid" in text


def test_before_the_law_of_2026_no_hearing_is_asked_for(yimen: Runner, granted: str) -> None:
    yimen.day = "2026-06-30"
    yimen("benefit", "change", granted, *CHANGE)
    assert "ask for no hearing" in yimen("print", "change", granted).out


def test_reduced_aid_goes_on_under_a_number_of_its_own_and_needs_a_new_hearing(
    yimen: Runner, granted: str
) -> None:
    yimen("benefit", "hear", granted, "--note", "agrees")
    yimen("benefit", "change", granted, *CHANGE, "--amount", "100")
    assert benefits(yimen) == [(25_000, "2026-12", "2026-12"), (10_000, "2027-01", None)]
    assert "not heard" in yimen("benefit", "change", "B2026-00002", *CHANGE, code=4).err
    ended = yimen("benefit", "change", granted, *CHANGE, "--amount", "50", code=5).err
    assert "ends in 2026-12" in ended


IMPOSSIBLE = [
    (["--amount", "250"], "between nothing"), (["--amount", "0"], "between nothing"),
    (["--from", "2026-11"], "coming month"), (["--from", "soon"], "coming month"),
    (["--reason", "R01"], "reason code"), (["--basis", " "], "basis"),
]  # fmt: skip


def test_a_change_that_cannot_be_is_refused_in_one_sentence(yimen: Runner, granted: str) -> None:
    yimen("benefit", "hear", granted, "--note", "agrees")
    for words, said in IMPOSSIBLE:
        assert said in yimen("benefit", "change", granted, *CHANGE, *words, code=5).err
    assert benefits(yimen) == [(25_000, "2026-12", None)]


def test_refused_work_takes_one_persons_share_and_not_the_familys_aid(
    yimen: Runner, granted: str
) -> None:
    yimen("benefit", "hear", granted, "--note", "agrees")
    words = ["--from", "2027-01", "--reason", "S09", "--basis", "DB2021 §34"]
    told = yimen("benefit", "change", granted, *words, code=4).err
    assert "Dibao Measures of 2021 art. 34" in told
    yimen("benefit", "change", granted, *words, "--amount", "170")
    assert benefits(yimen)[-1] == (17_000, "2027-01", None)


def test_of_two_officers_at_once_the_second_sees_what_the_first_did(
    yimen: Runner, granted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from yimen.core.casework import benefit_changes
    from yimen.core.errors import StaleRevision

    yimen.day = "2026-06-30"
    home = open_home(yimen.home, today=parse_date("2026-06-30"))
    desk = sit_down(home)
    checked = benefit_changes.require_code

    def meanwhile(code: str | None, codes: dict[str, str]) -> str:
        monkeypatch.setattr(benefit_changes, "require_code", checked)
        yimen("benefit", "change", granted, *CHANGE)
        return checked(code, codes)

    monkeypatch.setattr(benefit_changes, "require_code", meanwhile)
    with pytest.raises(StaleRevision):
        benefit_changes.change(
            desk, granted, reason_code="S03", basis="SAL §48", from_month="2027-03"
        )
    home.close()
    assert benefits(yimen) == [(25_000, "2026-12", "2026-12")]
