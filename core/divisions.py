"""Administrative divisions: GB/T 2260 (6 digits), GB/T 10114 towns (9) and villages (12).

Inside there is one spelling, 12 digits with zeros on the right; a scope is the part before those
zeros. Villages have no list here: they merge and split every year, so a village is known by its
town. This file must never widen a scope: a code it cannot read covers nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from yimen.core.errors import UnknownDivision
from yimen.core.i18n import _, pick
from yimen.core.spelling import plain_number

Level = Literal["province", "prefecture", "county", "town", "village"]

_LEVELS: Mapping[int, Level] = {
    2: "province",
    4: "prefecture",
    6: "county",
    9: "town",
    12: "village",
}
_SHAPE = re.compile(r"[0-9]{6}|[0-9]{9}|[0-9]{12}")
_LISTED_IN = Path(__file__).with_name("divisions.csv")


@dataclass(frozen=True, slots=True)
class _Listed:
    """One row of divisions.csv."""

    name: Mapping[str, str]
    synthetic: bool


@cache
def _listed() -> Mapping[str, _Listed]:
    """The rows of divisions.csv by scope prefix: 37, 3704, 370481, 370481001."""
    import csv

    with _LISTED_IN.open(encoding="utf-8", newline="") as file:
        return {
            scope_prefix(row["code"].ljust(12, "0")): _Listed(
                {"zh": row["name_zh"], "en": row["name_en"]}, row["synthetic"] == "1"
            )
            for row in csv.DictReader(file)
        }


def scope_prefix(code12: str) -> str:
    """The digits of a 12-digit code before its empty levels: 370481000000 gives 370481."""
    if not (len(code12) == 12 and code12.isascii() and code12.isdigit()):
        raise ValueError("not a normalised division code")
    return next(code12[:width] for width in _LEVELS if not code12[width:].strip("0"))


def covers(scope12: str, code12: str) -> bool:
    """Whether a scope contains a division, both 12 digits; a division contains itself."""
    return scope_prefix(code12).startswith(scope_prefix(scope12))


def level(code12: str) -> Level:
    """Which of the five levels a 12-digit code is."""
    return _LEVELS[len(scope_prefix(code12))]


def normalise_division(code: str, *, synthetic: bool) -> str:
    """The 12 digits of a code of 6, 9 or 12; `UnknownDivision` names the part that is not known.

    A village is taken when its town is listed. `synthetic` is the home's own kind: the made-up
    county is known in a synthetic home only.
    """
    plain = plain_number(code)
    if not _SHAPE.fullmatch(plain):
        # The text is not repeated: what stands in the wrong column is often an ID number.
        raise UnknownDivision(
            _("A division code has 6, 9 or 12 digits; this has {count} characters.").format(
                count=len(plain)
            )
            if len(plain) not in (6, 9, 12)
            else _("A division code is made of digits alone."),
            next_step=_("Write it as 370481 (county), 370481001 (town) or 370481001002 (village)."),
        )
    code12 = plain.ljust(12, "0")
    listed = _listed()
    prefix = scope_prefix(code12)
    for width in _LEVELS:
        if width > len(prefix) or width == 12:
            break
        part = prefix[:width]
        if part not in listed:
            raise _unknown(code12, part, synthetic=synthetic)
        if listed[part].synthetic and not synthetic:
            raise UnknownDivision(
                _("Division {code} is in the made-up county {county}.").format(
                    code=code12, county=part
                ),
                next_step=_("Use a real division, or a home made with --synthetic."),
            )
    return code12


def _unknown(code12: str, part: str, *, synthetic: bool) -> UnknownDivision:
    """The error for a code whose leading `part` is in no list, with what is listed beside it."""
    sentence = {
        2: _("Division {code} is not known: no province has the code {part}."),
        4: _("Division {code} is not known: no prefecture has the code {part}."),
        6: _("Division {code} is not known: no county has the code {part}."),
        9: _("Division {code} is not known: no town or street has the code {part}."),
    }[len(part)]
    parent = next((part[:width] for width in (6, 4, 2) if width < len(part)), "")
    beside = sorted(
        other
        for other, row in _listed().items()
        if len(other) == len(part) and other.startswith(parent) and (synthetic or not row.synthetic)
    )
    return UnknownDivision(
        sentence.format(code=code12, part=part),
        next_step=_("Listed there: {codes}.").format(codes=_in_runs(beside))
        if beside
        else _("Nothing is listed below {name}; use its own code {code}.").format(
            name=pick(_listed()[parent].name), code=parent.ljust(6, "0")
        ),
    )


def _in_runs(codes: list[str]) -> str:
    """Sorted codes in short: 370481001-370481005, 370481101."""
    runs: list[tuple[str, str]] = []
    for code in codes:
        if runs and int(code) == int(runs[-1][1]) + 1:
            runs[-1] = (runs[-1][0], code)
        else:
            runs.append((code, code))
    return ", ".join(first if first == last else f"{first}-{last}" for first, last in runs)


def division_name(code12: str) -> str:
    """The name in the language in force; a village is its town and its code, the rest a code."""
    prefix = scope_prefix(code12)
    if row := _listed().get(prefix):
        return pick(row.name)
    town = _listed().get(prefix[:9]) if len(prefix) == 12 else None
    return f"{pick(town.name)} {code12}" if town else code12


def place_name(code12: str) -> str:
    """The name for a paper that hangs or is handed out: a village without one is its town.

    Empty where nothing of it has a name; a code says nothing to a citizen.
    """
    prefix = scope_prefix(code12)
    row = _listed().get(prefix) or _listed().get(prefix[:9])
    return pick(row.name) if row else ""


def division_title(code: str) -> str:
    """A division's name and code; a village without a name of its own is its town and code."""
    name = division_name(code)
    return name if code in name else f"{name} {code}"
