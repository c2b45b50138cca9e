"""Two homes that know each other's keys: a county that dispatched, and a department's own."""

from __future__ import annotations

import json
import shutil
import sqlite3
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from yimen.core.signatures import Signer

if TYPE_CHECKING:
    from conftest import Runner

NOW = "2026-11-20T10:00:00+08:00"


@dataclass
class Pair:
    """The two homes in one folder; `numbers` are the county's referrals to civil affairs."""

    folder: Path
    numbers: list[str]

    @property
    def county(self) -> Runner:
        """The home that dispatched."""
        from conftest import Runner

        return Runner(self.folder / "county")

    @property
    def office(self) -> Runner:
        """The home of the civil affairs bureau."""
        from conftest import Runner

        return Runner(self.folder / "office")

    @property
    def clerk(self) -> Runner:
        """An officer of the bureau, in its own home."""
        return self.office.acting_as("clerk")

    def sent(self, *more: str) -> Path:
        """A batch of what the county has not told the bureau yet."""
        return self._written(self.county, "out", "referral", "export", "--department", "civil",
                             *more)  # fmt: skip

    def answered(self, *more: str) -> Path:
        """A batch of what the bureau has not told the county yet."""
        return self._written(self.office, "back", "feedback", "export", *more)

    def _written(self, home: Runner, folder: str, *words: str) -> Path:
        before = set((self.folder / folder).glob("*.jsonl"))
        home(*words, "--to", self.folder / folder)
        (path,) = set((self.folder / folder).glob("*.jsonl")) - before
        return path

    def taken(self) -> None:
        """The bureau has the county's referrals in its inbox."""
        self.office("referral", "take", self.sent())

    def state(self, number: str, home: Runner | None = None) -> str:
        """A referral's state in the county, or in another home under that home's number."""
        return str((home or self.county).json("referral", "show", number)["state"])

    def home_id(self, home: Runner) -> str:
        """A home's own name towards others."""
        return str(rows(home, "SELECT value FROM home WHERE key = 'home_id'")[0][0])

    def signer(self, home: Runner) -> Signer:
        """Signs as a home does."""
        sql = "SELECT key_id FROM handover_key WHERE department IS NULL ORDER BY id DESC LIMIT 1"
        return Signer(home.home / "keys", rows(home, sql)[0][0])

    def move(self, number: str, sequence: int, verb: str, **more: Any) -> dict[str, Any]:
        """A message of the bureau's about one of the county's referrals."""
        sender = self.home_id(self.office)
        return {
            "kind": "move", "message_id": f"{sender}/{number}/{sequence}", "sequence": sequence,
            "sender": sender, "home_id": self.home_id(self.county), "referral_no": number,
            "verb": verb, "at": NOW, "officer": "Zhao", **more,
        }  # fmt: skip

    def batch(self, *messages: Mapping[str, Any], signer: Signer | None = None) -> Path:
        """Messages as a whole signed batch of the bureau's."""
        end = {"kind": "end", "batch": "b", "sender": "x", "rows": len(messages), "made_at": NOW}
        signs = signer or self.signer(self.office)
        path = self.folder / f"batch-{len(list(self.folder.glob('batch-*')))}.jsonl"
        lines = [signs.line(json.dumps(m).encode()) for m in (*messages, end)]
        path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
        return path

    def heard(self, *messages: Mapping[str, Any], code: int = 0) -> list[tuple[str, str]]:
        """What the county makes of messages of the bureau's: result and sentence of each."""
        told = self.county("feedback", "import", self.batch(*messages), "--format", "jsonl",
                           code=code)  # fmt: skip
        return [(row["result"], row["detail"]) for row in told.rows]


def rows(home: Runner, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """Rows of a home's casework, read beside the command line."""
    conn = sqlite3.connect(home.home / "casework.db")
    found = conn.execute(sql, values).fetchall()
    conn.close()
    return found


def spoilt(home: Runner) -> sqlite3.Connection:
    """A home's casework, for what a test must bring about and no command does."""
    return sqlite3.connect(home.home / "casework.db")


def kept(home: Runner) -> dict[str, Any]:
    """All that a message may change; that the clock is moved is journalled of every command."""
    tables = ("referral", "referral_move", "application", "benefit", "message", "taken_referral")
    acts = "SELECT action, subject, body FROM journal WHERE action NOT IN ('clock.moved',"
    return {t: rows(home, f"SELECT * FROM {t}") for t in tables} | {
        "journal": rows(home, f"{acts} 'operator.as')")
    }


def payloads(batch: Path) -> list[dict[str, Any]]:
    """The messages of a batch, without asking who signed them."""
    texts = [json.loads(line)["payload"] for line in batch.read_text("utf-8").splitlines()]
    return [json.loads(urlsafe_b64decode(t + "=" * (-len(t) % 4))) for t in texts]


@pytest.fixture(scope="session")
def _pristine_pair(
    tmp_path_factory: pytest.TempPathFactory,
    _pristine_loaded_home: Path,
    _pristine_empty_home: Path,
    truth: Any,
) -> Pair:
    from conftest import plain_environment

    folder = tmp_path_factory.mktemp("pair")
    shutil.copytree(_pristine_loaded_home, folder / "county")
    shutil.copytree(_pristine_empty_home, folder / "office")
    paper = folder / "signed.txt"
    paper.write_text("signed\n", "utf-8")
    pair = Pair(folder, [])
    with plain_environment():
        words = [w for a in ("other_income_year=0", "deductible_year=0", "emergency_event=NONE")
                 for w in ("--answer", f"civil.{a}")]  # fmt: skip
        number = pair.county.json(
            "intake", truth["stories"]["eligible"]["id_number"], "--no-ask",
            "--authorisation", paper, "--pledge", paper, *words,
        )["application_no"]  # fmt: skip
        pair.county("check", number)
        for line in pair.county.json("dispatch", number)["referrals"]:
            if line["department"] == "civil":
                pair.numbers.append(line["referral_no"])
        pair.office("operator", "add", "clerk", "--name", "Liu", "--role", "department",
                    "--department", "civil")  # fmt: skip
        for home in (pair.county, pair.office):
            home("department", "key", "make")
            shown = home("department", "key", "show").out
            (folder / f"{home.home.name}.pem").write_text(shown, "utf-8")
        for home, other in ((pair.county, "office"), (pair.office, "county")):
            home("department", "key", "add", folder / f"{other}.pem", "--department", "civil")
    return pair


@pytest.fixture
def pair(tmp_path: Path, _pristine_pair: Pair) -> Pair:
    """A county with two referrals to civil affairs, and that bureau's own home."""
    shutil.copytree(_pristine_pair.folder, tmp_path / "pair")
    return Pair(tmp_path / "pair", _pristine_pair.numbers)
