"""`yimen programme`: the aid programmes, their versions, conditions and law."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import click

from yimen.commands.given import NUMBER, WORDS
from yimen.commands.options import (
    DAY,
    listing_options,
    paper_format,
    print_listing,
    print_page,
    print_record,
    record_format,
)
from yimen.commands.session import Session, pass_session
from yimen.core.i18n import _


@click.group("programme", help=_("List and show aid programmes."))
def command() -> None:
    pass


@command.command("list", help=_("All programmes, and which version is in force."))
@click.option("--on", type=DAY, help=_("On this day (today)."))
@listing_options
@pass_session
def list_(session: Session, on: date | None, fmt: str, columns: str | None) -> None:
    from yimen.core.render.listing import Column
    from yimen.core.words.amounts import unit_name

    catalogue = session.catalogue
    versions = catalogue.versions_on(on or session.home.clock.today())
    broken = catalogue.links.broken_programmes
    rows = [
        {
            "programme": name,
            "name": programme.names.text(),
            "department": programme.department,
            "unit": programme.unit,
            "in_force_from": versions[name].from_date if name in versions else None,
            "criteria": len(versions[name].criteria) if name in versions else None,
            "usable": name not in broken,
        }
        for name, programme in sorted(catalogue.programmes.items())
    ]
    shape = [
        Column("programme", "programme"), Column("name", "name"),
        Column("department", "department"), Column("unit", "for", words=unit_name),
        Column("in_force_from", "in force from"), Column("criteria", "criteria", "integer"),
        Column("usable", "usable", "boolean"),
    ]  # fmt: skip
    print_listing(rows, shape, fmt, columns)


@command.command("show", help=_("One programme: conditions, amount, limits, papers, law."))
@click.argument("programme_id", type=NUMBER, metavar="ID")
@click.option("--on", type=DAY, help=_("On this day (today)."))
@record_format
@pass_session
def show(session: Session, programme_id: str, on: date | None, fmt: str) -> None:
    programme = session.catalogue.programme(programme_id)
    day = on or session.home.clock.today()
    version = session.catalogue.versions_on(day).get(programme.programme)

    def names(programmes: list[str]) -> str:
        known = session.catalogue.programmes
        return ", ".join(known[p].names.text() if p in known else p for p in programmes) or "-"

    def text() -> Iterator[str]:
        from yimen.core.documents.lists import law_of
        from yimen.core.render.document import heading, key_values, wrap
        from yimen.core.rules.library import opened_by
        from yimen.core.words.amounts import amount_type_name

        yield from heading(f"{programme.programme} {programme.names.text()}")
        if version is None:
            yield _("Not in force on {day}.").format(day=day.isoformat())
            return
        department = session.catalogue.departments[programme.department].names.text()
        basis = "; ".join(map(law_of, version.basis))
        until = version.to_date or _("open")
        yield from key_values(
            [
                (_("Department"), department),
                (_("In force"), f"{version.from_date} ~ {until}"),
                (_("Basis"), basis),
                (
                    _("Amount"),
                    f"{amount_type_name(version.amount.type)}"
                    f"  {version.amount.expression or ''}".rstrip()
                    + (f" [{law_of(version.amount.basis)}]" if version.amount.basis else ""),
                ),
                (_("Opened by"), names(version.needs)),
                (_("Opens"), names(opened_by(session.catalogue, programme.programme, day))),
                (_("Excludes"), names(version.excludes)),
                (_("Goes with"), names(version.stacks_with)),
            ]
        )
        for step in version.amount.steps:
            yield from wrap(f"  {step.text.text()} = {step.expression}", indent="      ")
        yield from ["", _("Conditions")]
        for criterion in version.criteria:
            yield from wrap(
                f"  - {criterion.text.text()} [{law_of(criterion.basis)}]", indent="    "
            )
            yield from wrap(f"    {criterion.expression}", indent="      ")
        yield from ["", _("Limits")]
        for name in ("sign", "accept", "finish"):
            limit = getattr(version.limits, name)
            if limit is not None:
                yield from wrap(f"  - {name}: {limit.n} {limit.unit} [{law_of(limit.basis)}]")
        if version.documents:
            yield from ["", _("Papers")]
            for document in version.documents:
                yield from wrap(f"  - {document.names.text()} [{law_of(document.basis)}]")

    print_record(programme, fmt, text)


@command.command("search", help=_("Programmes whose name, words or aliases hold a text."))
@click.argument("text", type=WORDS)
@listing_options
@pass_session
def search(session: Session, text: str, fmt: str, columns: str | None) -> None:
    from yimen.core.render.listing import Column
    from yimen.core.rules.library import search_programmes

    shape = [
        Column("programme", "programme"), Column("name", "name"),
        Column("department", "department"), Column("found_in", "found in"),
    ]  # fmt: skip
    print_listing(search_programmes(session.catalogue, text), shape, fmt, columns)


@command.command("library", help=_("The programme library to print: all, or those named."))
@click.argument("programmes", type=NUMBER, nargs=-1, metavar="[ID]...")
@click.option("--on", type=DAY, help=_("On this day (today)."))
@paper_format
@pass_session
def library(session: Session, programmes: tuple[str, ...], on: date | None, fmt: str) -> None:
    from yimen.core.documents.lists import library_page

    catalogue = session.catalogue
    day = on or session.home.clock.today()
    wanted = [catalogue.programme(p).programme for p in programmes] or list(catalogue.programmes)
    print_page(None, fmt, lambda: library_page(catalogue, day, wanted))
