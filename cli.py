"""The `yimen` command: a table of names, each loaded only when it runs, and errors as exit codes.

It must stay light: `yimen --help` imports click and this file, and nothing of the core's engine
room, so that a clerk's keystroke and a cron job start at once.
"""

from __future__ import annotations

import gc
import sys
from errno import EDQUOT, EIO, ENOSPC, EROFS
from importlib import import_module
from io import StringIO
from typing import NoReturn

import click

from yimen.core.errors import ExitCode, YimenError
from yimen.core.i18n import _, speak_to_click

# name -> (module of yimen.commands, one help line); the order is that of `yimen --help`
COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("init", "Make a home for a county."),
    "demo": ("demo", "Tell the whole chain on an invented county."),
    "query": ("query", "Show what is known of the family of one ID number."),
    "intake": ("intake", "Open an application, or add to one; asks only what no register holds."),
    "check": ("check", "Check an application, a household or all against the rules."),
    "screen": ("screen", "Screen every household in the registers; duty sources only."),
    "dispatch": ("dispatch", "Make referrals of a checked application."),
    "application": ("application", "List applications, tell their progress, end them."),
    "referral": ("referral", "List, show and move referrals."),
    "checklist": ("checklist", "List, show and work the steps of a case."),
    "need": ("need", "Assess what a household needs, and list what is unmet."),
    "overlaps": ("overlaps", "List, show, assign and resolve overlapping or missed aid."),
    "due": ("due", "What is due, late and escalated in your scope."),
    "monitor": ("monitor", "Open and late work, and the appraisal's indicators."),
    "purchase": ("purchase", "Purchase services: plan, order, accept and pay."),
    "feedback": ("feedback", "Show the departments' answers; take them in, send them out."),
    "print": ("print", "Print receipts, notices, sheets and booklets, as text or for A4."),
    "notice": ("notice", "Put up, list and take down public notices."),
    "benefit": ("benefit", "Hear a person, then reduce or stop aid granted here."),
    "consult": ("consult", "Say what a family could get; stores nothing."),
    "household": ("household", "Show a household file; verify a fact."),
    "programme": ("programme", "List and show aid programmes."),
    "source": ("source", "List, show and load departments' registers."),
    "standard": ("standard", "List and set the county's numbers."),
    "department": ("department", "List the installed departments; keep the hand-over's keys."),
    "office": ("office", "Set and show the offices whose address stands on paper."),
    "calendar": ("calendar", "Load and show the county's working days."),
    "operator": ("operator", "Add and list operators."),
    "journal": ("journal", "Show and verify the journal."),
    "synth": ("synth", "Write an invented county as files."),
    "tui": ("tui", "Open the clerk's screen."),
    "doctor": ("doctor", "Check that this home is sound."),
    "backup": ("backup", "Copy this home while others work in it; verify a copy."),
    "restore": ("restore", "Make a home of a backup."),
    "prune": ("prune", "Let old extracts and runs go that nothing cites any more."),
}


class LazyGroup(click.Group):
    """A group that imports a command's module when the command runs, not for the help page."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"yimen.commands.{COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, _(line)) for name, (__, line) in COMMANDS.items()]
        with formatter.section(_("Commands")):
            formatter.write_dl(rows)


def _version(ctx: click.Context, param: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from yimen import __version__

        click.echo(f"yimen {__version__}")
        ctx.exit()


@click.group(
    cls=LazyGroup,
    help=_("One door for a county's social assistance: query, intake, check, dispatch, feedback."),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option("--home", metavar="DIR", help=_("The home folder (or YIMEN_HOME)."))
@click.option("--as", "acting_as", metavar="OPERATOR", help=_("Act as another operator (role it)."))
@click.option("--today", metavar="DAY", envvar="YIMEN_TODAY",
              help=_("Move the clock of a synthetic home (or YIMEN_TODAY)."))  # fmt: skip
@click.option("--debug", is_flag=True, help=_("Show a traceback with an error."))
@click.option("--version", is_flag=True, expose_value=False, is_eager=True, callback=_version,
              help=_("Show the version."))  # fmt: skip
@click.pass_context
def cli(
    ctx: click.Context, home: str | None, acting_as: str | None, today: str | None, debug: bool
) -> None:
    from yimen.commands.session import Session

    ctx.obj = ctx.with_resource(Session(home=home, acting_as=acting_as, today=today, run=run))


def main(arguments: list[str] | None = None) -> NoReturn:
    """Runs the command line and exits with an `ExitCode`."""
    speak_to_click()
    words = sys.argv[1:] if arguments is None else arguments
    code = run(words)
    # What is left goes with the process; to look through all of it for cycles first is for nothing.
    gc.freeze()
    sys.exit(code)


def run(words: list[str]) -> int:
    """Runs the command line and returns its exit code; errors become sentences on stderr."""
    debug = "--debug" in words
    try:
        result = cli.main(args=words, prog_name="yimen", standalone_mode=False)
        return result if isinstance(result, int) else ExitCode.DONE
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.ClickException as error:
        from yimen.core.identity import mask_ids_in

        click.echo(mask_ids_in(_usage_words(error)), err=True)
        return ExitCode.USAGE
    except (click.Abort, KeyboardInterrupt):
        return _tell_stopped()
    except SystemExit:
        # Click's way to say that the reader of our output went away (head, less): nobody is left
        # to tell, and nothing failed.
        return ExitCode.DONE
    except Exception as error:
        if _was_stopped(error):
            return _tell_stopped()
        if isinstance(error, YimenError):
            return _tell(error, debug)
        known = _explained(error)
        if known is not None and not debug:
            return _tell(known, debug)
        if debug:
            raise
        click.echo(
            _("This is a fault of Yimen: {kind}: {error}. Run again with --debug and report it.")
            .format(kind=type(error).__name__, error=error),
            err=True,
        )  # fmt: skip
        return ExitCode.BUG


def _tell_stopped() -> int:
    click.echo(_("Stopped; what was confirmed before is kept."), err=True)
    return 130


def _was_stopped(error: BaseException | None) -> bool:
    """Whether an interrupt came first: what fails while things are put away is no news then."""
    while error is not None and not isinstance(error, (click.Abort, KeyboardInterrupt)):
        error = error.__context__
    return error is not None


def _usage_words(error: click.ClickException) -> str:
    """What click shows of a wrong command line: usage, a hint, the error."""
    shown = StringIO()
    error.show(shown)
    return shown.getvalue().rstrip()


def _tell(error: YimenError, debug: bool) -> int:
    if debug:
        import traceback

        traceback.print_exception(error)
        return error.exit_code
    from yimen.core.identity import mask_ids_in
    from yimen.core.render.safe import terminal_safe

    click.echo(mask_ids_in(terminal_safe(str(error))), err=True)
    return error.exit_code


def _explained(error: Exception) -> YimenError | None:
    """A full disk and SQLite's situations as sentences; never imports sqlite3 itself."""
    if isinstance(error, OSError) and error.errno in (ENOSPC, EDQUOT, EROFS, EIO):
        from yimen.core.errors import Refused
        from yimen.core.words.files import reason_of

        next_step = _("Free space on the disk, run `yimen doctor`, then repeat the command.")
        if error.errno == EROFS:
            next_step = _("Choose a place that may be written, then repeat the command.")
        return Refused(
            _("The result cannot be written: {reason}.").format(reason=reason_of(error)),
            next_step=next_step,
        )
    if "sqlite3" not in sys.modules:
        return None
    from yimen.core.casework.refusals import refusal_of

    return refusal_of(error)
