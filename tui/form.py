"""A screen with fields: Enter goes on, F12 saves, and what was typed survives whatever happens.

Each form keeps one draft per subject. It is written when a field is left and when the line drops,
offered back when the form is opened again, and forgotten when the form is saved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.events import DescendantFocus
from textual.widgets import Input, Static

from yimen.core.casework.drafts import Difference, differences, discard_draft, draft_of, keep_draft
from yimen.core.errors import YimenError
from yimen.core.i18n import _
from yimen.core.marks import bracketed
from yimen.tui.keys import BACK, NEXT, NEXT_ERROR, PREVIOUS, SAVE, Key
from yimen.tui.page import Page
from yimen.tui.refused import told, with_labels
from yimen.tui.terminal import LEAST_COLUMNS
from yimen.tui.widgets.bars import MessageLine
from yimen.tui.widgets.cells import fitted, width_of
from yimen.tui.widgets.fields import (
    AnyField,
    Chosen,
    Entry,
    Field,
    Left,
    NextWanted,
    fault_in,
    widget_for,
)

LABEL_WIDTH = 32


class FormBody(VerticalScroll, can_focus=False):
    """The fields of a form, one below the other."""


class FormPage(Page):
    """Base of the screens with fields; FORM names its drafts, `subject` what they are about."""

    FORM: ClassVar[str] = ""
    KEYS: ClassVar[tuple[Key, ...]] = (
        SAVE, NEXT, PREVIOUS, NEXT_ERROR, BACK,
    )  # fmt: skip
    AUTO_FOCUS = "Entry, Chosen"

    def __init__(self, subject: str) -> None:
        super().__init__()
        self.subject = subject
        # The revision that the form was opened on, and what the records said then.
        self.rev: int | None = None
        self._before: dict[str, str] = {}
        self._kept: dict[str, str] = {}
        # The fields that were refused: what was said of each, and the entry that it was said of.
        self._wrong: dict[str, str] = {}
        self._refused: dict[str, str] = {}
        # Those of them that do not hold what their kind must be.
        self._misfilled: set[str] = set()
        # What the message line says of each of them, so that it goes with what it speaks of.
        self._warned: dict[str, str] = {}
        self._saved = False
        self._specs: Sequence[Field] = ()

    def body(self) -> ComposeResult:
        yield from self.above()
        yield FormBody(id="fields")

    def above(self) -> ComposeResult:
        """What stands above the fields."""
        yield from ()

    def fields(self) -> Sequence[Field]:
        """The fields with what the records say of them; asked again after each save."""
        return ()

    def save(self, answers: dict[str, str]) -> None:
        """Hands the answers to the casework; an error names what is wrong and saves nothing."""
        raise NotImplementedError

    def load(self) -> None:
        self.head()
        self.show_fields(list(self.fields()))

    # -- fields -----------------------------------------------------------------------------

    def show_fields(self, specs: Sequence[Field]) -> None:
        """Takes the fields as the records have them; `build` makes their widgets."""
        self._before = {spec.name: spec.value for spec in specs}
        self._kept = dict(self._before)
        self._specs = specs

    async def build(self) -> None:
        """Makes the fields anew and fills in what a draft holds of them."""
        holder = self.query_one("#fields", FormBody)
        await holder.remove_children()
        await holder.mount_all(map(self._row, self._specs))
        self._offer_draft()
        self.on_chose()
        if first := self._first_open():
            self.set_focus(first)

    def _row(self, spec: Field) -> Horizontal:
        label = Static(self._label(spec, spec.only_with is None), markup=False, classes="label")
        label.styles.width = self.label_width
        return Horizontal(label, widget_for(spec), classes="field")

    def field_widgets(self) -> list[AnyField]:
        """The fields in their order."""
        return [w for w in self.query("Entry, Chosen") if isinstance(w, Entry | Chosen)]

    def answers(self) -> dict[str, str]:
        """What each field holds now."""
        return {w.spec.name: w.answer for w in self.field_widgets()}

    def _first_open(self) -> AnyField | None:
        found = self.field_widgets()
        return next((w for w in found if not w.answer), found[0] if found else None)

    def field_named(self, name: str) -> AnyField | None:
        """The field of a name."""
        return next((w for w in self.field_widgets() if w.spec.name == name), None)

    def on_input_changed(self, event: Input.Changed) -> None:
        """A field that holds what its kind may hold again is told of no longer.

        Whether the casework would take it now is not known; what that refused is told until the
        field is left.
        """
        if isinstance(event.input, Entry) and event.input.spec.name in self._misfilled:
            self._mended(event.input.spec.name)

    def on_chose(self) -> None:
        """Fields that are not needed beside what was chosen say so; those that are have a star."""
        answers = self.answers()
        for name in list(self._wrong):
            self._mended(name)
        if isinstance(self.focused, Chosen):
            self._tell_cut(self.focused)
        for widget in self.field_widgets():
            if isinstance(widget, Chosen) and widget.spec.choices_with:
                widget.offer(widget.spec.offered(answers))
            if widget.spec.only_with is not None:
                widget.idle = widget.spec.asked(answers) is False
                self._mark(widget.spec.name)

    def on_next_wanted(self, message: NextWanted) -> None:
        """Enter: the next field; from the last one, the key that saves is named."""
        message.stop()
        found = self.field_widgets()
        here = next((n for n, w in enumerate(found) if w.has_focus), -1)
        if here + 1 < len(found):
            self.set_focus(found[here + 1])
        else:
            self.say(_("That was the last field. F12 saves."))

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """What is longer than its column stands in full on the message line."""
        if isinstance(event.widget, Entry | Chosen):
            label = event.widget.spec.label
            told = [label] if width_of(label) > self.label_width - 2 else []
            if told or isinstance(event.widget, Chosen):
                self._tell_cut(event.widget, told)

    def _tell_cut(self, widget: AnyField, told: Sequence[str] = ()) -> None:
        """Says what has no room in a field; what was said of another one goes."""
        cut = [widget.cut] if isinstance(widget, Chosen) and widget.cut else []
        words = _(": ").join([*told, *cut])
        if words or self.query_one(MessageLine).text == self._cut:
            self.say(words)
        self._cut = words

    # -- drafts -----------------------------------------------------------------------------

    def on_resize(self) -> None:
        for widget in self.field_widgets():
            self._mark(widget.spec.name)

    def on_left(self, message: Left) -> None:
        message.stop()
        self._mended(message.field_name)
        self.keep()

    def keep(self) -> None:
        """Keeps the answers as a draft when something was typed since they were last kept."""
        answers = self.answers()
        # A form without a name, such as a consultation, keeps nothing by its nature.
        if not self.FORM or self._saved or not answers or answers == self._kept:
            return
        keep_draft(self.desk, self.FORM, self.subject, answers, rev=self.rev)
        self._kept = answers

    def _offer_draft(self) -> None:
        """Fills in what was typed earlier and not saved, and says so."""
        draft = draft_of(self.desk, self.FORM, self.subject) if self.FORM else None
        if draft is None:
            return
        # What the records said when the draft was begun is what it must be compared with.
        if draft.rev is not None:
            self.rev = draft.rev
        for widget in self.field_widgets():
            if widget.spec.name in draft.values:
                widget.put(draft.values[widget.spec.name])
        self._kept = self.answers()
        if any(draft.values.get(n) not in (None, v) for n, v in self._before.items()):
            self.say(
                _("Your draft of {time} was filled in; it is not saved yet.").format(
                    time=draft.saved_at[5:16].replace("T", " ")
                )
            )

    def action_back(self) -> None:
        self.keep()
        super().action_back()

    # -- saving -----------------------------------------------------------------------------

    def action_save(self) -> None:
        self.keep()
        given = self.answers()
        found = {w.spec.name: fault_in(w.spec, given) for w in self.field_widgets()}
        self.tell_wrong({name: fault for name, fault in found.items() if fault is not None})
        if self._wrong:
            return
        with self.refusals():
            self.save(self.answers())

    @contextmanager
    def refusals(self, field: str = "") -> Iterator[None]:
        """A refusal that names a field of this form is told there, any other on its line."""
        with super().refusals(field):
            try:
                yield
            except YimenError as error:
                if self.field_named(error.field) is None:
                    raise
                self.tell_wrong({error.field: error})

    def done(self) -> None:
        """Forgets the draft once everything was saved, and lets other screens read again."""
        self._saved = True
        if self.FORM:
            discard_draft(self.desk, self.FORM, self.subject)
        self.clerk.changed()

    # -- what is wrong ----------------------------------------------------------------------

    def tell_wrong(self, faults: Mapping[str, YimenError]) -> None:
        """Marks the fields of these names, in the form's order; the cursor goes to the first."""
        before = set(self._wrong)
        names = [w.spec.name for w in self.field_widgets() if w.spec.name in faults]
        labels = {spec.name: spec.label for spec in self._specs}
        self._wrong = {name: with_labels(told(faults[name]), labels) for name in names}
        self._refused = given = self.answers()
        self._misfilled = {
            spec.name for spec in self._specs if spec.name in names and fault_in(spec, given)
        }
        for name in before | set(names):
            self._mark(name)
        if names:
            self._point_at(names[0])

    def _mark(self, name: str) -> None:
        """Shows before a label whether its field is wrong, must be filled in, or neither."""
        widget = self.field_named(name)
        if widget is not None and isinstance(widget.parent, Horizontal):
            label = widget.parent.query_one(".label", Static)
            label.styles.width = self.label_width
            label.update(self._label(widget.spec, bool(widget.spec.asked(self.answers()))))
            label.set_class(name in self._wrong, "wrong")

    def _label(self, spec: Field, asked: bool) -> str:
        """Marked while it is wrong, else where it must be filled in."""
        sign = "!" if spec.name in self._wrong else "*" if spec.required and asked else " "
        return fitted(f"{sign}{spec.label}", self.label_width - 1)

    @property
    def label_width(self) -> int:
        """The columns of a label: a wider window gives half of what it has to spare."""
        return LABEL_WIDTH + max(0, self.app.size.width - LEAST_COLUMNS) // 2

    def _point_at(self, name: str) -> None:
        widget = self.field_named(name)
        if widget is None:
            return
        self.set_focus(widget)
        place = " " + bracketed(f"{list(self._wrong).index(name) + 1}/{len(self._wrong)}")
        more = place if len(self._wrong) > 1 else ""
        line = self.query_one(MessageLine)
        line.warn(self._wrong[name] + more, widget.spec.label)
        self._warned[name] = line.text

    def _mended(self, name: str) -> None:
        """Takes the mark from a field that was wrong by itself and is right now."""
        widget = self.field_named(name)
        if name not in self._wrong or widget is None or widget.answer == self._refused.get(name):
            return
        if fault_in(widget.spec, self.answers()) is None:
            del self._wrong[name]
            self._mark(name)
            line = self.query_one(MessageLine)
            if line.text == self._warned.get(name):
                line.say("")

    def action_next_error(self) -> None:
        """Ctrl+E: the next field that is wrong, after the one with the cursor, then the first."""
        found = [w.spec.name for w in self.field_widgets()]
        here = next((n for n, w in enumerate(self.field_widgets()) if w.has_focus), -1)
        later = [name for name in found[here + 1 :] if name in self._wrong]
        if wrong := [*later, *self._wrong]:
            self._point_at(wrong[0])
        else:
            self.say(_("Nothing is wrong so far. F12 saves."))

    def clashes(self, theirs: dict[str, str]) -> list[Difference]:
        """Fields that somebody else filled in otherwise since this form was opened."""
        return differences(self._before, self.answers(), theirs)

    def action_next(self) -> None:
        self.on_next_wanted(NextWanted())

    def action_previous(self) -> None:
        """The field before; from the first one nothing happens."""
        self._go_by(-1)

    def action_page(self, step: int) -> None:
        """A screenful of fields up or down."""
        self._go_by(step * max(1, self.query_one("#fields", FormBody).size.height - 1))

    def _go_by(self, by: int) -> None:
        found = self.field_widgets()
        here = next((n for n, w in enumerate(found) if w.has_focus), 0)
        if found:
            self.set_focus(found[min(max(0, here + by), len(found) - 1)])

    def __rich_repr__(self) -> Any:
        yield self.FORM, self.subject
