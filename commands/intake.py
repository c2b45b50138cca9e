"""`yimen intake`: opens an application, or adds to one, asking only what no register holds."""

from __future__ import annotations

import re
import sys
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yimen.commands.given import CODE, NUMBER
from yimen.commands.options import DAY, print_record, record_format, texts
from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _

if TYPE_CHECKING:
    from yimen.core.casework.intake import Answer
    from yimen.core.casework.papers import PaperKind, Papers
    from yimen.core.results import IntakeResult

APPLICATION = re.compile(r"[Aa]\d{4}-\d+\Z")


@click.command("intake", help=_("Open an application by ID number, or add to one by its number."))
@click.argument("subject", type=NUMBER, metavar="ID|APPLICATION")
@click.option(
    "--household",
    "household_no",
    type=NUMBER,
    metavar="NO",
    help=_("Which family, where people of several have the ID number."),
)
@click.option(
    "--authorisation",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=_("The signed authorisation to check the family's economic situation."),
)
@click.option(
    "--pledge",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=_("The signed pledge of truth."),
)
@click.option("--signed-on", type=DAY, help=_("Day of the signatures (today)."))
@click.option("--expires", type=DAY, help=_("Last day of the papers (one year)."))
@click.option(
    "--signed-by", type=NUMBER, multiple=True, metavar="MEMBER", help=_("Who signed (every adult).")
)
@click.option(
    "--scope",
    type=CODE,
    multiple=True,
    metavar="NAME",
    help=_("Sources opened and departments covered (all)."),
)
@click.option(
    "--for",
    "requested",
    type=NUMBER,
    multiple=True,
    metavar="PROGRAMME",
    help=_("A programme that the family asks for."),
)
@click.option(
    "--answer",
    "answers",
    type=CODE,
    multiple=True,
    metavar="[MEMBER:]FACT=VALUE",
    help=_("What the applicant declares; money in yuan."),
)
@click.option(
    "--counts", type=NUMBER, multiple=True, metavar="MEMBER", help=_("This member counts.")
)
@click.option(
    "--counts-not", type=NUMBER, multiple=True, metavar="MEMBER", help=_("This one does not count.")
)
@click.option("--add-member", "added", type=CODE, multiple=True, metavar="ID=RELATION",
              help=_("A member registered elsewhere, such as a spouse (10)."))  # fmt: skip
@click.option("--no-ask", is_flag=True, help=_("Do not ask, even at a terminal."))
@record_format
@pass_session
def command(
    session: Session,
    subject: str,
    household_no: str | None,
    authorisation: Path | None,
    pledge: Path | None,
    signed_on: date | None,
    expires: date | None,
    signed_by: tuple[str, ...],
    scope: tuple[str, ...],
    requested: tuple[str, ...],
    answers: tuple[str, ...],
    counts: tuple[str, ...],
    counts_not: tuple[str, ...],
    added: tuple[str, ...],
    no_ask: bool,
    fmt: str,
) -> None:
    from yimen.core.casework import composition, intake

    going_on = APPLICATION.match(subject) is not None
    if going_on and household_no is not None:
        raise click.UsageError(_("An application has its family; leave --household out."))
    desk, catalogue = session.desk, session.catalogue
    typed = [intake.parse_answer(catalogue, text) for text in answers]
    papers = _papers(session, authorisation, pledge, signed_on, expires, signed_by, scope)
    word = composition.Word(
        dict.fromkeys(counts, True) | dict.fromkeys(counts_not, False),
        [composition.find_added(desk, catalogue, text) for text in added],
    )
    register = (
        intake.continue_application
        if going_on
        else partial(intake.open_application, household_no=household_no)
    )
    number = subject
    asking = not no_ask and sys.stdin.isatty()
    result = register(
        desk,
        catalogue,
        number,
        papers=papers,
        answers=typed,
        word=word,
        requested=requested,
        tell=not asking,
    )
    if asking:
        result = _ask(session, result)
    print_record(result, fmt, lambda: texts().intake_text(result))


def _papers(
    session: Session,
    authorisation: Path | None,
    pledge: Path | None,
    signed_on: date | None,
    expires: date | None,
    signed_by: tuple[str, ...],
    scope: tuple[str, ...],
) -> Papers | None:
    from yimen.core.casework.papers import Papers, hashed, year_after

    given: dict[PaperKind, Path | None] = {"authorisation": authorisation, "pledge": pledge}
    files = {kind: hashed(path) for kind, path in given.items() if path is not None}
    if not files:
        return None
    signed = signed_on or session.home.clock.today()
    return Papers(
        files=files,
        signed_on=signed,
        expires_on=expires or year_after(signed),
        signed_by=list(signed_by),
        scope=list(scope) or ["*"],
    )


def _ask(session: Session, result: IntakeResult) -> IntakeResult:
    """Asks the open questions one by one; each answer is kept as it is given, Enter leaves one."""
    from yimen.core.casework import completion, intake
    from yimen.core.errors import BadInput
    from yimen.core.render.safe import terminal_safe

    left: set[tuple[str, str]] = set()
    number = result.application_no
    click.echo(
        _("Application {no}. Enter alone leaves a question open.").format(no=number), err=True
    )
    while True:
        open_questions = completion.questions(session.desk, session.catalogue, number)
        question = next((q for q in open_questions if (q.subject, q.fact) not in left), None)
        if question is None:
            return completion.settle(session.desk, session.catalogue, number)
        about = f"{terminal_safe(question.about)}: " if question.about else ""
        choices = ", ".join(f"{code} {name}" for code, name in question.codes.items())
        if question.type == "boolean":
            choices = _("yes or no")
        words = f"{about}{question.text}" + (f" [{choices}]" if choices else "")
        said = click.prompt(words, default="", show_default=False, err=True)
        if not said.strip():
            left.add((question.subject, question.fact))
            continue
        prefix = f"{question.subject}:" if question.about else ""
        try:
            answer: Answer = intake.parse_answer(
                session.catalogue, f"{prefix}{question.fact}={said}"
            )
        except BadInput as error:
            click.echo(str(error), err=True)
            continue
        result = intake.continue_application(
            session.desk, session.catalogue, number, answers=[answer], tell=False
        )
