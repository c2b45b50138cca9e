"""Twenty processes move the same fifty referrals at once: each move is made once, or refused.

    python benchmarks/crowd.py [--processes 20] [--referrals 50]

Each process is forked from one that has imported everything, waits for the others, and then tries
every verb on every referral in its own random order. Afterwards the moves in the table must be a
walk through the one table of transitions, as many as the processes were told they made, and the
journal must be whole. Prints what each verb came to; exits 1 when anything does not add up.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import sys
import tempfile
from collections import Counter
from datetime import date
from itertools import pairwise
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from tabulate import tabulate

from yimen.core.casework import referral as moves
from yimen.core.casework.desk import Desk
from yimen.core.casework.operators import add, sit_down
from yimen.core.casework.setup import init_home
from yimen.core.casework.transitions import MOVES
from yimen.core.clock import Clock
from yimen.core.errors import YimenError
from yimen.core.rules.catalogue import Catalogue, load_catalogue
from yimen.core.store.home import open_home
from yimen.core.store.journal import verify

TODAY = date(2026, 11, 20)
OFFICE: dict[str, Any] = {
    "receive": moves.receive,
    "accept": moves.accept,
    "start": moves.start,
    "extend": lambda d, no: moves.extend(d, no, reason_code="E02", note="x"),
}
# These look at a handling list, and take the rules beside the desk.
DECIDING: dict[str, Any] = {
    "decide": lambda d, rules, no: moves.decide(
        d, rules, no, outcome="refused", reason_code="R01", basis="example"
    ),
    "complete": moves.complete,
}


def made_home(folder: Path, count: int) -> list[str]:
    """A home with so many referrals of dispatched applications, written as dispatch writes them."""
    catalogue = load_catalogue(folder / "cache")
    home = init_home(
        folder / "home", county=None, synthetic=True, clock=Clock(TODAY), catalogue=catalogue
    )
    desk = sit_down(home)
    add(desk, operator_no="office", name="Office", roles=["department"], division="370499",
        department="civil")  # fmt: skip
    numbers = _write(desk, catalogue, count)
    home.close()
    return numbers


def _write(desk: Desk, catalogue: Catalogue, count: int) -> list[str]:
    from yimen.core.casework.referral.writing import insert, prepare
    from yimen.core.casework.terms import terms_of
    from yimen.core.records import Application, CheckReport, ProgrammeResult

    version = catalogue.versions_on(TODAY)["CIV-DB"]
    result = ProgrammeResult(
        programme="CIV-DB", name="example", department="civil", unit="household", member=None,
        outcome="eligible", receiving=False, amount_fen=25000, per="month", criteria=[], missing=[],
    )  # fmt: skip
    numbers = []
    with desk.home.writing() as db:
        for index in range(1, count + 1):
            no, household = f"A2026-{index:05d}", f"H{index:07d}"
            db.conn.execute(
                "INSERT INTO application (application_no, household_no, applicant, state,"
                " first_officer, division, submitted_on, accepted_on, rev)"
                " VALUES (?, ?, ?, 'dispatched', 'admin', ?, ?, ?, 1)",
                [no, household, f"M{index:07d}", desk.home.county, TODAY.isoformat(),
                 TODAY.isoformat()],
            )  # fmt: skip
            application = Application(
                application_no=no, household_no=household, applicant=f"M{index:07d}",
                state="dispatched", first_officer="admin", division=desk.home.county,
                submitted_on=TODAY.isoformat(), accepted_on=TODAY.isoformat(), rule_pack="R2026",
                closed_on=None, rev=1,
            )  # fmt: skip
            report = CheckReport(
                report_no=f"C{index:016x}", household_no=household, application_no=no,
                rules_on=TODAY.isoformat(), facts_as_of=TODAY.isoformat(), rule_pack="R2026",
                engine="sqlite", inputs_hash="0" * 64, rules_hash="0" * 64, facts={},
                member_facts={}, standards={}, programmes=[result], flags=[], statement="example",
            )  # fmt: skip
            terms = terms_of(desk, version, TODAY.isoformat())
            new = prepare(desk, catalogue, report, result, version, terms)
            numbers.append(insert(desk, application, report, new))
        desk.record(db, "example", "referrals", {"count": count})
    return numbers


def work(home_path: Path, numbers: list[str], seed: int, gate: Barrier, result: Path) -> None:
    """One process: every verb on every referral, three times, in an order of its own."""
    gate.wait()
    home = open_home(home_path, today=TODAY)
    office, window = sit_down(home, acting_as="office"), sit_down(home)
    rules = load_catalogue(home_path.parent / "cache")
    desks = {**dict.fromkeys(OFFICE, office), "decide": office, "complete": window}
    acts = OFFICE | {
        verb: (lambda desk, no, act=act: act(desk, rules, no)) for verb, act in DECIDING.items()
    }
    tries = [(verb, no) for __ in range(3) for verb in acts for no in numbers]
    random.Random(seed).shuffle(tries)
    told: Counter[str] = Counter()
    for verb, no in tries:
        try:
            acts[verb](desks[verb], no)
            told[f"{verb} made"] += 1
        except YimenError as refusal:
            told[f"{verb} {type(refusal).__name__}"] += 1
    home.close()
    result.write_text(json.dumps(told))


def crowd(folder: Path, processes: int, referrals: int) -> tuple[Counter[str], list[str]]:
    """What all processes were told, and what does not add up."""
    numbers = made_home(folder, referrals)
    fork = multiprocessing.get_context("fork")
    gate = fork.Barrier(processes)
    children = [
        fork.Process(
            target=work, args=(folder / "home", numbers, index, gate, folder / f"told-{index}")
        )
        for index in range(processes)
    ]
    for child in children:
        child.start()
    for child in children:
        child.join()
    codes = [child.exitcode for child in children]
    told: Counter[str] = Counter()
    for index in range(processes):
        told.update(json.loads((folder / f"told-{index}").read_text()))
    faults = [f"process {i} ended with {code}" for i, code in enumerate(codes) if code]
    return told, faults + faults_of(folder / "home", numbers, told)


def faults_of(home_path: Path, numbers: list[str], told: Counter[str]) -> list[str]:
    """Where the stored moves are no walk through the table, or not what was told."""
    faults = []
    home = open_home(home_path, today=TODAY)
    conn = home.casework.conn
    stored: Counter[str] = Counter()
    for no in numbers:
        path = conn.execute(
            "SELECT verb, from_state, to_state FROM referral_move WHERE referral_no = ?"
            " ORDER BY id", [no],
        ).fetchall()  # fmt: skip
        stored.update(verb for verb, *__ in path[1:])
        for (__, ___, there), (verb, here, to) in pairwise(path):
            step = next(m for m in MOVES if m.verb == verb)
            if here != there or here not in step.from_states or to != (step.to_state or here):
                faults.append(f"{no}: {verb} from {here} to {to}")
        (state,) = conn.execute("SELECT state FROM referral WHERE referral_no = ?", [no]).fetchone()
        if state != path[-1][2]:
            faults.append(f"{no}: {state} is not where its last move led")
    for verb, count in stored.items():
        if told[f"{verb} made"] != count:
            faults.append(f"{verb}: {count} stored, {told[f'{verb} made']} told")
    verify(home.casework)
    home.close()
    return faults


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--processes", type=int, default=20)
    parser.add_argument("--referrals", type=int, default=50)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        told, faults = crowd(Path(folder), given.processes, given.referrals)
    print(tabulate(sorted(told.items()), headers=["what became of it", "times"]))
    print("\n".join(faults) or "every move was made once or refused with a sentence")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
