"""A chain's steps, set so that each row is handed on as seldom as can be.

An engine that takes rows one by one copies all columns from step to step. So what is cheap stands
in the text of its readers, and a column is computed in the first step that knows what it reads.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Step:
    """One query of a chain: its columns, what follows the one before it in FROM, and those of its
    columns that only later steps may see.

    A step is `merged` into the one before it where that one's columns are cheap.
    """

    columns: dict[str, str]
    rest: str
    hidden: frozenset[str] = frozenset()
    merged: bool = False


def step(
    columns: Sequence[str], rest: str = "", hidden: Sequence[str] = (), *, merged: bool = False
) -> Step:
    """A step of these columns, `expression AS name` or a plain name."""
    return Step(by_name([*columns, *hidden]), rest, frozenset(by_name(hidden)), merged)


def by_name(columns: Sequence[str]) -> dict[str, str]:
    """Name -> the text of its column."""
    return {c.rpartition(" AS ")[2].removeprefix("m.").strip('"[]'): c for c in columns}


def scheduled(steps: Sequence[Step]) -> tuple[Step, ...]:
    """The steps with merged ones joined, and each column where it can be computed first."""
    return _hoisted(_joined(steps))


def _joined(steps: Sequence[Step]) -> list[Step]:
    found = list[Step]()
    for given in steps:
        if not (given.merged and found):
            found.append(given)
            continue
        before = found.pop()
        told = {n: text.rpartition(" AS ")[0] or text for n, text in before.columns.items()}
        columns = {n: _with(text, told) for n, text in given.columns.items()}
        found.append(
            replace(
                before,
                columns=before.columns | columns,
                rest=before.rest + given.rest,
                hidden=before.hidden | given.hidden,
            )
        )
    return found


def _hoisted(steps: Sequence[Step]) -> tuple[Step, ...]:
    # The first step's rows may be groups, in which no later column can be computed.
    placed = dict.fromkeys(steps[0].columns, 0)
    columns: list[dict[str, str]] = [{} for __ in steps]
    columns[0] = dict(steps[0].columns)
    for place, given in enumerate(steps[1:], 1):
        for name, text in given.columns.items():
            reads = (placed[read] for read in names_in(text) - {name} if read in placed)
            first = place if given.rest else 1 + max(reads, default=0)
            columns[first][name] = text
        placed |= {n: p for p, held in enumerate(columns) for n in held}
    return tuple(replace(s, columns=c) for s, c in zip(steps, columns, strict=True))


def _with(text: str, told: Mapping[str, str]) -> str:
    """A text with these names in the words of their columns."""

    def put(found: re.Match[str]) -> str:
        name = found[1] or found[2] or found[3]
        qualified = text[: found.start()].endswith(".") or text[found.end() :].startswith(".")
        if not name or qualified or name not in told:
            return found[0]
        return told[name] if _PLAIN.fullmatch(told[name]) else f"({told[name]})"

    expression, word, name = text.rpartition(" AS ")
    return NAMES.sub(put, expression) + word + name if word else NAMES.sub(put, text)


_PLAIN = re.compile(r"[\w.]+|\[[^\]]*\]|\"[^\"]*\"")
NAMES = re.compile(r"""'(?:[^']|'')*'|"([^"]+)"|\[([^\]]+)\]|([A-Za-z_][A-Za-z0-9_]*)""")


def names_in(text: str) -> set[str]:
    """The words of a SQL text that may be names: quoted or plain, and no constants."""
    return {a or b or c for a, b, c in NAMES.findall(text)} - {""}
