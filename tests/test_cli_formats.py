"""The five formats of the command line say the same."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

LISTINGS: dict[str, list[str]] = {
    "programmes": ["programme", "list"],
    "sources": ["source", "list"],
    "standards": ["standard", "list"],
    "missing standards": ["standard", "missing", "--on", "2010-01-01"],
    "departments": ["department", "list"],
    "operators": ["operator", "list"],
    "journal": ["journal", "show", "--last", "5"],
    "referrals": ["referral", "list"],
    "findings": ["doctor"],
    "a batch": ["check", "--all", "--engine", "sqlite", "--division", "370499101"],
    "flags": ["check", "--all", "--engine", "sqlite", "--division", "370499101", "--flags"],
}


@pytest.mark.parametrize("what", LISTINGS)
def test_a_listing_says_the_same_in_every_format(yimen: Any, dispatched: Any, what: str) -> None:
    words = LISTINGS[what]
    # The journal grows by the moved clock of each run, unless one asks for a subject.
    if what == "journal":
        words = [*words, "--subject", dispatched["application_no"]]
    rows = yimen(*words, "--format", "json").json
    assert rows, what
    keys = list(rows[0])
    again = yimen(*words, "--format", "jsonl").rows
    if what == "findings":
        # Between two looks the disk has filled and the journal has grown.
        assert [(f["level"], f["check"]) for f in again] == [(f["level"], f["check"]) for f in rows]
    elif what == "a batch":
        # Whole reports, one a line.
        assert [r["household_no"] for r in again] == [r["household_no"] for r in rows]
    else:
        assert again == rows
    for fmt, delimiter in (("csv", ","), ("tsv", "\t")):
        read = list(csv.reader(io.StringIO(yimen(*words, "--format", fmt).out),
                               delimiter=delimiter))  # fmt: skip
        assert read[0] == keys
        assert len(read) == len(rows) + 1
        assert {len(cells) for cells in read} == {len(keys)}
    table = yimen(*words).out.splitlines()
    assert set(table[1]) == {"-", " "}
    assert len(table) >= len(rows) + 2
    if what != "findings":
        assert yimen(*words, "--format", "table").out.splitlines() == table


@pytest.mark.parametrize("what", LISTINGS)
def test_a_listing_shows_only_the_columns_that_are_asked_for(
    yimen: Any, dispatched: Any, what: str
) -> None:
    words = LISTINGS[what]
    keys = list(yimen(*words, "--format", "json").json[0])
    wanted = [keys[1], keys[0]]
    rows = yimen(*words, "--format", "json", "--columns", ", ".join(wanted)).json
    assert {tuple(row) for row in rows} == {tuple(wanted)}
    assert yimen(*words, "--columns", f"{keys[0]},moon", code=5).out == ""


RECORDS: dict[str, list[str]] = {
    "programme": ["programme", "show", "CIV-DB"],
    "source": ["source", "show", "civil.hukou"],
    "query": ["query", "ID"],
    "household": ["household", "show", "HOUSEHOLD"],
    "report": ["check", "--household", "HOUSEHOLD"],
    "filed report": ["check", "APPLICATION"],
    "referral": ["referral", "show", "R2026-00001"],
    "feedback": ["feedback", "APPLICATION"],
}


@pytest.mark.parametrize("what", RECORDS)
def test_a_result_is_a_text_for_people_and_one_object_for_programs(
    yimen: Any, truth: Any, dispatched: Any, what: str
) -> None:
    story = truth["stories"]["eligible"]
    names = {"ID": story["id_number"], "HOUSEHOLD": story["household_no"],
             "APPLICATION": dispatched["application_no"]}  # fmt: skip
    words = [names.get(w, w) for w in RECORDS[what]]
    body = yimen(*words, "--format", "json").json
    assert isinstance(body, dict)
    line = yimen(*words, "--format", "jsonl").out
    assert line.count("\n") == 1
    assert json.loads(line) == body
    text = yimen(*words).out
    assert not text.lstrip().startswith("{")
    assert max(len(row) for row in text.splitlines()) <= 80


def test_stdout_holds_data_alone_and_numbers_are_alike_in_both_languages(
    yimen: Any, dispatched: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["referral", "list", "--format", "csv"]
    english = yimen.process(*words)
    monkeypatch.setenv("YIMEN_LANG", "zh")
    chinese = yimen.process(*words)
    assert english.out == chinese.out
    assert english.err == chinese.err == ""
