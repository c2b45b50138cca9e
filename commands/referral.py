"""`yimen referral`: lists, shows and moves referrals."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, get_args

import click

from yimen.commands.given import CODE, NUMBER, WORDS, YUAN
from yimen.commands.handover import deliver, document, export_referrals, take
from yimen.commands.options import (
    listing_options,
    print_bulk,
    print_listing,
    print_record,
    record_format,
)
from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _
from yimen.core.records import ReferralState

if TYPE_CHECKING:
    from yimen.core.referral_records import Referral

STATES: tuple[str, ...] = get_args(ReferralState)

Option = Callable[[Callable[..., None]], Callable[..., None]]


@click.group("referral", help=_("List, show and move referrals."))
def command() -> None:
    pass


@command.command("list", help=_("Referrals in your scope, with what is due and late."))
@click.option("--department", type=CODE, metavar="NAME", help=_("Only this department's."))
@click.option("--state", type=click.Choice(STATES), metavar="STATE", help=_("Only in this state."))
@click.option(
    "--application", "application_no", type=NUMBER, metavar="NO", help=_("Only this application's.")
)
@listing_options
@pass_session
def list_(
    session: Session,
    department: str | None,
    state: str | None,
    application_no: str | None,
    fmt: str,
    columns: str | None,
) -> None:
    import msgspec

    from yimen.core.casework.referral import referral_lines
    from yimen.core.render.listing import Column
    from yimen.core.words.cases import state_name
    from yimen.core.words.referrals import clock_name, light_mark

    lines = referral_lines(
        session.desk,
        department=department,
        state=state,
        application_no=application_no,
    )
    shape = [
        Column("referral_no", "referral"), Column("application_no", "application"),
        Column("household_no", "household"), Column("member_no", "member"),
        Column("programme", "programme"), Column("department", "department"),
        Column("state", "state", words=state_name), Column("due_on", "due on"),
        Column("overdue", "overdue", "boolean"), Column("escalated", "escalated", "integer"),
        Column("provisional", "provisional", "boolean"), Column("clock", "clock", words=clock_name),
        Column("light", "light", words=light_mark), Column("statutory_on", "statutory limit"),
        Column("statutory_overdue", "past the law's limit", "boolean"),
    ]  # fmt: skip
    shown = columns or (
        "referral_no,application_no,household_no,member_no,programme,department,state,due_on,"
        "overdue,escalated,provisional"
        if fmt == "table"
        else None
    )
    print_listing((msgspec.to_builtins(line) for line in lines), shape, fmt, shown)


@command.command("show", help=_("One referral: its terms, its moves and its frozen facts."))
@click.argument("referral_no", type=NUMBER, metavar="REFERRAL")
@record_format
@pass_session
def show(session: Session, referral_no: str, fmt: str) -> None:
    from yimen.core.casework.referral import moves_of, names_around, show_referral, waited
    from yimen.core.documents.handover_text import referral_text

    desk = session.desk
    referral, line = show_referral(desk, referral_no)
    print_record(
        referral,
        fmt,
        lambda: referral_text(
            referral,
            line,
            moves_of(desk, referral),
            waited(desk, referral),
            session.catalogue,
            names_around(desk, referral),
        ),
    )


def _verb(name: str, help_line: str, *options: Option) -> None:
    """A command that moves one referral: its verb, what it asks for, and what it then says."""

    def act(session: Session, referral_no: str, **given: object) -> None:
        from yimen.core.casework import referral

        move = getattr(referral, f"{name}_" if name == "return" else name)
        _say(move(session.desk, referral_no, **given))

    made: Callable[..., None] = act
    argument: Option = click.argument("referral_no", type=NUMBER, metavar="REFERRAL")
    for option in (*options, argument):
        made = option(made)
    command.command(name, help=help_line)(pass_session(made))


def _note(help_line: str, *, required: bool = True) -> Option:
    return click.option("--note", type=WORDS, required=required, default=None if required else "",
                        help=help_line)  # fmt: skip


def _reason(help_line: str) -> Option:
    return click.option(
        "--reason", "reason_code", type=NUMBER, required=True, metavar="CODE", help=help_line
    )


_verb("accept", _("The department takes the matter on."))
_verb("start", _("The department begins to handle it."))
_verb(
    "return",
    _("The department sends it back; the clock stops."),
    _reason(_("A coded reason, B01 to B03.")),
    _note(_("What is missing, or whose matter it is.")),
)
_verb(
    "redispatch",
    _("The window sends a returned referral out again."),
    _note(_("What was added or changed.")),
)
_verb(
    "suspend",
    _("The department waits for something; the clock stops."),
    _reason(_("A coded reason, U01 to U04.")),
    click.option(
        "--until", type=CODE, required=True, metavar="DAY", help=_("When it is looked at again.")
    ),
    _note(_("What is awaited, and from whom.")),
)
_verb("resume", _("The department goes on; the clock runs again."),
      _note(_("What has come."), required=False))  # fmt: skip
_verb(
    "extend",
    _("The department takes longer, once, for a listed reason."),
    _reason(_("A coded reason, E01 to E05.")),
    click.option("--by", type=int, metavar="N", help=_("So many of the limit's units (half).")),
    _note(_("What was told to the family.")),
)
_verb(
    "reject",
    _("The department does not take it on; a second person signs."),
    _reason(_("A coded reason, R01 to R12.")),
    click.option("--basis", type=WORDS, required=True, help=_("The legal basis.")),
    _note(_("What is to be told to the family."), required=False),
)
_verb(
    "fail",
    _("It cannot be brought about; a second person signs."),
    _reason(_("A coded reason, F01 to F04.")),
    _note(_("What was tried.")),
)
_verb("countersign", _("Sign, as the second person, what ends a referral."))
_verb(
    "decline",
    _("Do not sign what ends a referral; its proposer has it again."),
    _note(_("Why it is not signed.")),
)
_verb(
    "clarify",
    _("The window sends an unclear answer back to the department."),
    _note(_("What is wrong with the answer.")),
)


@command.command("complete", help=_("The window confirms the answer; a grant becomes a benefit."))
@click.argument("referral_no", type=NUMBER, metavar="REFERRAL")
@pass_session
def complete(session: Session, referral_no: str) -> None:
    from yimen.core.casework import referral

    after = referral.complete(session.desk, session.catalogue, referral_no)
    _say(after)
    mind_steps(session, after)


_verb("withdraw", _("The window takes the referral back."), _note(_("Why it is taken back.")))
_verb("void", _("Mark a referral that was entered in error."), _note(_("What was wrong.")))
_verb("reopen", _("Take a closed referral up again."), _note(_("Why it is taken up again.")))


@command.command("send", help=_("Send a draft to its department; its clocks start."))
@click.argument("referral_no", type=NUMBER, metavar="REFERRAL")
@pass_session
def send(session: Session, referral_no: str) -> None:
    from yimen.core.casework import referral

    _say(referral.send(session.desk, session.catalogue, referral_no))


@command.command("transfer", help=_("Hand it on to another department's programme."))
@click.argument("referral_no", type=NUMBER, metavar="REFERRAL")
@click.option(
    "--programme",
    type=NUMBER,
    required=True,
    metavar="ID",
    help=_("The programme that takes over."),
)
@click.option("--note", type=WORDS, required=True, help=_("Why it is handed on."))
@pass_session
def transfer(session: Session, referral_no: str, programme: str, note: str) -> None:
    from yimen.core.casework import referral

    _say(
        referral.transfer(
            session.desk, session.catalogue, referral_no, programme=programme, note=note
        )
    )


@command.command("receive", help=_("The department signs for it."))
@click.argument("referral_no", type=NUMBER, metavar="REFERRAL", required=False)
@click.option("--all", "every", is_flag=True, help=_("All that wait for a department."))
@click.option("--department", type=CODE, metavar="NAME", help=_("With --all: which department's."))
@pass_session
def receive(
    session: Session, referral_no: str | None, every: bool, department: str | None
) -> int | None:
    from yimen.core.casework import referral

    if every == (referral_no is not None):
        raise click.UsageError(_("Give one referral, or --all with --department."))
    if referral_no is not None:
        _say(referral.receive(session.desk, referral_no))
        return None
    if department is None:
        raise click.UsageError(_("Name the department: --department NAME."))
    return print_bulk(referral.receive_all(session.desk, department), "table")


def mind_steps(session: Session, referral: Referral) -> None:
    """Tells, beside a decision, what its handling list wanted done before it."""
    from yimen.core.casework.checklists.views import passed_over

    if referral.decision is None or referral.decision.outcome != "granted":
        return
    for words in passed_over(session.desk, session.catalogue, referral.referral_no):
        click.echo(
            _("The handling list wanted this first, and nobody has recorded it: {step}").format(
                step=words
            ),
            err=True,
        )


def _say(referral: Referral) -> None:
    """Its number and its state, and whether an end waits for a second person."""
    from yimen.core.words.cases import state_name

    said = f"{referral.referral_no} {state_name(referral.state)}"
    proposed = referral.proposal_to_end
    if proposed is not None and proposed.declined is None:
        said += f" ({_('waits for a second person: `yimen referral countersign`')})"
    click.echo(said)


@command.command("decide", help=_("The department answers: granted, refused or referred_on."))
@click.argument("referral_no", type=NUMBER, metavar="REFERRAL")
@click.argument("outcome", type=click.Choice(["granted", "refused", "referred_on"]))
@click.option("--amount", type=YUAN, metavar="YUAN", help=_("Amount granted, in yuan."))
@click.option(
    "--from", "from_month", type=NUMBER, metavar="MONTH", help=_("First month (next month).")
)
@click.option("--to", "to_month", type=NUMBER, metavar="MONTH", help=_("Last month (open)."))
@click.option(
    "--reason", type=NUMBER, metavar="CODE", help=_("A refusal's coded reason, R01 to R12.")
)
@click.option("--basis", type=WORDS, required=True, help=_("The legal basis of the decision."))
@click.option("--note", type=WORDS, default="", help=_("What is to be told to the family."))
@click.option("--override", type=WORDS, default="", metavar="REASON",
              help=_("Why urgent aid goes before the steps that its law lets it."))  # fmt: skip
@pass_session
def decide(
    session: Session,
    referral_no: str,
    outcome: str,
    amount: str | None,
    from_month: str | None,
    to_month: str | None,
    reason: str | None,
    basis: str,
    note: str,
    override: str,
) -> None:
    from yimen.core.casework import referral
    from yimen.core.money import parse_yuan

    after = referral.decide(
        session.desk,
        session.catalogue,
        referral_no,
        outcome=outcome,
        reason_code=reason,
        amount_fen=parse_yuan(amount) if amount is not None else None,
        from_month=from_month,
        to_month=to_month,
        basis=basis,
        note=note,
        override=override,
    )
    _say(after)
    mind_steps(session, after)


for _part in (export_referrals, document, take, deliver):
    command.add_command(_part)
