"""The help of the command line: every command explains itself, and nothing heavy is imported."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import click
import pytest

from yimen import cli


def all_commands() -> Iterator[tuple[str, click.Command]]:
    context = click.Context(cli.cli)
    waiting: list[tuple[str, click.Command]] = [
        (name, command)
        for name in cli.COMMANDS
        if (command := cli.cli.get_command(context, name)) is not None
    ]
    while waiting:
        name, command = waiting.pop()
        yield name, command
        if isinstance(command, click.Group):
            waiting += [(f"{name} {n}", c) for n, c in command.commands.items()]


COMMANDS = dict(all_commands())


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_and_every_option_explains_itself(yimen_nowhere: Any, name: str) -> None:
    command = COMMANDS[name]
    assert command.help, name
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, (name, parameter.name)
    shown = yimen_nowhere(*name.split(), "--help")
    assert shown.out.startswith(f"Usage: yimen {name} ")
    assert shown.err == ""
    assert yimen_nowhere(*name.split(), "-h").out == shown.out


def test_the_help_page_names_every_command_with_its_line() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from yimen.cli import main; main()", "--help"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    shown = done.stdout.partition("Commands:")[2]
    assert [line.split()[0] for line in shown.splitlines() if line.startswith("  ")
            and not line.startswith("   ")] == list(cli.COMMANDS)  # fmt: skip


HEAVY = ("textual", "cryptography", "jsonschema", "jsonschema_rs", "sqlglot", "sqlite_utils",
         "sqlite3", "tabulate", "chinese_calendar", "chinesecalendar", "msgspec", "pluggy",
         "hypothesis")  # fmt: skip
IMPORTED = """
import sys
from yimen.cli import run
code = run(sys.argv[1:])
print("imported", *sorted(sys.modules))
sys.exit(code)
"""


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["-h"], []])
def test_the_help_page_imports_nothing_heavy_and_no_plugin(words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED, *words], capture_output=True, text=True, check=False
    )
    modules = set(done.stdout.splitlines()[-1].split()[1:])
    assert "yimen.cli" in modules
    assert not modules & set(HEAVY)
    assert not [m for m in modules if m.startswith(("yimen.plugins", "yimen.core.store",
                                                    "yimen.core.casework", "yimen.core.rules",
                                                    "yimen.commands.", "yimen.tui"))]  # fmt: skip


def test_a_query_imports_no_plugin_no_sqlglot_and_no_screens(yimen: Any, truth: Any) -> None:
    words = yimen.words("query", truth["stories"]["eligible"]["id_number"])
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED, *words], capture_output=True, text=True, check=True
    )
    modules = set(done.stdout.splitlines()[-1].split()[1:])
    assert "yimen.core.casework.household" in modules
    assert not modules & {"textual", "cryptography", "sqlglot", "jsonschema", "chinese_calendar"}
    assert not [m for m in modules if m.startswith("yimen.plugins.")]
