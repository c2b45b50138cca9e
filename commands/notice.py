"""`yimen notice`: public notices put up, objected to and taken down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from yimen.commands.given import CODE, NUMBER, WORDS, YUAN
from yimen.commands.options import listing_options, print_listing
from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _

if TYPE_CHECKING:
    from yimen.core.checklist_records import StepView


@click.group("notice", help=_("Put up, list and take down public notices."))
def command() -> None:
    pass


@command.command("kinds", help=_("Every kind: its programmes, its days, what it shows, its law."))
@listing_options
def kinds(fmt: str, columns: str | None) -> None:
    from yimen.core.casework.notice_kinds import notice_table
    from yimen.core.documents.letter import limit_words
    from yimen.core.documents.lists import law_of
    from yimen.core.documents.public_notice import field_title
    from yimen.core.render.listing import Column

    rows = [
        {
            "kind": kind.kind,
            "name": kind.names.text(),
            "posted": kind.posted,
            "period": limit_words(kind.period) if kind.period else None,
            "programmes": kind.programmes,
            "shows": [field_title(name) for name in kind.show] if fmt == "table" else kind.show,
            "basis": law_of(kind.basis),
        }
        for kind in notice_table().kinds
    ]
    shape = [
        Column("kind", "kind"), Column("name", "name"), Column("posted", "made public", "boolean"),
        Column("period", "period"), Column("programmes", "programmes"), Column("shows", "shows"),
        Column("basis", "basis"),
    ]  # fmt: skip
    print_listing(rows, shape, fmt, columns)


@command.command("post", help=_("Put a notice up today, for one referral or several as one list."))
@click.argument("kind", type=CODE, metavar="KIND")
@click.argument("referral_nos", type=NUMBER, metavar="REFERRAL...", nargs=-1, required=True)
@click.option(
    "--place", type=WORDS, required=True, help=_("Where it hangs, such as the village board.")
)
@click.option("--care-form", type=CODE, metavar="CODE", multiple=True,
              help=_("For the destitute: home or institution, once or for each."))  # fmt: skip
@click.option(
    "--cause",
    type=CODE,
    multiple=True,
    metavar="CODE",
    help=_("For emergency aid: the class of its cause; a wrong one lists them."),
)
@click.option(
    "--class",
    "school_class",
    type=WORDS,
    metavar="CLASS",
    multiple=True,
    help=_("For student aid: the class."),
)
@click.option("--amount", "amounts", type=YUAN, multiple=True, metavar="YUAN",
              help=_("The proposed amount, where no rule computes it."))  # fmt: skip
@pass_session
def post(
    session: Session,
    kind: str,
    referral_nos: tuple[str, ...],
    place: str,
    care_form: tuple[str, ...],
    cause: tuple[str, ...],
    school_class: tuple[str, ...],
    amounts: tuple[str, ...],
) -> None:
    from yimen.core.casework import notices
    from yimen.core.casework.checklists.views import steps_of_notice
    from yimen.core.documents.checklist_text import assumed_words
    from yimen.core.money import parse_yuan

    line = notices.post(
        session.desk,
        session.catalogue,
        kind,
        referral_nos,
        place=place,
        care_form=care_form,
        cause_class=cause,
        school_class=school_class,
        amount_fen=[parse_yuan(amount) for amount in amounts],
    )
    click.echo(
        _("Notice {no} hangs until {day}. Print it: `yimen print notice {no}`.").format(
            no=line.notice_no, day=line.last_day
        )
    )
    if assumed := notices.assumed_period(session.desk, session.catalogue, line.kind):
        click.echo(assumed_words(assumed), err=True)
    for number in referral_nos:
        for step in steps_of_notice(session.desk, session.catalogue, number, line.kind):
            _tell_step(number, step)


def _tell_step(referral_no: str, step: StepView) -> None:
    """Says that the notice has done a step of the handling, or why it has not."""
    from yimen.core.words.work import condition_name

    where = f"{referral_no} {step.step}"
    if step.state == "done":
        click.echo(_("{step} is done by it.").format(step=where), err=True)
        return
    first = ", ".join(map(condition_name, step.blocked_by))
    words = _("{step} is not done by it; first must come: {steps}.")
    click.echo(words.format(step=where, steps=first or "-"), err=True)
    words = _("What was done before the notice is recorded with its day, `--on`; else put up anew.")
    click.echo(words, err=True)


@command.command("object", help=_("Record an objection against a notice that hangs."))
@click.argument("notice_no", type=NUMBER, metavar="NOTICE")
@click.option("--note", type=WORDS, required=True, help=_("What is objected."))
@click.option(
    "--referral", type=NUMBER, metavar="REFERRAL", help=_("Of a list: against which family.")
)
@pass_session
def object_(session: Session, notice_no: str, note: str, referral: str | None) -> None:
    from yimen.core.casework import notices

    line = notices.object_to(session.desk, notice_no, note=note, referral_no=referral)
    click.echo(_("Notice {no}: {n} objections.").format(no=line.notice_no, n=line.objections))


@command.command("strike-off", help=_("Take one family off a list that hangs; print it anew."))
@click.argument("notice_no", type=NUMBER, metavar="NOTICE")
@click.argument("referral_no", type=NUMBER, metavar="REFERRAL")
@click.option("--note", type=WORDS, required=True, help=_("Why it is taken off."))
@pass_session
def strike_off(session: Session, notice_no: str, referral_no: str, note: str) -> None:
    from yimen.core.casework import notices

    line = notices.strike_off(session.desk, notice_no, referral_no, note=note)
    click.echo(
        _("Notice {no} lists {n} families now. Print it: `yimen print notice {no}`.").format(
            no=line.notice_no, n=line.families
        )
    )


@command.command("take-down", help=_("Record that a notice was taken down today."))
@click.argument("notice_no", type=NUMBER, metavar="NOTICE")
@click.option("--note", type=WORDS, default="", help=_("Why, where it is before its last day."))
@pass_session
def take_down(session: Session, notice_no: str, note: str) -> None:
    from yimen.core.casework import notices

    line = notices.take_down(session.desk, notice_no, note=note)
    click.echo(_("Notice {no} is taken down.").format(no=line.notice_no))


@command.command("list", help=_("Notices in your scope; overdue ones hang past their last day."))
@click.option("--overdue", is_flag=True, help=_("Only those to be taken down."))
@click.option("--kind", type=CODE, metavar="KIND", help=_("Only of this kind."))
@listing_options
@pass_session
def list_(session: Session, overdue: bool, kind: str | None, fmt: str, columns: str | None) -> None:
    import msgspec

    from yimen.core.casework.notice_kinds import kind_name
    from yimen.core.casework.notice_reading import notice_lines
    from yimen.core.render.listing import Column
    from yimen.core.words.papers import notice_state_name

    shape = [
        Column("notice_no", "notice"), Column("kind", "kind", words=kind_name),
        Column("application_no", "application"), Column("referral_no", "referral"),
        Column("programme", "programme"), Column("families", "families", "integer"),
        Column("gone", "struck off", "integer"), Column("division", "division"),
        Column("posted_on", "posted on"), Column("last_day", "last day"),
        Column("provisional", "provisional", "boolean"),
        Column("state", "state", words=notice_state_name),
        Column("objections", "objections", "integer"), Column("place", "place"),
    ]  # fmt: skip
    lines = notice_lines(session.desk, overdue=overdue, kind=kind)
    print_listing(map(msgspec.to_builtins, lines), shape, fmt, columns)
