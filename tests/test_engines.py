"""Every engine gives the same cells: SQLite at the counter, DuckDB in a batch.

One county holds all that makes an answer hard (registers that are stale, partial, missing or need
a consent, cells that are empty, persons without a number or listed twice, cases at work); whatever
SQLite says of it, DuckDB says, and what a batch writes is the same in every column.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from conftest import PAPERLESS_ANSWERS, Runner, plain_environment
from handled import handled

from yimen.core.casework.county_runs import county_run
from yimen.core.casework.desk import Desk
from yimen.core.casework.operators import sit_down
from yimen.core.casework.selecting import current_roster, select
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.compiler import Compiler
from yimen.core.rules.engines import Cells, Selection
from yimen.core.rules.engines.duckdb import DuckdbEngine
from yimen.core.rules.engines.sqlite import SqliteEngine
from yimen.core.rules.inputs import parameters, readings_on, standards_on
from yimen.core.rules.statement import SELECTION_COLUMNS, Statement
from yimen.core.store import roster
from yimen.core.store.home import open_home
from yimen.core.store.lake import Lake

TODAY = date(2026, 11, 20)
ENGINES = ("sqlite", "duckdb")
GRANT = (
    ["receive"],
    ["accept"],
    ["decide", "granted", "--amount", "100", "--from", "2026-11", "--basis", "SAL §18"],
    ["complete"],
)


@dataclass(frozen=True)
class Answers:
    """What both engines said of one selection."""

    statements: Mapping[str, Statement]
    rows: Mapping[str, list[Cells]]
    selection: Selection

    def values(self, prefix: str) -> Counter[Any]:
        """How often each value stands in the columns of a prefix, as SQLite says."""
        rows = self.rows["sqlite"]
        names = [name for name in rows[0] if name.startswith(prefix)]
        return Counter(row[name] for row in rows for name in names)


@pytest.fixture(scope="module")
def hard_county(tmp_path_factory: pytest.TempPathFactory, shared_catalogue: Catalogue) -> Path:
    """Files of 150 households: a stale register, a partial one, none of legal aid, empty cells."""
    from yimen.core.synthetic.writer import write_county

    folder = tmp_path_factory.mktemp("hard") / "files"
    sources = list(shared_catalogue.sources.values())
    write_county(folder, households=150, seed=11, as_of=TODAY, sources=sources)
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    given = {file["source"]: file for file in manifest["files"]}
    given["medical.disease"]["as_of"] = "2026-03-31"
    given["civil.pension"]["covers"] = ["370499101"]
    manifest["files"] = [f for name, f in given.items() if name != "legal.aid"]
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    story = json.loads((folder / "truth.json").read_text("utf-8"))["stories"]
    kept = {one["id_number"] for one in story}
    empty(folder / given["civil.hukou"]["file"], "身份证号", kept, every=19)
    empty(folder / given["civil.tax_income"]["file"], "金额（元）", kept, every=5)
    return folder


def empty(file: Path, column: str, but_of: set[str], *, every: int) -> None:
    """Empties a column's cell in every so many rows of a register file."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    for place, row in enumerate(rows):
        if place % every == 0 and row["身份证号"] not in but_of:
            row[column] = ""
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def hard_home(
    tmp_path_factory: pytest.TempPathFactory, hard_county: Path, _pristine_empty_home: Path
) -> Path:
    """That county at work: a family whose aid is granted, one that waits, one that said something.

    The lake is filled as the registers are loaded.
    """
    folder = tmp_path_factory.mktemp("hard_home")
    paper = folder / "signed.txt"
    paper.write_text("signed\n", "utf-8")
    yimen = Runner(Path(shutil.copytree(_pristine_empty_home, folder / "home")))
    stories = {
        story["story"]: story
        for story in json.loads((hard_county / "truth.json").read_text("utf-8"))["stories"]
    }
    papers = ["--authorisation", paper, "--pledge", paper]
    answers = [word for answer in PAPERLESS_ANSWERS for word in ("--answer", answer)]
    with plain_environment():
        yimen("source", "load", "--all", hard_county)
        for department in ("civil", "medical", "education"):
            yimen("operator", "add", department, "--name", department, "--role", "department",
                  "--department", department)  # fmt: skip
        number = stories["eligible"]["id_number"]
        case = yimen.json("intake", number, "--no-ask", *papers, *answers)["application_no"]
        yimen("check", case)
        for referral in yimen.json("dispatch", case)["referrals"][:3]:
            handled(yimen.home, referral["referral_no"])
            for step in GRANT:
                desk = yimen if step[0] == "complete" else yimen.acting_as(referral["department"])
                desk("referral", step[0], referral["referral_no"], *step[1:])
        yimen("intake", stories["refused"]["id_number"], "--no-ask", *papers, *answers)
        yimen("intake", stories["unknown"]["id_number"], "--no-ask", *answers)
        somebody = yimen.json("check", "--all", "--engine", "sqlite")[0]["household_no"]
        yimen("household", "verify", somebody, "civil.emergency_event=FIRE", "--source", "visit")
    return yimen.home


@pytest.fixture(scope="module")
def hard_desk(hard_home: Path) -> Iterator[Desk]:
    with plain_environment():
        home = open_home(hard_home, today=TODAY)
        yield sit_down(home)
        home.close()


@pytest.fixture(scope="module")
def answers(hard_desk: Desk, shared_catalogue: Catalogue) -> Answers:
    """Both statements with all their cells, and what they said of all households."""
    catalogue, home = shared_catalogue, hard_desk.home
    table = current_roster(hard_desk, catalogue, TODAY)
    everybody = roster.all_households(home, table)
    selected = select(hard_desk, catalogue, everybody, table=table, facts_as_of=TODAY).selection
    pack, versions = catalogue.pack_on(TODAY), catalogue.versions_on(TODAY)
    statements = {
        name: Compiler(catalogue, pack, versions, frozenset(), "digest", name).compile()
        for name in ENGINES
    }
    readings = readings_on(home, catalogue, statements["sqlite"].sources, TODAY)
    standards = standards_on(home, catalogue, statements["sqlite"].standards, TODAY)
    values = parameters(statements["sqlite"], readings, standards, TODAY)
    with Lake(home) as lake:
        engines = {
            "sqlite": SqliteEngine(home.registers, catalogue),
            "duckdb": DuckdbEngine(lake, catalogue),
        }
        rows = {
            name: engine.run(statements[name], readings, values, selected)
            for name, engine in engines.items()
        }
    return Answers(statements, rows, selected)


def test_both_engines_say_the_same_in_every_cell(answers: Answers) -> None:
    ours, theirs = answers.rows["sqlite"], answers.rows["duckdb"]
    assert len(ours) == len(theirs) == len(answers.selection.persons) > 300
    assert set(ours[0]) <= set(theirs[0])
    differing = [
        (row["household_no"], row["member_no"], name, value, other[name])
        for row, other in zip(ours, theirs, strict=True)
        for name, value in row.items()
        if (value, type(value)) != (other[name], type(other[name]))
    ]
    assert differing == []


def test_the_cells_of_a_report_are_the_same_columns_in_both_engines(answers: Answers) -> None:
    sqlite, duckdb = (answers.statements[name] for name in ENGINES)
    for name in ("sources", "standards", "pack", "programmes", "flags"):
        assert getattr(sqlite, name) == getattr(duckdb, name)
    assert sqlite.columns == duckdb.columns == list(sqlite.results)


def test_the_county_has_everything_that_makes_an_answer_hard(answers: Answers) -> None:
    assert set(answers.values("s:")) == {
        "hit", "no_hit", "mismatch", "stale", "not_covered", "not_loaded", "no_consent",
    }  # fmt: skip
    for prefix in ("o:", "c:", "g:", "counted"):
        assert set(answers.values(prefix)) == {0, 1, None}
    assert {0, 1} <= set(answers.values("x:"))
    given = answers.selection
    persons = [dict(zip(SELECTION_COLUMNS, person, strict=True)) for person in given.persons]
    assert any(p["id_number"] is None for p in persons)
    assert any(p["shared"] for p in persons)
    assert {p["case_open"] for p in persons} == {0, 1}
    assert given.granted
    assert {type(v) for __, __, verified, said in given.recorded for v in (verified, said)} >= {
        int, str, type(None),
    }  # fmt: skip
    assert given.benefits
    assert len(given.answers) > len(given.benefits)


def test_a_batch_writes_the_same_columns_whichever_engine_runs_it(
    hard_desk: Desk, shared_catalogue: Catalogue
) -> None:
    found: dict[str, list[tuple[Any, ...]]] = {}
    for engine in ENGINES:
        run = county_run(hard_desk, shared_catalogue, "screen", engine=engine)
        for _done in run.go():
            pass
        names = ", ".join(f'"{n}"' for n in run.ruling.statement.columns if n != "k")
        found[engine] = list(
            run.files.query(f"SELECT {names} FROM {{rows}} ORDER BY household_no, k")
        )
        run.close()
    assert found["sqlite"] == found["duckdb"]
    assert len(found["sqlite"]) > 300
    said = {cell for row in found["sqlite"] for cell in row}
    assert {"eligible", "ineligible", "unknown", "yes", "no"} <= said
