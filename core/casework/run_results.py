"""Reads what a batch run found: counts by programme, flags, hits for the overlaps, households.

Every query is written for both kinds of results. What it returns holds no ID number and no name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from yimen.core.casework.overlaps import FoundHit
from yimen.core.records import FlagKind, OverlapKind
from yimen.core.rules.view import Ruling
from yimen.core.run_records import ProgrammeCount, RunRecord, ScreenResult
from yimen.core.store.run_files import RunFiles

OVERLAPS: frozenset[OverlapKind] = frozenset(
    {"duplicate", "multi_source", "missed", "wrongly_kept"}
)


FlagKey = tuple[FlagKind, str, str | None, str | None]


@dataclass(frozen=True)
class RaisedFlag:
    """A flag as a run keeps it; its words are made when the household is explained."""

    household_no: str
    member: str | None
    kind: FlagKind
    programme: str | None
    fact: str | None
    monthly_fen: int | None = None
    """What is missed each month, where a run knows it."""

    @property
    def key(self) -> FlagKey:
        """Kind, household, member, programme."""
        return self.kind, self.household_no, self.member, self.programme


@dataclass(frozen=True)
class HouseholdLine:
    """One household of a run: programmes by outcome, what is received, kinds of flags."""

    household_no: str
    eligible: list[str]
    unknown: list[str]
    receiving: list[str]
    flags: list[str]


class RunResults:
    """The results of one run, under the rules that made them."""

    def __init__(
        self, ruling: Ruling, files: RunFiles, dismissed: Collection[FlagKey] = frozenset()
    ) -> None:
        """`dismissed` are flags that the casework has answered already."""
        self.ruling = ruling
        self.files = files
        self._dismissed = dismissed
        self._computed = set(ruling.statement.programmes)

    def flags(self) -> Iterator[RaisedFlag]:
        """All flags in order of households and members; an asset is told once a household.

        They are read each time: a county's may be more than memory should hold.
        """
        for flag in self._flags("flags IS NOT NULL OR household_flags IS NOT NULL"):
            if flag.key not in self._dismissed:
                yield flag

    def _flags(self, where: str) -> Iterator[RaisedFlag]:
        paid = self._paid_monthly()
        columns = "".join(f', "{name}.amount_fen"' for name in paid)
        rows = self.files.query(
            f"SELECT household_no, member_no, flags, household_flags{columns} FROM {{rows}}"
            f" WHERE {where} ORDER BY household_no, k"
        )
        for household, members in groupby(rows, key=lambda row: str(row[0])):
            yield from _assets_once(household, [f for row in members for f in _flags_of(row, paid)])

    @cached_property
    def _raised(self) -> Counter[tuple[FlagKind, str | None]]:
        """How many flags of a kind there are for a programme.

        Texts that say the same are counted together; only assets, which are told once a household,
        are read one by one.
        """
        found = Counter[tuple[FlagKind, str | None]]()
        assets = False
        told = self.files.query(
            "SELECT flags, COUNT(*) FROM {flagged} WHERE flags IS NOT NULL GROUP BY flags"
        )
        for words, count in told:
            for flag in _flags_of((None, None, words, None), ()):
                if flag.kind == "undeclared_asset":
                    assets = True
                else:
                    found[flag.kind, flag.programme] += int(count or 0)
        for flag in self._assets() if assets else ():
            found[flag.kind, flag.programme] += 1
        for answered, __, ___, programme in self._dismissed:
            found[answered, programme] -= 1
        return +found

    def _assets(self) -> Iterator[RaisedFlag]:
        """The undeclared assets, which are flags of persons."""
        rows = self.files.query(
            "SELECT household_no, member_no, flags, NULL FROM {persons}"
            " WHERE flags LIKE '%undeclared_asset%' ORDER BY household_no, k"
        )
        for household, members in groupby(rows, key=lambda row: str(row[0])):
            flags = [f for row in members for f in _flags_of(row, ())]
            found = [f for f in flags if f.kind == "undeclared_asset"]
            yield from _assets_once(household, found)

    def hits(self) -> Iterator[FoundHit]:
        """The flags that officers work as overlaps, in order of households."""
        for flag in self.flags():
            if flag.kind in OVERLAPS and flag.programme:
                programmes = tuple(flag.programme.split("+"))
                yield FoundHit(
                    flag.kind, flag.household_no, flag.member, programmes, flag.monthly_fen
                )

    def _paid_monthly(self) -> list[str]:
        """Programmes of which a run knows what they would pay each month."""
        versions = {name: self.ruling.versions[name] for name in sorted(self._computed)}
        return [n for n, v in versions.items() if v.amount.per == "month" and v.amount.expression]

    def counts(self) -> list[ProgrammeCount]:
        """Households or persons by outcome, programme by programme."""
        raised = self._raised
        numbers = self._numbers()
        found = []
        for name in sorted(self.ruling.versions):
            answered, eligible, ineligible, receiving = numbers[name]
            programme = self.ruling.catalogue.programmes[name]
            found.append(
                ProgrammeCount(
                    programme=name,
                    name=programme.names.text(),
                    department=programme.department,
                    unit=programme.unit,
                    eligible=eligible,
                    ineligible=ineligible,
                    unknown=answered - eligible - ineligible,
                    receiving=receiving,
                    missed=raised["missed", name],
                    wrongly_kept=raised["wrongly_kept", name],
                    duplicate=raised["duplicate", name],
                )
            )
        return found

    def _numbers(self) -> dict[str, tuple[int, int, int, int]]:
        """Programme -> how many are answered, eligible, ineligible and receiving.

        What is said of a household stands in one row, so that rows can be counted for both units.
        """
        apart = {name for name in self.ruling.versions if name in self.ruling.statement.told}
        found = self._counted("households", sorted(apart))
        return found | self._counted("persons", sorted(self.ruling.versions.keys() - apart))

    def _counted(self, place: str, names: list[str]) -> dict[str, tuple[int, int, int, int]]:
        if not names:
            return {}
        counts = []
        for name in names:
            counts += [
                f'COUNT("{name}")',
                _how_many(name, "eligible"),
                _how_many(name, "ineligible"),
            ]
            counts += [_how_many(f"{name}.receiving", "yes") if name in self._computed else "0"]
        (row,) = self.files.query(f"SELECT {', '.join(counts)} FROM {{{place}}}")
        numbers = iter(int(cell or 0) for cell in row)
        return {n: (next(numbers), next(numbers), next(numbers), next(numbers)) for n in names}

    def result(self, run: RunRecord) -> ScreenResult:
        """The run in one answer."""
        kinds = Counter[str]()
        for (kind, __), count in self._raised.items():
            kinds[kind] += count
        return ScreenResult(
            run=run,
            programmes=self.counts(),
            flagged=dict(sorted(kinds.items())),
            stale=[r.source for r in self.ruling.readings.values() if r.status == "stale"],
        )

    def households(self) -> Iterator[HouseholdLine]:
        """One line a household."""
        names = sorted(self.ruling.versions)
        received = [n for n in names if n in self._computed]
        columns = [f'"{n}"' for n in names] + [f'"{n}.receiving"' for n in received]
        rows = self.files.query(
            f"SELECT household_no, flags, household_flags, {', '.join(columns)} FROM {{rows}}"
            " ORDER BY household_no, k"
        )
        for household, members in groupby(rows, key=lambda row: str(row[0])):
            cells = list(members)
            values = {n: {row[3 + i] for row in cells} for i, n in enumerate(names)}
            given = {n: {row[3 + len(names) + i] for row in cells} for i, n in enumerate(received)}
            words = [w for row in cells for text in row[1:3] for w in str(text or "").split()]
            yield HouseholdLine(
                household_no=household,
                eligible=[n for n in names if "eligible" in values[n]],
                unknown=[n for n in names if "unknown" in values[n]],
                receiving=[n for n in received if "yes" in given[n]],
                flags=sorted({word.partition(":")[0] for word in words}),
            )


def _how_many(column: str, word: str) -> str:
    return f"COUNT(CASE WHEN \"{column}\" = '{word}' THEN 1 END)"


def _flags_of(row: tuple[int | str | None, ...], paid: Sequence[str]) -> Iterator[RaisedFlag]:
    """A row's flags; after the first four cells come the amounts of the programmes in `paid`."""
    household, member, own, house, *amounts = row
    for words, who in ((house, None), (own, str(member))):
        for word in str(words or "").split():
            kind, *rest = word.split(":")
            programme, fact = [*rest, None, None][:2]
            missed = kind == "missed" and programme in paid
            fen = amounts[paid.index(programme)] if missed and programme else None
            yield RaisedFlag(
                str(household), who, kind, programme, fact,  # type: ignore[arg-type]
                None if fen is None else int(fen),
            )  # fmt: skip


def _assets_once(household: str, flags: list[RaisedFlag]) -> Iterator[RaisedFlag]:
    """An undeclared asset under its first programme, with its owner where there is one owner."""
    first: dict[str, str] = {}
    for flag in flags:
        if flag.kind == "undeclared_asset" and flag.fact:
            first.setdefault(flag.fact, flag.programme or "")
            first[flag.fact] = min(first[flag.fact], flag.programme or "")
    for flag in flags:
        if flag.kind != "undeclared_asset" or not flag.fact:
            yield flag
            continue
        if first.get(flag.fact) != flag.programme:
            continue
        owners = [
            f for f in flags
            if f.kind == flag.kind and f.fact == flag.fact and f.programme == flag.programme
        ]  # fmt: skip
        if flag is owners[0]:
            owner = flag.member if len(owners) == 1 else None
            yield RaisedFlag(household, owner, flag.kind, flag.programme, flag.fact)
