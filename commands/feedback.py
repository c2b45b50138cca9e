"""`yimen feedback`: the departments' answers to one application, and how answers come and go."""

from __future__ import annotations

import click

from yimen.commands.given import NUMBER
from yimen.commands.handover import export_feedback, import_feedback, read_feedback, template
from yimen.commands.options import print_record, record_format, texts
from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _


class ShowByDefault(click.Group):
    """A group whose `show` is meant where an application's number stands in a command's place."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = ["show", *args]
        return super().parse_args(ctx, args)


@click.group(
    "feedback",
    cls=ShowByDefault,
    help=_("Show the departments' answers; take them in, send them out."),
)
def command() -> None:
    pass


@command.command(
    "show", help=_("The departments' answers to an application; `show` may be left out.")
)
@click.argument("application_no", type=NUMBER, metavar="APPLICATION")
@record_format
@pass_session
def show(session: Session, application_no: str, fmt: str) -> None:
    from yimen.core.casework.referral import feedback, people_of

    result = feedback(session.desk, session.catalogue, application_no)
    names = people_of(session.desk, result.application_no)
    print_record(result, fmt, lambda: texts().feedback_text(result, session.catalogue, names))


for _part in (import_feedback, export_feedback, read_feedback, template):
    command.add_command(_part)
