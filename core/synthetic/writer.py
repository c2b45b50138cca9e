"""Writes the made-up county as files: one CSV per source, manifest.json and truth.json.

Headers and spellings come from the departments' declarations, so a file is what that department's
own extract would be. The manifest is written last: without it there is no county to load. Nothing
here reads a home or the clock, and the same arguments give the same bytes.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any, Literal, TextIO, TypedDict

from yimen.core.declarations import Source, SourceColumn
from yimen.core.errors import BadFile, BadValue
from yimen.core.i18n import _
from yimen.core.identity import SYNTHETIC_COUNTY
from yimen.core.money import format_yuan
from yimen.core.synthetic.county import County
from yimen.core.synthetic.planted import Planted
from yimen.core.synthetic.registers import WRITTEN, Cell, Row, Spelled
from yimen.core.synthetic.stories import Story
from yimen.core.words.files import reason_of

KEY_HEADERS = ("姓名", "身份证号")
_FIRST_DAY, _LAST_DAY = date(2001, 1, 1), date(2099, 12, 31)
_BETWEEN_REPORTS = 200


class ManifestFile(TypedDict):
    """One file of a county: which source it is an extract of, of which day and place."""

    file: str
    source: str
    as_of: str
    covers: list[str]
    rows: int
    encoding: str


class Manifest(TypedDict):
    """What `source load --all` reads first."""

    seed: int
    as_of: str
    synthetic: bool
    files: list[ManifestFile]


def write_county(
    directory: Path,
    *,
    households: int,
    seed: int,
    as_of: date,
    encoding: Literal["utf-8", "gb18030"] = "utf-8",
    sources: Sequence[Source],
    progress: Callable[[int, int], None] | None = None,
) -> Manifest:
    """Writes a county of so many households into a folder and returns its manifest.

    A source that the generator does not know gets no file, so that what it would show stays
    unknown. `progress` is told the households done and their total. `BadValue` for fewer than one
    household or a day outside 2001–2099, `BadFile` where the folder cannot be written.
    """
    if households < 1:
        raise BadValue(
            _("A county of {households} households cannot be made.").format(households=households),
            next_step=_("Ask for at least one."),
        )
    if not _FIRST_DAY <= as_of <= _LAST_DAY:
        raise BadValue(
            _("A county cannot be made as of {day}.").format(day=as_of),
            next_step=_("Choose a day from {first} to {last}.").format(
                first=_FIRST_DAY, last=_LAST_DAY
            ),
        )
    sources = [source for source in sources if source.source in WRITTEN]
    county = County(households=households, seed=seed, as_of=as_of)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "manifest.json").unlink(missing_ok=True)
        counts, planted, stories = _write_registers(
            directory, county, encoding, sources, progress or (lambda _done, _total: None)
        )
        manifest = Manifest(
            seed=seed,
            as_of=as_of.isoformat(),
            synthetic=True,
            files=[
                ManifestFile(
                    file=_file_name(source),
                    source=source.source,
                    as_of=as_of.isoformat(),
                    covers=[SYNTHETIC_COUNTY],
                    rows=counts[source.source],
                    encoding=encoding,
                )
                for source in sources
            ],
        )
        truth = {"seed": seed, "households": households, "planted": planted, "stories": stories}
        _write_json(directory / "truth.json", truth)
        _write_json(directory / "manifest.json", manifest)
    except OSError as error:
        raise BadFile(
            _("The county's files cannot be written: {reason}.").format(reason=reason_of(error)),
            where=str(directory),
            next_step=_("Choose a folder on this machine that you may write to."),
        ) from error
    return manifest


def _write_registers(
    directory: Path,
    county: County,
    encoding: str,
    sources: Sequence[Source],
    progress: Callable[[int, int], None],
) -> tuple[dict[str, int], list[Planted], list[Story]]:
    """Writes every row as it is made; the rows of each source are counted."""
    planted: list[Planted] = []
    stories: list[Story] = []
    with ExitStack() as open_files:
        files = {
            source.source: _RegisterFile(
                source,
                open_files.enter_context(
                    (directory / _file_name(source)).open("w", encoding=encoding, newline="")
                ),
            )
            for source in sources
        }
        for done, household in enumerate(county.households(), start=1):
            for row in household.rows:
                if (file := files.get(row.source)) is not None:
                    file.write(row)
            planted += household.planted
            stories += [household.story] if household.story else []
            if done % _BETWEEN_REPORTS == 0 or done == county.size:
                progress(done, county.size)
    return {name: file.rows for name, file in files.items()}, planted, stories


class _RegisterFile:
    """One source's file: the key columns, then the declared ones in their order."""

    def __init__(self, source: Source, stream: TextIO) -> None:
        self._out = csv.writer(stream, lineterminator="\n")
        self._columns = [(column.column, _speller(column)) for column in source.columns]
        self._out.writerow([*KEY_HEADERS, *(column.names.zh for column in source.columns)])
        self.rows = 0

    def write(self, row: Row) -> None:
        """Writes one row; a column that the generator does not know stays empty."""
        cells = row.cells
        self._out.writerow(
            [row.name, row.id_number, *(spell(cells.get(name)) for name, spell in self._columns)]
        )
        self.rows += 1


def _speller(column: SourceColumn) -> Callable[[Cell], str]:
    """How a column's values are spelled in the department's own files; what is open stays empty."""
    if column.type == "money":
        return lambda value: format_yuan(value) if isinstance(value, int) else ""
    if column.type == "boolean":
        return lambda value: {True: "是", False: "否"}[value] if isinstance(value, bool) else ""
    if column.type == "code":
        return lambda value: _spelled_code(column, value)
    return lambda value: "" if value is None else str(value)


def _spelled_code(column: SourceColumn, value: Cell) -> str:
    """The clerk's choice if the source declares it, else the first declared spelling."""
    if value is None:
        return ""
    code, wish = value if isinstance(value, Spelled) else (str(value), "")
    spellings = column.codes.get(code, [])
    return wish if wish in spellings else next(iter(spellings), code)


def _file_name(source: Source) -> str:
    """The name of a source's file."""
    return f"{source.source}.csv"


def _write_json(path: Path, content: Any) -> None:
    """Writes a JSON file that a person can read, in UTF-8 whatever the registers are in."""
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
