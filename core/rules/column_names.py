"""Turns the names of an expression into the statement's columns and parameters.

Who asks matters: a person's expression sees own facts, a household's sees them rolled up.
"""

from __future__ import annotations

from collections.abc import Callable

from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.dialects import Dialect
from yimen.core.rules.statement import extract_parameter, standard_parameter


class ColumnNames:
    """Resolves names for one statement, and remembers which standards it needs."""

    def __init__(self, catalogue: Catalogue, dialect: Dialect) -> None:
        self._catalogue = catalogue
        self.dialect = dialect
        self._quote = dialect.quote
        self.standards: set[str] = set()

    def of_row(self, source: str) -> Callable[[str], str]:
        """Names in a condition over a source's rows: its columns, and the day of its extract."""
        day = self.dialect.parameter(extract_parameter(source))
        return lambda name: day if name == "EXTRACT_DATE" else f"s.{self._quote(name)}"

    def own_person(self, name: str) -> str:
        """A name in a person's fact or in the rule of who counts: nothing of the household yet."""
        if name in self._catalogue.standards:
            return self._standard(name, "zone")
        return self._quote(f"f:{name}") if name in self._catalogue.facts else name

    def household(self, name: str) -> str:
        """A name in a household's expression."""
        if name in self._catalogue.standards:
            return self._standard(name, "hh_zone")
        if name == "zone":
            return "hh_zone"
        return self._quote(f"hf:{name}") if name in self._catalogue.facts else name

    def person(self, name: str) -> str:
        """A name in a person programme's criterion: own facts, and the household's own."""
        fact = self._catalogue.facts.get(name)
        if fact is not None:
            return self._quote(f"{'f' if fact.unit == 'person' else 'hf'}:{name}")
        return self.own_person(name)

    def _standard(self, name: str, zone: str) -> str:
        self.standards.add(name)
        if not self._catalogue.standards[name].by_zone:
            return self.dialect.parameter(standard_parameter(name))
        zones = " ".join(
            f"WHEN '{z}' THEN {self.dialect.parameter(standard_parameter(name, z))}"
            for z in ("URBAN", "RURAL")
        )
        return f"(CASE {zone} {zones} END)"
