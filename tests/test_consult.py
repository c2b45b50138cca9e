"""Consultation without a file, and the search of the programme library."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from yimen.cli import run
from yimen.core.casework.consult import consult, describe
from yimen.core.departments import installed_department_names
from yimen.core.errors import BadInput
from yimen.core.rules.catalogue import Catalogue, build
from yimen.core.rules.library import named_programmes, search_programmes

TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return build(installed_department_names())


def test_a_family_after_a_fire_is_told_of_fast_aid_first(catalogue: Catalogue) -> None:
    family = describe(
        catalogue,
        ["age=67"],
        ["civil.emergency_event=FIRE", "civil.basic_living_severe=yes"],
        "RURAL",
    )
    first = consult(catalogue, family, on=TODAY)[0]
    assert (first.programme, first.outcome, first.amount_fen) == ("CIV-FAST", "eligible", 90000)


def test_what_is_not_told_stays_open_and_is_named(catalogue: Catalogue) -> None:
    advice = {a.programme: a for a in consult(catalogue, describe(catalogue, [], [], ""), on=TODAY)}
    assert advice["CIV-DB"].outcome == "unknown"
    assert advice["CIV-DB"].to_know


def test_the_fewest_open_questions_come_first_and_refusals_last(catalogue: Catalogue) -> None:
    answers = ["civil.emergency_event=NONE"]
    advice = consult(catalogue, describe(catalogue, ["age=30"], answers, "URBAN"), on=TODAY)
    open_counts = [len(a.to_know) for a in advice if a.outcome == "unknown"]
    assert open_counts == sorted(open_counts)
    assert advice[-1].outcome == "ineligible"
    assert advice[-1].not_met


@pytest.mark.parametrize(
    ("members", "answers"),
    [
        (["age=old"], []),
        (["height=180"], []),
        (["age=30"], ["3:civil.wage_year=1"]),
        (["age=131"], []),
        (["sex=3"], []),
    ],
)
def test_a_family_that_makes_no_sense_is_refused(
    catalogue: Catalogue, members: list[str], answers: list[str]
) -> None:
    with pytest.raises(BadInput):
        describe(catalogue, members, answers, "RURAL")


def test_a_consultation_leaves_no_trace(
    empty_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "family.json"
    file.write_text(json.dumps({"members": [{"age": 67}]}), "utf-8")
    before = (empty_home / "casework.db").read_bytes()
    words = ["--home", str(empty_home), "consult", "--file", str(file), "--format", "json"]
    assert run(words) == 0
    assert json.loads(capsys.readouterr().out)
    assert (empty_home / "casework.db").read_bytes() == before


def test_a_file_that_describes_no_family_is_one_sentence(
    empty_home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "family.json"
    file.write_text('{"members": []}', "utf-8")
    assert run(["--home", str(empty_home), "consult", "--file", str(file)]) == 5
    assert str(file) in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "first"), [("大病", "MED-IN"), ("dibao", "CIV-DB"), ("低保边缘", "CIV-EDGE")]
)
def test_a_short_word_finds_its_programme(catalogue: Catalogue, text: str, first: str) -> None:
    found = [row["programme"] for row in search_programmes(catalogue, text)]
    assert first in found


def test_every_word_of_a_search_must_match(catalogue: Catalogue) -> None:
    assert search_programmes(catalogue, "低保 飞机") == []
    assert search_programmes(catalogue, "  ") == []


def test_programmes_are_named_by_number_name_or_alias_and_a_stranger_stays_for_the_refusal(
    catalogue: Catalogue,
) -> None:
    typed = "civ-db， 特困人员救助供养、Heating aid,EDU-CMP civ-none"
    named = named_programmes(catalogue, typed)
    assert named[:2] == ["CIV-DB", "CIV-TK"]
    assert named[-2:] == ["EDU-CMP", "CIV-NONE"]
    assert named_programmes(catalogue, "  ") == []
    # The name as the lists show it, with the sign that elsewhere parts several names.
    name = catalogue.programmes["CHA-STU"].names.zh
    assert "、" in name
    for shown in (name, name.replace("（", "(").replace("）", ")")):
        assert named_programmes(catalogue, shown) == ["CHA-STU"]
