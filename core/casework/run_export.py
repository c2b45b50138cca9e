"""Writes a run's results as one file: a row a household and a row a member, programmes as columns.

What is said of the household stands in its own row, whose member is empty; a member's row has the
programmes of persons. Rows come in order, so that the same answers give the same file.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from yimen.core.errors import BadInput
from yimen.core.i18n import _
from yimen.core.rules.view import Ruling
from yimen.core.store.run_files import ParquetRun, RunFiles
from yimen.core.store.runs import EngineName

KEYS = ("household_no", "member_no", "division", "flags")
KINDS = ("parquet", "csv", "jsonl")
Cell = int | str | None


def kind_of(path: Path, engine: EngineName) -> str:
    """The form that the file's name asks for, if a run of this engine can be written so.

    `BadInput` names the forms there are.
    """
    kind = path.suffix.removeprefix(".").lower()
    if kind not in KINDS:
        raise BadInput(
            _("'{name}' does not end in the name of a form.").format(name=path.name),
            next_step=_("End it in .parquet, .csv or .jsonl."),
        )
    if kind == "parquet" and engine != "duckdb":
        raise BadInput(
            _("A run without DuckDB writes no Parquet."),
            next_step=_("End the file in .csv or .jsonl."),
        )
    return kind


def export(ruling: Ruling, files: RunFiles, kind: str, path: Path) -> None:
    """Writes the results to a file of one form, which `kind_of` allowed."""
    if kind == "parquet":
        assert isinstance(files, ParquetRun), "kind_of allows Parquet to DuckDB alone"
        files.write(_query(ruling), path)
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        names = column_names(ruling)
        rows = files.query(_query(ruling))
        (_write_csv if kind == "csv" else _write_jsonl)(file, names, rows)


def column_names(ruling: Ruling) -> list[str]:
    """The file's columns in order."""
    own = [n for n in ruling.statement.columns if n.partition(".")[0] in ruling.versions]
    return [*KEYS, *own]


def _query(ruling: Ruling) -> str:
    units = {name: ruling.catalogue.programmes[name].unit for name in ruling.versions}
    own = column_names(ruling)[len(KEYS) :]

    def cells(unit: str) -> str:
        return ", ".join(
            f'"{n}"' if units[n.partition(".")[0]] == unit else f'NULL AS "{n}"' for n in own
        )

    order = ", ".join(f'"{name}"' for name in (*KEYS, *own))
    return (
        f"SELECT {order} FROM (SELECT household_no, NULL AS member_no, division,"
        f" household_flags AS flags, {cells('household')}, k, 0 AS own FROM {{rows}}"
        f" WHERE first_row = 1 UNION ALL SELECT household_no, member_no, division, flags,"
        f" {cells('person')}, k, 1 AS own FROM {{rows}}) AS subjects ORDER BY household_no, own, k"
    )


def _write_csv(file: TextIO, names: Sequence[str], rows: Iterator[tuple[Cell, ...]]) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(rows)


def _write_jsonl(file: TextIO, names: Sequence[str], rows: Iterator[tuple[Cell, ...]]) -> None:
    for row in rows:
        cells = {n: v for n, v in zip(names, row, strict=True) if v is not None}
        file.write(json.dumps(cells, ensure_ascii=False) + "\n")
