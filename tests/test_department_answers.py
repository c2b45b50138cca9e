"""What a clerk sees of a broken department, and the cache of the catalogue."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from catalogue_now import bundled_answers, messages, with_criterion
from plugin_files import JSON_FILES, heating, named

from yimen.core import departments
from yimen.core.rules.catalogue import load_catalogue

# -- what a clerk sees ----------------------------------------------------------------------------


@pytest.fixture
def story_household(truth: Any) -> str:
    number: str = truth["stories"]["eligible"]["household_no"]
    return number


def by_programme(report: Any) -> dict[str, Any]:
    return {p["programme"]: p for p in report["programmes"]}


def test_a_broken_programme_is_unknown_with_its_reason_and_the_others_answer(
    install: Callable[..., Path], yimen: Any, story_household: str
) -> None:
    before = by_programme(yimen.json("check", "--household", story_household))
    install(with_criterion("heating.half IN (SELECT 1)"))
    outcome = yimen("check", "--household", story_household, "--format", "json")
    assert outcome.err.startswith("Department heating: yimen_heating/programmes.json")
    found = by_programme(outcome.json)
    assert found["HEA-WARM"]["outcome"] == "unknown"
    assert "SELECT 1" in found["HEA-WARM"]["missing"][0]["why"]
    assert {n: p for n, p in found.items() if n != "HEA-WARM"} == before


def test_a_department_whose_register_is_not_loaded_is_unknown_and_the_others_answer(
    install: Callable[..., Path], yimen: Any, story_household: str
) -> None:
    before = by_programme(yimen.json("check", "--household", story_household))
    install()
    found = by_programme(yimen.json("check", "--household", story_household))
    assert found["HEA-WARM"]["outcome"] == "unknown"
    assert "'Heating bills' is not loaded." in found["HEA-WARM"]["missing"][0]["why"]
    assert {n: p for n, p in found.items() if n != "HEA-WARM"} == before


def test_a_department_that_asks_too_much_of_the_engine_is_left_out_and_the_others_answer(
    install: Callable[..., Path], yimen: Any, story_household: str
) -> None:
    before = by_programme(yimen.json("check", "--household", story_household))
    files = heating()
    # SQLite joins at most 64 tables; 70 registers are more than one statement can hold.
    for number in range(70):
        source = f"heating.more_{number}"
        files["sources.json"].append(files["sources.json"][0] | {"source": source})
        files["facts.json"].append(
            {"fact": f"heating.seen_{number}", "names": named("Seen"), "unit": "person",
             "type": "integer", "source": source, "aggregate": "COUNT(*)", "absent": 0}
        )  # fmt: skip
    install(files)
    found = by_programme(yimen.json("check", "--household", story_household))
    assert found["HEA-WARM"]["outcome"] == "unknown"
    assert found["HEA-WARM"]["missing"][0]["why"] == (
        "The rules of this department could not be computed."
    )
    assert {n: p for n, p in found.items() if n != "HEA-WARM"} == before


def test_department_list_names_the_problem_beside_the_plugin(
    install: Callable[..., Path], yimen_empty: Any
) -> None:
    install({}, code="raise RuntimeError('no configuration')")
    rows = {row["plugin"]: row for row in yimen_empty.json("department", "list")}
    assert rows["heating"]["problems"] == ["RuntimeError: no configuration"]
    assert rows["heating"]["programmes"] == 0
    assert rows["civil"]["problems"] == []
    assert rows["civil"]["programmes"] == 13


def test_a_plugin_that_cannot_be_imported_can_be_left_out_and_taken_in_again(
    install: Callable[..., Path], yimen_empty: Any
) -> None:
    install({}, code="raise RuntimeError('no configuration')")
    assert "no configuration" in yimen_empty("programme", "list").err
    yimen_empty("department", "disable", "heating")
    quiet = yimen_empty("programme", "list")
    assert (quiet.err, "CIV-DB" in quiet.out) == ("", True)
    rows = {row["plugin"]: row for row in yimen_empty.json("department", "list")}
    assert rows["heating"]["enabled"] is False
    yimen_empty("department", "enable", "heating")
    assert "no configuration" in yimen_empty("programme", "list").err


def test_a_department_that_is_left_out_is_told_once_with_what_rests_on_it(
    yimen_empty: Any,
) -> None:
    yimen_empty("department", "disable", "disability")
    said = yimen_empty("programme", "list")
    assert len(said.err.splitlines()) == 1
    assert "Department disability: left out, so" in said.err
    usable = {row["programme"]: row["usable"] for row in yimen_empty.json("programme", "list")}
    assert (usable["CIV-DB"], usable["CIV-DIS2"], usable["MED-PREM"]) == (True, False, True)


# -- the cache ------------------------------------------------------------------------------------


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    folder = tmp_path / "cache"
    folder.mkdir()
    return folder


def test_the_catalogue_is_taken_from_the_cache_while_nothing_changes(
    install: Callable[..., Path], cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install()
    first = load_catalogue(cache)

    def nobody_is_asked(points: Any) -> Any:
        raise AssertionError("the plugins were asked again")

    monkeypatch.setattr(departments, "collect", nobody_is_asked)
    assert load_catalogue(cache) == first


@pytest.mark.parametrize("damage", [b"", b"{}", b"garbage\n{}", None])
def test_a_damaged_cache_file_is_rebuilt(
    install: Callable[..., Path], cache: Path, damage: bytes | None
) -> None:
    install()
    first = load_catalogue(cache)
    (file,) = cache.glob("catalogue-*")
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] if damage is None else damage)
    assert load_catalogue(cache) == first
    assert file.read_bytes() == whole


def test_a_changed_plugin_file_gives_a_new_catalogue(
    install: Callable[..., Path], cache: Path
) -> None:
    package = install()
    first = load_catalogue(cache)
    files = heating()
    files["standards.json"][0]["example"][0]["value"] = 200000
    (package / "standards.json").write_text(json.dumps(files["standards.json"]), "utf-8")
    second = load_catalogue(cache)
    assert second.standards["heating.limit"].example[0].value == 200000
    assert second.digest != first.digest
    assert len(list(cache.glob("catalogue-*"))) == 1


def test_a_plugin_that_is_mended_answers_again(install: Callable[..., Path], cache: Path) -> None:
    package = install(code="raise RuntimeError('no configuration')")
    assert "HEA-WARM" not in load_catalogue(cache).programmes
    (package / "__init__.py").write_text(JSON_FILES, "utf-8")
    mended = load_catalogue(cache)
    assert mended.problems == []
    assert "HEA-WARM" in mended.programmes


def test_each_language_has_the_problems_in_its_own_words(
    install: Callable[..., Path], cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(with_criterion("heating.half / 2 > 1"))
    english = messages(load_catalogue(cache))
    monkeypatch.setenv("YIMEN_LANG", "zh")
    chinese = messages(load_catalogue(cache))
    monkeypatch.setenv("YIMEN_LANG", "en")
    assert messages(load_catalogue(cache)) == english
    assert chinese != english
    assert load_catalogue(cache).digest


def test_without_a_folder_to_write_to_there_is_a_catalogue_and_no_cache(tmp_path: Path) -> None:
    assert bundled_answers(load_catalogue(tmp_path / "nowhere"))
    assert not (tmp_path / "nowhere").exists()
