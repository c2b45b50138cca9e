"""Flags of one household, read from its cells: member, programme and what was seen.

What raises a flag stands in the statement (flag_tables.py); here is how it is told. A flag is never
a finding against a family.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from yimen.core.i18n import _
from yimen.core.records import Flag, FlagKind
from yimen.core.referral_records import Referral
from yimen.core.rules.engines import Cells
from yimen.core.rules.statement import FlagCell
from yimen.core.rules.view import HouseholdView, typed, value_text

_ORDER: tuple[FlagKind, ...] = (
    "name_mismatch", "deceased_beneficiary", "declared_conflict", "counted_twice", "stale_source",
    "duplicate", "multi_source", "undeclared_asset", "wrongly_kept", "missed", "open_referral",
)  # fmt: skip


def flags(
    view: HouseholdView, *, open_referrals: Iterable[Referral], refused: Iterable[Referral]
) -> list[Flag]:
    """All flags of a household, in a fixed order.

    `refused` are referrals that a department answered with no: as long as the facts are the same,
    the programme was not missed.
    """
    found: list[Flag] = []
    refusals = list(refused)
    seen_assets: set[str] = set()
    for cell in view.ruling.statement.flags:
        rows = view.rows if cell.personal else view.rows[:1]
        raised = [row for row in rows if row[cell.cell] == 1]
        if not raised:
            continue
        if cell.kind == "undeclared_asset" and cell.fact:
            # One car may break the conditions of several programmes; it is told once.
            if cell.fact not in seen_assets:
                seen_assets.add(cell.fact)
                found.append(_undeclared(view, cell, raised))
            continue
        for row in raised:
            subject = row if cell.personal else None
            if cell.kind == "missed" and _refused_before(view, cell, subject, refusals):
                continue
            for detail in _TOLD[cell.kind](view, cell, row):
                found.append(_flag(cell.kind, detail, row=subject, programme=cell.programme))
    found += _stale_sources(view)
    found += _open_referrals(view, open_referrals)
    return sorted(found, key=lambda flag: _ORDER.index(flag.kind))


def _flag(
    kind: FlagKind, detail: str, *, row: Cells | None = None, programme: str | None = None
) -> Flag:
    member = str(row["member_no"]) if row is not None else None
    return Flag(kind=kind, member=member, programme=programme, detail=detail)


def _refused_before(
    view: HouseholdView, cell: FlagCell, row: Cells | None, refused: list[Referral]
) -> bool:
    member = str(row["member_no"]) if row is not None else None
    return any(
        referral.programme == cell.programme
        and referral.member_no == member
        and all(view.fact(n, row).value == f.value for n, f in referral.facts.items())
        for referral in refused
    )


def _name(view: HouseholdView, programme: str | None) -> str:
    return view.ruling.catalogue.programmes[programme or ""].names.text()


def _name_mismatch(view: HouseholdView, cell: FlagCell, row: Cells) -> Iterator[str]:
    names = [
        view.ruling.catalogue.sources[source].names.text()
        for source in view.ruling.statement.sources
        if row[f"s:{source}"] == "mismatch"
    ]
    detail = _("the same ID number stands under another name in: {sources}")
    yield detail.format(sources=", ".join(names))


def _deceased(view: HouseholdView, cell: FlagCell, row: Cells) -> Iterator[str]:
    detail = _("registered as deceased and still receiving {programme}")
    yield detail.format(programme=_name(view, cell.programme))


def _declared_conflict(view: HouseholdView, cell: FlagCell, row: Cells) -> Iterator[str]:
    """One sentence for each value that a register says otherwise."""
    subject = str(row["member_no"]) if cell.personal else view.household_no
    for (owner, name), states in sorted(view.recorded.items()):
        fact = view.ruling.catalogue.facts.get(name)
        if owner != subject or fact is None or "verified" in states or "declared" not in states:
            continue
        known = typed(
            fact,
            row.get(f"{'r' if cell.personal else 'hr'}:{name}"),
            rolled=not cell.personal,
        )
        if known is not None and known != states["declared"]:
            yield _("{fact}: declared {declared}, register {known}").format(
                fact=fact.names.text(),
                declared=value_text(fact, states["declared"]),
                known=value_text(fact, known),
            )


def _counted_twice(view: HouseholdView, cell: FlagCell, row: Cells) -> Iterator[str]:
    yield _("may be counted in two households")


def _duplicate(view: HouseholdView, cell: FlagCell, row: Cells) -> Iterator[str]:
    yield _("{n} active records of {programme} at once").format(
        n=row[f"n:{cell.programme}"], programme=_name(view, cell.programme)
    )


def _multi_source(view: HouseholdView, cell: FlagCell, row: Cells) -> Iterator[str]:
    first, __, second = (cell.programme or "").partition("+")
    yield _("receives both {first} and {second}, which exclude each other").format(
        first=_name(view, first), second=_name(view, second)
    )


def _undeclared(view: HouseholdView, cell: FlagCell, owners: list[Cells]) -> Flag:
    fact = view.ruling.catalogue.facts[cell.fact or ""]
    total = typed(fact, view.rows[0][f"hr:{fact.fact}"], rolled=True)
    # Registers show it before a family is asked, and who was not asked has kept nothing back.
    subjects = [view.household_no, *(str(row["member_no"]) for row in view.rows)]
    asked = any("declared" in view.recorded.get((no, fact.fact), {}) for no in subjects)
    detail = (
        _("{fact}: {value} in the register, more than was declared")
        if asked
        else _("{fact}: {value} in the register; not declared: the family was never asked")
    ).format(fact=fact.names.text(), value=value_text(fact, total))
    owner = owners[0] if len(owners) == 1 else None
    return _flag("undeclared_asset", detail, row=owner, programme=cell.programme)


def _wrongly_kept(view: HouseholdView, cell: FlagCell, row: Cells) -> Iterator[str]:
    name = cell.programme or ""
    letter = "c" if row[f"o:{name}"] == 0 else "p"
    failed = [
        c.text.text()
        for c in view.ruling.versions[name].criteria
        if row.get(f"{letter}:{name}:{c.criterion}") == 0
    ]
    detail = (
        _("received, and no longer met: {criteria}")
        if letter == "c"
        else _("received, and by the registers alone no longer met: {criteria}")
    )
    yield detail.format(criteria="; ".join(failed))


def _missed(view: HouseholdView, cell: FlagCell, row: Cells) -> Iterator[str]:
    detail = _("qualifies for {programme} and does not receive it")
    yield detail.format(programme=_name(view, cell.programme))


_TOLD: Mapping[str, Callable[[HouseholdView, FlagCell, Cells], Iterator[str]]] = {
    "name_mismatch": _name_mismatch,
    "deceased_beneficiary": _deceased,
    "declared_conflict": _declared_conflict,
    "counted_twice": _counted_twice,
    "duplicate": _duplicate,
    "multi_source": _multi_source,
    "wrongly_kept": _wrongly_kept,
    "missed": _missed,
}


def _stale_sources(view: HouseholdView) -> Iterator[Flag]:
    for source in view.ruling.statement.sources:
        reading = view.ruling.readings[source]
        if reading.status == "stale":
            detail = _("{source}: the extract is of {day}").format(
                source=view.ruling.catalogue.sources[source].names.text(), day=reading.as_of
            )
            yield _flag("stale_source", detail)


def _open_referrals(view: HouseholdView, referrals: Iterable[Referral]) -> Iterator[Flag]:
    members = {str(row["member_no"]): row for row in view.rows}
    for referral in referrals:
        detail = _("referral {no} is open with {department}").format(
            no=referral.referral_no, department=referral.department
        )
        yield _flag(
            "open_referral",
            detail,
            row=members.get(referral.member_no or ""),
            programme=referral.programme,
        )
