"""`yimen print`: every paper for a citizen or an office, as text or as an A4 sheet."""

from __future__ import annotations

from pathlib import Path

import click

from yimen.commands.given import NUMBER
from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _

# kind -> (what its number is called, its help line); the order is that of a case
KINDS: dict[str, tuple[str, str]] = {
    "receipt": ("APPLICATION", _("The acceptance receipt, or the receipt of an application.")),
    "notification": ("APPLICATION", _("The one-time notification of all that is needed.")),
    "authorisation": ("APPLICATION", _("The authorisation that every adult signs.")),
    "pledge": ("APPLICATION", _("The pledge of truth that every adult signs.")),
    "report": ("APPLICATION", _("The newest check report of an application.")),
    "dispatch": ("REFERRAL|APPLICATION", _("The dispatch sheet of a referral, or of all.")),
    "progress": ("APPLICATION", _("The progress slip for the citizen; it names nobody else.")),
    "decision": (
        "REFERRAL|APPLICATION",
        _("The notice of a decision, or of a refusal at the window, with remedies."),
    ),
    "change": ("BENEFIT", _("The notice of a reduction or a stop, with its hearing.")),
    "notice": ("NOTICE", _("A public notice as it is put up.")),
    "booklet": ("HOUSEHOLD", _("One household, one booklet: its file and both lists.")),
    "contract": ("PURCHASE|CONTRACT", _("The annex of a contract: services and prices.")),
    "acceptance": ("ORDER", _("The acceptance sheet of an order, to be signed.")),
}
SIGNED_BY_NUMBER = ("authorisation", "pledge")


@click.group("print", help=_("Print a paper: for a citizen, an office, or the notice board."))
def command() -> None:
    pass


def _add(kind: str, number: str, words: str) -> None:
    @click.argument("number", type=NUMBER, metavar=number)
    @click.option(
        "--format",
        "fmt",
        type=click.Choice(["text", "html"]),
        default="text",
        show_default=True,
        help=_("text: 80 columns; html: A4 sheets."),
    )
    @click.option(
        "--out",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help=_("Into a new file; only you may read it."),
    )
    @click.option("--form-feed", "feed", is_flag=True, help=_("In text: end a sheet so."))
    @pass_session
    def printing(
        session: Session,
        number: str,
        fmt: str,
        out: Path | None,
        feed: bool,
        unmask: bool = False,
    ) -> None:
        from yimen.core.documents.prints import printed_page
        from yimen.core.render.page import page_text
        from yimen.core.render.paper import page_html
        from yimen.core.render.sheet_file import write_new

        blocks = printed_page(session.desk, session.catalogue, kind, number, unmask=unmask)
        text = page_html(blocks) if fmt == "html" else "\n".join(page_text(blocks, feed=feed))
        if out is None:
            click.echo(text)
            return
        write_new(out, text)
        click.echo(_("Written: {file}").format(file=out), err=True)

    if kind in SIGNED_BY_NUMBER:
        printing = click.option(
            "--unmask", is_flag=True, help=_("Whole ID numbers, where your role may see them.")
        )(printing)
    command.command(kind, help=words)(printing)


for _kind, (_number, _words) in KINDS.items():
    _add(_kind, _number, _words)
