"""Fields of a form: what is typed, ticked or chosen by a digit. Each looks the same without colour.

A field gives its value as text; what it means, and whether it may be, is decided by the casework
function that takes it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Literal

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.events import Blur, Focus, Key
from textual.geometry import Offset
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from yimen.core.casework.months import is_month
from yimen.core.casework.papers import hashed
from yimen.core.clock import parse_date
from yimen.core.errors import BadInput, YimenError
from yimen.core.i18n import _
from yimen.core.marks import bracketed
from yimen.core.money import parse_yuan
from yimen.core.render.safe import terminal_safe
from yimen.tui.widgets.cells import choice_line, fitted, width_of

Kind = Literal["text", "number", "day", "month", "money", "file", "tick", "choice"]

# What may be typed into a field of a kind at all, after full-width digits became digits.
_TYPED: dict[str, str] = {
    "number": r"[0-9]*",
    "day": r"[0-9年月日/.\-]*",
    "month": r"[0-9-]*",
    "money": r"-?[0-9.]*",
}
_LONGEST: dict[str, int] = {"number": 12, "day": 11, "month": 7, "money": 15}


@dataclass(frozen=True)
class Field:
    """One field: its name for the code, its label for the clerk, and what it holds at first.

    `only_with` names another field and those of its choices with which alone this one is asked;
    `required` then means: required with them. `choices_with` narrows the choices by each of those.
    """

    name: str
    label: str
    kind: Kind = "text"
    value: str = ""
    required: bool = False
    hint: str = ""
    # code -> name; a digit chooses by place in this order
    choices: Mapping[str, str] = field(default_factory=dict)
    only_with: tuple[str, frozenset[str]] | None = None
    # choice of the field that `only_with` names -> what may be chosen here beside it
    choices_with: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def asked(self, answers: Mapping[str, str]) -> bool | None:
        """Whether it is asked beside these answers; None while the other field holds nothing."""
        if self.only_with is None:
            return True
        name, codes = self.only_with
        return answers[name] in codes if answers.get(name) else None

    def offered(self, answers: Mapping[str, str]) -> Mapping[str, str]:
        """What may be chosen beside these answers."""
        if self.only_with is None:
            return self.choices
        return self.choices_with.get(answers.get(self.only_with[0], ""), self.choices)

    def words(self, said: str) -> str:
        """An answer to it as a clerk reads it: the name of what was chosen, else what was typed."""
        return self.choices.get(said, said)


def fault_in(spec: Field, answers: Mapping[str, str]) -> YimenError | None:
    """What is wrong with an entry whatever the form: empty, or not what its kind must be."""
    said = answers[spec.name]
    if not said:
        missing = spec.required and spec.asked(answers)
        return BadInput(_("This must be filled in.")) if missing else None
    try:
        match spec.kind:
            case "day":
                parse_date(said)
            case "money":
                parse_yuan(said)
            case "file":
                hashed(Path(said).expanduser())
            case "month" if not is_month(said):
                return BadInput(
                    _("'{month}' is not a month.").format(month=said),
                    next_step=_("Write it as 2026-12."),
                )
    except YimenError as error:
        return error
    return None


class Left(Message):
    """The clerk left a field; what it holds is worth keeping."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.field_name = name


class Chose(Message):
    """Another choice stands in a field, on which it may depend what else is asked."""


class NextWanted(Message):
    """Enter was pressed in a field: on to the next one."""


class Entry(Input):
    """A field for typing. Full-width digits of an input method become digits before anything else.

    Text is kept as it was typed: a name may hold a rare character that has a common twin.
    """

    # Read without an import of this file, which the first screen of the day does not need.
    TYPED_INTO: ClassVar[bool] = True
    BINDINGS: ClassVar[list[BindingType]] = [
        # Textual's field takes Ctrl+E as the end of its line; here it is the form's next error.
        Binding("ctrl+e", "screen.next_error", show=False),
        Binding("up", "screen.previous", show=False),
        Binding("down", "screen.next", show=False),
        Binding("pageup", "screen.page(-1)", show=False),
        Binding("pagedown", "screen.page(1)", show=False),
    ]

    def __init__(self, spec: Field) -> None:
        super().__init__(
            value=spec.value,
            placeholder=spec.hint,
            restrict=_TYPED.get(spec.kind),
            max_length=_LONGEST.get(spec.kind, 200),
            select_on_focus=False,
            compact=True,
        )
        self.spec = spec
        self.cursor_blink = False
        self._idle = False
        self._put_by = ""

    @property
    def answer(self) -> str:
        """What was typed, without blanks around it."""
        return self.value.strip()

    @property
    def idle(self) -> bool:
        """Whether it is not needed beside another field's choice: it is empty then, and says so."""
        return self._idle

    @idle.setter
    def idle(self, idle: bool) -> None:
        if idle == self._idle:
            return
        self._idle = idle
        if idle:
            self._put_by, self.value = self.value, ""
        else:
            self.value = self._put_by or self.spec.value
        self.placeholder = _("nothing to fill in") if idle else self.spec.hint

    def put(self, text: str) -> None:
        """Fills the field in, as from a draft."""
        self.value = text
        self.cursor_position = len(text)

    def replace(self, text: str, start: int, end: int) -> None:
        if self._idle:
            return
        if self.spec.kind not in ("text", "file"):
            text = unicodedata.normalize("NFKC", text)
        super().replace(terminal_safe(text), start, end)

    @property
    def cursor_screen_offset(self) -> Offset:
        """The cell in which the cursor is drawn; an input method opens its window there."""
        x, y, __, __ = self.content_region
        before = width_of(self.value[: self.cursor_position])
        return Offset(x + before - int(self.scroll_offset.x), y)

    def on_focus(self, event: Focus) -> None:
        """What is typed goes on behind what stands there already."""
        self.cursor_position = len(self.value)

    async def action_submit(self) -> None:
        self.post_message(NextWanted())

    def on_blur(self, event: Blur) -> None:
        self.post_message(Left(self.spec.name))


class Chosen(Widget, can_focus=True):
    """A field that is not typed into: a tick, or one of a few codes chosen by its digit."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "screen.previous", show=False),
        Binding("down", "screen.next", show=False),
        Binding("pageup", "screen.page(-1)", show=False),
        Binding("pagedown", "screen.page(1)", show=False),
    ]

    def __init__(self, spec: Field) -> None:
        super().__init__()
        self.spec = spec
        self._choices = spec.choices
        self._codes = list(spec.choices)
        self._value = spec.value
        self._idle = False
        # The digit that was typed right before, to which a second one may belong.
        self._begun = 0

    @property
    def answer(self) -> str:
        """The chosen code; of a tick `1`, or nothing."""
        return "" if self._idle else self._value

    @property
    def idle(self) -> bool:
        """Whether it is not needed beside another field's choice: it answers nothing then."""
        return self._idle

    @idle.setter
    def idle(self, idle: bool) -> None:
        if idle != self._idle:
            self._idle = idle
            self.refresh()

    def offer(self, choices: Mapping[str, str]) -> None:
        """Lets these be chosen; what stood chosen and is not among them is taken back."""
        if choices == self._choices:
            return
        self._choices, self._codes, self._begun = choices, list(choices), 0
        if self._value not in choices:
            self._value = ""
        self.refresh()

    def put(self, text: str) -> None:
        """Chooses a code, as from a draft; one that is not offered any more is no choice."""
        if self.spec.kind == "choice" and text not in self._choices:
            text = ""
        if text != self._value:
            self._value = text
            self.refresh()
            self.post_message(Chose())

    def render(self) -> Text:
        if self._idle:
            return Text(_("nothing to fill in"))
        if self.spec.kind == "tick":
            told = f"{'[v]' if self._value else '[ ]'} {self.spec.hint}".rstrip()
            return Text(fitted(told, self.size.width), no_wrap=True)
        place = self._codes.index(self._value) + 1 if self._value in self._codes else 0
        line = choice_line(self._choices.values(), place)
        if width_of(line) <= self.size.width:
            return Text(line)
        name = self._choices.get(self._value)
        told = bracketed(f"{place} {name}") if name else "[ ]"
        hinted = f"{told} {_('Space or a number chooses')}"
        fits = width_of(hinted) <= self.size.width
        return Text(hinted if fits else fitted(told, self.size.width), no_wrap=True)

    @property
    def cut(self) -> str:
        """The words of what stands chosen where they have no room in the field."""
        name = self._choices.get(self._value, "")
        if self._idle or not name:
            return ""
        told = bracketed(f"{self._codes.index(self._value) + 1} {name}")
        return name if width_of(told) > self.size.width else ""

    def on_key(self, event: Key) -> None:
        if self._idle and event.key != "enter":
            return
        begun, self._begun = self._begun, 0
        if event.key == "space":
            self._turn()
        elif event.key == "enter":
            self.post_message(NextWanted())
        elif event.key in ("backspace", "delete"):
            self.put("")
        elif event.key in ("left", "right", "home", "end") and self._codes:
            self._move(event.key)
        elif event.character and event.character.isdecimal() and self.spec.kind == "choice":
            self._choose(unicodedata.digit(event.character), begun)
        else:
            return
        event.stop()

    def _turn(self) -> None:
        """The next choice, or the tick turned."""
        if self.spec.kind == "tick":
            self.put("" if self._value else "1")
            return
        place = self._codes.index(self._value) if self._value in self._codes else -1
        self.put(self._codes[(place + 1) % len(self._codes)])

    def _move(self, key: str) -> None:
        """The choice before or after, the first or the last."""
        place = self._codes.index(self._value) if self._value in self._codes else -1
        last = len(self._codes) - 1
        places = {"left": max(0, place - 1), "right": min(last, place + 1), "home": 0, "end": last}
        self.put(self._codes[places[key]])

    def _choose(self, digit: int, begun: int) -> None:
        """The choice of a digit; a second digit follows where there are more than nine.

        What stands chosen already, as by a default, is no first digit.
        """
        longer = begun * 10 + digit
        if 9 < longer <= len(self._codes):
            self.put(self._codes[longer - 1])
        elif 1 <= digit <= len(self._codes):
            self.put(self._codes[digit - 1])
            self._begun = digit

    def on_focus(self, event: Focus) -> None:
        self._begun = 0
        self.app.cursor_position = Offset(self.content_region.x + 1, self.content_region.y)

    def on_blur(self, event: Blur) -> None:
        self.post_message(Left(self.spec.name))


AnyField = Entry | Chosen


def widget_for(spec: Field) -> AnyField:
    """The widget of a field's kind."""
    return Chosen(spec) if spec.kind in ("tick", "choice") else Entry(spec)
