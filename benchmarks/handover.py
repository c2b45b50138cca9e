"""Sends referrals to a department's own home and its answers back, and spoils the files midway.

Two homes, the real commands, real files: a county dispatches, a department's home works its inbox,
the county hears the answers. Each time, before the sound files, the same files come cut off, from
an unknown key, of another home, changed, twice and in the wrong order. At the end both homes must
hold the same state of each referral, the same moves in the same order, and a whole journal. Exits
with 1 at the first difference.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from base64 import urlsafe_b64decode
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

from county import TODAY, YIMEN

from yimen.core.signatures import Signer

DEPARTMENT = "civil"
# Referrals that a family's application gives at least, for the size of the county.
PER_APPLICATION = 8


class Spoiled(Exception):
    """Something is other than it must be; the sentence says what."""


class Home:
    """`yimen` on one home: called in this process, or, where files change hands, in another."""

    def __init__(self, folder: Path, name: str) -> None:
        self.path = folder / name

    def _words(self, words: tuple[object, ...], operator: str | None) -> list[str]:
        acting = ["--as", operator] if operator else []
        return ["--home", str(self.path), "--today", TODAY, *acting, *map(str, words)]

    def __call__(self, *words: object, operator: str | None = None, code: int = 0) -> str:
        from yimen.cli import run

        out, err = StringIO(), StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            left = run(self._words(words, operator))
        return self._ended(words, left, code, out.getvalue(), err.getvalue())

    def apart(self, *words: object, operator: str | None = None, code: int = 0) -> str:
        """The same in a process of its own."""
        command = [YIMEN, *self._words(words, operator)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return self._ended(words, done.returncode, code, done.stdout, done.stderr)

    def _ended(self, words: object, left: int, code: int, out: str, err: str) -> str:
        if left != code:
            said = f"{out[-2000:]}\n{err[-2000:]}"
            raise Spoiled(f"{words} in {self.path.name} ended with {left}, not {code}\n{said}")
        return out

    def rows(self, *words: object, code: int = 0, operator: str | None = None) -> list[Any]:
        """What became of each row of a batch that another process read."""
        told = self.apart(*words, "--format", "jsonl", code=code, operator=operator)
        return [json.loads(line) for line in told.splitlines()]

    def tried(self, *words: object, code: int = 0) -> list[Any]:
        """The same of a batch that this process read."""
        return [
            json.loads(line) for line in self(*words, "--format", "jsonl", code=code).splitlines()
        ]

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of casework.db, read beside the commands."""
        with sqlite3.connect(self.path / "casework.db") as conn:
            return conn.execute(sql).fetchall()

    def state(self) -> dict[str, Any]:
        """All that a file which must change nothing may not change."""
        tables = ("referral", "referral_move", "application", "message", "benefit")
        found = {table: self.ask(f"SELECT * FROM {table}") for table in tables}
        # That the clock is moved and who acts is written of every command, also of a refused one.
        acts = "SELECT action, subject, body FROM journal WHERE action NOT IN"
        return found | {"journal": self.ask(f"{acts} ('clock.moved', 'operator.as')")}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--referrals", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--ready",
        nargs=2,
        type=Path,
        metavar=("HOME", "FILES"),
        help="a county loaded before, with an operator window, and its files",
    )
    given = parser.parse_args()
    os.environ["YIMEN_LANG"] = "en"
    with tempfile.TemporaryDirectory() as folder:
        try:
            Round(Path(folder), random.Random(given.seed)).trip(given.referrals, given.ready)
        except Spoiled as error:
            print(f"DIFFERENT: {error}")
            return 1
    return 0


class Round:
    """One round trip between a county and a department, with everything that can happen to it."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.folder = folder
        self.chance = chance
        self.county, self.office = Home(folder, "county"), Home(folder, "office")
        self.stranger = Home(folder, "stranger")
        self.began = time.perf_counter()

    def trip(self, referrals: int, ready: tuple[Path, Path] | None) -> None:
        """The whole way; raises `Spoiled` where anything is not as it must be."""
        if ready:
            shutil.copytree(ready[0], self.county.path)
        files = ready[1] if ready else self._loaded(referrals)
        self._introduced()
        sent = dispatched(self.county.path, files, referrals)
        self._say(f"{sent} referrals dispatched to {DEPARTMENT}")
        out = self._batch(self.county, "out", "referral", "export", "--department", DEPARTMENT)
        self._spoil(self.office, ["referral", "take"], out, self._foreign_text(self.county))
        self._arrive(self.office, ["referral", "take"], out, "taken")
        self._work()
        back = self._batch(self.office, "back", "feedback", "export")
        self._spoil(self.county, ["feedback", "import"], back, self._foreign_text(self.office))
        self._arrive(self.county, ["feedback", "import"], back, "applied")
        self._confirm()
        more = self._batch(self.county, "more", "referral", "export", "--department", DEPARTMENT)
        self._arrive(self.office, ["referral", "take"], more, "applied")
        self._compare(sent)
        self._say("both homes hold the same moves and whole journals")

    def _say(self, words: str) -> None:
        print(f"{time.perf_counter() - self.began:8.1f} s  {words}", flush=True)

    # -- two homes --------------------------------------------------------------------------

    def _loaded(self, referrals: int) -> Path:
        """A county whose registers are loaded, with somebody at the window; its files."""
        files = self.folder / "files"
        applications = -(-referrals // PER_APPLICATION)
        self.county("synth", files, "--households", max(60, applications * 2), "--seed", 1)
        self.county("init", "--synthetic")
        self.county("source", "load", "--all", files)
        self.county("operator", "add", "window", "--name", "Wang", "--role", "county")
        return files

    def _introduced(self) -> None:
        """A department's home and a stranger's; county and department add each other's keys."""
        for home in (self.office, self.stranger):
            home("init", "--synthetic")
            # One machine, one set of departments: their rules are compiled once.
            shutil.copytree(self.county.path / "cache", home.path / "cache", dirs_exist_ok=True)
        self.office("operator", "add", "clerk", "--name", "Liu", "--role", "department",
                    "--department", DEPARTMENT)  # fmt: skip
        for home in (self.county, self.office, self.stranger):
            home("department", "key", "make")
            (self.folder / f"{home.path.name}.pem").write_text(home("department", "key", "show"))
        for home, other in ((self.county, "office"), (self.office, "county")):
            home("department", "key", "add", self.folder / f"{other}.pem",
                 "--department", DEPARTMENT)  # fmt: skip

    def _foreign_text(self, sender: Home) -> str:
        """A whole batch by a key that the other side knows, about a referral of neither home."""
        signer = signer_of(sender)
        move = {
            "kind": "move", "message_id": "370499-stranger/R2026-00001/1", "sequence": 1,
            "sender": "370499-stranger", "home_id": "370499-stranger",
            "referral_no": "R2026-00001", "verb": "receive", "at": f"{TODAY}T08:00:00+08:00",
            "officer": "x",
        }  # fmt: skip
        end = {"kind": "end", "batch": "370499-stranger/1", "sender": "370499-stranger", "rows": 1,
               "made_at": f"{TODAY}T08:00:00+08:00"}  # fmt: skip
        return "".join(f"{signer.line(json.dumps(m).encode())}\n" for m in (move, end))

    def _batch(self, home: Home, folder: str, *words: str) -> Path:
        """One signed batch of a home; a second export finds nothing new."""
        before = home.state()
        told = home.tried(*words, "--to", self.folder / folder, "--dry-run")
        if home.state() != before or (self.folder / folder).exists():
            raise Spoiled(f"{words} --dry-run changed something")
        done = home.rows(*words, "--to", self.folder / folder)
        (path,) = (self.folder / folder).glob("*.jsonl")
        if [r["message_id"] for r in told] != [r["message_id"] for r in done]:
            raise Spoiled(f"{words} --dry-run told something else than was done")
        if home.tried(*words, "--to", self.folder / folder):
            raise Spoiled(f"{words} found something new the second time")
        self._say(f"{len(done)} messages written by {home.path.name}")
        return path

    # -- what happens on the way ------------------------------------------------------------

    def _spoil(self, home: Home, words: list[str], sound: Path, foreign: str) -> None:
        """Every fault changes nothing and is told row by row, with exit code 6."""
        lines = sound.read_text("utf-8").splitlines(keepends=True)
        end, rest = lines[-1], lines[:-1]
        faults = {
            "cut inside a line": ("cut_off", "".join(rest)[: -len(rest[-1]) // 2]),
            "cut between lines": ("cut_off", "".join(rest[: max(1, len(rest) // 2)])),
            "unknown key": ("unknown_key", "".join(self._signed_by_stranger(rest, end))),
            "changed": ("bad_signature", "".join([*map(self._changed, rest), end])),
            "of another home": ("foreign", foreign),
            "no signed lines": ("unreadable", "".join([*("x,y\n" for __ in rest), end])),
        }  # fmt: skip
        before = home.state()
        for name, (expected, text) in faults.items():
            path = self.folder / f"spoiled-{name.replace(' ', '-')}.jsonl"
            path.write_text(text, "utf-8")
            told = Counter(row["result"] for row in home.tried(*words, path, code=6))
            if home.state() != before:
                raise Spoiled(f"a file that was {name} changed {home.path.name}")
            if not told[expected] or set(told) - {expected, "cut_off", "unknown_key"}:
                raise Spoiled(f"a file that was {name} was told as {dict(told)}")
            self._say(f"  {name:<20} {dict(told)}, nothing changed")

    def _changed(self, line: str) -> str:
        row = json.loads(line)
        row["payload"] = ("f" if row["payload"][0] != "f" else "e") + row["payload"][1:]
        return json.dumps(row) + "\n"

    def _signed_by_stranger(self, lines: list[str], end: str) -> Iterator[str]:
        signer = signer_of(self.stranger)
        for line in [*lines, end]:
            text = json.loads(line)["payload"]
            yield signer.line(urlsafe_b64decode(text + "=" * (-len(text) % 4))) + "\n"

    def _arrive(self, home: Home, words: list[str], sound: Path, expected: str) -> None:
        """The messages come in two files, late and early mixed, some twice; then all again."""
        lines = sound.read_text("utf-8").splitlines(keepends=True)
        end, rest = lines[-1], lines[:-1]
        messages = [*rest, *self.chance.sample(rest, max(1, len(rest) // 10))]
        self.chance.shuffle(messages)
        half = len(messages) // 2
        # A file that says how many rows it has cannot be two: what is missing is told, and the
        # rest of it is taken on purpose.
        results: Counter[str] = Counter()
        for number, part in enumerate((messages[half:], messages[:half])):
            path = self.folder / f"{sound.stem}-{number}.jsonl"
            path.write_text("".join([*part, end]), "utf-8")
            told = home.rows(*words, "--partial", path, code=6)
            results.update(row["result"] for row in told)
        if results[expected] != len(rest):
            raise Spoiled(f"of {len(rest)} messages {dict(results)} in {home.path.name}")
        after = home.state()
        again = Counter(row["result"] for row in home.tried(*words, sound))
        if set(again) != {"duplicate"} or home.state() != after:
            raise Spoiled(f"the same file again was told as {dict(again)}")
        self._say(f"  in {home.path.name}: {dict(results)}; again: {dict(again)}")

    # -- the work ---------------------------------------------------------------------------

    def _work(self) -> None:
        """The department returns some, and answers the rest from a sheet, by grant or refusal."""
        listed = json.loads(self.office("referral", "list", "--format", "json", operator="clerk"))
        numbers = sorted(row["referral_no"] for row in listed)
        returned = self.chance.sample(numbers, max(1, len(numbers) // 50))
        for number in returned:
            self.office("referral", "return", number, "--reason", "B02", "--note", "a paper lacks",
                        operator="clerk")  # fmt: skip
        sheet = self.folder / "answers.csv"
        with sheet.open("w", encoding="gb18030", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["转办单号", "结果", "金额(元)", "原因代码", "依据"])
            for number in numbers:
                if number not in returned:
                    grants = self.chance.random() < 0.7
                    words = ["同意救助", "123.45", ""] if grants else ["不予救助", "", "R12"]
                    rows.writerow([number, *words, "example"])
        told = Counter(
            row["result"] for row in self.office.rows("feedback", "import", sheet, operator="clerk")
        )
        if told != {"applied": len(numbers) - len(returned)}:
            raise Spoiled(f"the sheet was told as {dict(told)}")
        again = self.office.rows("feedback", "import", sheet, operator="clerk")
        if {row["result"] for row in again} != {"duplicate"}:
            raise Spoiled("the same sheet again was not known")
        self._say(f"{len(returned)} returned, {told['applied']} answered from a sheet")

    def _confirm(self) -> None:
        """The window confirms some answers, sends one back, and sends returned ones out again."""
        states = dict(self.county.ask("SELECT referral_no, state FROM referral"))
        answered = sorted(no for no, state in states.items() if state == "fed_back")
        unclear, confirmed = answered[0], answered[1 : 1 + max(1, len(answered) // 20)]
        self.county("referral", "clarify", unclear, "--note", "which month?", operator="window")
        for number in confirmed:
            self.county("referral", "complete", number, operator="window")
        for number in sorted(no for no, state in states.items() if state == "returned"):
            self.county("referral", "redispatch", number, "--note", "added", operator="window")
        self._say(f"{len(confirmed)} confirmed, 1 sent back, the returned ones sent again")

    def _compare(self, sent: int) -> None:
        """Both homes hold each referral in the same state, by the same moves in the same order."""
        own = self.county.ask(_MOVES.format(number="r.referral_no", more=""))
        other = self.office.ask(
            _MOVES.format(number="t.origin_no", more="JOIN taken_referral t USING (referral_no)")
        )
        if own != other:
            raise Spoiled(f"the moves differ: {set(own) ^ set(other)}")
        if len({row[0] for row in own}) != sent:
            raise Spoiled(f"{sent} were sent, and {len({row[0] for row in own})} are held")
        for home in (self.county, self.office):
            home("journal", "verify")
        moved = Counter(row[1] for row in own)
        print("\nverb          moves in both homes")
        for verb, count in moved.most_common():
            print(f"{verb:<14}{count:>19}")


_MOVES = """
SELECT {number}, m.verb, m.from_state, m.to_state, m.reason_code,
       (SELECT COUNT(*) FROM referral_move e WHERE e.referral_no = m.referral_no AND e.id < m.id)
FROM referral_move m JOIN referral r USING (referral_no) {more}
ORDER BY 1, 6
"""


def signer_of(home: Home) -> Signer:
    """Signs as a home does."""
    ((key,),) = home.ask("SELECT key_id FROM handover_key WHERE department IS NULL")
    return Signer(home.path / "keys", key)


def dispatched(path: Path, files: Path, referrals: int) -> int:
    """As many referrals of one department, of as many families as that takes; how many."""
    from datetime import date

    from yimen.core.casework.check import check_application
    from yimen.core.casework.dispatch import dispatch
    from yimen.core.casework.intake import open_application, parse_answer
    from yimen.core.casework.operators import sit_down
    from yimen.core.casework.papers import Papers
    from yimen.core.rules.catalogue import load_catalogue
    from yimen.core.store.home import open_home

    day = date.fromisoformat(TODAY)
    home = open_home(path, today=day)
    desk, catalogue = sit_down(home), load_catalogue(path / "cache")
    scan = ("signed.txt", "0" * 64)
    papers = Papers(
        files={"authorisation": scan, "pledge": scan}, signed_on=day,
        expires_on=day.replace(year=day.year + 1),
    )  # fmt: skip
    said = ("other_income_year=0", "deductible_year=0", "civil.emergency_event=NONE")
    answers = [parse_answer(catalogue, text) for text in said]
    own = [p for p in catalogue.programmes.values() if p.department == DEPARTMENT]
    of_household = [p.programme for p in own if p.unit == "household"]
    sent = 0
    with (files / "civil.hukou.csv").open(encoding="utf-8-sig", newline="") as file:
        heads = [row["身份证号"] for row in csv.DictReader(file) if row["与户主关系"] == "户主"]
    for head in heads:
        taken = open_application(desk, catalogue, head, papers=papers, answers=answers)
        if taken.state != "accepted":
            continue
        check_application(desk, catalogue, taken.application_no)
        left = referrals - sent
        only = [p.programme for p in own] if left > 40 else of_household[:left]
        sent += len(dispatch(desk, catalogue, taken.application_no, only=only).referrals)
        if sent >= referrals:
            break
    home.close()
    if sent < referrals:
        raise Spoiled(f"only {sent} referrals could be dispatched")
    return sent


if __name__ == "__main__":
    sys.exit(main())
