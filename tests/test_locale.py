"""The Chinese catalogue: complete, compiled, aligned on every terminal, and used by every page."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from wcwidth import wcswidth

from yimen.core.i18n import language

ROOT = Path(__file__).resolve().parent.parent
HAN = re.compile(r"[\u4e00-\u9fff]")
MAIN = "from yimen.cli import main; main()"
HELP_OF_ALL_COMMANDS = """
import json
import click
from yimen.core.i18n import speak_to_click
speak_to_click()
from yimen.cli import cli

def pages(command, context):
    options = {o.opts[-1]: o.help for o in command.params if isinstance(o, click.Option)}
    yield context.command_path, command.help, options, command.get_help(context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            below = click.Context(inner, info_name=name, parent=context, **inner.context_settings)
            yield from pages(inner, below)

print(json.dumps(list(pages(cli, click.Context(cli, info_name="yimen", **cli.context_settings)))))
"""


def python(code: str, *words: str, tongue: str) -> subprocess.CompletedProcess[str]:
    """A fresh interpreter in a language: help pages take theirs when a command is imported."""
    env = {**os.environ, "YIMEN_LANG": tongue, "COLUMNS": "80", "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, "-c", code, *words], env=env, text=True, capture_output=True, timeout=60
    )


@pytest.fixture(scope="module")
def catalogue() -> ModuleType:
    spec = importlib.util.spec_from_file_location("catalogue", ROOT / "locale" / "catalogue.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def chinese_pages() -> list[Any]:
    told: list[Any] = json.loads(python(HELP_OF_ALL_COMMANDS, tongue="zh").stdout)
    return told


def test_every_sentence_has_its_chinese_and_the_mo_is_what_the_po_says(catalogue: Any) -> None:
    assert catalogue.problems() == []


def test_the_check_is_a_command_that_says_nothing_when_all_is_well() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "locale" / "catalogue.py"), "check"],
        text=True, capture_output=True, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("entry", "spoilt", "expected"),
    [
        ('msgstr "没有申请{no}。"', 'msgstr ""', "is not translated"),
        ("没有申请{no}。", "没有申请{number}。", "other placeholders"),
        ("没有申请{no}。", "没有申请。", "other placeholders"),
        ("请检查--expires。", "请检查--expire。", "other commands or options"),
        ("`yimen operator list`查看全部", "`yimen operators`查看全部", "commands or options"),
        ("没有申请{no}。", "没有,申请{no}。", "half-width ','"),
        ("没有申请{no}。", "没有: 申请{no}。", "half-width ':'"),
        ("没有申请{no}。", "没有({no})申请。", "half-width '('"),
        ("没有申请{no}。", "没有申请[{no}]。", "half-width '['"),
        ("没有申请{no}。", "没有申请 {no}。", "a blank in '请 {no}'"),
        ("没有申请{no}。", "没有申请{no} 。", "a blank in '{no} 。'"),
        ("请检查--expires。", "请检查 --expires。", "a blank in '查 --expires'"),
        ("没有申请{no}。", "没有30 个申请{no}。", "a blank in '30 个'"),
        ("没有申请{no}。", "没有申请{no}…", "width differs between terminals"),
        ("没有申请{no}。", "没有申请“{no}”。", "width differs between terminals"),
        ('msgid "There is no application {no}."', 'msgid "No application {no}."', "nowhere"),
        ('msgid "There is no application {no}."', 'msgid "No application {no}."', "not in the"),
        ('msgid "Show the version."', '#, fuzzy\nmsgid "Show the version."', "fuzzy"),
        ("没有申请{no}。", "没有申请书{no}。", "not what yimen.po compiles to"),
    ],
)
def test_the_check_names_what_is_wrong(
    tmp_path: Path, catalogue: Any, entry: str, spoilt: str, expected: str
) -> None:
    text = catalogue.PO.read_text("utf-8")
    assert entry in text
    po = tmp_path / "yimen.po"
    po.write_text(text.replace(entry, spoilt), "utf-8")
    found = catalogue.problems(po, catalogue.MO)
    assert any(expected in problem for problem in found), found


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ('{"names": {"zh": "资助金额(元)", "en": "Aid (yuan)"}}', "a half-width '('"),
        ('[{"text": {"zh": "先核实,后办理", "en": "first"}}]', "a half-width ','"),
        ('{"zh": "30 个工作日"}', "a blank in '30 个'"),
        ('{"aliases": ["大病(住院)"]}', "a half-width '('"),
        ('{"zh": "没有选“无”"}', "width differs"),
    ],
)
def test_the_check_reads_what_departments_declare(
    tmp_path: Path, catalogue: Any, words: str, fault: str
) -> None:
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "laws.csv").write_text("key,zh,en\nL,《办法》（试行）,Law\n", "utf-8")
    plugin = tmp_path / "plugins" / "civil"
    plugin.mkdir(parents=True)
    (plugin / "good.json").write_text('{"zh": "低保金（月）", "en": "a (b)"}', "utf-8")
    (plugin / "facts.json").write_text(words, "utf-8")
    found = list(catalogue.faults_declared(tmp_path))
    assert found
    for problem in found:
        assert problem.startswith("plugins/civil/facts.json: ")
    assert any(fault in problem for problem in found), found


def test_a_law_is_cited_with_full_width_marks(tmp_path: Path, catalogue: Any) -> None:
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "laws.csv").write_text("key,zh,en\nL,《办法》(试行),Law\n", "utf-8")
    (problem, *__) = catalogue.faults_declared(tmp_path)
    assert problem.startswith("core/laws.csv: ")


def test_a_sentence_out_of_a_table_that_nobody_declared_is_named(
    catalogue: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogue, "FROM_TABLES", set())
    assert any("column.title" in problem for problem in catalogue.problems())


def test_sentences_are_found_over_several_lines_and_inside_f_strings(
    tmp_path: Path, catalogue: Any
) -> None:
    source = tmp_path / "spoken.py"
    source.write_text(
        'a = _("one"\n      " sentence")\nb = f"({_(\'within\')})"\nc = Column("name", "title")\n'
        'd = ngettext("a day", "days", n)\ne = _(computed)\n',
        "utf-8",
    )
    said = [sentence for sentence, __ in catalogue.spoken(source)]
    assert said == ["one sentence", "within", "title", ("a day", "days")]


def test_updating_keeps_the_translations_and_drops_what_is_said_nowhere(
    tmp_path: Path, catalogue: Any
) -> None:
    po, mo = tmp_path / "yimen.po", tmp_path / "yimen.mo"
    po.write_text(catalogue.PO.read_text("utf-8") + '\nmsgid "Never said"\nmsgstr "无"\n', "utf-8")
    catalogue.update(po, mo)
    assert "Never said" not in po.read_text("utf-8")
    assert catalogue.problems(po, mo) == []
    written = po.read_bytes(), mo.read_bytes()
    catalogue.update(po, mo)
    assert (po.read_bytes(), mo.read_bytes()) == written


def test_the_help_of_every_command_and_option_is_chinese(chinese_pages: list[Any]) -> None:
    english = [
        (path, text)
        for path, purpose, options, __ in chinese_pages
        for text in [purpose, *options.values()]
        if text is not None and not HAN.search(text)
    ]
    assert len(chinese_pages) > 30
    assert english == []


def test_clicks_own_words_on_help_pages_are_chinese(chinese_pages: list[Any]) -> None:
    for path, __, __, page in chinese_pages:
        assert page.startswith(f"用法： {path} "), page
        assert "显示本帮助后退出。" in page
        assert not re.search(r"Usage|Options:|Commands:|default:|required|Show this", page), page


def test_chinese_help_pages_fit_into_eighty_columns(chinese_pages: list[Any]) -> None:
    # click wraps by characters, and a Han character is two columns wide: sentences must be short.
    wide = [
        line for *__, page in chinese_pages for line in page.splitlines() if wcswidth(line) > 80
    ]
    assert wide == []


def test_english_help_pages_hold_no_chinese() -> None:
    page = python(MAIN, "--help", tongue="en").stdout
    assert page.startswith("Usage: yimen ")
    assert not HAN.search(page)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["query"], "错误：缺少参数 'ID'."),
        (["chek"], "错误：没有'chek'这个命令。"),
        (["source", "load", "--format", "x"], "'x'不是可选值，可选：'table', 'json'"),
        (["check"], "错误：请给出申请编号、`--household 户号`、--all三者之一。"),
        (["query", "1", "2"], "错误：多出了参数：2"),
    ],
)
def test_mistakes_on_the_command_line_are_told_in_chinese(
    tmp_path: Path, words: list[str], expected: str
) -> None:
    done = python(MAIN, "--home", str(tmp_path / "home"), *words, tongue="zh")
    assert done.returncode == 2
    assert expected in done.stderr
    assert "查看帮助" in done.stderr


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, "zh"),
        ({"LANG": "C.UTF-8"}, "zh"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "YIMEN_LANG": "en"}, "en"),
        ({"LANG": "en_GB.UTF-8", "YIMEN_LANG": "zh"}, "zh"),
    ],
)
def test_the_language_is_the_one_asked_for_then_the_locales_then_chinese(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], expected: str
) -> None:
    for name in ("YIMEN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert language() == expected
