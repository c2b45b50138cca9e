"""Flags: what an officer must look at in a household, read from the same cells as the report.

Definitions are those of the field: duplicate, multi-source, missed, wrongly kept. A flag is never a
finding against a family; it names the member, the programme and what was seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from yimen.core.declarations import Programme, ProgrammeVersion
from yimen.core.i18n import _
from yimen.core.records import Flag, FlagKind, Referral
from yimen.core.rules.engines import Cells
from yimen.core.rules.view import HouseholdView, truth, typed, value_text


class FlagContext:
    """What the casework knows of a household that decides whether a flag is new.

    `granted` holds (programme, member_no) of aid granted here that has not ended.
    """

    def __init__(
        self,
        *,
        has_open_application: bool,
        applied: frozenset[str] = frozenset(),
        open_referrals: Iterable[Referral] = (),
        refused: Iterable[Referral] = (),
        granted: Iterable[tuple[str, str | None]] = (),
    ) -> None:
        self.has_open_application = has_open_application
        self.applied = applied
        self.open_referrals = list(open_referrals)
        self.refused = list(refused)
        self.granted = list(granted)

    def answered(self, view: HouseholdView, programme: str, row: Cells | None) -> bool:
        """Whether the programme was granted here, or refused on facts that are still the same."""
        member = str(row["member_no"]) if row is not None else None
        if (programme, member) in self.granted:
            return True
        return any(
            referral.programme == programme
            and referral.member_no == member
            and all(view.fact(n, row).value == f.value for n, f in referral.facts.items())
            for referral in self.refused
        )


def flags(view: HouseholdView, context: FlagContext) -> list[Flag]:
    """All flags of a household, in a fixed order."""
    found: list[Flag] = []
    for rule in (
        _name_mismatches, _deceased, _declared_conflicts, _counted_twice, _stale_sources,
        _duplicates, _multi_source,
    ):  # fmt: skip
        found += rule(view)
    for rule_in_context in (
        _granted_twice, _undeclared_assets, _wrongly_kept, _missed, _open_referrals,
    ):  # fmt: skip
        found += rule_in_context(view, context)
    return found


def _flag(
    kind: FlagKind, detail: str, *, row: Cells | None = None, programme: str | None = None
) -> Flag:
    member = str(row["member_no"]) if row is not None else None
    return Flag(kind=kind, member=member, programme=programme, detail=detail)


def _name_mismatches(view: HouseholdView) -> Iterator[Flag]:
    for row in view.rows:
        names = [
            view.ruling.catalogue.sources[source].names.text()
            for source in view.ruling.statement.sources
            if row[f"s:{source}"] == "mismatch"
        ]
        if names:
            detail = _("the same ID number stands under another name in: {sources}")
            yield _flag("name_mismatch", detail.format(sources=", ".join(names)), row=row)


def _lasting(view: HouseholdView) -> Iterator[tuple[Programme, ProgrammeVersion]]:
    """Programmes whose receipt is a state: paid by the month, or a recognition."""
    for name in sorted(view.ruling.versions):
        version = view.ruling.versions[name]
        usable = name in view.ruling.statement.programmes
        if usable and (version.amount.per == "month" or version.amount.type == "NONE"):
            yield view.ruling.catalogue.programmes[name], version


def _deceased(view: HouseholdView) -> Iterator[Flag]:
    marks = [n for n, f in view.ruling.catalogue.facts.items() if f.marks == "deceased"]
    for row in view.rows:
        if any(row[f"f:{name}"] == 1 for name in marks):
            for programme, __ in _lasting(view):
                if row[f"g:{programme.programme}"] == 1:
                    detail = _("registered as deceased and still receiving {programme}")
                    yield _flag(
                        "deceased_beneficiary",
                        detail.format(programme=programme.names.text()),
                        row=row,
                        programme=programme.programme,
                    )


def _declared_conflicts(view: HouseholdView) -> Iterator[Flag]:
    members = {str(row["member_no"]): row for row in view.rows}
    for (subject, name), states in sorted(view.recorded.items()):
        fact = view.ruling.catalogue.facts.get(name)
        if fact is None or "verified" in states or "declared" not in states:
            continue
        row = members.get(subject)
        cell = row.get(f"r:{name}") if row is not None else view.rows[0].get(f"hr:{name}")
        known = typed(fact, cell, rolled=row is None)
        if known is not None and known != states["declared"]:
            detail = _("{fact}: declared {declared}, register {known}").format(
                fact=fact.names.text(),
                declared=value_text(fact, states["declared"]),
                known=value_text(fact, known),
            )
            yield _flag("declared_conflict", detail, row=row)


def _counted_twice(view: HouseholdView) -> Iterator[Flag]:
    for row in view.rows:
        if row["shared"] == 1 and row["given_counted"] is None and row["counted_by_rule"] != 0:
            yield _flag("counted_twice", _("may be counted in two households"), row=row)


def _stale_sources(view: HouseholdView) -> Iterator[Flag]:
    for source in view.ruling.statement.sources:
        reading = view.ruling.readings[source]
        if reading.status == "stale":
            detail = _("{source}: the extract is of {day}").format(
                source=view.ruling.catalogue.sources[source].names.text(), day=reading.as_of
            )
            yield _flag("stale_source", detail)


def _duplicates(view: HouseholdView) -> Iterator[Flag]:
    for name, programme in sorted(view.ruling.catalogue.programmes.items()):
        rows = programme.recognised_by
        if rows is None or view.ruling.catalogue.sources[rows.source].benefits is None:
            continue
        for row in view.rows:
            count = row[f"n:{name}"]
            if isinstance(count, int) and count > 1:
                detail = _("{n} active records of {programme} at once").format(
                    n=count, programme=programme.names.text()
                )
                yield _flag("duplicate", detail, row=row, programme=name)


def _granted_twice(view: HouseholdView, context: FlagContext) -> Iterator[Flag]:
    """The same aid granted more than once through this home."""
    members = {str(row["member_no"]): row for row in view.rows}
    for (name, member), count in sorted(Counter(context.granted).items(), key=str):
        programme = view.ruling.catalogue.programmes.get(name)
        if count > 1 and programme is not None:
            detail = _("{n} active records of {programme} at once").format(
                n=count, programme=programme.names.text()
            )
            yield _flag("duplicate", detail, row=members.get(member or ""), programme=name)


def _multi_source(view: HouseholdView) -> Iterator[Flag]:
    pairs = {
        tuple(sorted((name, other)))
        for name, version in view.ruling.versions.items()
        for other in version.excludes
    }
    names = {n: p.names.text() for n, p in view.ruling.catalogue.programmes.items()}
    for first, second in sorted(pairs):
        for row in view.rows:
            if row.get(f"g:{first}") == 1 and row.get(f"g:{second}") == 1:
                detail = _("receives both {first} and {second}, which exclude each other").format(
                    first=names[first], second=names[second]
                )
                yield _flag("multi_source", detail, row=row, programme=f"{first}+{second}")


def _undeclared_assets(view: HouseholdView, context: FlagContext) -> Iterator[Flag]:
    facts = view.ruling.catalogue.facts
    seen: set[str] = set()
    for programme, version in _lasting(view):
        name = programme.programme
        if view.rows[0][f"hg:{name}"] != 1 and name not in context.applied:
            continue
        for criterion in version.criteria:
            if (
                criterion.about != "asset"
                or view.rows[0].get(f"c:{name}:{criterion.criterion}") != 0
            ):
                continue
            key = f"criterion:{name}:{version.from_date}:{criterion.criterion}"
            for used in view.ruling.catalogue.links.uses[key]:
                if used in facts and facts[used].asset and used not in seen:
                    seen.add(used)
                    yield from _undeclared(view, used, name)


def _undeclared(view: HouseholdView, name: str, programme: str) -> Iterator[Flag]:
    fact = view.ruling.catalogue.facts[name]
    owners = [row for row in view.rows if isinstance(v := row[f"f:{name}"], int) and v > 0]
    subjects = [view.household_no, *(str(row["member_no"]) for row in owners)]
    declared = [view.recorded.get((subject, name), {}) for subject in subjects]
    total = view.rows[0][f"hr:{name}"]
    stated = [d.get("verified", d.get("declared")) for d in declared if d]
    if not owners or not total or total in stated:
        return
    detail = _("{fact}: {value} in the register, not declared").format(
        fact=fact.names.text(), value=value_text(fact, total)
    )
    yield _flag(
        "undeclared_asset", detail, row=owners[0] if len(owners) == 1 else None, programme=programme
    )


def _wrongly_kept(view: HouseholdView, context: FlagContext) -> Iterator[Flag]:
    """Received and no longer met; also where only a sum that nobody has stated could still meet it.

    The second is a reason to ask the family, and its programme's outcome stays unknown.
    """
    for programme, version in _lasting(view):
        name = programme.programme
        personal = programme.unit == "person"
        for row in view.rows if personal else view.rows[:1]:
            if row[f"{'g' if personal else 'hg'}:{name}"] != 1:
                continue
            letter = "c" if row[f"o:{name}"] == 0 else "p"
            failed = [
                c.text.text()
                for c in version.criteria
                if row.get(f"{letter}:{name}:{c.criterion}") == 0
            ]
            if failed:
                detail = (
                    _("received, and no longer met: {criteria}")
                    if letter == "c"
                    else _("received, and by the registers alone no longer met: {criteria}")
                )
                yield _flag(
                    "wrongly_kept",
                    detail.format(criteria="; ".join(failed)),
                    row=row if personal else None,
                    programme=name,
                )


def _missed(view: HouseholdView, context: FlagContext) -> Iterator[Flag]:
    """Eligible with known facts, nothing open, and neither it nor what excludes it received."""
    if context.has_open_application:
        return
    pending = {r.programme for r in context.open_referrals}
    for name in view.ruling.statement.programmes:
        programme, version = view.ruling.catalogue.programmes[name], view.ruling.versions[name]
        personal = programme.unit == "person"
        if name in pending or any(view.rows[0].get(f"hg:{x}") == 1 for x in version.excludes):
            continue
        for row in view.rows if personal else view.rows[:1]:
            received = truth(row[f"{'g' if personal else 'hg'}:{name}"])
            counts = not personal or row["counted"] == 1
            if _follows_a_missed_class(view, version, row if personal else None):
                continue
            known = received is not False or context.answered(view, name, row if personal else None)
            if row[f"o:{name}"] == 1 and counts and not known:
                detail = _("qualifies for {programme} and does not receive it").format(
                    programme=programme.names.text()
                )
                yield _flag("missed", detail, row=row if personal else None, programme=name)


def _follows_a_missed_class(
    view: HouseholdView, version: ProgrammeVersion, row: Cells | None
) -> bool:
    """Whether only classes open it that are themselves not received: they are what was missed."""
    entitled = [name for name in version.needs if view.called("ENTITLED", name, row)]
    return bool(entitled) and not any(view.called("RECOGNISED", n, row) for n in entitled)


def _open_referrals(view: HouseholdView, context: FlagContext) -> Iterator[Flag]:
    members: Mapping[str, Cells] = {str(row["member_no"]): row for row in view.rows}
    for referral in context.open_referrals:
        detail = _("referral {no} is open with {department}").format(
            no=referral.referral_no, department=referral.department
        )
        yield _flag(
            "open_referral",
            detail,
            row=members.get(referral.member_no or ""),
            programme=referral.programme,
        )
