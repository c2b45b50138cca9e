"""Options that several commands share, and the one way in which a result reaches stdout."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

import click

from yimen.core.i18n import _
from yimen.core.render.listing import LISTING_FORMATS, Column, pick, render_listing

if TYPE_CHECKING:
    from yimen.core.render.page import Block
    from yimen.core.results import BulkLine

F = TypeVar("F", bound=Callable[..., Any])


class Day(click.ParamType[date]):
    """A date option, read with the project's own sentence."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        from yimen.core.clock import parse_date
        from yimen.core.spelling import half_width

        return value if isinstance(value, date) else parse_date(half_width(str(value)))


DAY = Day()


def listing_options(function: F) -> F:
    """--format and --columns of a listing."""
    function = click.option(
        "--columns", metavar="A,B", help=_("Only these columns, in this order.")
    )(function)
    return click.option(
        "--format",
        "fmt",
        type=click.Choice(LISTING_FORMATS),
        default="table",
        show_default=True,
        help=_("How to print the rows."),
    )(function)


def record_format(function: F) -> F:
    """--format of a single result: text for people, json for programs."""
    return click.option(
        "--format",
        "fmt",
        type=click.Choice(["text", "json", "jsonl"]),
        default="text",
        show_default=True,
        help=_("How to print the result."),
    )(function)


def print_listing(
    rows: Iterable[Mapping[str, object]], columns: list[Column], fmt: str, only: str | None
) -> None:
    """Prints a listing line by line."""
    for line in render_listing(rows, columns, fmt, _names(only)):
        click.echo(line)


def check_columns(columns: list[Column], only: str | None) -> None:
    """Refuses --columns as `print_listing` does, before what is to be listed is computed."""
    pick(columns, _names(only))


def _names(only: str | None) -> list[str] | None:
    return [name.strip() for name in only.split(",")] if only else None


def print_record(record: object, fmt: str, text: Callable[[], Iterable[str]]) -> None:
    """Prints one result: as lines for people, or as JSON in its published shape."""
    if fmt == "text":
        for line in text():
            click.echo(line)
        return
    import msgspec

    from yimen.core.render.document import render_record

    click.echo(render_record(msgspec.to_builtins(record), "jsonl" if fmt == "jsonl" else "json"))


def print_bulk(lines: Iterable[BulkLine], fmt: str) -> int | None:
    """Prints what became of each of many; exit code 6 where one was refused."""
    from yimen.core.errors import ExitCode

    done = list(lines)
    shape = [
        Column("subject", "number"), Column("done", "done", "boolean"), Column("said", "result"),
    ]  # fmt: skip
    rows = [{"subject": x.subject, "done": x.done, "said": x.said} for x in done]
    print_listing(rows, shape, "table" if fmt == "text" else fmt, None)
    return None if all(x.done for x in done) else int(ExitCode.REJECTED_ROWS)


def page_format(function: F) -> F:
    """--format of a result that also prints on paper."""
    return _page_format("text", "html", "json", "jsonl")(function)


def paper_format(function: F) -> F:
    """--format of what is only printed."""
    return _page_format("text", "html")(function)


def _page_format(*formats: str) -> Callable[[F], F]:
    return click.option(
        "--format",
        "fmt",
        type=click.Choice(formats),
        default="text",
        show_default=True,
        help=_("How to print the result; html is an A4 sheet."),
    )


def print_page(record: object, fmt: str, blocks: Callable[[], Iterable[Block]]) -> None:
    """Prints one result as a page of text or HTML, or as JSON in its published shape."""
    from yimen.core.render.page import page_text
    from yimen.core.render.paper import page_html

    if fmt == "html":
        click.echo(page_html(blocks()))
    else:
        print_record(record, fmt, lambda: page_text(blocks()))


def texts() -> Any:
    """The module of printed texts, imported when a text is printed."""
    from yimen.core.documents import texts as module

    return module
