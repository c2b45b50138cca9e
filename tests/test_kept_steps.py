"""What a desk's list keeps of a case is never older than the case: random work, and every table."""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from conftest import TODAY, Runner

from yimen.core.casework import referral as moves
from yimen.core.casework import setup
from yimen.core.casework.checklists import acts, worklist
from yimen.core.casework.checklists.cases import Case
from yimen.core.casework.checklists.engine import ready_steps, standings
from yimen.core.casework.checklists.views import find_case, ground
from yimen.core.casework.intake import Answer, continue_application, verify_fact
from yimen.core.casework.needs import assess, parse_need
from yimen.core.casework.notices import object_to, post, strike_off, take_down
from yimen.core.casework.operators import sit_down
from yimen.core.casework.papers import Papers, seen
from yimen.core.casework.transitions import legal_verbs
from yimen.core.checklist_records import DeskStep, Evidence
from yimen.core.errors import YimenError
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.checklists import whole_checklist
from yimen.core.store.home import Home, open_home

PAPER = Evidence(name="a.pdf", sha256="0" * 64)
DESKS = ("window", "civil", "medical", "legal")
# Verbs of a referral, with what they ask for.
VERBS: dict[str, tuple[str, Callable[..., Any]]] = {
    "receive": ("office", lambda d, no, c, day: moves.receive(d, no)),
    "accept": ("office", lambda d, no, c, day: moves.accept(d, no)),
    "start": ("office", lambda d, no, c, day: moves.start(d, no)),
    "return": ("office", lambda d, no, c, day: moves.return_(
        d, no, reason_code="B02", note="x")),
    "suspend": ("office", lambda d, no, c, day: moves.suspend(
        d, no, reason_code="U01", note="x", until=(day + timedelta(days=9)).isoformat())),
    "resume": ("office", lambda d, no, c, day: moves.resume(d, no)),
    "decide": ("office", lambda d, no, c, day: moves.decide(
        d, c, no, outcome="refused", reason_code="R01", basis="x")),
    "redispatch": ("window", lambda d, no, c, day: moves.redispatch(d, no, note="x")),
    "complete": ("window", lambda d, no, c, day: moves.complete(d, c, no)),
    "withdraw": ("window", lambda d, no, c, day: moves.withdraw(d, no, note="x")),
}  # fmt: skip


@pytest.fixture
def worked(dispatched: Any, yimen: Runner, truth: Any) -> Runner:
    """A home with a dispatched family, its dibao taken on, and one whose papers nobody signed."""
    dibao = next(r["referral_no"] for r in dispatched["referrals"] if r["programme"] == "CIV-DB")
    yimen.acting_as("civil")("referral", "receive", dibao)
    yimen.acting_as("civil")("referral", "accept", dibao)
    yimen("dispatch", dispatched["application_no"], "--programme", "LEG-CIV")
    yimen("intake", truth["stories"]["refused"]["id_number"], "--no-ask")
    return yimen


class Work:
    """Officers who do at random what the cases of a home let them do; a clerk who only looks."""

    def __init__(self, folder: Path, catalogue: Catalogue, seed: int) -> None:
        self.folder, self.catalogue, self.random = folder, catalogue, Random(seed)
        self.day, self.done, self.kept = TODAY, Counter[str](), 0
        self.home, self.clerk = self._opened(), self._opened()

    def _opened(self) -> Home:
        return open_home(self.folder, today=self.day)

    def close(self) -> None:
        self.home.close()
        self.clerk.close()

    def desk(self, who: str = "window") -> Any:
        return sit_down(self.home, acting_as=who)

    def numbers(self, sql: str) -> list[str]:
        return [row[0] for row in self.home.casework.conn.execute(sql)]

    def some(self, sql: str) -> str:
        return self.random.choice(self.numbers(sql))

    # -- what may happen ------------------------------------------------------------------------

    def wait(self) -> None:
        self.close()
        self.day += timedelta(days=self.random.choice([0, 1, 1, 2, 5, 12, 40]))
        self.home, self.clerk = self._opened(), self._opened()

    def go_back(self) -> None:
        """A rehearsal's clock may be set back."""
        self.close()
        self.day -= timedelta(days=1)
        self.home, self.clerk = self._opened(), self._opened()

    def move(self) -> None:
        no = self.some("SELECT referral_no FROM referral")
        referral = moves.find_referral(self.desk(), no)
        legal = [verb for verb in legal_verbs(referral.state) if verb in VERBS]
        if legal:
            side, do = VERBS[self.random.choice(legal)]
            desk = self.desk("window" if side == "window" else referral.department)
            do(desk, no, self.catalogue, self.day)

    def tick(self) -> None:
        desk = self.desk(self.random.choice(DESKS))
        steps = worklist.worklist(desk, self.catalogue).steps
        if steps:
            step = self.random.choice(steps)
            where = step.subject, step.checklist, step.step
            view = acts.find_step(desk, self.catalogue, *where)[1]
            acts.do_step(
                desk, self.catalogue, *where,
                answer=self.random.random() < 0.5 if view.asks else None,
                evidence=[PAPER] if view.evidence_wanted else [],
                second="admin" if view.persons > 1 else None,
            )  # fmt: skip

    def undo(self) -> None:
        done = self.home.casework.conn.execute(
            "SELECT subject, checklist, step FROM checklist_act"
        ).fetchall()
        desk = self.desk(self.random.choice(DESKS))
        acts.undo_step(desk, self.catalogue, *self.random.choice(done), note="x")

    def skip(self) -> None:
        no = self.some("SELECT application_no FROM application")
        acts.skip_step(self.desk(), self.catalogue, no, "intake", "needs", note="x")

    def put_up(self) -> None:
        no = self.some("SELECT referral_no FROM referral WHERE programme = 'CIV-DB'")
        post(self.desk(), self.catalogue, "dibao_preliminary", [no], place="board")

    def object(self) -> None:
        object_to(self.desk(), self.some("SELECT notice_no FROM notice"), note="x")

    def take_down(self) -> None:
        no = self.some("SELECT notice_no FROM notice")
        if self.random.random() < 0.5:
            take_down(self.desk(), no, note="x")
        else:
            family = self.some("SELECT referral_no FROM notice_entry")
            strike_off(self.desk(), no, family, note="x")

    def assess(self) -> None:
        no = self.some("SELECT household_no FROM application")
        answer = parse_need(self.catalogue, no, "living=yes")
        assess(self.desk(), self.catalogue, no, [answer], source="a visit")

    def verify(self) -> None:
        """Whether legal aid looks into the family's means hangs on it."""
        no, applicant = self.home.casework.conn.execute(
            "SELECT household_no, applicant FROM application ORDER BY application_no"
        ).fetchone()
        value = self.random.choice(["NONE", "MIGRANT"])
        answer = Answer(applicant, "legal.exempt_group", value)
        verify_fact(self.desk(), self.catalogue, no, answer, source="a paper")

    def sign(self) -> None:
        desk, end = self.desk(), self.day + timedelta(days=self.random.choice([3, 30]))
        files = {kind: seen(desk, kind, self.day) for kind in ("authorisation", "pledge")}
        papers = Papers(files, self.day, end)  # type: ignore[arg-type]
        no = self.some("SELECT application_no FROM application WHERE state LIKE 'su%'")
        continue_application(desk, self.catalogue, no, papers=papers)

    def set_standard(self) -> None:
        name, values = self.random.choice([
            ("civil.clock_dispatch", "125"), ("civil.clock_sign", "13"),
            ("civil.confirm_by", ["COUNTY", "TOWN"]), ("civil.notice_day_type", ["CD", "WD"]),
        ])  # fmt: skip
        setup.set_standard(
            self.desk("admin"), self.catalogue, name, self.random.choice(values),
            from_date=TODAY - timedelta(days=30), basis="a test",
        )  # fmt: skip

    def close_a_day(self) -> None:
        file = self.folder.parent / "days.csv"
        file.write_text(f"date,type\n{self.day + timedelta(days=2)},off\n", "utf-8")
        setup.load_calendar(self.desk("admin"), file)

    # -- what must hold -------------------------------------------------------------------------

    def look(self) -> None:
        """Every desk sees what it would see if nothing were kept, and the engine says so too."""
        for who in DESKS:
            desk = sit_down(self.clerk, acting_as=who)
            seen_now = worklist.worklist(desk, self.catalogue)
            with undone(self.clerk) as conn:
                self.kept += conn.execute("DELETE FROM kept_steps").rowcount
                assert worklist.worklist(desk, self.catalogue) == seen_now
            if who == "window":
                self.full(desk, seen_now.steps)

    def full(self, desk: Any, listed: list[DeskStep]) -> None:
        today, shown = ground(desk, self.catalogue), Counter(s.subject for s in listed)
        for no in shown:
            case: Case = find_case(desk, self.catalogue, no)
            ready = 0
            for name in case.lists:
                whole = whole_checklist(self.catalogue, name)
                if whole is not None:
                    given = whole, self.catalogue.links.needed, case, today
                    every = [s for s in standings(*given) if s.ready]
                    assert ready_steps(*given).steps == every
                    ready += len(every)
            assert shown[no] <= ready


@contextmanager
def undone(home: Home) -> Iterator[sqlite3.Connection]:
    """A transaction of which nothing stays."""
    conn = home.casework.conn
    conn.execute("BEGIN IMMEDIATE")
    try:
        yield conn
    finally:
        conn.execute("ROLLBACK")


def test_at_random_work_no_desk_ever_sees_a_step_that_is_not_open(
    worked: Runner, shared_catalogue: Catalogue, tmp_path: Path
) -> None:
    often = Counter(dict.fromkeys(
        ("wait", "go_back", "undo", "skip", "put_up", "object", "take_down", "assess", "verify",
         "sign", "set_standard", "close_a_day"), 1))  # fmt: skip
    often.update(move=5, tick=8, wait=2, put_up=2, undo=2, sign=2, take_down=2)
    deck, done, kept = [*often.elements()] * 2, Counter[str](), 0
    for seed in range(3):
        folder = Path(shutil.copytree(worked.home, tmp_path / f"seed{seed}" / "home"))
        work = Work(folder, shared_catalogue, seed)
        try:
            work.look()
            for act in work.random.sample(deck, len(deck)):
                try:
                    getattr(work, act)()
                    done[act] += 1
                except (YimenError, IndexError):
                    # Refused, or nothing there to do it with: then nothing may have changed.
                    done[f"no {act}"] += 1
                work.look()
            kept += work.kept
        finally:
            work.close()
    assert not set(often) - set(done), done
    assert kept > 1000


# Read at each opening itself, or part of the key under which a case is kept.
AT_EACH_OPENING = {
    "application", "benefit", "calendar_day", "case_change", "json_each", "kept_steps", "purchase",
    "referral", "sqlite_master", "standard_value",
}  # fmt: skip


def test_every_table_that_a_case_is_worked_out_from_counts_its_changes(
    worked: Runner, shared_catalogue: Catalogue
) -> None:
    home, read = open_home(worked.home, today=TODAY), set[str]()

    def note(action: int, table: str | None, *rest: Any) -> int:
        if action == sqlite3.SQLITE_READ and table:
            read.add(table)
        return sqlite3.SQLITE_OK

    try:
        desk, conn = sit_down(home, acting_as="window"), home.casework.conn
        conn.execute("DELETE FROM kept_steps")
        conn.commit()
        counted = {
            table for (table,) in conn.execute("SELECT tbl_name FROM sqlite_master"
                                               " WHERE type = 'trigger'")
        }  # fmt: skip
        conn.set_authorizer(note)
        worklist.prepare(desk, shared_catalogue)
        conn.set_authorizer(None)
        assert conn.execute("SELECT COUNT(*) FROM kept_steps").fetchone()[0] > 5
    finally:
        home.close()
    assert read - AT_EACH_OPENING == counted - AT_EACH_OPENING
    assert counted > {"application", "referral"}


# Of each table the rows that belong to the case of the dispatched family, told once more.
ROWS_OF_CASE = {
    "application": "application_no = 'A2026-00001'",
    "checklist_act": "subject LIKE 'R2026-%'",
    "composition": "application_no = 'A2026-00001'",
    "consent": "application_no = 'A2026-00001'",
    "journal": "action = 'intake.accept' AND subject = 'A2026-00001'",
    "notice": "referral_no LIKE 'R2026-%'",
    "notice_act": "act = 'objected'",
    "notice_entry": "referral_no LIKE 'R2026-%'",
    "recorded_fact": "application_no = 'A2026-00001'",
    "referral": "application_no = 'A2026-00001'",
    "referral_move": "referral_no LIKE 'R2026-%'",
    "report": "application_no = 'A2026-00001'",
    "supplement_notice": "application_no = 'A2026-00002'",
}


def test_a_row_that_comes_changes_or_goes_is_counted_of_its_case(worked: Runner) -> None:
    listed = worked.json("referral", "list")
    no = next(row["referral_no"] for row in listed if row["programme"] == "CIV-DB")
    worked("notice", "post", "dibao_preliminary", no, "--place", "board")
    worked("notice", "object", "N2026-00001", "--note", "x")
    home = open_home(worked.home, today=TODAY)
    try:
        with undone(home) as conn:
            triggers = conn.execute("SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'")
            assert {name for (name,) in triggers} == set(ROWS_OF_CASE)
        for table, mine in ROWS_OF_CASE.items():
            case = "A2026-00002" if table == "supplement_notice" else "A2026-00001"
            with undone(home) as conn:
                conn.execute("PRAGMA defer_foreign_keys = ON")
                (first,) = conn.execute(f"SELECT MIN(rowid) FROM {table} WHERE {mine}").fetchone()
                row = f"SELECT * FROM {table} WHERE rowid = {first}"
                conn.execute(f"CREATE TEMP TABLE one AS {row}")
                column = conn.execute(f"SELECT * FROM {table}").description[1][0]
                for sql in (
                    f"UPDATE {table} SET {column} = {column} WHERE rowid = {first}",
                    f"DELETE FROM {table} WHERE rowid = {first}",
                    # A notice is of the cases that its entries name, which come after it.
                    f"INSERT INTO {table} SELECT * FROM one",
                ):
                    before = changes_of(conn, case)
                    conn.execute(sql)
                    assert changes_of(conn, case) > before, sql
    finally:
        home.close()


def changes_of(conn: sqlite3.Connection, case: str) -> int:
    found = conn.execute("SELECT changes FROM case_change WHERE application_no = ?", [case])
    return int((found.fetchone() or [0])[0])


def test_the_nightly_run_leaves_nothing_to_work_out_for_the_first_clerk(
    worked: Runner, monkeypatch: pytest.MonkeyPatch, shared_catalogue: Catalogue
) -> None:
    worked("due")
    home, cases = open_home(worked.home, today=TODAY), list[str]()

    def told(desk: Any, catalogue: Any, found: Any) -> list[Case]:
        cases.extend(one.application_no for one in found)
        return []

    monkeypatch.setattr(worklist, "application_cases", told)
    monkeypatch.setattr(worklist, "referral_cases", told)
    try:
        desk = sit_down(home, acting_as="window")
        assert len(worklist.worklist(desk, shared_catalogue).steps) > 5
    finally:
        home.close()
    assert cases == []
