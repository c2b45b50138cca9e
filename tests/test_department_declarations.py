"""What departments declare: a fault is one problem that is named, and takes out nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from catalogue_now import bundled_answers, catalogue_now, messages, with_criterion
from plugin_files import BASIS, heating, named

from yimen.core.rules.catalogue import Catalogue
from yimen.core.rules.statement import statement_for

TODAY = date(2026, 11, 20)


def one_refused(install: Callable[..., Path], files: dict[str, Any]) -> tuple[str, Catalogue]:
    """The sentence of the one problem, and the catalogue without what was refused."""
    install(files)
    catalogue = catalogue_now()
    found = messages(catalogue)
    assert len(found) == 1, found
    assert bundled_answers(catalogue)
    return found[0], catalogue


def with_fact(**more: Any) -> dict[str, Any]:
    """The sound department with one more fact, which nothing uses."""
    files = heating()
    fact = {"fact": "heating.more", "names": named("More"), "unit": "person", "type": "integer"}
    files["facts.json"].append(fact | more)
    return files


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"ask": named("?"), "colour": "red"}, "colour"),
        ({"ask": named("?"), "type": "number"}, "number"),
        ({"ask": {"en": "?"}}, "zh"),
        ({"expression": "COALESCE(heating.billed, 0)", "type": "money"}, "COALESCE"),
        ({"expression": "heating.billed / 2", "type": "money"}, "heating.billed / 2"),
        ({"expression": "heating.billed"}, "it is money, and integer is needed"),
        ({"expression": "heating.gone + 1"}, "heating.gone"),
        ({"expression": "member_count"}, "member_count"),
        ({"expression": "YEAR(EXTRACT_DATE)"}, "EXTRACT_DATE"),
        ({"expression": "QUALIFIES('HEA-WARM')", "type": "boolean"}, "HEA-WARM"),
        ({"source": "heating.gone", "aggregate": "COUNT(*)"}, "there is no such source"),
        ({"source": "heating.bills", "aggregate": "COUNT(*)", "where": "paid"}, "paid"),
        ({"source": "heating.bills", "aggregate": "AVG(amount_fen)"}, "AVG(amount_fen)"),
        ({"source": "heating.bills"}, "a source with an aggregate"),
        ({}, "or only a question"),
        ({"ask": named("?"), "type": "code", "household": "sum"}, "this way"),
        ({"ask": named("?"), "asset": True}, "property"),
        ({"ask": named("?"), "type": "boolean", "unit": "household", "marks": "deceased"}, "death"),
        ({"ask": named("?"), "expense": True}, "makes a household's total"),
        ({"ask": named("?"), "unit": "household", "expense": True, "type": "integer"}, "expense"),
        ({"ask": named("?"), "marks": "income_ratio"}, "ratio of incomes"),
        ({"ask": named("?"), "type": "code", "hardship": {"kind": "health"}}, "by `codes`"),
        ({"ask": named("?"), "type": "date", "hardship": {"kind": "health"}}, "a date never"),
        ({"ask": named("?"), "hardship": {"kind": "health", "codes": ["A"]}}, "no such code"),
        ({"ask": named("?"), "hardship": {"kind": "bad luck"}}, "bad luck"),
        ({"ask": named("?"), "absent": "none"}, '"none"'),
        ({"ask": named("?"), "absent": False}, "false"),
        ({"ask": named("?"), "type": "date", "absent": "2026-02-30"}, "2026-02-30"),
        ({"ask": named("?"), "fact": "civil.more"}, "a prefix of its own department"),
        ({"ask": named("?"), "fact": "heating.billed"}, "declared twice"),
        ({"ask": named("?"), "fact": "heating.Bad-Name"}, "heating.Bad-Name"),
        ({"expression": "(" * 200 + "1" + ")" * 200}, "nested too deeply"),
    ],
)  # fmt: skip
def test_a_refused_fact_is_one_problem_and_takes_out_nothing_else(
    install: Callable[..., Path], more: dict[str, Any], words: str
) -> None:
    sentence, catalogue = one_refused(install, with_fact(**more))
    assert words in sentence
    assert "yimen_heating/facts.json" in sentence
    assert "heating.more" not in catalogue.facts
    assert catalogue.links.broken_programmes == {}
    assert {"heating.billed", "heating.half"} <= set(catalogue.facts)


def test_a_problem_names_the_line_of_the_words(install: Callable[..., Path]) -> None:
    sentence, _catalogue = one_refused(install, with_fact(expression="(SELECT 1)"))
    lines = json.dumps(with_fact(expression="(SELECT 1)")["facts.json"], indent=1).splitlines()
    line = 1 + next(n for n, text in enumerate(lines) if "SELECT" in text)
    assert sentence.startswith(f"yimen_heating/facts.json:{line} ")
    assert "(SELECT 1)" in sentence


def test_a_fact_may_give_codes_that_it_spells_out(install: Callable[..., Path]) -> None:
    install(with_fact(expression="CASE WHEN age < 18 THEN 'MINOR' ELSE 'ADULT' END", type="code"))
    assert catalogue_now().problems == []


def test_a_circle_of_facts_is_one_problem_and_all_that_is_built_on_it_falls(
    install: Callable[..., Path],
) -> None:
    files = with_fact(expression="heating.a + 1")
    for name, expression in (
        ("a", "heating.b + 1"), ("b", "heating.a + 1"), ("built", "heating.more * 2"),
        ("apart", "age + 1"),
    ):  # fmt: skip
        fact = {"fact": f"heating.{name}", "names": named(name), "unit": "person",
                "type": "integer", "expression": expression, "household": "max"}  # fmt: skip
        files["facts.json"].append(fact)
    at_home = {"fact": "heating.at_home", "names": named("At home"), "unit": "household",
               "type": "integer", "expression": "heating.built + member_count"}  # fmt: skip
    files["facts.json"].append(at_home)
    version = files["programmes.json"][0]["versions"][0]
    version["criteria"][0]["expression"] = "heating.at_home > 3"
    install(files)
    catalogue = catalogue_now()
    circles = [m for m in messages(catalogue) if "facts form a circle" in m]
    assert len(circles) == 1
    assert "heating.a → heating.b → heating.a" in circles[0]
    left = {n for n in catalogue.facts if n.startswith("heating.")}
    assert left == {"heating.billed", "heating.half", "heating.apart"}
    assert "heating.at_home" in catalogue.links.broken_programmes["HEA-WARM"]
    assert "its own declaration is refused" in catalogue.links.broken_programmes["HEA-WARM"]
    levels = {n for level in catalogue.links.person_levels for n in level}
    assert {n for n in levels if n.startswith("heating.")} == {"heating.apart"}


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("heating.half IN (SELECT 1)", "SELECT 1"),
        ("heating.half", "it is money, and boolean is needed"),
        ("heating.bills > 1", "heating.bills"),
        ("RECOGNISED('HEA-XX')", "there is no programme HEA-XX"),
        ("ENTITLED('HEA-XX')", "there is no programme HEA-XX"),
        ("QUALIFIES('HEA-WARM')", "wait for each other in a circle"),
    ],
)
def test_a_refused_criterion_leaves_its_programme_unknown_with_the_reason(
    install: Callable[..., Path], expression: str, words: str
) -> None:
    sentence, catalogue = one_refused(install, with_criterion(expression))
    assert words in sentence
    assert "yimen_heating/programmes.json" in sentence
    assert catalogue.links.broken_programmes == {"HEA-WARM": sentence}


def with_amount(**amount: Any) -> dict[str, Any]:
    files = heating()
    files["programmes.json"][0]["versions"][0]["amount"] |= amount
    return files


def step(name: str, expression: str) -> dict[str, Any]:
    return {"step": name, "text": named(name), "expression": expression}


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ({"steps": [step("a", "b + 1"), step("b", "2")]}, "'b' is refused"),
        ({"steps": [step("a", "1"), step("a", "2")]}, "two steps have this name"),
        ({"steps": [step("age", "1")]}, "the core has such a name"),
        ({"steps": [step("all", "1")]}, "read this word as something else"),
        ({"steps": [step("warm", "heating.half > 1")]}, "a step is money or a number"),
        ({"steps": [step("a", "member_count")], "expression": "a"}, "money is needed"),
        ({"expression": "gap * 2"}, "gap"),
    ],
)
def test_a_step_that_nobody_could_follow_is_refused(
    install: Callable[..., Path], amount: dict[str, Any], words: str
) -> None:
    sentence, catalogue = one_refused(install, with_amount(**amount))
    assert words in sentence
    assert set(catalogue.links.broken_programmes) == {"HEA-WARM"}


def test_steps_that_double_each_other_are_each_computed_once(install: Callable[..., Path]) -> None:
    doubled = [step("s0", "heating.half")]
    doubled += [step(f"s{n}", f"s{n - 1} + s{n - 1}") for n in range(1, 40)]
    install(with_amount(steps=doubled, expression="s39"))
    catalogue = catalogue_now()
    assert catalogue.problems == []
    statement = statement_for(catalogue, TODAY)
    sizes = [len(layer.query) for layer in statement.layers if "s39" in layer.query]
    assert sizes
    # Written out in each other, they would be 2 ** 39 of them.
    assert max(sizes) < 1_000_000


def test_a_class_that_is_needed_must_be_asked_for(install: Callable[..., Path]) -> None:
    files = heating()
    files["programmes.json"][0]["versions"][0]["needs"] = ["CIV-DB"]
    sentence, __ = one_refused(install, files)
    assert "it is needed, and no criterion asks for it" in sentence


LIMIT = {"n": 5, "unit": "WD", "basis": BASIS[0]}


def with_steps(*steps: dict[str, Any], checklist: str = "handle/HEA-WARM") -> dict[str, Any]:
    plain = {"text": named("Do it"), "who": "department", "due": "none", "basis": BASIS[0]}
    listed = {"checklist": checklist, "names": named("Handle"), "steps": [plain | s for s in steps]}
    return heating() | {"checklists.json": [listed]}


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (with_steps({"step": "a"}, checklist="handle/HEA-XX"), "there is no programme HEA-XX"),
        (with_steps({"step": "a"}, {"step": "a"}), "two steps have this name"),
        (with_steps({"step": "a", "after": ["b"]}), "there is no step b"),
        (with_steps({"step": "a", "due": LIMIT, "due_from": "noon"}), "there is no step noon"),
        (with_steps({"step": "a", "after": ["b"]}, {"step": "b", "after": ["a"]}), "in a circle"),
    ],
)
def test_a_checklist_that_nobody_could_work_is_refused(
    install: Callable[..., Path], files: dict[str, Any], words: str
) -> None:
    sentence, catalogue = one_refused(install, files)
    assert words in sentence
    assert "yimen_heating/checklists.json" in sentence
    assert [c for c in catalogue.checklists if c.plugin == "heating"] == []


def test_a_checklist_of_ones_own_programme_is_kept(install: Callable[..., Path]) -> None:
    install(
        with_steps(
            {"step": "a"}, {"step": "b", "after": ["a"], "due": LIMIT, "due_from": "accepted"}
        )
    )
    catalogue = catalogue_now()
    assert catalogue.problems == []
    (owned,) = [c for c in catalogue.checklists if c.plugin == "heating"]
    assert [step.step for step in owned.checklist.steps] == ["a", "b"]


def test_two_versions_of_a_programme_in_force_at_once_are_refused(
    install: Callable[..., Path],
) -> None:
    files = heating()
    versions = files["programmes.json"][0]["versions"]
    versions.append(versions[0] | {"from_date": "2026-07-01"})
    sentence, catalogue = one_refused(install, files)
    assert "two versions are in force at once" in sentence
    assert set(catalogue.links.broken_programmes) == {"HEA-WARM"}


def test_two_criteria_of_one_name_are_refused_since_one_would_never_be_asked(
    install: Callable[..., Path],
) -> None:
    files = heating()
    criteria = files["programmes.json"][0]["versions"][0]["criteria"]
    criteria.append(criteria[0] | {"expression": "member_count > 1"})
    sentence, catalogue = one_refused(install, files)
    assert "two criteria have this name" in sentence
    assert set(catalogue.links.broken_programmes) == {"HEA-WARM"}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"column": "amount_fen", "type": "integer"}, "amount_fen"),
        ({"column": "name", "type": "text"}, "name"),
        ({"column": "row_no", "type": "integer"}, "row_no"),
    ],
)
def test_a_column_that_every_register_has_already_is_refused(
    install: Callable[..., Path], more: dict[str, str], words: str
) -> None:
    files = heating()
    files["sources.json"][0]["columns"].append(more | {"names": named("More")})
    install(files)
    catalogue = catalogue_now()
    found = messages(catalogue)
    assert f"'{words}' is refused: there is such a column already" in found[0]
    assert "yimen_heating/sources.json" in found[0]
    assert "heating.bills" not in catalogue.sources
    assert set(catalogue.links.broken_programmes) == {"HEA-WARM"}


def test_a_register_of_aid_must_have_the_columns_that_it_names(
    install: Callable[..., Path],
) -> None:
    files = heating()
    files["sources.json"][0]["benefits"] = {
        "programme": "programme", "from_date": "billed_on", "to_date": "billed_on",
        "amount": "amount_fen", "payer": "billed_on",
    }  # fmt: skip
    install(files)
    assert "'programme' is refused: there is no such column" in messages(catalogue_now())[0]


@pytest.mark.parametrize("value", ["90000", "nine hundred"])
def test_a_number_that_is_written_as_a_text_is_refused_and_never_compared(
    install: Callable[..., Path], value: str
) -> None:
    files = heating()
    files["standards.json"][0]["values"] = [{"value": value, "from_date": "2026-01-01"}]
    install(files)
    catalogue = catalogue_now()
    found = messages(catalogue)
    assert "heating.limit" in found[0]
    assert f'"{value}"' in found[0]
    assert "yimen_heating/standards.json" in found[0]
    assert "heating.limit" not in catalogue.standards
    assert set(catalogue.links.broken_programmes) == {"HEA-WARM"}


def test_a_fact_and_a_standard_cannot_share_a_name(install: Callable[..., Path]) -> None:
    files = heating()
    files["standards.json"].append(files["standards.json"][0] | {"standard": "heating.half"})
    sentence, catalogue = one_refused(install, files)
    assert "'heating.half' is declared twice" in sentence
    assert "heating.half" in catalogue.facts
    assert "heating.half" not in catalogue.standards


def test_a_body_named_like_a_word_of_the_language_is_told_so(install: Callable[..., Path]) -> None:
    body = {"department": "union", "names": named("Trade union"), "prefix": "UNI"}
    sentence, catalogue = one_refused(install, {"department.json": body})
    assert "'union' is refused: expressions read this word as something else" in sentence
    assert bundled_answers(catalogue)


def test_a_plugin_cannot_speak_for_a_body_that_another_one_speaks_for(
    install: Callable[..., Path],
) -> None:
    files = {
        "department.json": {"department": "civil", "names": named("Mine"), "prefix": "CIV"},
        "facts.json": [
            {"fact": "civil.mine", "names": named("Mine"), "unit": "person", "type": "integer",
             "ask": named("?")}
        ],
    }  # fmt: skip
    install(files, name="zeal")
    catalogue = catalogue_now()
    found = messages(catalogue, "zeal")
    assert len(found) == 2
    assert "'civil' is declared twice" in found[0]
    assert "a prefix of its own department" in found[1]
    assert "civil.mine" not in catalogue.facts
    assert catalogue.departments["civil"].names.en == "Civil affairs bureau"


def test_an_unknown_key_in_a_department_file_is_a_problem_that_names_it(
    install: Callable[..., Path],
) -> None:
    files = heating()
    files["department.json"]["fax"] = "none"
    install(files)
    assert "fax" in messages(catalogue_now())[0]
