"""A screening of a county: what it reads, what it says of every household, and to whom.

The answers are compared with the explained reports of the same households, and between engines.
"""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from yimen.core.store.duckdb_start import is_installed

OVERLAPS = {"duplicate", "multi_source", "missed", "wrongly_kept"}
TOWN, OTHER_TOWN = "370499101", "370499201"


def rows_of(answers: bytes) -> list[dict[str, str]]:
    """The lines of an exported CSV file."""
    return list(csv.DictReader(io.StringIO(answers.decode("utf-8"))))


def said_of_households(rows: list[dict[str, str]]) -> dict[str, dict[str, str]]:
    """The rows that speak of a household as a whole."""
    return {row["household_no"]: row for row in rows if not row["member_no"]}


# -- what is read --------------------------------------------------------------------------------


def test_a_screening_reads_no_register_that_needs_a_consent_even_where_there_is_one(
    civil: Any, civil_stories: Any
) -> None:
    family = civil_stories["eligible"]["household_no"]
    checked = civil.json("check", "--household", family)
    reports = civil("screen", "--explain").rows
    (screened,) = (r for r in reports if r["household_no"] == family)
    assert checked["facts"]["civil.savings"]["status"] in ("hit", "no_hit")
    assert checked["facts"]["civil.savings"]["value"] is not None
    assert screened["facts"]["civil.savings"]["status"] == "no_consent"
    assert screened["facts"]["civil.savings"]["value"] is None
    assert screened["facts"]["civil.wage_year"] == checked["facts"]["civil.wage_year"]


def test_the_columns_say_what_the_reports_of_the_same_households_say(
    civil: Any, answers_of: Callable[..., bytes]
) -> None:
    rows = rows_of(answers_of(civil, "--engine", "sqlite"))
    households = said_of_households(rows)
    members = {(r["household_no"], r["member_no"]): r for r in rows}
    reports = civil("screen", "--explain").rows
    assert {r["household_no"] for r in reports} == set(households)
    outcomes = Counter[str]()
    for report in reports:
        number = report["household_no"]
        for said in report["programmes"]:
            name = said["programme"]
            if f"{name}.criteria" not in rows[0]:
                # It rests on a department that this county has not.
                assert said["outcome"] == "unknown"
                assert {r[name] for r in rows} <= {"unknown", ""}
                continue
            row = members[number, said["member"]] if said["member"] else households[number]
            assert row[name] == said["outcome"], (number, name)
            letters = "".join(
                {"pass": "p", "fail": "f", "unknown": "?"}[c["result"]] for c in said["criteria"]
            )
            assert row[f"{name}.criteria"] == letters
            assert row[f"{name}.receiving"] == {True: "yes", False: "no"}.get(
                said["receiving"], "unknown"
            )
            if f"{name}.amount_fen" in row:
                assert row[f"{name}.amount_fen"] == str(said["amount_fen"] or "")
            outcomes[said["outcome"]] += 1
    assert min(outcomes[word] for word in ("eligible", "ineligible", "unknown")) > 0


def test_the_flags_are_those_of_the_reports(civil: Any) -> None:
    flags = civil("screen", "--engine", "sqlite", "--flags", "--format", "jsonl").rows
    assert list(flags[0]) == ["household_no", "kind", "member", "programme", "fact"]
    reports = civil("screen", "--explain").rows
    wanted = Counter(
        (r["household_no"], f["kind"], f["member"], f["programme"])
        for r in reports
        for f in r["flags"]
    )
    seen = Counter((f["household_no"], f["kind"], f["member"], f["programme"]) for f in flags)
    assert seen == wanted
    assert len(seen) > 3


# -- the same again ------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["screen", "check"])
def test_the_answers_are_the_same_whatever_the_engine_and_the_size_of_its_parts(
    civil: Any, answers_of: Callable[..., bytes], kind: str
) -> None:
    first = answers_of(civil, "--engine", "sqlite", kind=kind)
    assert first.count(b"\n") > (200 if kind == "screen" else 10)
    # A few large parts and many small ones are seated in two ways.
    for words in (["sqlite", "--chunk", 5], ["sqlite", "--chunk", 7], ["sqlite", "--chunk", 1000],
                  ["duckdb"], ["duckdb", "--chunk", 75]):  # fmt: skip
        assert answers_of(civil, "--engine", *words, kind=kind) == first, words


def test_duckdb_is_the_engine_where_it_is_installed_and_sqlite_where_it_is_not(
    civil: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from yimen.core.store import duckdb_start

    with_it = civil("screen").err
    monkeypatch.setattr(duckdb_start, "is_installed", lambda: False)
    without = civil("screen").err
    assert "engine duckdb" in with_it
    assert "engine sqlite" in without
    said = civil("screen", "--engine", "duckdb", code=4)
    assert "DuckDB is not installed here. Install it" in said.err
    assert said.out == ""


def test_a_part_without_a_household_is_refused(civil: Any) -> None:
    for size in ("0", "-5"):
        said = civil("screen", "--engine", "sqlite", "--chunk", size, code=5)
        assert "A part has at least one household. Give --chunk" in said.err
    assert civil.json("screen", "--runs") == []


# -- what is shown -------------------------------------------------------------------------------


def test_the_counts_are_those_of_the_columns(civil: Any, answers_of: Callable[..., bytes]) -> None:
    rows = rows_of(answers_of(civil, "--engine", "sqlite"))
    shown = civil.json("screen", "--engine", "sqlite")
    assert shown["run"]["households"] == 120
    assert shown["stale"] == []
    for count in shown["programmes"]:
        name = count["programme"]
        for outcome in ("eligible", "ineligible", "unknown"):
            assert count[outcome] == sum(row[name] == outcome for row in rows), name
        received = [row.get(f"{name}.receiving") for row in rows]
        assert count["receiving"] == received.count("yes")
    flags = civil("screen", "--engine", "sqlite", "--flags", "--format", "jsonl").rows
    assert shown["flagged"] == dict(sorted(Counter(f["kind"] for f in flags).items()))


def test_the_list_has_one_line_a_household(civil: Any, answers_of: Callable[..., bytes]) -> None:
    rows = rows_of(answers_of(civil, "--engine", "sqlite"))
    listed = civil.json("screen", "--engine", "sqlite", "--list")
    assert list(listed[0]) == ["household_no", "eligible", "unknown", "receiving", "flags"]
    assert [line["household_no"] for line in listed] == sorted(said_of_households(rows))
    for line in listed:
        own = [row for row in rows if row["household_no"] == line["household_no"]]
        for word in ("eligible", "unknown"):
            assert line[word] == sorted({n for row in own for n, v in row.items() if v == word
                                         and "." not in n})  # fmt: skip


def test_a_division_is_screened_as_it_is_within_the_county(
    civil: Any, answers_of: Callable[..., bytes]
) -> None:
    everything = rows_of(answers_of(civil, "--engine", "sqlite"))
    towns = {row["division"][:9] for row in everything}
    assert len(towns) > 1
    town = min(towns)
    own = rows_of(answers_of(civil, "--engine", "sqlite", "--division", town))
    assert own == [row for row in everything if row["division"].startswith(town)]
    assert rows_of(answers_of(civil, "--engine", "duckdb", "--division", town)) == own


@pytest.mark.parametrize("engine", ["sqlite", "duckdb"])
def test_a_division_where_nobody_lives_or_receives_has_no_answers(
    civil: Any, answers_of: Callable[..., bytes], engine: str
) -> None:
    everything = rows_of(answers_of(civil, "--engine", "sqlite", kind="check"))
    lived_in = {row["division"] for row in rows_of(answers_of(civil, "--engine", "sqlite"))}
    nowhere = min(lived_in - {row["division"] for row in everything})
    words = ["check", "--all", "--engine", engine, "--division", nowhere]
    assert civil.json(*words) == []
    assert civil(*words, "--flags", "--format", "jsonl").out == ""
    assert rows_of(answers_of(civil, *words[2:], kind="check")) == []


def test_the_runs_are_listed_with_what_they_were_about(civil: Any) -> None:
    civil("screen", "--engine", "sqlite")
    civil("check", "--all", "--engine", "sqlite", "--division", TOWN)
    runs = civil.json("screen", "--runs")
    assert [r["run_no"] for r in runs] == ["S2026-00001", "S2026-00002"]
    assert [r["kind"] for r in runs] == ["screen", "check"]
    assert {(r["state"], r["engine"], r["facts_as_of"]) for r in runs} == {
        ("done", "sqlite", "2026-11-20")
    }
    assert runs[1]["division"].startswith(TOWN)
    assert runs[0]["households"] == 120


# -- the file ------------------------------------------------------------------------------------


def test_a_file_has_the_same_answers_in_every_form(civil: Any, tmp_path: Path) -> None:
    import duckdb

    files = {kind: tmp_path / f"answers.{kind}" for kind in ("csv", "jsonl", "parquet")}
    for file in files.values():
        civil("screen", "--engine", "duckdb", "--out", file)
    rows = rows_of(files["csv"].read_bytes())
    lines = [json.loads(line) for line in files["jsonl"].read_text("utf-8").splitlines()]
    given = [{n: v for n, v in row.items() if v != ""} for row in rows]
    assert [{n: str(v) for n, v in line.items()} for line in lines] == given
    with duckdb.connect() as conn:
        found = conn.execute(f"SELECT * FROM read_parquet('{files['parquet']}')")
        names = [column[0] for column in found.description or []]
        cells = [["" if v is None else str(v) for v in row] for row in found.fetchall()]
    assert names == list(rows[0])
    assert cells == [list(row.values()) for row in rows]


@pytest.mark.parametrize(
    ("words", "name", "sentence"),
    [
        ([], "answers.xlsx", "'answers.xlsx' does not end in the name of a form."),
        ([], "answers", "'answers' does not end in the name of a form."),
        (["--engine", "sqlite"], "answers.parquet", "A run without DuckDB"),
    ],
)
def test_a_form_that_cannot_be_written_is_refused_and_no_file_is_left(
    civil: Any, tmp_path: Path, words: list[str], name: str, sentence: str
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    said = civil("screen", *words, "--out", folder / name, code=5)
    assert sentence in said.err
    assert said.out == ""
    assert list(folder.iterdir()) == []


def test_a_screening_that_breaks_off_leaves_the_last_file_as_it_was(
    civil: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from yimen.core.rules.engines.sqlite_batch import SqliteBatch

    out = tmp_path / "answers.csv"
    out.write_text("of yesterday\n", "utf-8")
    part = SqliteBatch.part

    def breaks_off(engine: SqliteBatch, first: str, last: str) -> None:
        if first != "H0000001":
            raise ZeroDivisionError
        part(engine, first, last)

    monkeypatch.setattr(SqliteBatch, "part", breaks_off)
    words = ["screen", "--engine", "sqlite", "--chunk", 50, "--out", out]
    civil(*words, code=1)
    assert out.read_text("utf-8") == "of yesterday\n"
    assert [p.name for p in tmp_path.iterdir() if ".part" in p.name] == []
    monkeypatch.setattr(SqliteBatch, "part", part)
    civil(*words)
    assert len(said_of_households(rows_of(out.read_bytes()))) == 120


# -- who may, and who goes on with it ------------------------------------------------------------


def test_county_and_it_screen_and_nobody_else(civil: Any) -> None:
    people = {
        "county": ["--role", "county"],
        "it": ["--role", "it"],
        "town": ["--role", "town", "--division", TOWN],
        "village": ["--role", "village", "--division", "370499101201"],
        "office": ["--role", "department", "--department", "civil"],
        "auditor": ["--role", "auditor"],
    }
    for name, words in people.items():
        civil("operator", "add", name, "--name", name, *words)
    for words in (["screen", "--engine", "sqlite"], ["screen", "--runs"]):
        for name in people:
            said = civil.acting_as(name)(*words, code=0 if name in ("county", "it") else 4)
            assert said.out if said.code == 0 else "Ask county IT" in said.err
    # Whole reports hold what families own; the it role has columns.
    civil.acting_as("it")("screen", "--explain", code=4)
    assert len(civil.json("screen", "--runs")) == 2


def test_a_county_operator_of_one_town_screens_that_town(civil: Any) -> None:
    civil("operator", "add", "north", "--name", "N", "--role", "county", "--division", TOWN)
    north = civil.acting_as("north")
    north("screen", "--engine", "sqlite")
    north("screen", "--engine", "sqlite", "--division", OTHER_TOWN, code=4)
    assert [r["division"][:9] for r in civil.json("screen", "--runs")] == [TOWN]


def test_what_is_found_reaches_those_who_work_overlaps_once(civil: Any) -> None:
    flags = civil("screen", "--engine", "sqlite", "--flags", "--format", "jsonl")
    found = Counter((f["household_no"], f["kind"]) for f in flags.rows if f["kind"] in OVERLAPS)
    assert found
    cases = civil.json("overlaps", "list")
    assert Counter((c["household_no"], c["kind"]) for c in cases) == found
    assert f"Overlaps: {len(cases)} new, 0 reopened, 0 ended." in flags.err
    again = civil("screen", "--engine", "sqlite", "--flags")
    assert "Overlaps: 0 new, 0 reopened, 0 ended." in again.err
    assert civil.json("overlaps", "list") == cases


def engine_of(yimen: Any, *words: str) -> str:
    """The engine of a new run."""
    yimen(*words)
    return str(yimen.json("screen", "--runs")[-1]["engine"])


def shown_and_engine(yimen: Any, *words: str) -> tuple[Any, str]:
    """What a new run shows, and its engine."""
    return yimen(*words).json, str(yimen.json("screen", "--runs")[-1]["engine"])


@pytest.mark.skipif(not is_installed(), reason="the extra `batch` is not installed")
def test_a_small_part_of_the_county_is_screened_on_sqlite_unless_an_engine_is_named(
    yimen: Any, tmp_path: Path
) -> None:
    village = ("screen", "--division", "370499101203", "--no-overlaps", "--format", "json")
    assert engine_of(yimen, "screen", "--no-overlaps") == "duckdb"
    small, its_engine = shown_and_engine(yimen, *village)
    assert its_engine == "sqlite"
    named, its_engine = shown_and_engine(yimen, *village, "--engine", "duckdb")
    assert its_engine == "duckdb"
    assert named["programmes"] == small["programmes"]
    # A comparison takes the earlier run's engine, and a Parquet file the one that writes it.
    first = yimen.json("screen", "--runs")[-1]["run_no"]
    assert engine_of(yimen, *village, "--since", first) == "duckdb"
    assert engine_of(yimen, *village, "--out", str(tmp_path / "v.parquet")) == "duckdb"
    assert engine_of(yimen, *village, "--out", str(tmp_path / "v.csv")) == "sqlite"


@pytest.mark.skipif(not is_installed(), reason="the extra `batch` is not installed")
def test_an_interrupted_run_of_a_small_part_goes_on_with_its_own_engine(yimen: Any) -> None:
    village = ("screen", "--division", "370499101203", "--no-overlaps")
    yimen(*village, "--engine", "duckdb")
    with sqlite3.connect(yimen.home / "casework.db") as db:
        db.execute("UPDATE run SET state = 'running', ended_at = NULL, digest = NULL")
    db.close()
    assert engine_of(yimen, *village) == "duckdb"
    assert [run["state"] for run in yimen.json("screen", "--runs")] == ["done"]
