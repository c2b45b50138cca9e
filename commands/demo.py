"""`yimen demo`: the whole chain told on an invented county, in the very commands a clerk types."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sys
import tempfile
from collections.abc import Mapping
from contextlib import redirect_stdout
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import click

from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _

HOUSEHOLDS = 300
SEED = 1


@click.command("demo", help=_("Make an invented county and walk three families through the chain."))
@click.argument("directory", metavar="[DIR]", type=click.Path(path_type=Path), required=False)
@click.option(
    "--households",
    type=click.IntRange(60),
    default=HOUSEHOLDS,
    show_default=True,
    help=_("How many households."),
)
@pass_session
def command(session: Session, directory: Path | None, households: int) -> int:
    folder = directory or Path(tempfile.mkdtemp(prefix="yimen-demo-"))
    return Story(folder, session).tell(households)


class Story:
    """Types commands into a fresh home and shows what each one answers."""

    def __init__(self, folder: Path, session: Session) -> None:
        self.folder = folder
        self.run = session.run
        self.today = session.today_words
        self.home = folder / "home"
        self.seated: set[str] = set()

    def tell(self, households: int) -> int:
        """The story from an empty folder to the departments' answers; the exit code."""
        county = self.folder / "county"
        os.environ["YIMEN_HOME"] = str(self.home)
        self.say(_("1. A county: register files are loaded, and operators begin to work"))
        self.type("synth", county, "--households", households, "--seed", SEED)
        self.type("init", "--synthetic")
        self.type("source", "load", "--all", county, "--columns", "source,as_of,rows,rejected")
        self.type("operator", "add", "window", "--name", _("Wang at the window"),
                  "--role", "county")  # fmt: skip
        for department in ("civil", "education", "medical"):
            self._seat(department)
        stories = {
            s["story"]: s for s in json.loads((county / "truth.json").read_text())["stories"]
        }
        paper = self.folder / "signed.txt"
        paper.write_text(_("Scan of the signed authorisation and pledge.") + "\n", "utf-8")
        self._eligible(stories["eligible"], paper)
        self._refused(stories["refused"], paper)
        self._unknown(stories["unknown"], paper)
        self.say(_("5. What the county sees"))
        self.type("screen", "--flags")
        self.type("overlaps", "list")
        self.type("journal", "verify")
        self._next(stories["eligible"])
        return 0

    def _eligible(self, story: Mapping[str, Any], paper: Path) -> None:
        self.say(_("2. A family that has fallen ill: one ID card, one check, every kind of help"))
        self.type("query", story["id_number"], operator="window")
        self.type("intake", story["id_number"], operator="window")
        number = self._application(story)
        self.type("intake", number, *self._papers(paper), operator="window")
        self.type("check", number, operator="window")
        self.type("dispatch", number, operator="window")
        # Dibao last: its notice hangs for seven days, and the story's clock goes only forward.
        for referral in sorted(
            self._referrals(number), key=lambda sent: str(sent["programme"]) == "CIV-DB"
        ):
            self._answer(referral, paper)
        self.type("feedback", number, operator="window")

    def _handle(self, number: str, paper: Path) -> None:
        """The steps that a grant of dibao waits for: a survey by two, a notice, a look at it."""
        self.say(_("What a grant waits for: a survey by two persons, and a notice of seven days"))
        done, scan = ("checklist", "done", number, "handle"), ("--evidence", paper)
        self.type(*done, "relatives", "--answer", "no", operator="window")
        self.type(*done, "survey", *scan, "--with", "civil", operator="window")
        for step in ("opinion", "post_notice"):
            self.type(*done, step, *scan, operator="window")
        today = date.fromisoformat(self.today[-1]) if self.today else date.today()
        self.today = ["--today", (today + timedelta(days=10)).isoformat()]
        self.type(*done, "send_up", *scan, operator="window")
        self.type(*done, "doubt", "--answer", "no", operator="civil")

    def _answer(self, referral: Mapping[str, Any], paper: Path) -> None:
        """The department signs, takes it on and grants; the window confirms."""
        number, department = referral["referral_no"], referral["department"]
        self._seat(department)
        self.type("referral", "receive", number, operator=department)
        self.type("referral", "accept", number, operator=department)
        if referral["programme"] == "CIV-DB":
            self._handle(number, paper)
        amount = self._proposal(number)
        given = ["--amount", amount] if amount else []
        self.type("referral", "decide", number, "granted", *given, "--basis", "SAL",
                  operator=department)  # fmt: skip
        self.type("referral", "complete", number, operator="window")

    def _seat(self, department: str) -> None:
        """An operator of a department, who begins to work when there is something to do."""
        if department not in self.seated:
            self.seated.add(department)
            self.type("operator", "add", department, "--name", _("An officer there"),
                      "--role", "department", "--department", department)  # fmt: skip

    def _refused(self, story: Mapping[str, Any], paper: Path) -> None:
        self.say(_("3. A family with a car and savings: a reasoned no, given by the department"))
        self.type("intake", story["id_number"], *self._papers(paper), operator="window")
        number = self._application(story)
        self.type("check", number, operator="window")
        self.type("dispatch", number, "--programme", "CIV-DB", operator="window")
        for referral in self._referrals(number):
            no = referral["referral_no"]
            self.type("referral", "receive", no, operator="civil")
            self.type("referral", "accept", no, operator="civil")
            self.type("referral", "decide", no, "refused", "--reason", "R02",
                      "--basis", "SAL §23", operator="civil")  # fmt: skip
            self.type("referral", "complete", no, operator="window")
        self.type("feedback", number, operator="window")

    def _unknown(self, story: Mapping[str, Any], paper: Path) -> None:
        self.say(_("4. A family nobody can judge yet: unknown is never a no"))
        self.type("intake", story["id_number"], *self._papers(paper), operator="window")
        number = self._application(story)
        self.say(
            _("The officer learns where the grown child lives; the wife's wages stay unknown:")
        )
        result = self._json("query", story["id_number"])
        members = {m["relation"]: m["member_no"] for m in result["household"]["members"]}
        child = members.get("20") or members.get("30")
        self.type("intake", number, "--answer", f"{child}:civil.lives_together=yes",
                  operator="window")  # fmt: skip
        self.type("check", number, operator="window")

    # -- the stage --------------------------------------------------------------------------

    def say(self, words: str) -> None:
        """A line of the narrator."""
        click.echo(f"\n# {words}")

    def type(self, *words: object, operator: str | None = None) -> None:
        """Shows a command as a person would type it, and runs it."""
        from yimen.core.errors import YimenError

        given = [*self.today, *(["--as", operator] if operator else []), *map(str, words)]
        shown = shlex.join(given).replace(str(self.folder), "$DEMO")
        click.echo(f"\n$ yimen {shown}")
        if code := self.run(given):
            raise YimenError(
                _("The demo stopped at this command, with exit code {code}.").format(code=code)
            )

    def _json(self, *words: str) -> Any:
        """The result of a command in its published shape, not shown."""
        answer = StringIO()
        with redirect_stdout(answer):
            self.run([*self.today, *words, "--format", "json"])
        return json.loads(answer.getvalue())

    def _application(self, story: Mapping[str, Any]) -> str:
        return str(self._json("query", story["id_number"])["applications"][-1]["application_no"])

    def _referrals(self, number: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._json("referral", "list", "--application", number)
        return found

    def _proposal(self, number: str) -> str:
        from yimen.core.money import format_yuan

        fen = self._json("referral", "show", number)["proposal"]["amount_fen"]
        return "" if fen is None else format_yuan(fen)

    def _papers(self, paper: Path) -> list[str]:
        answers = ("civil.other_income_year=0", "civil.deductible_year=0",
                   "civil.emergency_event=NONE")  # fmt: skip
        given = ["--authorisation", str(paper), "--pledge", str(paper)]
        return [*given, *(word for answer in answers for word in ("--answer", answer))]

    def _next(self, story: Mapping[str, Any]) -> None:
        self.say(_("Now you. Copy these lines:"))
        today = " ".join(["", *self.today])
        click.echo(f"export DEMO={self.folder}")
        click.echo("export YIMEN_HOME=$DEMO/home")
        if shutil.which("yimen") is None:
            click.echo(f"export PATH={Path(sys.argv[0]).resolve().parent}:$PATH")
        for line in (
            f"household show {story['household_no']}",
            f"query {story['id_number']} --unmask",
            "programme show CIV-DB",
            "standard list",
            "referral list",
            "check --household H0000035",
            "journal show --last 10",
            "doctor",
        ):
            click.echo(f"yimen{today} {line}")
