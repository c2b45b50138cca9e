"""A county in the middle of its day: families at several stages, overlaps found, a purchase.

Each worker walks there once, and each file of tests gets a copy.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from yimen.core.clock import Clock

if TYPE_CHECKING:
    from conftest import Runner

TODAY = date(2026, 11, 20)
ELIGIBLE, REFUSED, UNKNOWN = "A2026-00001", "A2026-00002", "A2026-00003"


@contextmanager
def half_past_nine() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Clock, "now", lambda self: f"{self.today()}T09:30:00+08:00")
        yield


@pytest.fixture(scope="module")
def one_moment() -> Iterator[None]:
    """All that happens in this file happens at half past nine, so that screens stay the same."""
    with half_past_nine():
        yield


@pytest.fixture(scope="session")
def _pristine_working_home(
    tmp_path_factory: pytest.TempPathFactory, _pristine_loaded_home: Path, truth: Any
) -> Path:
    from conftest import PAPERLESS_ANSWERS, Runner, plain_environment

    folder = tmp_path_factory.mktemp("screens")
    home = Path(shutil.copytree(_pristine_loaded_home, folder / "home"))
    paper = folder / "signed.txt"
    paper.write_text("signed\n", "utf-8")
    with plain_environment(), half_past_nine():
        yimen = Runner(home, operator="window")
        papers = ["--authorisation", paper, "--pledge", paper]
        for answer in PAPERLESS_ANSWERS:
            papers += ["--answer", answer]
        for story in ("eligible", "refused"):
            yimen("intake", truth["stories"][story]["id_number"], "--no-ask", *papers)
        yimen("intake", truth["stories"]["unknown"]["id_number"], "--no-ask")
        yimen("check", ELIGIBLE)
        yimen("check", REFUSED)
        yimen("dispatch", ELIGIBLE)
        civil = yimen.acting_as("civil")
        mine = [r for r in civil.json("referral", "list") if r["department"] == "civil"]
        civil("referral", "receive", mine[0]["referral_no"])
        civil("referral", "accept", mine[0]["referral_no"])
        _answered_by_its_own_system(home, mine[0]["referral_no"])
        civil("referral", "receive", mine[1]["referral_no"])
        civil("referral", "return", mine[1]["referral_no"], "--reason", "B02",
              "--note", "one paper is missing")  # fmt: skip
        Runner(home)("screen")
        purchased(Runner(home), paper)
    return home


@pytest.fixture(scope="module")
def working_home(
    tmp_path_factory: pytest.TempPathFactory, _pristine_working_home: Path, one_moment: None
) -> Path:
    """A county in the middle of its day: three families at three stages, and overlaps found."""
    copy = tmp_path_factory.mktemp("working") / "home"
    return Path(shutil.copytree(_pristine_working_home, copy))


def _answered_by_its_own_system(path: Path, referral_no: str) -> None:
    """The bureau grants without a word of its handling, which this home then shows as open."""
    from yimen.core.casework.operators import sit_down
    from yimen.core.casework.referral import decide_elsewhere
    from yimen.core.rules.catalogue import load_catalogue
    from yimen.core.store.home import open_home

    home = open_home(path, today=TODAY)
    desk = sit_down(home, acting_as="civil")
    decide_elsewhere(
        desk, load_catalogue(path / "cache"), referral_no, outcome="granted", amount_fen=50000,
        basis="SAL §33",
    )  # fmt: skip
    home.close()


def purchased(yimen: Runner, paper: Path) -> None:
    """One purchase whose first visit is delivered and accepted, and one that is only planned."""
    yimen("purchase", "plan", "Visits at home", "--line", "A1=10")
    yimen("purchase", "demand", "G2026-00001", "--asked", "forms", "--answers", 40)
    yimen("purchase", "budget", "G2026-00001", "800.00", "--fund", "work", "--document", "no. 12",
          "--indicator", "on time=40", "--indicator", "satisfaction=60")  # fmt: skip
    yimen("purchase", "method", "G2026-00001", "below_limit")
    yimen("purchase", "contract", "G2026-00001", "--supplier", "Sunshine", "--supplier-code",
          "52370499MJ0000001E", "--line", "A1=10@79.50", "--from", "2026-11-20",
          "--to", "2027-11-19", "--paper", paper)  # fmt: skip
    yimen("purchase", "order", "G2026-00001", "A1=4", "--household", "H0000012")
    yimen("purchase", "deliver", "D2026-00001", "--quantity", 4, "--received-by", "a neighbour",
          "--paper", paper)  # fmt: skip
    yimen("purchase", "order", "G2026-00001", "A1=2", "--household", "H0000035")
    yimen("purchase", "plan", "Talks", "--line", "B3=2")
