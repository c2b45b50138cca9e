"""Random sequences of moves, legal and not, over real referrals in a real home.

No illegal state is ever stored, no clock runs backwards, total time is the sum of its parts, and
what is done twice changes nothing.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import pytest
from conftest import TODAY, Runner
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from yimen.core.casework import referral as moves
from yimen.core.casework.operators import sit_down
from yimen.core.casework.referral.finding import waited
from yimen.core.casework.transitions import MOVES, legal_verbs
from yimen.core.errors import IllegalMove, Refused, YimenError
from yimen.core.rules.catalogue import Catalogue
from yimen.core.store.home import Home, open_home
from yimen.core.store.journal import verify

CLOSED = {"completed", "rejected", "failed", "withdrawn", "voided", "transferred"}
# Verbs by one desk of either side, with what they ask for. `send` and `transfer` need the rules
# and have tests of their own.
ACTS: dict[str, tuple[str, Callable[[Any, str, date], Any]]] = {
    "receive": ("office", lambda d, no, __: moves.receive(d, no)),
    "accept": ("office", lambda d, no, __: moves.accept(d, no)),
    "start": ("office", lambda d, no, __: moves.start(d, no)),
    "return": ("office", lambda d, no, __: moves.return_(d, no, reason_code="B02", note="x")),
    "suspend": ("office", lambda d, no, day: moves.suspend(
        d, no, reason_code="U01", note="x", until=(day + timedelta(days=9)).isoformat())),
    "resume": ("office", lambda d, no, __: moves.resume(d, no)),
    "extend": ("office", lambda d, no, __: moves.extend(d, no, reason_code="E02", note="x")),
    "decide": ("office", lambda d, no, __: moves.decide(
        d, _rules[0], no, outcome="refused", reason_code="R01", basis="x")),
    "redispatch": ("window", lambda d, no, __: moves.redispatch(d, no, note="x")),
    "clarify": ("window", lambda d, no, __: moves.clarify(d, no, note="x")),
    "complete": ("window", lambda d, no, __: moves.complete(d, _rules[0], no)),
    "withdraw": ("window", lambda d, no, __: moves.withdraw(d, no, note="x")),
    "void": ("window", lambda d, no, __: moves.void(d, no, note="x")),
    "reopen": ("window", lambda d, no, __: moves.reopen(d, no, note="x")),
}  # fmt: skip
ENDS = {
    "reject": lambda d, no: moves.reject(d, no, reason_code="R12", basis="x"),
    "fail": lambda d, no: moves.fail(d, no, reason_code="F01", note="x"),
}
_home: list[Path] = []
_rules: list[Catalogue] = []


@pytest.fixture(autouse=True)
def _one_dispatched_home(dispatched: Any, yimen: Runner, shared_catalogue: Catalogue) -> None:
    """Two referrals of one application: the others are withdrawn."""
    _rules[:] = [shared_catalogue]
    for line in dispatched["referrals"][2:]:
        yimen("referral", "withdraw", line["referral_no"], "--note", "x")
    _home[:] = [yimen.home]


class Referrals(RuleBasedStateMachine):
    """Two referrals, their department, a window, and days that only go forward."""

    home: Home

    @initialize()
    def open(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="yimen-moves-"))
        shutil.copytree(_home[0], self.folder / "home", dirs_exist_ok=True)
        self.day = TODAY
        self._open_on(TODAY)
        db = self.home.casework
        self.numbers = [no for (no,) in db.conn.execute(
            "SELECT referral_no FROM referral WHERE state = 'dispatched' ORDER BY 1")]  # fmt: skip
        self.states = dict.fromkeys(self.numbers, "dispatched")
        self.extended = dict.fromkeys(self.numbers, False)
        self.proposed: dict[str, str | None] = dict.fromkeys(self.numbers)

    def _open_on(self, day: date) -> None:
        if hasattr(self, "home"):
            self.home.close()
        self.home = open_home(self.folder / "home", today=day)
        self.window = sit_down(self.home, acting_as="window")

    def _desk(self, side: str, no: str) -> Any:
        if side == "window":
            return self.window
        return sit_down(self.home, acting_as=moves.find_referral(self.window, no).department)

    @rule(days=st.integers(0, 12))
    def wait(self, days: int) -> None:
        self.day += timedelta(days=days)
        self._open_on(self.day)

    @rule(verb=st.sampled_from(sorted(ACTS)), which=st.integers(0, 1))
    def act(self, verb: str, which: int) -> None:
        no = self.numbers[which]
        side, do = ACTS[verb]
        desk = self._desk(side, no)
        before = moves.find_referral(self.window, no)
        step = next(m for m in MOVES if m.verb == verb)
        if self.states[no] not in step.from_states:
            with pytest.raises(IllegalMove):
                do(desk, no, self.day)
            assert moves.find_referral(self.window, no) == before
            return
        try:
            after = do(desk, no, self.day)
        except Refused:
            # A guard: extended before, or too late.
            if verb != "extend":
                raise
            assert moves.find_referral(self.window, no) == before
            return
        self.states[no] = step.to_state or self.states[no]
        self.proposed[no] = None
        assert after.state == self.states[no]
        if verb == "extend":
            assert not self.extended[no]
            self.extended[no] = True
        if step.to_state is not None:
            # Done twice is refused and changes nothing.
            with pytest.raises(IllegalMove):
                do(desk, no, self.day)
            assert moves.find_referral(self.window, no) == after

    @rule(picks=st.lists(st.integers(0, 50), min_size=3, max_size=9), which=st.integers(0, 1))
    def act_as_is_legal(self, picks: list[int], which: int) -> None:
        """Random verbs alone seldom get far; these are chosen among those of the state."""
        for pick in picks:
            legal = [v for v in legal_verbs(self.states[self.numbers[which]]) if v in ACTS]
            # A case is ended rarely, or nothing would ever be answered.
            legal = [v for v in legal if v not in ("withdraw", "void") or pick % 10 == 0]
            if legal:
                self.act(legal[pick % len(legal)], which)
                self.what_is_stored_is_legal()

    @rule(verb=st.sampled_from(sorted(ENDS)), which=st.integers(0, 1))
    def propose(self, verb: str, which: int) -> None:
        no = self.numbers[which]
        step = next(m for m in MOVES if m.verb == verb)
        if self.states[no] not in step.from_states:
            with pytest.raises(IllegalMove):
                ENDS[verb](self._desk("office", no), no)
            return
        ENDS[verb](self._desk("office", no), no)
        self.proposed[no] = verb

    @rule(side=st.sampled_from(["office", "window"]), which=st.integers(0, 1))
    def countersign(self, side: str, which: int) -> None:
        no, verb = self.numbers[which], self.proposed[self.numbers[which]]
        desk = self._desk(side, no)
        if verb is None or side == "office":
            with pytest.raises(YimenError):
                moves.countersign(desk, no)
            return
        moves.countersign(desk, no)
        self.states[no] = cast(str, next(m.to_state for m in MOVES if m.verb == verb))
        self.proposed[no] = None

    @invariant()
    def what_is_stored_is_legal(self) -> None:
        conn = self.home.casework.conn
        for no in self.numbers:
            state, decision, due = conn.execute(
                "SELECT state, decision, due_finish FROM referral WHERE referral_no = ?", [no]
            ).fetchone()
            assert state == self.states[no]
            answered = state in ("fed_back", "completed")
            if answered or state not in ("withdrawn", "voided"):
                assert (decision is not None) == answered
            assert due >= "2026-11-20"
            path = conn.execute(
                "SELECT verb, from_state, to_state, at FROM referral_move WHERE referral_no = ?"
                " ORDER BY id", [no]).fetchall()  # fmt: skip
            assert path[-1][2] == state
            for (__, ___, there, at), (verb, here, to, then) in pairwise(path):
                step = next(m for m in MOVES if m.verb == verb)
                assert here == there
                assert here in step.from_states
                assert to == (step.to_state or here)
                assert datetime.fromisoformat(at) <= datetime.fromisoformat(then)
            running, still = waited(self.window, moves.find_referral(self.window, no))
            assert min(running, still) >= 0

    @invariant()
    def an_application_is_closed_when_its_last_referral_is_and_not_before(self) -> None:
        (state,) = self.home.casework.conn.execute("SELECT state FROM application").fetchone()
        closed = all(s in CLOSED for s in self.states.values())
        answered = any(s in ("completed", "rejected", "failed") for s in self.states.values())
        assert (state == "closed") == (closed and answered)
        # Taken back without an answer, it waits to be dispatched again.
        assert (state == "checked") == (closed and not answered)

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            verify(self.home.casework)
            self.home.close()
            shutil.rmtree(self.folder)


Referrals.TestCase.settings = settings(
    max_examples=12,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def test_random_sequences_of_moves_keep_every_promise() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(Referrals, settings=Referrals.TestCase.settings)  # type: ignore[no-untyped-call]


def test_a_clock_that_is_set_back_never_runs_backwards(yimen: Runner, dispatched: Any) -> None:
    line = dispatched["referrals"][0]
    office = yimen.acting_as(line["department"])
    office.day = "2026-12-03"
    office("referral", "receive", line["referral_no"])
    office.day = "2026-11-24"
    office("referral", "accept", line["referral_no"])
    conn = sqlite3.connect(yimen.home / "casework.db")
    times = [at for (at,) in conn.execute("SELECT at FROM referral_move WHERE referral_no = ?"
                                          " ORDER BY id", [line["referral_no"]])]  # fmt: skip
    conn.close()
    assert times == sorted(times)
