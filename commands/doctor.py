"""`yimen doctor`: whether this home can keep its word."""

from __future__ import annotations

import click

from yimen.commands.options import listing_options, print_listing
from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _


@click.command("doctor", help=_("Check disk, databases, journal, registers and standards."))
@listing_options
@pass_session
def command(session: Session, fmt: str, columns: str | None) -> int:
    import msgspec

    from yimen.core.casework.handover.keys import key_findings
    from yimen.core.casework.soundness import examine
    from yimen.core.errors import ExitCode
    from yimen.core.render.listing import Column
    from yimen.core.words.upkeep import finding_level_name, finding_name

    findings = [*examine(session.desk, session.catalogue), *key_findings(session.desk)]
    shape = [
        Column("level", "level", words=finding_level_name),
        Column("check", "looked at", words=finding_name), Column("detail", "finding"),
    ]  # fmt: skip
    print_listing((msgspec.to_builtins(f) for f in findings), shape, fmt, columns)
    return ExitCode.BAD_INPUT if any(f.level == "fault" for f in findings) else ExitCode.DONE
