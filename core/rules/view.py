"""One household's cells, read the way people ask: a value, how it is known, and what is missing.

It computes no result of its own: what is true, false or unknown is in the cells.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from yimen.core.declarations import Criterion, Fact, ProgrammeVersion
from yimen.core.i18n import _
from yimen.core.money import format_yuan
from yimen.core.records import (
    FactValue,
    MissingItem,
    RecordedFact,
    Status,
    Value,
)
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.engines import Cell, Cells
from yimen.core.rules.inputs import Reading, StandardInForce
from yimen.core.rules.statement import Statement
from yimen.core.store.cases import latest
from yimen.core.store.journal import canonical

# Of several reasons for an unknown value the first of these is shown.
_GRAVEST: tuple[Status, ...] = (
    "not_loaded", "stale", "denied", "timeout", "no_consent", "mismatch", "not_covered",
)  # fmt: skip


@dataclass(frozen=True)
class Ruling:
    """What holds for all households of one run: rules, inputs and dates.

    `plain` is the statement of households without casework, for batches.
    """

    catalogue: Catalogue
    statement: Statement
    readings: Mapping[str, Reading]
    standards: Mapping[tuple[str, str], StandardInForce]
    versions: Mapping[str, ProgrammeVersion]
    rules_on: date
    facts_as_of: date
    engine: str
    failed: frozenset[str] = frozenset()
    plain: Statement | None = None
    _words: dict[int, tuple[str, str]] = field(default_factory=dict, repr=False, compare=False)

    def criterion_words(self, criterion: Criterion) -> tuple[str, str]:
        """A criterion's text and law in the language in force, found once a run."""
        found = self._words.get(id(criterion))
        if found is None:
            found = criterion.text.text(), criterion.basis.words()
            self._words[id(criterion)] = found
        return found

    def rules_hash(self) -> str:
        """SHA-256 over the rules in force and the standards' values."""
        values = sorted(
            (name, zone, standard.value, standard.origin)
            for (name, zone), standard in self.standards.items()
        )
        return hashlib.sha256(
            canonical([self.statement.rules_digest, values, sorted(self.failed)]).encode()
        ).hexdigest()


class HouseholdView:
    """One household's cells, read the way the report needs them."""

    def __init__(
        self, ruling: Ruling, rows: Sequence[Cells], recorded: Iterable[RecordedFact]
    ) -> None:
        self.ruling = ruling
        self.rows = rows
        self.household_no = str(rows[0]["household_no"])
        self._facts: dict[tuple[str, Cell], FactValue] = {}
        self._calls: dict[tuple[str, str, Cell], bool | None] = {}
        self._missing: dict[tuple[str, Cell], list[MissingItem]] = {}
        self.recorded = latest(recorded)

    def counted_rows(self) -> list[Cells]:
        """Members who count, or may count."""
        return [row for row in self.rows if row["counted"] != 0]

    def zone(self) -> str:
        """The household's zone, empty when it is not known."""
        return str(self.rows[0]["hh_zone"] or "")

    def fact(self, name: str, row: Cells | None) -> FactValue:
        """A fact's value for a member (`row`) or, without one, for the household."""
        fact = self.ruling.catalogue.facts[name]
        personal = row is not None and fact.unit == "person"
        key = (name, _key(row if personal else None))
        if key not in self._facts:
            self._facts[key] = self._read(name, fact, row, personal)
        return self._facts[key]

    def _read(self, name: str, fact: Fact, row: Cells | None, personal: bool) -> FactValue:
        cells = row if row is not None else self.rows[0]
        value = typed(fact, cells[f"{'f' if personal else 'hf'}:{name}"], rolled=not personal)
        status, sources = self._provenance(fact, row if personal else None, value is not None)
        as_of = [r.as_of for s in sources if (r := self.ruling.readings.get(s)) and r.as_of]
        return FactValue(
            value=value,
            status=status,
            source=next(iter(sources)) if len(sources) == 1 else None,
            as_of=min(as_of) if as_of else None,
        )

    def _provenance(
        self, fact: Fact, row: Cells | None, known: bool
    ) -> tuple[Status, dict[str, None]]:
        """How a fact is known, and the sources that it rests on."""
        subject = str(row["member_no"]) if row is not None else self.household_no
        said = self.recorded.get((subject, fact.fact), {})
        if "verified" in said:
            return "verified", {}
        if fact.expression:
            return self._of_parts(fact, row, known)
        if fact.source is None:
            return ("declared" if "declared" in said else "not_covered"), {}
        if row is None:
            parts = [self._provenance(fact, member, known)[0] for member in self.counted_rows()]
        else:
            parts = [_status(row, fact.source)]
        status = _combined(parts, known)
        if "declared" in said and (not known or status in _GRAVEST):
            status = "declared"
        return status, {fact.source: None}

    def _of_parts(
        self, fact: Fact, row: Cells | None, known: bool
    ) -> tuple[Status, dict[str, None]]:
        parts: list[Status] = []
        sources: dict[str, None] = {}
        for name in self.ruling.catalogue.links.uses[f"fact:{fact.fact}"]:
            used = self.ruling.catalogue.facts.get(name)
            if used is not None:
                own = row if used.unit == "person" else None
                status, more = self._provenance(used, own, known)
                parts.append(status)
                sources |= more
        return _combined(parts, known), sources

    def name_value(self, name: str, row: Cells | None) -> Value:
        """The value behind a name of an expression."""
        if name in self.ruling.catalogue.facts:
            return self.fact(name, row).value
        if name in self.ruling.catalogue.standards:
            return self.standard(name).value
        call, colon, programme = name.partition(":")
        if colon:
            return self.called(call, programme, row)
        cells = row if row is not None else self.rows[0]
        return cells["hh_zone" if name == "zone" else name]

    def called(self, call: str, programme: str, row: Cells | None) -> bool | None:
        """RECOGNISED, QUALIFIES or ENTITLED of a programme, for a member or the household."""
        key = (call, programme, _key(row))
        if key not in self._calls:
            self._calls[key] = self._call(call, programme, row)
        return self._calls[key]

    def _call(self, call: str, programme: str, row: Cells | None) -> bool | None:
        if call == "ENTITLED":
            either = {self.called(c, programme, row) for c in ("RECOGNISED", "QUALIFIES")}
            return True if True in either else None if None in either else False
        cells = row if row is not None else self.rows[0]
        personal = self.ruling.catalogue.programmes[programme].unit == "person"
        if call == "QUALIFIES":
            if programme not in self.ruling.versions:
                return False
            return truth(cells.get(f"{'ho' if personal and row is None else 'o'}:{programme}"))
        return truth(cells[f"{'g' if personal and row is not None else 'hg'}:{programme}"])

    def standard(self, name: str) -> StandardInForce:
        """A standard's value in the household's zone."""
        zone = self.zone() if self.ruling.catalogue.standards[name].by_zone else ""
        return self.ruling.standards.get((name, zone)) or StandardInForce(None, "missing", "", "D")

    # -- what is missing --------------------------------------------------------------------

    def missing(self, name: str, row: Cells | None) -> list[MissingItem]:
        """What must become known for a name's value to be known; empty when it is."""
        key = (name, _key(row))
        if key not in self._missing:
            self._missing[key] = self._missing_of(name, row)
        return self._missing[key]

    def _missing_of(self, name: str, row: Cells | None) -> list[MissingItem]:
        if self.name_value(name, row) is not None:
            return []
        catalogue = self.ruling.catalogue
        if name in catalogue.standards:
            why = _("The county has not set the standard '{name}' for this date.").format(
                name=catalogue.standards[name].names.text()
            )
            return [MissingItem(fact=name, document=None, why=why)]
        call, colon, programme = name.partition(":")
        if colon:
            return self._missing_call(call, programme, row)
        if name == "member_count":
            return self._missing_composition()
        fact = catalogue.facts.get(name)
        return self._missing_fact(fact, row) if fact else []

    def _missing_call(self, call: str, programme: str, row: Cells | None) -> list[MissingItem]:
        found: list[MissingItem] = []
        if call != "RECOGNISED" and self.called("QUALIFIES", programme, row) is None:
            words = _("It depends on the answer for '{programme}'.")
            why = words.format(programme=self.ruling.catalogue.programmes[programme].names.text())
            found.append(MissingItem(fact=None, document=None, why=why, programme=programme))
        if call != "QUALIFIES" and self.called("RECOGNISED", programme, row) is None:
            found += self._missing_recognition(programme)
        return found

    def _missing_recognition(self, programme: str) -> list[MissingItem]:
        rows = self.ruling.catalogue.programmes[programme].recognised_by
        if rows is None:
            return []
        statuses = {_status(row, rows.source) for row in self.rows}
        return [self._source_item(rows.source, status) for status in _GRAVEST if status in statuses]

    def _missing_composition(self) -> list[MissingItem]:
        found: list[MissingItem] = []
        for row in self.rows:
            if row["counted"] is not None:
                continue
            if row["shared"]:
                why = _("{name} may be counted in two households; an officer must decide.").format(
                    name=row["name"]
                )
                found.append(MissingItem(fact=None, document=None, why=why))
                continue
            for name in self.ruling.catalogue.links.uses[f"pack:{self.ruling.statement.pack}"]:
                found += self.missing(name, row)
        return found

    def _missing_fact(self, fact: Fact, row: Cells | None) -> list[MissingItem]:
        if parts := self._missing_parts(fact, row):
            return parts
        why = _("{fact}: it cannot be computed from what is known").format(fact=fact.names.text())
        return [MissingItem(fact=fact.fact, document=None, why=why)]

    def _missing_parts(self, fact: Fact, row: Cells | None) -> list[MissingItem]:
        if fact.expression:
            uses = self.ruling.catalogue.links.uses[f"fact:{fact.fact}"]
            personal = fact.unit == "person"
            rows = [row] if row is not None or not personal else self.counted_rows()
            return [m for r in rows for name in uses for m in self.missing(name, r)]
        if fact.unit == "person" and row is None:
            found = [m for r in self.counted_rows() for m in self._missing_fact_of(fact, r)]
            found += self._missing_composition()
            if found or self.rows[0].get(f"hr:{fact.fact}") is None:
                return found
        return self._missing_fact_of(fact, row)

    def _missing_fact_of(self, fact: Fact, row: Cells | None) -> list[MissingItem]:
        subject = row if fact.unit == "person" else None
        if subject is not None and self.fact(fact.fact, subject).value is not None:
            return []
        member = str(subject["member_no"]) if subject is not None else None
        document = fact.document.names.text() if fact.document else None
        if "declared" in self.recorded.get((member or self.household_no, fact.fact), {}):
            why = _("what was declared differs from the register; an officer must verify it")
        elif fact.ask:
            why = fact.ask.text()
        elif fact.source and subject is not None:
            why = self._source_item(fact.source, _status(subject, fact.source)).why
            document = None
        else:
            why = fact.names.text()
        who = f"{subject['name']}: " if subject is not None else ""
        return [MissingItem(fact=fact.fact, document=document, why=who + why, member=member)]

    def _source_item(self, source: str, status: Status) -> MissingItem:
        name = self.ruling.catalogue.sources[source].names.text()
        match status:
            case "not_loaded":
                why = _("'{source}' is not loaded.")
            case "stale":
                why = _("'{source}' is older than it may be.")
            case "no_consent":
                why = _("'{source}' needs a signed authorisation.")
            case "mismatch":
                why = _("'{source}' has the same ID number under another name.")
            case "not_covered":
                why = _("'{source}' does not cover this person.")
            case _other:
                why = _("'{source}' does not hold the value.")
        return MissingItem(fact=None, document=None, why=why.format(source=name))


def _key(row: Cells | None) -> Cell:
    """The selected person's number; nothing for the household."""
    return row["k"] if row is not None else None


def _status(row: Cells, source: str) -> Status:
    """How a source knows a person; one that a failing department took with it is not read."""
    return cast(Status, row.get(f"s:{source}", "not_loaded"))


def _combined(parts: Sequence[Status], known: bool) -> Status:
    """One status for a value made of several: the gravest when it is unknown."""
    order: tuple[Status, ...] = ("declared", "verified", "hit", "no_hit")
    if not known:
        order = (*_GRAVEST, "hit")
    rest: Status = "no_hit" if known and not parts else "not_covered"
    return next((s for s in (*order, *_GRAVEST) if s in parts), rest)


def truth(cell: Cell) -> bool | None:
    """A boolean cell."""
    return None if cell is None else bool(cell)


def value_text(fact: Fact, value: Value) -> str:
    """A fact's value for people: money in yuan, yes or no, a code's name."""
    if value is None:
        return _("unknown")
    if fact.type == "boolean":
        return _("yes") if value else _("no")
    if fact.type == "money" and isinstance(value, int):
        return format_yuan(value)
    if isinstance(value, str) and value in fact.codes:
        return fact.codes[value].text()
    return str(value)


def typed(fact: Fact, cell: Cell, *, rolled: bool = False) -> Value:
    """A cell as the fact's type; a count of booleans stays a number."""
    if fact.type == "boolean" and not (rolled and fact.household == "count"):
        return truth(cell)
    return cell
