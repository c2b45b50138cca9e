"""The columns that a batch writes: one row a member, as codes.

What is said of a household stands in its first member's row, and there alone, so that counting a
column counts what its programme is for. Words are those of a report: eligible, ineligible, unknown;
a criterion is one letter, p(ass), f(ail) or ?.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from yimen.core.declarations import ProgrammeVersion
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.dialects import Dialect
from yimen.core.rules.statement import FlagCell

KEYS = ("k", "household_no", "member_no", "division")


def result_columns(
    catalogue: Catalogue,
    versions: Mapping[str, ProgrammeVersion],
    compiled: Iterable[str],
    flags: Sequence[FlagCell],
    dialect: Dialect,
) -> dict[str, str]:
    """Column name -> its SQL over all cells of the statement."""
    columns = {name: name for name in KEYS}
    columns["first_row"] = "CASE WHEN first_row THEN 1 ELSE 0 END"
    personal = [f for f in flags if f.personal]
    columns["flags"] = _flags(personal, dialect)
    own = _flags([f for f in flags if not f.personal], dialect)
    columns["household_flags"] = f"CASE WHEN first_row THEN {own} END"
    done = set(compiled)
    for name in sorted(versions):
        unit = catalogue.programmes[name].unit
        whose = "counted IS NOT FALSE" if unit == "person" else "first_row"
        for column, sql in _of_programme(name, unit, versions[name], dialect, name in done):
            columns[column] = f"CASE WHEN {whose} THEN {sql} END"
    return columns


def _of_programme(
    name: str, unit: str, version: ProgrammeVersion, dialect: Dialect, compiled: bool
) -> Iterable[tuple[str, str]]:
    """Outcome, receipt, amount and criteria; a programme that cannot be computed is unknown."""
    quote = dialect.quote
    if not compiled:
        yield name, "'unknown'"
        return
    met = quote(f"o:{name}")
    # Whether such a person belongs to the household is itself not known yet.
    sure = f"{met} AND counted" if unit == "person" else met
    yield (
        name,
        f"CASE WHEN {sure} THEN 'eligible' WHEN NOT {met} THEN 'ineligible' ELSE 'unknown' END",
    )
    received = quote(f"{'g' if unit == 'person' else 'hg'}:{name}")
    yield f"{name}.receiving", _words(received, "yes", "no", "unknown")
    if version.amount.expression:
        yield f"{name}.amount_fen", f"CASE WHEN {sure} THEN {quote(f'a:{name}')} END"
    letters = (_words(quote(f"c:{name}:{c.criterion}"), "p", "f", "?") for c in version.criteria)
    yield f"{name}.criteria", " || ".join(f"({letter})" for letter in letters)


def _words(cell: str, yes: str, no: str, unknown: str) -> str:
    return f"CASE WHEN {cell} THEN '{yes}' WHEN NOT {cell} THEN '{no}' ELSE '{unknown}' END"


def _flags(flags: Sequence[FlagCell], dialect: Dialect) -> str:
    """All flags of a row as words such as missed:MED-IN, with a space between them."""
    if not flags:
        return "NULL"
    words = " || ".join(
        f"CASE WHEN {dialect.quote(flag.cell)} THEN ' {flag_word(flag)}' ELSE '' END"
        for flag in flags
    )
    anything = " OR ".join(dialect.quote(flag.cell) for flag in flags)
    return f"CASE WHEN {anything} THEN substr({words}, 2) END"


def flag_word(flag: FlagCell) -> str:
    """kind, programme and fact, as they are known."""
    return ":".join(filter(None, [flag.kind, flag.programme, flag.fact]))
