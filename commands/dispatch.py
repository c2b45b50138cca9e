"""`yimen dispatch`: makes referrals of a checked application, or of all that are ready."""

from __future__ import annotations

import click

from yimen.commands.given import NUMBER, WORDS
from yimen.commands.options import print_bulk, print_record, record_format, texts
from yimen.commands.session import Session, pass_session
from yimen.core.errors import ExitCode
from yimen.core.i18n import _


@click.command("dispatch", help=_("Make a referral of every programme that the check calls for."))
@click.argument("application_no", type=NUMBER, metavar="APPLICATION", required=False)
@click.option(
    "--programme",
    "programmes",
    type=NUMBER,
    multiple=True,
    metavar="ID",
    help=_("These programmes instead, whatever their outcome."),
)
@click.option(
    "--override",
    type=WORDS,
    metavar="REASON",
    help=_("With --programme: in spite of an open overlap, for this reason."),
)
@click.option("--draft", is_flag=True, help=_("Only prepare them; `yimen referral send` sends."))
@click.option("--all-ready", is_flag=True, help=_("Every checked application of your scope."))
@record_format
@pass_session
def command(
    session: Session,
    application_no: str | None,
    programmes: tuple[str, ...],
    override: str | None,
    draft: bool,
    all_ready: bool,
    fmt: str,
) -> int | None:
    from yimen.core.casework.dispatch import dispatch, dispatch_ready
    from yimen.core.casework.referral import people_of

    if all_ready == (application_no is not None):
        raise click.UsageError(_("Give one application, or --all-ready."))
    if application_no is None:
        if programmes or override or draft:
            raise click.UsageError(_("--all-ready goes with no other choice."))
        return print_bulk(dispatch_ready(session.desk, session.catalogue), fmt)
    result = dispatch(
        session.desk,
        session.catalogue,
        application_no,
        only=list(programmes),
        override=override,
        draft=draft,
    )
    names = people_of(session.desk, result.application_no)
    print_record(result, fmt, lambda: texts().dispatch_text(result, session.catalogue, names))
    # What nobody named may well have no referral; what somebody named was refused one.
    return int(ExitCode.REFUSED) if programmes and result.held_back else None
