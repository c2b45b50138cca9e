"""The bundled catalogue as a whole: what is in it, what opens what, and what its words rest on."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from yimen.core import laws
from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.library import opened_by

TODAY = date(2026, 11, 20)
# The programmes of the field, by department.
PROGRAMMES = {
    "CIV": "DB DB1 TK EDGE RIG FAST TEMP DFC DIS2 STR WARM FUN",
    "EDU": "PRE CMP HS VOC UNI HOME",
    "HOU": "PRH RENT RUR BAR DIS",
    "MED": "PREM IN APP TILT ER",
    "EMP": "REC ZERO POST SI TRN LOAN",
    "LEG": "CIV CRM FEE JR MED",
    "CHA": "ILL STU UNI RC W2C EM",
    "DPF": "REH AID",
    "EMR": "TRN WIN",
    "AGR": "FP",
    "PEN": "PAY",
    "UTL": "RED",
}
# Once a class is recognised, these are proposed without a new check of means.
EDUCATION = {"EDU-PRE", "EDU-CMP", "EDU-HS", "EDU-VOC", "EDU-UNI"}
HOUSING = {"HOU-PRH", "HOU-RENT", "HOU-RUR", "HOU-BAR"}
CASCADE = {
    "CIV-TK": {"MED-PREM", "MED-IN", "HOU-PRH", "HOU-RUR", "DPF-REH", "LEG-CIV", "UTL-RED",
               "CIV-FUN"} | EDUCATION,
    "CIV-DB": {"MED-PREM", "MED-IN", "EMP-REC", "EMP-TRN", "EMP-LOAN", "CIV-DIS2", "LEG-CIV",
               "CIV-WARM", "UTL-RED"} | EDUCATION | HOUSING,
    "CIV-EDGE": {"MED-IN", "EMP-TRN", "EMP-LOAN", "CIV-DB1", "CIV-TEMP"} | EDUCATION | HOUSING,
    "CIV-RIG": {"MED-IN", "EMP-TRN", "EMP-LOAN", "CIV-TEMP"} | EDUCATION | HOUSING,
}  # fmt: skip
BODIES = {
    "MED-ER": "health", "AGR-FP": "agriculture", "UTL-RED": "utility", "PEN-PAY": "pension",
    "LEG-JR": "judicial", "CHA-UNI": "tradeunion", "CHA-W2C": "women", "CHA-RC": "redcross",
    "CHA-STU": "league", "CHA-ILL": "charity", "HOU-DIS": "emergency", "DPF-REH": "disability",
}  # fmt: skip


def test_every_programme_of_the_field_is_there_and_nothing_is_refused(
    shared_catalogue: Catalogue,
) -> None:
    wanted = {f"{field}-{name}" for field, names in PROGRAMMES.items() for name in names.split()}
    assert set(shared_catalogue.programmes) == wanted
    assert len(wanted) == 52
    assert shared_catalogue.problems == []
    assert shared_catalogue.links.broken_programmes == {}


@pytest.mark.parametrize("name", BODIES)
def test_a_programme_belongs_to_the_body_that_decides_it(
    shared_catalogue: Catalogue, name: str
) -> None:
    assert shared_catalogue.programmes[name].department == BODIES[name]


@pytest.mark.parametrize("class_", CASCADE)
def test_a_class_opens_what_the_law_links_to_it(shared_catalogue: Catalogue, class_: str) -> None:
    assert CASCADE[class_] - set(opened_by(shared_catalogue, class_, TODAY)) == set()


def test_what_a_class_opens_asks_nothing_about_means_again(shared_catalogue: Catalogue) -> None:
    """A criterion of means may stay for those without a class; then the class passes it."""
    for name, version in shared_catalogue.versions_on(TODAY).items():
        for criterion in version.criteria:
            if version.needs and criterion.about in ("income", "asset"):
                for class_ in version.needs:
                    assert f"ENTITLED('{class_}') OR" in criterion.expression, (name, class_)


def test_every_programme_has_the_steps_of_its_handling(shared_catalogue: Catalogue) -> None:
    handled = {c.checklist.checklist for c in shared_catalogue.checklists}
    assert {f"handle/{name}" for name in shared_catalogue.programmes} <= handled


def test_every_programme_answers_a_need_and_can_be_found_by_a_word(
    shared_catalogue: Catalogue,
) -> None:
    for programme in shared_catalogue.programmes.values():
        assert programme.serves, programme.programme
        assert programme.aliases, programme.programme


def test_every_law_that_is_cited_has_its_title(shared_catalogue: Catalogue) -> None:
    with Path(laws.__file__).with_name("laws.csv").open(encoding="utf-8", newline="") as file:
        titles = {row["key"] for row in csv.DictReader(file)}
    cited = {
        basis.text
        for programme in shared_catalogue.programmes.values()
        for version in programme.versions
        for basis in (*version.basis, *(c.basis for c in version.criteria))
    }
    keys = {k for text in cited for k in re.findall(r"\b[A-Z]{2,}[0-9]*(?= §|\b(?=;|$))", text)}
    assert keys - titles - {"WD", "CD"} == set()


def test_amounts_that_are_only_remembered_or_local_are_no_national_values(
    shared_catalogue: Catalogue,
) -> None:
    for standard in shared_catalogue.standards.values():
        for value in standard.values:
            basis = value.basis or standard.basis[0]
            assert basis.tag in ("V", "T", "Mh"), standard.standard


@pytest.mark.parametrize(
    ("word", "programme"),
    [("大病", "CHA-ILL"), ("低保", "CIV-DB"), ("学费", "EDU-HS"), ("取暖", "CIV-WARM"),
     ("律师", "LEG-CIV"), ("dibao", "CIV-DB")],
)  # fmt: skip
def test_a_word_of_two_characters_finds_its_programme(
    yimen_empty: Any, word: str, programme: str
) -> None:
    rows = yimen_empty("programme", "search", word, "--format", "json").json
    assert programme in [row["programme"] for row in rows]


def test_a_number_that_is_not_confirmed_says_so_wherever_it_prints(yimen_empty: Any) -> None:
    shown = yimen_empty("programme", "show", "MED-IN", "--on", "2026-11-20").out
    assert "to be confirmed" in shown
    library = yimen_empty("programme", "library", "EDU-CMP", "--on", "2026-11-20").out
    assert "to be confirmed" in library
    rows = yimen_empty("standard", "list", "--format", "json").json
    assert {row["confirmed"] for row in rows if row["origin"] == "example"} == {False}


def test_missing_standards_name_the_programmes_that_wait_for_them(yimen_empty: Any) -> None:
    rows = yimen_empty("standard", "missing", "--on", "2010-01-01", "--format", "json").json
    by = {row["standard"]: row["programmes"] for row in rows}
    assert {"CIV-DB", "CIV-EDGE"} <= set(by["civil.dibao_monthly"])
    assert all(by.values())
