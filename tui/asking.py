"""Asks the fields of a form line by line, for faces without a cursor; each answer is kept at once.

A wrong entry is told and asked again where it stands, before the next one is asked.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from yimen.core.casework.drafts import discard_draft, draft_of, keep_draft
from yimen.core.errors import YimenError
from yimen.core.i18n import _
from yimen.core.marks import bracketed, shown
from yimen.core.render.safe import terminal_safe
from yimen.tui.refused import told_in_lines, with_labels
from yimen.tui.widgets.fields import Field, fault_in

if TYPE_CHECKING:
    from yimen.core.casework.desk import Desk

STOP = "q"


def leaves(said: str) -> bool:
    """Whether a line goes back to where one came from: 0, as every list says, or q."""
    return said.lower() == STOP or (said.isdecimal() and int(said) == 0)


class Stopped(Exception):
    """The clerk left a form; what was answered stays as a draft."""


def _narrowed(field: Field, given: Mapping[str, str]) -> Field:
    """A field as it is asked beside these answers: its value, and what may be chosen now."""
    choices, value = field.offered(given), given[field.name]
    if field.kind == "choice" and value not in choices:
        value = ""
    return replace(field, value=value, choices=choices, only_with=None)


class Asker:
    """Prints lines with `say` and reads them with `hear`."""

    def __init__(self, desk: Desk, say: Callable[[str], None], hear: Callable[[str], str]) -> None:
        self._desk = desk
        self._say, self._hear = say, hear

    def say(self, text: str) -> None:
        """Prints one line, without anything that a terminal would obey."""
        self._say(shown(terminal_safe(text)))

    def lines(self, lines: Iterable[str]) -> None:
        """Prints lines as they come."""
        for line in lines:
            self.say(line)

    def line(self, words: str) -> str:
        """Asks for a line."""
        return self._hear(terminal_safe(words)).strip()

    def number(self, words: str) -> str:
        """Asks for the number of a case or a person; empty where the clerk wants none."""
        said = self.line(words)
        return "" if leaves(said) else said

    def choose(self, names: Sequence[str], none: str) -> int | None:
        """The place of what was chosen by its number; 0, q and an empty line choose nothing."""
        for number, name in enumerate(names, 1):
            self.say(f"{number} {name}")
        self.say(f"0 {none}")
        while True:
            said = self.line(_("Number:"))
            if not said or leaves(said):
                return None
            if said.isdecimal() and 1 <= int(said) <= len(names):
                return int(said) - 1
            self.say(_("! '{text}' is none of the numbers.").format(text=said[:20]))

    def make_sure(self) -> None:
        """Asks for a Y before what cannot be taken back; `Stopped` where none is typed."""
        if self.line(_("Type Y to do it:")).upper() not in ("Y", "Ｙ", "是"):
            self.say(_("Nothing was done."))
            raise Stopped

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Says why something was refused, and goes on."""
        try:
            yield
        except YimenError as error:
            self.say(f"! {told_in_lines(error)}")
        except Stopped:
            self.say(_("Stopped. What was answered is kept."))

    # -- forms ------------------------------------------------------------------------------

    def fill(
        self,
        fields: Sequence[Field],
        act: Callable[[dict[str, str]], None],
        *,
        form: str,
        subject: str,
    ) -> None:
        """Asks every field and hands the answers to `act`; what it refuses is asked once more.

        What is answered is the draft of that form and subject, as the screens keep it, until `act`
        took it. `Stopped` when the clerk leaves.
        """
        self.say(
            _("Enter keeps what stands in brackets, - empties it; q stops and keeps the answers.")
        )
        draft = draft_of(self._desk, form, subject)
        kept = draft.values if draft else {}
        if kept:
            self.say(_("Your earlier answers stand in brackets; they are not saved yet."))
        known = {f.name: f for f in fields}
        given = {f.name: kept.get(f.name, f.value) for f in fields}
        for field in fields:
            if field.asked(given) is False:
                # It stays in the draft as nothing, so that no answer to another choice is kept.
                given[field.name] = ""
                continue
            given[field.name] = self.ask(_narrowed(field, given))
            keep_draft(self._desk, form, subject, given)
        while True:
            try:
                act(given)
                break
            except YimenError as error:
                if error.field not in known:
                    raise
                wrong = known[error.field]
                labels = {field.name: field.label for field in fields}
                told = with_labels(told_in_lines(error), labels)
                self.say(f"! {wrong.label}{_(': ')}{told}")
                given[wrong.name] = self.ask(_narrowed(wrong, given))
                keep_draft(self._desk, form, subject, given)
        discard_draft(self._desk, form, subject)

    def ask(self, field: Field) -> str:
        """One field until its entry is right: a choice by its number, or a line."""
        while True:
            said = self._chosen(field) if field.kind in ("choice", "tick") else self._typed(field)
            fault = fault_in(field, {field.name: said})
            if fault is None:
                return said
            self.say(f"! {field.label}{_(': ')}{told_in_lines(fault)}")

    def _typed(self, field: Field) -> str:
        known = " " + bracketed(field.value) if field.value else ""
        hint = f" ({field.hint})" if field.hint and not field.value else ""
        said = self.line(f"{field.label}{hint}{known}{_(':')}")
        if said.lower() == STOP:
            raise Stopped
        if field.kind not in ("text", "file"):
            said = unicodedata.normalize("NFKC", said)
        # A sign of its own empties what stands there; an empty line keeps it.
        return "" if said == "-" else said or field.value

    def _chosen(self, field: Field) -> str:
        choices = {"1": field.hint or _("yes")} if field.kind == "tick" else field.choices
        codes = [code for code in choices if code]
        now = choices.get(field.value) or _("none")
        self.say(f"{field.label} {bracketed(now)}{_(':')}")
        for number, code in enumerate(codes, 1):
            self.say(f"{number} {choices[code]}")
        self.say(f"0 {choices.get('') or _('none')}")
        while True:
            said = self.line(_("Number:"))
            if said.lower() == STOP:
                raise Stopped
            if not said:
                return field.value
            if said.isdecimal() and int(said) <= len(codes):
                return codes[int(said) - 1] if int(said) else ""
            self.say(_("! '{text}' is none of the numbers.").format(text=said[:20]))
