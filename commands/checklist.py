"""`yimen checklist`: what is open on a desk, and the steps of one case, shown and worked."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yimen.commands.given import CODE, NUMBER, WORDS
from yimen.commands.options import (
    DAY,
    listing_options,
    print_listing,
    print_record,
    record_format,
)
from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _

if TYPE_CHECKING:
    from yimen.core.checklist_records import StepView

SUBJECT = click.argument("subject", type=NUMBER, metavar="NO")
CHECKLIST = click.argument("checklist", type=CODE, metavar="LIST")
STEP = click.argument("step", type=CODE, metavar="STEP")
QUIT = frozenset({"q", "quit", "退出"})


@click.group("checklist", help=_("List, show and work the steps of a case."))
def command() -> None:
    pass


@command.command("list", help=_("What is open on your desk; with a number, a case's lists."))
@click.argument("subject", type=NUMBER, metavar="[NO]", required=False)
@click.option("--before", type=DAY, help=_("Only what is due before this day."))
@listing_options
@pass_session
def list_(
    session: Session, subject: str | None, before: date | None, fmt: str, columns: str | None
) -> None:
    import msgspec

    from yimen.core.casework.checklists import views
    from yimen.core.casework.checklists.worklist import worklist
    from yimen.core.render.listing import Column
    from yimen.core.words.roles import who_name
    from yimen.core.words.work import step_state_name

    desk, catalogue = session.desk, session.catalogue
    if subject is not None:
        lines = views.subject_lists(desk, catalogue, subject)
        shape = [
            Column("subject", "number"), Column("checklist", "list"), Column("name", "name"),
            Column("done", "done", "integer"), Column("needed", "steps", "integer"),
            Column("overdue", "overdue", "integer"), Column("next_step", "next step"),
            Column("due_on", "due"),
        ]  # fmt: skip
        print_listing((msgspec.to_builtins(line) for line in lines), shape, fmt, columns)
        return
    found = worklist(desk, catalogue, before=before)
    shape = [
        Column("subject", "number"), Column("checklist", "list"), Column("step", "step"),
        Column("who", "whose", words=who_name),
        Column("state", "state", words=step_state_name), Column("due_on", "due"),
        Column("provisional", "provisional"), Column("household_no", "household"),
    ]  # fmt: skip
    print_listing((msgspec.to_builtins(step) for step in found.steps), shape, fmt, columns)
    if found.with_county:
        words = _("{n} more open steps stand with the county.")
        click.echo(words.format(n=found.with_county), err=True)


@command.command("show", help=_("One list step by step: state, limit, law, and what is recorded."))
@SUBJECT
@click.argument("checklist", type=CODE, metavar="[LIST]", required=False)
@record_format
@pass_session
def show(session: Session, subject: str, checklist: str | None, fmt: str) -> None:
    from yimen.core.casework.checklists.views import checklist_view

    view = checklist_view(session.desk, session.catalogue, subject, checklist)

    def text() -> list[str]:
        from yimen.core.documents.checklist_text import checklist_text

        return list(checklist_text(view))

    print_record(view, fmt, text)


@command.command("done", help=_("Tick a step, with its answer, its paper and the other person."))
@SUBJECT
@CHECKLIST
@STEP
@click.option("--answer", type=CODE, metavar="YES|NO", help=_("The answer, where the step asks."))
@click.option(
    "--evidence", multiple=True, type=click.Path(path_type=Path), metavar="FILE",
    help=_("The scan of the paper; its name and hash are kept."),
)  # fmt: skip
@click.option(
    "--with", "second", type=CODE, metavar="OPERATOR", help=_("The other person of a visit.")
)
@click.option("--on", type=DAY, help=_("The day it was done, where it is recorded later."))
@click.option("--note", type=WORDS, default="", help=_("A note."))
@pass_session
def done(
    session: Session,
    subject: str,
    checklist: str,
    step: str,
    answer: str | None,
    evidence: tuple[Path, ...],
    second: str | None,
    on: date | None,
    note: str,
) -> None:
    from yimen.core.casework.checklists.acts import do_step
    from yimen.core.casework.checklists.walk import yes_or_no
    from yimen.core.casework.papers import hashed
    from yimen.core.checklist_records import Evidence

    papers = [Evidence(name=name, sha256=digest) for name, digest in map(hashed, evidence)]
    view = do_step(
        session.desk,
        session.catalogue,
        subject,
        checklist,
        step,
        answer=None if answer is None else yes_or_no(answer),
        evidence=papers,
        second=second,
        note=note,
        on=on,
    )
    _tell(view)


@command.command("skip", help=_("Leave a step out, where its list allows that."))
@SUBJECT
@CHECKLIST
@STEP
@click.option("--reason", type=WORDS, required=True, help=_("Why it is left out; it is kept."))
@pass_session
def skip(session: Session, subject: str, checklist: str, step: str, reason: str) -> None:
    from yimen.core.casework.checklists.acts import skip_step

    desk, catalogue = session.desk, session.catalogue
    _tell(skip_step(desk, catalogue, subject, checklist, step, note=reason))


@command.command("undo", help=_("Take a tick back; what was recorded stays readable."))
@SUBJECT
@CHECKLIST
@STEP
@click.option("--reason", type=WORDS, required=True, help=_("Why it is taken back; it is kept."))
@pass_session
def undo(session: Session, subject: str, checklist: str, step: str, reason: str) -> None:
    from yimen.core.casework.checklists.acts import undo_step

    desk, catalogue = session.desk, session.catalogue
    _tell(undo_step(desk, catalogue, subject, checklist, step, note=reason))


def _tell(view: StepView) -> None:
    from yimen.core.words.work import step_state_mark, step_state_name

    click.echo(f"{step_state_mark(view.state)} {view.step}: {step_state_name(view.state)}")


@command.command("run", help=_("Go through the open steps one question at a time."))
@SUBJECT
@click.argument("checklist", type=CODE, metavar="[LIST]", required=False)
@pass_session
def run(session: Session, subject: str, checklist: str | None) -> None:
    from yimen.core.casework.checklists.walk import Walk
    from yimen.core.errors import YimenError
    from yimen.core.identity import mask_ids_in
    from yimen.core.render.safe import terminal_safe

    walk = Walk(session.desk, session.catalogue, subject, checklist)
    click.echo(f"{walk.subject} {walk.view().name}")
    click.echo(_("Every answer is kept; q stops."))
    if walk.resumed:
        click.echo(_("Going on where it stopped."))
        for line in walk.kept():
            click.echo(terminal_safe(line))
    while True:
        prompt = walk.next()
        for line in walk.told():
            click.echo(terminal_safe(line))
        if prompt is None:
            break
        text = f"{prompt.step.step}: {terminal_safe(prompt.text)}"
        said = click.prompt(text, default="", show_default=False)
        if said.strip().lower() in QUIT:
            click.echo(_("Stopped; `yimen checklist run {no}` goes on.").format(no=walk.subject))
            return
        try:
            walk.give(prompt, said)
        except YimenError as error:
            click.echo(mask_ids_in(terminal_safe(str(error))))
    steps = walk.view().steps
    left = [step.step for step in steps if step.state in ("open", "overdue", "blocked")]
    finished = sum(step.state == "done" for step in steps)
    click.echo(_("Done {n}; left: {steps}.").format(n=finished, steps=", ".join(left) or _("none")))
