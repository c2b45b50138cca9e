"""The letters of a programme's criteria, and the columns that bring their results there."""

from __future__ import annotations

from dataclasses import dataclass

from yimen.core.declarations import ProgrammeVersion
from yimen.core.rules.dialects import Dialect


@dataclass(frozen=True)
class Letters:
    """One letter a criterion: p(ass), f(ail), ? unknown.

    With `packs`, results reach their letters as few columns, l:PROGRAMME:N, if the dialect's engine
    pays for each that is handed on.
    """

    dialect: Dialect
    packs: bool

    def columns(self, name: str, version: ProgrammeVersion) -> list[str]:
        """The packed columns, over the results of the programme's criteria."""
        packed = self._packed(self._results(name, version))
        return [f"{sql} AS {cell}" for cell, sql in self._named(name, packed).items()]

    def text(self, name: str, version: ProgrammeVersion) -> str:
        """The letters in the order of the criteria."""
        results = self._results(name, version)
        return self.dialect.letters(results, list(self._named(name, self._packed(results))))

    def _results(self, name: str, version: ProgrammeVersion) -> list[str]:
        return [self.dialect.quote(f"c:{name}:{c.criterion}") for c in version.criteria]

    def _packed(self, results: list[str]) -> list[str]:
        return self.dialect.packed(results) if self.packs else []

    def _named(self, name: str, packed: list[str]) -> dict[str, str]:
        return {self.dialect.quote(f"l:{name}:{place}"): sql for place, sql in enumerate(packed)}
