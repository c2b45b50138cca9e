"""Writes what the documents take from the code, or checks that they still agree with it.

    python docs/build.py write     fills the reference and the tutorial's output
    python docs/build.py check     exits 1 and names what has drifted

The reference is generated whole. In docs/tutorial.md and README.md each ```console block keeps its
`$ yimen …` lines and gets their real output, from one run of all of them in order.
"""

from __future__ import annotations

import difflib
import inspect
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent
BIN = Path(sys.executable).parent
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
# What differs between two honest runs: hashes that hold times.
VARIES = ((re.compile(r"head [0-9a-f]{64}"), "head " + "0" * 64),)


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
        yield from _help_of(f"yimen {name}", command)
        for sub in getattr(command, "commands", {}).values():
            yield from _help_of(f"yimen {name} {sub.name}", sub)


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
        hook = getattr(hookspecs, name)
        signature = inspect.signature(hook, eval_str=False)
        yield f"\n## {name}\n\n```python\ndef {name}{signature}\n```\n"
        yield f"\n{inspect.getdoc(hook)} File: `{file}`; contract: `{contract}`.\n"


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


def catalogue_page() -> Iterator[str]:
    """Programmes, facts, sources and standards of the bundled departments."""
    from yimen.core import departments
    from yimen.core.rules.catalogue import build

    points = {n: p for n, p in departments.installed_department_names().items()
              if p.value.startswith("yimen.plugins.")}  # fmt: skip
    catalogue = build(points)
    yield "# The bundled catalogue\n"
    yield "Tags say how sure a basis is: V the text was read, VL a local or press sample, Mh, Mm, "
    yield 'Ml from memory, D a design default. Only V prints without "to be confirmed".\n'
    for programme in catalogue.programmes.values():
        yield f"\n## {programme.programme} {programme.names.zh} {programme.names.en}\n"
        for v in programme.versions:
            basis = "; ".join(f"{b.text} [{b.tag}]" for b in v.basis)
            yield f"\n### {v.from_date} ~ {v.to_date or 'open'} ({basis})\n\n"
            yield "| criterion | text | expression | basis |\n|---|---|---|---|\n"
            for c in v.criteria:
                law = f"{c.basis.text} [{c.basis.tag}]"
                yield f"| {c.criterion} | {c.text.zh} {c.text.en} | `{c.expression}` | {law} |\n"
            if v.amount.expression:
                yield f"\nAmount {v.amount.type}: `{v.amount.expression}`\n"
    yield "\n## Facts\n\n| fact | unit | type | from |\n|---|---|---|---|\n"
    for f in catalogue.facts.values():
        origin = f.expression or f.aggregate or "asked"
        yield f"| {f.fact} {f.names.zh} | {f.unit} | {f.type} | `{origin}` {f.source or ''} |\n"
    yield "\n## Sources\n\n| source | owner | authority | days valid |\n|---|---|---|---|\n"
    for s in catalogue.sources.values():
        yield f"| {s.source} {s.names.zh} | {s.owner.zh} | {s.authority} | {s.max_age_days} |\n"
    yield "\n## Standards\n\n| standard | type | national values |\n|---|---|---|\n"
    for t in catalogue.standards.values():
        given = "; ".join(
            f"{x.value} from {x.from_date} to {x.to_date or 'open'}" for x in t.values
        )
        yield f"| {t.standard} {t.names.zh} | {t.type} | {given or 'set by the county'} |\n"


PAGES = {
    "reference/commands.md": commands_page,
    "reference/errors.md": errors_page,
    "reference/hooks.md": hooks_page,
    "reference/schemas.md": schemas_page,
    "reference/catalogue.md": catalogue_page,
}


def page_text(make: Any) -> str:
    """A generated page; it says so in its first lines."""
    title, *rest = list(make())
    note = "\n<!-- Written by `make docs` from the code; do not edit. -->\n\n"
    return str(title) + note + "".join(rest)


def told(text: str) -> str:
    """A document with the real output of its console blocks, run in order in an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "YIMEN_LANG": "en",
            "YIMEN_TODAY": "2026-11-20", "YIMEN_HOME": "home", "COLUMNS": "80",
        }  # fmt: skip

        def run(block: re.Match[str]) -> str:
            lines = []
            for line in block.group(1).splitlines():
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
    os.environ["YIMEN_LANG"] = "en"
    found = {DOCS / name: page_text(make) for name, make in PAGES.items()}
    tutorial = DOCS / "tutorial.md"
    return found | {tutorial: told(tutorial.read_text("utf-8"))}


def main() -> int:
    if sys.argv[1:] not in (["write"], ["check"]):
        print(__doc__, file=sys.stderr)
        return 2
    drifted = 0
    for path, text in wanted().items():
        current = path.read_text("utf-8") if path.exists() else ""
        if current == text:
            continue
        drifted += 1
        if sys.argv[1] == "write":
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
            print(f"written: {path.relative_to(DOCS.parent)}")
        else:
            name = str(path.relative_to(DOCS.parent))
            diff = difflib.unified_diff(current.splitlines(), text.splitlines(), name, "code", n=1)
            print("\n".join(list(diff)[:40]), file=sys.stderr)
    if drifted and sys.argv[1] == "check":
        print(f"{drifted} documents have drifted; run `make docs`.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
