"""What holds for all screens together: keys, words, floors; and a department's own screen."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from clerk_screen import drive, press, shown
from plugin_files import JSON_FILES, heating
from screens import ambiguous_in, width_of
from textual.binding import Binding

from yimen.core.casework.transitions import MOVES, legal_verbs
from yimen.core.i18n import _
from yimen.core.rules.catalogue import load_catalogue
from yimen.tui.keys import FUNCTION_KEYS, NUMBER, PLACES, VERB_KEYS, Key
from yimen.tui.page import Page
from yimen.tui.screens.verbs import VERBS
from yimen.tui.widgets.cells import both_ends, fitted

ROOT = Path(__file__).parent.parent
SCREENS = sorted(p.stem for p in (ROOT / "tui" / "screens").glob("*.py") if p.stem != "__init__")


def pages() -> Iterator[type[Page]]:
    """Every screen of the program."""
    for name in SCREENS:
        module = import_module(f"yimen.tui.screens.{name}")
        for found in vars(module).values():
            if isinstance(found, type) and issubclass(found, Page) and found.__module__ == (
                module.__name__
            ):  # fmt: skip
                yield found


# Enter goes on: into what is chosen, to what was typed, or to the next field.
GOES_ON = {"Open", "Search", "Next field"}


def every_key() -> list[Key]:
    """The keys that any screen shows, the verbs' among them, and those that work everywhere."""
    own = [key for page in pages() for key in page.KEYS]
    return [*own, *VERB_KEYS.values(), *FUNCTION_KEYS, NUMBER]


def test_a_key_means_the_same_on_every_screen_and_a_meaning_has_one_key() -> None:
    meanings: dict[str, set[str]] = {}
    keys: dict[str, set[str]] = {}
    for key in every_key():
        meanings.setdefault(key.key, set()).add(key.label)
        keys.setdefault(key.label, set()).add(key.key)
    assert meanings.pop("enter") == GOES_ON
    assert {key: labels for key, labels in meanings.items() if len(labels) > 1} == {}
    for place in ("query", "checklist", "check"):
        # A place of the menu and what a letter does to a record may share a word.
        keys[PLACES[place].label].discard(PLACES[place].key)
    assert {label: found for label, found in keys.items() if len(found) > 1} == {}
    assert "m" not in meanings, "M is the menu"


def test_a_key_calls_the_same_on_every_screen() -> None:
    of_verbs = {key.key: key.action for key in VERB_KEYS.values()}
    called: dict[str, set[str]] = {}
    for page in pages():
        for cls in page.__mro__:
            if not issubclass(cls, Page):
                continue
            for binding in cls.__dict__.get("BINDINGS", []):
                made = binding if isinstance(binding, Binding) else Binding(*binding)
                for name in made.key.split(","):
                    key = name.lower()
                    if made.action == f"verb('{key}')":
                        called.setdefault(key, set()).add(of_verbs[key])
                    else:
                        called.setdefault(key, set()).add(made.action)
    assert {key: actions for key, actions in called.items() if len(actions) > 1} == {}
    table = {key.key: key.action for key in every_key()}
    assert {k: a for k, a in called.items() if not k.isdigit() and a != {table[k]}} == {}


def test_every_verb_has_a_key_and_those_that_share_one_are_never_possible_together() -> None:
    assert VERB_KEYS.keys() == VERBS.keys()
    for move in MOVES:
        for state in move.from_states:
            keys = [VERB_KEYS[verb].key for verb in (*legal_verbs(state), "countersign")]
            assert len(keys) == len(set(keys)), (state, keys)


def test_no_screen_takes_a_key_that_a_chinese_keyboard_or_putty_keeps_for_itself() -> None:
    taken = {key.key for page in pages() for key in page.KEYS}
    assert not {k for k in taken if k.startswith(("alt+", "shift+f")) or k == "ctrl+space"}


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_keys_of_every_screen_fit_its_key_bar(
    monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("YIMEN_LANG", language)
    for page in pages():
        line = " ".join(f"{key.name} {_(key.label)}" for key in page.KEYS)
        assert width_of(line) <= 80, (page.__name__, line)
    everywhere = " ".join(f"{key.name}{_(key.label)}" for key in FUNCTION_KEYS)
    assert width_of(everywhere) <= 80, everywhere


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_no_word_of_the_screens_is_drawn_wide_by_some_terminals(
    monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("YIMEN_LANG", language)
    words = set()
    for path in (ROOT / "tui").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                words.add(node.value)
    doubtful = {w: "".join(ambiguous_in(_(w))) for w in words if any(ambiguous_in(_(w)))}
    assert doubtful == {}


def test_each_screen_is_a_short_file_beside_its_style() -> None:
    for name in SCREENS:
        path = ROOT / "tui" / "screens" / f"{name}.py"
        assert len(path.read_text("utf-8").splitlines()) <= 300, name
    for page in pages():
        style = page.CSS_PATH
        assert style is None or (ROOT / "tui" / "screens" / str(style)).is_file(), page


def test_the_screens_hold_no_sql_and_open_no_database() -> None:
    for path in (ROOT / "tui").rglob("*.py"):
        text = path.read_text("utf-8")
        for word in ("SELECT ", "INSERT ", "UPDATE ", "DELETE ", ".conn", "sqlite"):
            assert word not in text, (path.name, word)


def test_the_command_line_does_not_import_textual() -> None:
    code = "import sys, yimen.cli, yimen.commands.tui; print('textual' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"


def test_text_is_cut_and_filled_by_columns_and_not_by_characters() -> None:
    assert fitted("中文字", 6) == "中文字"
    assert fitted("中文字", 5) == "中 .."
    assert fitted("中文字", 4) == "中.."
    assert fitted("12", 5, right=True) == "   12"
    assert fitted("ab\x1b[31mcd\u202e", 6) == "abcd  "
    assert both_ends("很长的一行左边", "右边", 12) == "很长 .. 右边"
    assert width_of(both_ends("很长的一行左边", "右边", 12)) == 12


def test_the_menu_has_every_place_once() -> None:
    assert len(PLACES) == len({key.label for key in PLACES.values()})
    digits = [str(n) for n in range(1, len(PLACES) + 1)]
    assert len(set(digits)) == len(digits)


# -- a department's own screen ------------------------------------------------------------------

SCREEN = """
from textual.widgets import Static

from yimen import DepartmentScreen
from yimen.tui.keys import BACK, Key


class Bills(DepartmentScreen):
    KEYS = (Key("z", "Resolve", "fall"), BACK)

    def body(self):
        yield Static("bills of the winter", id="bills")

    def load(self):
        self.head()
        self.say(f"read for {self.desk.operator.operator_no}")

    def action_fall(self):
        raise RuntimeError("the boiler is cold")


class NeverOpens(DepartmentScreen):
    def body(self):
        raise ValueError("no fuel")


class FallsOnMount(Bills):
    def load(self):
        raise KeyError("pipe")


class NoScreen:
    pass
"""


def _screens(*entries: str) -> list[dict[str, Any]]:
    return [
        {"screen": f"s{n}", "names": {"zh": f"供暖{n}", "en": f"Heating {n}"}, "entry": entry}
        for n, entry in enumerate(entries)
    ]


@pytest.fixture
def heated_home(empty_home: Path, install: Any) -> Path:
    """A home in which a department has declared screens of every kind of quality."""
    files = {
        **heating(),
        "screens.json": _screens(
            "yimen_heating.screens:Bills", "yimen_heating.screens:NeverOpens",
            "yimen_heating.screens:FallsOnMount", "yimen_heating.screens:NoScreen",
            "yimen_heating.nowhere:Bills",
        ),
        "screens.py": SCREEN,
    }  # fmt: skip
    install(files, code=JSON_FILES)
    return empty_home


def test_hook_screens(heated_home: Path) -> None:
    found = load_catalogue(heated_home / "cache").screens
    assert found["heating.s0"].entry == "yimen_heating.screens:Bills"


def test_a_screen_with_a_wrong_entry_is_told_and_left_out(empty_home: Path, install: Any) -> None:
    install({**heating(), "screens.json": _screens("not an entry")})
    catalogue = load_catalogue(empty_home / "cache")
    assert catalogue.screens == {}
    assert "screens.json" in catalogue.problems[0].message


def test_a_departments_screen_stands_in_the_menu_and_its_fault_closes_it_alone(
    heated_home: Path,
) -> None:
    async def open_number(app: Any, number: int) -> None:
        await press(app, "f9", *("down" for __ in range(len(PLACES) + number)), "enter")

    async def play(app: Any) -> None:
        await open_number(app, 0)
        assert "bills of the winter" in shown(app)
        assert "read for admin" in shown(app)
        await press(app, "z")
        assert "The screen Heating 0 failed (RuntimeError) and was closed." in shown(app)
        for number, kind in ((1, "ValueError"), (2, "KeyError"), (3, "TypeError"),
                             (4, "ModuleNotFoundError")):  # fmt: skip
            await open_number(app, number)
            assert f"The screen Heating {number} failed ({kind})" in shown(app), number
        await press(app, "f3")
        assert "[Family]" in shown(app)

    drive(heated_home, "admin", play)
