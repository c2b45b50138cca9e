"""Departments' plugins, sound and broken: one that fails is one problem, and the rest answers.

The plugins are real distributions in a folder of their own, found by their entry points in this
process and in the child that runs their code.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from catalogue_now import bundled_answers, catalogue_now, messages
from plugin_files import JSON_FILES, heating

from yimen.core import departments


def test_a_departments_own_distribution_is_found_and_linked(install: Callable[..., Path]) -> None:
    install()
    catalogue = catalogue_now()
    assert catalogue.problems == []
    assert catalogue.programmes["HEA-WARM"].department == "heating"
    assert catalogue.links.uses["fact:heating.half"] == ["heating.billed"]
    assert bundled_answers(catalogue)


def test_yimen_departments_narrows_the_plugins_to_those_it_names(
    install: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    install()
    monkeypatch.setenv("YIMEN_DEPARTMENTS", "heating, civil")
    assert sorted(departments.installed_department_names()) == ["civil", "heating"]
    monkeypatch.setenv("YIMEN_DEPARTMENTS", "none")
    assert departments.installed_department_names() == {}


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("raise RuntimeError('no configuration')", "RuntimeError: no configuration"),
        ("import a_module_that_nobody_has", "ModuleNotFoundError"),
        ("import sys; sys.exit(3)", "its process ended without an answer"),
        ("import os; os._exit(3)", "its process ended without an answer"),
        ("import os; os.kill(os.getpid(), 9)", "its process ended without an answer"),
        ("plugin = object(", "SyntaxError"),
        ("other = 1", "AttributeError"),
    ],
)
def test_a_plugin_that_cannot_be_imported_is_one_problem(
    install: Callable[..., Path], code: str, words: str
) -> None:
    install({}, code=code)
    catalogue = catalogue_now()
    assert len(messages(catalogue)) == 1
    assert words in messages(catalogue)[0]
    assert bundled_answers(catalogue)


def test_a_plugin_whose_module_is_missing_is_one_problem(install: Callable[..., Path]) -> None:
    install({}, point="yimen_elsewhere:plugin")
    catalogue = catalogue_now()
    assert len(messages(catalogue)) == 1
    assert "yimen_elsewhere" in messages(catalogue)[0]
    assert bundled_answers(catalogue)


def test_a_plugin_that_hangs_is_given_up_and_those_after_it_still_answer(
    install: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(departments, "DEADLINE_SECONDS", 3.0)
    install({}, code="import threading\nthreading.Event().wait()")
    catalogue = catalogue_now()
    assert messages(catalogue) == ["it did not answer within 3 seconds"]
    assert bundled_answers(catalogue)


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("import socket; socket.create_connection(('127.0.0.1', 9))", "socket."),
        ("import sqlite3; sqlite3.connect(':memory:')", "sqlite3.connect"),
        ("import os; os.system('true')", "os.system"),
        (
            "import sqlite3\ntry:\n    sqlite3.connect('x.db')\nexcept PermissionError:\n    pass\n"
            + JSON_FILES,
            "sqlite3.connect",
        ),
    ],
)
def test_a_plugin_that_opens_the_network_or_a_database_when_loaded_is_one_problem(
    install: Callable[..., Path], code: str, what: str
) -> None:
    install(code=code)
    catalogue = catalogue_now()
    assert len(messages(catalogue)) == 1
    assert "opens the network, a database or a program" in messages(catalogue)[0]
    assert what in messages(catalogue)[0]
    assert "HEA-WARM" not in catalogue.programmes
    assert bundled_answers(catalogue)


def hook(body: str, name: str = "sources") -> str:
    return (
        "import sys\nfrom yimen import hookimpl\n\nclass Plugin:\n    @hookimpl\n"
        f"    def {name}(self):\n        {body}\n\nplugin = Plugin()\n"
    )


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (hook("return {'source': 'heating.bills'}"), "sources() returned dict, not a list"),
        (hook("return 'heating.bills'"), "sources() returned str, not a list"),
        (hook("return 7"), "sources() returned int, not a list"),
        (hook("return [{1, 2}]"), "not JSON serializable"),
        (hook("raise KeyError('region')"), "KeyError"),
        (hook("return []", name="programs"), "programs"),
        (hook("return []", name="sources").replace("(self)", "(self, county)"), "county"),
    ],
)
def test_a_hook_that_breaks_its_promise_is_one_problem(
    install: Callable[..., Path], code: str, words: str
) -> None:
    install({}, code=code)
    catalogue = catalogue_now()
    assert len(messages(catalogue)) == 1
    assert words in messages(catalogue)[0]
    assert bundled_answers(catalogue)


def test_what_a_plugin_prints_does_no_harm(
    install: Callable[..., Path], capfd: pytest.CaptureFixture[str]
) -> None:
    noise = "import sys\nprint('x' * 200000)\nprint('{\"problem\": 1}', file=sys.stderr)\n"
    install(code=noise + JSON_FILES)
    catalogue = catalogue_now()
    assert catalogue.problems == []
    assert "HEA-WARM" in catalogue.programmes
    assert capfd.readouterr() == ("", "")


def test_a_hook_that_returns_nothing_gives_nothing(install: Callable[..., Path]) -> None:
    install({}, code=hook("return None"))
    assert catalogue_now().problems == []


def test_invalid_json_is_named_with_file_line_and_column(install: Callable[..., Path]) -> None:
    install(heating() | {"facts.json": '[\n {"fact": "heating.billed"\n  "unit": "person"}\n]\n'})
    found = messages(catalogue_now())
    assert len(found) == 1
    assert "facts.json, line 3, column 3: not valid JSON" in found[0]


@pytest.mark.parametrize(
    ("content", "words"),
    [("[1, 2]", "facts.json is not a list of objects"), ('"a"', "facts.json is not a list")],
)
def test_json_of_another_shape_is_named_with_its_file(
    install: Callable[..., Path], content: str, words: str
) -> None:
    install(heating() | {"facts.json": content})
    found = messages(catalogue_now())
    assert len(found) == 1
    assert words in found[0]


def test_a_file_in_another_encoding_is_named(install: Callable[..., Path]) -> None:
    package = install()
    (package / "facts.json").write_bytes('[{"fact": "供暖"}]'.encode("gb18030"))
    found = messages(catalogue_now())
    assert len(found) == 1
    assert "facts.json is not in UTF-8" in found[0]
