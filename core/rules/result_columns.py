"""The columns that a batch writes: one row a member, as codes.

What is said of a household stands in its first member's row, and there alone, so that counting a
column counts what its programme is for; an engine may write it apart, once a household. Words are
those of a report: eligible, ineligible, unknown; a criterion is one letter, p(ass), f(ail) or ?.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from yimen.core.declarations import ProgrammeVersion
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.dialects import Dialect
from yimen.core.rules.letters import Letters
from yimen.core.rules.statement import FlagCell
from yimen.core.store.run_files import LATE_FLAGS

# Columns of the run beside its programmes'.
KEYS = ("k", "household_no", "member_no", "division")


@dataclass(frozen=True)
class Told:
    """What is told once a household, as told:COLUMN: its programmes' columns, and its flags.

    It stands in the household's first row alone.
    """

    programmes: tuple[str, ...] = ()
    flags: tuple[FlagCell, ...] = ()

    def columns(
        self, versions: Mapping[str, ProgrammeVersion], compiled: Collection[str], letters: Letters
    ) -> list[str]:
        """The columns; of flags a text that begins with a space, or is empty."""
        dialect = letters.dialect
        found = [
            f"{sql} AS {dialect.quote(f'told:{column}')}"
            for name in self.programmes
            for column, sql in programme_columns(
                name, "household", versions[name], letters, name in compiled
            )
        ]
        return [*found, f"{_words(self.flags, dialect)} AS {self.words(dialect)}"]

    def later(self, flags: Iterable[FlagCell]) -> list[FlagCell]:
        """Those of a household's flags that wait for its members."""
        return [flag for flag in flags if not flag.personal and flag not in self.flags]

    def words(self, dialect: Dialect) -> str:
        """The column of flags."""
        return dialect.quote("told:flags")


def result_columns(
    catalogue: Catalogue,
    versions: Mapping[str, ProgrammeVersion],
    compiled: Iterable[str],
    flags: Sequence[FlagCell],
    letters: Letters,
    told: Told,
) -> dict[str, str]:
    """Column name -> its SQL over all cells of the statement; what is `told` stands there already.

    A household's flags are those of its programmes, and then those that waited for its members.
    """
    dialect = letters.dialect
    columns = {name: name for name in KEYS}
    columns["first_row"] = "CASE WHEN first_row THEN 1 ELSE 0 END"
    columns["flags"] = _flags([f for f in flags if f.personal], dialect)
    early = told.words(dialect) if told.flags else None
    columns["household_flags"] = (
        f"CASE WHEN first_row THEN {_flags(told.later(flags), dialect, early)} END"
    )
    done = set(compiled)
    for name in sorted(versions):
        unit = catalogue.programmes[name].unit
        whose = "counted IS NOT FALSE" if unit == "person" else "first_row"
        for column, sql in programme_columns(name, unit, versions[name], letters, name in done):
            alone = name in told.programmes
            columns[column] = (
                dialect.quote(f"told:{column}") if alone else f"CASE WHEN {whose} THEN {sql} END"
            )
    return columns


def split(
    columns: Mapping[str, str], flags: Sequence[FlagCell], letters: Letters, told: Told
) -> tuple[dict[str, str], dict[str, str]]:
    """What a batch writes of each person, and what it writes apart of each household.

    `columns` are all of them as `result_columns` has them.
    """
    dialect = letters.dialect
    apart = {n: sql for n, sql in columns.items() if n.partition(".")[0] in told.programmes}
    late = _flags(told.later(flags), dialect)
    own = {n: sql for n, sql in columns.items() if n not in apart}
    del own["first_row"], own["household_flags"]
    own[LATE_FLAGS] = f"CAST(CASE WHEN first_row THEN {late} END AS VARCHAR)"
    words = told.words(dialect)
    apart["household_flags"] = f"CASE WHEN {words} <> '' THEN substr({words}, 2) END"
    return own, apart


def programme_columns(
    name: str, unit: str, version: ProgrammeVersion, letters: Letters, compiled: bool
) -> Iterable[tuple[str, str]]:
    """Outcome, receipt, amount and criteria; a programme that cannot be computed is unknown."""
    dialect = letters.dialect
    quote, word = dialect.quote, dialect.word
    if not compiled:
        yield name, word("unknown")
        return
    met = quote(f"o:{name}")
    # Whether such a person belongs to the household is itself not known yet.
    sure = f"({met} AND counted)" if unit == "person" else met
    yield name, dialect.by_truth(sure, word("eligible"), word("ineligible"), word("unknown"))
    received = quote(f"{'g' if unit == 'person' else 'hg'}:{name}")
    yield f"{name}.receiving", dialect.by_truth(received, word("yes"), word("no"), word("unknown"))
    if version.amount.expression:
        yield f"{name}.amount_fen", f"CASE WHEN {sure} THEN {quote(f'a:{name}')} END"
    yield f"{name}.criteria", letters.text(name, version)


def _flags(flags: Sequence[FlagCell], dialect: Dialect, before: str | None = None) -> str:
    """All flags of a row as words such as missed:MED-IN, with a space between them, or NULL.

    `before` is a text of others that stand first.
    """
    first = [before] if before else []
    words = [*first, *(_word(flag, dialect) for flag in flags)]
    if not words:
        return "NULL"
    anything = [f"{text} <> ''" for text in first] + [dialect.quote(f.cell) for f in flags]
    return f"CASE WHEN {' OR '.join(anything)} THEN substr({' || '.join(words)}, 2) END"


def _words(flags: Sequence[FlagCell], dialect: Dialect) -> str:
    """The words of all flags that are raised, each after a space."""
    if not flags:
        return "''"
    anything = " OR ".join(dialect.quote(flag.cell) for flag in flags)
    words = " || ".join(_word(flag, dialect) for flag in flags)
    return f"CASE WHEN {anything} THEN {words} ELSE '' END"


def _word(flag: FlagCell, dialect: Dialect) -> str:
    return f"CASE WHEN {dialect.quote(flag.cell)} THEN ' {flag_word(flag)}' ELSE '' END"


def flag_word(flag: FlagCell) -> str:
    """kind, programme and fact, as they are known."""
    return ":".join(filter(None, [flag.kind, flag.programme, flag.fact]))
