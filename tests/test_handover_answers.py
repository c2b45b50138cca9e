"""Answers from a spreadsheet: row by row, in either language, once, and by the department alone."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from handled import handled
from handover_homes import Pair, kept, payloads, rows

ENGLISH = ["referral", "outcome", "amount", "from", "to", "reason", "basis", "note"]
CHINESE = ["转办单号", "结果", "金额（元）", "起始月", "截止月", "原因代码", "依据", "说明"]


@pytest.fixture
def civil(pair: Pair) -> Any:
    """An officer of civil affairs who works in the county's own home, and has been on site."""
    for number in pair.numbers:
        handled(pair.county.home, number)
    return pair.county.acting_as("civil")


def sheet(
    folder: Path, *lines: Sequence[str], header: Sequence[str] = ENGLISH, encoding: str = "utf-8"
) -> Path:
    """A sheet saved as CSV."""
    path = folder / "answers.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([header, *lines])
    return path


def results(told: Any) -> list[tuple[int, str]]:
    """(row in the file, result) of each row."""
    return [(row["row"], row["result"]) for row in told.rows]


@pytest.mark.parametrize(
    "header, encoding, words",
    [
        (ENGLISH, "utf-8", ("granted", "refused")),
        (ENGLISH, "utf-8-sig", ("GRANTED", "refused")),
        (CHINESE, "gb18030", ("同意救助", "不予救助")),
        (CHINESE, "utf-8-sig", ("同意", "不批准")),
    ],
)
def test_a_sheet_answers_in_either_language_and_encoding(
    pair: Pair, civil: Any, header: list[str], encoding: str, words: tuple[str, str]
) -> None:
    first, second = pair.numbers
    path = sheet(
        pair.folder,
        [first, words[0], "1,234.50", "2026-12", "2027-11", "", "SAL §18", "按月发放"],
        [second.lower(), words[1], "", "", "", "r12", "SAL §33", ""],
        header=header,
        encoding=encoding,
    )
    told = civil("feedback", "import", path, "--format", "jsonl")
    assert results(told) == [(2, "applied"), (3, "applied")]
    granted = pair.county.json("referral", "show", first)["decision"]
    assert granted == {
        "outcome": "granted", "reason_code": None, "amount_fen": 123450,
        "from_month": "2026-12", "to_month": "2027-11", "basis": "SAL §18",
    }  # fmt: skip
    assert pair.county.json("referral", "show", second)["decision"]["reason_code"] == "R12"
    moved = rows(pair.county, "SELECT verb, operator, note FROM referral_move WHERE referral_no = ?"
                 " ORDER BY id", first)  # fmt: skip
    assert [m[0] for m in moved] == ["dispatch", "receive", "accept", "decide"]
    assert moved[-1][1:] == ("civil", "按月发放")


def test_numbers_of_a_sheet_are_read_as_they_look_and_its_texts_are_left(
    pair: Pair, civil: Any
) -> None:
    first, __ = pair.numbers
    wide = first.lower().translate({c: c + 0xFEE0 for c in range(0x21, 0x7F)})
    row = ["ＧＲＡＮＴＥＤ", "１２３４．５", "２０２６－１２", "", "", "SAL §18", "按月Ａ发放"]
    told = civil("feedback", "import", sheet(pair.folder, [wide, *row]), "--format", "jsonl")
    assert results(told) == [(2, "applied")]
    decision = pair.county.json("referral", "show", first)["decision"]
    assert (decision["amount_fen"], decision["from_month"]) == (123450, "2026-12")
    assert rows(pair.county, "SELECT note FROM referral_move WHERE verb = 'decide'") == [
        ("按月Ａ发放",)
    ]
    # Typed anew in half-width it is the same answer.
    row = ["granted", "1234.5", "2026-12", "", "", "SAL §18", "按月Ａ发放"]
    again = civil("feedback", "import", sheet(pair.folder, [first, *row]), "--format", "jsonl")
    assert results(again) == [(2, "duplicate")]


def test_the_same_sheet_again_changes_nothing_even_after_the_window_asked_back(
    pair: Pair, civil: Any
) -> None:
    first, second = pair.numbers
    path = sheet(pair.folder, [first, "granted", "10", "", "", "", "SAL", ""],
                 [second, "refused", "", "", "", "R12", "SAL", ""])  # fmt: skip
    civil("feedback", "import", path)
    pair.county.acting_as("window")("referral", "clarify", first, "--note", "which month?")
    before = kept(pair.county)
    told = civil("feedback", "import", path, "--format", "jsonl")
    assert results(told) == [(2, "duplicate"), (3, "duplicate")]
    assert kept(pair.county) == before
    more = sheet(pair.folder, [first, "granted", "10", "2026-12", "", "", "SAL", "from December"])
    assert results(civil("feedback", "import", more, "--format", "jsonl")) == [(2, "applied")]
    assert pair.state(first) == "fed_back"


def test_an_answer_that_was_given_by_hand_is_known(pair: Pair, civil: Any) -> None:
    first = pair.numbers[0]
    civil("referral", "receive", first)
    civil("referral", "accept", first)
    civil("referral", "decide", first, "granted", "--amount", "10", "--from", "2026-12",
          "--basis", "SAL")  # fmt: skip
    same = ["granted", "10", "2026-12", "", "", "SAL", ""]
    path = sheet(pair.folder, [first, *same])
    assert results(civil("feedback", "import", path, "--format", "jsonl")) == [(2, "duplicate")]
    path = sheet(pair.folder, [first, "granted", "11", *same[2:]])
    told = civil("feedback", "import", path, "--format", "jsonl", code=6)
    assert "not possible there" in told.rows[0]["detail"]


@pytest.mark.parametrize(
    "cells, expected",
    [
        (["maybe", "", "", "", "", "SAL", ""], "not a decision"),
        (["", "", "", "", "", "SAL", ""], "not a decision"),
        (["granted", "10", "", "", "", "", ""], "legal basis"),
        (["granted", "", "", "", "", "SAL", ""], "none is given"),
        (["granted", "ten", "", "", "", "SAL", ""], "yuan"),
        (["granted", "10", "December", "", "", "SAL", ""], "month"),
        (["granted", "10", "2026-13", "", "", "SAL", ""], "not a month"),
        (["granted", "10", "2026-12", "2026-11", "", "SAL", ""], "before the first"),
        (["refused", "", "", "", "", "SAL", ""], "reason code"),
        (["refused", "", "", "", "B01", "SAL", ""], "reason code"),
    ],
)
def test_a_row_that_cannot_be_answered_makes_no_step_at_all(
    pair: Pair, civil: Any, cells: list[str], expected: str
) -> None:
    first, second = pair.numbers
    good = [second, "refused", "", "", "", "R12", "SAL", ""]
    path = sheet(pair.folder, [first, *cells], good)
    told = civil("feedback", "import", path, "--format", "jsonl", code=6)
    assert results(told) == [(2, "refused"), (3, "applied")]
    assert expected in told.rows[0]["detail"], told.rows
    assert pair.state(first) == "dispatched"
    assert rows(pair.county, "SELECT COUNT(*) FROM referral_move WHERE referral_no = ?", first) == [
        (1,)
    ]


def test_a_department_answers_its_own_referrals_and_nobody_else_answers(
    pair: Pair, civil: Any
) -> None:
    others = [r["referral_no"] for r in pair.county.json("referral", "list", "--department",
                                                         "medical")]  # fmt: skip
    path = sheet(pair.folder, [others[0], "refused", "", "", "", "R12", "SAL", ""],
                 ["R2026-99999", "refused", "", "", "", "R12", "SAL", ""])  # fmt: skip
    told = civil("feedback", "import", path, "--format", "jsonl", code=6)
    assert results(told) == [(2, "refused"), (3, "refused")]
    assert "belongs to civil" in told.rows[0]["detail"]
    assert pair.state(others[0]) == "dispatched"
    for other in ("window", None):
        pair.county.acting_as(other)("feedback", "import", path, code=4)


def test_a_trial_of_a_sheet_tells_the_same_and_changes_nothing(pair: Pair, civil: Any) -> None:
    first, second = pair.numbers
    path = sheet(pair.folder, [first, "granted", "10", "", "", "", "SAL", ""],
                 [first, "refused", "", "", "", "R12", "SAL", ""],
                 [second, "refused", "", "", "", "", "SAL", ""])  # fmt: skip
    before = kept(pair.county)
    trial = civil("feedback", "import", path, "--dry-run", "--format", "jsonl", code=6)
    assert kept(pair.county) == before
    assert results(trial) == [(2, "applied"), (3, "refused"), (4, "refused")]
    assert trial.out == civil("feedback", "import", path, "--format", "jsonl", code=6).out


@pytest.mark.parametrize(
    "header, expected",
    [
        (["referral", "outcome"], "no column basis"),
        (["单号", "结果", "转办单号", "依据"], "more than one column"),
        ([], "no column referral, outcome, basis"),
    ],
)
def test_a_sheet_that_lacks_a_column_or_has_it_twice_is_refused(
    pair: Pair, civil: Any, header: list[str], expected: str
) -> None:
    path = sheet(pair.folder, ["x"] * 4, header=header)
    assert expected in civil("feedback", "import", path, code=5).err


def test_a_workbook_or_a_missing_file_is_one_sentence(pair: Pair, civil: Any) -> None:
    path = pair.folder / "answers.csv"
    path.write_bytes(b"PK\x03\x04rest")
    assert "workbook" in civil("feedback", "import", path, code=5).err
    assert "cannot be read" in civil("feedback", "import", pair.folder / "no.csv", code=5).err


@pytest.mark.parametrize("tongue, first", [("en", "referral,outcome"), ("zh", "转办单号,结果")])
def test_the_template_is_a_header_that_the_import_understands(
    pair: Pair, civil: Any, monkeypatch: pytest.MonkeyPatch, tongue: str, first: str
) -> None:
    monkeypatch.setenv("YIMEN_LANG", tongue)
    path = pair.folder / "empty.csv"
    path.write_text(civil("feedback", "template").out, "utf-8")
    assert path.read_text("utf-8").startswith(first)
    assert civil("feedback", "import", path, "--format", "jsonl").rows == []


def test_a_sheet_in_a_department_s_own_home_is_told_to_the_county(pair: Pair) -> None:
    pair.taken()
    path = sheet(pair.folder, ["R2026-00001", "granted", "10", "", "", "", "SAL", "monthly"])
    pair.clerk("feedback", "import", path)
    batch = pair.answered()
    assert [m.get("verb") for m in payloads(batch)] == ["receive", "accept", "decide", None]
    pair.county("feedback", "import", batch)
    assert pair.county.json("referral", "show", pair.numbers[0])["decision"]["amount_fen"] == 1000
