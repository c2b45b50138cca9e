"""Writes what the documents take from the code, or checks that they still agree with it.

    python docs/build.py write             fills the reference and the tutorial's output
    python docs/build.py check             exits 1 and names what has drifted
    python docs/build.py howto BIN write   the same for docs/howto, with the commands in BIN, the
    python docs/build.py howto BIN check   bin folder of a virtual environment that may be changed

The reference is generated whole. In the tutorial and the howtos each ```console block keeps its
`$ …` lines and gets their real output, from one run of all of them in order; a block whose first
line names a file (```json folder/file.json) is written there before the run goes on.
"""

from __future__ import annotations

import difflib
import inspect
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from referral_page import referral_page

DOCS = Path(__file__).resolve().parent
BIN = Path(sys.executable).parent
BLOCK = re.compile(r"```(console|(?:json|csv|python) \S+)\n(.*?)```", re.DOTALL)
# What differs between two honest runs: hashes that hold times, folders, and how long it took.
VARIES = (
    (re.compile(r"head [0-9a-f]{64}"), "head " + "0" * 64),
    (re.compile(r"/tmp/\w+/"), ""),
    (re.compile(r" in [0-9.]+s"), ""),
)


def commands_page() -> Iterator[str]:
    """The help of every command, as a person sees it at 80 columns."""
    import click

    from yimen.cli import COMMANDS, cli

    yield "# Commands\n"
    yield "Every command's `--help`, in the order of `yimen --help`.\n"
    yield from _help_of("yimen", cli)
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None, name
        yield from _help_of_all(f"yimen {name}", command)


def _help_of_all(words: str, command: Any) -> Iterator[str]:
    yield from _help_of(words, command)
    for sub in getattr(command, "commands", {}).values():
        yield from _help_of_all(f"{words} {sub.name}", sub)


def _help_of(words: str, command: Any) -> Iterator[str]:
    import click

    context = click.Context(command, info_name=words, terminal_width=80)
    text = "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
    yield f"\n## {words}\n\n```\n{text}\n```\n"


def errors_page() -> Iterator[str]:
    """Exit codes and named errors."""
    from yimen.core import errors

    yield "# Errors and exit codes\n"
    yield "An error says what is wrong, where, and what to do next; nothing was changed by it.\n"
    yield "| exit code | name | |\n|---|---|---|\n"
    meaning = {
        "DONE": "all is done", "BUG": "a fault of Yimen; run again with --debug",
        "USAGE": "the command line is wrong", "NOT_FOUND": "no such number, name or home",
        "REFUSED": "not permitted, or a guard of the procedure forbids it",
        "BAD_INPUT": "data from a person or file is wrong",
        "REJECTED_ROWS": "done, and some rows were rejected", "BUSY": "another process is writing",
    }  # fmt: skip
    for code in errors.ExitCode:
        yield f"| {code.value} | {code.name} | {meaning[code.name]} |\n"
    yield "\n| error | exit code | when |\n|---|---|---|\n"
    for name, kind in vars(errors).items():
        if inspect.isclass(kind) and issubclass(kind, errors.YimenError):
            when = " ".join((kind.__doc__ or "").split())
            yield f"| {name} | {int(kind.exit_code)} | {when} |\n"


def hooks_page() -> Iterator[str]:
    """Every hook with its exact signature."""
    from yimen.core import departments, hookspecs

    yield "# Hooks\n"
    yield "A plugin registers under the entry-point group `yimen.departments` and implements the "
    yield "hooks it needs; each returns a list of JSON-like objects. Most departments need none of "
    yield "this: `department_from_files(__name__)` reads the files named below.\n"
    for name, (file, contract) in departments.HOOKS.items():
        yield from _hook(name, getattr(hookspecs, name))
        yield f" File: `{file}`; contract: `{contract}`.\n"
    yield "\nThe hooks below are asked while work goes on, each time in a process of its own that "
    yield "ends after a deadline; they may use the network. See "
    yield "[the howto](../howto/handover.md#by-a-plugin).\n"
    for name, hook in vars(hookspecs).items():
        if hasattr(hook, f"{hookspecs.PROJECT}_spec") and name not in departments.HOOKS:
            yield from _hook(name, hook)
            yield "\n"


def _hook(name: str, hook: Any) -> Iterator[str]:
    signature = inspect.signature(hook, eval_str=False)
    words = " ".join((inspect.getdoc(hook) or "").split())
    yield f"\n## {name}\n\n```python\ndef {name}{signature}\n```\n\n{words}"


def schemas_page() -> Iterator[str]:
    """Every contract with its fields."""
    from yimen.core.contracts import CONTRACTS, schema_from_record

    yield "# Schemas\n"
    yield "JSON Schemas (2020-12) in `schemas/`, written from the records by `make schemas`.\n"
    for name in CONTRACTS:
        schema = schema_from_record(name)
        yield f"\n## {name}\n\n{schema.get('description', '')}\n\n"
        yield "| field | type | required | |\n|---|---|---|---|\n"
        required = set(schema.get("required", []))
        for field, body in schema["properties"].items():
            kind = _type_words(body)
            need = "yes" if field in required else ""
            yield f"| {field} | {kind} | {need} | {body.get('description', '')} |\n"


def _type_words(body: dict[str, Any]) -> str:
    if "$ref" in body:
        return str(body["$ref"].rsplit("/", 1)[1])
    if "anyOf" in body:
        return " or ".join(_type_words(part) for part in body["anyOf"])
    if "enum" in body:
        return ", ".join("null" if v is None else str(v) for v in body["enum"])
    if body.get("type") == "array":
        return f"list of {_type_words(body.get('items', {}))}"
    return str(body.get("type", "any"))


PAGES = {
    "reference/commands.md": commands_page,
    "reference/errors.md": errors_page,
    "reference/hooks.md": hooks_page,
    "reference/referral.md": referral_page,
    "reference/schemas.md": schemas_page,
}


def page_text(pieces: Iterable[str]) -> str:
    """A generated page; it says so in its first lines."""
    title, *rest = pieces
    note = "\n<!-- Written by `make docs` from the code; do not edit. -->\n\n"
    return str(title) + note + "".join(rest)


def told(text: str, bin_folder: Path = BIN) -> str:
    """A document with the real output of its console blocks, run in order in an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}", "YIMEN_LANG": "en",
            "YIMEN_TODAY": "2026-11-20", "YIMEN_HOME": "home", "COLUMNS": "80",
        }  # fmt: skip

        def run(block: re.Match[str]) -> str:
            kind, body = block.groups()
            if kind != "console":
                file = Path(folder, kind.split()[1])
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(body, "utf-8")
                return block.group(0)
            lines = []
            for line in body.splitlines():
                if not line.startswith("$ "):
                    continue
                done = subprocess.run(
                    ["bash", "-c", line[2:]], cwd=folder, env=environment, capture_output=True,
                    text=True, check=False, stdin=subprocess.DEVNULL,
                )  # fmt: skip
                output = done.stdout + done.stderr
                for pattern, steady in VARIES:
                    output = pattern.sub(steady, output)
                lines.append(f"{line}\n{output}")
            return f"```console\n{''.join(lines)}```"

        return BLOCK.sub(run, text)


def wanted() -> dict[Path, str]:
    """Each document's path and the text that it must have."""
    import catalogue_pages as pages

    os.environ["YIMEN_LANG"] = "en"
    found = {DOCS / name: page_text(make()) for name, make in PAGES.items()}
    catalogue = pages.bundled_catalogue()
    reference = DOCS / "reference"
    found[reference / "catalogue.md"] = page_text(pages.index_page(catalogue))
    found[reference / "checklists.md"] = page_text(pages.checklists_page(catalogue))
    for plugin in sorted(set(catalogue.owners.values())):
        path = reference / "departments" / f"{plugin}.md"
        found[path] = page_text(pages.plugin_page(catalogue, plugin))
    tutorial = DOCS / "tutorial.md"
    return found | {tutorial: told(tutorial.read_text("utf-8"))}


def howtos(bin_folder: Path) -> dict[Path, str]:
    """The howtos with the real output of a virtual environment.

    The one on a department comes last: what it installs would be told of by all after it.
    """
    pages = sorted(DOCS.glob("howto/*.md"), key=lambda path: (path.stem == "department", path))
    return {path: told(path.read_text("utf-8"), bin_folder) for path in pages}


def main() -> int:
    match sys.argv[1:]:
        case [("write" | "check") as mode]:
            return compare(wanted(), mode)
        case ["howto", folder, ("write" | "check") as mode]:
            return compare(howtos(Path(folder).absolute()), mode)
    print(__doc__, file=sys.stderr)
    return 2


def compare(wanted: dict[Path, str], mode: str) -> int:
    """Writes what differs, or shows it and returns 1."""
    drifted = 0
    for path, text in wanted.items():
        current = path.read_text("utf-8") if path.exists() else ""
        if current == text:
            continue
        drifted += 1
        if mode == "write":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
            print(f"written: {path.relative_to(DOCS.parent)}")
        else:
            name = str(path.relative_to(DOCS.parent))
            diff = difflib.unified_diff(current.splitlines(), text.splitlines(), name, "code", n=1)
            print("\n".join(list(diff)[:40]), file=sys.stderr)
    if drifted and mode == "check":
        print(f"{drifted} documents have drifted; run `make docs`.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
